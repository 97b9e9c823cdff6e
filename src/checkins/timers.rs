//! Timers: "I am walking home; if I have not ended this in twenty minutes, something is wrong".
//!
//! `running → ended_safe | expired → missed | help_now`; extending keeps it running. A timer runs from when the phone
//! recorded it, also where that was without signal, and one that runs out unanswered raises an urgent alert at once (rule
//! `timer_expired`); ending it after that is kept and closes nothing. Only a session unlocked by PIN starts, extends or ends
//! one. What a session under duress extends or ends is so on the decoy alone.

use super::locating::may_locate;
use super::{mirror, store};
use crate::app::App;
use crate::crypto::{Private, SealedTable, seal};
use crate::db::{Instant, SurvivorId, TimerId};
use crate::error::{Error, Result};
use crate::events::Event;
use crate::identity::{self, ShownAct, Survivor};
use crate::tx::{Subject, Tx};

pub(super) mod model;

pub use model::{CreateTimerBody, EndTimerBody, ExtendTimerBody, Timer, TimerState, TimerView};

/// The longest timer, in minutes, extensions included: a day. Longer is a schedule.
const LONGEST_MINUTES: i64 = 24 * 60;
/// Minutes after which an expired timer that nobody answered counts as missed.
const MISSED_MINUTES: i64 = 15;
/// Timers looked at in one go.
const BATCH: i64 = 500;
/// Seconds for which the alarm of a timer waits that has run out on the way, while the same call has more to say about it.
const FOLLOWED_SECONDS: i64 = 60;
/// Minutes within which a phone's time agrees with ours, so that no offset of before is needed to correct it.
const AGREES_MINUTES: i64 = 5;
/// Hours for which the offset of a phone's clock is taken to be known.
const OFFSET_KNOWN_HOURS: i64 = 24;
/// Days after which something recorded was hardly kept so long: the phone's clock is wrong, and now counts.
const KEPT_DAYS: i64 = 7;

/// How an act of a phone was sent.
#[derive(Clone, Copy, Debug, Default)]
pub struct SendCircumstances {
    /// By how many seconds the phone said, as it sent this, that its clock is ahead.
    pub offset_seconds: Option<i64>,
    /// Whether the same call has more to say about the same timer.
    pub is_followed: bool,
}

impl SendCircumstances {
    /// When a timer is to be looked at that ends at an instant.
    fn look_at(self, ends_at: Instant, now: Instant) -> Instant {
        if self.is_followed { ends_at.max(now.plus_seconds(FOLLOWED_SECONDS)) } else { ends_at }
    }
}

/// When a phone recorded something by our clock, never in the future; and by how much its clock is known to be ahead.
fn said_at(
    tx: &mut Tx<'_>,
    who: &Survivor,
    recorded_at: Option<Instant>,
    sent: SendCircumstances,
) -> Result<(Instant, Option<i64>)> {
    let now = tx.now;
    let Some(recorded_at) = recorded_at else { return Ok((now, sent.offset_seconds)) };
    let agrees = recorded_at.seconds_since(now).abs() <= AGREES_MINUTES * 60;
    let offset = match sent.offset_seconds {
        None if !agrees => store::known_offset(tx.conn, who, now.plus_hours(-OFFSET_KNOWN_HOURS))?,
        sent => sent,
    };
    let said_at = recorded_at.plus_seconds(-offset.unwrap_or(0)).min(now);
    let is_likely = said_at >= now.plus_days(-KEPT_DAYS);
    Ok((if is_likely { said_at } else { now }, offset))
}

