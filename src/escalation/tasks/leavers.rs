//! When somebody can see to nothing any more, since their account is out of use: what waited for them waits for others, at
//! once.
//!
//! An alert that they had taken up climbs again. One that nobody has taken up is sent again where nobody else is left of those
//! who were notified of it, also where its steps are held back: this is no new step. Tasks for a supervisor go to the advocates
//! where there is none any more. Of survivors who are left with nobody, the supervisors hear. The same about one survivor where
//! the survivor's side keeps somebody out, or they declare a conflict of interest.

use std::collections::BTreeSet;

use crate::db::{AlertId, DbConn, OrganisationId, StaffId, SubjectId, SurvivorId};
use crate::error::{Result, isolate};
use crate::escalation::alerts;
use crate::escalation::alerts::history::{AudienceTold, Detail, Notified};
use crate::escalation::alerts::model::{AlertRow, AlertState, HistoryKind, HistoryRow};
use crate::escalation::ladder::{Audience, steps, telling};
use crate::escalation::tasks::{self, notices, store};
use crate::identity::{self, Role};
use crate::notify::Template;
use crate::tx::Tx;
use crate::{access, contact, safety};

/// Alerts whose histories are read at once.
const STRETCH: usize = 200;

/// Hands over what waited for somebody of an organisation.
pub(in crate::escalation) fn hand_over(
    tx: &mut Tx<'_>,
    staff: StaffId,
    organisation: Option<OrganisationId>,
    is_back_soon: bool,
) -> Result<()> {
    if !is_back_soon {
        contact::forget_staff(tx, staff)?;
    }
    let Some(organisation) = organisation else { return Ok(()) };
    // Only those that are theirs are locked: others are in use.
    for id in alerts_of(tx.conn, staff, organisation)? {
        isolate(hand_over_alert(tx, id, staff), |error| {
            tracing::error!(alert = %id, %error, "an alert could not be handed over; it goes on as it was");
        })?;
    }
    hand_over_tasks(tx, organisation)?;
    let supervisors = identity::list_staff_with_role(tx.conn, organisation, Role::Supervisor)?;
    let supervisors = identity::enabled_among(tx.conn, &supervisors)?;
    notify_of_those_alone(tx, staff, organisation, &supervisors)
}

/// Hands over what waited about one survivor for somebody who is kept out of their record from now on.
pub(in crate::escalation) fn kept_out(tx: &mut Tx<'_>, staff: StaffId, survivor: SurvivorId) -> Result<()> {
    for alert in alerts::store::list_open_of(tx.conn, survivor)? {
        isolate(hand_over_alert(tx, alert.id, staff), |error| {
            tracing::error!(alert = %alert.id, %error, "an alert could not be handed over; it goes on as it was");
        })?;
    }
    let Some(record) = identity::find_survivor(tx.conn, survivor)? else { return Ok(()) };
    let assigned = access::assigned_staff(tx.conn, survivor, record.organisation_id)?;
    if assigned.contains(&staff) && access::reachable(tx.conn, survivor, &assigned)?.is_empty() {
        for supervisor in access::with_role(tx.conn, survivor, record.organisation_id, Role::Supervisor)? {
            contact::notify_staff(tx, supervisor, "assignments", contact::QUIET)?;
        }
    }
    Ok(())
}

/// Unclosed alerts that a member of staff was notified of, or has taken up.
fn alerts_of(conn: &mut DbConn, staff: StaffId, organisation: OrganisationId) -> Result<BTreeSet<AlertId>> {
    let mut theirs = BTreeSet::new();
    for ids in alerts::store::list_unclosed(conn, organisation)?.chunks(STRETCH) {
        let lines = alerts::store::list_history_of(conn, ids)?;
        theirs.extend(lines.iter().filter(|line| is_by(line, staff) || names(line, staff)).map(|line| line.alert_id));
    }
    Ok(theirs)
}

fn is_by(line: &HistoryRow, staff: StaffId) -> bool {
    line.actor_id == Some(SubjectId::from(staff))
}

fn names(line: &HistoryRow, staff: StaffId) -> bool {
    Detail::of(line).is_some_and(|said| said.into_notified().iter().any(|told| told.staff.contains(&staff)))
}

fn hand_over_alert(tx: &mut Tx<'_>, id: AlertId, staff: StaffId) -> Result<()> {
    let Some(survivor) = alerts::store::find(tx.conn, id)?.map(|alert| alert.survivor_id) else { return Ok(()) };
    alerts::store::lock_survivor(tx.conn, survivor)?;
    let Some(mut alert) = alerts::store::find(tx.conn, id)?.filter(|alert| !alert.is_closed()) else { return Ok(()) };
    let lines = alerts::store::list_history(tx.conn, id)?;
    let mut standing = alert.standing()?;
    match alert.state {
        AlertState::Acknowledged if is_taken_up_by(&lines, staff) => standing.let_go(tx.now),
        AlertState::Open => {
            let audiences = notified_only(tx, &alert, &lines, staff)?;
            if audiences.is_empty() {
                return Ok(());
            }
            if !steps::notify_once_more(tx, &mut alert, audiences)? {
                standing.skip(tx.now);
            }
        }
        _ => return Ok(()),
    }
    alert.stand(&standing)?;
    tx.notify_worker();
    alerts::store::keep(tx, &mut alert)
}

