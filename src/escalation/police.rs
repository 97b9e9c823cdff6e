//! The step that reaches the police: may we, whom, and what they are sent.
//!
//! Never a silent send, never a silent drop: without the survivor's setting it becomes a task for the support
//! organisation's supervisor; with it, and nobody to send to, a task to ring.

use super::model::{AlertRow, TaskKind};
use super::steps::{self, Told};
use super::{payload, store};
use crate::access;
use crate::consent::{self, Disclosure, LawfulBasis};
use crate::db::{DbConn, OrganisationId};
use crate::error::Result;
use crate::identity::Role;
use crate::tx::Tx;
use crate::webhooks::{self, Endpoint, Message};

/// Which of a force's endpoints.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Which {
    /// The first.
    First,
    /// The one after those that have been used for this alert.
    Next,
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
    if alert.police_acknowledged_at.is_some() {
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
    if webhooks::is_on_its_way(tx.conn, alert.id, endpoint.id)? && alert.message_sequence > 0 && !is_news(tx, alert)? {
        return Ok(Told::by("already_on_its_way", true));
    }
    send(tx, alert, force, endpoint)?;
    Ok(Told::by("queued", true))
}

fn next_unused<'e>(tx: &mut Tx<'_>, alert: &AlertRow, endpoints: &'e [Endpoint]) -> Result<Option<&'e Endpoint>> {
    let used: Vec<_> = webhooks::list_deliveries(tx.conn, alert.id)?.into_iter().map(|sent| sent.endpoint_id).collect();
    Ok(endpoints.iter().find(|endpoint| !used.contains(&endpoint.id)))
}

/// Whether this round has anything to say that no message has said: a round begins with a new trigger.
fn is_news(tx: &mut Tx<'_>, alert: &AlertRow) -> Result<bool> {
    let sent = webhooks::list_deliveries(tx.conn, alert.id)?;
    let since = store::list_history(tx.conn, alert.id)?.into_iter().rev().find(|line| line.kind.is_trigger());
    let newest = sent.iter().map(|delivery| delivery.queued_at).max();
    Ok(since.is_some_and(|trigger| newest.is_none_or(|newest| trigger.at >= newest)))
}

fn send(tx: &mut Tx<'_>, alert: &mut AlertRow, force: OrganisationId, endpoint: &Endpoint) -> Result<()> {
    alert.message_sequence += 1;
    let message_type = match alert.message_sequence {
        1 => "safety.alert.raised",
        _ if alert.police_told_at.is_some() => "safety.alert.updated",
        _ => "safety.alert.raised",
    };
    let body = payload::build(tx, alert, message_type)?;
    let (survivor, level) = (alert.survivor_id, alert.level);
    webhooks::enqueue(
        tx,
        &Message { endpoint: endpoint.id, survivor, alert: alert.id, level, message_type, body: &body },
    )?;
    disclose(tx, alert, force)?;
    alert.police_told_at.get_or_insert(tx.now);
    Ok(())
}

fn disclose(tx: &mut Tx<'_>, alert: &AlertRow, force: OrganisationId) -> Result<()> {
    let disclosure = Disclosure {
        survivor: alert.survivor_id,
        recipient: force,
        officer: None,
        what: &["alert"],
        reason: None,
        agreement: payload::agreement(alert),
        lawful_basis: LawfulBasis::Safeguarding,
        alert: Some(alert.id),
    };
    consent::disclose(tx, &disclosure).map(drop)
}

/// Tells the police who were told of an alert that it is over.
pub(super) fn tell_closed(tx: &mut Tx<'_>, alert: &mut AlertRow, message_type: &'static str) -> Result<()> {
    let (Some(_), Some((_, endpoints))) = (alert.police_told_at, route(tx.conn, alert)?) else { return Ok(()) };
    let used: Vec<_> = webhooks::list_deliveries(tx.conn, alert.id)?.into_iter().map(|sent| sent.endpoint_id).collect();
    alert.message_sequence += 1;
    let body = payload::build(tx, alert, message_type)?;
    let (survivor, level) = (alert.survivor_id, alert.level);
    for endpoint in endpoints.iter().filter(|endpoint| used.contains(&endpoint.id)) {
        let message = Message { endpoint: endpoint.id, survivor, alert: alert.id, level, message_type, body: &body };
        webhooks::enqueue(tx, &message)?;
    }
    Ok(())
}
