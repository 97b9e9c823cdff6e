//! Pausing, resuming and ending a schedule. Lowering protection is the advocate's to do, with a reason; a slot that is
//! due already is not touched, so that a pause never hides a silence that has begun.

use garde::Validate;
use serde::Deserialize;
use utoipa::ToSchema;

use super::model::{Schedule, ScheduleState, ScheduleView};
use super::run::{catch_up, end, go_on, keep};
use crate::access;
use crate::app::App;
use crate::checkins::store;
use crate::db::{Instant, ScheduleId, SurvivorId};
use crate::error::{Code, Error, Result};
use crate::http::limits;
use crate::identity::Staff;
use crate::tx::{Subject, Tx};

/// The longest pause, in days; after that it is a schedule to be ended.
const LONGEST_PAUSE_DAYS: i64 = 90;
/// Schedules resumed in one go.
const BATCH: i64 = 500;

/// A pause.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PauseScheduleBody {
    /// Until when, at most 90 days ahead; it runs on by itself after that.
    #[garde(skip)]
    until: Instant,
    /// Why, as a code.
    #[garde(custom(limits::code))]
    #[schema(format = "code", example = "in_hospital")]
    reason: String,
    /// Whether the survivor asked for it. It then takes that somebody has spoken with them: what was written on their phone may be
    /// somebody else's.
    #[garde(skip)]
    #[serde(default)]
    is_asked_by_survivor: bool,
    /// Whether you have spoken with them about it.
    #[garde(skip)]
    #[serde(default)]
    spoke_to_survivor: bool,
}

/// The end of a schedule.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EndScheduleBody {
    /// Why, as a code.
    #[garde(custom(limits::code))]
    #[schema(format = "code", example = "agreed_with_survivor")]
    reason: String,
}

/// What is to become of a schedule.
pub enum ScheduleChange<'b> {
    /// Let it rest.
    Pause(&'b PauseScheduleBody),
    /// Let it run on.
    Resume,
    /// End it.
    End(&'b EndScheduleBody),
}

/// Changes a schedule of a survivor of the caller's.
pub fn change(
    tx: &mut Tx<'_>,
    staff: &Staff,
    (survivor, id): (SurvivorId, ScheduleId),
    change: &ScheduleChange<'_>,
) -> Result<ScheduleView> {
    let access = access::survivor(tx, staff, survivor)?;
    let row = store::find_schedule(tx.conn, id)?.filter(|row| row.survivor_id == access.id());
    let changed = apply(tx, row.ok_or(Error::NotFound)?, change)?;
    if let Some(twin) = store::find_twin_schedule(tx.conn, id)? {
        tx.mirror(|tx| apply(tx, twin.clone(), change).map(drop))?;
    }
    ScheduleView::of(&changed, tx.now)
}

fn apply(tx: &mut Tx<'_>, row: Schedule, change: &ScheduleChange<'_>) -> Result<Schedule> {
    // A pause is over at its own instant, whether or not the worker has come by.
    let row =
        if row.state == ScheduleState::Paused && row.state_at(tx.now) != row.state { resume(tx, row)? } else { row };
    match change {
        ScheduleChange::Pause(body) => pause(tx, row, body),
        ScheduleChange::Resume => resume(tx, row),
        ScheduleChange::End(body) => end(tx, row, body.reason.clone()),
    }
}

fn pause(tx: &mut Tx<'_>, row: Schedule, body: &PauseScheduleBody) -> Result<Schedule> {
    if row.state != ScheduleState::Active {
        return Err(Error::wrong_state("only a schedule that runs can be paused"));
    }
    if body.until <= tx.now || body.until > tx.now.plus_days(LONGEST_PAUSE_DAYS) {
        return Err(Error::field("/until", "out_of_range", "must be within the next 90 days"));
    }
    if body.is_asked_by_survivor && !body.spoke_to_survivor {
        return Err(Error::Conflict(Code::GuardNotMet, "speak with the survivor first".into()));
    }
    catch_up(tx, &row)?;
    store::delete_waiting_slots(tx.conn, row.id, tx.now)?;
    let (until, reason) = (Some(body.until), Some(body.reason.clone()));
    let paused = Schedule {
        state: ScheduleState::Paused,
        paused_until: until,
        next_action_at: until,
        state_reason: reason,
        ..row
    };
    tx.notify_worker();
    keep(tx, paused)
}

fn resume(tx: &mut Tx<'_>, row: Schedule) -> Result<Schedule> {
    if row.state != ScheduleState::Paused {
        return Err(Error::wrong_state("only a paused schedule can be resumed"));
    }
    // It runs on from the end of the pause, not from when somebody noticed; a slot at that instant is asked for.
    let from = row.paused_until.map_or(tx.now, |until| until.min(tx.now));
    let active =
        Schedule { state: ScheduleState::Active, paused_until: None, next_action_at: None, state_reason: None, ..row };
    let active = keep(tx, active)?;
    go_on(tx, &active, Instant::from_microseconds(from.microseconds() - 1))?;
    tx.notify_worker();
    Ok(active)
}

/// Lets every schedule run on whose pause is over. Returns how many.
pub async fn resume_due(app: &App) -> Result<usize> {
    let now = app.clock.now();
    let due = app.db.read(move |conn| store::list_paused_out(conn, now, BATCH)).await?;
    Ok(app.each(due, "resume_schedule", resume_one).await)
}

fn resume_one(tx: &mut Tx<'_>, id: ScheduleId) -> Result<bool> {
    let row = store::find_schedule(tx.conn, id)?.filter(|row| row.next_action_at.is_some_and(|at| at <= tx.now));
    let Some(row) = row.filter(|row| row.state == ScheduleState::Paused) else {
        tx.outcome("not_due");
        return Ok(false);
    };
    tx.about(Subject::of("survivor", row.survivor_id));
    resume(tx, row)?;
    Ok(true)
}
