//! `/app/v1/incidents/drafts`: what the survivor has begun to tell.

use actix_web::{HttpResponse, post, web};
use serde_json::json;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::access;
use crate::app::App;
use crate::crypto::Keys;
use crate::db::{DbConn, IncidentId};
use crate::error::{Error, Result};
use crate::http::etag::{self, IfMatch};
use crate::http::lenient::LenientJson;
use crate::http::operation::Described;
use crate::http::reply::{page_reply, reply_tagged};
use crate::http::{
    Answer, Call, Created, Done, EmptyBody, Incoming, Keep, Listed, Listing, Matching, Press, RepeatKey, created,
    cried, operations,
};
use crate::identity::{ConfirmedSurvivor, Enrolled, Survivor};
use crate::incidents::model::{Incident, IncidentDraft};
use crate::incidents::report::drafts::{self, DraftBody, DraftLineView, DraftView};
use crate::incidents::view::SubmittedIncidentView;
use crate::incidents::{cry, linked, store};
use crate::tx::{Raised, Tx};

pub(super) fn routes(routes: &mut ServiceConfig) {
    operations! { routes:
        create_incident_draft list_incident_drafts get_incident_draft put_incident_draft delete_incident_draft
    }
    routes.service(Described(submit_incident_draft));
}

/// Create a draft of an incident
///
/// Nobody else sees a draft, and nothing follows from it until you send it.
#[utoipa::path(post, path = "/incidents/drafts", tag = "incidents")]
async fn create_incident_draft(call: Call<Survivor, (), DraftBody>) -> Created<DraftLineView> {
    call.once(|tx: &mut Tx<'_>, who: &Survivor, body: &DraftBody| {
        let row = drafts::create(tx, who, body)?;
        DraftLineView::of(tx.keys, &row, Vec::new())
    })
    .await
}

/// List your drafts
///
/// With what tells them apart: when you began and changed them, what was done and when, and their files. Without their
/// words; reading one asks for the PIN.
#[utoipa::path(get, path = "/incidents/drafts", tag = "incidents")]
async fn list_incident_drafts(call: Listing<Survivor>) -> Listed<DraftLineView> {
    let Call { app, who, body: query, request, .. } = call;
    let (limit, after, own) = (query.limit()?, query.after()?, access::own(&who));
    let read = move |conn: &mut DbConn| {
        let rows = store::list_drafts(conn, &own, after, limit)?;
        let files = linked::own_files(conn, &who, &rows.iter().map(IncidentDraft::shown_id).collect::<Vec<_>>())?;
        Ok((rows, files))
    };
    let (rows, files) = app.db.read(read).await?;
    let view = |keys: &Keys, row: &IncidentDraft| {
        DraftLineView::of(keys, row, files.get(&row.shown_id()).cloned().unwrap_or_default())
    };
    page_reply(&request, app.page(rows, limit, |row| (row.created_at, row.shown_id().0), view).await?)
}

/// Read one of your drafts
///
/// Asks for a PIN of the last minutes, as your private notes do.
#[utoipa::path(get, path = "/incidents/drafts/{id}", tag = "incidents")]
async fn get_incident_draft(call: Call<ConfirmedSurvivor, IncidentId>) -> Answer<DraftView> {
    let Call { app, who, path: id, .. } = call;
    let own = access::own(&who);
    let read = move |conn: &mut DbConn| {
        let row = store::find_draft(conn, &own, id)?.filter(|row| !row.is_duress).ok_or(Error::NotFound)?;
        let id = row.shown_id();
        Ok((row, linked::own_files(conn, &who, &[id])?.remove(&id).unwrap_or_default()))
    };
    let (row, files) = app.db.read(read).await?;
    reply_tagged(row.version, app.with_keys(|keys| DraftView::of(keys, &row, files.clone())).await?)
}

