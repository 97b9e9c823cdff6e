//! What a decoy mirrors: schedules and their slots, when a check-in was answered, timers. A bystander of the phone may have
//! seen these; nothing of what was said goes with them, nor what was never on the phone.
//!
//! A decoy's schedule and slots are rows of their own, so that a session under duress answers them as any session does, and
//! the worker looks at them as at any. The phone knows each by the id of the one that it mirrors (`twin_of`), or of the one
//! that will be.

use super::model::{Answer, CheckIn, StoredState};
use super::schedule::model::Schedule;
use super::schedule::run::make_next_slot;
use super::timers::model::Timer;
use super::{one_question, store};
use crate::access::SurvivorAccess;
use crate::db::{CheckInId, Instant, ScheduleId, SurvivorId, TimerId};
use crate::error::Result;
use crate::identity;
use crate::tx::Tx;

/// Check-ins and timers of before that a new decoy mirrors, the latest of each.
const MIRRORED: i64 = 200;

/// Fills a decoy that was just made from the survivor's own record.
pub fn fill_decoy(tx: &mut Tx<'_>, own: &SurvivorAccess, decoy: SurvivorId) -> Result<()> {
    let mut twins: Vec<(ScheduleId, ScheduleId)> = Vec::new();
    for row in store::list_schedules(tx.conn, own)?.into_iter().rev() {
        let twin = twin_of(&row, decoy, tx.now);
        twins.push((row.id, twin.id));
        store::insert_schedule(tx, twin)?;
    }
    let mut rows = store::list_without_duress(tx.conn, own, None, MIRRORED)?;
    rows.reverse();
    for row in rows {
        let schedule_id = twins.iter().find(|(own, _)| Some(*own) == row.schedule_id).map(|(_, twin)| *twin);
        if row.schedule_id.is_some() || row.state == StoredState::Safe {
            let bare = bare(&row, decoy, tx.now);
            store::insert_check_in(tx, CheckIn { schedule_id, ..bare })?;
        }
    }
    let mut rows = store::list_timers(tx.conn, own, None, MIRRORED)?;
    rows.reverse();
    for row in &rows {
        mirror_timer(tx, row, decoy)?;
    }
    Ok(())
}

fn twin_of(row: &Schedule, decoy: SurvivorId, now: Instant) -> Schedule {
    Schedule { id: ScheduleId::new(now), survivor_id: decoy, twin_of: Some(row.id), ..row.clone() }
}

/// A check-in as a decoy has it: when it was due, and when it was answered. Whatever the answer was, it shows as safe.
fn bare(row: &CheckIn, decoy: SurvivorId, now: Instant) -> CheckIn {
    let state = match row.state {
        StoredState::Waiting | StoredState::Missed => row.state,
        StoredState::Safe | StoredState::Concern | StoredState::HelpNow => StoredState::Safe,
    };
    CheckIn {
        state,
        opens_at: row.opens_at,
        due_at: row.due_at,
        grace_ends_at: row.grace_ends_at,
        next_action_at: row.next_action_at,
        missed_at: row.missed_at,
        resolved_at: row.resolved_at,
        happened_at: row.happened_at,
        twin_of: Some(row.id),
        ..answered(row, CheckIn::blank(decoy, now))
    }
}

/// A row with that an answer was given, and none of it.
fn answered(row: &CheckIn, blank: CheckIn) -> CheckIn {
    CheckIn {
        answer: row.answer.map(|_| Answer::Safe),
        recorded_at: row.recorded_at,
        received_at: row.received_at,
        device_id: row.device_id,
        clock_offset_seconds: row.clock_offset_seconds,
        recorded_by: row.recorded_by,
        is_proven: row.is_proven,
        ..blank
    }
}

/// Makes the same schedule for the survivor's decoy.
pub fn schedule_made(tx: &mut Tx<'_>, row: &Schedule) -> Result<()> {
    let Some(decoy) = identity::decoy_of(tx.conn, row.survivor_id)? else { return Ok(()) };
    let twin = twin_of(row, decoy, tx.now);
    tx.mirror(|tx| {
        store::insert_schedule(tx, twin.clone())?;
        make_next_slot(tx, &twin, tx.now).map(drop)
    })
}

/// Shows on the survivor's decoy, where there is one, that a check-in was answered. Of those that nobody asked for a decoy has
/// the plain ones.
pub fn check_in_answered(tx: &mut Tx<'_>, row: &CheckIn, decoy: Option<SurvivorId>) -> Result<()> {
    if row.schedule_id.is_none() && row.state != StoredState::Safe {
        return Ok(());
    }
    let Some(decoy) = decoy else { return Ok(()) };
    tx.mirror(|tx| {
        if row.schedule_id.is_some() {
            let slot = store::find_check_in(tx.conn, decoy, row.id)?;
            let Some(slot) = slot.filter(|slot| !slot.is_answered()) else { return Ok(()) };
            let answer = answered(row, slot.clone());
            return one_question::answer(tx, &slot, CheckIn { state: StoredState::Safe, ..answer }).map(drop);
        }
        store::insert_check_in(tx, bare(row, decoy, tx.now))
    })
}

/// Shows on the survivor's decoy that a missed check-in was resolved.
pub fn check_in_resolved(tx: &mut Tx<'_>, survivor: SurvivorId, id: CheckInId) -> Result<()> {
    let Some(decoy) = identity::decoy_of(tx.conn, survivor)? else { return Ok(()) };
    tx.mirror(|tx| {
        let Some(slot) = store::find_check_in(tx.conn, decoy, id)? else { return Ok(()) };
        let resolved = CheckIn { resolved_at: Some(tx.now), ..slot.clone() };
        store::update_review(tx.conn, &slot, &resolved).map(drop)
    })
}

/// Copies the state of a timer to the survivor's decoy.
pub fn timer_changed(tx: &mut Tx<'_>, row: &Timer) -> Result<()> {
    let Some(decoy) = identity::decoy_of(tx.conn, row.survivor_id)? else { return Ok(()) };
    tx.mirror(|tx| mirror_timer(tx, row, decoy))
}

/// Shows on the survivor's decoy that timers which had run out were answered by help-now: a press of before the phone was taken.
pub fn timers_answered(tx: &mut Tx<'_>, survivor: SurvivorId) -> Result<()> {
    let Some(decoy) = identity::decoy_of(tx.conn, survivor)? else { return Ok(()) };
    tx.mirror(|tx| store::set_expired_timers_help_now(tx.conn, decoy))
}

fn mirror_timer(tx: &mut Tx<'_>, row: &Timer, decoy: SurvivorId) -> Result<()> {
    let shown = row.client_id.unwrap_or(row.id);
    let twin = Timer { survivor_id: decoy, note: None, location: None, client_id: Some(shown), ..row.clone() };
    match store::find_own_timer(tx.conn, decoy, shown, None)? {
        // What a session under duress was shown goes on to show.
        Some(was) if was.ended_at.is_some() => Ok(()),
        Some(was) => {
            let is_further = twin.ended_at.is_none() && was.ends_at > twin.ends_at;
            let twin = match is_further {
                true => Timer {
                    ends_at: was.ends_at,
                    next_action_at: was.next_action_at,
                    extensions: was.extensions,
                    ..twin
                },
                false => twin,
            };
            store::update_timer(tx.conn, &was, &Timer { id: was.id, ..twin }).map(drop)
        }
        None => store::insert_timer(tx.conn, Timer { id: TimerId::new(tx.now), ..twin }),
    }
}
