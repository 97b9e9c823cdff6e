//! Custody: what happened to a file, by whom, when and why. Each event is chained to the one before it by a hash, and
//! names the hash of the file as it stood.

use serde::Serialize;
use utoipa::ToSchema;

use super::model::{CustodyEvent, CustodyKind, Evidence, hex};
use super::store;
use crate::crypto::{Keys, Private, PrivateText, SealedTable, seal, sha256, unseal};
use crate::db::{
    AlertId, BundleId, CustodyEventId, DbConn, DisclosureId, EvidenceId, Instant, OrganisationId, SubjectId,
};
use crate::error::Result;
use crate::tx::{Actor, Tx};

/// What an event may say beside what happened.
#[derive(Clone, Copy, Default)]
pub struct Circumstances<'a> {
    /// Why.
    pub reason: Option<&'a Private>,
    /// The disclosure that it is part of.
    pub disclosure: Option<DisclosureId>,
    /// The alert that it belongs to.
    pub alert: Option<AlertId>,
    /// The bundle that the file goes into.
    pub bundle: Option<BundleId>,
    /// The officer of a force who reads through their force's system.
    pub officer: Option<SubjectId>,
}

/// Adds an event in a transaction.
pub fn record(tx: &mut Tx<'_>, file: &Evidence, kind: CustodyKind, about: Circumstances<'_>) -> Result<()> {
    if let Some(reason) = about.reason {
        tx.stated(file.survivor_id, reason)?;
    }
    append(tx.conn, (tx.keys, &tx.actor, tx.now), file, kind, about)
}

/// The same where there is no more to it: what a survivor reads of their own is in no audit.
///
/// # Errors
/// As [`record`].
pub fn append(
    conn: &mut DbConn,
    (keys, actor, now): (&Keys, &Actor, Instant),
    file: &Evidence,
    kind: CustodyKind,
    about: Circumstances<'_>,
) -> Result<()> {
    let before = store::custody::last(conn, file.id)?;
    let id = CustodyEventId::new(now);
    let new = CustodyEvent::sealing(keys, file.survivor_id, id);
    let mut event = CustodyEvent {
        id,
        evidence_id: file.id,
        sequence: before.as_ref().map_or(0, |event| event.sequence).saturating_add(1),
        kind,
        at: now,
        actor_kind: if about.officer.is_some() { "officer".to_owned() } else { actor.kind().to_owned() },
        actor_id: about.officer.or(actor.id().map(SubjectId)),
        organisation_id: actor.organisation(),
        reason: seal!(new.reason, &about.reason)?,
        sha256: file.sha256.clone(),
        disclosure_id: about.disclosure,
        alert_id: about.alert,
        bundle_id: about.bundle,
        entry_hash: Vec::new(),
    };
    event.entry_hash = entry_hash(&event, before.as_ref().map(|event| event.entry_hash.as_slice())).to_vec();
    store::custody::insert(conn, event)
}

/// Minutes for which a player that asks for one part after another reads once.
const PLAYED_MINUTES: i64 = 10;

/// Whether the last that happened to a file is that the same account read it, a moment ago.
pub fn is_read_going_on(conn: &mut DbConn, actor: &Actor, now: Instant, id: EvidenceId) -> Result<bool> {
    let last = store::custody::last(conn, id)?;
    Ok(last.is_some_and(|event| {
        event.kind == CustodyKind::Read
            && event.actor_kind == actor.kind()
            && event.actor_id == actor.id().map(SubjectId)
            && event.at > now.plus_minutes(-PLAYED_MINUTES)
    }))
}

/// The hash over an event, length-framed, and the hash of the one before it. Over the sealed reason, so that erasure
/// breaks no chain.
fn entry_hash(event: &CustodyEvent, before: Option<&[u8]>) -> [u8; 32] {
    let actor = event.actor_id.map(|id| *id.0.as_bytes()).unwrap_or_default();
    let organisation = event.organisation_id.map(|id| *id.0.as_bytes()).unwrap_or_default();
    let parts: [&[u8]; 10] = [
        before.unwrap_or_default(),
        event.evidence_id.0.as_bytes(),
        &event.sequence.to_be_bytes(),
        event.kind.as_str().as_bytes(),
        &event.at.microseconds().to_be_bytes(),
        event.actor_kind.as_bytes(),
        &actor,
        &organisation,
        event.reason.as_ref().map_or(b"", |reason| reason.bytes()),
        &event.sha256,
    ];
    let mut framed = b"holdfast custody v1".to_vec();
    for part in parts {
        framed.extend_from_slice(&(part.len() as u64).to_be_bytes());
        framed.extend_from_slice(part);
    }
    sha256(&framed)
}

