//! All SQL of the audit.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Binary, Integer};

use crate::db::schema::{audit_entries, audit_lanes};
use crate::db::{DbConn, Instant, OrganisationId, SubjectId};
use crate::error::{Error, Result};

/// Lanes on PostgreSQL: more than an instance has connections, so that one is always free.
const POSTGRES_LANES: i32 = 512;

/// One entry in its place.
#[derive(Clone, Debug, Queryable, Insertable)]
#[diesel(table_name = audit_entries)]
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
#[derive(Clone, Debug, QueryableByName, Queryable)]
pub struct Lane {
    #[diesel(sql_type = Integer)]
    pub lane: i32,
    #[diesel(sql_type = BigInt)]
    pub sequence: i64,
    #[diesel(sql_type = Binary)]
    pub head: Vec<u8>,
}

/// Takes any lane that no other transaction holds.
pub fn claim_lane(conn: &mut DbConn) -> Result<Lane> {
    let free = match conn {
        DbConn::Sqlite(_) => "SELECT lane, sequence, head FROM audit_lanes WHERE lane = 0",
        DbConn::Pg(_) => {
            "SELECT lane, sequence, head FROM audit_lanes WHERE lane >= $1 ORDER BY lane LIMIT 1 FOR UPDATE SKIP LOCKED"
        }
    };
    let found = match conn {
        DbConn::Sqlite(_) => diesel::sql_query(free).get_result(conn).optional()?,
        // Each transaction begins its search elsewhere, so that they do not step over each other's locks one by one.
        DbConn::Pg(_) => {
            let start = i32::from(u16::from_be_bytes(crate::crypto::random()?)) % POSTGRES_LANES;
            match diesel::sql_query(free).bind::<Integer, _>(start).get_result(conn).optional()? {
                Some(lane) => Some(lane),
                None => diesel::sql_query(free).bind::<Integer, _>(0).get_result(conn).optional()?,
            }
        }
    };
    found.ok_or_else(|| Error::internal("no audit lane is free"))
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
