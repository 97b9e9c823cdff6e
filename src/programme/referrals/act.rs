//! What is done with a referral: one use case for every transition, by the table.

use garde::Validate;
use serde::Deserialize;
use utoipa::ToSchema;

use super::machine::{ReferralEvent, ReferralGuard, ReferralPosition, TABLE};
use super::model::{ReferralRow, ReferralState};
use super::store;
use crate::access::{self, ParticipantAccess};
use crate::crypto::Private;
use crate::db::{ReferralId, StaffId, SubjectId};
use crate::error::{Error, Result};
use crate::http::limits;
use crate::identity::{self, Role, Staff};
use crate::orders;
use crate::participants::history::{self, TransitionCause};
use crate::participants::tasks::{self, ProgrammeTaskKind};
use crate::transitions::{self, ActionsView};
use crate::tx::{Subject, Tx};

/// Days from submission within which a referral is to be allocated.
const ALLOCATION_DAYS: i64 = 14;

/// One transition of a referral.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReferralTransitionBody {
    /// What to do; `GET …/actions` tells what is open to you now.
    #[garde(skip)]
    event: ReferralEvent,
    /// Why, as a code; needed to hold, to withdraw, and to find somebody not suitable, not ready or not eligible.
    #[garde(inner(custom(limits::code)))]
    #[schema(format = "code", example = "moved_away")]
    #[serde(default)]
    reason: Option<String>,
    /// Why, in words.
    #[garde(inner(custom(limits::narrative)))]
    #[schema(value_type = Option<String>, format = "narrative", example = "Moves to another county in May.")]
    #[serde(default)]
    note: Option<Private>,
    /// To whom, for `allocate`: a practitioner of the provider.
    #[garde(skip)]
    #[serde(default)]
    practitioner_id: Option<StaffId>,
}

impl ReferralTransitionBody {
    /// A transition that needs nothing beside itself.
    pub(super) fn of(event: ReferralEvent) -> Self {
        Self { event, reason: None, note: None, practitioner_id: None }
    }
}

/// A referral, for somebody who works with the participant; for an officer of the home force, one that the police made.
///
/// # Errors
/// 404 for everybody else.
pub fn referral_for(tx: &mut Tx<'_>, by: &Staff, id: ReferralId) -> Result<(ParticipantAccess, ReferralRow)> {
    let row = store::find(tx.conn, id)?.ok_or(Error::NotFound)?;
    if by.is(Role::Police) && row.source != super::ReferralSource::Police {
        return Err(Error::NotFound);
    }
    let access = orders::may_record(tx, by, row.participant_id)?;
    Ok((access, row))
}

fn standing(row: &ReferralRow) -> ReferralPosition {
    ReferralPosition { state: row.state, held_from: row.held_from }
}

fn guard(row: &ReferralRow) -> ReferralGuard {
    ReferralGuard { is_allocated: row.allocated_at.is_some(), is_enrolling: false }
}

/// What the caller may do with a referral now.
///
/// # Errors
/// 404 for a referral that is not the caller's.
pub fn actions(tx: &mut Tx<'_>, by: &Staff, id: ReferralId) -> Result<ActionsView> {
    Ok(actions_of(by, &referral_for(tx, by, id)?.1))
}

/// The same of a referral that they have read.
#[must_use]
pub fn actions_of(by: &Staff, row: &ReferralRow) -> ActionsView {
    transitions::actions(TABLE, standing(row), &transitions::movers(by), &guard(row))
}

