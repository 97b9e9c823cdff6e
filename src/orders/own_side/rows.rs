//! Rows and SQL of the orders that survivors' own sides keep.

use diesel::prelude::*;

use crate::access::SurvivorAccess;
use crate::audit::records;
use crate::crypto::{Sealed, sealed_row};
use crate::db::schema::{survivor_order_conditions, survivor_orders};
use crate::db::{ConditionId, Day, DbConn, Instant, OrderId, StaffId, SurvivorId};
use crate::directory::{ConditionKind, OrderKind};
use crate::error::Result;
use crate::orders::model::is_live;
use crate::tx::Tx;

/// Orders looked at in one go.
const BATCH: i64 = 200;

/// An order that protects a survivor.
#[derive(Clone, Debug, HasQuery, Insertable, AsChangeset)]
#[diesel(table_name = survivor_orders, treat_none_as_null = true)]
pub struct SurvivorOrderRow {
    /// Id.
    pub id: OrderId,
    /// Whom it protects.
    pub survivor_id: SurvivorId,
    /// Which kind.
    pub kind: OrderKind,
    /// The court that made it.
    pub court: Option<Sealed>,
    /// The police's own reference.
    pub police_reference: Option<Sealed>,
    /// The day it was made.
    pub made_on: Day,
    /// The day it was served.
    pub served_on: Option<Day>,
    /// Its last day; none: until further order.
    pub expires_on: Option<Day>,
    /// The day to which a court discharged it.
    pub ended_on: Option<Day>,
    /// Who recorded it.
    pub recorded_by: StaffId,
    /// When.
    pub created_at: Instant,
    /// When staff are next notified that its end is near; none after the last notice.
    pub next_action_at: Option<Instant>,
    /// When it was taken off.
    pub removed_at: Option<Instant>,
    /// Counts up with each change.
    pub version: i32,
}
sealed_row!(SurvivorOrderRow, "survivor_orders", survivor_id, id);

impl SurvivorOrderRow {
    /// Whether it is in force on a day, its first and last included, served or not.
    #[must_use]
    pub fn is_live_on(&self, day: jiff::civil::Date) -> bool {
        let last = [self.expires_on, self.ended_on].into_iter().flatten().min();
        is_live(self.made_on, last, Day(day))
    }
}

/// One prohibition or requirement of such an order.
#[derive(Clone, Debug, HasQuery, Insertable)]
#[diesel(table_name = survivor_order_conditions)]
pub struct SurvivorConditionRow {
    /// Id.
    pub id: ConditionId,
    /// Of which order.
    pub order_id: OrderId,
    /// Whom it protects.
    pub survivor_id: SurvivorId,
    /// Its position in the order, from 0.
    pub position: i32,
    /// Prohibition or requirement.
    pub kind: ConditionKind,
    /// What it is about, as a code.
    pub code: String,
    /// The order's own words.
    pub wording: Sealed,
    /// Where it holds.
    pub area: Option<Sealed>,
    /// How near the person reported may not come, in metres.
    pub distance_metres: Option<i32>,
}
sealed_row!(SurvivorConditionRow, "survivor_order_conditions", survivor_id, id);

/// An order that protects a survivor, with its conditions in their order.
#[derive(Clone, Debug)]
pub struct SurvivorOrder {
    /// The order.
    pub order: SurvivorOrderRow,
    /// Its conditions.
    pub conditions: Vec<SurvivorConditionRow>,
}

fn bind(tx: &mut Tx<'_>, row: &SurvivorOrderRow) {
    let day = |day: Option<Day>| day.map(|day| day.to_string());
    records::survivor_orders(
        tx,
        row.id,
        row.version,
        [
            &row.survivor_id.0,
            &row.kind.as_str(),
            &row.court,
            &row.police_reference,
            &row.made_on.to_string(),
            &day(row.served_on),
            &day(row.expires_on),
            &day(row.ended_on),
            &row.removed_at,
        ],
    );
}

pub fn insert(tx: &mut Tx<'_>, row: SurvivorOrderRow) -> Result<()> {
    bind(tx, &row);
    diesel::insert_into(survivor_orders::table).values(row).execute(tx.conn)?;
    Ok(())
}

pub fn insert_condition(conn: &mut DbConn, row: SurvivorConditionRow) -> Result<()> {
    diesel::insert_into(survivor_order_conditions::table).values(row).execute(conn)?;
    Ok(())
}

