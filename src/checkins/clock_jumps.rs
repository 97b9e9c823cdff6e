//! After the clock went back: what was decided while it was fast, and has not come yet, is watched for once more. A slot that
//! the survivor answered meanwhile stays answered.

use super::schedule::{ScheduleState, reminders};
use super::store;
use super::timers::{Timer, TimerState};
use crate::app::App;
use crate::db::CheckInId;
use crate::error::{Error, Result, isolate};
use crate::tx::{Actor, Subject, Tx};

/// Timers that were started under the fast clock run as long as they were meant to, and no longer; those that it let run out
/// before their time run on. Slots that were marked missed before their grace is over, and that nobody has answered, wait
/// again. The alerts that such a miss raised stay: people close them. Returns how many timers and slots.
pub async fn repair_after_clock_rollback(app: &App) -> Result<usize> {
    let timers = app.transact(Actor::System, "mind_clock", run_as_long_as_meant).await?;
    let now = app.clock.now();
    let missed = app.db.read(move |conn| store::list_missed_ahead(conn, now)).await?;
    let all = missed.len();
    match app.each(missed, "wait_for_check_in_again", reopen_slot).await {
        done if done == all => Ok(timers + done),
        _ => Err(Error::Unavailable),
    }
}

fn run_as_long_as_meant(tx: &mut Tx<'_>) -> Result<usize> {
    let rows = store::list_timers_of_the_future(tx.conn, tx.now)?;
    for row in &rows {
        let ends_at = tx.now.plus_seconds(row.ends_at.seconds_since(row.started_at)).min(row.ends_at);
        store::update_timer(tx.conn, row, &Timer { ends_at, next_action_at: Some(ends_at), ..row.clone() })?;
    }
    let ended = store::list_timers_ended_ahead(tx.conn, tx.now)?;
    for row in &ended {
        let running =
            Timer { state: TimerState::Running, next_action_at: Some(row.ends_at), expired_at: None, ..row.clone() };
        store::update_timer(tx.conn, row, &running)?;
    }
    Ok(rows.len() + ended.len())
}

/// Lets one slot wait again; true once there is nothing more to do about it, as with one that cannot be read.
fn reopen_slot(tx: &mut Tx<'_>, id: CheckInId) -> Result<bool> {
    let waits = isolate(wait_for(tx, id), |error| {
        tracing::error!(check_in = %id, %error, "a check-in that was missed ahead of its time does not wait again");
    });
    waits.map(|()| true)
}

fn wait_for(tx: &mut Tx<'_>, id: CheckInId) -> Result<()> {
    let Some(slot) = store::find_missed(tx.conn, id)? else { return Ok(()) };
    tx.about(Subject::of("survivor", slot.survivor_id));
    let schedule = match slot.schedule_id {
        Some(schedule) => store::lock_schedule(tx.conn, schedule)?,
        None => None,
    };
    let Some(schedule) = schedule.filter(|schedule| schedule.state == ScheduleState::Active) else {
        tx.outcome("not_active");
        return Ok(());
    };
    let remind_at = reminders::first(&schedule, slot.due_at.unwrap_or(slot.happened_at), tx.now);
    tx.notify_worker();
    store::reopen_slot(tx.conn, &slot, remind_at).map(drop)
}
