//! All SQL of the programme.

use std::collections::HashMap;

use diesel::prelude::*;

use super::model::{
    Attendance, ConcernRow, ConditionRow, GoalRow, GoalWithReviews, OrderRow, OrderWithConditions, ParticipantRow,
    ReviewRow, SessionRow,
};
use crate::access::ParticipantAccess;
use crate::crypto::{Sealed, reference};
use crate::db::schema::{
    goal_reviews, goals, order_conditions, orders, participant_concerns, participants, programme_sessions,
};
use crate::db::{
    ConcernId, ConditionId, DbConn, GoalId, Instant, OrderId, ParticipantId, ProgrammeSessionId, ReviewId, StaffId,
};
use crate::error::Result;
use crate::http::page::Cursor;

/// The prefix of a participant's reference.
pub const REFERENCE_PREFIX: &str = "PT";

pub fn insert_participant(conn: &mut DbConn, row: ParticipantRow) -> Result<()> {
    diesel::insert_into(participants::table).values(row).execute(conn)?;
    Ok(())
}

/// Changes a participant's record from a version; false when it has changed meanwhile.
pub fn update_participant(conn: &mut DbConn, version: i32, row: &ParticipantRow) -> Result<bool> {
    let changed = diesel::update(participants::table.find(row.id).filter(participants::version.eq(version)))
        .set((
            participants::name.eq(&row.name),
            participants::date_of_birth.eq(&row.date_of_birth),
            participants::address.eq(&row.address),
            participants::home_force_id.eq(&row.home_force_id),
            participants::version.eq(row.version),
        ))
        .execute(conn)?;
    Ok(changed == 1)
}

/// A participant by id. For rules that need force or organisation; reading for a person goes through `access`.
///
/// # Errors
/// When it cannot be read.
pub fn find_participant(conn: &mut DbConn, id: ParticipantId) -> Result<Option<ParticipantRow>> {
    Ok(participants::table.find(id).first(conn).optional()?)
}

/// A participant by reference, however it was written down.
///
/// # Errors
/// When it cannot be read.
pub fn find_participant_by_reference(conn: &mut DbConn, text: &str) -> Result<Option<ParticipantRow>> {
    let Some(reference) = reference::parse(REFERENCE_PREFIX, text) else { return Ok(None) };
    Ok(participants::table.filter(participants::reference.eq(reference)).first(conn).optional()?)
}

/// The participants with these ids, newest first.
pub fn list_participants(conn: &mut DbConn, ids: Vec<ParticipantId>) -> Result<Vec<ParticipantRow>> {
    let rows = participants::table.filter(participants::id.eq_any(ids));
    Ok(rows.order(participants::id.desc()).load(conn)?)
}

pub fn insert_order(conn: &mut DbConn, row: OrderRow) -> Result<()> {
    diesel::insert_into(orders::table).values(row).execute(conn)?;
    Ok(())
}

pub fn insert_condition(conn: &mut DbConn, row: ConditionRow) -> Result<()> {
    diesel::insert_into(order_conditions::table).values(row).execute(conn)?;
    Ok(())
}

