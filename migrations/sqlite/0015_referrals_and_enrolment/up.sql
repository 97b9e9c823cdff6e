-- The participant's identity in full, referrals, the order register, programmes, enrolments, end-of-programme reports.

ALTER TABLE participants ADD COLUMN date_of_birth BLOB;
ALTER TABLE participants ADD COLUMN address BLOB;

-- Numbers, handles and vehicles that a participant is known by.
CREATE TABLE participant_identifiers (
    id BLOB NOT NULL CHECK (length(id) = 16),
    participant_id BLOB NOT NULL REFERENCES participants (id) CHECK (length(participant_id) = 16),
    kind TEXT NOT NULL,
    value BLOB NOT NULL,
    source TEXT NOT NULL,
    created_by BLOB NOT NULL REFERENCES staff (id) CHECK (length(created_by) = 16),
    created_at INTEGER NOT NULL,
    removed_at INTEGER,
    removed_by BLOB REFERENCES staff (id) CHECK (length(removed_by) = 16),
    PRIMARY KEY (id)
) STRICT;
CREATE INDEX participant_identifiers_by_participant ON participant_identifiers (participant_id, id);

-- The order register: why an order was made, what it replaces, whether police must be notified, how it ended.
ALTER TABLE orders ADD COLUMN basis TEXT;
ALTER TABLE orders ADD COLUMN replaces_order_id BLOB REFERENCES orders (id) CHECK (length(replaces_order_id) = 16);
ALTER TABLE orders ADD COLUMN is_notified_otherwise INTEGER NOT NULL DEFAULT 0 CHECK (is_notified_otherwise IN (0, 1));
ALTER TABLE orders ADD COLUMN notified_on TEXT;
ALTER TABLE orders ADD COLUMN ended_on TEXT;
ALTER TABLE orders ADD COLUMN ended_by TEXT;
ALTER TABLE orders ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
ALTER TABLE order_conditions ADD COLUMN area BLOB;
ALTER TABLE order_conditions ADD COLUMN distance_metres INTEGER;

-- What is to be looked at because of an order, one row a due point.
CREATE TABLE order_duties (
    id BLOB NOT NULL CHECK (length(id) = 16),
    order_id BLOB NOT NULL REFERENCES orders (id) CHECK (length(order_id) = 16),
    participant_id BLOB NOT NULL REFERENCES participants (id) CHECK (length(participant_id) = 16),
    kind TEXT NOT NULL,
    due_on TEXT NOT NULL,
    act_at INTEGER,
    told_at INTEGER,
    done_on TEXT,
    cancelled_at INTEGER,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (id),
    UNIQUE (order_id, kind)
) STRICT;
CREATE INDEX order_duties_due ON order_duties (act_at) WHERE act_at IS NOT NULL;

-- Referrals to the programme.
CREATE TABLE referrals (
    id BLOB NOT NULL CHECK (length(id) = 16),
    participant_id BLOB NOT NULL REFERENCES participants (id) CHECK (length(participant_id) = 16),
    organisation_id BLOB NOT NULL REFERENCES organisations (id) CHECK (length(organisation_id) = 16),
    home_force_id TEXT NOT NULL,
    source TEXT NOT NULL,
    basis TEXT NOT NULL,
    order_id BLOB REFERENCES orders (id) CHECK (length(order_id) = 16),
    note BLOB,
    state TEXT NOT NULL,
    held_from TEXT,
    reason TEXT,
    practitioner_id BLOB REFERENCES staff (id) CHECK (length(practitioner_id) = 16),
    submitted_at INTEGER,
    allocation_due_at INTEGER,
    allocated_at INTEGER,
    act_at INTEGER,
    created_by BLOB NOT NULL REFERENCES staff (id) CHECK (length(created_by) = 16),
    created_at INTEGER NOT NULL,
    version INTEGER NOT NULL,
    PRIMARY KEY (id)
) STRICT;
CREATE INDEX referrals_by_participant ON referrals (participant_id, id);
CREATE INDEX referrals_by_organisation ON referrals (organisation_id, id);
CREATE INDEX referrals_due ON referrals (act_at) WHERE act_at IS NOT NULL;

