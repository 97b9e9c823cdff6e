//! URLs of goals and their reviews.

use actix_web::{HttpRequest, HttpResponse, get, post, web};
use utoipa_actix_web::service_config::ServiceConfig;

use crate::access;
use crate::app::App;
use crate::db::{GoalId, ParticipantId, ReviewId};
use crate::error::Result;
use crate::http::{Keep, Page, PageQuery, Query, Request, created};
use crate::identity::{Practitioner, ProgrammeStaff};
use crate::programme::goals::{self, CreateGoalBody, GoalView, GoalWithReviews, MadeGoalView};
use crate::programme::reviews::{
    self, CreateGoalReviewBody, CreateGoalReviewCorrectionBody, GoalReviewView, MadeGoalReviewView,
};
use crate::tx::Tx;

pub(super) fn routes(routes: &mut ServiceConfig) {
    routes.service(create_goal).service(list_goals).service(create_goal_review).service(create_goal_review_correction);
}

/// Propose a goal
///
/// On the Goal Attainment Scale: `levels` says what each of -2, -1, 0, 1 and 2 means, and `survivor_benefit` how the
/// goal makes the survivor safer or better.
#[utoipa::path(tag = "programme", params(("id" = ParticipantId, Path, description = "The participant")),
    request_body = CreateGoalBody, responses((status = 201, body = MadeGoalView)), security(("staff" = [])),
    extensions(("x-who" = json!(["practitioner"]))))]
#[post("/participants/{id}/goals")]
async fn create_goal(
    app: web::Data<App>,
    staff: Practitioner,
    id: web::Path<ParticipantId>,
    request: Request<CreateGoalBody>,
) -> Result<HttpResponse> {
    let (call, body) = request.read()?;
    let (actor, id) = (staff.actor(), id.into_inner());
    let work = move |tx: &mut Tx<'_>| goals::propose(tx, &staff, id, &body);
    created(&app, actor, "create_goal", (call, Keep::Answer), work, |made, _| made).await
}

/// List a participant's goals with their reviews
///
/// Newest first.
#[utoipa::path(tag = "programme", params(("id" = ParticipantId, Path, description = "The participant"), PageQuery),
    responses((status = 200, body = Page<GoalView>)), security(("staff" = [])),
    extensions(("x-who" = json!(["practitioner", "supervisor"]))))]
#[get("/participants/{id}/goals")]
async fn list_goals(
    app: web::Data<App>,
    staff: ProgrammeStaff,
    id: web::Path<ParticipantId>,
    http: HttpRequest,
    Query(query): Query<PageQuery>,
) -> Result<HttpResponse> {
    let (limit, after) = (query.limit()?, query.after()?);
    let (actor, id) = (staff.actor(), id.into_inner());
    let work = move |tx: &mut Tx<'_>| {
        let access = access::participant(tx, &staff, id)?;
        let rows = goals::list_goals_page(tx.conn, &access, after, limit)?;
        let key = |found: &GoalWithReviews| found.goal.cursor();
        Page::of(rows, limit, key, |found| GoalView::of(tx.keys, &found))
    };
    Ok(app.transact(actor, "list_goals", work).await?.respond(&http))
}

/// Record a review of a goal
#[utoipa::path(tag = "programme", params(("id" = GoalId, Path, description = "The goal")),
    request_body = CreateGoalReviewBody, responses((status = 201, body = MadeGoalReviewView)),
    security(("staff" = [])), extensions(("x-who" = json!(["practitioner"]))))]
#[post("/goals/{id}/reviews")]
async fn create_goal_review(
    app: web::Data<App>,
    staff: Practitioner,
    id: web::Path<GoalId>,
    request: Request<CreateGoalReviewBody>,
) -> Result<HttpResponse> {
    let (call, body) = request.read()?;
    let (actor, id) = (staff.actor(), id.into_inner());
    let work = move |tx: &mut Tx<'_>| reviews::record(tx, &staff, id, &body);
    created(&app, actor, "create_goal_review", (call, Keep::Answer), work, |made, _| made).await
}

/// All reviews of a goal.
#[derive(serde::Serialize, utoipa::ToSchema)]
struct GoalReviewsView {
    /// The first recorded first; those that were withdrawn or corrected do not count.
    items: Vec<GoalReviewView>,
}

/// Correct or withdraw a review of a goal
///
/// With `review`, that one stands in its place; without, there was none. The one before stays to be seen with the reason, and
/// the T-score follows.
#[utoipa::path(tag = "programme", params(("id" = GoalId, Path, description = "The goal"),
    ("review_id" = ReviewId, Path, description = "The review that was recorded wrongly")),
    request_body = CreateGoalReviewCorrectionBody, responses((status = 201, body = GoalReviewsView)),
    security(("staff" = [])), extensions(("x-who" = json!(["practitioner"]))))]
#[post("/goals/{id}/reviews/{review_id}/corrections")]
async fn create_goal_review_correction(
    app: web::Data<App>,
    staff: Practitioner,
    ids: web::Path<(GoalId, ReviewId)>,
    request: Request<CreateGoalReviewCorrectionBody>,
) -> Result<HttpResponse> {
    let (call, body) = request.read()?;
    let (actor, ids) = (staff.actor(), ids.into_inner());
    let work = move |tx: &mut Tx<'_>| Ok(GoalReviewsView { items: reviews::correct(tx, &staff, ids, &body)? });
    created(&app, actor, "create_goal_review_correction", (call, Keep::Answer), work, |view, _| view).await
}
