//! Contact: plans, ways and answers; what is shown under duress, lawful bases, reviews of agreements.

#![expect(missing_docs, reason = "the columns are documented by the rows that read them")]

diesel::table! {
    use diesel::sql_types::*;
    use super::super::{DbInstant, DbJson, DbUuid};

    contact_answers (id) {
        id -> DbUuid,
        survivor_id -> DbUuid,
        is_safe -> Bool,
        contact_by -> Nullable<DbJson>,
        said_at -> DbInstant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::{DbInstant, DbUuid};

    shown_acts (id) {
        id -> DbUuid,
        survivor_id -> DbUuid,
        subject_id -> DbUuid,
        act -> Text,
        minutes -> BigInt,
        shown_at -> DbInstant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::{DbInstant, DbUuid};

    lawful_bases (organisation_id, purpose, version) {
        organisation_id -> DbUuid,
        purpose -> Text,
        version -> Integer,
        basis -> Text,
        set_by -> DbUuid,
        set_at -> DbInstant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::{DbInstant, DbUuid};

    consent_reviews (entry_id) {
        entry_id -> DbUuid,
        survivor_id -> DbUuid,
        next_action_at -> Nullable<DbInstant>,
        reminded_at -> Nullable<DbInstant>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::{DbInstant, DbUuid};

    safe_contact_plans (id) {
        id -> DbUuid,
        survivor_id -> DbUuid,
        version -> Integer,
        plan -> Binary,
        set_by -> DbUuid,
        set_at -> DbInstant,
        starts_at -> DbInstant,
        confirmed_by -> Nullable<DbUuid>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::{DbInstant, DbUuid};

    push_registrations (id) {
        id -> DbUuid,
        device_id -> DbUuid,
        survivor_id -> DbUuid,
        kind -> Text,
        token -> Binary,
        created_at -> DbInstant,
        ended_at -> Nullable<DbInstant>,
        ended_why -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::{DbInstant, DbUuid};

    trusted_contacts (id) {
        id -> DbUuid,
        survivor_id -> DbUuid,
        name -> Binary,
        phone -> Binary,
        set_by_kind -> Text,
        set_by -> DbUuid,
        created_at -> DbInstant,
        removed_at -> Nullable<DbInstant>,
        starts_at -> DbInstant,
        confirmed_by -> Nullable<DbUuid>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::{DbInstant, DbUuid};

    staff_contacts (id) {
        id -> DbUuid,
        staff_id -> DbUuid,
        email -> Nullable<Binary>,
        phone -> Nullable<Binary>,
        language -> Text,
        version -> Integer,
        updated_at -> DbInstant,
    }
}
