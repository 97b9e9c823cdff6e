-- Messages to people: what waits, what was tried, and who opened the alert that it was about.

-- One message to one person on one channel, as codes: words and addresses are found when it is sent. `subject_id` is
-- the survivor (also for those whom they trust) or the member of staff, as `recipient` says: hence no foreign key.
CREATE TABLE notifications (
    id BLOB NOT NULL CHECK (length(id) = 16),
    subject_id BLOB NOT NULL CHECK (length(subject_id) = 16),
    recipient TEXT NOT NULL,
    template TEXT NOT NULL,
    detail TEXT NOT NULL CHECK (json_valid(detail)),
    channel TEXT NOT NULL,
    device_id BLOB REFERENCES devices (id) CHECK (length(device_id) = 16),
    state TEXT NOT NULL,
    outcome TEXT,
    attempt INTEGER NOT NULL,
    next_action_at INTEGER,
    queued_at INTEGER NOT NULL,
    sent_at INTEGER,
    deadline INTEGER NOT NULL,
    alert_id BLOB REFERENCES alerts (id) CHECK (length(alert_id) = 16),
    -- When to look whether anybody opened the alert; if not, the message goes on to the person's next way.
    follow_up_at INTEGER,
    PRIMARY KEY (id)
) STRICT;
CREATE INDEX notifications_due ON notifications (next_action_at) WHERE next_action_at IS NOT NULL;
CREATE INDEX notifications_waiting ON notifications (channel, next_action_at) WHERE next_action_at IS NOT NULL;
CREATE INDEX notifications_by_subject ON notifications (subject_id, queued_at);
CREATE INDEX notifications_by_alert ON notifications (alert_id, subject_id, queued_at) WHERE alert_id IS NOT NULL;
CREATE INDEX notifications_to_follow_up ON notifications (follow_up_at) WHERE follow_up_at IS NOT NULL;

-- One row an attempt, written before it begins.
CREATE TABLE notification_attempts (
    notification_id BLOB NOT NULL REFERENCES notifications (id) CHECK (length(notification_id) = 16),
    attempt INTEGER NOT NULL,
    channel TEXT NOT NULL,
    started_at INTEGER NOT NULL,
    ended_at INTEGER,
    outcome TEXT NOT NULL,
    status INTEGER,
    PRIMARY KEY (notification_id, attempt)
) STRICT, WITHOUT ROWID;

-- Which member of staff opened which alert, for the first time and for the last.
CREATE TABLE alert_openings (
    alert_id BLOB NOT NULL REFERENCES alerts (id) CHECK (length(alert_id) = 16),
    staff_id BLOB NOT NULL REFERENCES staff (id) CHECK (length(staff_id) = 16),
    first_at INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    PRIMARY KEY (alert_id, staff_id)
) STRICT;
