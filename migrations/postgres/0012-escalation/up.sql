-- Alerts and their ladders, the forces that are notified, tasks for people, and what holds steps back.

-- Transactions about one survivor's alerts wait for each other here, so that two triggers never open two alerts of a
-- group.
CREATE TABLE alert_locks (
    survivor_id uuid NOT NULL REFERENCES survivors (id),
    turns bigint NOT NULL,
    PRIMARY KEY (survivor_id)
);

-- One alert a survivor and group is open at a time; later triggers go to it.
CREATE TABLE alerts (
    id uuid NOT NULL,
    reference text NOT NULL UNIQUE,
    survivor_id uuid NOT NULL REFERENCES survivors (id),
    case_id uuid REFERENCES cases (id),
    organisation_id uuid NOT NULL REFERENCES organisations (id),
    rule_group text NOT NULL,
    rule text NOT NULL,
    level integer NOT NULL,
    state text NOT NULL,
    is_silent boolean NOT NULL,
    is_exercise boolean NOT NULL,
    -- What is known, as codes.
    facts jsonb NOT NULL,
    police_setting text,
    police_allowed boolean NOT NULL,
    police_told_at timestamptz,
    police_acknowledged_at timestamptz,
    -- The ladder as it was when the alert got onto it, and how far it was climbed.
    ladder jsonb NOT NULL,
    ladder_round integer NOT NULL,
    ladder_next integer NOT NULL,
    next_action_at timestamptz,
    message_sequence integer NOT NULL,
    acknowledged_at timestamptz,
    closed_at timestamptz,
    outcome text,
    outcome_released_at timestamptz,
    raised_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    version integer NOT NULL,
    -- People are paged about one alert at most once a minute: when they last were, and how many triggers came since.
    paged_at timestamptz,
    unpaged_triggers integer NOT NULL DEFAULT 0,
    -- The time by which the alert is to be acknowledged, which no read moves.
    acknowledge_by timestamptz,
    PRIMARY KEY (id)
);
CREATE UNIQUE INDEX alerts_one_open ON alerts (survivor_id, rule_group) WHERE closed_at IS NULL;
CREATE INDEX alerts_due ON alerts (next_action_at) WHERE next_action_at IS NOT NULL;
CREATE INDEX alerts_by_organisation ON alerts (organisation_id, id);
CREATE INDEX alerts_by_survivor ON alerts (survivor_id, raised_at, id);
CREATE INDEX alerts_by_raised ON alerts (organisation_id, rule_group, raised_at);

-- What happened to an alert, one line each time. Never changed.
CREATE TABLE alert_history (
    id uuid NOT NULL,
    alert_id uuid NOT NULL REFERENCES alerts (id),
    survivor_id uuid NOT NULL REFERENCES survivors (id),
    at timestamptz NOT NULL,
    kind text NOT NULL,
    rule text,
    level integer NOT NULL,
    detail jsonb NOT NULL,
    note bytea,
    actor_kind text NOT NULL,
    actor_id uuid,
    -- What a force calls the alert.
    force_reference bytea,
    PRIMARY KEY (id)
);
CREATE INDEX alert_history_by_alert ON alert_history (alert_id, id);

-- The forces of an alert, one row each: which of them a trigger goes to, what each was sent, read and acknowledged.
-- `organisation_id` is null until the force was notified.
CREATE TABLE alert_forces (
    alert_id uuid NOT NULL REFERENCES alerts (id),
    force_id text NOT NULL,
    organisation_id uuid REFERENCES organisations (id),
    added_at timestamptz NOT NULL,
    -- Whether a trigger names the force, and neither it nor the home force in its stead was sent anything of that.
    is_awaiting boolean NOT NULL,
    -- Whether something happened that the force was sent nothing of.
    has_news boolean NOT NULL,
    unreachable text,
    message_sequence integer NOT NULL,
    notified_at timestamptz,
    last_notified_at timestamptz,
    acknowledged_at timestamptz,
    read_at timestamptz,
    PRIMARY KEY (alert_id, force_id)
);
CREATE INDEX alert_forces_by_organisation ON alert_forces (organisation_id, alert_id);

