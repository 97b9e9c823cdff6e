-- Signed calls to police endpoints: where to, with which keys, what waits, what was tried.

-- Endpoints, of several kinds; those of one force are tried in the order of `place`.
CREATE TABLE webhook_endpoints (
    id BLOB NOT NULL CHECK (length(id) = 16),
    organisation_id BLOB NOT NULL REFERENCES organisations (id) CHECK (length(organisation_id) = 16),
    url TEXT NOT NULL,
    description TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    disabled_at INTEGER,
    kind TEXT NOT NULL DEFAULT 'webhook',
    place INTEGER NOT NULL DEFAULT 0,
    version INTEGER NOT NULL DEFAULT 1,
    -- How the endpoint is doing, for administrators.
    failing_since INTEGER,
    last_outcome TEXT,
    last_status INTEGER,
    -- When somebody of the force last acknowledged an alert or a drill that went through it.
    proven_at INTEGER,
    PRIMARY KEY (id)
) STRICT;
CREATE INDEX webhook_endpoints_by_organisation ON webhook_endpoints (organisation_id, id);

-- Keys of an endpoint; a rotated one goes on until it retires.
CREATE TABLE webhook_keys (
    id BLOB NOT NULL CHECK (length(id) = 16),
    endpoint_id BLOB NOT NULL REFERENCES webhook_endpoints (id) CHECK (length(endpoint_id) = 16),
    secret BLOB NOT NULL,
    seed BLOB NOT NULL,
    public_key TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    retires_at INTEGER,
    PRIMARY KEY (id)
) STRICT;
CREATE INDEX webhook_keys_by_endpoint ON webhook_keys (endpoint_id, id);

-- Messages, each to one endpoint; attempts end at `deadline`. `attempt` is the fencing token of the lease that
-- `next_action_at` ends.
CREATE TABLE deliveries (
    id BLOB NOT NULL CHECK (length(id) = 16),
    endpoint_id BLOB NOT NULL REFERENCES webhook_endpoints (id) CHECK (length(endpoint_id) = 16),
    survivor_id BLOB REFERENCES survivors (id) CHECK (length(survivor_id) = 16),
    alert_id BLOB REFERENCES alerts (id) CHECK (length(alert_id) = 16),
    message_id TEXT NOT NULL,
    message_type TEXT NOT NULL,
    level INTEGER NOT NULL,
    body BLOB NOT NULL,
    state TEXT NOT NULL,
    attempt INTEGER NOT NULL,
    next_action_at INTEGER,
    queued_at INTEGER NOT NULL,
    first_attempt_at INTEGER,
    delivered_at INTEGER,
    deadline INTEGER NOT NULL,
    PRIMARY KEY (id)
) STRICT;
CREATE INDEX deliveries_due ON deliveries (next_action_at) WHERE next_action_at IS NOT NULL;
CREATE INDEX deliveries_waiting ON deliveries (endpoint_id, next_action_at) WHERE next_action_at IS NOT NULL;
CREATE INDEX deliveries_by_alert ON deliveries (alert_id, id);
CREATE INDEX deliveries_by_endpoint ON deliveries (endpoint_id, id);
CREATE INDEX deliveries_given_up ON deliveries (alert_id) WHERE state = 'given_up';

-- One row an attempt, written before it begins.
CREATE TABLE delivery_attempts (
    delivery_id BLOB NOT NULL REFERENCES deliveries (id) CHECK (length(delivery_id) = 16),
    attempt INTEGER NOT NULL,
    started_at INTEGER NOT NULL,
    ended_at INTEGER,
    outcome TEXT NOT NULL,
    status INTEGER,
    PRIMARY KEY (delivery_id, attempt)
) STRICT, WITHOUT ROWID;
