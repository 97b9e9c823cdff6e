//! Telling people of an alert: who they are, by which ways, and which task is made where that is what a step asks for.

use std::collections::BTreeSet;

use super::Audience;
use super::step_outcomes::model::StepOutcome;
use crate::access;
use crate::contact::{self, Waiting};
use crate::db::{Instant, OrganisationId, StaffId, SurvivorId};
use crate::error::Result;
use crate::escalation::alerts::history::{self, AudienceTold, Detail, Notified, OtherAudience, Vacancy};
use crate::escalation::alerts::model::{AlertRow, TaskKind};
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
pub(in crate::escalation) struct AudienceReached {
    /// A word for the history.
    pub outcome: StepOutcome,
    /// Which members of staff.
    pub staff: Vec<StaffId>,
    /// Whether anybody, or any machine of theirs, will notice.
    pub has_reached: bool,
}

impl AudienceReached {
    pub(in crate::escalation) fn by(outcome: StepOutcome, has_reached: bool) -> Self {
        Self { outcome, staff: Vec::new(), has_reached }
    }

    /// What came of notifying people, as far as there are any.
    pub(super) fn people(staff: Vec<StaffId>) -> Self {
        let has_reached = !staff.is_empty();
        // What came of messages to them is known later; until one goes out, the portal is all there is.
        let outcome = if has_reached { StepOutcome::ShownInPortal } else { StepOutcome::NoOne };
        Self { outcome, staff, has_reached }
    }
}

/// The line of one audience, as it is when the step is taken.
pub(super) fn line(audience: Notified, told: AudienceReached, paged: &BTreeSet<StaffId>) -> AudienceTold {
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

/// Notifies an audience. A failure, such as a record that cannot be opened, is an outcome like others; where it keeps the police
/// from hearing of it, a person is asked to ring them.
pub(in crate::escalation) fn contained(
    tx: &mut Tx<'_>,
    alert: &mut AlertRow,
    audience: Audience,
    notify: impl FnOnce(&mut Tx<'_>, &mut AlertRow) -> Result<AudienceReached>,
) -> Result<AudienceReached> {
    match notify(tx, alert) {
        Err(error) if !error.is_of_the_database() => {
            tracing::error!(alert = %alert.id, ?audience, %error, "a step failed; the climb goes on");
            let is_for_police = matches!(audience, Audience::Police | Audience::NextPolice | Audience::PoliceReminder);
            match is_for_police {
                true => task(tx, alert, Role::Advocate, TaskKind::PoliceUnreachable),
                false => Ok(AudienceReached::by(StepOutcome::Failed, false)),
            }
        }
        told => told,
    }
}

/// The survivor's own advocates who can be notified of them; where none is left, all of the organisation.
pub(in crate::escalation) fn advocates(
    tx: &mut Tx<'_>,
    survivor: SurvivorId,
    organisation: OrganisationId,
) -> Result<Vec<StaffId>> {
    let assigned = access::assigned_staff(tx.conn, survivor, organisation)?;
    let able = access::reachable(tx.conn, survivor, &assigned)?;
    match able.is_empty() {
        true => access::with_role(tx.conn, survivor, organisation, Role::Advocate),
        false => Ok(able),
    }
}

/// Staff of the alert's organisation with a role who can be notified of its survivor.
pub(in crate::escalation) fn with_role(tx: &mut Tx<'_>, alert: &AlertRow, role: Role) -> Result<Vec<StaffId>> {
    access::with_role(tx.conn, alert.survivor_id, alert.organisation_id, role)
}

/// Makes a task of a kind, unless one waits already. Where nobody holds the role it is for the advocates, and the
/// administrators hear that the role is vacant.
pub(in crate::escalation) fn task(
    tx: &mut Tx<'_>,
    alert: &AlertRow,
    role: Role,
    kind: TaskKind,
) -> Result<AudienceReached> {
    // In a drill nobody is asked to ring 999, nor the survivor.
    let kind = if alert.is_exercise { TaskKind::Exercise } else { kind };
    let mut people = with_role(tx, alert, role)?;
    let mut role = role;
    let is_vacant = people.is_empty() && role == Role::Supervisor;
    let mut is_new = false;
    if is_vacant {
        role = Role::Advocate;
        people = with_role(tx, alert, role)?;
        is_new = tasks::give_to_advocates(tx, alert)?;
    }
    is_new |= tasks::make_for_alert(tx, alert, role, kind)?;
    if is_vacant && is_new {
        warn_administrators(tx, alert)?;
    }
    Ok(AudienceReached { outcome: StepOutcome::Task, has_reached: !people.is_empty(), staff: people })
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
    let mut told = AudienceReached::people(paged.iter().copied().collect());
    if paged.is_empty() {
        told.outcome = StepOutcome::NoOne;
    }
    let told = vec![line(Notified::Other(OtherAudience::Administrator), told, &paged)];
    history::write(tx, alert, &Detail::AdministratorWarned { reason: Vacancy::NoSupervisor, told }, None)
}
