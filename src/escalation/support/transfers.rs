//! A survivor goes on with another support organisation: its supervisor is offered the record, and takes it with an advocate who
//! works with them from then on.
//!
//! A transfer is `offered → accepted | declined | withdrawn`. Until it is accepted the other side learns what the offer says
//! and no name; from then on the record, its alerts, tasks and cases are theirs, and nobody of the organisation before reads
//! any of it, nor where it went. None is made or accepted while an alert is open, and none is accepted where nobody is on duty: an
//! alert of the next minute would wake nobody. Whom the survivor's side keeps out, person or
//! organisation, finds no transfer of theirs, and an organisation that is kept out is offered none.

mod store;

use diesel::prelude::*;
use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::access;
use crate::contact;
use crate::crypto::{Keys, Private, PrivateText, Sealed, SealedTable, open, seal, sealed_row};
use crate::db::schema::record_transfers;
use crate::db::{Instant, OrganisationId, StaffId, SurvivorId, TransferId, text_enum};
use crate::error::{Code, Error, Result};
use crate::escalation::rota::{self, Place};

use crate::escalation::alerts;
use crate::http::page::Cursor;
use crate::http::{ListRequest, limits, list_query};
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

list_query! {
    /// Which transfers to list.
    pub struct TransfersQuery {
        /// Only those in this state.
        pub state: Option<TransferState>,
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
    /// Whom it is offered to; once they have taken it, for the organisation whose it is.
    pub to_organisation_id: Option<OrganisationId>,
    /// Why; once it is taken, for the organisation whose it is.
    #[schema(example = "They move to your area in May.")]
    pub reason: Option<String>,
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
    /// Its place in a list.
    pub fn cursor(&self) -> Cursor {
        (self.row.offered_at, self.row.id.0)
    }

    /// The view of it. Where a survivor moved is no matter of the side that they left.
    pub fn view(keys: &Keys, shown: &Self) -> Result<TransferView> {
        let row = &shown.row;
        let is_told = shown.is_theirs || row.state != TransferState::Accepted;
        let reason = if is_told { Some(open!(keys, row.reason)?.shown()) } else { None };
        Ok(TransferView {
            id: row.id,
            state: row.state,
            survivor_id: Some(row.survivor_id).filter(|_| shown.is_theirs),
            from_organisation_id: row.from_organisation_id,
            to_organisation_id: Some(row.to_organisation_id).filter(|_| is_told),
            reason,
            offered_at: row.offered_at,
            decided_at: row.decided_at,
        })
    }
}

/// Transfers as the people of an organisation may see them.
fn shown(tx: &mut Tx<'_>, own: OrganisationId, rows: Vec<TransferRow>) -> Result<Vec<ShownTransfer>> {
    let theirs = store::list_held(tx.conn, own, rows.iter().map(|row| row.survivor_id).collect())?;
    Ok(rows.into_iter().map(|row| ShownTransfer { is_theirs: theirs.contains(&row.survivor_id), row }).collect())
}

fn shown_one(tx: &mut Tx<'_>, own: OrganisationId, row: TransferRow) -> Result<ShownTransfer> {
    shown(tx, own, vec![row])?.pop().ok_or(Error::NotFound)
}

fn nothing_is_open(tx: &mut Tx<'_>, survivor: SurvivorId) -> Result<()> {
    match alerts::store::list_open_of(tx.conn, survivor)?.is_empty() {
        true => Ok(()),
        false => Err(Error::Conflict(Code::GuardNotMet, "an alert of theirs is open: close it first".into())),
    }
}

/// Offers a record to another support organisation; its supervisors hear of it.
///
/// # Errors
/// 404 for a survivor whom the caller does not work with; 409 while an alert is open, or where it is offered already; 422 for an
/// organisation that there is not, and for one that the survivor's side keeps out.
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
    if access::is_blocked(tx.conn, survivor, None, Some(to.id))? {
        return Err(Error::field("/organisation_id", "not_allowed", "the survivor's side keeps this organisation out"));
    }
    alerts::store::lock_survivor(tx.conn, survivor)?;
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
    for person in access::with_role(tx.conn, survivor, to.id, Role::Supervisor)? {
        contact::notify_staff(tx, person, "record_offered", contact::QUIET)?;
    }
    shown_one(tx, own, row)
}