/// Whether the events of a file follow one another without gap or change.
#[must_use]
pub fn is_whole(events: &[CustodyEvent]) -> bool {
    let mut before: Option<&CustodyEvent> = None;
    events.iter().all(|event| {
        let hash = entry_hash(event, before.map(|event| event.entry_hash.as_slice()));
        let follows = event.sequence == before.map_or(1, |event| event.sequence + 1) && event.entry_hash == hash;
        before = Some(event);
        follows
    })
}

/// One event in the custody of a file.
#[serde_with::skip_serializing_none]
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CustodyEventView {
    /// Counts from 1, without gaps.
    pub sequence: i32,
    /// What happened.
    pub kind: CustodyKind,
    /// When.
    pub at: Instant,
    /// Who did it: `survivor`, `staff`, `officer`, `police_client` or `system`.
    #[schema(example = "staff")]
    pub by: String,
    /// Which account.
    pub by_id: Option<SubjectId>,
    /// Where they work.
    pub organisation_id: Option<OrganisationId>,
    /// Why, in words. On the survivor's phone only why it was disclosed.
    pub reason: Option<String>,
    /// The file's SHA-256 as it was then.
    pub sha256: String,
    /// The bundle that it went into.
    pub bundle_id: Option<BundleId>,
    /// A SHA-256 over this event and the one before it.
    pub entry_hash: String,
}

impl CustodyEventView {
    /// The view of an event.
    pub fn of(keys: &Keys, file: &Evidence, event: &CustodyEvent) -> Result<Self> {
        let kept = CustodyEvent::sealing(keys, file.survivor_id, event.id);
        Ok(Self {
            sequence: event.sequence,
            kind: event.kind,
            at: event.at,
            by: event.actor_kind.clone(),
            by_id: event.actor_id,
            organisation_id: event.organisation_id,
            reason: unseal!(kept.reason, &event.reason)?.shown(),
            sha256: hex(&event.sha256),
            bundle_id: event.bundle_id,
            entry_hash: hex(&event.entry_hash),
        })
    }
}

/// What happened to a file.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CustodyView {
    /// The file.
    pub evidence_id: EvidenceId,
    /// Its reference.
    #[schema(example = "EV-6F2K-8C3D-M")]
    pub reference: String,
    /// Whether the events follow one another without gap or change.
    pub is_whole: bool,
    /// The events, oldest first.
    pub events: Vec<CustodyEventView>,
}

/// The custody of a file as the survivor's own phone shows it; `shown` leaves out what must not show yet. What staff wrote for
/// one another is not in it, nor that the file was sealed: another person may hold the phone. Why somebody was given the file
/// is.
pub fn own_view(
    conn: &mut DbConn,
    keys: &Keys,
    file: &Evidence,
    shown: impl Fn(&CustodyEvent) -> bool,
) -> Result<CustodyView> {
    let is_of_seal = |event: &CustodyEvent| matches!(event.kind, CustodyKind::Sealed | CustodyKind::Unsealed);
    let mut view = view(conn, keys, file, |event| !is_of_seal(event) && shown(event))?;
    for event in view.events.iter_mut().filter(|event| event.kind != CustodyKind::Disclosed) {
        event.reason = None;
    }
    Ok(view)
}

/// The custody of a file; `shown` leaves out what this reader must not see.
pub fn view(
    conn: &mut DbConn,
    keys: &Keys,
    file: &Evidence,
    shown: impl Fn(&CustodyEvent) -> bool,
) -> Result<CustodyView> {
    let events = store::custody::list(conn, file.id)?;
    let is_whole = is_whole(&events);
    let views = events.iter().filter(|event| shown(event)).map(|event| CustodyEventView::of(keys, file, event));
    let mut events: Vec<CustodyEventView> = views.collect::<Result<_>>()?;
    // A gap would tell of what is left out.
    events.iter_mut().zip(1..).for_each(|(event, sequence)| event.sequence = sequence);
    Ok(CustodyView { evidence_id: file.id, reference: file.reference.clone(), is_whole, events })
}
