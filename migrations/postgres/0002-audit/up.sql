-- The append-only record of acts and reads: codes and ids, and stated reasons sealed under the key of whom they are about,
-- so that erasure never touches it.

-- One hash chain a lane. A transaction appends to any lane that is free, so that transactions do not wait for one
-- another; 512 are more than one instance has connections.
CREATE TABLE audit_lanes (
    lane integer NOT NULL,
    sequence bigint NOT NULL,
    head bytea NOT NULL,
    PRIMARY KEY (lane)
);
INSERT INTO audit_lanes (lane, sequence, head) SELECT lane, 0, '' FROM generate_series(0, 511) AS lane;

-- `hash` covers the entry and `previous_hash`, of a sealed reason its ciphertext. Actors, organisations and subjects carry
-- no foreign keys: an entry outlives what it names. `person_id` is the survivor whose the subject is, where it is something
-- of theirs; `officer_id` the officer whom a police system named. `times` counts equal refusals that share one entry.
-- `wrote` has a line for each record that the transaction wrote: table, id, version, and a digest of its columns.
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
    person_id uuid,
    officer_id uuid,
    purpose text NOT NULL,
    outcome text NOT NULL,
    times integer NOT NULL DEFAULT 1,
    reason_id uuid,
    reason bytea,
    wrote text NOT NULL DEFAULT '',
    previous_hash bytea NOT NULL,
    hash bytea NOT NULL,
    PRIMARY KEY (lane, sequence)
);
-- Who read or changed one record; and everything in the order of time, for auditors.
CREATE INDEX audit_entries_by_subject ON audit_entries (subject_id, at);
CREATE INDEX audit_entries_by_person ON audit_entries (person_id, at) WHERE person_id IS NOT NULL;
CREATE INDEX audit_entries_by_time ON audit_entries (at, lane, sequence);

-- Stated reasons, which are few among the entries, for the check that each of them can be opened.
CREATE UNIQUE INDEX audit_entries_by_reason ON audit_entries (reason_id) WHERE reason_id IS NOT NULL;

-- One row: when the last checkpoint was taken, and the digest that the next one goes on from.
CREATE TABLE audit_beats (
    id integer NOT NULL,
    at timestamptz NOT NULL,
    digest bytea NOT NULL,
    PRIMARY KEY (id)
);
INSERT INTO audit_beats (id, at, digest) VALUES (0, '1970-01-01T00:00:00Z', '');

-- How far the checkpoints cover each lane.
CREATE TABLE audit_checkpoints (
    lane integer NOT NULL,
    sequence bigint NOT NULL,
    PRIMARY KEY (lane)
);
INSERT INTO audit_checkpoints (lane, sequence) SELECT lane, 0 FROM audit_lanes;

-- Every checkpoint as its line in the log, signed. An instance copies those that others took into its own log, and the
-- chain is verified against them where the log is gone. `entries` counts the entries that a checkpoint covers.
CREATE TABLE audit_checkpoint_lines (
    entries bigint NOT NULL,
    line text NOT NULL,
    PRIMARY KEY (entries)
);
