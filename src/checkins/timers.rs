//! Timers: "I am walking home; if I have not ended this in twenty minutes, something is wrong".
//!
//! `running → ended_safe | expired → missed | help_now`; extending keeps it running. A timer that runs out unanswered
//! raises an urgent alert at once (rule `timer_expired`); ending it after that is kept and closes nothing. Only a
//! session unlocked by PIN starts, extends or ends one. Under duress extending and ending are only shown as done.

use diesel::prelude::*;
use garde::Validate;
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::answer::may_locate;
use super::model::Location;
use super::store;
use crate::app::App;
use crate::crypto::{Keys, Place, Private, Sealed};
use crate::db::schema::timers;
use crate::db::{DeviceId, Instant, SurvivorId, TimerId, text_enum};
use crate::error::{Error, Result};
use crate::facts::Fact;
use crate::http::limits;
use crate::identity::{self, ShownAct, Survivor};
use crate::tx::{Subject, Tx};

/// The longest timer, in minutes, extensions included: a day. Longer is a schedule.
const LONGEST_MINUTES: i64 = 24 * 60;
/// Minutes after which an expired timer that nobody answered counts as missed.
const MISSED_MINUTES: i64 = 15;
/// Timers looked at in one go.
const BATCH: i64 = 500;

text_enum! {
    /// Where a timer stands.
    pub enum TimerState {
        /// It runs.
        Running = "running",
        /// The survivor ended it in time.
        EndedSafe = "ended_safe",
        /// It ran out unanswered.
        Expired = "expired",
        /// It ran out, and nothing was heard since.
        Missed = "missed",
        /// It ran out, and the survivor pressed help-now.
        HelpNow = "help_now",
    }
}

/// A timer.
#[derive(Clone, Debug, Queryable, Insertable)]
#[diesel(table_name = timers, treat_none_as_default_value = false)]
pub struct Timer {
    pub id: TimerId,
    pub survivor_id: SurvivorId,
    pub device_id: DeviceId,
    pub state: TimerState,
    pub note: Option<Sealed>,
    pub location: Option<Sealed>,
    pub started_at: Instant,
    pub ends_at: Instant,
    pub act_at: Option<Instant>,
    pub extensions: i32,
    pub expired_at: Option<Instant>,
    pub ended_at: Option<Instant>,
    pub recorded_at: Option<Instant>,
    pub is_duress: bool,
}

impl Timer {
    fn place(survivor: SurvivorId, id: TimerId, column: &'static str) -> Place {
        Place::new(survivor, "timers", column, id)
    }

    /// Its state at `now`, also before the sweep came by. Inclusive: at the instant that it ends, it has expired.
    fn state_at(&self, now: Instant) -> TimerState {
        let has_run_out = self.state == TimerState::Running && self.ends_at <= now;
        if has_run_out { TimerState::Expired } else { self.state }
    }
}

/// A new timer.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateTimerBody {
    /// Minutes that it runs.
    #[garde(range(min = 1, max = 1440))]
    #[schema(minimum = 1, maximum = 1440, example = 20)]
    minutes: i64,
    /// In your own words.
    #[garde(custom(limits::narrative_opt))]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 12000, example = "Walking home from the station.")]
    #[serde(default)]
    note: Option<Private>,
    /// Where you are; kept only while `location.moment` is on.
    #[garde(custom(super::answer::possible))]
    #[serde(default)]
    location: Option<Location>,
    /// When the phone recorded it.
    #[garde(skip)]
    #[serde(default)]
    recorded_at: Option<Instant>,
}

/// More time.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ExtendTimerBody {
    /// Minutes to add.
    #[garde(range(min = 1, max = 1440))]
    #[schema(minimum = 1, maximum = 1440, example = 10)]
    minutes: i64,
    /// When the phone recorded it.
    #[garde(skip)]
    #[serde(default)]
    recorded_at: Option<Instant>,
}

/// The end of a timer.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EndTimerBody {
    /// When the phone recorded it.
    #[garde(skip)]
    #[serde(default)]
    recorded_at: Option<Instant>,
}

