//! `/app/v1/evidence/uploads`: tus 1.0.0, the resumable upload protocol, with creation, checksum, expiration and
//! termination. Any tus client can send a file: it needs the survivor's token and, for creating, an `Idempotency-Key`
//! like every other call by which a phone creates something, both as plain headers.
//!
//! `Upload-Metadata` says what else there is to say: `filetype` (media type) and `sha256` (hexadecimal digits) are
//! needed, `filename`, `incident_id`, `visibility` and `recorded_at` may be there. `type` and `name` count where
//! `filetype` and `filename` are absent, since some clients send those. Other keys are given back and not read.

use std::collections::HashMap;

use actix_web::body::MessageBody;
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::{FromRequest, HttpRequest, HttpResponse, delete, patch, post, web};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::app::App;
use crate::crypto::{ExposeSecret, Private, open};
use crate::db::{EvidenceId, Instant};
use crate::error::{Code, Error, Result};
use crate::evidence::model::{Evidence, read_sha256};
use crate::evidence::upload::receive::{self, Checksum};
use crate::evidence::upload::{self, Stated, complete, media};
use crate::evidence::view::{OwnEvidenceView, upload_path};
use crate::http::edge::Spoken;
use crate::http::operation::Described;
use crate::http::{Keep, Problem, body, created, limits};
use crate::identity::Survivor;
use crate::incidents::Visibility;
use crate::tx::Tx;

const VERSION: &str = "1.0.0";
/// Where uploads are.
const UPLOADS: &str = "/app/v1/evidence/uploads";
/// Keys of `Upload-Metadata` that say something here.
const READ: [&str; 8] = ["filetype", "type", "sha256", "filename", "name", "incident_id", "visibility", "recorded_at"];

/// Takes the method that `X-HTTP-Method-Override` names for the request's own, at the addresses of uploads alone: some
/// networks let no `PATCH` or `DELETE` through (tus 1.0, "X-HTTP-Method-Override").
pub async fn take_override<B: MessageBody + 'static>(
    mut request: ServiceRequest,
    next: Next<B>,
) -> std::result::Result<ServiceResponse<B>, actix_web::Error> {
    let below = request.path().strip_prefix(UPLOADS);
    if below.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        && let Some(named) = request.headers().get("x-http-method-override")
        && let Ok(method) = Method::from_bytes(named.as_bytes().trim_ascii().to_ascii_uppercase().as_slice())
    {
        request.head_mut().method = method;
    }
    next.call(request).await
}

pub(super) fn app(routes: &mut ServiceConfig) {
    routes
        .service(Described(create_evidence_upload))
        .service(Described(patch_evidence_upload))
        .service(Described(delete_evidence_upload));
    // What only a tus client asks: it is in the protocol, not in the contract.
    routes.map(|routes| routes.service(offer_evidence_uploads).service(head_evidence_upload));
}

/// What a tus client says of itself and of a piece. Has every answer speak tus, refusals too.
struct Tus {
    request: HttpRequest,
}

impl FromRequest for Tus {
    type Error = Error;
    type Future = std::future::Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        use actix_web::HttpMessage;
        request.extensions_mut().insert(Spoken(&[("tus-resumable", VERSION), ("tus-version", VERSION)]));
        std::future::ready(Ok(Self { request: request.clone() }))
    }
}

impl Tus {
    fn header(&self, name: &str) -> Option<&str> {
        self.request.headers().get(name).and_then(|value| value.to_str().ok())
    }

    fn number(&self, name: &'static str) -> Result<i64> {
        let value = self.header(name).ok_or_else(|| Error::invalid(Code::HeaderMissing))?;
        let wrong = || Error::field(name, "not_allowed", "must be a whole number");
        value.parse().ok().filter(|number| *number >= 0).ok_or_else(wrong)
    }

