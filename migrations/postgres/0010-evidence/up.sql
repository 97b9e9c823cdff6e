-- Files with hash and custody. Their bytes are sealed in the object store, in chunks.

-- A file belongs to an incident, to a draft or to neither. That of a draft nobody else sees until the draft is sent;
-- deleting the draft leaves the file with the survivor alone.
CREATE TABLE evidence_files (
    id uuid NOT NULL,
    survivor_id uuid NOT NULL REFERENCES survivors (id),
    reference text NOT NULL,
    state text NOT NULL,
    incident_id uuid REFERENCES incidents (id),
    visibility text NOT NULL,
    media_type text NOT NULL,
    name bytea,
    bytes bigint NOT NULL,
    received bigint NOT NULL,
    chunks integer NOT NULL,
    sha256 bytea NOT NULL,
    -- The sealed key of the file's chunks: once it is gone, they cannot be read.
    file_key bytea,
    display_bytes bigint,
    is_duress boolean NOT NULL,
    -- The phone that sent it; none of what staff recorded for somebody.
    device_id uuid REFERENCES devices (id),
    recorded_at timestamptz NOT NULL,
    created_at timestamptz NOT NULL,
    kept_at timestamptz,
    ended_at timestamptz,
    expires_at timestamptz NOT NULL,
    next_action_at timestamptz,
    draft_id uuid REFERENCES incident_drafts (id) ON DELETE SET NULL,
    -- What the client said of the file, for one that resumes the upload.
    upload_metadata bytea,
    -- Why it is to be destroyed at once, who heard that from the survivor, and when; a second person carries it out.
    destroy_because text,
    destroy_asked_by uuid REFERENCES staff (id),
    destroy_asked_at timestamptz,
    -- The state before it was sealed, and when the worker would have looked at it next: it goes back to both.
    sealed_from text,
    sealed_act_at timestamptz,
    -- Who of the staff recorded it, and whether no phone shows it.
    recorded_by uuid REFERENCES staff (id),
    is_off_phone boolean NOT NULL DEFAULT false,
    PRIMARY KEY (id),
    UNIQUE (reference)
);
CREATE INDEX evidence_files_by_survivor ON evidence_files (survivor_id, created_at, id);
CREATE INDEX evidence_files_due ON evidence_files (next_action_at) WHERE next_action_at IS NOT NULL;
CREATE INDEX evidence_files_by_incident ON evidence_files (incident_id) WHERE incident_id IS NOT NULL;
CREATE INDEX evidence_files_by_draft ON evidence_files (draft_id) WHERE draft_id IS NOT NULL;

-- Where the chunks of a file, and those of its display copy, are in the object store.
CREATE TABLE evidence_chunks (
    evidence_id uuid NOT NULL REFERENCES evidence_files (id),
    copy text NOT NULL,
    number integer NOT NULL,
    object uuid NOT NULL,
    bytes bigint NOT NULL,
    PRIMARY KEY (evidence_id, copy, number)
);

-- What happened to a file, from its receipt on; each entry's hash covers the one before. Never changed.
CREATE TABLE custody_events (
    id uuid NOT NULL,
    evidence_id uuid NOT NULL REFERENCES evidence_files (id),
    sequence integer NOT NULL,
    kind text NOT NULL,
    at timestamptz NOT NULL,
    actor_kind text NOT NULL,
    actor_id uuid,
    organisation_id uuid,
    reason bytea,
    sha256 bytea NOT NULL,
    disclosure_id uuid REFERENCES disclosures (id),
    alert_id uuid,
    bundle_id uuid,
    entry_hash bytea NOT NULL,
    PRIMARY KEY (id)
);
CREATE UNIQUE INDEX custody_events_in_order ON custody_events (evidence_id, sequence);

-- Legal holds: while one is in force, its file cannot be removed.
CREATE TABLE evidence_holds (
    id uuid NOT NULL,
    evidence_id uuid NOT NULL REFERENCES evidence_files (id),
    reason bytea NOT NULL,
    placed_by uuid NOT NULL REFERENCES staff (id),
    placed_at timestamptz NOT NULL,
    lift_reason bytea,
    lifted_by uuid REFERENCES staff (id),
    lifted_at timestamptz,
    until_at timestamptz NOT NULL,
    -- One against the survivor's wish is in force once a second person has approved it.
    is_against_wish boolean NOT NULL,
    approved_by uuid REFERENCES staff (id),
    approved_at timestamptz,
    renewed_by uuid REFERENCES staff (id),
    PRIMARY KEY (id)
);
CREATE INDEX evidence_holds_by_file ON evidence_holds (evidence_id, placed_at);

-- Signed bundles: what was handed to whom, and for what.
CREATE TABLE evidence_bundles (
    id uuid NOT NULL,
    survivor_id uuid NOT NULL REFERENCES survivors (id),
    reference text NOT NULL,
    purpose text NOT NULL,
    note bytea,
    recipient_id uuid REFERENCES organisations (id),
    recipient_name bytea,
    disclosure_id uuid NOT NULL REFERENCES disclosures (id),
    files integer NOT NULL,
    incidents integer NOT NULL,
    bytes bigint NOT NULL,
    sha256 bytea NOT NULL,
    file_key bytea,
    chunks jsonb NOT NULL,
    created_by uuid NOT NULL REFERENCES staff (id),
    created_at timestamptz NOT NULL,
    next_action_at timestamptz,
    -- What the bundle holds, and for whom, which is checked again at each fetch; a bundle without it cannot be fetched.
    contents jsonb,
    PRIMARY KEY (id),
    UNIQUE (reference)
);
CREATE INDEX evidence_bundles_by_survivor ON evidence_bundles (survivor_id, created_at, id);
CREATE INDEX evidence_bundles_due ON evidence_bundles (next_action_at) WHERE next_action_at IS NOT NULL;
