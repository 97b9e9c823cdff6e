-- Who is asking: organisations, staff, survivors, their phones, sessions, police systems.

CREATE TABLE installation (
    id uuid NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (id)
);
CREATE TABLE organisations (
    id uuid NOT NULL,
    kind text NOT NULL,
    name text NOT NULL,
    force_id text,
    duty_desk_phone text,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (id)
);
CREATE TABLE staff (
    id uuid NOT NULL,
    organisation_id uuid REFERENCES organisations (id),
    username_index bytea NOT NULL UNIQUE,
    username bytea NOT NULL,
    display_name bytea NOT NULL,
    roles jsonb NOT NULL,
    password_hash text,
    setup_index bytea UNIQUE,
    setup_expires_at timestamptz,
    totp_secret bytea,
    totp_confirmed_at timestamptz,
    totp_last_step bigint,
    created_at timestamptz NOT NULL,
    disabled_at timestamptz,
    PRIMARY KEY (id)
);
CREATE INDEX staff_by_organisation ON staff (organisation_id);

CREATE TABLE survivors (
    id uuid NOT NULL,
    reference text NOT NULL UNIQUE,
    organisation_id uuid NOT NULL REFERENCES organisations (id),
    preferred_name bytea NOT NULL,
    pronouns bytea,
    language text NOT NULL,
    home_force_id text NOT NULL,
    risk_rating text NOT NULL,
    code_word_hash text,
    version integer NOT NULL,
    created_by uuid NOT NULL REFERENCES staff (id),
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX survivors_by_organisation ON survivors (organisation_id, id);

CREATE TABLE enrolment_codes (
    id uuid NOT NULL,
    survivor_id uuid NOT NULL REFERENCES survivors (id),
    code_index bytea NOT NULL UNIQUE,
    created_by uuid NOT NULL REFERENCES staff (id),
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at timestamptz,
    PRIMARY KEY (id)
);
CREATE INDEX enrolment_codes_by_survivor ON enrolment_codes (survivor_id);

CREATE TABLE devices (
    id uuid NOT NULL,
    survivor_id uuid NOT NULL REFERENCES survivors (id),
    name bytea NOT NULL,
    secret_index bytea NOT NULL,
    sos_index bytea NOT NULL UNIQUE,
    pin_hash text NOT NULL,
    created_at timestamptz NOT NULL,
    revoked_at timestamptz,
    PRIMARY KEY (id)
);
CREATE INDEX devices_by_survivor ON devices (survivor_id);

CREATE TABLE police_clients (
    id uuid NOT NULL,
    organisation_id uuid NOT NULL REFERENCES organisations (id),
    name text NOT NULL,
    secret_index bytea NOT NULL,
    created_at timestamptz NOT NULL,
    revoked_at timestamptz,
    PRIMARY KEY (id)
);
CREATE TABLE sessions (
    id uuid NOT NULL,
    kind text NOT NULL,
    account_id uuid NOT NULL,
    device_id uuid REFERENCES devices (id),
    purpose text NOT NULL,
    generation bigint NOT NULL,
    rotated_at timestamptz NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz,
    PRIMARY KEY (id)
);
CREATE INDEX sessions_by_account ON sessions (account_id);

CREATE TABLE idempotency_keys (
    key_hash bytea NOT NULL,
    fingerprint bytea NOT NULL,
    status integer NOT NULL,
    answer bytea,
    created_at timestamptz NOT NULL,
    replayed_at timestamptz,
    PRIMARY KEY (key_hash)
);
CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);
