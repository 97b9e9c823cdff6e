-- What the survivor agreed to, what was disclosed, and who is assigned, linked or blocked.

CREATE TABLE consent_entries (
    id BLOB NOT NULL CHECK (length(id) = 16),
    survivor_id BLOB NOT NULL REFERENCES survivors (id) CHECK (length(survivor_id) = 16),
    sequence INTEGER NOT NULL,
    scope TEXT NOT NULL,
    recipient_id BLOB REFERENCES organisations (id) CHECK (length(recipient_id) = 16),
    granted INTEGER NOT NULL CHECK (granted IN (0, 1)),
    text_version TEXT NOT NULL,
    text_sha256 BLOB NOT NULL,
    language TEXT NOT NULL,
    recorded_by_kind TEXT NOT NULL,
    recorded_by BLOB NOT NULL CHECK (length(recorded_by) = 16),
    recorded_at INTEGER NOT NULL,
    effective_at INTEGER NOT NULL,
    expires_at INTEGER,
    receipt TEXT NOT NULL UNIQUE,
    PRIMARY KEY (id)
) STRICT;
CREATE UNIQUE INDEX consent_entries_in_order ON consent_entries (survivor_id, sequence);

CREATE TABLE disclosures (
    id BLOB NOT NULL CHECK (length(id) = 16),
    survivor_id BLOB NOT NULL REFERENCES survivors (id) CHECK (length(survivor_id) = 16),
    at INTEGER NOT NULL,
    recipient_id BLOB NOT NULL REFERENCES organisations (id) CHECK (length(recipient_id) = 16),
    officer_id BLOB REFERENCES staff (id) CHECK (length(officer_id) = 16),
    what TEXT NOT NULL CHECK (json_valid(what)),
    reason BLOB,
    agreement TEXT NOT NULL,
    lawful_basis TEXT NOT NULL,
    alert_id BLOB CHECK (length(alert_id) = 16),
    PRIMARY KEY (id)
) STRICT;
CREATE INDEX disclosures_by_survivor ON disclosures (survivor_id, id);

CREATE TABLE assignments (
    id BLOB NOT NULL CHECK (length(id) = 16),
    subject_kind TEXT NOT NULL,
    subject_id BLOB NOT NULL CHECK (length(subject_id) = 16),
    organisation_id BLOB NOT NULL REFERENCES organisations (id) CHECK (length(organisation_id) = 16),
    staff_id BLOB NOT NULL REFERENCES staff (id) CHECK (length(staff_id) = 16),
    created_at INTEGER NOT NULL,
    ended_at INTEGER,
    PRIMARY KEY (id)
) STRICT;
CREATE UNIQUE INDEX assignments_live ON assignments (subject_id, staff_id) WHERE ended_at IS NULL;
CREATE INDEX assignments_by_staff ON assignments (staff_id);

CREATE TABLE blocks (
    id BLOB NOT NULL CHECK (length(id) = 16),
    survivor_id BLOB NOT NULL REFERENCES survivors (id) CHECK (length(survivor_id) = 16),
    staff_id BLOB REFERENCES staff (id) CHECK (length(staff_id) = 16),
    organisation_id BLOB REFERENCES organisations (id) CHECK (length(organisation_id) = 16),
    created_by BLOB NOT NULL REFERENCES staff (id) CHECK (length(created_by) = 16),
    created_at INTEGER NOT NULL,
    lifted_at INTEGER,
    PRIMARY KEY (id)
) STRICT;
CREATE INDEX blocks_by_survivor ON blocks (survivor_id);

CREATE TABLE cases (
    id BLOB NOT NULL CHECK (length(id) = 16),
    reference TEXT NOT NULL UNIQUE,
    survivor_id BLOB NOT NULL REFERENCES survivors (id) CHECK (length(survivor_id) = 16),
    participant_id BLOB NOT NULL CHECK (length(participant_id) = 16),
    support_organisation_id BLOB NOT NULL REFERENCES organisations (id) CHECK (length(support_organisation_id) = 16),
    programme_organisation_id BLOB NOT NULL REFERENCES organisations (id) CHECK (length(programme_organisation_id) = 16),
    relationship TEXT NOT NULL,
    state TEXT NOT NULL,
    proposed_by BLOB NOT NULL REFERENCES staff (id) CHECK (length(proposed_by) = 16),
    support_approved_by BLOB REFERENCES staff (id) CHECK (length(support_approved_by) = 16),
    support_approved_at INTEGER,
    programme_approved_by BLOB REFERENCES staff (id) CHECK (length(programme_approved_by) = 16),
    programme_approved_at INTEGER,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (id),
    UNIQUE (survivor_id, participant_id)
) STRICT;
CREATE INDEX cases_by_participant ON cases (participant_id);
CREATE INDEX cases_by_support ON cases (support_organisation_id, id);
CREATE INDEX cases_by_programme ON cases (programme_organisation_id, id);
