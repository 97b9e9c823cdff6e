-- What a survivor reports, what becomes of it, and who may see it when.

-- An incident as it is now, for lists. What was said of it is in its versions.
CREATE TABLE incidents (
    id uuid NOT NULL,
    survivor_id uuid NOT NULL REFERENCES survivors (id),
    state text NOT NULL,
    version integer NOT NULL,
    severity integer NOT NULL,
    visibility text NOT NULL,
    -- Of an order of the register, or of one that the survivor's own side keeps.
    order_condition_id uuid,
    happened_at timestamptz NOT NULL,
    received_at timestamptz NOT NULL,
    withdrawn_at timestamptz,
    withdrawal_reason bytea,
    is_duress boolean NOT NULL DEFAULT false,
    -- Of a decoy's row: the id of what is kept on the survivor's own record, by which the phone knows both.
    twin_of uuid,
    -- Whether staff wrote it down and the phone shows nothing of it.
    is_off_phone boolean NOT NULL DEFAULT false,
    PRIMARY KEY (id)
);
CREATE INDEX incidents_by_twin ON incidents (twin_of) WHERE twin_of IS NOT NULL;
CREATE INDEX incidents_by_survivor ON incidents (survivor_id, received_at, id);
-- A case's timeline places an incident when it happened, not when it was reported.
CREATE INDEX incidents_by_happened ON incidents (survivor_id, happened_at, id);

-- An amendment is a new version.
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
    order_condition_id uuid,
    recorded_at timestamptz NOT NULL,
    received_at timestamptz NOT NULL,
    reason bytea,
    impact integer,
    witnesses bytea,
    third_parties bytea,
    children_present boolean,
    police_reference bytea,
    reporting_wish text,
    device_id uuid REFERENCES devices (id),
    -- The force of the place, where that is not the survivor's home force.
    force_id text,
    -- Who wrote it down for the survivor, where it did not come from a phone.
    recorded_by uuid REFERENCES staff (id),
    PRIMARY KEY (incident_id, version)
);

-- What happened to each incident, and its state after that. Never changed.
CREATE TABLE incident_events (
    id uuid NOT NULL,
    incident_id uuid NOT NULL REFERENCES incidents (id),
    survivor_id uuid NOT NULL REFERENCES survivors (id),
    at timestamptz NOT NULL,
    kind text NOT NULL,
    state text NOT NULL,
    version integer NOT NULL,
    severity integer NOT NULL,
    visibility text NOT NULL,
    reason bytea,
    note bytea,
    actor_kind text NOT NULL,
    actor_id uuid,
    PRIMARY KEY (id)
);
CREATE INDEX incident_events_by_incident ON incident_events (incident_id, at, id);

-- What the survivor has begun to write, for nobody else.
CREATE TABLE incident_drafts (
    id uuid NOT NULL,
    survivor_id uuid NOT NULL REFERENCES survivors (id),
    version integer NOT NULL,
    content bytea NOT NULL,
    is_duress boolean NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    -- Of a decoy's row: the id of what is kept on the survivor's own record, by which the phone knows both.
    twin_of uuid,
    PRIMARY KEY (id)
);
CREATE INDEX incident_drafts_by_twin ON incident_drafts (twin_of) WHERE twin_of IS NOT NULL;
CREATE INDEX incident_drafts_by_survivor ON incident_drafts (survivor_id, created_at, id);

-- How far an incident is to be opened once something happens: missed check-ins, an alert's level, or a date.
CREATE TABLE incident_releases (
    incident_id uuid NOT NULL REFERENCES incidents (id),
    survivor_id uuid NOT NULL REFERENCES survivors (id),
    version integer NOT NULL,
    state text NOT NULL,
    visibility text NOT NULL,
    missed_check_ins integer,
    alert_level integer,
    release_at timestamptz,
    next_action_at timestamptz,
    set_at timestamptz NOT NULL,
    ended_at timestamptz,
    ended_by text,
    is_silent boolean NOT NULL,
    PRIMARY KEY (incident_id)
);
CREATE INDEX incident_releases_due ON incident_releases (next_action_at) WHERE next_action_at IS NOT NULL;
CREATE INDEX incident_releases_waiting ON incident_releases (survivor_id) WHERE ended_at IS NULL;

-- By when somebody of the survivor's side is to have read an incident.
CREATE TABLE incident_reviews (
    incident_id uuid NOT NULL REFERENCES incidents (id),
    survivor_id uuid NOT NULL REFERENCES survivors (id),
    next_action_at timestamptz,
    read_at timestamptz,
    read_by uuid REFERENCES staff (id),
    PRIMARY KEY (incident_id)
);
CREATE INDEX incident_reviews_due ON incident_reviews (next_action_at) WHERE next_action_at IS NOT NULL;
