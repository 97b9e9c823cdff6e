//! What other features may know of an order: plain words for the survivor, what binds on a day, the police's references.

use serde::Serialize;
use utoipa::ToSchema;

use super::{ConditionView, OrderEnd, conditions_of, rules};
use crate::access::LinkedOrders;
use crate::crypto::{Keys, Private, PrivateText, Sealed, open};
use crate::db::{ConditionId, DbConn, Instant, OrderId, ParticipantId};
use crate::directory::OrderKind;
use crate::error::Result;
use crate::http::page::readable;
use crate::programme::day::Day;
use crate::programme::model::OrderWithConditions;
use crate::programme::store;

/// An order as the survivor may see it: what it forbids and demands. No court, no reference, nothing of who it binds.
#[serde_with::skip_serializing_none]
#[derive(Serialize, ToSchema)]
pub struct PlainOrder {
    /// Which kind.
    pub kind: OrderKind,
    /// The day it was made.
    pub made_on: Day,
    /// Its last day; without one, until further order.
    pub expires_on: Option<Day>,
    /// The day on which a court ended it before that, or another order took its place.
    pub ended_on: Option<Day>,
    /// How it ended before its last day.
    pub ended_by: Option<OrderEnd>,
    /// Whether it binds today.
    pub is_in_force: bool,
    /// What it forbids and demands; an incident may name one that it may breach.
    pub conditions: Vec<ConditionView>,
}

impl PlainOrder {
    /// The view of an order.
    pub fn of(keys: &Keys, found: &OrderWithConditions, now: Instant) -> Result<Self> {
        Ok(Self {
            kind: found.order.kind,
            made_on: found.order.made_on,
            expires_on: found.order.expires_on,
            ended_on: found.order.ended_on,
            ended_by: found.order.ended_by,
            is_in_force: found.order.is_live_on(rules::today(now).0),
            conditions: conditions_of(keys, found)?,
        })
    }
}

/// The orders that protect a survivor, the latest recorded first, expired ones too.
pub fn list_protecting_orders(conn: &mut DbConn, linked: &LinkedOrders) -> Result<Vec<OrderWithConditions>> {
    store::list_orders_of(conn, linked.participants())
}

/// A condition that binds on the day asked for. Holds codes and ids, and the police's reference still sealed.
#[derive(Clone, Debug)]
pub struct LiveCondition {
    /// The condition.
    pub condition_id: ConditionId,
    /// What it is about, as a code.
    pub code: String,
    /// Its order.
    pub order_id: OrderId,
    /// Which kind of order, as a code.
    pub order_kind: String,
    /// Whom it binds.
    pub participant_id: ParticipantId,
    /// The police's own reference of the order.
    pub police_reference: Option<Sealed>,
}

/// A condition, where it binds one of these participants and its order stands on that day.
pub fn find_live_condition(
    conn: &mut DbConn,
    linked: &LinkedOrders,
    condition: ConditionId,
    on: jiff::civil::Date,
) -> Result<Option<LiveCondition>> {
    let found = store::find_condition(conn, linked.participants(), condition)?;
    Ok(found.filter(|(_, order)| order.is_live_on(on)).map(|(condition, order)| LiveCondition {
        condition_id: condition.id,
        code: condition.code,
        order_id: order.id,
        order_kind: order.kind.to_string(),
        participant_id: order.participant_id,
        police_reference: order.police_reference,
    }))
}

/// The police's own reference of an order.
#[derive(Clone, PartialEq, Eq)]
pub struct PoliceReference {
    /// Which kind of order, as a code.
    pub kind: String,
    /// The reference.
    pub reference: String,
}

/// Whether the police have a reference of any of these participants' orders, whatever it is.
pub fn has_police_reference(conn: &mut DbConn, linked: &LinkedOrders) -> Result<bool> {
    let orders = store::list_orders_of(conn, linked.participants())?;
    Ok(orders.iter().any(|OrderWithConditions { order, .. }| order.police_reference.is_some()))
}

/// The police's references of these participants' orders, the latest recorded first, expired ones too: they lead the
/// force to its own file. One that does not open is left out: the police hear of an alert without it.
pub fn police_references(conn: &mut DbConn, keys: &Keys, linked: &LinkedOrders) -> Result<Vec<PoliceReference>> {
    let orders = store::list_orders_of(conn, linked.participants())?;
    let opened = orders.iter().map(|OrderWithConditions { order, .. }| {
        let reference = open!(keys, order.police_reference);
        let held = |reference: Private| PoliceReference { kind: order.kind.to_string(), reference: reference.shown() };
        (order.id.0, reference.map(|reference| reference.map(held)))
    });
    let (references, _) = readable(opened)?;
    Ok(references.into_iter().flatten().collect())
}
