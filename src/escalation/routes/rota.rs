//! `/partner/v1/rota`: who is on duty when.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, get, post, web};
use utoipa_actix_web::service_config::ServiceConfig;

use crate::app::App;
use crate::db::ShiftId;
use crate::error::Result;
use crate::escalation::rota::{self, CancelShiftBody, CreateShiftBody, RotaQuery, RotaView, ShiftView};
use crate::http::{Keep, Query, Request, create, created, ok};
use crate::identity::{Supervisor, SupportStaff};
use crate::tx::Tx;

pub(super) fn partner(routes: &mut ServiceConfig) {
    routes.service(get_rota).service(create_rota_shift).service(cancel_rota_shift);
}

/// See the rota: shifts, gaps, and who is on duty
///
/// Of the caller's support organisation. At an hour that no shift covers nobody is on duty, and a ladder goes on to its
/// next step at once.
#[utoipa::path(tag = "rota", params(RotaQuery), responses((status = 200, body = RotaView)), security(("staff" = [])),
    extensions(("x-who" = json!(["advocate", "supervisor"]))))]
#[get("/rota")]
async fn get_rota(app: web::Data<App>, staff: SupportStaff, query: Query<RotaQuery>) -> Result<HttpResponse> {
    let (caller, query) = (staff.clone(), query.0);
    let work = move |tx: &mut Tx<'_>| rota::show(tx, &caller, &query);
    Ok(ok(app.transact(staff.actor(), "get_rota", work).await?))
}

/// Plan a shift
///
/// Shifts may overlap: at a handover both are told.
#[utoipa::path(tag = "rota", request_body = CreateShiftBody, responses((status = 201, body = ShiftView)),
    security(("staff" = [])), extensions(("x-who" = json!(["supervisor"]))))]
#[post("/rota/shifts")]
async fn create_rota_shift(
    app: web::Data<App>,
    staff: Supervisor,
    request: Request<CreateShiftBody>,
) -> Result<HttpResponse> {
    let (call, body) = request.read()?;
    let (actor, caller) = (staff.actor(), staff.clone());
    let work = move |tx: &mut Tx<'_>| rota::plan(tx, &caller, &body);
    created(&app, actor, "create_rota_shift", (call, Keep::Answer), work, |made, _| made).await
}

/// Cancel a shift
///
/// It covers nothing from then on; the record of it stays.
#[utoipa::path(tag = "rota", request_body = CancelShiftBody, responses((status = 200, body = ShiftView)),
    params(("id" = ShiftId, Path)), security(("staff" = [])), extensions(("x-who" = json!(["supervisor"]))))]
#[post("/rota/shifts/{id}/cancel")]
async fn cancel_rota_shift(
    app: web::Data<App>,
    staff: Supervisor,
    id: web::Path<ShiftId>,
    request: Request<CancelShiftBody>,
) -> Result<HttpResponse> {
    let (call, body) = request.read()?;
    let (actor, caller, id) = (staff.actor(), staff.clone(), id.into_inner());
    let work = move |tx: &mut Tx<'_>| rota::cancel(tx, &caller, id, &body);
    create(&app, actor, "cancel_rota_shift", StatusCode::OK, (call, Keep::Answer), work, |view, _| view).await
}
