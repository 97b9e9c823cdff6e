//! All SQL of incidents.

use diesel::prelude::*;

use super::model::{Incident, IncidentState, IncidentVersion, Reported, Visibility};
use crate::access::SurvivorAccess;
use crate::db::schema::{incident_reviews, incident_versions, incidents};
use crate::db::{ConditionId, DbConn, IncidentId, Instant, Json, StaffId, SurvivorId};
use crate::error::Result;
use crate::http::page::Cursor;

/// Incidents with the version that they stand in.
macro_rules! current {
    () => {
        incidents::table.inner_join(incident_versions::table.on(
            incident_versions::incident_id.eq(incidents::id).and(incident_versions::version.eq(incidents::version)),
        ))
    };
}

/// Newest first from a cursor on: one row too many, which tells that there are more.
macro_rules! page {
    ($rows:expr, $after:expr, $limit:expr, $conn:expr) => {{
        let mut rows = $rows;
        if let Some((at, id)) = $after {
            let same_time_earlier_id = incidents::received_at.eq(at).and(incidents::id.lt(IncidentId(id)));
            rows = rows.filter(incidents::received_at.lt(at).or(same_time_earlier_id));
        }
        let found: Vec<(Incident, IncidentVersion)> =
            rows.order((incidents::received_at.desc(), incidents::id.desc())).limit($limit + 1).load($conn)?;
        Ok(found.into_iter().map(|(incident, version)| Reported { incident, version }).collect())
    }};
}

pub fn insert_incident(conn: &mut DbConn, row: Incident) -> Result<()> {
    diesel::insert_into(incidents::table).values(row).execute(conn)?;
    Ok(())
}

pub fn insert_version(conn: &mut DbConn, row: IncidentVersion) -> Result<()> {
    diesel::insert_into(incident_versions::table).values(row).execute(conn)?;
    Ok(())
}

/// Moves an incident on from a version; false when it has moved meanwhile.
pub fn update_incident(conn: &mut DbConn, from_version: i32, row: &Incident) -> Result<bool> {
    let same = incidents::table.find(row.id).filter(incidents::version.eq(from_version));
    let changed = diesel::update(same.filter(incidents::state.ne(IncidentState::Withdrawn)))
        .set((
            incidents::state.eq(row.state),
            incidents::version.eq(row.version),
            incidents::severity.eq(row.severity),
            incidents::visibility.eq(row.visibility),
            incidents::order_condition_id.eq(row.order_condition_id),
            incidents::happened_at.eq(row.happened_at),
            incidents::withdrawn_at.eq(row.withdrawn_at),
            incidents::withdrawal_reason.eq(&row.withdrawal_reason),
        ))
        .execute(conn)?;
    Ok(changed == 1)
}

/// One of the survivor's own incidents.
pub fn find_own(conn: &mut DbConn, own: &SurvivorAccess, id: IncidentId) -> Result<Option<Reported>> {
    let rows = current!().filter(incidents::id.eq(id)).filter(incidents::survivor_id.eq(own.id()));
    let found: Option<(Incident, IncidentVersion)> = rows.first(conn).optional()?;
    Ok(found.map(|(incident, version)| Reported { incident, version }))
}

/// The survivor's own incidents, private and withdrawn ones too, newest first.
pub fn list_own(conn: &mut DbConn, own: &SurvivorAccess, after: Option<Cursor>, limit: i64) -> Result<Vec<Reported>> {
    page!(current!().filter(incidents::survivor_id.eq(own.id())).into_boxed(), after, limit, conn)
}

/// Every version of one of the survivor's own incidents, oldest first.
pub fn list_versions(conn: &mut DbConn, own: &SurvivorAccess, id: IncidentId) -> Result<Vec<IncidentVersion>> {
    let versions = incident_versions::table
        .filter(incident_versions::incident_id.eq(id))
        .filter(incident_versions::survivor_id.eq(own.id()));
    Ok(versions.order(incident_versions::version).load(conn)?)
}

