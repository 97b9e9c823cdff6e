//! `/partner/v1`: alerts and tasks of staff.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, get, post, web};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::app::App;
use crate::contact::StaffSafeContactView;
use crate::db::{AlertId, TaskId};
use crate::error::Result;
use crate::escalation::act::{self, ActedView, AlertActionBody, Closing};
use crate::escalation::exercise::{self, CreateExerciseBody, ExerciseView};
use crate::escalation::model::TaskState;
use crate::escalation::open_location::{self, AlertLocationView, OpenLocationBody};
use crate::escalation::outcomes::{self, WithholdOutcomeBody};
use crate::escalation::raise_level::{self, RaiseLevelBody};
use crate::escalation::read::{self, StaffAlert};
use crate::escalation::reopen::{self, ReopenAlertBody};
use crate::escalation::tasks::{self, CompleteTaskBody, TaskView};
use crate::http::etag;
use crate::http::{EmptyBody, Keep, Page, PageQuery, Query, Request, create, created, ok};
use crate::identity::{Advocate, CaseStaff, SupportStaff};
use crate::tx::Tx;

/// `/partner/v1`
pub fn partner(routes: &mut ServiceConfig) {
    routes
        .service(list_alerts)
        .service(get_alert)
        .service(acknowledge_alert)
        .service(progress_alert)
        .service(resolve_alert)
        .service(stand_down_alert)
        .service(reopen_alert)
        .service(raise_alert_level)
        .service(release_outcome)
        .service(withhold_outcome)
        .service(release_alert)
        .service(create_alert_location_opening)
        .service(create_exercise)
        .service(list_tasks)
        .service(get_task_safe_contact)
        .service(complete_task);
    super::rota::partner(routes);
    super::ladders::partner(routes);
    super::silences::partner(routes);
}

/// List alerts
///
/// The support organisation's staff see all of its alerts, since anybody may be on duty; the programme's staff see
/// those of linked cases whose survivor shares their status.
#[utoipa::path(tag = "alerts", params(PageQuery), responses((status = 200, body = Page<StaffAlert>)),
    security(("staff" = [])), extensions(("x-who" = json!(["advocate", "practitioner", "supervisor"]))))]
#[get("/alerts")]
async fn list_alerts(
    app: web::Data<App>,
    staff: CaseStaff,
    query: Query<PageQuery>,
    http: HttpRequest,
) -> Result<HttpResponse> {
    let (limit, after, caller) = (query.0.limit()?, query.0.after()?, staff.clone());
    let work = move |tx: &mut Tx<'_>| read::list(tx, &caller, after, limit);
    Ok(app.transact(staff.actor(), "list_alerts", work).await?.respond(&http))
}

/// See an alert
#[utoipa::path(tag = "alerts", responses((status = 200, body = StaffAlert)), params(("id" = AlertId, Path)),
    security(("staff" = [])), extensions(("x-who" = json!(["advocate", "practitioner", "supervisor"]))))]
#[get("/alerts/{id}")]
async fn get_alert(app: web::Data<App>, staff: CaseStaff, id: web::Path<AlertId>) -> Result<HttpResponse> {
    let (caller, id) = (staff.clone(), id.into_inner());
    let work = move |tx: &mut Tx<'_>| read::find(tx, &caller, id);
    let (version, view) = app.transact(staff.actor(), "get_alert", work).await?;
    Ok(etag::ok_tagged(version, view))
}

/// Take an alert up
///
/// Its climb stops until its level's time has passed without progress: 24 hours, 30 minutes, or 5 minutes.
#[utoipa::path(tag = "alerts", request_body = AlertActionBody, responses((status = 200, body = ActedView)),
    params(("id" = AlertId, Path)), security(("staff" = [])), extensions(("x-who" = json!(["advocate", "supervisor"]))))]
#[post("/alerts/{id}/acknowledge")]
async fn acknowledge_alert(
    app: web::Data<App>,
    staff: SupportStaff,
    id: web::Path<AlertId>,
    request: Request<AlertActionBody>,
) -> Result<HttpResponse> {
    let (call, body) = request.read()?;
    let (actor, caller, id) = (staff.actor(), staff.clone(), id.into_inner());
    let work = move |tx: &mut Tx<'_>| act::acknowledge(tx, &caller, id, &body);
    create(&app, actor, "acknowledge_alert", StatusCode::OK, (call, Keep::Answer), work, |view, _| view).await
}