/// Moves an order on from a version; false when it has moved meanwhile.
pub fn update(tx: &mut Tx<'_>, version: i32, row: &SurvivorOrderRow) -> Result<bool> {
    let same = survivor_orders::table.find(row.id).filter(survivor_orders::version.eq(version));
    let is_kept = diesel::update(same).set(row.clone()).execute(tx.conn)? == 1;
    if is_kept {
        bind(tx, row);
    }
    Ok(is_kept)
}

/// The orders that a survivor's own side keeps, the latest recorded first, expired ones too; none that was taken off.
pub fn list(conn: &mut DbConn, access: &SurvivorAccess) -> Result<Vec<SurvivorOrder>> {
    let rows = SurvivorOrderRow::query()
        .filter(survivor_orders::survivor_id.eq(access.id()))
        .filter(survivor_orders::removed_at.is_null());
    let rows = rows.order((survivor_orders::created_at.desc(), survivor_orders::id.desc())).load(conn)?;
    with_conditions(conn, rows)
}

/// One of them.
pub fn find(conn: &mut DbConn, access: &SurvivorAccess, id: OrderId) -> Result<Option<SurvivorOrder>> {
    let row: Option<SurvivorOrderRow> = SurvivorOrderRow::query()
        .find(id)
        .filter(survivor_orders::survivor_id.eq(access.id()))
        .filter(survivor_orders::removed_at.is_null())
        .first(conn)
        .optional()?;
    Ok(with_conditions(conn, row.into_iter().collect())?.pop())
}

fn with_conditions(conn: &mut DbConn, orders: Vec<SurvivorOrderRow>) -> Result<Vec<SurvivorOrder>> {
    let ids: Vec<OrderId> = orders.iter().map(|order| order.id).collect();
    let conditions: Vec<SurvivorConditionRow> = SurvivorConditionRow::query()
        .filter(survivor_order_conditions::order_id.eq_any(ids))
        .order((survivor_order_conditions::order_id, survivor_order_conditions::position))
        .load(conn)?;
    let with_theirs = |order: SurvivorOrderRow| SurvivorOrder {
        conditions: conditions.iter().filter(|row| row.order_id == order.id).cloned().collect(),
        order,
    };
    Ok(orders.into_iter().map(with_theirs).collect())
}

/// A condition with its order, where its survivor is this one.
pub fn find_condition(
    conn: &mut DbConn,
    access: &SurvivorAccess,
    id: ConditionId,
) -> Result<Option<(SurvivorConditionRow, SurvivorOrderRow)>> {
    let condition: Option<SurvivorConditionRow> = SurvivorConditionRow::query()
        .find(id)
        .filter(survivor_order_conditions::survivor_id.eq(access.id()))
        .first(conn)
        .optional()?;
    let Some(condition) = condition else { return Ok(None) };
    Ok(find(conn, access, condition.order_id)?.map(|found| (condition, found.order)))
}

/// Orders of whose end staff are to be notified by now.
pub fn list_due(conn: &mut DbConn, now: Instant) -> Result<Vec<OrderId>> {
    let waiting = survivor_orders::table.filter(survivor_orders::next_action_at.is_not_null());
    let due = waiting.filter(survivor_orders::next_action_at.le(now)).order(survivor_orders::next_action_at);
    Ok(due.limit(BATCH).select(survivor_orders::id).load(conn)?)
}

/// One of them, where it still is.
pub fn find_due(conn: &mut DbConn, id: OrderId, now: Instant) -> Result<Option<SurvivorOrderRow>> {
    Ok(SurvivorOrderRow::query().find(id).filter(survivor_orders::next_action_at.le(now)).first(conn).optional()?)
}

/// Sets when staff are next notified of its end, or that they are not; false where another instance did so first.
pub fn put_off(conn: &mut DbConn, order: &SurvivorOrderRow, at: Option<Instant>) -> Result<bool> {
    let same = survivor_orders::table.find(order.id).filter(survivor_orders::next_action_at.eq(order.next_action_at));
    Ok(diesel::update(same).set(survivor_orders::next_action_at.eq(at)).execute(conn)? == 1)
}

/// When staff are next notified of an order's end.
pub fn next_due(conn: &mut DbConn) -> Result<Option<Instant>> {
    let waiting = survivor_orders::table.filter(survivor_orders::next_action_at.is_not_null());
    let next: Option<Option<Instant>> = waiting
        .order(survivor_orders::next_action_at)
        .select(survivor_orders::next_action_at)
        .first(conn)
        .optional()?;
    Ok(next.flatten())
}
