//! Making schedules. `run.rs` makes the next slot of each; `change.rs` pauses, resumes and ends them.

use garde::Validate;
use serde::Deserialize;
use utoipa::ToSchema;

use super::slots::{Recurrence, SlotError};
use super::{mirror, store};
use crate::access;
use crate::db::{Instant, Json, ScheduleId, SurvivorId};
use crate::error::{Error, Result};
use crate::events::Event;
use crate::http::limits;
use crate::identity::Staff;
use crate::tx::Tx;

mod change;
pub(super) mod model;
pub(super) mod reminders;
pub(super) mod run;

pub use change::{EndScheduleBody, PauseScheduleBody, ScheduleChange, change, resume_due};
pub use model::{QuietHours, Schedule, ScheduleState, ScheduleView};
use run::make_next_slot;

/// Days before now at which a rule may begin.
const MOST_DAYS_BACK: i64 = 366;
/// Days after now by which a schedule falls due for the first time at the latest: nobody is watched until then, and a year
/// is mistyped easily.
const MOST_DAYS_AHEAD: i64 = 366;

/// A new schedule.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateScheduleBody {
    /// An IANA time zone.
    #[garde(length(min = limits::TIME_ZONE.least, max = limits::TIME_ZONE.most))]
    #[schema(format = "time_zone", example = "Europe/London")]
    time_zone: String,
    /// Times of day, `HH:MM`; needed without a rule.
    #[garde(length(max = 24))]
    #[schema(max_items = 24, example = json!(["21:00"]))]
    #[serde(default)]
    local_times: Vec<String>,
    /// Days of the week; without them, every day.
    #[garde(length(max = 7))]
    #[schema(max_items = 7, example = json!(["mo", "we", "fr"]))]
    #[serde(default)]
    weekdays: Vec<String>,
    /// A rule (RFC 5545, 3.3.10) instead of times and weekdays; daily or rarer.
    #[garde(length(max = limits::RRULE.most))]
    #[schema(format = "rrule", example = "FREQ=WEEKLY;BYDAY=MO,TH")]
    #[serde(default)]
    rrule: Option<String>,
    /// The local time at which the rule begins, `YYYY-MM-DDTHH:MM`: within a year of now, before or after.
    #[garde(length(max = limits::LOCAL_TIME.most))]
    #[schema(format = "local_time", example = "2026-11-23T21:00")]
    #[serde(default)]
    starts_at_local: Option<String>,
    /// Minutes before due from which it may be answered.
    #[garde(range(min = 0, max = 1440))]
    #[schema(minimum = 0, maximum = 1440, example = 60)]
    opens_minutes_before: i32,
    /// Minutes after due until it is missed.
    #[garde(range(min = 1, max = 1440))]
    #[schema(minimum = 1, maximum = 1440, example = 30)]
    grace_minutes: i32,
    /// Hours of the local day in which no reminder is sent.
    #[garde(dive)]
    #[serde(default)]
    quiet_hours: Option<QuietHours>,
}

