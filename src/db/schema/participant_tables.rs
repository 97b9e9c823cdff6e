//! Participants, their orders, goals and sessions, and what is feared of them.

#![expect(missing_docs, reason = "the columns are documented by the rows that read them")]

diesel::table! {
    use diesel::sql_types::*;
    use super::super::{DbInstant, DbUuid};

    participants (id) {
        id -> DbUuid,
        reference -> Text,
        organisation_id -> DbUuid,
        name -> Binary,
        home_force_id -> Text,
        practitioner_id -> DbUuid,
        version -> Integer,
        created_at -> DbInstant,
        date_of_birth -> Nullable<Binary>,
        address -> Nullable<Binary>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::{DbInstant, DbUuid};

    orders (id) {
        id -> DbUuid,
        participant_id -> DbUuid,
        kind -> Text,
        court -> Nullable<Binary>,
        police_reference -> Nullable<Binary>,
        made_on -> Text,
        served_on -> Nullable<Text>,
        expires_on -> Nullable<Text>,
        created_at -> DbInstant,
        basis -> Nullable<Text>,
        replaces_order_id -> Nullable<DbUuid>,
        is_notified_otherwise -> Bool,
        notified_on -> Nullable<Text>,
        ended_on -> Nullable<Text>,
        ended_by -> Nullable<Text>,
        version -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::DbUuid;

    order_conditions (id) {
        id -> DbUuid,
        order_id -> DbUuid,
        participant_id -> DbUuid,
        position -> Integer,
        kind -> Text,
        code -> Text,
        wording -> Binary,
        area -> Nullable<Binary>,
        distance_metres -> Nullable<Integer>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::{DbInstant, DbUuid};

    goals (id) {
        id -> DbUuid,
        participant_id -> DbUuid,
        domain -> Text,
        statement -> Binary,
        survivor_benefit -> Binary,
        participant_wording -> Nullable<Binary>,
        levels -> Binary,
        baseline -> Integer,
        weight -> Integer,
        target_on -> Nullable<Text>,
        state -> Text,
        created_at -> DbInstant,
        created_by -> Nullable<DbUuid>,
        measured_by -> Text,
        wording_state -> Nullable<Text>,
        wording_version -> Integer,
        agreed_on -> Nullable<Text>,
        approved_by -> Nullable<DbUuid>,
        approved_at -> Nullable<DbInstant>,
        closed_at -> Nullable<DbInstant>,
        supersedes_id -> Nullable<DbUuid>,
        superseded_by_id -> Nullable<DbUuid>,
        version -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::{DbInstant, DbUuid};

    goal_reviews (id) {
        id -> DbUuid,
        goal_id -> DbUuid,
        participant_id -> DbUuid,
        score -> Integer,
        note -> Binary,
        reviewed_on -> Text,
        created_by -> DbUuid,
        created_at -> DbInstant,
        supersedes_id -> Nullable<DbUuid>,
        withdrawn_at -> Nullable<DbInstant>,
        withdrawn_by -> Nullable<DbUuid>,
        withdrawn_reason -> Nullable<Binary>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::{DbInstant, DbUuid};

    programme_sessions (id) {
        id -> DbUuid,
        participant_id -> DbUuid,
        number -> Integer,
        module -> Text,
        mode -> Text,
        planned_at -> DbInstant,
        attendance -> Nullable<Text>,
        attendance_recorded_at -> Nullable<DbInstant>,
        attendance_recorded_by -> Nullable<DbUuid>,
        note -> Nullable<Binary>,
        version -> Integer,
        created_at -> DbInstant,
        feedback_at -> Nullable<DbInstant>,
        supersedes_id -> Nullable<DbUuid>,
        superseded_by_id -> Nullable<DbUuid>,
        superseded_at -> Nullable<DbInstant>,
        superseded_reason -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::{DbInstant, DbUuid};

    participant_concerns (id) {
        id -> DbUuid,
        participant_id -> DbUuid,
        kind -> Text,
        is_imminent -> Bool,
        note -> Binary,
        created_by -> DbUuid,
        created_at -> DbInstant,
        words -> Nullable<Binary>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::{DbInstant, DbUuid};

    survivor_orders (id) {
        id -> DbUuid,
        survivor_id -> DbUuid,
        kind -> Text,
        court -> Nullable<Binary>,
        police_reference -> Nullable<Binary>,
        made_on -> Text,
        served_on -> Nullable<Text>,
        expires_on -> Nullable<Text>,
        ended_on -> Nullable<Text>,
        recorded_by -> DbUuid,
        created_at -> DbInstant,
        next_action_at -> Nullable<DbInstant>,
        removed_at -> Nullable<DbInstant>,
        version -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::DbUuid;

    survivor_order_conditions (id) {
        id -> DbUuid,
        order_id -> DbUuid,
        survivor_id -> DbUuid,
        position -> Integer,
        kind -> Text,
        code -> Text,
        wording -> Binary,
        area -> Nullable<Binary>,
        distance_metres -> Nullable<Integer>,
    }
}
