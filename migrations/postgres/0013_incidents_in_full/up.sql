-- Incidents in full: what more a survivor may say, what becomes of it, drafts, and releases that wait for a condition.

ALTER TABLE incident_versions ADD COLUMN impact integer;
ALTER TABLE incident_versions ADD COLUMN witnesses bytea;
ALTER TABLE incident_versions ADD COLUMN third_parties bytea;
ALTER TABLE incident_versions ADD COLUMN children_present boolean;
ALTER TABLE incident_versions ADD COLUMN police_reference bytea;
ALTER TABLE incident_versions ADD COLUMN reporting_wish text;
ALTER TABLE incident_versions ADD COLUMN device_id uuid REFERENCES devices (id);

-- What happened to each incident, and how it stood after that. Never changed.
CREATE TABLE incident_events (
    id uuid NOT NULL,
    incident_id uuid NOT NULL REFERENCES incidents (id),
    survivor_id uuid NOT NULL REFERENCES survivors (id),
    at timestamptz NOT NULL,
    kind text NOT NULL,
    state text NOT NULL,
    version integer NOT NULL,
    severity integer NOT NULL,
    visibility text NOT NULL,
    reason bytea,
    note bytea,
    actor_kind text NOT NULL,
    actor_id uuid,
    PRIMARY KEY (id)
);
CREATE INDEX incident_events_by_incident ON incident_events (incident_id, at, id);

-- What the survivor has begun to tell, for nobody else.
CREATE TABLE incident_drafts (
    id uuid NOT NULL,
    survivor_id uuid NOT NULL REFERENCES survivors (id),
    version integer NOT NULL,
    content bytea NOT NULL,
    is_duress boolean NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX incident_drafts_by_survivor ON incident_drafts (survivor_id, created_at, id);

-- How far an incident is to be opened once something happens.
CREATE TABLE incident_releases (
    incident_id uuid NOT NULL REFERENCES incidents (id),
    survivor_id uuid NOT NULL REFERENCES survivors (id),
    version integer NOT NULL,
    state text NOT NULL,
    visibility text NOT NULL,
    missed_check_ins integer,
    alert_level integer,
    release_at timestamptz,
    act_at timestamptz,
    set_at timestamptz NOT NULL,
    ended_at timestamptz,
    ended_by text,
    is_silent boolean NOT NULL,
    PRIMARY KEY (incident_id)
);
CREATE INDEX incident_releases_due ON incident_releases (act_at) WHERE act_at IS NOT NULL;
CREATE INDEX incident_releases_waiting ON incident_releases (survivor_id) WHERE ended_at IS NULL;
