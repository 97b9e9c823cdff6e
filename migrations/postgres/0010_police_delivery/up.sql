-- Endpoints in an order, of several kinds, with how they are doing; what was released once; beats and checkpoints.

ALTER TABLE webhook_endpoints ADD COLUMN kind text NOT NULL DEFAULT 'webhook';
ALTER TABLE webhook_endpoints ADD COLUMN place integer NOT NULL DEFAULT 0;
ALTER TABLE webhook_endpoints ADD COLUMN version integer NOT NULL DEFAULT 1;
ALTER TABLE webhook_endpoints ADD COLUMN failing_since timestamptz;
ALTER TABLE webhook_endpoints ADD COLUMN last_outcome text;
ALTER TABLE webhook_endpoints ADD COLUMN last_status integer;
CREATE INDEX deliveries_by_endpoint ON deliveries (endpoint_id, id);

CREATE TABLE location_releases (
    alert_id uuid NOT NULL REFERENCES alerts (id),
    check_in_id uuid NOT NULL REFERENCES check_ins (id),
    survivor_id uuid NOT NULL REFERENCES survivors (id),
    officer_id uuid NOT NULL REFERENCES staff (id),
    officer bytea NOT NULL,
    released_at timestamptz NOT NULL,
    PRIMARY KEY (alert_id, check_in_id)
);

-- One row: when the last checkpoint was taken, and the digest that the next one goes on from.
CREATE TABLE audit_beats (
    id integer NOT NULL,
    at timestamptz NOT NULL,
    digest bytea NOT NULL,
    PRIMARY KEY (id)
);
INSERT INTO audit_beats (id, at, digest) VALUES (0, '1970-01-01T00:00:00Z', '');

-- How far a checkpoint has told of each lane.
CREATE TABLE audit_checkpoints (
    lane integer NOT NULL,
    sequence bigint NOT NULL,
    PRIMARY KEY (lane)
);
INSERT INTO audit_checkpoints (lane, sequence) SELECT lane, 0 FROM audit_lanes;
