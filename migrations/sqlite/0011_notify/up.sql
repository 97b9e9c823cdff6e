-- Messages to people: how each may be reached, what waits, what was tried.

CREATE TABLE notifications (
    id BLOB NOT NULL CHECK (length(id) = 16),
    subject_id BLOB NOT NULL CHECK (length(subject_id) = 16),
    recipient TEXT NOT NULL,
    template TEXT NOT NULL,
    detail TEXT NOT NULL CHECK (json_valid(detail)),
    channel TEXT NOT NULL,
    device_id BLOB REFERENCES devices (id) CHECK (length(device_id) = 16),
    state TEXT NOT NULL,
    outcome TEXT,
    attempt INTEGER NOT NULL,
    act_at INTEGER,
    queued_at INTEGER NOT NULL,
    sent_at INTEGER,
    gives_up_at INTEGER NOT NULL,
    PRIMARY KEY (id)
) STRICT;
CREATE INDEX notifications_due ON notifications (act_at) WHERE act_at IS NOT NULL;
CREATE INDEX notifications_waiting ON notifications (channel, act_at) WHERE act_at IS NOT NULL;
CREATE INDEX notifications_by_subject ON notifications (subject_id, queued_at);

CREATE TABLE notification_attempts (
    notification_id BLOB NOT NULL REFERENCES notifications (id) CHECK (length(notification_id) = 16),
    attempt INTEGER NOT NULL,
    channel TEXT NOT NULL,
    started_at INTEGER NOT NULL,
    ended_at INTEGER,
    outcome TEXT NOT NULL,
    status INTEGER,
    PRIMARY KEY (notification_id, attempt)
) STRICT, WITHOUT ROWID;

CREATE TABLE safe_contact_plans (
    id BLOB NOT NULL CHECK (length(id) = 16),
    survivor_id BLOB NOT NULL REFERENCES survivors (id) CHECK (length(survivor_id) = 16),
    version INTEGER NOT NULL,
    plan BLOB NOT NULL,
    set_by BLOB NOT NULL REFERENCES staff (id) CHECK (length(set_by) = 16),
    set_at INTEGER NOT NULL,
    PRIMARY KEY (id)
) STRICT;
CREATE UNIQUE INDEX safe_contact_plans_by_survivor ON safe_contact_plans (survivor_id, version);

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

CREATE TABLE trusted_contacts (
    id BLOB NOT NULL CHECK (length(id) = 16),
    survivor_id BLOB NOT NULL REFERENCES survivors (id) CHECK (length(survivor_id) = 16),
    name BLOB NOT NULL,
    phone BLOB NOT NULL,
    set_by_kind TEXT NOT NULL,
    set_by BLOB NOT NULL CHECK (length(set_by) = 16),
    created_at INTEGER NOT NULL,
    removed_at INTEGER,
    PRIMARY KEY (id)
) STRICT;
CREATE UNIQUE INDEX trusted_contacts_live ON trusted_contacts (survivor_id) WHERE removed_at IS NULL;

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
