-- The participant's identity in full, referrals, the order register, programmes, enrolments, end-of-programme reports.

ALTER TABLE participants ADD COLUMN date_of_birth bytea;
ALTER TABLE participants ADD COLUMN address bytea;

-- Numbers, handles and vehicles that a participant is known by.
CREATE TABLE participant_identifiers (
    id uuid NOT NULL,
    participant_id uuid NOT NULL REFERENCES participants (id),
    kind text NOT NULL,
    value bytea NOT NULL,
    source text NOT NULL,
    created_by uuid NOT NULL REFERENCES staff (id),
    created_at timestamptz NOT NULL,
    removed_at timestamptz,
    removed_by uuid REFERENCES staff (id),
    PRIMARY KEY (id)
);
CREATE INDEX participant_identifiers_by_participant ON participant_identifiers (participant_id, id);

-- The order register: why an order was made, what it replaces, whether police must be notified, how it ended.
ALTER TABLE orders ADD COLUMN basis text;
ALTER TABLE orders ADD COLUMN replaces_order_id uuid REFERENCES orders (id);
ALTER TABLE orders ADD COLUMN is_notified_otherwise boolean NOT NULL DEFAULT false;
ALTER TABLE orders ADD COLUMN notified_on text;
ALTER TABLE orders ADD COLUMN ended_on text;
ALTER TABLE orders ADD COLUMN ended_by text;
ALTER TABLE orders ADD COLUMN version integer NOT NULL DEFAULT 1;
ALTER TABLE order_conditions ADD COLUMN area bytea;
ALTER TABLE order_conditions ADD COLUMN distance_metres integer;

-- What is to be looked at because of an order, one row a due point.
CREATE TABLE order_duties (
    id uuid NOT NULL,
    order_id uuid NOT NULL REFERENCES orders (id),
    participant_id uuid NOT NULL REFERENCES participants (id),
    kind text NOT NULL,
    due_on text NOT NULL,
    act_at timestamptz,
    told_at timestamptz,
    done_on text,
    cancelled_at timestamptz,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (id),
    UNIQUE (order_id, kind)
);
CREATE INDEX order_duties_due ON order_duties (act_at) WHERE act_at IS NOT NULL;

-- Referrals to the programme.
CREATE TABLE referrals (
    id uuid NOT NULL,
    participant_id uuid NOT NULL REFERENCES participants (id),
    organisation_id uuid NOT NULL REFERENCES organisations (id),
    home_force_id text NOT NULL,
    source text NOT NULL,
    basis text NOT NULL,
    order_id uuid REFERENCES orders (id),
    note bytea,
    state text NOT NULL,
    held_from text,
    reason text,
    practitioner_id uuid REFERENCES staff (id),
    submitted_at timestamptz,
    allocation_due_at timestamptz,
    allocated_at timestamptz,
    act_at timestamptz,
    created_by uuid NOT NULL REFERENCES staff (id),
    created_at timestamptz NOT NULL,
    version integer NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX referrals_by_participant ON referrals (participant_id, id);
CREATE INDEX referrals_by_organisation ON referrals (organisation_id, id);
CREATE INDEX referrals_due ON referrals (act_at) WHERE act_at IS NOT NULL;

-- Each transition of a referral, an enrolment or a report; never changes.
CREATE TABLE programme_transitions (
    id uuid NOT NULL,
    subject_kind text NOT NULL,
    subject_id uuid NOT NULL,
    participant_id uuid NOT NULL REFERENCES participants (id),
    event text NOT NULL,
    from_state text NOT NULL,
    to_state text NOT NULL,
    reason text,
    note bytea,
    created_by uuid NOT NULL REFERENCES staff (id),
    created_at timestamptz NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX programme_transitions_by_subject ON programme_transitions (subject_id, id);

-- What waits for a person of the programme provider.
CREATE TABLE programme_tasks (
    id uuid NOT NULL,
    organisation_id uuid NOT NULL REFERENCES organisations (id),
    participant_id uuid NOT NULL REFERENCES participants (id),
    kind text NOT NULL,
    subject_id uuid NOT NULL,
    created_at timestamptz NOT NULL,
    done_at timestamptz,
    done_by uuid REFERENCES staff (id),
    note bytea,
    PRIMARY KEY (id),
    UNIQUE (subject_id, kind)
);
CREATE INDEX programme_tasks_open ON programme_tasks (organisation_id, id) WHERE done_at IS NULL;

-- Programmes as data; without an organisation, every provider's.
CREATE TABLE programmes (
    id uuid NOT NULL,
    organisation_id uuid REFERENCES organisations (id),
    code text NOT NULL,
    name text NOT NULL,
    sessions integer NOT NULL,
    weeks integer NOT NULL,
    modules jsonb NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (id)
);
CREATE UNIQUE INDEX programmes_by_code ON programmes (organisation_id, code);
INSERT INTO programmes (id, organisation_id, code, name, sessions, weeks, modules, created_at)
VALUES ('019330c0-0000-7000-8000-000000c0b101', NULL, 'cobi', 'Compulsive and Obsessive Behaviour Intervention', 12, 12,
    '["mindfulness","distress_tolerance","emotion_regulation","interpersonal_effectiveness"]', '2024-11-15T00:00:00Z');

-- A participant in a programme.
CREATE TABLE enrolments (
    id uuid NOT NULL,
    referral_id uuid NOT NULL UNIQUE REFERENCES referrals (id),
    participant_id uuid NOT NULL REFERENCES participants (id),
    organisation_id uuid NOT NULL REFERENCES organisations (id),
    programme_id uuid NOT NULL REFERENCES programmes (id),
    state text NOT NULL,
    reason text,
    starts_on text NOT NULL,
    local_time text NOT NULL,
    time_zone text NOT NULL,
    first_number integer NOT NULL,
    sessions integer NOT NULL,
    created_by uuid NOT NULL REFERENCES staff (id),
    created_at timestamptz NOT NULL,
    ended_at timestamptz,
    version integer NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX enrolments_by_participant ON enrolments (participant_id, id);

-- The end-of-programme report, which gates conclusion.
CREATE TABLE end_reports (
    enrolment_id uuid NOT NULL REFERENCES enrolments (id),
    participant_id uuid NOT NULL REFERENCES participants (id),
    state text NOT NULL,
    progress bytea NOT NULL,
    risk bytea NOT NULL,
    recommendations bytea NOT NULL,
    figures jsonb NOT NULL,
    created_by uuid NOT NULL REFERENCES staff (id),
    created_at timestamptz NOT NULL,
    submitted_by uuid REFERENCES staff (id),
    submitted_at timestamptz,
    approved_by uuid REFERENCES staff (id),
    approved_at timestamptz,
    version integer NOT NULL,
    PRIMARY KEY (enrolment_id)
);
