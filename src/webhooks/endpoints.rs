//! Making and looking after endpoints: an address is checked here, and again at each connect.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::deliver::{self, WebhookMessage};
use super::messages::{EndpointTestData, TEST};
use super::model::{Endpoint, EndpointKey, EndpointKind};
use super::store;
use crate::config::Settings;
use crate::crypto::signature::SigningKey;
use crate::crypto::{Private, SealedTable, seal};
use crate::db::{DeliveryId, EndpointId, EndpointKeyId, Instant, OrganisationId, SubjectId};
use crate::error::{Code, Error, Result};
use crate::http::etag::IfMatch;
use crate::http::limits;
use crate::http::page::Cursor;
use crate::identity::{self, ApproveBody, ApprovedView, Readiness, SecondPersonRequestRow, Staff, TwoPersonAct};
use crate::outgoing::guard;
use crate::outgoing::smtp::Mailer;
use crate::tx::{Subject, Tx};

/// Hours for which the old key goes on signing beside a new one.
const OVERLAP_HOURS: i64 = 24;
/// Hours for which a test message is tried.
const TEST_HOURS: i64 = 1;

/// A new endpoint.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateWebhookEndpointBody {
    /// The police force.
    #[garde(skip)]
    organisation_id: OrganisationId,
    /// How it is reached; a webhook unless it says otherwise.
    #[garde(skip)]
    #[serde(default)]
    kind: Option<EndpointKind>,
    /// Where to: https, a public address; of an e-mail endpoint, `mailto:` and the address.
    #[garde(length(min = limits::URL.least, max = limits::URL.most))]
    #[schema(format = "url", example = "https://alerts.police.example/holdfast")]
    url: String,
    /// What to call it.
    #[garde(custom(limits::plain_line))]
    #[schema(format = "line", example = "Control room")]
    description: String,
}

/// An endpoint with its secrets, which are shown once.
#[derive(Serialize, ToSchema)]
pub struct MadeEndpointView {
    /// Its id.
    pub id: EndpointId,
    /// For verifying `v1` signatures (Standard Webhooks).
    #[schema(example = "whsec_…")]
    pub secret: String,
    /// For verifying `v1a` signatures.
    #[schema(example = "whpk_…")]
    pub public_key: String,
    /// Whether it is in use, or waits for a second person.
    pub state: Readiness,
}

/// Makes an endpoint with a secret and a key pair of its own, the last in its force's order.
pub fn create(tx: &mut Tx<'_>, body: &CreateWebhookEndpointBody) -> Result<MadeEndpointView> {
    let force = identity::find_police_force(tx.conn, body.organisation_id)?;
    let awaits = identity::takes_two_people(tx)?;
    let kind = body.kind.unwrap_or(EndpointKind::Webhook);
    let row = Endpoint {
        id: EndpointId::new(tx.now),
        organisation_id: body.organisation_id,
        url: checked_url(tx, kind, &body.url)?,
        description: body.description.clone(),
        created_at: tx.now,
        disabled_at: awaits.then_some(tx.now),
        kind,
        place: store::last_place(tx.conn, body.organisation_id)?,
        version: 1,
        failing_since: None,
        last_outcome: None,
        last_status: None,
        proven_at: None,
    };
    let (id, address) = (row.id, row.url.clone());
    store::insert_endpoint(tx, row)?;
    tx.about(Subject::of("endpoint", id));
    if awaits {
        let mut request = SecondPersonRequestRow::new(tx, TwoPersonAct::WebhookEndpoint, id.into(), Some(force.id));
        request.address = Some(address);
        identity::ask_second_person(tx, request)?;
    }
    make_key(tx, id)
}

/// Approves, as the second person, an endpoint that waits: it is in use from now on.
///
/// # Errors
/// As [`identity::approve_as_second`].
pub fn approve(tx: &mut Tx<'_>, staff: &Staff, id: EndpointId, body: &ApproveBody) -> Result<ApprovedView> {
    tx.about(Subject::of("endpoint", id));
    let request = identity::approve_as_second(tx, staff, id, body)?;
    let row = Endpoint { disabled_at: None, ..existing(tx, id)? };
    if !store::update_endpoint(tx, &row)? {
        return Err(Error::write_conflict());
    }
    Ok(ApprovedView::of(&request, tx.now))
}

