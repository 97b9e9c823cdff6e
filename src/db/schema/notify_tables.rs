//! Notifications to people, and their attempts.

#![expect(missing_docs, reason = "the columns are documented by the rows that read them")]

diesel::table! {
    use diesel::sql_types::*;
    use super::super::{DbInstant, DbJson, DbUuid};

    notifications (id) {
        id -> DbUuid,
        subject_id -> DbUuid,
        recipient -> Text,
        template -> Text,
        detail -> DbJson,
        channel -> Text,
        device_id -> Nullable<DbUuid>,
        state -> Text,
        outcome -> Nullable<Text>,
        attempt -> Integer,
        next_action_at -> Nullable<DbInstant>,
        queued_at -> DbInstant,
        sent_at -> Nullable<DbInstant>,
        deadline -> DbInstant,
        alert_id -> Nullable<DbUuid>,
        follow_up_at -> Nullable<DbInstant>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::{DbInstant, DbUuid};

    alert_openings (alert_id, staff_id) {
        alert_id -> DbUuid,
        staff_id -> DbUuid,
        first_at -> DbInstant,
        last_at -> DbInstant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::{DbInstant, DbUuid};

    notification_attempts (notification_id, attempt) {
        notification_id -> DbUuid,
        attempt -> Integer,
        channel -> Text,
        started_at -> DbInstant,
        ended_at -> Nullable<DbInstant>,
        outcome -> Text,
        status -> Nullable<Integer>,
    }
}
