-- Who is asking: organisations, staff, survivors, their phones, police systems and sessions; and the answers that are
-- stored for repeated calls. Most other steps refer to this one.

-- One row. Database and key folder both hold the id, so that neither is ever used with another's. `armed_for` is the place
-- that it may send from; since `disarmed_at` it sends nothing, because it is a copy that is elsewhere, or was restored.
CREATE TABLE installation (
    id uuid NOT NULL,
    created_at timestamptz NOT NULL,
    armed_for text,
    disarmed_at timestamptz,
    PRIMARY KEY (id)
);

-- Rows that are changed to learn whether writes are stored at this moment: one for each of many connections.
CREATE TABLE write_probes (
    id integer NOT NULL,
    writes bigint NOT NULL,
    PRIMARY KEY (id)
);
INSERT INTO write_probes (id, writes) SELECT id, 0 FROM generate_series(0, 63) AS id;

-- Support services, programme providers, forces, commissioners. Each force is one organisation at most.
CREATE TABLE organisations (
    id uuid NOT NULL,
    kind text NOT NULL,
    name text NOT NULL,
    force_id text,
    duty_desk_phone text,
    created_at timestamptz NOT NULL,
    version integer NOT NULL DEFAULT 1,
    PRIMARY KEY (id)
);
CREATE UNIQUE INDEX organisations_by_force ON organisations (force_id);

-- A member of staff is looked up by a keyed hash of the username, since the username itself is sealed. An administrator
-- who was made at the command line belongs to no organisation.
CREATE TABLE staff (
    id uuid NOT NULL,
    organisation_id uuid REFERENCES organisations (id),
    username_index bytea NOT NULL UNIQUE,
    username bytea NOT NULL,
    display_name bytea NOT NULL,
    roles jsonb NOT NULL,
    password_hash text,
    -- A setup code is used once, and cleared.
    setup_index bytea UNIQUE,
    setup_expires_at timestamptz,
    totp_secret bytea,
    totp_confirmed_at timestamptz,
    -- A one-time code counts once: later ones have a greater step.
    totp_last_step bigint,
    created_at timestamptz NOT NULL,
    disabled_at timestamptz,
    PRIMARY KEY (id)
);
CREATE INDEX staff_by_organisation ON staff (organisation_id);

-- `risk_rating` is what the latest assessment or change came to; `risk_changes` has its history.
CREATE TABLE survivors (
    id uuid NOT NULL,
    reference text NOT NULL UNIQUE,
    organisation_id uuid NOT NULL REFERENCES organisations (id),
    preferred_name bytea NOT NULL,
    pronouns bytea,
    language text NOT NULL,
    home_force_id text NOT NULL,
    risk_rating text NOT NULL,
    version integer NOT NULL,
    created_by uuid NOT NULL REFERENCES staff (id),
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    -- As documents give it: the police ask for it, and callers to the duty line are found by it.
    full_name bytea,
    date_of_birth bytea,
    -- What somebody who speaks with them has to know: an interpreter, easy read, sign language.
    needs bytea,
    -- Since when nobody works with them; a cry for help opens the record again.
    closed_at timestamptz,
    -- Of which record this is the decoy: what a session under duress works on. It belongs to no organisation that anybody
    -- works for.
    decoy_of uuid UNIQUE REFERENCES survivors (id),
    PRIMARY KEY (id)
);
CREATE INDEX survivors_by_organisation ON survivors (organisation_id, id);

-- One-time codes that bind a phone to a survivor's record.
CREATE TABLE enrolment_codes (
    id uuid NOT NULL,
    survivor_id uuid NOT NULL REFERENCES survivors (id),
    code_index bytea NOT NULL UNIQUE,
    created_by uuid NOT NULL REFERENCES staff (id),
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at timestamptz,
    -- Whether the phone that the survivor has already was in their hands alone as the code was made.
    old_phone_alone text NOT NULL,
    -- Why the code ended before its time and unused; `expires_at` says when.
    ended_because text,
    PRIMARY KEY (id)
);
CREATE INDEX enrolment_codes_by_survivor ON enrolment_codes (survivor_id);

-- `sos_index` finds a phone by the token of its emergency button, which works without a session.
CREATE TABLE devices (
    id uuid NOT NULL,
    survivor_id uuid NOT NULL REFERENCES survivors (id),
    name bytea NOT NULL,
    secret_index bytea NOT NULL,
    sos_index bytea NOT NULL UNIQUE,
    pin_hash text NOT NULL,
    created_at timestamptz NOT NULL,
    revoked_at timestamptz,
    -- The PIN that a survivor gives under duress: it opens a session that looks the same.
    duress_pin_hash text,
    -- A duress PIN that was set in such a session: it opens what that one opens, and takes the place of no PIN of the survivor's.
    shown_duress_pin_hash text,
    pin_failures integer NOT NULL DEFAULT 0,
    -- The code word that came with it while another was set: it counts only where two people open the phone.
    code_word_hash text,
    -- Who made the code that it was enrolled with, and what they said of the phones before it.
    code_by uuid NOT NULL REFERENCES staff (id),
    old_phone_alone text NOT NULL,
    -- From when it reads; null while it waits to be confirmed.
    reads_from timestamptz,
    confirmed_by uuid REFERENCES staff (id),
    -- Who asked for it to be opened without the code word: another person approves that.
    confirm_asked_by uuid REFERENCES staff (id),
    -- Since when its reads are answered as if the service were away, because a newer phone took its place unseen.
    away_since timestamptz,
    -- A phone that was revoked still cries for help until the survivor's own voice has said that it may not.
    sos_ended_at timestamptz,
    -- Who of the staff revoked it; null where the survivor did.
    revoked_by uuid REFERENCES staff (id),
    PRIMARY KEY (id)
);
CREATE INDEX devices_by_survivor ON devices (survivor_id);

