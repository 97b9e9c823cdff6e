//! `/app/v1/evidence`: the survivor's own files. A small one is stated and sent by a plain `PUT`; a large one, or one on a
//! bad line, by tus at the same upload.

use actix_web::{HttpRequest, HttpResponse, put, web};
use garde::Validate;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use crate::access;
use crate::app::App;
use crate::crypto::Private;
use crate::db::{DbConn, EvidenceId, IncidentId, Instant};
use crate::error::{Code, Error, Result};
use crate::evidence::model::{Evidence, read_sha256};
use crate::evidence::read::{self, Copy};
use crate::evidence::states::EvidenceState;
use crate::evidence::tie::{self, PatchEvidenceBody};
use crate::evidence::upload::range::AskedRange;
use crate::evidence::upload::{self, Stated, complete, media, receive};
use crate::evidence::view::OwnEvidenceView;
use crate::evidence::{acts, remove, store};
use crate::http::operation::Described;
use crate::http::page::Cursor;
use crate::http::reply::{Reply, done, page_reply, reply};
use crate::http::{
    Answer, Call, Created, Done, Keep, Listed, PageQuery, Problem, Query, created, limits, ok, operations,
};
use crate::identity::Survivor;
use crate::incidents::Visibility;
use crate::transitions::ActionsView;
use crate::tx::{Actor, Tx};

pub(super) fn app(routes: &mut ServiceConfig) {
    operations! { routes:
        create_evidence list_evidence get_evidence patch_evidence delete_evidence
    }
    routes.service(Described(put_evidence_content));
    operations! { routes: get_evidence_content get_evidence_display get_evidence_actions }
}

/// A file that is about to be sent.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct EvidenceBody {
    /// What it is.
    #[garde(custom(limits::plain_line))]
    #[schema(format = "line", example = "image/jpeg")]
    media_type: String,
    /// How long it is.
    #[garde(skip)]
    #[schema(minimum = 1, example = 48213)]
    bytes: i64,
    /// Its SHA-256, in hexadecimal digits: what arrives must have it.
    #[garde(custom(sha256_text))]
    #[schema(
        pattern = "^[0-9a-fA-F]{64}$",
        example = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
    )]
    sha256: String,
    /// What your phone calls it; for you alone.
    #[garde(inner(custom(limits::line)))]
    #[schema(value_type = Option<String>, format = "line", example = "IMG_2041.JPG")]
    #[serde(default)]
    name: Option<Private>,
    /// The incident, or the draft of one, that it belongs to; then who may see it is what the incident says.
    #[garde(skip)]
    #[serde(default)]
    incident_id: Option<IncidentId>,
    /// Who may see it, where it belongs to no incident: your support organisation, unless you say otherwise.
    #[garde(skip)]
    #[serde(default)]
    visibility: Option<Visibility>,
    /// When the phone recorded it.
    #[garde(skip)]
    #[serde(default)]
    recorded_at: Option<Instant>,
}

pub(super) fn sha256_text<C>(text: &str, _: &C) -> garde::Result {
    match read_sha256(text) {
        Some(_) => Ok(()),
        None => Err(garde::Error::new("must be 64 hexadecimal digits")),
    }
}

impl EvidenceBody {
    fn stated(self, app: &App) -> Result<Stated> {
        if self.incident_id.is_some() && self.visibility.is_some() {
            return Err(Error::field("/visibility", "not_allowed", "the incident says who may see it"));
        }
        Ok(Stated {
            media_type: media::taken(&self.media_type, &app.settings.evidence.types)?,
            bytes: self.bytes,
            sha256: read_sha256(&self.sha256)
                .ok_or_else(|| Error::field("/sha256", "not_allowed", "64 hexadecimal digits"))?,
            name: self.name,
            incident: self.incident_id,
            visibility: self.visibility.unwrap_or(Visibility::Advocate),
            recorded_at: self.recorded_at,
            metadata: None,
        })
    }
}

/// Register a file that you are about to send
///
/// Then send it: in one piece by `PUT …/content`, or resumably by tus 1.0 at `upload_url`. It is evidence once all of it
/// has arrived and has the SHA-256 that was stated.
#[utoipa::path(post, path = "/evidence", tag = "evidence")]
async fn create_evidence(mut call: Call<Survivor, (), EvidenceBody>) -> Created<OwnEvidenceView> {
    let key = call.take_key()?;
    let Call { app, who, body, action, .. } = call;
    let who = who.on_own_record();
    let (stated, actor) = (body.stated(&app)?, who.actor());
    let work = move |tx: &mut Tx<'_>| {
        let file = upload::begin(tx, &who, &stated)?;
        OwnEvidenceView::of(tx.keys, &file)
    };
    created(&app, actor, action, (key, Keep::Answer), work, |view, _| view).await.map(Reply::of)
}

