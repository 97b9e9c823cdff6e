//! How far a participant has come on their goals together: the T-score at the start, now, and the change.
//!
//! A goal counts once a supervisor has approved it, also when it was given up later, or giving up what goes badly would
//! raise the score; one that another is in place of does not. Nothing of this ever lowers a survivor's risk.

use serde::Serialize;
use utoipa::ToSchema;

use super::model::{GoalReviewRow, GoalState, GoalWithReviews};
use super::store;
use super::t_score::{CORRELATION, Level, rounded, t_score};
use crate::access::{self, ParticipantAccess};
use crate::db::{DbConn, GoalId, ParticipantId};
use crate::error::Result;
use crate::identity::Staff;
use crate::tx::Tx;

impl GoalWithReviews {
    /// The latest review: by the day of the review, then by when it was recorded.
    #[must_use]
    pub fn latest_review(&self) -> Option<&GoalReviewRow> {
        self.reviews.iter().max_by_key(|review| (review.reviewed_on, review.created_at, review.id))
    }

    /// The level of the latest review; without any, that of the start.
    #[must_use]
    pub fn latest_level(&self) -> i32 {
        self.latest_review().map_or(self.goal.baseline, |review| review.score)
    }

    /// Whether it counts towards the T-score.
    #[must_use]
    pub fn counts(&self) -> bool {
        self.goal.approved_at.is_some() && self.goal.state != GoalState::Revised
    }
}

/// The T-scores of one participant.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Attainment {
    /// How many goals count.
    pub goals: usize,
    /// How many of them were reviewed.
    pub reviewed: usize,
    /// The T-score at the start.
    pub baseline: f64,
    /// The T-score of the latest reviews; a goal without one is where it began.
    pub latest: f64,
}

impl Attainment {
    /// The T-scores of goals; none where none counts.
    #[must_use]
    pub fn of(goals: &[GoalWithReviews]) -> Option<Self> {
        let goals: Vec<&GoalWithReviews> = goals.iter().filter(|goal| goal.counts()).collect();
        let levels = |level: fn(&GoalWithReviews) -> i32| -> Vec<Level> {
            goals.iter().map(|found| Level { weight: found.goal.weight, level: level(found) }).collect()
        };
        Some(Self {
            goals: goals.len(),
            reviewed: goals.iter().filter(|goal| !goal.reviews.is_empty()).count(),
            baseline: t_score(&levels(|found| found.goal.baseline))?,
            latest: t_score(&levels(GoalWithReviews::latest_level))?,
        })
    }

    /// By how much the T-score rose.
    #[must_use]
    pub fn change(&self) -> f64 {
        self.latest - self.baseline
    }
}

/// The T-scores of one participant; none while no goal is agreed. For reports about this participant.
pub fn attainment(conn: &mut DbConn, access: &ParticipantAccess) -> Result<Option<Attainment>> {
    Ok(Attainment::of(&store::list_goals(conn, access)?))
}

/// One goal's part in it.
#[derive(Debug, Serialize, ToSchema)]
pub struct AttainedGoalView {
    /// The goal.
    pub goal_id: GoalId,
    /// Its state.
    pub state: GoalState,
    /// How much it counts.
    pub weight: i32,
    /// The level at the start.
    pub baseline: i32,
    /// The level of the latest review; without any, that of the start.
    pub latest: i32,
    /// Whether it was reviewed.
    pub is_reviewed: bool,
}

/// How far a participant has come on their goals together. It says nothing about anybody's safety.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
pub struct GoalAttainmentView {
    /// The T-score at the start; absent while no goal is agreed.
    #[schema(example = 36.31)]
    pub baseline_t: Option<f64>,
    /// The T-score of the latest reviews.
    #[schema(example = 54.56)]
    pub latest_t: Option<f64>,
    /// By how much it rose.
    #[schema(example = 18.26)]
    pub change: Option<f64>,
    /// How far goals are taken to go together (Kiresuk & Sherman 1968).
    #[schema(example = 0.3)]
    pub correlation: f64,
    /// The goals that count: approved, and no other in their place.
    pub goals: Vec<AttainedGoalView>,
    /// How many goals do not count, since they are not approved or another is in their place.
    pub not_counted: usize,
}

/// How far a participant has come, for their staff.
///
/// # Errors
/// 404 for a participant whom the caller does not work with.
pub fn view(tx: &mut Tx<'_>, by: &Staff, participant: ParticipantId) -> Result<GoalAttainmentView> {
    let access = access::participant(tx, by, participant)?;
    let goals = store::list_goals(tx.conn, &access)?;
    let attained = Attainment::of(&goals);
    let (counted, rest): (Vec<_>, Vec<_>) = goals.iter().partition(|found| found.counts());
    let goals = counted.into_iter().map(|found| AttainedGoalView {
        goal_id: found.goal.id,
        state: found.goal.state,
        weight: found.goal.weight,
        baseline: found.goal.baseline,
        latest: found.latest_level(),
        is_reviewed: !found.reviews.is_empty(),
    });
    Ok(GoalAttainmentView {
        baseline_t: attained.map(|score| rounded(score.baseline)),
        latest_t: attained.map(|score| rounded(score.latest)),
        change: attained.map(|score| rounded(score.change())),
        correlation: CORRELATION,
        goals: goals.collect(),
        not_counted: rest.len(),
    })
}
