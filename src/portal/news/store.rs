//! All SQL of news.

use diesel::dsl::exists;
use diesel::prelude::*;

use super::NewsRow;
use crate::db::schema::live_news;
use crate::db::{DbConn, NewsId, OrganisationId};
use crate::error::Result;
use crate::tx::Tx;

/// Lines numbered at a time.
const AT_A_TIME: i64 = 500;

/// Keeps a line; whoever follows is told after the commit that there may be something new.
pub fn insert(tx: &mut Tx<'_>, row: NewsRow) -> Result<()> {
    diesel::insert_into(live_news::table).values(row).execute(tx.conn)?;
    tx.stir();
    Ok(())
}

/// Whether lines wait for their numbers.
pub fn has_waiting(conn: &mut DbConn) -> Result<bool> {
    let waiting = live_news::table.filter(live_news::sequence.is_null());
    Ok(diesel::select(exists(waiting)).get_result(conn)?)
}

/// Numbers the lines that wait, from one number on; answers the last one given. Whoever asks holds the numbers.
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

/// The number of a line.
pub fn find_number(conn: &mut DbConn, id: NewsId) -> Result<Option<i64>> {
    let number = live_news::table.find(id).select(live_news::sequence);
    Ok(number.first::<Option<i64>>(conn).optional()?.flatten())
}

/// Whether an organisation has lines after a number, or some that wait for theirs.
pub fn has_news_of(conn: &mut DbConn, organisation: OrganisationId, after: i64) -> Result<bool> {
    let own = live_news::table.filter(live_news::organisation_id.eq(organisation));
    let is_new = live_news::sequence.is_null().or(live_news::sequence.gt(after));
    Ok(diesel::select(exists(own.filter(is_new))).get_result(conn)?)
}

/// An organisation's lines after one number and up to another, oldest first.
pub fn list(
    conn: &mut DbConn,
    organisation: OrganisationId,
    (after, until): (i64, i64),
    limit: i64,
) -> Result<Vec<NewsRow>> {
    let rows = live_news::table
        .filter(live_news::organisation_id.eq(organisation))
        .filter(live_news::sequence.gt(after))
        .filter(live_news::sequence.le(until));
    Ok(rows.order(live_news::sequence).limit(limit).load(conn)?)
}

/// An organisation's latest lines, the latest first.
pub fn list_latest(conn: &mut DbConn, organisation: OrganisationId, limit: i64) -> Result<Vec<NewsRow>> {
    let rows =
        live_news::table.filter(live_news::organisation_id.eq(organisation)).filter(live_news::sequence.is_not_null());
    Ok(rows.order(live_news::sequence.desc()).limit(limit).load(conn)?)
}
