-- Who is asking: organisations, staff, survivors, their phones, police systems and sessions; and the answers that are
-- stored for repeated calls. Most other steps refer to this one.

-- One row. Database and key folder both hold the id, so that neither is ever used with another's. `armed_for` is the place
-- that it may send from; since `disarmed_at` it sends nothing, because it is a copy that is elsewhere, or was restored.
CREATE TABLE installation (
    id BLOB NOT NULL CHECK (length(id) = 16),
    created_at INTEGER NOT NULL,
    armed_for TEXT,
    disarmed_at INTEGER,
    PRIMARY KEY (id)
) STRICT;

-- One row, changed to learn whether writes are stored at this moment.
CREATE TABLE write_probes (
    id INTEGER NOT NULL,
    writes INTEGER NOT NULL,
    PRIMARY KEY (id)
) STRICT;
INSERT INTO write_probes (id, writes) VALUES (0, 0);

-- Support services, programme providers, forces, commissioners. Each force is one organisation at most.
CREATE TABLE organisations (
    id BLOB NOT NULL CHECK (length(id) = 16),
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    force_id TEXT,
    duty_desk_phone TEXT,
    created_at INTEGER NOT NULL,
    version INTEGER NOT NULL DEFAULT 1,
    PRIMARY KEY (id)
) STRICT;
CREATE UNIQUE INDEX organisations_by_force ON organisations (force_id);

-- A member of staff is looked up by a keyed hash of the username, since the username itself is sealed. An administrator
-- who was made at the command line belongs to no organisation.
CREATE TABLE staff (
    id BLOB NOT NULL CHECK (length(id) = 16),
    organisation_id BLOB REFERENCES organisations (id) CHECK (length(organisation_id) = 16),
    username_index BLOB NOT NULL UNIQUE,
    username BLOB NOT NULL,
    display_name BLOB NOT NULL,
    roles TEXT NOT NULL CHECK (json_valid(roles)),
    password_hash TEXT,
    -- A setup code is used once, and cleared.
    setup_index BLOB UNIQUE,
    setup_expires_at INTEGER,
    totp_secret BLOB,
    totp_confirmed_at INTEGER,
    -- A one-time code counts once: later ones have a greater step.
    totp_last_step INTEGER,
    created_at INTEGER NOT NULL,
    disabled_at INTEGER,
    PRIMARY KEY (id)
) STRICT;
CREATE INDEX staff_by_organisation ON staff (organisation_id);

-- `risk_rating` is what the latest assessment or change came to; `risk_changes` has its history.
CREATE TABLE survivors (
    id BLOB NOT NULL CHECK (length(id) = 16),
    reference TEXT NOT NULL UNIQUE,
    organisation_id BLOB NOT NULL REFERENCES organisations (id) CHECK (length(organisation_id) = 16),
    preferred_name BLOB NOT NULL,
    pronouns BLOB,
    language TEXT NOT NULL,
    home_force_id TEXT NOT NULL,
    risk_rating TEXT NOT NULL,
    version INTEGER NOT NULL,
    created_by BLOB NOT NULL REFERENCES staff (id) CHECK (length(created_by) = 16),
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    -- As documents give it: the police ask for it, and callers to the duty line are found by it.
    full_name BLOB,
    date_of_birth BLOB,
    -- What somebody who speaks with them has to know: an interpreter, easy read, sign language.
    needs BLOB,
    -- Since when nobody works with them; a cry for help opens the record again.
    closed_at INTEGER,
    -- Of which record this is the decoy: what a session under duress works on. It belongs to no organisation that anybody
    -- works for.
    decoy_of BLOB UNIQUE REFERENCES survivors (id) CHECK (length(decoy_of) = 16),
    PRIMARY KEY (id)
) STRICT;
CREATE INDEX survivors_by_organisation ON survivors (organisation_id, id);

