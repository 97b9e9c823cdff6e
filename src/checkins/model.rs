//! Rows and states of check-ins; schedules and timers have their own.

use diesel::prelude::*;
use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::contact::plan::Kind;
use crate::crypto::{Sealed, sealed_row};
use crate::db::schema::check_ins;
use crate::db::{CheckInId, DeviceId, Instant, Json, QuestionId, ScheduleId, StaffId, SurvivorId, text_enum};
use crate::directory::ForceId;
use crate::error::Result;
use crate::http::{limits, list_query};

list_query! {
    /// Which check-ins to list.
    pub struct CheckInsQuery {
        /// Only those in this state, as they stand now.
        pub state: Option<EffectiveState>,
        /// Only those that were due, or were sent without being due, from this moment on.
        #[param(value_type = Option<String>, format = DateTime)]
        pub since: Option<Instant>,
        /// Only those before this moment.
        #[param(value_type = Option<String>, format = DateTime)]
        pub until: Option<Instant>,
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
        /// A person resolved it.
        Resolved = "resolved",
    }
}

/// One due slot, or one unscheduled check-in.
#[derive(Clone, Debug, HasQuery, Insertable)]
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
    pub next_action_at: Option<Instant>,
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
    /// When the next reminder is due.
    pub remind_at: Option<Instant>,
    /// Whether it came from a session under duress.
    pub is_duress: bool,
    /// How they are, as JSON.
    pub wellbeing: Option<Sealed>,
    /// Answers to their own questions, as JSON.
    pub answers: Option<Sealed>,
    /// How they wish to be got in touch with, as JSON.
    pub in_touch: Option<Json>,
    /// By how much the phone's clock was ahead of ours, as far as is known.
    pub clock_offset_seconds: Option<i32>,
    /// Who recorded it for them, where it was not the survivor.
    pub recorded_by: Option<StaffId>,
    /// How far staff are with looking at it.
    pub review_state: Option<ReviewState>,
    /// When they had looked at it.
    pub reviewed_at: Option<Instant>,
    /// When a person resolved it.
    pub resolved_at: Option<Instant>,
    /// How full the phone's battery was, in percent.
    pub battery: Option<i32>,
    /// Whether a "safe" came with a PIN that had just been given, as it was said. Anything else needs no proof.
    pub is_proven: bool,
    /// Of a decoy's slot: the id of the slot that it mirrors.
    pub twin_of: Option<CheckInId>,
}
/// How a survivor wishes to be got in touch with, as they said with an answer.
#[serde_with::skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
pub struct InTouch {
    /// Whether they want to be rung.
    pub call_back: Option<bool>,
    /// The ways that are safe.
    pub by: Option<Vec<Kind>>,
}

sealed_row!(CheckIn, "check_ins", survivor_id, id);

text_enum! {
    /// How far staff are with looking at a check-in.
    pub enum ReviewState {
        /// Somebody is looking at it.
        Started = "started",
        /// It was looked at.
        Completed = "completed",
    }
}

/// How the survivor is; each from 0 (not at all) to 4 (entirely).
#[serde_with::skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Wellbeing {
    /// Whether they slept.
    #[garde(range(min = 0, max = 4))]
    #[schema(minimum = 0, maximum = 4, example = 2)]
    #[serde(default)]
    pub sleep: Option<i32>,
    /// Whether they feel calm.
    #[garde(range(min = 0, max = 4))]
    #[schema(minimum = 0, maximum = 4, example = 2)]
    #[serde(default)]
    pub calm: Option<i32>,
    /// Whether they cope with the day.
    #[garde(range(min = 0, max = 4))]
    #[schema(minimum = 0, maximum = 4, example = 3)]
    #[serde(default)]
    pub coping: Option<i32>,
    /// Whether they have somebody to turn to.
    #[garde(range(min = 0, max = 4))]
    #[schema(minimum = 0, maximum = 4, example = 3)]
    #[serde(default)]
    pub support: Option<i32>,
}

/// An answer to one of the survivor's own questions.
#[serde_with::skip_serializing_none]
#[derive(Clone, Debug, Deserialize, Serialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct QuestionAnswer {
    /// Which question.
    #[garde(skip)]
    pub question_id: QuestionId,
    /// For a question of yes or no.
    #[garde(skip)]
    #[serde(default)]
    pub yes: Option<bool>,
    /// For a question of how much: 0 (not at all) to 4 (entirely).
    #[garde(range(min = 0, max = 4))]
    #[schema(minimum = 0, maximum = 4, example = 3)]
    #[serde(default)]
    pub scale: Option<i32>,
    /// For a question in words.
    #[garde(inner(custom(limits::plain_line)))]
    #[schema(format = "line", example = "With my sister.")]
    #[serde(default)]
    pub text: Option<String>,
}

