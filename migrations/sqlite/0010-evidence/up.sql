-- Files with hash and custody. Their bytes are sealed in the object store, in chunks.

-- A file belongs to an incident, to a draft or to neither. That of a draft nobody else sees until the draft is sent;
-- deleting the draft leaves the file with the survivor alone.
CREATE TABLE evidence_files (
    id BLOB NOT NULL CHECK (length(id) = 16),
    survivor_id BLOB NOT NULL REFERENCES survivors (id) CHECK (length(survivor_id) = 16),
    reference TEXT NOT NULL,
    state TEXT NOT NULL,
    incident_id BLOB REFERENCES incidents (id) CHECK (length(incident_id) = 16),
    visibility TEXT NOT NULL,
    media_type TEXT NOT NULL,
    name BLOB,
    bytes INTEGER NOT NULL,
    received INTEGER NOT NULL,
    chunks INTEGER NOT NULL,
    sha256 BLOB NOT NULL,
    -- The sealed key of the file's chunks: once it is gone, they cannot be read.
    file_key BLOB,
    display_bytes INTEGER,
    is_duress INTEGER NOT NULL CHECK (is_duress IN (0, 1)),
    -- The phone that sent it; none of what staff recorded for somebody.
    device_id BLOB REFERENCES devices (id) CHECK (length(device_id) = 16),
    recorded_at INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    kept_at INTEGER,
    ended_at INTEGER,
    expires_at INTEGER NOT NULL,
    next_action_at INTEGER,
    draft_id BLOB REFERENCES incident_drafts (id) ON DELETE SET NULL CHECK (length(draft_id) = 16),
    -- What the client said of the file, for one that resumes the upload.
    upload_metadata BLOB,
    -- Why it is to be destroyed at once, who heard that from the survivor, and when; a second person carries it out.
    destroy_because TEXT,
    destroy_asked_by BLOB REFERENCES staff (id) CHECK (length(destroy_asked_by) = 16),
    destroy_asked_at INTEGER,
    -- The state before it was sealed, and when the worker would have looked at it next: it goes back to both.
    sealed_from TEXT,
    sealed_act_at INTEGER,
    -- Who of the staff recorded it, and whether no phone shows it.
    recorded_by BLOB REFERENCES staff (id) CHECK (length(recorded_by) = 16),
    is_off_phone INTEGER NOT NULL DEFAULT 0 CHECK (is_off_phone IN (0, 1)),
    PRIMARY KEY (id),
    UNIQUE (reference)
) STRICT;
CREATE INDEX evidence_files_by_survivor ON evidence_files (survivor_id, created_at, id);
CREATE INDEX evidence_files_due ON evidence_files (next_action_at) WHERE next_action_at IS NOT NULL;
CREATE INDEX evidence_files_by_incident ON evidence_files (incident_id) WHERE incident_id IS NOT NULL;
CREATE INDEX evidence_files_by_draft ON evidence_files (draft_id) WHERE draft_id IS NOT NULL;

-- Where the chunks of a file, and those of its display copy, are in the object store.
CREATE TABLE evidence_chunks (
    evidence_id BLOB NOT NULL REFERENCES evidence_files (id) CHECK (length(evidence_id) = 16),
    copy TEXT NOT NULL,
    number INTEGER NOT NULL,
    object BLOB NOT NULL CHECK (length(object) = 16),
    bytes INTEGER NOT NULL,
    PRIMARY KEY (evidence_id, copy, number)
) STRICT, WITHOUT ROWID;

-- What happened to a file, from its receipt on; each entry's hash covers the one before. Never changed.
CREATE TABLE custody_events (
    id BLOB NOT NULL CHECK (length(id) = 16),
    evidence_id BLOB NOT NULL REFERENCES evidence_files (id) CHECK (length(evidence_id) = 16),
    sequence INTEGER NOT NULL,
    kind TEXT NOT NULL,
    at INTEGER NOT NULL,
    actor_kind TEXT NOT NULL,
    actor_id BLOB CHECK (length(actor_id) = 16),
    organisation_id BLOB CHECK (length(organisation_id) = 16),
    reason BLOB,
    sha256 BLOB NOT NULL,
    disclosure_id BLOB REFERENCES disclosures (id) CHECK (length(disclosure_id) = 16),
    alert_id BLOB CHECK (length(alert_id) = 16),
    bundle_id BLOB CHECK (length(bundle_id) = 16),
    entry_hash BLOB NOT NULL,
    PRIMARY KEY (id)
) STRICT;
CREATE UNIQUE INDEX custody_events_in_order ON custody_events (evidence_id, sequence);

-- Legal holds: while one is in force, its file cannot be removed.
CREATE TABLE evidence_holds (
    id BLOB NOT NULL CHECK (length(id) = 16),
    evidence_id BLOB NOT NULL REFERENCES evidence_files (id) CHECK (length(evidence_id) = 16),
    reason BLOB NOT NULL,
    placed_by BLOB NOT NULL REFERENCES staff (id) CHECK (length(placed_by) = 16),
    placed_at INTEGER NOT NULL,
    lift_reason BLOB,
    lifted_by BLOB REFERENCES staff (id) CHECK (length(lifted_by) = 16),
    lifted_at INTEGER,
    until_at INTEGER NOT NULL,
    -- One against the survivor's wish is in force once a second person has approved it.
    is_against_wish INTEGER NOT NULL CHECK (is_against_wish IN (0, 1)),
    approved_by BLOB REFERENCES staff (id) CHECK (length(approved_by) = 16),
    approved_at INTEGER,
    renewed_by BLOB REFERENCES staff (id) CHECK (length(renewed_by) = 16),
    PRIMARY KEY (id)
) STRICT;
CREATE INDEX evidence_holds_by_file ON evidence_holds (evidence_id, placed_at);

-- Signed bundles: what was handed to whom, and for what.
CREATE TABLE evidence_bundles (
    id BLOB NOT NULL CHECK (length(id) = 16),
    survivor_id BLOB NOT NULL REFERENCES survivors (id) CHECK (length(survivor_id) = 16),
    reference TEXT NOT NULL,
    purpose TEXT NOT NULL,
    note BLOB,
    recipient_id BLOB REFERENCES organisations (id) CHECK (length(recipient_id) = 16),
    recipient_name BLOB,
    disclosure_id BLOB NOT NULL REFERENCES disclosures (id) CHECK (length(disclosure_id) = 16),
    files INTEGER NOT NULL,
    incidents INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    sha256 BLOB NOT NULL,
    file_key BLOB,
    chunks TEXT NOT NULL CHECK (json_valid(chunks)),
    created_by BLOB NOT NULL REFERENCES staff (id) CHECK (length(created_by) = 16),
    created_at INTEGER NOT NULL,
    next_action_at INTEGER,
    -- What the bundle holds, and for whom, which is checked again at each fetch; a bundle without it cannot be fetched.
    contents TEXT CHECK (contents IS NULL OR json_valid(contents)),
    PRIMARY KEY (id),
    UNIQUE (reference)
) STRICT;
CREATE INDEX evidence_bundles_by_survivor ON evidence_bundles (survivor_id, created_at, id);
CREATE INDEX evidence_bundles_due ON evidence_bundles (next_action_at) WHERE next_action_at IS NOT NULL;
