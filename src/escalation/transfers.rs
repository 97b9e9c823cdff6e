//! A survivor goes on with another support organisation: its supervisor is offered the record, and takes it with an advocate who
//! works with them from then on.
//!
//! A transfer is `offered → accepted | declined | withdrawn`. Until it is accepted the other side learns what the offer says
//! and no name; from then on the record, its alerts, open tasks and cases are theirs, and nobody of the organisation before
//! reads any of it. None is made or accepted while an alert is open.

use diesel::prelude::*;
use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::store;
use crate::access;
use crate::contact;
use crate::crypto::{Keys, Private, PrivateText, Sealed, SealedTable, open, seal, sealed_row};
use crate::db::schema::record_transfers;
use crate::db::{Instant, OrganisationId, StaffId, SurvivorId, TransferId, text_enum};
use crate::error::{Code, Error, Result};
use crate::http::limits;
use crate::http::page::Cursor;
use crate::identity::{self, OrganisationKind, Role, Staff};
use crate::tx::{Subject, Tx};

text_enum! {
    /// The state of a transfer.
    pub enum TransferState {
        /// It waits for the other organisation.
        Offered = "offered",
        /// The record is theirs.
        Accepted = "accepted",
        /// They did not take it.
        Declined = "declined",
        /// The offer was taken back.
        Withdrawn = "withdrawn",
    }
}

/// A record that one support organisation offers to another.
#[derive(Clone, Debug, HasQuery, Insertable)]
#[diesel(table_name = record_transfers, treat_none_as_default_value = false)]
pub struct TransferRow {
    /// Id.
    pub id: TransferId,
    /// Whose record.
    pub survivor_id: SurvivorId,
    /// Whose it was.
    pub from_organisation_id: OrganisationId,
    /// Whom it is offered to.
    pub to_organisation_id: OrganisationId,
    /// Why, in words for them.
    pub reason: Sealed,
    /// Its state.
    pub state: TransferState,
    /// Who offered it.
    pub offered_by: StaffId,
    /// When.
    pub offered_at: Instant,
    /// Who decided.
    pub decided_by: Option<StaffId>,
    /// When.
    pub decided_at: Option<Instant>,
}
sealed_row!(TransferRow, "record_transfers", survivor_id, id);

/// Offering a record to another support organisation.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateTransferBody {
    /// Which.
    #[garde(skip)]
    organisation_id: OrganisationId,
    /// Why, in words that the other organisation reads before it takes the record: no name.
    #[garde(custom(limits::narrative))]
    #[schema(value_type = String, format = "narrative", example = "They move to your area in May.")]
    reason: Private,
    /// That the survivor agreed to this, having been asked in person; nothing is offered without.
    #[garde(custom(agreed))]
    is_agreed_with_survivor: bool,
}

fn agreed(is_agreed: &bool, _: &()) -> garde::Result {
    limits::refuse_unless(*is_agreed, "the survivor has to agree to this first")
}

/// Taking a record that was offered.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AcceptTransferBody {
    /// The advocate, or supervisor, of your organisation who works with the survivor from now on.
    #[garde(skip)]
    staff_id: StaffId,
}

/// A record that is, or was, offered.
#[serde_with::skip_serializing_none]
#[derive(Serialize, ToSchema)]
pub struct TransferView {
    /// Id.
    pub id: TransferId,
    /// Its state.
    pub state: TransferState,
    /// Whose record: for the organisation whose it is.
    pub survivor_id: Option<SurvivorId>,
    /// Whose it was.
    pub from_organisation_id: OrganisationId,
    /// Whom it is offered to.
    pub to_organisation_id: OrganisationId,
    /// Why.
    pub reason: String,
    /// When it was offered.
    pub offered_at: Instant,
    /// When it was decided.
    pub decided_at: Option<Instant>,
}

/// A transfer, and whether the person who reads it works where the record is.
pub struct ShownTransfer {
    row: TransferRow,
    is_theirs: bool,
}

impl ShownTransfer {
    fn to(row: TransferRow, own: OrganisationId) -> Self {
        let holder =
            if row.state == TransferState::Accepted { row.to_organisation_id } else { row.from_organisation_id };
        Self { is_theirs: holder == own, row }
    }

    /// Its place in a list.
    pub fn cursor(&self) -> Cursor {
        (self.row.offered_at, self.row.id.0)
    }

    /// The view of it.
    pub fn view(keys: &Keys, shown: &Self) -> Result<TransferView> {
        let row = &shown.row;
        Ok(TransferView {
            id: row.id,
            state: row.state,
            survivor_id: Some(row.survivor_id).filter(|_| shown.is_theirs),
            from_organisation_id: row.from_organisation_id,
            to_organisation_id: row.to_organisation_id,
            reason: open!(keys, row.reason)?.shown(),
            offered_at: row.offered_at,
            decided_at: row.decided_at,
        })
    }
}

