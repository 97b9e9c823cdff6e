-- The participant's side: orders, referrals, programmes and enrolments, sessions, goals, and what practitioners record
-- between sessions.

-- A participant and the practitioner who works with them. Name, date of birth and address are sealed.
CREATE TABLE participants (
    id BLOB NOT NULL CHECK (length(id) = 16),
    reference TEXT NOT NULL UNIQUE,
    organisation_id BLOB NOT NULL REFERENCES organisations (id) CHECK (length(organisation_id) = 16),
    name BLOB NOT NULL,
    home_force_id TEXT NOT NULL,
    practitioner_id BLOB NOT NULL REFERENCES staff (id) CHECK (length(practitioner_id) = 16),
    version INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    date_of_birth BLOB,
    address BLOB,
    PRIMARY KEY (id)
) STRICT;
CREATE INDEX participants_by_organisation ON participants (organisation_id, id);

-- Numbers, handles and vehicles that a participant is known by.
CREATE TABLE participant_identifiers (
    id BLOB NOT NULL CHECK (length(id) = 16),
    participant_id BLOB NOT NULL REFERENCES participants (id) CHECK (length(participant_id) = 16),
    kind TEXT NOT NULL,
    value BLOB NOT NULL,
    source TEXT NOT NULL,
    created_by BLOB NOT NULL REFERENCES staff (id) CHECK (length(created_by) = 16),
    created_at INTEGER NOT NULL,
    removed_at INTEGER,
    removed_by BLOB REFERENCES staff (id) CHECK (length(removed_by) = 16),
    PRIMARY KEY (id)
) STRICT;
CREATE INDEX participant_identifiers_by_participant ON participant_identifiers (participant_id, id);

-- The order register: why an order was made, what it replaces, whether police must be notified, how it ended.
CREATE TABLE orders (
    id BLOB NOT NULL CHECK (length(id) = 16),
    participant_id BLOB NOT NULL REFERENCES participants (id) CHECK (length(participant_id) = 16),
    kind TEXT NOT NULL,
    court BLOB,
    police_reference BLOB,
    made_on TEXT NOT NULL,
    served_on TEXT,
    expires_on TEXT,
    created_at INTEGER NOT NULL,
    basis TEXT,
    replaces_order_id BLOB REFERENCES orders (id) CHECK (length(replaces_order_id) = 16),
    is_notified_otherwise INTEGER NOT NULL DEFAULT 0 CHECK (is_notified_otherwise IN (0, 1)),
    notified_on TEXT,
    ended_on TEXT,
    ended_by TEXT,
    version INTEGER NOT NULL DEFAULT 1,
    PRIMARY KEY (id)
) STRICT;
CREATE INDEX orders_by_participant ON orders (participant_id, id);

-- The court's own words are sealed in `wording`; `code` is from the list of condition codes.
CREATE TABLE order_conditions (
    id BLOB NOT NULL CHECK (length(id) = 16),
    order_id BLOB NOT NULL REFERENCES orders (id) CHECK (length(order_id) = 16),
    participant_id BLOB NOT NULL REFERENCES participants (id) CHECK (length(participant_id) = 16),
    position INTEGER NOT NULL,
    kind TEXT NOT NULL,
    code TEXT NOT NULL,
    wording BLOB NOT NULL,
    area BLOB,
    distance_metres INTEGER,
    PRIMARY KEY (id)
) STRICT;
CREATE INDEX order_conditions_by_order ON order_conditions (order_id, position);

-- Why an order was corrected, and what it said before, sealed as one. Never changes.
CREATE TABLE order_corrections (
    id BLOB NOT NULL CHECK (length(id) = 16),
    order_id BLOB NOT NULL REFERENCES orders (id) CHECK (length(order_id) = 16),
    participant_id BLOB NOT NULL REFERENCES participants (id) CHECK (length(participant_id) = 16),
    correction BLOB NOT NULL,
    created_by BLOB NOT NULL REFERENCES staff (id) CHECK (length(created_by) = 16),
    created_at INTEGER NOT NULL,
    PRIMARY KEY (id)
) STRICT;
CREATE INDEX order_corrections_by_order ON order_corrections (order_id, id);

