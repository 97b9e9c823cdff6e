-- Who works with whom, and who is not to.

-- `subject_id` is a survivor or a participant, as `subject_kind` says. One assignment of a person to a record is live
-- at a time; those that ended stay.
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

-- A person or an organisation that the survivor does not want to see their record. A block can be lifted, with a
-- reason, and stays in the history.
CREATE TABLE blocks (
    id BLOB NOT NULL CHECK (length(id) = 16),
    survivor_id BLOB NOT NULL REFERENCES survivors (id) CHECK (length(survivor_id) = 16),
    staff_id BLOB REFERENCES staff (id) CHECK (length(staff_id) = 16),
    organisation_id BLOB REFERENCES organisations (id) CHECK (length(organisation_id) = 16),
    created_by BLOB NOT NULL REFERENCES staff (id) CHECK (length(created_by) = 16),
    created_at INTEGER NOT NULL,
    lifted_at INTEGER,
    lifted_by BLOB REFERENCES staff (id) CHECK (length(lifted_by) = 16),
    lift_reason BLOB,
    -- One of a whole force is in force once a second person has approved it.
    is_in_force INTEGER NOT NULL CHECK (is_in_force IN (0, 1)),
    approved_by BLOB REFERENCES staff (id) CHECK (length(approved_by) = 16),
    approved_at INTEGER,
    PRIMARY KEY (id)
) STRICT;
CREATE INDEX blocks_by_survivor ON blocks (survivor_id);

-- Each time that somebody on duty opened a record that is not theirs, and until when it stays open to them. Never changed.
CREATE TABLE break_glass_openings (
    id BLOB NOT NULL CHECK (length(id) = 16),
    survivor_id BLOB NOT NULL REFERENCES survivors (id) CHECK (length(survivor_id) = 16),
    staff_id BLOB NOT NULL REFERENCES staff (id) CHECK (length(staff_id) = 16),
    reason BLOB NOT NULL,
    opened_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (id)
) STRICT;
CREATE INDEX break_glass_openings_by_survivor ON break_glass_openings (survivor_id, staff_id, expires_at);

-- Each time that a survivor's record was closed or opened again, by whom (none: an alert did) and why. Never changed.
CREATE TABLE record_changes (
    id BLOB NOT NULL CHECK (length(id) = 16),
    survivor_id BLOB NOT NULL REFERENCES survivors (id) CHECK (length(survivor_id) = 16),
    kind TEXT NOT NULL,
    reason BLOB,
    changed_by BLOB REFERENCES staff (id) CHECK (length(changed_by) = 16),
    changed_at INTEGER NOT NULL,
    PRIMARY KEY (id)
) STRICT;
CREATE INDEX record_changes_by_survivor ON record_changes (survivor_id, id);
