//! SQL of households.

use diesel::prelude::*;

use crate::access::SurvivorAccess;
use crate::audit::records;
use crate::db::schema::household_versions;
use crate::db::{DbConn, HouseholdMemberId, HouseholdVersionId, Instant, StaffId, SurvivorId, cached};
use crate::error::Result;
use crate::safety::household::HouseholdVersion;
use crate::tx::Tx;

/// The most that one answer holds; a household is smaller.
const MOST: i64 = 200;

pub fn insert_member(tx: &mut Tx<'_>, row: HouseholdVersion) -> Result<()> {
    records::household_versions(
        tx,
        row.id,
        row.version,
        [&row.kind.as_str(), &row.relation, &row.name, &row.born, &row.school, &row.note],
    );
    diesel::insert_into(household_versions::table).values(row).execute(tx.conn)?;
    Ok(())
}

/// Who lives with a survivor now, in the order in which they were added.
pub fn list_household(conn: &mut DbConn, access: &SurvivorAccess) -> Result<Vec<HouseholdVersion>> {
    let live = HouseholdVersion::query()
        .filter(household_versions::survivor_id.eq(access.id()))
        .filter(household_versions::superseded_at.is_null());
    Ok(live.order(household_versions::member_id).limit(MOST).load(conn)?)
}

/// Who of a survivor's household is at risk, as the survivor or their side wrote freely.
pub fn list_at_risk(conn: &mut DbConn, survivor: SurvivorId) -> Result<Vec<HouseholdVersion>> {
    let live = HouseholdVersion::query()
        .filter(household_versions::survivor_id.eq(survivor))
        .filter(household_versions::superseded_at.is_null())
        .filter(household_versions::is_at_risk.eq(true))
        .filter(household_versions::is_duress.eq(false));
    Ok(live.order(household_versions::member_id).limit(MOST).load(conn)?)
}

pub fn find_member(
    conn: &mut DbConn,
    access: &SurvivorAccess,
    member: HouseholdMemberId,
) -> Result<Option<HouseholdVersion>> {
    let live = HouseholdVersion::query()
        .filter(household_versions::member_id.eq(member))
        .filter(household_versions::survivor_id.eq(access.id()))
        .filter(household_versions::superseded_at.is_null());
    Ok(live.first(conn).optional()?)
}

/// All versions of what is and was known of somebody, newest first.
pub fn list_member_versions(
    conn: &mut DbConn,
    access: &SurvivorAccess,
    member: HouseholdMemberId,
) -> Result<Vec<HouseholdVersion>> {
    let versions = HouseholdVersion::query()
        .filter(household_versions::member_id.eq(member))
        .filter(household_versions::survivor_id.eq(access.id()));
    Ok(versions.order(household_versions::version.desc()).limit(MOST).load(conn)?)
}

/// Ends a version, unless it has ended.
pub fn supersede_member(
    conn: &mut DbConn,
    id: HouseholdVersionId,
    removed_by: Option<StaffId>,
    now: Instant,
) -> Result<bool> {
    let live = household_versions::table.find(id).filter(household_versions::superseded_at.is_null());
    let ended = (household_versions::superseded_at.eq(Some(now)), household_versions::removed_by.eq(removed_by));
    Ok(cached(diesel::update(live).set(ended)).execute(conn)? == 1)
}
