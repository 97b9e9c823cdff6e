//! The tables of both databases, and the three SQL types that differ between them.
//!
//! `migrations/{sqlite,postgres}` hold the same tables; a test compares them with this file and its folder.

#![expect(missing_docs, reason = "the columns are documented by the rows that read them")]

mod alert_tables;
mod audit_tables;
mod case_tables;
mod check_in_tables;
mod consent_tables;
mod contact_tables;
mod evidence_tables;
mod identity_tables;
mod incident_tables;
mod ladder_tables;
mod live_tables;
mod location_tables;
mod notify_tables;
mod participant_tables;
mod progress_tables;
mod referral_tables;
mod report_tables;
mod safety_tables;
mod subject_access_tables;
mod webhook_tables;

use diesel::sql_types::{HasSqlType, SqlType};

pub use alert_tables::*;
pub use audit_tables::*;
pub use case_tables::*;
pub use check_in_tables::*;
pub use consent_tables::*;
pub use contact_tables::*;
pub use evidence_tables::*;
pub use identity_tables::*;
pub use incident_tables::*;
pub use ladder_tables::*;
pub use live_tables::*;
pub use location_tables::*;
pub use notify_tables::*;
pub use participant_tables::*;
pub use progress_tables::*;
pub use referral_tables::*;
pub use report_tables::*;
pub use safety_tables::*;
pub use subject_access_tables::*;
pub use webhook_tables::*;

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
        armed_for -> Nullable<Text>,
        disarmed_at -> Nullable<DbInstant>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::{DbInstant, DbJson, DbUuid};

    write_probes (id) {
        id -> Integer,
        writes -> BigInt,
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

    failure_counts (key_hash) {
        key_hash -> Binary,
        failures -> Integer,
        counts_until -> DbInstant,
        known_until -> Nullable<DbInstant>,
    }
}

diesel::allow_tables_to_appear_in_same_query!(
    installation,
    write_probes,
    organisations,
    staff,
    survivors,
    enrolment_codes,
    code_words,
    devices,
    police_clients,
    sessions,
    idempotency_keys,
    failure_counts,
    audit_lanes,
    audit_entries,
    consent_entries,
    disclosures,
    survivor_lookups,
    assignments,
    blocks,
    break_glass_openings,
    record_changes,
    cases,
    participants,
    orders,
    order_conditions,
    survivor_orders,
    survivor_order_conditions,
    goals,
    goal_reviews,
    programme_sessions,
    schedules,
    check_ins,
    incidents,
    incident_versions,
    alert_locks,
    alerts,
    alert_forces,
    alert_history,
    alert_changes,
    alert_change_numbers,
    police_outcomes,
    police_overrides,
    record_transfers,
    tasks,
    webhook_endpoints,
    webhook_keys,
    deliveries,
    delivery_attempts,
    notifications,
    notification_attempts,
    alert_openings,
    safe_contact_plans,
    push_registrations,
    trusted_contacts,
    staff_contacts,
    location_releases,
    timer_location_releases,
    location_openings,
    safe_addresses,
    audit_beats,
    audit_checkpoints,
    audit_checkpoint_lines,
    rota_shifts,
    ladders,
    participant_concerns,
    silences,
    alert_holds,
    incident_reviews,
    participant_identifiers,
    order_corrections,
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
