//! The trail for auditors: who saw what and why, and whether the record of that is as it was written.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::access;
use crate::app::App;
use crate::audit::{self, Filter, Traced, Verified};
use crate::consent;
use crate::crypto::{Keys, Private, PrivateText, reference};
use crate::db::{DbConn, Instant, OrganisationId, StaffId, SubjectId, text_enum};
use crate::error::{Code, Error, Result, contain};
use crate::escalation;
use crate::http::page::Cursor;
use crate::identity::{self, Staff};
use crate::programme;
use crate::tx::{Subject, Tx};

/// One entry of the audit: codes and ids, never what stands in the record that it is about.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
pub struct AuditEntryView {
    /// When.
    pub at: Instant,
    /// The chain that it stands in.
    pub lane: i32,
    /// Its place there, without gaps.
    pub sequence: i64,
    /// Which kind of caller.
    #[schema(example = "staff")]
    pub actor_kind: String,
    /// Who.
    pub actor_id: Option<SubjectId>,
    /// A member of staff's name to sign in with.
    #[schema(example = "asha")]
    pub actor: Option<String>,
    /// In which role.
    #[schema(example = "advocate")]
    pub role: String,
    /// Of which organisation.
    pub organisation_id: Option<OrganisationId>,
    /// What was done, as the operation's id or the step's name.
    #[schema(example = "get_case_view")]
    pub action: String,
    /// What kind of thing it was about.
    #[schema(example = "survivor")]
    pub subject_kind: Option<String>,
    /// Which one.
    pub subject_id: Option<SubjectId>,
    /// What for, as a code.
    pub purpose: Option<String>,
    /// Why, as a named officer stated it.
    #[schema(example = "Attending the alert")]
    pub reason: Option<String>,
    /// How it went, as a code.
    #[schema(example = "done")]
    pub outcome: String,
    /// SHA-256 over the entry and the hash of the one before it, base64.
    pub hash: String,
}

impl AuditEntryView {
    fn of(row: Traced, names: &BTreeMap<StaffId, String>) -> Self {
        let word = |text: String| Some(text).filter(|text| !text.is_empty());
        let actor = row.actor_id.and_then(|id| names.get(&StaffId(id.0))).cloned();
        Self {
            at: row.at,
            lane: row.lane,
            sequence: row.sequence,
            actor_kind: row.actor_kind,
            actor_id: row.actor_id,
            actor,
            role: row.role,
            organisation_id: row.organisation_id,
            action: row.action,
            subject_kind: word(row.subject_kind),
            subject_id: row.subject_id,
            purpose: word(row.purpose),
            reason: None,
            outcome: row.outcome,
            hash: STANDARD.encode(row.hash),
        }
    }

    /// Its place in a list, newest first.
    pub fn cursor(&self) -> Cursor {
        let lane = u64::try_from(self.lane).unwrap_or(0);
        (self.at, Uuid::from_u64_pair(lane, self.sequence.unsigned_abs()))
    }
}

/// Which entries an auditor asks for, in their own words.
#[derive(Clone, Debug, Default)]
pub struct Question {
    /// A reference (`SV-…`, `PT-…`, `CS-…`, `AL-…`), or an id.
    pub subject: Option<String>,
    /// A member of staff's name to sign in with, or an id.
    pub actor: Option<String>,
    /// Not before.
    pub from: Option<Instant>,
    /// Before.
    pub until: Option<Instant>,
}

/// Why a named officer read something. What cannot be read is left out: who read it can be said without.
fn reason(conn: &mut DbConn, keys: &Keys, row: &Traced) -> Result<Option<String>> {
    let Some(officer) = row.actor_id.filter(|_| row.purpose == "officer") else { return Ok(None) };
    let stated = consent::stated_reason(conn, keys, StaffId(officer.0), row.at);
    Ok(contain(stated, |_| None)?.map(|reason| reason.shown()))
}

/// Entries, newest first: `limit + 1` rows. That they are read, and what they are about, is an entry first; the search itself
/// may take long, and holds up nobody who writes.
///
/// # Errors
/// 422 for a subject or an actor that is not there.
pub async fn list(
    app: &App,
    who: &Staff,
    asked: Question,
    (after, limit): (Option<Cursor>, i64),
) -> Result<Vec<AuditEntryView>> {
    let note = move |tx: &mut Tx<'_>| {
        let subject = asked.subject.as_deref().map(|text| find_subject(tx.conn, text)).transpose()?;
        let actor = asked.actor.as_deref().map(|text| find_actor(tx, text)).transpose()?;
        if let Some(subject) = subject {
            tx.about(subject);
        }
        Ok(Filter { subject: subject.map(|subject| subject.id), actor, from: asked.from, until: asked.until })
    };
    let filter = app.transact(who.actor(), "list_audit_entries", note).await?;
    let read = move |conn: &mut DbConn, keys: &Keys| {
        let rows = audit::list_traced(conn, &filter, after, limit)?;
        let is_staff = |row: &&Traced| row.actor_kind == "staff";
        let staff = rows.iter().filter(is_staff).filter_map(|row| row.actor_id).map(|id| StaffId(id.0)).collect();
        let names = identity::usernames(conn, keys, staff)?;
        let mut views = Vec::with_capacity(rows.len());
        for row in rows {
            let reason = reason(conn, keys, &row)?;
            views.push(AuditEntryView { reason, ..AuditEntryView::of(row, &names) });
        }
        Ok(views)
    };
    app.read(read).await
}