/// What the caller's organisation offers, or is offered, newest first, without those of survivors who keep the caller out.
pub fn list(tx: &mut Tx<'_>, staff: &Staff, asked: &ListRequest<TransfersQuery>) -> Result<Vec<ShownTransfer>> {
    let own = staff.organisation()?;
    tx.about(Subject::of("organisation", own));
    let blocked = access::blocked_survivors(tx.conn, staff)?;
    let rows = store::list_transfers(tx.conn, (own, blocked), asked)?;
    shown(tx, own, rows)
}

fn support_side(staff: &Staff) -> Result<OrganisationId> {
    if staff.works_for(OrganisationKind::SurvivorSupport) { staff.organisation() } else { Err(Error::NotFound) }
}

/// One that the caller's organisation offers, or is offered, where the survivor's side keeps out neither.
fn find(
    tx: &mut Tx<'_>,
    (staff, own): (&Staff, OrganisationId),
    id: TransferId,
    is_party: impl Fn(&TransferRow) -> bool,
) -> Result<TransferRow> {
    let row = store::find_transfer(tx.conn, id)?.filter(is_party).ok_or(Error::NotFound)?;
    tx.about(Subject::of("survivor", row.survivor_id));
    match access::is_blocked(tx.conn, row.survivor_id, Some(staff.id), Some(own))? {
        true => Err(Error::NotFound),
        false => Ok(row),
    }
}

/// Refuses a record that nobody would watch over: on duty by the rota has to be somebody who may hear of the survivor.
fn somebody_is_on_duty(tx: &mut Tx<'_>, survivor: SurvivorId, own: OrganisationId) -> Result<()> {
    let on_duty = rota::on_duty(tx.conn, own, Place::Duty, tx.now)?.unwrap_or_default();
    match access::reachable(tx.conn, survivor, &on_duty)?.is_empty() {
        true => {
            Err(Error::Conflict(Code::GuardNotMet, "nobody of your rota could answer now: plan a shift first".into()))
        }
        false => Ok(()),
    }
}

fn decide(tx: &mut Tx<'_>, staff: &Staff, row: &TransferRow, state: TransferState) -> Result<TransferRow> {
    if !store::decide_transfer(tx.conn, row.id, state, (staff.id, tx.now))? {
        return Err(Error::wrong_state("this offer waits for nobody"));
    }
    Ok(TransferRow { state, decided_by: Some(staff.id), decided_at: Some(tx.now), ..row.clone() })
}

/// Takes a record that was offered.
///
/// # Errors
/// 404 for one that was not offered to the caller's organisation, or whose survivor keeps it or the caller out; 403 where the caller
/// is the person who offered it, by another account; 409 where it is not offered any more, an alert is open, or nobody of the
/// caller's organisation is on duty by its rota; 422 for an advocate who could not be assigned.
pub fn accept(tx: &mut Tx<'_>, staff: &Staff, id: TransferId, body: &AcceptTransferBody) -> Result<ShownTransfer> {
    let own = support_side(staff)?;
    let row = find(tx, (staff, own), id, |row| row.to_organisation_id == own)?;
    identity::is_another_person(tx, row.offered_by, staff)?;
    alerts::store::lock_survivor(tx.conn, row.survivor_id)?;
    nothing_is_open(tx, row.survivor_id)?;
    somebody_is_on_duty(tx, row.survivor_id, own)?;
    let taken = decide(tx, staff, &row, TransferState::Accepted)?;
    let (access, survivor) = (row.record(), row.survivor_id);
    let left = access::assigned_staff(tx.conn, survivor, row.from_organisation_id)?;
    let mut people = access::reachable(tx.conn, survivor, &left)?;
    access::hand_over(tx, &access, (row.from_organisation_id, own), body.staff_id)?;
    store::move_alerts(tx.conn, survivor, own, tx.now)?;
    // The person who works with them from now on, and those who did until now, hear that it is so.
    people.push(body.staff_id);
    for person in people {
        contact::notify_staff(tx, person, "record_accepted", contact::QUIET)?;
    }
    tx.publish_change();
    shown_one(tx, own, taken)
}

/// Does not take a record that was offered; or takes an offer back.
///
/// # Errors
/// 404 for one that is nothing of the caller's organisation's, 409 where it waits for nobody.
pub fn refuse(tx: &mut Tx<'_>, staff: &Staff, id: TransferId) -> Result<ShownTransfer> {
    let own = support_side(staff)?;
    let row = find(tx, (staff, own), id, |row| [row.to_organisation_id, row.from_organisation_id].contains(&own))?;
    let state = if row.to_organisation_id == own { TransferState::Declined } else { TransferState::Withdrawn };
    let refused = decide(tx, staff, &row, state)?;
    shown_one(tx, own, refused)
}