/// Send a file in one piece
///
/// For small files; a large one is better sent by tus. Once more from the beginning where it broke off. Nothing is kept
/// of a file that does not have the SHA-256 that was stated, or is not of the kind that was stated.
#[utoipa::path(tag = "evidence", params(("id" = EvidenceId, Path)),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 200, body = OwnEvidenceView),
        (status = 410, body = Problem, content_type = "application/problem+json")),
    security(("survivor" = [])), extensions(("x-who" = json!(["survivor"]))))]
#[put("/evidence/{id}/content")]
async fn put_evidence_content(
    app: web::Data<App>,
    who: Survivor,
    id: web::Path<EvidenceId>,
    http: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse> {
    let who = who.on_own_record();
    let file = upload::find_open(&app, &who, id.into_inner()).await?;
    if file.state.is_stored() {
        // The answer was lost on its way; what was stated is what is here.
        let file = tie::for_phone(&app, &who, file).await?;
        return Ok(ok(app.with_keys(|keys| OwnEvidenceView::of(keys, &file)).await?));
    }
    let file = take_content(&app, (who.actor(), "put_evidence_content"), (file, &http), payload).await?;
    let file = tie::for_phone(&app, &who, file).await?;
    Ok(ok(app.with_keys(|keys| OwnEvidenceView::of(keys, &file)).await?))
}

/// Takes the bytes of an upload in one piece, from the beginning.
///
/// # Errors
/// 413 for more than was stated, 415 for another kind, 422 for fewer bytes or for what is not what was stated.
pub(super) async fn take_content(
    app: &App,
    (actor, action): (Actor, &'static str),
    (file, http): (Evidence, &HttpRequest),
    payload: web::Payload,
) -> Result<Evidence> {
    is_octets_or(http, &file.media_type)?;
    let declared: Option<i64> =
        http.headers().get("content-length").and_then(|value| value.to_str().ok()?.parse().ok());
    if declared.is_some_and(|bytes| bytes > file.bytes) {
        return Err(Error::invalid(Code::BodyTooLarge));
    }
    let before = file.clone();
    let work = move |tx: &mut Tx<'_>| upload::restart(tx, &before);
    let (file, left) = app.transact(actor.clone(), action, work).await?;
    // A file takes its room once, however often it is sent.
    upload::discard(app, file.id, &left).await;
    let file = receive::receive(app, (actor.clone(), action), file, payload.into_inner(), None).await?;
    if file.received < file.bytes {
        return Err(Error::field("", "incomplete", "fewer bytes arrived than were stated"));
    }
    complete::complete(app, actor, file).await
}

/// The bytes of a file come as what they were stated to be, or as bytes.
fn is_octets_or(http: &HttpRequest, media_type: &str) -> Result<()> {
    let stated = http.headers().get("content-type").and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = media::essence(stated);
    match essence == "application/octet-stream" || essence == media_type {
        true => Ok(()),
        false => Err(Error::invalid(Code::MediaTypeNotTaken)),
    }
}

/// Which files a list is to hold.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct EvidenceQuery {
    /// Only those of one incident.
    #[serde(default)]
    incident_id: Option<IncidentId>,
    /// How many items at most.
    #[serde(default)]
    #[param(minimum = 1, maximum = 200, default = 50, example = 50)]
    limit: Option<i64>,
    /// `next_cursor` of the page before.
    #[serde(default)]
    cursor: Option<String>,
}

impl EvidenceQuery {
    /// Of which incident, after which place, and how many.
    ///
    /// # Errors
    /// 422 for a cursor that was not given, or a number outside of 1 to 200.
    pub fn read(self) -> Result<(Option<IncidentId>, Option<Cursor>, i64)> {
        let page = PageQuery::of(self.limit, self.cursor);
        Ok((self.incident_id, page.after()?, page.limit()?))
    }
}

/// List your files
///
/// Those on their way and those kept, newest first.
#[utoipa::path(get, path = "/evidence", tag = "evidence")]
async fn list_evidence(call: Call<Survivor, (), Query<EvidenceQuery>>) -> Listed<OwnEvidenceView> {
    let Call { app, who, body: query, request, .. } = call;
    let ((incident, after, limit), who) = (query.read()?, who.on_own_record());
    let list = move |conn: &mut DbConn| {
        let own = (access::own(&who), who.is_duress);
        store::list_own(conn, &own, incident, after, limit)
    };
    let rows = app.db.read(list).await?;
    let key = |file: &Evidence| (file.created_at, file.id.0);
    page_reply(&request, app.page(rows, limit, key, OwnEvidenceView::of).await?)
}

/// Read one of your files
#[utoipa::path(get, path = "/evidence/{id}", tag = "evidence")]
async fn get_evidence(call: Call<Survivor, EvidenceId>) -> Answer<OwnEvidenceView> {
    let Call { app, who, path: id, .. } = call;
    let who = who.on_own_record();
    let file = tie::for_phone(&app, &who, upload::find(&app, &who, id).await?).await?;
    reply(app.with_keys(|keys| OwnEvidenceView::of(keys, &file)).await?)
}

/// Set what one of your files belongs to
///
/// A file that belongs to no incident can join one, or a draft, which then says who may see it; or say who may see it. The
/// bytes stay as they are. 409 where it belongs to another incident, or a legal hold keeps it as it is.
#[utoipa::path(patch, path = "/evidence/{id}", tag = "evidence")]
async fn patch_evidence(call: Call<Survivor, EvidenceId, PatchEvidenceBody>) -> Answer<OwnEvidenceView> {
    let Call { app, who, path: id, body, action, .. } = call;
    let (who, actor) = (who.on_own_record(), who.actor());
    let work = move |tx: &mut Tx<'_>| tie::change(tx, &who, id, &body);
    let file = app.transact(actor, action, work).await?;
    reply(app.with_keys(|keys| OwnEvidenceView::of(keys, &file)).await?)
}

/// Remove one of your files
///
/// It is off your screens at once, without a trace, and nobody can open it. Your advocate speaks with you and can restore it;
/// after seven days it is destroyed, unless it was handed over before. 409 while a legal hold keeps it. An upload is given
/// up.
#[utoipa::path(delete, path = "/evidence/{id}", tag = "evidence")]
async fn delete_evidence(call: Call<Survivor, EvidenceId>) -> Done {
    let Call { app, who, path: id, action, .. } = call;
    let (who, actor) = (who.on_own_record(), who.actor());
    app.transact(actor, action, move |tx| remove::remove(tx, &who, id)).await?;
    done()
}

/// Read one of your files
///
/// Byte for byte as it was sent, or the part that `Range` names. The read is in the file's custody, once for a player
/// that asks for one part after another.
#[utoipa::path(get, path = "/evidence/{id}/content", tag = "evidence",
    responses((status = 200, body = Vec<u8>, content_type = "*/*"), (status = 206, body = Vec<u8>, content_type = "*/*")))]
