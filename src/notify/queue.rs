//! Queueing messages, in the transaction that decides them.

use super::model::{Channel, Notification, NotificationState, Recipient};
use super::store;
use super::templates::Template;
use crate::db::{AlertId, DeviceId, Instant, Json, NotificationId, SubjectId};
use crate::error::Result;
use crate::tx::Tx;

/// A message to one person on one channel.
pub struct OutboxMessage {
    /// The survivor (also for their trusted contact), or the member of staff.
    pub subject: SubjectId,
    /// Which of them.
    pub recipient: Recipient,
    /// What it says.
    pub template: Template,
    /// What the words are filled with, as codes.
    pub detail: Json,
    /// Who carries it.
    pub channel: Channel,
    /// The phone, for push.
    pub device: Option<DeviceId>,
    /// Not before; past or now: at once.
    pub not_before: Instant,
    /// The alert that it tells a member of staff of.
    pub alert: Option<AlertId>,
}

/// Queues a message; it is sent after the commit, once it is due. The caller has asked whether it may be.
pub fn enqueue(tx: &mut Tx<'_>, message: OutboxMessage) -> Result<NotificationId> {
    let id = NotificationId::new(tx.now);
    let row = Notification {
        id,
        subject_id: message.subject,
        recipient: message.recipient,
        template: message.template,
        detail: message.detail,
        channel: message.channel,
        device_id: message.device,
        state: NotificationState::Queued,
        outcome: None,
        attempt: 0,
        next_action_at: Some(message.not_before.max(tx.now)),
        queued_at: tx.now,
        sent_at: None,
        deadline: tx.now.plus_minutes(message.template.useful_minutes()),
        alert_id: message.alert,
        follow_up_at: None,
    };
    store::insert(tx.conn, row)?;
    tx.notify_worker();
    Ok(id)
}