impl CheckIn {
    /// A check-in that says nothing yet.
    #[must_use]
    pub fn blank(survivor: SurvivorId, now: Instant) -> Self {
        Self {
            id: CheckInId::new(now),
            survivor_id: survivor,
            schedule_id: None,
            state: StoredState::Waiting,
            opens_at: None,
            due_at: None,
            grace_ends_at: None,
            next_action_at: None,
            missed_at: None,
            answer: None,
            feeling_safe: None,
            contact_since_last: None,
            safe_to_contact: None,
            note: None,
            location: None,
            recorded_at: None,
            received_at: None,
            device_id: None,
            happened_at: now,
            remind_at: None,
            is_duress: false,
            wellbeing: None,
            answers: None,
            in_touch: None,
            clock_offset_seconds: None,
            recorded_by: None,
            review_state: None,
            reviewed_at: None,
            resolved_at: None,
            battery: None,
            is_proven: true,
            twin_of: None,
        }
    }

    /// How they wish to be got in touch with; nothing where they said nothing of it.
    ///
    /// # Errors
    /// When what is stored cannot be read (500).
    pub fn in_touch(&self) -> Result<InTouch> {
        Ok(self.in_touch.as_ref().map(Json::read).transpose()?.unwrap_or_default())
    }

    /// Of "safe", whether it was proven.
    #[must_use]
    pub fn safe_is_proven(&self) -> Option<bool> {
        (self.answer == Some(Answer::Safe)).then_some(self.is_proven)
    }

    /// Whether it takes no other answer: a "safe" that nobody has proven can be said again, with a PIN.
    #[must_use]
    pub fn is_answered(&self) -> bool {
        self.answer.is_some() && self.is_proven
    }

    /// The id by which the phone knows it, whichever PIN opened it.
    #[must_use]
    pub fn shown_id(&self) -> CheckInId {
        self.twin_of.unwrap_or(self.id)
    }
}

/// The state of a check-in at `now`, from the row and the time alone. All comparisons are inclusive: at the instant
/// that grace ends, it is missed.
#[must_use]
pub fn effective_state(check_in: &CheckIn, now: Instant) -> EffectiveState {
    if check_in.resolved_at.is_some() {
        return EffectiveState::Resolved;
    }
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
    } else if check_in.answer == Some(Answer::Safe) {
        // Said without a PIN: shown as it was said, while the slot waits for one.
        EffectiveState::Safe
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
#[serde_with::skip_serializing_none]
#[derive(Clone, Copy, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Location {
    /// Degrees north.
    #[schema(minimum = -90, maximum = 90, example = 53.38)]
    pub lat: f64,
    /// Degrees east.
    #[schema(minimum = -180, maximum = 180, example = -1.47)]
    pub lon: f64,
    /// How far off it may be, in metres, where the phone says.
    #[schema(minimum = 0, maximum = 100_000, example = 12.0)]
    #[serde(default)]
    pub accuracy_m: Option<f64>,
    /// The police force of that place, where the phone knows it: police in that area are notified, while where you are may be
    /// kept.
    #[serde(default)]
    pub force_id: Option<ForceId>,
}

impl Location {
    /// Whether the numbers can be a place on earth.
    #[must_use]
    pub fn is_possible(&self) -> bool {
        (-90.0..=90.0).contains(&self.lat)
            && (-180.0..=180.0).contains(&self.lon)
            && self.accuracy_m.is_none_or(|metres| (0.0..=100_000.0).contains(&metres))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::crypto::{KeyRing, Keys, SealContext, SealedRow};
    use crate::db::SubjectId;

    fn slot() -> CheckIn {
        let due: Instant = "2026-11-21T21:00:00Z".parse().unwrap();
        CheckIn {
            opens_at: Some(due.plus_minutes(-60)),
            due_at: Some(due),
            grace_ends_at: Some(due.plus_minutes(30)),
            next_action_at: Some(due.plus_minutes(30)),
            ..CheckIn::blank(SurvivorId(uuid::Uuid::nil()), due)
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
    fn what_is_sealed_is_bound_to_the_check_in() {
        let folder = tempfile::tempdir().unwrap();
        let keys = Keys::new(Arc::new(KeyRing::open(folder.path()).unwrap().0));
        let (id, survivor) = (uuid::Uuid::from_u128(1), uuid::Uuid::from_u128(2));
        let row = CheckIn { id: CheckInId(id), survivor_id: SurvivorId(survivor), ..slot() };
        let place =
            SealContext { subject: SubjectId(survivor), table: "check_ins", column: "note", row: id, version: 1 };
        assert_eq!(row.own_sealing(&keys).place("note"), place);
    }

    #[test]
    fn a_safe_that_nobody_has_proven_is_missed_at_the_end_of_grace() {
        let said = CheckIn { answer: Some(Answer::Safe), is_proven: false, ..slot() };
        assert!(!said.is_answered());
        let at = |seconds| effective_state(&said, said.happened_at.plus_seconds(seconds));
        assert_eq!(at(1_799), EffectiveState::Safe);
        assert_eq!(at(1_800), EffectiveState::Missed);
    }

    #[test]
    fn an_answer_stands_whatever_the_time() {
        let answered = CheckIn { state: StoredState::Safe, ..slot() };
        assert_eq!(effective_state(&answered, answered.happened_at.plus_days(9)), EffectiveState::Safe);
    }
}
