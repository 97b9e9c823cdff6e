//! SQL of reviews that lie ahead.

use diesel::prelude::*;

use crate::db::schema::safety_reviews;
use crate::db::{DbConn, Instant, SafetyReviewId, cached};
use crate::error::Result;
use crate::safety::reviews::SafetyReviewRow;

/// Keeps a review, in the place of the one of its kind.
pub fn put_review(conn: &mut DbConn, row: SafetyReviewRow) -> Result<()> {
    let same = safety_reviews::table
        .filter(safety_reviews::survivor_id.eq(row.survivor_id))
        .filter(safety_reviews::kind.eq(row.kind));
    diesel::delete(same).execute(conn)?;
    diesel::insert_into(safety_reviews::table).values(row).execute(conn)?;
    Ok(())
}

pub fn find_review(conn: &mut DbConn, id: SafetyReviewId) -> Result<Option<SafetyReviewRow>> {
    Ok(SafetyReviewRow::query().find(id).first(conn).optional()?)
}

/// Reviews whose day has come.
pub fn list_due_reviews(conn: &mut DbConn, now: Instant, limit: i64) -> Result<Vec<SafetyReviewId>> {
    let due = safety_reviews::table
        .filter(safety_reviews::next_action_at.is_not_null())
        .filter(safety_reviews::next_action_at.le(now));
    Ok(due.order(safety_reviews::next_action_at).limit(limit).select(safety_reviews::id).load(conn)?)
}

/// When the next review's day comes.
pub fn next_review(conn: &mut DbConn) -> Result<Option<Instant>> {
    let waiting = safety_reviews::table.filter(safety_reviews::next_action_at.is_not_null());
    let first: Option<Option<Instant>> =
        waiting.order(safety_reviews::next_action_at).select(safety_reviews::next_action_at).first(conn).optional()?;
    Ok(first.flatten())
}

/// Takes a review that is due, so that it is reported once.
pub fn claim_review(conn: &mut DbConn, id: SafetyReviewId, now: Instant) -> Result<bool> {
    let due = safety_reviews::table
        .find(id)
        .filter(safety_reviews::next_action_at.is_not_null())
        .filter(safety_reviews::next_action_at.le(now));
    let told = (safety_reviews::next_action_at.eq(None::<Instant>), safety_reviews::reminded_at.eq(Some(now)));
    Ok(cached(diesel::update(due).set(told)).execute(conn)? == 1)
}
