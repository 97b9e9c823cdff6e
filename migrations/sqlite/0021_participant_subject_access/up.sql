-- What a participant asked to see of their own record, what is withheld and why, and which two people agreed.
CREATE TABLE subject_access_requests (
    id BLOB NOT NULL CHECK (length(id) = 16),
    participant_id BLOB NOT NULL REFERENCES participants (id) CHECK (length(participant_id) = 16),
    state TEXT NOT NULL,
    received_on TEXT NOT NULL,
    due_on TEXT NOT NULL,
    redactions BLOB,
    content BLOB,
    created_by BLOB NOT NULL REFERENCES staff (id) CHECK (length(created_by) = 16),
    created_at INTEGER NOT NULL,
    approved_by BLOB REFERENCES staff (id) CHECK (length(approved_by) = 16),
    approved_at INTEGER,
    released_by BLOB REFERENCES staff (id) CHECK (length(released_by) = 16),
    released_at INTEGER,
    version INTEGER NOT NULL,
    PRIMARY KEY (id)
) STRICT;
CREATE INDEX subject_access_requests_by_participant ON subject_access_requests (participant_id, id);
