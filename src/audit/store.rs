//! All SQL of the audit.

use diesel::prelude::*;

use crate::db::schema::{audit_entries, audit_lanes};
use crate::db::{DbConn, Instant, OrganisationId, SubjectId};
use crate::error::{Error, Result};

/// Lanes on PostgreSQL: more than an instance has connections, so that one is always free.
const POSTGRES_LANES: i32 = 512;

/// One entry in its place.
#[derive(Clone, Debug, Queryable, Insertable)]
#[diesel(table_name = audit_entries, treat_none_as_default_value = false)]
pub struct EntryRow {
    pub lane: i32,
    pub sequence: i64,
    pub at: Instant,
    pub actor_kind: String,
    pub actor_id: Option<SubjectId>,
    pub role: String,
    pub organisation_id: Option<OrganisationId>,
    pub action: String,
    pub subject_kind: String,
    pub subject_id: Option<SubjectId>,
    pub purpose: String,
    pub outcome: String,
    pub previous_hash: Vec<u8>,
    pub hash: Vec<u8>,
}

/// The end of a lane.
#[derive(Clone, Debug, Queryable)]
pub struct Lane {
    pub lane: i32,
    pub sequence: i64,
    pub head: Vec<u8>,
}

/// Takes any lane that no other transaction holds. This stands in every transaction, so its queries are of the kind whose
/// plans are kept with the connection.
pub fn claim_lane(conn: &mut DbConn) -> Result<Lane> {
    let found = match conn {
        DbConn::Sqlite(sqlite) => audit_lanes::table.find(0).first(sqlite).optional()?,
        // Each transaction begins its search elsewhere, so that they do not step over each other's locks one by one.
        DbConn::Pg(postgres) => {
            let start = i32::from(u16::from_be_bytes(crate::crypto::random()?)) % POSTGRES_LANES;
            match find_free(postgres, start)? {
                Some(lane) => Some(lane),
                None => find_free(postgres, 0)?,
            }
        }
    };
    found.ok_or_else(|| Error::internal("no audit lane is free"))
}

fn find_free(postgres: &mut PgConnection, from: i32) -> Result<Option<Lane>> {
    let lanes = audit_lanes::table.filter(audit_lanes::lane.ge(from)).order(audit_lanes::lane).limit(1);
    Ok(lanes.for_update().skip_locked().first(postgres).optional()?)
}

pub fn insert_entry(conn: &mut DbConn, row: &EntryRow) -> Result<()> {
    diesel::insert_into(audit_entries::table).values(row.clone()).execute(conn)?;
    Ok(())
}

pub fn update_lane(conn: &mut DbConn, lane: &Lane) -> Result<()> {
    diesel::update(audit_lanes::table.find(lane.lane))
        .set((audit_lanes::sequence.eq(lane.sequence), audit_lanes::head.eq(&lane.head)))
        .execute(conn)?;
    Ok(())
}

pub fn list_lanes(conn: &mut DbConn) -> Result<Vec<Lane>> {
    Ok(audit_lanes::table.order(audit_lanes::lane).load(conn)?)
}

/// A stretch of a lane, in order.
pub fn list_entries(conn: &mut DbConn, lane: i32, after: i64, limit: i64) -> Result<Vec<EntryRow>> {
    let rows = audit_entries::table.filter(audit_entries::lane.eq(lane)).filter(audit_entries::sequence.gt(after));
    Ok(rows.order(audit_entries::sequence).limit(limit).load(conn)?)
}

/// How many entries stand in lanes that do not exist.
pub fn count_strays(conn: &mut DbConn) -> Result<i64> {
    let strays = audit_entries::table.filter(audit_entries::lane.ne_all(audit_lanes::table.select(audit_lanes::lane)));
    Ok(strays.count().get_result(conn)?)
}
