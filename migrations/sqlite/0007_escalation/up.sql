-- Alerts, their append-only history, and tasks for people.

CREATE TABLE alert_locks (
    survivor_id BLOB NOT NULL REFERENCES survivors (id) CHECK (length(survivor_id) = 16),
    turns INTEGER NOT NULL,
    PRIMARY KEY (survivor_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE alerts (
    id BLOB NOT NULL CHECK (length(id) = 16),
    reference TEXT NOT NULL UNIQUE,
    survivor_id BLOB NOT NULL REFERENCES survivors (id) CHECK (length(survivor_id) = 16),
    case_id BLOB REFERENCES cases (id) CHECK (length(case_id) = 16),
    organisation_id BLOB NOT NULL REFERENCES organisations (id) CHECK (length(organisation_id) = 16),
    rule_group TEXT NOT NULL,
    rule TEXT NOT NULL,
    level INTEGER NOT NULL,
    state TEXT NOT NULL,
    is_silent INTEGER NOT NULL CHECK (is_silent IN (0, 1)),
    is_exercise INTEGER NOT NULL CHECK (is_exercise IN (0, 1)),
    facts TEXT NOT NULL CHECK (json_valid(facts)),
    police_setting TEXT,
    police_allowed INTEGER NOT NULL CHECK (police_allowed IN (0, 1)),
    police_organisation_id BLOB REFERENCES organisations (id) CHECK (length(police_organisation_id) = 16),
    police_told_at INTEGER,
    police_acknowledged_at INTEGER,
    ladder TEXT NOT NULL CHECK (json_valid(ladder)),
    ladder_round INTEGER NOT NULL,
    ladder_next INTEGER NOT NULL,
    act_at INTEGER,
    message_sequence INTEGER NOT NULL,
    acknowledged_at INTEGER,
    closed_at INTEGER,
    outcome TEXT,
    outcome_released_at INTEGER,
    raised_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    version INTEGER NOT NULL,
    PRIMARY KEY (id)
) STRICT;
CREATE UNIQUE INDEX alerts_one_open ON alerts (survivor_id, rule_group) WHERE closed_at IS NULL;
CREATE INDEX alerts_due ON alerts (act_at) WHERE act_at IS NOT NULL;
CREATE INDEX alerts_by_organisation ON alerts (organisation_id, id);
CREATE INDEX alerts_by_survivor ON alerts (survivor_id, raised_at, id);
CREATE INDEX alerts_by_force ON alerts (police_organisation_id, id);

CREATE TABLE alert_history (
    id BLOB NOT NULL CHECK (length(id) = 16),
    alert_id BLOB NOT NULL REFERENCES alerts (id) CHECK (length(alert_id) = 16),
    survivor_id BLOB NOT NULL REFERENCES survivors (id) CHECK (length(survivor_id) = 16),
    at INTEGER NOT NULL,
    kind TEXT NOT NULL,
    rule TEXT,
    level INTEGER NOT NULL,
    detail TEXT NOT NULL CHECK (json_valid(detail)),
    note BLOB,
    actor_kind TEXT NOT NULL,
    actor_id BLOB CHECK (length(actor_id) = 16),
    PRIMARY KEY (id)
) STRICT;
CREATE INDEX alert_history_by_alert ON alert_history (alert_id, id);

CREATE TABLE tasks (
    id BLOB NOT NULL CHECK (length(id) = 16),
    organisation_id BLOB NOT NULL REFERENCES organisations (id) CHECK (length(organisation_id) = 16),
    for_role TEXT NOT NULL,
    kind TEXT NOT NULL,
    survivor_id BLOB NOT NULL REFERENCES survivors (id) CHECK (length(survivor_id) = 16),
    alert_id BLOB REFERENCES alerts (id) CHECK (length(alert_id) = 16),
    detail TEXT NOT NULL CHECK (json_valid(detail)),
    state TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    done_at INTEGER,
    done_by BLOB REFERENCES staff (id) CHECK (length(done_by) = 16),
    note BLOB,
    PRIMARY KEY (id)
) STRICT;
CREATE INDEX tasks_by_organisation ON tasks (organisation_id, id);
CREATE INDEX tasks_by_alert ON tasks (alert_id);
