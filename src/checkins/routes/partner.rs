//! `/partner/v1/survivors/{id}/check-ins`: staff of the survivor's side read, record and review.

use actix_web::{HttpRequest, HttpResponse, delete, get, post, web};
use utoipa_actix_web::service_config::ServiceConfig;

use crate::access;
use crate::app::App;
use crate::checkins::CheckInView;
use crate::checkins::answer::{self, CreateCheckInBody, Given, Submitted, SubmittedView};
use crate::checkins::questions::{self, CreateQuestionBody, QuestionView};
use crate::checkins::review::{self, CreateReviewBody, ReviewView};
use crate::checkins::store;
use crate::crypto::Keys;
use crate::db::{CheckInId, QuestionId, SurvivorId};
use crate::error::{Error, Result};
use crate::http::{Keep, Page, PageQuery, Query, Request, created, whole};
use crate::identity::{Advocate, SupportStaff};
use crate::tx::{Raised, Tx};

pub(super) fn routes(routes: &mut ServiceConfig) {
    routes
        .service(list_survivor_check_ins)
        .service(record_check_in)
        .service(list_check_in_reviews)
        .service(create_check_in_review)
        .service(list_questions)
        .service(create_question)
        .service(retire_question);
}

/// List a survivor's check-ins
#[utoipa::path(tag = "check-ins", params(PageQuery, ("id" = SurvivorId, Path)),
    responses((status = 200, body = Page<CheckInView>)), security(("staff" = [])),
    extensions(("x-who" = json!(["advocate", "supervisor"]))))]
#[get("/survivors/{id}/check-ins")]
async fn list_survivor_check_ins(
    app: web::Data<App>,
    staff: SupportStaff,
    id: web::Path<SurvivorId>,
    query: Query<PageQuery>,
    http: HttpRequest,
) -> Result<HttpResponse> {
    let (limit, after, now) = (query.0.limit()?, query.0.after()?, app.clock.now());
    let (caller, id) = (staff.clone(), id.into_inner());
    let work = move |tx: &mut Tx<'_>| {
        let access = access::survivor(tx, &caller, id)?;
        store::list_for(tx.conn, &access, after, limit)
    };
    let rows = app.transact(staff.actor(), "list_survivor_check_ins", work).await?;
    let view = |keys: &Keys, row: &_| CheckInView::of_for_staff(keys, row, now);
    Ok(app.page(rows, limit, |row| (row.happened_at, row.id.0), view).await?.respond(&http))
}

/// Record a check-in for a survivor
///
/// What the survivor told you, where they have no phone that is safe to use. Answers the one that is open, else it is
/// unscheduled.
#[utoipa::path(tag = "check-ins", request_body = CreateCheckInBody, responses((status = 201, body = SubmittedView)),
    params(("id" = SurvivorId, Path)), security(("staff" = [])), extensions(("x-who" = json!(["advocate"]))))]
#[post("/survivors/{id}/check-ins")]
async fn record_check_in(
    app: web::Data<App>,
    staff: Advocate,
    id: web::Path<SurvivorId>,
    request: Request<CreateCheckInBody>,
) -> Result<HttpResponse> {
    let (call, body) = request.read()?;
    let given = Given::from(body);
    let (actor, caller, id, clock) = (staff.actor(), staff.clone(), id.into_inner(), app.clock.clone());
    let work = move |tx: &mut Tx<'_>| {
        access::survivor(tx, &caller, id)?;
        answer::record_for(tx, caller.id, id, &given)
    };
    let view = move |kept: Submitted, raised: &[Raised]| SubmittedView::of(&kept, clock.now(), raised);
    created(&app, actor, "record_check_in", (call, Keep::Answer), work, view).await
}

/// See what was done with a check-in
#[utoipa::path(tag = "check-ins", responses((status = 200, body = Page<ReviewView>)),
    params(("id" = SurvivorId, Path), ("check_in_id" = CheckInId, Path)), security(("staff" = [])),
    extensions(("x-who" = json!(["advocate", "supervisor"]))))]
