//! Schedules, check-ins and timers.

#![expect(missing_docs, reason = "the columns are documented by the rows that read them")]

diesel::table! {
    use diesel::sql_types::*;
    use super::super::{DbInstant, DbJson, DbUuid};

    schedules (id) {
        id -> DbUuid,
        survivor_id -> DbUuid,
        time_zone -> Text,
        local_times -> DbJson,
        weekdays -> DbJson,
        opens_minutes_before -> Integer,
        grace_minutes -> Integer,
        state -> Text,
        created_by -> DbUuid,
        created_at -> DbInstant,
        rrule -> Nullable<Text>,
        starts_at_local -> Nullable<Text>,
        quiet_from -> Nullable<Text>,
        quiet_until -> Nullable<Text>,
        paused_until -> Nullable<DbInstant>,
        next_action_at -> Nullable<DbInstant>,
        state_reason -> Nullable<Text>,
        ended_at -> Nullable<DbInstant>,
        version -> Integer,
        twin_of -> Nullable<DbUuid>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::{DbInstant, DbJson, DbUuid};

    check_ins (id) {
        id -> DbUuid,
        survivor_id -> DbUuid,
        schedule_id -> Nullable<DbUuid>,
        state -> Text,
        opens_at -> Nullable<DbInstant>,
        due_at -> Nullable<DbInstant>,
        grace_ends_at -> Nullable<DbInstant>,
        next_action_at -> Nullable<DbInstant>,
        missed_at -> Nullable<DbInstant>,
        answer -> Nullable<Text>,
        feeling_safe -> Nullable<Integer>,
        contact_since_last -> Nullable<Text>,
        safe_to_contact -> Nullable<Bool>,
        note -> Nullable<Binary>,
        location -> Nullable<Binary>,
        recorded_at -> Nullable<DbInstant>,
        received_at -> Nullable<DbInstant>,
        device_id -> Nullable<DbUuid>,
        happened_at -> DbInstant,
        remind_at -> Nullable<DbInstant>,
        is_duress -> Bool,
        wellbeing -> Nullable<Binary>,
        answers -> Nullable<Binary>,
        in_touch -> Nullable<DbJson>,
        clock_offset_seconds -> Nullable<Integer>,
        recorded_by -> Nullable<DbUuid>,
        review_state -> Nullable<Text>,
        reviewed_at -> Nullable<DbInstant>,
        resolved_at -> Nullable<DbInstant>,
        battery -> Nullable<Integer>,
        is_proven -> Bool,
        twin_of -> Nullable<DbUuid>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::{DbInstant, DbUuid};

    check_in_questions (id) {
        id -> DbUuid,
        survivor_id -> DbUuid,
        kind -> Text,
        wording -> Binary,
        created_by -> DbUuid,
        created_at -> DbInstant,
        retired_at -> Nullable<DbInstant>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::{DbInstant, DbUuid};

    check_in_reviews (id) {
        id -> DbUuid,
        check_in_id -> DbUuid,
        survivor_id -> DbUuid,
        kind -> Text,
        reason -> Nullable<Text>,
        note -> Nullable<Binary>,
        staff_id -> DbUuid,
        at -> DbInstant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::{DbInstant, DbUuid};

    timers (id) {
        id -> DbUuid,
        survivor_id -> DbUuid,
        device_id -> DbUuid,
        state -> Text,
        note -> Nullable<Binary>,
        location -> Nullable<Binary>,
        started_at -> DbInstant,
        ends_at -> DbInstant,
        next_action_at -> Nullable<DbInstant>,
        extensions -> Integer,
        expired_at -> Nullable<DbInstant>,
        ended_at -> Nullable<DbInstant>,
        recorded_at -> Nullable<DbInstant>,
        is_duress -> Bool,
        client_id -> Nullable<DbUuid>,
        clock_offset_seconds -> Nullable<Integer>,
    }
}
