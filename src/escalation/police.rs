//! The step that reaches the police: may we, whom, and what they are sent.
//!
//! Never a silent send, never a silent drop: without the survivor's setting it becomes a task for the support
//! organisation's supervisor; with it, and nobody to send to, a task to ring. Each force of an alert is notified, tried on
//! and left in peace for itself (`forces.rs`).

pub(super) mod forces;
pub(super) mod location;
pub(super) mod officer;
pub(super) mod once_police_answer;
pub(super) mod outcomes;
pub(super) mod payload;
pub(super) mod police_evidence;
pub(super) mod police_news;
pub(super) mod police_side;
pub(super) mod release;
pub(super) mod routing;
pub(super) mod script;
pub(super) mod store;

use super::alerts::history::{self, Detail};
use super::alerts::model::{AlertRow, TaskKind};
use super::ladder::Audience;
use super::ladder::step_outcomes::model::StepOutcome;
use super::ladder::telling::{self, AudienceReached, Cause};
use super::overrides::effect;
use super::overrides::store::find_governing;
use crate::access::{self, SystemAccess};
use crate::consent::{self, Disclosure, DisclosurePurpose};
use crate::db::{AlertId, DeliveryId, EndpointId, Instant, OrganisationId, StaffId};
use crate::error::Result;
use crate::escalation::alerts;
use crate::identity::Role;
use crate::tx::{Subject, Tx};
use crate::webhooks::{self, Endpoint, WebhookMessage};
use forces::{AlertForce, ForceDelivery, Reached};
use payload::model::Phase;

/// Which endpoints of which forces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Which {
    /// The first of each force.
    First,
    /// Of each force the one after those that have been used since the last trigger.
    Next,
    /// The same of one force, since a message to it reaches nobody.
    NextOf(OrganisationId),
}

/// Takes a police step.
pub(super) fn notify(tx: &mut Tx<'_>, alert: &mut AlertRow, which: Which, cause: Cause) -> Result<AudienceReached> {
    let only = match alert.police_allowed {
        true => None,
        false => match find_governing(tx.conn, alert.id)? {
            Some(decided) => Some(decided.recipient_id),
            None => return telling::task(tx, alert, Role::Supervisor, TaskKind::PoliceNotAllowed),
        },
    };
    let mut addressed = forces::address(tx, alert)?;
    if let Some(only) = only {
        // Nobody has decided about any other force.
        addressed.forces.retain(|(_, reached)| reached.organisation.id == only);
        addressed.unheard.clear();
    }
    let mut outcomes = Vec::new();
    for (mut force, reached) in addressed.forces {
        let which = match which {
            // A force that was sent nothing yet begins with its first, whatever the step.
            _ if force.is_awaiting => Which::First,
            Which::NextOf(only) if only != reached.organisation.id => continue,
            which => which,
        };
        outcomes.push(notify_force(tx, alert, (&mut force, &reached), which, cause)?);
    }
    let concerns = |force: &AlertForce| match which {
        Which::NextOf(only) => force.organisation_id == Some(only),
        Which::First | Which::Next => true,
    };
    let mut told = None;
    if addressed.unheard.iter().any(concerns) {
        telling::task(tx, alert, Role::Advocate, TaskKind::Call999)?;
        told = Some(telling::task(tx, alert, Role::Advocate, TaskKind::PoliceUnreachable)?);
    }
    Ok(summed_up(&outcomes, told))
}

/// What came of a step, from what came of it for each force: that a message was sent before that people are asked to ring,
/// and that before that nothing was to be done.
fn summed_up(outcomes: &[StepOutcome], asked: Option<AudienceReached>) -> AudienceReached {
    let is_queued = outcomes.contains(&StepOutcome::Queued);
    match asked {
        Some(asked) if is_queued => AudienceReached { outcome: StepOutcome::Queued, has_reached: true, ..asked },
        Some(asked) => asked,
        None if is_queued => AudienceReached::by(StepOutcome::Queued, true),
        None => match outcomes.iter().copied().find(|outcome| *outcome != StepOutcome::NoFurtherEndpoint) {
            Some(outcome) => AudienceReached::by(outcome, true),
            None => AudienceReached::by(StepOutcome::NoFurtherEndpoint, false),
        },
    }
}