-- The words by which a survivor is known over the telephone. None is overwritten: which one counts depends on the instant,
-- and one that a phone has set counts only once that phone reads.
CREATE TABLE code_words (
    id uuid NOT NULL,
    survivor_id uuid NOT NULL REFERENCES survivors (id),
    device_id uuid NOT NULL REFERENCES devices (id),
    word_hash text NOT NULL,
    set_at timestamptz NOT NULL,
    effective_at timestamptz NOT NULL,
    -- Whether it is said in the place of the other, and says that somebody is forcing them.
    is_danger boolean NOT NULL DEFAULT false,
    PRIMARY KEY (id)
);
CREATE INDEX code_words_by_survivor ON code_words (survivor_id, effective_at);

-- Credentials of police systems.
CREATE TABLE police_clients (
    id uuid NOT NULL,
    organisation_id uuid NOT NULL REFERENCES organisations (id),
    name text NOT NULL,
    secret_index bytea NOT NULL,
    created_at timestamptz NOT NULL,
    revoked_at timestamptz,
    PRIMARY KEY (id)
);

-- `account_id` is a survivor, a member of staff or a police client, as `kind` says: hence no foreign key.
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
    is_duress boolean NOT NULL DEFAULT false,
    -- When the PIN was last given: some reads ask for one of the last 15 minutes.
    pin_at timestamptz,
    -- Since when the session hides the survivor's side, because the participant may be looking on.
    in_session_at timestamptz,
    PRIMARY KEY (id)
);
CREATE INDEX sessions_by_account ON sessions (account_id);

-- What a session under duress was shown as done, and was not: the next act on the same thing is answered as if it had
-- been. `subject_id` is a check-in, a timer or another record, as `act` says.
CREATE TABLE shown_acts (
    id uuid NOT NULL,
    survivor_id uuid NOT NULL REFERENCES survivors (id),
    subject_id uuid NOT NULL,
    act text NOT NULL,
    minutes bigint NOT NULL,
    shown_at timestamptz NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX shown_acts_by_subject ON shown_acts (subject_id, id);

-- Answers to calls that create something, sealed, for repeats of the same call. Answers are removed after eight days,
-- in the order of their age; the keys stay, so that a late repeat creates nothing twice.
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
CREATE INDEX idempotency_keys_kept ON idempotency_keys (created_at) WHERE answer IS NOT NULL;

-- How often a password, PIN or code word was wrong lately, over all instances. A key is a keyed hash of what was tried and
-- from where. `known_until` says that an account has signed in from there.
CREATE TABLE failure_counts (
    key_hash bytea NOT NULL,
    failures integer NOT NULL,
    counts_until timestamptz NOT NULL,
    known_until timestamptz,
    PRIMARY KEY (key_hash)
);
CREATE INDEX failure_counts_by_end ON failure_counts (counts_until);
-- What takes two people and waits for the second: an account, a setup code, roles, the credentials of a police system, an
-- endpoint, as `act` says: hence no foreign key. One waits for each subject at a time, and is decided once.
CREATE TABLE second_person_requests (
    id uuid NOT NULL,
    act text NOT NULL,
    subject_id uuid NOT NULL,
    organisation_id uuid REFERENCES organisations (id),
    -- What is carried out once it is approved.
    setup_index bytea,
    setup_expires_at timestamptz,
    setup_reason text,
    roles jsonb,
    -- Where the endpoint that is asked for sends to.
    address text,
    -- Null where it was asked at the command line.
    asked_by uuid REFERENCES staff (id),
    asked_at timestamptz NOT NULL,
    decided_by uuid REFERENCES staff (id),
    decided_at timestamptz,
    is_approved boolean,
    PRIMARY KEY (id)
);
CREATE UNIQUE INDEX second_person_requests_waiting ON second_person_requests (subject_id) WHERE decided_at IS NULL;

-- By what a survivor is found who rings the duty line: keyed hashes of names and telephone numbers, each exact.
CREATE TABLE survivor_lookups (
    survivor_id uuid NOT NULL REFERENCES survivors (id),
    kind text NOT NULL,
    value_index bytea NOT NULL,
    PRIMARY KEY (survivor_id, kind, value_index)
);
CREATE INDEX survivor_lookups_by_value ON survivor_lookups (kind, value_index);
