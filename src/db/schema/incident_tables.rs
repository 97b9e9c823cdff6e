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
        twin_of -> Nullable<DbUuid>,
        is_off_phone -> Bool,
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
        reason -> Nullable<Binary>,
        impact -> Nullable<Integer>,
        witnesses -> Nullable<Binary>,
        third_parties -> Nullable<Binary>,
        children_present -> Nullable<Bool>,
        police_reference -> Nullable<Binary>,
        reporting_wish -> Nullable<Text>,
        device_id -> Nullable<DbUuid>,
        force_id -> Nullable<Text>,
        recorded_by -> Nullable<DbUuid>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::{DbInstant, DbJson, DbUuid};

    incident_reviews (incident_id) {
        incident_id -> DbUuid,
        survivor_id -> DbUuid,
        next_action_at -> Nullable<DbInstant>,
        read_at -> Nullable<DbInstant>,
        read_by -> Nullable<DbUuid>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::{DbInstant, DbJson, DbUuid};

    incident_events (id) {
        id -> DbUuid,
        incident_id -> DbUuid,
        survivor_id -> DbUuid,
        at -> DbInstant,
        kind -> Text,
        state -> Text,
        version -> Integer,
        severity -> Integer,
        visibility -> Text,
        reason -> Nullable<Binary>,
        note -> Nullable<Binary>,
        actor_kind -> Text,
        actor_id -> Nullable<DbUuid>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::{DbInstant, DbJson, DbUuid};

    incident_drafts (id) {
        id -> DbUuid,
        survivor_id -> DbUuid,
        version -> Integer,
        content -> Binary,
        is_duress -> Bool,
        created_at -> DbInstant,
        updated_at -> DbInstant,
        twin_of -> Nullable<DbUuid>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::super::{DbInstant, DbJson, DbUuid};

    incident_releases (incident_id) {
        incident_id -> DbUuid,
        survivor_id -> DbUuid,
        version -> Integer,
        state -> Text,
        visibility -> Text,
        missed_check_ins -> Nullable<Integer>,
        alert_level -> Nullable<Integer>,
        release_at -> Nullable<DbInstant>,
        next_action_at -> Nullable<DbInstant>,
        set_at -> DbInstant,
        ended_at -> Nullable<DbInstant>,
        ended_by -> Nullable<Text>,
        is_silent -> Bool,
    }
}
