//! All SQL of custody events: added and read, never changed.

use diesel::prelude::*;

use crate::db::schema::{custody_events, evidence_bundles};
use crate::db::{BundleId, DbConn, EvidenceId, Instant};
use crate::error::Result;
use crate::evidence::model::{CustodyEvent, CustodyKind};

pub fn insert(conn: &mut DbConn, row: CustodyEvent) -> Result<()> {
    diesel::insert_into(custody_events::table).values(row).execute(conn)?;
    Ok(())
}

/// The last event of a file.
pub fn last(conn: &mut DbConn, id: EvidenceId) -> Result<Option<CustodyEvent>> {
    let events = CustodyEvent::query().filter(custody_events::evidence_id.eq(id));
    Ok(events.order(custody_events::sequence.desc()).first(conn).optional()?)
}

/// Every event of a file, in order.
pub fn list(conn: &mut DbConn, id: EvidenceId) -> Result<Vec<CustodyEvent>> {
    let events = CustodyEvent::query().filter(custody_events::evidence_id.eq(id));
    Ok(events.order(custody_events::sequence).load(conn)?)
}

/// Whether a file was given to another organisation: what they have must be provable for as long as they have it.
pub fn was_disclosed(conn: &mut DbConn, id: EvidenceId) -> Result<bool> {
    let given = custody_events::table
        .filter(custody_events::evidence_id.eq(id))
        .filter(custody_events::kind.eq(CustodyKind::Disclosed));
    Ok(given.count().get_result::<i64>(conn)? > 0)
}

/// Has the contents of every bundle destroyed that holds a file.
pub fn end_bundles_with(conn: &mut DbConn, id: EvidenceId, now: Instant) -> Result<()> {
    let bundles: Vec<Option<BundleId>> = custody_events::table
        .filter(custody_events::evidence_id.eq(id))
        .filter(custody_events::bundle_id.is_not_null())
        .select(custody_events::bundle_id)
        .load(conn)?;
    let bundles: Vec<BundleId> = bundles.into_iter().flatten().collect();
    let alive = evidence_bundles::table
        .filter(evidence_bundles::id.eq_any(bundles))
        .filter(evidence_bundles::file_key.is_not_null());
    diesel::update(alive).set(evidence_bundles::act_at.eq(Some(now))).execute(conn)?;
    Ok(())
}
