-- Alerts and their ladders, the forces that are notified, tasks for people, and what holds steps back.

-- Transactions about one survivor's alerts wait for each other here, so that two triggers never open two alerts of a
-- group.
CREATE TABLE alert_locks (
    survivor_id BLOB NOT NULL REFERENCES survivors (id) CHECK (length(survivor_id) = 16),
    turns INTEGER NOT NULL,
    PRIMARY KEY (survivor_id)
) STRICT, WITHOUT ROWID;

-- One alert a survivor and group is open at a time; later triggers go to it.
CREATE TABLE alerts (
    id BLOB NOT NULL CHECK (length(id) = 16),
    reference TEXT NOT NULL UNIQUE,
    survivor_id BLOB NOT NULL REFERENCES survivors (id) CHECK (length(survivor_id) = 16),
    case_id BLOB REFERENCES cases (id) CHECK (length(case_id) = 16),
    organisation_id BLOB NOT NULL REFERENCES organisations (id) CHECK (length(organisation_id) = 16),
    rule_group TEXT NOT NULL,
    rule TEXT NOT NULL,
    level INTEGER NOT NULL,
    state TEXT NOT NULL,
    is_silent INTEGER NOT NULL CHECK (is_silent IN (0, 1)),
    is_exercise INTEGER NOT NULL CHECK (is_exercise IN (0, 1)),
    -- What is known, as codes.
    facts TEXT NOT NULL CHECK (json_valid(facts)),
    police_setting TEXT,
    police_allowed INTEGER NOT NULL CHECK (police_allowed IN (0, 1)),
    police_told_at INTEGER,
    police_acknowledged_at INTEGER,
    -- The ladder as it was when the alert got onto it, and how far it was climbed.
    ladder TEXT NOT NULL CHECK (json_valid(ladder)),
    ladder_round INTEGER NOT NULL,
    ladder_next INTEGER NOT NULL,
    next_action_at INTEGER,
    message_sequence INTEGER NOT NULL,
    acknowledged_at INTEGER,
    closed_at INTEGER,
    outcome TEXT,
    outcome_released_at INTEGER,
    raised_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    version INTEGER NOT NULL,
    -- People are paged about one alert at most once a minute: when they last were, and how many triggers came since.
    paged_at INTEGER,
    unpaged_triggers INTEGER NOT NULL DEFAULT 0,
    -- The time by which the alert is to be acknowledged, which no read moves.
    acknowledge_by INTEGER,
    PRIMARY KEY (id)
) STRICT;
CREATE UNIQUE INDEX alerts_one_open ON alerts (survivor_id, rule_group) WHERE closed_at IS NULL;
CREATE INDEX alerts_due ON alerts (next_action_at) WHERE next_action_at IS NOT NULL;
CREATE INDEX alerts_by_organisation ON alerts (organisation_id, id);
CREATE INDEX alerts_by_survivor ON alerts (survivor_id, raised_at, id);
CREATE INDEX alerts_by_raised ON alerts (organisation_id, rule_group, raised_at);

-- What happened to an alert, one line each time. Never changed.
CREATE TABLE alert_history (
    id BLOB NOT NULL CHECK (length(id) = 16),
    alert_id BLOB NOT NULL REFERENCES alerts (id) CHECK (length(alert_id) = 16),
    survivor_id BLOB NOT NULL REFERENCES survivors (id) CHECK (length(survivor_id) = 16),
    at INTEGER NOT NULL,
    kind TEXT NOT NULL,
    rule TEXT,
    level INTEGER NOT NULL,
    detail TEXT NOT NULL CHECK (json_valid(detail)),
    note BLOB,
    actor_kind TEXT NOT NULL,
    actor_id BLOB CHECK (length(actor_id) = 16),
    -- What a force calls the alert.
    force_reference BLOB,
    PRIMARY KEY (id)
) STRICT;
CREATE INDEX alert_history_by_alert ON alert_history (alert_id, id);

-- The forces of an alert, one row each: which of them a trigger goes to, what each was sent, read and acknowledged.
-- `organisation_id` is null until the force was notified.
CREATE TABLE alert_forces (
    alert_id BLOB NOT NULL REFERENCES alerts (id) CHECK (length(alert_id) = 16),
    force_id TEXT NOT NULL,
    organisation_id BLOB REFERENCES organisations (id) CHECK (length(organisation_id) = 16),
    added_at INTEGER NOT NULL,
    -- Whether a trigger names the force, and neither it nor the home force in its stead was sent anything of that.
    is_awaiting INTEGER NOT NULL CHECK (is_awaiting IN (0, 1)),
    -- Whether something happened that the force was sent nothing of.
    has_news INTEGER NOT NULL CHECK (has_news IN (0, 1)),
    unreachable TEXT,
    message_sequence INTEGER NOT NULL,
    notified_at INTEGER,
    last_notified_at INTEGER,
    acknowledged_at INTEGER,
    read_at INTEGER,
    PRIMARY KEY (alert_id, force_id)
) STRICT;
CREATE INDEX alert_forces_by_organisation ON alert_forces (organisation_id, alert_id);