fn notify_force(
    tx: &mut Tx<'_>,
    alert: &mut AlertRow,
    (force, reached): (&mut AlertForce, &Reached),
    which: Which,
    cause: Cause,
) -> Result<StepOutcome> {
    let sent = forces::sent_to(tx.conn, alert.id, force)?;
    if is_answered(tx, alert, force, &sent)? {
        return Ok(StepOutcome::AlreadyAcknowledged);
    }
    let (endpoint, is_news) = match which {
        Which::First => (reached.endpoints.first(), force.has_news),
        Which::Next | Which::NextOf(_) => (next_unused(tx, alert, &reached.endpoints, &sent)?, true),
    };
    let Some(endpoint) = endpoint else { return Ok(StepOutcome::NoFurtherEndpoint) };
    if !is_news && force.message_sequence > 0 {
        if cause == Cause::Page {
            return Ok(StepOutcome::ToldOfEach);
        }
        if webhooks::is_on_its_way(tx.conn, alert.id, endpoint.id)? {
            return Ok(StepOutcome::AlreadyOnItsWay);
        }
    }
    send(tx, alert, (force, reached.organisation.id), (endpoint, &sent))?;
    Ok(StepOutcome::Queued)
}

fn next_unused<'e>(
    tx: &mut Tx<'_>,
    alert: &AlertRow,
    endpoints: &'e [Endpoint],
    sent: &[ForceDelivery],
) -> Result<Option<&'e Endpoint>> {
    let trigger = last_trigger(tx, alert)?;
    let is_used = |id: EndpointId| {
        let mut own = sent.iter().filter(|(delivery, _)| delivery.endpoint_id == id);
        own.any(|(delivery, _)| trigger.is_none_or(|trigger| delivery.queued_at >= trigger))
    };
    Ok(endpoints.iter().find(|endpoint| !is_used(endpoint.id)))
}

/// When something last happened to the survivor.
fn last_trigger(tx: &mut Tx<'_>, alert: &AlertRow) -> Result<Option<Instant>> {
    let lines = alerts::store::list_history(tx.conn, alert.id)?;
    Ok(lines.into_iter().rev().find(|line| line.kind.is_trigger()).map(|line| line.at))
}

/// Keeps that an officer of a force acknowledged, and ends the retries to that force alone. What happened after anything
/// that they have received goes on being sent: of that they have not heard.
fn acknowledge(tx: &mut Tx<'_>, alert: &AlertRow, force: &mut AlertForce) -> Result<()> {
    force.acknowledged_at.get_or_insert(tx.now);
    store::save_force(tx.conn, force)?;
    let sent = forces::sent_to(tx.conn, alert.id, force)?;
    let news = unheard(tx, alert, &sent)?;
    let old = sent.iter().filter(|(sent, _)| news.is_none_or(|news| sent.queued_at < news));
    let old: Vec<DeliveryId> = old.map(|(sent, _)| sent.id).collect();
    webhooks::stop_retries(tx, &old).map(drop)
}

/// Takes an alert up for a force: the retries to it end. The climb of an urgent alert stops, an emergency's never.
pub(super) fn acknowledge_for_police(tx: &mut Tx<'_>, alert: &mut AlertRow, force: &mut AlertForce) -> Result<()> {
    alert.police_acknowledged_at.get_or_insert(tx.now);
    acknowledge(tx, alert, force)?;
    let mut standing = alert.standing()?;
    standing.acknowledge_for_police(tx.now);
    alert.stand(&standing)
}

/// When something happened to the survivor that is later than all that a force has received; none where it has received
/// nothing, since then an officer read it in another way.
fn unheard(tx: &mut Tx<'_>, alert: &AlertRow, sent: &[ForceDelivery]) -> Result<Option<Instant>> {
    let heard = sent.iter().filter(|sent| forces::is_taken(sent)).map(|(sent, _)| sent.queued_at).max();
    Ok(last_trigger(tx, alert)?.filter(|trigger| heard.is_some_and(|heard| heard < *trigger)))
}

