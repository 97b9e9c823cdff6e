-- An order that is corrected gets its due points again: those of before stay as cancelled rows, and one of a kind is live.
ALTER TABLE order_duties DROP CONSTRAINT order_duties_order_id_kind_key;
CREATE UNIQUE INDEX order_duties_standing ON order_duties (order_id, kind) WHERE cancelled_at IS NULL;
CREATE INDEX order_duties_by_order ON order_duties (order_id, due_on, id);
