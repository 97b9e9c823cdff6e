//! URLs of cases, for staff of both sides.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, get, post, web};
use garde::Validate;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::find::{self, CaseView};
use super::propose::{self, ApprovedCaseView, ProposeCaseBody, ProposedCaseView};
use super::timeline::{self, TimelineItem};
use super::view::{self, CaseSidesView};
use crate::access::CaseRow;
use crate::app::App;
use crate::db::CaseId;
use crate::error::Result;
use crate::http::{Keep, Page, PageQuery, Query, Request, create, created, ok};
use crate::identity::{CaseStaff, Supervisor};
use crate::tx::Tx;

/// `/partner/v1`
pub fn partner(routes: &mut ServiceConfig) {
    routes
        .service(create_case)
        .service(list_cases)
        .service(get_case)
        .service(approve_case)
        .service(get_case_view)
        .service(list_case_timeline);
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
