//! Evidence.

#![expect(missing_docs, reason = "the columns are documented by the rows that read them")]

diesel::table! {
    use diesel::sql_types::*;
    use super::super::{DbInstant, DbJson, DbUuid};

    evidence_files (id) {
        id -> DbUuid,
        survivor_id -> DbUuid,
        reference -> Text,
        state -> Text,
        incident_id -> Nullable<DbUuid>,
        visibility -> Text,
        media_type -> Text,
        name -> Nullable<Binary>,
        bytes -> BigInt,
        received -> BigInt,
        chunks -> Integer,
        sha256 -> Binary,
        file_key -> Nullable<Binary>,
        display_bytes -> Nullable<BigInt>,
        is_duress -> Bool,
        device_id -> Nullable<DbUuid>,
        recorded_at -> DbInstant,
        created_at -> DbInstant,
        kept_at -> Nullable<DbInstant>,
        ended_at -> Nullable<DbInstant>,
        expires_at -> DbInstant,
        next_action_at -> Nullable<DbInstant>,
        draft_id -> Nullable<DbUuid>,
        upload_metadata -> Nullable<Binary>,
        destroy_because -> Nullable<Text>,
        destroy_asked_by -> Nullable<DbUuid>,
        destroy_asked_at -> Nullable<DbInstant>,
        sealed_from -> Nullable<Text>,
        sealed_act_at -> Nullable<DbInstant>,
        recorded_by -> Nullable<DbUuid>,
        is_off_phone -> Bool,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::{DbInstant, DbJson, DbUuid};

    evidence_chunks (evidence_id, copy, number) {
        evidence_id -> DbUuid,
        copy -> Text,
        number -> Integer,
        object -> DbUuid,
        bytes -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::{DbInstant, DbJson, DbUuid};

    custody_events (id) {
        id -> DbUuid,
        evidence_id -> DbUuid,
        sequence -> Integer,
        kind -> Text,
        at -> DbInstant,
        actor_kind -> Text,
        actor_id -> Nullable<DbUuid>,
        organisation_id -> Nullable<DbUuid>,
        reason -> Nullable<Binary>,
        sha256 -> Binary,
        disclosure_id -> Nullable<DbUuid>,
        alert_id -> Nullable<DbUuid>,
        bundle_id -> Nullable<DbUuid>,
        entry_hash -> Binary,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::{DbInstant, DbJson, DbUuid};

    evidence_holds (id) {
        id -> DbUuid,
        evidence_id -> DbUuid,
        reason -> Binary,
        placed_by -> DbUuid,
        placed_at -> DbInstant,
        lift_reason -> Nullable<Binary>,
        lifted_by -> Nullable<DbUuid>,
        lifted_at -> Nullable<DbInstant>,
        until_at -> DbInstant,
        is_against_wish -> Bool,
        approved_by -> Nullable<DbUuid>,
        approved_at -> Nullable<DbInstant>,
        renewed_by -> Nullable<DbUuid>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::{DbInstant, DbJson, DbUuid};

    evidence_bundles (id) {
        id -> DbUuid,
        survivor_id -> DbUuid,
        reference -> Text,
        purpose -> Text,
        note -> Nullable<Binary>,
        recipient_id -> Nullable<DbUuid>,
        recipient_name -> Nullable<Binary>,
        disclosure_id -> DbUuid,
        files -> Integer,
        incidents -> Integer,
        bytes -> BigInt,
        sha256 -> Binary,
        file_key -> Nullable<Binary>,
        chunks -> DbJson,
        created_by -> DbUuid,
        created_at -> DbInstant,
        next_action_at -> Nullable<DbInstant>,
        contents -> Nullable<DbJson>,
    }
}
