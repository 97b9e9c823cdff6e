//! Live updates.

#![expect(missing_docs, reason = "the columns are documented by the rows that read them")]

diesel::table! {
    use diesel::sql_types::*;
    use super::super::{DbInstant, DbJson, DbUuid};

    alert_changes (history_id) {
        history_id -> DbUuid,
        alert_id -> DbUuid,
        organisation_id -> DbUuid,
        sequence -> Nullable<BigInt>,
    }
}

diesel::table! {
    use diesel::sql_types::*;

    alert_change_numbers (id) {
        id -> Integer,
        last_number -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::{DbInstant, DbUuid};

    live_news (id) {
        id -> DbUuid,
        kind -> Text,
        record_id -> DbUuid,
        organisation_id -> DbUuid,
        survivor_id -> Nullable<DbUuid>,
        case_id -> Nullable<DbUuid>,
        participant_id -> Nullable<DbUuid>,
        for_role -> Nullable<Text>,
        at -> DbInstant,
        sequence -> Nullable<BigInt>,
    }
}
