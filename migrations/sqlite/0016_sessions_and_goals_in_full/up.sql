-- The programme's work in full: sessions with feedback, goals that are agreed, and what a practitioner records between.

-- A goal: who wrote it, how it is measured, its wording for the participant, who agreed and approved.
ALTER TABLE goals ADD COLUMN created_by BLOB REFERENCES staff (id) CHECK (length(created_by) = 16);
ALTER TABLE goals ADD COLUMN measured_by TEXT NOT NULL DEFAULT 'practitioner_observation';
ALTER TABLE goals ADD COLUMN wording_state TEXT;
ALTER TABLE goals ADD COLUMN wording_version INTEGER NOT NULL DEFAULT 1;
ALTER TABLE goals ADD COLUMN agreed_on TEXT;
ALTER TABLE goals ADD COLUMN approved_by BLOB REFERENCES staff (id) CHECK (length(approved_by) = 16);
ALTER TABLE goals ADD COLUMN approved_at INTEGER;
ALTER TABLE goals ADD COLUMN closed_at INTEGER;
ALTER TABLE goals ADD COLUMN supersedes_id BLOB REFERENCES goals (id) CHECK (length(supersedes_id) = 16);
ALTER TABLE goals ADD COLUMN superseded_by_id BLOB REFERENCES goals (id) CHECK (length(superseded_by_id) = 16);
ALTER TABLE goals ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
UPDATE goals SET wording_state = 'proposed' WHERE participant_wording IS NOT NULL;

-- What became of a goal and of its wording, and why; never changes.
CREATE TABLE goal_history (
    id BLOB NOT NULL CHECK (length(id) = 16),
    goal_id BLOB NOT NULL REFERENCES goals (id) CHECK (length(goal_id) = 16),
    participant_id BLOB NOT NULL REFERENCES participants (id) CHECK (length(participant_id) = 16),
    subject TEXT NOT NULL,
    event TEXT NOT NULL,
    from_state TEXT,
    to_state TEXT NOT NULL,
    wording BLOB,
    reason BLOB,
    created_by BLOB NOT NULL REFERENCES staff (id) CHECK (length(created_by) = 16),
    created_at INTEGER NOT NULL,
    PRIMARY KEY (id)
) STRICT;
CREATE INDEX goal_history_by_goal ON goal_history (goal_id, id);

-- A session that is held at another time is a new row of the same number, and the old one points to it.
CREATE TABLE programme_sessions_anew (
    id BLOB NOT NULL CHECK (length(id) = 16),
    participant_id BLOB NOT NULL REFERENCES participants (id) CHECK (length(participant_id) = 16),
    number INTEGER NOT NULL,
    module TEXT NOT NULL,
    mode TEXT NOT NULL,
    planned_at INTEGER NOT NULL,
    attendance TEXT,
    attendance_recorded_at INTEGER,
    attendance_recorded_by BLOB REFERENCES staff (id) CHECK (length(attendance_recorded_by) = 16),
    note BLOB,
    version INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    feedback_at INTEGER,
    supersedes_id BLOB REFERENCES programme_sessions (id) CHECK (length(supersedes_id) = 16),
    superseded_by_id BLOB REFERENCES programme_sessions (id) CHECK (length(superseded_by_id) = 16),
    superseded_at INTEGER,
    superseded_reason TEXT,
    PRIMARY KEY (id)
) STRICT;
INSERT INTO programme_sessions_anew (id, participant_id, number, module, mode, planned_at, attendance, attendance_recorded_at, attendance_recorded_by, note, version, created_at)
SELECT id, participant_id, number, module, mode, planned_at, attendance, attendance_recorded_at, attendance_recorded_by, note, version, created_at FROM programme_sessions;
DROP TABLE programme_sessions;
ALTER TABLE programme_sessions_anew RENAME TO programme_sessions;
CREATE INDEX programme_sessions_by_time ON programme_sessions (participant_id, planned_at, id);
CREATE UNIQUE INDEX programme_sessions_standing ON programme_sessions (participant_id, number) WHERE superseded_at IS NULL;

-- Each word that was ever recorded about whether the participant came.
CREATE TABLE session_attendances (
    id BLOB NOT NULL CHECK (length(id) = 16),
    session_id BLOB NOT NULL REFERENCES programme_sessions (id) CHECK (length(session_id) = 16),
    participant_id BLOB NOT NULL REFERENCES participants (id) CHECK (length(participant_id) = 16),
    attendance TEXT NOT NULL,
    note BLOB,
    created_by BLOB NOT NULL REFERENCES staff (id) CHECK (length(created_by) = 16),
    created_at INTEGER NOT NULL,
    PRIMARY KEY (id)
) STRICT;
CREATE INDEX session_attendances_by_session ON session_attendances (session_id, id);

