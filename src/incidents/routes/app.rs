//! `/app/v1/incidents`: the survivor's own.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, post, web};
use utoipa_actix_web::service_config::ServiceConfig;

use crate::access;
use crate::app::App;
use crate::crypto::Keys;
use crate::db::{DbConn, IncidentId};
use crate::error::{Error, Result};
use crate::http::etag::{self, IfMatch};
use crate::http::lenient::LenientJson;
use crate::http::operation::Described;
use crate::http::reply::{page_reply, reply, reply_tagged};
use crate::http::{
    Answer, Call, Incoming, Keep, Listed, Listing, Press, RepeatKey, SyncedCall, create, created, cried, cried_with,
    operations,
};
use crate::identity::{ConfirmedSurvivor, Enrolled, Survivor};
use crate::incidents::history::{self, OwnIncidentEventView};
use crate::incidents::model::{Incident, Reported};
use crate::incidents::release::ReleaseView;
use crate::incidents::report::amend::AmendBody;
use crate::incidents::report::withdraw::{self, WithdrawBody};
use crate::incidents::report::{IncidentBody, amend_now, submit};
use crate::incidents::view::{
    OwnIncidentDetailView, OwnIncidentVersionView, OwnIncidentView, PrivateNoteView, Shown, SubmittedIncidentView,
    WithdrawnIncidentView,
};
use crate::incidents::{cry, linked, store};
use crate::tx::{Raised, Tx};

/// Lines of history that are shown with an incident.
const HISTORY: i64 = 99;

pub(super) fn routes(routes: &mut ServiceConfig) {
    routes.service(Described(create_incident)).service(Described(amend_incident));
    operations! { routes: list_incidents get_incident get_private_note withdraw_incident }
}

/// Report an incident
///
/// You decide who sees it; your private note is for you alone. `alert` tells what followed at once. Wherever
/// `happening_now: true` can be read the answer is 201, whatever else the body says: what cannot be read is left out and named
/// in `dropped`, and what has to be there is taken to be what is safe: `visibility` on `private`, `fear` on 4, `happened` on
/// `unknown`, no behaviours, which count as danger, and an empty account. Then neither an `Idempotency-Key` nor a `Content-Type`
/// is needed: each request without a key is a report of its own, and so is one whose key was used with another `recorded_at`.
#[utoipa::path(tag = "incidents", request_body = IncidentBody, responses((status = 201, body = SubmittedIncidentView)),
    security(("survivor" = [])),
    extensions(("x-who" = json!(["survivor"]))))]
#[post("/incidents")]
async fn create_incident(app: web::Data<App>, who: Enrolled, sent: Incoming) -> Result<HttpResponse> {
    let (who, json) = (who.sender(), sent.json());
    let answered = if cry::is_happening_now(&json) {
        report_cry(&app, who, &json, sent.press(json.fields.get("recorded_at"))).await
    } else {
        match sent.strict::<IncidentBody>() {
            Ok(told) => report(&app, who, told).await,
            Err(error) => Err(error),
        }
    };
    sent.finish().await;
    answered
}

/// Keeps a report of what is not happening now.
async fn report(app: &App, who: Survivor, (call, body): (RepeatKey, IncidentBody)) -> Result<HttpResponse> {
    let (actor, report) = (who.actor(), body.into_report());
    let keep = move |tx: &mut Tx<'_>, who: &Survivor| submit::submit(tx, who, &report);
    let work = move |tx: &mut Tx<'_>| tx.both(&who, who.behind(), &keep);
    let view = |incident: Incident, raised: &[Raised]| SubmittedIncidentView::of(&incident, raised);
    etag::tagged(created(app, actor, "create_incident", (call, Keep::Answer), work, view).await?)
}

/// Keeps a report of what is.
async fn report_cry(app: &App, who: Survivor, json: &LenientJson, press: Press) -> Result<HttpResponse> {
    let (actor, report) = (who.actor(), cry::read(json, app.clock.now())?);
    let keep = move |tx: &mut Tx<'_>, who: &Survivor| submit::submit_cry(tx, who, &report);
    let work = move |tx: &mut Tx<'_>| tx.both(&who, who.behind(), &keep);
    let view = |kept: (Incident, Vec<String>), raised: &[Raised]| SubmittedIncidentView::heard(kept, raised);
    etag::tagged(cried(app, actor, "create_incident", press, work, view).await?)
}