#[get("/survivors/{id}/check-ins/{check_in_id}/reviews")]
async fn list_check_in_reviews(
    app: web::Data<App>,
    staff: SupportStaff,
    path: web::Path<(SurvivorId, CheckInId)>,
) -> Result<HttpResponse> {
    let (caller, (id, check_in)) = (staff.clone(), path.into_inner());
    let work = move |tx: &mut Tx<'_>| {
        let access = access::survivor(tx, &caller, id)?;
        store::find_check_in(tx.conn, access.id(), check_in)?.ok_or(Error::NotFound)?;
        store::list_reviews(tx.conn, &access, check_in)
    };
    let rows = app.transact(staff.actor(), "list_check_in_reviews", work).await?;
    Ok(whole(app.views(&rows, ReviewView::of).await?))
}

/// Start or complete a review, annotate, or resolve a missed check-in
///
/// Resolving a check-in closes no alert.
#[utoipa::path(tag = "check-ins", request_body = CreateReviewBody, responses((status = 201, body = ReviewView)),
    params(("id" = SurvivorId, Path), ("check_in_id" = CheckInId, Path)), security(("staff" = [])),
    extensions(("x-who" = json!(["advocate", "supervisor"]))))]
#[post("/survivors/{id}/check-ins/{check_in_id}/reviews")]
async fn create_check_in_review(
    app: web::Data<App>,
    staff: SupportStaff,
    path: web::Path<(SurvivorId, CheckInId)>,
    request: Request<CreateReviewBody>,
) -> Result<HttpResponse> {
    let (call, body) = request.read()?;
    let (actor, caller, path) = (staff.actor(), staff.clone(), path.into_inner());
    let work = move |tx: &mut Tx<'_>| review::create(tx, &caller, path, &body);
    created(&app, actor, "create_check_in_review", (call, Keep::Answer), work, |view, _| view).await
}

/// See the questions that a survivor's check-ins ask
#[utoipa::path(tag = "check-ins", responses((status = 200, body = Page<QuestionView>)), params(("id" = SurvivorId, Path)),
    security(("staff" = [])), extensions(("x-who" = json!(["advocate", "supervisor"]))))]
#[get("/survivors/{id}/questions")]
async fn list_questions(app: web::Data<App>, staff: SupportStaff, id: web::Path<SurvivorId>) -> Result<HttpResponse> {
    let (caller, id) = (staff.clone(), id.into_inner());
    let work = move |tx: &mut Tx<'_>| {
        let access = access::survivor(tx, &caller, id)?;
        store::list_questions(tx.conn, access.id())
    };
    let rows = app.transact(staff.actor(), "list_questions", work).await?;
    Ok(whole(app.views(&rows, QuestionView::of).await?))
}

/// Set a question of a survivor's own
///
/// At most three at a time.
#[utoipa::path(tag = "check-ins", request_body = CreateQuestionBody, responses((status = 201, body = QuestionView)),
    params(("id" = SurvivorId, Path)), security(("staff" = [])), extensions(("x-who" = json!(["advocate"]))))]
#[post("/survivors/{id}/questions")]
async fn create_question(
    app: web::Data<App>,
    staff: Advocate,
    id: web::Path<SurvivorId>,
    request: Request<CreateQuestionBody>,
) -> Result<HttpResponse> {
    let (call, body) = request.read()?;
    let (actor, caller, id) = (staff.actor(), staff.clone(), id.into_inner());
    let work = move |tx: &mut Tx<'_>| questions::create(tx, &caller, id, &body);
    created(&app, actor, "create_question", (call, Keep::Answer), work, |view, _| view).await
}

/// Ask a question no longer
///
/// Answers that were given stay.
#[utoipa::path(tag = "check-ins", responses((status = 204)),
    params(("id" = SurvivorId, Path), ("question_id" = QuestionId, Path)), security(("staff" = [])),
    extensions(("x-who" = json!(["advocate"]))))]
#[delete("/survivors/{id}/questions/{question_id}")]
async fn retire_question(
    app: web::Data<App>,
    staff: Advocate,
    path: web::Path<(SurvivorId, QuestionId)>,
) -> Result<HttpResponse> {
    let (caller, path) = (staff.clone(), path.into_inner());
    app.transact(staff.actor(), "retire_question", move |tx| questions::retire(tx, &caller, path)).await?;
    Ok(HttpResponse::NoContent().finish())
}