-- Feedback on a session, in versions; the chain analysis is sealed as one.
CREATE TABLE session_feedback (
    id BLOB NOT NULL CHECK (length(id) = 16),
    session_id BLOB NOT NULL REFERENCES programme_sessions (id) CHECK (length(session_id) = 16),
    participant_id BLOB NOT NULL REFERENCES participants (id) CHECK (length(participant_id) = 16),
    version INTEGER NOT NULL,
    homework TEXT NOT NULL,
    skills TEXT NOT NULL CHECK (json_valid(skills)),
    summary BLOB NOT NULL,
    chain_analysis BLOB,
    created_by BLOB NOT NULL REFERENCES staff (id) CHECK (length(created_by) = 16),
    created_at INTEGER NOT NULL,
    PRIMARY KEY (id),
    UNIQUE (session_id, version)
) STRICT;

-- Diary ratings that a practitioner enters.
CREATE TABLE diary_ratings (
    id BLOB NOT NULL CHECK (length(id) = 16),
    participant_id BLOB NOT NULL REFERENCES participants (id) CHECK (length(participant_id) = 16),
    rated_on TEXT NOT NULL,
    urge INTEGER NOT NULL,
    acted_on_urge INTEGER NOT NULL CHECK (acted_on_urge IN (0, 1)),
    acted_at INTEGER,
    distress INTEGER NOT NULL,
    skill TEXT,
    note BLOB,
    created_by BLOB NOT NULL REFERENCES staff (id) CHECK (length(created_by) = 16),
    created_at INTEGER NOT NULL,
    PRIMARY KEY (id)
) STRICT;
CREATE INDEX diary_ratings_by_participant ON diary_ratings (participant_id, created_at, id);
CREATE INDEX diary_ratings_by_day ON diary_ratings (participant_id, rated_on);

-- What a practitioner observed of a participant.
CREATE TABLE observations (
    id BLOB NOT NULL CHECK (length(id) = 16),
    participant_id BLOB NOT NULL REFERENCES participants (id) CHECK (length(participant_id) = 16),
    session_id BLOB REFERENCES programme_sessions (id) CHECK (length(session_id) = 16),
    kind TEXT NOT NULL,
    note BLOB NOT NULL,
    observed_at INTEGER NOT NULL,
    created_by BLOB NOT NULL REFERENCES staff (id) CHECK (length(created_by) = 16),
    created_at INTEGER NOT NULL,
    PRIMARY KEY (id)
) STRICT;
CREATE INDEX observations_by_time ON observations (participant_id, observed_at, id);

-- Why a participant stalks, as the programme understands it; in versions.
CREATE TABLE formulations (
    id BLOB NOT NULL CHECK (length(id) = 16),
    participant_id BLOB NOT NULL REFERENCES participants (id) CHECK (length(participant_id) = 16),
    version INTEGER NOT NULL,
    typology TEXT NOT NULL,
    narrative BLOB NOT NULL,
    created_by BLOB NOT NULL REFERENCES staff (id) CHECK (length(created_by) = 16),
    created_at INTEGER NOT NULL,
    PRIMARY KEY (id),
    UNIQUE (participant_id, version)
) STRICT;

-- How likely a participant is to harm themselves; in versions.
CREATE TABLE own_risk_ratings (
    id BLOB NOT NULL CHECK (length(id) = 16),
    participant_id BLOB NOT NULL REFERENCES participants (id) CHECK (length(participant_id) = 16),
    version INTEGER NOT NULL,
    rating TEXT NOT NULL,
    narrative BLOB NOT NULL,
    reason BLOB,
    created_by BLOB NOT NULL REFERENCES staff (id) CHECK (length(created_by) = 16),
    created_at INTEGER NOT NULL,
    PRIMARY KEY (id),
    UNIQUE (participant_id, version)
) STRICT;

-- Notes of the consultation team, and of clinical supervision.
CREATE TABLE practice_notes (
    id BLOB NOT NULL CHECK (length(id) = 16),
    participant_id BLOB NOT NULL REFERENCES participants (id) CHECK (length(participant_id) = 16),
    kind TEXT NOT NULL,
    held_on TEXT NOT NULL,
    note BLOB NOT NULL,
    supervisor_id BLOB REFERENCES staff (id) CHECK (length(supervisor_id) = 16),
    created_by BLOB NOT NULL REFERENCES staff (id) CHECK (length(created_by) = 16),
    created_at INTEGER NOT NULL,
    PRIMARY KEY (id)
) STRICT;
CREATE INDEX practice_notes_by_participant ON practice_notes (participant_id, id);

-- What waits for a supervisor of the programme.
CREATE TABLE supervisor_notices (
    id BLOB NOT NULL CHECK (length(id) = 16),
    organisation_id BLOB NOT NULL REFERENCES organisations (id) CHECK (length(organisation_id) = 16),
    participant_id BLOB NOT NULL REFERENCES participants (id) CHECK (length(participant_id) = 16),
    kind TEXT NOT NULL,
    goal_id BLOB REFERENCES goals (id) CHECK (length(goal_id) = 16),
    created_at INTEGER NOT NULL,
    read_at INTEGER,
    read_by BLOB REFERENCES staff (id) CHECK (length(read_by) = 16),
    PRIMARY KEY (id)
) STRICT;
CREATE INDEX supervisor_notices_open ON supervisor_notices (organisation_id, id) WHERE read_at IS NULL;