/// Whether what can be read of an incident is a cry for help.
#[must_use]
pub fn is_cry(sent: &LenientJson) -> bool {
    cry::is_happening_now(sent)
}

/// Keeps a report of those that a phone kept while it was offline.
///
/// # Errors
/// When the call itself would fail: the same error.
pub async fn report_of_sync(app: &App, who: Survivor, item: &SyncedCall<'_>) -> Result<HttpResponse> {
    match cry::is_happening_now(&item.json) {
        true => report_cry(app, who, &item.json, item.press()).await,
        false => report(app, who, item.strict()?).await,
    }
}

/// List your incidents
///
/// Private and withdrawn ones too.
#[utoipa::path(get, path = "/incidents", tag = "incidents")]
async fn list_incidents(call: Listing<Survivor>) -> Listed<OwnIncidentView> {
    let Call { app, who, body: query, request, .. } = call;
    let (limit, after, own) = (query.limit()?, query.after()?, access::own(&who));
    let reader = who.clone();
    let read = move |conn: &mut DbConn| {
        let rows = store::list_own(conn, &own, after, limit)?;
        let files =
            linked::own_files(conn, &reader, &rows.iter().map(|row| row.incident.shown_id()).collect::<Vec<_>>())?;
        Ok((rows, store::list_silent(conn, own.id())?, files))
    };
    let (rows, silent, files) = app.db.read(read).await?;
    let has_fresh_pin = who.has_fresh_pin(app.clock.now());
    let key = |row: &Reported| (row.incident.received_at, row.incident.shown_id().0);
    let view = |keys: &Keys, row: &Reported| {
        let shown = Shown { has_fresh_pin, is_silent: silent.contains(&row.incident.id) };
        OwnIncidentView::of(keys, row, shown, files.get(&row.incident.shown_id()).cloned().unwrap_or_default())
    };
    page_reply(&request, app.page(rows, limit, key, view).await?)
}

/// Read one of your incidents
///
/// With every version of it, and what became of it. Your note for yourself is in it only where you gave the PIN in
/// the last minutes.
#[utoipa::path(get, path = "/incidents/{id}", tag = "incidents")]
async fn get_incident(call: Call<Survivor, IncidentId>) -> Answer<OwnIncidentDetailView> {
    let Call { app, who, path: id, .. } = call;
    let (own, reader) = (access::own(&who), who.clone());
    let read = move |conn: &mut DbConn| {
        let reported = store::find_shown(conn, &own, id)?.ok_or(Error::NotFound)?;
        let (id, shown) = (reported.incident.id, reported.incident.shown_id());
        let (versions, release) = (store::list_versions(conn, &own, id)?, store::find_release(conn, id)?);
        let files = linked::own_files(conn, &reader, &[shown])?.remove(&shown).unwrap_or_default();
        Ok((reported, versions, release, store::list_events(conn, id, None, HISTORY)?, files))
    };
    let (reported, versions, release, events, files) = app.db.read(read).await?;
    let is_silent = release.as_ref().is_some_and(|release| release.is_silent);
    let shown = Shown { has_fresh_pin: who.has_fresh_pin(app.clock.now()), is_silent };
    let view = |keys: &Keys| {
        let events = events.clone();
        let events = if is_silent { history::hide_silent(keys, events, &versions)? } else { events };
        let versions = versions.iter().map(|version| OwnIncidentVersionView::of(keys, version, shown));
        Ok(OwnIncidentDetailView {
            incident: OwnIncidentView::of(keys, &reported, shown, files.clone())?,
            versions: versions.collect::<Result<_>>()?,
            release_when: ReleaseView::of(release.as_ref()),
            history: events.iter().map(OwnIncidentEventView::of).collect(),
        })
    };
    reply_tagged(reported.incident.version, app.with_keys(view).await?)
}

