//! Links between a survivor and a participant: proposing, approving, finding.

use super::model::{CaseEvent, CaseEventRow, CaseRow, CaseState, CasesQuery, Side};
use super::proof::{self, CaseAccess, SurvivorAccess};
use super::{case_states, store};
use crate::db::{CaseEventId, CaseId, DbConn, OrganisationId, ParticipantId, StaffId, SubjectId, SurvivorId};
use crate::error::{Code, Error, Result};
use crate::http::ListRequest;
use crate::http::page::Cursor;
use crate::identity::{OrganisationKind, Staff, Survivor};
use crate::transitions::{ActionsView, movers};
use crate::tx::Tx;

/// The state of a link that may be used.
const ACTIVE: &[CaseState] = &[CaseState::Active];

/// Makes sure that the caller works with one of the two whom a link would join, and that they are not linked already.
/// Answers the link that there was, where it has ended.
///
/// # Errors
/// 404 when neither is the caller's, 409 when the link exists.
pub fn propose_allowed(
    tx: &mut Tx<'_>,
    staff: &Staff,
    survivor: SurvivorId,
    participant: ParticipantId,
) -> Result<Option<CaseRow>> {
    if staff.works_for(OrganisationKind::SurvivorSupport) {
        proof::survivor(tx, staff, survivor)?;
    } else {
        proof::participant(tx, staff, participant)?;
    }
    let found = store::find_link(tx.conn, survivor, participant)?;
    match found.as_ref().map(|link| link.state) {
        Some(CaseState::Proposed | CaseState::Active) => {
            Err(Error::Conflict(Code::AlreadyExists, "this survivor and participant are linked already".into()))
        }
        Some(CaseState::Closed | CaseState::Refused) | None => Ok(found),
    }
}

/// From which side a member of staff looks.
fn side_of(staff: &Staff) -> Side {
    if staff.works_for(OrganisationKind::SurvivorSupport) { Side::Support } else { Side::Programme }
}

/// Keeps a new link.
pub fn insert_case(tx: &mut Tx<'_>, staff: &Staff, row: CaseRow) -> Result<()> {
    store::insert_case(tx.conn, row.clone())?;
    note(tx, staff, &row, (side_of(staff), CaseEvent::Propose), None)
}

/// Proposes a link again that has ended: both sides approve once more.
///
/// # Errors
/// 409 where it has not ended.
pub fn propose_again(tx: &mut Tx<'_>, staff: &Staff, mut case: CaseRow, relationship: &str) -> Result<CaseRow> {
    let side = side_of(staff);
    case.state = case_states::after(&case, side, CaseEvent::Propose, &movers(staff))?;
    (case.support_approved_by, case.support_approved_at) = (None, None);
    (case.programme_approved_by, case.programme_approved_at) = (None, None);
    (case.ended_at, case.ended_by, case.end_reason) = (None, None, None);
    (case.proposed_by, case.relationship) = (staff.id, relationship.to_owned());
    store::update_case(tx.conn, &case)?;
    note(tx, staff, &case, (side, CaseEvent::Propose), None)?;
    Ok(case)
}

/// Records a supervisor's approval for their own side; the link is active after both.
///
/// # Errors
/// 404 when the case is not the caller's, 409 when their side has approved already or the case is past that.
pub fn approve_case(tx: &mut Tx<'_>, staff: &Staff, id: CaseId) -> Result<CaseRow> {
    store::lock_case(tx.conn, id)?;
    let access = proof::case(tx, staff, id)?;
    let (side, mut case) = (access.side(), access.case().clone());
    case.state = case_states::after(&case, side, CaseEvent::Approve, &movers(staff))?;
    match side {
        Side::Support => (case.support_approved_by, case.support_approved_at) = (Some(staff.id), Some(tx.now)),
        Side::Programme => (case.programme_approved_by, case.programme_approved_at) = (Some(staff.id), Some(tx.now)),
    }
    store::update_case(tx.conn, &case)?;
    note(tx, staff, &case, (side, CaseEvent::Approve), None)?;
    Ok(case)
}

/// How a link ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// Refused, before both sides approved.
    Refused,
    /// Closed, after that.
    Closed,
}

/// Ends a link. From then on nothing crosses it.
///
/// # Errors
/// 404 when the case is not the caller's, 409 where its state does not allow it.
pub fn end_case(tx: &mut Tx<'_>, staff: &Staff, id: CaseId, ended: Ended, reason: &str) -> Result<CaseRow> {
    store::lock_case(tx.conn, id)?;
    let access = proof::case(tx, staff, id)?;
    let (side, mut case) = (access.side(), access.case().clone());
    let event = match ended {
        Ended::Refused => CaseEvent::Refuse,
        Ended::Closed => CaseEvent::Close,
    };
    case.state = case_states::after(&case, side, event, &movers(staff))?;
    (case.ended_at, case.ended_by, case.end_reason) = (Some(tx.now), Some(staff.id), Some(reason.to_owned()));
    store::update_case(tx.conn, &case)?;
    note(tx, staff, &case, (side, event), Some(reason))?;
    Ok(case)
}

fn note(
    tx: &mut Tx<'_>,
    staff: &Staff,
    case: &CaseRow,
    (side, event): (Side, CaseEvent),
    reason: Option<&str>,
) -> Result<()> {
    let row = CaseEventRow {
        id: CaseEventId::new(tx.now),
        case_id: case.id,
        event,
        state: case.state,
        side,
        staff_id: staff.id,
        reason: reason.map(ToOwned::to_owned),
        at: tx.now,
    };
    store::insert_case_event(tx, row)
}

