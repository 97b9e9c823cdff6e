-- Ladders and rota: who is told, when, and who is there to be told.

-- Who of a support organisation is on duty when.
CREATE TABLE rota_shifts (
    id BLOB NOT NULL CHECK (length(id) = 16),
    organisation_id BLOB NOT NULL REFERENCES organisations (id) CHECK (length(organisation_id) = 16),
    staff_id BLOB NOT NULL REFERENCES staff (id) CHECK (length(staff_id) = 16),
    place TEXT NOT NULL,
    starts_at INTEGER NOT NULL,
    ends_at INTEGER NOT NULL,
    created_by BLOB NOT NULL REFERENCES staff (id) CHECK (length(created_by) = 16),
    created_at INTEGER NOT NULL,
    cancelled_at INTEGER,
    cancelled_by BLOB REFERENCES staff (id) CHECK (length(cancelled_by) = 16),
    cancel_reason TEXT,
    PRIMARY KEY (id)
) STRICT;
CREATE INDEX rota_shifts_live ON rota_shifts (organisation_id, ends_at) WHERE cancelled_at IS NULL;

-- An organisation's own ladders: drafts, and published versions that never change.
CREATE TABLE ladders (
    id BLOB NOT NULL CHECK (length(id) = 16),
    organisation_id BLOB NOT NULL REFERENCES organisations (id) CHECK (length(organisation_id) = 16),
    code TEXT NOT NULL,
    version INTEGER,
    state TEXT NOT NULL,
    ladder TEXT NOT NULL CHECK (json_valid(ladder)),
    revision INTEGER NOT NULL,
    simulated_revision INTEGER,
    uncovered TEXT CHECK (json_valid(uncovered)),
    created_by BLOB NOT NULL REFERENCES staff (id) CHECK (length(created_by) = 16),
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    published_by BLOB REFERENCES staff (id) CHECK (length(published_by) = 16),
    published_at INTEGER,
    PRIMARY KEY (id)
) STRICT;
CREATE UNIQUE INDEX ladders_version ON ladders (organisation_id, code, version);
CREATE INDEX ladders_by_organisation ON ladders (organisation_id, id);

-- What a practitioner fears that a participant will do.
CREATE TABLE participant_concerns (
    id BLOB NOT NULL CHECK (length(id) = 16),
    participant_id BLOB NOT NULL REFERENCES participants (id) CHECK (length(participant_id) = 16),
    kind TEXT NOT NULL,
    is_imminent INTEGER NOT NULL CHECK (is_imminent IN (0, 1)),
    note BLOB NOT NULL,
    created_by BLOB NOT NULL REFERENCES staff (id) CHECK (length(created_by) = 16),
    created_at INTEGER NOT NULL,
    PRIMARY KEY (id)
) STRICT;
CREATE INDEX participant_concerns_by_participant ON participant_concerns (participant_id, id);

-- Notifications that a supervisor holds back for a while; never of an emergency.
CREATE TABLE silences (
    id BLOB NOT NULL CHECK (length(id) = 16),
    organisation_id BLOB NOT NULL REFERENCES organisations (id) CHECK (length(organisation_id) = 16),
    survivor_id BLOB REFERENCES survivors (id) CHECK (length(survivor_id) = 16),
    rule_group TEXT,
    reason TEXT NOT NULL,
    until_at INTEGER NOT NULL,
    created_by BLOB NOT NULL REFERENCES staff (id) CHECK (length(created_by) = 16),
    created_at INTEGER NOT NULL,
    ended_at INTEGER,
    ended_by BLOB REFERENCES staff (id) CHECK (length(ended_by) = 16),
    PRIMARY KEY (id)
) STRICT;
CREATE INDEX silences_live ON silences (organisation_id, until_at) WHERE ended_at IS NULL;

-- Each time that steps of an alert were held back, and why.
CREATE TABLE alert_holds (
    id BLOB NOT NULL CHECK (length(id) = 16),
    alert_id BLOB NOT NULL REFERENCES alerts (id) CHECK (length(alert_id) = 16),
    organisation_id BLOB NOT NULL REFERENCES organisations (id) CHECK (length(organisation_id) = 16),
    reason TEXT NOT NULL,
    held_at INTEGER NOT NULL,
    until_at INTEGER NOT NULL,
    PRIMARY KEY (id)
) STRICT;
CREATE INDEX alert_holds_by_alert ON alert_holds (alert_id, id);
CREATE INDEX alert_holds_by_reason ON alert_holds (reason, held_at);
CREATE INDEX alerts_by_raised ON alerts (organisation_id, rule_group, raised_at);

-- By when somebody of the survivor's side is to have read an incident.
CREATE TABLE incident_reviews (
    incident_id BLOB NOT NULL REFERENCES incidents (id) CHECK (length(incident_id) = 16),
    survivor_id BLOB NOT NULL REFERENCES survivors (id) CHECK (length(survivor_id) = 16),
    act_at INTEGER,
    read_at INTEGER,
    read_by BLOB REFERENCES staff (id) CHECK (length(read_by) = 16),
    PRIMARY KEY (incident_id)
) STRICT;
CREATE INDEX incident_reviews_due ON incident_reviews (act_at) WHERE act_at IS NOT NULL;