/// Read your note for yourself
///
/// Asks for a PIN of the last minutes: the person who picks up an unlocked phone is not to read it.
#[utoipa::path(get, path = "/incidents/{id}/private-note", tag = "incidents")]
async fn get_private_note(call: Call<ConfirmedSurvivor, IncidentId>) -> Answer<PrivateNoteView> {
    let Call { app, who, path: id, .. } = call;
    let own = access::own(&who);
    let reported = app.db.read(move |conn| store::find_shown(conn, &own, id)).await?.ok_or(Error::NotFound)?;
    reply(app.with_keys(|keys| PrivateNoteView::of(keys, &reported)).await?)
}

/// Amend an incident
///
/// What you name changes, what you leave out stays, null clears. Keeps a new version beside those before it. The severity
/// never falls by it. One that was closed is looked at again. 409 when the incident was withdrawn; 412 where `If-Match` is
/// sent and it was amended meanwhile.
///
/// Wherever `happening_now: true` can be read the answer is 200, as with a report: what cannot be read stays as it was and is
/// named in `dropped`, `If-Match` and the key refuse nothing, and of an incident that was withdrawn it is a report of its own,
/// under the `id` of the answer.
#[utoipa::path(tag = "incidents", request_body = AmendBody, responses((status = 200, body = SubmittedIncidentView)),
    params(("id" = IncidentId, Path),
        ("If-Match" = Option<String>, Header, description = "The ETag that you read; left out: whatever stands")),
    security(("survivor" = [])), extensions(("x-who" = json!(["survivor"]))))]
#[post("/incidents/{id}/amend")]
async fn amend_incident(
    app: web::Data<App>,
    who: Enrolled,
    id: web::Path<IncidentId>,
    read: Option<IfMatch>,
    sent: Incoming,
) -> Result<HttpResponse> {
    let (who, json, id) = (who.sender(), sent.json(), id.into_inner());
    let answered = if cry::is_happening_now(&json) {
        amend_cry(&app, who, id, json.clone(), sent.press(json.fields.get("recorded_at"))).await
    } else {
        match sent.strict::<AmendBody>() {
            Ok(told) => amend(&app, who, (id, read), told).await,
            Err(error) => Err(error),
        }
    };
    sent.finish().await;
    answered
}

/// Keeps an amendment which says that it is happening now, likewise.
///
/// # Errors
/// 404 for another's incident.
pub async fn amend_cry(
    app: &App,
    who: Survivor,
    id: IncidentId,
    json: LenientJson,
    press: Press,
) -> Result<HttpResponse> {
    let actor = who.actor();
    let keep = move |tx: &mut Tx<'_>, who: &Survivor| amend_now::amend_cry(tx, who, id, &json);
    let work = move |tx: &mut Tx<'_>| tx.both(&who, who.behind(), &keep);
    let view = |kept: (Incident, Vec<String>), raised: &[Raised]| SubmittedIncidentView::heard(kept, raised);
    etag::tagged(cried_with(app, actor, "amend_incident", (press, StatusCode::OK), work, view).await?)
}

/// Keeps an amendment that came by itself, or among what a phone kept while it was offline.
///
/// # Errors
/// When the call itself would fail: the same error.
pub async fn amend(
    app: &App,
    who: Survivor,
    (id, read): (IncidentId, Option<IfMatch>),
    (call, body): (RepeatKey, AmendBody),
) -> Result<HttpResponse> {
    who.may_read()?;
    let actor = who.actor();
    let keep = move |tx: &mut Tx<'_>, who: &Survivor| submit::amend(tx, who, id, read.as_ref(), &body);
    let work = move |tx: &mut Tx<'_>| tx.both(&who, who.behind(), &keep);
    let view = |incident: Incident, raised: &[Raised]| SubmittedIncidentView::of(&incident, raised);
    etag::tagged(create(app, actor, "amend_incident", StatusCode::OK, (call, Keep::Answer), work, view).await?)
}

/// Withdraw an incident
///
/// It is kept, and disclosed no further; nothing opens it any more. Alerts that it raised go on.
#[utoipa::path(post, path = "/incidents/{id}/withdraw", tag = "incidents")]
async fn withdraw_incident(call: Call<Survivor, IncidentId, WithdrawBody>) -> Answer<WithdrawnIncidentView> {
    call.once_as(withdraw::withdraw, |incident: Incident, _: &[Raised]| WithdrawnIncidentView {
        id: incident.shown_id(),
        state: incident.state,
    })
    .await
}
