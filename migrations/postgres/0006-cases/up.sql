-- Cases: the bridge between a survivor and a participant, which both sides approve; and what crosses it.

-- One row a pair: a case that was refused or closed and is proposed again is the same row, and `case_events` has its
-- history.
CREATE TABLE cases (
    id uuid NOT NULL,
    reference text NOT NULL UNIQUE,
    survivor_id uuid NOT NULL REFERENCES survivors (id),
    participant_id uuid NOT NULL,
    support_organisation_id uuid NOT NULL REFERENCES organisations (id),
    programme_organisation_id uuid NOT NULL REFERENCES organisations (id),
    relationship text NOT NULL,
    state text NOT NULL,
    proposed_by uuid NOT NULL REFERENCES staff (id),
    support_approved_by uuid REFERENCES staff (id),
    support_approved_at timestamptz,
    programme_approved_by uuid REFERENCES staff (id),
    programme_approved_at timestamptz,
    created_at timestamptz NOT NULL,
    ended_at timestamptz,
    ended_by uuid REFERENCES staff (id),
    end_reason text,
    PRIMARY KEY (id),
    UNIQUE (survivor_id, participant_id)
);
CREATE INDEX cases_by_participant ON cases (participant_id);
CREATE INDEX cases_by_support ON cases (support_organisation_id, id);
CREATE INDEX cases_by_programme ON cases (programme_organisation_id, id);

-- What was done with a case, by whom; never changed.
CREATE TABLE case_events (
    id uuid NOT NULL,
    case_id uuid NOT NULL REFERENCES cases (id),
    event text NOT NULL,
    state text NOT NULL,
    side text NOT NULL,
    staff_id uuid NOT NULL REFERENCES staff (id),
    reason text,
    at timestamptz NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX case_events_by_case ON case_events (case_id, id);

-- Notes about a case. Never changed: a correction is a note that names the one it replaces, and a note is corrected
-- once.
CREATE TABLE case_notes (
    id uuid NOT NULL,
    case_id uuid NOT NULL REFERENCES cases (id),
    side text NOT NULL,
    audience text NOT NULL,
    author_id uuid NOT NULL REFERENCES staff (id),
    subject_id uuid NOT NULL,
    note bytea NOT NULL,
    -- Which kinds of the survivor's record the note draws on, which decides whether the other side may read it.
    rests_on jsonb NOT NULL,
    corrects uuid REFERENCES case_notes (id),
    created_at timestamptz NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX case_notes_by_case ON case_notes (case_id, id);
CREATE UNIQUE INDEX case_notes_corrected ON case_notes (corrects);

-- What one side asks of the other, or fears.
CREATE TABLE case_concerns (
    id uuid NOT NULL,
    case_id uuid NOT NULL REFERENCES cases (id),
    side text NOT NULL,
    kind text NOT NULL,
    state text NOT NULL,
    subject_id uuid NOT NULL,
    words bytea NOT NULL,
    rests_on jsonb NOT NULL,
    raised_by uuid NOT NULL REFERENCES staff (id),
    raised_at timestamptz NOT NULL,
    acknowledged_by uuid REFERENCES staff (id),
    acknowledged_at timestamptz,
    answered_by uuid REFERENCES staff (id),
    answered_at timestamptz,
    answer bytea,
    answer_rests_on jsonb,
    PRIMARY KEY (id)
);
CREATE INDEX case_concerns_by_case ON case_concerns (case_id, id);

-- News of the programme for the survivor, which a supervisor checks and the advocate releases.
CREATE TABLE programme_updates (
    id uuid NOT NULL,
    case_id uuid NOT NULL REFERENCES cases (id),
    survivor_id uuid NOT NULL REFERENCES survivors (id),
    state text NOT NULL,
    code text NOT NULL,
    words bytea,
    reason text,
    proposed_by uuid NOT NULL REFERENCES staff (id),
    proposed_at timestamptz NOT NULL,
    checked_by uuid REFERENCES staff (id),
    checked_at timestamptz,
    decided_by uuid REFERENCES staff (id),
    decided_at timestamptz,
    released_at timestamptz,
    PRIMARY KEY (id)
);
CREATE INDEX programme_updates_by_case ON programme_updates (case_id, id);
CREATE INDEX programme_updates_released ON programme_updates (survivor_id, released_at, id) WHERE released_at IS NOT NULL;

-- Signals that raised an alert, so that each does so once: one row for a signal and the record that it hangs on (the
-- session, the diary rating or the review).
CREATE TABLE case_signals (
    case_id uuid NOT NULL REFERENCES cases (id),
    signal text NOT NULL,
    record_id uuid NOT NULL,
    told_at timestamptz NOT NULL,
    PRIMARY KEY (case_id, signal, record_id)
);
