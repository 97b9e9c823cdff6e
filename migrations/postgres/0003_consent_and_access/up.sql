-- What the survivor agreed to, what was disclosed, and who is assigned, linked or blocked.

CREATE TABLE consent_entries (
    id uuid NOT NULL,
    survivor_id uuid NOT NULL REFERENCES survivors (id),
    sequence bigint NOT NULL,
    scope text NOT NULL,
    recipient_id uuid REFERENCES organisations (id),
    granted boolean NOT NULL,
    text_version text NOT NULL,
    text_sha256 bytea NOT NULL,
    language text NOT NULL,
    recorded_by_kind text NOT NULL,
    recorded_by uuid NOT NULL,
    recorded_at timestamptz NOT NULL,
    effective_at timestamptz NOT NULL,
    expires_at timestamptz,
    receipt text NOT NULL UNIQUE,
    PRIMARY KEY (id)
);
CREATE UNIQUE INDEX consent_entries_in_order ON consent_entries (survivor_id, sequence);

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

CREATE TABLE assignments (
    id uuid NOT NULL,
    subject_kind text NOT NULL,
    subject_id uuid NOT NULL,
    organisation_id uuid NOT NULL REFERENCES organisations (id),
    staff_id uuid NOT NULL REFERENCES staff (id),
    created_at timestamptz NOT NULL,
    ended_at timestamptz,
    PRIMARY KEY (id)
);
CREATE UNIQUE INDEX assignments_live ON assignments (subject_id, staff_id) WHERE ended_at IS NULL;
CREATE INDEX assignments_by_staff ON assignments (staff_id);

CREATE TABLE blocks (
    id uuid NOT NULL,
    survivor_id uuid NOT NULL REFERENCES survivors (id),
    staff_id uuid REFERENCES staff (id),
    organisation_id uuid REFERENCES organisations (id),
    created_by uuid NOT NULL REFERENCES staff (id),
    created_at timestamptz NOT NULL,
    lifted_at timestamptz,
    PRIMARY KEY (id)
);
CREATE INDEX blocks_by_survivor ON blocks (survivor_id);

CREATE TABLE cases (
    id uuid NOT NULL,
    reference text NOT NULL UNIQUE,
    survivor_id uuid NOT NULL REFERENCES survivors (id),
    participant_id uuid NOT NULL,
    support_organisation_id uuid NOT NULL REFERENCES organisations (id),
    programme_organisation_id uuid NOT NULL REFERENCES organisations (id),
    relationship text NOT NULL,
    state text NOT NULL,
    proposed_by uuid NOT NULL REFERENCES staff (id),
    support_approved_by uuid REFERENCES staff (id),
    support_approved_at timestamptz,
    programme_approved_by uuid REFERENCES staff (id),
    programme_approved_at timestamptz,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (id),
    UNIQUE (survivor_id, participant_id)
);
CREATE INDEX cases_by_participant ON cases (participant_id);
CREATE INDEX cases_by_support ON cases (support_organisation_id, id);
CREATE INDEX cases_by_programme ON cases (programme_organisation_id, id);
