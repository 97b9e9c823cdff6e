-- What was recorded wrongly is corrected with its history: reviews of goals, and the entries of orders.
ALTER TABLE goal_reviews ADD COLUMN supersedes_id uuid REFERENCES goal_reviews (id);
ALTER TABLE goal_reviews ADD COLUMN withdrawn_at timestamptz;
ALTER TABLE goal_reviews ADD COLUMN withdrawn_by uuid REFERENCES staff (id);
ALTER TABLE goal_reviews ADD COLUMN withdrawn_reason bytea;

CREATE TABLE order_corrections (
    id uuid NOT NULL,
    order_id uuid NOT NULL REFERENCES orders (id),
    participant_id uuid NOT NULL REFERENCES participants (id),
    correction bytea NOT NULL,
    created_by uuid NOT NULL REFERENCES staff (id),
    created_at timestamptz NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX order_corrections_by_order ON order_corrections (order_id, id);

-- A case's timeline places an incident when it happened.
CREATE INDEX incidents_by_happened ON incidents (survivor_id, happened_at, id);
