//! All SQL of bundles.

use diesel::prelude::*;

use crate::access::SurvivorAccess;
use crate::db::schema::evidence_bundles;
use crate::db::{BundleId, DbConn, Instant, Json, ObjectId};
use crate::error::Result;
use crate::evidence::bundle::model::BundleRow;
use crate::http::page::Cursor;

pub fn insert(conn: &mut DbConn, row: BundleRow) -> Result<()> {
    diesel::insert_into(evidence_bundles::table).values(row).execute(conn)?;
    Ok(())
}

/// One of a survivor's bundles.
pub fn find(conn: &mut DbConn, access: &SurvivorAccess, id: BundleId) -> Result<Option<BundleRow>> {
    let own = BundleRow::query().find(id).filter(evidence_bundles::survivor_id.eq(access.id()));
    Ok(own.first(conn).optional()?)
}

/// Whether there is a bundle.
pub fn is_stored(conn: &mut DbConn, id: BundleId) -> Result<bool> {
    Ok(evidence_bundles::table.find(id).count().get_result::<i64>(conn)? > 0)
}

/// A survivor's bundles, newest first; one row more than asked for.
pub fn list(conn: &mut DbConn, access: &SurvivorAccess, after: Option<Cursor>, limit: i64) -> Result<Vec<BundleRow>> {
    let mut rows = BundleRow::query().filter(evidence_bundles::survivor_id.eq(access.id())).into_boxed();
    if let Some((at, id)) = after {
        let same = evidence_bundles::created_at.eq(at).and(evidence_bundles::id.lt(BundleId(id)));
        rows = rows.filter(evidence_bundles::created_at.lt(at).or(same));
    }
    Ok(rows.order((evidence_bundles::created_at.desc(), evidence_bundles::id.desc())).limit(limit + 1).load(conn)?)
}

/// The objects of each bundle whose contents are there.
pub fn list_present(conn: &mut DbConn) -> Result<Vec<(BundleId, Vec<ObjectId>)>> {
    let present = evidence_bundles::table.filter(evidence_bundles::file_key.is_not_null());
    let rows: Vec<(BundleId, Json)> = present.select((evidence_bundles::id, evidence_bundles::chunks)).load(conn)?;
    rows.into_iter().map(|(id, chunks)| Ok((id, chunks.read()?))).collect()
}

/// Bundles whose contents are to be destroyed by now.
pub fn list_due(conn: &mut DbConn, now: Instant, limit: i64) -> Result<Vec<BundleId>> {
    let due = evidence_bundles::table
        .filter(evidence_bundles::next_action_at.is_not_null())
        .filter(evidence_bundles::next_action_at.le(now));
    Ok(due.order(evidence_bundles::next_action_at).limit(limit).select(evidence_bundles::id).load(conn)?)
}

/// When the contents of a bundle are to be destroyed next.
pub fn next_due(conn: &mut DbConn) -> Result<Option<Instant>> {
    let waiting = evidence_bundles::table.filter(evidence_bundles::next_action_at.is_not_null());
    let first: Option<Option<Instant>> = waiting
        .order(evidence_bundles::next_action_at)
        .select(evidence_bundles::next_action_at)
        .first(conn)
        .optional()?;
    Ok(first.flatten())
}

/// Destroys the key of a bundle: what is left of its contents opens no more.
pub fn destroy_key(conn: &mut DbConn, id: BundleId, due: Option<Instant>) -> Result<()> {
    diesel::update(evidence_bundles::table.find(id))
        .set((evidence_bundles::file_key.eq(None::<Vec<u8>>), evidence_bundles::next_action_at.eq(due)))
        .execute(conn)?;
    Ok(())
}
