-- Live updates: changes of alerts, and other news, in an order that no follower can fall behind.
--
-- Ids and instants cannot be followed: of two transactions that overlap, the one that began first may commit last. A
-- line is therefore numbered after it was committed, and what is read later always has a greater number.

-- The last number given. Numbering locks this row, so that numbers are given by one transaction at a time.
CREATE TABLE alert_change_numbers (
    id INTEGER NOT NULL,
    last_number INTEGER NOT NULL,
    PRIMARY KEY (id)
) STRICT;
INSERT INTO alert_change_numbers (id, last_number) VALUES (1, 0);

-- A line of an alert's history.
CREATE TABLE alert_changes (
    history_id BLOB NOT NULL REFERENCES alert_history (id) CHECK (length(history_id) = 16),
    alert_id BLOB NOT NULL REFERENCES alerts (id) CHECK (length(alert_id) = 16),
    organisation_id BLOB NOT NULL REFERENCES organisations (id) CHECK (length(organisation_id) = 16),
    sequence INTEGER,
    PRIMARY KEY (history_id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX alert_changes_in_order ON alert_changes (sequence);
CREATE INDEX alert_changes_by_organisation ON alert_changes (organisation_id, sequence);
-- What waits for its number.
CREATE INDEX alert_changes_waiting ON alert_changes (history_id) WHERE sequence IS NULL;

-- What is new apart from alerts: a line for each organisation that may be concerned, with a number from the same row.
CREATE TABLE live_news (
    id BLOB NOT NULL CHECK (length(id) = 16),
    kind TEXT NOT NULL,
    record_id BLOB NOT NULL CHECK (length(record_id) = 16),
    organisation_id BLOB NOT NULL REFERENCES organisations (id) CHECK (length(organisation_id) = 16),
    survivor_id BLOB CHECK (length(survivor_id) = 16),
    case_id BLOB REFERENCES cases (id) CHECK (length(case_id) = 16),
    participant_id BLOB CHECK (length(participant_id) = 16),
    for_role TEXT,
    at INTEGER NOT NULL,
    sequence INTEGER,
    PRIMARY KEY (id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX live_news_in_order ON live_news (sequence);
CREATE INDEX live_news_by_organisation ON live_news (organisation_id, sequence);
-- What waits for its number.
CREATE INDEX live_news_waiting ON live_news (id) WHERE sequence IS NULL;
