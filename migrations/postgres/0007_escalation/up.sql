-- Alerts, their append-only history, and tasks for people.

CREATE TABLE alert_locks (
    survivor_id uuid NOT NULL REFERENCES survivors (id),
    turns bigint NOT NULL,
    PRIMARY KEY (survivor_id)
);
CREATE TABLE alerts (
    id uuid NOT NULL,
    reference text NOT NULL UNIQUE,
    survivor_id uuid NOT NULL REFERENCES survivors (id),
    case_id uuid REFERENCES cases (id),
    organisation_id uuid NOT NULL REFERENCES organisations (id),
    rule_group text NOT NULL,
    rule text NOT NULL,
    level integer NOT NULL,
    state text NOT NULL,
    is_silent boolean NOT NULL,
    is_exercise boolean NOT NULL,
    facts jsonb NOT NULL,
    police_setting text,
    police_allowed boolean NOT NULL,
    police_organisation_id uuid REFERENCES organisations (id),
    police_told_at timestamptz,
    police_acknowledged_at timestamptz,
    ladder jsonb NOT NULL,
    ladder_round integer NOT NULL,
    ladder_next integer NOT NULL,
    act_at timestamptz,
    message_sequence integer NOT NULL,
    acknowledged_at timestamptz,
    closed_at timestamptz,
    outcome text,
    outcome_released_at timestamptz,
    raised_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    version integer NOT NULL,
    PRIMARY KEY (id)
);
CREATE UNIQUE INDEX alerts_one_open ON alerts (survivor_id, rule_group) WHERE closed_at IS NULL;
CREATE INDEX alerts_due ON alerts (act_at) WHERE act_at IS NOT NULL;
CREATE INDEX alerts_by_organisation ON alerts (organisation_id, id);
CREATE INDEX alerts_by_survivor ON alerts (survivor_id, raised_at, id);
CREATE INDEX alerts_by_force ON alerts (police_organisation_id, id);

CREATE TABLE alert_history (
    id uuid NOT NULL,
    alert_id uuid NOT NULL REFERENCES alerts (id),
    survivor_id uuid NOT NULL REFERENCES survivors (id),
    at timestamptz NOT NULL,
    kind text NOT NULL,
    rule text,
    level integer NOT NULL,
    detail jsonb NOT NULL,
    note bytea,
    actor_kind text NOT NULL,
    actor_id uuid,
    PRIMARY KEY (id)
);
CREATE INDEX alert_history_by_alert ON alert_history (alert_id, id);

CREATE TABLE tasks (
    id uuid NOT NULL,
    organisation_id uuid NOT NULL REFERENCES organisations (id),
    for_role text NOT NULL,
    kind text NOT NULL,
    survivor_id uuid NOT NULL REFERENCES survivors (id),
    alert_id uuid REFERENCES alerts (id),
    detail jsonb NOT NULL,
    state text NOT NULL,
    created_at timestamptz NOT NULL,
    done_at timestamptz,
    done_by uuid REFERENCES staff (id),
    note bytea,
    PRIMARY KEY (id)
);
CREATE INDEX tasks_by_organisation ON tasks (organisation_id, id);
CREATE INDEX tasks_by_alert ON tasks (alert_id);
