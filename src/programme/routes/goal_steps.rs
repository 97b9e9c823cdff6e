//! URLs of a goal's steps, wording, revision and attainment, for the programme's staff.

use actix_web::{HttpRequest, HttpResponse, get, post, web};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use crate::access::ActionsView;
use crate::app::App;
use crate::db::{GoalId, ParticipantId};
use crate::error::Result;
use crate::http::etag::ok_tagged;
use crate::http::{Keep, Page, PageQuery, Query, Request, created, ok};
use crate::identity::{Practitioner, ProgrammeStaff, Supervisor};
use crate::programme::goals::act::{self, CreateGoalTransitionBody, GoalEventView, GoalStateView};
use crate::programme::goals::attainment::{self, GoalAttainmentView};
use crate::programme::goals::revise::{self, CreateGoalRevisionBody, MadeGoalRevisionView};
use crate::programme::goals::wording::{
    self, CreateGoalWordingBody, CreateGoalWordingDecisionBody, ParticipantGoalsView, WordingStateView,
};
use crate::programme::goals::{self, GoalEventRow, GoalView};
use crate::tx::Tx;

pub(super) fn routes(routes: &mut ServiceConfig) {
    routes
        .service(get_goal)
        .service(get_goal_actions)
        .service(list_goal_history)
        .service(create_goal_transition)
        .service(create_goal_revision)
        .service(create_goal_wording)
        .service(create_goal_wording_decision)
        .service(get_goal_wording_actions)
        .service(get_goal_attainment)
        .service(get_participant_goals);
}

/// See a goal with its reviews
#[utoipa::path(tag = "programme", params(("id" = GoalId, Path, description = "The goal")),
    responses((status = 200, body = GoalView)), security(("staff" = [])),
    extensions(("x-who" = json!(["practitioner", "supervisor"]))))]
#[get("/goals/{id}")]
async fn get_goal(app: web::Data<App>, staff: ProgrammeStaff, id: web::Path<GoalId>) -> Result<HttpResponse> {
    let (actor, id) = (staff.actor(), id.into_inner());
    let work = move |tx: &mut Tx<'_>| {
        let found = goals::read(tx, &staff, id)?;
        Ok((found.goal.version, GoalView::of(tx.keys, &found)?))
    };
    let (version, view) = app.transact(actor, "get_goal", work).await?;
    Ok(ok_tagged(version, view))
}

/// See what you may do with a goal now
///
/// A supervisor checks its wording, the participant agrees in those words, and a supervisor who did not set it approves it.
#[utoipa::path(tag = "programme", params(("id" = GoalId, Path, description = "The goal")),
    responses((status = 200, body = ActionsView)), security(("staff" = [])),
    extensions(("x-who" = json!(["practitioner", "supervisor"]))))]
#[get("/goals/{id}/actions")]
async fn get_goal_actions(app: web::Data<App>, staff: ProgrammeStaff, id: web::Path<GoalId>) -> Result<HttpResponse> {
    let (actor, id) = (staff.actor(), id.into_inner());
    let work = move |tx: &mut Tx<'_>| act::open_to(tx, &staff, id);
    Ok(ok(app.transact(actor, "get_goal_actions", work).await?))
}

/// List what became of a goal and of its wording
///
/// The latest first; nothing of it ever changes.
#[utoipa::path(tag = "programme", params(("id" = GoalId, Path, description = "The goal"), PageQuery),
    responses((status = 200, body = Page<GoalEventView>)), security(("staff" = [])),
    extensions(("x-who" = json!(["practitioner", "supervisor"]))))]
#[get("/goals/{id}/history")]
async fn list_goal_history(
    app: web::Data<App>,
    staff: ProgrammeStaff,
    id: web::Path<GoalId>,
    http: HttpRequest,
    Query(query): Query<PageQuery>,
) -> Result<HttpResponse> {
    let (limit, after) = (query.limit()?, query.after()?);
    let (actor, id) = (staff.actor(), id.into_inner());
    let work = move |tx: &mut Tx<'_>| {
        let rows = act::history(tx, &staff, id, after, limit)?;
        let key = |row: &GoalEventRow| (row.created_at, Uuid::from(row.id));
        Page::of(rows, limit, key, |row| GoalEventView::of(tx.keys, &row))
    };
    Ok(app.transact(actor, "list_goal_history", work).await?.respond(&http))
}

/// Record the participant's agreement, approve, achieve or discontinue a goal
///
/// Which of these is open to you `…/actions` tells. Reviews and revisions have addresses of their own.
#[utoipa::path(tag = "programme", params(("id" = GoalId, Path, description = "The goal")),
    request_body = CreateGoalTransitionBody, responses((status = 201, body = GoalStateView)),
    security(("staff" = [])), extensions(("x-who" = json!(["practitioner", "supervisor"]))))]
#[post("/goals/{id}/transitions")]
async fn create_goal_transition(
    app: web::Data<App>,
    staff: ProgrammeStaff,
    id: web::Path<GoalId>,
    request: Request<CreateGoalTransitionBody>,
) -> Result<HttpResponse> {
    let (call, body) = request.read()?;
    let (actor, id) = (staff.actor(), id.into_inner());
    let work = move |tx: &mut Tx<'_>| act::step(tx, &staff, id, &body);
    created(&app, actor, "create_goal_transition", (call, Keep::Answer), work, |made, _| made).await
}

