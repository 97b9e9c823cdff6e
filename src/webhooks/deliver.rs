//! A message to a force: queued in the transaction that decides it, then lease, pack, send, record; and where it reaches
//! nobody, another way.

pub(super) mod mail;

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use secrecy::ExposeSecret;
use serde::Serialize;
use serde_json::Value;
use tracing::Instrument;

use super::model::{Delivery, DeliveryState, Endpoint, EndpointKey, EndpointKind};
use super::{retry, store};
use crate::app::App;
use crate::crypto::signature::{self, SigningKey};
use crate::crypto::{Private, open, random, seal, unseal};
use crate::db::{AlertId, DbConn, DeliveryId, EndpointId, Instant, OrganisationId, SurvivorId};
use crate::error::{Error, Result};
use crate::http::in_flight::{self, PLACES};
use crate::outgoing::outbound::{AttemptEnd, AttemptResult};
use crate::tx::{Actor, Subject, Tx};

/// Seconds that a lease lasts: the 15 that an attempt may take, and some to record it. A holder that died is followed
/// within twenty.
const LEASE_SECONDS: i64 = 18;
/// Seconds without a 2xx, from when a message was queued, after which the police are reached another way beside the retries.
const FALLBACK_AFTER_SECONDS: i64 = 120;
/// How long a message rests in this process whose attempt the database did not take.
const REST: Duration = Duration::from_secs(1);
/// How often a message that cannot be made readable is looked at again before it is set aside: the fault may be a store
/// that is away for a moment.
const UNREADABLE_TRIES: i32 = 5;

/// A message to one endpoint.
pub struct WebhookMessage<'a> {
    /// Where to.
    pub endpoint: EndpointId,
    /// Whose alert it tells of, and which; none for what is about nobody.
    pub about: Option<(SurvivorId, AlertId)>,
    /// The alert's level.
    pub level: i32,
    /// Its type, such as `safety.alert.raised`.
    pub message_type: &'static str,
    /// The body: JSON, minimised.
    pub body: &'a str,
    /// Until when it is tried.
    pub tried_until: Instant,
}

/// A body as all messages have it.
pub fn envelope(message_type: &str, timestamp: Instant, data: &Value) -> Result<String> {
    #[derive(Serialize)]
    struct Envelope<'a> {
        #[serde(rename = "type")]
        message_type: &'a str,
        timestamp: Instant,
        data: &'a Value,
    }
    Ok(serde_json::to_string(&Envelope { message_type, timestamp, data })?)
}

/// Queues a message, due at once; it is sent after the commit.
pub fn enqueue(tx: &mut Tx<'_>, message: &WebhookMessage<'_>) -> Result<DeliveryId> {
    let id = DeliveryId::new(tx.now);
    let survivor_id = message.about.map(|(survivor, _)| survivor);
    let new = Delivery::sealing_about(tx.keys, survivor_id, id);
    let row = Delivery {
        id,
        endpoint_id: message.endpoint,
        survivor_id,
        alert_id: message.about.map(|(_, alert)| alert),
        message_id: format!("msg_{}", id.0.simple()),
        message_type: message.message_type.to_owned(),
        level: message.level,
        body: seal!(new.body, &Private::from(message.body))?,
        state: DeliveryState::Queued,
        attempt: 0,
        next_action_at: Some(tx.now),
        queued_at: tx.now,
        first_attempt_at: None,
        delivered_at: None,
        deadline: message.tried_until,
    };
    store::insert_delivery(tx.conn, row)?;
    tx.notify_worker();
    Ok(id)
}

/// Ends the retries of some messages of an alert, since a person has answered.
pub fn stop_retries(tx: &mut Tx<'_>, messages: &[DeliveryId]) -> Result<usize> {
    store::stop(tx.conn, messages)
}

/// The attempts that are under way in this process, per endpoint.
pub type InFlight = in_flight::InFlight<EndpointId, DeliveryId>;

