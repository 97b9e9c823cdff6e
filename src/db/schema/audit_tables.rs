//! The audit: its lanes, entries, beats and checkpoints.

#![expect(missing_docs, reason = "the columns are documented by the rows that read them")]

diesel::table! {
    use diesel::sql_types::*;

    audit_lanes (lane) {
        lane -> Integer,
        sequence -> BigInt,
        head -> Binary,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::{DbInstant, DbUuid};

    audit_entries (lane, sequence) {
        lane -> Integer,
        sequence -> BigInt,
        at -> DbInstant,
        actor_kind -> Text,
        actor_id -> Nullable<DbUuid>,
        role -> Text,
        organisation_id -> Nullable<DbUuid>,
        action -> Text,
        subject_kind -> Text,
        subject_id -> Nullable<DbUuid>,
        person_id -> Nullable<DbUuid>,
        officer_id -> Nullable<DbUuid>,
        purpose -> Text,
        outcome -> Text,
        times -> Integer,
        reason_id -> Nullable<DbUuid>,
        reason -> Nullable<Binary>,
        wrote -> Text,
        previous_hash -> Binary,
        hash -> Binary,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::DbInstant;

    audit_beats (id) {
        id -> Integer,
        at -> DbInstant,
        digest -> Binary,
    }
}

diesel::table! {
    use diesel::sql_types::*;

    audit_checkpoints (lane) {
        lane -> Integer,
        sequence -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;

    audit_checkpoint_lines (entries) {
        entries -> BigInt,
        line -> Text,
    }
}