/// Starts a timer. One with an id that the same survivor has sent before is the timer of then.
pub fn start(tx: &mut Tx<'_>, who: &Survivor, body: &CreateTimerBody, sent: SendCircumstances) -> Result<TimerView> {
    tx.about(Subject::of("survivor", who.id));
    if let Some(client_id) = body.id
        && let Some(row) = store::find_own_timer(tx.conn, who.id, client_id, (!who.is_duress).then_some(false))?
            .filter(|row| knows(who, row))
    {
        let row = if who.is_duress { as_shown(tx, row)? } else { row };
        return TimerView::of(tx.keys, &row, tx.now);
    }
    let (id, twin_of) = tx.mint();
    let id = TimerId(id);
    let (started_at, offset) = said_at(tx, who, body.recorded_at, sent)?;
    let ends_at = started_at.plus_minutes(body.minutes);
    let new = Timer::sealing(tx.keys, who.id, id);
    let location = match body.location {
        Some(location) if may_locate(tx, who.id, false)? => Some(Private::from(serde_json::to_string(&location)?)),
        _ => None,
    };
    let row = Timer {
        id,
        survivor_id: who.id,
        device_id: who.device,
        state: TimerState::Running,
        note: seal!(new.note, &body.note)?,
        location: seal!(new.location, &location)?,
        started_at,
        ends_at,
        next_action_at: Some(sent.look_at(ends_at, tx.now)),
        extensions: 0,
        expired_at: None,
        ended_at: None,
        recorded_at: body.recorded_at,
        is_duress: who.is_duress,
        client_id: body.id.or(twin_of.map(TimerId)),
        clock_offset_seconds: offset.and_then(|seconds| i32::try_from(seconds).ok()),
    };
    store::insert_timer(tx.conn, row.clone())?;
    if !who.is_duress {
        mirror::timer_changed(tx, &row)?;
    }
    tx.notify_worker();
    TimerView::of(tx.keys, &row, tx.now)
}

/// Whether a phone may know of a timer: one that nobody has confirmed, or whose place a newer one took, knows of those that it
/// started, and no other.
fn knows(who: &Survivor, row: &Timer) -> bool {
    who.may_read().is_ok() || row.device_id == who.device
}

/// Whether what a phone says of its timers is shown to it alone, and the timers run on: under duress, and where a newer phone took
/// its place.
fn is_only_shown(who: &Survivor) -> bool {
    who.is_duress || who.away_since().is_some()
}

fn own(tx: &mut Tx<'_>, who: &Survivor, id: TimerId) -> Result<Timer> {
    tx.about(Subject::of("survivor", who.id));
    let own = store::find_own_timer(tx.conn, who.id, id, None)?;
    let is_shown = |row: &Timer| who.is_duress || !row.is_duress;
    let own = own.filter(|row| knows(who, row) && is_shown(row)).ok_or(Error::NotFound)?;
    if is_only_shown(who) { as_shown(tx, own) } else { Ok(own) }
}

/// A timer as a session sees it whose acts are shown and not carried out.
fn as_shown(tx: &mut Tx<'_>, mut row: Timer) -> Result<Timer> {
    for (act, minutes) in identity::shown(tx.conn, row.id)? {
        match act {
            ShownAct::Extend => {
                row.ends_at = row.ends_at.plus_minutes(minutes);
                row.extensions += 1;
            }
            ShownAct::End => row.ended_at = Some(tx.now),
            _ => {}
        }
    }
    let runs_on = row.extensions > 0 && row.ends_at > tx.now;
    row.state = match row.state {
        _ if row.ended_at.is_some() => TimerState::EndedSafe,
        TimerState::Expired | TimerState::Missed if runs_on => TimerState::Running,
        state => state,
    };
    Ok(row)
}

/// Gives a timer more time that ran when the phone recorded this, up to a day in all.
pub fn extend(
    tx: &mut Tx<'_>,
    who: &Survivor,
    id: TimerId,
    body: &ExtendTimerBody,
    sent: SendCircumstances,
) -> Result<TimerView> {
    let row = own(tx, who, id)?;
    let (said_at, _) = said_at(tx, who, body.recorded_at, sent)?;
    if row.state_at(said_at) != TimerState::Running {
        return Err(Error::wrong_state("this timer no longer runs"));
    }
    let ends_at = row.ends_at.plus_minutes(body.minutes);
    if ends_at > row.started_at.plus_minutes(LONGEST_MINUTES) {
        return Err(Error::field("/minutes", "too_long", "a timer runs a day at most; ask for a schedule"));
    }
    let (extensions, recorded_at) = (row.extensions + 1, body.recorded_at.or(row.recorded_at));
    let next_action_at = Some(sent.look_at(ends_at, tx.now));
    let extended = Timer { ends_at, next_action_at, extensions, recorded_at, ..row.clone() };
    match is_only_shown(who) {
        true => identity::show_minutes(tx, who.id, ShownAct::Extend, row.id, body.minutes)?,
        false => keep(tx, &row, &extended)?,
    }
    TimerView::of(tx.keys, &extended, tx.now)
}

