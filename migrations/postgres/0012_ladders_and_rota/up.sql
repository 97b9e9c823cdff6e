-- Ladders and rota: who is told, when, and who is there to be told.

-- Who of a support organisation is on duty when.
CREATE TABLE rota_shifts (
    id uuid NOT NULL,
    organisation_id uuid NOT NULL REFERENCES organisations (id),
    staff_id uuid NOT NULL REFERENCES staff (id),
    place text NOT NULL,
    starts_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL,
    created_by uuid NOT NULL REFERENCES staff (id),
    created_at timestamptz NOT NULL,
    cancelled_at timestamptz,
    cancelled_by uuid REFERENCES staff (id),
    cancel_reason text,
    PRIMARY KEY (id)
);
CREATE INDEX rota_shifts_live ON rota_shifts (organisation_id, ends_at) WHERE cancelled_at IS NULL;

-- An organisation's own ladders: drafts, and published versions that never change.
CREATE TABLE ladders (
    id uuid NOT NULL,
    organisation_id uuid NOT NULL REFERENCES organisations (id),
    code text NOT NULL,
    version integer,
    state text NOT NULL,
    ladder jsonb NOT NULL,
    revision integer NOT NULL,
    simulated_revision integer,
    uncovered jsonb,
    created_by uuid NOT NULL REFERENCES staff (id),
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    published_by uuid REFERENCES staff (id),
    published_at timestamptz,
    PRIMARY KEY (id)
);
CREATE UNIQUE INDEX ladders_version ON ladders (organisation_id, code, version);
CREATE INDEX ladders_by_organisation ON ladders (organisation_id, id);

-- What a practitioner fears that a participant will do.
CREATE TABLE participant_concerns (
    id uuid NOT NULL,
    participant_id uuid NOT NULL REFERENCES participants (id),
    kind text NOT NULL,
    is_imminent boolean NOT NULL,
    note bytea NOT NULL,
    created_by uuid NOT NULL REFERENCES staff (id),
    created_at timestamptz NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX participant_concerns_by_participant ON participant_concerns (participant_id, id);

-- Notifications that a supervisor holds back for a while; never of an emergency.
CREATE TABLE silences (
    id uuid NOT NULL,
    organisation_id uuid NOT NULL REFERENCES organisations (id),
    survivor_id uuid REFERENCES survivors (id),
    rule_group text,
    reason text NOT NULL,
    until_at timestamptz NOT NULL,
    created_by uuid NOT NULL REFERENCES staff (id),
    created_at timestamptz NOT NULL,
    ended_at timestamptz,
    ended_by uuid REFERENCES staff (id),
    PRIMARY KEY (id)
);
CREATE INDEX silences_live ON silences (organisation_id, until_at) WHERE ended_at IS NULL;

-- Each time that steps of an alert were held back, and why.
CREATE TABLE alert_holds (
    id uuid NOT NULL,
    alert_id uuid NOT NULL REFERENCES alerts (id),
    organisation_id uuid NOT NULL REFERENCES organisations (id),
    reason text NOT NULL,
    held_at timestamptz NOT NULL,
    until_at timestamptz NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX alert_holds_by_alert ON alert_holds (alert_id, id);
CREATE INDEX alert_holds_by_reason ON alert_holds (reason, held_at);
CREATE INDEX alerts_by_raised ON alerts (organisation_id, rule_group, raised_at);

-- By when somebody of the survivor's side is to have read an incident.
CREATE TABLE incident_reviews (
    incident_id uuid NOT NULL REFERENCES incidents (id),
    survivor_id uuid NOT NULL REFERENCES survivors (id),
    act_at timestamptz,
    read_at timestamptz,
    read_by uuid REFERENCES staff (id),
    PRIMARY KEY (incident_id)
);
CREATE INDEX incident_reviews_due ON incident_reviews (act_at) WHERE act_at IS NOT NULL;