-- Orders that protect a survivor with whose reported person no programme works: their own side keeps them.
CREATE TABLE survivor_orders (
    id BLOB NOT NULL CHECK (length(id) = 16),
    survivor_id BLOB NOT NULL REFERENCES survivors (id) CHECK (length(survivor_id) = 16),
    kind TEXT NOT NULL,
    court BLOB,
    police_reference BLOB,
    made_on TEXT NOT NULL,
    served_on TEXT,
    expires_on TEXT,
    ended_on TEXT,
    recorded_by BLOB NOT NULL REFERENCES staff (id) CHECK (length(recorded_by) = 16),
    created_at INTEGER NOT NULL,
    -- When staff are next notified that its end is near.
    next_action_at INTEGER,
    removed_at INTEGER,
    version INTEGER NOT NULL,
    PRIMARY KEY (id)
) STRICT;
CREATE INDEX survivor_orders_by_survivor ON survivor_orders (survivor_id, id);
CREATE INDEX survivor_orders_due ON survivor_orders (next_action_at) WHERE next_action_at IS NOT NULL;

CREATE TABLE survivor_order_conditions (
    id BLOB NOT NULL CHECK (length(id) = 16),
    order_id BLOB NOT NULL REFERENCES survivor_orders (id) CHECK (length(order_id) = 16),
    survivor_id BLOB NOT NULL REFERENCES survivors (id) CHECK (length(survivor_id) = 16),
    position INTEGER NOT NULL,
    kind TEXT NOT NULL,
    code TEXT NOT NULL,
    wording BLOB NOT NULL,
    area BLOB,
    distance_metres INTEGER,
    PRIMARY KEY (id)
) STRICT;
CREATE INDEX survivor_order_conditions_by_order ON survivor_order_conditions (order_id, position);

-- What is to be looked at because of an order, one row a due point. An order that is corrected gets its due points
-- again: the earlier ones stay as cancelled rows, and one of a kind is live.
CREATE TABLE order_duties (
    id BLOB NOT NULL CHECK (length(id) = 16),
    order_id BLOB NOT NULL REFERENCES orders (id) CHECK (length(order_id) = 16),
    participant_id BLOB NOT NULL REFERENCES participants (id) CHECK (length(participant_id) = 16),
    kind TEXT NOT NULL,
    due_on TEXT NOT NULL,
    next_action_at INTEGER,
    told_at INTEGER,
    done_on TEXT,
    cancelled_at INTEGER,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (id)
) STRICT;
CREATE INDEX order_duties_due ON order_duties (next_action_at) WHERE next_action_at IS NOT NULL;
CREATE UNIQUE INDEX order_duties_standing ON order_duties (order_id, kind) WHERE cancelled_at IS NULL;
CREATE INDEX order_duties_by_order ON order_duties (order_id, due_on, id);

-- Referrals to the programme.
CREATE TABLE referrals (
    id BLOB NOT NULL CHECK (length(id) = 16),
    participant_id BLOB NOT NULL REFERENCES participants (id) CHECK (length(participant_id) = 16),
    organisation_id BLOB NOT NULL REFERENCES organisations (id) CHECK (length(organisation_id) = 16),
    home_force_id TEXT NOT NULL,
    source TEXT NOT NULL,
    basis TEXT NOT NULL,
    order_id BLOB REFERENCES orders (id) CHECK (length(order_id) = 16),
    note BLOB,
    state TEXT NOT NULL,
    held_from TEXT,
    reason TEXT,
    practitioner_id BLOB REFERENCES staff (id) CHECK (length(practitioner_id) = 16),
    submitted_at INTEGER,
    allocation_due_at INTEGER,
    allocated_at INTEGER,
    next_action_at INTEGER,
    created_by BLOB NOT NULL REFERENCES staff (id) CHECK (length(created_by) = 16),
    created_at INTEGER NOT NULL,
    version INTEGER NOT NULL,
    PRIMARY KEY (id)
) STRICT;
CREATE INDEX referrals_by_participant ON referrals (participant_id, id);
CREATE INDEX referrals_by_organisation ON referrals (organisation_id, id);
CREATE INDEX referrals_due ON referrals (next_action_at) WHERE next_action_at IS NOT NULL;

-- Programmes as data; one without an organisation is every provider's.
CREATE TABLE programmes (
    id BLOB NOT NULL CHECK (length(id) = 16),
    organisation_id BLOB REFERENCES organisations (id) CHECK (length(organisation_id) = 16),
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    sessions INTEGER NOT NULL,
    weeks INTEGER NOT NULL,
    modules TEXT NOT NULL CHECK (json_valid(modules)),
    created_at INTEGER NOT NULL,
    PRIMARY KEY (id)
) STRICT;
CREATE UNIQUE INDEX programmes_by_code ON programmes (organisation_id, code);
INSERT INTO programmes (id, organisation_id, code, name, sessions, weeks, modules, created_at)
VALUES (x'019330C0000070008000000000C0B101', NULL, 'cobi', 'Compulsive and Obsessive Behaviour Intervention', 12, 12,
    '["mindfulness","distress_tolerance","emotion_regulation","interpersonal_effectiveness"]', 1731628800000000);