/// Change one of your drafts
///
/// The whole of it is replaced.
#[utoipa::path(put, path = "/incidents/drafts/{id}", tag = "incidents")]
async fn put_incident_draft(call: Call<Survivor, IncidentId, Matching<DraftBody>>) -> Answer<DraftLineView> {
    call.tagged(
        |tx: &mut Tx<'_>, who: &Survivor, id: IncidentId, read: &IfMatch, body: &DraftBody| {
            let row = drafts::replace(tx, who, id, read, body)?;
            let id = row.shown_id();
            let files = linked::own_files(tx.conn, who, &[id])?.remove(&id).unwrap_or_default();
            DraftLineView::of(tx.keys, &row, files)
        },
        |view| view.version,
    )
    .await
}

/// Delete a draft
#[utoipa::path(delete, path = "/incidents/drafts/{id}", tag = "incidents")]
async fn delete_incident_draft(call: Call<Survivor, IncidentId>) -> Done {
    call.done(drafts::delete).await
}

/// Submit a draft
///
/// It becomes an incident under the same id, as if it had been reported at once. 422 names each field that is missing. One that
/// says `happening_now: true`, in itself or in this call, is a cry for help as a report is: 201 whatever else is wrong with it,
/// or with the call.
#[utoipa::path(tag = "incidents", request_body = EmptyBody,
    responses((status = 201, body = SubmittedIncidentView)), params(("id" = IncidentId, Path)),
    security(("survivor" = [])), extensions(("x-who" = json!(["survivor"]))))]
#[post("/incidents/drafts/{id}/submit")]
async fn submit_incident_draft(
    app: web::Data<App>,
    who: Enrolled,
    id: web::Path<IncidentId>,
    sent: Incoming,
) -> Result<HttpResponse> {
    let (who, json, id) = (who.sender(), sent.json(), id.into_inner());
    let answered = match is_cry(&app, &who, id, &json).await {
        Ok(true) => submit_cry(&app, who, id, sent.press(Some(&json!(id))), &json).await,
        Ok(false) => match sent.strict::<EmptyBody>() {
            Ok((call, _)) => submit(&app, who, id, call).await,
            Err(error) => Err(error),
        },
        Err(error) => Err(error),
    };
    sent.finish().await;
    answered
}

/// Whether sending a draft is a cry for help.
///
/// # Errors
/// When nothing can be read at this moment.
pub async fn is_cry(app: &App, who: &Survivor, id: IncidentId, json: &LenientJson) -> Result<bool> {
    // Also of a draft that a session under duress may not know of.
    let own = access::own(&who.on_own_record());
    let is_cry = move |conn: &mut DbConn, keys: &Keys| drafts::is_cry(conn, keys, &own, id);
    Ok(cry::is_happening_now(json) || app.in_emergency().read(is_cry).await?)
}

/// Sends a draft that came by itself, or among what a phone kept while it was offline.
///
/// # Errors
/// When the call itself would fail: the same error.
pub async fn submit(app: &App, who: Survivor, id: IncidentId, call: RepeatKey) -> Result<HttpResponse> {
    who.may_read()?;
    let actor = who.actor();
    let send = move |tx: &mut Tx<'_>, who: &Survivor| drafts::send(tx, who, id, false);
    let work = move |tx: &mut Tx<'_>| tx.both(&who, who.behind(), send);
    let view = |kept: (Incident, Vec<String>), raised: &[Raised]| SubmittedIncidentView::heard(kept, raised);
    etag::tagged(created(app, actor, "submit_incident_draft", (call, Keep::Answer), work, view).await?)
}

/// Sends one that is a cry for help, likewise. A repeat is known by its key alone: a draft is sent once.
///
/// # Errors
/// 404 for another's draft.
pub async fn submit_cry(
    app: &App,
    who: Survivor,
    id: IncidentId,
    press: Press,
    json: &LenientJson,
) -> Result<HttpResponse> {
    let (actor, is_now) = (who.actor(), cry::is_happening_now(json));
    let send = move |tx: &mut Tx<'_>, who: &Survivor| drafts::send(tx, who, id, is_now);
    let work = move |tx: &mut Tx<'_>| tx.both(&who, who.behind(), send);
    let view = |kept: (Incident, Vec<String>), raised: &[Raised]| SubmittedIncidentView::heard(kept, raised);
    etag::tagged(cried(app, actor, "submit_incident_draft", press, work, view).await?)
}
