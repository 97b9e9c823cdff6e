-- The participant's side: orders, goals, sessions.

CREATE TABLE participants (
    id uuid NOT NULL,
    reference text NOT NULL UNIQUE,
    organisation_id uuid NOT NULL REFERENCES organisations (id),
    name bytea NOT NULL,
    home_force_id text NOT NULL,
    practitioner_id uuid NOT NULL REFERENCES staff (id),
    version integer NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX participants_by_organisation ON participants (organisation_id, id);

CREATE TABLE orders (
    id uuid NOT NULL,
    participant_id uuid NOT NULL REFERENCES participants (id),
    kind text NOT NULL,
    court bytea,
    police_reference bytea,
    made_on text NOT NULL,
    served_on text,
    expires_on text,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX orders_by_participant ON orders (participant_id, id);

CREATE TABLE order_conditions (
    id uuid NOT NULL,
    order_id uuid NOT NULL REFERENCES orders (id),
    participant_id uuid NOT NULL REFERENCES participants (id),
    position integer NOT NULL,
    kind text NOT NULL,
    code text NOT NULL,
    wording bytea NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX order_conditions_by_order ON order_conditions (order_id, position);

CREATE TABLE goals (
    id uuid NOT NULL,
    participant_id uuid NOT NULL REFERENCES participants (id),
    domain text NOT NULL,
    statement bytea NOT NULL,
    survivor_benefit bytea NOT NULL,
    participant_wording bytea,
    levels bytea NOT NULL,
    baseline integer NOT NULL,
    weight integer NOT NULL,
    target_on text,
    state text NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX goals_by_participant ON goals (participant_id, id);

CREATE TABLE goal_reviews (
    id uuid NOT NULL,
    goal_id uuid NOT NULL REFERENCES goals (id),
    participant_id uuid NOT NULL REFERENCES participants (id),
    score integer NOT NULL,
    note bytea NOT NULL,
    reviewed_on text NOT NULL,
    created_by uuid NOT NULL REFERENCES staff (id),
    created_at timestamptz NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX goal_reviews_by_goal ON goal_reviews (goal_id, id);
CREATE INDEX goal_reviews_by_participant ON goal_reviews (participant_id, created_at, id);

CREATE TABLE programme_sessions (
    id uuid NOT NULL,
    participant_id uuid NOT NULL REFERENCES participants (id),
    number integer NOT NULL,
    module text NOT NULL,
    mode text NOT NULL,
    planned_at timestamptz NOT NULL,
    attendance text,
    attendance_recorded_at timestamptz,
    attendance_recorded_by uuid REFERENCES staff (id),
    note bytea,
    version integer NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (id),
    UNIQUE (participant_id, number)
);
CREATE INDEX programme_sessions_by_time ON programme_sessions (participant_id, planned_at, id);
