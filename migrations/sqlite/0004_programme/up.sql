-- The participant's side: orders, goals, sessions.

CREATE TABLE participants (
    id BLOB NOT NULL CHECK (length(id) = 16),
    reference TEXT NOT NULL UNIQUE,
    organisation_id BLOB NOT NULL REFERENCES organisations (id) CHECK (length(organisation_id) = 16),
    name BLOB NOT NULL,
    home_force_id TEXT NOT NULL,
    practitioner_id BLOB NOT NULL REFERENCES staff (id) CHECK (length(practitioner_id) = 16),
    version INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (id)
) STRICT;
CREATE INDEX participants_by_organisation ON participants (organisation_id, id);

CREATE TABLE orders (
    id BLOB NOT NULL CHECK (length(id) = 16),
    participant_id BLOB NOT NULL REFERENCES participants (id) CHECK (length(participant_id) = 16),
    kind TEXT NOT NULL,
    court BLOB,
    police_reference BLOB,
    made_on TEXT NOT NULL,
    served_on TEXT,
    expires_on TEXT,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (id)
) STRICT;
CREATE INDEX orders_by_participant ON orders (participant_id, id);

CREATE TABLE order_conditions (
    id BLOB NOT NULL CHECK (length(id) = 16),
    order_id BLOB NOT NULL REFERENCES orders (id) CHECK (length(order_id) = 16),
    participant_id BLOB NOT NULL REFERENCES participants (id) CHECK (length(participant_id) = 16),
    position INTEGER NOT NULL,
    kind TEXT NOT NULL,
    code TEXT NOT NULL,
    wording BLOB NOT NULL,
    PRIMARY KEY (id)
) STRICT;
CREATE INDEX order_conditions_by_order ON order_conditions (order_id, position);

CREATE TABLE goals (
    id BLOB NOT NULL CHECK (length(id) = 16),
    participant_id BLOB NOT NULL REFERENCES participants (id) CHECK (length(participant_id) = 16),
    domain TEXT NOT NULL,
    statement BLOB NOT NULL,
    survivor_benefit BLOB NOT NULL,
    participant_wording BLOB,
    levels BLOB NOT NULL,
    baseline INTEGER NOT NULL,
    weight INTEGER NOT NULL,
    target_on TEXT,
    state TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (id)
) STRICT;
CREATE INDEX goals_by_participant ON goals (participant_id, id);

CREATE TABLE goal_reviews (
    id BLOB NOT NULL CHECK (length(id) = 16),
    goal_id BLOB NOT NULL REFERENCES goals (id) CHECK (length(goal_id) = 16),
    participant_id BLOB NOT NULL REFERENCES participants (id) CHECK (length(participant_id) = 16),
    score INTEGER NOT NULL,
    note BLOB NOT NULL,
    reviewed_on TEXT NOT NULL,
    created_by BLOB NOT NULL REFERENCES staff (id) CHECK (length(created_by) = 16),
    created_at INTEGER NOT NULL,
    PRIMARY KEY (id)
) STRICT;
CREATE INDEX goal_reviews_by_goal ON goal_reviews (goal_id, id);
CREATE INDEX goal_reviews_by_participant ON goal_reviews (participant_id, created_at, id);

CREATE TABLE programme_sessions (
    id BLOB NOT NULL CHECK (length(id) = 16),
    participant_id BLOB NOT NULL REFERENCES participants (id) CHECK (length(participant_id) = 16),
    number INTEGER NOT NULL,
    module TEXT NOT NULL,
    mode TEXT NOT NULL,
    planned_at INTEGER NOT NULL,
    attendance TEXT,
    attendance_recorded_at INTEGER,
    attendance_recorded_by BLOB REFERENCES staff (id) CHECK (length(attendance_recorded_by) = 16),
    note BLOB,
    version INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (id),
    UNIQUE (participant_id, number)
) STRICT;
CREATE INDEX programme_sessions_by_time ON programme_sessions (participant_id, planned_at, id);
