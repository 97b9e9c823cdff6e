//! Two people for accounts and doors: a person who alone could make an account that works with records, renew
//! somebody's, or open a door to police, could read all of it. What one administrator asks for waits, and does nothing,
//! until another administrator or a supervisor approves it: not the one who asked, nor the one whom it is about.
//!
//! A request is `waiting → approved`; or it is refused by somebody who may approve it, withdrawn by who asked, or ends with what
//! it is about. Until there is any survivor on the installation one
//! person suffices, since nothing can be read yet; from then on a new organisation takes two people like every other, or one
//! person would make the second in an organisation of their own. The audit tells of both.

use diesel::prelude::*;
use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

mod refuse;
mod waiting;

pub use refuse::{RefusedView, refuse};
pub use waiting::{SecondPersonRequestView, list_requests};

use super::extract::Staff;
use super::model::{OrganisationKind, Role};
use super::{names, store};
use crate::db::schema::second_person_requests;
use crate::db::{DbConn, Instant, Json, OrganisationId, SecondPersonRequestId, StaffId, SubjectId, text_enum};
use crate::error::{Code, Error, Result};
use crate::events::Event;
use crate::tx::Tx;
use crate::writing;

text_enum! {
    /// What takes two people.
    pub enum TwoPersonAct {
        /// A new account.
        StaffAccount = "staff_account",
        /// A new setup code for an account.
        SetupCode = "setup_code",
        /// Other roles of an account.
        StaffRoles = "staff_roles",
        /// Credentials of a police system.
        PoliceClient = "police_client",
        /// An endpoint of a police force.
        WebhookEndpoint = "webhook_endpoint",
    }
}

text_enum! {
    /// Whether what was asked for is done.
    pub enum Readiness {
        /// It is done.
        Ready = "ready",
        /// It waits for a second person, and does nothing until then.
        AwaitingSecondPerson = "awaiting_second_person",
    }
}

impl Readiness {
    /// That of what waits, or of what does not.
    #[must_use]
    pub fn of(awaits: bool) -> Self {
        if awaits { Self::AwaitingSecondPerson } else { Self::Ready }
    }
}

/// What waits for a second person.
#[derive(Clone, Debug, HasQuery, Insertable)]
#[diesel(table_name = second_person_requests)]
pub struct SecondPersonRequestRow {
    /// Id.
    pub id: SecondPersonRequestId,
    /// What.
    pub act: TwoPersonAct,
    /// The account, the credentials or the endpoint.
    pub subject_id: SubjectId,
    /// For which organisation; none for an administrator of the whole installation.
    pub organisation_id: Option<OrganisationId>,
    /// The code by which an account is set up again, as it is kept.
    pub setup_index: Option<Vec<u8>>,
    /// Until when that, or the code of a new account, is good.
    pub setup_expires_at: Option<Instant>,
    /// Why it is set up again.
    pub setup_reason: Option<super::model::SetupReason>,
    /// The roles that an account is to have.
    pub roles: Option<Json>,
    /// Where the endpoint sends to.
    pub address: Option<String>,
    /// Who asked; none at the command line.
    pub asked_by: Option<StaffId>,
    /// When.
    pub asked_at: Instant,
    /// The second person, or who ended what it is about.
    pub decided_by: Option<StaffId>,
    /// When.
    pub decided_at: Option<Instant>,
    /// Whether it was approved.
    pub is_approved: Option<bool>,
}

impl SecondPersonRequestRow {
    /// A request about a subject, which is yet to be kept.
    pub fn new(tx: &Tx<'_>, act: TwoPersonAct, subject: SubjectId, organisation: Option<OrganisationId>) -> Self {
        let asked_by = match tx.actor {
            crate::tx::Actor::Staff { id, .. } => Some(id),
            _ => None,
        };
        Self {
            id: SecondPersonRequestId::new(tx.now),
            act,
            subject_id: subject,
            organisation_id: organisation,
            setup_index: None,
            setup_expires_at: None,
            setup_reason: None,
            roles: None,
            address: None,
            asked_by,
            asked_at: tx.now,
            decided_by: None,
            decided_at: None,
            is_approved: None,
        }
    }

    /// Whether the setup code that waits is good no more.
    fn is_over(&self, now: Instant) -> bool {
        self.setup_expires_at.is_some_and(|at| at <= now)
    }
}

/// Whether accounts and doors take two people now: everywhere, once any organisation has a survivor.
pub fn takes_two_people(tx: &mut Tx<'_>) -> Result<bool> {
    Ok(tx.settings.takes_two_people && store::has_survivors(tx.conn)?)
}

/// Roles that one person alone gives to nobody: those that work with records, that of officers, who write orders and open
/// locations, and that of those who give roles.
#[must_use]
pub fn are_guarded(roles: &[Role]) -> bool {
    roles.iter().any(|role| role.works_with_records() || matches!(role, Role::Police | Role::Administrator))
}

/// Keeps a request, and notifies those who may be the second person. One whose setup code is good no more gives way to it.
///
/// # Errors
/// 409 where something about the subject waits already.
pub fn ask_second_person(tx: &mut Tx<'_>, row: SecondPersonRequestRow) -> Result<()> {
    match store::find_request(tx.conn, row.subject_id)? {
        Some(before) if before.is_over(tx.now) => end_request(tx, row.subject_id)?,
        Some(_) => return Err(Error::wrong_state("something about this waits for a second person already")),
        None => {}
    }
    let approvers = who_may_approve(tx.conn, &row)?;
    store::insert_request(tx.conn, row)?;
    tx.outcome("awaiting_second_person");
    tx.emit(Event::SecondPersonAsked { approvers });
    Ok(())
}

