//! `/app/v1`: the survivor answers, presses help-now, and sees what is due.

use actix_web::{HttpRequest, HttpResponse, get, post, web};
use utoipa_actix_web::service_config::ServiceConfig;

use crate::access;
use crate::app::App;
use crate::checkins::CheckInView;
use crate::checkins::answer::{self, CreateCheckInBody, HelpNowBody, Sender, Submitted, SubmittedView};
use crate::checkins::questions::QuestionView;
use crate::checkins::schedule::ScheduleView;
use crate::checkins::store;
use crate::error::{Error, Result};
use crate::http::{Call, Keep, Page, PageQuery, Query, Request, created, ok, whole};
use crate::identity::{Phone, Survivor};
use crate::tx::{Raised, RaisedAlertView, Tx};

pub(super) fn routes(routes: &mut ServiceConfig) {
    routes
        .service(get_next_check_in)
        .service(list_check_ins)
        .service(create_check_in)
        .service(create_help_now)
        .service(list_own_schedules)
        .service(list_own_questions);
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
    answer(&app, phone, request.read_keyed()?, None).await
}

/// Keeps an answer that came by itself, or among what a phone kept while it was offline.
pub async fn answer(
    app: &App,
    phone: Phone,
    (call, body): (Call, CreateCheckInBody),
    clock_offset_seconds: Option<i64>,
) -> Result<HttpResponse> {
    let (actor, clock) = (phone.actor(), app.clock.clone());
    let work = move |tx: &mut Tx<'_>| answer::submit(tx, Sender::new(&phone, clock_offset_seconds), &body);
    let view = move |kept: Submitted, raised: &[Raised]| SubmittedView::of(&kept, clock.now(), raised);
    created(app, actor, "create_check_in", (call, Keep::Answer), work, view).await
}

/// Call for help now
///
/// Raises an emergency at once. This is not an emergency service: call 999; if you cannot speak, press 55. Pressing
/// again notifies again.
#[utoipa::path(tag = "check-ins", request_body = HelpNowBody, responses((status = 201, body = RaisedAlertView)),
    security(("survivor" = []), ("sos" = [])), extensions(("x-who" = json!(["survivor", "sos"]))))]
#[post("/help-now")]
async fn create_help_now(app: web::Data<App>, phone: Phone, request: Request<HelpNowBody>) -> Result<HttpResponse> {
    help_now(&app, phone, request.read_keyed()?, None).await
}

/// Raises the emergency of a press that came by itself, or among what a phone kept while it was offline.
pub async fn help_now(
    app: &App,
    phone: Phone,
    (call, body): (Call, HelpNowBody),
    clock_offset_seconds: Option<i64>,
) -> Result<HttpResponse> {
    let (actor, body) = (phone.actor(), CreateCheckInBody::from(body));
    let work = move |tx: &mut Tx<'_>| {
        answer::submit(tx, Sender::new(&phone, clock_offset_seconds), &body)?;
        // Told from the alert itself, which this press has raised or added to.
        RaisedAlertView::gravest(tx.settle()?).ok_or_else(|| Error::internal("help-now raised no alert"))
    };
    created(app, actor, "create_help_now", (call, Keep::Answer), work, |view, _| view).await
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
    let rows = app.db.read(move |conn| store::list_own(conn, &access, after, limit)).await?;
    let view = |row| CheckInView::of(&app.keys, &row, now);
    Ok(Page::of(rows, limit, |row| (row.happened_at, row.id.0), view)?.respond(&http))
}

/// See your check-in schedules
///
/// With the most minutes that can pass until silence raises an alert.
#[utoipa::path(tag = "check-ins", responses((status = 200, body = Page<ScheduleView>)), security(("survivor" = [])),
    extensions(("x-who" = json!(["survivor"]))))]
#[get("/schedules")]
async fn list_own_schedules(app: web::Data<App>, who: Survivor) -> Result<HttpResponse> {
    let (access, now) = (access::own(&who), app.clock.now());
    let rows = app.db.read(move |conn| store::list_schedules(conn, &access)).await?;
    let items = rows.iter().map(|row| ScheduleView::of(row, now)).collect::<Result<_>>()?;
    Ok(whole(items))
}

/// See the questions of your own that a check-in may answer
///
/// At most three.
#[utoipa::path(tag = "check-ins", responses((status = 200, body = Page<QuestionView>)), security(("survivor" = [])),
    extensions(("x-who" = json!(["survivor"]))))]
#[get("/questions")]
async fn list_own_questions(app: web::Data<App>, who: Survivor) -> Result<HttpResponse> {
    let (id, keys) = (who.id, app.keys.clone());
    let rows = app.db.read(move |conn| store::list_questions(conn, id)).await?;
    let items = rows.iter().map(|row| QuestionView::of(&keys, row)).collect::<Result<_>>()?;
    Ok(whole(items))
}
