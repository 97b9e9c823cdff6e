//! Links between a survivor and a participant: proposing, approving, finding.

use super::model::{CaseRow, CaseState, Side};
use super::proof;
use super::store;
use crate::db::{CaseId, DbConn, OrganisationId, ParticipantId, StaffId, SubjectId, SurvivorId};
use crate::error::{Code, Error, Result};
use crate::http::page::Cursor;
use crate::identity::{OrganisationKind, Staff, Survivor};
use crate::tx::Tx;

/// Makes sure that the caller works with one of the two whom a link would join, and that they are not linked already.
///
/// # Errors
/// 404 when neither is the caller's, 409 when the link exists.
pub fn propose_allowed(tx: &mut Tx<'_>, staff: &Staff, survivor: SurvivorId, participant: ParticipantId) -> Result<()> {
    if staff.works_for(OrganisationKind::SurvivorSupport) {
        proof::survivor(tx, staff, survivor)?;
    } else {
        proof::participant(tx, staff, participant)?;
    }
    match store::find_link(tx.conn, survivor, participant)? {
        Some(_) => Err(Error::Conflict(Code::AlreadyExists, "this survivor and participant are linked already".into())),
        None => Ok(()),
    }
}

/// Keeps a new link.
///
/// # Errors
/// When it cannot be kept.
pub fn insert_case(tx: &mut Tx<'_>, row: CaseRow) -> Result<()> {
    store::insert_case(tx.conn, row)
}

/// Records a supervisor's approval for their own side; the link is active after both.
///
/// # Errors
/// 404 when the case is not the caller's, 409 when their side has approved already.
pub fn record_approval(tx: &mut Tx<'_>, staff: &Staff, id: CaseId) -> Result<CaseRow> {
    let access = proof::case(tx, staff, id)?;
    let (side, mut case) = (access.side(), access.case().clone());
    let (by, at) = match side {
        Side::Support => (&mut case.support_approved_by, &mut case.support_approved_at),
        Side::Programme => (&mut case.programme_approved_by, &mut case.programme_approved_at),
    };
    if by.is_some() {
        return Err(Error::wrong_state("your side has approved this link already"));
    }
    (*by, *at) = (Some(staff.id), Some(tx.now));
    if case.support_approved_by.is_some() && case.programme_approved_by.is_some() {
        case.state = CaseState::Active;
    }
    store::update_case(tx.conn, &case)?;
    Ok(case)
}

/// Cases that the caller may look at, newest first.
///
/// # Errors
/// 403 for staff of no organisation.
pub fn list_cases(tx: &mut Tx<'_>, staff: &Staff, after: Option<Cursor>, limit: i64) -> Result<Vec<CaseRow>> {
    let organisation = staff.organisation()?;
    let side = if staff.works_for(OrganisationKind::SurvivorSupport) { Side::Support } else { Side::Programme };
    let own: Vec<SubjectId> = match side {
        Side::Support => proof::visible_survivors(tx.conn, staff)?.into_iter().map(SubjectId::from).collect(),
        Side::Programme => proof::assigned_participants(tx, staff)?.into_iter().map(SubjectId::from).collect(),
    };
    let blocked = store::list_blocked(tx.conn, staff.id, organisation)?;
    store::list_cases(tx.conn, (side, organisation), (&own, blocked), after, limit)
}

/// The participants that a survivor's active cases name, for rules and for checking an order condition.
///
/// # Errors
/// When it cannot be read.
pub fn linked_participants(conn: &mut DbConn, survivor: SurvivorId) -> Result<Vec<ParticipantId>> {
    Ok(store::list_active_cases(conn, survivor)?.into_iter().map(|case| case.participant_id).collect())
}

/// The active case of a survivor that an alert is about: the oldest, where there are several.
///
/// # Errors
/// When it cannot be read.
pub fn active_case_of(conn: &mut DbConn, survivor: SurvivorId) -> Result<Option<CaseRow>> {
    Ok(store::list_active_cases(conn, survivor)?.into_iter().next())
}

/// The active cases with a participant, for rules that concern every survivor who is linked to them.
///
/// # Errors
/// When they cannot be read.
pub fn active_cases_with(conn: &mut DbConn, participant: ParticipantId) -> Result<Vec<CaseRow>> {
    store::list_cases_with(conn, vec![participant])
}

/// Active cases whose participants the caller works with, from the programme's side.
///
/// # Errors
/// 403 for staff of no organisation.
pub fn case_ids_of(tx: &mut Tx<'_>, staff: &Staff) -> Result<Vec<CaseRow>> {
    let participants = proof::assigned_participants(tx, staff)?;
    store::list_cases_with(tx.conn, participants)
}

/// Proof that these participants are linked to the survivor who asks; opens the plain words of their orders.
pub struct LinkedOrders {
    participants: Vec<ParticipantId>,
}

impl LinkedOrders {
    /// The participants.
    #[must_use]
    pub fn participants(&self) -> &[ParticipantId] {
        &self.participants
    }
}

/// The participants that a survivor's active cases name.
///
/// # Errors
/// When it cannot be read.
pub fn linked_orders(conn: &mut DbConn, survivor: &Survivor) -> Result<LinkedOrders> {
    Ok(LinkedOrders { participants: linked_participants(conn, survivor.id)? })
}

/// Ends a member of staff's assignment to a record.
pub(super) fn unassign(
    tx: &mut Tx<'_>,
    subject: SubjectId,
    organisation: OrganisationId,
    staff: StaffId,
) -> Result<()> {
    let assigned = store::list_assignments(tx.conn, subject, organisation)?;
    if assigned.iter().all(|assignment| assignment.staff_id == staff) {
        return Err(Error::wrong_state("somebody must stay assigned"));
    }
    match store::end_assignment(tx.conn, subject, staff, tx.now)? {
        0 => Err(Error::NotFound),
        _ => Ok(()),
    }
}
