//! What each entry says of the records that its transaction wrote, so that a row which somebody rolls back together with its
//! version, edits, removes or slips in is found.
//!
//! A store function that writes a row of these tables says so here, next to its SQL. The transaction gathers one line a
//! row, table, id, version and a digest, and its entry's hash covers them ([`PendingEntry::wrote`](crate::tx::PendingEntry::wrote)). The
//! digest is over ciphertext where a column is sealed, so that erasure leaves it as it is. Reading the audit back compares
//! every row with the entry that wrote it last.
//!
//! # What is covered
//!
//! Every table whose rows carry a version, below. A digest holds the columns that only ever change together with the
//! version; what also changes on its own (when the worker looks next, a health, who has read) is in none.
//!
//! Facts, which are written once: answers to check-ins, consents, disclosures, the history of alerts and cases, and who is
//! assigned, kept out, or on the staff in which roles; records that were opened by break-glass, closed, opened again or offered
//! to another organisation, why the police were to be notified without the survivor's setting, places where a survivor may be
//! found, and whom they report. They have no version; their rows count as version 1.
//!
//! A row of `WITH_STATES` changes while its version stays. Each state that it had is in an entry, and it must be in one
//! of them: nobody puts it in another. That it was put back into a former one shows where each change adds a row of its
//! own, as an incident's does in `incident_events`.
//!
//! # What is not
//!
//! Other tables without a version. Those that wait for a day or a second person have none: trusted contacts, legal holds,
//! files that are to be destroyed, requests for a second person; when an assignment ended, a block was lifted, a place or a
//! person reported was taken off, how an override and a transfer were decided, whose a record is now and since when it is
//! closed, and from when a safe-contact plan counts, is in no digest either. The custody of a file has a chain of its own.
//! A sealed value cannot be edited or moved anywhere, since it does not open then. That such a row was removed or changed,
//! the entry of the act that wrote it shows, which names the record it is about; nothing finds that by itself. Working
//! state (queues, leases, sessions, counters) is made again from what is covered, or ends by itself.
//!
//! # What it costs
//!
//! One SHA-256 over some hundred bytes that are in memory anyway, a microsecond, and a line of a hundred bytes in an entry
//! that is written anyway: no query, no lock, no second row. An answer to a check-in
//! writes one such line.
//!
//! # What is removed by right
//!
//! A store function that deletes a row says so ([`gone`]). Erasure destroys keys and leaves ciphertext, so digests hold. A
//! row that retention takes away must say so in the same transaction, like any other.

use std::borrow::Cow;

use diesel::prelude::*;
use uuid::Uuid;

use super::chain::Framed;
use crate::crypto::Sealed;
use crate::db::{DbConn, Instant, Json, SubjectId};
use crate::error::Result;
use crate::tx::Tx;

/// Rows read at once.
const STRETCH: i64 = 1_000;

/// What a digest can be over.
pub trait DigestPart {
    /// Its bytes; none where it is null.
    fn bytes(&self) -> Option<Cow<'_, [u8]>>;
}

impl DigestPart for Vec<u8> {
    fn bytes(&self) -> Option<Cow<'_, [u8]>> {
        Some(Cow::Borrowed(self))
    }
}

impl DigestPart for Sealed {
    fn bytes(&self) -> Option<Cow<'_, [u8]>> {
        Some(Cow::Borrowed(self.bytes()))
    }
}

impl DigestPart for String {
    fn bytes(&self) -> Option<Cow<'_, [u8]>> {
        Some(Cow::Borrowed(self.as_bytes()))
    }
}

impl DigestPart for &str {
    fn bytes(&self) -> Option<Cow<'_, [u8]>> {
        Some(Cow::Borrowed(self.as_bytes()))
    }
}

impl DigestPart for Json {
    fn bytes(&self) -> Option<Cow<'_, [u8]>> {
        Some(Cow::Owned(self.0.to_string().into_bytes()))
    }
}

impl DigestPart for Uuid {
    fn bytes(&self) -> Option<Cow<'_, [u8]>> {
        Some(Cow::Borrowed(self.as_bytes()))
    }
}

impl DigestPart for SubjectId {
    fn bytes(&self) -> Option<Cow<'_, [u8]>> {
        self.0.bytes()
    }
}

