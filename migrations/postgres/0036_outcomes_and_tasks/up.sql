-- What a force said came of an alert, one row each time: what was released to the survivor stays when it is corrected.
CREATE TABLE police_outcomes (
    id uuid NOT NULL,
    alert_id uuid NOT NULL REFERENCES alerts (id),
    survivor_id uuid NOT NULL REFERENCES survivors (id),
    organisation_id uuid REFERENCES organisations (id),
    outcome text NOT NULL,
    grade text,
    force_reference bytea,
    state text NOT NULL,
    told_at timestamptz NOT NULL,
    act_at timestamptz,
    decided_at timestamptz,
    decided_by uuid REFERENCES staff (id),
    reason text,
    superseded_at timestamptz,
    PRIMARY KEY (id)
);
CREATE INDEX police_outcomes_by_alert ON police_outcomes (alert_id, id);
CREATE INDEX police_outcomes_by_survivor ON police_outcomes (survivor_id, decided_at, id);
CREATE INDEX police_outcomes_due ON police_outcomes (act_at) WHERE act_at IS NOT NULL;

INSERT INTO police_outcomes (id, alert_id, survivor_id, outcome, state, told_at, decided_at)
SELECT id, id, survivor_id, outcome,
    CASE WHEN outcome_released_at IS NULL THEN 'told' ELSE 'released' END,
    updated_at, outcome_released_at
FROM alerts WHERE outcome IS NOT NULL;

-- By when a task is to be done, when the clock looks at it next, and why it ended.
ALTER TABLE tasks ADD COLUMN due_at timestamptz;
ALTER TABLE tasks ADD COLUMN act_at timestamptz;
ALTER TABLE tasks ADD COLUMN ended_because text;
CREATE INDEX tasks_open ON tasks (survivor_id, kind) WHERE state = 'open';
CREATE INDEX tasks_due ON tasks (act_at) WHERE act_at IS NOT NULL;
UPDATE tasks SET state = 'closed_with_alert', ended_because = 'alert_closed', done_at = (
    SELECT closed_at FROM alerts WHERE alerts.id = tasks.alert_id
) WHERE state = 'open' AND alert_id IN (SELECT id FROM alerts WHERE closed_at IS NOT NULL);
