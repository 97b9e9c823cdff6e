//! `/partner/v1/survivors/{id}/evidence`: files that staff record for somebody without a phone.

use actix_web::web;
use garde::Validate;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::app::{sha256_text, take_content};
use crate::app::App;
use crate::db::{EvidenceId, IncidentId, Instant, SurvivorId};
use crate::error::{Error, Result};
use crate::evidence::model::read_sha256;
use crate::evidence::upload::{Stated, media, recorded};
use crate::evidence::view::EvidenceView;
use crate::http::reply::{Reply, reply};
use crate::http::{Answer, Call, Created, EmptyBody, Keep, Problem, created, limits, operations};
use crate::identity::{Advocate, SupportStaff};
use crate::incidents::Visibility;
use crate::tx::Tx;

pub(super) fn partner(routes: &mut ServiceConfig) {
    operations! { routes: record_evidence put_survivor_evidence_content show_evidence }
}

/// A file that you are about to send for a survivor.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct RecordEvidenceBody {
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
    /// The incident that it belongs to, reported by the survivor or by staff; then who may see it is what the incident
    /// says.
    #[garde(skip)]
    #[serde(default)]
    incident_id: Option<IncidentId>,
    /// Who may see it, where it belongs to no incident: your organisation, unless the survivor wants it seen further.
    #[garde(skip)]
    #[serde(default)]
    visibility: Option<Visibility>,
    /// When it was made, as far as known; else now.
    #[garde(skip)]
    #[serde(default)]
    recorded_at: Option<Instant>,
}

impl RecordEvidenceBody {
    fn stated(&self, app: &App) -> Result<Stated> {
        if self.incident_id.is_some() && self.visibility.is_some() {
            return Err(Error::field("/visibility", "not_allowed", "the incident says who may see it"));
        }
        Ok(Stated {
            media_type: media::taken(&self.media_type, &app.settings.evidence.types)?,
            bytes: self.bytes,
            sha256: read_sha256(&self.sha256)
                .ok_or_else(|| Error::field("/sha256", "not_allowed", "64 hexadecimal digits"))?,
            name: None,
            incident: self.incident_id,
            visibility: self.visibility.unwrap_or(Visibility::Advocate),
            recorded_at: self.recorded_at,
            metadata: None,
        })
    }
}

/// Record a file for a survivor
///
/// A photograph or a document of somebody without a phone that is safe to use, which you are about to send by `PUT …/content`.
/// It is marked as recorded by staff, and no phone of theirs shows it until you say that it is safe (`…/show`).
#[utoipa::path(post, path = "/survivors/{id}/evidence", tag = "evidence")]
async fn record_evidence(mut call: Call<Advocate, SurvivorId, RecordEvidenceBody>) -> Created<EvidenceView> {
    let key = call.take_key()?;
    let Call { app, who: staff, path: id, body, action, .. } = call;
    let (stated, actor) = (body.stated(&app)?, staff.actor());
    let work = move |tx: &mut Tx<'_>| recorded::begin(tx, &staff, id, &stated);
    created(&app, actor, action, (key, Keep::Answer), work, |file, _| EvidenceView::of(&file)).await.map(Reply::of)
}

/// Send a file that you record for a survivor
///
/// In one piece; once more from the beginning where it broke off. Nothing is kept of a file that does not have the SHA-256 that
/// was stated, or is not of the kind that was stated. 404 for one that somebody else began.
#[utoipa::path(put, path = "/survivors/{id}/evidence/{evidence_id}/content", tag = "evidence",
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 410, body = Problem, content_type = "application/problem+json")))]
async fn put_survivor_evidence_content(
    call: Call<Advocate, (SurvivorId, EvidenceId)>,
    payload: web::Payload,
) -> Answer<EvidenceView> {
    let Call { app, who: staff, path, action, request, .. } = call;
    let actor = staff.actor();
    let find = move |tx: &mut Tx<'_>| recorded::find_open(tx, &staff, path);
    let file = app.transact(actor.clone(), action, find).await?;
    if file.state.is_stored() {
        // The answer was lost on its way; what was stated is what is here.
        return reply(EvidenceView::of(&file));
    }
    let file = take_content(&app, (actor, action), (file, &request), payload).await?;
    reply(EvidenceView::of(&file))
}

/// Show on the survivor's phone a file that staff recorded
///
/// Once you know that nobody else reads the phone. 409 while the phone does not show its incident.
#[utoipa::path(post, path = "/survivors/{id}/evidence/{evidence_id}/show", tag = "evidence")]
async fn show_evidence(call: Call<SupportStaff, (SurvivorId, EvidenceId), EmptyBody>) -> Answer<EvidenceView> {
    call.once_as(recorded::show, |file, _| EvidenceView::of(&file)).await
}
