-- What advocates read of a practitioner's concern, which signals of a case raised an alert, and news to follow.

-- None where it was recorded before advocates could read of it.
ALTER TABLE participant_concerns ADD COLUMN words BLOB;

-- One row for a signal and the record that it hangs on: the session, the diary rating or the review.
CREATE TABLE case_signals (
    case_id BLOB NOT NULL REFERENCES cases (id) CHECK (length(case_id) = 16),
    signal TEXT NOT NULL,
    record_id BLOB NOT NULL CHECK (length(record_id) = 16),
    told_at INTEGER NOT NULL,
    PRIMARY KEY (case_id, signal, record_id)
) STRICT, WITHOUT ROWID;

-- What is new beside alerts, for those who follow: a line for each organisation that may be concerned, numbered once it
-- is committed, from the same numbers as changes of alerts.
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
CREATE INDEX live_news_waiting ON live_news (id) WHERE sequence IS NULL;
