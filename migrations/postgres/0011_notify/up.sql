-- Messages to people: how each may be reached, what waits, what was tried.

CREATE TABLE notifications (
    id uuid NOT NULL,
    subject_id uuid NOT NULL,
    recipient text NOT NULL,
    template text NOT NULL,
    detail jsonb NOT NULL,
    channel text NOT NULL,
    device_id uuid REFERENCES devices (id),
    state text NOT NULL,
    outcome text,
    attempt integer NOT NULL,
    act_at timestamptz,
    queued_at timestamptz NOT NULL,
    sent_at timestamptz,
    gives_up_at timestamptz NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX notifications_due ON notifications (act_at) WHERE act_at IS NOT NULL;
CREATE INDEX notifications_waiting ON notifications (channel, act_at) WHERE act_at IS NOT NULL;
CREATE INDEX notifications_by_subject ON notifications (subject_id, queued_at);

CREATE TABLE notification_attempts (
    notification_id uuid NOT NULL REFERENCES notifications (id),
    attempt integer NOT NULL,
    channel text NOT NULL,
    started_at timestamptz NOT NULL,
    ended_at timestamptz,
    outcome text NOT NULL,
    status integer,
    PRIMARY KEY (notification_id, attempt)
);

CREATE TABLE safe_contact_plans (
    id uuid NOT NULL,
    survivor_id uuid NOT NULL REFERENCES survivors (id),
    version integer NOT NULL,
    plan bytea NOT NULL,
    set_by uuid NOT NULL REFERENCES staff (id),
    set_at timestamptz NOT NULL,
    PRIMARY KEY (id)
);
CREATE UNIQUE INDEX safe_contact_plans_by_survivor ON safe_contact_plans (survivor_id, version);

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

CREATE TABLE trusted_contacts (
    id uuid NOT NULL,
    survivor_id uuid NOT NULL REFERENCES survivors (id),
    name bytea NOT NULL,
    phone bytea NOT NULL,
    set_by_kind text NOT NULL,
    set_by uuid NOT NULL,
    created_at timestamptz NOT NULL,
    removed_at timestamptz,
    PRIMARY KEY (id)
);
CREATE UNIQUE INDEX trusted_contacts_live ON trusted_contacts (survivor_id) WHERE removed_at IS NULL;

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
