//! Taking one step of a ladder: whom it tells, or which task it makes. Each step leaves a line in the history that says
//! what came of it, also where that was nothing.

use std::collections::BTreeSet;

use super::Audience;
use super::standing::DueStep;
use super::step_outcomes::model::StepOutcome;
use super::telling::{AudienceReached, Cause, advocates, contained, line, notify, task, with_role};
use crate::access;
use crate::contact;
use crate::db::{Instant, OrganisationId, StaffId, SurvivorId};
use crate::error::Result;
use crate::escalation::alerts::history::{self, AudienceTold, Detail, Notified, StepDetail};
use crate::escalation::alerts::model::{AlertRow, TaskKind};
use crate::escalation::police::{self, Which};
use crate::escalation::rota::{self, Place, store};
use crate::identity::Role;
use crate::notify::Template;
use crate::tx::Tx;

/// Takes a step; true when it reached anybody.
pub(in crate::escalation) fn take(tx: &mut Tx<'_>, alert: &mut AlertRow, step: &DueStep, cause: Cause) -> Result<bool> {
    let mut told: Vec<(Audience, AudienceReached)> = Vec::new();
    for audience in &step.tell {
        told.push((*audience, notify_audience(tx, alert, *audience, cause)?));
    }
    let has_reached = told.iter().any(|(_, told)| told.has_reached);
    let people: BTreeSet<StaffId> = told.iter().flat_map(|(_, told)| told.staff.iter().copied()).collect();
    let has_people = !people.is_empty();
    let paged = notify(tx, alert, people)?;
    let lines = told.into_iter().map(|(audience, told)| line(Notified::Audience(audience), told, &paged)).collect();
    let mut detail = step_detail(step, lines);
    if has_people {
        detail.triggers_since_last_page = Some(alert.unpaged_triggers).filter(|more| *more > 0);
        alert.paged_at = Some(tx.now);
        alert.unpaged_triggers = 0;
    }
    history::write(tx, alert, &Detail::Step(detail), None)?;
    Ok(has_reached)
}

fn step_detail(step: &DueStep, told: Vec<AudienceTold>) -> StepDetail {
    StepDetail { round: step.round, index: step.index, due_at: step.due, told, triggers_since_last_page: None }
}

/// Gives the police their message of what has just happened. People hear of it with the next page.
pub(in crate::escalation) fn notify_police_alone(tx: &mut Tx<'_>, alert: &mut AlertRow) -> Result<()> {
    let told = notify_audience(tx, alert, Audience::Police, Cause::Time)?;
    let step = again(alert, tx.now, vec![Audience::Police]);
    let told = AudienceReached { staff: Vec::new(), ..told };
    let told = vec![line(Notified::Audience(Audience::Police), told, &BTreeSet::new())];
    history::write(tx, alert, &Detail::Step(step_detail(&step, told)), None)
}

/// Tells the police at once, without moving the climb.
pub(in crate::escalation) fn notify_police_now(tx: &mut Tx<'_>, alert: &mut AlertRow) -> Result<()> {
    notify_once_more(tx, alert, vec![Audience::Police]).map(drop)
}

fn again(alert: &AlertRow, now: Instant, tell: Vec<Audience>) -> DueStep {
    DueStep { round: alert.ladder_round.unsigned_abs(), index: 0, due: now, tell }
}

/// Tells some audiences once more, without moving the climb; true when that reached anybody.
pub(in crate::escalation) fn notify_once_more(
    tx: &mut Tx<'_>,
    alert: &mut AlertRow,
    audiences: Vec<Audience>,
) -> Result<bool> {
    take(tx, alert, &again(alert, tx.now, audiences), Cause::Time)
}

/// Tells those of the first step once more, without moving the climb.
pub(in crate::escalation) fn repeat_first(tx: &mut Tx<'_>, alert: &mut AlertRow) -> Result<()> {
    let ladder = alert.ladder()?;
    let Some(first) = ladder.steps.first() else { return Ok(()) };
    notify_once_more(tx, alert, first.tell.clone()).map(drop)
}

