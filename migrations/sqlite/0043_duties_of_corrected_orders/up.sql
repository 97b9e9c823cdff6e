-- An order that is corrected gets its due points again: those of before stay as cancelled rows, and one of a kind is live.
CREATE TABLE order_duties_again (
    id BLOB NOT NULL CHECK (length(id) = 16),
    order_id BLOB NOT NULL REFERENCES orders (id) CHECK (length(order_id) = 16),
    participant_id BLOB NOT NULL REFERENCES participants (id) CHECK (length(participant_id) = 16),
    kind TEXT NOT NULL,
    due_on TEXT NOT NULL,
    act_at INTEGER,
    told_at INTEGER,
    done_on TEXT,
    cancelled_at INTEGER,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (id)
) STRICT;
INSERT INTO order_duties_again (id, order_id, participant_id, kind, due_on, act_at, told_at, done_on, cancelled_at, created_at)
SELECT id, order_id, participant_id, kind, due_on, act_at, told_at, done_on, cancelled_at, created_at FROM order_duties;
DROP TABLE order_duties;
ALTER TABLE order_duties_again RENAME TO order_duties;
CREATE INDEX order_duties_due ON order_duties (act_at) WHERE act_at IS NOT NULL;
CREATE UNIQUE INDEX order_duties_standing ON order_duties (order_id, kind) WHERE cancelled_at IS NULL;
CREATE INDEX order_duties_by_order ON order_duties (order_id, due_on, id);
