//! Who opened the place that came with an alert.

#![expect(missing_docs, reason = "the columns are documented by the rows that read them")]

diesel::table! {
    use diesel::sql_types::*;
    use super::super::{DbInstant, DbUuid};

    timer_location_releases (alert_id, timer_id, officer_id) {
        alert_id -> DbUuid,
        timer_id -> DbUuid,
        survivor_id -> DbUuid,
        officer_id -> DbUuid,
        officer -> Binary,
        released_at -> DbInstant,
    }
}

diesel::table! {
    use super::super::{DbInstant, DbUuid};

    location_openings (alert_id, staff_id, source_id) {
        alert_id -> DbUuid,
        staff_id -> DbUuid,
        source_id -> DbUuid,
        survivor_id -> DbUuid,
        opened_at -> DbInstant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::{DbInstant, DbUuid};

    location_releases (alert_id, check_in_id, officer_id) {
        alert_id -> DbUuid,
        check_in_id -> DbUuid,
        survivor_id -> DbUuid,
        officer_id -> DbUuid,
        officer -> Binary,
        released_at -> DbInstant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::{DbInstant, DbUuid};

    safe_addresses (id) {
        id -> DbUuid,
        survivor_id -> DbUuid,
        kind -> Text,
        place -> Binary,
        confirmed_on -> Text,
        set_by -> DbUuid,
        set_at -> DbInstant,
        ended_at -> Nullable<DbInstant>,
    }
}
