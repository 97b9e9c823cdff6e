//! Reports.

#![expect(missing_docs, reason = "the columns are documented by the rows that read them")]

diesel::table! {
    use diesel::sql_types::*;
    use super::super::{DbInstant, DbUuid};

    commissioner_reaches (id) {
        id -> DbUuid,
        commissioner_id -> DbUuid,
        force_id -> Nullable<Text>,
        partner_id -> Nullable<DbUuid>,
        created_by -> DbUuid,
        created_at -> DbInstant,
        ended_at -> Nullable<DbInstant>,
        ended_by -> Nullable<DbUuid>,
    }
}
