-- Messages to people: what waits, what was tried, and who opened the alert that it was about.

-- One message to one person on one channel, as codes: words and addresses are found when it is sent. `subject_id` is
-- the survivor (also for those whom they trust) or the member of staff, as `recipient` says: hence no foreign key.
CREATE TABLE notifications (
    id uuid NOT NULL,
    subject_id uuid NOT NULL,
    recipient text NOT NULL,
    template text NOT NULL,
    detail jsonb NOT NULL,
    channel text NOT NULL,
    device_id uuid REFERENCES devices (id),
    state text NOT NULL,
    outcome text,
    attempt integer NOT NULL,
    next_action_at timestamptz,
    queued_at timestamptz NOT NULL,
    sent_at timestamptz,
    deadline timestamptz NOT NULL,
    alert_id uuid REFERENCES alerts (id),
    -- When to look whether anybody opened the alert; if not, the message goes on to the person's next way.
    follow_up_at timestamptz,
    PRIMARY KEY (id)
);
CREATE INDEX notifications_due ON notifications (next_action_at) WHERE next_action_at IS NOT NULL;
CREATE INDEX notifications_waiting ON notifications (channel, next_action_at) WHERE next_action_at IS NOT NULL;
CREATE INDEX notifications_by_subject ON notifications (subject_id, queued_at);
CREATE INDEX notifications_by_alert ON notifications (alert_id, subject_id, queued_at) WHERE alert_id IS NOT NULL;
CREATE INDEX notifications_to_follow_up ON notifications (follow_up_at) WHERE follow_up_at IS NOT NULL;

-- One row an attempt, written before it begins.
CREATE TABLE notification_attempts (
    notification_id uuid NOT NULL REFERENCES notifications (id),
    attempt integer NOT NULL,
    channel text NOT NULL,
    started_at timestamptz NOT NULL,
    ended_at timestamptz,
    outcome text NOT NULL,
    status integer,
    PRIMARY KEY (notification_id, attempt)
);

-- Which member of staff opened which alert, for the first time and for the last.
CREATE TABLE alert_openings (
    alert_id uuid NOT NULL REFERENCES alerts (id),
    staff_id uuid NOT NULL REFERENCES staff (id),
    first_at timestamptz NOT NULL,
    last_at timestamptz NOT NULL,
    PRIMARY KEY (alert_id, staff_id)
);
