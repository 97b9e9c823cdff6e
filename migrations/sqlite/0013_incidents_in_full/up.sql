-- Incidents in full: what more a survivor may say, what becomes of it, drafts, and releases that wait for a condition.

ALTER TABLE incident_versions ADD COLUMN impact INTEGER;
ALTER TABLE incident_versions ADD COLUMN witnesses BLOB;
ALTER TABLE incident_versions ADD COLUMN third_parties BLOB;
ALTER TABLE incident_versions ADD COLUMN children_present INTEGER CHECK (children_present IN (0, 1));
ALTER TABLE incident_versions ADD COLUMN police_reference BLOB;
ALTER TABLE incident_versions ADD COLUMN reporting_wish TEXT;
ALTER TABLE incident_versions ADD COLUMN device_id BLOB REFERENCES devices (id) CHECK (length(device_id) = 16);

-- What happened to each incident, and how it stood after that. Never changed.
CREATE TABLE incident_events (
    id BLOB NOT NULL CHECK (length(id) = 16),
    incident_id BLOB NOT NULL REFERENCES incidents (id) CHECK (length(incident_id) = 16),
    survivor_id BLOB NOT NULL REFERENCES survivors (id) CHECK (length(survivor_id) = 16),
    at INTEGER NOT NULL,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    version INTEGER NOT NULL,
    severity INTEGER NOT NULL,
    visibility TEXT NOT NULL,
    reason BLOB,
    note BLOB,
    actor_kind TEXT NOT NULL,
    actor_id BLOB CHECK (length(actor_id) = 16),
    PRIMARY KEY (id)
) STRICT;
CREATE INDEX incident_events_by_incident ON incident_events (incident_id, at, id);

-- What the survivor has begun to tell, for nobody else.
CREATE TABLE incident_drafts (
    id BLOB NOT NULL CHECK (length(id) = 16),
    survivor_id BLOB NOT NULL REFERENCES survivors (id) CHECK (length(survivor_id) = 16),
    version INTEGER NOT NULL,
    content BLOB NOT NULL,
    is_duress INTEGER NOT NULL CHECK (is_duress IN (0, 1)),
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (id)
) STRICT;
CREATE INDEX incident_drafts_by_survivor ON incident_drafts (survivor_id, created_at, id);

-- How far an incident is to be opened once something happens.
CREATE TABLE incident_releases (
    incident_id BLOB NOT NULL REFERENCES incidents (id) CHECK (length(incident_id) = 16),
    survivor_id BLOB NOT NULL REFERENCES survivors (id) CHECK (length(survivor_id) = 16),
    version INTEGER NOT NULL,
    state TEXT NOT NULL,
    visibility TEXT NOT NULL,
    missed_check_ins INTEGER,
    alert_level INTEGER,
    release_at INTEGER,
    act_at INTEGER,
    set_at INTEGER NOT NULL,
    ended_at INTEGER,
    ended_by TEXT,
    is_silent INTEGER NOT NULL CHECK (is_silent IN (0, 1)),
    PRIMARY KEY (incident_id)
) STRICT;
CREATE INDEX incident_releases_due ON incident_releases (act_at) WHERE act_at IS NOT NULL;
CREATE INDEX incident_releases_waiting ON incident_releases (survivor_id) WHERE ended_at IS NULL;
