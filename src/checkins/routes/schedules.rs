//! `/partner/v1/survivors/{id}/schedules`: staff make schedules, let them rest, and end them.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, get, post, web};
use utoipa_actix_web::service_config::ServiceConfig;

use crate::access;
use crate::app::App;
use crate::checkins::schedule::{self, Change, CreateScheduleBody, EndScheduleBody, PauseScheduleBody, ScheduleView};
use crate::checkins::store;
use crate::db::{ScheduleId, SurvivorId};
use crate::error::Result;
use crate::http::{EmptyBody, Keep, Page, Request, create, created, whole};
use crate::identity::{Advocate, SupportStaff};
use crate::tx::Tx;

pub(super) fn routes(routes: &mut ServiceConfig) {
    routes
        .service(create_schedule)
        .service(list_schedules)
        .service(pause_schedule)
        .service(resume_schedule)
        .service(end_schedule);
}

/// Make a check-in schedule
///
/// Runs at once, whether or not the survivor has enrolled a phone. The answer shows the most minutes that can pass
/// until silence raises an alert.
#[utoipa::path(tag = "check-ins", request_body = CreateScheduleBody, responses((status = 201, body = ScheduleView)),
    params(("id" = SurvivorId, Path)), security(("staff" = [])), extensions(("x-who" = json!(["advocate"]))))]
#[post("/survivors/{id}/schedules")]
async fn create_schedule(
    app: web::Data<App>,
    staff: Advocate,
    id: web::Path<SurvivorId>,
    request: Request<CreateScheduleBody>,
) -> Result<HttpResponse> {
    let (call, body) = request.read()?;
    let (actor, caller, id) = (staff.actor(), staff.clone(), id.into_inner());
    let work = move |tx: &mut Tx<'_>| {
        tx.wake();
        schedule::create(tx, &caller, id, &body)
    };
    created(&app, actor, "create_schedule", (call, Keep::Answer), work, |made, _| made).await
}

/// List a survivor's schedules
#[utoipa::path(tag = "check-ins", responses((status = 200, body = Page<ScheduleView>)), params(("id" = SurvivorId, Path)),
    security(("staff" = [])), extensions(("x-who" = json!(["advocate", "supervisor"]))))]
#[get("/survivors/{id}/schedules")]
async fn list_schedules(app: web::Data<App>, staff: SupportStaff, id: web::Path<SurvivorId>) -> Result<HttpResponse> {
    let (caller, id, now) = (staff.clone(), id.into_inner(), app.clock.now());
    let work = move |tx: &mut Tx<'_>| {
        let access = access::survivor(tx, &caller, id)?;
        store::list_schedules(tx.conn, &access)
    };
    let rows = app.transact(staff.actor(), "list_schedules", work).await?;
    let items = rows.iter().map(|row| ScheduleView::of(row, now)).collect::<Result<_>>()?;
    Ok(whole(items))
}

/// Let a schedule rest until an instant
///
/// With a reason; it runs on by itself after that. A check-in that is due already still waits for its answer.
#[utoipa::path(tag = "check-ins", request_body = PauseScheduleBody, responses((status = 200, body = ScheduleView)),
    params(("id" = SurvivorId, Path), ("schedule_id" = ScheduleId, Path)), security(("staff" = [])),
    extensions(("x-who" = json!(["advocate"]))))]
#[post("/survivors/{id}/schedules/{schedule_id}/pause")]
async fn pause_schedule(
    app: web::Data<App>,
    staff: Advocate,
    path: web::Path<(SurvivorId, ScheduleId)>,
    request: Request<PauseScheduleBody>,
) -> Result<HttpResponse> {
    let (call, body) = request.read()?;
    let (actor, caller, path) = (staff.actor(), staff.clone(), path.into_inner());
    let work = move |tx: &mut Tx<'_>| schedule::change(tx, &caller, path, &Change::Pause(&body));
    create(&app, actor, "pause_schedule", StatusCode::OK, (call, Keep::Answer), work, |view, _| view).await
}

/// Let a paused schedule run on
#[utoipa::path(tag = "check-ins", request_body = EmptyBody, responses((status = 200, body = ScheduleView)),
    params(("id" = SurvivorId, Path), ("schedule_id" = ScheduleId, Path)), security(("staff" = [])),
    extensions(("x-who" = json!(["advocate"]))))]
#[post("/survivors/{id}/schedules/{schedule_id}/resume")]
async fn resume_schedule(
    app: web::Data<App>,
    staff: Advocate,
    path: web::Path<(SurvivorId, ScheduleId)>,
    request: Request<EmptyBody>,
) -> Result<HttpResponse> {
    let (call, _) = request.read()?;
    let (actor, caller, path) = (staff.actor(), staff.clone(), path.into_inner());
    let work = move |tx: &mut Tx<'_>| schedule::change(tx, &caller, path, &Change::Resume);
    create(&app, actor, "resume_schedule", StatusCode::OK, (call, Keep::Answer), work, |view, _| view).await
}

/// End a schedule
///
/// With a reason. A check-in that is due already still waits for its answer.
#[utoipa::path(tag = "check-ins", request_body = EndScheduleBody, responses((status = 200, body = ScheduleView)),
    params(("id" = SurvivorId, Path), ("schedule_id" = ScheduleId, Path)), security(("staff" = [])),
    extensions(("x-who" = json!(["advocate"]))))]
#[post("/survivors/{id}/schedules/{schedule_id}/end")]
async fn end_schedule(
    app: web::Data<App>,
    staff: Advocate,
    path: web::Path<(SurvivorId, ScheduleId)>,
    request: Request<EndScheduleBody>,
) -> Result<HttpResponse> {
    let (call, body) = request.read()?;
    let (actor, caller, path) = (staff.actor(), staff.clone(), path.into_inner());
    let work = move |tx: &mut Tx<'_>| schedule::change(tx, &caller, path, &Change::End(&body));
    create(&app, actor, "end_schedule", StatusCode::OK, (call, Keep::Answer), work, |view, _| view).await
}
