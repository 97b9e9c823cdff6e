-- The forces of an alert, one row each: which of them a trigger goes to, what each was sent, read and acknowledged. And the
-- time by which an alert is to be acknowledged, which no read moves.

CREATE TABLE alert_forces (
    alert_id uuid NOT NULL REFERENCES alerts (id),
    force_id text NOT NULL,
    organisation_id uuid REFERENCES organisations (id),
    added_at timestamptz NOT NULL,
    is_awaiting boolean NOT NULL,
    has_news boolean NOT NULL,
    unreachable text,
    message_sequence integer NOT NULL,
    notified_at timestamptz,
    last_notified_at timestamptz,
    acknowledged_at timestamptz,
    read_at timestamptz,
    PRIMARY KEY (alert_id, force_id)
);
CREATE INDEX alert_forces_by_organisation ON alert_forces (organisation_id, alert_id);

INSERT INTO alert_forces (alert_id, force_id, organisation_id, added_at, is_awaiting, has_news, unreachable,
    message_sequence, notified_at, last_notified_at, acknowledged_at, read_at)
SELECT alerts.id, organisations.force_id, organisations.id, alerts.raised_at, alerts.police_told_at IS NULL, false, NULL,
    alerts.message_sequence, alerts.police_told_at, alerts.police_told_at, alerts.police_acknowledged_at, NULL
FROM alerts JOIN organisations ON organisations.id = alerts.police_organisation_id
WHERE organisations.force_id IS NOT NULL;

ALTER TABLE alerts ADD COLUMN acknowledge_by timestamptz;
UPDATE alerts SET acknowledge_by = raised_at + CASE level WHEN 4 THEN interval '5 minutes'
    WHEN 3 THEN interval '30 minutes' ELSE interval '24 hours' END;

-- Of mail nobody knows more than that it was sent.
UPDATE deliveries SET state = 'sent_by_mail'
WHERE state = 'delivered' AND endpoint_id IN (SELECT id FROM webhook_endpoints WHERE kind = 'email');
