//! The safety plan: the survivor's phone, with a PIN of the last minutes, and the staff of their side.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, get, post, put, web};
use utoipa_actix_web::service_config::ServiceConfig;

use crate::access;
use crate::app::App;
use crate::db::SurvivorId;
use crate::error::Result;
use crate::http::etag::{IfMatch, ok_tagged};
use crate::http::{Keep, Page, PageQuery, Query, Request, acted, create};
use crate::identity::{ConfirmedSurvivor, SupportStaff};
use crate::safety::plan::{self, ConfirmPlanBody, OwnPlanBody, PlanBody, PlanVersion, PlanVersionView, SafetyPlanView};
use crate::safety::store;
use crate::tx::Tx;

pub(super) fn app(routes: &mut ServiceConfig) {
    routes.service(get_own_safety_plan).service(put_own_safety_plan).service(confirm_own_safety_plan);
}

pub(super) fn partner(routes: &mut ServiceConfig) {
    routes
        .service(get_safety_plan)
        .service(put_safety_plan)
        .service(confirm_safety_plan)
        .service(list_safety_plan_versions);
}

/// See your safety plan
///
/// Asks for a PIN of the last 15 minutes (`POST /app/v1/session/confirm`).
#[utoipa::path(tag = "safety plan", responses((status = 200, body = SafetyPlanView)), security(("survivor" = [])),
    extensions(("x-who" = json!(["survivor"]))))]
#[get("/safety-plan")]
async fn get_own_safety_plan(app: web::Data<App>, who: ConfirmedSurvivor) -> Result<HttpResponse> {
    let view = app.read(move |conn, keys| plan::find(conn, keys, &access::own(&who))).await?;
    Ok(ok_tagged(view.version, view))
}

/// Write your own part of the safety plan
///
/// A new version, to which you agree by writing it. Your advocate's part stays as it is.
#[utoipa::path(tag = "safety plan", request_body = OwnPlanBody, responses((status = 200, body = SafetyPlanView)),
    params(("If-Match" = String, Header, description = "The ETag that you read")), security(("survivor" = [])),
    extensions(("x-who" = json!(["survivor"]))))]
#[put("/safety-plan")]
async fn put_own_safety_plan(
    app: web::Data<App>,
    who: ConfirmedSurvivor,
    read: IfMatch,
    request: Request<OwnPlanBody>,
) -> Result<HttpResponse> {
    let (_, body) = request.read()?;
    let actor = who.actor();
    let work = move |tx: &mut Tx<'_>| plan::put_own(tx, &who, &read, &body);
    let view = app.transact(actor, "put_own_safety_plan", work).await?;
    Ok(ok_tagged(view.version, view))
}

/// Agree to the safety plan as it stands
#[utoipa::path(tag = "safety plan", request_body = ConfirmPlanBody, responses((status = 200, body = SafetyPlanView)),
    security(("survivor" = [])), extensions(("x-who" = json!(["survivor"]))))]
#[post("/safety-plan/confirm")]
async fn confirm_own_safety_plan(
    app: web::Data<App>,
    who: ConfirmedSurvivor,
    request: Request<ConfirmPlanBody>,
) -> Result<HttpResponse> {
    let (call, body) = request.read_keyed()?;
    let work = {
        let who = who.clone();
        move |tx: &mut Tx<'_>| plan::confirm_own(tx, &who, &body)
    };
    let kept = (call, Keep::Answer);
    create(&app, who.actor(), "confirm_own_safety_plan", StatusCode::OK, kept, work, |view, _| view).await
}

/// See a survivor's safety plan
#[utoipa::path(tag = "safety plan", responses((status = 200, body = SafetyPlanView)),
    params(("id" = SurvivorId, Path)), security(("staff" = [])),
    extensions(("x-who" = json!(["advocate", "supervisor"]))))]