async fn get_evidence_content(call: Call<Survivor, EvidenceId>) -> Result<HttpResponse> {
    let asked = (Copy::Original, AskedRange::is_part(&call.request));
    Ok(read::open_own(&call.app, &call.who.on_own_record(), call.path, asked)
        .await?
        .respond_to(&call.app, &call.request))
}

/// Show one of your pictures
///
/// A copy without what a camera or a phone writes beside pictures and sound: place, time, device. 404 where there is none;
/// `no_display_reason` of the file says why.
#[utoipa::path(get, path = "/evidence/{id}/display", tag = "evidence",
    responses((status = 200, body = Vec<u8>, content_type = "*/*"), (status = 206, body = Vec<u8>, content_type = "*/*")))]
async fn get_evidence_display(call: Call<Survivor, EvidenceId>) -> Result<HttpResponse> {
    let asked = (Copy::Display, AskedRange::is_part(&call.request));
    Ok(read::open_own(&call.app, &call.who.on_own_record(), call.path, asked)
        .await?
        .respond_to(&call.app, &call.request))
}

/// Read what you can do with one of your files
#[utoipa::path(get, path = "/evidence/{id}/actions", tag = "evidence")]
async fn get_evidence_actions(call: Call<Survivor, EvidenceId>) -> Answer<ActionsView> {
    let Call { app, who, path: id, .. } = call;
    let file = upload::find(&app, &who.on_own_record(), id).await?;
    reply(acts::own_actions(&file))
}

/// Whether a file is in a state in which bytes may still arrive.
pub(super) fn is_open(file: &Evidence) -> bool {
    file.state == EvidenceState::Uploading
}
