//! Writing entries into the chain, and what an entry's hash covers.

use super::store::{self, EntryRow};
use crate::crypto::sha256;
use crate::db::SubjectId;
use crate::error::Result;
use crate::tx::{Entry, Tx};

/// Writes the entries of a transaction into one lane, as its last step.
pub fn record(tx: &mut Tx<'_>, entries: &[Entry]) -> Result<()> {
    let mut lane = store::claim_lane(tx.conn)?;
    for entry in entries {
        lane.sequence += 1;
        let (kind, id, role) = match entry.officer {
            Some(officer) => ("staff", Some(officer.0), "police"),
            None => (tx.actor.kind(), tx.actor.id(), tx.actor.role()),
        };
        let mut row = EntryRow {
            lane: lane.lane,
            sequence: lane.sequence,
            at: tx.now,
            actor_kind: kind.to_owned(),
            actor_id: id.map(SubjectId),
            role: role.to_owned(),
            organisation_id: tx.actor.organisation(),
            action: entry.action.to_owned(),
            subject_kind: entry.subject.map_or("", |subject| subject.kind).to_owned(),
            subject_id: entry.subject.map(|subject| subject.id),
            purpose: entry.purpose.to_owned(),
            outcome: entry.outcome.to_owned(),
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
pub(super) fn hash(row: &EntryRow) -> [u8; 32] {
    let mut bytes = Vec::with_capacity(256);
    let mut field = |part: &[u8]| {
        bytes.extend_from_slice(&(part.len() as u64).to_be_bytes());
        bytes.extend_from_slice(part);
    };
    field(b"holdfast audit v1");
    field(&row.lane.to_be_bytes());
    field(&row.sequence.to_be_bytes());
    field(&row.at.microseconds().to_be_bytes());
    field(row.actor_kind.as_bytes());
    field(row.actor_id.map_or([0; 16], |id| *id.0.as_bytes()).as_slice());
    field(row.role.as_bytes());
    field(row.organisation_id.map_or([0; 16], |id| *id.0.as_bytes()).as_slice());
    field(row.action.as_bytes());
    field(row.subject_kind.as_bytes());
    field(row.subject_id.map_or([0; 16], |id| *id.0.as_bytes()).as_slice());
    field(row.purpose.as_bytes());
    field(row.outcome.as_bytes());
    field(&row.previous_hash);
    sha256(&bytes)
}
