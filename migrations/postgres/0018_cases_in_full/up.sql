-- Cases that end; notes, concerns and updates across the bridge; and the mode in which the survivor's side is hidden.

ALTER TABLE cases ADD COLUMN ended_at timestamptz;
ALTER TABLE cases ADD COLUMN ended_by uuid REFERENCES staff (id);
ALTER TABLE cases ADD COLUMN end_reason text;

-- Since when a session hides the survivor's side.
ALTER TABLE sessions ADD COLUMN in_session_at timestamptz;

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

-- Notes about a case. Never changed: a correction is a note that names the one it stands for.
CREATE TABLE case_notes (
    id uuid NOT NULL,
    case_id uuid NOT NULL REFERENCES cases (id),
    side text NOT NULL,
    audience text NOT NULL,
    author_id uuid NOT NULL REFERENCES staff (id),
    subject_id uuid NOT NULL,
    note bytea NOT NULL,
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

-- News of the programme for the survivor.
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