impl DigestPart for Instant {
    fn bytes(&self) -> Option<Cow<'_, [u8]>> {
        Some(Cow::Owned(self.microseconds().to_be_bytes().to_vec()))
    }
}

impl DigestPart for i32 {
    fn bytes(&self) -> Option<Cow<'_, [u8]>> {
        Some(Cow::Owned(self.to_be_bytes().to_vec()))
    }
}

impl DigestPart for i64 {
    fn bytes(&self) -> Option<Cow<'_, [u8]>> {
        Some(Cow::Owned(self.to_be_bytes().to_vec()))
    }
}

impl DigestPart for bool {
    fn bytes(&self) -> Option<Cow<'_, [u8]>> {
        Some(Cow::Owned(vec![u8::from(*self)]))
    }
}

impl<T: DigestPart> DigestPart for Option<T> {
    fn bytes(&self) -> Option<Cow<'_, [u8]>> {
        self.as_ref().and_then(DigestPart::bytes)
    }
}

/// SHA-256 over the parts, each framed by its length; one that is null has none.
fn digest(table: &str, key: Uuid, version: i32, parts: &[&dyn DigestPart]) -> [u8; 32] {
    let mut framed = Framed::new(table);
    framed.field(key.as_bytes());
    framed.field(&version.to_be_bytes());
    for part in parts {
        let part = part.bytes();
        framed.field(&[u8::from(part.is_some())]);
        framed.field(&part.unwrap_or_default());
    }
    framed.hash()
}

/// A row as it is.
pub(super) struct RecordRow {
    pub table: &'static str,
    pub key: Uuid,
    pub version: i32,
    pub digest: [u8; 32],
}

/// What a row counts as that is written once.
const FACT: i32 = 1;

fn wrote(tx: &mut Tx<'_>, table: &'static str, key: Uuid, version: i32, columns: &[&dyn DigestPart]) {
    tx.wrote(table, key, Some((version, digest(table, key, version, columns))));
}

/// Says in the entry that a row was removed. Its id is never used again.
pub fn gone(tx: &mut Tx<'_>, table: &'static str, key: impl Into<Uuid>) {
    tx.wrote(table, key.into(), None);
}