/// Ends a timer. In time, by when the phone recorded it: the survivor is safe. After it ran out, or where the alarm was
/// raised already, the end is kept, and a person closes the alert.
pub fn end(
    tx: &mut Tx<'_>,
    who: &Survivor,
    id: TimerId,
    body: &EndTimerBody,
    sent: SendCircumstances,
) -> Result<TimerView> {
    let row = own(tx, who, id)?;
    if row.ended_at.is_some() {
        return Err(Error::wrong_state("this timer was ended already"));
    }
    let (said_at, _) = said_at(tx, who, body.recorded_at, sent)?;
    let ended_at = said_at.max(row.started_at);
    let recorded_at = body.recorded_at.or(row.recorded_at);
    let has_alarmed = row.state != TimerState::Running;
    let mut ended = Timer { ended_at: Some(ended_at), recorded_at, ..row.clone() };
    if row.state_at(ended_at) == TimerState::Running {
        ended = Timer { state: TimerState::EndedSafe, next_action_at: None, ..ended };
    } else if !has_alarmed {
        // Nothing more is waited for: the alarm is due.
        ended.next_action_at = Some(row.ends_at);
    }
    if is_only_shown(who) {
        identity::show(tx, who.id, ShownAct::End, row.id)?;
    } else {
        keep(tx, &row, &ended)?;
        if has_alarmed {
            tx.emit(Event::TimerEndedLate { survivor: who.id, timer: row.id });
        }
    }
    TimerView::of(tx.keys, &ended, tx.now)
}

fn keep(tx: &mut Tx<'_>, was: &Timer, row: &Timer) -> Result<()> {
    tx.notify_worker();
    match store::update_timer(tx.conn, was, row)? {
        true => mirror::timer_changed(tx, row),
        false => Err(Error::wrong_state("the timer changed at the same moment; send it again")),
    }
}

/// Marks a survivor's expired timers answered by help-now, which has an alert of its own.
pub(super) fn answer_with_help_now(tx: &mut Tx<'_>, survivor: SurvivorId) -> Result<()> {
    store::set_expired_timers_help_now(tx.conn, survivor)?;
    mirror::timers_answered(tx, survivor)
}

/// Expires every timer that has run out, each in a transaction of its own; and counts those missed that nobody answered
/// since. Returns how many changed.
pub async fn expire(app: &App) -> Result<usize> {
    let now = app.clock.now();
    let due = app.db.read(move |conn| store::list_due_timers(conn, now, BATCH)).await?;
    Ok(app.each(due, "expire_timer", expire_one).await)
}

fn expire_one(tx: &mut Tx<'_>, id: TimerId) -> Result<bool> {
    let row = store::find_timer(tx.conn, id)?.filter(|row| row.next_action_at.is_some_and(|at| at <= tx.now));
    let Some(row) = row else {
        tx.outcome("not_due");
        return Ok(false);
    };
    let (survivor, ends_at) = (row.survivor_id, row.ends_at);
    let next = match row.state {
        TimerState::Running => Timer {
            state: TimerState::Expired,
            next_action_at: Some(ends_at.plus_minutes(MISSED_MINUTES)),
            expired_at: Some(tx.now),
            ..row.clone()
        },
        TimerState::Expired if row.ended_at.is_none() => {
            Timer { state: TimerState::Missed, next_action_at: None, ..row.clone() }
        }
        _ => Timer { next_action_at: None, ..row.clone() },
    };
    tx.about(Subject::of("survivor", survivor));
    if !store::update_timer(tx.conn, &row, &next)? {
        tx.outcome("not_due");
        return Ok(false);
    }
    if row.state == TimerState::Running {
        let force = row.place_force(tx.keys);
        tx.emit(Event::TimerExpired { survivor, timer: id, ends_at, is_duress: row.is_duress, force });
        if row.ended_at.is_some() {
            tx.emit(Event::TimerEndedLate { survivor, timer: id });
        }
    }
    Ok(true)
}
