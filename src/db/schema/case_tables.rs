//! Who works with whom, and cases: what was done with them, notes, concerns and updates.

#![expect(missing_docs, reason = "the columns are documented by the rows that read them")]

diesel::table! {
    use diesel::sql_types::*;
    use super::super::{DbInstant, DbUuid};

    case_events (id) {
        id -> DbUuid,
        case_id -> DbUuid,
        event -> Text,
        state -> Text,
        side -> Text,
        staff_id -> DbUuid,
        reason -> Nullable<Text>,
        at -> DbInstant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::{DbInstant, DbJson, DbUuid};

    case_notes (id) {
        id -> DbUuid,
        case_id -> DbUuid,
        side -> Text,
        audience -> Text,
        author_id -> DbUuid,
        subject_id -> DbUuid,
        note -> Binary,
        rests_on -> DbJson,
        corrects -> Nullable<DbUuid>,
        created_at -> DbInstant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::{DbInstant, DbJson, DbUuid};

    case_concerns (id) {
        id -> DbUuid,
        case_id -> DbUuid,
        side -> Text,
        kind -> Text,
        state -> Text,
        subject_id -> DbUuid,
        words -> Binary,
        rests_on -> DbJson,
        raised_by -> DbUuid,
        raised_at -> DbInstant,
        acknowledged_by -> Nullable<DbUuid>,
        acknowledged_at -> Nullable<DbInstant>,
        answered_by -> Nullable<DbUuid>,
        answered_at -> Nullable<DbInstant>,
        answer -> Nullable<Binary>,
        answer_rests_on -> Nullable<DbJson>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::{DbInstant, DbUuid};

    programme_updates (id) {
        id -> DbUuid,
        case_id -> DbUuid,
        survivor_id -> DbUuid,
        state -> Text,
        code -> Text,
        words -> Nullable<Binary>,
        reason -> Nullable<Text>,
        proposed_by -> DbUuid,
        proposed_at -> DbInstant,
        checked_by -> Nullable<DbUuid>,
        checked_at -> Nullable<DbInstant>,
        decided_by -> Nullable<DbUuid>,
        decided_at -> Nullable<DbInstant>,
        released_at -> Nullable<DbInstant>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::{DbInstant, DbUuid};

    case_signals (case_id, signal, record_id) {
        case_id -> DbUuid,
        signal -> Text,
        record_id -> DbUuid,
        told_at -> DbInstant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::{DbInstant, DbUuid};

    assignments (id) {
        id -> DbUuid,
        subject_kind -> Text,
        subject_id -> DbUuid,
        organisation_id -> DbUuid,
        staff_id -> DbUuid,
        created_at -> DbInstant,
        ended_at -> Nullable<DbInstant>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::{DbInstant, DbUuid};

    blocks (id) {
        id -> DbUuid,
        survivor_id -> DbUuid,
        staff_id -> Nullable<DbUuid>,
        organisation_id -> Nullable<DbUuid>,
        created_by -> DbUuid,
        created_at -> DbInstant,
        lifted_at -> Nullable<DbInstant>,
        lifted_by -> Nullable<DbUuid>,
        lift_reason -> Nullable<Binary>,
        is_in_force -> Bool,
        approved_by -> Nullable<DbUuid>,
        approved_at -> Nullable<DbInstant>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::{DbInstant, DbUuid};

    break_glass_openings (id) {
        id -> DbUuid,
        survivor_id -> DbUuid,
        staff_id -> DbUuid,
        reason -> Binary,
        opened_at -> DbInstant,
        expires_at -> DbInstant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::{DbInstant, DbUuid};

    record_changes (id) {
        id -> DbUuid,
        survivor_id -> DbUuid,
        kind -> Text,
        reason -> Nullable<Binary>,
        changed_by -> Nullable<DbUuid>,
        changed_at -> DbInstant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::{DbInstant, DbUuid};

    cases (id) {
        id -> DbUuid,
        reference -> Text,
        survivor_id -> DbUuid,
        participant_id -> DbUuid,
        support_organisation_id -> DbUuid,
        programme_organisation_id -> DbUuid,
        relationship -> Text,
        state -> Text,
        proposed_by -> DbUuid,
        support_approved_by -> Nullable<DbUuid>,
        support_approved_at -> Nullable<DbInstant>,
        programme_approved_by -> Nullable<DbUuid>,
        programme_approved_at -> Nullable<DbInstant>,
        created_at -> DbInstant,
        ended_at -> Nullable<DbInstant>,
        ended_by -> Nullable<DbUuid>,
        end_reason -> Nullable<Text>,
    }
}