-- What a force said came of an alert, one row each time: what was released to the survivor stays when it is corrected.
CREATE TABLE police_outcomes (
    id BLOB NOT NULL CHECK (length(id) = 16),
    alert_id BLOB NOT NULL REFERENCES alerts (id) CHECK (length(alert_id) = 16),
    survivor_id BLOB NOT NULL REFERENCES survivors (id) CHECK (length(survivor_id) = 16),
    organisation_id BLOB REFERENCES organisations (id) CHECK (length(organisation_id) = 16),
    outcome TEXT NOT NULL,
    grade TEXT,
    force_reference BLOB,
    state TEXT NOT NULL,
    told_at INTEGER NOT NULL,
    -- When to look whether anybody has decided about releasing it.
    next_action_at INTEGER,
    decided_at INTEGER,
    decided_by BLOB REFERENCES staff (id) CHECK (length(decided_by) = 16),
    reason TEXT,
    superseded_at INTEGER,
    PRIMARY KEY (id)
) STRICT;
CREATE INDEX police_outcomes_by_alert ON police_outcomes (alert_id, id);
CREATE INDEX police_outcomes_by_survivor ON police_outcomes (survivor_id, decided_at, id);
CREATE INDEX police_outcomes_due ON police_outcomes (next_action_at) WHERE next_action_at IS NOT NULL;

-- To which officers the location that an alert came with, by a check-in or by a timer, was released, and when first.
CREATE TABLE location_releases (
    alert_id BLOB NOT NULL REFERENCES alerts (id) CHECK (length(alert_id) = 16),
    check_in_id BLOB NOT NULL REFERENCES check_ins (id) CHECK (length(check_in_id) = 16),
    survivor_id BLOB NOT NULL REFERENCES survivors (id) CHECK (length(survivor_id) = 16),
    officer_id BLOB NOT NULL REFERENCES staff (id) CHECK (length(officer_id) = 16),
    officer BLOB NOT NULL,
    released_at INTEGER NOT NULL,
    PRIMARY KEY (alert_id, check_in_id, officer_id)
) STRICT;

CREATE TABLE timer_location_releases (
    alert_id BLOB NOT NULL REFERENCES alerts (id) CHECK (length(alert_id) = 16),
    timer_id BLOB NOT NULL REFERENCES timers (id) CHECK (length(timer_id) = 16),
    survivor_id BLOB NOT NULL REFERENCES survivors (id) CHECK (length(survivor_id) = 16),
    officer_id BLOB NOT NULL REFERENCES staff (id) CHECK (length(officer_id) = 16),
    officer BLOB NOT NULL,
    released_at INTEGER NOT NULL,
    PRIMARY KEY (alert_id, timer_id, officer_id)
) STRICT;

-- Locations that support staff opened, since a caller to 999 has to say where. Each person opens one once. `source_id`
-- is the check-in or the timer that the location came with.
CREATE TABLE location_openings (
    alert_id BLOB NOT NULL REFERENCES alerts (id) CHECK (length(alert_id) = 16),
    staff_id BLOB NOT NULL REFERENCES staff (id) CHECK (length(staff_id) = 16),
    source_id BLOB NOT NULL CHECK (length(source_id) = 16),
    survivor_id BLOB NOT NULL REFERENCES survivors (id) CHECK (length(survivor_id) = 16),
    opened_at INTEGER NOT NULL,
    PRIMARY KEY (alert_id, staff_id, source_id)
) STRICT;

