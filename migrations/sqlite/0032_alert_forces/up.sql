-- The forces of an alert, one row each: which of them a trigger goes to, what each was sent, read and acknowledged. And the
-- time by which an alert is to be acknowledged, which no read moves.

CREATE TABLE alert_forces (
    alert_id BLOB NOT NULL REFERENCES alerts (id) CHECK (length(alert_id) = 16),
    force_id TEXT NOT NULL,
    organisation_id BLOB REFERENCES organisations (id) CHECK (length(organisation_id) = 16),
    added_at INTEGER NOT NULL,
    is_awaiting INTEGER NOT NULL CHECK (is_awaiting IN (0, 1)),
    has_news INTEGER NOT NULL CHECK (has_news IN (0, 1)),
    unreachable TEXT,
    message_sequence INTEGER NOT NULL,
    notified_at INTEGER,
    last_notified_at INTEGER,
    acknowledged_at INTEGER,
    read_at INTEGER,
    PRIMARY KEY (alert_id, force_id)
) STRICT;
CREATE INDEX alert_forces_by_organisation ON alert_forces (organisation_id, alert_id);

INSERT INTO alert_forces (alert_id, force_id, organisation_id, added_at, is_awaiting, has_news, unreachable,
    message_sequence, notified_at, last_notified_at, acknowledged_at, read_at)
SELECT alerts.id, organisations.force_id, organisations.id, alerts.raised_at, alerts.police_told_at IS NULL, 0, NULL,
    alerts.message_sequence, alerts.police_told_at, alerts.police_told_at, alerts.police_acknowledged_at, NULL
FROM alerts JOIN organisations ON organisations.id = alerts.police_organisation_id
WHERE organisations.force_id IS NOT NULL;

ALTER TABLE alerts ADD COLUMN acknowledge_by INTEGER;
UPDATE alerts SET acknowledge_by = raised_at + 60000000 * CASE level WHEN 4 THEN 5 WHEN 3 THEN 30 ELSE 1440 END;

-- Of mail nobody knows more than that it was sent.
UPDATE deliveries SET state = 'sent_by_mail'
WHERE state = 'delivered' AND endpoint_id IN (SELECT id FROM webhook_endpoints WHERE kind = 'email');
