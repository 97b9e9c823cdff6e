-- Whether and how it is safe to be in touch, acts under duress, who recorded a consent, lawful bases, the phone's battery.

ALTER TABLE check_ins ADD COLUMN battery INTEGER;
ALTER TABLE consent_entries ADD COLUMN recorded_how TEXT;

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
INSERT INTO contact_answers (id, survivor_id, is_safe, contact_by, said_at)
    SELECT id, survivor_id, safe_to_contact, contact_by, received_at FROM check_ins
    WHERE safe_to_contact IS NOT NULL AND received_at IS NOT NULL AND is_duress = 0;

-- What a session under duress was shown as done: the next act there is answered as if it had been.
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

-- On which lawful basis an organisation discloses, for each purpose; the latest version counts.
CREATE TABLE lawful_bases (
    organisation_id BLOB NOT NULL REFERENCES organisations (id) CHECK (length(organisation_id) = 16),
    purpose TEXT NOT NULL,
    version INTEGER NOT NULL,
    basis TEXT NOT NULL,
    set_by BLOB NOT NULL REFERENCES staff (id) CHECK (length(set_by) = 16),
    set_at INTEGER NOT NULL,
    PRIMARY KEY (organisation_id, purpose, version)
) STRICT, WITHOUT ROWID;

-- When an agreement is to be talked about again, before it lapses.
CREATE TABLE consent_reviews (
    entry_id BLOB NOT NULL REFERENCES consent_entries (id) CHECK (length(entry_id) = 16),
    survivor_id BLOB NOT NULL REFERENCES survivors (id) CHECK (length(survivor_id) = 16),
    act_at INTEGER,
    reminded_at INTEGER,
    PRIMARY KEY (entry_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX consent_reviews_due ON consent_reviews (act_at) WHERE act_at IS NOT NULL;
INSERT INTO consent_reviews (entry_id, survivor_id, act_at)
    SELECT id, survivor_id, expires_at - 30 * 86400000000 FROM consent_entries
    WHERE granted = 1 AND expires_at IS NOT NULL;