/// Tell how it goes with an alert
#[utoipa::path(tag = "alerts", request_body = AlertActionBody, responses((status = 200, body = ActedView)),
    params(("id" = AlertId, Path)), security(("staff" = [])), extensions(("x-who" = json!(["advocate", "supervisor"]))))]
#[post("/alerts/{id}/progress")]
async fn progress_alert(
    app: web::Data<App>,
    staff: SupportStaff,
    id: web::Path<AlertId>,
    request: Request<AlertActionBody>,
) -> Result<HttpResponse> {
    let (call, body) = request.read()?;
    let (actor, caller, id) = (staff.actor(), staff.clone(), id.into_inner());
    let work = move |tx: &mut Tx<'_>| act::progress(tx, &caller, id, &body);
    create(&app, actor, "progress_alert", StatusCode::OK, (call, Keep::Answer), work, |view, _| view).await
}

/// Close an alert: what was to be done is done
///
/// An emergency takes the survivor's code word; where none is set, having spoken to the survivor; or an outcome from
/// the police, which you confirm by closing (`outcome_confirmed: false` refuses). `no_trace`, `not_attended` and `referred`
/// close none.
#[utoipa::path(tag = "alerts", request_body = AlertActionBody, responses((status = 200, body = ActedView)),
    params(("id" = AlertId, Path)), security(("staff" = [])), extensions(("x-who" = json!(["advocate", "supervisor"]))))]
#[post("/alerts/{id}/resolve")]
async fn resolve_alert(
    app: web::Data<App>,
    staff: SupportStaff,
    id: web::Path<AlertId>,
    request: Request<AlertActionBody>,
) -> Result<HttpResponse> {
    let (_, body) = request.read()?;
    Ok(ok(act::close(&app, &staff, "resolve_alert", id.into_inner(), Closing::Resolved, body).await?))
}

/// Close an alert: safety confirmed
///
/// The same conditions as for resolving.
#[utoipa::path(tag = "alerts", request_body = AlertActionBody, responses((status = 200, body = ActedView)),
    params(("id" = AlertId, Path)), security(("staff" = [])), extensions(("x-who" = json!(["advocate", "supervisor"]))))]
#[post("/alerts/{id}/stand-down")]
async fn stand_down_alert(
    app: web::Data<App>,
    staff: SupportStaff,
    id: web::Path<AlertId>,
    request: Request<AlertActionBody>,
) -> Result<HttpResponse> {
    let (_, body) = request.read()?;
    Ok(ok(act::close(&app, &staff, "stand_down_alert", id.into_inner(), Closing::StoodDown, body).await?))
}

/// Open an alert again that was closed too soon
///
/// Within 72 hours of its closing. It climbs from the foot of its ladder.
#[utoipa::path(tag = "alerts", request_body = ReopenAlertBody, responses((status = 200, body = ActedView)),
    params(("id" = AlertId, Path)), security(("staff" = [])), extensions(("x-who" = json!(["advocate", "supervisor"]))))]
#[post("/alerts/{id}/reopen")]
async fn reopen_alert(
    app: web::Data<App>,
    staff: SupportStaff,
    id: web::Path<AlertId>,
    request: Request<ReopenAlertBody>,
) -> Result<HttpResponse> {
    let (call, body) = request.read()?;
    let (actor, caller, id) = (staff.actor(), staff.clone(), id.into_inner());
    let work = move |tx: &mut Tx<'_>| reopen::reopen(tx, &caller, id, &body);
    create(&app, actor, "reopen_alert", StatusCode::OK, (call, Keep::Answer), work, |view, _| view).await
}

/// Raise an alert's level
///
/// Begins the climb of that level's ladder, whoever has acknowledged. A level is never lowered.
#[utoipa::path(tag = "alerts", request_body = RaiseLevelBody, responses((status = 200, body = ActedView)),
    params(("id" = AlertId, Path)), security(("staff" = [])), extensions(("x-who" = json!(["advocate", "supervisor"]))))]
