//! The trail for auditors: who saw what and why, and whether the record of that is as it was written.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::access;
use crate::app::App;
use crate::audit::{self, Broken, EntryFilter, Fault, Traced, Verified, Witnesses};
use crate::crypto::{Keys, Private, PrivateText, reference};
use crate::db::{DbConn, Instant, OrganisationId, StaffId, SubjectId, text_enum};
use crate::error::{Code, Error, Result};
use crate::escalation;
use crate::http::page::Cursor;
use crate::identity::{self, Staff};
use crate::participants;
use crate::tx::{StatedReason, Subject, Tx};

/// One entry of the audit: codes and ids, and why somebody said that they acted; never what is in the record that it is about.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
pub struct AuditEntryView {
    /// When.
    pub at: Instant,
    /// The chain that it is in.
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
    /// The survivor whose that is, where it is something of theirs.
    pub person_id: Option<SubjectId>,
    /// The officer whom a police system named.
    pub officer_id: Option<StaffId>,
    /// Their name to sign in with.
    #[schema(example = "pc.4417")]
    pub officer: Option<String>,
    /// What for, as a code.
    pub purpose: Option<String>,
    /// Why, in the words of the person who acted; `erased` once the key of the survivor was destroyed.
    #[schema(example = "Attending the alert")]
    pub reason: Option<String>,
    /// How it went, as a code.
    #[schema(example = "done")]
    pub outcome: String,
    /// How often: what one caller was refused again and again within a minute is one entry.
    #[schema(example = 1)]
    pub times: i32,
    /// SHA-256 over the entry and the hash of the one before it, base64.
    pub hash: String,
}

impl AuditEntryView {
    fn of(row: Traced, keys: &Keys, names: &BTreeMap<StaffId, String>) -> Result<Self> {
        let word = |text: String| Some(text).filter(|text| !text.is_empty());
        let actor = row.actor_id.and_then(|id| names.get(&StaffId(id.0))).cloned();
        let officer = row.officer_id.and_then(|id| names.get(&id)).cloned();
        let reason = reason_of(&row, keys)?;
        Ok(Self {
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
            person_id: row.person_id,
            officer_id: row.officer_id,
            officer,
            purpose: word(row.purpose),
            reason,
            outcome: row.outcome,
            times: row.times,
            hash: STANDARD.encode(row.hash),
        })
    }

    /// Its place in a list, newest first.
    pub fn cursor(&self) -> Cursor {
        let lane = u64::try_from(self.lane).unwrap_or(0);
        (self.at, Uuid::from_u64_pair(lane, self.sequence.unsigned_abs()))
    }
}

/// What is shown in the place of words whose key was destroyed with the person's record.
const ERASED: &str = "erased";

/// The words in which somebody stated why. The entry is shown whatever became of them: while the keys cannot be reached it
/// has none.
fn reason_of(row: &Traced, keys: &Keys) -> Result<Option<String>> {
    let (Some(person), Some(id), Some(words)) = (row.person_id, row.reason_id, &row.reason) else { return Ok(None) };
    match keys.open_sealed(StatedReason::place(person, id), words) {
        Ok(words) => Ok(Some(words.shown())),
        Err(Error::Unreadable(_)) => Ok(Some(ERASED.to_owned())),
        Err(Error::KeysUnavailable) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Which entries an auditor asks for, in their own words.
#[derive(Clone, Debug, Default)]
pub struct TrailQuestion {
    /// A reference (`SV-…`, `PT-…`, `CS-…`, `AL-…`), or an id.
    pub subject: Option<String>,
    /// The name to sign in with of a member of staff, or of an officer whom a police system named; or an id.
    pub actor: Option<String>,
    /// What was done, as a code.
    pub action: Option<String>,
    /// How it went, as a code.
    pub outcome: Option<String>,
    /// Not before.
    pub from: Option<Instant>,
    /// Before.
    pub until: Option<Instant>,
}

/// Entries, newest first: `limit + 1` rows. That they are read, and what they are about, is an entry first; the search itself
/// may take long, and holds up nobody who writes.
///
/// # Errors
/// 422 for a subject or an actor that is not there.
pub async fn list(
    app: &App,
    who: &Staff,
    asked: TrailQuestion,
    (after, limit): (Option<Cursor>, i64),
) -> Result<Vec<AuditEntryView>> {
    let note = move |tx: &mut Tx<'_>| {
        let subject = asked.subject.as_deref().map(|text| find_subject(tx.conn, text)).transpose()?;
        let actor = asked.actor.as_deref().map(|text| find_actor(tx, text)).transpose()?;
        if let Some(subject) = subject {
            tx.about(subject);
        }
        let TrailQuestion { action, outcome, from, until, .. } = asked.clone();
        Ok(EntryFilter { subject: subject.map(|subject| subject.id), actor, action, outcome, from, until })
    };
    let filter = app.transact(who.actor(), "list_audit_entries", note).await?;
    let read = move |conn: &mut DbConn, keys: &Keys| {
        let rows = audit::list_traced(conn, &filter, after, limit)?;
        let is_staff = |row: &&Traced| row.actor_kind == "staff";
        let staff = rows.iter().filter(is_staff).filter_map(|row| row.actor_id).map(|id| StaffId(id.0));
        let staff = staff.chain(rows.iter().filter_map(|row| row.officer_id)).collect();
        let names = identity::usernames(conn, keys, staff)?;
        rows.into_iter().map(|row| AuditEntryView::of(row, keys, &names)).collect()
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
        participants::find_participant_by_reference(conn, text)?.map(|row| Subject::of("participant", row.id))
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
    /// Its chain; -1 where it is a line of the log of checkpoints, or is in no chain.
    pub lane: i32,
    /// Its place there.
    pub sequence: i64,
    /// Which kind of fault it is.
    pub fault: Fault,
    /// What is wrong with it.
    pub why: String,
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
            Verified::Broken(Broken { fault, lane, sequence, why }) => {
                (None, Some(BrokenView { lane: *lane, sequence: *sequence, fault: *fault, why: why.clone() }))
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
    let all = app.clone();
    let witnesses = tokio::task::spawn_blocking(move || Witnesses::read(&all, None)).await;
    let witnesses = witnesses.map_err(|error| Error::Internal(Box::new(error)))?.map_err(Error::internal)?;
    let witnessed = witnesses.witnessed();
    let verified = app.db.snapshot(move |conn| audit::verify_with(conn, &witnesses)).await?;
    let view = AuditVerificationView::of(&verified, now);
    Ok(match verified {
        Verified::Whole { .. } => AuditVerificationView {
            checkpoints: Some(witnessed.checkpoints),
            last_checkpoint_at: witnessed.last_at,
            ..view
        },
        Verified::Broken(_) => view,
    })
}
