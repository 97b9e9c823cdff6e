//! The tables of both databases, and the three SQL types that differ between them.
//!
//! `migrations/{sqlite,postgres}` hold the same tables; a test compares them with this file and its folder.

#![expect(missing_docs, reason = "the columns are documented by the rows that read them")]

mod case_tables;
mod contact_tables;
mod evidence_tables;
mod incident_tables;
mod live_tables;
mod location_tables;
mod progress_tables;
mod referral_tables;
mod report_tables;
mod safety_tables;
mod subject_access_tables;

use diesel::sql_types::{HasSqlType, SqlType};

pub use case_tables::*;
pub use contact_tables::*;
pub use evidence_tables::*;
pub use incident_tables::*;
pub use live_tables::*;
pub use location_tables::*;
pub use progress_tables::*;
pub use referral_tables::*;
pub use report_tables::*;
pub use safety_tables::*;
pub use subject_access_tables::*;

use super::conn::MultiBackend;

/// `uuid` on PostgreSQL, sixteen bytes on SQLite.
#[derive(Clone, Copy, Debug, Default, SqlType, diesel::query_builder::QueryId)]
#[diesel(postgres_type(oid = 2950, array_oid = 2951), sqlite_type(name = "Binary"))]
pub struct DbUuid;

/// `timestamptz` on PostgreSQL, microseconds since the Unix epoch on SQLite.
#[derive(Clone, Copy, Debug, Default, SqlType, diesel::query_builder::QueryId)]
#[diesel(postgres_type(oid = 1184, array_oid = 1185), sqlite_type(name = "Long"))]
pub struct DbInstant;

/// `jsonb` on PostgreSQL, text on SQLite.
#[derive(Clone, Copy, Debug, Default, SqlType, diesel::query_builder::QueryId)]
#[diesel(postgres_type(oid = 3802, array_oid = 3807), sqlite_type(name = "Text"))]
pub struct DbJson;

macro_rules! in_either {
    ($($type:ty)*) => {$(
        impl HasSqlType<$type> for MultiBackend {
            fn metadata(lookup: &mut Self::MetadataLookup) -> Self::TypeMetadata {
                Self::lookup_sql_type::<$type>(lookup)
            }
        }
    )*};
}
in_either!(DbUuid DbInstant DbJson);

impl diesel::sql_types::SqlOrd for DbUuid {}
impl diesel::sql_types::SqlOrd for DbInstant {}

