-- Append-only record of acts and reads, one hash chain a lane.

CREATE TABLE audit_lanes (
    lane integer NOT NULL,
    sequence bigint NOT NULL,
    head bytea NOT NULL,
    PRIMARY KEY (lane)
);
CREATE TABLE audit_entries (
    lane integer NOT NULL,
    sequence bigint NOT NULL,
    at timestamptz NOT NULL,
    actor_kind text NOT NULL,
    actor_id uuid,
    role text NOT NULL,
    organisation_id uuid,
    action text NOT NULL,
    subject_kind text NOT NULL,
    subject_id uuid,
    purpose text NOT NULL,
    outcome text NOT NULL,
    previous_hash bytea NOT NULL,
    hash bytea NOT NULL,
    PRIMARY KEY (lane, sequence)
);
INSERT INTO audit_lanes (lane, sequence, head) SELECT lane, 0, '' FROM generate_series(0, 511) AS lane;

CREATE INDEX audit_entries_by_subject ON audit_entries (subject_id, at);
