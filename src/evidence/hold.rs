//! Legal hold: a supervisor forbids a file's removal, with a reason, for thirty days, and lifts or renews that with another.
//! Against the survivor's wish it takes a second person, and is in force from then on.
//!
//! A hold is `awaiting_second_person → in_force → lifted`, or `over` when its days are.

use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::acts::FileStanding;
use super::custody::{self, Circumstances};
use super::model::{CustodyKind, Evidence, LegalHoldRow};
use super::states::{EvidenceEvent, EvidenceState};
use super::{remove, store};
use crate::crypto::{Keys, Private, PrivateText, SealedTable, seal, unseal};
use crate::db::{EvidenceHoldId, EvidenceId, Instant, StaffId, text_enum};
use crate::error::{Error, Result};
use crate::events::EvidenceMatter;
use crate::http::limits;
use crate::identity::{self, Staff};
use crate::transitions::{Mover, movers};
use crate::tx::{Subject, Tx};

/// Days for which a hold keeps a file, from when it is placed or renewed.
const DAYS: i64 = 30;
/// Days before its end on which a supervisor is asked whether it goes on.
const ASK_DAYS: i64 = 3;
/// Hours within which a second person looks at one.
const APPROVE_HOURS: i64 = 24;

text_enum! {
    /// The state of a hold.
    pub enum HoldState {
        /// It is against the survivor's wish, and a second person has yet to approve it.
        AwaitingSecondPerson = "awaiting_second_person",
        /// It keeps the file.
        InForce = "in_force",
        /// It was lifted.
        Lifted = "lifted",
        /// Its days are over.
        Over = "over",
    }
}

/// Why a file is to be held.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlaceHoldBody {
    /// Why.
    #[garde(custom(limits::narrative))]
    #[schema(value_type = String, format = "narrative", example = "Asked for by the officer in the case")]
    pub reason: Private,
    /// Whether the survivor does not want it: then a second person approves it. Always so for a file that they took back.
    #[garde(skip)]
    #[serde(default)]
    pub is_against_wish: bool,
}

/// Why a file is held for longer, or no longer.
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
    /// Its state.
    pub state: HoldState,
    /// Why.
    pub reason: String,
    /// Who placed it.
    pub placed_by: StaffId,
    /// When.
    pub placed_at: Instant,
    /// When it ends by itself.
    pub until: Instant,
    /// Whether the survivor does not want it.
    pub is_against_wish: bool,
    /// The second person.
    pub approved_by: Option<StaffId>,
    /// When they approved it.
    pub approved_at: Option<Instant>,
    /// Who renewed it last.
    pub renewed_by: Option<StaffId>,
    /// Why it was lifted.
    pub lift_reason: Option<String>,
    /// When.
    pub lifted_at: Option<Instant>,
}

impl HoldView {
    /// The view of a hold.
    pub fn of(keys: &Keys, file: &Evidence, row: &LegalHoldRow, now: Instant) -> Result<Self> {
        let hold = LegalHoldRow::sealing(keys, file.survivor_id, row.id);
        Ok(Self {
            id: row.id,
            state: match row {
                row if row.lifted_at.is_some() => HoldState::Lifted,
                row if !row.is_live(now) => HoldState::Over,
                row if row.awaits_second_person() => HoldState::AwaitingSecondPerson,
                _ => HoldState::InForce,
            },
            reason: unseal!(hold.reason, &row.reason)?.shown(),
            placed_by: row.placed_by,
            placed_at: row.placed_at,
            until: row.until_at,
            is_against_wish: row.is_against_wish,
            approved_by: row.approved_by,
            approved_at: row.approved_at,
            renewed_by: row.renewed_by,
            lift_reason: unseal!(hold.lift_reason, &row.lift_reason)?.shown(),
            lifted_at: row.lifted_at,
        })
    }
}

fn because(reason: &Private) -> Circumstances<'_> {
    Circumstances { reason: Some(reason), ..Circumstances::default() }
}