#[get("/survivors/{id}/safety-plan")]
async fn get_safety_plan(app: web::Data<App>, staff: SupportStaff, id: web::Path<SurvivorId>) -> Result<HttpResponse> {
    let (caller, id) = (staff.clone(), id.into_inner());
    let work = move |tx: &mut Tx<'_>| {
        let access = access::survivor(tx, &caller, id)?;
        plan::find(tx.conn, tx.keys, &access)
    };
    let view = app.transact(staff.actor(), "get_safety_plan", work).await?;
    Ok(ok_tagged(view.version, view))
}

/// Propose the advocate's part of a survivor's safety plan
///
/// A new version; the survivor's part stays as it is, and they are told, neutrally, that there is something to agree to.
#[utoipa::path(tag = "safety plan", request_body = PlanBody, responses((status = 200, body = SafetyPlanView)),
    params(("id" = SurvivorId, Path), ("If-Match" = String, Header, description = "The ETag that you read")),
    security(("staff" = [])), extensions(("x-who" = json!(["advocate", "supervisor"]))))]
#[put("/survivors/{id}/safety-plan")]
async fn put_safety_plan(
    app: web::Data<App>,
    staff: SupportStaff,
    id: web::Path<SurvivorId>,
    read: IfMatch,
    request: Request<PlanBody>,
) -> Result<HttpResponse> {
    let (_, body) = request.read()?;
    let (caller, id) = (staff.clone(), id.into_inner());
    let work = move |tx: &mut Tx<'_>| plan::put(tx, &caller, id, &read, &body);
    let view = app.transact(staff.actor(), "put_safety_plan", work).await?;
    Ok(ok_tagged(view.version, view))
}

/// Record that you agree to a survivor's safety plan as it stands
#[utoipa::path(tag = "safety plan", request_body = ConfirmPlanBody, responses((status = 200, body = SafetyPlanView)),
    params(("id" = SurvivorId, Path)), security(("staff" = [])),
    extensions(("x-who" = json!(["advocate", "supervisor"]))))]
#[post("/survivors/{id}/safety-plan/confirm")]
async fn confirm_safety_plan(
    app: web::Data<App>,
    staff: SupportStaff,
    id: web::Path<SurvivorId>,
    request: Request<ConfirmPlanBody>,
) -> Result<HttpResponse> {
    let (call, body) = request.read()?;
    let (actor, caller, id) = (staff.actor(), staff.clone(), id.into_inner());
    let reader = caller.clone();
    let work = move |tx: &mut Tx<'_>| plan::confirm(tx, &caller, id, &body);
    let read = move |tx: &mut Tx<'_>| {
        let access = access::survivor(tx, &reader, id)?;
        plan::find(tx.conn, tx.keys, &access)
    };
    acted(&app, actor, "confirm_safety_plan", (call, StatusCode::OK), work, read).await
}

/// List all versions of a survivor's safety plan
///
/// With what was written under duress, which has no version.
#[utoipa::path(tag = "safety plan", params(PageQuery, ("id" = SurvivorId, Path)),
    responses((status = 200, body = Page<PlanVersionView>)), security(("staff" = [])),
    extensions(("x-who" = json!(["advocate", "supervisor"]))))]
#[get("/survivors/{id}/safety-plan/versions")]
async fn list_safety_plan_versions(
    app: web::Data<App>,
    staff: SupportStaff,
    id: web::Path<SurvivorId>,
    query: Query<PageQuery>,
    http: HttpRequest,
) -> Result<HttpResponse> {
    let (limit, after, caller, id) = (query.0.limit()?, query.0.after()?, staff.clone(), id.into_inner());
    let work = move |tx: &mut Tx<'_>| {
        let access = access::survivor(tx, &caller, id)?;
        store::list_plan_versions(tx.conn, &access, after, limit)
    };
    let rows = app.transact(staff.actor(), "list_safety_plan_versions", work).await?;
    let key = |row: &PlanVersion| (row.created_at, row.id.0);
    Ok(app.page(rows, limit, key, PlanVersionView::of).await?.respond(&http))
}
