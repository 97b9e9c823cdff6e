//! SQL of questions and reviews.

use diesel::prelude::*;

use crate::access::SurvivorAccess;
use crate::checkins::model::CheckIn;
use crate::checkins::questions::Question;
use crate::checkins::review::CheckInReviewRow;
use crate::db::schema::{check_in_questions, check_in_reviews, check_ins};
use crate::db::{CheckInId, DbConn, Instant, QuestionId, SurvivorId, cached};
use crate::error::Result;

pub fn insert_question(conn: &mut DbConn, row: Question) -> Result<()> {
    diesel::insert_into(check_in_questions::table).values(row).execute(conn)?;
    Ok(())
}

/// The questions that a survivor is asked, the oldest first.
pub fn list_questions(conn: &mut DbConn, survivor: SurvivorId) -> Result<Vec<Question>> {
    let asked = Question::query()
        .filter(check_in_questions::survivor_id.eq(survivor))
        .filter(check_in_questions::retired_at.is_null());
    Ok(asked.order(check_in_questions::id).load(conn)?)
}

/// Those that were retired, too.
pub fn list_all_questions(conn: &mut DbConn, survivor: SurvivorId) -> Result<Vec<Question>> {
    let all = Question::query().filter(check_in_questions::survivor_id.eq(survivor));
    Ok(all.order(check_in_questions::id).load(conn)?)
}

pub fn retire_question(conn: &mut DbConn, survivor: SurvivorId, id: QuestionId, now: Instant) -> Result<bool> {
    let asked = check_in_questions::table
        .find(id)
        .filter(check_in_questions::survivor_id.eq(survivor))
        .filter(check_in_questions::retired_at.is_null());
    Ok(cached(diesel::update(asked).set(check_in_questions::retired_at.eq(Some(now)))).execute(conn)? == 1)
}

pub fn insert_review(conn: &mut DbConn, row: CheckInReviewRow) -> Result<()> {
    diesel::insert_into(check_in_reviews::table).values(row).execute(conn)?;
    Ok(())
}

pub fn list_reviews(conn: &mut DbConn, access: &SurvivorAccess, id: CheckInId) -> Result<Vec<CheckInReviewRow>> {
    let lines = CheckInReviewRow::query()
        .filter(check_in_reviews::survivor_id.eq(access.id()))
        .filter(check_in_reviews::check_in_id.eq(id));
    Ok(lines.order(check_in_reviews::id).limit(200).load(conn)?)
}

/// Keeps how far a check-in has been looked at, unless that changed meanwhile.
pub fn update_review(conn: &mut DbConn, was: &CheckIn, row: &CheckIn) -> Result<bool> {
    let same = check_ins::table
        .find(row.id)
        .filter(check_ins::review_state.is_null().eq(was.review_state.is_none()))
        .filter(check_ins::resolved_at.is_null().eq(was.resolved_at.is_none()));
    let changed = cached(diesel::update(same).set((
        check_ins::review_state.eq(row.review_state),
        check_ins::reviewed_at.eq(row.reviewed_at),
        check_ins::resolved_at.eq(row.resolved_at),
    )))
    .execute(conn)?;
    Ok(changed == 1)
}
