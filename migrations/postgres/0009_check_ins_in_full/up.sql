-- Schedules that pause, recur by rule and keep quiet hours; timers; questions; reviews; and what duress needs.

ALTER TABLE schedules ADD COLUMN rrule text;
ALTER TABLE schedules ADD COLUMN starts_at_local text;
ALTER TABLE schedules ADD COLUMN quiet_from text;
ALTER TABLE schedules ADD COLUMN quiet_until text;
ALTER TABLE schedules ADD COLUMN paused_until timestamptz;
ALTER TABLE schedules ADD COLUMN act_at timestamptz;
ALTER TABLE schedules ADD COLUMN state_reason text;
ALTER TABLE schedules ADD COLUMN ended_at timestamptz;
ALTER TABLE schedules ADD COLUMN version integer NOT NULL DEFAULT 1;
CREATE INDEX schedules_due ON schedules (act_at) WHERE act_at IS NOT NULL;

ALTER TABLE check_ins ADD COLUMN remind_at timestamptz;
ALTER TABLE check_ins ADD COLUMN is_duress boolean NOT NULL DEFAULT false;
ALTER TABLE check_ins ADD COLUMN wellbeing bytea;
ALTER TABLE check_ins ADD COLUMN answers bytea;
ALTER TABLE check_ins ADD COLUMN contact_by jsonb;
ALTER TABLE check_ins ADD COLUMN clock_offset_seconds integer;
ALTER TABLE check_ins ADD COLUMN recorded_by uuid;
ALTER TABLE check_ins ADD COLUMN review_state text;
ALTER TABLE check_ins ADD COLUMN reviewed_at timestamptz;
ALTER TABLE check_ins ADD COLUMN resolved_at timestamptz;
CREATE INDEX check_ins_remind ON check_ins (remind_at) WHERE remind_at IS NOT NULL;

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

CREATE TABLE timers (
    id uuid NOT NULL,
    survivor_id uuid NOT NULL REFERENCES survivors (id),
    device_id uuid NOT NULL,
    state text NOT NULL,
    note bytea,
    location bytea,
    started_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL,
    act_at timestamptz,
    extensions integer NOT NULL,
    expired_at timestamptz,
    ended_at timestamptz,
    recorded_at timestamptz,
    is_duress boolean NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX timers_due ON timers (act_at) WHERE act_at IS NOT NULL;
CREATE INDEX timers_by_survivor ON timers (survivor_id, started_at, id);

ALTER TABLE devices ADD COLUMN duress_pin_hash text;
ALTER TABLE devices ADD COLUMN pin_failures integer NOT NULL DEFAULT 0;
ALTER TABLE sessions ADD COLUMN is_duress boolean NOT NULL DEFAULT false;
ALTER TABLE sessions ADD COLUMN pin_at timestamptz;
ALTER TABLE incidents ADD COLUMN is_duress boolean NOT NULL DEFAULT false;