/// Makes a schedule and its first slot. One that asks for the same as another that runs is that other one: a survivor is asked
/// once.
pub fn create(tx: &mut Tx<'_>, staff: &Staff, survivor: SurvivorId, body: &CreateScheduleBody) -> Result<ScheduleView> {
    let access = access::survivor(tx, staff, survivor)?;
    access::record_is_open(tx.conn, &access)?;
    let recurrence = recurrence(body)?;
    let quiet = body.quiet_hours.as_ref();
    if let Some(hours) = quiet {
        reminders::check_quiet_hours(hours)?;
    }
    let row = Schedule {
        id: ScheduleId::new(tx.now),
        survivor_id: survivor,
        time_zone: recurrence.zone.iana_name().unwrap_or(&body.time_zone).to_owned(),
        local_times: Json::of(&body.local_times)?,
        weekdays: Json::of(&body.weekdays)?,
        opens_minutes_before: body.opens_minutes_before,
        grace_minutes: body.grace_minutes,
        state: ScheduleState::Active,
        created_by: staff.id,
        created_at: tx.now,
        rrule: body.rrule.clone(),
        starts_at_local: body.starts_at_local.clone(),
        quiet_from: quiet.map(|hours| hours.from.clone()),
        quiet_until: quiet.map(|hours| hours.until.clone()),
        paused_until: None,
        next_action_at: None,
        state_reason: None,
        ended_at: None,
        version: 1,
        twin_of: None,
    };
    if let Some(starts) = &row.starts_at_local {
        check_start(starts, tx.now)?;
    }
    let now = tx.now;
    for other in store::list_schedules(tx.conn, &access)? {
        if other.state == ScheduleState::Active && other.is_same_as(&row).unwrap_or(false) {
            tx.outcome("exists");
            return ScheduleView::of(&other, now);
        }
    }
    store::insert_schedule(tx, row.clone())?;
    match make_next_slot(tx, &row, now)? {
        None => Err(Error::field("/rrule", "never_due", "this rule never falls due from now on")),
        Some(due) if due > now.plus_days(MOST_DAYS_AHEAD) => {
            Err(Error::field("/rrule", "out_of_range", "falls due for the first time more than a year from now"))
        }
        Some(_) => {
            mirror::schedule_made(tx, &row)?;
            tx.emit(Event::ScheduleMade { survivor });
            ScheduleView::of(&row, now)
        }
    }
}

fn recurrence(body: &CreateScheduleBody) -> Result<Recurrence> {
    let parsed = match (&body.rrule, &body.starts_at_local) {
        (None, None) => Recurrence::parse(&body.time_zone, &body.local_times, &body.weekdays),
        (Some(_), None) => return Err(Error::field("/starts_at_local", "missing", "a rule needs its start")),
        (None, Some(_)) => return Err(Error::field("/rrule", "missing", "a start needs its rule")),
        (Some(_), Some(_)) if !body.local_times.is_empty() || !body.weekdays.is_empty() => {
            return Err(Error::field("/rrule", "not_together", "either a rule, or times and weekdays"));
        }
        (Some(rule), Some(starts)) => Recurrence::by_rule(&body.time_zone, rule, starts),
    };
    parsed.map_err(refuse)
}

/// A rule is unrolled from its start: one that lies years back costs as much at every slot.
fn check_start(starts_at_local: &str, now: Instant) -> Result<()> {
    let day = |days| now.plus_days(days).timestamp().to_zoned(jiff::tz::TimeZone::UTC).date();
    let refuse = |detail: &str| Err(Error::field("/starts_at_local", "out_of_range", detail));
    let starts: Option<jiff::civil::DateTime> = starts_at_local.parse().ok();
    match starts.map(jiff::civil::DateTime::date) {
        Some(starts) if starts < day(-MOST_DAYS_BACK) => refuse("begins more than a year ago"),
        Some(starts) if starts > day(MOST_DAYS_AHEAD) => refuse("begins more than a year from now"),
        _ => Ok(()),
    }
}

fn refuse(error: SlotError) -> Error {
    let (pointer, code) = match &error {
        SlotError::UnknownTimeZone => ("/time_zone".to_owned(), "unknown_time_zone"),
        SlotError::NumberOfTimes => ("/local_times".to_owned(), "number_of_times"),
        SlotError::MalformedTime(at) => (format!("/local_times/{at}"), "malformed_time"),
        SlotError::RepeatedTime(at) => (format!("/local_times/{at}"), "repeated"),
        SlotError::UnknownWeekday(at) => (format!("/weekdays/{at}"), "unknown_weekday"),
        SlotError::RepeatedWeekday(at) => (format!("/weekdays/{at}"), "repeated"),
        SlotError::MalformedRule => ("/rrule".to_owned(), "malformed_rule"),
        SlotError::MalformedStart => ("/starts_at_local".to_owned(), "malformed_time"),
        SlotError::TooOften => ("/rrule".to_owned(), "too_often"),
    };
    Error::field(&pointer, code, error.to_string())
}
