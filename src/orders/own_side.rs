//! Orders that a survivor's own side keeps. A court protects a survivor whether or not a programme works with the person whom
//! its order binds.
//!
//! Staff of the survivor's side alone write and read these; the programme never does. What follows from any order follows from
//! these: an incident may name a condition as breached, the survivor sees them, a message to police holds their reference, a
//! bundle holds their words, and staff are notified when their end is near. An order that was recorded wrongly is taken off,
//! and recorded again.

pub mod routes;
mod rows;

use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::change::{self, DischargeOrderBody, ServeOrderBody};
use super::rules::{self, DutyKind};
use super::{ConditionView, CreateConditionBody, LiveCondition, MadeConditionView, MadeOrderView};
use crate::access::{self, SurvivorAccess};
use crate::app::App;
use crate::crypto::{Keys, Private, PrivateText, SealedTable, open, seal};
use crate::db::{ConditionId, Day, DbConn, Instant, OrderId, StaffId, SurvivorId, not_to_come};
use crate::directory::OrderKind;
use crate::error::{Error, Result};
use crate::events::Event;
use crate::http::limits;
use crate::identity::Staff;
use crate::tx::{Subject, Tx};

use rows::{SurvivorConditionRow, SurvivorOrderRow};
pub use rows::{SurvivorOrder, list, next_due};

/// What is said of an order that a court discharged.
const DISCHARGED: &str = "discharged";
/// What is said of one that was taken off.
const REMOVED: &str = "removed";

/// A new order that protects a survivor.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateSurvivorOrderBody {
    /// Which kind: `/public/v1/order-kinds` lists them with their words.
    #[garde(skip)]
    kind: OrderKind,
    /// The court that made it.
    #[garde(inner(custom(limits::line)))]
    #[schema(value_type = Option<String>, format = "line", example = "Sheffield Magistrates' Court")]
    #[serde(default)]
    court: Option<Private>,
    /// The day it was made; not in the future.
    #[garde(skip)]
    made_on: Day,
    /// The day it was served; not before it was made, after its last day or in the future.
    #[garde(skip)]
    #[serde(default)]
    served_on: Option<Day>,
    /// Its last day, not before it was made; without one, until further order.
    #[garde(skip)]
    #[serde(default)]
    expires_on: Option<Day>,
    /// The police's own reference.
    #[garde(inner(custom(limits::line)))]
    #[schema(value_type = Option<String>, format = "line", example = "14/1234/26")]
    #[serde(default)]
    police_reference: Option<Private>,
    /// What it forbids and demands; may be left out where the order protects by itself, such as custody.
    #[garde(length(max = 40), dive)]
    #[schema(max_items = 40)]
    #[serde(default)]
    conditions: Vec<CreateConditionBody>,
}

/// An order that protects a survivor, for the survivor's side.
#[serde_with::skip_serializing_none]
#[derive(Serialize, ToSchema)]
pub struct SurvivorOrderView {
    /// Id.
    pub id: OrderId,
    /// Which kind.
    pub kind: OrderKind,
    /// The court that made it.
    pub court: Option<String>,
    /// The day it was made.
    pub made_on: Day,
    /// The day it was served.
    pub served_on: Option<Day>,
    /// Its last day; without one, until further order.
    pub expires_on: Option<Day>,
    /// The day to which a court discharged it.
    pub discharged_on: Option<Day>,
    /// The police's own reference.
    pub police_reference: Option<String>,
    /// What it forbids and demands.
    pub conditions: Vec<ConditionView>,
    /// Who recorded it.
    pub recorded_by: StaffId,
    /// When.
    pub created_at: Instant,
}

impl SurvivorOrderView {
    /// The view of an order.
    pub fn of(keys: &Keys, found: &SurvivorOrder) -> Result<Self> {
        let order = &found.order;
        Ok(Self {
            id: order.id,
            kind: order.kind,
            court: open!(keys, order.court)?.shown(),
            made_on: order.made_on,
            served_on: order.served_on,
            expires_on: order.expires_on,
            discharged_on: order.ended_on,
            police_reference: open!(keys, order.police_reference)?.shown(),
            conditions: conditions_of(keys, found)?,
            recorded_by: order.recorded_by,
            created_at: order.created_at,
        })
    }
}

/// What such an order forbids and demands.
pub fn conditions_of(keys: &Keys, found: &SurvivorOrder) -> Result<Vec<ConditionView>> {
    let view = |row: &SurvivorConditionRow| {
        let wording = open!(keys, row.wording)?.shown();
        let area = open!(keys, row.area)?.shown();
        let (kind, code, distance_metres) = (row.kind, row.code.clone(), row.distance_metres);
        Ok(ConditionView { id: row.id, kind, code, wording, area, distance_metres })
    };
    found.conditions.iter().map(view).collect()
}