/// Begins an attempt for everything that is due and has a place; returns how many. The attempts run on by themselves
/// and wake the worker when they end.
pub async fn deliver(app: &App, in_flight: &InFlight) -> Result<usize> {
    let now = app.clock.now();
    let endpoints = app.db.read(move |conn| store::list_due_endpoints(conn, now)).await?;
    let mut begun = 0;
    for endpoint in endpoints {
        if in_flight.free_places(endpoint) == 0 {
            continue;
        }
        // Those under way may still stand first: as many more are read as there are places.
        let due = app.db.read(move |conn| store::list_due(conn, endpoint, now, 2 * PLACES)).await?;
        for delivery in due {
            if in_flight.free_places(endpoint) == 0 {
                break;
            }
            let Some(place) = in_flight.begin(endpoint, delivery.id) else { continue };
            let app = app.clone();
            let attempting = async move {
                if let Err(error) = attempt(&app, delivery).await {
                    tracing::error!(%endpoint, %error, "an attempt could not be made or recorded; its lease runs out");
                    // It may be due still: not over and over while the database is away.
                    tokio::time::sleep(REST).await;
                }
                drop(place);
                app.notify_worker();
            };
            tokio::spawn(attempting.in_current_span());
            begun += 1;
        }
    }
    Ok(begun)
}

async fn attempt(app: &App, delivery: Delivery) -> Result<()> {
    let Some((packed, endpoint)) = take(app, &delivery).await? else { return Ok(()) };
    let (alert, force) = (delivery.alert_id, endpoint.organisation_id);
    let reaches_nobody = match packed {
        Packed::Parcel(parcel) => {
            let answer = send(app, parcel).await;
            record(app, delivery, endpoint, answer).await?
        }
        Packed::Unreadable => record_unreadable(app, delivery, force).await?,
        Packed::Withheld => false,
    };
    match alert.filter(|_| reaches_nobody) {
        Some(alert) => fall_back(app, alert, force).await,
        None => Ok(()),
    }
}

enum Packed {
    Parcel(WebhookParcel),
    /// It must not be sent any more, and is ended.
    Withheld,
    /// It could not be opened or packed.
    Unreadable,
}

/// Takes the lease, and makes what is to be sent.
async fn take(app: &App, delivery: &Delivery) -> Result<Option<(Packed, Endpoint)>> {
    let claimed = delivery.clone();
    let work = move |tx: &mut Tx<'_>| {
        tx.about(Subject::of("delivery", claimed.id));
        let lease_until = tx.now.plus_seconds(LEASE_SECONDS);
        if !store::claim(tx.conn, &claimed, tx.now, lease_until)? {
            tx.outcome("not_free");
            return Ok(None);
        }
        let endpoint = store::find_endpoint(tx.conn, claimed.endpoint_id)?
            .ok_or_else(|| Error::internal("a delivery without its endpoint"))?;
        let packed = match pack(tx, &claimed, &endpoint) {
            Ok(Some(parcel)) => Packed::Parcel(parcel),
            Ok(None) => {
                tx.outcome("withheld");
                store::end_attempt(tx.conn, claimed.id, claimed.attempt + 1, tx.now, "withheld", None)?;
                store::end(tx.conn, claimed.id, DeliveryState::Withheld)?;
                reach_another_way(tx, &claimed, endpoint.organisation_id)?;
                Packed::Withheld
            }
            Err(error) if error.is_transient() => return Err(error),
            Err(error) => {
                tx.outcome("unreadable");
                tracing::error!(delivery = %claimed.id, %error, "a message could not be packed; others go on");
                Packed::Unreadable
            }
        };
        Ok(Some((packed, endpoint)))
    };
    app.transact(Actor::System, "attempt_delivery", work).await
}