/// Makes one transition.
///
/// # Errors
/// 409 for what the table does not allow now, 403 for what it allows somebody else, 422 where a reason or a practitioner
/// is missing.
pub fn act(tx: &mut Tx<'_>, by: &Staff, id: ReferralId, body: &ReferralTransitionBody) -> Result<ReferralRow> {
    let (access, row) = referral_for(tx, by, id)?;
    let next = transitions::transition(TABLE, standing(&row), body.event, &transitions::movers(by), &guard(&row))?;
    check(body)?;
    let mut changed = moved(&row, next, body.reason.clone());
    match body.event {
        ReferralEvent::Submit => {
            let due = tx.now.plus_days(ALLOCATION_DAYS);
            changed.submitted_at = Some(tx.now);
            (changed.allocation_due_at, changed.next_action_at) = (Some(due), Some(due));
        }
        ReferralEvent::Allocate => {
            let practitioner = allocate(tx, &row, body.practitioner_id)?;
            changed.practitioner_id = Some(practitioner);
            changed.allocated_at = row.allocated_at.or(Some(tx.now));
        }
        _ => {}
    }
    settle_allocation(tx, by, &mut changed)?;
    let step = TransitionCause { note: body.note.as_ref(), ..step_of(&row, &changed, body.event) };
    history::write(tx, by, &access, &step)?;
    keep(tx, row.version, &changed)?;
    tx.outcome(body.event.as_str());
    Ok(changed)
}

/// Moves a suitable referral to `enrolled`, beside the enrolment that is made in the same transaction.
///
/// # Errors
/// 409 where it is not suitable.
pub fn enrol(tx: &mut Tx<'_>, by: &Staff, access: &ParticipantAccess, row: &ReferralRow) -> Result<()> {
    let guard = ReferralGuard { is_enrolling: true, ..guard(row) };
    let next = transitions::transition(TABLE, standing(row), ReferralEvent::Enrol, &transitions::movers(by), &guard)?;
    let changed = moved(row, next, None);
    history::write(tx, by, access, &step_of(row, &changed, ReferralEvent::Enrol))?;
    keep(tx, row.version, &changed)
}

fn moved(row: &ReferralRow, next: ReferralPosition, reason: Option<String>) -> ReferralRow {
    ReferralRow { state: next.state, held_from: next.held_from, reason, version: row.version + 1, ..row.clone() }
}

fn step_of<'a>(row: &ReferralRow, changed: &'a ReferralRow, event: ReferralEvent) -> TransitionCause<'a> {
    TransitionCause {
        kind: "referral",
        subject: SubjectId(row.id.0),
        event: event.as_str(),
        from: row.state.as_str(),
        to: changed.state.as_str(),
        reason: changed.reason.as_deref(),
        note: None,
    }
}

fn keep(tx: &mut Tx<'_>, version: i32, changed: &ReferralRow) -> Result<()> {
    if store::update(tx, version, changed)? { Ok(()) } else { Err(Error::write_conflict()) }
}

fn check(body: &ReferralTransitionBody) -> Result<()> {
    use ReferralEvent::{Allocate, FindNotEligible, FindNotReady, FindNotSuitable, Hold, Withdraw};
    let needs_reason = [Hold, Withdraw, FindNotEligible, FindNotReady, FindNotSuitable].contains(&body.event);
    if needs_reason && body.reason.is_none() {
        return Err(Error::field("/reason", "required", "say why, as a code"));
    }
    if (body.event == Allocate) != body.practitioner_id.is_some() {
        return Err(Error::field("/practitioner_id", "required", "given with allocate, and with nothing else"));
    }
    Ok(())
}

/// Assigns the practitioner, who must be one of the provider's own.
fn allocate(tx: &mut Tx<'_>, row: &ReferralRow, practitioner: Option<StaffId>) -> Result<StaffId> {
    let known = identity::list_staff_with_role(tx.conn, row.organisation_id, Role::Practitioner)?;
    let chosen = practitioner.filter(|id| known.contains(id));
    let unknown = || Error::field("/practitioner_id", "unknown", "must be a practitioner of your own organisation");
    let chosen = chosen.ok_or_else(unknown)?;
    access::assign(tx, Subject::of("participant", row.participant_id), row.organisation_id, chosen)?;
    Ok(chosen)
}

/// Whether anybody is still to be notified that a referral waits: not once it is allocated or at its end.
fn settle_allocation(tx: &mut Tx<'_>, by: &Staff, changed: &mut ReferralRow) -> Result<()> {
    let is_over = changed.allocated_at.is_some()
        || matches!(changed.state, ReferralState::NotEligible | ReferralState::Withdrawn);
    if is_over {
        changed.next_action_at = None;
        tasks::close(tx, SubjectId(changed.id.0), ProgrammeTaskKind::AllocationOverdue, Some(by.id))?;
    }
    Ok(())
}
