-- What a survivor agreed to, what was disclosed on the strength of it, and on which lawful basis.

-- The ledger. An entry never changes; for a scope and a recipient the latest one counts.
CREATE TABLE consent_entries (
    id uuid NOT NULL,
    survivor_id uuid NOT NULL REFERENCES survivors (id),
    sequence bigint NOT NULL,
    scope text NOT NULL,
    recipient_id uuid REFERENCES organisations (id),
    granted boolean NOT NULL,
    -- Which text, in which language, the survivor was shown.
    text_version text NOT NULL,
    text_sha256 bytea NOT NULL,
    language text NOT NULL,
    recorded_by_kind text NOT NULL,
    recorded_by uuid NOT NULL,
    recorded_at timestamptz NOT NULL,
    effective_at timestamptz NOT NULL,
    expires_at timestamptz,
    receipt text NOT NULL,
    -- How the survivor gave their answer to the member of staff who recorded it.
    recorded_how text,
    PRIMARY KEY (id)
);
CREATE UNIQUE INDEX consent_entries_in_order ON consent_entries (survivor_id, sequence);
-- A decoy has the receipts of the record that it mirrors: they may have been read on the phone.
CREATE UNIQUE INDEX consent_entries_by_receipt ON consent_entries (receipt, survivor_id);

-- What was disclosed to whom, and why. `alert_id` has no foreign key, since alerts come in a later step.
CREATE TABLE disclosures (
    id uuid NOT NULL,
    survivor_id uuid NOT NULL REFERENCES survivors (id),
    at timestamptz NOT NULL,
    recipient_id uuid NOT NULL REFERENCES organisations (id),
    officer_id uuid REFERENCES staff (id),
    what jsonb NOT NULL,
    reason bytea,
    agreement text NOT NULL,
    lawful_basis text NOT NULL,
    alert_id uuid,
    PRIMARY KEY (id)
);
CREATE INDEX disclosures_by_survivor ON disclosures (survivor_id, id);

-- On which lawful basis an organisation discloses, for each purpose; the latest version counts.
CREATE TABLE lawful_bases (
    organisation_id uuid NOT NULL REFERENCES organisations (id),
    purpose text NOT NULL,
    version integer NOT NULL,
    basis text NOT NULL,
    set_by uuid NOT NULL REFERENCES staff (id),
    set_at timestamptz NOT NULL,
    PRIMARY KEY (organisation_id, purpose, version)
);

-- When an agreement is to be talked about again, before it lapses.
CREATE TABLE consent_reviews (
    entry_id uuid NOT NULL REFERENCES consent_entries (id),
    survivor_id uuid NOT NULL REFERENCES survivors (id),
    next_action_at timestamptz,
    reminded_at timestamptz,
    PRIMARY KEY (entry_id)
);
CREATE INDEX consent_reviews_due ON consent_reviews (next_action_at) WHERE next_action_at IS NOT NULL;
