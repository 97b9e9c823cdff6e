-- What a survivor reports; an amendment is a new version.

CREATE TABLE incidents (
    id BLOB NOT NULL CHECK (length(id) = 16),
    survivor_id BLOB NOT NULL REFERENCES survivors (id) CHECK (length(survivor_id) = 16),
    state TEXT NOT NULL,
    version INTEGER NOT NULL,
    severity INTEGER NOT NULL,
    visibility TEXT NOT NULL,
    order_condition_id BLOB REFERENCES order_conditions (id) CHECK (length(order_condition_id) = 16),
    happened_at INTEGER NOT NULL,
    received_at INTEGER NOT NULL,
    withdrawn_at INTEGER,
    withdrawal_reason BLOB,
    PRIMARY KEY (id)
) STRICT;
CREATE INDEX incidents_by_survivor ON incidents (survivor_id, received_at, id);

CREATE TABLE incident_versions (
    incident_id BLOB NOT NULL REFERENCES incidents (id) CHECK (length(incident_id) = 16),
    version INTEGER NOT NULL,
    survivor_id BLOB NOT NULL REFERENCES survivors (id) CHECK (length(survivor_id) = 16),
    precision TEXT NOT NULL,
    happened_from INTEGER,
    happened_to INTEGER,
    behaviours TEXT NOT NULL CHECK (json_valid(behaviours)),
    account BLOB NOT NULL,
    private_note BLOB,
    place BLOB,
    fear INTEGER NOT NULL,
    severity INTEGER NOT NULL,
    visibility TEXT NOT NULL,
    happening_now INTEGER NOT NULL CHECK (happening_now IN (0, 1)),
    police_may_contact INTEGER NOT NULL CHECK (police_may_contact IN (0, 1)),
    order_condition_id BLOB REFERENCES order_conditions (id) CHECK (length(order_condition_id) = 16),
    recorded_at INTEGER NOT NULL,
    received_at INTEGER NOT NULL,
    reason BLOB,
    PRIMARY KEY (incident_id, version)
) STRICT;
