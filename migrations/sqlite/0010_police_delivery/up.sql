-- Endpoints in an order, of several kinds, with how they are doing; what was released once; beats and checkpoints.

ALTER TABLE webhook_endpoints ADD COLUMN kind TEXT NOT NULL DEFAULT 'webhook';
ALTER TABLE webhook_endpoints ADD COLUMN place INTEGER NOT NULL DEFAULT 0;
ALTER TABLE webhook_endpoints ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
ALTER TABLE webhook_endpoints ADD COLUMN failing_since INTEGER;
ALTER TABLE webhook_endpoints ADD COLUMN last_outcome TEXT;
ALTER TABLE webhook_endpoints ADD COLUMN last_status INTEGER;
CREATE INDEX deliveries_by_endpoint ON deliveries (endpoint_id, id);

CREATE TABLE location_releases (
    alert_id BLOB NOT NULL REFERENCES alerts (id) CHECK (length(alert_id) = 16),
    check_in_id BLOB NOT NULL REFERENCES check_ins (id) CHECK (length(check_in_id) = 16),
    survivor_id BLOB NOT NULL REFERENCES survivors (id) CHECK (length(survivor_id) = 16),
    officer_id BLOB NOT NULL REFERENCES staff (id) CHECK (length(officer_id) = 16),
    officer BLOB NOT NULL,
    released_at INTEGER NOT NULL,
    PRIMARY KEY (alert_id, check_in_id)
) STRICT;

-- One row: when the last checkpoint was taken, and the digest that the next one goes on from.
CREATE TABLE audit_beats (
    id INTEGER NOT NULL,
    at INTEGER NOT NULL,
    digest BLOB NOT NULL,
    PRIMARY KEY (id)
) STRICT;
INSERT INTO audit_beats (id, at, digest) VALUES (0, 0, x'');

-- How far a checkpoint has told of each lane.
CREATE TABLE audit_checkpoints (
    lane INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    PRIMARY KEY (lane)
) STRICT;
INSERT INTO audit_checkpoints (lane, sequence) SELECT lane, 0 FROM audit_lanes;
