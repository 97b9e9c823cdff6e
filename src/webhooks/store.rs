//! All SQL of webhooks: the queue here, what administrators look at in [`admin`].

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::Bool;

use super::model::{Delivery, DeliveryAttempt, DeliveryState, Endpoint, EndpointKey, EndpointKind};
use crate::audit::records;
use crate::db::schema::{deliveries, delivery_attempts, webhook_endpoints, webhook_keys};
use crate::db::{AlertId, DbConn, DeliveryId, EndpointId, Instant, OrganisationId, cached};
use crate::error::Result;
use crate::tx::Tx;

mod admin;

pub use admin::*;

fn bind(tx: &mut Tx<'_>, row: &Endpoint, version: i32) {
    records::webhook_endpoints(
        tx,
        row.id,
        version,
        [&row.organisation_id.0, &row.kind.as_str(), &row.url, &row.description, &row.disabled_at],
    );
}

pub fn insert_endpoint(tx: &mut Tx<'_>, row: Endpoint) -> Result<()> {
    bind(tx, &row, row.version);
    diesel::insert_into(webhook_endpoints::table).values(row).execute(tx.conn)?;
    Ok(())
}

pub fn insert_key(conn: &mut DbConn, row: EndpointKey) -> Result<()> {
    diesel::insert_into(webhook_keys::table).values(row).execute(conn)?;
    Ok(())
}

/// The endpoints of a force that are in use, in the order in which they are to be tried.
pub fn find_endpoints(conn: &mut DbConn, organisation: OrganisationId) -> Result<Vec<Endpoint>> {
    let live = Endpoint::query()
        .filter(webhook_endpoints::organisation_id.eq(organisation))
        .filter(webhook_endpoints::disabled_at.is_null());
    Ok(live.order((webhook_endpoints::place, webhook_endpoints::id)).load(conn)?)
}

pub fn find_endpoint(conn: &mut DbConn, id: EndpointId) -> Result<Option<Endpoint>> {
    Ok(Endpoint::query().find(id).first(conn).optional()?)
}

/// Keys of an endpoint that sign now: all of them stand in the one header.
pub fn list_keys(conn: &mut DbConn, endpoint: EndpointId, now: Instant) -> Result<Vec<EndpointKey>> {
    let live = EndpointKey::query()
        .filter(webhook_keys::endpoint_id.eq(endpoint))
        .filter(webhook_keys::retires_at.is_null().or(webhook_keys::retires_at.gt(now)));
    Ok(live.order(webhook_keys::id.desc()).load(conn)?)
}

pub fn insert_delivery(conn: &mut DbConn, row: Delivery) -> Result<()> {
    diesel::insert_into(deliveries::table).values(row).execute(conn)?;
    Ok(())
}

/// Endpoints that something is due for.
pub fn list_due_endpoints(conn: &mut DbConn, now: Instant) -> Result<Vec<EndpointId>> {
    let due =
        deliveries::table.filter(deliveries::next_action_at.is_not_null()).filter(deliveries::next_action_at.le(now));
    Ok(due.select(deliveries::endpoint_id).distinct().load(conn)?)
}

/// What is due for one endpoint: the gravest first, then the longest overdue.
pub fn list_due(conn: &mut DbConn, endpoint: EndpointId, now: Instant, limit: usize) -> Result<Vec<Delivery>> {
    let due = Delivery::query()
        .filter(deliveries::endpoint_id.eq(endpoint))
        .filter(deliveries::next_action_at.is_not_null())
        .filter(deliveries::next_action_at.le(now));
    Ok(due
        .order((deliveries::level.desc(), deliveries::next_action_at))
        .limit(i64::try_from(limit).unwrap_or(i64::MAX))
        .load(conn)?)
}