/// Forbids the removal of a file, or asks a second person to.
///
/// # Errors
/// 409 when it is held or asked for already, or not here whole.
pub fn place_hold(tx: &mut Tx<'_>, staff: &Staff, file: &Evidence, body: &PlaceHoldBody) -> Result<Evidence> {
    FileStanding::of(tx.conn, file, tx.now)?.may(EvidenceEvent::Hold, staff)?;
    let (id, is_against_wish) = (EvidenceHoldId::new(tx.now), body.is_against_wish || file.state.is_locked());
    let new = LegalHoldRow::sealing(tx.keys, file.survivor_id, id);
    let row = LegalHoldRow {
        id,
        evidence_id: file.id,
        reason: seal!(new.reason, &body.reason)?,
        placed_by: staff.id,
        placed_at: tx.now,
        lift_reason: None,
        lifted_by: None,
        lifted_at: None,
        until_at: tx.now.plus_days(DAYS),
        is_against_wish,
        approved_by: None,
        approved_at: None,
        renewed_by: None,
    };
    store::insert_hold(tx.conn, row.clone())?;
    if is_against_wish {
        ask_second_person(tx, file);
        return Ok(file.clone());
    }
    put_in_force(tx, staff, file, &row, (EvidenceEvent::Hold, because(&body.reason)))
}

/// Says that a hold waits for a second person.
pub(super) fn ask_second_person(tx: &mut Tx<'_>, file: &Evidence) {
    remove::waits(tx, file, EvidenceMatter::HoldToApprove, Some(tx.now.plus_hours(APPROVE_HOURS)));
}

/// Until when a file is not destroyed because a second person has yet to look at a hold.
pub(super) fn waited_for_until(hold: &LegalHoldRow) -> Instant {
    hold.placed_at.plus_hours(APPROVE_HOURS)
}

