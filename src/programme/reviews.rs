//! Reviews of goals: one score on the goal's scale, and what it rests on. A score never lowers a survivor's risk. The first
//! review of an agreed goal makes it `reviewed`.

use garde::Validate;
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::day::Day;
use super::goals::{ReviewRow, act};
use crate::crypto::{Keys, Private};
use crate::db::{GoalId, Instant, ReviewId};
use crate::error::Result;
use crate::http::limits;
use crate::identity::Staff;
use crate::tx::Tx;

/// A review of a goal, for staff.
#[derive(Serialize, ToSchema)]
pub struct GoalReviewView {
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
}

impl GoalReviewView {
    /// The view of a row.
    ///
    /// # Errors
    /// When the record was erased.
    pub fn of(keys: &Keys, row: &ReviewRow) -> Result<Self> {
        let note = keys.open_sealed(ReviewRow::place(row.participant_id, row.id), &row.note)?;
        Ok(Self {
            id: row.id,
            goal_id: row.goal_id,
            score: row.score,
            note: note.expose_secret().to_owned(),
            reviewed_on: row.reviewed_on,
            created_at: row.created_at,
        })
    }
}

/// A new review.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateGoalReviewBody {
    /// The level reached.
    #[garde(range(min = -2, max = 2))]
    #[schema(minimum = -2, maximum = 2, example = 0)]
    score: i32,
    /// What the score rests on.
    #[garde(custom(limits::narrative))]
    #[schema(value_type = String, min_length = 1, max_length = 12000, example = "Diary and own account agree")]
    note: Private,
    /// The day it was reviewed.
    #[garde(skip)]
    reviewed_on: Day,
}

/// A review that was recorded.
#[derive(Serialize, ToSchema)]
pub struct MadeGoalReviewView {
    /// Id.
    pub id: ReviewId,
    /// Of which goal.
    pub goal_id: GoalId,
    /// The level reached.
    pub score: i32,
    /// The day it was reviewed.
    pub reviewed_on: Day,
}

/// Records a review of a goal.
///
/// # Errors
/// 404 for a goal of somebody whom the caller does not work with, 409 for a goal that is closed.
pub fn record(tx: &mut Tx<'_>, by: &Staff, goal: GoalId, body: &CreateGoalReviewBody) -> Result<MadeGoalReviewView> {
    let id = ReviewId::new(tx.now);
    act::review(tx, by, goal, |tx, participant| {
        Ok(ReviewRow {
            id,
            goal_id: goal,
            participant_id: participant,
            score: body.score,
            note: tx.app.keys.seal(ReviewRow::place(participant, id), &body.note)?,
            reviewed_on: body.reviewed_on,
            created_by: by.id,
            created_at: tx.now,
        })
    })?;
    Ok(MadeGoalReviewView { id, goal_id: goal, score: body.score, reviewed_on: body.reviewed_on })
}
