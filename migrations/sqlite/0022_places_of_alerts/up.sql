-- Where an incident was, as a force; the place that a timer came with, opened once; what support staff opened of either;
-- and what a force calls an alert.

ALTER TABLE incident_versions ADD COLUMN force_id TEXT;
ALTER TABLE alert_history ADD COLUMN force_reference BLOB;

CREATE TABLE timer_location_releases (
    alert_id BLOB NOT NULL REFERENCES alerts (id) CHECK (length(alert_id) = 16),
    timer_id BLOB NOT NULL REFERENCES timers (id) CHECK (length(timer_id) = 16),
    survivor_id BLOB NOT NULL REFERENCES survivors (id) CHECK (length(survivor_id) = 16),
    officer_id BLOB NOT NULL REFERENCES staff (id) CHECK (length(officer_id) = 16),
    officer BLOB NOT NULL,
    released_at INTEGER NOT NULL,
    PRIMARY KEY (alert_id, timer_id)
) STRICT;

-- `source_id` is the check-in or the timer that the location came with.
CREATE TABLE location_openings (
    alert_id BLOB NOT NULL REFERENCES alerts (id) CHECK (length(alert_id) = 16),
    staff_id BLOB NOT NULL REFERENCES staff (id) CHECK (length(staff_id) = 16),
    source_id BLOB NOT NULL CHECK (length(source_id) = 16),
    survivor_id BLOB NOT NULL REFERENCES survivors (id) CHECK (length(survivor_id) = 16),
    opened_at INTEGER NOT NULL,
    PRIMARY KEY (alert_id, staff_id, source_id)
) STRICT;
