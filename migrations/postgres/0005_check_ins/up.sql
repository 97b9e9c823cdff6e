-- Schedules and check-ins. What is due is found through one partial index.

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
    PRIMARY KEY (id)
);
CREATE INDEX schedules_by_survivor ON schedules (survivor_id);

CREATE TABLE check_ins (
    id uuid NOT NULL,
    survivor_id uuid NOT NULL REFERENCES survivors (id),
    schedule_id uuid REFERENCES schedules (id),
    state text NOT NULL,
    opens_at timestamptz,
    due_at timestamptz,
    grace_ends_at timestamptz,
    act_at timestamptz,
    missed_at timestamptz,
    answer text,
    feeling_safe integer,
    contact_since_last text,
    safe_to_contact boolean,
    call_back boolean,
    note bytea,
    location bytea,
    recorded_at timestamptz,
    received_at timestamptz,
    device_id uuid,
    happened_at timestamptz NOT NULL,
    PRIMARY KEY (id)
);
CREATE UNIQUE INDEX check_ins_slot ON check_ins (schedule_id, due_at) WHERE schedule_id IS NOT NULL;
CREATE INDEX check_ins_due ON check_ins (act_at) WHERE act_at IS NOT NULL;
CREATE INDEX check_ins_waiting ON check_ins (survivor_id, act_at) WHERE act_at IS NOT NULL;
CREATE INDEX check_ins_by_survivor ON check_ins (survivor_id, happened_at, id);
