-- What a survivor agreed to, what was disclosed on the strength of it, and on which lawful basis.

-- The ledger. An entry never changes; for a scope and a recipient the latest one counts.
CREATE TABLE consent_entries (
    id BLOB NOT NULL CHECK (length(id) = 16),
    survivor_id BLOB NOT NULL REFERENCES survivors (id) CHECK (length(survivor_id) = 16),
    sequence INTEGER NOT NULL,
    scope TEXT NOT NULL,
    recipient_id BLOB REFERENCES organisations (id) CHECK (length(recipient_id) = 16),
    granted INTEGER NOT NULL CHECK (granted IN (0, 1)),
    -- Which text, in which language, the survivor was shown.
    text_version TEXT NOT NULL,
    text_sha256 BLOB NOT NULL,
    language TEXT NOT NULL,
    recorded_by_kind TEXT NOT NULL,
    recorded_by BLOB NOT NULL CHECK (length(recorded_by) = 16),
    recorded_at INTEGER NOT NULL,
    effective_at INTEGER NOT NULL,
    expires_at INTEGER,
    receipt TEXT NOT NULL,
    -- How the survivor gave their answer to the member of staff who recorded it.
    recorded_how TEXT,
    PRIMARY KEY (id)
) STRICT;
CREATE UNIQUE INDEX consent_entries_in_order ON consent_entries (survivor_id, sequence);
-- A decoy has the receipts of the record that it mirrors: they may have been read on the phone.
CREATE UNIQUE INDEX consent_entries_by_receipt ON consent_entries (receipt, survivor_id);

-- What was disclosed to whom, and why. `alert_id` has no foreign key, since alerts come in a later step.
CREATE TABLE disclosures (
    id BLOB NOT NULL CHECK (length(id) = 16),
    survivor_id BLOB NOT NULL REFERENCES survivors (id) CHECK (length(survivor_id) = 16),
    at INTEGER NOT NULL,
    recipient_id BLOB NOT NULL REFERENCES organisations (id) CHECK (length(recipient_id) = 16),
    officer_id BLOB REFERENCES staff (id) CHECK (length(officer_id) = 16),
    what TEXT NOT NULL CHECK (json_valid(what)),
    reason BLOB,
    agreement TEXT NOT NULL,
    lawful_basis TEXT NOT NULL,
    alert_id BLOB CHECK (length(alert_id) = 16),
    PRIMARY KEY (id)
) STRICT;
CREATE INDEX disclosures_by_survivor ON disclosures (survivor_id, id);

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
    next_action_at INTEGER,
    reminded_at INTEGER,
    PRIMARY KEY (entry_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX consent_reviews_due ON consent_reviews (next_action_at) WHERE next_action_at IS NOT NULL;
