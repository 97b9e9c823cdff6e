-- How survivors, those they trust, and staff may be reached.

-- When and how it is safe to contact a survivor; the latest version counts.
CREATE TABLE safe_contact_plans (
    id BLOB NOT NULL CHECK (length(id) = 16),
    survivor_id BLOB NOT NULL REFERENCES survivors (id) CHECK (length(survivor_id) = 16),
    version INTEGER NOT NULL,
    plan BLOB NOT NULL,
    set_by BLOB NOT NULL REFERENCES staff (id) CHECK (length(set_by) = 16),
    set_at INTEGER NOT NULL,
    -- From when it counts: a new address waits, or somebody hears the code word.
    starts_at INTEGER NOT NULL,
    confirmed_by BLOB REFERENCES staff (id) CHECK (length(confirmed_by) = 16),
    PRIMARY KEY (id)
) STRICT;
CREATE UNIQUE INDEX safe_contact_plans_by_survivor ON safe_contact_plans (survivor_id, version);

-- What a survivor last said about being contacted; the latest counts.
CREATE TABLE contact_answers (
    id BLOB NOT NULL CHECK (length(id) = 16),
    survivor_id BLOB NOT NULL REFERENCES survivors (id) CHECK (length(survivor_id) = 16),
    is_safe INTEGER NOT NULL CHECK (is_safe IN (0, 1)),
    contact_by TEXT CHECK (json_valid(contact_by)),
    said_at INTEGER NOT NULL,
    PRIMARY KEY (id)
) STRICT;
CREATE INDEX contact_answers_by_survivor ON contact_answers (survivor_id, said_at);

-- Where a phone is sent notices; one registration of a phone is live.
CREATE TABLE push_registrations (
    id BLOB NOT NULL CHECK (length(id) = 16),
    device_id BLOB NOT NULL REFERENCES devices (id) CHECK (length(device_id) = 16),
    survivor_id BLOB NOT NULL REFERENCES survivors (id) CHECK (length(survivor_id) = 16),
    kind TEXT NOT NULL,
    token BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    ended_at INTEGER,
    ended_why TEXT,
    PRIMARY KEY (id)
) STRICT;
CREATE INDEX push_registrations_by_survivor ON push_registrations (survivor_id, id);
CREATE UNIQUE INDEX push_registrations_live ON push_registrations (device_id) WHERE ended_at IS NULL;

-- The person whom a survivor trusts, and whom we notify with the survivor's consent; one is live.
CREATE TABLE trusted_contacts (
    id BLOB NOT NULL CHECK (length(id) = 16),
    survivor_id BLOB NOT NULL REFERENCES survivors (id) CHECK (length(survivor_id) = 16),
    name BLOB NOT NULL,
    phone BLOB NOT NULL,
    set_by_kind TEXT NOT NULL,
    set_by BLOB NOT NULL CHECK (length(set_by) = 16),
    created_at INTEGER NOT NULL,
    removed_at INTEGER,
    -- From when it counts; until then the one before does.
    starts_at INTEGER NOT NULL,
    -- Who heard the survivor's code word, and so ended the delay.
    confirmed_by BLOB REFERENCES staff (id) CHECK (length(confirmed_by) = 16),
    PRIMARY KEY (id)
) STRICT;
CREATE INDEX trusted_contacts_by_survivor ON trusted_contacts (survivor_id, created_at);

-- Addresses at which staff are notified.
CREATE TABLE staff_contacts (
    id BLOB NOT NULL CHECK (length(id) = 16),
    staff_id BLOB NOT NULL UNIQUE REFERENCES staff (id) CHECK (length(staff_id) = 16),
    email BLOB,
    phone BLOB,
    language TEXT NOT NULL,
    version INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (id)
) STRICT;