fn checked_url(tx: &Tx<'_>, kind: EndpointKind, text: &str) -> Result<String> {
    if kind == EndpointKind::Email {
        if !tx.settings.ways.has_mail {
            return Err(Error::field("/kind", "no_mail_server", "no mail server is configured"));
        }
        let address = text.strip_prefix("mailto:").filter(|address| Mailer::is_address(address));
        let wrong = || Error::field("/url", "url_malformed", "it must be mailto: and one e-mail address");
        return address.map(|_| text.to_owned()).ok_or_else(wrong);
    }
    let loopback = tx.settings.ways.loopback;
    let url = guard::check_url(text, loopback).map_err(|why| Error::field("/url", why.code(), why.to_string()))?;
    Ok(url.to_string())
}

fn make_key(tx: &mut Tx<'_>, endpoint: EndpointId) -> Result<MadeEndpointView> {
    let key = SigningKey::generate().map_err(|error| Error::Internal(Box::new(error)))?;
    let id = EndpointKeyId::new(tx.now);
    let new = EndpointKey::sealing(tx.keys, SubjectId::SYSTEM, id);
    let text = |bytes: &[u8]| Private::from(STANDARD.encode(bytes));
    let row = EndpointKey {
        id,
        endpoint_id: endpoint,
        secret: seal!(new.secret, &text(key.secret_bytes()))?,
        seed: seal!(new.seed, &text(key.seed_bytes()))?,
        public_key: key.public_key_text(),
        created_at: tx.now,
        retires_at: None,
    };
    store::insert_key(tx.conn, row)?;
    let state = Readiness::of(identity::awaits_second_person(tx.conn, endpoint)?);
    Ok(MadeEndpointView { id: endpoint, secret: key.secret_text(), public_key: key.public_key_text(), state })
}

fn existing(tx: &mut Tx<'_>, id: EndpointId) -> Result<Endpoint> {
    let row = store::find_endpoint(tx.conn, id)?.ok_or(Error::NotFound)?;
    tx.about(Subject::of("endpoint", id));
    Ok(row)
}

/// Makes a new secret and key pair. The old ones go on signing beside them for a day, in the same header, so that a
/// receiver can change over at any moment of it.
pub fn rotate(tx: &mut Tx<'_>, id: EndpointId) -> Result<MadeEndpointView> {
    existing(tx, id)?;
    store::retire_keys(tx.conn, id, tx.now.plus_hours(OVERLAP_HOURS))?;
    make_key(tx, id)
}

/// A message that was queued.
#[derive(Serialize, ToSchema)]
pub struct QueuedDeliveryView {
    /// The message: its attempts are found under it.
    pub delivery_id: DeliveryId,
}

/// Queues a test message, of nobody.
pub fn test(tx: &mut Tx<'_>, id: EndpointId) -> Result<QueuedDeliveryView> {
    let endpoint = existing(tx, id)?;
    if endpoint.disabled_at.is_some() {
        return Err(Error::wrong_state("this endpoint is out of use"));
    }
    let data = serde_json::to_value(EndpointTestData { endpoint: id })?;
    let body = deliver::envelope(TEST, tx.now, &data)?;
    let message = WebhookMessage {
        endpoint: id,
        about: None,
        level: 0,
        message_type: TEST,
        body: &body,
        tried_until: tx.now.plus_hours(TEST_HOURS),
    };
    Ok(QueuedDeliveryView { delivery_id: deliver::enqueue(tx, &message)? })
}

/// What an administrator can change of an endpoint.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PatchWebhookEndpointBody {
    /// Where to, by the rules of a new endpoint; its kind and its keys stay.
    #[garde(inner(length(min = limits::URL.least, max = limits::URL.most)))]
    #[schema(format = "url", example = "https://alerts.police.example/holdfast")]
    #[serde(default)]
    url: Option<String>,
    /// What to call it.
    #[garde(inner(custom(limits::plain_line)))]
    #[schema(format = "line", example = "Control room")]
    #[serde(default)]
    description: Option<String>,
    /// Its place among the force's endpoints; the lowest is tried first.
    #[garde(inner(range(min = 0, max = 1000)))]
    #[schema(minimum = 0, maximum = 1000, example = 0)]
    #[serde(default)]
    position: Option<i32>,
    /// Whether it is out of use: nothing is sent there any more, and what waits goes another way.
    #[garde(skip)]
    #[serde(default)]
    is_disabled: Option<bool>,
}