-- One-time codes that bind a phone to a survivor's record.
CREATE TABLE enrolment_codes (
    id BLOB NOT NULL CHECK (length(id) = 16),
    survivor_id BLOB NOT NULL REFERENCES survivors (id) CHECK (length(survivor_id) = 16),
    code_index BLOB NOT NULL UNIQUE,
    created_by BLOB NOT NULL REFERENCES staff (id) CHECK (length(created_by) = 16),
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at INTEGER,
    -- Whether the phone that the survivor has already was in their hands alone as the code was made.
    old_phone_alone TEXT NOT NULL,
    -- Why the code ended before its time and unused; `expires_at` says when.
    ended_because TEXT,
    PRIMARY KEY (id)
) STRICT;
CREATE INDEX enrolment_codes_by_survivor ON enrolment_codes (survivor_id);

-- `sos_index` finds a phone by the token of its emergency button, which works without a session.
CREATE TABLE devices (
    id BLOB NOT NULL CHECK (length(id) = 16),
    survivor_id BLOB NOT NULL REFERENCES survivors (id) CHECK (length(survivor_id) = 16),
    name BLOB NOT NULL,
    secret_index BLOB NOT NULL,
    sos_index BLOB NOT NULL UNIQUE,
    pin_hash TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    revoked_at INTEGER,
    -- The PIN that a survivor gives under duress: it opens a session that looks the same.
    duress_pin_hash TEXT,
    -- A duress PIN that was set in such a session: it opens what that one opens, and takes the place of no PIN of the survivor's.
    shown_duress_pin_hash TEXT,
    pin_failures INTEGER NOT NULL DEFAULT 0,
    -- The code word that came with it while another was set: it counts only where two people open the phone.
    code_word_hash TEXT,
    -- Who made the code that it was enrolled with, and what they said of the phones before it.
    code_by BLOB NOT NULL REFERENCES staff (id) CHECK (length(code_by) = 16),
    old_phone_alone TEXT NOT NULL,
    -- From when it reads; null while it waits to be confirmed.
    reads_from INTEGER,
    confirmed_by BLOB REFERENCES staff (id) CHECK (length(confirmed_by) = 16),
    -- Who asked for it to be opened without the code word: another person approves that.
    confirm_asked_by BLOB REFERENCES staff (id) CHECK (length(confirm_asked_by) = 16),
    -- Since when its reads are answered as if the service were away, because a newer phone took its place unseen.
    away_since INTEGER,
    -- A phone that was revoked still cries for help until the survivor's own voice has said that it may not.
    sos_ended_at INTEGER,
    -- Who of the staff revoked it; null where the survivor did.
    revoked_by BLOB REFERENCES staff (id) CHECK (length(revoked_by) = 16),
    PRIMARY KEY (id)
) STRICT;
CREATE INDEX devices_by_survivor ON devices (survivor_id);

-- The words by which a survivor is known over the telephone. None is overwritten: which one counts depends on the instant,
-- and one that a phone has set counts only once that phone reads.
CREATE TABLE code_words (
    id BLOB NOT NULL CHECK (length(id) = 16),
    survivor_id BLOB NOT NULL REFERENCES survivors (id) CHECK (length(survivor_id) = 16),
    device_id BLOB NOT NULL REFERENCES devices (id) CHECK (length(device_id) = 16),
    word_hash TEXT NOT NULL,
    set_at INTEGER NOT NULL,
    effective_at INTEGER NOT NULL,
    -- Whether it is said in the place of the other, and says that somebody is forcing them.
    is_danger INTEGER NOT NULL DEFAULT 0 CHECK (is_danger IN (0, 1)),
    PRIMARY KEY (id)
) STRICT;
CREATE INDEX code_words_by_survivor ON code_words (survivor_id, effective_at);

-- Credentials of police systems.
CREATE TABLE police_clients (
    id BLOB NOT NULL CHECK (length(id) = 16),
    organisation_id BLOB NOT NULL REFERENCES organisations (id) CHECK (length(organisation_id) = 16),
    name TEXT NOT NULL,
    secret_index BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    revoked_at INTEGER,
    PRIMARY KEY (id)
) STRICT;

