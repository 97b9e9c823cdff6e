//! All SQL of custody events: added and read, never changed.

use diesel::prelude::*;

use crate::db::schema::custody_events;
use crate::db::{DbConn, EvidenceId};
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

/// The last event of a kind.
pub fn last_of(conn: &mut DbConn, id: EvidenceId, kind: CustodyKind) -> Result<Option<CustodyEvent>> {
    let events = CustodyEvent::query().filter(custody_events::evidence_id.eq(id)).filter(custody_events::kind.eq(kind));
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