/// A timer, for the survivor themselves or their advocate.
#[derive(Debug, Serialize, ToSchema)]
pub struct TimerView {
    /// Its id.
    pub id: TimerId,
    /// Its state now.
    pub state: TimerState,
    /// When it was started.
    pub started_at: Instant,
    /// When it runs out.
    pub ends_at: Instant,
    /// How often it was extended.
    pub extensions: i32,
    /// When it was ended; after it had run out, this closes no alert.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<Instant>,
    /// In their own words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

impl TimerView {
    /// The view of a row at a time.
    ///
    /// # Errors
    /// When the record was erased.
    pub fn of(keys: &Keys, row: &Timer, now: Instant) -> Result<Self> {
        let note = keys.open_opt(Timer::place(row.survivor_id, row.id, "note"), row.note.as_ref())?;
        Ok(Self {
            id: row.id,
            state: row.state_at(now),
            started_at: row.started_at,
            ends_at: row.ends_at,
            extensions: row.extensions,
            ended_at: row.ended_at,
            note: note.map(|note| note.expose_secret().to_owned()),
        })
    }
}

/// The place under which a timer's location is sealed.
#[must_use]
pub fn location_place(survivor: SurvivorId, id: TimerId) -> Place {
    Timer::place(survivor, id, "location")
}

/// Starts a timer.
pub fn start(tx: &mut Tx<'_>, who: &Survivor, body: &CreateTimerBody) -> Result<TimerView> {
    tx.about(Subject::of("survivor", who.id));
    let id = TimerId::new(tx.now);
    let ends_at = tx.now.plus_minutes(body.minutes);
    let place = |column| Timer::place(who.id, id, column);
    let location = match body.location {
        Some(location) if may_locate(tx, who.id, false)? => Some(Private::from(serde_json::to_string(&location)?)),
        _ => None,
    };
    let row = Timer {
        id,
        survivor_id: who.id,
        device_id: who.device,
        state: TimerState::Running,
        note: tx.app.keys.seal_opt(place("note"), body.note.as_ref())?,
        location: tx.app.keys.seal_opt(place("location"), location.as_ref())?,
        started_at: tx.now,
        ends_at,
        act_at: Some(ends_at),
        extensions: 0,
        expired_at: None,
        ended_at: None,
        recorded_at: body.recorded_at,
        is_duress: who.is_duress,
    };
    store::insert_timer(tx.conn, row.clone())?;
    tx.wake();
    TimerView::of(&tx.app.keys, &row, tx.now)
}

fn own(tx: &mut Tx<'_>, who: &Survivor, id: TimerId) -> Result<Timer> {
    tx.about(Subject::of("survivor", who.id));
    // Under duress only what was started under duress is there: the decoy knows no other.
    let found = store::find_timer(tx.conn, id)?;
    let own = found.filter(|row| row.survivor_id == who.id && (row.is_duress || !who.is_duress));
    let own = own.ok_or(Error::NotFound)?;
    if who.is_duress { as_shown(tx, own) } else { Ok(own) }
}

/// A timer as a session under duress was told that it stands.
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

/// Gives a running timer more time, up to a day in all.
pub fn extend(tx: &mut Tx<'_>, who: &Survivor, id: TimerId, body: &ExtendTimerBody) -> Result<TimerView> {
    let row = own(tx, who, id)?;
    if row.state_at(tx.now) != TimerState::Running {
        return Err(Error::wrong_state("this timer no longer runs"));
    }
    let ends_at = row.ends_at.plus_minutes(body.minutes);
    if ends_at > row.started_at.plus_minutes(LONGEST_MINUTES) {
        return Err(Error::field("/minutes", "too_long", "a timer runs a day at most; ask for a schedule"));
    }
    let (extensions, recorded_at) = (row.extensions + 1, body.recorded_at.or(row.recorded_at));
    let extended = Timer { ends_at, act_at: Some(ends_at), extensions, recorded_at, ..row.clone() };
    match who.is_duress {
        true => identity::show_minutes(tx, who.id, ShownAct::Extend, id, body.minutes)?,
        false => keep(tx, &row, &extended)?,
    }
    TimerView::of(&tx.app.keys, &extended, tx.now)
}

/// Ends a timer. In time: the survivor is safe. After it ran out the end is kept, and a person closes the alert.
pub fn end(tx: &mut Tx<'_>, who: &Survivor, id: TimerId, body: &EndTimerBody) -> Result<TimerView> {
    let row = own(tx, who, id)?;
    if row.ended_at.is_some() {
        return Err(Error::wrong_state("this timer was ended already"));
    }
    let is_in_time = row.state_at(tx.now) == TimerState::Running;
    let recorded_at = body.recorded_at.or(row.recorded_at);
    let mut ended = Timer { ended_at: Some(tx.now), recorded_at, ..row.clone() };
    if is_in_time {
        ended = Timer { state: TimerState::EndedSafe, act_at: None, ..ended };
    }
    if who.is_duress {
        identity::show(tx, who.id, ShownAct::End, id)?;
    } else {
        keep(tx, &row, &ended)?;
        if !is_in_time {
            tx.state(Fact::TimerEndedLate { survivor: who.id, timer: id });
        }
    }
    TimerView::of(&tx.app.keys, &ended, tx.now)
}

fn keep(tx: &mut Tx<'_>, was: &Timer, row: &Timer) -> Result<()> {
    tx.wake();
    match store::update_timer(tx.conn, was, row)? {
        true => Ok(()),
        false => Err(Error::wrong_state("the timer changed at the same moment; send it again")),
    }
}

/// Marks a survivor's expired timers answered by help-now, which has an alert of its own.
pub(super) fn answer_with_help_now(tx: &mut Tx<'_>, survivor: SurvivorId) -> Result<()> {
    store::set_expired_timers_help_now(tx.conn, survivor)
}

/// Expires every timer that has run out, each in a transaction of its own; and counts those missed that nobody answered
/// since. Returns how many changed.
///
/// # Errors
/// When what is due cannot be read.
pub async fn expire(app: &App) -> Result<usize> {
    let now = app.clock.now();
    let due = app.db.read(move |conn| store::list_due_timers(conn, now, BATCH)).await?;
    Ok(app.each(due, "expire_timer", expire_one).await)
}

fn expire_one(tx: &mut Tx<'_>, id: TimerId) -> Result<bool> {
    let row = store::find_timer(tx.conn, id)?.filter(|row| row.act_at.is_some_and(|at| at <= tx.now));
    let Some(row) = row else {
        tx.outcome("not_due");
        return Ok(false);
    };
    let (survivor, ends_at) = (row.survivor_id, row.ends_at);
    let next = match row.state {
        TimerState::Running => Timer {
            state: TimerState::Expired,
            act_at: Some(ends_at.plus_minutes(MISSED_MINUTES)),
            expired_at: Some(tx.now),
            ..row.clone()
        },
        TimerState::Expired if row.ended_at.is_none() => {
            Timer { state: TimerState::Missed, act_at: None, ..row.clone() }
        }
        _ => Timer { act_at: None, ..row.clone() },
    };
    tx.about(Subject::of("survivor", survivor));
    if !store::update_timer(tx.conn, &row, &next)? {
        tx.outcome("not_due");
        return Ok(false);
    }
    if row.state == TimerState::Running {
        tx.state(Fact::TimerExpired { survivor, timer: id, ends_at });
    }
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_timer_has_expired_at_the_instant_that_it_ends() {
        let (nil, at): (_, Instant) = (uuid::Uuid::nil(), "2026-11-21T20:00:00Z".parse().unwrap());
        let row = Timer {
            id: TimerId(nil),
            survivor_id: SurvivorId(nil),
            device_id: DeviceId(nil),
            state: TimerState::Running,
            note: None,
            location: None,
            started_at: at.plus_minutes(-20),
            ends_at: at,
            act_at: Some(at),
            extensions: 0,
            expired_at: None,
            ended_at: None,
            recorded_at: None,
            is_duress: false,
        };
        assert_eq!(row.state_at(at.plus_seconds(-1)), TimerState::Running);
        assert_eq!(row.state_at(at), TimerState::Expired);
        let ended = Timer { state: TimerState::EndedSafe, ..row };
        assert_eq!(ended.state_at(at.plus_days(1)), TimerState::EndedSafe);
    }
}
