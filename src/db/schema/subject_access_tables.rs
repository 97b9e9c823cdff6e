//! Participants' own subject-access requests.

#![expect(missing_docs, reason = "the columns are documented by the rows that read them")]

diesel::table! {
    use diesel::sql_types::*;
    use super::super::{DbInstant, DbJson, DbUuid};

    subject_access_requests (id) {
        id -> DbUuid,
        participant_id -> DbUuid,
        state -> Text,
        received_on -> Text,
        due_on -> Text,
        redactions -> Nullable<Binary>,
        content -> Nullable<Binary>,
        created_by -> DbUuid,
        created_at -> DbInstant,
        approved_by -> Nullable<DbUuid>,
        approved_at -> Nullable<DbInstant>,
        released_by -> Nullable<DbUuid>,
        released_at -> Nullable<DbInstant>,
        version -> Integer,
    }
}