/// Set a goal in the place of another
///
/// The one before stays as it is, and says which one stands in its place.
#[utoipa::path(tag = "programme", params(("id" = GoalId, Path, description = "The goal before")),
    request_body = CreateGoalRevisionBody, responses((status = 201, body = MadeGoalRevisionView)),
    security(("staff" = [])), extensions(("x-who" = json!(["practitioner"]))))]
#[post("/goals/{id}/revisions")]
async fn create_goal_revision(
    app: web::Data<App>,
    staff: Practitioner,
    id: web::Path<GoalId>,
    request: Request<CreateGoalRevisionBody>,
) -> Result<HttpResponse> {
    let (call, body) = request.read()?;
    let (actor, id) = (staff.actor(), id.into_inner());
    let work = move |tx: &mut Tx<'_>| revise::revise(tx, &staff, id, &body);
    created(&app, actor, "create_goal_revision", (call, Keep::Answer), work, |made, _| made).await
}

/// Propose words for the participant
///
/// In place of those before, while the goal is proposed. They are used once a supervisor has checked them.
#[utoipa::path(tag = "programme", params(("id" = GoalId, Path, description = "The goal")),
    request_body = CreateGoalWordingBody, responses((status = 201, body = WordingStateView)),
    security(("staff" = [])), extensions(("x-who" = json!(["practitioner"]))))]
#[post("/goals/{id}/wordings")]
async fn create_goal_wording(
    app: web::Data<App>,
    staff: Practitioner,
    id: web::Path<GoalId>,
    request: Request<CreateGoalWordingBody>,
) -> Result<HttpResponse> {
    let (call, body) = request.read()?;
    let (actor, id) = (staff.actor(), id.into_inner());
    let work = move |tx: &mut Tx<'_>| wording::propose(tx, &staff, id, &body);
    created(&app, actor, "create_goal_wording", (call, Keep::Answer), work, |made, _| made).await
}

/// Check words for the participant, or return them
///
/// The participant must not be able to learn from them what the survivor reports. Not by whoever set the goal.
#[utoipa::path(tag = "programme", params(("id" = GoalId, Path, description = "The goal")),
    request_body = CreateGoalWordingDecisionBody, responses((status = 201, body = WordingStateView)),
    security(("staff" = [])), extensions(("x-who" = json!(["supervisor"]))))]
#[post("/goals/{id}/wording/decisions")]
async fn create_goal_wording_decision(
    app: web::Data<App>,
    staff: Supervisor,
    id: web::Path<GoalId>,
    request: Request<CreateGoalWordingDecisionBody>,
) -> Result<HttpResponse> {
    let (call, body) = request.read()?;
    let (actor, id) = (staff.actor(), id.into_inner());
    let work = move |tx: &mut Tx<'_>| wording::decide(tx, &staff, id, &body);
    created(&app, actor, "create_goal_wording_decision", (call, Keep::Answer), work, |made, _| made).await
}

/// See what you may do with a goal's wording now
#[utoipa::path(tag = "programme", params(("id" = GoalId, Path, description = "The goal")),
    responses((status = 200, body = ActionsView)), security(("staff" = [])),
    extensions(("x-who" = json!(["practitioner", "supervisor"]))))]
#[get("/goals/{id}/wording/actions")]
async fn get_goal_wording_actions(
    app: web::Data<App>,
    staff: ProgrammeStaff,
    id: web::Path<GoalId>,
) -> Result<HttpResponse> {
    let (actor, id) = (staff.actor(), id.into_inner());
    let work = move |tx: &mut Tx<'_>| act::open_to_wording(tx, &staff, id);
    Ok(ok(app.transact(actor, "get_goal_wording_actions", work).await?))
}

/// See how far a participant has come on their goals together
///
/// The T-score of Kiresuk & Sherman (1968): 50 is as expected, 10 a standard deviation. It says nothing about anybody's
/// safety and never lowers a survivor's risk.
#[utoipa::path(tag = "programme", params(("id" = ParticipantId, Path, description = "The participant")),
    responses((status = 200, body = GoalAttainmentView)), security(("staff" = [])),
    extensions(("x-who" = json!(["practitioner", "supervisor"]))))]
#[get("/participants/{id}/goal-attainment")]
async fn get_goal_attainment(
    app: web::Data<App>,
    staff: ProgrammeStaff,
    id: web::Path<ParticipantId>,
) -> Result<HttpResponse> {
    let (actor, id) = (staff.actor(), id.into_inner());
    let work = move |tx: &mut Tx<'_>| attainment::view(tx, &staff, id);
    Ok(ok(app.transact(actor, "get_goal_attainment", work).await?))
}

/// See the goals as the participant may read them
///
/// The words that a supervisor has checked, of goals that are open, and nothing beside them.
#[utoipa::path(tag = "programme", params(("id" = ParticipantId, Path, description = "The participant")),
    responses((status = 200, body = ParticipantGoalsView)), security(("staff" = [])),
    extensions(("x-who" = json!(["practitioner", "supervisor"]))))]
#[get("/participants/{id}/participant-goals")]
async fn get_participant_goals(
    app: web::Data<App>,
    staff: ProgrammeStaff,
    id: web::Path<ParticipantId>,
) -> Result<HttpResponse> {
    let (actor, id) = (staff.actor(), id.into_inner());
    let work = move |tx: &mut Tx<'_>| wording::for_participant(tx, &staff, id);
    Ok(ok(app.transact(actor, "get_participant_goals", work).await?))
}
