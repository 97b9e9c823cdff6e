//! Reviews of goals: one score on the goal's scale, and what it rests on. A score never lowers a survivor's risk. The first
//! review of an agreed goal makes it `reviewed`.

use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::crypto::{Keys, Private, PrivateText, SealedRow, SealedTable, open, seal};
use crate::db::{Day, GoalId, Instant, ParticipantId, ReviewId, StaffId, not_to_come};
use crate::error::{Error, Result};
use crate::events::Event;
use crate::http::limits;
use crate::identity::Staff;
use crate::programme::goals::{self, GoalReviewRow, GoalWithReviews, act};
use crate::tx::Tx;

/// A review of a goal, for staff.
#[serde_with::skip_serializing_none]
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

impl GoalReviewView {
    /// The views of all reviews of a goal, the first recorded first.
    pub fn of_goal(keys: &Keys, found: &GoalWithReviews) -> Result<Vec<Self>> {
        let mut rows: Vec<&GoalReviewRow> = found.reviews.iter().chain(&found.withdrawn).collect();
        rows.sort_by_key(|row| (row.created_at, row.id));
        let successor = |id| rows.iter().find(|other| other.supersedes_id == Some(id)).map(|other| other.id);
        rows.iter().map(|row| Ok(Self { superseded_by: successor(row.id), ..Self::of(keys, row)? })).collect()
    }

    fn of(keys: &Keys, row: &GoalReviewRow) -> Result<Self> {
        Ok(Self {
            id: row.id,
            goal_id: row.goal_id,
            score: row.score,
            note: open!(keys, row.note)?.shown(),
            reviewed_on: row.reviewed_on,
            created_at: row.created_at,
            supersedes: row.supersedes_id,
            superseded_by: None,
            withdrawn_at: row.withdrawn_at,
            withdrawn_by: row.withdrawn_by,
            withdrawn_reason: open!(keys, row.withdrawn_reason)?.shown(),
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
    #[schema(value_type = String, format = "narrative", example = "Diary and own account agree")]
    note: Private,
    /// The day it was reviewed; not in the future.
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
/// 404 for a goal of somebody whom the caller does not work with, 409 for a goal that is closed, 422 for a
/// day that has not come yet.
pub fn record(tx: &mut Tx<'_>, by: &Staff, goal: GoalId, body: &CreateGoalReviewBody) -> Result<MadeGoalReviewView> {
    not_to_come("/reviewed_on", body.reviewed_on, tx.now)?;
    let id = ReviewId::new(tx.now);
    act::review(tx, by, goal, |tx, participant| row_of(tx, by, (participant, goal, id), body))?;
    Ok(MadeGoalReviewView { id, goal_id: goal, score: body.score, reviewed_on: body.reviewed_on })
}

fn row_of(
    tx: &mut Tx<'_>,
    by: &Staff,
    (participant, goal, id): (ParticipantId, GoalId, ReviewId),
    body: &CreateGoalReviewBody,
) -> Result<GoalReviewRow> {
    let new = GoalReviewRow::sealing(tx.keys, participant, id);
    Ok(GoalReviewRow {
        id,
        goal_id: goal,
        participant_id: participant,
        score: body.score,
        note: seal!(new.note, &body.note)?,
        reviewed_on: body.reviewed_on,
        created_by: by.id,
        created_at: tx.now,
        supersedes_id: None,
        withdrawn_at: None,
        withdrawn_by: None,
        withdrawn_reason: None,
    })
}

/// A review that was recorded wrongly.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateGoalReviewCorrectionBody {
    /// Why.
    #[garde(custom(limits::narrative))]
    #[schema(value_type = String, format = "narrative", example = "Scored for another goal.")]
    reason: Private,
    /// The review as it should have been; without it, there was none.
    #[garde(dive)]
    #[serde(default)]
    review: Option<CreateGoalReviewBody>,
}

/// Withdraws a review, or corrects it by another in its place. The one before stays to be seen, and counts no longer.
///
/// # Errors
/// 404 for a review of somebody whom the caller does not work with, 409 for one that was withdrawn, 422 for a day that has
/// not come yet.
pub fn correct(
    tx: &mut Tx<'_>,
    by: &Staff,
    (goal, id): (GoalId, ReviewId),
    body: &CreateGoalReviewCorrectionBody,
) -> Result<Vec<GoalReviewView>> {
    let participant = goals::read(tx, by, goal)?.goal.participant_id;
    let old = goals::find_review(tx.conn, goal, id)?.ok_or(Error::NotFound)?;
    if old.withdrawn_at.is_some() {
        return Err(Error::wrong_state("this review was withdrawn or corrected already"));
    }
    let withdrawn = old.own_sealing(tx.keys);
    let withdrawn_reason = Some(seal!(withdrawn.withdrawn_reason, &body.reason)?);
    let (withdrawn_at, withdrawn_by) = (Some(tx.now), Some(by.id));
    goals::withdraw_review(tx.conn, &GoalReviewRow { withdrawn_at, withdrawn_by, withdrawn_reason, ..old })?;
    if let Some(review) = &body.review {
        not_to_come("/review/reviewed_on", review.reviewed_on, tx.now)?;
        let new = ReviewId::new(tx.now);
        let row = GoalReviewRow { supersedes_id: Some(id), ..row_of(tx, by, (participant, goal, new), review)? };
        goals::insert_review(tx.conn, row)?;
        tx.emit(Event::GoalScored { participant, review: new });
    }
    GoalReviewView::of_goal(tx.keys, &goals::read(tx, by, goal)?)
}
