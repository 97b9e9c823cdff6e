//! By when a safety plan and an assessment are looked at again: on that day a task, and a notice to those assigned. What
//! the survivor agreed to is looked at with them (see `lapses.rs`).

pub(super) mod lapses;

use diesel::prelude::*;
use jiff::tz::TimeZone;

use super::author::notify_assigned;
use super::store;
use crate::access::SurvivorAccess;
use crate::app::App;
use crate::consent;
use crate::db::schema::safety_reviews;
use crate::db::{Day, DbConn, Instant, SafetyReviewId, SurvivorId, text_enum};
use crate::error::{Error, Result};
use crate::events::Event;
use crate::tx::{Subject, Tx};

/// When a working day begins, where the organisations are.
const HOUR: i8 = 9;
const ZONE: &str = "Europe/London";
/// Reviews looked at in one go.
pub(super) const BATCH: i64 = 500;

text_enum! {
    /// What is looked at again.
    pub enum SafetyReviewKind {
        /// The safety plan.
        SafetyPlan = "safety_plan",
        /// The assessment of risk.
        Risk = "risk",
    }
}

/// By when something of a survivor is looked at again; one for each kind.
#[derive(Clone, Debug, HasQuery, Insertable)]
#[diesel(table_name = safety_reviews, treat_none_as_default_value = false)]
pub struct SafetyReviewRow {
    pub id: SafetyReviewId,
    pub survivor_id: SurvivorId,
    pub kind: SafetyReviewKind,
    pub review_by_on: Day,
    pub next_action_at: Option<Instant>,
    pub reminded_at: Option<Instant>,
}

/// The day it is where the organisations are.
pub(super) fn today(now: Instant) -> Day {
    let zone = TimeZone::get(ZONE).unwrap_or(TimeZone::UTC);
    Day(now.timestamp().to_zoned(zone).date())
}

/// Sets the day of a review, in the place of the one before.
///
/// # Errors
/// 422 for a day that has passed.
pub(super) fn set(tx: &mut Tx<'_>, access: &SurvivorAccess, kind: SafetyReviewKind, day: Day) -> Result<()> {
    if day < today(tx.now) {
        return Err(Error::field("/review_by_on", "not_allowed", "a review lies ahead"));
    }
    let zone = TimeZone::get(ZONE).unwrap_or(TimeZone::UTC);
    let due = day.0.at(HOUR, 0, 0, 0).to_zoned(zone);
    let due = due.map_err(|_| Error::field("/review_by_on", "out_of_range", "this day is too far ahead"))?;
    let row = SafetyReviewRow {
        id: SafetyReviewId::new(tx.now),
        survivor_id: access.id(),
        kind,
        review_by_on: day,
        next_action_at: Some(Instant::from_timestamp(due.timestamp())),
        reminded_at: None,
    };
    store::put_review(tx.conn, row)?;
    tx.emit(Event::SafetyReviewed { survivor: access.id(), what: kind.as_str() });
    tx.notify_worker();
    Ok(())
}

/// States for each review whose day has come that it is so, each in a transaction of its own, and tells those assigned.
/// Returns how many.
pub async fn remind(app: &App) -> Result<usize> {
    let now = app.clock.now();
    let due = app.db.read(move |conn| store::list_due_reviews(conn, now, BATCH)).await?;
    let told = app.each(due, "remind_safety_review", notify_one).await;
    Ok(told + lapses::remind(app).await?)
}

fn notify_one(tx: &mut Tx<'_>, id: SafetyReviewId) -> Result<bool> {
    if !store::claim_review(tx.conn, id, tx.now)? {
        tx.outcome("not_due");
        return Ok(false);
    }
    let Some(row) = store::find_review(tx.conn, id)? else { return Ok(false) };
    tx.about(Subject::of("survivor", row.survivor_id));
    tx.emit(Event::SafetyReviewDue {
        survivor: row.survivor_id,
        what: row.kind.as_str(),
        review_by_on: row.review_by_on.to_string(),
    });
    notify_assigned(tx, row.survivor_id, "reviews")?;
    Ok(true)
}

/// When the next review is to be told of.
pub fn next_due(conn: &mut DbConn) -> Result<Option<Instant>> {
    Ok([store::next_review(conn)?, consent::next_review(conn)?].into_iter().flatten().min())
}