/// Nothing that was queued later for the same alert and force was received by a system of the force. Mail is never received, as far
/// as we know.
const IS_NOT_OVERTAKEN: &str = "NOT EXISTS (SELECT 1 FROM deliveries AS later \
    JOIN webhook_endpoints AS theirs ON theirs.id = later.endpoint_id \
    JOIN webhook_endpoints AS own ON own.id = deliveries.endpoint_id AND own.organisation_id = theirs.organisation_id \
    WHERE later.alert_id = deliveries.alert_id AND later.queued_at >= deliveries.queued_at \
    AND later.delivered_at IS NOT NULL AND theirs.kind = 'webhook')";
/// It is tried no more, its alert is open, and nobody of the force has acknowledged that.
const IS_GIVEN_UP: &str = "deliveries.state = 'given_up' \
    AND EXISTS (SELECT 1 FROM alerts WHERE alerts.id = deliveries.alert_id AND alerts.closed_at IS NULL) \
    AND NOT EXISTS (SELECT 1 FROM alert_forces AS answered \
    JOIN webhook_endpoints AS own ON own.id = deliveries.endpoint_id AND own.organisation_id = answered.organisation_id \
    WHERE answered.alert_id = deliveries.alert_id AND answered.acknowledged_at IS NOT NULL)";

/// By level, when the oldest message was queued of which its force has received nothing; a level may be there twice.
pub fn list_unreceived(conn: &mut DbConn) -> Result<Vec<(i32, Option<Instant>)>> {
    let oldest = || (deliveries::level, diesel::dsl::min(deliveries::queued_at));
    let waiting = deliveries::table
        .filter(deliveries::state.eq(DeliveryState::Queued))
        .filter(deliveries::next_action_at.is_not_null())
        .filter(sql::<Bool>(IS_NOT_OVERTAKEN));
    let mut found: Vec<(i32, Option<Instant>)> = waiting.group_by(deliveries::level).select(oldest()).load(conn)?;
    let given_up = deliveries::table.filter(sql::<Bool>(IS_GIVEN_UP)).filter(sql::<Bool>(IS_NOT_OVERTAKEN));
    let given_up: Vec<(i32, Option<Instant>)> = given_up.group_by(deliveries::level).select(oldest()).load(conn)?;
    found.extend(given_up);
    Ok(found)
}

/// When the oldest message of at least a level was queued of which its force has received nothing.
pub fn oldest_undelivered(conn: &mut DbConn, level: i32) -> Result<Option<Instant>> {
    let found = list_unreceived(conn)?.into_iter().filter(|(of, _)| *of >= level);
    Ok(found.filter_map(|(_, since)| since).min())
}

/// What waits to be sent or tried again, by level: how many messages.
pub fn count_waiting(conn: &mut DbConn) -> Result<Vec<(i32, i64)>> {
    let waiting = deliveries::table
        .filter(deliveries::state.eq(DeliveryState::Queued))
        .filter(deliveries::next_action_at.is_not_null());
    Ok(waiting.group_by(deliveries::level).select((deliveries::level, diesel::dsl::count_star())).load(conn)?)
}

/// Since when the oldest message of at least a level waits for its first attempt.
pub fn oldest_unattempted(conn: &mut DbConn, level: i32) -> Result<Option<Instant>> {
    let waiting =
        deliveries::table.filter(deliveries::next_action_at.is_not_null()).filter(deliveries::level.ge(level));
    let waiting = waiting.filter(deliveries::first_attempt_at.is_null()).select(deliveries::queued_at);
    Ok(waiting.order(deliveries::queued_at).first(conn).optional()?)
}

/// Makes due what waits for longer than any retry may; how many messages that were.
pub fn bring_forward(conn: &mut DbConn, latest: Instant, now: Instant) -> Result<usize> {
    let asleep = deliveries::table
        .filter(deliveries::next_action_at.is_not_null())
        .filter(deliveries::next_action_at.gt(latest));
    Ok(cached(diesel::update(asleep).set(deliveries::next_action_at.eq(Some(now)))).execute(conn)?)
}

