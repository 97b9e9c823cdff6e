//! SQL of orders, their conditions and what was corrected of them.

use std::collections::HashMap;

use diesel::prelude::*;

use super::model::{ConditionRow, OrderRow, OrderWithConditions, OrdersQuery};
use super::{OrderCorrectionRow, OrderEnd, OrderState};
use crate::access::ParticipantAccess;
use crate::audit::records;
use crate::db::schema::{order_conditions, order_corrections, orders};
use crate::db::{ConditionId, Day, DbConn, OrderId, ParticipantId};
use crate::error::Result;
use crate::http::ListRequest;
use crate::http::page::Cursor;
use crate::tx::Tx;

fn bind_order(tx: &mut Tx<'_>, row: &OrderRow) {
    let day = |day: Option<Day>| day.map(|day| day.to_string());
    records::orders(
        tx,
        row.id,
        row.version,
        [
            &row.participant_id.0,
            &row.kind.as_str(),
            &row.court,
            &row.police_reference,
            &row.made_on.to_string(),
            &day(row.served_on),
            &day(row.expires_on),
            &day(row.ended_on),
        ],
    );
}

pub fn insert_order(tx: &mut Tx<'_>, row: OrderRow) -> Result<()> {
    bind_order(tx, &row);
    diesel::insert_into(orders::table).values(row).execute(tx.conn)?;
    Ok(())
}

pub fn insert_condition(conn: &mut DbConn, row: ConditionRow) -> Result<()> {
    diesel::insert_into(order_conditions::table).values(row).execute(conn)?;
    Ok(())
}

/// A participant's orders with their conditions, the latest recorded first.
pub fn list_orders(conn: &mut DbConn, access: &ParticipantAccess) -> Result<Vec<OrderWithConditions>> {
    list_orders_of(conn, &[access.id()])
}

/// The orders of several participants. No proof is asked: callers inside this folder have theirs.
pub fn list_orders_of(conn: &mut DbConn, participants: &[ParticipantId]) -> Result<Vec<OrderWithConditions>> {
    let rows = orders::table.filter(orders::participant_id.eq_any(participants.to_vec()));
    let rows = rows.order((orders::created_at.desc(), orders::id.desc())).load(conn)?;
    with_conditions(conn, rows)
}

