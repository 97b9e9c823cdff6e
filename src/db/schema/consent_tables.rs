//! The ledger of consents, and what was disclosed.

#![expect(missing_docs, reason = "the columns are documented by the rows that read them")]

diesel::table! {
    use diesel::sql_types::*;
    use super::super::{DbInstant, DbUuid};

    consent_entries (id) {
        id -> DbUuid,
        survivor_id -> DbUuid,
        sequence -> BigInt,
        scope -> Text,
        recipient_id -> Nullable<DbUuid>,
        granted -> Bool,
        text_version -> Text,
        text_sha256 -> Binary,
        language -> Text,
        recorded_by_kind -> Text,
        recorded_by -> DbUuid,
        recorded_at -> DbInstant,
        effective_at -> DbInstant,
        expires_at -> Nullable<DbInstant>,
        receipt -> Text,
        recorded_how -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::{DbInstant, DbJson, DbUuid};

    disclosures (id) {
        id -> DbUuid,
        survivor_id -> DbUuid,
        at -> DbInstant,
        recipient_id -> DbUuid,
        officer_id -> Nullable<DbUuid>,
        what -> DbJson,
        reason -> Nullable<Binary>,
        agreement -> Text,
        lawful_basis -> Text,
        alert_id -> Nullable<DbUuid>,
    }
}