/// Whether it is them on whom everybody else relies, since it last climbed.
fn is_taken_up_by(lines: &[HistoryRow], staff: StaffId) -> bool {
    let since = lines.iter().rev();
    let mut since = since.take_while(|line| !matches!(line.kind, HistoryKind::ClimbResumed | HistoryKind::Reopened));
    let takes_up = |line: &&HistoryRow| matches!(line.kind, HistoryKind::Acknowledged | HistoryKind::Progress);
    since.find(takes_up).is_some_and(|line| is_by(line, staff))
}

/// As what they were notified in this round, where nobody is left of those who were notified as the same. Not as the police's:
/// those were sent a message, or a task waits.
fn notified_only(tx: &mut Tx<'_>, alert: &AlertRow, lines: &[HistoryRow], staff: StaffId) -> Result<Vec<Audience>> {
    let of_round = |line: &HistoryRow| match Detail::of(line) {
        Some(Detail::Step(step)) if step.round == alert.ladder_round.unsigned_abs() => step.told,
        _ => Vec::new(),
    };
    let (mut theirs, mut told) = (BTreeSet::new(), Vec::new());
    for AudienceTold { audience, staff: people, .. } in lines.iter().flat_map(of_round) {
        let Notified::Audience(audience) = audience else { continue };
        if people.contains(&staff) && !audience.is_police() {
            theirs.insert(audience);
        }
        told.push((audience, people));
    }
    let mut alone = Vec::new();
    for audience in theirs {
        let same = told.iter().filter(|(other, _)| *other == audience);
        let people: Vec<StaffId> = same.flat_map(|(_, people)| people.iter().copied()).collect();
        if access::reachable(tx.conn, alert.survivor_id, &people)?.is_empty() {
            alone.push(audience);
        }
    }
    Ok(alone)
}

/// Gives what waits for a supervisor to the advocates, where none is left who can be notified of the survivor.
fn hand_over_tasks(tx: &mut Tx<'_>, organisation: OrganisationId) -> Result<()> {
    for id in store::list_alerts_of_tasks(tx.conn, organisation, Role::Supervisor.as_str())? {
        isolate(hand_over_tasks_of(tx, id), |error| {
            tracing::error!(alert = %id, %error, "the tasks of an alert could not be handed over; they wait as they did");
        })?;
    }
    Ok(())
}

fn hand_over_tasks_of(tx: &mut Tx<'_>, id: AlertId) -> Result<()> {
    let Some(alert) = alerts::store::find(tx.conn, id)? else { return Ok(()) };
    if telling::with_role(tx, &alert, Role::Supervisor)?.is_empty() && tasks::give_to_advocates(tx, &alert)? {
        let advocates = telling::advocates(tx, alert.survivor_id, alert.organisation_id)?;
        telling::notify(tx, &alert, advocates)?;
        telling::warn_administrators(tx, &alert)?;
    }
    Ok(())
}

/// Tells of the survivors and participants who are left with nobody: of what waits to be read or done about them, and the
/// supervisors that somebody is to be assigned; the administrators, where there is no supervisor.
fn notify_of_those_alone(
    tx: &mut Tx<'_>,
    staff: StaffId,
    organisation: OrganisationId,
    supervisors: &[StaffId],
) -> Result<()> {
    let survivors = access::without_staff(tx.conn, "survivor", staff, organisation)?;
    for survivor in &survivors {
        let survivor = SurvivorId(survivor.0);
        safety::notify_of_unread(tx, survivor)?;
        for kind in store::list_tasks_without_alert(tx.conn, survivor)? {
            notices::notify_side(tx, survivor, (Role::Advocate, kind.as_str()), false)?;
        }
    }
    let participants = access::without_staff(tx.conn, "participant", staff, organisation)?;
    if survivors.is_empty() && participants.is_empty() {
        return Ok(());
    }
    for supervisor in supervisors {
        contact::notify_staff(tx, *supervisor, "assignments", contact::QUIET)?;
    }
    if supervisors.is_empty() {
        for person in identity::list_administrators(tx.conn, organisation)? {
            contact::notify_staff_that(tx, person, Template::NoSupervisor, contact::Waiting::unnamed(contact::QUIET))?;
        }
    }
    Ok(())
}
