//! `/app/v1/timers`: the survivor starts, extends and ends one.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::access;
use crate::app::App;
use crate::checkins::store;
use crate::checkins::timers::{self, CreateTimerBody, EndTimerBody, ExtendTimerBody, SendCircumstances, TimerView};
use crate::crypto::Keys;
use crate::db::TimerId;
use crate::error::{Error, Result};
use crate::http::reply::{Reply, page_reply, reply};
use crate::http::{Answer, Call, Created, Keep, Listed, Listing, RepeatKey, create, created, operations};
use crate::identity::{Enrolled, Survivor};
use crate::tx::Tx;

pub(super) fn routes(routes: &mut ServiceConfig) {
    operations! { routes: create_timer list_timers get_timer extend_timer end_timer }
}

/// Start a timer
///
/// If it runs out before you end it, your advocate and the person on duty are notified at once. It runs from `recorded_at`, so
/// that one that was started without signal ends when it was to end. The phone may make its `id`.
#[utoipa::path(post, path = "/timers", tag = "timers")]
async fn create_timer(mut call: Call<Enrolled, (), CreateTimerBody>) -> Created<TimerView> {
    let key = call.take_key()?;
    start(&call.app, call.who.sender(), (key, call.body), SendCircumstances::default()).await.map(Reply::of)
}

/// Starts a timer, for the call above and for what a phone kept while it was offline; the two below likewise.
pub async fn start(
    app: &App,
    who: Survivor,
    (call, body): (RepeatKey, CreateTimerBody),
    sent: SendCircumstances,
) -> Result<HttpResponse> {
    let actor = who.actor();
    let start = move |tx: &mut Tx<'_>, who: &Survivor| timers::start(tx, who, &body, sent);
    let work = move |tx: &mut Tx<'_>| tx.both(&who, who.behind(), &start);
    created(app, actor, "create_timer", (call, Keep::Answer), work, |view, _| view).await
}

/// Extend a timer
///
/// While it runs, up to a day in all.
#[utoipa::path(post, path = "/timers/{id}/extend", tag = "timers")]
async fn extend_timer(mut call: Call<Enrolled, TimerId, ExtendTimerBody>) -> Answer<TimerView> {
    let key = call.take_key()?;
    extend(&call.app, call.who.sender(), call.path, (key, call.body), SendCircumstances::default()).await.map(Reply::of)
}

/// See [`start`].
pub async fn extend(
    app: &App,
    who: Survivor,
    id: TimerId,
    (call, body): (RepeatKey, ExtendTimerBody),
    sent: SendCircumstances,
) -> Result<HttpResponse> {
    let actor = who.actor();
    let extend = move |tx: &mut Tx<'_>, who: &Survivor| timers::extend(tx, who, id, &body, sent);
    let work = move |tx: &mut Tx<'_>| tx.both(&who, who.behind(), &extend);
    create(app, actor, "extend_timer", StatusCode::OK, (call, Keep::Answer), work, |view, _| view).await
}

/// End a timer: you are safe
///
/// After it has run out this is kept and closes no alert: a person does.
#[utoipa::path(post, path = "/timers/{id}/end", tag = "timers")]
async fn end_timer(mut call: Call<Enrolled, TimerId, EndTimerBody>) -> Answer<TimerView> {
    let key = call.take_key()?;
    end(&call.app, call.who.sender(), call.path, (key, call.body), SendCircumstances::default()).await.map(Reply::of)
}

/// See [`start`].
pub async fn end(
    app: &App,
    who: Survivor,
    id: TimerId,
    (call, body): (RepeatKey, EndTimerBody),
    sent: SendCircumstances,
) -> Result<HttpResponse> {
    let actor = who.actor();
    let end = move |tx: &mut Tx<'_>, who: &Survivor| timers::end(tx, who, id, &body, sent);
    let work = move |tx: &mut Tx<'_>| tx.both(&who, who.behind(), &end);
    create(app, actor, "end_timer", StatusCode::OK, (call, Keep::Answer), work, |view, _| view).await
}

/// List your timers
#[utoipa::path(get, path = "/timers", tag = "timers")]
async fn list_timers(call: Listing<Survivor>) -> Listed<TimerView> {
    let Call { app, who, body: query, request, .. } = call;
    let (limit, after, access, now) = (query.limit()?, query.after()?, access::own(&who), app.clock.now());
    let rows = app.db.read(move |conn| store::list_timers(conn, &access, after, limit)).await?;
    let view = |keys: &Keys, row: &_| TimerView::of(keys, row, now);
    page_reply(&request, app.page(rows, limit, |row| (row.started_at, row.client_id.unwrap_or(row.id).0), view).await?)
}

/// Read one of your timers
#[utoipa::path(get, path = "/timers/{id}", tag = "timers")]
async fn get_timer(call: Call<Survivor, TimerId>) -> Answer<TimerView> {
    let Call { app, who, path: id, .. } = call;
    let (own, now) = (who.id, app.clock.now());
    let found = app.db.read(move |conn| store::find_own_timer(conn, own, id, Some(false))).await?;
    let row = found.ok_or(Error::NotFound)?;
    reply(app.with_keys(|keys| TimerView::of(keys, &row, now)).await?)
}
