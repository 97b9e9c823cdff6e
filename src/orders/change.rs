//! What becomes of an order: service, notification, discharge, and another order in its place.

use garde::Validate;
use serde::Deserialize;
use utoipa::ToSchema;

use super::model::{OrderRow, OrderWithConditions};
use super::rules::{self, OrderEnd, OrderEvent, OrderGuard, OrderState, TABLE};
use super::{duties, may_record, store};
use crate::access::ParticipantAccess;
use crate::db::{Day, OrderId, SubjectId, not_to_come};
use crate::error::{Error, Result};
use crate::events::Event;
use crate::identity::Staff;
use crate::participants::history::{self, TransitionCause};
use crate::transitions::{self, ActionsView};
use crate::tx::Tx;

/// The service of an order.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ServeOrderBody {
    /// The day it was served; not before it was made.
    #[garde(skip)]
    pub(super) served_on: Day,
}

/// The participant's notification to the police.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NotifyOrderBody {
    /// The day it was made; not before service.
    #[garde(skip)]
    notified_on: Day,
}

/// The discharge of an order.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DischargeOrderBody {
    /// Its last day; not before it was made.
    #[garde(skip)]
    pub(super) discharged_on: Day,
}

/// An order with its conditions, for anyone who may record one of this participant.
///
/// # Errors
/// 404 for everybody else.
pub fn order_for(tx: &mut Tx<'_>, by: &Staff, id: OrderId) -> Result<(ParticipantAccess, OrderWithConditions)> {
    let found = store::find_order(tx.conn, id)?.ok_or(Error::NotFound)?;
    let access = may_record(tx, by, found.order.participant_id)?;
    Ok((access, found))
}

/// The state of an order, apart from its dates.
pub fn state_of(row: &OrderRow) -> OrderState {
    match (row.ended_by, row.notified_on, row.served_on) {
        (Some(OrderEnd::Discharged), _, _) => OrderState::Discharged,
        (Some(OrderEnd::Superseded), _, _) => OrderState::Superseded,
        (None, Some(_), _) => OrderState::Notified,
        (None, None, Some(_)) => OrderState::Served,
        (None, None, None) => OrderState::Made,
    }
}

/// What the caller may do with an order now.
///
/// # Errors
/// 404 for an order that is not the caller's.
pub fn actions(tx: &mut Tx<'_>, by: &Staff, id: OrderId) -> Result<ActionsView> {
    Ok(actions_of(by, &order_for(tx, by, id)?.1.order))
}

/// The same of an order that they have read.
#[must_use]
pub fn actions_of(by: &Staff, order: &OrderRow) -> ActionsView {
    transitions::actions(TABLE, state_of(order), &transitions::movers(by), &OrderGuard::default())
}

/// Makes one transition and keeps it.
fn step(
    tx: &mut Tx<'_>,
    by: &Staff,
    access: &ParticipantAccess,
    (old, event, guard): (&OrderRow, OrderEvent, OrderGuard),
    change: impl FnOnce(&mut OrderRow),
) -> Result<OrderRow> {
    let from = state_of(old);
    let to = transitions::transition(TABLE, from, event, &transitions::movers(by), &guard)?;
    let mut row = OrderRow { version: old.version + 1, ..old.clone() };
    change(&mut row);
    let step = TransitionCause {
        kind: "order",
        subject: SubjectId(row.id.0),
        event: event.as_str(),
        from: from.as_str(),
        to: to.as_str(),
        reason: None,
        note: None,
    };
    history::write(tx, by, access, &step)?;
    if store::update_order(tx, old.version, &row)? { Ok(row) } else { Err(Error::write_conflict()) }
}

/// Refuses a day before another.
///
/// # Errors
/// 422 with the field.
pub(super) fn not_before(pointer: &str, day: Day, first: Day) -> Result<()> {
    let early = || Error::field(pointer, "too_early", format!("must not be before {first}"));
    if day < first { Err(early()) } else { Ok(()) }
}

