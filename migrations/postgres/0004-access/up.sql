-- Who works with whom, and who is not to.

-- `subject_id` is a survivor or a participant, as `subject_kind` says. One assignment of a person to a record is live
-- at a time; those that ended stay.
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

-- A person or an organisation that the survivor does not want to see their record. A block can be lifted, with a
-- reason, and stays in the history.
CREATE TABLE blocks (
    id uuid NOT NULL,
    survivor_id uuid NOT NULL REFERENCES survivors (id),
    staff_id uuid REFERENCES staff (id),
    organisation_id uuid REFERENCES organisations (id),
    created_by uuid NOT NULL REFERENCES staff (id),
    created_at timestamptz NOT NULL,
    lifted_at timestamptz,
    lifted_by uuid REFERENCES staff (id),
    lift_reason bytea,
    -- One of a whole force is in force once a second person has approved it.
    is_in_force boolean NOT NULL,
    approved_by uuid REFERENCES staff (id),
    approved_at timestamptz,
    PRIMARY KEY (id)
);
CREATE INDEX blocks_by_survivor ON blocks (survivor_id);

-- Each time that somebody on duty opened a record that is not theirs, and until when it stays open to them. Never changed.
CREATE TABLE break_glass_openings (
    id uuid NOT NULL,
    survivor_id uuid NOT NULL REFERENCES survivors (id),
    staff_id uuid NOT NULL REFERENCES staff (id),
    reason bytea NOT NULL,
    opened_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX break_glass_openings_by_survivor ON break_glass_openings (survivor_id, staff_id, expires_at);

-- Each time that a survivor's record was closed or opened again, by whom (none: an alert did) and why. Never changed.
CREATE TABLE record_changes (
    id uuid NOT NULL,
    survivor_id uuid NOT NULL REFERENCES survivors (id),
    kind text NOT NULL,
    reason bytea,
    changed_by uuid REFERENCES staff (id),
    changed_at timestamptz NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX record_changes_by_survivor ON record_changes (survivor_id, id);