/// When the next message is to be looked at.
pub fn next_due(conn: &mut DbConn) -> Result<Option<Instant>> {
    let waiting = deliveries::table.filter(deliveries::next_action_at.is_not_null());
    let first: Option<Option<Instant>> =
        waiting.order(deliveries::next_action_at).select(deliveries::next_action_at).first(conn).optional()?;
    Ok(first.flatten())
}

/// Takes the lease of the next attempt; false when another holder did.
pub fn claim(conn: &mut DbConn, delivery: &Delivery, now: Instant, lease_until: Instant) -> Result<bool> {
    let attempt = delivery.attempt + 1;
    let free = deliveries::table
        .find(delivery.id)
        .filter(deliveries::attempt.eq(delivery.attempt))
        .filter(deliveries::next_action_at.le(now));
    let changed = cached(diesel::update(free).set((
        deliveries::attempt.eq(attempt),
        deliveries::next_action_at.eq(Some(lease_until)),
        deliveries::first_attempt_at.eq(Some(delivery.first_attempt_at.unwrap_or(now))),
    )))
    .execute(conn)?;
    if changed == 0 {
        return Ok(false);
    }
    let row = DeliveryAttempt {
        delivery_id: delivery.id,
        attempt,
        started_at: now,
        ended_at: None,
        outcome: "under_way".to_owned(),
        status: None,
    };
    diesel::insert_into(delivery_attempts::table).values(row).execute(conn)?;
    Ok(true)
}

/// Records what came of an attempt in the attempt's own row; always, no matter who holds the lease now.
pub fn end_attempt(
    conn: &mut DbConn,
    id: DeliveryId,
    attempt: i32,
    now: Instant,
    outcome: &str,
    status: Option<i32>,
) -> Result<()> {
    cached(diesel::update(delivery_attempts::table.find((id, attempt))).set((
        delivery_attempts::ended_at.eq(Some(now)),
        delivery_attempts::outcome.eq(outcome),
        delivery_attempts::status.eq(status),
    )))
    .execute(conn)?;
    Ok(())
}

/// It was taken, by a system of the force or by our mail server. True of whichever attempt it was: a 2xx counts also when
/// the lease had run out meanwhile. The moment is the first one, also of a message that was sent again.
pub fn set_taken(conn: &mut DbConn, id: DeliveryId, kind: EndpointKind, now: Instant) -> Result<()> {
    let first = deliveries::table.find(id).filter(deliveries::delivered_at.is_null());
    cached(diesel::update(first).set(deliveries::delivered_at.eq(Some(now)))).execute(conn)?;
    end(conn, id, if kind == EndpointKind::Email { DeliveryState::SentByMail } else { DeliveryState::Delivered })
}

/// Ends a message's attempts.
pub fn end(conn: &mut DbConn, id: DeliveryId, state: DeliveryState) -> Result<()> {
    let ended = (deliveries::state.eq(state), deliveries::next_action_at.eq(None::<Instant>));
    cached(diesel::update(deliveries::table.find(id)).set(ended)).execute(conn)?;
    Ok(())
}

/// Plans the next attempt, or gives up; only for the holder of the lease (`attempt` is its fencing token).
pub fn set_failed(conn: &mut DbConn, id: DeliveryId, attempt: i32, next: Option<Instant>) -> Result<bool> {
    let held = deliveries::table
        .find(id)
        .filter(deliveries::attempt.eq(attempt))
        .filter(deliveries::state.eq(DeliveryState::Queued));
    let state = if next.is_some() { DeliveryState::Queued } else { DeliveryState::GivenUp };
    Ok(cached(diesel::update(held).set((deliveries::state.eq(state), deliveries::next_action_at.eq(next))))
        .execute(conn)?
        == 1)
}

/// Ends the retries of some messages of an alert, since a person has answered.
pub fn stop(conn: &mut DbConn, messages: &[DeliveryId]) -> Result<usize> {
    let waiting =
        deliveries::table.filter(deliveries::id.eq_any(messages)).filter(deliveries::next_action_at.is_not_null());
    let stopped = (deliveries::state.eq(DeliveryState::Answered), deliveries::next_action_at.eq(None::<Instant>));
    Ok(diesel::update(waiting).set(stopped).execute(conn)?)
}

