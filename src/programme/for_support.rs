//! The participant's record as the survivor's side of a case reads it, once both sides have approved: each record by a type
//! of its own, field by field, so that what the programme adds to its own reaches nobody across the bridge by itself.

use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::goals::reviews::GoalReviewView;
use super::goals::{GoalState, GoalView, Levels, MeasuredBy, WordingState};
use super::record::ObservationView;
use super::sessions::{Attendance, ProgrammeSessionView, SessionState};
use crate::db::{Day, GoalId, Instant, ObservationId, OrderId, ProgrammeSessionId, ReviewId, StaffId};
use crate::directory::OrderKind;
use crate::orders::{ConditionView, OrderBasis, OrderCorrectionView, OrderState, OrderView};

/// A goal of the participant with its reviews, for the survivor's side of a case.
#[serde_with::skip_serializing_none]
#[derive(Serialize, ToSchema)]
pub struct SupportGoal {
    /// Id.
    pub id: GoalId,
    /// Its state.
    pub state: GoalState,
    /// What is to be reached.
    pub statement: String,
    /// What it is about, as a code.
    #[schema(example = "no_contact")]
    pub domain: String,
    /// How it makes the survivor safer or better.
    pub survivor_benefit: String,
    /// The words that the participant is given.
    pub participant_wording: Option<String>,
    /// What each of the five levels means.
    pub levels: Levels,
    /// The level at the start.
    pub baseline: i32,
    /// How much it counts.
    pub weight: i32,
    /// What its level is read from.
    pub measured_by: MeasuredBy,
    /// By when.
    pub target_on: Option<Day>,
    /// The state of the participant's wording; it may be used once it is checked.
    pub wording_state: Option<WordingState>,
    /// The day on which the participant agreed.
    pub agreed_on: Option<Day>,
    /// When a supervisor approved it.
    pub approved_at: Option<Instant>,
    /// When it was achieved, discontinued or revised.
    pub closed_at: Option<Instant>,
    /// The goal that it replaces.
    pub supersedes: Option<GoalId>,
    /// The goal that replaces it.
    pub superseded_by: Option<GoalId>,
    /// When it was set.
    pub created_at: Instant,
    /// Its reviews, oldest first; those that were withdrawn or corrected, too, which do not count.
    pub reviews: Vec<SupportGoalReview>,
}

impl From<GoalView> for SupportGoal {
    fn from(view: GoalView) -> Self {
        Self {
            id: view.id,
            state: view.state,
            statement: view.statement,
            domain: view.domain,
            survivor_benefit: view.survivor_benefit,
            participant_wording: view.participant_wording,
            levels: view.levels,
            baseline: view.baseline,
            weight: view.weight,
            measured_by: view.measured_by,
            target_on: view.target_on,
            wording_state: view.wording_state,
            agreed_on: view.agreed_on,
            approved_at: view.approved_at,
            closed_at: view.closed_at,
            supersedes: view.supersedes,
            superseded_by: view.superseded_by,
            created_at: view.created_at,
            reviews: view.reviews.into_iter().map(Into::into).collect(),
        }
    }
}

/// A review of such a goal, for the survivor's side of a case.
#[serde_with::skip_serializing_none]
#[derive(Serialize, ToSchema)]
pub struct SupportGoalReview {
    /// Id.
    pub id: ReviewId,
    /// Of which goal.
    pub goal_id: GoalId,
    /// The level reached.
    pub score: i32,
    /// What the score rests on.
    pub note: String,
    /// The day it was reviewed.
    pub reviewed_on: Day,
    /// When it was recorded.
    pub created_at: Instant,
    /// The review that it corrects.
    pub supersedes: Option<ReviewId>,
    /// The review that corrects it.
    pub superseded_by: Option<ReviewId>,
    /// When it was withdrawn or corrected: then it does not count.
    pub withdrawn_at: Option<Instant>,
    /// By whom.
    pub withdrawn_by: Option<StaffId>,
    /// Why.
    #[schema(example = "Scored for another goal.")]
    pub withdrawn_reason: Option<String>,
}

impl From<GoalReviewView> for SupportGoalReview {
    fn from(view: GoalReviewView) -> Self {
        Self {
            id: view.id,
            goal_id: view.goal_id,
            score: view.score,
            note: view.note,
            reviewed_on: view.reviewed_on,
            created_at: view.created_at,
            supersedes: view.supersedes,
            superseded_by: view.superseded_by,
            withdrawn_at: view.withdrawn_at,
            withdrawn_by: view.withdrawn_by,
            withdrawn_reason: view.withdrawn_reason,
        }
    }
}

