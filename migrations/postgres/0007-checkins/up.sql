-- Schedules, check-ins and timers: what a survivor is asked, answers, and does not answer in time.

-- A schedule asks at local times on weekdays, or by a rule (RFC 5545) from `starts_at_local`. `next_action_at` is when the
-- clock looks at the schedule next, such as at the end of a pause.
CREATE TABLE schedules (
    id uuid NOT NULL,
    survivor_id uuid NOT NULL REFERENCES survivors (id),
    time_zone text NOT NULL,
    local_times jsonb NOT NULL,
    weekdays jsonb NOT NULL,
    opens_minutes_before integer NOT NULL,
    grace_minutes integer NOT NULL,
    state text NOT NULL,
    created_by uuid NOT NULL REFERENCES staff (id),
    created_at timestamptz NOT NULL,
    rrule text,
    starts_at_local text,
    quiet_from text,
    quiet_until text,
    paused_until timestamptz,
    next_action_at timestamptz,
    state_reason text,
    ended_at timestamptz,
    version integer NOT NULL DEFAULT 1,
    -- Of a decoy's schedule: the id of the one that it mirrors, by which the phone knows both.
    twin_of uuid,
    PRIMARY KEY (id)
);
CREATE INDEX schedules_by_survivor ON schedules (survivor_id);
CREATE INDEX schedules_by_twin ON schedules (twin_of) WHERE twin_of IS NOT NULL;
CREATE INDEX schedules_due ON schedules (next_action_at) WHERE next_action_at IS NOT NULL;

-- One row a slot of a schedule, and one for each check-in that the survivor makes unasked. `next_action_at` is when the clock
-- looks at the slot next; null once there is nothing to be done.
CREATE TABLE check_ins (
    id uuid NOT NULL,
    survivor_id uuid NOT NULL REFERENCES survivors (id),
    schedule_id uuid REFERENCES schedules (id),
    state text NOT NULL,
    opens_at timestamptz,
    due_at timestamptz,
    grace_ends_at timestamptz,
    next_action_at timestamptz,
    missed_at timestamptz,
    answer text,
    feeling_safe integer,
    contact_since_last text,
    safe_to_contact boolean,
    note bytea,
    location bytea,
    recorded_at timestamptz,
    received_at timestamptz,
    device_id uuid,
    happened_at timestamptz NOT NULL,
    remind_at timestamptz,
    -- Whether a session under duress wrote the row.
    is_duress boolean NOT NULL DEFAULT false,
    wellbeing bytea,
    answers bytea,
    in_touch jsonb,
    clock_offset_seconds integer,
    recorded_by uuid,
    review_state text,
    reviewed_at timestamptz,
    resolved_at timestamptz,
    battery integer,
    -- Whether a "safe" came with a PIN that had just been given; one that did not answers its slot for the reminders alone.
    is_proven boolean NOT NULL DEFAULT true,
    -- Of a decoy's slot: the id of the slot that it mirrors, by which the phone knows both.
    twin_of uuid,
    PRIMARY KEY (id)
);
-- A slot is made once, however often the schedule is looked at.
CREATE UNIQUE INDEX check_ins_slot ON check_ins (schedule_id, due_at) WHERE schedule_id IS NOT NULL;
CREATE INDEX check_ins_by_twin ON check_ins (twin_of) WHERE twin_of IS NOT NULL;
CREATE INDEX check_ins_due ON check_ins (next_action_at) WHERE next_action_at IS NOT NULL;
-- What waits for one survivor: an answer looks for its slot here.
CREATE INDEX check_ins_waiting ON check_ins (survivor_id, next_action_at) WHERE next_action_at IS NOT NULL;
CREATE INDEX check_ins_by_survivor ON check_ins (survivor_id, happened_at, id);
CREATE INDEX check_ins_remind ON check_ins (remind_at) WHERE remind_at IS NOT NULL;
-- What was marked missed under a clock that was fast is found again once it is set right.
CREATE INDEX check_ins_missed ON check_ins (missed_at) WHERE missed_at IS NOT NULL;

-- A survivor's own questions.
CREATE TABLE check_in_questions (
    id uuid NOT NULL,
    survivor_id uuid NOT NULL REFERENCES survivors (id),
    kind text NOT NULL,
    wording bytea NOT NULL,
    created_by uuid NOT NULL REFERENCES staff (id),
    created_at timestamptz NOT NULL,
    retired_at timestamptz,
    PRIMARY KEY (id)
);
CREATE INDEX check_in_questions_by_survivor ON check_in_questions (survivor_id, id);

-- Reviews by staff: begun, completed, annotated, resolved. A line never changes.
CREATE TABLE check_in_reviews (
    id uuid NOT NULL,
    check_in_id uuid NOT NULL REFERENCES check_ins (id),
    survivor_id uuid NOT NULL REFERENCES survivors (id),
    kind text NOT NULL,
    reason text,
    note bytea,
    staff_id uuid NOT NULL REFERENCES staff (id),
    at timestamptz NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX check_in_reviews_by_check_in ON check_in_reviews (check_in_id, id);

-- A timer that runs out raises an alert.
CREATE TABLE timers (
    id uuid NOT NULL,
    survivor_id uuid NOT NULL REFERENCES survivors (id),
    device_id uuid NOT NULL,
    state text NOT NULL,
    note bytea,
    location bytea,
    started_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL,
    next_action_at timestamptz,
    extensions integer NOT NULL,
    expired_at timestamptz,
    ended_at timestamptz,
    recorded_at timestamptz,
    is_duress boolean NOT NULL,
    -- The id that a phone made while it was offline, unique among its survivor's; and by how much its clock was ahead.
    client_id uuid,
    clock_offset_seconds integer,
    PRIMARY KEY (id)
);
CREATE INDEX timers_due ON timers (next_action_at) WHERE next_action_at IS NOT NULL;
CREATE INDEX timers_by_survivor ON timers (survivor_id, started_at, id);
-- Timers that ran out under a clock that was fast are found again once it is set right.
CREATE INDEX timers_expired ON timers (expired_at) WHERE expired_at IS NOT NULL;
-- A session under duress shares no id with a genuine one.
CREATE UNIQUE INDEX timers_by_client_id ON timers (survivor_id, client_id, is_duress) WHERE client_id IS NOT NULL;
