//! Writing entries into the chain, and what an entry's hash covers.

use super::store::{self, AuditEntryRow};
use crate::crypto::{Sealed, sha256};
use crate::db::SubjectId;
use crate::error::Result;
use crate::tx::{PendingEntry, Tx};

/// Writes the entries of a transaction into one lane, as its last step. The lane is held from here to the commit: what is
/// hashed meanwhile, some hundred bytes an entry and a record, takes a few microseconds, against the milliseconds that a
/// durable commit takes. What a record's digest costs is of the same kind, and nothing is read again for it.
pub fn record(tx: &mut Tx<'_>, entries: &[PendingEntry]) -> Result<()> {
    let mut lane = store::claim_lane(tx.conn)?;
    for entry in entries {
        lane.sequence += 1;
        let mut row = AuditEntryRow {
            lane: lane.lane,
            sequence: lane.sequence,
            at: tx.now,
            actor_kind: tx.actor.kind().to_owned(),
            actor_id: tx.actor.id().map(SubjectId),
            role: tx.actor.role().to_owned(),
            organisation_id: tx.actor.organisation(),
            action: entry.action.to_owned(),
            subject_kind: entry.subject.map_or("", |subject| subject.kind).to_owned(),
            subject_id: entry.subject.map(|subject| subject.id),
            person_id: entry.person,
            officer_id: entry.officer,
            purpose: entry.purpose.to_owned(),
            outcome: entry.outcome.to_owned(),
            times: entry.times,
            reason_id: entry.reason.as_ref().map(|reason| reason.id),
            reason: entry.reason.as_ref().map(|reason| reason.words.clone()),
            wrote: entry.wrote.clone(),
            previous_hash: std::mem::take(&mut lane.head),
            hash: Vec::new(),
        };
        row.hash = hash(&row).to_vec();
        lane.head.clone_from(&row.hash);
        store::insert_entry(tx.conn, &row)?;
    }
    store::update_lane(tx.conn, &lane)
}

/// SHA-256 over every field, each framed by its length, so that no two different entries have the same bytes.
pub(super) fn hash(row: &AuditEntryRow) -> [u8; 32] {
    let mut framed = Framed::new("holdfast audit v1");
    framed.field(&row.lane.to_be_bytes());
    framed.field(&row.sequence.to_be_bytes());
    framed.field(&row.at.microseconds().to_be_bytes());
    framed.field(row.actor_kind.as_bytes());
    framed.field(row.actor_id.map_or([0; 16], |id| *id.0.as_bytes()).as_slice());
    framed.field(row.role.as_bytes());
    framed.field(row.organisation_id.map_or([0; 16], |id| *id.0.as_bytes()).as_slice());
    framed.field(row.action.as_bytes());
    framed.field(row.subject_kind.as_bytes());
    framed.field(row.subject_id.map_or([0; 16], |id| *id.0.as_bytes()).as_slice());
    framed.field(row.person_id.map_or([0; 16], |id| *id.0.as_bytes()).as_slice());
    framed.field(row.officer_id.map_or([0; 16], |id| *id.0.as_bytes()).as_slice());
    framed.field(row.purpose.as_bytes());
    framed.field(row.outcome.as_bytes());
    framed.field(&row.times.to_be_bytes());
    framed.field(row.reason_id.map_or([0; 16], |id| *id.0.as_bytes()).as_slice());
    framed.field(row.reason.as_ref().map_or(&[], Sealed::bytes));
    framed.field(row.wrote.as_bytes());
    framed.field(&row.previous_hash);
    framed.hash()
}

/// Bytes for a hash: fields, each after its length.
pub(super) struct Framed(Vec<u8>);

impl Framed {
    /// Begins with what the fields are.
    pub fn new(kind: &str) -> Self {
        let mut framed = Self(Vec::with_capacity(256));
        framed.field(kind.as_bytes());
        framed
    }

    pub fn field(&mut self, part: &[u8]) {
        self.0.extend_from_slice(&(part.len() as u64).to_be_bytes());
        self.0.extend_from_slice(part);
    }

    pub fn hash(&self) -> [u8; 32] {
        sha256(&self.0)
    }
}
