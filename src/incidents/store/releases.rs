//! Releases that wait for a condition.

use diesel::prelude::*;

use super::bind;
use crate::audit::records;
use crate::db::schema::{incident_releases, incidents};
use crate::db::{DbConn, IncidentId, Instant, SurvivorId, cached};
use crate::error::Result;
use crate::incidents::model::{Incident, IncidentState, Visibility};
use crate::incidents::release::Release;
use crate::tx::Tx;

pub fn find_release(conn: &mut DbConn, id: IncidentId) -> Result<Option<Release>> {
    Ok(Release::query().find(id).first(conn).optional()?)
}

pub fn insert_release(tx: &mut Tx<'_>, row: Release) -> Result<()> {
    records::incident_releases(tx, row.incident_id, row.version, [&row.visibility.as_str()]);
    diesel::insert_into(incident_releases::table).values(row).execute(tx.conn)?;
    Ok(())
}

/// Changes a release that is still in a version; false when it was changed meanwhile.
pub fn update_release(tx: &mut Tx<'_>, from_version: i32, row: &Release) -> Result<bool> {
    let same = incident_releases::table.find(row.incident_id).filter(incident_releases::version.eq(from_version));
    let is_kept = diesel::update(same).set(row).execute(tx.conn)? == 1;
    if is_kept {
        records::incident_releases(tx, row.incident_id, row.version, [&row.visibility.as_str()]);
    }
    Ok(is_kept)
}

/// Ends a release that waits in a version; false when it was changed or ended meanwhile.
pub fn end_release(tx: &mut Tx<'_>, from_version: i32, row: &Release) -> Result<bool> {
    let waiting = incident_releases::table
        .find(row.incident_id)
        .filter(incident_releases::version.eq(from_version))
        .filter(incident_releases::ended_at.is_null());
    let is_kept = diesel::update(waiting).set(row).execute(tx.conn)? == 1;
    if is_kept {
        records::incident_releases(tx, row.incident_id, row.version, [&row.visibility.as_str()]);
    }
    Ok(is_kept)
}

/// The survivor's releases that wait.
pub fn list_waiting(conn: &mut DbConn, survivor: SurvivorId) -> Result<Vec<Release>> {
    let waiting = Release::query()
        .filter(incident_releases::survivor_id.eq(survivor))
        .filter(incident_releases::ended_at.is_null());
    Ok(waiting.order(incident_releases::incident_id).load(conn)?)
}

/// The survivor's incidents of which the phone is not to show that they were opened.
pub fn list_silent(conn: &mut DbConn, survivor: SurvivorId) -> Result<Vec<IncidentId>> {
    let silent = incident_releases::table
        .filter(incident_releases::survivor_id.eq(survivor))
        .filter(incident_releases::is_silent.eq(true));
    Ok(silent.select(incident_releases::incident_id).load(conn)?)
}

pub fn show_releases(conn: &mut DbConn, survivor: SurvivorId) -> Result<()> {
    let silent = incident_releases::table
        .filter(incident_releases::survivor_id.eq(survivor))
        .filter(incident_releases::is_silent.eq(true));
    cached(diesel::update(silent).set(incident_releases::is_silent.eq(false))).execute(conn)?;
    Ok(())
}

/// Incidents that were to be opened by now.
pub fn list_releases_due(conn: &mut DbConn, now: Instant, limit: i64) -> Result<Vec<IncidentId>> {
    let due = incident_releases::table
        .filter(incident_releases::next_action_at.is_not_null())
        .filter(incident_releases::next_action_at.le(now));
    Ok(due.order(incident_releases::next_action_at).limit(limit).select(incident_releases::incident_id).load(conn)?)
}

/// When the next incident is to be opened.
pub fn next_release(conn: &mut DbConn) -> Result<Option<Instant>> {
    let waiting = incident_releases::table.filter(incident_releases::next_action_at.is_not_null());
    let first: Option<Option<Instant>> = waiting
        .order(incident_releases::next_action_at)
        .select(incident_releases::next_action_at)
        .first(conn)
        .optional()?;
    Ok(first.flatten())
}

/// Opens an incident further, unless it was taken back, or is open as far already.
pub fn widen(tx: &mut Tx<'_>, id: IncidentId, to: Visibility) -> Result<()> {
    let closer: Vec<Visibility> = Visibility::ALL.iter().copied().filter(|word| *word < to).collect();
    let same = incidents::table
        .find(id)
        .filter(incidents::visibility.eq_any(closer))
        .filter(incidents::state.ne(IncidentState::Withdrawn));
    if diesel::update(same).set(incidents::visibility.eq(to)).execute(tx.conn)? == 1 {
        let row = Incident::query().find(id).first(tx.conn)?;
        bind(tx, &row);
    }
    Ok(())
}
