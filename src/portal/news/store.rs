//! All SQL of news.

use diesel::dsl::exists;
use diesel::prelude::*;

use super::NewsRow;
use crate::db::schema::live_news;
use crate::db::{DbConn, Instant, NewsId, OrganisationId};
use crate::error::Result;
use crate::tx::Tx;

/// Lines numbered at a time.
const AT_A_TIME: i64 = 500;

/// Keeps a line; those who follow are notified after the commit that there may be something new.
pub fn insert(tx: &mut Tx<'_>, row: NewsRow) -> Result<()> {
    diesel::insert_into(live_news::table).values(row).execute(tx.conn)?;
    tx.publish_change();
    Ok(())
}

/// Whether lines wait for their numbers.
pub fn has_waiting(conn: &mut DbConn) -> Result<bool> {
    let waiting = live_news::table.filter(live_news::sequence.is_null());
    Ok(diesel::select(exists(waiting)).get_result(conn)?)
}

/// Numbers the lines that wait, from one number on; answers the last one given. The caller holds the numbers.
pub fn number(conn: &mut DbConn, mut last: i64) -> Result<i64> {
    let waiting = live_news::table.filter(live_news::sequence.is_null());
    loop {
        let lines: Vec<NewsId> = waiting.order(live_news::id).limit(AT_A_TIME).select(live_news::id).load(conn)?;
        for line in &lines {
            last += 1;
            diesel::update(live_news::table.find(line)).set(live_news::sequence.eq(Some(last))).execute(conn)?;
        }
        if lines.is_empty() {
            return Ok(last);
        }
    }
}

/// Forgets lines that were kept since before an instant, some at a time; how many.
pub fn forget(conn: &mut DbConn, before: Instant, limit: i64) -> Result<usize> {
    // An id begins with its instant, so that the oldest lines are the first.
    let first: Vec<(NewsId, Instant)> =
        live_news::table.order(live_news::id).limit(limit).select((live_news::id, live_news::at)).load(conn)?;
    let old: Vec<NewsId> = first.into_iter().filter(|(_, at)| *at <= before).map(|(id, _)| id).collect();
    Ok(diesel::delete(live_news::table.filter(live_news::id.eq_any(old))).execute(conn)?)
}

/// When the oldest line was made.
pub fn oldest(conn: &mut DbConn) -> Result<Option<Instant>> {
    Ok(live_news::table.order(live_news::id).select(live_news::at).first(conn).optional()?)
}

/// The number of a line.
pub fn find_number(conn: &mut DbConn, id: NewsId) -> Result<Option<i64>> {
    let number = live_news::table.find(id).select(live_news::sequence);
    Ok(number.first::<Option<i64>>(conn).optional()?.flatten())
}

/// Whether an organisation has lines after a number, or some that wait for theirs.
pub fn has_news_of(conn: &mut DbConn, organisation: OrganisationId, after: i64) -> Result<bool> {
    let own = live_news::table.filter(live_news::organisation_id.eq(organisation));
    // Two questions, since one with an "or" reads all of the organisation's lines.
    let is_new = diesel::select(exists(own.filter(live_news::sequence.gt(after)))).get_result(conn)?;
    Ok(is_new || diesel::select(exists(own.filter(live_news::sequence.is_null()))).get_result(conn)?)
}

/// An organisation's lines after one number and up to another, oldest first.
pub fn list(
    conn: &mut DbConn,
    organisation: OrganisationId,
    (after, until): (i64, i64),
    limit: i64,
) -> Result<Vec<NewsRow>> {
    let rows = NewsRow::query()
        .filter(live_news::organisation_id.eq(organisation))
        .filter(live_news::sequence.gt(after))
        .filter(live_news::sequence.le(until));
    Ok(rows.order(live_news::sequence).limit(limit).load(conn)?)
}

/// An organisation's latest lines, the latest first.
pub fn list_latest(conn: &mut DbConn, organisation: OrganisationId, limit: i64) -> Result<Vec<NewsRow>> {
    let rows =
        NewsRow::query().filter(live_news::organisation_id.eq(organisation)).filter(live_news::sequence.is_not_null());
    Ok(rows.order(live_news::sequence.desc()).limit(limit).load(conn)?)
}
