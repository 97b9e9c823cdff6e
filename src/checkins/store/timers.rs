//! SQL of timers.

use diesel::prelude::*;

use crate::access::SurvivorAccess;
use crate::checkins::timers::model::{Timer, TimerState};
use crate::crypto::Sealed;
use crate::db::schema::{check_ins, timers};
use crate::db::{DbConn, Instant, SurvivorId, TimerId, cached};
use crate::error::Result;
use crate::http::page::Cursor;
use crate::identity::Survivor;

pub fn insert_timer(conn: &mut DbConn, row: Timer) -> Result<()> {
    diesel::insert_into(timers::table).values(row).execute(conn)?;
    Ok(())
}

pub fn find_timer(conn: &mut DbConn, id: TimerId) -> Result<Option<Timer>> {
    Ok(Timer::query().find(id).first(conn).optional()?)
}

/// A survivor's timer by the id under which it is shown: that which the phone made, or its own; started under duress or not, where that is said.
pub fn find_own_timer(
    conn: &mut DbConn,
    survivor: SurvivorId,
    id: TimerId,
    is_duress: Option<bool>,
) -> Result<Option<Timer>> {
    let itself = timers::id.eq(id).and(timers::client_id.is_null());
    let named = itself.or(timers::client_id.eq(id).assume_not_null());
    let mut own = Timer::query().filter(timers::survivor_id.eq(survivor)).filter(named).into_boxed();
    if let Some(is_duress) = is_duress {
        own = own.filter(timers::is_duress.eq(is_duress));
    }
    Ok(own.order((timers::is_duress, timers::id)).first(conn).optional()?)
}

/// By how much a phone's clock was last seen to be ahead of ours, since an instant.
pub fn known_offset(conn: &mut DbConn, phone: &Survivor, since: Instant) -> Result<Option<i64>> {
    let of_check_ins = check_ins::table
        .filter(check_ins::survivor_id.eq(phone.id))
        .filter(check_ins::device_id.eq(phone.device))
        .filter(check_ins::received_at.ge(since))
        .filter(check_ins::clock_offset_seconds.is_not_null());
    let of_check_ins = of_check_ins.order(check_ins::received_at.desc());
    let last: Option<Option<i32>> = of_check_ins.select(check_ins::clock_offset_seconds).first(conn).optional()?;
    let of_timers = timers::table
        .filter(timers::survivor_id.eq(phone.id))
        .filter(timers::device_id.eq(phone.device))
        .filter(timers::started_at.ge(since))
        .filter(timers::clock_offset_seconds.is_not_null());
    let of_timers = of_timers.order(timers::started_at.desc()).select(timers::clock_offset_seconds);
    let last = match last.flatten() {
        Some(last) => Some(last),
        None => of_timers.first::<Option<i32>>(conn).optional()?.flatten(),
    };
    Ok(last.map(i64::from))
}

/// The sealed location that a timer was started with, for the reads that are allowed of it.
pub fn find_timer_location(conn: &mut DbConn, access: &SurvivorAccess, id: TimerId) -> Result<Option<Sealed>> {
    Ok(find_timer(conn, id)?.filter(|timer| timer.survivor_id == access.id()).and_then(|timer| timer.location))
}

/// When a timer was started, which is when its location was given.
pub fn find_timer_start(conn: &mut DbConn, access: &SurvivorAccess, id: TimerId) -> Result<Option<Instant>> {
    Ok(find_timer(conn, id)?.filter(|timer| timer.survivor_id == access.id()).map(|timer| timer.started_at))
}

