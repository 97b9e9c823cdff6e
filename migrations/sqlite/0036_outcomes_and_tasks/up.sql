-- What a force said came of an alert, one row each time: what was released to the survivor stays when it is corrected.
CREATE TABLE police_outcomes (
    id BLOB NOT NULL CHECK (length(id) = 16),
    alert_id BLOB NOT NULL REFERENCES alerts (id) CHECK (length(alert_id) = 16),
    survivor_id BLOB NOT NULL REFERENCES survivors (id) CHECK (length(survivor_id) = 16),
    organisation_id BLOB REFERENCES organisations (id) CHECK (length(organisation_id) = 16),
    outcome TEXT NOT NULL,
    grade TEXT,
    force_reference BLOB,
    state TEXT NOT NULL,
    told_at INTEGER NOT NULL,
    act_at INTEGER,
    decided_at INTEGER,
    decided_by BLOB REFERENCES staff (id) CHECK (length(decided_by) = 16),
    reason TEXT,
    superseded_at INTEGER,
    PRIMARY KEY (id)
) STRICT;
CREATE INDEX police_outcomes_by_alert ON police_outcomes (alert_id, id);
CREATE INDEX police_outcomes_by_survivor ON police_outcomes (survivor_id, decided_at, id);
CREATE INDEX police_outcomes_due ON police_outcomes (act_at) WHERE act_at IS NOT NULL;

INSERT INTO police_outcomes (id, alert_id, survivor_id, outcome, state, told_at, decided_at)
SELECT id, id, survivor_id, outcome,
    CASE WHEN outcome_released_at IS NULL THEN 'told' ELSE 'released' END,
    updated_at, outcome_released_at
FROM alerts WHERE outcome IS NOT NULL;

-- By when a task is to be done, when the clock looks at it next, and why it ended.
ALTER TABLE tasks ADD COLUMN due_at INTEGER;
ALTER TABLE tasks ADD COLUMN act_at INTEGER;
ALTER TABLE tasks ADD COLUMN ended_because TEXT;
CREATE INDEX tasks_open ON tasks (survivor_id, kind) WHERE state = 'open';
CREATE INDEX tasks_due ON tasks (act_at) WHERE act_at IS NOT NULL;
UPDATE tasks SET state = 'closed_with_alert', ended_because = 'alert_closed', done_at = (
    SELECT closed_at FROM alerts WHERE alerts.id = tasks.alert_id
) WHERE state = 'open' AND alert_id IN (SELECT id FROM alerts WHERE closed_at IS NOT NULL);
