//! `/police/v1`: poll, detail, acknowledgement, outcome.

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest, HttpResponse};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::crypto::Private;
use crate::db::{EvidenceId, Instant, SafeAddressId};
use crate::error::{Code, Error, Result};
use crate::escalation::police::outcomes::{self, PoliceOutcomeBody};
use crate::escalation::police::police_evidence;
use crate::escalation::police::police_side::{
    self, PoliceAcknowledgeBody, PoliceActedView, PoliceAlertView, PoliceDetailView,
};
use crate::escalation::support::safe_addresses::{self, PoliceOpenedAddressView};
use crate::evidence::PoliceEvidence;
use crate::http::reply::paged;
use crate::http::{Answer, Call, EmptyBody, Listed, PageQuery, Query, limits, operations};
use crate::identity::PoliceSystem;
use crate::tx::Tx;

/// `/police/v1`
pub fn police(routes: &mut ServiceConfig) {
    operations! { routes:
        list_police_alerts get_police_alert list_police_evidence get_police_evidence_content acknowledge_police_alert
        create_police_outcome create_police_address_opening
    }
}

/// The parameters of the poll.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct PollQuery {
    /// Only alerts that the force was notified of since then.
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
#[utoipa::path(get, path = "/alerts", tag = "police")]
async fn list_police_alerts(call: Call<PoliceSystem, (), Query<PollQuery>>) -> Listed<PoliceAlertView> {
    let Call { app, who: system, body: query, action, request, .. } = call;
    let PollQuery { since, limit, cursor } = query;
    let page = PageQuery::of(limit, cursor);
    let (limit, after, actor) = (page.limit()?, page.after()?, system.actor());
    let work = move |tx: &mut Tx<'_>| police_side::list(tx, (&system).into(), since, after, limit);
    let rows = app.transact(actor, action, work).await?;
    paged(&request, limit, rows, |(row, _)| (row.raised_at, row.id.0), |(_, view)| Ok(view))
}

/// Who reads, and why: required for every read of detail.
struct StatedOfficer {
    officer: Private,
    reason: Private,
}

impl FromRequest for StatedOfficer {
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
#[utoipa::path(get, path = "/alerts/{reference}", tag = "police",
    params(("reference" = String, Path, example = "AL-6F2K-8C3D-M"), ("Holdfast-Officer" = String, Header, description = "The officer's username", example = "pc.4417"), ("Holdfast-Reason" = String, Header, description = "Why the officer reads", example = "Attending the alert")))]
async fn get_police_alert(call: Call<PoliceSystem, String>, stated: StatedOfficer) -> Answer<PoliceDetailView> {
    call.run(move |tx: &mut Tx<'_>, system: &PoliceSystem, reference: String| {
        police_side::detail(tx, system.into(), &reference, &stated.officer, &stated.reason)
    })
    .await
}

/// List the evidence of an alert
///
/// What the survivor made visible to police, for a named officer with a stated reason. 404 where the survivor does not
/// share evidence with this force.
#[utoipa::path(get, path = "/alerts/{reference}/evidence", tag = "police",
    params(("reference" = String, Path, example = "AL-6F2K-8C3D-M"), ("Holdfast-Officer" = String, Header, description = "The officer's username", example = "pc.4417"), ("Holdfast-Reason" = String, Header, description = "Why the officer reads", example = "Attending the alert")))]
async fn list_police_evidence(call: Call<PoliceSystem, String>, stated: StatedOfficer) -> Listed<PoliceEvidence> {
    call.whole(move |tx: &mut Tx<'_>, system: &PoliceSystem, reference: String| {
        police_evidence::list(tx, system, &reference, (&stated.officer, &stated.reason))
    })
    .await
}

/// Fetch a file of an alert
///
/// Byte for byte as the survivor sent it. Each time is a disclosure, and is in the file's custody.
#[utoipa::path(get, path = "/alerts/{reference}/evidence/{id}/content", tag = "police",
    params(("reference" = String, Path, example = "AL-6F2K-8C3D-M"), ("Holdfast-Officer" = String, Header, description = "The officer's username", example = "pc.4417"), ("Holdfast-Reason" = String, Header, description = "Why the officer reads", example = "Attending the alert")),
    responses((status = 200, body = Vec<u8>, content_type = "*/*")))]
async fn get_police_evidence_content(
    call: Call<PoliceSystem, (String, EvidenceId)>,
    stated: StatedOfficer,
) -> Result<HttpResponse> {
    let app = call.app.clone();
    let work = move |tx: &mut Tx<'_>, system: &PoliceSystem, (reference, id): (String, EvidenceId)| {
        police_evidence::open(tx, system, (&reference, id), (&stated.officer, &stated.reason))
    };
    Ok(call.transact(work).await?.respond(&app))
}

/// Acknowledge an alert for the police
///
/// Ends the retries to police. It stops the climb of an urgent alert, and never of an emergency.
#[utoipa::path(post, path = "/alerts/{reference}/acknowledge", tag = "police",
    params(("reference" = String, Path, example = "AL-6F2K-8C3D-M")))]
async fn acknowledge_police_alert(call: Call<PoliceSystem, String, PoliceAcknowledgeBody>) -> Answer<PoliceActedView> {
    call.once(|tx: &mut Tx<'_>, system: &PoliceSystem, reference: String, body: &PoliceAcknowledgeBody| {
        police_side::acknowledge(tx, system.into(), &reference, body)
    })
    .await
}

/// Record what came of an alert
///
/// The survivor's advocates are notified at once; it reaches the survivor when they release it, with your reference and grade.
/// Saying something else later corrects it: what the survivor has read is marked as out of date.
#[utoipa::path(post, path = "/alerts/{reference}/outcome", tag = "police",
    params(("reference" = String, Path, example = "AL-6F2K-8C3D-M")))]
async fn create_police_outcome(call: Call<PoliceSystem, String, PoliceOutcomeBody>) -> Answer<PoliceActedView> {
    call.once(|tx: &mut Tx<'_>, system: &PoliceSystem, reference: String, body: &PoliceOutcomeBody| {
        outcomes::store_outcome(tx, system.into(), &reference, body)
    })
    .await
}

/// Open a place where the survivor of an alert may be found
///
/// For a named, registered officer with a stated reason, while an emergency is open that the support side has taken up, where
/// the survivor lets the police read where they are. One at a time; the support side hears of each at once, by name. Else
/// ring the duty desk, which rings back the control room.
#[utoipa::path(post, path = "/alerts/{reference}/safe-addresses/{id}/open", tag = "police",
    params(("reference" = String, Path, example = "AL-6F2K-8C3D-M"), ("Holdfast-Officer" = String, Header, description = "The officer's username", example = "pc.4417"), ("Holdfast-Reason" = String, Header, description = "Why the officer reads", example = "Attending the alert")))]
async fn create_police_address_opening(
    call: Call<PoliceSystem, (String, SafeAddressId), EmptyBody>,
    stated: StatedOfficer,
) -> Answer<PoliceOpenedAddressView> {
    call.run(move |tx: &mut Tx<'_>, system: &PoliceSystem, (reference, id): (String, SafeAddressId)| {
        safe_addresses::open_for_police(tx, system.into(), (&reference, id), (&stated.officer, &stated.reason))
    })
    .await
}
