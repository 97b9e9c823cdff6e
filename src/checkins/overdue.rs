//! Becoming missed: what the worker does when the grace of a slot has passed.

use diesel::prelude::*;
use futures_util::StreamExt;

use super::model::{CheckIn, StoredState};
use super::schedule::run::go_on;
use super::{one_question, store};
use crate::app::App;
use crate::db::schema::check_ins;
use crate::db::{CheckInId, DbConn, Instant, ScheduleId, cached};
use crate::error::{Error, Result};
use crate::events::Event;
use crate::tx::{Actor, Subject, Tx};

/// Slots looked at in one go: few enough that what the first of a crowd lead to is on its way before the last is looked
/// at, since the worker's later steps run between two goes.
const BATCH: i64 = 64;
/// Transactions under way at once; they share commits.
const AT_ONCE: usize = 64;
/// How far back an unbroken run of misses is counted.
const RUN: i64 = 10;
/// Minutes by which a slot is put off that could not be marked missed.
const PUT_OFF_MINUTES: i64 = 1;

/// Marks every overdue slot missed, each in a transaction of its own, so that one that fails holds up no other. Returns
/// how many were marked.
pub async fn overdue(app: &App) -> Result<usize> {
    let now = app.clock.now();
    let due = app.db.read(move |conn| list_due(conn, now, BATCH)).await?;
    let marking = futures_util::stream::iter(due).map(|id| async move {
        let work = move |tx: &mut Tx<'_>| miss(tx, id);
        match app.transact(Actor::System, "miss_check_in", work).await {
            Ok(is_marked) => is_marked,
            Err(error) => {
                tracing::error!(check_in = %id, %error, "a check-in could not be marked missed; it is tried again");
                put_off(app, id, &error).await;
                false
            }
        }
    });
    Ok(marking.buffer_unordered(AT_ONCE).filter(|marked| std::future::ready(*marked)).count().await)
}

/// Lets a slot that fails by itself wait a minute, so that it takes no other's place in the next go.
async fn put_off(app: &App, id: CheckInId, error: &Error) {
    if error.is_of_the_database() {
        return;
    }
    let work = move |tx: &mut Tx<'_>| wait_a_little(tx.conn, id, tx.now);
    if let Err(error) = app.transact(Actor::System, "put_off_check_in", work).await {
        tracing::error!(check_in = %id, %error, "a check-in that fails could not be put off");
    }
}

/// Marks one slot missed, unless somebody else has, or it was answered meanwhile; emits the event, and makes the next.
fn miss(tx: &mut Tx<'_>, id: CheckInId) -> Result<bool> {
    store::lock_mirrored(tx.conn, id)?;
    let Some(slot) = claim(tx.conn, id, tx.now)? else {
        tx.outcome("not_due");
        return Ok(false);
    };
    tx.about(Subject::of("survivor", slot.survivor_id));
    let due_at = slot.due_at.unwrap_or(slot.happened_at);
    if one_question::is_first_missed(tx, &slot)? {
        let in_a_row = count_in_a_row(tx, &slot, due_at)?;
        tx.emit(Event::CheckInMissed { survivor: slot.survivor_id, check_in: id, due_at, in_a_row });
    }
    let schedule = match slot.schedule_id {
        Some(schedule) => store::lock_schedule(tx.conn, schedule)?,
        None => None,
    };
    if let Some(schedule) = schedule {
        go_on(tx, &schedule, due_at)?;
    }
    Ok(true)
}

fn count_in_a_row(tx: &mut Tx<'_>, slot: &CheckIn, due_at: Instant) -> Result<u32> {
    let Some(schedule) = slot.schedule_id else { return Ok(1) };
    let latest = list_latest(tx.conn, schedule, due_at, RUN)?;
    let run = latest.iter().take_while(|slot| slot.state == StoredState::Missed && !slot.is_answered()).count();
    Ok(u32::try_from(run).unwrap_or(1).max(1))
}

/// Slots whose time has come, the longest overdue first: one indexed query.
fn list_due(conn: &mut DbConn, now: Instant, limit: i64) -> Result<Vec<CheckInId>> {
    let due =
        check_ins::table.filter(check_ins::next_action_at.le(now)).filter(check_ins::next_action_at.is_not_null());
    Ok(due.order(check_ins::next_action_at).limit(limit).select(check_ins::id).load(conn)?)
}

/// Marks a slot missed, if it still waits and its grace has passed.
fn claim(conn: &mut DbConn, id: CheckInId, now: Instant) -> Result<Option<CheckIn>> {
    let overdue = check_ins::table
        .find(id)
        .filter(check_ins::state.eq(StoredState::Waiting))
        .filter(check_ins::next_action_at.le(now));
    let changed = cached(diesel::update(overdue).set((
        check_ins::state.eq(StoredState::Missed),
        check_ins::missed_at.eq(Some(now)),
        check_ins::next_action_at.eq(None::<Instant>),
        check_ins::remind_at.eq(None::<Instant>),
    )))
    .execute(conn)?;
    if changed == 0 {
        return Ok(None);
    }
    Ok(CheckIn::query().find(id).first(conn).optional()?)
}

/// The latest slots of a schedule, newest first.
fn list_latest(conn: &mut DbConn, schedule: ScheduleId, until: Instant, limit: i64) -> Result<Vec<CheckIn>> {
    let slots = CheckIn::query().filter(check_ins::schedule_id.eq(schedule)).filter(check_ins::due_at.le(until));
    Ok(slots.order(check_ins::due_at.desc()).limit(limit).load(conn)?)
}

/// Lets a slot that waits be looked at a little later.
fn wait_a_little(conn: &mut DbConn, id: CheckInId, now: Instant) -> Result<()> {
    let waiting = check_ins::table.find(id).filter(check_ins::state.eq(StoredState::Waiting));
    let later = now.plus_minutes(PUT_OFF_MINUTES);
    diesel::update(waiting).set(check_ins::next_action_at.eq(Some(later))).execute(conn)?;
    Ok(())
}

/// When the next slot, timer or pause is to be looked at.
pub fn next_due(conn: &mut DbConn) -> Result<Option<Instant>> {
    let due = [next_slot(conn)?, store::next_timer(conn)?, store::next_resume(conn)?, store::next_reminder(conn)?];
    Ok(due.into_iter().flatten().min())
}

/// When the next slot is to be looked at.
fn next_slot(conn: &mut DbConn) -> Result<Option<Instant>> {
    let waiting = check_ins::table.filter(check_ins::next_action_at.is_not_null());
    let first: Option<Option<Instant>> =
        waiting.order(check_ins::next_action_at).select(check_ins::next_action_at).first(conn).optional()?;
    Ok(first.flatten())
}

/// Since when the oldest slot that should have been marked missed waits, whether or not it was put off.
pub fn lagging_since(conn: &mut DbConn, now: Instant) -> Result<Option<Instant>> {
    // A decoy that cannot be kept up holds back no sign of life.
    let late = check_ins::table.filter(check_ins::twin_of.is_null());
    let late = late.filter(check_ins::next_action_at.le(now.plus_minutes(PUT_OFF_MINUTES)));
    let first: Option<Instant> =
        late.filter(check_ins::grace_ends_at.le(now)).select(diesel::dsl::min(check_ins::grace_ends_at)).first(conn)?;
    Ok(first)
}