/// Messages of an alert to one force, in the order in which they were queued.
pub fn list_deliveries_to_force(
    conn: &mut DbConn,
    alert: AlertId,
    force: OrganisationId,
) -> Result<Vec<(Delivery, EndpointKind)>> {
    let joined =
        deliveries::table.inner_join(webhook_endpoints::table.on(webhook_endpoints::id.eq(deliveries::endpoint_id)));
    let own = joined.filter(deliveries::alert_id.eq(alert)).filter(webhook_endpoints::organisation_id.eq(force));
    Ok(own.order(deliveries::id).select((Delivery::as_select(), webhook_endpoints::kind)).load(conn)?)
}

/// Messages of several alerts, with the endpoints that they go to, in the order in which they were queued.
pub fn list_deliveries_of(conn: &mut DbConn, alerts: &[AlertId]) -> Result<Vec<(Delivery, Endpoint)>> {
    let ids: Vec<Option<AlertId>> = alerts.iter().copied().map(Some).collect();
    let joined =
        deliveries::table.inner_join(webhook_endpoints::table.on(webhook_endpoints::id.eq(deliveries::endpoint_id)));
    let all = joined.filter(deliveries::alert_id.eq_any(ids)).order(deliveries::id);
    Ok(all.select((Delivery::as_select(), Endpoint::as_select())).load(conn)?)
}

/// When a police system first received anything of an alert: mail is never received, as far as we know.
pub fn first_delivered_at(conn: &mut DbConn, alert: AlertId) -> Result<Option<Instant>> {
    let joined =
        deliveries::table.inner_join(webhook_endpoints::table.on(webhook_endpoints::id.eq(deliveries::endpoint_id)));
    let called =
        joined.filter(webhook_endpoints::kind.eq(EndpointKind::Webhook)).filter(deliveries::alert_id.eq(alert));
    Ok(called.select(diesel::dsl::min(deliveries::delivered_at)).first(conn)?)
}

/// When anything of an alert was first sent by mail.
pub fn first_mailed_at(conn: &mut DbConn, alert: AlertId) -> Result<Option<Instant>> {
    let joined =
        deliveries::table.inner_join(webhook_endpoints::table.on(webhook_endpoints::id.eq(deliveries::endpoint_id)));
    let mailed = joined.filter(webhook_endpoints::kind.eq(EndpointKind::Email)).filter(deliveries::alert_id.eq(alert));
    Ok(mailed.select(diesel::dsl::min(deliveries::delivered_at)).first(conn)?)
}

/// Whether a message of an alert to an endpoint still waits or is under way.
pub fn is_on_its_way(conn: &mut DbConn, alert: AlertId, endpoint: EndpointId) -> Result<bool> {
    let waiting = deliveries::table
        .filter(deliveries::alert_id.eq(alert))
        .filter(deliveries::endpoint_id.eq(endpoint))
        .filter(deliveries::next_action_at.is_not_null());
    Ok(waiting.count().get_result::<i64>(conn)? > 0)
}

pub fn find_delivery(conn: &mut DbConn, id: DeliveryId) -> Result<Option<Delivery>> {
    Ok(Delivery::query().find(id).first(conn).optional()?)
}

/// Makes everything that was under way due at once: on SQLite, at start, no other holder can be alive.
pub fn clear_leases(conn: &mut DbConn, now: Instant) -> Result<usize> {
    let leased = deliveries::table.filter(deliveries::next_action_at.gt(now)).filter(deliveries::attempt.gt(0)).filter(
        diesel::dsl::exists(
            delivery_attempts::table
                .filter(delivery_attempts::delivery_id.eq(deliveries::id))
                .filter(delivery_attempts::attempt.eq(deliveries::attempt))
                .filter(delivery_attempts::ended_at.is_null()),
        ),
    );
    Ok(cached(diesel::update(leased).set(deliveries::next_action_at.eq(Some(now)))).execute(conn)?)
}