/// What the caller may do with a case now.
#[must_use]
pub fn case_actions(case: &CaseAccess, staff: &Staff) -> ActionsView {
    case_states::open_to(case.case(), case.side(), &movers(staff))
}

/// What was done with a case, newest first.
pub fn list_case_events(
    conn: &mut DbConn,
    case: &CaseAccess,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<CaseEventRow>> {
    store::list_case_events(conn, case.case().id, after, limit)
}

/// Cases that the caller may look at, newest first. The filters only narrow that.
///
/// # Errors
/// 403 for staff of no organisation.
pub fn list_cases(tx: &mut Tx<'_>, staff: &Staff, asked: &ListRequest<CasesQuery>) -> Result<Vec<CaseRow>> {
    let organisation = staff.organisation()?;
    let query = &asked.query;
    let (side, own): (Side, Vec<SubjectId>) = match side_of(staff) {
        Side::Support => {
            let mut own = proof::visible_survivors(tx.conn, staff, query.mine)?;
            own.retain(|id| query.participant_id.is_none() && query.survivor_id.is_none_or(|only| only == *id));
            (Side::Support, own.into_iter().map(SubjectId::from).collect())
        }
        Side::Programme => {
            let mut own = proof::assigned_participants(tx, staff, query.mine)?;
            own.retain(|id| query.survivor_id.is_none() && query.participant_id.is_none_or(|only| only == *id));
            (Side::Programme, own.into_iter().map(SubjectId::from).collect())
        }
    };
    let blocked = store::list_blocked(tx.conn, staff.id, organisation)?;
    store::list_cases(tx.conn, (side, organisation), (&own, blocked), asked)
}

/// The participants that a survivor's active cases name.
fn linked_participants(conn: &mut DbConn, survivor: SurvivorId) -> Result<Vec<ParticipantId>> {
    Ok(store::active_cases_of(conn, survivor)?.into_iter().map(|case| case.participant_id).collect())
}

/// The active case of a survivor that an alert is about: the oldest, where there are several.
pub fn active_case_of(conn: &mut DbConn, survivor: SurvivorId) -> Result<Option<CaseRow>> {
    Ok(store::active_cases_of(conn, survivor)?.into_iter().next())
}

/// A case, if it is active.
pub fn find_active_case(conn: &mut DbConn, id: CaseId) -> Result<Option<CaseRow>> {
    Ok(store::find_case(conn, id)?.filter(|case| case.state == CaseState::Active))
}

/// The active cases with a participant, for rules that concern every survivor who is linked to them; on request those that
/// have yet to be approved, too.
pub fn cases_with(conn: &mut DbConn, participant: ParticipantId, with_proposed: bool) -> Result<Vec<CaseRow>> {
    let states: &[CaseState] = if with_proposed { &[CaseState::Active, CaseState::Proposed] } else { ACTIVE };
    store::list_cases_with(conn, vec![participant], states)
}

/// Active cases whose participants the caller works with, from the programme's side; `mine` as with the participants.
///
/// # Errors
/// 403 for staff of no organisation.
pub fn active_cases_for(tx: &mut Tx<'_>, staff: &Staff, mine: Option<bool>) -> Result<Vec<CaseRow>> {
    let participants = proof::assigned_participants(tx, staff, mine)?;
    store::list_cases_with(tx.conn, participants, ACTIVE)
}

/// Whether any of these cases is one of a programme provider's.
pub fn has_case_of_programme(conn: &mut DbConn, programme: OrganisationId, cases: Vec<CaseId>) -> Result<bool> {
    Ok(!cases.is_empty() && store::count_cases_of_programme(conn, programme, cases)? > 0)
}

/// Proof of whom a survivor's orders bind and protect: the participants who are linked to them, and the survivor themselves,
/// whose own side keeps orders too. Opens the plain words of these orders.
pub struct LinkedOrders {
    record: SurvivorAccess,
    participants: Vec<ParticipantId>,
}

impl LinkedOrders {
    /// The participants.
    #[must_use]
    pub fn participants(&self) -> &[ParticipantId] {
        &self.participants
    }

    /// The survivor's record.
    #[must_use]
    pub fn record(&self) -> &SurvivorAccess {
        &self.record
    }
}

/// What opens a survivor's own orders.
pub fn linked_orders(conn: &mut DbConn, survivor: &Survivor) -> Result<LinkedOrders> {
    linked_orders_of(conn, &proof::own(survivor))
}

/// The same for staff who may read the survivor's record.
pub fn linked_orders_of(conn: &mut DbConn, survivor: &SurvivorAccess) -> Result<LinkedOrders> {
    Ok(LinkedOrders { record: *survivor, participants: linked_participants(conn, survivor.id())? })
}

/// Ends a member of staff's assignment to a record.
pub(super) fn unassign(
    tx: &mut Tx<'_>,
    subject: SubjectId,
    organisation: OrganisationId,
    staff: StaffId,
) -> Result<()> {
    let assigned = store::list_assignments(tx.conn, subject, organisation)?.into_iter();
    let others: Vec<StaffId> =
        assigned.map(|assignment| assignment.staff_id).filter(|person| *person != staff).collect();
    // Nobody is kept out of a participant's record.
    if super::reachable(tx.conn, SurvivorId(subject.0), &others)?.is_empty() {
        return Err(Error::wrong_state("somebody must stay assigned"));
    }
    match store::end_assignment(tx.conn, subject, staff, tx.now)? {
        0 => Err(Error::NotFound),
        _ => Ok(()),
    }
}
