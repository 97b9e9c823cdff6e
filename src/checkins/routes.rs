//! URLs of check-ins: the survivor's app, and the schedules that staff make.

use actix_web::{HttpRequest, HttpResponse, get, post, web};
use utoipa_actix_web::service_config::ServiceConfig;

use super::answer::{self, CreateCheckInBody, HelpNowBody, SubmittedView};
use super::model::CheckInView;
use super::schedule::{self, CreateScheduleBody, MadeScheduleView};
use super::store;
use crate::access;
use crate::app::App;
use crate::db::SurvivorId;
use crate::error::{Error, Result};
use crate::http::{Keep, Page, PageQuery, Query, Request, created, ok};
use crate::identity::{Advocate, Phone, SupportStaff, Survivor};
use crate::tx::{Raised, RaisedAlertView, Tx};

/// `/app/v1`
pub fn app(routes: &mut ServiceConfig) {
    routes.service(get_next_check_in).service(list_check_ins).service(create_check_in).service(create_help_now);
}

/// `/partner/v1`
pub fn partner(routes: &mut ServiceConfig) {
    routes.service(create_schedule).service(list_survivor_check_ins);
}

/// Answer a check-in
///
/// With the device's SOS token only `concern` and `help_now`: "safe" counts only from a session unlocked by PIN. A late
/// answer is kept with the alert and does not close it.
#[utoipa::path(tag = "check-ins", request_body = CreateCheckInBody, responses((status = 201, body = SubmittedView)),
    security(("survivor" = []), ("sos" = [])), extensions(("x-who" = json!(["survivor", "sos"]))))]
#[post("/check-ins")]
async fn create_check_in(
    app: web::Data<App>,
    phone: Phone,
    request: Request<CreateCheckInBody>,
) -> Result<HttpResponse> {
    let (call, body) = request.read_keyed()?;
    let (actor, clock) = (phone.actor(), app.clock.clone());
    let work = move |tx: &mut Tx<'_>| answer::submit(tx, &phone, &body);
    let view = move |row, raised: &[Raised]| SubmittedView::of(&row, clock.now(), raised);
    created(&app, actor, "create_check_in", (call, Keep::Answer), work, view).await
}

/// Call for help now
///
/// Raises an emergency at once. This is not an emergency service: call 999; if you cannot speak, press 55. Pressing
/// again notifies again.
#[utoipa::path(tag = "check-ins", request_body = HelpNowBody, responses((status = 201, body = RaisedAlertView)),
    security(("survivor" = []), ("sos" = [])), extensions(("x-who" = json!(["survivor", "sos"]))))]
#[post("/help-now")]
async fn create_help_now(app: web::Data<App>, phone: Phone, request: Request<HelpNowBody>) -> Result<HttpResponse> {
    let (call, body) = request.read_keyed()?;
    let (actor, body) = (phone.actor(), CreateCheckInBody::from(body));
    let work = move |tx: &mut Tx<'_>| {
        answer::submit(tx, &phone, &body)?;
        // Told from the alert itself, which this press has raised or added to.
        RaisedAlertView::gravest(tx.settle()?).ok_or_else(|| Error::internal("help-now raised no alert"))
    };
    created(&app, actor, "create_help_now", (call, Keep::Answer), work, |view, _| view).await
}

/// See your next check-in
#[utoipa::path(tag = "check-ins", responses((status = 200, body = CheckInView),
    (status = 404, body = crate::http::Problem, content_type = "application/problem+json", description = "No check-in is planned")),
    security(("survivor" = [])), extensions(("x-who" = json!(["survivor"]))))]
#[get("/check-ins/next")]
async fn get_next_check_in(app: web::Data<App>, who: Survivor) -> Result<HttpResponse> {
    let (id, now) = (who.id, app.clock.now());
    let next = app.db.read(move |conn| store::find_waiting(conn, id)).await?.ok_or(Error::NotFound)?;
    Ok(ok(CheckInView::of(&app.keys, &next, now)?))
}

/// List your check-ins
#[utoipa::path(tag = "check-ins", params(PageQuery), responses((status = 200, body = Page<CheckInView>)),
    security(("survivor" = [])), extensions(("x-who" = json!(["survivor"]))))]
#[get("/check-ins")]
async fn list_check_ins(
    app: web::Data<App>,
    who: Survivor,
    query: Query<PageQuery>,
    http: HttpRequest,
) -> Result<HttpResponse> {
    let (limit, after, access, now) = (query.0.limit()?, query.0.after()?, access::own(&who), app.clock.now());
    let rows = app.db.read(move |conn| store::list_for(conn, &access, after, limit)).await?;
    let view = |row| CheckInView::of(&app.keys, &row, now);
    Ok(Page::of(rows, limit, |row| (row.happened_at, row.id.0), view)?.respond(&http))
}

/// Make a check-in schedule
///
/// Runs at once, whether or not the survivor has enrolled a phone.
#[utoipa::path(tag = "check-ins", request_body = CreateScheduleBody, responses((status = 201, body = MadeScheduleView)),
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
    let view = |row| CheckInView::of(&app.keys, &row, now);
    Ok(Page::of(rows, limit, |row| (row.happened_at, row.id.0), view)?.respond(&http))
}