-- `account_id` is a survivor, a member of staff or a police client, as `kind` says: hence no foreign key.
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
    is_duress INTEGER NOT NULL DEFAULT 0 CHECK (is_duress IN (0, 1)),
    -- When the PIN was last given: some reads ask for one of the last 15 minutes.
    pin_at INTEGER,
    -- Since when the session hides the survivor's side, because the participant may be looking on.
    in_session_at INTEGER,
    PRIMARY KEY (id)
) STRICT, WITHOUT ROWID;
CREATE INDEX sessions_by_account ON sessions (account_id);

-- What a session under duress was shown as done, and was not: the next act on the same thing is answered as if it had
-- been. `subject_id` is a check-in, a timer or another record, as `act` says.
CREATE TABLE shown_acts (
    id BLOB NOT NULL CHECK (length(id) = 16),
    survivor_id BLOB NOT NULL REFERENCES survivors (id) CHECK (length(survivor_id) = 16),
    subject_id BLOB NOT NULL CHECK (length(subject_id) = 16),
    act TEXT NOT NULL,
    minutes INTEGER NOT NULL,
    shown_at INTEGER NOT NULL,
    PRIMARY KEY (id)
) STRICT;
CREATE INDEX shown_acts_by_subject ON shown_acts (subject_id, id);

-- Answers to calls that create something, sealed, for repeats of the same call. Answers are removed after eight days,
-- in the order of their age; the keys stay, so that a late repeat creates nothing twice.
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
CREATE INDEX idempotency_keys_kept ON idempotency_keys (created_at) WHERE answer IS NOT NULL;

-- How often a password, PIN or code word was wrong lately, over all instances. A key is a keyed hash of what was tried and
-- from where. `known_until` says that an account has signed in from there.
CREATE TABLE failure_counts (
    key_hash BLOB NOT NULL,
    failures INTEGER NOT NULL,
    counts_until INTEGER NOT NULL,
    known_until INTEGER,
    PRIMARY KEY (key_hash)
) STRICT, WITHOUT ROWID;
CREATE INDEX failure_counts_by_end ON failure_counts (counts_until);
-- What takes two people and waits for the second: an account, a setup code, roles, the credentials of a police system, an
-- endpoint, as `act` says: hence no foreign key. One waits for each subject at a time, and is decided once.
CREATE TABLE second_person_requests (
    id BLOB NOT NULL CHECK (length(id) = 16),
    act TEXT NOT NULL,
    subject_id BLOB NOT NULL CHECK (length(subject_id) = 16),
    organisation_id BLOB REFERENCES organisations (id) CHECK (length(organisation_id) = 16),
    -- What is carried out once it is approved.
    setup_index BLOB,
    setup_expires_at INTEGER,
    setup_reason TEXT,
    roles TEXT CHECK (roles IS NULL OR json_valid(roles)),
    -- Where the endpoint that is asked for sends to.
    address TEXT,
    -- Null where it was asked at the command line.
    asked_by BLOB REFERENCES staff (id) CHECK (length(asked_by) = 16),
    asked_at INTEGER NOT NULL,
    decided_by BLOB REFERENCES staff (id) CHECK (length(decided_by) = 16),
    decided_at INTEGER,
    is_approved INTEGER CHECK (is_approved IN (0, 1)),
    PRIMARY KEY (id)
) STRICT;
CREATE UNIQUE INDEX second_person_requests_waiting ON second_person_requests (subject_id) WHERE decided_at IS NULL;

-- By what a survivor is found who rings the duty line: keyed hashes of names and telephone numbers, each exact.
CREATE TABLE survivor_lookups (
    survivor_id BLOB NOT NULL REFERENCES survivors (id) CHECK (length(survivor_id) = 16),
    kind TEXT NOT NULL,
    value_index BLOB NOT NULL,
    PRIMARY KEY (survivor_id, kind, value_index)
) STRICT, WITHOUT ROWID;
CREATE INDEX survivor_lookups_by_value ON survivor_lookups (kind, value_index);
