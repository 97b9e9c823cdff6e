-- The id that a phone made for a timer while it was offline, unique among its survivor's; and by how much its clock was ahead.
ALTER TABLE timers ADD COLUMN client_id uuid;
ALTER TABLE timers ADD COLUMN clock_offset_seconds integer;
CREATE UNIQUE INDEX timers_by_client_id ON timers (survivor_id, client_id, is_duress) WHERE client_id IS NOT NULL;
