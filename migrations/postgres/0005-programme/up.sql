-- The participant's side: orders, referrals, programmes and enrolments, sessions, goals, and what practitioners record
-- between sessions.

-- A participant and the practitioner who works with them. Name, date of birth and address are sealed.
CREATE TABLE participants (
    id uuid NOT NULL,
    reference text NOT NULL UNIQUE,
    organisation_id uuid NOT NULL REFERENCES organisations (id),
    name bytea NOT NULL,
    home_force_id text NOT NULL,
    practitioner_id uuid NOT NULL REFERENCES staff (id),
    version integer NOT NULL,
    created_at timestamptz NOT NULL,
    date_of_birth bytea,
    address bytea,
    PRIMARY KEY (id)
);
CREATE INDEX participants_by_organisation ON participants (organisation_id, id);

-- Numbers, handles and vehicles that a participant is known by.
CREATE TABLE participant_identifiers (
    id uuid NOT NULL,
    participant_id uuid NOT NULL REFERENCES participants (id),
    kind text NOT NULL,
    value bytea NOT NULL,
    source text NOT NULL,
    created_by uuid NOT NULL REFERENCES staff (id),
    created_at timestamptz NOT NULL,
    removed_at timestamptz,
    removed_by uuid REFERENCES staff (id),
    PRIMARY KEY (id)
);
CREATE INDEX participant_identifiers_by_participant ON participant_identifiers (participant_id, id);

-- The order register: why an order was made, what it replaces, whether police must be notified, how it ended.
CREATE TABLE orders (
    id uuid NOT NULL,
    participant_id uuid NOT NULL REFERENCES participants (id),
    kind text NOT NULL,
    court bytea,
    police_reference bytea,
    made_on text NOT NULL,
    served_on text,
    expires_on text,
    created_at timestamptz NOT NULL,
    basis text,
    replaces_order_id uuid REFERENCES orders (id),
    is_notified_otherwise boolean NOT NULL DEFAULT false,
    notified_on text,
    ended_on text,
    ended_by text,
    version integer NOT NULL DEFAULT 1,
    PRIMARY KEY (id)
);
CREATE INDEX orders_by_participant ON orders (participant_id, id);

-- The court's own words are sealed in `wording`; `code` is from the list of condition codes.
CREATE TABLE order_conditions (
    id uuid NOT NULL,
    order_id uuid NOT NULL REFERENCES orders (id),
    participant_id uuid NOT NULL REFERENCES participants (id),
    position integer NOT NULL,
    kind text NOT NULL,
    code text NOT NULL,
    wording bytea NOT NULL,
    area bytea,
    distance_metres integer,
    PRIMARY KEY (id)
);
CREATE INDEX order_conditions_by_order ON order_conditions (order_id, position);

