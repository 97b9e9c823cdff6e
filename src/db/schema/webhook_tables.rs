//! Endpoints of police systems, and what was delivered to them.

#![expect(missing_docs, reason = "the columns are documented by the rows that read them")]

diesel::table! {
    use diesel::sql_types::*;
    use super::super::{DbInstant, DbUuid};

    webhook_endpoints (id) {
        id -> DbUuid,
        organisation_id -> DbUuid,
        url -> Text,
        description -> Text,
        created_at -> DbInstant,
        disabled_at -> Nullable<DbInstant>,
        kind -> Text,
        place -> Integer,
        version -> Integer,
        failing_since -> Nullable<DbInstant>,
        last_outcome -> Nullable<Text>,
        last_status -> Nullable<Integer>,
        proven_at -> Nullable<DbInstant>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::{DbInstant, DbUuid};

    webhook_keys (id) {
        id -> DbUuid,
        endpoint_id -> DbUuid,
        secret -> Binary,
        seed -> Binary,
        public_key -> Text,
        created_at -> DbInstant,
        retires_at -> Nullable<DbInstant>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::{DbInstant, DbUuid};

    deliveries (id) {
        id -> DbUuid,
        endpoint_id -> DbUuid,
        survivor_id -> Nullable<DbUuid>,
        alert_id -> Nullable<DbUuid>,
        message_id -> Text,
        message_type -> Text,
        level -> Integer,
        body -> Binary,
        state -> Text,
        attempt -> Integer,
        next_action_at -> Nullable<DbInstant>,
        queued_at -> DbInstant,
        first_attempt_at -> Nullable<DbInstant>,
        delivered_at -> Nullable<DbInstant>,
        deadline -> DbInstant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::{DbInstant, DbUuid};

    delivery_attempts (delivery_id, attempt) {
        delivery_id -> DbUuid,
        attempt -> Integer,
        started_at -> DbInstant,
        ended_at -> Nullable<DbInstant>,
        outcome -> Text,
        status -> Nullable<Integer>,
    }
}
