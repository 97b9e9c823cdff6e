//! All SQL of the rota.

use diesel::prelude::*;

use crate::db::schema::rota_shifts;
use crate::db::{DbConn, Instant, OrganisationId, ShiftId, StaffId};
use crate::error::Result;
use crate::escalation::rota::ShiftRow;

pub fn insert_shift(conn: &mut DbConn, row: ShiftRow) -> Result<()> {
    diesel::insert_into(rota_shifts::table).values(row).execute(conn)?;
    Ok(())
}

pub fn find_shift(conn: &mut DbConn, organisation: OrganisationId, id: ShiftId) -> Result<Option<ShiftRow>> {
    let own = ShiftRow::query().find(id).filter(rota_shifts::organisation_id.eq(organisation));
    Ok(own.first(conn).optional()?)
}

/// Cancels a shift; false when it was cancelled already.
pub fn cancel_shift(conn: &mut DbConn, id: ShiftId, (by, now): (StaffId, Instant), reason: &str) -> Result<bool> {
    let live = rota_shifts::table.find(id).filter(rota_shifts::cancelled_at.is_null());
    let changed = diesel::update(live)
        .set((
            rota_shifts::cancelled_at.eq(Some(now)),
            rota_shifts::cancelled_by.eq(Some(by)),
            rota_shifts::cancel_reason.eq(Some(reason)),
        ))
        .execute(conn)?;
    Ok(changed == 1)
}

/// Shifts that are not cancelled and cover any of a stretch of time, by when they start.
pub fn list_shifts(
    conn: &mut DbConn,
    organisation: OrganisationId,
    from: Instant,
    to: Instant,
) -> Result<Vec<ShiftRow>> {
    let live = ShiftRow::query()
        .filter(rota_shifts::organisation_id.eq(organisation))
        .filter(rota_shifts::cancelled_at.is_null())
        .filter(rota_shifts::ends_at.gt(from))
        .filter(rota_shifts::starts_at.lt(to));
    Ok(live.order((rota_shifts::starts_at, rota_shifts::id)).load(conn)?)
}

/// Whether an organisation plans shifts at all.
pub fn has_shifts(conn: &mut DbConn, organisation: OrganisationId) -> Result<bool> {
    let live = rota_shifts::table
        .filter(rota_shifts::organisation_id.eq(organisation))
        .filter(rota_shifts::cancelled_at.is_null());
    Ok(live.select(rota_shifts::id).first::<ShiftId>(conn).optional()?.is_some())
}
