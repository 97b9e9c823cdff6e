-- Schedules, check-ins and timers: what a survivor is asked, answers, and does not answer in time.

-- A schedule asks at local times on weekdays, or by a rule (RFC 5545) from `starts_at_local`. `next_action_at` is when the
-- clock looks at the schedule next, such as at the end of a pause.
CREATE TABLE schedules (
    id BLOB NOT NULL CHECK (length(id) = 16),
    survivor_id BLOB NOT NULL REFERENCES survivors (id) CHECK (length(survivor_id) = 16),
    time_zone TEXT NOT NULL,
    local_times TEXT NOT NULL CHECK (json_valid(local_times)),
    weekdays TEXT NOT NULL CHECK (json_valid(weekdays)),
    opens_minutes_before INTEGER NOT NULL,
    grace_minutes INTEGER NOT NULL,
    state TEXT NOT NULL,
    created_by BLOB NOT NULL REFERENCES staff (id) CHECK (length(created_by) = 16),
    created_at INTEGER NOT NULL,
    rrule TEXT,
    starts_at_local TEXT,
    quiet_from TEXT,
    quiet_until TEXT,
    paused_until INTEGER,
    next_action_at INTEGER,
    state_reason TEXT,
    ended_at INTEGER,
    version INTEGER NOT NULL DEFAULT 1,
    -- Of a decoy's schedule: the id of the one that it mirrors, by which the phone knows both.
    twin_of BLOB CHECK (length(twin_of) = 16),
    PRIMARY KEY (id)
) STRICT;
CREATE INDEX schedules_by_survivor ON schedules (survivor_id);
CREATE INDEX schedules_by_twin ON schedules (twin_of) WHERE twin_of IS NOT NULL;
CREATE INDEX schedules_due ON schedules (next_action_at) WHERE next_action_at IS NOT NULL;

-- One row a slot of a schedule, and one for each check-in that the survivor makes unasked. `next_action_at` is when the clock
-- looks at the slot next; null once there is nothing to be done.
CREATE TABLE check_ins (
    id BLOB NOT NULL CHECK (length(id) = 16),
    survivor_id BLOB NOT NULL REFERENCES survivors (id) CHECK (length(survivor_id) = 16),
    schedule_id BLOB REFERENCES schedules (id) CHECK (length(schedule_id) = 16),
    state TEXT NOT NULL,
    opens_at INTEGER,
    due_at INTEGER,
    grace_ends_at INTEGER,
    next_action_at INTEGER,
    missed_at INTEGER,
    answer TEXT,
    feeling_safe INTEGER,
    contact_since_last TEXT,
    safe_to_contact INTEGER CHECK (safe_to_contact IN (0, 1)),
    note BLOB,
    location BLOB,
    recorded_at INTEGER,
    received_at INTEGER,
    device_id BLOB CHECK (length(device_id) = 16),
    happened_at INTEGER NOT NULL,
    remind_at INTEGER,
    -- Whether a session under duress wrote the row.
    is_duress INTEGER NOT NULL DEFAULT 0 CHECK (is_duress IN (0, 1)),
    wellbeing BLOB,
    answers BLOB,
    in_touch TEXT CHECK (json_valid(in_touch)),
    clock_offset_seconds INTEGER,
    recorded_by BLOB CHECK (length(recorded_by) = 16),
    review_state TEXT,
    reviewed_at INTEGER,
    resolved_at INTEGER,
    battery INTEGER,
    -- Whether a "safe" came with a PIN that had just been given; one that did not answers its slot for the reminders alone.
    is_proven INTEGER NOT NULL DEFAULT 1 CHECK (is_proven IN (0, 1)),
    -- Of a decoy's slot: the id of the slot that it mirrors, by which the phone knows both.
    twin_of BLOB CHECK (length(twin_of) = 16),
    PRIMARY KEY (id)
) STRICT;
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
    id BLOB NOT NULL CHECK (length(id) = 16),
    survivor_id BLOB NOT NULL REFERENCES survivors (id) CHECK (length(survivor_id) = 16),
    kind TEXT NOT NULL,
    wording BLOB NOT NULL,
    created_by BLOB NOT NULL REFERENCES staff (id) CHECK (length(created_by) = 16),
    created_at INTEGER NOT NULL,
    retired_at INTEGER,
    PRIMARY KEY (id)
) STRICT;
CREATE INDEX check_in_questions_by_survivor ON check_in_questions (survivor_id, id);

-- Reviews by staff: begun, completed, annotated, resolved. A line never changes.
CREATE TABLE check_in_reviews (
    id BLOB NOT NULL CHECK (length(id) = 16),
    check_in_id BLOB NOT NULL REFERENCES check_ins (id) CHECK (length(check_in_id) = 16),
    survivor_id BLOB NOT NULL REFERENCES survivors (id) CHECK (length(survivor_id) = 16),
    kind TEXT NOT NULL,
    reason TEXT,
    note BLOB,
    staff_id BLOB NOT NULL REFERENCES staff (id) CHECK (length(staff_id) = 16),
    at INTEGER NOT NULL,
    PRIMARY KEY (id)
) STRICT;
CREATE INDEX check_in_reviews_by_check_in ON check_in_reviews (check_in_id, id);

-- A timer that runs out raises an alert.
CREATE TABLE timers (
    id BLOB NOT NULL CHECK (length(id) = 16),
    survivor_id BLOB NOT NULL REFERENCES survivors (id) CHECK (length(survivor_id) = 16),
    device_id BLOB NOT NULL CHECK (length(device_id) = 16),
    state TEXT NOT NULL,
    note BLOB,
    location BLOB,
    started_at INTEGER NOT NULL,
    ends_at INTEGER NOT NULL,
    next_action_at INTEGER,
    extensions INTEGER NOT NULL,
    expired_at INTEGER,
    ended_at INTEGER,
    recorded_at INTEGER,
    is_duress INTEGER NOT NULL CHECK (is_duress IN (0, 1)),
    -- The id that a phone made while it was offline, unique among its survivor's; and by how much its clock was ahead.
    client_id BLOB CHECK (length(client_id) = 16),
    clock_offset_seconds INTEGER,
    PRIMARY KEY (id)
) STRICT;
CREATE INDEX timers_due ON timers (next_action_at) WHERE next_action_at IS NOT NULL;
CREATE INDEX timers_by_survivor ON timers (survivor_id, started_at, id);
-- Timers that ran out under a clock that was fast are found again once it is set right.
CREATE INDEX timers_expired ON timers (expired_at) WHERE expired_at IS NOT NULL;
-- A session under duress shares no id with a genuine one.
CREATE UNIQUE INDEX timers_by_client_id ON timers (survivor_id, client_id, is_duress) WHERE client_id IS NOT NULL;