/// Whether an officer of a force has answered all that it was to hear of.
fn is_answered(tx: &mut Tx<'_>, alert: &AlertRow, force: &AlertForce, sent: &[ForceDelivery]) -> Result<bool> {
    Ok(force.acknowledged_at.is_some() && unheard(tx, alert, sent)?.is_none())
}

/// What an endpoint is sent: an alert that it has not heard of is raised there, whatever others were sent before.
fn phase(alert: &AlertRow, endpoint: EndpointId, sent: &[ForceDelivery]) -> Phase {
    let own = sent.iter().filter(|(delivery, _)| delivery.endpoint_id == endpoint);
    match own.map(|(delivery, _)| delivery.level).max() {
        None => Phase::Raised,
        Some(level) if alert.level > level => Phase::Escalated,
        Some(_) => Phase::Updated,
    }
}

fn send(
    tx: &mut Tx<'_>,
    alert: &mut AlertRow,
    (force, organisation): (&mut AlertForce, OrganisationId),
    (endpoint, sent): (&Endpoint, &[ForceDelivery]),
) -> Result<()> {
    let phase = phase(alert, endpoint.id, sent);
    alert.message_sequence += 1;
    force.message_sequence += 1;
    force.organisation_id = Some(organisation);
    force.notified_at.get_or_insert(tx.now);
    force.last_notified_at = Some(tx.now);
    (force.is_awaiting, force.has_news) = (false, false);
    let body = payload::build(tx, alert, force, phase, first_id(sent))?;
    enqueue(tx, alert, endpoint.id, phase, &body)?;
    store::save_force(tx.conn, force)?;
    // Nothing of anybody is disclosed in a drill.
    if !alert.is_exercise {
        disclose(tx, alert, organisation)?;
    }
    alert.police_told_at.get_or_insert(tx.now);
    Ok(())
}

fn first_id(sent: &[ForceDelivery]) -> Option<&str> {
    sent.first().map(|(first, _)| first.message_id.as_str())
}

fn enqueue(tx: &mut Tx<'_>, alert: &AlertRow, endpoint: EndpointId, phase: Phase, body: &str) -> Result<()> {
    let message = WebhookMessage {
        endpoint,
        about: Some((alert.survivor_id, alert.id)),
        level: alert.level,
        message_type: payload::message_type(alert, phase),
        body,
        tried_until: tx.now.plus_hours(webhooks::TRIED_HOURS),
    };
    webhooks::enqueue(tx, &message).map(drop)
}

fn disclose(tx: &mut Tx<'_>, alert: &AlertRow, force: OrganisationId) -> Result<()> {
    let disclosure = Disclosure {
        survivor: alert.survivor_id,
        recipient: force,
        officer: None,
        what: &["alert"],
        reason: None,
        agreement: payload::agreement(tx, alert)?,
        purpose: DisclosurePurpose::PoliceAlert,
        alert: Some(alert.id),
    };
    let basis = payload::basis(tx, alert)?;
    consent::disclose_on(tx, &disclosure, basis).map(drop)
}

/// Tells each force that was sent an alert, and may know of it, that it is over.
pub(super) fn notify_closed(tx: &mut Tx<'_>, alert: &mut AlertRow, phase: Phase) -> Result<()> {
    let ways = tx.settings.ways;
    for mut force in store::list_forces(tx.conn, alert.id)? {
        let sent = forces::sent_to(tx.conn, alert.id, &force)?;
        let is_theirs = match force.organisation_id {
            Some(organisation) => effect::is_for_police(tx.conn, alert, organisation)?,
            None => false,
        };
        if sent.is_empty() || !is_theirs {
            continue;
        }
        let Ok(reached) = forces::reach(tx.conn, ways, alert.survivor_id, &force.force_id)? else { continue };
        alert.message_sequence += 1;
        force.message_sequence += 1;
        force.last_notified_at = Some(tx.now);
        let body = payload::build(tx, alert, &force, phase, first_id(&sent))?;
        let was_sent = |endpoint: &&Endpoint| sent.iter().any(|(sent, _)| sent.endpoint_id == endpoint.id);
        for endpoint in reached.endpoints.iter().filter(was_sent) {
            enqueue(tx, alert, endpoint.id, phase, &body)?;
        }
        store::save_force(tx.conn, &force)?;
    }
    Ok(())
}

