//! Rows and states of check-ins.

use diesel::prelude::*;
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::slots::Recurrence;
use crate::crypto::{Keys, Place, Private, Sealed};
use crate::db::schema::{check_ins, schedules};
use crate::db::{CheckInId, DeviceId, Instant, Json, ScheduleId, StaffId, SurvivorId, text_enum};
use crate::error::{Error, Result};

text_enum! {
    /// Whether a schedule runs.
    pub enum ScheduleState {
        /// It runs.
        Active = "active",
        /// It is over.
        Ended = "ended",
    }
}

/// A schedule.
#[derive(Clone, Debug, Queryable, Insertable)]
#[diesel(table_name = schedules)]
pub struct Schedule {
    pub id: ScheduleId,
    pub survivor_id: SurvivorId,
    pub time_zone: String,
    pub local_times: Json,
    pub weekdays: Json,
    pub opens_minutes_before: i32,
    pub grace_minutes: i32,
    pub state: ScheduleState,
    pub created_by: StaffId,
    pub created_at: Instant,
}

impl Schedule {
    /// Its recurrence, which was checked when it was made.
    pub fn recurrence(&self) -> Result<Recurrence> {
        let (times, weekdays): (Vec<String>, Vec<String>) = (self.local_times.read()?, self.weekdays.read()?);
        Recurrence::parse(&self.time_zone, &times, &weekdays).map_err(|error| Error::Internal(Box::new(error)))
    }
}

text_enum! {
    /// What is kept of a check-in's state; see [`effective_state`] for what it means at a time.
    pub enum StoredState {
        /// Not answered yet.
        Waiting = "waiting",
        /// Answered: safe.
        Safe = "safe",
        /// Answered: there is a concern.
        Concern = "concern",
        /// Answered: help now.
        HelpNow = "help_now",
        /// Grace passed without an answer.
        Missed = "missed",
    }
}

text_enum! {
    /// What a survivor answers.
    pub enum Answer {
        /// Safe.
        Safe = "safe",
        /// There is a concern.
        Concern = "concern",
        /// Help now.
        HelpNow = "help_now",
    }
}

impl From<Answer> for StoredState {
    fn from(answer: Answer) -> Self {
        match answer {
            Answer::Safe => Self::Safe,
            Answer::Concern => Self::Concern,
            Answer::HelpNow => Self::HelpNow,
        }
    }
}

text_enum! {
    /// Whether there was contact since the last check-in.
    pub enum ContactSinceLast {
        /// There was.
        Yes = "yes",
        /// There was not.
        No = "no",
        /// Perhaps.
        Unsure = "unsure",
    }
}

text_enum! {
    /// The state of a check-in at a time.
    pub enum EffectiveState {
        /// Its window has yet to open.
        Scheduled = "scheduled",
        /// It may be answered.
        Open = "open",
        /// This is the minute that it is due.
        Due = "due",
        /// Due has passed, grace has not.
        Late = "late",
        /// Answered: safe.
        Safe = "safe",
        /// Answered: there is a concern.
        Concern = "concern",
        /// Answered: help now.
        HelpNow = "help_now",
        /// Grace passed without an answer.
        Missed = "missed",
    }
}

/// One due slot, or one unscheduled check-in.
#[derive(Clone, Debug, Queryable, Insertable)]
#[diesel(table_name = check_ins, treat_none_as_default_value = false)]
pub struct CheckIn {
    /// Id.
    pub id: CheckInId,
    /// Whose.
    pub survivor_id: SurvivorId,
    /// Of which schedule; none when unscheduled.
    pub schedule_id: Option<ScheduleId>,
    /// What is kept of its state.
    pub state: StoredState,
    /// From when it may be answered.
    pub opens_at: Option<Instant>,
    /// When it is due.
    pub due_at: Option<Instant>,
    /// When it is missed.
    pub grace_ends_at: Option<Instant>,
    /// When the sweep looks at it; none when nothing is to be done.
    pub act_at: Option<Instant>,
    /// When it was found missed.
    pub missed_at: Option<Instant>,
    /// What was answered; a late answer too.
    pub answer: Option<Answer>,
    /// 0 to 4.
    pub feeling_safe: Option<i32>,
    /// Whether there was contact.
    pub contact_since_last: Option<ContactSinceLast>,
    /// Whether it is safe to get in touch.
    pub safe_to_contact: Option<bool>,
    /// Whether they want to be rung.
    pub call_back: Option<bool>,
    /// In their own words.
    pub note: Option<Sealed>,
    /// Where, as JSON.
    pub location: Option<Sealed>,
    /// When the phone recorded it.
    pub recorded_at: Option<Instant>,
    /// When it reached us.
    pub received_at: Option<Instant>,
    /// From which phone.
    pub device_id: Option<DeviceId>,
    /// Its place in time: when due, or when received.
    pub happened_at: Instant,
}

impl CheckIn {
    /// The place of one of its sealed columns.
    #[must_use]
    pub fn place(survivor: SurvivorId, id: CheckInId, column: &'static str) -> Place {
        Place::new(survivor, "check_ins", column, id)
    }

    /// The survivor's own words.
    ///
    /// # Errors
    /// When the record was erased.
    pub fn note(&self, keys: &Keys) -> Result<Option<Private>> {
        keys.open_opt(Self::place(self.survivor_id, self.id, "note"), self.note.as_ref())
    }
}

