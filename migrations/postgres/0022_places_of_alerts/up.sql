-- Where an incident was, as a force; the place that a timer came with, opened once; what support staff opened of either;
-- and what a force calls an alert.

ALTER TABLE incident_versions ADD COLUMN force_id text;
ALTER TABLE alert_history ADD COLUMN force_reference bytea;

CREATE TABLE timer_location_releases (
    alert_id uuid NOT NULL REFERENCES alerts (id),
    timer_id uuid NOT NULL REFERENCES timers (id),
    survivor_id uuid NOT NULL REFERENCES survivors (id),
    officer_id uuid NOT NULL REFERENCES staff (id),
    officer bytea NOT NULL,
    released_at timestamptz NOT NULL,
    PRIMARY KEY (alert_id, timer_id)
);

-- `source_id` is the check-in or the timer that the location came with.
CREATE TABLE location_openings (
    alert_id uuid NOT NULL REFERENCES alerts (id),
    staff_id uuid NOT NULL REFERENCES staff (id),
    source_id uuid NOT NULL,
    survivor_id uuid NOT NULL REFERENCES survivors (id),
    opened_at timestamptz NOT NULL,
    PRIMARY KEY (alert_id, staff_id, source_id)
);