-- A participant in a programme.
CREATE TABLE enrolments (
    id BLOB NOT NULL CHECK (length(id) = 16),
    referral_id BLOB NOT NULL UNIQUE REFERENCES referrals (id) CHECK (length(referral_id) = 16),
    participant_id BLOB NOT NULL REFERENCES participants (id) CHECK (length(participant_id) = 16),
    organisation_id BLOB NOT NULL REFERENCES organisations (id) CHECK (length(organisation_id) = 16),
    programme_id BLOB NOT NULL REFERENCES programmes (id) CHECK (length(programme_id) = 16),
    state TEXT NOT NULL,
    reason TEXT,
    starts_on TEXT NOT NULL,
    local_time TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    first_number INTEGER NOT NULL,
    sessions INTEGER NOT NULL,
    created_by BLOB NOT NULL REFERENCES staff (id) CHECK (length(created_by) = 16),
    created_at INTEGER NOT NULL,
    ended_at INTEGER,
    version INTEGER NOT NULL,
    PRIMARY KEY (id)
) STRICT;
CREATE INDEX enrolments_by_participant ON enrolments (participant_id, id);

-- Each transition of a referral, an enrolment or a report; never changes.
CREATE TABLE programme_transitions (
    id BLOB NOT NULL CHECK (length(id) = 16),
    subject_kind TEXT NOT NULL,
    subject_id BLOB NOT NULL CHECK (length(subject_id) = 16),
    participant_id BLOB NOT NULL REFERENCES participants (id) CHECK (length(participant_id) = 16),
    event TEXT NOT NULL,
    from_state TEXT NOT NULL,
    to_state TEXT NOT NULL,
    reason TEXT,
    note BLOB,
    created_by BLOB NOT NULL REFERENCES staff (id) CHECK (length(created_by) = 16),
    created_at INTEGER NOT NULL,
    PRIMARY KEY (id)
) STRICT;
CREATE INDEX programme_transitions_by_subject ON programme_transitions (subject_id, id);

-- What waits for a person of the programme provider. A task is made once for a record and a kind, however often the
-- step that makes it runs.
CREATE TABLE programme_tasks (
    id BLOB NOT NULL CHECK (length(id) = 16),
    organisation_id BLOB NOT NULL REFERENCES organisations (id) CHECK (length(organisation_id) = 16),
    participant_id BLOB NOT NULL REFERENCES participants (id) CHECK (length(participant_id) = 16),
    kind TEXT NOT NULL,
    subject_id BLOB NOT NULL CHECK (length(subject_id) = 16),
    created_at INTEGER NOT NULL,
    done_at INTEGER,
    done_by BLOB REFERENCES staff (id) CHECK (length(done_by) = 16),
    note BLOB,
    PRIMARY KEY (id),
    UNIQUE (subject_id, kind)
) STRICT;
CREATE INDEX programme_tasks_open ON programme_tasks (organisation_id, id) WHERE done_at IS NULL;

-- The end-of-programme report, which gates conclusion.
CREATE TABLE end_reports (
    enrolment_id BLOB NOT NULL REFERENCES enrolments (id) CHECK (length(enrolment_id) = 16),
    participant_id BLOB NOT NULL REFERENCES participants (id) CHECK (length(participant_id) = 16),
    state TEXT NOT NULL,
    progress BLOB NOT NULL,
    risk BLOB NOT NULL,
    recommendations BLOB NOT NULL,
    figures TEXT NOT NULL CHECK (json_valid(figures)),
    created_by BLOB NOT NULL REFERENCES staff (id) CHECK (length(created_by) = 16),
    created_at INTEGER NOT NULL,
    submitted_by BLOB REFERENCES staff (id) CHECK (length(submitted_by) = 16),
    submitted_at INTEGER,
    approved_by BLOB REFERENCES staff (id) CHECK (length(approved_by) = 16),
    approved_at INTEGER,
    version INTEGER NOT NULL,
    PRIMARY KEY (enrolment_id)
) STRICT;

