//! All SQL of who opened the location of an alert.

use diesel::prelude::*;

use crate::crypto::Sealed;
use crate::db::schema::{location_openings, location_releases, timer_location_releases};
use crate::db::{AlertId, DbConn, Instant, StaffId, SubjectId, SurvivorId};
use crate::error::Result;
use crate::escalation::trigger_facts::LocationOrigin;

/// The location of an alert that is opened for an officer.
pub struct LocationRelease {
    pub alert: AlertId,
    pub source: LocationOrigin,
    pub survivor: SurvivorId,
    pub officer: StaffId,
    pub username: Sealed,
    pub at: Instant,
}

/// To which officers the location of an alert was given, the first first: who, their sealed name, when.
pub fn list_releases(
    conn: &mut DbConn,
    alert: AlertId,
    source: LocationOrigin,
) -> Result<Vec<(StaffId, Sealed, Instant)>> {
    Ok(match source {
        LocationOrigin::CheckIn(id) => location_releases::table
            .filter(location_releases::alert_id.eq(alert))
            .filter(location_releases::check_in_id.eq(id))
            .order((location_releases::released_at, location_releases::officer_id))
            .select((location_releases::officer_id, location_releases::officer, location_releases::released_at))
            .load(conn)?,
        LocationOrigin::Timer(id) => timer_location_releases::table
            .filter(timer_location_releases::alert_id.eq(alert))
            .filter(timer_location_releases::timer_id.eq(id))
            .order((timer_location_releases::released_at, timer_location_releases::officer_id))
            .select((
                timer_location_releases::officer_id,
                timer_location_releases::officer,
                timer_location_releases::released_at,
            ))
            .load(conn)?,
    })
}

pub fn insert_release(conn: &mut DbConn, release: LocationRelease) -> Result<()> {
    match release.source {
        LocationOrigin::CheckIn(id) => diesel::insert_into(location_releases::table)
            .values((
                location_releases::alert_id.eq(release.alert),
                location_releases::check_in_id.eq(id),
                location_releases::survivor_id.eq(release.survivor),
                location_releases::officer_id.eq(release.officer),
                location_releases::officer.eq(release.username),
                location_releases::released_at.eq(release.at),
            ))
            .execute(conn)?,
        LocationOrigin::Timer(id) => diesel::insert_into(timer_location_releases::table)
            .values((
                timer_location_releases::alert_id.eq(release.alert),
                timer_location_releases::timer_id.eq(id),
                timer_location_releases::survivor_id.eq(release.survivor),
                timer_location_releases::officer_id.eq(release.officer),
                timer_location_releases::officer.eq(release.username),
                timer_location_releases::released_at.eq(release.at),
            ))
            .execute(conn)?,
    };
    Ok(())
}

/// The location of an alert that a member of the support side opened.
#[derive(HasQuery, Insertable)]
#[diesel(table_name = location_openings)]
pub struct LocationOpening {
    pub alert_id: AlertId,
    pub staff_id: StaffId,
    pub source_id: SubjectId,
    pub survivor_id: SurvivorId,
    pub opened_at: Instant,
}

pub fn find_opening(
    conn: &mut DbConn,
    alert: AlertId,
    staff: StaffId,
    source: SubjectId,
) -> Result<Option<LocationOpening>> {
    Ok(LocationOpening::query().find((alert, staff, source)).first(conn).optional()?)
}

pub fn insert_opening(conn: &mut DbConn, row: LocationOpening) -> Result<()> {
    diesel::insert_into(location_openings::table).values(row).execute(conn)?;
    Ok(())
}