    /// # Errors
    /// 412 for another version than ours.
    fn is_ours(&self) -> Result<()> {
        match self.header("tus-resumable") {
            Some(VERSION) => Ok(()),
            _ => Err(Error::Stale(Code::TusVersion)),
        }
    }

    /// The metadata: names and values, the values in base64 (tus 1.0, "Upload-Metadata").
    fn metadata(&self) -> Result<HashMap<String, String>> {
        let wrong =
            || Error::field("Upload-Metadata", "not_allowed", "must be names and base64 values, separated by commas");
        let text = self.header("upload-metadata").unwrap_or_default();
        let pairs = text.split(',').map(str::trim).filter(|pair| !pair.is_empty()).map(|pair| {
            let (name, value) = pair.split_once(' ').unwrap_or((pair, ""));
            let value = STANDARD.decode(value.trim()).map_err(|_| wrong())?;
            // What we do not read need not be text.
            Ok((name.to_owned(), String::from_utf8(value).ok()))
        });
        let pairs: HashMap<String, Option<String>> = pairs.collect::<Result<_>>()?;
        pairs
            .into_iter()
            .filter(|(name, _)| READ.contains(&name.as_str()))
            .map(|(name, value)| Ok((name, value.ok_or_else(wrong)?)))
            .collect()
    }

    fn stated(&self, app: &App) -> Result<Stated> {
        let metadata = self.metadata()?;
        let get = |name: &str| metadata.get(name).map(String::as_str).filter(|value| !value.is_empty());
        let filetype = get("filetype").or_else(|| get("type"));
        let wrong = |name: &str| {
            Error::field("Upload-Metadata", "not_allowed", format!("{name} is missing or not of the right form"))
        };
        let incident = get("incident_id").map(|id| id.parse().map_err(|_| wrong("incident_id"))).transpose()?;
        let visibility: Option<Visibility> =
            get("visibility").map(|word| word.parse().map_err(|_| wrong("visibility"))).transpose()?;
        if incident.is_some() && visibility.is_some() {
            return Err(wrong("visibility"));
        }
        let name = get("filename").or_else(|| get("name")).map(Private::from);
        if name.as_ref().is_some_and(|name| limits::line(name, &()).is_err()) {
            return Err(wrong("filename"));
        }
        Ok(Stated {
            media_type: media::taken(filetype.ok_or_else(|| wrong("filetype"))?, &app.settings.evidence.types)?,
            bytes: self.number("upload-length")?,
            sha256: get("sha256").and_then(read_sha256).ok_or_else(|| wrong("sha256"))?,
            name,
            incident,
            visibility: visibility.unwrap_or(Visibility::Advocate),
            recorded_at: get("recorded_at").map(|at| at.parse().map_err(|_| wrong("recorded_at"))).transpose()?,
            metadata: self.header("upload-metadata").map(Private::from),
        })
    }

    fn checksum(&self) -> Result<Option<Checksum>> {
        let wrong = || Error::field("Upload-Checksum", "not_allowed", "must be sha1 or sha256 and a base64 value");
        self.header("upload-checksum").map(|text| Checksum::read(text).ok_or_else(wrong)).transpose()
    }
}

/// What a tus client may expect here.
#[actix_web::options("/evidence/uploads")]
async fn offer_evidence_uploads(app: web::Data<App>, _tus: Tus) -> HttpResponse {
    HttpResponse::NoContent()
        .insert_header(("tus-extension", "creation,checksum,expiration,termination"))
        .insert_header(("tus-checksum-algorithm", "sha1,sha256"))
        .insert_header(("tus-max-size", app.settings.evidence.file_bytes.to_string()))
        .finish()
}

/// When an upload must have ended, as HTTP says it (RFC 9110, section 5.6.7).
fn http_date(at: Instant) -> String {
    let at = std::time::UNIX_EPOCH + std::time::Duration::from_secs(at.unix_seconds().max(0).unsigned_abs());
    actix_web::http::header::HttpDate::from(at).to_string()
}

