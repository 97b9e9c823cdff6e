//! `/police/v1`: poll, detail, acknowledgement, outcome.

use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::{FromRequest, HttpRequest, HttpResponse, get, post, web};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::app::App;
use crate::crypto::Private;
use crate::db::{EvidenceId, Instant};
use crate::error::{Code, Error, Result};
use crate::escalation::outcomes::{self, PoliceOutcomeBody};
use crate::escalation::police_evidence;
use crate::escalation::police_side::{self, PoliceAcknowledgeBody, PoliceActedView, PoliceAlertView, PoliceDetailView};
use crate::evidence::PoliceEvidence;
use crate::http::{Keep, Page, PageQuery, Query, Request, create, limits, ok, whole};
use crate::identity::PoliceSystem;
use crate::tx::Tx;

/// `/police/v1`
pub fn police(routes: &mut ServiceConfig) {
    routes
        .service(list_police_alerts)
        .service(get_police_alert)
        .service(list_police_evidence)
        .service(get_police_evidence_content)
        .service(acknowledge_police_alert)
        .service(create_police_outcome);
}

/// The parameters of the poll.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct PollQuery {
    /// Only alerts that the force was told of since then.
    #[serde(default)]
    #[param(value_type = Option<String>, format = DateTime, example = "2026-11-21T20:00:00Z")]
    since: Option<Instant>,
    /// How many items at most.
    #[serde(default)]
    #[param(minimum = 1, maximum = 200, default = 50, example = 50)]
    limit: Option<i64>,
    /// `next_cursor` of the page before.
    #[serde(default)]
    cursor: Option<String>,
}

/// Poll for alerts
///
/// The fallback where webhooks do not get through: the force's own alerts, as thin as a webhook.
#[utoipa::path(tag = "police", params(PollQuery), responses((status = 200, body = Page<PoliceAlertView>)),
    security(("police" = [])), extensions(("x-who" = json!(["police_client"]))))]
#[get("/alerts")]
async fn list_police_alerts(
    app: web::Data<App>,
    system: PoliceSystem,
    query: Query<PollQuery>,
    http: HttpRequest,
) -> Result<HttpResponse> {
    let PollQuery { since, limit, cursor } = query.0;
    let page = PageQuery::of(limit, cursor);
    let (limit, after, actor) = (page.limit()?, page.after()?, system.actor());
    let work = move |tx: &mut Tx<'_>| police_side::list(tx, &system, since, after, limit);
    let rows = app.transact(actor, "list_police_alerts", work).await?;
    let page = Page::of(rows, limit, |(row, _)| (row.raised_at, row.id.0), |(_, view)| Ok(view))?;
    Ok(page.respond(&http))
}

/// Who reads, and why: required for every read of detail.
struct Stated {
    officer: Private,
    reason: Private,
}

impl FromRequest for Stated {
    type Error = Error;
    type Future = std::future::Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let header = |name| {
            let value = request.headers().get(name).and_then(|value| std::str::from_utf8(value.as_bytes()).ok());
            let text = value.map(Private::from).filter(|text| limits::line(text, &()).is_ok());
            text.ok_or_else(|| Error::invalid(Code::HeaderMissing))
        };
        let stated =
            header("holdfast-officer").and_then(|officer| Ok(Self { officer, reason: header("holdfast-reason")? }));
        std::future::ready(stated)
    }
}

/// Read the detail of an alert
///
/// For a named, registered officer with a stated reason; each read is a disclosure that the survivor can see. An
/// officer who is unknown or kept out gets 404.
#[utoipa::path(tag = "police", responses((status = 200, body = PoliceDetailView)),
    params(("reference" = String, Path, example = "AL-6F2K-8C3D-M"),
        ("Holdfast-Officer" = String, Header, description = "The officer's username", example = "pc.4417"),
        ("Holdfast-Reason" = String, Header, description = "Why the officer reads", example = "Attending the alert")),
    security(("police" = [])), extensions(("x-who" = json!(["police_client"]))))]
#[get("/alerts/{reference}")]
async fn get_police_alert(
    app: web::Data<App>,
    system: PoliceSystem,
    reference: web::Path<String>,
    stated: Stated,
) -> Result<HttpResponse> {
    let actor = system.actor();
    let work = move |tx: &mut Tx<'_>| police_side::detail(tx, &system, &reference, &stated.officer, &stated.reason);
    Ok(ok(app.transact(actor, "get_police_alert", work).await?))
}