-- What waits for a person: by when it is to be done, when the clock looks at it next, and why it ended.
CREATE TABLE tasks (
    id BLOB NOT NULL CHECK (length(id) = 16),
    organisation_id BLOB NOT NULL REFERENCES organisations (id) CHECK (length(organisation_id) = 16),
    for_role TEXT NOT NULL,
    kind TEXT NOT NULL,
    survivor_id BLOB NOT NULL REFERENCES survivors (id) CHECK (length(survivor_id) = 16),
    alert_id BLOB REFERENCES alerts (id) CHECK (length(alert_id) = 16),
    detail TEXT NOT NULL CHECK (json_valid(detail)),
    state TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    done_at INTEGER,
    done_by BLOB REFERENCES staff (id) CHECK (length(done_by) = 16),
    note BLOB,
    due_at INTEGER,
    next_action_at INTEGER,
    ended_because TEXT,
    PRIMARY KEY (id)
) STRICT;
CREATE INDEX tasks_by_organisation ON tasks (organisation_id, id);
CREATE INDEX tasks_by_alert ON tasks (alert_id);
CREATE INDEX tasks_open ON tasks (survivor_id, kind) WHERE state = 'open';
CREATE INDEX tasks_due ON tasks (next_action_at) WHERE next_action_at IS NOT NULL;

-- An organisation's own ladders: drafts, and published versions that never change.
CREATE TABLE ladders (
    id BLOB NOT NULL CHECK (length(id) = 16),
    organisation_id BLOB NOT NULL REFERENCES organisations (id) CHECK (length(organisation_id) = 16),
    code TEXT NOT NULL,
    version INTEGER,
    state TEXT NOT NULL,
    ladder TEXT NOT NULL CHECK (json_valid(ladder)),
    revision INTEGER NOT NULL,
    simulated_revision INTEGER,
    uncovered TEXT CHECK (json_valid(uncovered)),
    created_by BLOB NOT NULL REFERENCES staff (id) CHECK (length(created_by) = 16),
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    published_by BLOB REFERENCES staff (id) CHECK (length(published_by) = 16),
    published_at INTEGER,
    PRIMARY KEY (id)
) STRICT;
CREATE UNIQUE INDEX ladders_version ON ladders (organisation_id, code, version);
CREATE INDEX ladders_by_organisation ON ladders (organisation_id, id);

-- Who of a support organisation is on duty when.
CREATE TABLE rota_shifts (
    id BLOB NOT NULL CHECK (length(id) = 16),
    organisation_id BLOB NOT NULL REFERENCES organisations (id) CHECK (length(organisation_id) = 16),
    staff_id BLOB NOT NULL REFERENCES staff (id) CHECK (length(staff_id) = 16),
    place TEXT NOT NULL,
    starts_at INTEGER NOT NULL,
    ends_at INTEGER NOT NULL,
    created_by BLOB NOT NULL REFERENCES staff (id) CHECK (length(created_by) = 16),
    created_at INTEGER NOT NULL,
    cancelled_at INTEGER,
    cancelled_by BLOB REFERENCES staff (id) CHECK (length(cancelled_by) = 16),
    cancel_reason TEXT,
    PRIMARY KEY (id)
) STRICT;
CREATE INDEX rota_shifts_live ON rota_shifts (organisation_id, ends_at) WHERE cancelled_at IS NULL;

-- Notifications that a supervisor holds back for a while; never of an emergency.
CREATE TABLE silences (
    id BLOB NOT NULL CHECK (length(id) = 16),
    organisation_id BLOB NOT NULL REFERENCES organisations (id) CHECK (length(organisation_id) = 16),
    survivor_id BLOB REFERENCES survivors (id) CHECK (length(survivor_id) = 16),
    rule_group TEXT,
    reason TEXT NOT NULL,
    until_at INTEGER NOT NULL,
    created_by BLOB NOT NULL REFERENCES staff (id) CHECK (length(created_by) = 16),
    created_at INTEGER NOT NULL,
    ended_at INTEGER,
    ended_by BLOB REFERENCES staff (id) CHECK (length(ended_by) = 16),
    PRIMARY KEY (id)
) STRICT;
CREATE INDEX silences_live ON silences (organisation_id, until_at) WHERE ended_at IS NULL;

-- Each time that steps of an alert were held back, and why.
CREATE TABLE alert_holds (
    id BLOB NOT NULL CHECK (length(id) = 16),
    alert_id BLOB NOT NULL REFERENCES alerts (id) CHECK (length(alert_id) = 16),
    organisation_id BLOB NOT NULL REFERENCES organisations (id) CHECK (length(organisation_id) = 16),
    reason TEXT NOT NULL,
    held_at INTEGER NOT NULL,
    until_at INTEGER NOT NULL,
    PRIMARY KEY (id)
) STRICT;
CREATE INDEX alert_holds_by_alert ON alert_holds (alert_id, id);
CREATE INDEX alert_holds_by_reason ON alert_holds (reason, held_at);

