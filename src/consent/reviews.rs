//! When an agreement is talked about again: thirty days before it lapses, so that it never ends unnoticed.

use diesel::prelude::*;
use jiff::ToSpan;
use jiff::tz::TimeZone;

use super::ledger::Scope;
use super::store::Ledger;
use crate::db::schema::consent_reviews;
use crate::db::{ConsentEntryId, DbConn, Instant, SurvivorId, cached};
use crate::error::Result;
use crate::tx::Tx;

/// Days before an agreement lapses.
const DAYS_BEFORE: i32 = 30;
/// When a working day begins, where the organisations are: what was agreed to on one day is talked about at once.
const HOUR: i8 = 9;
const ZONE: &str = "Europe/London";

#[derive(Clone, Debug, HasQuery, Insertable)]
#[diesel(table_name = consent_reviews, treat_none_as_default_value = false)]
struct ConsentReviewRow {
    entry_id: ConsentEntryId,
    survivor_id: SurvivorId,
    next_action_at: Option<Instant>,
    reminded_at: Option<Instant>,
}

/// Nine in the morning, thirty days before.
fn due(expires_at: Instant) -> Instant {
    let zone = TimeZone::get(ZONE).unwrap_or(TimeZone::UTC);
    let last_day = expires_at.timestamp().to_zoned(zone.clone()).date();
    let day = last_day.saturating_sub(DAYS_BEFORE.days());
    day.at(HOUR, 0, 0, 0).to_zoned(zone).map_or(expires_at, |due| Instant::from_timestamp(due.timestamp()))
}

/// Plans the review of an agreement.
pub(super) fn plan(tx: &mut Tx<'_>, survivor: SurvivorId, entry: ConsentEntryId, expires_at: Instant) -> Result<()> {
    let row = ConsentReviewRow {
        entry_id: entry,
        survivor_id: survivor,
        next_action_at: Some(due(expires_at)),
        reminded_at: None,
    };
    diesel::insert_into(consent_reviews::table).values(row).execute(tx.conn)?;
    Ok(())
}

/// Survivors who have an agreement that is to be talked about now.
pub fn list_due_reviews(conn: &mut DbConn, now: Instant, limit: i64) -> Result<Vec<SurvivorId>> {
    let due = consent_reviews::table
        .filter(consent_reviews::next_action_at.is_not_null())
        .filter(consent_reviews::next_action_at.le(now));
    Ok(due.select(consent_reviews::survivor_id).distinct().limit(limit).load(conn)?)
}

/// When the next review is due.
pub fn next_review(conn: &mut DbConn) -> Result<Option<Instant>> {
    let waiting = consent_reviews::table.filter(consent_reviews::next_action_at.is_not_null());
    let first: Option<Option<Instant>> = waiting
        .order(consent_reviews::next_action_at)
        .select(consent_reviews::next_action_at)
        .first(conn)
        .optional()?;
    Ok(first.flatten())
}

/// Takes the reviews of a survivor that are due, so that they are reported once; answers when the first of the agreements
/// that still stand, and were not renewed meanwhile, lapses.
pub fn take_due_reviews(tx: &mut Tx<'_>, survivor: SurvivorId) -> Result<Option<Instant>> {
    let due = consent_reviews::table
        .filter(consent_reviews::survivor_id.eq(survivor))
        .filter(consent_reviews::next_action_at.is_not_null())
        .filter(consent_reviews::next_action_at.le(tx.now));
    let taken = (consent_reviews::next_action_at.eq(None::<Instant>), consent_reviews::reminded_at.eq(Some(tx.now)));
    if cached(diesel::update(due).set(taken)).execute(tx.conn)? == 0 {
        return Ok(None);
    }
    lapses_at(tx, survivor)
}

/// When the first of a survivor's agreements that is to be talked about now lapses.
pub(super) fn lapses_at(tx: &mut Tx<'_>, survivor: SurvivorId) -> Result<Option<Instant>> {
    let ledger = Ledger::load(tx.conn, survivor)?;
    let standing = Scope::ALL.iter().map(|scope| ledger.standing(*scope, tx.now));
    let lapsing = standing.filter(|standing| standing.granted).filter_map(|standing| standing.expires_at);
    // A renewed agreement lapses much later: then there is nothing to talk about.
    let horizon = tx.now.plus_days(i64::from(DAYS_BEFORE) + 1);
    Ok(lapsing.filter(|expires_at| *expires_at <= horizon).min())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_review_is_due_in_the_morning_thirty_days_before_the_end_on_the_clock_of_the_place() {
        let due_at = |text: &str| due(text.parse().unwrap()).to_string();
        assert_eq!(due_at("2027-11-21T12:00:00Z"), "2027-10-22T08:00:00Z");
        assert_eq!(due_at("2027-02-21T23:30:00Z"), "2027-01-22T09:00:00Z");
        assert_eq!(due_at("2027-06-30T23:30:00Z"), "2027-06-01T08:00:00Z");
    }
}
