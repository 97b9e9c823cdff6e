//! The schedule as it is kept, and as it is shown.

use diesel::prelude::*;
use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::checkins::slots::Recurrence;
use crate::db::schema::schedules;
use crate::db::{Instant, Json, ScheduleId, StaffId, SurvivorId, text_enum};
use crate::error::{Error, Result};

text_enum! {
    /// Whether a schedule runs.
    pub enum ScheduleState {
        /// It runs.
        Active = "active",
        /// It rests until an instant, and then runs on by itself.
        Paused = "paused",
        /// It is over.
        Ended = "ended",
    }
}

/// A schedule.
#[derive(Clone, Debug, HasQuery, Insertable)]
#[diesel(table_name = schedules, treat_none_as_default_value = false)]
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
    pub rrule: Option<String>,
    pub starts_at_local: Option<String>,
    pub quiet_from: Option<String>,
    pub quiet_until: Option<String>,
    pub paused_until: Option<Instant>,
    pub next_action_at: Option<Instant>,
    pub state_reason: Option<String>,
    pub ended_at: Option<Instant>,
    pub version: i32,
    pub twin_of: Option<ScheduleId>,
}

impl Schedule {
    /// Its recurrence, which was checked when it was made.
    pub fn recurrence(&self) -> Result<Recurrence> {
        let parsed = match (&self.rrule, &self.starts_at_local) {
            (Some(rule), Some(starts)) => Recurrence::by_rule(&self.time_zone, rule, starts),
            _ => {
                let (times, weekdays): (Vec<String>, Vec<String>) = (self.local_times.read()?, self.weekdays.read()?);
                Recurrence::parse(&self.time_zone, &times, &weekdays)
            }
        };
        parsed.map_err(|error| Error::Internal(Box::new(error)))
    }

    /// Its state at `now`, also before the worker came by. Inclusive: at the instant that a pause ends, it runs.
    #[must_use]
    pub fn state_at(&self, now: Instant) -> ScheduleState {
        let is_over = self.state == ScheduleState::Paused && self.paused_until.is_some_and(|until| until <= now);
        if is_over { ScheduleState::Active } else { self.state }
    }

    /// Whether another asks for the same at the same instants, in the same windows.
    pub fn is_same_as(&self, other: &Self) -> Result<bool> {
        let settings = |row: &Self| (row.opens_minutes_before, row.grace_minutes, row.quiet_hours());
        let same_rule = (&self.rrule, &self.starts_at_local) == (&other.rrule, &other.starts_at_local);
        Ok(same_rule && settings(self) == settings(other) && self.recurrence()? == other.recurrence()?)
    }

    /// The hours in which the phone is to stay quiet.
    #[must_use]
    pub fn quiet_hours(&self) -> Option<QuietHours> {
        let (from, until) = self.quiet_from.clone().zip(self.quiet_until.clone())?;
        Some(QuietHours { from, until })
    }
}

/// Hours of the local day in which no reminder is sent. Check-ins fall due in them all the same, and so do alerts.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct QuietHours {
    /// From, `HH:MM`.
    #[garde(length(equal = 5))]
    #[schema(pattern = "^[0-2][0-9]:[0-5][0-9]$", example = "23:00")]
    pub from: String,
    /// Until, `HH:MM`; before `from`: on the next day.
    #[garde(length(equal = 5))]
    #[schema(pattern = "^[0-2][0-9]:[0-5][0-9]$", example = "07:00")]
    pub until: String,
}

/// A schedule, for the survivor and their advocate.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
pub struct ScheduleView {
    /// Its id.
    pub id: ScheduleId,
    /// Whether it runs.
    pub state: ScheduleState,
    /// An IANA time zone.
    #[schema(example = "Europe/London")]
    pub time_zone: String,
    /// Times of day.
    #[schema(value_type = Vec<String>, example = json!(["21:00"]))]
    pub local_times: serde_json::Value,
    /// Days of the week; none: every day.
    #[schema(value_type = Vec<String>, example = json!([]))]
    pub weekdays: serde_json::Value,
    /// A rule (RFC 5545) instead of these.
    pub rrule: Option<String>,
    /// When the rule begins.
    pub starts_at_local: Option<String>,
    /// Minutes before due from which it may be answered.
    pub opens_minutes_before: i32,
    /// Minutes after due until it is missed.
    pub grace_minutes: i32,
    /// Hours without reminders.
    pub quiet_hours: Option<QuietHours>,
    /// When it runs on by itself.
    pub paused_until: Option<Instant>,
    /// Why it rests, or is over.
    pub reason: Option<String>,
    /// When the next check-in is due, while it runs.
    pub next_due_at: Option<Instant>,
    /// The most minutes that can pass from an answer until silence raises an alert: answered as early as may be, then
    /// the longest stretch between two check-ins, then grace. A bound over the whole of the schedule, clock changes
    /// included; left out where none is known, as with one check-in only or a rule of months or years without an end. Who is
    /// told after that, `GET /app/v1/ladder` shows.
    #[schema(example = 1590)]
    pub worst_case_minutes_to_alert: Option<i64>,
    /// When it was ended.
    pub ended_at: Option<Instant>,
}

impl ScheduleView {
    /// The view of a schedule at a time.
    pub fn of(row: &Schedule, now: Instant) -> Result<Self> {
        let recurrence = row.recurrence()?;
        let state = row.state_at(now);
        let is_active = state == ScheduleState::Active;
        let is_paused = state == ScheduleState::Paused;
        let gap = recurrence.longest_gap_seconds(now);
        let window = i64::from(row.opens_minutes_before) + i64::from(row.grace_minutes);
        Ok(Self {
            id: row.twin_of.unwrap_or(row.id),
            state,
            time_zone: row.time_zone.clone(),
            local_times: row.local_times.0.clone(),
            weekdays: row.weekdays.0.clone(),
            rrule: row.rrule.clone(),
            starts_at_local: row.starts_at_local.clone(),
            opens_minutes_before: row.opens_minutes_before,
            grace_minutes: row.grace_minutes,
            quiet_hours: row.quiet_hours(),
            paused_until: row.paused_until.filter(|_| is_paused),
            reason: row.state_reason.clone().filter(|_| !is_active),
            next_due_at: if is_active { recurrence.next_due_after(now) } else { None },
            worst_case_minutes_to_alert: gap.map(|seconds| seconds / 60 + window),
            ended_at: row.ended_at,
        })
    }
}
