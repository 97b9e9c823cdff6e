-- Schedules that pause, recur by rule and keep quiet hours; timers; questions; reviews; and what duress needs.

ALTER TABLE schedules ADD COLUMN rrule TEXT;
ALTER TABLE schedules ADD COLUMN starts_at_local TEXT;
ALTER TABLE schedules ADD COLUMN quiet_from TEXT;
ALTER TABLE schedules ADD COLUMN quiet_until TEXT;
ALTER TABLE schedules ADD COLUMN paused_until INTEGER;
ALTER TABLE schedules ADD COLUMN act_at INTEGER;
ALTER TABLE schedules ADD COLUMN state_reason TEXT;
ALTER TABLE schedules ADD COLUMN ended_at INTEGER;
ALTER TABLE schedules ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
CREATE INDEX schedules_due ON schedules (act_at) WHERE act_at IS NOT NULL;

ALTER TABLE check_ins ADD COLUMN remind_at INTEGER;
ALTER TABLE check_ins ADD COLUMN is_duress INTEGER NOT NULL DEFAULT 0 CHECK (is_duress IN (0, 1));
ALTER TABLE check_ins ADD COLUMN wellbeing BLOB;
ALTER TABLE check_ins ADD COLUMN answers BLOB;
ALTER TABLE check_ins ADD COLUMN contact_by TEXT CHECK (json_valid(contact_by));
ALTER TABLE check_ins ADD COLUMN clock_offset_seconds INTEGER;
ALTER TABLE check_ins ADD COLUMN recorded_by BLOB CHECK (length(recorded_by) = 16);
ALTER TABLE check_ins ADD COLUMN review_state TEXT;
ALTER TABLE check_ins ADD COLUMN reviewed_at INTEGER;
ALTER TABLE check_ins ADD COLUMN resolved_at INTEGER;
CREATE INDEX check_ins_remind ON check_ins (remind_at) WHERE remind_at IS NOT NULL;

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

CREATE TABLE timers (
    id BLOB NOT NULL CHECK (length(id) = 16),
    survivor_id BLOB NOT NULL REFERENCES survivors (id) CHECK (length(survivor_id) = 16),
    device_id BLOB NOT NULL CHECK (length(device_id) = 16),
    state TEXT NOT NULL,
    note BLOB,
    location BLOB,
    started_at INTEGER NOT NULL,
    ends_at INTEGER NOT NULL,
    act_at INTEGER,
    extensions INTEGER NOT NULL,
    expired_at INTEGER,
    ended_at INTEGER,
    recorded_at INTEGER,
    is_duress INTEGER NOT NULL CHECK (is_duress IN (0, 1)),
    PRIMARY KEY (id)
) STRICT;
CREATE INDEX timers_due ON timers (act_at) WHERE act_at IS NOT NULL;
CREATE INDEX timers_by_survivor ON timers (survivor_id, started_at, id);

ALTER TABLE devices ADD COLUMN duress_pin_hash TEXT;
ALTER TABLE devices ADD COLUMN pin_failures INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sessions ADD COLUMN is_duress INTEGER NOT NULL DEFAULT 0 CHECK (is_duress IN (0, 1));
ALTER TABLE sessions ADD COLUMN pin_at INTEGER;
ALTER TABLE incidents ADD COLUMN is_duress INTEGER NOT NULL DEFAULT 0 CHECK (is_duress IN (0, 1));