diesel::table! {
    use diesel::sql_types::*;
    use super::{DbInstant, DbJson, DbUuid};

    installation (id) {
        id -> DbUuid,
        created_at -> DbInstant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::{DbInstant, DbJson, DbUuid};

    organisations (id) {
        id -> DbUuid,
        kind -> Text,
        name -> Text,
        force_id -> Nullable<Text>,
        duty_desk_phone -> Nullable<Text>,
        created_at -> DbInstant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::{DbInstant, DbJson, DbUuid};

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
    use super::{DbInstant, DbJson, DbUuid};

    survivors (id) {
        id -> DbUuid,
        reference -> Text,
        organisation_id -> DbUuid,
        preferred_name -> Binary,
        pronouns -> Nullable<Binary>,
        language -> Text,
        home_force_id -> Text,
        risk_rating -> Text,
        code_word_hash -> Nullable<Text>,
        version -> Integer,
        created_by -> DbUuid,
        created_at -> DbInstant,
        updated_at -> DbInstant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::{DbInstant, DbJson, DbUuid};

    enrolment_codes (id) {
        id -> DbUuid,
        survivor_id -> DbUuid,
        code_index -> Binary,
        created_by -> DbUuid,
        created_at -> DbInstant,
        expires_at -> DbInstant,
        used_at -> Nullable<DbInstant>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::{DbInstant, DbJson, DbUuid};

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
        pin_failures -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::{DbInstant, DbJson, DbUuid};

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
    use super::{DbInstant, DbJson, DbUuid};

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
    use super::{DbInstant, DbJson, DbUuid};

    idempotency_keys (key_hash) {
        key_hash -> Binary,
        fingerprint -> Binary,
        status -> Integer,
        answer -> Nullable<Binary>,
        created_at -> DbInstant,
        replayed_at -> Nullable<DbInstant>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::{DbInstant, DbJson, DbUuid};

    audit_lanes (lane) {
        lane -> Integer,
        sequence -> BigInt,
        head -> Binary,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::{DbInstant, DbJson, DbUuid};

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
        purpose -> Text,
        outcome -> Text,
        previous_hash -> Binary,
        hash -> Binary,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::{DbInstant, DbJson, DbUuid};

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
    use super::{DbInstant, DbJson, DbUuid};

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

diesel::table! {
    use diesel::sql_types::*;
    use super::{DbInstant, DbJson, DbUuid};

    assignments (id) {
        id -> DbUuid,
        subject_kind -> Text,
        subject_id -> DbUuid,
        organisation_id -> DbUuid,
        staff_id -> DbUuid,
        created_at -> DbInstant,
        ended_at -> Nullable<DbInstant>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::{DbInstant, DbJson, DbUuid};

    blocks (id) {
        id -> DbUuid,
        survivor_id -> DbUuid,
        staff_id -> Nullable<DbUuid>,
        organisation_id -> Nullable<DbUuid>,
        created_by -> DbUuid,
        created_at -> DbInstant,
        lifted_at -> Nullable<DbInstant>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::{DbInstant, DbJson, DbUuid};

    cases (id) {
        id -> DbUuid,
        reference -> Text,
        survivor_id -> DbUuid,
        participant_id -> DbUuid,
        support_organisation_id -> DbUuid,
        programme_organisation_id -> DbUuid,
        relationship -> Text,
        state -> Text,
        proposed_by -> DbUuid,
        support_approved_by -> Nullable<DbUuid>,
        support_approved_at -> Nullable<DbInstant>,
        programme_approved_by -> Nullable<DbUuid>,
        programme_approved_at -> Nullable<DbInstant>,
        created_at -> DbInstant,
        ended_at -> Nullable<DbInstant>,
        ended_by -> Nullable<DbUuid>,
        end_reason -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::{DbInstant, DbJson, DbUuid};

    participants (id) {
        id -> DbUuid,
        reference -> Text,
        organisation_id -> DbUuid,
        name -> Binary,
        home_force_id -> Text,
        practitioner_id -> DbUuid,
        version -> Integer,
        created_at -> DbInstant,
        date_of_birth -> Nullable<Binary>,
        address -> Nullable<Binary>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::{DbInstant, DbJson, DbUuid};

    orders (id) {
        id -> DbUuid,
        participant_id -> DbUuid,
        kind -> Text,
        court -> Nullable<Binary>,
        police_reference -> Nullable<Binary>,
        made_on -> Text,
        served_on -> Nullable<Text>,
        expires_on -> Nullable<Text>,
        created_at -> DbInstant,
        basis -> Nullable<Text>,
        replaces_order_id -> Nullable<DbUuid>,
        is_notified_otherwise -> Bool,
        notified_on -> Nullable<Text>,
        ended_on -> Nullable<Text>,
        ended_by -> Nullable<Text>,
        version -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::{DbInstant, DbJson, DbUuid};

    order_conditions (id) {
        id -> DbUuid,
        order_id -> DbUuid,
        participant_id -> DbUuid,
        position -> Integer,
        kind -> Text,
        code -> Text,
        wording -> Binary,
        area -> Nullable<Binary>,
        distance_metres -> Nullable<Integer>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::{DbInstant, DbJson, DbUuid};

    goals (id) {
        id -> DbUuid,
        participant_id -> DbUuid,
        domain -> Text,
        statement -> Binary,
        survivor_benefit -> Binary,
        participant_wording -> Nullable<Binary>,
        levels -> Binary,
        baseline -> Integer,
        weight -> Integer,
        target_on -> Nullable<Text>,
        state -> Text,
        created_at -> DbInstant,
        created_by -> Nullable<DbUuid>,
        measured_by -> Text,
        wording_state -> Nullable<Text>,
        wording_version -> Integer,
        agreed_on -> Nullable<Text>,
        approved_by -> Nullable<DbUuid>,
        approved_at -> Nullable<DbInstant>,
        closed_at -> Nullable<DbInstant>,
        supersedes_id -> Nullable<DbUuid>,
        superseded_by_id -> Nullable<DbUuid>,
        version -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::{DbInstant, DbJson, DbUuid};

    goal_reviews (id) {
        id -> DbUuid,
        goal_id -> DbUuid,
        participant_id -> DbUuid,
        score -> Integer,
        note -> Binary,
        reviewed_on -> Text,
        created_by -> DbUuid,
        created_at -> DbInstant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::{DbInstant, DbJson, DbUuid};

    programme_sessions (id) {
        id -> DbUuid,
        participant_id -> DbUuid,
        number -> Integer,
        module -> Text,
        mode -> Text,
        planned_at -> DbInstant,
        attendance -> Nullable<Text>,
        attendance_recorded_at -> Nullable<DbInstant>,
        attendance_recorded_by -> Nullable<DbUuid>,
        note -> Nullable<Binary>,
        version -> Integer,
        created_at -> DbInstant,
        feedback_at -> Nullable<DbInstant>,
        supersedes_id -> Nullable<DbUuid>,
        superseded_by_id -> Nullable<DbUuid>,
        superseded_at -> Nullable<DbInstant>,
        superseded_reason -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::{DbInstant, DbJson, DbUuid};

    schedules (id) {
        id -> DbUuid,
        survivor_id -> DbUuid,
        time_zone -> Text,
        local_times -> DbJson,
        weekdays -> DbJson,
        opens_minutes_before -> Integer,
        grace_minutes -> Integer,
        state -> Text,
        created_by -> DbUuid,
        created_at -> DbInstant,
        rrule -> Nullable<Text>,
        starts_at_local -> Nullable<Text>,
        quiet_from -> Nullable<Text>,
        quiet_until -> Nullable<Text>,
        paused_until -> Nullable<DbInstant>,
        act_at -> Nullable<DbInstant>,
        state_reason -> Nullable<Text>,
        ended_at -> Nullable<DbInstant>,
        version -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::{DbInstant, DbJson, DbUuid};

    check_ins (id) {
        id -> DbUuid,
        survivor_id -> DbUuid,
        schedule_id -> Nullable<DbUuid>,
        state -> Text,
        opens_at -> Nullable<DbInstant>,
        due_at -> Nullable<DbInstant>,
        grace_ends_at -> Nullable<DbInstant>,
        act_at -> Nullable<DbInstant>,
        missed_at -> Nullable<DbInstant>,
        answer -> Nullable<Text>,
        feeling_safe -> Nullable<Integer>,
        contact_since_last -> Nullable<Text>,
        safe_to_contact -> Nullable<Bool>,
        call_back -> Nullable<Bool>,
        note -> Nullable<Binary>,
        location -> Nullable<Binary>,
        recorded_at -> Nullable<DbInstant>,
        received_at -> Nullable<DbInstant>,
        device_id -> Nullable<DbUuid>,
        happened_at -> DbInstant,
        remind_at -> Nullable<DbInstant>,
        is_duress -> Bool,
        wellbeing -> Nullable<Binary>,
        answers -> Nullable<Binary>,
        contact_by -> Nullable<DbJson>,
        clock_offset_seconds -> Nullable<Integer>,
        recorded_by -> Nullable<DbUuid>,
        review_state -> Nullable<Text>,
        reviewed_at -> Nullable<DbInstant>,
        resolved_at -> Nullable<DbInstant>,
        battery -> Nullable<Integer>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::{DbInstant, DbUuid};

    check_in_questions (id) {
        id -> DbUuid,
        survivor_id -> DbUuid,
        kind -> Text,
        wording -> Binary,
        created_by -> DbUuid,
        created_at -> DbInstant,
        retired_at -> Nullable<DbInstant>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::{DbInstant, DbUuid};

    check_in_reviews (id) {
        id -> DbUuid,
        check_in_id -> DbUuid,
        survivor_id -> DbUuid,
        kind -> Text,
        reason -> Nullable<Text>,
        note -> Nullable<Binary>,
        staff_id -> DbUuid,
        at -> DbInstant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::{DbInstant, DbUuid};

    timers (id) {
        id -> DbUuid,
        survivor_id -> DbUuid,
        device_id -> DbUuid,
        state -> Text,
        note -> Nullable<Binary>,
        location -> Nullable<Binary>,
        started_at -> DbInstant,
        ends_at -> DbInstant,
        act_at -> Nullable<DbInstant>,
        extensions -> Integer,
        expired_at -> Nullable<DbInstant>,
        ended_at -> Nullable<DbInstant>,
        recorded_at -> Nullable<DbInstant>,
        is_duress -> Bool,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::{DbInstant, DbJson, DbUuid};

    alert_locks (survivor_id) {
        survivor_id -> DbUuid,
        turns -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::{DbInstant, DbJson, DbUuid};

    alerts (id) {
        id -> DbUuid,
        reference -> Text,
        survivor_id -> DbUuid,
        case_id -> Nullable<DbUuid>,
        organisation_id -> DbUuid,
        rule_group -> Text,
        rule -> Text,
        level -> Integer,
        state -> Text,
        is_silent -> Bool,
        is_exercise -> Bool,
        facts -> DbJson,
        police_setting -> Nullable<Text>,
        police_allowed -> Bool,
        police_organisation_id -> Nullable<DbUuid>,
        police_told_at -> Nullable<DbInstant>,
        police_acknowledged_at -> Nullable<DbInstant>,
        ladder -> DbJson,
        ladder_round -> Integer,
        ladder_next -> Integer,
        act_at -> Nullable<DbInstant>,
        message_sequence -> Integer,
        acknowledged_at -> Nullable<DbInstant>,
        closed_at -> Nullable<DbInstant>,
        outcome -> Nullable<Text>,
        outcome_released_at -> Nullable<DbInstant>,
        raised_at -> DbInstant,
        updated_at -> DbInstant,
        version -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::{DbInstant, DbJson, DbUuid};

    alert_history (id) {
        id -> DbUuid,
        alert_id -> DbUuid,
        survivor_id -> DbUuid,
        at -> DbInstant,
        kind -> Text,
        rule -> Nullable<Text>,
        level -> Integer,
        detail -> DbJson,
        note -> Nullable<Binary>,
        actor_kind -> Text,
        actor_id -> Nullable<DbUuid>,
        force_reference -> Nullable<Binary>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::{DbInstant, DbJson, DbUuid};

    tasks (id) {
        id -> DbUuid,
        organisation_id -> DbUuid,
        for_role -> Text,
        kind -> Text,
        survivor_id -> DbUuid,
        alert_id -> Nullable<DbUuid>,
        detail -> DbJson,
        state -> Text,
        created_at -> DbInstant,
        done_at -> Nullable<DbInstant>,
        done_by -> Nullable<DbUuid>,
        note -> Nullable<Binary>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::{DbInstant, DbJson, DbUuid};

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
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::{DbInstant, DbJson, DbUuid};

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
    use super::{DbInstant, DbJson, DbUuid};

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
        act_at -> Nullable<DbInstant>,
        queued_at -> DbInstant,
        first_attempt_at -> Nullable<DbInstant>,
        delivered_at -> Nullable<DbInstant>,
        gives_up_at -> DbInstant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::{DbInstant, DbJson, DbUuid};

    delivery_attempts (delivery_id, attempt) {
        delivery_id -> DbUuid,
        attempt -> Integer,
        started_at -> DbInstant,
        ended_at -> Nullable<DbInstant>,
        outcome -> Text,
        status -> Nullable<Integer>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::{DbInstant, DbJson, DbUuid};

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
        act_at -> Nullable<DbInstant>,
        queued_at -> DbInstant,
        sent_at -> Nullable<DbInstant>,
        gives_up_at -> DbInstant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::{DbInstant, DbJson, DbUuid};

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

diesel::table! {
    use diesel::sql_types::*;
    use super::{DbInstant, DbJson, DbUuid};

    safe_contact_plans (id) {
        id -> DbUuid,
        survivor_id -> DbUuid,
        version -> Integer,
        plan -> Binary,
        set_by -> DbUuid,
        set_at -> DbInstant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::{DbInstant, DbJson, DbUuid};

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
    use super::{DbInstant, DbJson, DbUuid};

    trusted_contacts (id) {
        id -> DbUuid,
        survivor_id -> DbUuid,
        name -> Binary,
        phone -> Binary,
        set_by_kind -> Text,
        set_by -> DbUuid,
        created_at -> DbInstant,
        removed_at -> Nullable<DbInstant>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::{DbInstant, DbJson, DbUuid};

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

diesel::table! {
    use diesel::sql_types::*;
    use super::{DbInstant, DbJson, DbUuid};

    location_releases (alert_id, check_in_id) {
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
    use super::{DbInstant, DbJson, DbUuid};

    audit_beats (id) {
        id -> Integer,
        at -> DbInstant,
        digest -> Binary,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::{DbInstant, DbJson, DbUuid};

    audit_checkpoints (lane) {
        lane -> Integer,
        sequence -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::{DbInstant, DbJson, DbUuid};

    rota_shifts (id) {
        id -> DbUuid,
        organisation_id -> DbUuid,
        staff_id -> DbUuid,
        place -> Text,
        starts_at -> DbInstant,
        ends_at -> DbInstant,
        created_by -> DbUuid,
        created_at -> DbInstant,
        cancelled_at -> Nullable<DbInstant>,
        cancelled_by -> Nullable<DbUuid>,
        cancel_reason -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::{DbInstant, DbJson, DbUuid};

    ladders (id) {
        id -> DbUuid,
        organisation_id -> DbUuid,
        code -> Text,
        version -> Nullable<Integer>,
        state -> Text,
        ladder -> DbJson,
        revision -> Integer,
        simulated_revision -> Nullable<Integer>,
        uncovered -> Nullable<DbJson>,
        created_by -> DbUuid,
        created_at -> DbInstant,
        updated_at -> DbInstant,
        published_by -> Nullable<DbUuid>,
        published_at -> Nullable<DbInstant>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::{DbInstant, DbJson, DbUuid};

    participant_concerns (id) {
        id -> DbUuid,
        participant_id -> DbUuid,
        kind -> Text,
        is_imminent -> Bool,
        note -> Binary,
        created_by -> DbUuid,
        created_at -> DbInstant,
        words -> Nullable<Binary>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::{DbInstant, DbJson, DbUuid};

    silences (id) {
        id -> DbUuid,
        organisation_id -> DbUuid,
        survivor_id -> Nullable<DbUuid>,
        rule_group -> Nullable<Text>,
        reason -> Text,
        until_at -> DbInstant,
        created_by -> DbUuid,
        created_at -> DbInstant,
        ended_at -> Nullable<DbInstant>,
        ended_by -> Nullable<DbUuid>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::{DbInstant, DbJson, DbUuid};

    alert_holds (id) {
        id -> DbUuid,
        alert_id -> DbUuid,
        organisation_id -> DbUuid,
        reason -> Text,
        held_at -> DbInstant,
        until_at -> DbInstant,
    }
}

diesel::allow_tables_to_appear_in_same_query!(
    installation,
    organisations,
    staff,
    survivors,
    enrolment_codes,
    devices,
    police_clients,
    sessions,
    idempotency_keys,
    audit_lanes,
    audit_entries,
    consent_entries,
    disclosures,
    assignments,
    blocks,
    cases,
    participants,
    orders,
    order_conditions,
    goals,
    goal_reviews,
    programme_sessions,
    schedules,
    check_ins,
    incidents,
    incident_versions,
    alert_locks,
    alerts,
    alert_history,
    alert_changes,
    alert_change_numbers,
    tasks,
    webhook_endpoints,
    webhook_keys,
    deliveries,
    delivery_attempts,
    notifications,
    notification_attempts,
    safe_contact_plans,
    push_registrations,
    trusted_contacts,
    staff_contacts,
    location_releases,
    timer_location_releases,
    location_openings,
    audit_beats,
    audit_checkpoints,
    rota_shifts,
    ladders,
    participant_concerns,
    silences,
    alert_holds,
    incident_reviews,
    participant_identifiers,
    order_duties,
    referrals,
    programme_transitions,
    programme_tasks,
    programmes,
    enrolments,
    end_reports,
    goal_history,
    session_attendances,
    session_feedback,
    diary_ratings,
    observations,
    formulations,
    own_risk_ratings,
    practice_notes,
    supervisor_notices,
    evidence_files,
    evidence_chunks,
    custody_events,
    evidence_holds,
    evidence_bundles,
    incident_events,
    incident_drafts,
    incident_releases,
    subject_access_requests,
);