#[post("/alerts/{id}/raise-level")]
async fn raise_alert_level(
    app: web::Data<App>,
    staff: SupportStaff,
    id: web::Path<AlertId>,
    request: Request<RaiseLevelBody>,
) -> Result<HttpResponse> {
    let (call, body) = request.read()?;
    let (actor, caller, id) = (staff.actor(), staff.clone(), id.into_inner());
    let work = move |tx: &mut Tx<'_>| raise_level::raise_level(tx, &caller, id, &body);
    create(&app, actor, "raise_alert_level", StatusCode::OK, (call, Keep::Answer), work, |view, _| view).await
}

/// Release the police's outcome to the survivor
#[utoipa::path(tag = "alerts", request_body = EmptyBody, responses((status = 200, body = ActedView)),
    params(("id" = AlertId, Path)), security(("staff" = [])), extensions(("x-who" = json!(["advocate", "supervisor"]))))]
#[post("/alerts/{id}/release-outcome")]
async fn release_outcome(
    app: web::Data<App>,
    staff: SupportStaff,
    id: web::Path<AlertId>,
    request: Request<EmptyBody>,
) -> Result<HttpResponse> {
    let (call, _) = request.read()?;
    let (actor, caller, id) = (staff.actor(), staff.clone(), id.into_inner());
    let work = move |tx: &mut Tx<'_>| outcomes::release(tx, &caller, id);
    create(&app, actor, "release_outcome", StatusCode::OK, (call, Keep::Answer), work, |view, _| view).await
}

/// Withhold the police's outcome from the survivor
///
/// With a reason, for now: it may be released later. An outcome that nobody has released or withheld in a day is a task.
#[utoipa::path(tag = "alerts", request_body = WithholdOutcomeBody, responses((status = 200, body = ActedView)),
    params(("id" = AlertId, Path)), security(("staff" = [])), extensions(("x-who" = json!(["advocate", "supervisor"]))))]
#[post("/alerts/{id}/withhold-outcome")]
async fn withhold_outcome(
    app: web::Data<App>,
    staff: SupportStaff,
    id: web::Path<AlertId>,
    request: Request<WithholdOutcomeBody>,
) -> Result<HttpResponse> {
    let (call, body) = request.read()?;
    let (actor, caller, id) = (staff.actor(), staff.clone(), id.into_inner());
    let work = move |tx: &mut Tx<'_>| outcomes::withhold(tx, &caller, id, &body);
    create(&app, actor, "withhold_outcome", StatusCode::OK, (call, Keep::Answer), work, |view, _| view).await
}

/// Let the survivor's phone show an alert that was silent
///
/// An alert of duress does not exist for the phone until its advocate knows that it is safe to show it.
#[utoipa::path(tag = "alerts", request_body = EmptyBody, responses((status = 200, body = ActedView)),
    params(("id" = AlertId, Path)), security(("staff" = [])), extensions(("x-who" = json!(["advocate"]))))]
#[post("/alerts/{id}/release")]
async fn release_alert(
    app: web::Data<App>,
    staff: Advocate,
    id: web::Path<AlertId>,
    request: Request<EmptyBody>,
) -> Result<HttpResponse> {
    let (call, _) = request.read()?;
    let (actor, caller, id) = (staff.actor(), staff.clone(), id.into_inner());
    let work = move |tx: &mut Tx<'_>| act::release_alert(tx, &caller, id);
    create(&app, actor, "release_alert", StatusCode::OK, (call, Keep::Answer), work, |view, _| view).await
}

/// Open the location of an alert
///
/// For whoever rings 999: where the survivor's phone was, under the same release as for an officer
/// (`location.release_alert` as it stood when the alert was raised). Only of an open alert of level 3 and above. Each
/// person is given it once, with a reason, and it is a disclosure that the survivor can see. 404 where there is none that
/// was released.
#[utoipa::path(tag = "alerts", request_body = OpenLocationBody, responses((status = 200, body = AlertLocationView)),
    params(("id" = AlertId, Path)), security(("staff" = [])), extensions(("x-who" = json!(["advocate", "supervisor"]))))]
#[post("/alerts/{id}/location")]
async fn create_alert_location_opening(
    app: web::Data<App>,
    staff: SupportStaff,
    id: web::Path<AlertId>,
    request: Request<OpenLocationBody>,
) -> Result<HttpResponse> {
    let (call, body) = request.read()?;
    let (actor, caller, id) = (staff.actor(), staff.clone(), id.into_inner());
    let work = move |tx: &mut Tx<'_>| open_location::open(tx, &caller, id, &body);
    create(&app, actor, "create_alert_location_opening", StatusCode::OK, (call, Keep::Answer), work, |view, _| view)
        .await
}

