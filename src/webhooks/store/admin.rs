//! What administrators look at and change: endpoints, their keys, the log of attempts; and the watchdog's rows.

use diesel::prelude::*;

use super::bind;
use crate::db::schema::{deliveries, delivery_attempts, webhook_endpoints, webhook_keys};
use crate::db::{AlertId, DbConn, DeliveryId, EndpointId, Instant, OrganisationId, cached};
use crate::error::Result;
use crate::http::ListRequest;
use crate::http::page::{Cursor, PageDsl as _};
use crate::tx::Tx;
use crate::webhooks::model::{DeliveriesQuery, Delivery, DeliveryAttempt, DeliveryState, Endpoint, EndpointKind};

/// The type of the messages that only tell that we are there.
pub const WATCHDOG: &str = "watchdog";

/// Endpoints, newest first; of one force, or of all.
pub fn list_endpoints(
    conn: &mut DbConn,
    organisation: Option<OrganisationId>,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<Endpoint>> {
    let mut rows = Endpoint::query().into_boxed();
    if let Some(organisation) = organisation {
        rows = rows.filter(webhook_endpoints::organisation_id.eq(organisation));
    }
    Ok(rows.page(webhook_endpoints::id, EndpointId, after, limit).load(conn)?)
}

/// The place after all endpoints of a force.
pub fn last_place(conn: &mut DbConn, organisation: OrganisationId) -> Result<i32> {
    let own = webhook_endpoints::table.filter(webhook_endpoints::organisation_id.eq(organisation));
    let last: Option<i32> = own.select(diesel::dsl::max(webhook_endpoints::place)).first(conn)?;
    Ok(last.map_or(0, |place| place.saturating_add(1)))
}

/// Replaces what an administrator can change, unless it changed since it was read.
pub fn update_endpoint(tx: &mut Tx<'_>, row: &Endpoint) -> Result<bool> {
    let same = webhook_endpoints::table.find(row.id).filter(webhook_endpoints::version.eq(row.version));
    let changed = diesel::update(same).set((
        webhook_endpoints::url.eq(&row.url),
        webhook_endpoints::description.eq(&row.description),
        webhook_endpoints::place.eq(row.place),
        webhook_endpoints::disabled_at.eq(row.disabled_at),
        webhook_endpoints::version.eq(row.version + 1),
    ));
    let is_kept = changed.execute(tx.conn)? == 1;
    if is_kept {
        bind(tx, row, row.version + 1);
    }
    Ok(is_kept)
}

/// Forgets how an endpoint was doing, since that says nothing of a new address.
pub fn forget_health(conn: &mut DbConn, id: EndpointId) -> Result<()> {
    let unknown = (
        webhook_endpoints::failing_since.eq(None::<Instant>),
        webhook_endpoints::last_outcome.eq(None::<String>),
        webhook_endpoints::last_status.eq(None::<i32>),
        webhook_endpoints::proven_at.eq(None::<Instant>),
    );
    diesel::update(webhook_endpoints::table.find(id)).set(unknown).execute(conn)?;
    Ok(())
}

/// Keeps how an endpoint is doing; not a change that anybody made.
pub fn set_health(
    conn: &mut DbConn,
    id: EndpointId,
    failing_since: Option<Instant>,
    (outcome, status): (&str, Option<i32>),
) -> Result<()> {
    diesel::update(webhook_endpoints::table.find(id))
        .set((
            webhook_endpoints::failing_since.eq(failing_since),
            webhook_endpoints::last_outcome.eq(Some(outcome)),
            webhook_endpoints::last_status.eq(status),
        ))
        .execute(conn)?;
    Ok(())
}

/// Notes that somebody of a force acknowledged an alert: the endpoints that it reached the force by are proven.
pub fn set_proven(conn: &mut DbConn, alert: AlertId, force: OrganisationId, now: Instant) -> Result<()> {
    let taken = deliveries::table.filter(deliveries::alert_id.eq(alert)).filter(deliveries::delivered_at.is_not_null());
    let used = webhook_endpoints::table
        .filter(webhook_endpoints::organisation_id.eq(force))
        .filter(webhook_endpoints::id.eq_any(taken.select(deliveries::endpoint_id)));
    cached(diesel::update(used).set(webhook_endpoints::proven_at.eq(Some(now)))).execute(conn)?;
    Ok(())
}

/// How many endpoints in use nobody has proven since a moment.
pub fn count_unproven(conn: &mut DbConn, since: Instant) -> Result<i64> {
    let in_use = webhook_endpoints::table.filter(webhook_endpoints::disabled_at.is_null());
    let is_unproven = webhook_endpoints::proven_at.is_null().or(webhook_endpoints::proven_at.lt(since));
    Ok(in_use.filter(is_unproven).count().get_result(conn)?)
}

/// Ends the keys of an endpoint that have no end yet.
pub fn retire_keys(conn: &mut DbConn, endpoint: EndpointId, at: Instant) -> Result<()> {
    let live =
        webhook_keys::table.filter(webhook_keys::endpoint_id.eq(endpoint)).filter(webhook_keys::retires_at.is_null());
    diesel::update(live).set(webhook_keys::retires_at.eq(Some(at))).execute(conn)?;
    Ok(())
}

/// Messages to an endpoint, newest first, as the filters ask.
pub fn list_deliveries_to(
    conn: &mut DbConn,
    endpoint: EndpointId,
    asked: &ListRequest<DeliveriesQuery>,
) -> Result<Vec<Delivery>> {
    let query = &asked.query;
    let mut rows = Delivery::query().filter(deliveries::endpoint_id.eq(endpoint)).into_boxed();
    if let Some(state) = query.state {
        rows = rows.filter(deliveries::state.eq(state));
    }
    if let Some(message_type) = &query.message_type {
        rows = rows.filter(deliveries::message_type.eq(message_type));
    }
    if let Some(since) = query.since {
        rows = rows.filter(deliveries::queued_at.ge(since));
    }
    if let Some(until) = query.until {
        rows = rows.filter(deliveries::queued_at.lt(until));
    }
    Ok(rows.page(deliveries::id, DeliveryId, asked.after, asked.limit).load(conn)?)
}

/// Attempts of a message, newest first. A cursor's id holds the number of the attempt.
pub fn list_attempts(
    conn: &mut DbConn,
    delivery: DeliveryId,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<DeliveryAttempt>> {
    let mut rows = DeliveryAttempt::query().filter(delivery_attempts::delivery_id.eq(delivery)).into_boxed();
    if let Some((_, id)) = after {
        rows = rows.filter(delivery_attempts::attempt.lt(i32::try_from(id.as_u128()).unwrap_or(i32::MAX)));
    }
    Ok(rows.order(delivery_attempts::attempt.desc()).limit(limit + 1).load(conn)?)
}

/// Makes a message due again that waits for nothing; false when it waits or is under way already.
pub fn requeue(conn: &mut DbConn, id: DeliveryId, now: Instant, deadline: Instant) -> Result<bool> {
    let ended = deliveries::table.find(id).filter(deliveries::next_action_at.is_null());
    let changed = diesel::update(ended).set((
        deliveries::state.eq(DeliveryState::Queued),
        deliveries::next_action_at.eq(Some(now)),
        deliveries::deadline.eq(deadline),
    ));
    Ok(changed.execute(conn)? == 1)
}

/// Endpoints that take watchdog messages: those that are in use, and are called. Nobody wants a mail every minute.
pub fn list_watched(conn: &mut DbConn) -> Result<Vec<EndpointId>> {
    let live = webhook_endpoints::table
        .filter(webhook_endpoints::disabled_at.is_null())
        .filter(webhook_endpoints::kind.eq(EndpointKind::Webhook));
    Ok(live.select(webhook_endpoints::id).order(webhook_endpoints::id).load(conn)?)
}

/// Removes the watchdog messages before the next: the newest says all, and they must not pile up.
pub fn delete_watchdogs(conn: &mut DbConn) -> Result<()> {
    let old = deliveries::table.filter(deliveries::alert_id.is_null()).filter(deliveries::message_type.eq(WATCHDOG));
    let ids: Vec<DeliveryId> = old.select(deliveries::id).load(conn)?;
    diesel::delete(delivery_attempts::table.filter(delivery_attempts::delivery_id.eq_any(&ids))).execute(conn)?;
    diesel::delete(deliveries::table.filter(deliveries::id.eq_any(&ids))).execute(conn)?;
    Ok(())
}