/// Tells one audience. What is in the way of one, such as a record that cannot be opened, is written into the history
/// and keeps neither the alert nor the other steps from being; where it was the police's, a person is asked to ring them.
pub(in crate::escalation) fn notify_audience(
    tx: &mut Tx<'_>,
    alert: &mut AlertRow,
    audience: Audience,
    cause: Cause,
) -> Result<AudienceReached> {
    contained(tx, alert, audience, |tx, alert| reach(tx, alert, audience, cause))
}

fn reach(tx: &mut Tx<'_>, alert: &mut AlertRow, audience: Audience, cause: Cause) -> Result<AudienceReached> {
    match audience {
        Audience::Nudge => nudge(tx, alert),
        Audience::TrustedContact => trusted_contact(tx, alert),
        Audience::Advocate => advocates(tx, alert.survivor_id, alert.organisation_id).map(AudienceReached::people),
        Audience::Duty => on_duty(tx, alert, Place::Duty),
        Audience::SecondDuty => on_duty(tx, alert, Place::Second),
        Audience::Supervisor => with_role(tx, alert, Role::Supervisor).map(AudienceReached::people),
        Audience::SupervisorDecision => task(tx, alert, Role::Supervisor, TaskKind::SupervisorDecision),
        Audience::SurvivorCall => task(tx, alert, Role::Advocate, TaskKind::CallSurvivor),
        Audience::Call999 => task(tx, alert, Role::Advocate, TaskKind::Call999),
        Audience::Consider999 => task(tx, alert, Role::Supervisor, TaskKind::Consider999),
        Audience::Police => police::notify(tx, alert, Which::First, cause),
        Audience::NextPolice => police::notify(tx, alert, Which::Next, cause),
        Audience::PoliceReminder => police::notify(tx, alert, Which::First, cause),
    }
}

/// A neutral nudge to the survivor's phone; never about an alert that the phone must not show, nor in a drill.
fn nudge(tx: &mut Tx<'_>, alert: &AlertRow) -> Result<AudienceReached> {
    if alert.is_silent || alert.is_exercise {
        return Ok(AudienceReached::by(StepOutcome::Withheld, false));
    }
    let told = contact::enqueue_survivor(tx, alert.survivor_id, Template::Nudge)?;
    Ok(AudienceReached::by(told.into(), told == contact::ContactOutcome::Queued))
}

/// Somebody whom the survivor trusts, asked to ring. Not under duress, when nobody knows who is in the room.
fn trusted_contact(tx: &mut Tx<'_>, alert: &AlertRow) -> Result<AudienceReached> {
    if alert.is_silent || alert.is_exercise {
        return Ok(AudienceReached::by(StepOutcome::Withheld, false));
    }
    let told = contact::notify_trusted(tx, alert.survivor_id)?;
    Ok(AudienceReached::by(told.into(), told == contact::ContactOutcome::Queued))
}

/// Who is on duty at this instant. Where the rota leaves a gap nobody is, and the history says so.
fn on_duty(tx: &mut Tx<'_>, alert: &AlertRow, place: Place) -> Result<AudienceReached> {
    let people = people_on_duty(tx, alert.survivor_id, alert.organisation_id, place)?;
    let is_gap = people.is_empty() && store::has_shifts(tx.conn, alert.organisation_id)?;
    Ok(if is_gap { AudienceReached::by(StepOutcome::Gap, false) } else { AudienceReached::people(people) })
}

/// Those on duty now who may be notified of a survivor; without a rota all advocates of the organisation are on duty.
fn people_on_duty(
    tx: &mut Tx<'_>,
    survivor: SurvivorId,
    organisation: OrganisationId,
    place: Place,
) -> Result<Vec<StaffId>> {
    match rota::on_duty(tx.conn, organisation, place, tx.now)? {
        Some(people) => access::reachable(tx.conn, survivor, &people),
        None => access::with_role(tx.conn, survivor, organisation, Role::Advocate),
    }
}