/// Begin an exercise
///
/// A drill for the people on duty and for the force: it climbs, and goes out as `safety.alert.exercise`. It holds
/// nothing of the survivor, is marked everywhere, and never turns real.
#[utoipa::path(tag = "alerts", request_body = CreateExerciseBody, responses((status = 201, body = ExerciseView)),
    security(("staff" = [])), extensions(("x-who" = json!(["supervisor"]))))]
#[post("/exercises")]
async fn create_exercise(
    app: web::Data<App>,
    staff: SupportStaff,
    request: Request<CreateExerciseBody>,
) -> Result<HttpResponse> {
    let (call, body) = request.read()?;
    let (actor, caller) = (staff.actor(), staff.clone());
    let work = move |tx: &mut Tx<'_>| exercise::create(tx, &caller, &body);
    created(&app, actor, "create_exercise", (call, Keep::Answer), work, |view, _| view).await
}

/// Which tasks to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct TasksQuery {
    /// Only those in this state; without it, all.
    #[serde(default)]
    state: Option<TaskState>,
    /// How many items at most.
    #[serde(default)]
    #[param(minimum = 1, maximum = 200, default = 50, example = 50)]
    limit: Option<i64>,
    /// `next_cursor` of the page before.
    #[serde(default)]
    cursor: Option<String>,
}

/// List tasks
///
/// What software may not, or cannot, do by itself: calling 999, deciding whether the police are told, ringing a survivor
/// who asked for it. A task ends when it is done, when its alert is closed, and when what it is about is over; `state=open`
/// lists those that wait.
#[utoipa::path(tag = "tasks", params(TasksQuery), responses((status = 200, body = Page<TaskView>)),
    security(("staff" = [])), extensions(("x-who" = json!(["advocate", "supervisor"]))))]
#[get("/tasks")]
async fn list_tasks(
    app: web::Data<App>,
    staff: SupportStaff,
    query: Query<TasksQuery>,
    http: HttpRequest,
) -> Result<HttpResponse> {
    let TasksQuery { state, limit, cursor } = query.0;
    let page = PageQuery::of(limit, cursor);
    let (limit, after, caller) = (page.limit()?, page.after()?, staff.clone());
    let work = move |tx: &mut Tx<'_>| tasks::list(tx, &caller, state, after, limit);
    Ok(app.transact(staff.actor(), "list_tasks", work).await?.respond(&http))
}

/// See how the survivor of a task may be reached
///
/// For whoever is to ring them, whether or not they are assigned: while a task of the kind `call_survivor` waits
/// and its alert is open and not silent.
#[utoipa::path(tag = "tasks", responses((status = 200, body = StaffSafeContactView)), params(("id" = TaskId, Path)),
    security(("staff" = [])), extensions(("x-who" = json!(["advocate", "supervisor"]))))]
#[get("/tasks/{id}/safe-contact")]
async fn get_task_safe_contact(
    app: web::Data<App>,
    staff: SupportStaff,
    id: web::Path<TaskId>,
) -> Result<HttpResponse> {
    let (caller, id) = (staff.clone(), id.into_inner());
    let work = move |tx: &mut Tx<'_>| tasks::safe_contact(tx, &caller, id);
    Ok(ok(app.transact(staff.actor(), "get_task_safe_contact", work).await?))
}

/// Mark a task done
#[utoipa::path(tag = "tasks", request_body = CompleteTaskBody, responses((status = 200, body = TaskView)),
    params(("id" = TaskId, Path)), security(("staff" = [])), extensions(("x-who" = json!(["advocate", "supervisor"]))))]
#[post("/tasks/{id}/complete")]
async fn complete_task(
    app: web::Data<App>,
    staff: SupportStaff,
    id: web::Path<TaskId>,
    request: Request<CompleteTaskBody>,
) -> Result<HttpResponse> {
    let (call, body) = request.read()?;
    let (actor, caller, id) = (staff.actor(), staff.clone(), id.into_inner());
    let work = move |tx: &mut Tx<'_>| tasks::complete(tx, &caller, id, &body);
    let view = |row, _: &[_]| TaskView::of(row);
    create(&app, actor, "complete_task", StatusCode::OK, (call, Keep::Answer), work, view).await
}
