//! Rows and words of goals.

use diesel::prelude::*;
use uuid::Uuid;

use crate::crypto::{Keys, Private, Sealed, SealedRow, Sealing, sealed_row, unseal};
use crate::db::schema::{goal_history, goal_reviews, goals};
use crate::db::{Day, GoalEventId, GoalId, Instant, ParticipantId, ReviewId, StaffId, text_enum};
use crate::error::Result;
use crate::http::page::Cursor;

text_enum! {
    /// The state of a goal.
    pub enum GoalState {
        /// Set by the practitioner; the participant has yet to agree, and a supervisor to approve. May be reviewed already.
        Proposed = "proposed",
        /// The participant agreed and a supervisor of the programme approved.
        Agreed = "agreed",
        /// Agreed, and reviewed since.
        Reviewed = "reviewed",
        /// Reached.
        Achieved = "achieved",
        /// Given up, for a reason.
        Discontinued = "discontinued",
        /// Another goal is in its place.
        Revised = "revised",
    }
}

impl GoalState {
    /// Whether the goal is still worked on.
    #[must_use]
    pub fn is_open(self) -> bool {
        matches!(self, Self::Proposed | Self::Agreed | Self::Reviewed)
    }
}

text_enum! {
    /// What the level of a goal is read from. There is no word for what the survivor reports: nobody's goal may be scored
    /// by it, or the participant could learn from the score what was reported.
    pub enum MeasuredBy {
        /// What the participant says.
        SelfReport = "self_report",
        /// The diary that the participant keeps.
        Diary = "diary",
        /// What the practitioner observes.
        PractitionerObservation = "practitioner_observation",
        /// What probation has on record.
        ProbationRecord = "probation_record",
        /// What the police have on record, other than from the survivor.
        PoliceRecord = "police_record",
    }
}

text_enum! {
    /// Where the participant's wording of a goal is.
    pub enum WordingState {
        /// A supervisor has yet to check it.
        Proposed = "proposed",
        /// Checked: it may be used.
        Checked = "checked",
        /// Returned, with a reason: other words are needed.
        Returned = "returned",
    }
}

/// A goal on the Goal Attainment Scale.
#[derive(Clone, Debug, HasQuery, Insertable, AsChangeset)]
#[diesel(table_name = goals, treat_none_as_null = true)]
pub struct GoalRow {
    /// Id.
    pub id: GoalId,
    /// Whose.
    pub participant_id: ParticipantId,
    /// What it is about, as a code.
    pub domain: String,
    /// What is to be reached, in the practitioner's words.
    pub statement: Sealed,
    /// How it makes the survivor safer or better.
    pub survivor_benefit: Sealed,
    /// The words that the participant is given.
    pub participant_wording: Option<Sealed>,
    /// What each of the five levels means, as one JSON text.
    pub levels: Sealed,
    /// The level at the start, -2 to 2.
    pub baseline: i32,
    /// How much it counts, 1 to 10.
    pub weight: i32,
    /// By when.
    pub target_on: Option<Day>,
    /// Its state.
    pub state: GoalState,
    /// When it was set.
    pub created_at: Instant,
    /// By whom; none for one that is older than this column.
    pub created_by: Option<StaffId>,
    /// What its level is read from.
    pub measured_by: MeasuredBy,
    /// The state of the participant's wording; none where there is none.
    pub wording_state: Option<WordingState>,
    /// Which wording it is, from 1.
    pub wording_version: i32,
    /// The day on which the participant agreed.
    pub agreed_on: Option<Day>,
    /// The supervisor who approved it.
    pub approved_by: Option<StaffId>,
    /// When.
    pub approved_at: Option<Instant>,
    /// When it was achieved, discontinued or revised.
    pub closed_at: Option<Instant>,
    /// The goal that it replaces.
    pub supersedes_id: Option<GoalId>,
    /// The goal that replaces it.
    pub superseded_by_id: Option<GoalId>,
    /// Counts changes.
    pub version: i32,
}
sealed_row!(GoalRow, "goals", participant_id, id);

impl GoalRow {
    /// Seals and opens the wording for the participant, which counts its versions by itself.
    pub fn wording_sealing<'k>(&self, keys: &'k Keys) -> Sealing<'k, Self> {
        self.own_sealing(keys).at_version(self.wording_version)
    }

    /// The words that the participant is given, checked or not.
    pub fn open_wording(&self, keys: &Keys) -> Result<Option<Private>> {
        let wording = self.wording_sealing(keys);
        unseal!(wording.participant_wording, &self.participant_wording)
    }

    /// Its place in a list, newest first.
    #[must_use]
    pub fn cursor(&self) -> Cursor {
        (self.created_at, Uuid::from(self.id))
    }
}

/// A review of a goal: one score on its scale.
#[derive(Clone, Debug, HasQuery, Insertable)]
#[diesel(table_name = goal_reviews)]
pub struct GoalReviewRow {
    /// Id.
    pub id: ReviewId,
    /// Of which goal.
    pub goal_id: GoalId,
    /// Whose goal.
    pub participant_id: ParticipantId,
    /// The level reached, -2 to 2.
    pub score: i32,
    /// What the score rests on.
    pub note: Sealed,
    /// The day it was reviewed.
    pub reviewed_on: Day,
    /// By whom.
    pub created_by: StaffId,
    /// When it was recorded.
    pub created_at: Instant,
    /// The review that it corrects.
    pub supersedes_id: Option<ReviewId>,
    /// When it was withdrawn or corrected; then it counts no longer.
    pub withdrawn_at: Option<Instant>,
    /// By whom.
    pub withdrawn_by: Option<StaffId>,
    /// Why.
    pub withdrawn_reason: Option<Sealed>,
}
sealed_row!(GoalReviewRow, "goal_reviews", participant_id, id);

impl GoalReviewRow {
    /// Its place in a list, newest first.
    #[must_use]
    pub fn cursor(&self) -> Cursor {
        (self.created_at, Uuid::from(self.id))
    }
}

/// A goal with its reviews, oldest first.
#[derive(Clone, Debug)]
pub struct GoalWithReviews {
    /// The goal.
    pub goal: GoalRow,
    /// Its reviews that count.
    pub reviews: Vec<GoalReviewRow>,
    /// Those that were withdrawn or corrected.
    pub withdrawn: Vec<GoalReviewRow>,
}

text_enum! {
    /// What a line of a goal's history is about.
    pub enum HistorySubject {
        /// The goal.
        Goal = "goal",
        /// Its wording for the participant.
        Wording = "wording",
    }
}

/// One line of a goal's history: never changes.
#[derive(Clone, Debug, HasQuery, Insertable)]
#[diesel(table_name = goal_history)]
pub struct GoalEventRow {
    /// Id.
    pub id: GoalEventId,
    /// Of which goal.
    pub goal_id: GoalId,
    /// Whose goal.
    pub participant_id: ParticipantId,
    /// The goal or its wording.
    pub subject: HistorySubject,
    /// What was done, as a word of the table.
    pub event: String,
    /// The state before; none for the first.
    pub from_state: Option<String>,
    /// The state after.
    pub to_state: String,
    /// The wording that it is about.
    pub wording: Option<Sealed>,
    /// Why.
    pub reason: Option<Sealed>,
    /// By whom.
    pub created_by: StaffId,
    /// When.
    pub created_at: Instant,
}
sealed_row!(GoalEventRow, "goal_history", participant_id, id);
