//! Slots of several schedules at one instant are one question: what answers one answers all, and only the first that is
//! missed is a miss. Each keeps its own window and grace.

use super::model::CheckIn;
use super::schedule::run::make_next_slot;
use super::store;
use crate::db::Instant;
use crate::error::{Error, Result};
use crate::identity::{self, ShownAct};
use crate::tx::Tx;

/// Whether a slot was answered too late, at `now`.
pub fn is_late(slot: &CheckIn, now: Instant) -> bool {
    // Not by when it is looked at next: one that fails is put off, and its grace with it is over all the same.
    slot.next_action_at.is_none() || slot.grace_ends_at.is_none_or(|grace_ends| grace_ends <= now)
}

/// Keeps the answer to a slot, as `row` holds it, and to every other at its instant; `was` is the slot before.
pub fn answer(tx: &mut Tx<'_>, was: &CheckIn, row: CheckIn) -> Result<CheckIn> {
    let others = store::list_at_same_instant(tx.conn, was)?;
    let answered = answer_one(tx, was, row)?;
    for other in others.into_iter().filter(is_unanswered) {
        // The words, the place and what else was said stand with the one that was answered.
        let copy = CheckIn {
            state: answered.answer.map_or(other.state, Into::into),
            answer: answered.answer,
            feeling_safe: answered.feeling_safe,
            contact_since_last: answered.contact_since_last,
            recorded_at: answered.recorded_at,
            received_at: answered.received_at,
            device_id: answered.device_id,
            clock_offset_seconds: answered.clock_offset_seconds,
            recorded_by: answered.recorded_by,
            is_proven: answered.is_proven,
            ..other.clone()
        };
        answer_one(tx, &other, copy)?;
    }
    Ok(answered)
}

fn is_unanswered(slot: &CheckIn) -> bool {
    !slot.is_answered() && slot.resolved_at.is_none()
}

fn answer_one(tx: &mut Tx<'_>, was: &CheckIn, mut row: CheckIn) -> Result<CheckIn> {
    let stops_nothing = is_late(&row, tx.now) || !row.is_proven;
    if stops_nothing {
        // The sweep may not have come by yet; it still will, and the alarm is not this answer's to stop.
        row.state = was.state;
    } else {
        row.next_action_at = None;
    }
    store::lock_mirrored(tx.conn, row.id)?;
    if !store::update_answer(tx, was.state, &row)? {
        return Err(Error::write_conflict());
    }
    let schedule = match row.schedule_id {
        Some(id) if !stops_nothing => store::lock_schedule(tx.conn, id)?,
        _ => None,
    };
    if let (Some(schedule), Some(due)) = (schedule, row.due_at) {
        make_next_slot(tx, &schedule, due)?;
    }
    Ok(row)
}

/// Remembers that a session under duress was shown a slot as answered, with every other at its instant: no reminder may say
/// otherwise. They can still be missed. One that was answered without a PIN can be answered again, as in a genuine session.
pub fn show_answered(tx: &mut Tx<'_>, slot: &CheckIn, is_proven: bool) -> Result<()> {
    let mut slots = store::list_at_same_instant(tx.conn, slot)?;
    slots.retain(is_unanswered);
    slots.push(slot.clone());
    for slot in slots {
        store::set_remind_at(tx.conn, &slot, None)?;
        if is_proven {
            identity::show(tx, slot.survivor_id, ShownAct::Answer, slot.id)?;
        }
    }
    Ok(())
}

/// Whether no other slot at the instant of one that is missed was missed before it.
pub fn is_first_missed(tx: &mut Tx<'_>, slot: &CheckIn) -> Result<bool> {
    let others = store::list_at_same_instant(tx.conn, slot)?;
    if others.is_empty() {
        return Ok(true);
    }
    let ids = others.iter().map(|other| other.id).collect();
    store::lock_slots(tx.conn, ids)?;
    Ok(!store::list_at_same_instant(tx.conn, slot)?.iter().any(|other| other.missed_at.is_some()))
}
