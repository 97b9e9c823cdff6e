-- What was recorded wrongly is corrected with its history: reviews of goals, and the entries of orders.
ALTER TABLE goal_reviews ADD COLUMN supersedes_id BLOB REFERENCES goal_reviews (id) CHECK (length(supersedes_id) = 16);
ALTER TABLE goal_reviews ADD COLUMN withdrawn_at INTEGER;
ALTER TABLE goal_reviews ADD COLUMN withdrawn_by BLOB REFERENCES staff (id) CHECK (length(withdrawn_by) = 16);
ALTER TABLE goal_reviews ADD COLUMN withdrawn_reason BLOB;

CREATE TABLE order_corrections (
    id BLOB NOT NULL CHECK (length(id) = 16),
    order_id BLOB NOT NULL REFERENCES orders (id) CHECK (length(order_id) = 16),
    participant_id BLOB NOT NULL REFERENCES participants (id) CHECK (length(participant_id) = 16),
    correction BLOB NOT NULL,
    created_by BLOB NOT NULL REFERENCES staff (id) CHECK (length(created_by) = 16),
    created_at INTEGER NOT NULL,
    PRIMARY KEY (id)
) STRICT;
CREATE INDEX order_corrections_by_order ON order_corrections (order_id, id);

-- A case's timeline places an incident when it happened.
CREATE INDEX incidents_by_happened ON incidents (survivor_id, happened_at, id);
