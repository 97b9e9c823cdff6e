//! All SQL of goals.

use diesel::prelude::*;

use super::model::{GoalEventRow, GoalReviewRow, GoalRow, GoalWithReviews};
use crate::access::ParticipantAccess;
use crate::audit::records;
use crate::db::schema::{goal_history, goal_reviews, goals};
use crate::db::{DbConn, GoalEventId, GoalId, ReviewId};
use crate::error::{Error, Result};
use crate::http::page::{Cursor, PageDsl as _};
use crate::tx::Tx;

pub fn insert_goal(tx: &mut Tx<'_>, row: GoalRow) -> Result<()> {
    records::goals(
        tx,
        row.id,
        row.version,
        [&row.state.as_str(), &row.statement, &row.survivor_benefit, &row.participant_wording, &row.levels],
    );
    diesel::insert_into(goals::table).values(row).execute(tx.conn)?;
    Ok(())
}

/// A goal by id: it tells whose it is, so that access can be asked for.
pub fn find_goal(conn: &mut DbConn, id: GoalId) -> Result<Option<GoalRow>> {
    Ok(GoalRow::query().find(id).first(conn).optional()?)
}

/// A participant's goals with their reviews, proposed ones too, the newest first.
pub fn list_goals(conn: &mut DbConn, access: &ParticipantAccess) -> Result<Vec<GoalWithReviews>> {
    let rows = goals::table.filter(goals::participant_id.eq(access.id()));
    let rows = rows.order((goals::created_at.desc(), goals::id.desc())).load(conn)?;
    with_reviews(conn, rows)
}

/// One page of a participant's goals, the newest first: `limit + 1` rows.
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
    let reviews = GoalReviewRow::query()
        .filter(goal_reviews::goal_id.eq_any(ids))
        .order((goal_reviews::created_at, goal_reviews::id))
        .load(conn)?;
    let of = |goal: GoalRow| {
        let theirs = reviews.iter().filter(|review| review.goal_id == goal.id).cloned();
        let (withdrawn, reviews) = theirs.partition(|review| review.withdrawn_at.is_some());
        GoalWithReviews { goal, reviews, withdrawn }
    };
    Ok(goals.into_iter().map(of).collect())
}

/// A goal with its reviews.
pub fn find_with_reviews(conn: &mut DbConn, goal: GoalRow) -> Result<GoalWithReviews> {
    with_reviews(conn, vec![goal])?.pop().ok_or(Error::NotFound)
}

/// Keeps a changed goal, whose version has been counted up; nobody may have changed it meanwhile.
pub fn update_goal(tx: &mut Tx<'_>, row: &GoalRow) -> Result<()> {
    let unchanged = goals::table.filter(goals::id.eq(row.id)).filter(goals::version.eq(row.version - 1));
    match diesel::update(unchanged).set(row).execute(tx.conn)? {
        1 => {
            records::goals(
                tx,
                row.id,
                row.version,
                [&row.state.as_str(), &row.statement, &row.survivor_benefit, &row.participant_wording, &row.levels],
            );
            Ok(())
        }
        _ => Err(Error::write_conflict()),
    }
}

pub fn insert_event(conn: &mut DbConn, row: GoalEventRow) -> Result<()> {
    diesel::insert_into(goal_history::table).values(row).execute(conn)?;
    Ok(())
}

/// One page of a goal's history, the latest first: `limit + 1` rows.
pub fn list_events(
    conn: &mut DbConn,
    access: &ParticipantAccess,
    goal: GoalId,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<GoalEventRow>> {
    let mut rows = GoalEventRow::query().filter(goal_history::goal_id.eq(goal)).into_boxed();
    rows = rows.filter(goal_history::participant_id.eq(access.id()));
    Ok(rows.page(goal_history::id, GoalEventId, after, limit).load(conn)?)
}

pub fn insert_review(conn: &mut DbConn, row: GoalReviewRow) -> Result<()> {
    diesel::insert_into(goal_reviews::table).values(row).execute(conn)?;
    Ok(())
}

/// A review of a goal.
pub fn find_review(conn: &mut DbConn, goal: GoalId, id: ReviewId) -> Result<Option<GoalReviewRow>> {
    Ok(GoalReviewRow::query().find(id).filter(goal_reviews::goal_id.eq(goal)).first(conn).optional()?)
}

/// Takes a review out of those that count, unless somebody has.
pub fn withdraw_review(conn: &mut DbConn, row: &GoalReviewRow) -> Result<()> {
    let counts = goal_reviews::table.find(row.id).filter(goal_reviews::withdrawn_at.is_null());
    let withdrawn = (
        goal_reviews::withdrawn_at.eq(row.withdrawn_at),
        goal_reviews::withdrawn_by.eq(row.withdrawn_by),
        goal_reviews::withdrawn_reason.eq(&row.withdrawn_reason),
    );
    match diesel::update(counts).set(withdrawn).execute(conn)? {
        1 => Ok(()),
        _ => Err(Error::write_conflict()),
    }
}

/// One page of the reviews that count of all of a participant's goals, the latest recorded first: `limit + 1` rows.
pub fn list_reviews(
    conn: &mut DbConn,
    access: &ParticipantAccess,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<GoalReviewRow>> {
    let counting = goal_reviews::withdrawn_at.is_null();
    let mut rows =
        GoalReviewRow::query().filter(goal_reviews::participant_id.eq(access.id())).filter(counting).into_boxed();
    if let Some((at, id)) = after {
        let same_moment = goal_reviews::created_at.eq(at).and(goal_reviews::id.lt(ReviewId(id)));
        rows = rows.filter(goal_reviews::created_at.lt(at).or(same_moment));
    }
    Ok(rows.order((goal_reviews::created_at.desc(), goal_reviews::id.desc())).limit(limit + 1).load(conn)?)
}
