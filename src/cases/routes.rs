//! URLs of cases, for staff of both sides; and the updates that the survivor reads.

mod bridge;
mod updates;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, get, post, web};
use garde::Validate;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::find::{self, CaseEventView, CaseView};
use super::propose::{self, ApprovedCaseView, EndCaseBody, ProposeCaseBody, ProposedCaseView};
use super::timeline::{self, TimelineItem};
use super::view::{self, CaseSidesView};
use crate::access::{ActionsView, CaseRow, Ended};
use crate::app::App;
use crate::db::CaseId;
use crate::error::Result;
use crate::http::{Keep, Page, PageQuery, Query, Request, create, created, ok};
use crate::identity::{CaseStaff, Supervisor};
use crate::tx::Tx;

/// `/app/v1`
pub fn app(routes: &mut ServiceConfig) {
    updates::app(routes);
}

/// `/partner/v1`
pub fn partner(routes: &mut ServiceConfig) {
    routes
        .service(create_case)
        .service(list_cases)
        .service(get_case)
        .service(approve_case)
        .service(refuse_case)
        .service(close_case)
        .service(get_case_actions)
        .service(list_case_events)
        .service(get_case_view)
        .service(list_case_timeline);
    bridge::partner(routes);
    updates::partner(routes);
}

/// Propose a case
///
/// Links a survivor to a participant by their references. It may be used once a supervisor of each side has approved.
#[utoipa::path(tag = "cases", request_body = ProposeCaseBody, responses((status = 201, body = ProposedCaseView)),
    security(("staff" = [])), extensions(("x-who" = json!(["advocate", "practitioner"]))))]
#[post("/cases")]
async fn create_case(app: web::Data<App>, staff: CaseStaff, request: Request<ProposeCaseBody>) -> Result<HttpResponse> {
    let (call, body) = request.read()?;
    let (actor, caller) = (staff.actor(), staff.clone());
    let work = move |tx: &mut Tx<'_>| propose::propose(tx, &caller, &body);
    let view = |row: CaseRow, _: &[_]| ProposedCaseView::of(row);
    created(&app, actor, "create_case", (call, Keep::Answer), work, view).await
}

/// List the cases you work with
#[utoipa::path(tag = "cases", params(PageQuery), responses((status = 200, body = Page<CaseView>)),
    security(("staff" = [])), extensions(("x-who" = json!(["advocate", "practitioner", "supervisor"]))))]
#[get("/cases")]
async fn list_cases(
    app: web::Data<App>,
    staff: CaseStaff,
    query: Query<PageQuery>,
    http: HttpRequest,
) -> Result<HttpResponse> {
    let (limit, after, caller) = (query.0.limit()?, query.0.after()?, staff.clone());
    let work = move |tx: &mut Tx<'_>| find::list(tx, &caller, after, limit);
    let rows = app.transact(staff.actor(), "list_cases", work).await?;
    let page = Page::of(rows, limit, |(key, _)| *key, |(_, view)| Ok(view))?;
    Ok(page.respond(&http))
}

/// See a case
#[utoipa::path(tag = "cases", responses((status = 200, body = CaseView)), params(("id" = CaseId, Path)),
    security(("staff" = [])), extensions(("x-who" = json!(["advocate", "practitioner", "supervisor"]))))]
#[get("/cases/{id}")]
async fn get_case(app: web::Data<App>, staff: CaseStaff, id: web::Path<CaseId>) -> Result<HttpResponse> {
    let (caller, id) = (staff.clone(), id.into_inner());
    let work = move |tx: &mut Tx<'_>| find::find(tx, &caller, id);
    Ok(ok(app.transact(staff.actor(), "get_case", work).await?))
}

/// Nothing more to say.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct ApproveCaseBody {}

/// Approve a case for your side
///
/// `active` once a supervisor of each side has approved; 409 when yours has done so already.
#[utoipa::path(tag = "cases", request_body = Option<ApproveCaseBody>,
    responses((status = 200, body = ApprovedCaseView)), params(("id" = CaseId, Path)), security(("staff" = [])),
    extensions(("x-who" = json!(["supervisor"]))))]
#[post("/cases/{id}/approve")]
async fn approve_case(
    app: web::Data<App>,
    staff: Supervisor,
    id: web::Path<CaseId>,
    request: Request<ApproveCaseBody>,
) -> Result<HttpResponse> {
    let (call, _) = request.read()?;
    let (actor, caller, id) = (staff.actor(), staff.clone(), id.into_inner());
    let work = move |tx: &mut Tx<'_>| propose::approve(tx, &caller, id);
    create(&app, actor, "approve_case", StatusCode::OK, (call, Keep::Answer), work, |row, _| row).await
}

/// Refuse a case that was proposed
///
/// By a supervisor of either side, before both have approved.
#[utoipa::path(tag = "cases", request_body = EndCaseBody, responses((status = 200, body = ApprovedCaseView)),
    params(("id" = CaseId, Path)), security(("staff" = [])), extensions(("x-who" = json!(["supervisor"]))))]
