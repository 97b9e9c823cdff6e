//! The watchdog: every minute each endpoint is sent a sign of life, with the audit's signed checkpoint, so that each
//! force is a witness of it. A force that hears nothing for some minutes knows to ring.
//!
//! The newest message says all: it takes the place of the one before, whatever became of that.

use super::deliver::{self, WebhookMessage};
use super::messages::WatchdogData;
use super::store;
use crate::app::App;
use crate::audit::{self, Checkpoint, CheckpointLog};
use crate::error::Result;
use crate::tx::{Actor, Tx};

/// Takes a checkpoint and queues the watchdog messages, when the time has come; one instance does, and each writes the
/// checkpoint into its log. Returns how many messages were queued.
pub async fn watch(app: &App, log: &CheckpointLog) -> Result<usize> {
    let (every, now) = (app.config.watchdog_seconds, app.clock.now());
    if every == 0 {
        return Ok(0);
    }
    let (is_due, before) = app.db.read(move |conn| audit::look_at_checkpoints(conn, now, every)).await?;
    let (taken, queued) = if is_due { take(app, every).await? } else { (None, 0) };
    log.follow(app, before, taken.map_or(before, |checkpoint| checkpoint.entries())).await?;
    Ok(queued)
}

/// Takes a checkpoint, unless another instance did, and queues the messages.
async fn take(app: &App, every: u32) -> Result<(Option<Checkpoint>, usize)> {
    let work = move |tx: &mut Tx<'_>| {
        let Some(checkpoint) = audit::take_checkpoint(tx, every)? else {
            tx.outcome("not_due");
            return Ok((None, 0));
        };
        store::delete_watchdogs(tx.conn)?;
        let data = WatchdogData { every_seconds: every, audit_checkpoint: checkpoint.summary() };
        let body = deliver::envelope(store::WATCHDOG, tx.now, &serde_json::to_value(data)?)?;
        let endpoints = store::list_watched(tx.conn)?;
        for endpoint in &endpoints {
            let message = WebhookMessage {
                endpoint: *endpoint,
                about: None,
                level: 0,
                message_type: store::WATCHDOG,
                body: &body,
                tried_until: tx.now.plus_seconds(i64::from(every)),
            };
            deliver::enqueue(tx, &message)?;
        }
        Ok((Some(checkpoint), endpoints.len()))
    };
    app.transact(Actor::System, "watch", work).await
}