/// What is sent, and where to.
pub(super) struct WebhookParcel {
    kind: EndpointKind,
    pub(super) url: String,
    /// `webhook-id`, `webhook-timestamp`, `webhook-signature`.
    pub(super) signed: Vec<(&'static str, String)>,
    pub(super) body: Vec<u8>,
    pub(super) at: Instant,
}

/// Packs a message, with the endpoint that it goes to; nothing where it must not be sent any more.
fn pack(tx: &mut Tx<'_>, delivery: &Delivery, endpoint: &Endpoint) -> Result<Option<WebhookParcel>> {
    if endpoint.disabled_at.is_some() {
        return Ok(None);
    }
    let rows = store::list_keys(tx.conn, endpoint.id, tx.now)?;
    let keys: Vec<SigningKey> = rows.iter().map(|row| open_key(tx, row)).collect::<Result<_>>()?;
    let sealing = Delivery::sealing_about(tx.keys, delivery.survivor_id, delivery.id);
    let body = unseal!(sealing.body, &delivery.body)?;
    let queued = body.expose_secret();
    let body = match delivery.alert_id {
        // What the survivor shares may have changed since it was queued, or since the attempt before.
        Some(alert) => (tx.hooks.revise)(tx, alert, endpoint.organisation_id, queued)?,
        None => Some(queued.to_owned()),
    };
    let Some(body) = body.map(String::into_bytes) else { return Ok(None) };
    // A receiver judges the time of an attempt by the real clock, also where ours is moved for a test.
    let sent_at = tx.wall_clock;
    let at = sent_at.unix_seconds();
    let signed = vec![
        ("webhook-id", delivery.message_id.clone()),
        ("webhook-timestamp", at.to_string()),
        ("webhook-signature", signature::header(&keys, &delivery.message_id, at, &body)),
    ];
    Ok(Some(WebhookParcel { kind: endpoint.kind, url: endpoint.url.clone(), signed, body, at: sent_at }))
}

fn open_key(tx: &Tx<'_>, row: &EndpointKey) -> Result<SigningKey> {
    let decode =
        |text: &Private| STANDARD.decode(text.expose_secret()).map_err(|error| Error::Internal(Box::new(error)));
    let (secret, seed) = (decode(&open!(tx.keys, row.secret)?)?, decode(&open!(tx.keys, row.seed)?)?);
    SigningKey::from_parts(&secret, &seed).map_err(|error| Error::Internal(Box::new(error)))
}

/// Sends a parcel, once.
async fn send(app: &App, parcel: WebhookParcel) -> AttemptResult {
    match parcel.kind {
        EndpointKind::Webhook => call(app, parcel).await,
        EndpointKind::Email => mail::send(app, &parcel).await,
    }
}

async fn call(app: &App, parcel: WebhookParcel) -> AttemptResult {
    let Ok(url) = url::Url::parse(&parcel.url) else {
        return AttemptResult { outcome: AttemptEnd::Failed("url"), retry_after_seconds: None };
    };
    let mut headers = vec![("content-type", "application/json".to_owned())];
    headers.extend(parcel.signed);
    app.outbound.post(&url, &headers, parcel.body).await
}

/// Reaches the police another way, together with the end of a message: nothing looks at it any more, so nobody else would.
fn reach_another_way(tx: &mut Tx<'_>, ended: &Delivery, force: OrganisationId) -> Result<()> {
    match ended.alert_id {
        Some(alert) => (tx.hooks.fall_back)(tx, alert, force),
        None => Ok(()),
    }
}

/// Records what came of an attempt; only then does "delivered" stand anywhere. True when the police have to be reached
/// another way meanwhile.
async fn record(app: &App, delivery: Delivery, endpoint: Endpoint, answer: AttemptResult) -> Result<bool> {
    let (attempt, [jitter]) = (delivery.attempt + 1, random::<1>()?);
    let (outcome, status) = in_words(answer.outcome, endpoint.kind);
    app.meter.attempt(("police", endpoint.kind.as_str(), outcome));
    let work = move |tx: &mut Tx<'_>| {
        tx.about(Subject::of("delivery", delivery.id));
        let now = tx.now;
        let is_received = matches!(answer.outcome, AttemptEnd::Received(_));
        tx.outcome(outcome);
        store::end_attempt(tx.conn, delivery.id, attempt, now, outcome, status)?;
        keep_health(tx, &endpoint, is_received, (outcome, status))?;
        if is_received {
            store::set_taken(tx.conn, delivery.id, endpoint.kind, now)?;
            return Ok(false);
        }
        let next = retry::next_attempt(attempt, now, answer.retry_after_seconds, jitter);
        let next = (next <= delivery.deadline).then_some(next);
        if !store::set_failed(tx.conn, delivery.id, attempt, next)? {
            return Ok(false);
        }
        if next.is_none() && delivery.alert_id.is_some() {
            tracing::error!(delivery = %delivery.id, endpoint = %endpoint.id, "nobody received this in 72 hours");
            reach_another_way(tx, &delivery, endpoint.organisation_id)?;
            return Ok(false);
        }
        // From when it was queued: one that waited long for its turn has been heard of by nobody for as long.
        let waited = now.seconds_since(delivery.queued_at);
        Ok(waited >= FALLBACK_AFTER_SECONDS || is_definite(answer.outcome))
    };
    app.transact(Actor::System, "record_delivery", work).await
}

