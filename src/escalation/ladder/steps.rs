//! Taking one step of a ladder: whom it tells, or which task it makes. Each step leaves a line in the history that says
//! what came of it, also where that was nothing.

use std::collections::BTreeSet;

use super::Audience;
use super::standing::Taken;
use super::step_outcomes::StepOutcome;
use crate::access;
use crate::contact::{self, Waiting};
use crate::db::{Instant, OrganisationId, StaffId, SurvivorId};
use crate::error::Result;
use crate::escalation::alerts::history::{self, AudienceTold, Detail, Notified, OtherAudience, StepDetail, Vacancy};
use crate::escalation::alerts::model::{AlertRow, TaskKind};
use crate::escalation::police::{self, Which};
use crate::escalation::rota::{self, Place, store};
use crate::escalation::tasks;
use crate::identity::{self, Role};
use crate::notify::Template;
use crate::tx::Tx;

/// Seconds within which people are paged about one alert once.
pub(in crate::escalation) const PAGE_SECONDS: i64 = 60;

/// Why steps are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::escalation) enum Cause {
    /// Their time has come.
    Time,
    /// People are paged of triggers that came within a minute of the page before. The police have had a message of each.
    Page,
}

/// What came of telling one audience.
pub(in crate::escalation) struct Told {
    /// A word for the history.
    pub outcome: StepOutcome,
    /// Which members of staff.
    pub staff: Vec<StaffId>,
    /// Whether anybody, or any machine of theirs, will notice.
    pub has_reached: bool,
}

impl Told {
    pub(in crate::escalation) fn by(outcome: StepOutcome, has_reached: bool) -> Self {
        Self { outcome, staff: Vec::new(), has_reached }
    }

    fn people(staff: Vec<StaffId>) -> Self {
        let has_reached = !staff.is_empty();
        // What came of messages to them is known later; until one goes out, the portal is all there is.
        let outcome = if has_reached { StepOutcome::ShownInPortal } else { StepOutcome::NoOne };
        Self { outcome, staff, has_reached }
    }
}

