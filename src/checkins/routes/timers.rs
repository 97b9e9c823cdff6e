//! `/app/v1/timers`: the survivor starts, extends and ends one.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, get, post, web};
use utoipa_actix_web::service_config::ServiceConfig;

use crate::access;
use crate::app::App;
use crate::checkins::store;
use crate::checkins::timers::{self, CreateTimerBody, EndTimerBody, ExtendTimerBody, Sent, TimerView};
use crate::crypto::Keys;
use crate::db::TimerId;
use crate::error::{Error, Result};
use crate::http::{Keep, Page, PageQuery, Query, RepeatKey, Request, create, created, ok};
use crate::identity::Survivor;
use crate::tx::Tx;

pub(super) fn routes(routes: &mut ServiceConfig) {
    routes.service(create_timer).service(list_timers).service(get_timer).service(extend_timer).service(end_timer);
}

/// Start a timer
///
/// If it runs out before you end it, your advocate and whoever is on duty are told at once. It runs from `recorded_at`, so
/// that one that was started without signal ends when it was to end. The phone may make its `id`.
#[utoipa::path(tag = "timers", request_body = CreateTimerBody, responses((status = 201, body = TimerView)),
    security(("survivor" = [])), extensions(("x-who" = json!(["survivor"]))))]
#[post("/timers")]
async fn create_timer(app: web::Data<App>, who: Survivor, request: Request<CreateTimerBody>) -> Result<HttpResponse> {
    start(&app, who, request.read_keyed()?, Sent::default()).await
}

/// Starts a timer, for the call above and for what a phone kept while it was offline; the two below likewise.
pub async fn start(
    app: &App,
    who: Survivor,
    (call, body): (RepeatKey, CreateTimerBody),
    sent: Sent,
) -> Result<HttpResponse> {
    let actor = who.actor();
    let work = move |tx: &mut Tx<'_>| timers::start(tx, &who, &body, sent);
    created(app, actor, "create_timer", (call, Keep::Answer), work, |view, _| view).await
}

/// Give a timer more time
///
/// While it runs, up to a day in all.
#[utoipa::path(tag = "timers", request_body = ExtendTimerBody, responses((status = 200, body = TimerView)),
    params(("id" = TimerId, Path)), security(("survivor" = [])), extensions(("x-who" = json!(["survivor"]))))]
#[post("/timers/{id}/extend")]
async fn extend_timer(
    app: web::Data<App>,
    who: Survivor,
    id: web::Path<TimerId>,
    request: Request<ExtendTimerBody>,
) -> Result<HttpResponse> {
    extend(&app, who, id.into_inner(), request.read_keyed()?, Sent::default()).await
}

/// See [`start`].
pub async fn extend(
    app: &App,
    who: Survivor,
    id: TimerId,
    (call, body): (RepeatKey, ExtendTimerBody),
    sent: Sent,
) -> Result<HttpResponse> {
    let actor = who.actor();
    let work = move |tx: &mut Tx<'_>| timers::extend(tx, &who, id, &body, sent);
    create(app, actor, "extend_timer", StatusCode::OK, (call, Keep::Answer), work, |view, _| view).await
}

/// End a timer: you are safe
///
/// After it has run out this is kept and closes no alert: a person does.
#[utoipa::path(tag = "timers", request_body = EndTimerBody, responses((status = 200, body = TimerView)),
    params(("id" = TimerId, Path)), security(("survivor" = [])), extensions(("x-who" = json!(["survivor"]))))]
#[post("/timers/{id}/end")]
async fn end_timer(
    app: web::Data<App>,
    who: Survivor,
    id: web::Path<TimerId>,
    request: Request<EndTimerBody>,
) -> Result<HttpResponse> {
    end(&app, who, id.into_inner(), request.read_keyed()?, Sent::default()).await
}

/// See [`start`].
pub async fn end(
    app: &App,
    who: Survivor,
    id: TimerId,
    (call, body): (RepeatKey, EndTimerBody),
    sent: Sent,
) -> Result<HttpResponse> {
    let actor = who.actor();
    let work = move |tx: &mut Tx<'_>| timers::end(tx, &who, id, &body, sent);
    create(app, actor, "end_timer", StatusCode::OK, (call, Keep::Answer), work, |view, _| view).await
}

/// List your timers
#[utoipa::path(tag = "timers", params(PageQuery), responses((status = 200, body = Page<TimerView>)),
    security(("survivor" = [])), extensions(("x-who" = json!(["survivor"]))))]
#[get("/timers")]
async fn list_timers(
    app: web::Data<App>,
    who: Survivor,
    query: Query<PageQuery>,
    http: HttpRequest,
) -> Result<HttpResponse> {
    let (limit, after, access, now) = (query.0.limit()?, query.0.after()?, access::own(&who), app.clock.now());
    let rows = app.db.read(move |conn| store::list_timers(conn, &access, after, limit)).await?;
    let view = |keys: &Keys, row: &_| TimerView::of(keys, row, now);
    Ok(app.page(rows, limit, |row| (row.started_at, row.id.0), view).await?.respond(&http))
}

/// See one of your timers
#[utoipa::path(tag = "timers", responses((status = 200, body = TimerView)), params(("id" = TimerId, Path)),
    security(("survivor" = [])), extensions(("x-who" = json!(["survivor"]))))]
#[get("/timers/{id}")]
async fn get_timer(app: web::Data<App>, who: Survivor, id: web::Path<TimerId>) -> Result<HttpResponse> {
    let (own, id, now) = (who.id, id.into_inner(), app.clock.now());
    let found = app.db.read(move |conn| store::find_own_timer(conn, own, id, None)).await?;
    let row = found.ok_or(Error::NotFound)?;
    Ok(ok(app.with_keys(|keys| TimerView::of(keys, &row, now)).await?))
}