/// A survivor's timers but for those that were started under duress, newest first: for their phone.
pub fn list_timers(
    conn: &mut DbConn,
    access: &SurvivorAccess,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<Timer>> {
    let rows = Timer::query().filter(timers::survivor_id.eq(access.id()));
    let mut rows = rows.filter(timers::is_duress.eq(false)).into_boxed();
    if let Some((at, shown)) = after {
        let named = timers::table.filter(timers::survivor_id.eq(access.id()));
        let named = named.filter(timers::client_id.eq(TimerId(shown))).select(timers::id);
        let id = named.first(conn).optional()?.map_or(shown, |id: TimerId| id.0);
        rows = rows.filter(timers::started_at.lt(at).or(timers::started_at.eq(at).and(timers::id.lt(TimerId(id)))));
    }
    Ok(rows.order((timers::started_at.desc(), timers::id.desc())).limit(limit + 1).load(conn)?)
}

/// Keeps a timer as it now is, unless it changed from `was` meanwhile.
pub fn update_timer(conn: &mut DbConn, was: &Timer, row: &Timer) -> Result<bool> {
    let same = timers::table
        .find(row.id)
        .filter(timers::state.eq(was.state))
        .filter(timers::ends_at.eq(was.ends_at))
        .filter(timers::ended_at.is_null().eq(was.ended_at.is_none()));
    let changed = cached(diesel::update(same).set((
        timers::state.eq(row.state),
        timers::ends_at.eq(row.ends_at),
        timers::next_action_at.eq(row.next_action_at),
        timers::extensions.eq(row.extensions),
        timers::expired_at.eq(row.expired_at),
        timers::ended_at.eq(row.ended_at),
        timers::recorded_at.eq(row.recorded_at),
    )))
    .execute(conn)?;
    Ok(changed == 1)
}

/// Says of a survivor's expired timers that help-now was pressed.
pub fn set_expired_timers_help_now(conn: &mut DbConn, survivor: SurvivorId) -> Result<()> {
    let expired = timers::table.filter(timers::survivor_id.eq(survivor)).filter(timers::next_action_at.is_not_null());
    let expired = expired.filter(timers::state.eq(TimerState::Expired));
    cached(
        diesel::update(expired)
            .set((timers::state.eq(TimerState::HelpNow), timers::next_action_at.eq(None::<Instant>))),
    )
    .execute(conn)?;
    Ok(())
}

/// Timers whose time has come, the longest overdue first: one indexed query.
pub fn list_due_timers(conn: &mut DbConn, now: Instant, limit: i64) -> Result<Vec<TimerId>> {
    let due = timers::table.filter(timers::next_action_at.is_not_null()).filter(timers::next_action_at.le(now));
    Ok(due.order(timers::next_action_at).limit(limit).select(timers::id).load(conn)?)
}

/// Running timers that were started after now. One that was moved ends before it was started, and is not among them.
pub fn list_timers_of_the_future(conn: &mut DbConn, now: Instant) -> Result<Vec<Timer>> {
    let rows =
        Timer::query().filter(timers::state.eq(TimerState::Running)).filter(timers::next_action_at.is_not_null());
    Ok(rows.filter(timers::started_at.gt(now)).filter(timers::ends_at.gt(timers::started_at)).load(conn)?)
}

/// Timers of before that ran out while the clock was fast, ahead of their time, and that nobody has ended since.
pub fn list_timers_ended_ahead(conn: &mut DbConn, now: Instant) -> Result<Vec<Timer>> {
    let over = Timer::query().filter(timers::state.eq_any([TimerState::Expired, TimerState::Missed]));
    let ahead = over.filter(timers::expired_at.gt(now)).filter(timers::ends_at.gt(now));
    // One that was started under the fast clock did run out: its alert is right.
    let ahead = ahead.filter(timers::started_at.le(now));
    Ok(ahead.filter(timers::ended_at.is_null()).load(conn)?)
}

/// When the next timer is to be looked at.
pub fn next_timer(conn: &mut DbConn) -> Result<Option<Instant>> {
    let waiting = timers::table.filter(timers::next_action_at.is_not_null());
    let first: Option<Option<Instant>> =
        waiting.order(timers::next_action_at).select(timers::next_action_at).first(conn).optional()?;
    Ok(first.flatten())
}