-- Why an order was corrected, and what it said before, sealed as one. Never changes.
CREATE TABLE order_corrections (
    id uuid NOT NULL,
    order_id uuid NOT NULL REFERENCES orders (id),
    participant_id uuid NOT NULL REFERENCES participants (id),
    correction bytea NOT NULL,
    created_by uuid NOT NULL REFERENCES staff (id),
    created_at timestamptz NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX order_corrections_by_order ON order_corrections (order_id, id);

-- Orders that protect a survivor with whose reported person no programme works: their own side keeps them.
CREATE TABLE survivor_orders (
    id uuid NOT NULL,
    survivor_id uuid NOT NULL REFERENCES survivors (id),
    kind text NOT NULL,
    court bytea,
    police_reference bytea,
    made_on text NOT NULL,
    served_on text,
    expires_on text,
    ended_on text,
    recorded_by uuid NOT NULL REFERENCES staff (id),
    created_at timestamptz NOT NULL,
    -- When staff are next notified that its end is near.
    next_action_at timestamptz,
    removed_at timestamptz,
    version integer NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX survivor_orders_by_survivor ON survivor_orders (survivor_id, id);
CREATE INDEX survivor_orders_due ON survivor_orders (next_action_at) WHERE next_action_at IS NOT NULL;

CREATE TABLE survivor_order_conditions (
    id uuid NOT NULL,
    order_id uuid NOT NULL REFERENCES survivor_orders (id),
    survivor_id uuid NOT NULL REFERENCES survivors (id),
    position integer NOT NULL,
    kind text NOT NULL,
    code text NOT NULL,
    wording bytea NOT NULL,
    area bytea,
    distance_metres integer,
    PRIMARY KEY (id)
);
CREATE INDEX survivor_order_conditions_by_order ON survivor_order_conditions (order_id, position);

-- What is to be looked at because of an order, one row a due point. An order that is corrected gets its due points
-- again: the earlier ones stay as cancelled rows, and one of a kind is live.
CREATE TABLE order_duties (
    id uuid NOT NULL,
    order_id uuid NOT NULL REFERENCES orders (id),
    participant_id uuid NOT NULL REFERENCES participants (id),
    kind text NOT NULL,
    due_on text NOT NULL,
    next_action_at timestamptz,
    told_at timestamptz,
    done_on text,
    cancelled_at timestamptz,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX order_duties_due ON order_duties (next_action_at) WHERE next_action_at IS NOT NULL;
CREATE UNIQUE INDEX order_duties_standing ON order_duties (order_id, kind) WHERE cancelled_at IS NULL;
CREATE INDEX order_duties_by_order ON order_duties (order_id, due_on, id);

-- Referrals to the programme.
CREATE TABLE referrals (
    id uuid NOT NULL,
    participant_id uuid NOT NULL REFERENCES participants (id),
    organisation_id uuid NOT NULL REFERENCES organisations (id),
    home_force_id text NOT NULL,
    source text NOT NULL,
    basis text NOT NULL,
    order_id uuid REFERENCES orders (id),
    note bytea,
    state text NOT NULL,
    held_from text,
    reason text,
    practitioner_id uuid REFERENCES staff (id),
    submitted_at timestamptz,
    allocation_due_at timestamptz,
    allocated_at timestamptz,
    next_action_at timestamptz,
    created_by uuid NOT NULL REFERENCES staff (id),
    created_at timestamptz NOT NULL,
    version integer NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX referrals_by_participant ON referrals (participant_id, id);
CREATE INDEX referrals_by_organisation ON referrals (organisation_id, id);
CREATE INDEX referrals_due ON referrals (next_action_at) WHERE next_action_at IS NOT NULL;

-- Programmes as data; one without an organisation is every provider's.
CREATE TABLE programmes (
    id uuid NOT NULL,
    organisation_id uuid REFERENCES organisations (id),
    code text NOT NULL,
    name text NOT NULL,
    sessions integer NOT NULL,
    weeks integer NOT NULL,
    modules jsonb NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (id)
);
CREATE UNIQUE INDEX programmes_by_code ON programmes (organisation_id, code);
INSERT INTO programmes (id, organisation_id, code, name, sessions, weeks, modules, created_at)
VALUES ('019330c0-0000-7000-8000-000000c0b101', NULL, 'cobi', 'Compulsive and Obsessive Behaviour Intervention', 12, 12,
    '["mindfulness","distress_tolerance","emotion_regulation","interpersonal_effectiveness"]', '2024-11-15T00:00:00Z');

-- A participant in a programme.
CREATE TABLE enrolments (
    id uuid NOT NULL,
    referral_id uuid NOT NULL UNIQUE REFERENCES referrals (id),
    participant_id uuid NOT NULL REFERENCES participants (id),
    organisation_id uuid NOT NULL REFERENCES organisations (id),
    programme_id uuid NOT NULL REFERENCES programmes (id),
    state text NOT NULL,
    reason text,
    starts_on text NOT NULL,
    local_time text NOT NULL,
    time_zone text NOT NULL,
    first_number integer NOT NULL,
    sessions integer NOT NULL,
    created_by uuid NOT NULL REFERENCES staff (id),
    created_at timestamptz NOT NULL,
    ended_at timestamptz,
    version integer NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX enrolments_by_participant ON enrolments (participant_id, id);

-- Each transition of a referral, an enrolment or a report; never changes.
CREATE TABLE programme_transitions (
    id uuid NOT NULL,
    subject_kind text NOT NULL,
    subject_id uuid NOT NULL,
    participant_id uuid NOT NULL REFERENCES participants (id),
    event text NOT NULL,
    from_state text NOT NULL,
    to_state text NOT NULL,
    reason text,
    note bytea,
    created_by uuid NOT NULL REFERENCES staff (id),
    created_at timestamptz NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX programme_transitions_by_subject ON programme_transitions (subject_id, id);

-- What waits for a person of the programme provider. A task is made once for a record and a kind, however often the
-- step that makes it runs.
CREATE TABLE programme_tasks (
    id uuid NOT NULL,
    organisation_id uuid NOT NULL REFERENCES organisations (id),
    participant_id uuid NOT NULL REFERENCES participants (id),
    kind text NOT NULL,
    subject_id uuid NOT NULL,
    created_at timestamptz NOT NULL,
    done_at timestamptz,
    done_by uuid REFERENCES staff (id),
    note bytea,
    PRIMARY KEY (id),
    UNIQUE (subject_id, kind)
);
CREATE INDEX programme_tasks_open ON programme_tasks (organisation_id, id) WHERE done_at IS NULL;

-- The end-of-programme report, which gates conclusion.
CREATE TABLE end_reports (
    enrolment_id uuid NOT NULL REFERENCES enrolments (id),
    participant_id uuid NOT NULL REFERENCES participants (id),
    state text NOT NULL,
    progress bytea NOT NULL,
    risk bytea NOT NULL,
    recommendations bytea NOT NULL,
    figures jsonb NOT NULL,
    created_by uuid NOT NULL REFERENCES staff (id),
    created_at timestamptz NOT NULL,
    submitted_by uuid REFERENCES staff (id),
    submitted_at timestamptz,
    approved_by uuid REFERENCES staff (id),
    approved_at timestamptz,
    version integer NOT NULL,
    PRIMARY KEY (enrolment_id)
);

-- A session that is held at another time is a new row of the same number, and the old one points to it.
CREATE TABLE programme_sessions (
    id uuid NOT NULL,
    participant_id uuid NOT NULL REFERENCES participants (id),
    number integer NOT NULL,
    module text NOT NULL,
    mode text NOT NULL,
    planned_at timestamptz NOT NULL,
    attendance text,
    attendance_recorded_at timestamptz,
    attendance_recorded_by uuid REFERENCES staff (id),
    note bytea,
    version integer NOT NULL,
    created_at timestamptz NOT NULL,
    feedback_at timestamptz,
    supersedes_id uuid REFERENCES programme_sessions (id),
    superseded_by_id uuid REFERENCES programme_sessions (id),
    superseded_at timestamptz,
    superseded_reason text,
    PRIMARY KEY (id)
);
CREATE INDEX programme_sessions_by_time ON programme_sessions (participant_id, planned_at, id);
-- Of the rows of one number, one is in force.
CREATE UNIQUE INDEX programme_sessions_standing ON programme_sessions (participant_id, number) WHERE superseded_at IS NULL;

-- Each entry that was ever made about whether the participant came; the session itself has the latest.
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

-- A goal: who wrote it, how it is measured, its wording for the participant, who agreed and approved. A revised goal is
-- a new row, and the two point to each other.
CREATE TABLE goals (
    id uuid NOT NULL,
    participant_id uuid NOT NULL REFERENCES participants (id),
    domain text NOT NULL,
    statement bytea NOT NULL,
    survivor_benefit bytea NOT NULL,
    participant_wording bytea,
    levels bytea NOT NULL,
    baseline integer NOT NULL,
    weight integer NOT NULL,
    target_on text,
    state text NOT NULL,
    created_at timestamptz NOT NULL,
    created_by uuid REFERENCES staff (id),
    measured_by text NOT NULL DEFAULT 'practitioner_observation',
    wording_state text,
    wording_version integer NOT NULL DEFAULT 1,
    agreed_on text,
    approved_by uuid REFERENCES staff (id),
    approved_at timestamptz,
    closed_at timestamptz,
    supersedes_id uuid REFERENCES goals (id),
    superseded_by_id uuid REFERENCES goals (id),
    version integer NOT NULL DEFAULT 1,
    PRIMARY KEY (id)
);
CREATE INDEX goals_by_participant ON goals (participant_id, id);

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

-- A review that was recorded wrongly is withdrawn, with a reason, and the row that replaces it points to it.
CREATE TABLE goal_reviews (
    id uuid NOT NULL,
    goal_id uuid NOT NULL REFERENCES goals (id),
    participant_id uuid NOT NULL REFERENCES participants (id),
    score integer NOT NULL,
    note bytea NOT NULL,
    reviewed_on text NOT NULL,
    created_by uuid NOT NULL REFERENCES staff (id),
    created_at timestamptz NOT NULL,
    supersedes_id uuid REFERENCES goal_reviews (id),
    withdrawn_at timestamptz,
    withdrawn_by uuid REFERENCES staff (id),
    withdrawn_reason bytea,
    PRIMARY KEY (id)
);
CREATE INDEX goal_reviews_by_goal ON goal_reviews (goal_id, id);
CREATE INDEX goal_reviews_by_participant ON goal_reviews (participant_id, created_at, id);

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

-- What a practitioner fears that a participant will do. `note` stays on the programme's side; `words` are for the
-- survivor's advocates.
CREATE TABLE participant_concerns (
    id uuid NOT NULL,
    participant_id uuid NOT NULL REFERENCES participants (id),
    kind text NOT NULL,
    is_imminent boolean NOT NULL,
    note bytea NOT NULL,
    created_by uuid NOT NULL REFERENCES staff (id),
    created_at timestamptz NOT NULL,
    words bytea,
    PRIMARY KEY (id)
);
CREATE INDEX participant_concerns_by_participant ON participant_concerns (participant_id, id);

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

-- What a participant asked to see of their own record, what is withheld and why, and which two people agreed.
CREATE TABLE subject_access_requests (
    id uuid NOT NULL,
    participant_id uuid NOT NULL REFERENCES participants (id),
    state text NOT NULL,
    received_on text NOT NULL,
    due_on text NOT NULL,
    redactions bytea,
    content bytea,
    created_by uuid NOT NULL REFERENCES staff (id),
    created_at timestamptz NOT NULL,
    approved_by uuid REFERENCES staff (id),
    approved_at timestamptz,
    released_by uuid REFERENCES staff (id),
    released_at timestamptz,
    version integer NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX subject_access_requests_by_participant ON subject_access_requests (participant_id, id);
