-- Live updates: changes of alerts, and other news, in an order that no follower can fall behind.
--
-- Ids and instants cannot be followed: of two transactions that overlap, the one that began first may commit last. A
-- line is therefore numbered after it was committed, and what is read later always has a greater number.

-- The last number given. Numbering locks this row, so that numbers are given by one transaction at a time.
CREATE TABLE alert_change_numbers (
    id integer NOT NULL,
    last_number bigint NOT NULL,
    PRIMARY KEY (id)
);
INSERT INTO alert_change_numbers (id, last_number) VALUES (1, 0);

-- A line of an alert's history.
CREATE TABLE alert_changes (
    history_id uuid NOT NULL REFERENCES alert_history (id),
    alert_id uuid NOT NULL REFERENCES alerts (id),
    organisation_id uuid NOT NULL REFERENCES organisations (id),
    sequence bigint,
    PRIMARY KEY (history_id)
);
CREATE UNIQUE INDEX alert_changes_in_order ON alert_changes (sequence);
CREATE INDEX alert_changes_by_organisation ON alert_changes (organisation_id, sequence);
-- What waits for its number.
CREATE INDEX alert_changes_waiting ON alert_changes (history_id) WHERE sequence IS NULL;

-- What is new apart from alerts: a line for each organisation that may be concerned, with a number from the same row.
CREATE TABLE live_news (
    id uuid NOT NULL,
    kind text NOT NULL,
    record_id uuid NOT NULL,
    organisation_id uuid NOT NULL REFERENCES organisations (id),
    survivor_id uuid,
    case_id uuid REFERENCES cases (id),
    participant_id uuid,
    for_role text,
    at timestamptz NOT NULL,
    sequence bigint,
    PRIMARY KEY (id)
);
CREATE UNIQUE INDEX live_news_in_order ON live_news (sequence);
CREATE INDEX live_news_by_organisation ON live_news (organisation_id, sequence);
-- What waits for its number.
CREATE INDEX live_news_waiting ON live_news (id) WHERE sequence IS NULL;
