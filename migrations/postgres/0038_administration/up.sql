-- Organisations can be corrected, and each force is one organisation. A block can be lifted, and stays in the history.
ALTER TABLE organisations ADD COLUMN version integer NOT NULL DEFAULT 1;
CREATE UNIQUE INDEX organisations_by_force ON organisations (force_id);
ALTER TABLE blocks ADD COLUMN lifted_by uuid REFERENCES staff (id);
ALTER TABLE blocks ADD COLUMN lift_reason bytea;
