-- Signed calls to police endpoints: where to, with which keys, what waits, what was tried.

-- Endpoints, of several kinds; those of one force are tried in the order of `place`.
CREATE TABLE webhook_endpoints (
    id uuid NOT NULL,
    organisation_id uuid NOT NULL REFERENCES organisations (id),
    url text NOT NULL,
    description text NOT NULL,
    created_at timestamptz NOT NULL,
    disabled_at timestamptz,
    kind text NOT NULL DEFAULT 'webhook',
    place integer NOT NULL DEFAULT 0,
    version integer NOT NULL DEFAULT 1,
    -- How the endpoint is doing, for administrators.
    failing_since timestamptz,
    last_outcome text,
    last_status integer,
    -- When somebody of the force last acknowledged an alert or a drill that went through it.
    proven_at timestamptz,
    PRIMARY KEY (id)
);
CREATE INDEX webhook_endpoints_by_organisation ON webhook_endpoints (organisation_id, id);

-- Keys of an endpoint; a rotated one goes on until it retires.
CREATE TABLE webhook_keys (
    id uuid NOT NULL,
    endpoint_id uuid NOT NULL REFERENCES webhook_endpoints (id),
    secret bytea NOT NULL,
    seed bytea NOT NULL,
    public_key text NOT NULL,
    created_at timestamptz NOT NULL,
    retires_at timestamptz,
    PRIMARY KEY (id)
);
CREATE INDEX webhook_keys_by_endpoint ON webhook_keys (endpoint_id, id);

-- Messages, each to one endpoint; attempts end at `deadline`. `attempt` is the fencing token of the lease that
-- `next_action_at` ends.
CREATE TABLE deliveries (
    id uuid NOT NULL,
    endpoint_id uuid NOT NULL REFERENCES webhook_endpoints (id),
    survivor_id uuid REFERENCES survivors (id),
    alert_id uuid REFERENCES alerts (id),
    message_id text NOT NULL,
    message_type text NOT NULL,
    level integer NOT NULL,
    body bytea NOT NULL,
    state text NOT NULL,
    attempt integer NOT NULL,
    next_action_at timestamptz,
    queued_at timestamptz NOT NULL,
    first_attempt_at timestamptz,
    delivered_at timestamptz,
    deadline timestamptz NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX deliveries_due ON deliveries (next_action_at) WHERE next_action_at IS NOT NULL;
CREATE INDEX deliveries_waiting ON deliveries (endpoint_id, next_action_at) WHERE next_action_at IS NOT NULL;
CREATE INDEX deliveries_by_alert ON deliveries (alert_id, id);
CREATE INDEX deliveries_by_endpoint ON deliveries (endpoint_id, id);
CREATE INDEX deliveries_given_up ON deliveries (alert_id) WHERE state = 'given_up';

-- One row an attempt, written before it begins.
CREATE TABLE delivery_attempts (
    delivery_id uuid NOT NULL REFERENCES deliveries (id),
    attempt integer NOT NULL,
    started_at timestamptz NOT NULL,
    ended_at timestamptz,
    outcome text NOT NULL,
    status integer,
    PRIMARY KEY (delivery_id, attempt)
);