/// Start a resumable upload
///
/// tus 1.0, creation: `Upload-Length` and `Upload-Metadata` say what will come; `Location` says where to send it. `OPTIONS`
/// at this address tells what is spoken here and how large a file may be; `HEAD` at an upload tells how far it has come.
#[utoipa::path(tag = "evidence",
    params(("Tus-Resumable" = String, Header, description = "The version of tus", example = "1.0.0"),
        ("Upload-Length" = i64, Header, description = "Bytes of the file", minimum = 1, example = 11),
        ("Upload-Metadata" = String, Header,
            description = "filetype and sha256 (hexadecimal digits); perhaps filename, incident_id, visibility, recorded_at",
            example = "filetype dGV4dC9wbGFpbg==,sha256 Yjk0ZDI3Yjk5MzRkM2UwOGE1MmU1MmQ3ZGE3ZGFiZmFjNDg0ZWZlMzdhNTM4MGVlOTA4OGY3YWNlMmVmY2RlOQ==")),
    responses((status = 201, body = OwnEvidenceView),
        (status = 412, body = Problem, content_type = "application/problem+json"),
        (status = 413, body = Problem, content_type = "application/problem+json")),
    security(("survivor" = [])), extensions(("x-who" = json!(["survivor"]))))]
#[post("/evidence/uploads")]
async fn create_evidence_upload(app: web::Data<App>, tus: Tus, who: Survivor) -> Result<HttpResponse> {
    let said = ["upload-length", "upload-metadata"].map(|name| tus.header(name).unwrap_or_default()).join("\n");
    let call = body::keyed(&tus.request, said.as_bytes())?;
    tus.is_ours()?;
    let who = who.on_own_record();
    let (stated, actor) = (tus.stated(&app)?, who.actor());
    let work = move |tx: &mut Tx<'_>| {
        let file = upload::begin(tx, &who, &stated)?;
        OwnEvidenceView::of(tx.keys, &file)
    };
    let response = created(&app, actor, "create_evidence_upload", (call, Keep::Answer), work, |view, _| view).await?;
    let (mut head, body) = response.into_parts();
    let body = body.try_into_bytes().map_err(|_| Error::internal("an answer without its bytes"))?;
    let view: serde_json::Value = serde_json::from_slice(&body)?;
    let text = |name: &str| view.get(name).and_then(|value| value.as_str()).unwrap_or_default().to_owned();
    let id: EvidenceId = text("id").parse().map_err(|_| Error::internal("an upload without an id"))?;
    let headers = head.headers_mut();
    let value = |text: String| text.parse().map_err(|_| Error::internal("a header that is none"));
    headers.insert(actix_web::http::header::LOCATION, value(upload_path(id))?);
    if let Ok(expires_at) = text("expires_at").parse::<Instant>() {
        let name = actix_web::http::header::HeaderName::from_static("upload-expires");
        headers.insert(name, value(http_date(expires_at))?);
    }
    Ok(head.set_body(body).map_into_boxed_body())
}

/// How far an upload has come.
#[actix_web::head("/evidence/uploads/{id}")]
async fn head_evidence_upload(
    app: web::Data<App>,
    tus: Tus,
    who: Survivor,
    id: web::Path<EvidenceId>,
) -> Result<HttpResponse> {
    tus.is_ours()?;
    let file = upload::find_open(&app, &who.on_own_record(), id.into_inner()).await?;
    let mut response = standing(StatusCode::OK, &file);
    response.insert_header(("upload-length", file.bytes.to_string()));
    if let Some(said) = app.with_keys(|keys| open!(keys, file.upload_metadata)).await? {
        response.insert_header(("upload-metadata", said.expose_secret()));
    }
    Ok(response.finish())
}

