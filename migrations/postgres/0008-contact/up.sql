-- How survivors, those they trust, and staff may be reached.

-- When and how it is safe to contact a survivor; the latest version counts.
CREATE TABLE safe_contact_plans (
    id uuid NOT NULL,
    survivor_id uuid NOT NULL REFERENCES survivors (id),
    version integer NOT NULL,
    plan bytea NOT NULL,
    set_by uuid NOT NULL REFERENCES staff (id),
    set_at timestamptz NOT NULL,
    -- From when it counts: a new address waits, or somebody hears the code word.
    starts_at timestamptz NOT NULL,
    confirmed_by uuid REFERENCES staff (id),
    PRIMARY KEY (id)
);
CREATE UNIQUE INDEX safe_contact_plans_by_survivor ON safe_contact_plans (survivor_id, version);

-- What a survivor last said about being contacted; the latest counts.
CREATE TABLE contact_answers (
    id uuid NOT NULL,
    survivor_id uuid NOT NULL REFERENCES survivors (id),
    is_safe boolean NOT NULL,
    contact_by jsonb,
    said_at timestamptz NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX contact_answers_by_survivor ON contact_answers (survivor_id, said_at);

-- Where a phone is sent notices; one registration of a phone is live.
CREATE TABLE push_registrations (
    id uuid NOT NULL,
    device_id uuid NOT NULL REFERENCES devices (id),
    survivor_id uuid NOT NULL REFERENCES survivors (id),
    kind text NOT NULL,
    token bytea NOT NULL,
    created_at timestamptz NOT NULL,
    ended_at timestamptz,
    ended_why text,
    PRIMARY KEY (id)
);
CREATE INDEX push_registrations_by_survivor ON push_registrations (survivor_id, id);
CREATE UNIQUE INDEX push_registrations_live ON push_registrations (device_id) WHERE ended_at IS NULL;

-- The person whom a survivor trusts, and whom we notify with the survivor's consent; one is live.
CREATE TABLE trusted_contacts (
    id uuid NOT NULL,
    survivor_id uuid NOT NULL REFERENCES survivors (id),
    name bytea NOT NULL,
    phone bytea NOT NULL,
    set_by_kind text NOT NULL,
    set_by uuid NOT NULL,
    created_at timestamptz NOT NULL,
    removed_at timestamptz,
    -- From when it counts; until then the one before does.
    starts_at timestamptz NOT NULL,
    -- Who heard the survivor's code word, and so ended the delay.
    confirmed_by uuid REFERENCES staff (id),
    PRIMARY KEY (id)
);
CREATE INDEX trusted_contacts_by_survivor ON trusted_contacts (survivor_id, created_at);

-- Addresses at which staff are notified.
CREATE TABLE staff_contacts (
    id uuid NOT NULL,
    staff_id uuid NOT NULL UNIQUE REFERENCES staff (id),
    email bytea,
    phone bytea,
    language text NOT NULL,
    version integer NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (id)
);