/// Whether something about a subject waits for a second person.
pub fn awaits_second_person(conn: &mut DbConn, subject: impl Into<SubjectId>) -> Result<bool> {
    Ok(store::find_request(conn, subject.into())?.is_some())
}

/// Whether something that was asked for about a subject ended without a second person's approval.
pub fn was_not_approved(conn: &mut DbConn, subject: impl Into<SubjectId>) -> Result<bool> {
    store::has_ended_request(conn, subject.into())
}

/// The subjects about which something waits, with what.
pub fn list_waiting(conn: &mut DbConn) -> Result<Vec<(SubjectId, TwoPersonAct)>> {
    Ok(store::list_requests(conn)?.into_iter().map(|row| (row.subject_id, row.act)).collect())
}

/// Approving something as the second person.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ApproveBody {
    /// The request, as it was read (`GET /admin/v1/second-person-requests`): another that has taken its place since is not
    /// approved.
    #[garde(skip)]
    pub request_id: SecondPersonRequestId,
}

/// Refuses the first person as the second: by the same account, or by another account of the same name, since one person
/// may have two. Nothing else of two accounts shows whose they are.
///
/// # Errors
/// 403 where they are not two people.
pub fn is_another_person(tx: &mut Tx<'_>, first: StaffId, second: &Staff) -> Result<()> {
    match is_same_person(tx, first, second.id)? {
        true => Err(Error::Forbidden(Code::SecondPersonNeeded)),
        false => Ok(()),
    }
}

/// Whether two accounts may be one person's: they are the same, or have the same name.
pub fn is_same_person(tx: &mut Tx<'_>, first: StaffId, second: StaffId) -> Result<bool> {
    Ok(first == second || is_namesake(tx, first, second)?)
}

fn is_namesake(tx: &mut Tx<'_>, first: StaffId, second: StaffId) -> Result<bool> {
    let mut name_of = |id| {
        let found = names::colleague(tx.conn, tx.keys, id)?;
        Ok::<_, Error>(found.map(|person| writing::folded(&person.name)))
    };
    let first = name_of(first)?;
    Ok(first.is_some() && first == name_of(second)?)
}

/// Approves, as the second person, what waits about a subject; the caller carries it out.
///
/// # Errors
/// 404 where nothing waits that the caller may approve, 403 where they asked for it, or it is about them, 409 where another
/// request waits than the one that they have read, or its setup code is good no more.
pub fn approve_as_second(
    tx: &mut Tx<'_>,
    staff: &Staff,
    subject: impl Into<SubjectId>,
    body: &ApproveBody,
) -> Result<SecondPersonRequestRow> {
    let subject = subject.into();
    let row = store::find_request(tx.conn, subject)?.ok_or(Error::NotFound)?;
    // An id that is no account's has no namesake.
    for first in row.asked_by.into_iter().chain([StaffId(subject.0)]) {
        is_another_person(tx, first, staff)?;
    }
    if !who_may_approve(tx.conn, &row)?.contains(&staff.id) {
        return Err(Error::NotFound);
    }
    if row.id != body.request_id {
        return Err(Error::wrong_state("another request waits than this one: read it first"));
    }
    if row.is_over(tx.now) {
        return Err(Error::wrong_state("this setup code is good no more: ask for another"));
    }
    match store::decide_request(tx.conn, row.id, true, (Some(staff.id), tx.now))? {
        true => Ok(row),
        false => Err(Error::write_conflict()),
    }
}

/// Who may be the second person: another administrator, or a supervisor of the organisation; where it has no other supervisor
/// in use, one of any support organisation. Never who asked, nor the one whom it is about.
fn who_may_approve(conn: &mut DbConn, request: &SecondPersonRequestRow) -> Result<Vec<StaffId>> {
    let (mut approvers, mut own, mut support) = (Vec::new(), Vec::new(), Vec::new());
    for (row, kind) in store::list_staff_in_use(conn)? {
        if request.asked_by == Some(row.id) || request.subject_id == SubjectId::from(row.id) {
            continue;
        }
        let roles = row.roles()?;
        if roles.contains(&Role::Administrator) {
            approvers.push(row.id);
        } else if roles.contains(&Role::Supervisor) {
            if row.organisation_id == request.organisation_id {
                own.push(row.id);
            }
            if kind == Some(OrganisationKind::SurvivorSupport) {
                support.push(row.id);
            }
        }
    }
    approvers.extend(if own.is_empty() { support } else { own });
    Ok(approvers)
}

/// Ends what waits about a subject that is gone, or is not to be.
pub fn end_request(tx: &mut Tx<'_>, subject: impl Into<SubjectId>) -> Result<()> {
    let Some(row) = store::find_request(tx.conn, subject.into())? else { return Ok(()) };
    let by = tx.actor.id().map(StaffId);
    store::decide_request(tx.conn, row.id, false, (by, tx.now)).map(drop)
}

/// What was approved.
#[derive(Debug, Serialize, ToSchema)]
pub struct ApprovedView {
    /// What.
    pub act: TwoPersonAct,
    /// The account, the credentials or the endpoint.
    pub id: SubjectId,
    /// Who asked for it; absent where it was asked at the command line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub asked_by: Option<StaffId>,
    /// When.
    pub asked_at: Instant,
    /// When it was approved.
    pub approved_at: Instant,
}

impl ApprovedView {
    /// The view of a request that was approved now.
    #[must_use]
    pub fn of(row: &SecondPersonRequestRow, now: Instant) -> Self {
        let SecondPersonRequestRow { act, subject_id, asked_by, asked_at, .. } = row;
        Self { act: *act, id: *subject_id, asked_by: *asked_by, asked_at: *asked_at, approved_at: now }
    }
}