fn standing(status: StatusCode, file: &Evidence) -> actix_web::HttpResponseBuilder {
    let mut response = HttpResponse::build(status);
    response.insert_header(("upload-offset", file.received.to_string()));
    if super::app::is_open(file) {
        response.insert_header(("upload-expires", http_date(file.expires_at)));
    }
    response
}

/// Send a piece of a resumable upload
///
/// tus 1.0: from `Upload-Offset` on; with `Upload-Checksum` (sha1 or sha256) the piece is kept whole or not at all (460).
/// With the last piece the file is read back and must be what was stated: 422 otherwise, and nothing is kept.
#[utoipa::path(tag = "evidence",
    params(("id" = EvidenceId, Path), ("Tus-Resumable" = String, Header, description = "The version of tus", example = "1.0.0"),
        ("Upload-Offset" = i64, Header, description = "Where the piece begins", minimum = 0, example = 0),
        ("Upload-Checksum" = Option<String>, Header, description = "sha1 or sha256, a space, and the piece's hash in base64",
            example = "sha256 sr6Y7SdPBHQztWgHF+WYGmQWEQAqWoQgbQD8AnU5UYs=")),
    request_body(content = Vec<u8>, content_type = "application/offset+octet-stream"),
    responses((status = 204), (status = 410, body = Problem, content_type = "application/problem+json"),
        (status = 412, body = Problem, content_type = "application/problem+json"),
        (status = 460, body = Problem, content_type = "application/problem+json")),
    security(("survivor" = [])), extensions(("x-who" = json!(["survivor"]))))]
#[patch("/evidence/uploads/{id}")]
async fn patch_evidence_upload(
    app: web::Data<App>,
    tus: Tus,
    who: Survivor,
    id: web::Path<EvidenceId>,
    payload: web::Payload,
) -> Result<HttpResponse> {
    let who = who.on_own_record();
    let file = upload::find_open(&app, &who, id.into_inner()).await?;
    tus.is_ours()?;
    if media::essence(tus.header("content-type").unwrap_or_default()) != "application/offset+octet-stream" {
        return Err(Error::invalid(Code::MediaTypeNotTaken));
    }
    let (offset, checksum) = (tus.number("upload-offset")?, tus.checksum()?);
    if offset != file.received {
        return Err(Error::Conflict(Code::OffsetMismatch, Code::OffsetMismatch.title().into()));
    }
    let declared = tus.header("content-length").and_then(|length| length.parse::<i64>().ok());
    if declared.is_some_and(|bytes| bytes > file.bytes.saturating_sub(file.received)) {
        return Err(Error::invalid(Code::BodyTooLarge));
    }
    let told = (who.actor(), "patch_evidence_upload");
    let file = receive::receive(&app, told, file, payload.into_inner(), checksum).await?;
    let file = complete::complete(&app, who.actor(), file).await?;
    Ok(standing(StatusCode::NO_CONTENT, &file).finish())
}

/// Cancel a resumable upload
///
/// tus 1.0, termination: what has arrived is destroyed. 409 once the file is kept; then it is removed as a file.
#[utoipa::path(tag = "evidence",
    params(("id" = EvidenceId, Path), ("Tus-Resumable" = String, Header, description = "The version of tus", example = "1.0.0")),
    responses((status = 204), (status = 412, body = Problem, content_type = "application/problem+json")),
    security(("survivor" = [])), extensions(("x-who" = json!(["survivor"]))))]
#[delete("/evidence/uploads/{id}")]
async fn delete_evidence_upload(
    app: web::Data<App>,
    tus: Tus,
    who: Survivor,
    id: web::Path<EvidenceId>,
) -> Result<HttpResponse> {
    let who = who.on_own_record();
    let (actor, id) = (who.actor(), id.into_inner());
    upload::find(&app, &who, id).await?;
    tus.is_ours()?;
    app.transact(actor, "delete_evidence_upload", move |tx| upload::terminate(tx, &who, id)).await?;
    Ok(HttpResponse::NoContent().finish())
}
