//! URLs of a goal's steps, wording, revision and attainment, for the programme's staff.

use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use crate::db::{GoalId, ParticipantId};
use crate::http::{Answer, Call, Created, Listed, Listing, operations};
use crate::identity::{Practitioner, ProgrammeStaff, Supervisor};
use crate::programme::goals::act::{self, CreateGoalTransitionBody, GoalEventView, GoalStateView};
use crate::programme::goals::attainment::{self, GoalAttainmentView};
use crate::programme::goals::revise::{self, CreateGoalRevisionBody, MadeGoalRevisionView};
use crate::programme::goals::wording::{
    self, CreateGoalWordingBody, CreateGoalWordingDecisionBody, ParticipantGoalsView, WordingStateView,
};
use crate::programme::goals::{self, GoalEventRow, GoalView};
use crate::transitions::ActionsView;

pub(super) fn routes(routes: &mut ServiceConfig) {
    operations! { routes:
        get_goal get_goal_actions list_goal_history create_goal_transition create_goal_revision create_goal_wording
        create_goal_wording_decision get_goal_wording_actions get_goal_attainment get_participant_goals
    }
}

/// Read a goal with its reviews
#[utoipa::path(get, path = "/goals/{id}", tag = "programme")]
async fn get_goal(call: Call<ProgrammeStaff, GoalId>) -> Answer<GoalView> {
    call.show_tagged(goals::read, |row| row.goal.version, GoalView::of).await
}

/// Read what you may do with a goal now
///
/// A supervisor checks its wording, the participant agrees in those words, and a supervisor who did not set it approves it.
#[utoipa::path(get, path = "/goals/{id}/actions", tag = "programme")]
async fn get_goal_actions(call: Call<ProgrammeStaff, GoalId>) -> Answer<ActionsView> {
    call.run(act::open_to).await
}

/// List what became of a goal and of its wording
///
/// The latest first; nothing of it ever changes.
#[utoipa::path(get, path = "/goals/{id}/history", tag = "programme")]
async fn list_goal_history(call: Listing<ProgrammeStaff, GoalId>) -> Listed<GoalEventView> {
    let key = |row: &GoalEventRow| (row.created_at, Uuid::from(row.id));
    call.page(act::history, key, GoalEventView::of).await
}

/// Record the participant's agreement, approve, achieve or discontinue a goal
///
/// Which of these is open to you `…/actions` tells. Reviews and revisions have addresses of their own.
#[utoipa::path(post, path = "/goals/{id}/transitions", tag = "programme")]
async fn create_goal_transition(
    call: Call<ProgrammeStaff, GoalId, CreateGoalTransitionBody>,
) -> Created<GoalStateView> {
    call.once(act::step).await
}

/// Create a goal in the place of another
///
/// The one before stays as it is, and says which one is in its place.
#[utoipa::path(post, path = "/goals/{id}/revisions", tag = "programme",
    params(("id" = GoalId, Path, description = "The goal before")))]
async fn create_goal_revision(
    call: Call<Practitioner, GoalId, CreateGoalRevisionBody>,
) -> Created<MadeGoalRevisionView> {
    call.once(revise::revise).await
}

/// Propose words for the participant
///
/// In place of those before, while the goal is proposed. They are used once a supervisor has checked them.
#[utoipa::path(post, path = "/goals/{id}/wordings", tag = "programme")]
async fn create_goal_wording(call: Call<Practitioner, GoalId, CreateGoalWordingBody>) -> Created<WordingStateView> {
    call.once(wording::propose).await
}

/// Check words for the participant, or return them
///
/// The participant must not be able to learn from them what the survivor reports. Not by the person who set the goal.
#[utoipa::path(post, path = "/goals/{id}/wording/decisions", tag = "programme")]
async fn create_goal_wording_decision(
    call: Call<Supervisor, GoalId, CreateGoalWordingDecisionBody>,
) -> Created<WordingStateView> {
    call.once(wording::decide).await
}

/// Read what you may do with a goal's wording now
#[utoipa::path(get, path = "/goals/{id}/wording/actions", tag = "programme")]
async fn get_goal_wording_actions(call: Call<ProgrammeStaff, GoalId>) -> Answer<ActionsView> {
    call.run(act::open_to_wording).await
}

/// Read how far a participant has come on their goals together
///
/// The T-score of Kiresuk & Sherman (1968): 50 is as expected, 10 a standard deviation. It says nothing about anybody's
/// safety and never lowers a survivor's risk.
#[utoipa::path(get, path = "/participants/{id}/goal-attainment", tag = "programme")]
async fn get_goal_attainment(call: Call<ProgrammeStaff, ParticipantId>) -> Answer<GoalAttainmentView> {
    call.run(attainment::view).await
}

/// Read the goals as the participant may read them
///
/// The words that a supervisor has checked, of goals that are open, and nothing beside them.
#[utoipa::path(get, path = "/participants/{id}/participant-goals", tag = "programme")]
async fn get_participant_goals(call: Call<ProgrammeStaff, ParticipantId>) -> Answer<ParticipantGoalsView> {
    call.run(wording::for_participant).await
}