-- Each time that people of the support side decided to notify the police of an alert without the survivor's setting.
CREATE TABLE police_overrides (
    id BLOB NOT NULL CHECK (length(id) = 16),
    survivor_id BLOB NOT NULL REFERENCES survivors (id) CHECK (length(survivor_id) = 16),
    alert_id BLOB NOT NULL REFERENCES alerts (id) CHECK (length(alert_id) = 16),
    organisation_id BLOB NOT NULL REFERENCES organisations (id) CHECK (length(organisation_id) = 16),
    recipient_id BLOB NOT NULL REFERENCES organisations (id) CHECK (length(recipient_id) = 16),
    -- Whether it lets the force know who the survivor is, and who was reported: more than the alert and a name.
    opens_identity INTEGER NOT NULL CHECK (opens_identity IN (0, 1)),
    basis TEXT NOT NULL,
    condition TEXT,
    necessity BLOB NOT NULL,
    is_imminent INTEGER NOT NULL CHECK (is_imminent IN (0, 1)),
    state TEXT NOT NULL,
    -- Whether the police know of the alert by it: not before it is in force, nor once a second review ended it.
    governs INTEGER NOT NULL CHECK (governs IN (0, 1)),
    asked_by BLOB NOT NULL REFERENCES staff (id) CHECK (length(asked_by) = 16),
    asked_at INTEGER NOT NULL,
    approved_by BLOB REFERENCES staff (id) CHECK (length(approved_by) = 16),
    approved_at INTEGER,
    reviewed_by BLOB REFERENCES staff (id) CHECK (length(reviewed_by) = 16),
    reviewed_at INTEGER,
    review_note BLOB,
    is_upheld INTEGER CHECK (is_upheld IN (0, 1)),
    ended_at INTEGER,
    ended_by BLOB REFERENCES staff (id) CHECK (length(ended_by) = 16),
    -- When the survivor was informed in person; until then, or for two weeks, their phone shows nothing of it.
    told_at INTEGER,
    -- When a supervisor decided that the phone shows nothing of it before they were informed, however long that takes; and why.
    withheld_by BLOB REFERENCES staff (id) CHECK (length(withheld_by) = 16),
    withheld_at INTEGER,
    withhold_reason BLOB,
    PRIMARY KEY (id)
) STRICT;
CREATE INDEX police_overrides_by_alert ON police_overrides (alert_id, id);
CREATE INDEX police_overrides_by_organisation ON police_overrides (organisation_id, id);
CREATE INDEX police_overrides_by_survivor ON police_overrides (survivor_id);

-- Where a survivor may be found: of a refuge its night number, never a street. Opened one at a time, and nowhere else.
CREATE TABLE safe_addresses (
    id BLOB NOT NULL CHECK (length(id) = 16),
    survivor_id BLOB NOT NULL REFERENCES survivors (id) CHECK (length(survivor_id) = 16),
    kind TEXT NOT NULL,
    place BLOB NOT NULL,
    confirmed_on TEXT NOT NULL,
    set_by BLOB NOT NULL REFERENCES staff (id) CHECK (length(set_by) = 16),
    set_at INTEGER NOT NULL,
    ended_at INTEGER,
    PRIMARY KEY (id)
) STRICT;
CREATE INDEX safe_addresses_by_survivor ON safe_addresses (survivor_id, id);

-- Records that one support organisation offers to another, since the survivor wants to go on there.
CREATE TABLE record_transfers (
    id BLOB NOT NULL CHECK (length(id) = 16),
    survivor_id BLOB NOT NULL REFERENCES survivors (id) CHECK (length(survivor_id) = 16),
    from_organisation_id BLOB NOT NULL REFERENCES organisations (id) CHECK (length(from_organisation_id) = 16),
    to_organisation_id BLOB NOT NULL REFERENCES organisations (id) CHECK (length(to_organisation_id) = 16),
    reason BLOB NOT NULL,
    state TEXT NOT NULL,
    offered_by BLOB NOT NULL REFERENCES staff (id) CHECK (length(offered_by) = 16),
    offered_at INTEGER NOT NULL,
    decided_by BLOB REFERENCES staff (id) CHECK (length(decided_by) = 16),
    decided_at INTEGER,
    PRIMARY KEY (id)
) STRICT;
CREATE UNIQUE INDEX record_transfers_offered ON record_transfers (survivor_id) WHERE state = 'offered';
CREATE INDEX record_transfers_from ON record_transfers (from_organisation_id, id);
CREATE INDEX record_transfers_to ON record_transfers (to_organisation_id, id);
