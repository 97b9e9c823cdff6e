//! A check-in as it is answered.

use secrecy::ExposeSecret;
use serde::Serialize;
use utoipa::ToSchema;

use super::model::{
    Answer, CheckIn, ContactSinceLast, EffectiveState, QuestionAnswer, ReviewState, Wellbeing, effective_state,
};
use crate::contact::plan::Kind;
use crate::crypto::{Keys, PrivateText, open};
use crate::db::{CheckInId, Instant, ScheduleId};
use crate::error::Result;

/// A check-in, for the survivor themselves or their advocate.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
pub struct CheckInView {
    /// Id.
    pub id: CheckInId,
    /// Of which schedule; none when unscheduled.
    pub schedule_id: Option<ScheduleId>,
    /// Its state now.
    pub state: EffectiveState,
    /// From when it may be answered.
    pub opens_at: Option<Instant>,
    /// When it is due.
    pub due_at: Option<Instant>,
    /// When it is missed.
    pub grace_ends_at: Option<Instant>,
    /// When it was found missed.
    pub missed_at: Option<Instant>,
    /// What was answered; a late answer too.
    pub answer: Option<Answer>,
    /// Of "safe": whether it counts. `false` stops the reminders and no alarm: it came without a PIN of the last 15 minutes, or
    /// from a phone that had been offline. Give the PIN and answer again.
    pub is_proven: Option<bool>,
    /// 0 to 4.
    #[schema(minimum = 0, maximum = 4)]
    pub feeling_safe: Option<i32>,
    /// Whether there was contact.
    pub contact_since_last: Option<ContactSinceLast>,
    /// Whether it is safe to get in touch.
    pub safe_to_contact: Option<bool>,
    /// Whether they want to be rung.
    pub call_back: Option<bool>,
    /// In their own words.
    pub note: Option<String>,
    /// When the phone recorded it.
    pub recorded_at: Option<Instant>,
    /// When it reached us.
    pub received_at: Option<Instant>,
    /// By how many seconds the phone's clock was ahead of ours (behind: negative), as far as is known.
    pub clock_offset_seconds: Option<i32>,
    /// How they are.
    pub wellbeing: Option<Wellbeing>,
    /// Answers to their own questions.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub answers: Vec<QuestionAnswer>,
    /// How it is safe to get in touch.
    pub contact_by: Option<Vec<Kind>>,
    /// Whether a member of staff recorded it for the survivor.
    pub is_recorded_by_staff: bool,
    /// Whether it came from a session under duress; told to their own staff alone.
    pub is_duress: Option<bool>,
    /// How far staff are with looking at it.
    pub review_state: Option<ReviewState>,
    /// When a person resolved it.
    pub resolved_at: Option<Instant>,
    /// How full the phone's battery was, in percent.
    #[schema(minimum = 0, maximum = 100)]
    pub battery: Option<i32>,
}

impl CheckInView {
    /// The view for staff of the survivor's side.
    pub fn of_for_staff(keys: &Keys, row: &CheckIn, now: Instant) -> Result<Self> {
        Ok(Self { is_duress: row.is_duress.then_some(true), ..Self::of(keys, row, now)? })
    }

    /// The same with the id by which the phone knows its schedule.
    #[must_use]
    pub fn as_known(mut self, twins: &[(ScheduleId, Option<ScheduleId>)]) -> Self {
        let twin = twins.iter().find(|(id, _)| Some(*id) == self.schedule_id).and_then(|(_, shown)| *shown);
        self.schedule_id = twin.or(self.schedule_id);
        self
    }

    /// The view of a row at a time.
    pub fn of(keys: &Keys, row: &CheckIn, now: Instant) -> Result<Self> {
        let answers = open!(keys, row.answers)?.map(|text| serde_json::from_str(text.expose_secret())).transpose()?;
        let wellbeing =
            open!(keys, row.wellbeing)?.map(|text| serde_json::from_str(text.expose_secret())).transpose()?;
        let in_touch = row.in_touch()?;
        Ok(Self {
            id: row.shown_id(),
            schedule_id: row.schedule_id,
            state: effective_state(row, now),
            opens_at: row.opens_at,
            due_at: row.due_at,
            grace_ends_at: row.grace_ends_at,
            missed_at: row.missed_at,
            answer: row.answer,
            is_proven: row.safe_is_proven(),
            feeling_safe: row.feeling_safe,
            contact_since_last: row.contact_since_last,
            safe_to_contact: row.safe_to_contact,
            call_back: in_touch.call_back,
            note: open!(keys, row.note)?.shown(),
            recorded_at: row.recorded_at,
            received_at: row.received_at,
            clock_offset_seconds: row.clock_offset_seconds,
            wellbeing,
            answers: answers.unwrap_or_default(),
            contact_by: in_touch.by,
            is_recorded_by_staff: row.recorded_by.is_some(),
            is_duress: None,
            review_state: row.review_state,
            resolved_at: row.resolved_at,
            battery: row.battery,
        })
    }
}
