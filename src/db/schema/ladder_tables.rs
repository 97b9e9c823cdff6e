//! Ladders, and who is on duty.

#![expect(missing_docs, reason = "the columns are documented by the rows that read them")]

diesel::table! {
    use diesel::sql_types::*;
    use super::super::{DbInstant, DbUuid};

    rota_shifts (id) {
        id -> DbUuid,
        organisation_id -> DbUuid,
        staff_id -> DbUuid,
        place -> Text,
        starts_at -> DbInstant,
        ends_at -> DbInstant,
        created_by -> DbUuid,
        created_at -> DbInstant,
        cancelled_at -> Nullable<DbInstant>,
        cancelled_by -> Nullable<DbUuid>,
        cancel_reason -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::{DbInstant, DbJson, DbUuid};

    ladders (id) {
        id -> DbUuid,
        organisation_id -> DbUuid,
        code -> Text,
        version -> Nullable<Integer>,
        state -> Text,
        ladder -> DbJson,
        revision -> Integer,
        simulated_revision -> Nullable<Integer>,
        uncovered -> Nullable<DbJson>,
        created_by -> DbUuid,
        created_at -> DbInstant,
        updated_at -> DbInstant,
        published_by -> Nullable<DbUuid>,
        published_at -> Nullable<DbInstant>,
    }
}
