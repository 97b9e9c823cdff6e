-- What advocates read of a practitioner's concern, which signals of a case raised an alert, and news to follow.

-- None where it was recorded before advocates could read of it.
ALTER TABLE participant_concerns ADD COLUMN words bytea;

-- One row for a signal and the record that it hangs on: the session, the diary rating or the review.
CREATE TABLE case_signals (
    case_id uuid NOT NULL REFERENCES cases (id),
    signal text NOT NULL,
    record_id uuid NOT NULL,
    told_at timestamptz NOT NULL,
    PRIMARY KEY (case_id, signal, record_id)
);

-- What is new beside alerts, for those who follow: a line for each organisation that may be concerned, numbered once it
-- is committed, from the same numbers as changes of alerts.
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
CREATE INDEX live_news_waiting ON live_news (id) WHERE sequence IS NULL;
