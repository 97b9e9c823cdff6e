//! How a schedule runs: the next slot of each, until it ends.

use super::model::{Schedule, ScheduleState};
use super::reminders;
use crate::checkins::model::{CheckIn, StoredState};
use crate::checkins::store;
use crate::db::{CheckInId, DbConn, Instant};
use crate::error::{Error, Result, isolate};
use crate::events::Event;
use crate::tx::Tx;

/// Makes the next slot. A schedule that cannot be read undoes nothing else: an advocate is notified that it watches no more.
pub(in crate::checkins) fn go_on(tx: &mut Tx<'_>, schedule: &Schedule, after: Instant) -> Result<()> {
    let made = make_next_slot(tx, schedule, after).map(drop);
    isolate(made, |error| {
        tracing::error!(schedule = %schedule.id, %error, "a schedule has no next slot");
        tx.emit(Event::ScheduleRanOut { survivor: schedule.survivor_id, schedule: schedule.id });
    })
}

/// Makes the slot that is due next after an instant, unless a later one waits already; only one slot of a schedule waits
/// for what is to come. A rule that has run out ends its schedule.
pub(in crate::checkins) fn make_next_slot(
    tx: &mut Tx<'_>,
    schedule: &Schedule,
    after: Instant,
) -> Result<Option<Instant>> {
    if schedule.state != ScheduleState::Active {
        return Ok(None);
    }
    if let Some(due) = store::next_waiting(tx.conn, schedule.id, after)? {
        // It waits since a pause ended, or since the clock was fast.
        return Ok(Some(due));
    }
    let recurrence = schedule.recurrence()?;
    let mut after = after;
    while let Some(due) = recurrence.next_due_after(after) {
        if !store::has_slot_at(tx.conn, schedule.id, due)? {
            insert_slot(tx, schedule, due)?;
            return Ok(Some(due));
        }
        // It was answered before it was due.
        after = due;
    }
    end(tx, schedule.clone(), "rule_has_run_out".to_owned())?;
    // Nobody ended it: an advocate is asked whether the survivor is to be watched further.
    tx.emit(Event::ScheduleRanOut { survivor: schedule.survivor_id, schedule: schedule.id });
    Ok(None)
}

/// Makes the slots that fell due by now and that the worker has not come to: what changes the schedule takes none back.
pub(in crate::checkins) fn catch_up(tx: &mut Tx<'_>, schedule: &Schedule) -> Result<()> {
    let Some(mut last) = store::latest_due(tx.conn, schedule.id)? else { return Ok(()) };
    // A schedule that cannot be read watches nothing; it can be ended all the same.
    let Ok(recurrence) = schedule.recurrence() else { return Ok(()) };
    while let Some(due) = recurrence.next_due_after(last).filter(|due| *due <= tx.now) {
        insert_slot(tx, schedule, due)?;
        last = due;
    }
    Ok(())
}

fn insert_slot(tx: &mut Tx<'_>, schedule: &Schedule, due: Instant) -> Result<()> {
    let grace_ends_at = due.plus_minutes(i64::from(schedule.grace_minutes));
    let (id, twin_of) = slot_ids(tx.conn, schedule, due, tx.now)?;
    let slot = CheckIn {
        id,
        twin_of,
        schedule_id: Some(schedule.id),
        state: StoredState::Waiting,
        opens_at: Some(due.plus_minutes(-i64::from(schedule.opens_minutes_before))),
        due_at: Some(due),
        grace_ends_at: Some(grace_ends_at),
        next_action_at: Some(grace_ends_at),
        happened_at: due,
        remind_at: reminders::first(schedule, due, tx.now),
        ..CheckIn::blank(schedule.survivor_id, tx.now)
    };
    store::insert_check_in(tx, slot)
}

/// The ids of a slot to be: its own, and that by which the phone knows a decoy's. Whichever of the two is made first names
/// both.
fn slot_ids(
    conn: &mut DbConn,
    schedule: &Schedule,
    due: Instant,
    now: Instant,
) -> Result<(CheckInId, Option<CheckInId>)> {
    let new = CheckInId::new(now);
    let Some(own) = schedule.twin_of else {
        return Ok((store::find_twin_at(conn, schedule.id, due)?.unwrap_or(new), None));
    };
    // Another that makes the survivor's own slot meanwhile waits, or has committed and is seen.
    store::lock_schedule(conn, own)?;
    let shown = store::find_slot_at(conn, own, due)?.unwrap_or_else(|| CheckInId::new(now));
    Ok((new, Some(shown)))
}

/// Ends a schedule, with its slots that have yet to fall due.
pub(in crate::checkins) fn end(tx: &mut Tx<'_>, row: Schedule, reason: String) -> Result<Schedule> {
    if row.state == ScheduleState::Ended {
        return Err(Error::wrong_state("this schedule is over"));
    }
    if row.state == ScheduleState::Active {
        catch_up(tx, &row)?;
    }
    store::delete_waiting_slots(tx.conn, row.id, tx.now)?;
    let ended = Schedule {
        state: ScheduleState::Ended,
        paused_until: None,
        next_action_at: None,
        state_reason: Some(reason),
        ended_at: Some(tx.now),
        ..row
    };
    keep(tx, ended)
}

pub(super) fn keep(tx: &mut Tx<'_>, row: Schedule) -> Result<Schedule> {
    if !store::update_schedule_state(tx, &row)? {
        return Err(Error::wrong_state("the schedule changed at the same moment; read it again"));
    }
    Ok(Schedule { version: row.version + 1, ..row })
}
