-- Append-only record of acts and reads, one hash chain a lane.

CREATE TABLE audit_lanes (
    lane INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    head BLOB NOT NULL,
    PRIMARY KEY (lane)
) STRICT, WITHOUT ROWID;
CREATE TABLE audit_entries (
    lane INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    at INTEGER NOT NULL,
    actor_kind TEXT NOT NULL,
    actor_id BLOB CHECK (length(actor_id) = 16),
    role TEXT NOT NULL,
    organisation_id BLOB CHECK (length(organisation_id) = 16),
    action TEXT NOT NULL,
    subject_kind TEXT NOT NULL,
    subject_id BLOB CHECK (length(subject_id) = 16),
    purpose TEXT NOT NULL,
    outcome TEXT NOT NULL,
    previous_hash BLOB NOT NULL,
    hash BLOB NOT NULL,
    PRIMARY KEY (lane, sequence)
) STRICT;
INSERT INTO audit_lanes (lane, sequence, head) VALUES (0, 0, x'');

CREATE INDEX audit_entries_by_subject ON audit_entries (subject_id, at);