#[post("/cases/{id}/refuse")]
async fn refuse_case(
    app: web::Data<App>,
    staff: Supervisor,
    id: web::Path<CaseId>,
    request: Request<EndCaseBody>,
) -> Result<HttpResponse> {
    end(&app, &staff, id.into_inner(), (Ended::Refused, "refuse_case"), request).await
}

/// Close a case
///
/// By a supervisor of either side. From then on nothing crosses it: each side sees its own record alone.
#[utoipa::path(tag = "cases", request_body = EndCaseBody, responses((status = 200, body = ApprovedCaseView)),
    params(("id" = CaseId, Path)), security(("staff" = [])), extensions(("x-who" = json!(["supervisor"]))))]
#[post("/cases/{id}/close")]
async fn close_case(
    app: web::Data<App>,
    staff: Supervisor,
    id: web::Path<CaseId>,
    request: Request<EndCaseBody>,
) -> Result<HttpResponse> {
    end(&app, &staff, id.into_inner(), (Ended::Closed, "close_case"), request).await
}

async fn end(
    app: &App,
    staff: &Supervisor,
    id: CaseId,
    (ended, action): (Ended, &'static str),
    request: Request<EndCaseBody>,
) -> Result<HttpResponse> {
    let (call, body) = request.read()?;
    let (actor, caller) = (staff.actor(), (**staff).clone());
    let work = move |tx: &mut Tx<'_>| propose::end(tx, &caller, id, ended, &body);
    create(app, actor, action, StatusCode::OK, (call, Keep::Answer), work, |row, _| row).await
}

/// See what you may do with a case now
#[utoipa::path(tag = "cases", responses((status = 200, body = ActionsView)), params(("id" = CaseId, Path)),
    security(("staff" = [])), extensions(("x-who" = json!(["advocate", "practitioner", "supervisor"]))))]
#[get("/cases/{id}/actions")]
async fn get_case_actions(app: web::Data<App>, staff: CaseStaff, id: web::Path<CaseId>) -> Result<HttpResponse> {
    let (caller, id) = (staff.clone(), id.into_inner());
    let work = move |tx: &mut Tx<'_>| find::actions(tx, &caller, id);
    Ok(ok(app.transact(staff.actor(), "get_case_actions", work).await?))
}

/// See what was done with a case, by whom and why
#[utoipa::path(tag = "cases", params(("id" = CaseId, Path), PageQuery),
    responses((status = 200, body = Page<CaseEventView>)), security(("staff" = [])),
    extensions(("x-who" = json!(["advocate", "practitioner", "supervisor"]))))]
#[get("/cases/{id}/events")]
async fn list_case_events(
    app: web::Data<App>,
    staff: CaseStaff,
    id: web::Path<CaseId>,
    query: Query<PageQuery>,
    http: HttpRequest,
) -> Result<HttpResponse> {
    let (limit, after) = (query.0.limit()?, query.0.after()?);
    let (caller, id) = (staff.clone(), id.into_inner());
    let work = move |tx: &mut Tx<'_>| find::events(tx, &caller, id, after, limit);
    let rows = app.transact(staff.actor(), "list_case_events", work).await?;
    let page = Page::of(rows, limit, |row| (row.at, row.id.0), |row| Ok(CaseEventView::from(row)))?;
    Ok(page.respond(&http))
}

/// See both sides of a case
///
/// The survivor's check-ins, incidents and alerts beside the participant's goals, sessions and orders, as far as your
/// role and the survivor's agreement allow; `redactions` names what is withheld and why. Signals are never to be raised
/// in a session.
#[utoipa::path(tag = "cases", responses((status = 200, body = CaseSidesView)), params(("id" = CaseId, Path)),
    security(("staff" = [])), extensions(("x-who" = json!(["advocate", "practitioner", "supervisor"]))))]
#[get("/cases/{id}/view")]
async fn get_case_view(app: web::Data<App>, staff: CaseStaff, id: web::Path<CaseId>) -> Result<HttpResponse> {
    let (caller, id) = (staff.clone(), id.into_inner());
    let work = move |tx: &mut Tx<'_>| view::view(tx, &caller, id);
    Ok(ok(app.transact(staff.actor(), "get_case_view", work).await?))
}

/// See the timeline of a case
///
/// Both sides, newest first, by the same rules as the view.
#[utoipa::path(tag = "cases", params(("id" = CaseId, Path), PageQuery),
    responses((status = 200, body = Page<TimelineItem>)), security(("staff" = [])),
    extensions(("x-who" = json!(["advocate", "practitioner", "supervisor"]))))]
#[get("/cases/{id}/timeline")]
async fn list_case_timeline(
    app: web::Data<App>,
    staff: CaseStaff,
    id: web::Path<CaseId>,
    query: Query<PageQuery>,
    http: HttpRequest,
) -> Result<HttpResponse> {
    let (limit, after) = (query.0.limit()?, query.0.after()?);
    let (caller, id) = (staff.clone(), id.into_inner());
    let work = move |tx: &mut Tx<'_>| timeline::list(tx, &caller, id, after, limit);
    let rows = app.transact(staff.actor(), "list_case_timeline", work).await?;
    let page = Page::of(rows, limit, TimelineItem::key, Ok)?;
    Ok(page.respond(&http))
}