/// A participant's orders with their conditions, the latest recorded first.
///
/// # Errors
/// When they cannot be read.
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
///
/// # Errors
/// When they cannot be read.
pub fn list_orders_page(
    conn: &mut DbConn,
    access: &ParticipantAccess,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<OrderWithConditions>> {
    let mut rows = orders::table.filter(orders::participant_id.eq(access.id())).into_boxed();
    if let Some((at, id)) = after {
        let older = orders::created_at.lt(at).or(orders::created_at.eq(at).and(orders::id.lt(OrderId(id))));
        rows = rows.filter(older);
    }
    let rows = rows.order((orders::created_at.desc(), orders::id.desc())).limit(limit + 1).load(conn)?;
    with_conditions(conn, rows)
}

/// An order with its conditions: it tells whose it is, so that access can be asked for.
pub fn find_order(conn: &mut DbConn, id: OrderId) -> Result<Option<OrderWithConditions>> {
    let row: Option<OrderRow> = orders::table.find(id).first(conn).optional()?;
    Ok(with_conditions(conn, row.into_iter().collect())?.pop())
}

/// Moves an order on from a version; false when it has moved meanwhile. What it says stays.
pub fn update_order(conn: &mut DbConn, version: i32, row: &OrderRow) -> Result<bool> {
    let changed = diesel::update(orders::table.find(row.id).filter(orders::version.eq(version)))
        .set((
            orders::served_on.eq(row.served_on),
            orders::notified_on.eq(row.notified_on),
            orders::ended_on.eq(row.ended_on),
            orders::ended_by.eq(row.ended_by),
            orders::version.eq(row.version),
        ))
        .execute(conn)?;
    Ok(changed == 1)
}

/// Which kind each of these orders is, as a code.
pub fn order_kinds(conn: &mut DbConn, ids: Vec<OrderId>) -> Result<HashMap<OrderId, String>> {
    let rows = orders::table.filter(orders::id.eq_any(ids)).select((orders::id, orders::kind));
    let kinds: Vec<(OrderId, String)> = rows.load(conn)?;
    Ok(kinds.into_iter().collect())
}

fn with_conditions(conn: &mut DbConn, orders: Vec<OrderRow>) -> Result<Vec<OrderWithConditions>> {
    let ids: Vec<OrderId> = orders.iter().map(|order| order.id).collect();
    let conditions: Vec<ConditionRow> = order_conditions::table
        .filter(order_conditions::order_id.eq_any(ids))
        .order((order_conditions::order_id, order_conditions::position))
        .load(conn)?;
    let of = |id| conditions.iter().filter(|condition| condition.order_id == id).cloned().collect();
    Ok(orders.into_iter().map(|order| OrderWithConditions { conditions: of(order.id), order }).collect())
}

/// A condition with its order, where it binds one of these participants.
pub fn find_condition(
    conn: &mut DbConn,
    participants: &[ParticipantId],
    id: ConditionId,
) -> Result<Option<(ConditionRow, OrderRow)>> {
    let joined = order_conditions::table.inner_join(orders::table.on(order_conditions::order_id.eq(orders::id)));
    let theirs = order_conditions::participant_id.eq_any(participants.to_vec());
    Ok(joined.filter(order_conditions::id.eq(id)).filter(theirs).first(conn).optional()?)
}

pub fn insert_goal(conn: &mut DbConn, row: GoalRow) -> Result<()> {
    diesel::insert_into(goals::table).values(row).execute(conn)?;
    Ok(())
}

/// A goal by id: it tells whose it is, so that access can be asked for.
pub fn find_goal(conn: &mut DbConn, id: GoalId) -> Result<Option<GoalRow>> {
    Ok(goals::table.find(id).first(conn).optional()?)
}

/// A participant's goals with their reviews, proposed ones too, the newest first.
///
/// # Errors
/// When they cannot be read.
pub fn list_goals(conn: &mut DbConn, access: &ParticipantAccess) -> Result<Vec<GoalWithReviews>> {
    let rows = goals::table.filter(goals::participant_id.eq(access.id()));
    let rows = rows.order((goals::created_at.desc(), goals::id.desc())).load(conn)?;
    with_reviews(conn, rows)
}

/// One page of a participant's goals, the newest first: `limit + 1` rows.
///
/// # Errors
/// When they cannot be read.
pub fn list_goals_page(
    conn: &mut DbConn,
    access: &ParticipantAccess,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<GoalWithReviews>> {
    let mut rows = goals::table.filter(goals::participant_id.eq(access.id())).into_boxed();
    if let Some((at, id)) = after {
        rows = rows.filter(goals::created_at.lt(at).or(goals::created_at.eq(at).and(goals::id.lt(GoalId(id)))));
    }
    let rows = rows.order((goals::created_at.desc(), goals::id.desc())).limit(limit + 1).load(conn)?;
    with_reviews(conn, rows)
}

fn with_reviews(conn: &mut DbConn, goals: Vec<GoalRow>) -> Result<Vec<GoalWithReviews>> {
    let ids: Vec<GoalId> = goals.iter().map(|goal| goal.id).collect();
    let reviews: Vec<ReviewRow> = goal_reviews::table
        .filter(goal_reviews::goal_id.eq_any(ids))
        .order((goal_reviews::created_at, goal_reviews::id))
        .load(conn)?;
    let of = |id| reviews.iter().filter(|review| review.goal_id == id).cloned().collect();
    Ok(goals.into_iter().map(|goal| GoalWithReviews { reviews: of(goal.id), goal }).collect())
}

pub fn insert_review(conn: &mut DbConn, row: ReviewRow) -> Result<()> {
    diesel::insert_into(goal_reviews::table).values(row).execute(conn)?;
    Ok(())
}

/// One page of the reviews of all of a participant's goals, the latest recorded first: `limit + 1` rows.
///
/// # Errors
/// When they cannot be read.
pub fn list_reviews(
    conn: &mut DbConn,
    access: &ParticipantAccess,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<ReviewRow>> {
    let mut rows = goal_reviews::table.filter(goal_reviews::participant_id.eq(access.id())).into_boxed();
    if let Some((at, id)) = after {
        let same_moment = goal_reviews::created_at.eq(at).and(goal_reviews::id.lt(ReviewId(id)));
        rows = rows.filter(goal_reviews::created_at.lt(at).or(same_moment));
    }
    Ok(rows.order((goal_reviews::created_at.desc(), goal_reviews::id.desc())).limit(limit + 1).load(conn)?)
}

pub fn insert_session(conn: &mut DbConn, row: SessionRow) -> Result<()> {
    diesel::insert_into(programme_sessions::table).values(row).execute(conn)?;
    Ok(())
}

/// A session by id: it tells whose it is, so that access can be asked for.
pub fn find_session(conn: &mut DbConn, id: ProgrammeSessionId) -> Result<Option<SessionRow>> {
    Ok(programme_sessions::table.find(id).first(conn).optional()?)
}

pub fn has_session(conn: &mut DbConn, access: &ParticipantAccess, number: i32) -> Result<bool> {
    let same = programme_sessions::table
        .filter(programme_sessions::participant_id.eq(access.id()))
        .filter(programme_sessions::number.eq(number));
    Ok(same.select(programme_sessions::id).first::<ProgrammeSessionId>(conn).optional()?.is_some())
}

/// One page of a participant's sessions, the latest planned first: `limit + 1` rows.
///
/// # Errors
/// When they cannot be read.
pub fn list_sessions(
    conn: &mut DbConn,
    access: &ParticipantAccess,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<SessionRow>> {
    use programme_sessions::{id, planned_at};
    let mut rows = programme_sessions::table.filter(programme_sessions::participant_id.eq(access.id())).into_boxed();
    if let Some((at, last)) = after {
        rows = rows.filter(planned_at.lt(at).or(planned_at.eq(at).and(id.lt(ProgrammeSessionId(last)))));
    }
    Ok(rows.order((planned_at.desc(), id.desc())).limit(limit + 1).load(conn)?)
}

/// How many sessions a participant stayed away from without an acceptable reason.
pub fn count_unacceptable(conn: &mut DbConn, access: &ParticipantAccess) -> Result<usize> {
    let away = programme_sessions::table
        .filter(programme_sessions::participant_id.eq(access.id()))
        .filter(programme_sessions::attendance.eq(Attendance::NotAttendedUnacceptable));
    let count: i64 = away.count().get_result(conn)?;
    Ok(usize::try_from(count).unwrap_or(0))
}

pub fn insert_concern(conn: &mut DbConn, row: ConcernRow) -> Result<()> {
    diesel::insert_into(participant_concerns::table).values(row).execute(conn)?;
    Ok(())
}

/// One page of a participant's concerns, newest first: `limit + 1` rows.
pub fn list_concerns(
    conn: &mut DbConn,
    access: &ParticipantAccess,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<ConcernRow>> {
    let mut rows =
        participant_concerns::table.filter(participant_concerns::participant_id.eq(access.id())).into_boxed();
    if let Some((_, id)) = after {
        rows = rows.filter(participant_concerns::id.lt(ConcernId(id)));
    }
    Ok(rows.order(participant_concerns::id.desc()).limit(limit + 1).load(conn)?)
}

/// Records whether the participant came, in place of what was recorded before.
pub fn set_attendance(
    conn: &mut DbConn,
    id: ProgrammeSessionId,
    (attendance, note, version): (Attendance, Option<Sealed>, i32),
    (by, now): (StaffId, Instant),
) -> Result<()> {
    diesel::update(programme_sessions::table.find(id))
        .set((
            programme_sessions::attendance.eq(Some(attendance)),
            programme_sessions::attendance_recorded_at.eq(Some(now)),
            programme_sessions::attendance_recorded_by.eq(Some(by)),
            programme_sessions::note.eq(note),
            programme_sessions::version.eq(version),
        ))
        .execute(conn)?;
    Ok(())
}
