-- Cases: the bridge between a survivor and a participant, which both sides approve; and what crosses it.

-- One row a pair: a case that was refused or closed and is proposed again is the same row, and `case_events` has its
-- history.
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
    ended_at INTEGER,
    ended_by BLOB REFERENCES staff (id) CHECK (length(ended_by) = 16),
    end_reason TEXT,
    PRIMARY KEY (id),
    UNIQUE (survivor_id, participant_id)
) STRICT;
CREATE INDEX cases_by_participant ON cases (participant_id);
CREATE INDEX cases_by_support ON cases (support_organisation_id, id);
CREATE INDEX cases_by_programme ON cases (programme_organisation_id, id);

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

-- Notes about a case. Never changed: a correction is a note that names the one it replaces, and a note is corrected
-- once.
CREATE TABLE case_notes (
    id BLOB NOT NULL CHECK (length(id) = 16),
    case_id BLOB NOT NULL REFERENCES cases (id) CHECK (length(case_id) = 16),
    side TEXT NOT NULL,
    audience TEXT NOT NULL,
    author_id BLOB NOT NULL REFERENCES staff (id) CHECK (length(author_id) = 16),
    subject_id BLOB NOT NULL CHECK (length(subject_id) = 16),
    note BLOB NOT NULL,
    -- Which kinds of the survivor's record the note draws on, which decides whether the other side may read it.
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

-- News of the programme for the survivor, which a supervisor checks and the advocate releases.
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

-- Signals that raised an alert, so that each does so once: one row for a signal and the record that it hangs on (the
-- session, the diary rating or the review).
CREATE TABLE case_signals (
    case_id BLOB NOT NULL REFERENCES cases (id) CHECK (length(case_id) = 16),
    signal TEXT NOT NULL,
    record_id BLOB NOT NULL CHECK (length(record_id) = 16),
    told_at INTEGER NOT NULL,
    PRIMARY KEY (case_id, signal, record_id)
) STRICT, WITHOUT ROWID;