-- What a force said came of an alert, one row each time: what was released to the survivor stays when it is corrected.
CREATE TABLE police_outcomes (
    id uuid NOT NULL,
    alert_id uuid NOT NULL REFERENCES alerts (id),
    survivor_id uuid NOT NULL REFERENCES survivors (id),
    organisation_id uuid REFERENCES organisations (id),
    outcome text NOT NULL,
    grade text,
    force_reference bytea,
    state text NOT NULL,
    told_at timestamptz NOT NULL,
    -- When to look whether anybody has decided about releasing it.
    next_action_at timestamptz,
    decided_at timestamptz,
    decided_by uuid REFERENCES staff (id),
    reason text,
    superseded_at timestamptz,
    PRIMARY KEY (id)
);
CREATE INDEX police_outcomes_by_alert ON police_outcomes (alert_id, id);
CREATE INDEX police_outcomes_by_survivor ON police_outcomes (survivor_id, decided_at, id);
CREATE INDEX police_outcomes_due ON police_outcomes (next_action_at) WHERE next_action_at IS NOT NULL;

-- To which officers the location that an alert came with, by a check-in or by a timer, was released, and when first.
CREATE TABLE location_releases (
    alert_id uuid NOT NULL REFERENCES alerts (id),
    check_in_id uuid NOT NULL REFERENCES check_ins (id),
    survivor_id uuid NOT NULL REFERENCES survivors (id),
    officer_id uuid NOT NULL REFERENCES staff (id),
    officer bytea NOT NULL,
    released_at timestamptz NOT NULL,
    PRIMARY KEY (alert_id, check_in_id, officer_id)
);

CREATE TABLE timer_location_releases (
    alert_id uuid NOT NULL REFERENCES alerts (id),
    timer_id uuid NOT NULL REFERENCES timers (id),
    survivor_id uuid NOT NULL REFERENCES survivors (id),
    officer_id uuid NOT NULL REFERENCES staff (id),
    officer bytea NOT NULL,
    released_at timestamptz NOT NULL,
    PRIMARY KEY (alert_id, timer_id, officer_id)
);

-- Locations that support staff opened, since a caller to 999 has to say where. Each person opens one once. `source_id`
-- is the check-in or the timer that the location came with.
CREATE TABLE location_openings (
    alert_id uuid NOT NULL REFERENCES alerts (id),
    staff_id uuid NOT NULL REFERENCES staff (id),
    source_id uuid NOT NULL,
    survivor_id uuid NOT NULL REFERENCES survivors (id),
    opened_at timestamptz NOT NULL,
    PRIMARY KEY (alert_id, staff_id, source_id)
);

-- What waits for a person: by when it is to be done, when the clock looks at it next, and why it ended.
CREATE TABLE tasks (
    id uuid NOT NULL,
    organisation_id uuid NOT NULL REFERENCES organisations (id),
    for_role text NOT NULL,
    kind text NOT NULL,
    survivor_id uuid NOT NULL REFERENCES survivors (id),
    alert_id uuid REFERENCES alerts (id),
    detail jsonb NOT NULL,
    state text NOT NULL,
    created_at timestamptz NOT NULL,
    done_at timestamptz,
    done_by uuid REFERENCES staff (id),
    note bytea,
    due_at timestamptz,
    next_action_at timestamptz,
    ended_because text,
    PRIMARY KEY (id)
);
CREATE INDEX tasks_by_organisation ON tasks (organisation_id, id);
CREATE INDEX tasks_by_alert ON tasks (alert_id);
CREATE INDEX tasks_open ON tasks (survivor_id, kind) WHERE state = 'open';
CREATE INDEX tasks_due ON tasks (next_action_at) WHERE next_action_at IS NOT NULL;

-- An organisation's own ladders: drafts, and published versions that never change.
CREATE TABLE ladders (
    id uuid NOT NULL,
    organisation_id uuid NOT NULL REFERENCES organisations (id),
    code text NOT NULL,
    version integer,
    state text NOT NULL,
    ladder jsonb NOT NULL,
    revision integer NOT NULL,
    simulated_revision integer,
    uncovered jsonb,
    created_by uuid NOT NULL REFERENCES staff (id),
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    published_by uuid REFERENCES staff (id),
    published_at timestamptz,
    PRIMARY KEY (id)
);
CREATE UNIQUE INDEX ladders_version ON ladders (organisation_id, code, version);
CREATE INDEX ladders_by_organisation ON ladders (organisation_id, id);

-- Who of a support organisation is on duty when.
CREATE TABLE rota_shifts (
    id uuid NOT NULL,
    organisation_id uuid NOT NULL REFERENCES organisations (id),
    staff_id uuid NOT NULL REFERENCES staff (id),
    place text NOT NULL,
    starts_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL,
    created_by uuid NOT NULL REFERENCES staff (id),
    created_at timestamptz NOT NULL,
    cancelled_at timestamptz,
    cancelled_by uuid REFERENCES staff (id),
    cancel_reason text,
    PRIMARY KEY (id)
);
CREATE INDEX rota_shifts_live ON rota_shifts (organisation_id, ends_at) WHERE cancelled_at IS NULL;