-- Each transition of a referral, an enrolment or a report; never changes.
CREATE TABLE programme_transitions (
    id BLOB NOT NULL CHECK (length(id) = 16),
    subject_kind TEXT NOT NULL,
    subject_id BLOB NOT NULL CHECK (length(subject_id) = 16),
    participant_id BLOB NOT NULL REFERENCES participants (id) CHECK (length(participant_id) = 16),
    event TEXT NOT NULL,
    from_state TEXT NOT NULL,
    to_state TEXT NOT NULL,
    reason TEXT,
    note BLOB,
    created_by BLOB NOT NULL REFERENCES staff (id) CHECK (length(created_by) = 16),
    created_at INTEGER NOT NULL,
    PRIMARY KEY (id)
) STRICT;
CREATE INDEX programme_transitions_by_subject ON programme_transitions (subject_id, id);

-- What waits for a person of the programme provider.
CREATE TABLE programme_tasks (
    id BLOB NOT NULL CHECK (length(id) = 16),
    organisation_id BLOB NOT NULL REFERENCES organisations (id) CHECK (length(organisation_id) = 16),
    participant_id BLOB NOT NULL REFERENCES participants (id) CHECK (length(participant_id) = 16),
    kind TEXT NOT NULL,
    subject_id BLOB NOT NULL CHECK (length(subject_id) = 16),
    created_at INTEGER NOT NULL,
    done_at INTEGER,
    done_by BLOB REFERENCES staff (id) CHECK (length(done_by) = 16),
    note BLOB,
    PRIMARY KEY (id),
    UNIQUE (subject_id, kind)
) STRICT;
CREATE INDEX programme_tasks_open ON programme_tasks (organisation_id, id) WHERE done_at IS NULL;

-- Programmes as data; without an organisation, every provider's.
CREATE TABLE programmes (
    id BLOB NOT NULL CHECK (length(id) = 16),
    organisation_id BLOB REFERENCES organisations (id) CHECK (length(organisation_id) = 16),
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    sessions INTEGER NOT NULL,
    weeks INTEGER NOT NULL,
    modules TEXT NOT NULL CHECK (json_valid(modules)),
    created_at INTEGER NOT NULL,
    PRIMARY KEY (id)
) STRICT;
CREATE UNIQUE INDEX programmes_by_code ON programmes (organisation_id, code);
INSERT INTO programmes (id, organisation_id, code, name, sessions, weeks, modules, created_at)
VALUES (x'019330C0000070008000000000C0B101', NULL, 'cobi', 'Compulsive and Obsessive Behaviour Intervention', 12, 12,
    '["mindfulness","distress_tolerance","emotion_regulation","interpersonal_effectiveness"]', 1731628800000000);

-- A participant in a programme.
CREATE TABLE enrolments (
    id BLOB NOT NULL CHECK (length(id) = 16),
    referral_id BLOB NOT NULL UNIQUE REFERENCES referrals (id) CHECK (length(referral_id) = 16),
    participant_id BLOB NOT NULL REFERENCES participants (id) CHECK (length(participant_id) = 16),
    organisation_id BLOB NOT NULL REFERENCES organisations (id) CHECK (length(organisation_id) = 16),
    programme_id BLOB NOT NULL REFERENCES programmes (id) CHECK (length(programme_id) = 16),
    state TEXT NOT NULL,
    reason TEXT,
    starts_on TEXT NOT NULL,
    local_time TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    first_number INTEGER NOT NULL,
    sessions INTEGER NOT NULL,
    created_by BLOB NOT NULL REFERENCES staff (id) CHECK (length(created_by) = 16),
    created_at INTEGER NOT NULL,
    ended_at INTEGER,
    version INTEGER NOT NULL,
    PRIMARY KEY (id)
) STRICT;
CREATE INDEX enrolments_by_participant ON enrolments (participant_id, id);

-- The end-of-programme report, which gates conclusion.
CREATE TABLE end_reports (
    enrolment_id BLOB NOT NULL REFERENCES enrolments (id) CHECK (length(enrolment_id) = 16),
    participant_id BLOB NOT NULL REFERENCES participants (id) CHECK (length(participant_id) = 16),
    state TEXT NOT NULL,
    progress BLOB NOT NULL,
    risk BLOB NOT NULL,
    recommendations BLOB NOT NULL,
    figures TEXT NOT NULL CHECK (json_valid(figures)),
    created_by BLOB NOT NULL REFERENCES staff (id) CHECK (length(created_by) = 16),
    created_at INTEGER NOT NULL,
    submitted_by BLOB REFERENCES staff (id) CHECK (length(submitted_by) = 16),
    submitted_at INTEGER,
    approved_by BLOB REFERENCES staff (id) CHECK (length(approved_by) = 16),
    approved_at INTEGER,
    version INTEGER NOT NULL,
    PRIMARY KEY (enrolment_id)
) STRICT;
