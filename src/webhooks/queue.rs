//! Queueing messages, in the transaction that decides them.

use serde::Serialize;
use serde_json::Value;

use super::model::{Delivery, DeliveryState};
use super::store;
use crate::crypto::{Private, seal};
use crate::db::{AlertId, DeliveryId, EndpointId, Instant, SurvivorId};
use crate::error::Result;
use crate::tx::Tx;

/// A message to one endpoint.
pub struct Message<'a> {
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
pub fn enqueue(tx: &mut Tx<'_>, message: &Message<'_>) -> Result<DeliveryId> {
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
        act_at: Some(tx.now),
        queued_at: tx.now,
        first_attempt_at: None,
        delivered_at: None,
        gives_up_at: message.tried_until,
    };
    store::insert_delivery(tx.conn, row)?;
    tx.wake();
    Ok(id)
}

/// Ends the retries of some messages of an alert, since a person has answered.
pub fn stop_retries(tx: &mut Tx<'_>, messages: &[DeliveryId]) -> Result<usize> {
    store::stop(tx.conn, messages)
}
