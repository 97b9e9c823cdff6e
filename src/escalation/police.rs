//! The step that reaches the police: may we, whom, and what they are sent.
//!
//! Never a silent send, never a silent drop: without the survivor's setting it becomes a task for the support
//! organisation's supervisor; with it, and nobody to send to, a task to ring.

use serde_json::json;

use super::ladder::Audience;
use super::model::{AlertRow, HistoryKind, TaskKind};
use super::payload::Phase;
use super::steps::{self, Told};
use super::{climb, payload, raise, store};
use crate::access;
use crate::consent::{self, Disclosure, DisclosurePurpose};
use crate::db::{AlertId, DbConn, DeliveryId, EndpointId, Instant, OrganisationId, StaffId};
use crate::error::Result;
use crate::identity::{self, Role, SurvivorRow};
use crate::tx::{Subject, Tx};
use crate::webhooks::{self, Delivery, Endpoint, Message};

/// What came of telling the police, where a message waits to be sent.
const QUEUED: &str = "queued";

/// Which of a force's endpoints.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Which {
    /// The first.
    First,
    /// The one after those that have been used since the last trigger.
    Next,
}

/// The force that an alert is for: that of the place where it happened, where that one takes alerts and is not kept out;
/// else the survivor's home force.
pub(super) fn force_of(
    conn: &mut DbConn,
    survivor: &SurvivorRow,
    place: Option<&str>,
) -> Result<Option<OrganisationId>> {
    if let Some(place) = place
        && let Some(force) = identity::find_force(conn, place)?
        && !access::is_blocked(conn, survivor.id, None, Some(force.id))?
        && !webhooks::find_endpoints(conn, force.id)?.is_empty()
    {
        return Ok(Some(force.id));
    }
    Ok(identity::find_force(conn, &survivor.home_force_id)?.map(|force| force.id))
}

/// The force that an alert would go to, and its endpoints; none where it is kept out.
fn route(conn: &mut DbConn, alert: &AlertRow) -> Result<Option<(OrganisationId, Vec<Endpoint>)>> {
    let Some(force) = alert.police_organisation_id else { return Ok(None) };
    if access::is_blocked(conn, alert.survivor_id, None, Some(force))? {
        return Ok(None);
    }
    let endpoints = webhooks::find_endpoints(conn, force)?;
    Ok((!endpoints.is_empty()).then_some((force, endpoints)))
}

/// Whether the police are told of an alert, as things stand: what the phone shows, so it must be true.
pub(super) fn will_be_told(conn: &mut DbConn, alert: &AlertRow) -> Result<bool> {
    Ok(alert.police_allowed && route(conn, alert)?.is_some())
}

/// Takes a police step.
pub(super) fn tell(tx: &mut Tx<'_>, alert: &mut AlertRow, which: Which) -> Result<Told> {
    if !alert.police_allowed {
        return steps::task(tx, alert, Role::Supervisor, TaskKind::PoliceNotAllowed);
    }
    if is_answered(tx, alert)? {
        return Ok(Told::by("already_acknowledged", true));
    }
    let Some((force, endpoints)) = route(tx.conn, alert)? else {
        steps::task(tx, alert, Role::Advocate, TaskKind::Call999)?;
        return steps::task(tx, alert, Role::Advocate, TaskKind::PoliceUnreachable);
    };
    let endpoint = match which {
        Which::First => endpoints.first(),
        Which::Next => next_unused(tx, alert, &endpoints)?,
    };
    let Some(endpoint) = endpoint else { return Ok(Told::by("no_further_endpoint", false)) };
    if alert.message_sequence > 0
        && webhooks::is_on_its_way(tx.conn, alert.id, endpoint.id)?
        && !is_news(tx, alert, endpoint.id)?
    {
        return Ok(Told::by("already_on_its_way", true));
    }
    send(tx, alert, force, endpoint)?;
    Ok(Told::by(QUEUED, true))
}