-- Notifications that a supervisor holds back for a while; never of an emergency.
CREATE TABLE silences (
    id uuid NOT NULL,
    organisation_id uuid NOT NULL REFERENCES organisations (id),
    survivor_id uuid REFERENCES survivors (id),
    rule_group text,
    reason text NOT NULL,
    until_at timestamptz NOT NULL,
    created_by uuid NOT NULL REFERENCES staff (id),
    created_at timestamptz NOT NULL,
    ended_at timestamptz,
    ended_by uuid REFERENCES staff (id),
    PRIMARY KEY (id)
);
CREATE INDEX silences_live ON silences (organisation_id, until_at) WHERE ended_at IS NULL;

-- Each time that steps of an alert were held back, and why.
CREATE TABLE alert_holds (
    id uuid NOT NULL,
    alert_id uuid NOT NULL REFERENCES alerts (id),
    organisation_id uuid NOT NULL REFERENCES organisations (id),
    reason text NOT NULL,
    held_at timestamptz NOT NULL,
    until_at timestamptz NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX alert_holds_by_alert ON alert_holds (alert_id, id);
CREATE INDEX alert_holds_by_reason ON alert_holds (reason, held_at);

-- Each time that people of the support side decided to notify the police of an alert without the survivor's setting.
CREATE TABLE police_overrides (
    id uuid NOT NULL,
    survivor_id uuid NOT NULL REFERENCES survivors (id),
    alert_id uuid NOT NULL REFERENCES alerts (id),
    organisation_id uuid NOT NULL REFERENCES organisations (id),
    recipient_id uuid NOT NULL REFERENCES organisations (id),
    -- Whether it lets the force know who the survivor is, and who was reported: more than the alert and a name.
    opens_identity boolean NOT NULL,
    basis text NOT NULL,
    condition text,
    necessity bytea NOT NULL,
    is_imminent boolean NOT NULL,
    state text NOT NULL,
    -- Whether the police know of the alert by it: not before it is in force, nor once a second review ended it.
    governs boolean NOT NULL,
    asked_by uuid NOT NULL REFERENCES staff (id),
    asked_at timestamptz NOT NULL,
    approved_by uuid REFERENCES staff (id),
    approved_at timestamptz,
    reviewed_by uuid REFERENCES staff (id),
    reviewed_at timestamptz,
    review_note bytea,
    is_upheld boolean,
    ended_at timestamptz,
    ended_by uuid REFERENCES staff (id),
    -- When the survivor was informed in person; until then, or for two weeks, their phone shows nothing of it.
    told_at timestamptz,
    -- When a supervisor decided that the phone shows nothing of it before they were informed, however long that takes; and why.
    withheld_by uuid REFERENCES staff (id),
    withheld_at timestamptz,
    withhold_reason bytea,
    PRIMARY KEY (id)
);
CREATE INDEX police_overrides_by_alert ON police_overrides (alert_id, id);
CREATE INDEX police_overrides_by_organisation ON police_overrides (organisation_id, id);
CREATE INDEX police_overrides_by_survivor ON police_overrides (survivor_id);

-- Where a survivor may be found: of a refuge its night number, never a street. Opened one at a time, and nowhere else.
CREATE TABLE safe_addresses (
    id uuid NOT NULL,
    survivor_id uuid NOT NULL REFERENCES survivors (id),
    kind text NOT NULL,
    place bytea NOT NULL,
    confirmed_on text NOT NULL,
    set_by uuid NOT NULL REFERENCES staff (id),
    set_at timestamptz NOT NULL,
    ended_at timestamptz,
    PRIMARY KEY (id)
);
CREATE INDEX safe_addresses_by_survivor ON safe_addresses (survivor_id, id);

-- Records that one support organisation offers to another, since the survivor wants to go on there.
CREATE TABLE record_transfers (
    id uuid NOT NULL,
    survivor_id uuid NOT NULL REFERENCES survivors (id),
    from_organisation_id uuid NOT NULL REFERENCES organisations (id),
    to_organisation_id uuid NOT NULL REFERENCES organisations (id),
    reason bytea NOT NULL,
    state text NOT NULL,
    offered_by uuid NOT NULL REFERENCES staff (id),
    offered_at timestamptz NOT NULL,
    decided_by uuid REFERENCES staff (id),
    decided_at timestamptz,
    PRIMARY KEY (id)
);
CREATE UNIQUE INDEX record_transfers_offered ON record_transfers (survivor_id) WHERE state = 'offered';
CREATE INDEX record_transfers_from ON record_transfers (from_organisation_id, id);
CREATE INDEX record_transfers_to ON record_transfers (to_organisation_id, id);