/// What may be sent now of a message to a force that was queued: less than then where the survivor shares less, never more;
/// none where the force is kept out meanwhile, or people took back what they had decided without a setting: of that it is sent
/// that it is over, where it had heard of it. The alert setting counts as it stood.
pub fn revise(
    tx: &mut Tx<'_>,
    _: SystemAccess,
    id: AlertId,
    force: OrganisationId,
    body: &str,
) -> Result<Option<String>> {
    let alert =
        alerts::store::find(tx.conn, id)?.ok_or_else(|| crate::error::Error::internal("a message about no alert"))?;
    if access::is_blocked(tx.conn, alert.survivor_id, None, Some(force))? {
        return Ok(None);
    }
    let is_theirs = effect::is_for_police(tx.conn, &alert, force)?;
    let may_hear = is_theirs || payload::says_it_is_over(body)? && has_received(tx, &alert, force)?;
    if may_hear { payload::revise(tx, &alert, force, body).map(Some) } else { Ok(None) }
}

/// Whether a force has received anything of an alert, as far as we know.
fn has_received(tx: &mut Tx<'_>, alert: &AlertRow, force: OrganisationId) -> Result<bool> {
    let Some(row) = store::find_notified_force(tx.conn, alert.id, force)? else { return Ok(false) };
    Ok(row.read_at.is_some() || forces::sent_to(tx.conn, alert.id, &row)?.iter().any(forces::is_taken))
}

/// Reaches the police about an alert another way, since a message to one endpoint of a force reaches nobody: the next
/// endpoint at once, and where there is none a person rings them. The message itself is tried on.
pub fn fall_back(tx: &mut Tx<'_>, id: AlertId, force: OrganisationId) -> Result<()> {
    let Some(mut alert) = alerts::store::find(tx.conn, id)?.filter(|alert| !alert.is_closed()) else { return Ok(()) };
    if let Some(row) = store::find_notified_force(tx.conn, id, force)? {
        let sent = forces::sent_to(tx.conn, id, &row)?;
        if is_answered(tx, &alert, &row, &sent)? {
            return Ok(());
        }
    }
    let told = telling::contained(tx, &mut alert, Audience::NextPolice, |tx, alert| {
        notify(tx, alert, Which::NextOf(force), Cause::Time)
    })?;
    if told.outcome == StepOutcome::Queued || !has_fallen_back_to_people(tx, &alert, force)? {
        let people = if told.outcome == StepOutcome::Queued { Vec::new() } else { ring(tx, &alert)? };
        let detail = Detail::FellBack { outcome: told.outcome, organisation_id: Some(force) };
        history::write(tx, &alert, &detail, None)?;
        telling::notify(tx, &alert, people)?;
        tx.note("fall_back", Subject::of("alert", id), told.outcome.as_str());
    }
    alerts::store::keep(tx, &mut alert)
}

/// Whether people were asked to ring about a force since something last happened to the survivor: once is enough.
fn has_fallen_back_to_people(tx: &mut Tx<'_>, alert: &AlertRow, force: OrganisationId) -> Result<bool> {
    let lines = alerts::store::list_history(tx.conn, alert.id)?;
    let mut since = lines.iter().rev().take_while(|line| !line.kind.is_trigger());
    Ok(since.any(|line| match Detail::of(line) {
        Some(Detail::FellBack { outcome, organisation_id }) => {
            outcome != StepOutcome::Queued && organisation_id.is_none_or(|about| about == force)
        }
        _ => false,
    }))
}

/// Makes the tasks to ring, unless they wait already; answers whom to tell.
fn ring(tx: &mut Tx<'_>, alert: &AlertRow) -> Result<Vec<StaffId>> {
    if alert.level >= 4 {
        telling::task(tx, alert, Role::Advocate, TaskKind::Call999)?;
    }
    telling::task(tx, alert, Role::Advocate, TaskKind::PoliceUnreachable).map(|told| told.staff)
}