/// The state of a check-in at `now`, from the row and the time alone. All comparisons are inclusive: at the instant
/// that grace ends, it is missed.
#[must_use]
pub fn effective_state(check_in: &CheckIn, now: Instant) -> EffectiveState {
    match check_in.state {
        StoredState::Safe => return EffectiveState::Safe,
        StoredState::Concern => return EffectiveState::Concern,
        StoredState::HelpNow => return EffectiveState::HelpNow,
        StoredState::Missed => return EffectiveState::Missed,
        StoredState::Waiting => {}
    }
    let reached = |instant: Option<Instant>| instant.is_some_and(|instant| instant <= now);
    if reached(check_in.grace_ends_at) {
        EffectiveState::Missed
    } else if reached(check_in.due_at.map(|due| due.plus_minutes(1))) {
        EffectiveState::Late
    } else if reached(check_in.due_at) {
        EffectiveState::Due
    } else if reached(check_in.opens_at) {
        EffectiveState::Open
    } else {
        EffectiveState::Scheduled
    }
}

/// Where a phone was.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Location {
    /// Degrees north.
    #[schema(minimum = -90, maximum = 90, example = 53.38)]
    pub lat: f64,
    /// Degrees east.
    #[schema(minimum = -180, maximum = 180, example = -1.47)]
    pub lon: f64,
    /// How far off it may be, in metres.
    #[schema(minimum = 0, maximum = 100_000, example = 12.0)]
    pub accuracy_m: f64,
}

impl Location {
    /// Whether the numbers can be a place on earth.
    #[must_use]
    pub fn is_possible(&self) -> bool {
        (-90.0..=90.0).contains(&self.lat)
            && (-180.0..=180.0).contains(&self.lon)
            && (0.0..=100_000.0).contains(&self.accuracy_m)
    }
}

/// A check-in, for the survivor themselves or their advocate.
#[derive(Debug, Serialize, ToSchema)]
pub struct CheckInView {
    /// Id.
    pub id: CheckInId,
    /// Of which schedule; none when unscheduled.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schedule_id: Option<ScheduleId>,
    /// Its state now.
    pub state: EffectiveState,
    /// From when it may be answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub opens_at: Option<Instant>,
    /// When it is due.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due_at: Option<Instant>,
    /// When it is missed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grace_ends_at: Option<Instant>,
    /// When it was found missed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub missed_at: Option<Instant>,
    /// What was answered; a late answer too.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer: Option<Answer>,
    /// 0 to 4.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0, maximum = 4)]
    pub feeling_safe: Option<i32>,
    /// Whether there was contact.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contact_since_last: Option<ContactSinceLast>,
    /// Whether it is safe to get in touch.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub safe_to_contact: Option<bool>,
    /// Whether they want to be rung.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub call_back: Option<bool>,
    /// In their own words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// When the phone recorded it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recorded_at: Option<Instant>,
    /// When it reached us.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub received_at: Option<Instant>,
}

impl CheckInView {
    /// The view of a row at a time.
    ///
    /// # Errors
    /// When the record was erased.
    pub fn of(keys: &Keys, row: &CheckIn, now: Instant) -> Result<Self> {
        let note = row.note(keys)?;
        Ok(Self {
            id: row.id,
            schedule_id: row.schedule_id,
            state: effective_state(row, now),
            opens_at: row.opens_at,
            due_at: row.due_at,
            grace_ends_at: row.grace_ends_at,
            missed_at: row.missed_at,
            answer: row.answer,
            feeling_safe: row.feeling_safe,
            contact_since_last: row.contact_since_last,
            safe_to_contact: row.safe_to_contact,
            call_back: row.call_back,
            note: note.map(|note| note.expose_secret().to_owned()),
            recorded_at: row.recorded_at,
            received_at: row.received_at,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slot() -> CheckIn {
        let due: Instant = "2026-11-21T21:00:00Z".parse().unwrap();
        CheckIn {
            id: CheckInId(uuid::Uuid::nil()),
            survivor_id: SurvivorId(uuid::Uuid::nil()),
            schedule_id: None,
            state: StoredState::Waiting,
            opens_at: Some(due.plus_minutes(-60)),
            due_at: Some(due),
            grace_ends_at: Some(due.plus_minutes(30)),
            act_at: Some(due.plus_minutes(30)),
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
            happened_at: due,
        }
    }

    #[test]
    fn a_waiting_slot_changes_exactly_at_its_instants() {
        let due = slot().due_at.unwrap();
        let at = |seconds| effective_state(&slot(), due.plus_seconds(seconds));
        assert_eq!(at(-3_601), EffectiveState::Scheduled);
        assert_eq!(at(-3_600), EffectiveState::Open);
        assert_eq!(at(-1), EffectiveState::Open);
        assert_eq!(at(0), EffectiveState::Due);
        assert_eq!(at(60), EffectiveState::Late);
        assert_eq!(at(1_799), EffectiveState::Late);
        assert_eq!(at(1_800), EffectiveState::Missed);
    }

    #[test]
    fn an_answer_stands_whatever_the_time() {
        let answered = CheckIn { state: StoredState::Safe, ..slot() };
        assert_eq!(effective_state(&answered, answered.happened_at.plus_days(9)), EffectiveState::Safe);
    }
}
