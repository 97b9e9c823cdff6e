-- Which alert a message to staff tells of, when to look whether anybody opened it, and who opened which alert.

ALTER TABLE notifications ADD COLUMN alert_id uuid REFERENCES alerts (id);
ALTER TABLE notifications ADD COLUMN follow_up_at timestamptz;
CREATE INDEX notifications_by_alert ON notifications (alert_id, subject_id, queued_at) WHERE alert_id IS NOT NULL;
CREATE INDEX notifications_to_follow_up ON notifications (follow_up_at) WHERE follow_up_at IS NOT NULL;

CREATE TABLE alert_openings (
    alert_id uuid NOT NULL REFERENCES alerts (id),
    staff_id uuid NOT NULL REFERENCES staff (id),
    first_at timestamptz NOT NULL,
    last_at timestamptz NOT NULL,
    PRIMARY KEY (alert_id, staff_id)
);