/// Changes an endpoint.
pub fn change(
    tx: &mut Tx<'_>,
    id: EndpointId,
    read: &IfMatch,
    body: &PatchWebhookEndpointBody,
) -> Result<EndpointView> {
    let mut row = existing(tx, id)?;
    read.check(row.version)?;
    if let Some(url) = &body.url {
        let url = checked_url(tx, row.kind, url)?;
        if url != row.url {
            if identity::takes_two_people(tx)? {
                let words = "another address takes two people: make a new endpoint, and take this one out of use";
                return Err(Error::wrong_state(words));
            }
            store::forget_health(tx.conn, id)?;
            (row.failing_since, row.last_outcome, row.last_status) = (None, None, None);
            row.proven_at = None;
            row.url = url;
        }
    }
    if let Some(description) = &body.description {
        row.description.clone_from(description);
    }
    row.place = body.position.unwrap_or(row.place);
    match body.is_disabled {
        Some(true) => {
            identity::end_request(tx, id)?;
            row.disabled_at = row.disabled_at.or(Some(tx.now));
        }
        Some(false) => put_in_use(tx, &mut row)?,
        None => {}
    }
    if !store::update_endpoint(tx, &row)? {
        return Err(Error::Stale(Code::Stale));
    }
    row.version += 1;
    view(tx, row)
}

/// Puts an endpoint in use again; never one that a second person was asked for and has not approved.
fn put_in_use(tx: &mut Tx<'_>, row: &mut Endpoint) -> Result<()> {
    if identity::awaits_second_person(tx.conn, row.id)? {
        return Err(Error::wrong_state("a second person has yet to approve this endpoint"));
    }
    if identity::was_not_approved(tx.conn, row.id)? {
        return Err(Error::wrong_state("this endpoint was never approved by a second person: make a new one"));
    }
    row.disabled_at = None;
    Ok(())
}

/// An endpoint, for administrators. Nothing in it tells of anybody's case.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
pub struct EndpointView {
    /// Id.
    pub id: EndpointId,
    /// The force.
    pub organisation_id: OrganisationId,
    /// How it is reached.
    pub kind: EndpointKind,
    /// Where to.
    #[schema(example = "https://alerts.police.example/holdfast")]
    pub url: String,
    /// What it is called.
    #[schema(example = "Control room")]
    pub description: String,
    /// Its place among the force's endpoints; the lowest is tried first.
    pub position: i32,
    /// When it was made.
    pub created_at: Instant,
    /// Since when it is out of use. Only an administrator puts it there, never what a receiver answers.
    pub disabled_at: Option<Instant>,
    /// Since when every attempt has failed: somebody has to look.
    pub failing_since: Option<Instant>,
    /// What came of the last attempt, as a code.
    #[schema(example = "received")]
    pub last_outcome: Option<String>,
    /// The status that the last attempt was answered.
    pub last_status: Option<i32>,
    /// When somebody of the force last acknowledged an alert or a drill that went through it.
    pub proven_at: Option<Instant>,
    /// Whether that is recent enough (`route_proof_days`).
    pub is_proven: bool,
    /// The keys that sign now, the newest first.
    pub keys: Vec<KeyView>,
    /// Counts changes.
    #[serde(skip)]
    pub version: i32,
}

/// A key that signs.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
pub struct KeyView {
    /// For verifying `v1a` signatures.
    #[schema(example = "whpk_…")]
    pub public_key: String,
    /// Since when it signs.
    pub created_at: Instant,
    /// Until when, where another has taken its place.
    pub retires_at: Option<Instant>,
}

/// The moment since which a route must have been proven to count as such.
pub fn proven_since(settings: &Settings, now: Instant) -> Instant {
    now.plus_days(-i64::from(settings.route_proof_days))
}

fn view(tx: &mut Tx<'_>, row: Endpoint) -> Result<EndpointView> {
    let since = proven_since(tx.settings, tx.now);
    let keys = store::list_keys(tx.conn, row.id, tx.now)?.into_iter().map(|key| KeyView {
        public_key: key.public_key,
        created_at: key.created_at,
        retires_at: key.retires_at,
    });
    Ok(EndpointView {
        id: row.id,
        organisation_id: row.organisation_id,
        kind: row.kind,
        url: row.url,
        description: row.description,
        position: row.place,
        created_at: row.created_at,
        disabled_at: row.disabled_at,
        failing_since: row.failing_since,
        last_outcome: row.last_outcome,
        last_status: row.last_status,
        proven_at: row.proven_at,
        is_proven: row.proven_at.is_some_and(|at| at >= since),
        keys: keys.collect(),
        version: row.version,
    })
}

/// One endpoint.
pub fn find(tx: &mut Tx<'_>, id: EndpointId) -> Result<EndpointView> {
    let row = existing(tx, id)?;
    view(tx, row)
}

/// All endpoints, or those of one force.
pub fn list(
    tx: &mut Tx<'_>,
    organisation: Option<OrganisationId>,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<EndpointView>> {
    let rows = store::list_endpoints(tx.conn, organisation, after, limit)?;
    rows.into_iter().map(|row| view(tx, row)).collect()
}
