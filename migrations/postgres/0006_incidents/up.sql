-- What a survivor reports; an amendment is a new version.

CREATE TABLE incidents (
    id uuid NOT NULL,
    survivor_id uuid NOT NULL REFERENCES survivors (id),
    state text NOT NULL,
    version integer NOT NULL,
    severity integer NOT NULL,
    visibility text NOT NULL,
    order_condition_id uuid REFERENCES order_conditions (id),
    happened_at timestamptz NOT NULL,
    received_at timestamptz NOT NULL,
    withdrawn_at timestamptz,
    withdrawal_reason bytea,
    PRIMARY KEY (id)
);
CREATE INDEX incidents_by_survivor ON incidents (survivor_id, received_at, id);

CREATE TABLE incident_versions (
    incident_id uuid NOT NULL REFERENCES incidents (id),
    version integer NOT NULL,
    survivor_id uuid NOT NULL REFERENCES survivors (id),
    precision text NOT NULL,
    happened_from timestamptz,
    happened_to timestamptz,
    behaviours jsonb NOT NULL,
    account bytea NOT NULL,
    private_note bytea,
    place bytea,
    fear integer NOT NULL,
    severity integer NOT NULL,
    visibility text NOT NULL,
    happening_now boolean NOT NULL,
    police_may_contact boolean NOT NULL,
    order_condition_id uuid REFERENCES order_conditions (id),
    recorded_at timestamptz NOT NULL,
    received_at timestamptz NOT NULL,
    reason bytea,
    PRIMARY KEY (incident_id, version)
);
