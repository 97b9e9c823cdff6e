-- Who is asking: organisations, staff, survivors, their phones, sessions, police systems.

CREATE TABLE installation (
    id BLOB NOT NULL CHECK (length(id) = 16),
    created_at INTEGER NOT NULL,
    PRIMARY KEY (id)
) STRICT;
CREATE TABLE organisations (
    id BLOB NOT NULL CHECK (length(id) = 16),
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    force_id TEXT,
    duty_desk_phone TEXT,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (id)
) STRICT;
CREATE TABLE staff (
    id BLOB NOT NULL CHECK (length(id) = 16),
    organisation_id BLOB REFERENCES organisations (id) CHECK (length(organisation_id) = 16),
    username_index BLOB NOT NULL UNIQUE,
    username BLOB NOT NULL,
    display_name BLOB NOT NULL,
    roles TEXT NOT NULL CHECK (json_valid(roles)),
    password_hash TEXT,
    setup_index BLOB UNIQUE,
    setup_expires_at INTEGER,
    totp_secret BLOB,
    totp_confirmed_at INTEGER,
    totp_last_step INTEGER,
    created_at INTEGER NOT NULL,
    disabled_at INTEGER,
    PRIMARY KEY (id)
) STRICT;
CREATE INDEX staff_by_organisation ON staff (organisation_id);

CREATE TABLE survivors (
    id BLOB NOT NULL CHECK (length(id) = 16),
    reference TEXT NOT NULL UNIQUE,
    organisation_id BLOB NOT NULL REFERENCES organisations (id) CHECK (length(organisation_id) = 16),
    preferred_name BLOB NOT NULL,
    pronouns BLOB,
    language TEXT NOT NULL,
    home_force_id TEXT NOT NULL,
    risk_rating TEXT NOT NULL,
    code_word_hash TEXT,
    version INTEGER NOT NULL,
    created_by BLOB NOT NULL REFERENCES staff (id) CHECK (length(created_by) = 16),
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (id)
) STRICT;
CREATE INDEX survivors_by_organisation ON survivors (organisation_id, id);

CREATE TABLE enrolment_codes (
    id BLOB NOT NULL CHECK (length(id) = 16),
    survivor_id BLOB NOT NULL REFERENCES survivors (id) CHECK (length(survivor_id) = 16),
    code_index BLOB NOT NULL UNIQUE,
    created_by BLOB NOT NULL REFERENCES staff (id) CHECK (length(created_by) = 16),
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at INTEGER,
    PRIMARY KEY (id)
) STRICT;
CREATE INDEX enrolment_codes_by_survivor ON enrolment_codes (survivor_id);

CREATE TABLE devices (
    id BLOB NOT NULL CHECK (length(id) = 16),
    survivor_id BLOB NOT NULL REFERENCES survivors (id) CHECK (length(survivor_id) = 16),
    name BLOB NOT NULL,
    secret_index BLOB NOT NULL,
    sos_index BLOB NOT NULL UNIQUE,
    pin_hash TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    revoked_at INTEGER,
    PRIMARY KEY (id)
) STRICT;
CREATE INDEX devices_by_survivor ON devices (survivor_id);

CREATE TABLE police_clients (
    id BLOB NOT NULL CHECK (length(id) = 16),
    organisation_id BLOB NOT NULL REFERENCES organisations (id) CHECK (length(organisation_id) = 16),
    name TEXT NOT NULL,
    secret_index BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    revoked_at INTEGER,
    PRIMARY KEY (id)
) STRICT;
CREATE TABLE sessions (
    id BLOB NOT NULL CHECK (length(id) = 16),
    kind TEXT NOT NULL,
    account_id BLOB NOT NULL CHECK (length(account_id) = 16),
    device_id BLOB REFERENCES devices (id) CHECK (length(device_id) = 16),
    purpose TEXT NOT NULL,
    generation INTEGER NOT NULL,
    rotated_at INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    revoked_at INTEGER,
    PRIMARY KEY (id)
) STRICT, WITHOUT ROWID;
CREATE INDEX sessions_by_account ON sessions (account_id);

CREATE TABLE idempotency_keys (
    key_hash BLOB NOT NULL,
    fingerprint BLOB NOT NULL,
    status INTEGER NOT NULL,
    answer BLOB,
    created_at INTEGER NOT NULL,
    replayed_at INTEGER,
    PRIMARY KEY (key_hash)
) STRICT, WITHOUT ROWID;
CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);
