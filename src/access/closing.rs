//! A survivor's record that is closed: nobody works with them any more. It stays, its staff read it, and an alert opens it again
//! by itself: nobody who cries for help is asked whether their record is open. While it is closed no phone is enrolled, with no
//! code that was made before either, and no schedule begins.

use diesel::prelude::*;
use serde::Serialize;
use utoipa::ToSchema;

use super::proof::{self, SurvivorAccess};
use super::store;
use crate::audit::records;
use crate::crypto::{Keys, Private, PrivateText, Sealed, SealedTable, open, seal, sealed_row};
use crate::db::schema::record_changes;
use crate::db::{DbConn, Instant, OrganisationId, RecordChangeId, StaffId, SurvivorId, text_enum};
use crate::error::{Error, Result};
use crate::http::page::{Cursor, PageDsl as _};
use crate::identity::{self, Role, Staff};
use crate::tx::{Actor, Subject, Tx};

text_enum! {
    /// What became of a record.
    pub enum RecordChangeKind {
        /// It was closed.
        Closed = "closed",
        /// It was opened again.
        Reopened = "reopened",
    }
}

/// A closing or an opening; never changed.
#[derive(Clone, Debug, HasQuery, Insertable)]
#[diesel(table_name = record_changes, treat_none_as_default_value = false)]
pub struct RecordChange {
    /// Id.
    pub id: RecordChangeId,
    /// Whose record.
    pub survivor_id: SurvivorId,
    /// What became of it.
    pub kind: RecordChangeKind,
    /// Why.
    pub reason: Option<Sealed>,
    /// By whom; none where an alert opened it.
    pub changed_by: Option<StaffId>,
    /// When.
    pub changed_at: Instant,
}
sealed_row!(RecordChange, "record_changes", survivor_id, id);

/// A closing or an opening of a survivor's record.
#[serde_with::skip_serializing_none]
#[derive(Serialize, ToSchema)]
pub struct RecordChangeView {
    /// Id.
    pub id: RecordChangeId,
    /// What became of the record.
    pub kind: RecordChangeKind,
    /// Why; none where an alert opened it.
    #[schema(example = "The work is done, as we agreed.")]
    pub reason: Option<String>,
    /// By whom; none where an alert opened it.
    pub changed_by: Option<StaffId>,
    /// When.
    pub changed_at: Instant,
}

impl RecordChangeView {
    /// The view of a row.
    pub fn of(keys: &Keys, row: &RecordChange) -> Result<Self> {
        let reason = open!(keys, row.reason)?.shown();
        let RecordChange { id, kind, changed_by, changed_at, .. } = *row;
        Ok(Self { id, kind, reason, changed_by, changed_at })
    }
}

/// Closes a record, or opens it again.
///
/// # Errors
/// 409 where it is so already.
pub fn change_record(
    tx: &mut Tx<'_>,
    access: &SurvivorAccess,
    kind: RecordChangeKind,
    reason: Option<&Private>,
) -> Result<RecordChange> {
    let closed_at = (kind == RecordChangeKind::Closed).then_some(tx.now);
    if !identity::set_record_closed(tx.conn, access.id(), closed_at)? {
        return Err(Error::wrong_state("this record is so already"));
    }
    if closed_at.is_some() {
        identity::withdraw_codes(tx, access.id())?;
    }
    let id = RecordChangeId::new(tx.now);
    let new = RecordChange::sealing(tx.keys, access.id(), id);
    let changed_by = match tx.actor {
        Actor::Staff { id, .. } if reason.is_some() => Some(id),
        _ => None,
    };
    let row = RecordChange {
        id,
        survivor_id: access.id(),
        kind,
        reason: seal!(new.reason, &reason)?,
        changed_by,
        changed_at: tx.now,
    };
    let by = row.changed_by.map(|id| id.0);
    records::record_changes(tx, row.id, [&row.survivor_id.0, &row.kind.as_str(), &row.reason, &by, &row.changed_at]);
    diesel::insert_into(record_changes::table).values(row.clone()).execute(tx.conn)?;
    Ok(row)
}

/// Refuses what is begun only with somebody whose record is open.
///
/// # Errors
/// 409 where it is closed.
pub fn record_is_open(conn: &mut DbConn, access: &SurvivorAccess) -> Result<()> {
    // The person who closes it meanwhile waits, and finds what was begun.
    identity::lock_survivor(conn, access.id())?;
    let row = identity::find_survivor(conn, access.id())?.ok_or(Error::NotFound)?;
    match row.closed_at {
        Some(_) => Err(Error::wrong_state("this record is closed: open it again first")),
        None => Ok(()),
    }
}

/// What became of a record, newest first.
///
/// # Errors
/// 404 for staff who do not work with it.
pub fn list(
    tx: &mut Tx<'_>,
    staff: &Staff,
    survivor: SurvivorId,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<RecordChange>> {
    let access = proof::survivor(tx, staff, survivor)?;
    let rows = RecordChange::query().filter(record_changes::survivor_id.eq(access.id())).into_boxed();
    Ok(rows.page(record_changes::id, RecordChangeId, after, limit).load(tx.conn)?)
}

/// Gives a survivor's record to another support organisation: it is theirs from now on, with its cases, and nobody of the one
/// before works with it, nor enrols a phone with a code of theirs. The caller has made sure that both sides want it.
///
/// # Errors
/// 422 for somebody who could not be assigned there.
pub fn hand_over(
    tx: &mut Tx<'_>,
    access: &SurvivorAccess,
    (from, to): (OrganisationId, OrganisationId),
    advocate: StaffId,
) -> Result<()> {
    let survivor = access.id();
    let mut people = identity::list_staff_with_role(tx.conn, to, Role::Advocate)?;
    people.extend(identity::list_staff_with_role(tx.conn, to, Role::Supervisor)?);
    if !people.contains(&advocate) || proof::is_blocked(tx.conn, survivor, Some(advocate), None)? {
        return Err(Error::field("/staff_id", "unknown", "there is no such colleague who could be assigned"));
    }
    identity::move_survivor(tx.conn, survivor, to)?;
    identity::withdraw_codes(tx, survivor)?;
    store::end_assignments(tx.conn, survivor.into(), from, tx.now)?;
    store::move_cases(tx.conn, survivor, to)?;
    proof::assign(tx, Subject::of("survivor", survivor), to, advocate)
}
