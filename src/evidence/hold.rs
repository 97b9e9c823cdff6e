//! Legal hold: a supervisor forbids a file's removal, with a reason, and lifts that again with another.

use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::custody::{self, Circumstances};
use super::model::{CustodyKind, Evidence, EvidenceEvent, HoldRow, TRANSITIONS};
use super::store;
use crate::access::{movers, take};
use crate::crypto::{Keys, Private, PrivateText, SealedTable, seal, unseal};
use crate::db::{EvidenceHoldId, Instant, StaffId};
use crate::error::{Error, Result};
use crate::http::limits;
use crate::identity::Staff;
use crate::tx::Tx;

/// Why a file is held, or why no longer.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HoldBody {
    /// Why.
    #[garde(custom(limits::narrative))]
    #[schema(value_type = String, format = "narrative", example = "Asked for by the officer in the case")]
    pub reason: Private,
}

/// A hold, as staff see it.
#[serde_with::skip_serializing_none]
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct HoldView {
    /// Id.
    pub id: EvidenceHoldId,
    /// Why.
    pub reason: String,
    /// Who placed it.
    pub placed_by: StaffId,
    /// When.
    pub placed_at: Instant,
    /// Why it was lifted.
    pub lift_reason: Option<String>,
    /// When.
    pub lifted_at: Option<Instant>,
}

impl HoldView {
    /// The view of a hold.
    pub fn of(keys: &Keys, file: &Evidence, row: &HoldRow) -> Result<Self> {
        let hold = HoldRow::sealing(keys, file.survivor_id, row.id);
        Ok(Self {
            id: row.id,
            reason: unseal!(hold.reason, &row.reason)?.shown(),
            placed_by: row.placed_by,
            placed_at: row.placed_at,
            lift_reason: unseal!(hold.lift_reason, &row.lift_reason)?.shown(),
            lifted_at: row.lifted_at,
        })
    }
}

/// Forbids the removal of a file.
///
/// # Errors
/// 409 when it is held already, or not here whole.
pub fn place_hold(tx: &mut Tx<'_>, staff: &Staff, file: &Evidence, reason: &Private) -> Result<Evidence> {
    let held = move_on(tx, staff, file, EvidenceEvent::Hold)?;
    let id = EvidenceHoldId::new(tx.now);
    let new = HoldRow::sealing(tx.keys, file.survivor_id, id);
    let row = HoldRow {
        id,
        evidence_id: file.id,
        reason: seal!(new.reason, reason)?,
        placed_by: staff.id,
        placed_at: tx.now,
        lift_reason: None,
        lifted_by: None,
        lifted_at: None,
    };
    store::insert_hold(tx.conn, row)?;
    custody::record(tx, &held, CustodyKind::Held, Circumstances { reason: Some(reason), ..Circumstances::default() })?;
    Ok(held)
}

/// Allows it again.
///
/// # Errors
/// 409 when it is not held.
pub fn lift(tx: &mut Tx<'_>, staff: &Staff, file: &Evidence, reason: &Private) -> Result<Evidence> {
    let kept = move_on(tx, staff, file, EvidenceEvent::Release)?;
    let open = store::list_holds(tx.conn, file.id)?.into_iter().find(|hold| hold.lifted_at.is_none());
    let mut hold = open.ok_or_else(|| Error::internal("a held file without a hold"))?;
    let lifted = HoldRow::sealing(tx.keys, file.survivor_id, hold.id);
    hold.lift_reason = Some(seal!(lifted.lift_reason, reason)?);
    (hold.lifted_by, hold.lifted_at) = (Some(staff.id), Some(tx.now));
    store::update_hold(tx.conn, &hold)?;
    let about = Circumstances { reason: Some(reason), ..Circumstances::default() };
    custody::record(tx, &kept, CustodyKind::Released, about)?;
    Ok(kept)
}

fn move_on(tx: &mut Tx<'_>, staff: &Staff, file: &Evidence, event: EvidenceEvent) -> Result<Evidence> {
    let state = take(TRANSITIONS, file.state, event, &movers(staff), &())?;
    let moved = Evidence { state, ..file.clone() };
    if !store::update(tx.conn, file, &moved)? {
        return Err(Error::met_another());
    }
    Ok(moved)
}