/// What came of an attempt as the record has it: a word, and a status where there was an answer.
fn in_words(outcome: AttemptEnd, kind: EndpointKind) -> (&'static str, Option<i32>) {
    match outcome {
        AttemptEnd::Received(status) if kind == EndpointKind::Email => ("sent", Some(i32::from(status))),
        AttemptEnd::Received(status) => ("received", Some(i32::from(status))),
        AttemptEnd::Refused(status) => ("refused", Some(i32::from(status))),
        AttemptEnd::Failed(why) => (why, None),
    }
}

/// After the clock went back: makes due what would now wait for longer than any retry or lease may.
pub async fn repair_after_clock_rollback(app: &App) -> Result<usize> {
    let work = |tx: &mut Tx<'_>| store::bring_forward(tx.conn, tx.now.plus_seconds(retry::LONGEST_SECONDS), tx.now);
    app.transact(Actor::System, "mind_clock", work).await
}

/// Whether a receiver says that trying again will not help. It is tried again all the same, and another way at once.
fn is_definite(outcome: AttemptEnd) -> bool {
    match outcome {
        // 408, 425 and 429 ask for nothing but another time; a mail server says "for now" with 4xx and "no" with 5xx.
        AttemptEnd::Refused(408 | 425 | 429 | 421 | 450..=452) => false,
        AttemptEnd::Refused(status) => (300..500).contains(&status) || (550..560).contains(&status),
        AttemptEnd::Received(_) | AttemptEnd::Failed(_) => false,
    }
}

/// Keeps how an endpoint is doing, where that has changed.
fn keep_health(
    tx: &mut Tx<'_>,
    endpoint: &Endpoint,
    is_received: bool,
    (outcome, status): (&str, Option<i32>),
) -> Result<()> {
    let failing_since = if is_received { None } else { endpoint.failing_since.or(Some(tx.now)) };
    let before = (endpoint.failing_since, endpoint.last_outcome.as_deref(), endpoint.last_status);
    if before == (failing_since, Some(outcome), status) {
        return Ok(());
    }
    if endpoint.failing_since.is_none() && !is_received {
        tracing::warn!(endpoint = %endpoint.id, outcome, status, "an endpoint has begun to fail");
    }
    store::set_health(tx.conn, endpoint.id, failing_since, (outcome, status))
}

/// Records that a message could not be made readable: looked at again as after a failed attempt, and at last set aside.
async fn record_unreadable(app: &App, delivery: Delivery, force: OrganisationId) -> Result<bool> {
    let (attempt, [jitter]) = (delivery.attempt + 1, random::<1>()?);
    app.meter.attempt(("police", "none", "unreadable"));
    let work = move |tx: &mut Tx<'_>| {
        tx.about(Subject::of("delivery", delivery.id));
        tx.outcome("unreadable");
        store::end_attempt(tx.conn, delivery.id, attempt, tx.now, "unreadable", None)?;
        let next = retry::next_attempt(attempt, tx.now, None, jitter);
        let is_held = store::set_failed(tx.conn, delivery.id, attempt, Some(next))?;
        if is_held && attempt >= UNREADABLE_TRIES {
            tracing::error!(delivery = %delivery.id, "a message is set aside: it cannot be made readable");
            store::end(tx.conn, delivery.id, DeliveryState::SetAside)?;
            reach_another_way(tx, &delivery, force)?;
            return Ok(false);
        }
        Ok(is_held)
    };
    app.transact(Actor::System, "record_delivery", work).await
}

/// Reaches the police another way, in a transaction of its own: what came of the attempt holds whatever becomes of
/// this, which the next failed attempt, and the ladder, do again.
async fn fall_back(app: &App, alert: AlertId, force: OrganisationId) -> Result<()> {
    let work = move |tx: &mut Tx<'_>| {
        tx.about(Subject::of("alert", alert));
        (tx.hooks.fall_back)(tx, alert, force)
    };
    app.transact(Actor::System, "fall_back", work).await
}

/// When the next message is to be looked at.
pub fn next_due(conn: &mut DbConn) -> Result<Option<Instant>> {
    store::next_due(conn)
}