/// Records the service of an order, from which the time to notify the police runs.
///
/// # Errors
/// 409 for an order that was served or has ended, 422 for a day before it was made.
pub fn serve(tx: &mut Tx<'_>, by: &Staff, id: OrderId, body: &ServeOrderBody) -> Result<OrderWithConditions> {
    let (access, found) = order_for(tx, by, id)?;
    let change = (&found.order, OrderEvent::Serve, OrderGuard::default());
    let order = step(tx, by, &access, change, |row| row.served_on = Some(body.served_on))?;
    rules::check_dates(order.kind, order.made_on, (order.served_on, order.expires_on), rules::today(tx.now))?;
    let replaced = match order.replaces_order_id {
        Some(old) => store::find_order(tx.conn, old)?.map(|found| found.order),
        None => None,
    };
    duties::watch_notification(tx, &order, replaced)?;
    Ok(OrderWithConditions { order, ..found })
}

/// Records that the participant notified the police.
///
/// # Errors
/// 409 for an order that was not served, was notified or has ended, 422 for a day before service.
pub fn notify(tx: &mut Tx<'_>, by: &Staff, id: OrderId, body: &NotifyOrderBody) -> Result<OrderWithConditions> {
    let (access, found) = order_for(tx, by, id)?;
    let change = (&found.order, OrderEvent::Notify, OrderGuard::default());
    let order = step(tx, by, &access, change, |row| row.notified_on = Some(body.notified_on))?;
    not_before("/notified_on", body.notified_on, order.served_on.unwrap_or(order.made_on))?;
    not_to_come("/notified_on", body.notified_on, tx.now)?;
    duties::notified(tx, id, body.notified_on, by.id)?;
    Ok(OrderWithConditions { order, ..found })
}

/// Records that a court discharged an order: its conditions bind to that day and no longer.
///
/// # Errors
/// 409 for an order that has ended, 422 for a day before it was made.
pub fn discharge(tx: &mut Tx<'_>, by: &Staff, id: OrderId, body: &DischargeOrderBody) -> Result<OrderWithConditions> {
    let (access, found) = order_for(tx, by, id)?;
    let change = (&found.order, OrderEvent::Discharge, OrderGuard::default());
    let order = step(tx, by, &access, change, |row| {
        (row.ended_on, row.ended_by) = (Some(body.discharged_on), Some(OrderEnd::Discharged));
    })?;
    not_before("/discharged_on", body.discharged_on, order.made_on)?;
    if order.expires_on.is_some_and(|last| body.discharged_on > last) {
        return Err(Error::field("/discharged_on", "too_late", "must not be after the order's last day"));
    }
    duties::cancel(tx, id, by.id)?;
    tx.emit(Event::ParticipantChanged { participant: order.participant_id, what: "order_discharged" });
    Ok(OrderWithConditions { order, ..found })
}

/// The order that a new one takes the place of.
///
/// # Errors
/// 422 for one that is none of the participant's, or has ended.
pub fn find_replaced(tx: &mut Tx<'_>, access: &ParticipantAccess, id: OrderId) -> Result<OrderRow> {
    let found = store::find_order(tx.conn, id)?.map(|found| found.order);
    let standing = found.filter(|old| old.participant_id == access.id() && old.ended_by.is_none());
    standing.ok_or_else(|| Error::field("/replaces_order_id", "unknown", "must be an order of theirs that stands"))
}

/// Ends an order whose place another takes.
pub fn supersede(tx: &mut Tx<'_>, by: &Staff, access: &ParticipantAccess, old: &OrderRow, on: Day) -> Result<()> {
    let change = (old, OrderEvent::Supersede, OrderGuard { has_successor: true });
    let last = on.max(old.made_on);
    step(tx, by, access, change, |row| {
        (row.ended_on, row.ended_by) = (Some(last), Some(OrderEnd::Superseded));
    })?;
    duties::cancel(tx, old.id, by.id)
}
