-- The append-only record of acts and reads: codes and ids, and stated reasons sealed under the key of whom they are about,
-- so that erasure never touches it.

-- One hash chain a lane. A transaction appends to any lane that is free, so that transactions do not wait for one
-- another; SQLite has one writer and needs one.
CREATE TABLE audit_lanes (
    lane INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    head BLOB NOT NULL,
    PRIMARY KEY (lane)
) STRICT, WITHOUT ROWID;
INSERT INTO audit_lanes (lane, sequence, head) VALUES (0, 0, x'');

-- `hash` covers the entry and `previous_hash`, of a sealed reason its ciphertext. Actors, organisations and subjects carry
-- no foreign keys: an entry outlives what it names. `person_id` is the survivor whose the subject is, where it is something
-- of theirs; `officer_id` the officer whom a police system named. `times` counts equal refusals that share one entry.
-- `wrote` has a line for each record that the transaction wrote: table, id, version, and a digest of its columns.
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
    person_id BLOB CHECK (length(person_id) = 16),
    officer_id BLOB CHECK (length(officer_id) = 16),
    purpose TEXT NOT NULL,
    outcome TEXT NOT NULL,
    times INTEGER NOT NULL DEFAULT 1,
    reason_id BLOB CHECK (length(reason_id) = 16),
    reason BLOB,
    wrote TEXT NOT NULL DEFAULT '',
    previous_hash BLOB NOT NULL,
    hash BLOB NOT NULL,
    PRIMARY KEY (lane, sequence)
) STRICT;
-- Who read or changed one record; and everything in the order of time, for auditors.
CREATE INDEX audit_entries_by_subject ON audit_entries (subject_id, at);
CREATE INDEX audit_entries_by_person ON audit_entries (person_id, at) WHERE person_id IS NOT NULL;
CREATE INDEX audit_entries_by_time ON audit_entries (at, lane, sequence);

-- Stated reasons, which are few among the entries, for the check that each of them can be opened.
CREATE UNIQUE INDEX audit_entries_by_reason ON audit_entries (reason_id) WHERE reason_id IS NOT NULL;

-- One row: when the last checkpoint was taken, and the digest that the next one goes on from.
CREATE TABLE audit_beats (
    id INTEGER NOT NULL,
    at INTEGER NOT NULL,
    digest BLOB NOT NULL,
    PRIMARY KEY (id)
) STRICT;
INSERT INTO audit_beats (id, at, digest) VALUES (0, 0, x'');

-- How far the checkpoints cover each lane.
CREATE TABLE audit_checkpoints (
    lane INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    PRIMARY KEY (lane)
) STRICT;
INSERT INTO audit_checkpoints (lane, sequence) SELECT lane, 0 FROM audit_lanes;

-- Every checkpoint as its line in the log, signed. An instance copies those that others took into its own log, and the
-- chain is verified against them where the log is gone. `entries` counts the entries that a checkpoint covers.
CREATE TABLE audit_checkpoint_lines (
    entries INTEGER NOT NULL,
    line TEXT NOT NULL,
    PRIMARY KEY (entries)
) STRICT, WITHOUT ROWID;
