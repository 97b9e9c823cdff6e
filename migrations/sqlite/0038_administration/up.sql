-- Organisations can be corrected, and each force is one organisation. A block can be lifted, and stays in the history.
ALTER TABLE organisations ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
CREATE UNIQUE INDEX organisations_by_force ON organisations (force_id);
ALTER TABLE blocks ADD COLUMN lifted_by BLOB REFERENCES staff (id) CHECK (length(lifted_by) = 16);
ALTER TABLE blocks ADD COLUMN lift_reason BLOB;