/// Records an order that protects a survivor.
///
/// # Errors
/// 404 for a survivor whom the caller does not work with, 422 for dates that contradict each other or the law.
pub fn record(
    tx: &mut Tx<'_>,
    staff: &Staff,
    survivor: SurvivorId,
    body: &CreateSurvivorOrderBody,
) -> Result<MadeOrderView> {
    let access = access::survivor(tx, staff, survivor)?;
    if body.conditions.is_empty() && !body.kind.may_lack_conditions() {
        return Err(Error::field("/conditions", "too_short", "this kind of order forbids or demands something"));
    }
    rules::check_dates(body.kind, body.made_on, (body.served_on, body.expires_on), rules::today(tx.now))?;
    let (keys, id) = (tx.keys, OrderId::new(tx.now));
    let new = SurvivorOrderRow::sealing(keys, access.id(), id);
    let next_action_at = first_due(body.expires_on, tx.now)?;
    let row = SurvivorOrderRow {
        id,
        survivor_id: access.id(),
        kind: body.kind,
        court: seal!(new.court, &body.court)?,
        police_reference: seal!(new.police_reference, &body.police_reference)?,
        made_on: body.made_on,
        served_on: body.served_on,
        expires_on: body.expires_on,
        ended_on: None,
        recorded_by: staff.id,
        created_at: tx.now,
        next_action_at,
        removed_at: None,
        version: 1,
    };
    rows::insert(tx, row)?;
    let conditions = record_conditions(tx, &access, id, &body.conditions)?;
    tx.notify_worker();
    Ok(MadeOrderView { id, conditions })
}

fn record_conditions(
    tx: &mut Tx<'_>,
    access: &SurvivorAccess,
    order: OrderId,
    given: &[CreateConditionBody],
) -> Result<Vec<MadeConditionView>> {
    let keys = tx.keys;
    let mut made = Vec::with_capacity(given.len());
    for (position, condition) in (0..).zip(given) {
        let id = ConditionId::new(tx.now);
        let new = SurvivorConditionRow::sealing(keys, access.id(), id);
        let row = SurvivorConditionRow {
            id,
            order_id: order,
            survivor_id: access.id(),
            position,
            kind: condition.kind,
            code: condition.code.clone(),
            wording: seal!(new.wording, &condition.wording)?,
            area: seal!(new.area, &condition.area)?,
            distance_metres: condition.distance_metres,
        };
        rows::insert_condition(tx.conn, row)?;
        made.push(MadeConditionView { id, code: condition.code.clone() });
    }
    Ok(made)
}

/// An order of a survivor whom the caller works with, which no court has ended.
fn find_standing(tx: &mut Tx<'_>, staff: &Staff, survivor: SurvivorId, id: OrderId) -> Result<SurvivorOrder> {
    let access = access::survivor(tx, staff, survivor)?;
    let found = rows::find(tx.conn, &access, id)?.ok_or(Error::NotFound)?;
    match found.order.ended_on {
        Some(_) => Err(Error::wrong_state("a court discharged this order")),
        None => Ok(found),
    }
}

fn keep(tx: &mut Tx<'_>, found: SurvivorOrder, order: SurvivorOrderRow) -> Result<SurvivorOrder> {
    let version = found.order.version;
    let order = SurvivorOrderRow { version: version + 1, ..order };
    match rows::update(tx, version, &order)? {
        true => Ok(SurvivorOrder { order, ..found }),
        false => Err(Error::write_conflict()),
    }
}

/// Records the service of such an order.
///
/// # Errors
/// 404 for one that is not the survivor's, 409 for one that was served or has ended, 422 for a day that cannot be.
pub fn serve(
    tx: &mut Tx<'_>,
    staff: &Staff,
    (survivor, id): (SurvivorId, OrderId),
    body: &ServeOrderBody,
) -> Result<SurvivorOrder> {
    let found = find_standing(tx, staff, survivor, id)?;
    if found.order.served_on.is_some() {
        return Err(Error::wrong_state("this order was served before"));
    }
    let order = SurvivorOrderRow { served_on: Some(body.served_on), ..found.order.clone() };
    rules::check_dates(order.kind, order.made_on, (order.served_on, order.expires_on), rules::today(tx.now))?;
    keep(tx, found, order)
}

/// Records that a court discharged such an order: its conditions bind to that day and no longer.
///
/// # Errors
/// 404 for one that is not the survivor's, 409 for one that has ended, 422 for a day that cannot be.
pub fn discharge(
    tx: &mut Tx<'_>,
    staff: &Staff,
    (survivor, id): (SurvivorId, OrderId),
    body: &DischargeOrderBody,
) -> Result<SurvivorOrder> {
    let found = find_standing(tx, staff, survivor, id)?;
    let last = body.discharged_on;
    change::not_before("/discharged_on", last, found.order.made_on)?;
    not_to_come("/discharged_on", last, tx.now)?;
    if found.order.expires_on.is_some_and(|expires_on| last > expires_on) {
        return Err(Error::field("/discharged_on", "too_late", "must not be after the order's last day"));
    }
    let order = SurvivorOrderRow { ended_on: Some(last), next_action_at: None, ..found.order.clone() };
    let kept = keep(tx, found, order)?;
    tx.emit(Event::SurvivorOrderChanged { survivor, order: id, what: DISCHARGED });
    Ok(kept)
}

