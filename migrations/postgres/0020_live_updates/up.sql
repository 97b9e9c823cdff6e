-- Live updates: changes of alerts in an order that nobody who follows them can fall behind.

-- A line of an alert's history, numbered once it is committed: what is read later has a greater number, always.
CREATE TABLE alert_changes (
    history_id uuid NOT NULL REFERENCES alert_history (id),
    alert_id uuid NOT NULL REFERENCES alerts (id),
    organisation_id uuid NOT NULL REFERENCES organisations (id),
    sequence bigint,
    PRIMARY KEY (history_id)
);
CREATE UNIQUE INDEX alert_changes_in_order ON alert_changes (sequence);
CREATE INDEX alert_changes_by_organisation ON alert_changes (organisation_id, sequence);
CREATE INDEX alert_changes_waiting ON alert_changes (history_id) WHERE sequence IS NULL;

-- The last number given. Whoever numbers holds this row, so that numbers are given by one at a time.
CREATE TABLE alert_change_numbers (
    id integer NOT NULL,
    last_number bigint NOT NULL,
    PRIMARY KEY (id)
);
INSERT INTO alert_change_numbers (id, last_number) VALUES (1, 0);
