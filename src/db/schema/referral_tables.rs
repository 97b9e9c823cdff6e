//! Referrals, the order register, programmes and enrolments.

#![expect(missing_docs, reason = "the columns are documented by the rows that read them")]

diesel::table! {
    use diesel::sql_types::*;
    use super::super::{DbInstant, DbJson, DbUuid};

    participant_identifiers (id) {
        id -> DbUuid,
        participant_id -> DbUuid,
        kind -> Text,
        value -> Binary,
        source -> Text,
        created_by -> DbUuid,
        created_at -> DbInstant,
        removed_at -> Nullable<DbInstant>,
        removed_by -> Nullable<DbUuid>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::{DbInstant, DbUuid};

    order_corrections (id) {
        id -> DbUuid,
        order_id -> DbUuid,
        participant_id -> DbUuid,
        correction -> Binary,
        created_by -> DbUuid,
        created_at -> DbInstant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::{DbInstant, DbJson, DbUuid};

    order_duties (id) {
        id -> DbUuid,
        order_id -> DbUuid,
        participant_id -> DbUuid,
        kind -> Text,
        due_on -> Text,
        next_action_at -> Nullable<DbInstant>,
        told_at -> Nullable<DbInstant>,
        done_on -> Nullable<Text>,
        cancelled_at -> Nullable<DbInstant>,
        created_at -> DbInstant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::{DbInstant, DbJson, DbUuid};

    referrals (id) {
        id -> DbUuid,
        participant_id -> DbUuid,
        organisation_id -> DbUuid,
        home_force_id -> Text,
        source -> Text,
        basis -> Text,
        order_id -> Nullable<DbUuid>,
        note -> Nullable<Binary>,
        state -> Text,
        held_from -> Nullable<Text>,
        reason -> Nullable<Text>,
        practitioner_id -> Nullable<DbUuid>,
        submitted_at -> Nullable<DbInstant>,
        allocation_due_at -> Nullable<DbInstant>,
        allocated_at -> Nullable<DbInstant>,
        next_action_at -> Nullable<DbInstant>,
        created_by -> DbUuid,
        created_at -> DbInstant,
        version -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::{DbInstant, DbJson, DbUuid};

    programme_transitions (id) {
        id -> DbUuid,
        subject_kind -> Text,
        subject_id -> DbUuid,
        participant_id -> DbUuid,
        event -> Text,
        from_state -> Text,
        to_state -> Text,
        reason -> Nullable<Text>,
        note -> Nullable<Binary>,
        created_by -> DbUuid,
        created_at -> DbInstant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::{DbInstant, DbJson, DbUuid};

    programme_tasks (id) {
        id -> DbUuid,
        organisation_id -> DbUuid,
        participant_id -> DbUuid,
        kind -> Text,
        subject_id -> DbUuid,
        created_at -> DbInstant,
        done_at -> Nullable<DbInstant>,
        done_by -> Nullable<DbUuid>,
        note -> Nullable<Binary>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::{DbInstant, DbJson, DbUuid};

    programmes (id) {
        id -> DbUuid,
        organisation_id -> Nullable<DbUuid>,
        code -> Text,
        name -> Text,
        sessions -> Integer,
        weeks -> Integer,
        modules -> DbJson,
        created_at -> DbInstant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::{DbInstant, DbJson, DbUuid};

    enrolments (id) {
        id -> DbUuid,
        referral_id -> DbUuid,
        participant_id -> DbUuid,
        organisation_id -> DbUuid,
        programme_id -> DbUuid,
        state -> Text,
        reason -> Nullable<Text>,
        starts_on -> Text,
        local_time -> Text,
        time_zone -> Text,
        first_number -> Integer,
        sessions -> Integer,
        created_by -> DbUuid,
        created_at -> DbInstant,
        ended_at -> Nullable<DbInstant>,
        version -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::{DbInstant, DbJson, DbUuid};

    end_reports (enrolment_id) {
        enrolment_id -> DbUuid,
        participant_id -> DbUuid,
        state -> Text,
        progress -> Binary,
        risk -> Binary,
        recommendations -> Binary,
        figures -> DbJson,
        created_by -> DbUuid,
        created_at -> DbInstant,
        submitted_by -> Nullable<DbUuid>,
        submitted_at -> Nullable<DbInstant>,
        approved_by -> Nullable<DbUuid>,
        approved_at -> Nullable<DbInstant>,
        version -> Integer,
    }
}