/// The tables: their key, their version, and the columns of the digest as they are read back; then the facts, which have no
/// version, and some of them only rows where a column is given.
macro_rules! records {
    (
        versions { $($(#[$note:meta])* $table:ident ($key:ident, $version:ident): $($column:ident $kind:ty),*;)* }
        facts { $($fact:ident ($id:ident) $(where $given:ident)?: $($part:ident $type:ty),*;)* }
    ) => {
        /// The tables whose rows entries are bound to.
        pub const TABLES: &[&str] = &[$(stringify!($table),)* $(stringify!($fact)),*];

        $(
            #[doc = concat!("Says in the entry that a row of `", stringify!($table), "` was written, with these columns:")]
            #[doc = concat!($("`", stringify!($column), "` ",)* ".")]
            $(#[$note])*
            pub fn $table(
                tx: &mut Tx<'_>,
                key: impl Into<Uuid>,
                version: i32,
                columns: [&dyn DigestPart; <[&str]>::len(&[$(stringify!($column)),*])],
            ) {
                wrote(tx, stringify!($table), key.into(), version, &columns);
            }
        )*

        $(
            #[doc = concat!("Says in the entry that a fact of `", stringify!($fact), "` was written, with these columns:")]
            #[doc = concat!($("`", stringify!($part), "` ",)* ".")]
            pub fn $fact(
                tx: &mut Tx<'_>,
                key: impl Into<Uuid>,
                columns: [&dyn DigestPart; <[&str]>::len(&[$(stringify!($part)),*])],
            ) {
                wrote(tx, stringify!($fact), key.into(), FACT, &columns);
            }
        )*

        /// Reads every row of every table.
        pub(super) fn read(conn: &mut DbConn, found: &mut impl FnMut(RecordRow)) -> Result<()> {
            $(
                page_through(conn, found, |conn, after, limit| {
                    use crate::db::schema::$table as of;
                    let columns = (of::$key, of::$version.nullable(), $(of::$column.nullable(),)*);
                    let rows = of::table.filter(of::$key.gt(SubjectId(after))).order(of::$key).limit(limit).select(columns);
                    let rows: Vec<(SubjectId, Option<i32>, $(Option<$kind>,)*)> = rows.load(conn)?;
                    let row = |(key, number, $($column,)*): (SubjectId, Option<i32>, $(Option<$kind>,)*)| {
                        let (table, key, number) = (stringify!($table), key.0, number.unwrap_or(0));
                        RecordRow { table, key, version: number, digest: digest(table, key, number, &[$(&$column),*]) }
                    };
                    Ok(rows.into_iter().map(row).collect())
                })?;
            )*
            $(
                page_through(conn, found, |conn, after, limit| {
                    use crate::db::schema::$fact as of;
                    let columns = (of::$id, $(of::$part.nullable(),)*);
                    let rows = of::table.filter(of::$id.gt(SubjectId(after)))$(.filter(of::$given.is_not_null()))?;
                    let rows = rows.order(of::$id).limit(limit).select(columns);
                    let rows: Vec<(SubjectId, $(Option<$type>,)*)> = rows.load(conn)?;
                    let row = |(key, $($part,)*): (SubjectId, $(Option<$type>,)*)| {
                        let (table, key) = (stringify!($fact), key.0);
                        RecordRow { table, key, version: FACT, digest: digest(table, key, FACT, &[$(&$part),*]) }
                    };
                    Ok(rows.into_iter().map(row).collect())
                })?;
            )*
            Ok(())
        }
    };
}

records! {
    versions {
        organisations (id, version): name String, force_id String, duty_desk_phone String;
        survivors (id, version):
            preferred_name Vec<u8>, pronouns Vec<u8>, home_force_id String, risk_rating String, full_name Vec<u8>,
            date_of_birth Vec<u8>, needs Vec<u8>;
        lawful_bases (organisation_id, version): purpose String, basis String;
        participants (id, version): name Vec<u8>, date_of_birth Vec<u8>, address Vec<u8>, home_force_id String;
        orders (id, version):
            participant_id SubjectId, kind String, court Vec<u8>, police_reference Vec<u8>, made_on String, served_on String,
            expires_on String, ended_on String;
        survivor_orders (id, version):
            survivor_id SubjectId, kind String, court Vec<u8>, police_reference Vec<u8>, made_on String, served_on String,
            expires_on String, ended_on String, removed_at Instant;
        referrals (id, version): state String, note Vec<u8>;
        enrolments (id, version): state String;
        end_reports (enrolment_id, version): state String, progress Vec<u8>, risk Vec<u8>, recommendations Vec<u8>;
        programme_sessions (id, version): note Vec<u8>;
        session_feedback (id, version): homework String, summary Vec<u8>, chain_analysis Vec<u8>;
        goals (id, version):
            state String, statement Vec<u8>, survivor_benefit Vec<u8>, participant_wording Vec<u8>, levels Vec<u8>;
        formulations (id, version): typology String, narrative Vec<u8>;
        own_risk_ratings (id, version): rating String, narrative Vec<u8>, reason Vec<u8>;
        subject_access_requests (id, version): state String, redactions Vec<u8>, content Vec<u8>;
        schedules (id, version):
            survivor_id SubjectId, state String, time_zone String, local_times Json, weekdays Json, rrule String,
            grace_minutes i32, paused_until Instant;
        safe_contact_plans (id, version): plan Vec<u8>;
        staff_contacts (id, version): email Vec<u8>, phone Vec<u8>;
        incidents (id, version):
            survivor_id SubjectId, state String, severity i32, visibility String, order_condition_id SubjectId,
            withdrawal_reason Vec<u8>;
        incident_versions (incident_id, version):
            account Vec<u8>, private_note Vec<u8>, place Vec<u8>, reason Vec<u8>, witnesses Vec<u8>, third_parties Vec<u8>,
            police_reference Vec<u8>, visibility String, recorded_by SubjectId;
        incident_events (id, version):
            kind String, state String, visibility String, reason Vec<u8>, note Vec<u8>;
        incident_drafts (id, version): content Vec<u8>;
        incident_releases (incident_id, version): visibility String;
        household_versions (id, version):
            kind String, relation String, name Vec<u8>, born Vec<u8>, school Vec<u8>, note Vec<u8>;
        /// What was written under duress has no version: 0.
        safety_plan_versions (id, version): sections Vec<u8>;
        safety_plan_agreements (id, version): author_kind String;
        risk_tools (id, version): code String, tool Json;
        alerts (id, version):
            survivor_id SubjectId, rule_group String, level i32, state String, is_silent bool, police_setting String,
            police_allowed bool, outcome String, acknowledged_at Instant, closed_at Instant;
        /// Counted by revision, since a draft has no version.
        ladders (id, revision): code String, state String, ladder Json;
        webhook_endpoints (id, version):
            organisation_id SubjectId, kind String, url String, description String, disabled_at Instant;
    }
    facts {
        check_ins (id) where answer:
            survivor_id SubjectId, answer String, feeling_safe i32, contact_since_last String, safe_to_contact bool,
            in_touch Json, note Vec<u8>, location Vec<u8>, recorded_at Instant, received_at Instant, device_id SubjectId,
            recorded_by SubjectId;
        consent_entries (id):
            survivor_id SubjectId, sequence i64, scope String, recipient_id SubjectId, granted bool, text_version String,
            recorded_by SubjectId, recorded_at Instant, effective_at Instant, expires_at Instant, receipt String;
        disclosures (id):
            survivor_id SubjectId, at Instant, recipient_id SubjectId, officer_id SubjectId, what Json, reason Vec<u8>,
            agreement String, lawful_basis String, alert_id SubjectId;
        alert_history (id):
            alert_id SubjectId, at Instant, kind String, level i32, detail Json, note Vec<u8>, actor_kind String,
            actor_id SubjectId, force_reference Vec<u8>;
        case_events (id):
            case_id SubjectId, event String, state String, side String, staff_id SubjectId, reason String, at Instant;
        assignments (id): subject_kind String, subject_id SubjectId, organisation_id SubjectId, staff_id SubjectId;
        blocks (id): survivor_id SubjectId, staff_id SubjectId, organisation_id SubjectId, created_by SubjectId;
        staff (id): organisation_id SubjectId, roles Json;
        break_glass_openings (id):
            survivor_id SubjectId, staff_id SubjectId, reason Vec<u8>, opened_at Instant, expires_at Instant;
        record_changes (id):
            survivor_id SubjectId, kind String, reason Vec<u8>, changed_by SubjectId, changed_at Instant;
        record_transfers (id):
            survivor_id SubjectId, from_organisation_id SubjectId, to_organisation_id SubjectId, reason Vec<u8>,
            offered_by SubjectId, offered_at Instant;
        police_overrides (id):
            survivor_id SubjectId, alert_id SubjectId, recipient_id SubjectId, basis String, condition String,
            necessity Vec<u8>, is_imminent bool, asked_by SubjectId, asked_at Instant, opens_identity bool;
        safe_addresses (id):
            survivor_id SubjectId, kind String, place Vec<u8>, confirmed_on String, set_by SubjectId, set_at Instant;
        reported_persons (id):
            survivor_id SubjectId, name Vec<u8>, relationship String, date_of_birth Vec<u8>, address Vec<u8>,
            vehicles Vec<u8>, note Vec<u8>, is_of_police bool, recorded_by SubjectId, recorded_at Instant;
    }
}

/// Tables whose rows change while their version stays.
pub(super) const WITH_STATES: &[&str] = &["check_ins", "incidents", "staff"];

/// Tables whose key has a row for each version.
pub(super) const WITH_VERSIONS: &[&str] = &["incident_versions", "lawful_bases"];

/// Reads a table in stretches, in the order of its key, all rows of a key in the same stretch.
fn page_through(
    conn: &mut DbConn,
    found: &mut impl FnMut(RecordRow),
    load: impl Fn(&mut DbConn, Uuid, i64) -> Result<Vec<RecordRow>>,
) -> Result<()> {
    let (mut after, mut limit) = (Uuid::nil(), STRETCH);
    loop {
        let mut rows = load(conn, after, limit)?;
        let is_last = rows.len() < usize::try_from(limit).unwrap_or(usize::MAX);
        if !is_last {
            let cut = rows.last().map(|row| row.key);
            rows.retain(|row| Some(row.key) != cut);
        }
        match rows.last() {
            Some(row) => after = row.key,
            None => limit = limit.saturating_mul(2),
        }
        rows.into_iter().for_each(&mut *found);
        if is_last {
            return Ok(());
        }
    }
}
