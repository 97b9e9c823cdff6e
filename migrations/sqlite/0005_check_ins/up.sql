-- Schedules and check-ins. What is due is found through one partial index.

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
    PRIMARY KEY (id)
) STRICT;
CREATE INDEX schedules_by_survivor ON schedules (survivor_id);

CREATE TABLE check_ins (
    id BLOB NOT NULL CHECK (length(id) = 16),
    survivor_id BLOB NOT NULL REFERENCES survivors (id) CHECK (length(survivor_id) = 16),
    schedule_id BLOB REFERENCES schedules (id) CHECK (length(schedule_id) = 16),
    state TEXT NOT NULL,
    opens_at INTEGER,
    due_at INTEGER,
    grace_ends_at INTEGER,
    act_at INTEGER,
    missed_at INTEGER,
    answer TEXT,
    feeling_safe INTEGER,
    contact_since_last TEXT,
    safe_to_contact INTEGER CHECK (safe_to_contact IN (0, 1)),
    call_back INTEGER CHECK (call_back IN (0, 1)),
    note BLOB,
    location BLOB,
    recorded_at INTEGER,
    received_at INTEGER,
    device_id BLOB CHECK (length(device_id) = 16),
    happened_at INTEGER NOT NULL,
    PRIMARY KEY (id)
) STRICT;
CREATE UNIQUE INDEX check_ins_slot ON check_ins (schedule_id, due_at) WHERE schedule_id IS NOT NULL;
CREATE INDEX check_ins_due ON check_ins (act_at) WHERE act_at IS NOT NULL;
CREATE INDEX check_ins_waiting ON check_ins (survivor_id, act_at) WHERE act_at IS NOT NULL;
CREATE INDEX check_ins_by_survivor ON check_ins (survivor_id, happened_at, id);
