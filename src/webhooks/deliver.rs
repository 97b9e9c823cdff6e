//! Sending what is due: lease, send, record.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

use secrecy::ExposeSecret;
use tokio::sync::Notify;

use super::model::{Delivery, EndpointKey};
use super::{retry, store};
use crate::app::App;
use crate::crypto::signature::{self, SigningKey};
use crate::crypto::{Private, random};
use crate::db::{DbConn, DeliveryId, EndpointId, Instant};
use crate::error::{Error, Result};
use crate::http::outbound::{Answer, Outcome};
use crate::tx::{Actor, Subject, Tx};

/// Seconds that a lease lasts: the 15 that an attempt may take, and some to record it. A holder that died is followed
/// within twenty.
const LEASE_SECONDS: i64 = 18;
/// Attempts under way at once for one endpoint.
const PLACES: usize = 8;

/// The attempts that are under way in this process, per endpoint.
#[derive(Clone, Default)]
pub struct InFlight(Arc<Inner>);

#[derive(Default)]
struct Inner {
    messages: Mutex<HashMap<EndpointId, HashSet<DeliveryId>>>,
    ended: Notify,
}

impl InFlight {
    fn free_places(&self, endpoint: EndpointId) -> usize {
        let messages = self.0.messages.lock().unwrap_or_else(PoisonError::into_inner);
        PLACES.saturating_sub(messages.get(&endpoint).map_or(0, HashSet::len))
    }

    /// A place for a message, unless it is under way already: its row may not tell of that yet.
    fn begin(&self, endpoint: EndpointId, message: DeliveryId) -> Option<Place> {
        let mut messages = self.0.messages.lock().unwrap_or_else(PoisonError::into_inner);
        let is_new = messages.entry(endpoint).or_default().insert(message);
        is_new.then(|| Place { of: self.clone(), endpoint, message })
    }

    /// Whether nothing is under way.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        self.0.messages.lock().unwrap_or_else(PoisonError::into_inner).is_empty()
    }

    /// Waits until nothing is under way.
    pub async fn idle(&self) {
        loop {
            let ended = self.0.ended.notified();
            if self.is_idle() {
                return;
            }
            ended.await;
        }
    }
}

/// One attempt's place; given back however the attempt ends, also by a panic.
struct Place {
    of: InFlight,
    endpoint: EndpointId,
    message: DeliveryId,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut messages = self.of.0.messages.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(under_way) = messages.get_mut(&self.endpoint) {
            under_way.remove(&self.message);
            if under_way.is_empty() {
                messages.remove(&self.endpoint);
            }
        }
        drop(messages);
        self.of.0.ended.notify_waiters();
    }
}

/// Begins an attempt for everything that is due and has a place; returns how many. The attempts run on by themselves
/// and wake the worker when they end.
///
/// # Errors
/// When what is due cannot be read.
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
            tokio::spawn(async move {
                if let Err(error) = attempt(&app, delivery).await {
                    tracing::error!(%endpoint, %error, "an attempt could not be made or recorded; its lease runs out");
                }
                drop(place);
                app.wake();
            });
            begun += 1;
        }
    }
    Ok(begun)
}

async fn attempt(app: &App, delivery: Delivery) -> Result<()> {
    let Some(parcel) = take(app, &delivery).await? else { return Ok(()) };
    let answer = match url::Url::parse(&parcel.url) {
        Ok(url) => app.outbound.post(&url, &parcel.headers, parcel.body).await,
        Err(_) => Answer { outcome: Outcome::Failed("url"), retry_after_seconds: None },
    };
    record(app, delivery, answer).await
}

struct Parcel {
    url: String,
    headers: Vec<(&'static str, String)>,
    body: Vec<u8>,
}

/// Takes the lease, and makes what is to be sent.
async fn take(app: &App, delivery: &Delivery) -> Result<Option<Parcel>> {
    let claimed = delivery.clone();
    let work = move |tx: &mut Tx<'_>| {
        tx.about(Subject::of("delivery", claimed.id));
        let lease_until = tx.now.plus_seconds(LEASE_SECONDS);
        if !store::claim(tx.conn, &claimed, tx.now, lease_until)? {
            tx.outcome("not_free");
            return Ok(None);
        }
        pack(tx, &claimed).map(Some)
    };
    app.transact(Actor::System, "attempt_delivery", work).await
}

