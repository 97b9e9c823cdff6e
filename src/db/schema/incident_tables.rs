//! Incidents.

#![expect(missing_docs, reason = "the columns are documented by the rows that read them")]

diesel::table! {
    use diesel::sql_types::*;
    use super::super::{DbInstant, DbJson, DbUuid};

    incidents (id) {
        id -> DbUuid,
        survivor_id -> DbUuid,
        state -> Text,
        version -> Integer,
        severity -> Integer,
        visibility -> Text,
        order_condition_id -> Nullable<DbUuid>,
        happened_at -> DbInstant,
        received_at -> DbInstant,
        withdrawn_at -> Nullable<DbInstant>,
        withdrawal_reason -> Nullable<Binary>,
        is_duress -> Bool,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::{DbInstant, DbJson, DbUuid};

    incident_versions (incident_id, version) {
        incident_id -> DbUuid,
        version -> Integer,
        survivor_id -> DbUuid,
        precision -> Text,
        happened_from -> Nullable<DbInstant>,
        happened_to -> Nullable<DbInstant>,
        behaviours -> DbJson,
        account -> Binary,
        private_note -> Nullable<Binary>,
        place -> Nullable<Binary>,
        fear -> Integer,
        severity -> Integer,
        visibility -> Text,
        happening_now -> Bool,
        police_may_contact -> Bool,
        order_condition_id -> Nullable<DbUuid>,
        recorded_at -> DbInstant,
        received_at -> DbInstant,
        reason -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::{DbInstant, DbJson, DbUuid};

    incident_reviews (incident_id) {
        incident_id -> DbUuid,
        survivor_id -> DbUuid,
        act_at -> Nullable<DbInstant>,
        read_at -> Nullable<DbInstant>,
        read_by -> Nullable<DbUuid>,
    }
}
