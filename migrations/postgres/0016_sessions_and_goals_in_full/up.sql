-- The programme's work in full: sessions with feedback, goals that are agreed, and what a practitioner records between.

-- A goal: who wrote it, how it is measured, its wording for the participant, who agreed and approved.
ALTER TABLE goals ADD COLUMN created_by uuid REFERENCES staff (id);
ALTER TABLE goals ADD COLUMN measured_by text NOT NULL DEFAULT 'practitioner_observation';
ALTER TABLE goals ADD COLUMN wording_state text;
ALTER TABLE goals ADD COLUMN wording_version integer NOT NULL DEFAULT 1;
ALTER TABLE goals ADD COLUMN agreed_on text;
ALTER TABLE goals ADD COLUMN approved_by uuid REFERENCES staff (id);
ALTER TABLE goals ADD COLUMN approved_at timestamptz;
ALTER TABLE goals ADD COLUMN closed_at timestamptz;
ALTER TABLE goals ADD COLUMN supersedes_id uuid REFERENCES goals (id);
ALTER TABLE goals ADD COLUMN superseded_by_id uuid REFERENCES goals (id);
ALTER TABLE goals ADD COLUMN version integer NOT NULL DEFAULT 1;
UPDATE goals SET wording_state = 'proposed' WHERE participant_wording IS NOT NULL;

-- What became of a goal and of its wording, and why; never changes.
CREATE TABLE goal_history (
    id uuid NOT NULL,
    goal_id uuid NOT NULL REFERENCES goals (id),
    participant_id uuid NOT NULL REFERENCES participants (id),
    subject text NOT NULL,
    event text NOT NULL,
    from_state text,
    to_state text NOT NULL,
    wording bytea,
    reason bytea,
    created_by uuid NOT NULL REFERENCES staff (id),
    created_at timestamptz NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX goal_history_by_goal ON goal_history (goal_id, id);

-- A session that is held at another time is a new row of the same number, and the old one points to it.
ALTER TABLE programme_sessions DROP CONSTRAINT programme_sessions_participant_id_number_key;
ALTER TABLE programme_sessions ADD COLUMN feedback_at timestamptz;
ALTER TABLE programme_sessions ADD COLUMN supersedes_id uuid REFERENCES programme_sessions (id);
ALTER TABLE programme_sessions ADD COLUMN superseded_by_id uuid REFERENCES programme_sessions (id);
ALTER TABLE programme_sessions ADD COLUMN superseded_at timestamptz;
ALTER TABLE programme_sessions ADD COLUMN superseded_reason text;
CREATE UNIQUE INDEX programme_sessions_standing ON programme_sessions (participant_id, number) WHERE superseded_at IS NULL;

-- Each word that was ever recorded about whether the participant came.
CREATE TABLE session_attendances (
    id uuid NOT NULL,
    session_id uuid NOT NULL REFERENCES programme_sessions (id),
    participant_id uuid NOT NULL REFERENCES participants (id),
    attendance text NOT NULL,
    note bytea,
    created_by uuid NOT NULL REFERENCES staff (id),
    created_at timestamptz NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX session_attendances_by_session ON session_attendances (session_id, id);

-- Feedback on a session, in versions; the chain analysis is sealed as one.
CREATE TABLE session_feedback (
    id uuid NOT NULL,
    session_id uuid NOT NULL REFERENCES programme_sessions (id),
    participant_id uuid NOT NULL REFERENCES participants (id),
    version integer NOT NULL,
    homework text NOT NULL,
    skills jsonb NOT NULL,
    summary bytea NOT NULL,
    chain_analysis bytea,
    created_by uuid NOT NULL REFERENCES staff (id),
    created_at timestamptz NOT NULL,
    PRIMARY KEY (id),
    UNIQUE (session_id, version)
);

-- Diary ratings that a practitioner enters.
CREATE TABLE diary_ratings (
    id uuid NOT NULL,
    participant_id uuid NOT NULL REFERENCES participants (id),
    rated_on text NOT NULL,
    urge integer NOT NULL,
    acted_on_urge boolean NOT NULL,
    acted_at timestamptz,
    distress integer NOT NULL,
    skill text,
    note bytea,
    created_by uuid NOT NULL REFERENCES staff (id),
    created_at timestamptz NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX diary_ratings_by_participant ON diary_ratings (participant_id, created_at, id);
CREATE INDEX diary_ratings_by_day ON diary_ratings (participant_id, rated_on);

-- What a practitioner observed of a participant.
CREATE TABLE observations (
    id uuid NOT NULL,
    participant_id uuid NOT NULL REFERENCES participants (id),
    session_id uuid REFERENCES programme_sessions (id),
    kind text NOT NULL,
    note bytea NOT NULL,
    observed_at timestamptz NOT NULL,
    created_by uuid NOT NULL REFERENCES staff (id),
    created_at timestamptz NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX observations_by_time ON observations (participant_id, observed_at, id);

-- Why a participant stalks, as the programme understands it; in versions.
CREATE TABLE formulations (
    id uuid NOT NULL,
    participant_id uuid NOT NULL REFERENCES participants (id),
    version integer NOT NULL,
    typology text NOT NULL,
    narrative bytea NOT NULL,
    created_by uuid NOT NULL REFERENCES staff (id),
    created_at timestamptz NOT NULL,
    PRIMARY KEY (id),
    UNIQUE (participant_id, version)
);

-- How likely a participant is to harm themselves; in versions.
CREATE TABLE own_risk_ratings (
    id uuid NOT NULL,
    participant_id uuid NOT NULL REFERENCES participants (id),
    version integer NOT NULL,
    rating text NOT NULL,
    narrative bytea NOT NULL,
    reason bytea,
    created_by uuid NOT NULL REFERENCES staff (id),
    created_at timestamptz NOT NULL,
    PRIMARY KEY (id),
    UNIQUE (participant_id, version)
);

-- Notes of the consultation team, and of clinical supervision.
CREATE TABLE practice_notes (
    id uuid NOT NULL,
    participant_id uuid NOT NULL REFERENCES participants (id),
    kind text NOT NULL,
    held_on text NOT NULL,
    note bytea NOT NULL,
    supervisor_id uuid REFERENCES staff (id),
    created_by uuid NOT NULL REFERENCES staff (id),
    created_at timestamptz NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX practice_notes_by_participant ON practice_notes (participant_id, id);

-- What waits for a supervisor of the programme.
CREATE TABLE supervisor_notices (
    id uuid NOT NULL,
    organisation_id uuid NOT NULL REFERENCES organisations (id),
    participant_id uuid NOT NULL REFERENCES participants (id),
    kind text NOT NULL,
    goal_id uuid REFERENCES goals (id),
    created_at timestamptz NOT NULL,
    read_at timestamptz,
    read_by uuid REFERENCES staff (id),
    PRIMARY KEY (id)
);
CREATE INDEX supervisor_notices_open ON supervisor_notices (organisation_id, id) WHERE read_at IS NULL;
