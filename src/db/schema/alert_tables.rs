//! Alerts, what follows from them, and what holds them back.

#![expect(missing_docs, reason = "the columns are documented by the rows that read them")]

diesel::table! {
    use diesel::sql_types::*;
    use super::super::DbUuid;

    alert_locks (survivor_id) {
        survivor_id -> DbUuid,
        turns -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::{DbInstant, DbJson, DbUuid};

    alerts (id) {
        id -> DbUuid,
        reference -> Text,
        survivor_id -> DbUuid,
        case_id -> Nullable<DbUuid>,
        organisation_id -> DbUuid,
        rule_group -> Text,
        rule -> Text,
        level -> Integer,
        state -> Text,
        is_silent -> Bool,
        is_exercise -> Bool,
        facts -> DbJson,
        police_setting -> Nullable<Text>,
        police_allowed -> Bool,
        police_told_at -> Nullable<DbInstant>,
        police_acknowledged_at -> Nullable<DbInstant>,
        ladder -> DbJson,
        ladder_round -> Integer,
        ladder_next -> Integer,
        next_action_at -> Nullable<DbInstant>,
        message_sequence -> Integer,
        acknowledged_at -> Nullable<DbInstant>,
        closed_at -> Nullable<DbInstant>,
        outcome -> Nullable<Text>,
        outcome_released_at -> Nullable<DbInstant>,
        raised_at -> DbInstant,
        updated_at -> DbInstant,
        version -> Integer,
        paged_at -> Nullable<DbInstant>,
        unpaged_triggers -> Integer,
        acknowledge_by -> Nullable<DbInstant>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::{DbInstant, DbUuid};

    alert_forces (alert_id, force_id) {
        alert_id -> DbUuid,
        force_id -> Text,
        organisation_id -> Nullable<DbUuid>,
        added_at -> DbInstant,
        is_awaiting -> Bool,
        has_news -> Bool,
        unreachable -> Nullable<Text>,
        message_sequence -> Integer,
        notified_at -> Nullable<DbInstant>,
        last_notified_at -> Nullable<DbInstant>,
        acknowledged_at -> Nullable<DbInstant>,
        read_at -> Nullable<DbInstant>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::{DbInstant, DbJson, DbUuid};

    alert_history (id) {
        id -> DbUuid,
        alert_id -> DbUuid,
        survivor_id -> DbUuid,
        at -> DbInstant,
        kind -> Text,
        rule -> Nullable<Text>,
        level -> Integer,
        detail -> DbJson,
        note -> Nullable<Binary>,
        actor_kind -> Text,
        actor_id -> Nullable<DbUuid>,
        force_reference -> Nullable<Binary>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::{DbInstant, DbJson, DbUuid};

    tasks (id) {
        id -> DbUuid,
        organisation_id -> DbUuid,
        for_role -> Text,
        kind -> Text,
        survivor_id -> DbUuid,
        alert_id -> Nullable<DbUuid>,
        detail -> DbJson,
        state -> Text,
        created_at -> DbInstant,
        done_at -> Nullable<DbInstant>,
        done_by -> Nullable<DbUuid>,
        note -> Nullable<Binary>,
        due_at -> Nullable<DbInstant>,
        next_action_at -> Nullable<DbInstant>,
        ended_because -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::{DbInstant, DbUuid};

    police_outcomes (id) {
        id -> DbUuid,
        alert_id -> DbUuid,
        survivor_id -> DbUuid,
        organisation_id -> Nullable<DbUuid>,
        outcome -> Text,
        grade -> Nullable<Text>,
        force_reference -> Nullable<Binary>,
        state -> Text,
        told_at -> DbInstant,
        next_action_at -> Nullable<DbInstant>,
        decided_at -> Nullable<DbInstant>,
        decided_by -> Nullable<DbUuid>,
        reason -> Nullable<Text>,
        superseded_at -> Nullable<DbInstant>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::{DbInstant, DbUuid};

    silences (id) {
        id -> DbUuid,
        organisation_id -> DbUuid,
        survivor_id -> Nullable<DbUuid>,
        rule_group -> Nullable<Text>,
        reason -> Text,
        until_at -> DbInstant,
        created_by -> DbUuid,
        created_at -> DbInstant,
        ended_at -> Nullable<DbInstant>,
        ended_by -> Nullable<DbUuid>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::{DbInstant, DbUuid};

    alert_holds (id) {
        id -> DbUuid,
        alert_id -> DbUuid,
        organisation_id -> DbUuid,
        reason -> Text,
        held_at -> DbInstant,
        until_at -> DbInstant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::{DbInstant, DbUuid};

    police_overrides (id) {
        id -> DbUuid,
        survivor_id -> DbUuid,
        alert_id -> DbUuid,
        organisation_id -> DbUuid,
        recipient_id -> DbUuid,
        opens_identity -> Bool,
        basis -> Text,
        condition -> Nullable<Text>,
        necessity -> Binary,
        is_imminent -> Bool,
        state -> Text,
        governs -> Bool,
        asked_by -> DbUuid,
        asked_at -> DbInstant,
        approved_by -> Nullable<DbUuid>,
        approved_at -> Nullable<DbInstant>,
        reviewed_by -> Nullable<DbUuid>,
        reviewed_at -> Nullable<DbInstant>,
        review_note -> Nullable<Binary>,
        is_upheld -> Nullable<Bool>,
        ended_at -> Nullable<DbInstant>,
        ended_by -> Nullable<DbUuid>,
        told_at -> Nullable<DbInstant>,
        withheld_by -> Nullable<DbUuid>,
        withheld_at -> Nullable<DbInstant>,
        withhold_reason -> Nullable<Binary>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::{DbInstant, DbUuid};

    record_transfers (id) {
        id -> DbUuid,
        survivor_id -> DbUuid,
        from_organisation_id -> DbUuid,
        to_organisation_id -> DbUuid,
        reason -> Binary,
        state -> Text,
        offered_by -> DbUuid,
        offered_at -> DbInstant,
        decided_by -> Nullable<DbUuid>,
        decided_at -> Nullable<DbInstant>,
    }
}