fn next_unused<'e>(tx: &mut Tx<'_>, alert: &AlertRow, endpoints: &'e [Endpoint]) -> Result<Option<&'e Endpoint>> {
    let trigger = last_trigger(tx, alert)?;
    let sent = webhooks::list_deliveries(tx.conn, alert.id)?;
    let is_used = |id: EndpointId| {
        let mut own = sent.iter().filter(|delivery| delivery.endpoint_id == id);
        own.any(|delivery| trigger.is_none_or(|trigger| delivery.queued_at >= trigger))
    };
    Ok(endpoints.iter().find(|endpoint| !is_used(endpoint.id)))
}

/// When something last happened to the survivor.
fn last_trigger(tx: &mut Tx<'_>, alert: &AlertRow) -> Result<Option<Instant>> {
    let lines = store::list_history(tx.conn, alert.id)?;
    Ok(lines.into_iter().rev().find(|line| line.kind.is_trigger()).map(|line| line.at))
}

/// Whether something happened to the survivor that no message to this endpoint has told of. A trigger and its message
/// have the same instant, and so may two triggers: they are counted.
fn is_news(tx: &mut Tx<'_>, alert: &AlertRow, endpoint: EndpointId) -> Result<bool> {
    let Some(last) = last_trigger(tx, alert)? else { return Ok(false) };
    let lines = store::list_history(tx.conn, alert.id)?;
    let triggers = lines.iter().filter(|line| line.kind.is_trigger() && line.at == last).count();
    let sent = webhooks::list_deliveries(tx.conn, alert.id)?;
    let told = sent.iter().filter(|delivery| delivery.endpoint_id == endpoint && delivery.queued_at >= last).count();
    Ok(triggers > told)
}

/// Ends the retries, since an officer has answered. What happened after anything that they have received goes on being
/// told: of that they have not heard.
pub(super) fn stop_retries(tx: &mut Tx<'_>, alert: &AlertRow) -> Result<()> {
    let sent = webhooks::list_deliveries(tx.conn, alert.id)?;
    let news = unheard(tx, alert, &sent)?;
    let old = sent.iter().filter(|sent| news.is_none_or(|news| sent.queued_at < news));
    let old: Vec<DeliveryId> = old.map(|sent| sent.id).collect();
    webhooks::stop_retries(tx, &old).map(drop)
}

/// When something happened to the survivor that is later than all that the police have received; none where they have
/// received nothing, since then an officer read it in another way.
fn unheard(tx: &mut Tx<'_>, alert: &AlertRow, sent: &[Delivery]) -> Result<Option<Instant>> {
    let heard = sent.iter().filter(|sent| sent.delivered_at.is_some()).map(|sent| sent.queued_at).max();
    Ok(last_trigger(tx, alert)?.filter(|trigger| heard.is_some_and(|heard| heard < *trigger)))
}

/// Whether an officer has answered all that they were to hear of.
fn is_answered(tx: &mut Tx<'_>, alert: &AlertRow) -> Result<bool> {
    if alert.police_acknowledged_at.is_none() {
        return Ok(false);
    }
    let sent = webhooks::list_deliveries(tx.conn, alert.id)?;
    Ok(unheard(tx, alert, &sent)?.is_none())
}

/// What an endpoint is told: an alert that it has not heard of is raised there, whatever others were told before.
fn phase(alert: &AlertRow, endpoint: EndpointId, sent: &[Delivery]) -> Phase {
    let told = sent.iter().filter(|delivery| delivery.endpoint_id == endpoint).map(|delivery| delivery.level).max();
    match told {
        None => Phase::Raised,
        Some(level) if alert.level > level => Phase::Escalated,
        Some(_) => Phase::Updated,
    }
}

fn send(tx: &mut Tx<'_>, alert: &mut AlertRow, force: OrganisationId, endpoint: &Endpoint) -> Result<()> {
    let sent = match alert.message_sequence {
        0 => Vec::new(),
        _ => webhooks::list_deliveries(tx.conn, alert.id)?,
    };
    let phase = phase(alert, endpoint.id, &sent);
    alert.message_sequence += 1;
    let body = payload::build(tx, alert, phase, sent.first().map(|first| first.message_id.as_str()))?;
    enqueue(tx, alert, endpoint.id, phase, &body)?;
    // Nothing of anybody is told in a drill.
    if !alert.is_exercise {
        disclose(tx, alert, force)?;
    }
    alert.police_told_at.get_or_insert(tx.now);
    Ok(())
}

