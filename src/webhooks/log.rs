//! What became of messages, for administrators: ids, types, times and codes; never a body, never whose it was.

use serde::Serialize;
use utoipa::ToSchema;

use super::endpoints::QueuedDeliveryView;
use super::model::{DeliveriesQuery, Delivery, DeliveryAttempt, DeliveryState, EndpointKind};
use super::{retry, store};
use crate::db::{DeliveryId, EndpointId, Instant};
use crate::error::{Error, Result};
use crate::http::ListRequest;
use crate::http::page::Cursor;
use crate::tx::{Subject, Tx};

/// A message to an endpoint.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
pub struct LoggedDeliveryView {
    /// Id.
    pub id: DeliveryId,
    /// `webhook-id`: the same in every attempt.
    #[schema(example = "msg_019aa0c46f2e7cc398c82d3a53a60b2f")]
    pub message_id: String,
    /// Its type.
    #[schema(example = "safety.alert.raised")]
    pub message_type: String,
    /// How far it has come.
    pub state: DeliveryState,
    /// Attempts begun.
    pub attempts: i32,
    /// When it was queued.
    pub queued_at: Instant,
    /// When the first attempt began.
    pub first_attempt_at: Option<Instant>,
    /// When a system of the force received it.
    pub delivered_at: Option<Instant>,
    /// When it was sent by mail, which nobody answers for having received.
    pub sent_by_mail_at: Option<Instant>,
    /// When it is looked at next.
    pub next_attempt_at: Option<Instant>,
    /// Until when it is tried.
    pub gives_up_at: Instant,
}

impl LoggedDeliveryView {
    /// A message as it is logged.
    pub fn of((row, kind): (Delivery, EndpointKind)) -> Self {
        Self {
            delivered_at: row.received_at(kind),
            sent_by_mail_at: row.mailed_at(kind),
            id: row.id,
            message_id: row.message_id,
            message_type: row.message_type,
            state: row.state,
            attempts: row.attempt,
            queued_at: row.queued_at,
            first_attempt_at: row.first_attempt_at,
            next_attempt_at: row.next_action_at,
            gives_up_at: row.deadline,
        }
    }
}

/// One attempt.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
pub struct AttemptView {
    /// Its number.
    pub attempt: i32,
    /// When it began.
    pub started_at: Instant,
    /// When it ended.
    pub ended_at: Option<Instant>,
    /// What came of it, as a code.
    #[schema(example = "refused")]
    pub outcome: String,
    /// The status that it was answered.
    pub status: Option<i32>,
}

impl AttemptView {
    /// An attempt as it is logged.
    pub fn of(row: DeliveryAttempt) -> Self {
        let DeliveryAttempt { attempt, started_at, ended_at, outcome, status, .. } = row;
        Self { attempt, started_at, ended_at, outcome, status }
    }
}

/// Messages to an endpoint.
pub fn list_deliveries(
    tx: &mut Tx<'_>,
    endpoint: EndpointId,
    asked: &ListRequest<DeliveriesQuery>,
) -> Result<Vec<(Delivery, EndpointKind)>> {
    let kind = store::find_endpoint(tx.conn, endpoint)?.ok_or(Error::NotFound)?.kind;
    tx.about(Subject::of("endpoint", endpoint));
    let sent = store::list_deliveries_to(tx.conn, endpoint, asked)?;
    Ok(sent.into_iter().map(|delivery| (delivery, kind)).collect())
}

/// Attempts of a message.
pub fn list_attempts(
    tx: &mut Tx<'_>,
    id: DeliveryId,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<DeliveryAttempt>> {
    store::find_delivery(tx.conn, id)?.ok_or(Error::NotFound)?;
    tx.about(Subject::of("delivery", id));
    store::list_attempts(tx.conn, id, after, limit)
}

/// Sends a message again, with the same id, whatever became of it: also one that was given up or set aside.
///
/// # Errors
/// 404 for an unknown one, 409 for one that still waits or is under way.
pub fn replay(tx: &mut Tx<'_>, id: DeliveryId) -> Result<QueuedDeliveryView> {
    store::find_delivery(tx.conn, id)?.ok_or(Error::NotFound)?;
    tx.about(Subject::of("delivery", id));
    if !store::requeue(tx.conn, id, tx.now, tx.now.plus_hours(retry::HOURS))? {
        return Err(Error::wrong_state("this message waits for its next attempt already"));
    }
    tx.notify_worker();
    Ok(QueuedDeliveryView { delivery_id: id })
}
