//! Opening a record that is not one's own, for a while: somebody rings the duty line at two in the morning, and the person who answers
//! has to know whom they speak with.
//!
//! Only people on duty may (the caller makes sure), with a reason, for an hour at a time. It opens reading alone, and only
//! what [`reader`] is asked for. Whom the survivor's side keeps out it opens nothing to.

use diesel::prelude::*;
use serde::Serialize;
use utoipa::ToSchema;

use super::proof::{self, SurvivorAccess};
use crate::audit::records;
use crate::crypto::{Keys, Private, PrivateText, Sealed, SealedTable, open, seal, sealed_row};
use crate::db::schema::break_glass_openings;
use crate::db::{BreakGlassId, DbConn, Instant, StaffId, SurvivorId};
use crate::error::{Error, Result};
use crate::http::page::{Cursor, PageDsl as _};
use crate::identity::Staff;
use crate::tx::Tx;

/// Minutes for which a record stays open.
const MINUTES: i64 = 60;
/// Days that count as recent.
const RECENT_DAYS: i64 = 30;

/// One opening of a record; never changed.
#[derive(Clone, Debug, HasQuery, Insertable)]
#[diesel(table_name = break_glass_openings)]
pub struct GlassRow {
    /// Id.
    pub id: BreakGlassId,
    /// Whose record.
    pub survivor_id: SurvivorId,
    /// Who opened it.
    pub staff_id: StaffId,
    /// Why.
    pub reason: Sealed,
    /// When.
    pub opened_at: Instant,
    /// Until when it is open.
    pub expires_at: Instant,
}
sealed_row!(GlassRow, "break_glass_openings", survivor_id, id);

/// An opening of a survivor's record by somebody on duty who does not work with them.
#[derive(Serialize, ToSchema)]
pub struct BreakGlassView {
    /// Id.
    pub id: BreakGlassId,
    /// Who opened it.
    pub staff_id: StaffId,
    /// Why.
    #[schema(example = "They rang the duty line and are afraid to go home.")]
    pub reason: String,
    /// When.
    pub opened_at: Instant,
    /// Until when it is, or was, open to them.
    pub expires_at: Instant,
}

impl BreakGlassView {
    /// The view of a row.
    pub fn of(keys: &Keys, row: &GlassRow) -> Result<Self> {
        let reason = open!(keys, row.reason)?.shown();
        let GlassRow { id, staff_id, opened_at, expires_at, .. } = *row;
        Ok(Self { id, staff_id, reason, opened_at, expires_at })
    }
}

/// Opens a survivor's record to a colleague who is on duty, from now on.
///
/// # Errors
/// 404 for a survivor of another organisation, and for one whose side keeps the caller out.
pub fn break_glass(tx: &mut Tx<'_>, staff: &Staff, survivor: SurvivorId, reason: &Private) -> Result<GlassRow> {
    let access = proof::colleague(tx, staff, survivor)?;
    let id = BreakGlassId::new(tx.now);
    let new = GlassRow::sealing(tx.keys, survivor, id);
    let row = GlassRow {
        id,
        survivor_id: access.id(),
        staff_id: staff.id,
        reason: seal!(new.reason, reason)?,
        opened_at: tx.now,
        expires_at: tx.now.plus_minutes(MINUTES),
    };
    records::break_glass_openings(
        tx,
        row.id,
        [&row.survivor_id.0, &row.staff_id.0, &row.reason, &row.opened_at, &row.expires_at],
    );
    diesel::insert_into(break_glass_openings::table).values(row.clone()).execute(tx.conn)?;
    Ok(row)
}

/// What somebody may read of a survivor's record.
pub struct GlassReading {
    /// The proof.
    pub access: SurvivorAccess,
    /// Where the record is open to them for a while only: what came in before then stays closed.
    pub since: Option<Instant>,
}

impl GlassReading {
    /// Whether the record is theirs to work with, rather than open for a while.
    #[must_use]
    pub fn is_own(&self) -> bool {
        self.since.is_none()
    }

    /// Whether something of an instant is theirs to read.
    #[must_use]
    pub fn covers(&self, at: Instant) -> bool {
        self.since.is_none_or(|since| since <= at)
    }
}

/// Staff who work with a survivor, or to whom the record is open for now.
///
/// # Errors
/// 404 for everybody else.
pub fn reader(tx: &mut Tx<'_>, staff: &Staff, id: SurvivorId) -> Result<GlassReading> {
    match proof::survivor(tx, staff, id) {
        Err(Error::NotFound) if is_open(tx.conn, (id, staff.id), tx.now)? => {
            let access = proof::colleague(tx, staff, id)?;
            tx.because("break_glass");
            Ok(GlassReading { access, since: Some(tx.now.plus_days(-RECENT_DAYS)) })
        }
        found => found.map(|access| GlassReading { access, since: None }),
    }
}

/// Whether a survivor's record is open to a member of staff for now.
pub fn has_broken_glass(tx: &mut Tx<'_>, staff: &Staff, survivor: SurvivorId) -> Result<bool> {
    is_open(tx.conn, (survivor, staff.id), tx.now)
}

fn is_open(conn: &mut DbConn, (survivor, staff): (SurvivorId, StaffId), now: Instant) -> Result<bool> {
    let open = break_glass_openings::table
        .filter(break_glass_openings::survivor_id.eq(survivor))
        .filter(break_glass_openings::staff_id.eq(staff))
        .filter(break_glass_openings::opened_at.le(now))
        .filter(break_glass_openings::expires_at.gt(now));
    Ok(open.select(break_glass_openings::id).first::<BreakGlassId>(conn).optional()?.is_some())
}

/// The openings of a record, newest first, for those who work with it.
///
/// # Errors
/// 404 for everybody else.
pub fn list(
    tx: &mut Tx<'_>,
    staff: &Staff,
    survivor: SurvivorId,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<GlassRow>> {
    let access = proof::survivor(tx, staff, survivor)?;
    let rows = GlassRow::query().filter(break_glass_openings::survivor_id.eq(access.id())).into_boxed();
    Ok(rows.page(break_glass_openings::id, BreakGlassId, after, limit).load(tx.conn)?)
}