fn enqueue(tx: &mut Tx<'_>, alert: &AlertRow, endpoint: EndpointId, phase: Phase, body: &str) -> Result<()> {
    let message = Message {
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
        agreement: payload::agreement(alert),
        purpose: DisclosurePurpose::PoliceAlert,
        alert: Some(alert.id),
    };
    consent::disclose(tx, &disclosure).map(drop)
}

/// Tells the police who were told of an alert that it is over.
pub(super) fn tell_closed(tx: &mut Tx<'_>, alert: &mut AlertRow, phase: Phase) -> Result<()> {
    let (Some(_), Some((_, endpoints))) = (alert.police_told_at, route(tx.conn, alert)?) else { return Ok(()) };
    let sent = webhooks::list_deliveries(tx.conn, alert.id)?;
    alert.message_sequence += 1;
    let body = payload::build(tx, alert, phase, sent.first().map(|first| first.message_id.as_str()))?;
    for endpoint in endpoints.iter().filter(|endpoint| sent.iter().any(|sent| sent.endpoint_id == endpoint.id)) {
        enqueue(tx, alert, endpoint.id, phase, &body)?;
    }
    Ok(())
}

/// What may be sent now of a message that was queued: less than then where the survivor shares less, never more; none
/// where the force is kept out meanwhile. The alert setting counts as it stood.
///
/// # Errors
/// When the alert cannot be read.
pub fn revise(tx: &mut Tx<'_>, id: AlertId, body: &str) -> Result<Option<String>> {
    let alert = store::find(tx.conn, id)?.ok_or_else(|| crate::error::Error::internal("a message about no alert"))?;
    let Some(force) = alert.police_organisation_id else { return Ok(None) };
    if access::is_blocked(tx.conn, alert.survivor_id, None, Some(force))? {
        return Ok(None);
    }
    payload::revise(tx, &alert, body).map(Some)
}

/// Reaches the police about an alert another way, since a message to one endpoint reaches nobody: the next endpoint at
/// once, and where there is none a person rings them. The message itself is tried on.
///
/// # Errors
/// When it cannot be kept; while the message is tried on, the next failed attempt does it again.
pub fn fall_back(tx: &mut Tx<'_>, id: AlertId) -> Result<()> {
    let Some(mut alert) = store::find(tx.conn, id)?.filter(|alert| !alert.is_closed()) else { return Ok(()) };
    if is_answered(tx, &alert)? {
        return Ok(());
    }
    let told = steps::tell(tx, &mut alert, Audience::NextPolice)?;
    if told.outcome == QUEUED || !has_fallen_back_to_people(tx, &alert)? {
        let people = if told.outcome == QUEUED { Vec::new() } else { ring(tx, &alert)? };
        raise::write_history(tx, &alert, HistoryKind::FellBack, json!({"outcome": told.outcome}), None)?;
        steps::notify(tx, &alert, people)?;
        tx.note("fall_back", Subject::of("alert", id), told.outcome);
    }
    climb::keep(tx, &mut alert)
}

/// Whether people were asked to ring since something last happened to the survivor: once is enough.
fn has_fallen_back_to_people(tx: &mut Tx<'_>, alert: &AlertRow) -> Result<bool> {
    let mut lines = store::list_history(tx.conn, alert.id)?.into_iter().rev();
    let since = lines.by_ref().take_while(|line| !line.kind.is_trigger());
    let mut fallen = since.filter(|line| line.kind == HistoryKind::FellBack);
    Ok(fallen.any(|line| line.detail.0.get("outcome").is_some_and(|outcome| outcome != QUEUED)))
}

/// Makes the tasks to ring, unless they wait already; answers whom to tell.
fn ring(tx: &mut Tx<'_>, alert: &AlertRow) -> Result<Vec<StaffId>> {
    if alert.level >= 4 {
        steps::task(tx, alert, Role::Advocate, TaskKind::Call999)?;
    }
    steps::task(tx, alert, Role::Advocate, TaskKind::PoliceUnreachable).map(|told| told.staff)
}