/// One page of a participant's orders, the latest recorded first: `limit + 1` rows.
pub fn list_orders_page(
    conn: &mut DbConn,
    access: &ParticipantAccess,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<OrderWithConditions>> {
    list_asked(conn, access, &ListRequest { query: OrdersQuery::default(), after, limit })
}

/// The same, as the filters ask.
pub fn list_asked(
    conn: &mut DbConn,
    access: &ParticipantAccess,
    asked: &ListRequest<OrdersQuery>,
) -> Result<Vec<OrderWithConditions>> {
    use orders::{ended_by, notified_on, served_on};
    let mut rows = orders::table.filter(orders::participant_id.eq(access.id())).into_boxed();
    // Each state is read of the columns as `state_of` reads it.
    rows = match asked.query.state {
        None => rows,
        Some(OrderState::Discharged) => rows.filter(ended_by.eq(OrderEnd::Discharged)),
        Some(OrderState::Superseded) => rows.filter(ended_by.eq(OrderEnd::Superseded)),
        Some(OrderState::Notified) => rows.filter(ended_by.is_null()).filter(notified_on.is_not_null()),
        Some(OrderState::Served) => {
            rows.filter(ended_by.is_null()).filter(notified_on.is_null()).filter(served_on.is_not_null())
        }
        Some(OrderState::Made) => {
            rows.filter(ended_by.is_null()).filter(notified_on.is_null()).filter(served_on.is_null())
        }
    };
    if let Some((at, id)) = asked.after {
        let older = orders::created_at.lt(at).or(orders::created_at.eq(at).and(orders::id.lt(OrderId(id))));
        rows = rows.filter(older);
    }
    let rows = rows.order((orders::created_at.desc(), orders::id.desc())).limit(asked.limit + 1).load(conn)?;
    with_conditions(conn, rows)
}

/// An order with its conditions: it tells whose it is, so that access can be asked for.
pub fn find_order(conn: &mut DbConn, id: OrderId) -> Result<Option<OrderWithConditions>> {
    let row: Option<OrderRow> = OrderRow::query().find(id).first(conn).optional()?;
    Ok(with_conditions(conn, row.into_iter().collect())?.pop())
}

/// Moves an order on from a version; false when it has moved meanwhile.
pub fn update_order(tx: &mut Tx<'_>, version: i32, row: &OrderRow) -> Result<bool> {
    let changed = diesel::update(orders::table.find(row.id).filter(orders::version.eq(version)))
        .set((
            orders::kind.eq(row.kind),
            orders::court.eq(&row.court),
            orders::police_reference.eq(&row.police_reference),
            orders::made_on.eq(row.made_on),
            orders::expires_on.eq(row.expires_on),
            orders::basis.eq(row.basis),
            orders::is_notified_otherwise.eq(row.is_notified_otherwise),
            orders::served_on.eq(row.served_on),
            orders::notified_on.eq(row.notified_on),
            orders::ended_on.eq(row.ended_on),
            orders::ended_by.eq(row.ended_by),
            orders::version.eq(row.version),
        ))
        .execute(tx.conn)?;
    let is_kept = changed == 1;
    if is_kept {
        bind_order(tx, row);
    }
    Ok(is_kept)
}

/// Keeps a condition as it was corrected.
pub fn update_condition(conn: &mut DbConn, row: &ConditionRow) -> Result<()> {
    diesel::update(order_conditions::table.find(row.id))
        .set((
            order_conditions::kind.eq(row.kind),
            order_conditions::code.eq(&row.code),
            order_conditions::wording.eq(&row.wording),
            order_conditions::area.eq(&row.area),
            order_conditions::distance_metres.eq(row.distance_metres),
        ))
        .execute(conn)?;
    Ok(())
}

pub fn insert_order_correction(conn: &mut DbConn, row: OrderCorrectionRow) -> Result<()> {
    diesel::insert_into(order_corrections::table).values(row).execute(conn)?;
    Ok(())
}

/// Which kind each of these orders is, as a code.
pub fn order_kinds(conn: &mut DbConn, ids: Vec<OrderId>) -> Result<HashMap<OrderId, String>> {
    let rows = orders::table.filter(orders::id.eq_any(ids)).select((orders::id, orders::kind));
    let kinds: Vec<(OrderId, String)> = rows.load(conn)?;
    Ok(kinds.into_iter().collect())
}

fn with_conditions(conn: &mut DbConn, orders: Vec<OrderRow>) -> Result<Vec<OrderWithConditions>> {
    let ids: Vec<OrderId> = orders.iter().map(|order| order.id).collect();
    let conditions = ConditionRow::query()
        .filter(order_conditions::order_id.eq_any(ids.clone()))
        .order((order_conditions::order_id, order_conditions::position))
        .load(conn)?;
    let corrections = OrderCorrectionRow::query()
        .filter(order_corrections::order_id.eq_any(ids))
        .order(order_corrections::id.desc())
        .load(conn)?;
    let with_theirs = |order: OrderRow| OrderWithConditions {
        conditions: conditions.iter().filter(|row| row.order_id == order.id).cloned().collect(),
        corrections: corrections.iter().filter(|row| row.order_id == order.id).cloned().collect(),
        order,
    };
    Ok(orders.into_iter().map(with_theirs).collect())
}

/// A condition with its order, where it binds one of these participants.
pub fn find_condition(
    conn: &mut DbConn,
    participants: &[ParticipantId],
    id: ConditionId,
) -> Result<Option<(ConditionRow, OrderRow)>> {
    let joined = order_conditions::table.inner_join(orders::table.on(order_conditions::order_id.eq(orders::id)));
    let theirs = order_conditions::participant_id.eq_any(participants.to_vec());
    let found = joined.filter(order_conditions::id.eq(id)).filter(theirs);
    Ok(found.select((ConditionRow::as_select(), OrderRow::as_select())).first(conn).optional()?)
}
