//! Making schedules, and the next slot of each.

use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::model::{CheckIn, Schedule, ScheduleState, StoredState};
use super::slots::{Recurrence, SlotError};
use super::store;
use crate::access;
use crate::db::{CheckInId, Instant, Json, ScheduleId, SurvivorId};
use crate::error::{Error, Result};
use crate::identity::Staff;
use crate::tx::Tx;

/// A new schedule.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateScheduleBody {
    /// An IANA time zone.
    #[garde(length(min = 1, max = 64))]
    #[schema(min_length = 1, max_length = 64, example = "Europe/London")]
    time_zone: String,
    /// Times of day, `HH:MM`.
    #[garde(length(min = 1, max = 24))]
    #[schema(min_items = 1, max_items = 24, example = json!(["21:00"]))]
    local_times: Vec<String>,
    /// Days of the week; without them, every day.
    #[garde(length(max = 7))]
    #[schema(max_items = 7, example = json!(["mo", "we", "fr"]))]
    #[serde(default)]
    weekdays: Vec<String>,
    /// Minutes before due from which it may be answered.
    #[garde(range(min = 0, max = 1440))]
    #[schema(minimum = 0, maximum = 1440, example = 60)]
    opens_minutes_before: i32,
    /// Minutes after due until it is missed.
    #[garde(range(min = 1, max = 1440))]
    #[schema(minimum = 1, maximum = 1440, example = 30)]
    grace_minutes: i32,
}

/// A schedule that was made.
#[derive(Debug, Serialize, ToSchema)]
pub struct MadeScheduleView {
    /// Its id.
    pub id: ScheduleId,
    /// It runs at once; the survivor need not be enrolled.
    pub state: ScheduleState,
    /// When the first check-in is due.
    pub next_due_at: Instant,
}

/// Makes a schedule and its first slot.
pub fn create(
    tx: &mut Tx<'_>,
    staff: &Staff,
    survivor: SurvivorId,
    body: &CreateScheduleBody,
) -> Result<MadeScheduleView> {
    access::survivor(tx, staff, survivor)?;
    let recurrence = Recurrence::parse(&body.time_zone, &body.local_times, &body.weekdays).map_err(refuse)?;
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
    };
    store::insert_schedule(tx.conn, row.clone())?;
    let now = tx.now;
    let next_due_at =
        make_next_slot(tx, &row, now)?.ok_or_else(|| Error::internal("a schedule without a next slot"))?;
    Ok(MadeScheduleView { id: row.id, state: row.state, next_due_at })
}

fn refuse(error: SlotError) -> Error {
    let (pointer, code) = match &error {
        SlotError::UnknownTimeZone => ("/time_zone".to_owned(), "unknown_time_zone"),
        SlotError::NumberOfTimes => ("/local_times".to_owned(), "number_of_times"),
        SlotError::MalformedTime(at) => (format!("/local_times/{at}"), "malformed_time"),
        SlotError::RepeatedTime(at) => (format!("/local_times/{at}"), "repeated"),
        SlotError::UnknownWeekday(at) => (format!("/weekdays/{at}"), "unknown_weekday"),
        SlotError::RepeatedWeekday(at) => (format!("/weekdays/{at}"), "repeated"),
    };
    Error::field(&pointer, code, error.to_string())
}

/// Makes the slot that is due next after an instant; only one slot of a schedule waits at a time.
pub(super) fn make_next_slot(tx: &mut Tx<'_>, schedule: &Schedule, after: Instant) -> Result<Option<Instant>> {
    if schedule.state != ScheduleState::Active {
        return Ok(None);
    }
    let Some(due) = schedule.recurrence()?.next_due_after(after) else { return Ok(None) };
    let grace_ends_at = due.plus_minutes(i64::from(schedule.grace_minutes));
    let slot = CheckIn {
        schedule_id: Some(schedule.id),
        state: StoredState::Waiting,
        opens_at: Some(due.plus_minutes(-i64::from(schedule.opens_minutes_before))),
        due_at: Some(due),
        grace_ends_at: Some(grace_ends_at),
        act_at: Some(grace_ends_at),
        happened_at: due,
        ..blank(tx, schedule.survivor_id)
    };
    store::insert_check_in(tx.conn, slot)?;
    Ok(Some(due))
}

/// A check-in that says nothing yet.
pub(super) fn blank(tx: &Tx<'_>, survivor: SurvivorId) -> CheckIn {
    CheckIn {
        id: CheckInId::new(tx.now),
        survivor_id: survivor,
        schedule_id: None,
        state: StoredState::Waiting,
        opens_at: None,
        due_at: None,
        grace_ends_at: None,
        act_at: None,
        missed_at: None,
        answer: None,
        feeling_safe: None,
        contact_since_last: None,
        safe_to_contact: None,
        call_back: None,
        note: None,
        location: None,
        recorded_at: None,
        received_at: None,
        device_id: None,
        happened_at: tx.now,
    }
}
