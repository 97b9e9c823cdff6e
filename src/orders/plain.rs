//! What other features may know of an order: plain words for the survivor, what binds on a day, the police's references.

use serde::Serialize;
use utoipa::ToSchema;

use super::model::OrderWithConditions;
use super::own_side::{self, SurvivorOrder};
use super::{ConditionView, OrderEnd, conditions_of, rules, store};
use crate::access::LinkedOrders;
use crate::crypto::{Keys, Private, PrivateText, Sealed, open};
use crate::db::{ConditionId, Day, DbConn, Instant, OrderId};
use crate::directory::OrderKind;
use crate::error::Result;
use crate::http::page::readable;

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
    pub fn of(keys: &Keys, found: &ProtectingOrder, now: Instant) -> Result<Self> {
        let today = rules::today(now).0;
        Ok(match found {
            ProtectingOrder::Registered(found) => Self {
                kind: found.order.kind,
                made_on: found.order.made_on,
                expires_on: found.order.expires_on,
                ended_on: found.order.ended_on,
                ended_by: found.order.ended_by,
                is_in_force: found.order.is_live_on(today),
                conditions: conditions_of(keys, found)?,
            },
            ProtectingOrder::Kept(found) => Self {
                kind: found.order.kind,
                made_on: found.order.made_on,
                expires_on: found.order.expires_on,
                ended_on: found.order.ended_on,
                ended_by: found.order.ended_on.map(|_| OrderEnd::Discharged),
                is_in_force: found.order.is_live_on(today),
                conditions: own_side::conditions_of(keys, found)?,
            },
        })
    }
}

/// An order that protects a survivor: from the register of the force and the programme, or kept by the survivor's own side.
#[derive(Clone, Debug)]
pub enum ProtectingOrder {
    /// Of a participant who is linked to the survivor.
    Registered(OrderWithConditions),
    /// Kept by the survivor's own side.
    Kept(SurvivorOrder),
}

impl ProtectingOrder {
    /// Its id.
    #[must_use]
    pub fn id(&self) -> OrderId {
        match self {
            Self::Registered(found) => found.order.id,
            Self::Kept(found) => found.order.id,
        }
    }

    fn kind(&self) -> OrderKind {
        match self {
            Self::Registered(found) => found.order.kind,
            Self::Kept(found) => found.order.kind,
        }
    }

    fn created_at(&self) -> Instant {
        match self {
            Self::Registered(found) => found.order.created_at,
            Self::Kept(found) => found.order.created_at,
        }
    }

    fn has_police_reference(&self) -> bool {
        match self {
            Self::Registered(found) => found.order.police_reference.is_some(),
            Self::Kept(found) => found.order.police_reference.is_some(),
        }
    }

    fn police_reference(&self, keys: &Keys) -> Result<Option<Private>> {
        match self {
            Self::Registered(OrderWithConditions { order, .. }) => open!(keys, order.police_reference),
            Self::Kept(SurvivorOrder { order, .. }) => open!(keys, order.police_reference),
        }
    }
}

/// The orders that protect a survivor, the latest recorded first, expired ones too.
pub fn list_protecting_orders(conn: &mut DbConn, linked: &LinkedOrders) -> Result<Vec<ProtectingOrder>> {
    let registered = store::list_orders_of(conn, linked.participants())?;
    let kept = own_side::list(conn, linked.record())?;
    let both = registered.into_iter().map(ProtectingOrder::Registered);
    let mut orders: Vec<_> = both.chain(kept.into_iter().map(ProtectingOrder::Kept)).collect();
    orders.sort_by_key(|found| std::cmp::Reverse((found.created_at(), found.id())));
    Ok(orders)
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
    /// The police's own reference of the order.
    pub police_reference: Option<Sealed>,
}

/// A condition, where it is of an order that protects this survivor and that is in force on that day.
pub fn find_live_condition(
    conn: &mut DbConn,
    linked: &LinkedOrders,
    condition: ConditionId,
    on: jiff::civil::Date,
) -> Result<Option<LiveCondition>> {
    let Some((condition, order)) = store::find_condition(conn, linked.participants(), condition)? else {
        return own_side::find_live_condition(conn, linked.record(), condition, on);
    };
    Ok(order.is_live_on(on).then(|| LiveCondition {
        condition_id: condition.id,
        code: condition.code,
        order_id: order.id,
        order_kind: order.kind.to_string(),
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

/// Whether the police have a reference of any of these orders, whatever it is.
pub fn has_police_reference(conn: &mut DbConn, linked: &LinkedOrders) -> Result<bool> {
    Ok(list_protecting_orders(conn, linked)?.iter().any(ProtectingOrder::has_police_reference))
}

/// The police's references of these orders, the latest recorded first, expired ones too: they lead the force to its own file.
/// One that does not open is left out: the police hear of an alert without it.
pub fn police_references(conn: &mut DbConn, keys: &Keys, linked: &LinkedOrders) -> Result<Vec<PoliceReference>> {
    let orders = list_protecting_orders(conn, linked)?;
    let opened = orders.iter().map(|found| {
        let held =
            |reference: Private| PoliceReference { kind: found.kind().to_string(), reference: reference.shown() };
        (found.id().0, found.police_reference(keys).map(|reference| reference.map(held)))
    });
    let (references, _) = readable(opened)?;
    Ok(references.into_iter().flatten().collect())
}