/// A session of the programme, for the survivor's side of a case.
#[serde_with::skip_serializing_none]
#[derive(Serialize, ToSchema)]
pub struct SupportSession {
    /// Id.
    pub id: ProgrammeSessionId,
    /// Which one of the programme.
    pub number: i32,
    /// The module, as a code.
    #[schema(example = "distress_tolerance")]
    pub module: String,
    /// How it is held, as a code.
    #[schema(example = "in_person")]
    pub mode: String,
    /// When it is to be.
    pub planned_at: Instant,
    /// Its state.
    pub state: SessionState,
    /// Whether the participant came.
    pub attendance: Option<Attendance>,
    /// When that was recorded.
    pub recorded_at: Option<Instant>,
    /// What was noted about it.
    pub note: Option<String>,
    /// When feedback was first given.
    pub feedback_at: Option<Instant>,
    /// The session that it replaces.
    pub supersedes: Option<ProgrammeSessionId>,
    /// The session that replaces it.
    pub superseded_by: Option<ProgrammeSessionId>,
    /// Why it is held at another time, as a code.
    #[schema(example = "participant_unwell")]
    pub superseded_reason: Option<String>,
}

impl From<ProgrammeSessionView> for SupportSession {
    fn from(view: ProgrammeSessionView) -> Self {
        Self {
            id: view.id,
            number: view.number,
            module: view.module,
            mode: view.mode,
            planned_at: view.planned_at,
            state: view.state,
            attendance: view.attendance,
            recorded_at: view.recorded_at,
            note: view.note,
            feedback_at: view.feedback_at,
            supersedes: view.supersedes,
            superseded_by: view.superseded_by,
            superseded_reason: view.superseded_reason,
        }
    }
}

/// An order with its conditions, for the survivor's side of a case.
#[serde_with::skip_serializing_none]
#[derive(Serialize, ToSchema)]
pub struct SupportOrder {
    /// Id.
    pub id: OrderId,
    /// Which kind.
    pub kind: OrderKind,
    /// The court that made it.
    pub court: Option<String>,
    /// The day it was made.
    pub made_on: Day,
    /// The day it was served.
    pub served_on: Option<Day>,
    /// Its last day; without one, until further order.
    pub expires_on: Option<Day>,
    /// The police's own reference.
    pub police_reference: Option<String>,
    /// Its state, apart from its dates.
    pub state: OrderState,
    /// What it was made on.
    pub basis: Option<OrderBasis>,
    /// The order whose place it takes.
    pub replaces_order_id: Option<OrderId>,
    /// Whether the participant notifies the police under another Act already.
    pub is_notified_otherwise: bool,
    /// The day on which the participant notified the police.
    pub notified_on: Option<Day>,
    /// The day on which it ended before its last day.
    pub ended_on: Option<Day>,
    /// What it forbids and demands.
    pub conditions: Vec<ConditionView>,
    /// When it was recorded.
    pub created_at: Instant,
    /// What was corrected since, the latest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub corrections: Vec<SupportOrderCorrection>,
}

impl From<OrderView> for SupportOrder {
    fn from(view: OrderView) -> Self {
        Self {
            id: view.id,
            kind: view.kind,
            court: view.court,
            made_on: view.made_on,
            served_on: view.served_on,
            expires_on: view.expires_on,
            police_reference: view.police_reference,
            state: view.state,
            basis: view.basis,
            replaces_order_id: view.replaces_order_id,
            is_notified_otherwise: view.is_notified_otherwise,
            notified_on: view.notified_on,
            ended_on: view.ended_on,
            conditions: view.conditions,
            created_at: view.created_at,
            corrections: view.corrections.into_iter().map(Into::into).collect(),
        }
    }
}

/// What was corrected of such an order, for the survivor's side of a case.
#[derive(Serialize, ToSchema)]
pub struct SupportOrderCorrection {
    /// Why, as a code.
    #[schema(example = "mistyped")]
    pub reason: String,
    /// What stood there before, by the name of the field; of conditions those that were changed, as they stood.
    #[schema(value_type = Object, example = json!({"made_on": "2026-09-10"}))]
    pub before: Map<String, Value>,
    /// By whom.
    pub by: StaffId,
    /// When.
    pub at: Instant,
}

impl From<OrderCorrectionView> for SupportOrderCorrection {
    fn from(view: OrderCorrectionView) -> Self {
        Self { reason: view.reason, before: view.before, by: view.by, at: view.at }
    }
}

/// What was observed of the participant, for the survivor's side of a case.
#[serde_with::skip_serializing_none]
#[derive(Serialize, ToSchema)]
pub struct SupportObservation {
    /// Id.
    pub id: ObservationId,
    /// What it is about, as a code.
    #[schema(example = "fixation")]
    pub kind: String,
    /// What was observed.
    pub note: String,
    /// When.
    pub observed_at: Instant,
    /// In which session.
    pub session_id: Option<ProgrammeSessionId>,
    /// By whom.
    pub created_by: StaffId,
    /// When it was recorded.
    pub created_at: Instant,
}

impl From<ObservationView> for SupportObservation {
    fn from(view: ObservationView) -> Self {
        Self {
            id: view.id,
            kind: view.kind,
            note: view.note,
            observed_at: view.observed_at,
            session_id: view.session_id,
            created_by: view.created_by,
            created_at: view.created_at,
        }
    }
}