/// Takes an order off that was recorded wrongly; the row is kept.
///
/// # Errors
/// 404 for one that is not there.
pub fn remove(tx: &mut Tx<'_>, staff: &Staff, (survivor, id): (SurvivorId, OrderId)) -> Result<()> {
    let access = access::survivor(tx, staff, survivor)?;
    let found = rows::find(tx.conn, &access, id)?.ok_or(Error::NotFound)?;
    let order = SurvivorOrderRow { removed_at: Some(tx.now), next_action_at: None, ..found.order.clone() };
    keep(tx, found, order)?;
    tx.emit(Event::SurvivorOrderChanged { survivor, order: id, what: REMOVED });
    Ok(())
}

/// A condition of an order that a survivor's own side keeps, where the order is in force on that day.
pub fn find_live_condition(
    conn: &mut DbConn,
    access: &SurvivorAccess,
    condition: ConditionId,
    on: jiff::civil::Date,
) -> Result<Option<LiveCondition>> {
    let found = rows::find_condition(conn, access, condition)?;
    Ok(found.filter(|(_, order)| order.is_live_on(on)).map(|(condition, order)| LiveCondition {
        condition_id: condition.id,
        code: condition.code,
        order_id: order.id,
        order_kind: order.kind.to_string(),
        police_reference: order.police_reference,
    }))
}

/// The due points of an order's end, the first to come first.
fn points(last: Day) -> Result<Vec<(DutyKind, Instant)>> {
    let points = rules::expiry_points(last).into_iter();
    points.map(|(kind, day)| Ok((kind, rules::next_action_at(kind, day)?))).collect()
}

/// When staff are first notified of an order's end: at once where it is near already, and never where it is over.
fn first_due(expires_on: Option<Day>, now: Instant) -> Result<Option<Instant>> {
    let Some(last) = expires_on else { return Ok(None) };
    let points = points(last)?;
    let next = points.iter().map(|(_, at)| *at).find(|at| *at > now);
    let is_near = points.first().is_some_and(|(_, at)| *at <= now);
    Ok(if is_near { next.map(|_| now) } else { next })
}

/// The due point that staff are notified of now, the latest that has come; and when the next one comes.
fn due(last: Day, now: Instant) -> Result<(Option<DutyKind>, Option<Instant>)> {
    let points = points(last)?;
    let told = points.iter().rev().find(|(_, at)| *at <= now).map(|(kind, _)| *kind);
    Ok((told, points.iter().map(|(_, at)| *at).find(|at| *at > now)))
}

/// Tells of each due point that has come, each in a transaction of its own. Returns how many.
pub async fn notify_due(app: &App) -> Result<usize> {
    let now = app.clock.now();
    let due = app.db.read(move |conn| rows::list_due(conn, now)).await?;
    Ok(app.each(due, "tell_survivor_order", notify_one).await)
}

fn notify_one(tx: &mut Tx<'_>, id: OrderId) -> Result<bool> {
    let found = rows::find_due(tx.conn, id, tx.now)?;
    let Some((order, last)) = found.and_then(|order| order.expires_on.map(|last| (order, last))) else {
        tx.outcome("not_due");
        return Ok(false);
    };
    let (told, next) = due(last, tx.now)?;
    if !rows::put_off(tx.conn, &order, next)? {
        tx.outcome("not_due");
        return Ok(false);
    }
    tx.about(Subject::of("survivor", order.survivor_id));
    let Some(kind) = told else { return Ok(false) };
    tx.emit(Event::SurvivorOrderChanged { survivor: order.survivor_id, order: id, what: kind.as_str() });
    Ok(true)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn each_due_point_that_lies_ahead_is_told_of_once_and_the_latest_of_those_that_passed(ahead in -5_i64..90) {
            let recorded: Instant = "2026-11-20T12:00:00Z".parse().unwrap();
            let last = Day::of(recorded.plus_days(ahead));
            let (mut told, mut at) = (Vec::new(), first_due(Some(last), recorded).unwrap());
            while let Some(now) = at {
                prop_assert!(now >= recorded);
                let (kind, next) = due(last, now).unwrap();
                told.push(kind.unwrap());
                prop_assert!(next.is_none_or(|next| next > now));
                at = next;
            }
            let all = [DutyKind::Expires60, DutyKind::Expires30, DutyKind::Expires7, DutyKind::Expired];
            prop_assert!(all.ends_with(&told));
            prop_assert_eq!(told.is_empty(), ahead < 0);
        }
    }
}
