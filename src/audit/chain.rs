//! Writing entries into the chain, and what an entry's hash covers.

use super::store::{self, AuditEntryRow};
use crate::crypto::{Sealed, sha256};
use crate::db::{DbConn, SubjectId};
use crate::error::Result;
use crate::tx::{PendingEntry, Tx};

/// What the bytes of an entry begin with.
const KIND: &str = "holdfast audit v1";
/// Entries that are written one by one, each in a statement of its own. A list that shows the records of many people has one for
/// each of them: these are written together, in three statements however many they are.
const FEW: usize = 2;

/// Writes the entries of a transaction into the chain, as its last step. A lane is held from here to the commit: what is
/// hashed meanwhile, some hundred bytes an entry and a record, takes a few microseconds, against the milliseconds that a
/// durable commit takes. What a record's digest costs is of the same kind, and nothing is read again for it.
pub fn record(tx: &mut Tx<'_>, entries: &[PendingEntry]) -> Result<()> {
    let left = if entries.len() <= FEW { append(tx, entries)? } else { entries };
    if left.is_empty() {
        return Ok(());
    }
    let mut lane = store::claim_lane(tx.conn)?;
    let mut rows = Vec::with_capacity(left.len());
    for entry in left {
        lane.sequence += 1;
        let previous_hash = std::mem::take(&mut lane.head);
        let mut row = AuditEntryRow { lane: lane.lane, sequence: lane.sequence, previous_hash, ..unplaced(tx, entry) };
        row.hash = hash(&row).to_vec();
        lane.head.clone_from(&row.hash);
        rows.push(row);
    }
    store::insert_entries(tx.conn, rows)?;
    store::update_lane(tx.conn, &lane)
}

/// Writes entries where the database can do all of it in one statement each, and the answer to be kept with the first of them.
/// Answers those that are left: on SQLite, where nothing is a round trip, all of them; on PostgreSQL those for which no lane was
/// free from the first one looked at on, and all where the key of the answer is taken, which shows when it is kept by itself.
fn append<'e>(tx: &mut Tx<'_>, entries: &'e [PendingEntry]) -> Result<&'e [PendingEntry]> {
    if !matches!(tx.conn, DbConn::Pg(_)) {
        return Ok(entries);
    }
    let (mut left, from) = (entries, store::any_lane()?);
    while let [first, rest @ ..] = left {
        let row = unplaced(tx, first);
        let (kind, mut said) = (Framed::new(KIND), Framed(Vec::with_capacity(512)));
        said.said(&row);
        if !store::append_entry(tx.conn, from, &row, (&kind.0, &said.0), tx.stored_answer.as_ref())? {
            break;
        }
        tx.stored_answer = None;
        left = rest;
    }
    Ok(left)
}

/// An entry without its place.
fn unplaced(tx: &Tx<'_>, entry: &PendingEntry) -> AuditEntryRow {
    AuditEntryRow {
        lane: 0,
        sequence: 0,
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
        previous_hash: Vec::new(),
        hash: Vec::new(),
    }
}

/// SHA-256 over every field, each framed by its length, so that no two different entries have the same bytes. PostgreSQL makes
/// the same of the place, which it alone knows, and of what the entry says (`store::append_entry`).
pub(super) fn hash(row: &AuditEntryRow) -> [u8; 32] {
    let mut framed = Framed::new(KIND);
    framed.field(&row.lane.to_be_bytes());
    framed.field(&row.sequence.to_be_bytes());
    framed.said(row);
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

    /// What an entry says, between its place and the hash before it.
    fn said(&mut self, row: &AuditEntryRow) {
        self.field(&row.at.microseconds().to_be_bytes());
        self.field(row.actor_kind.as_bytes());
        self.field(row.actor_id.map_or([0; 16], |id| *id.0.as_bytes()).as_slice());
        self.field(row.role.as_bytes());
        self.field(row.organisation_id.map_or([0; 16], |id| *id.0.as_bytes()).as_slice());
        self.field(row.action.as_bytes());
        self.field(row.subject_kind.as_bytes());
        self.field(row.subject_id.map_or([0; 16], |id| *id.0.as_bytes()).as_slice());
        self.field(row.person_id.map_or([0; 16], |id| *id.0.as_bytes()).as_slice());
        self.field(row.officer_id.map_or([0; 16], |id| *id.0.as_bytes()).as_slice());
        self.field(row.purpose.as_bytes());
        self.field(row.outcome.as_bytes());
        self.field(&row.times.to_be_bytes());
        self.field(row.reason_id.map_or([0; 16], |id| *id.0.as_bytes()).as_slice());
        self.field(row.reason.as_ref().map_or(&[], Sealed::bytes));
        self.field(row.wrote.as_bytes());
    }

    pub fn field(&mut self, part: &[u8]) {
        self.0.extend_from_slice(&(part.len() as u64).to_be_bytes());
        self.0.extend_from_slice(part);
    }

    pub fn hash(&self) -> [u8; 32] {
        sha256(&self.0)
    }
}
