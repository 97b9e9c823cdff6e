//! All SQL of reports: what a commissioner may see. The rows behind the figures are the features' own.

use diesel::prelude::*;

use super::model::ReachRow;
use crate::db::schema::commissioner_reaches;
use crate::db::{DbConn, Instant, OrganisationId, ReachId, StaffId};
use crate::error::Result;
use crate::http::page::{Cursor, PageDsl as _};

pub fn insert_reach(conn: &mut DbConn, row: ReachRow) -> Result<()> {
    diesel::insert_into(commissioner_reaches::table).values(row).execute(conn)?;
    Ok(())
}

/// What a commissioner may see now.
pub fn list_live_reach(conn: &mut DbConn, commissioner: OrganisationId) -> Result<Vec<ReachRow>> {
    let live = ReachRow::query()
        .filter(commissioner_reaches::commissioner_id.eq(commissioner))
        .filter(commissioner_reaches::ended_at.is_null());
    Ok(live.order(commissioner_reaches::id).load(conn)?)
}

/// The same page by page, newest first: `limit + 1` rows.
pub fn list_reach(
    conn: &mut DbConn,
    commissioner: OrganisationId,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<ReachRow>> {
    let rows = ReachRow::query()
        .filter(commissioner_reaches::commissioner_id.eq(commissioner))
        .filter(commissioner_reaches::ended_at.is_null())
        .into_boxed();
    Ok(rows.page(commissioner_reaches::id, ReachId, after, limit).load(conn)?)
}

/// Ends what a commissioner may see; false when it is not there, or ended already.
pub fn end_reach(
    conn: &mut DbConn,
    commissioner: OrganisationId,
    id: ReachId,
    (by, now): (StaffId, Instant),
) -> Result<bool> {
    let live = commissioner_reaches::table
        .find(id)
        .filter(commissioner_reaches::commissioner_id.eq(commissioner))
        .filter(commissioner_reaches::ended_at.is_null());
    let end = (commissioner_reaches::ended_at.eq(Some(now)), commissioner_reaches::ended_by.eq(Some(by)));
    Ok(diesel::update(live).set(end).execute(conn)? == 1)
}
