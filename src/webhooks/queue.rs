//! Queueing messages, in the transaction that decides them.

use super::model::{Delivery, DeliveryState};
use super::{retry, store};
use crate::crypto::Private;
use crate::db::{AlertId, DeliveryId, EndpointId, SurvivorId};
use crate::error::Result;
use crate::tx::Tx;

/// A message to one endpoint.
pub struct Message<'a> {
    /// Where to.
    pub endpoint: EndpointId,
    /// Whose alert it tells of.
    pub survivor: SurvivorId,
    /// The alert.
    pub alert: AlertId,
    /// Its level.
    pub level: i32,
    /// Its type, such as `safety.alert.raised`.
    pub message_type: &'static str,
    /// The body: JSON, minimised.
    pub body: &'a str,
}

/// Queues a message, due at once; it is sent after the commit.
///
/// # Errors
/// When it cannot be kept: then nothing of the transaction is.
pub fn enqueue(tx: &mut Tx<'_>, message: &Message<'_>) -> Result<DeliveryId> {
    let id = DeliveryId::new(tx.now);
    let place = Delivery::place(Some(message.survivor), id);
    let row = Delivery {
        id,
        endpoint_id: message.endpoint,
        survivor_id: Some(message.survivor),
        alert_id: Some(message.alert),
        message_id: format!("msg_{}", id.0.simple()),
        message_type: message.message_type.to_owned(),
        level: message.level,
        body: tx.app.keys.seal(place, &Private::from(message.body))?,
        state: DeliveryState::Queued,
        attempt: 0,
        act_at: Some(tx.now),
        queued_at: tx.now,
        first_attempt_at: None,
        delivered_at: None,
        gives_up_at: tx.now.plus_hours(retry::HOURS),
    };
    store::insert_delivery(tx.conn, row)?;
    tx.wake();
    Ok(id)
}

/// Ends the retries of an alert's messages, since a person has answered.
///
/// # Errors
/// When it cannot be kept.
pub fn stop_retries(tx: &mut Tx<'_>, alert: AlertId) -> Result<usize> {
    store::stop_for_alert(tx.conn, alert)
}
