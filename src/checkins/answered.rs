//! What an answer says of itself, for what follows from it: that the survivor asks to be rung, and what is on alerts.

use super::model::{Answer, CheckIn};
use super::store;
use crate::access::SurvivorAccess;
use crate::db::{CheckInId, DbConn, Instant};
use crate::error::Result;
use crate::events::Event;
use crate::tx::Tx;

/// An answer, in codes and instants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answered {
    /// What it said.
    pub answer: Answer,
    /// Whether the grace of its slot was over when it came.
    pub is_late: bool,
    /// Whether a member of staff recorded it, having spoken to the survivor.
    pub is_recorded_by_staff: bool,
    /// Whether it needed no proof, or came with a PIN that had just been given.
    pub is_proven: bool,
    /// When the phone recorded it.
    pub recorded_at: Option<Instant>,
}

/// What a survivor's answer says; none where the check-in waits for one.
pub fn find_answered(conn: &mut DbConn, access: &SurvivorAccess, id: CheckInId) -> Result<Option<Answered>> {
    let Some(row) = store::find_check_in(conn, access.id(), id)? else { return Ok(None) };
    let is_late = row.grace_ends_at.zip(row.received_at).is_some_and(|(grace_ends, received)| grace_ends <= received);
    Ok(row.answer.map(|answer| Answered {
        answer,
        is_late,
        is_recorded_by_staff: row.recorded_by.is_some(),
        is_proven: row.is_proven,
        recorded_at: row.recorded_at,
    }))
}

/// States that the survivor asks to be rung, whatever else they said. Under duress nobody rings: the silent alert is what is
/// heard.
pub(super) fn ask_call_back(tx: &mut Tx<'_>, row: &CheckIn) -> Result<()> {
    if row.in_touch()?.call_back == Some(true) && !row.is_duress {
        tx.emit(Event::CallBackAsked { survivor: row.survivor_id, check_in: row.id });
    }
    Ok(())
}