fn put_in_force(
    tx: &mut Tx<'_>,
    staff: &Staff,
    file: &Evidence,
    hold: &LegalHoldRow,
    (event, about): (EvidenceEvent, Circumstances<'_>),
) -> Result<Evidence> {
    let next_action_at = Some(hold.until_at.plus_days(-ASK_DAYS));
    let held = move_on(tx, &movers(staff), file, (event, next_action_at))?;
    custody::record(tx, &held, CustodyKind::Held, about)?;
    tx.notify_worker();
    Ok(held)
}

/// Approves a hold that is against the survivor's wish, as the second person.
///
/// # Errors
/// 409 where none waits, 403 where the caller placed it.
pub fn approve(tx: &mut Tx<'_>, staff: &Staff, file: &Evidence) -> Result<Evidence> {
    let mut hold = live_for(tx, staff, file, EvidenceEvent::ApproveHold)?;
    identity::is_another_person(tx, hold.placed_by, staff)?;
    (hold.approved_by, hold.approved_at) = (Some(staff.id), Some(tx.now));
    store::update_hold(tx.conn, &hold)?;
    remove::settled(tx, file, EvidenceMatter::HOLD);
    put_in_force(tx, staff, file, &hold, (EvidenceEvent::ApproveHold, Circumstances::default()))
}

/// The hold of a file, for an act that the caller may do with it now.
fn live_for(tx: &mut Tx<'_>, staff: &Staff, file: &Evidence, act: EvidenceEvent) -> Result<LegalHoldRow> {
    let standing = FileStanding::of(tx.conn, file, tx.now)?;
    standing.may(act, staff)?;
    standing.hold.ok_or_else(|| Error::wrong_state("this file is not held"))
}

/// Renews a hold for thirty days from now. One against the survivor's wish is renewed by another person than the last time.
///
/// # Errors
/// 409 when it is not held, 403 where the caller placed or renewed it last.
pub fn renew(tx: &mut Tx<'_>, staff: &Staff, file: &Evidence, reason: &Private) -> Result<Evidence> {
    let mut hold = live_for(tx, staff, file, EvidenceEvent::RenewHold)?;
    if hold.is_against_wish {
        identity::is_another_person(tx, hold.renewed_by.unwrap_or(hold.placed_by), staff)?;
    }
    (hold.until_at, hold.renewed_by) = (tx.now.plus_days(DAYS), Some(staff.id));
    store::update_hold(tx.conn, &hold)?;
    store::set_due(tx.conn, file.id, Some(hold.until_at.plus_days(-ASK_DAYS)))?;
    custody::record(tx, file, CustodyKind::Held, because(reason))?;
    remove::settled(tx, file, EvidenceMatter::HOLD);
    Ok(file.clone())
}

/// Allows the removal again, or takes back what waits for a second person.
///
/// # Errors
/// 409 when it is not held.
pub fn lift(tx: &mut Tx<'_>, staff: &Staff, file: &Evidence, reason: &Private) -> Result<Evidence> {
    let mut hold = live_for(tx, staff, file, EvidenceEvent::Release)?;
    let lifted = LegalHoldRow::sealing(tx.keys, file.survivor_id, hold.id);
    hold.lift_reason = Some(seal!(lifted.lift_reason, reason)?);
    (hold.lifted_by, hold.lifted_at) = (Some(staff.id), Some(tx.now));
    store::update_hold(tx.conn, &hold)?;
    if hold.awaits_second_person() {
        remove::settled(tx, file, EvidenceMatter::HOLD);
        return Ok(file.clone());
    }
    release(tx, file, (&movers(staff), because(reason)))
}

fn release(tx: &mut Tx<'_>, file: &Evidence, (by, about): (&[Mover], Circumstances<'_>)) -> Result<Evidence> {
    let next_action_at = if file.state == EvidenceState::Locked { remove::destroyed_from(tx, file)? } else { None };
    let released = move_on(tx, by, file, (EvidenceEvent::Release, next_action_at))?;
    custody::record(tx, &released, CustodyKind::Released, about)?;
    remove::settled(tx, file, EvidenceMatter::HOLD);
    tx.notify_worker();
    Ok(released)
}

/// Looks at a hold whose time comes: a few days before its end somebody is asked, and then it is over. One on a sealed file
/// is asked about too; what follows from its end waits until the file is unsealed.
pub(super) fn mind(tx: &mut Tx<'_>, id: EvidenceId) -> Result<()> {
    let found = store::find_any(tx.conn, id)?;
    let held = |file: &Evidence| matches!(file.state_but_for_the_seal(), EvidenceState::Held | EvidenceState::Locked);
    let Some(file) = found.filter(held) else {
        tx.outcome("not_due");
        return Ok(());
    };
    tx.about(Subject::of("evidence", id));
    let Some(hold) = FileStanding::of(tx.conn, &file, tx.now)?.hold else {
        return match file.state {
            EvidenceState::Sealed => store::set_due(tx.conn, id, None),
            _ => release(tx, &file, (&[Mover::System], Circumstances::default())).map(drop),
        };
    };
    let ask_at = hold.until_at.plus_days(-ASK_DAYS);
    if ask_at > tx.now {
        return store::set_due(tx.conn, id, Some(ask_at));
    }
    remove::waits(tx, &file, EvidenceMatter::HoldEnding, Some(hold.until_at));
    store::set_due(tx.conn, id, Some(hold.until_at))
}

fn move_on(
    tx: &mut Tx<'_>,
    by: &[Mover],
    file: &Evidence,
    (event, next_action_at): (EvidenceEvent, Option<Instant>),
) -> Result<Evidence> {
    let state = file.after(event, by)?;
    let moved = Evidence { state, next_action_at, ..file.clone() };
    if !store::update(tx.conn, file, &moved)? {
        return Err(Error::write_conflict());
    }
    Ok(moved)
}
