//! Organisations, people and their sessions.

#![expect(missing_docs, reason = "the columns are documented by the rows that read them")]

diesel::table! {
    use diesel::sql_types::*;
    use super::super::{DbInstant, DbUuid};

    organisations (id) {
        id -> DbUuid,
        kind -> Text,
        name -> Text,
        force_id -> Nullable<Text>,
        duty_desk_phone -> Nullable<Text>,
        created_at -> DbInstant,
        version -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::{DbInstant, DbJson, DbUuid};

    staff (id) {
        id -> DbUuid,
        organisation_id -> Nullable<DbUuid>,
        username_index -> Binary,
        username -> Binary,
        display_name -> Binary,
        roles -> DbJson,
        password_hash -> Nullable<Text>,
        setup_index -> Nullable<Binary>,
        setup_expires_at -> Nullable<DbInstant>,
        totp_secret -> Nullable<Binary>,
        totp_confirmed_at -> Nullable<DbInstant>,
        totp_last_step -> Nullable<BigInt>,
        created_at -> DbInstant,
        disabled_at -> Nullable<DbInstant>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::{DbInstant, DbUuid};

    survivors (id) {
        id -> DbUuid,
        reference -> Text,
        organisation_id -> DbUuid,
        preferred_name -> Binary,
        pronouns -> Nullable<Binary>,
        language -> Text,
        home_force_id -> Text,
        risk_rating -> Text,
        version -> Integer,
        created_by -> DbUuid,
        created_at -> DbInstant,
        updated_at -> DbInstant,
        full_name -> Nullable<Binary>,
        date_of_birth -> Nullable<Binary>,
        needs -> Nullable<Binary>,
        closed_at -> Nullable<DbInstant>,
        decoy_of -> Nullable<DbUuid>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::{DbInstant, DbUuid};

    enrolment_codes (id) {
        id -> DbUuid,
        survivor_id -> DbUuid,
        code_index -> Binary,
        created_by -> DbUuid,
        created_at -> DbInstant,
        expires_at -> DbInstant,
        used_at -> Nullable<DbInstant>,
        old_phone_alone -> Text,
        ended_because -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::{DbInstant, DbUuid};

    devices (id) {
        id -> DbUuid,
        survivor_id -> DbUuid,
        name -> Binary,
        secret_index -> Binary,
        sos_index -> Binary,
        pin_hash -> Text,
        created_at -> DbInstant,
        revoked_at -> Nullable<DbInstant>,
        duress_pin_hash -> Nullable<Text>,
        shown_duress_pin_hash -> Nullable<Text>,
        pin_failures -> Integer,
        code_word_hash -> Nullable<Text>,
        code_by -> DbUuid,
        old_phone_alone -> Text,
        reads_from -> Nullable<DbInstant>,
        confirmed_by -> Nullable<DbUuid>,
        confirm_asked_by -> Nullable<DbUuid>,
        away_since -> Nullable<DbInstant>,
        sos_ended_at -> Nullable<DbInstant>,
        revoked_by -> Nullable<DbUuid>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::{DbInstant, DbUuid};

    code_words (id) {
        id -> DbUuid,
        survivor_id -> DbUuid,
        device_id -> DbUuid,
        word_hash -> Text,
        set_at -> DbInstant,
        effective_at -> DbInstant,
        is_danger -> Bool,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::{DbInstant, DbUuid};

    police_clients (id) {
        id -> DbUuid,
        organisation_id -> DbUuid,
        name -> Text,
        secret_index -> Binary,
        created_at -> DbInstant,
        revoked_at -> Nullable<DbInstant>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::{DbInstant, DbUuid};

    sessions (id) {
        id -> DbUuid,
        kind -> Text,
        account_id -> DbUuid,
        device_id -> Nullable<DbUuid>,
        purpose -> Text,
        generation -> BigInt,
        rotated_at -> DbInstant,
        created_at -> DbInstant,
        expires_at -> DbInstant,
        revoked_at -> Nullable<DbInstant>,
        is_duress -> Bool,
        pin_at -> Nullable<DbInstant>,
        in_session_at -> Nullable<DbInstant>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::{DbInstant, DbJson, DbUuid};

    second_person_requests (id) {
        id -> DbUuid,
        act -> Text,
        subject_id -> DbUuid,
        organisation_id -> Nullable<DbUuid>,
        setup_index -> Nullable<Binary>,
        setup_expires_at -> Nullable<DbInstant>,
        setup_reason -> Nullable<Text>,
        roles -> Nullable<DbJson>,
        address -> Nullable<Text>,
        asked_by -> Nullable<DbUuid>,
        asked_at -> DbInstant,
        decided_by -> Nullable<DbUuid>,
        decided_at -> Nullable<DbInstant>,
        is_approved -> Nullable<Bool>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::DbUuid;

    survivor_lookups (survivor_id, kind, value_index) {
        survivor_id -> DbUuid,
        kind -> Text,
        value_index -> Binary,
    }
}
