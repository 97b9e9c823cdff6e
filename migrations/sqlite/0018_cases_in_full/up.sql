-- Cases that end; notes, concerns and updates across the bridge; and the mode in which the survivor's side is hidden.

ALTER TABLE cases ADD COLUMN ended_at INTEGER;
ALTER TABLE cases ADD COLUMN ended_by BLOB REFERENCES staff (id) CHECK (length(ended_by) = 16);
ALTER TABLE cases ADD COLUMN end_reason TEXT;

-- Since when a session hides the survivor's side.
ALTER TABLE sessions ADD COLUMN in_session_at INTEGER;

-- What was done with a case, by whom; never changed.
CREATE TABLE case_events (
    id BLOB NOT NULL CHECK (length(id) = 16),
    case_id BLOB NOT NULL REFERENCES cases (id) CHECK (length(case_id) = 16),
    event TEXT NOT NULL,
    state TEXT NOT NULL,
    side TEXT NOT NULL,
    staff_id BLOB NOT NULL REFERENCES staff (id) CHECK (length(staff_id) = 16),
    reason TEXT,
    at INTEGER NOT NULL,
    PRIMARY KEY (id)
) STRICT, WITHOUT ROWID;
CREATE INDEX case_events_by_case ON case_events (case_id, id);

-- Notes about a case. Never changed: a correction is a note that names the one it stands for.
CREATE TABLE case_notes (
    id BLOB NOT NULL CHECK (length(id) = 16),
    case_id BLOB NOT NULL REFERENCES cases (id) CHECK (length(case_id) = 16),
    side TEXT NOT NULL,
    audience TEXT NOT NULL,
    author_id BLOB NOT NULL REFERENCES staff (id) CHECK (length(author_id) = 16),
    subject_id BLOB NOT NULL CHECK (length(subject_id) = 16),
    note BLOB NOT NULL,
    rests_on TEXT NOT NULL CHECK (json_valid(rests_on)),
    corrects BLOB REFERENCES case_notes (id) CHECK (length(corrects) = 16),
    created_at INTEGER NOT NULL,
    PRIMARY KEY (id)
) STRICT;
CREATE INDEX case_notes_by_case ON case_notes (case_id, id);
CREATE UNIQUE INDEX case_notes_corrected ON case_notes (corrects);

-- What one side asks of the other, or fears.
CREATE TABLE case_concerns (
    id BLOB NOT NULL CHECK (length(id) = 16),
    case_id BLOB NOT NULL REFERENCES cases (id) CHECK (length(case_id) = 16),
    side TEXT NOT NULL,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    subject_id BLOB NOT NULL CHECK (length(subject_id) = 16),
    words BLOB NOT NULL,
    rests_on TEXT NOT NULL CHECK (json_valid(rests_on)),
    raised_by BLOB NOT NULL REFERENCES staff (id) CHECK (length(raised_by) = 16),
    raised_at INTEGER NOT NULL,
    acknowledged_by BLOB REFERENCES staff (id) CHECK (length(acknowledged_by) = 16),
    acknowledged_at INTEGER,
    answered_by BLOB REFERENCES staff (id) CHECK (length(answered_by) = 16),
    answered_at INTEGER,
    answer BLOB,
    answer_rests_on TEXT CHECK (json_valid(answer_rests_on)),
    PRIMARY KEY (id)
) STRICT;
CREATE INDEX case_concerns_by_case ON case_concerns (case_id, id);

-- News of the programme for the survivor.
CREATE TABLE programme_updates (
    id BLOB NOT NULL CHECK (length(id) = 16),
    case_id BLOB NOT NULL REFERENCES cases (id) CHECK (length(case_id) = 16),
    survivor_id BLOB NOT NULL REFERENCES survivors (id) CHECK (length(survivor_id) = 16),
    state TEXT NOT NULL,
    code TEXT NOT NULL,
    words BLOB,
    reason TEXT,
    proposed_by BLOB NOT NULL REFERENCES staff (id) CHECK (length(proposed_by) = 16),
    proposed_at INTEGER NOT NULL,
    checked_by BLOB REFERENCES staff (id) CHECK (length(checked_by) = 16),
    checked_at INTEGER,
    decided_by BLOB REFERENCES staff (id) CHECK (length(decided_by) = 16),
    decided_at INTEGER,
    released_at INTEGER,
    PRIMARY KEY (id)
) STRICT;
CREATE INDEX programme_updates_by_case ON programme_updates (case_id, id);
CREATE INDEX programme_updates_released ON programme_updates (survivor_id, released_at, id) WHERE released_at IS NOT NULL;
