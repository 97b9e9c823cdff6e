//! Assessments of risk, for the staff of the survivor's side alone.

use actix_web::{HttpRequest, HttpResponse, get, post, web};
use utoipa_actix_web::service_config::ServiceConfig;

use crate::app::App;
use crate::crypto::Keys;
use crate::db::{RiskAssessmentId, SurvivorId};
use crate::error::Result;
use crate::http::{Keep, Page, PageQuery, Query, Request, created};
use crate::identity::{self, Supervisor, SupportStaff};
use crate::safety::marac::{self, CreateMaracDecisionBody, MaracDecisionView};
use crate::safety::risk::{self, AssessmentView, CreateAssessmentBody, RiskChangeView};
use crate::safety::tools::{self, CreateToolBody, ToolView};
use crate::tx::Tx;

pub(super) fn partner(routes: &mut ServiceConfig) {
    routes
        .service(create_risk_tool)
        .service(list_risk_tools)
        .service(create_risk_assessment)
        .service(list_risk_assessments)
        .service(create_marac_decision)
        .service(list_risk_changes);
}

/// Load a tool for assessing risk
///
/// In the wording that your organisation is licensed to use; Holdfast ships none. A version never changes.
#[utoipa::path(tag = "risk", request_body = CreateToolBody, responses((status = 201, body = ToolView)),
    security(("staff" = [])), extensions(("x-who" = json!(["supervisor"]))))]
#[post("/risk-tools")]
async fn create_risk_tool(
    app: web::Data<App>,
    staff: Supervisor,
    request: Request<CreateToolBody>,
) -> Result<HttpResponse> {
    let (call, body) = request.read()?;
    let (actor, caller) = (staff.actor(), staff.clone());
    let work = move |tx: &mut Tx<'_>| tools::create(tx, &caller, &body);
    created(&app, actor, "create_risk_tool", (call, Keep::Answer), work, |view, _| view).await
}

/// List the tools that your organisation has loaded
#[utoipa::path(tag = "risk", params(PageQuery), responses((status = 200, body = Page<ToolView>)),
    security(("staff" = [])), extensions(("x-who" = json!(["advocate", "supervisor"]))))]
#[get("/risk-tools")]
async fn list_risk_tools(
    app: web::Data<App>,
    staff: SupportStaff,
    query: Query<PageQuery>,
    http: HttpRequest,
) -> Result<HttpResponse> {
    let (limit, after, caller) = (query.0.limit()?, query.0.after()?, staff.clone());
    let work = move |tx: &mut Tx<'_>| tools::list(tx, &caller, after, limit);
    let rows = app.transact(staff.actor(), "list_risk_tools", work).await?;
    Ok(Page::of(rows, limit, |row| (row.created_at, row.id.0), |row| ToolView::of(&row))?.respond(&http))
}

/// Assess a survivor's risk
///
/// The rating rises at once to what the assessment comes to. It falls only with a `lowering_reason`, and one that was
/// assessed before only by a supervisor.
#[utoipa::path(tag = "risk", request_body = CreateAssessmentBody, responses((status = 201, body = AssessmentView)),
    params(("id" = SurvivorId, Path)), security(("staff" = [])),
    extensions(("x-who" = json!(["advocate", "supervisor"]))))]
#[post("/survivors/{id}/risk-assessments")]
async fn create_risk_assessment(
    app: web::Data<App>,
    staff: SupportStaff,
    id: web::Path<SurvivorId>,
    request: Request<CreateAssessmentBody>,
) -> Result<HttpResponse> {
    let (call, body) = request.read()?;
    let (actor, caller, id) = (staff.actor(), staff.clone(), id.into_inner());
    let work = move |tx: &mut Tx<'_>| risk::assess(tx, &caller, id, &body);
    created(&app, actor, "create_risk_assessment", (call, Keep::Answer), work, |view, _| view).await
}

/// List a survivor's assessments of risk
#[utoipa::path(tag = "risk", params(PageQuery, ("id" = SurvivorId, Path)),
    responses((status = 200, body = Page<AssessmentView>)), security(("staff" = [])),
    extensions(("x-who" = json!(["advocate", "supervisor"]))))]
#[get("/survivors/{id}/risk-assessments")]
async fn list_risk_assessments(
    app: web::Data<App>,
    staff: SupportStaff,
    id: web::Path<SurvivorId>,
    query: Query<PageQuery>,
    http: HttpRequest,
) -> Result<HttpResponse> {
    let (limit, after, caller, id) = (query.0.limit()?, query.0.after()?, staff.clone(), id.into_inner());
    let work = move |tx: &mut Tx<'_>| risk::list(tx, &caller, id, after, limit);
    let (rows, decisions) = app.transact(staff.actor(), "list_risk_assessments", work).await?;
    let view = |keys: &Keys, row: &_| AssessmentView::of(keys, row, &decisions);
    Ok(app.page(rows, limit, |row| (row.assessed_at, row.id.0), view).await?.respond(&http))
}

/// Record what was decided about a Marac
///
/// After an assessment, whether that prompted it or not: a person decides.
#[utoipa::path(tag = "risk", request_body = CreateMaracDecisionBody,
    responses((status = 201, body = MaracDecisionView)),
    params(("id" = SurvivorId, Path), ("assessment_id" = RiskAssessmentId, Path)), security(("staff" = [])),
    extensions(("x-who" = json!(["advocate", "supervisor"]))))]
#[post("/survivors/{id}/risk-assessments/{assessment_id}/marac-decisions")]
async fn create_marac_decision(
    app: web::Data<App>,
    staff: SupportStaff,
    path: web::Path<(SurvivorId, RiskAssessmentId)>,
    request: Request<CreateMaracDecisionBody>,
) -> Result<HttpResponse> {
    let (call, body) = request.read()?;
    let (actor, caller, path) = (staff.actor(), staff.clone(), path.into_inner());
    let work = move |tx: &mut Tx<'_>| marac::decide(tx, &caller, path, &body);
    created(&app, actor, "create_marac_decision", (call, Keep::Answer), work, |view, _| view).await
}

/// List the changes of a survivor's rating
///
/// Who, when and why; also those made on the record itself.
#[utoipa::path(tag = "risk", params(PageQuery, ("id" = SurvivorId, Path)),
    responses((status = 200, body = Page<RiskChangeView>)), security(("staff" = [])),
    extensions(("x-who" = json!(["advocate", "supervisor"]))))]
#[get("/survivors/{id}/risk-changes")]
async fn list_risk_changes(
    app: web::Data<App>,
    staff: SupportStaff,
    id: web::Path<SurvivorId>,
    query: Query<PageQuery>,
    http: HttpRequest,
) -> Result<HttpResponse> {
    let (limit, after, caller, id) = (query.0.limit()?, query.0.after()?, staff.clone(), id.into_inner());
    let work = move |tx: &mut Tx<'_>| risk::changes(tx, &caller, id, after, limit);
    let rows = app.transact(staff.actor(), "list_risk_changes", work).await?;
    let key = |row: &identity::RiskChange| (row.changed_at, row.id.0);
    Ok(app.page(rows, limit, key, RiskChangeView::of).await?.respond(&http))
}