/// Takes a step; true when it reached anybody.
pub(in crate::escalation) fn take(tx: &mut Tx<'_>, alert: &mut AlertRow, step: &Taken, cause: Cause) -> Result<bool> {
    let mut told: Vec<(Audience, Told)> = Vec::new();
    for audience in &step.tell {
        told.push((*audience, tell(tx, alert, *audience, cause)?));
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

fn step_detail(step: &Taken, told: Vec<AudienceTold>) -> StepDetail {
    StepDetail { round: step.round, index: step.index, due_at: step.due, told, triggers_since_last_page: None }
}

/// The line of one audience, as it is when the step is taken.
fn line(audience: Notified, told: Told, paged: &BTreeSet<StaffId>) -> AudienceTold {
    let is_paged = told.outcome == StepOutcome::ShownInPortal && told.staff.iter().any(|one| paged.contains(one));
    let outcome = if is_paged { StepOutcome::Queued } else { told.outcome };
    AudienceTold { audience, outcome, staff: told.staff, at: None, people: None }
}

/// When people may be paged again about an alert, where they were paged less than a minute ago.
pub(in crate::escalation) fn rests_until(alert: &AlertRow, now: Instant) -> Option<Instant> {
    let until = alert.paged_at?.plus_seconds(PAGE_SECONDS);
    // Another instance's clock may be fast.
    (until > now).then(|| until.min(now.plus_seconds(PAGE_SECONDS)))
}

/// Gives the police their message of what has just happened. People hear of it with the next page.
pub(in crate::escalation) fn tell_police_alone(tx: &mut Tx<'_>, alert: &mut AlertRow) -> Result<()> {
    let told = tell(tx, alert, Audience::Police, Cause::Time)?;
    let step = again(alert, tx.now, vec![Audience::Police]);
    let told = Told { staff: Vec::new(), ..told };
    let told = vec![line(Notified::Audience(Audience::Police), told, &BTreeSet::new())];
    history::write(tx, alert, &Detail::Step(step_detail(&step, told)), None)
}

/// Notifies people of an alert, everybody once, whatever they are notified as; answers those who have a way that rings.
pub(in crate::escalation) fn notify(
    tx: &mut Tx<'_>,
    alert: &AlertRow,
    people: impl IntoIterator<Item = StaffId>,
) -> Result<BTreeSet<StaffId>> {
    let template = if alert.is_exercise { Template::ExerciseWaiting } else { Template::TaskWaiting };
    let waiting = Waiting {
        reference: &alert.reference,
        level: alert.level,
        triggers_since: alert.unpaged_triggers,
        alert: Some(alert.id),
    };
    let mut paged = BTreeSet::new();
    for person in people {
        if contact::notify_on(tx, person, template, &waiting)? {
            paged.insert(person);
        }
    }
    Ok(paged)
}

/// Tells the police at once, without moving the climb.
pub(in crate::escalation) fn tell_police_now(tx: &mut Tx<'_>, alert: &mut AlertRow) -> Result<()> {
    tell_anew(tx, alert, vec![Audience::Police]).map(drop)
}

fn again(alert: &AlertRow, now: Instant, tell: Vec<Audience>) -> Taken {
    Taken { round: alert.ladder_round.unsigned_abs(), index: 0, due: now, tell }
}

/// Tells some audiences once more, without moving the climb; true when that reached anybody.
pub(in crate::escalation) fn tell_anew(
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
    tell_anew(tx, alert, first.tell.clone()).map(drop)
}

/// Tells one audience. What stands in the way of one, such as a record that cannot be opened, is written into the history
/// and keeps neither the alert nor the other steps from being; where it was the police's, a person is asked to ring them.
pub(in crate::escalation) fn tell(
    tx: &mut Tx<'_>,
    alert: &mut AlertRow,
    audience: Audience,
    cause: Cause,
) -> Result<Told> {
    contained(tx, alert, audience, |tx, alert| reach(tx, alert, audience, cause))
}

/// The same for whatever notifies an audience.
pub(in crate::escalation) fn contained(
    tx: &mut Tx<'_>,
    alert: &mut AlertRow,
    audience: Audience,
    notify: impl FnOnce(&mut Tx<'_>, &mut AlertRow) -> Result<Told>,
) -> Result<Told> {
    match notify(tx, alert) {
        Err(error) if !error.is_of_the_database() => {
            tracing::error!(alert = %alert.id, ?audience, %error, "a step failed; the climb goes on");
            let is_for_police = matches!(audience, Audience::Police | Audience::NextPolice | Audience::PoliceReminder);
            match is_for_police {
                true => task(tx, alert, Role::Advocate, TaskKind::PoliceUnreachable),
                false => Ok(Told::by(StepOutcome::Failed, false)),
            }
        }
        told => told,
    }
}

fn reach(tx: &mut Tx<'_>, alert: &mut AlertRow, audience: Audience, cause: Cause) -> Result<Told> {
    match audience {
        Audience::Nudge => nudge(tx, alert),
        Audience::TrustedContact => trusted_contact(tx, alert),
        Audience::Advocate => advocates(tx, alert.survivor_id, alert.organisation_id).map(Told::people),
        Audience::Duty => on_duty(tx, alert, Place::Duty),
        Audience::SecondDuty => on_duty(tx, alert, Place::Second),
        Audience::Supervisor => holders(tx, alert, Role::Supervisor).map(Told::people),
        Audience::SupervisorDecision => task(tx, alert, Role::Supervisor, TaskKind::SupervisorDecision),
        Audience::SurvivorCall => task(tx, alert, Role::Advocate, TaskKind::CallSurvivor),
        Audience::Call999 => task(tx, alert, Role::Advocate, TaskKind::Call999),
        Audience::Consider999 => task(tx, alert, Role::Supervisor, TaskKind::Consider999),
        Audience::Police => police::tell(tx, alert, Which::First, cause),
        Audience::NextPolice => police::tell(tx, alert, Which::Next, cause),
        Audience::PoliceReminder => police::tell(tx, alert, Which::First, cause),
    }
}

/// A neutral nudge to the survivor's phone; never about an alert that the phone must not show, nor in a drill.
fn nudge(tx: &mut Tx<'_>, alert: &AlertRow) -> Result<Told> {
    if alert.is_silent || alert.is_exercise {
        return Ok(Told::by(StepOutcome::Withheld, false));
    }
    let told = contact::enqueue_survivor(tx, alert.survivor_id, Template::Nudge)?;
    Ok(Told::by(told.into(), told == contact::Told::Queued))
}

/// Somebody whom the survivor trusts, asked to ring. Not under duress, when nobody knows who is in the room.
fn trusted_contact(tx: &mut Tx<'_>, alert: &AlertRow) -> Result<Told> {
    if alert.is_silent || alert.is_exercise {
        return Ok(Told::by(StepOutcome::Withheld, false));
    }
    let told = contact::tell_trusted(tx, alert.survivor_id)?;
    Ok(Told::by(told.into(), told == contact::Told::Queued))
}

/// The survivor's own advocates who can be told of them; where none is left, all of the organisation.
pub(in crate::escalation) fn advocates(
    tx: &mut Tx<'_>,
    survivor: SurvivorId,
    organisation: OrganisationId,
) -> Result<Vec<StaffId>> {
    let assigned = access::assigned_staff(tx.conn, survivor, organisation)?;
    let able = access::able(tx.conn, survivor, &assigned)?;
    match able.is_empty() {
        true => access::holders(tx.conn, survivor, organisation, Role::Advocate),
        false => Ok(able),
    }
}

/// Who is on duty at this instant. Where the rota leaves a gap nobody is, and the history says so.
fn on_duty(tx: &mut Tx<'_>, alert: &AlertRow, place: Place) -> Result<Told> {
    let people = people_on_duty(tx, alert.survivor_id, alert.organisation_id, place)?;
    let is_gap = people.is_empty() && store::has_shifts(tx.conn, alert.organisation_id)?;
    Ok(if is_gap { Told::by(StepOutcome::Gap, false) } else { Told::people(people) })
}

/// Those on duty now who may be notified of a survivor; without a rota all advocates of the organisation are on duty.
fn people_on_duty(
    tx: &mut Tx<'_>,
    survivor: SurvivorId,
    organisation: OrganisationId,
    place: Place,
) -> Result<Vec<StaffId>> {
    match rota::on_duty(tx.conn, organisation, place, tx.now)? {
        Some(people) => access::able(tx.conn, survivor, &people),
        None => access::holders(tx.conn, survivor, organisation, Role::Advocate),
    }
}

/// Staff of the alert's organisation with a role who can be told of its survivor.
pub(in crate::escalation) fn holders(tx: &mut Tx<'_>, alert: &AlertRow, role: Role) -> Result<Vec<StaffId>> {
    access::holders(tx.conn, alert.survivor_id, alert.organisation_id, role)
}

/// Makes a task of a kind, unless one waits already. Where nobody holds the role it is for the advocates, and the
/// administrators hear that the role is vacant.
pub(in crate::escalation) fn task(tx: &mut Tx<'_>, alert: &AlertRow, role: Role, kind: TaskKind) -> Result<Told> {
    // In a drill nobody is asked to ring 999, nor the survivor.
    let kind = if alert.is_exercise { TaskKind::Exercise } else { kind };
    let mut people = holders(tx, alert, role)?;
    let mut role = role;
    let is_vacant = people.is_empty() && role == Role::Supervisor;
    let mut is_new = false;
    if is_vacant {
        role = Role::Advocate;
        people = holders(tx, alert, role)?;
        is_new = tasks::give_to_advocates(tx, alert)?;
    }
    is_new |= tasks::make_for_alert(tx, alert, role, kind)?;
    if is_vacant && is_new {
        warn_administrators(tx, alert)?;
    }
    Ok(Told { outcome: StepOutcome::Task, has_reached: !people.is_empty(), staff: people })
}

/// Tells the administrators that an organisation has no supervisor, without a word of the survivor or the alert.
pub(in crate::escalation) fn warn_administrators(tx: &mut Tx<'_>, alert: &AlertRow) -> Result<()> {
    tracing::warn!(organisation = %alert.organisation_id, "a support organisation has no supervisor");
    let administrators = identity::list_administrators(tx.conn, alert.organisation_id)?;
    let waiting = Waiting { alert: Some(alert.id), ..Waiting::unnamed(alert.level) };
    let mut paged = BTreeSet::new();
    for person in administrators {
        if contact::notify_on(tx, person, Template::NoSupervisor, &waiting)? {
            paged.insert(person);
        }
    }
    // The portal shows administrators nothing of alerts.
    let mut told = Told::people(paged.iter().copied().collect());
    if paged.is_empty() {
        told.outcome = StepOutcome::NoOne;
    }
    let told = vec![line(Notified::Other(OtherAudience::Administrator), told, &paged)];
    history::write(tx, alert, &Detail::AdministratorWarned { reason: Vacancy::NoSupervisor, told }, None)
}