/// List the evidence of an alert
///
/// What the survivor made visible to police, for a named officer with a stated reason. 404 where the survivor does not
/// share evidence with this force.
#[utoipa::path(tag = "police", responses((status = 200, body = Page<PoliceEvidence>)),
    params(("reference" = String, Path, example = "AL-6F2K-8C3D-M"),
        ("Holdfast-Officer" = String, Header, description = "The officer's username", example = "pc.4417"),
        ("Holdfast-Reason" = String, Header, description = "Why the officer reads", example = "Attending the alert")),
    security(("police" = [])), extensions(("x-who" = json!(["police_client"]))))]
#[get("/alerts/{reference}/evidence")]
async fn list_police_evidence(
    app: web::Data<App>,
    system: PoliceSystem,
    reference: web::Path<String>,
    stated: Stated,
) -> Result<HttpResponse> {
    let actor = system.actor();
    let work = move |tx: &mut Tx<'_>| police_evidence::list(tx, &system, &reference, (&stated.officer, &stated.reason));
    Ok(whole(app.transact(actor, "list_police_evidence", work).await?))
}

/// Fetch a file of an alert
///
/// Byte for byte as the survivor sent it. Each time is a disclosure, and stands in the file's custody.
#[utoipa::path(tag = "police", responses((status = 200, body = Vec<u8>, content_type = "*/*")),
    params(("reference" = String, Path, example = "AL-6F2K-8C3D-M"), ("id" = EvidenceId, Path),
        ("Holdfast-Officer" = String, Header, description = "The officer's username", example = "pc.4417"),
        ("Holdfast-Reason" = String, Header, description = "Why the officer reads", example = "Attending the alert")),
    security(("police" = [])), extensions(("x-who" = json!(["police_client"]))))]
#[get("/alerts/{reference}/evidence/{id}/content")]
async fn get_police_evidence_content(
    app: web::Data<App>,
    system: PoliceSystem,
    path: web::Path<(String, EvidenceId)>,
    stated: Stated,
) -> Result<HttpResponse> {
    let (actor, (reference, id)) = (system.actor(), path.into_inner());
    let work =
        move |tx: &mut Tx<'_>| police_evidence::open(tx, &system, (&reference, id), (&stated.officer, &stated.reason));
    Ok(app.transact(actor, "get_police_evidence_content", work).await?.respond(&app))
}

/// Acknowledge an alert for the police
///
/// Ends the retries to police. It stops the climb of an urgent alert, and never of an emergency.
#[utoipa::path(tag = "police", request_body = PoliceAcknowledgeBody, responses((status = 200, body = PoliceActedView)),
    params(("reference" = String, Path, example = "AL-6F2K-8C3D-M")), security(("police" = [])),
    extensions(("x-who" = json!(["police_client"]))))]
#[post("/alerts/{reference}/acknowledge")]
async fn acknowledge_police_alert(
    app: web::Data<App>,
    system: PoliceSystem,
    reference: web::Path<String>,
    request: Request<PoliceAcknowledgeBody>,
) -> Result<HttpResponse> {
    let (call, body) = request.read()?;
    let actor = system.actor();
    let work = move |tx: &mut Tx<'_>| police_side::acknowledge(tx, &system, &reference, &body);
    create(&app, actor, "acknowledge_police_alert", StatusCode::OK, (call, Keep::Answer), work, |view, _| view).await
}

/// Tell what came of an alert
///
/// The survivor's advocates are notified at once; it reaches the survivor when they release it, with your reference and grade.
/// Saying something else later corrects it: what the survivor has read is marked as out of date.
#[utoipa::path(tag = "police", request_body = PoliceOutcomeBody, responses((status = 200, body = PoliceActedView)),
    params(("reference" = String, Path, example = "AL-6F2K-8C3D-M")), security(("police" = [])),
    extensions(("x-who" = json!(["police_client"]))))]
#[post("/alerts/{reference}/outcome")]
async fn create_police_outcome(
    app: web::Data<App>,
    system: PoliceSystem,
    reference: web::Path<String>,
    request: Request<PoliceOutcomeBody>,
) -> Result<HttpResponse> {
    let (call, body) = request.read()?;
    let actor = system.actor();
    let work = move |tx: &mut Tx<'_>| outcomes::tell(tx, &system, &reference, &body);
    create(&app, actor, "create_police_outcome", StatusCode::OK, (call, Keep::Answer), work, |view, _| view).await
}