fn unknown() -> Error {
    Error::invalid(Code::UnknownReference)
}

fn find_subject(conn: &mut DbConn, text: &str) -> Result<Subject> {
    if let Ok(id) = text.parse::<Uuid>() {
        return Ok(Subject::of("asked", SubjectId(id)));
    }
    let parsed = |prefix| reference::parse(prefix, text);
    let found = if let Some(reference) = parsed("SV") {
        identity::find_survivor_by_reference(conn, &reference)?.map(|row| Subject::of("survivor", row.id))
    } else if let Some(reference) = parsed("CS") {
        access::find_case_by_reference(conn, &reference)?.map(|id| Subject::of("case", id))
    } else if let Some(reference) = parsed("AL") {
        escalation::find_id_by_reference(conn, &reference)?.map(|id| Subject::of("alert", id))
    } else {
        programme::find_participant_by_reference(conn, text)?.map(|row| Subject::of("participant", row.id))
    };
    found.ok_or_else(unknown)
}

fn find_actor(tx: &mut Tx<'_>, text: &str) -> Result<SubjectId> {
    if let Ok(id) = text.parse::<Uuid>() {
        return Ok(SubjectId(id));
    }
    let found = identity::staff_named(tx.conn, tx.keys, &Private::from(text))?;
    found.map(SubjectId::from).ok_or_else(unknown)
}

text_enum! {
    /// Whether the audit is as it was written.
    pub enum AuditState {
        /// Every entry is where and what it was.
        Whole = "whole",
        /// One is not.
        Broken = "broken",
    }
}

/// The first entry that is not as it was written.
#[derive(Debug, Serialize, ToSchema)]
pub struct BrokenView {
    /// Its chain; -1 where it is a line of the log of checkpoints, or stands in no chain.
    pub lane: i32,
    /// Its place there.
    pub sequence: i64,
    /// What is wrong with it.
    pub why: &'static str,
}

/// What came of reading the whole audit back.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
pub struct AuditVerificationView {
    /// Whether it is whole.
    pub state: AuditState,
    /// How many entries were read.
    pub entries: Option<u64>,
    /// The first that is not as it was.
    pub broken: Option<BrokenView>,
    /// How many signed checkpoints it was held against.
    pub checkpoints: Option<u64>,
    /// When the last of them was taken.
    pub last_checkpoint_at: Option<Instant>,
    /// When it was read.
    pub verified_at: Instant,
}

impl AuditVerificationView {
    fn of(verified: &Verified, verified_at: Instant) -> Self {
        let (entries, broken) = match verified {
            Verified::Whole { entries } => (Some(*entries), None),
            Verified::Broken { lane, sequence, why } => {
                (None, Some(BrokenView { lane: *lane, sequence: *sequence, why }))
            }
        };
        let state = if broken.is_some() { AuditState::Broken } else { AuditState::Whole };
        Self { state, entries, broken, checkpoints: None, last_checkpoint_at: None, verified_at }
    }
}

/// Seconds after which to ask again.
const RETRY_SECONDS: u64 = 30;

/// Reads the whole audit back, as it is at one moment, and holds it against the checkpoints.
///
/// # Errors
/// 429 while somebody else has it read.
pub async fn verify(app: &App, who: &Staff) -> Result<AuditVerificationView> {
    let _turn = app.audit_turn.try_lock().map_err(|_| Error::TooMany { retry_after_seconds: RETRY_SECONDS })?;
    let note = |tx: &mut Tx<'_>| {
        tx.about(Subject::of("audit", SubjectId::SYSTEM));
        Ok(())
    };
    app.transact(who.actor(), "get_audit_verification", note).await?;
    let now = app.clock.now();
    // The log gains a line a minute: not read where requests are answered.
    let (keys, data_dir) = (app.keys.clone(), app.config.data_dir.clone());
    let log = tokio::task::spawn_blocking(move || audit::read_log(&keys, &data_dir)).await;
    let log = log.map_err(|_| Error::internal("the log of checkpoints could not be read"))??;
    let witnessed = log.witnessed.clone();
    let verified = app.db.snapshot(move |conn| audit::verify_with(conn, &log)).await?;
    let view = AuditVerificationView::of(&verified, now);
    Ok(match verified {
        Verified::Whole { .. } => AuditVerificationView {
            checkpoints: Some(witnessed.checkpoints),
            last_checkpoint_at: witnessed.last_at,
            ..view
        },
        Verified::Broken { .. } => view,
    })
}
