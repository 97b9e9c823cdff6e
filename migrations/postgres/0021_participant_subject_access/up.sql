-- What a participant asked to see of their own record, what is withheld and why, and which two people agreed.
CREATE TABLE subject_access_requests (
    id uuid NOT NULL,
    participant_id uuid NOT NULL REFERENCES participants (id),
    state text NOT NULL,
    received_on text NOT NULL,
    due_on text NOT NULL,
    redactions bytea,
    content bytea,
    created_by uuid NOT NULL REFERENCES staff (id),
    created_at timestamptz NOT NULL,
    approved_by uuid REFERENCES staff (id),
    approved_at timestamptz,
    released_by uuid REFERENCES staff (id),
    released_at timestamptz,
    version integer NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX subject_access_requests_by_participant ON subject_access_requests (participant_id, id);