/// A survivor's incidents whose newest version is visible at least so far and not withdrawn, newest first by arrival.
/// Private ones are never among them. One row more than `limit` tells that there are more.
///
/// # Errors
/// When they cannot be read.
pub fn list_visible(
    conn: &mut DbConn,
    access: &SurvivorAccess,
    least: Visibility,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<Reported>> {
    let visible = current!()
        .filter(incidents::survivor_id.eq(access.id()))
        .filter(incidents::state.ne(IncidentState::Withdrawn))
        .filter(incidents::visibility.eq_any(least.and_wider()));
    page!(visible.into_boxed(), after, limit, conn)
}

/// What counts are made from: of each visible incident when it happened, its behaviours and the condition it names.
pub fn list_visible_since(
    conn: &mut DbConn,
    access: &SurvivorAccess,
    least: Visibility,
    since: Instant,
) -> Result<Vec<(Instant, Json, Option<ConditionId>)>> {
    let visible = current!()
        .filter(incidents::survivor_id.eq(access.id()))
        .filter(incidents::state.ne(IncidentState::Withdrawn))
        .filter(incidents::visibility.eq_any(least.and_wider()))
        .filter(incidents::happened_at.ge(since));
    let columns = (incidents::happened_at, incident_versions::behaviours, incidents::order_condition_id);
    Ok(visible.select(columns).order(incidents::happened_at).load(conn)?)
}

/// What patterns are made from: of each of the survivor's incidents since an instant, but for private and withdrawn ones,
/// when it happened and its behaviours.
pub fn list_occurrences(
    conn: &mut DbConn,
    access: &SurvivorAccess,
    since: Instant,
) -> Result<Vec<(IncidentId, Instant, Json)>> {
    let visible = current!()
        .filter(incidents::survivor_id.eq(access.id()))
        .filter(incidents::state.ne(IncidentState::Withdrawn))
        .filter(incidents::visibility.ne(Visibility::Private))
        .filter(incidents::happened_at.ge(since));
    Ok(visible.select((incidents::id, incidents::happened_at, incident_versions::behaviours)).load(conn)?)
}

pub fn find_incident(conn: &mut DbConn, id: IncidentId) -> Result<Option<Incident>> {
    Ok(incidents::table.find(id).first(conn).optional()?)
}

/// Whether the survivor has taken an incident back.
///
/// # Errors
/// When it cannot be read.
pub fn is_withdrawn(conn: &mut DbConn, id: IncidentId) -> Result<bool> {
    Ok(find_incident(conn, id)?.is_some_and(|incident| incident.state == IncidentState::Withdrawn))
}

/// Begins the time in which an incident is to be read, unless it has begun.
pub fn insert_review(conn: &mut DbConn, id: IncidentId, survivor: SurvivorId, due: Instant) -> Result<()> {
    let known = incident_reviews::table.find(id).select(incident_reviews::incident_id);
    if known.first::<IncidentId>(conn).optional()?.is_none() {
        diesel::insert_into(incident_reviews::table)
            .values((
                incident_reviews::incident_id.eq(id),
                incident_reviews::survivor_id.eq(survivor),
                incident_reviews::act_at.eq(Some(due)),
            ))
            .execute(conn)?;
    }
    Ok(())
}

/// Marks incidents read, those that nobody had read before.
pub fn set_read(conn: &mut DbConn, ids: &[IncidentId], by: StaffId, now: Instant) -> Result<()> {
    let unread = incident_reviews::table
        .filter(incident_reviews::incident_id.eq_any(ids.to_vec()))
        .filter(incident_reviews::read_at.is_null());
    diesel::update(unread)
        .set((
            incident_reviews::read_at.eq(Some(now)),
            incident_reviews::read_by.eq(Some(by)),
            incident_reviews::act_at.eq(None::<Instant>),
        ))
        .execute(conn)?;
    Ok(())
}

/// Incidents that were to be read by now.
pub fn list_unread(conn: &mut DbConn, now: Instant, limit: i64) -> Result<Vec<IncidentId>> {
    let due =
        incident_reviews::table.filter(incident_reviews::act_at.is_not_null()).filter(incident_reviews::act_at.le(now));
    Ok(due.order(incident_reviews::act_at).limit(limit).select(incident_reviews::incident_id).load(conn)?)
}

/// When the next incident was to be read by.
pub fn next_unread(conn: &mut DbConn) -> Result<Option<Instant>> {
    let waiting = incident_reviews::table.filter(incident_reviews::act_at.is_not_null());
    let first: Option<Option<Instant>> =
        waiting.order(incident_reviews::act_at).select(incident_reviews::act_at).first(conn).optional()?;
    Ok(first.flatten())
}

/// Takes an unread incident, so that it is told of once; false when it was read or told of meanwhile.
pub fn claim_unread(conn: &mut DbConn, id: IncidentId, now: Instant) -> Result<bool> {
    let due = incident_reviews::table
        .find(id)
        .filter(incident_reviews::act_at.is_not_null())
        .filter(incident_reviews::act_at.le(now));
    Ok(diesel::update(due).set(incident_reviews::act_at.eq(None::<Instant>)).execute(conn)? == 1)
}

/// How many incidents arrived within a stretch of time, for the figures that go with an alert; withdrawn and private
/// ones do not count.
///
/// # Errors
/// When they cannot be read.
pub fn count_between(conn: &mut DbConn, survivor: SurvivorId, from: Instant, to: Instant) -> Result<i64> {
    let counted = incidents::table
        .filter(incidents::survivor_id.eq(survivor))
        .filter(incidents::received_at.gt(from))
        .filter(incidents::received_at.le(to))
        .filter(incidents::state.ne(IncidentState::Withdrawn))
        .filter(incidents::visibility.ne(Visibility::Private));
    Ok(counted.count().get_result(conn)?)
}