fn nothing_is_open(tx: &mut Tx<'_>, survivor: SurvivorId) -> Result<()> {
    match store::list_open_of(tx.conn, survivor)?.is_empty() {
        true => Ok(()),
        false => Err(Error::Conflict(Code::GuardNotMet, "an alert of theirs is open: close it first".into())),
    }
}

/// Offers a record to another support organisation; its supervisors hear of it.
///
/// # Errors
/// 404 for a survivor whom the caller does not work with; 409 while an alert is open, or where it is offered already; 422 for an
/// organisation that there is not.
pub fn create(
    tx: &mut Tx<'_>,
    staff: &Staff,
    survivor: SurvivorId,
    body: &CreateTransferBody,
) -> Result<ShownTransfer> {
    let (access, own) = (access::survivor(tx, staff, survivor)?, staff.organisation()?);
    let unknown = || Error::field("/organisation_id", "unknown", "there is no such other support organisation");
    let to = identity::find_organisation(tx.conn, body.organisation_id)?;
    let to = to.filter(|to| to.kind == OrganisationKind::SurvivorSupport && to.id != own).ok_or_else(unknown)?;
    store::lock_survivor(tx.conn, survivor)?;
    nothing_is_open(tx, survivor)?;
    if store::is_offered(tx.conn, survivor)? {
        return Err(Error::wrong_state("this record is offered already"));
    }
    let id = TransferId::new(tx.now);
    let new = TransferRow::sealing(tx.keys, access.id(), id);
    let row = TransferRow {
        id,
        survivor_id: access.id(),
        from_organisation_id: own,
        to_organisation_id: to.id,
        reason: seal!(new.reason, &body.reason)?,
        state: TransferState::Offered,
        offered_by: staff.id,
        offered_at: tx.now,
        decided_by: None,
        decided_at: None,
    };
    store::insert_transfer(tx, row.clone())?;
    for person in identity::list_staff_with_role(tx.conn, to.id, Role::Supervisor)? {
        contact::tell_staff(tx, person, "record_offered", contact::QUIET)?;
    }
    Ok(ShownTransfer::to(row, own))
}

/// What the caller's organisation offers, or is offered, newest first.
pub fn list(tx: &mut Tx<'_>, staff: &Staff, after: Option<Cursor>, limit: i64) -> Result<Vec<ShownTransfer>> {
    let own = staff.organisation()?;
    tx.about(Subject::of("organisation", own));
    let rows = store::list_transfers(tx.conn, own, after, limit)?;
    Ok(rows.into_iter().map(|row| ShownTransfer::to(row, own)).collect())
}

fn support_side(staff: &Staff) -> Result<OrganisationId> {
    if staff.works_for(OrganisationKind::SurvivorSupport) { staff.organisation() } else { Err(Error::NotFound) }
}

/// One that the caller's organisation offers, or is offered.
fn find(tx: &mut Tx<'_>, id: TransferId, is_party: impl Fn(&TransferRow) -> bool) -> Result<TransferRow> {
    let row = store::find_transfer(tx.conn, id)?.filter(is_party).ok_or(Error::NotFound)?;
    tx.about(Subject::of("survivor", row.survivor_id));
    Ok(row)
}

fn decide(tx: &mut Tx<'_>, staff: &Staff, row: &TransferRow, state: TransferState) -> Result<ShownTransfer> {
    if !store::decide_transfer(tx.conn, row.id, state, (staff.id, tx.now))? {
        return Err(Error::wrong_state("this offer waits for nobody"));
    }
    let row = TransferRow { state, decided_by: Some(staff.id), decided_at: Some(tx.now), ..row.clone() };
    Ok(ShownTransfer::to(row, staff.organisation()?))
}

/// Takes a record that was offered.
///
/// # Errors
/// 404 for one that was not offered to the caller's organisation; 409 where it is not any more, or an alert is open; 422 for an advocate
/// who could not be assigned.
pub fn accept(tx: &mut Tx<'_>, staff: &Staff, id: TransferId, body: &AcceptTransferBody) -> Result<ShownTransfer> {
    let own = support_side(staff)?;
    let row = find(tx, id, |row| row.to_organisation_id == own)?;
    store::lock_survivor(tx.conn, row.survivor_id)?;
    nothing_is_open(tx, row.survivor_id)?;
    let shown = decide(tx, staff, &row, TransferState::Accepted)?;
    let access = row.record();
    access::hand_over(tx, &access, (row.from_organisation_id, own), body.staff_id)?;
    store::move_alerts(tx.conn, row.survivor_id, own)?;
    tx.stir();
    Ok(shown)
}

/// Does not take a record that was offered; or takes an offer back.
///
/// # Errors
/// 404 for one that is nothing of the caller's organisation's, 409 where it waits for nobody.
pub fn refuse(tx: &mut Tx<'_>, staff: &Staff, id: TransferId) -> Result<ShownTransfer> {
    let own = support_side(staff)?;
    let row = find(tx, id, |row| [row.to_organisation_id, row.from_organisation_id].contains(&own))?;
    let state = if row.to_organisation_id == own { TransferState::Declined } else { TransferState::Withdrawn };
    decide(tx, staff, &row, state)
}