-- A session that is held at another time is a new row of the same number, and the old one points to it.
CREATE TABLE programme_sessions (
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
CREATE INDEX programme_sessions_by_time ON programme_sessions (participant_id, planned_at, id);
-- Of the rows of one number, one is in force.
CREATE UNIQUE INDEX programme_sessions_standing ON programme_sessions (participant_id, number) WHERE superseded_at IS NULL;

-- Each entry that was ever made about whether the participant came; the session itself has the latest.
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

-- A goal: who wrote it, how it is measured, its wording for the participant, who agreed and approved. A revised goal is
-- a new row, and the two point to each other.
CREATE TABLE goals (
    id BLOB NOT NULL CHECK (length(id) = 16),
    participant_id BLOB NOT NULL REFERENCES participants (id) CHECK (length(participant_id) = 16),
    domain TEXT NOT NULL,
    statement BLOB NOT NULL,
    survivor_benefit BLOB NOT NULL,
    participant_wording BLOB,
    levels BLOB NOT NULL,
    baseline INTEGER NOT NULL,
    weight INTEGER NOT NULL,
    target_on TEXT,
    state TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    created_by BLOB REFERENCES staff (id) CHECK (length(created_by) = 16),
    measured_by TEXT NOT NULL DEFAULT 'practitioner_observation',
    wording_state TEXT,
    wording_version INTEGER NOT NULL DEFAULT 1,
    agreed_on TEXT,
    approved_by BLOB REFERENCES staff (id) CHECK (length(approved_by) = 16),
    approved_at INTEGER,
    closed_at INTEGER,
    supersedes_id BLOB REFERENCES goals (id) CHECK (length(supersedes_id) = 16),
    superseded_by_id BLOB REFERENCES goals (id) CHECK (length(superseded_by_id) = 16),
    version INTEGER NOT NULL DEFAULT 1,
    PRIMARY KEY (id)
) STRICT;
CREATE INDEX goals_by_participant ON goals (participant_id, id);

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

-- A review that was recorded wrongly is withdrawn, with a reason, and the row that replaces it points to it.
CREATE TABLE goal_reviews (
    id BLOB NOT NULL CHECK (length(id) = 16),
    goal_id BLOB NOT NULL REFERENCES goals (id) CHECK (length(goal_id) = 16),
    participant_id BLOB NOT NULL REFERENCES participants (id) CHECK (length(participant_id) = 16),
    score INTEGER NOT NULL,
    note BLOB NOT NULL,
    reviewed_on TEXT NOT NULL,
    created_by BLOB NOT NULL REFERENCES staff (id) CHECK (length(created_by) = 16),
    created_at INTEGER NOT NULL,
    supersedes_id BLOB REFERENCES goal_reviews (id) CHECK (length(supersedes_id) = 16),
    withdrawn_at INTEGER,
    withdrawn_by BLOB REFERENCES staff (id) CHECK (length(withdrawn_by) = 16),
    withdrawn_reason BLOB,
    PRIMARY KEY (id)
) STRICT;
CREATE INDEX goal_reviews_by_goal ON goal_reviews (goal_id, id);
CREATE INDEX goal_reviews_by_participant ON goal_reviews (participant_id, created_at, id);

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

-- What a practitioner fears that a participant will do. `note` stays on the programme's side; `words` are for the
-- survivor's advocates.
CREATE TABLE participant_concerns (
    id BLOB NOT NULL CHECK (length(id) = 16),
    participant_id BLOB NOT NULL REFERENCES participants (id) CHECK (length(participant_id) = 16),
    kind TEXT NOT NULL,
    is_imminent INTEGER NOT NULL CHECK (is_imminent IN (0, 1)),
    note BLOB NOT NULL,
    created_by BLOB NOT NULL REFERENCES staff (id) CHECK (length(created_by) = 16),
    created_at INTEGER NOT NULL,
    words BLOB,
    PRIMARY KEY (id)
) STRICT;
CREATE INDEX participant_concerns_by_participant ON participant_concerns (participant_id, id);

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

-- What a participant asked to see of their own record, what is withheld and why, and which two people agreed.
CREATE TABLE subject_access_requests (
    id BLOB NOT NULL CHECK (length(id) = 16),
    participant_id BLOB NOT NULL REFERENCES participants (id) CHECK (length(participant_id) = 16),
    state TEXT NOT NULL,
    received_on TEXT NOT NULL,
    due_on TEXT NOT NULL,
    redactions BLOB,
    content BLOB,
    created_by BLOB NOT NULL REFERENCES staff (id) CHECK (length(created_by) = 16),
    created_at INTEGER NOT NULL,
    approved_by BLOB REFERENCES staff (id) CHECK (length(approved_by) = 16),
    approved_at INTEGER,
    released_by BLOB REFERENCES staff (id) CHECK (length(released_by) = 16),
    released_at INTEGER,
    version INTEGER NOT NULL,
    PRIMARY KEY (id)
) STRICT;
CREATE INDEX subject_access_requests_by_participant ON subject_access_requests (participant_id, id);