fn pack(tx: &mut Tx<'_>, delivery: &Delivery) -> Result<Parcel> {
    let endpoint = store::find_endpoint(tx.conn, delivery.endpoint_id)?
        .ok_or_else(|| Error::internal("a delivery without its endpoint"))?;
    let rows = store::list_keys(tx.conn, endpoint.id, tx.now)?;
    let keys: Vec<SigningKey> = rows.iter().map(|row| open_key(tx, row)).collect::<Result<_>>()?;
    let body = tx.app.keys.open_sealed(Delivery::place(delivery.survivor_id, delivery.id), &delivery.body)?;
    let body = body.expose_secret().as_bytes().to_vec();
    let at = tx.now.unix_seconds();
    let headers = vec![
        ("content-type", "application/json".to_owned()),
        ("webhook-id", delivery.message_id.clone()),
        ("webhook-timestamp", at.to_string()),
        ("webhook-signature", signature::header(&keys, &delivery.message_id, at, &body)),
    ];
    Ok(Parcel { url: endpoint.url, headers, body })
}

fn open_key(tx: &Tx<'_>, row: &EndpointKey) -> Result<SigningKey> {
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;
    let open = |column, sealed| {
        let text: Private = tx.app.keys.open_sealed(EndpointKey::place(row.id, column), sealed)?;
        STANDARD.decode(text.expose_secret()).map_err(|error| Error::Internal(Box::new(error)))
    };
    let (secret, seed) = (open("secret", &row.secret)?, open("seed", &row.seed)?);
    SigningKey::from_parts(&secret, &seed).map_err(|error| Error::Internal(Box::new(error)))
}

/// Records what came of an attempt; only then does "delivered" stand anywhere.
async fn record(app: &App, delivery: Delivery, answer: Answer) -> Result<()> {
    let (attempt, spread) = (delivery.attempt + 1, random::<1>()?);
    let work = move |tx: &mut Tx<'_>| {
        tx.about(Subject::of("delivery", delivery.id));
        let now = tx.now;
        let (outcome, status) = match answer.outcome {
            Outcome::Received(status) => ("received", Some(status)),
            Outcome::Refused(status) => ("refused", Some(status)),
            Outcome::Failed(why) => (why, None),
        };
        tx.outcome(outcome);
        store::end_attempt(tx.conn, delivery.id, attempt, now, outcome, status.map(i32::from))?;
        if matches!(answer.outcome, Outcome::Received(_)) {
            store::set_delivered(tx.conn, delivery.id, now)?;
            return Ok(());
        }
        let [spread] = spread;
        let next = retry::next_attempt(attempt, now, answer.retry_after_seconds, spread);
        let next = (next <= delivery.gives_up_at).then_some(next);
        let held = store::set_failed(tx.conn, delivery.id, attempt, next)?;
        if held && next.is_none() {
            tracing::error!(delivery = %delivery.id, endpoint = %delivery.endpoint_id, "nobody received this in 72 hours");
        }
        Ok(())
    };
    app.transact(Actor::System, "record_delivery", work).await
}

/// After the clock went back: makes due what would now wait for longer than any retry or lease may.
///
/// # Errors
/// When it cannot be kept.
pub async fn mind_clock(app: &App) -> Result<usize> {
    let work = |tx: &mut Tx<'_>| store::bring_forward(tx.conn, tx.now.plus_seconds(retry::LONGEST_SECONDS), tx.now);
    app.transact(Actor::System, "mind_clock", work).await
}

/// When the next message is to be looked at.
///
/// # Errors
/// When it cannot be read.
pub fn next_due(conn: &mut DbConn) -> Result<Option<Instant>> {
    store::next_due(conn)
}
