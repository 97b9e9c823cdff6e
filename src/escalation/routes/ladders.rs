//! `/partner/v1/ladders`: an organisation's own ladders.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, get, post, put, web};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::app::App;
use crate::db::LadderId;
use crate::error::Result;
use crate::escalation::ladders::{
    self, DefaultLadderView, LadderBody, LadderRow, OrganisationLadderView, PublishLadderBody, SimulateBody,
    SimulationView, ValidationView,
};
use crate::http::etag::{self, IfMatch};
use crate::http::{EmptyBody, Keep, Page, PageQuery, Query, Request, create, ok};
use crate::identity::{Supervisor, SupportStaff};
use crate::tx::Tx;

pub(super) fn partner(routes: &mut ServiceConfig) {
    routes
        .service(list_ladders)
        .service(get_organisation_ladder)
        .service(create_ladder)
        .service(put_ladder)
        .service(validate_ladder)
        .service(simulate_ladder)
        .service(publish_ladder);
}

/// Ladders: an organisation's own, and those that it has without one.
#[derive(Serialize, ToSchema)]
struct LaddersView {
    /// The organisation's own, newest first.
    #[serde(flatten)]
    own: Page<OrganisationLadderView>,
    /// The defaults.
    defaults: Vec<DefaultLadderView>,
}

/// List ladders: drafts, published versions, and the defaults
#[utoipa::path(tag = "ladders", params(PageQuery), responses((status = 200, body = LaddersView)),
    security(("staff" = [])), extensions(("x-who" = json!(["advocate", "supervisor"]))))]
#[get("/ladders")]
async fn list_ladders(
    app: web::Data<App>,
    staff: SupportStaff,
    query: Query<PageQuery>,
    http: HttpRequest,
) -> Result<HttpResponse> {
    let (limit, after, caller) = (query.0.limit()?, query.0.after()?, staff.clone());
    let work = move |tx: &mut Tx<'_>| ladders::list(tx, &caller, after, limit);
    let rows = app.transact(staff.actor(), "list_ladders", work).await?;
    let own = Page::of(rows, limit, |row| (row.created_at, row.id.0), OrganisationLadderView::of)?;
    Ok(own.respond_as(&http, |own| LaddersView { own, defaults: DefaultLadderView::all() }))
}

/// See a ladder
#[utoipa::path(tag = "ladders", responses((status = 200, body = OrganisationLadderView)),
    params(("id" = LadderId, Path)), security(("staff" = [])),
    extensions(("x-who" = json!(["advocate", "supervisor"]))))]
#[get("/ladders/{id}")]
async fn get_organisation_ladder(
    app: web::Data<App>,
    staff: SupportStaff,
    id: web::Path<LadderId>,
) -> Result<HttpResponse> {
    let (caller, id) = (staff.clone(), id.into_inner());
    let work = move |tx: &mut Tx<'_>| ladders::find(tx, &caller, id);
    tagged(app.transact(staff.actor(), "get_organisation_ladder", work).await?)
}

fn tagged(row: LadderRow) -> Result<HttpResponse> {
    Ok(etag::ok_tagged(row.revision, OrganisationLadderView::of(row)?))
}

/// Draft a ladder
///
/// A draft may have faults; it climbs nowhere until it is published.
#[utoipa::path(tag = "ladders", request_body = LadderBody, responses((status = 201, body = OrganisationLadderView)),
    security(("staff" = [])), extensions(("x-who" = json!(["supervisor"]))))]
#[post("/ladders")]
async fn create_ladder(app: web::Data<App>, staff: Supervisor, request: Request<LadderBody>) -> Result<HttpResponse> {
    let (call, body) = request.read()?;
    let (actor, caller) = (staff.actor(), staff.clone());
    let work = move |tx: &mut Tx<'_>| OrganisationLadderView::of(ladders::draft(tx, &caller, &body)?);
    create(&app, actor, "create_ladder", StatusCode::CREATED, (call, Keep::Answer), work, |view, _| view).await
}

/// Replace a draft
#[utoipa::path(tag = "ladders", request_body = LadderBody, responses((status = 200, body = OrganisationLadderView)),
    params(("id" = LadderId, Path), ("If-Match" = String, Header, description = "The ETag that you read")),
    security(("staff" = [])), extensions(("x-who" = json!(["supervisor"]))))]
#[put("/ladders/{id}")]
async fn put_ladder(
    app: web::Data<App>,
    staff: Supervisor,
    id: web::Path<LadderId>,
    read: IfMatch,
    request: Request<LadderBody>,
) -> Result<HttpResponse> {
    let (_, body) = request.read()?;
    let (caller, id) = (staff.clone(), id.into_inner());
    let work = move |tx: &mut Tx<'_>| ladders::replace(tx, &caller, id, &read, &body);
    tagged(app.transact(staff.actor(), "put_ladder", work).await?)
}

/// See every fault of a ladder
#[utoipa::path(tag = "ladders", request_body = EmptyBody, responses((status = 200, body = ValidationView)),
    params(("id" = LadderId, Path)), security(("staff" = [])), extensions(("x-who" = json!(["supervisor"]))))]
#[post("/ladders/{id}/validate")]
async fn validate_ladder(
    app: web::Data<App>,
    staff: Supervisor,
    id: web::Path<LadderId>,
    request: Request<EmptyBody>,
) -> Result<HttpResponse> {
    request.read()?;
    let (caller, id) = (staff.clone(), id.into_inner());
    let work = move |tx: &mut Tx<'_>| ladders::validate(tx, &caller, id);
    Ok(ok(app.transact(staff.actor(), "validate_ladder", work).await?))
}

/// Simulate a ladder on the rota as it is planned
///
/// Nobody is told. A draft must be simulated as it stands before it is published.
#[utoipa::path(tag = "ladders", request_body = SimulateBody, responses((status = 200, body = SimulationView)),
    params(("id" = LadderId, Path)), security(("staff" = [])), extensions(("x-who" = json!(["supervisor"]))))]
#[post("/ladders/{id}/simulate")]
async fn simulate_ladder(
    app: web::Data<App>,
    staff: Supervisor,
    id: web::Path<LadderId>,
    request: Request<SimulateBody>,
) -> Result<HttpResponse> {
    let (_, body) = request.read()?;
    let (caller, id) = (staff.clone(), id.into_inner());
    let work = move |tx: &mut Tx<'_>| ladders::simulate(tx, &caller, id, &body);
    Ok(ok(app.transact(staff.actor(), "simulate_ladder", work).await?))
}

/// Publish a ladder
///
/// Alerts raised from then on climb it; those under way keep theirs. Its duty rota must cover every hour of the coming
/// 14 days, or the body says that the gaps are known.
#[utoipa::path(tag = "ladders", request_body = PublishLadderBody,
    responses((status = 200, body = OrganisationLadderView)), params(("id" = LadderId, Path)),
    security(("staff" = [])), extensions(("x-who" = json!(["supervisor"]))))]
#[post("/ladders/{id}/publish")]
async fn publish_ladder(
    app: web::Data<App>,
    staff: Supervisor,
    id: web::Path<LadderId>,
    request: Request<PublishLadderBody>,
) -> Result<HttpResponse> {
    let (call, body) = request.read()?;
    let (actor, caller, id) = (staff.actor(), staff.clone(), id.into_inner());
    let work = move |tx: &mut Tx<'_>| OrganisationLadderView::of(ladders::publish(tx, &caller, id, &body)?);
    create(&app, actor, "publish_ladder", StatusCode::OK, (call, Keep::Answer), work, |view, _| view).await
}
