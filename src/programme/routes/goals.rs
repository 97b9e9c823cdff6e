//! URLs of goals and their reviews.

use utoipa_actix_web::service_config::ServiceConfig;

use crate::access;
use crate::db::{GoalId, ParticipantId, ReviewId};
use crate::http::{Call, Created, Listed, Listing, operations};
use crate::identity::{Practitioner, ProgrammeStaff, Staff};
use crate::programme::goals::reviews::{
    self, CreateGoalReviewBody, CreateGoalReviewCorrectionBody, GoalReviewView, MadeGoalReviewView,
};
use crate::programme::goals::{self, CreateGoalBody, GoalView, GoalWithReviews, MadeGoalView};
use crate::tx::Tx;

pub(super) fn routes(routes: &mut ServiceConfig) {
    operations! { routes:
        create_goal list_goals create_goal_review create_goal_review_correction
    }
}

/// Propose a goal
///
/// On the Goal Attainment Scale: `levels` says what each of -2, -1, 0, 1 and 2 means, and `survivor_benefit` how the
/// goal makes the survivor safer or better.
#[utoipa::path(post, path = "/participants/{id}/goals", tag = "programme")]
async fn create_goal(call: Call<Practitioner, ParticipantId, CreateGoalBody>) -> Created<MadeGoalView> {
    call.once(goals::propose).await
}

/// List a participant's goals with their reviews
///
/// Newest first.
#[utoipa::path(get, path = "/participants/{id}/goals", tag = "programme")]
async fn list_goals(call: Listing<ProgrammeStaff, ParticipantId>) -> Listed<GoalView> {
    let key = |found: &GoalWithReviews| found.goal.cursor();
    call.page(
        |tx: &mut Tx<'_>, staff: &Staff, id: ParticipantId, after, limit| {
            let access = access::participant(tx, staff, id)?;
            goals::list_goals_page(tx.conn, &access, after, limit)
        },
        key,
        GoalView::of,
    )
    .await
}

/// Record a review of a goal
#[utoipa::path(post, path = "/goals/{id}/reviews", tag = "programme")]
async fn create_goal_review(call: Call<Practitioner, GoalId, CreateGoalReviewBody>) -> Created<MadeGoalReviewView> {
    call.once(reviews::record).await
}

/// All reviews of a goal.
#[derive(serde::Serialize, utoipa::ToSchema)]
struct GoalReviewsView {
    /// The first recorded first; those that were withdrawn or corrected do not count.
    items: Vec<GoalReviewView>,
}

/// Correct or withdraw a review of a goal
///
/// With `review`, that one is in its place; without, there was none. The one before stays to be seen with the reason, and
/// the T-score follows.
#[utoipa::path(post, path = "/goals/{id}/reviews/{review_id}/corrections", tag = "programme")]
async fn create_goal_review_correction(
    call: Call<Practitioner, (GoalId, ReviewId), CreateGoalReviewCorrectionBody>,
) -> Created<GoalReviewsView> {
    call.once(|tx: &mut Tx<'_>, staff: &Staff, ids: (GoalId, ReviewId), body: &CreateGoalReviewCorrectionBody| {
        Ok(GoalReviewsView { items: reviews::correct(tx, staff, ids, body)? })
    })
    .await
}
