-- What a survivor reports, what becomes of it, and who may see it when.

-- An incident as it is now, for lists. What was said of it is in its versions.
CREATE TABLE incidents (
    id BLOB NOT NULL CHECK (length(id) = 16),
    survivor_id BLOB NOT NULL REFERENCES survivors (id) CHECK (length(survivor_id) = 16),
    state TEXT NOT NULL,
    version INTEGER NOT NULL,
    severity INTEGER NOT NULL,
    visibility TEXT NOT NULL,
    -- Of an order of the register, or of one that the survivor's own side keeps.
    order_condition_id BLOB CHECK (length(order_condition_id) = 16),
    happened_at INTEGER NOT NULL,
    received_at INTEGER NOT NULL,
    withdrawn_at INTEGER,
    withdrawal_reason BLOB,
    is_duress INTEGER NOT NULL DEFAULT 0 CHECK (is_duress IN (0, 1)),
    -- Of a decoy's row: the id of what is kept on the survivor's own record, by which the phone knows both.
    twin_of BLOB CHECK (length(twin_of) = 16),
    -- Whether staff wrote it down and the phone shows nothing of it.
    is_off_phone INTEGER NOT NULL DEFAULT 0 CHECK (is_off_phone IN (0, 1)),
    PRIMARY KEY (id)
) STRICT;
CREATE INDEX incidents_by_twin ON incidents (twin_of) WHERE twin_of IS NOT NULL;
CREATE INDEX incidents_by_survivor ON incidents (survivor_id, received_at, id);
-- A case's timeline places an incident when it happened, not when it was reported.
CREATE INDEX incidents_by_happened ON incidents (survivor_id, happened_at, id);

-- An amendment is a new version.
CREATE TABLE incident_versions (
    incident_id BLOB NOT NULL REFERENCES incidents (id) CHECK (length(incident_id) = 16),
    version INTEGER NOT NULL,
    survivor_id BLOB NOT NULL REFERENCES survivors (id) CHECK (length(survivor_id) = 16),
    precision TEXT NOT NULL,
    happened_from INTEGER,
    happened_to INTEGER,
    behaviours TEXT NOT NULL CHECK (json_valid(behaviours)),
    account BLOB NOT NULL,
    private_note BLOB,
    place BLOB,
    fear INTEGER NOT NULL,
    severity INTEGER NOT NULL,
    visibility TEXT NOT NULL,
    happening_now INTEGER NOT NULL CHECK (happening_now IN (0, 1)),
    police_may_contact INTEGER NOT NULL CHECK (police_may_contact IN (0, 1)),
    order_condition_id BLOB CHECK (length(order_condition_id) = 16),
    recorded_at INTEGER NOT NULL,
    received_at INTEGER NOT NULL,
    reason BLOB,
    impact INTEGER,
    witnesses BLOB,
    third_parties BLOB,
    children_present INTEGER CHECK (children_present IN (0, 1)),
    police_reference BLOB,
    reporting_wish TEXT,
    device_id BLOB REFERENCES devices (id) CHECK (length(device_id) = 16),
    -- The force of the place, where that is not the survivor's home force.
    force_id TEXT,
    -- Who wrote it down for the survivor, where it did not come from a phone.
    recorded_by BLOB REFERENCES staff (id) CHECK (length(recorded_by) = 16),
    PRIMARY KEY (incident_id, version)
) STRICT;

-- What happened to each incident, and its state after that. Never changed.
CREATE TABLE incident_events (
    id BLOB NOT NULL CHECK (length(id) = 16),
    incident_id BLOB NOT NULL REFERENCES incidents (id) CHECK (length(incident_id) = 16),
    survivor_id BLOB NOT NULL REFERENCES survivors (id) CHECK (length(survivor_id) = 16),
    at INTEGER NOT NULL,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    version INTEGER NOT NULL,
    severity INTEGER NOT NULL,
    visibility TEXT NOT NULL,
    reason BLOB,
    note BLOB,
    actor_kind TEXT NOT NULL,
    actor_id BLOB CHECK (length(actor_id) = 16),
    PRIMARY KEY (id)
) STRICT;
CREATE INDEX incident_events_by_incident ON incident_events (incident_id, at, id);

-- What the survivor has begun to write, for nobody else.
CREATE TABLE incident_drafts (
    id BLOB NOT NULL CHECK (length(id) = 16),
    survivor_id BLOB NOT NULL REFERENCES survivors (id) CHECK (length(survivor_id) = 16),
    version INTEGER NOT NULL,
    content BLOB NOT NULL,
    is_duress INTEGER NOT NULL CHECK (is_duress IN (0, 1)),
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    -- Of a decoy's row: the id of what is kept on the survivor's own record, by which the phone knows both.
    twin_of BLOB CHECK (length(twin_of) = 16),
    PRIMARY KEY (id)
) STRICT;
CREATE INDEX incident_drafts_by_twin ON incident_drafts (twin_of) WHERE twin_of IS NOT NULL;
CREATE INDEX incident_drafts_by_survivor ON incident_drafts (survivor_id, created_at, id);

-- How far an incident is to be opened once something happens: missed check-ins, an alert's level, or a date.
CREATE TABLE incident_releases (
    incident_id BLOB NOT NULL REFERENCES incidents (id) CHECK (length(incident_id) = 16),
    survivor_id BLOB NOT NULL REFERENCES survivors (id) CHECK (length(survivor_id) = 16),
    version INTEGER NOT NULL,
    state TEXT NOT NULL,
    visibility TEXT NOT NULL,
    missed_check_ins INTEGER,
    alert_level INTEGER,
    release_at INTEGER,
    next_action_at INTEGER,
    set_at INTEGER NOT NULL,
    ended_at INTEGER,
    ended_by TEXT,
    is_silent INTEGER NOT NULL CHECK (is_silent IN (0, 1)),
    PRIMARY KEY (incident_id)
) STRICT;
CREATE INDEX incident_releases_due ON incident_releases (next_action_at) WHERE next_action_at IS NOT NULL;
CREATE INDEX incident_releases_waiting ON incident_releases (survivor_id) WHERE ended_at IS NULL;

-- By when somebody of the survivor's side is to have read an incident.
CREATE TABLE incident_reviews (
    incident_id BLOB NOT NULL REFERENCES incidents (id) CHECK (length(incident_id) = 16),
    survivor_id BLOB NOT NULL REFERENCES survivors (id) CHECK (length(survivor_id) = 16),
    next_action_at INTEGER,
    read_at INTEGER,
    read_by BLOB REFERENCES staff (id) CHECK (length(read_by) = 16),
    PRIMARY KEY (incident_id)
) STRICT;
CREATE INDEX incident_reviews_due ON incident_reviews (next_action_at) WHERE next_action_at IS NOT NULL;
