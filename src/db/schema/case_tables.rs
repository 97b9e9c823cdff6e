//! Cases: what was done with them, notes, concerns and updates.

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
