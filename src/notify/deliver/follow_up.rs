//! Following up what a provider took: nobody knows whether a person has seen it, so an urgent one goes another way unless
//! they open the alert.

use super::Rules;
use crate::app::App;
use crate::db::{AlertId, Instant, Json, StaffId};
use crate::error::Result;
use crate::notify::model::{Channel, Notification, Recipient};
use crate::notify::store;
use crate::tx::{Subject, Tx};

/// Seconds after which an urgent message that nobody has answered goes another way.
const FOLLOW_UP_SECONDS: i64 = 60;
/// The level from which on a message is followed up.
const URGENT: i64 = 3;
/// Where a message names the ways that were tried before it.
const TRIED: &str = "tried";
/// Messages looked at in one go.
const BATCH: i64 = 500;

/// When to look again at a message that a provider takes now; none where that is not needed.
pub(in crate::notify) fn due_after_sending(row: &Notification, now: Instant) -> Option<Instant> {
    let level = row.detail.0.get("level").and_then(serde_json::Value::as_i64).unwrap_or_default();
    let is_urgent = row.recipient == Recipient::Staff && row.alert_id.is_some() && level >= URGENT;
    is_urgent.then(|| now.plus_seconds(FOLLOW_UP_SECONDS))
}

/// Tries the next way to anyone who was sent something urgent and has not opened the alert since. Returns how many messages
/// were looked at.
pub async fn follow_up(app: &App, rules: Rules) -> Result<usize> {
    let now = app.clock.now();
    let due = app.db.read(move |conn| store::list_to_follow_up(conn, now, BATCH)).await?;
    let work = move |tx: &mut Tx<'_>, id| {
        let Some(row) = store::take_follow_up(tx.conn, id, tx.now)? else {
            tx.outcome("not_due");
            return Ok(false);
        };
        tx.about(Subject::of("notification", id));
        let Some(alert) = row.alert_id else { return Ok(true) };
        if store::has_opened_since(tx.conn, alert, StaffId(row.subject_id.0), row.queued_at)? {
            tx.outcome("opened");
            return Ok(true);
        }
        let mut tried = store::list_channels_since(tx.conn, alert, row.subject_id, row.queued_at)?;
        tried.extend(tried_before(&row));
        let has_other = (rules.next_way)(tx, &row, &tried)?;
        tx.outcome(if has_other { "another_way" } else { "no_other_way" });
        Ok(true)
    };
    Ok(app.each(due, "follow_up_notification", work).await)
}

fn tried_before(row: &Notification) -> Vec<Channel> {
    let tried = row.detail.0.get(TRIED).cloned();
    tried.and_then(|tried| serde_json::from_value(tried).ok()).unwrap_or_default()
}

/// What a message on the next way holds: that of the one before it, and the ways tried so far.
#[must_use]
pub fn detail_of_next(message: &Notification, tried: &[Channel]) -> Json {
    let mut detail = message.detail.0.clone();
    if let Some(map) = detail.as_object_mut() {
        map.insert(TRIED.to_owned(), serde_json::json!(tried));
    }
    Json(detail)
}

/// Follows nothing up any more about an alert: a person has taken it up, or closed it.
pub fn stop_follow_up(tx: &mut Tx<'_>, alert: AlertId) -> Result<()> {
    store::stop_follow_up(tx.conn, alert)
}

/// Keeps that a member of staff has an alert before them.
pub fn note_opened(tx: &mut Tx<'_>, alert: AlertId, staff: StaffId) -> Result<()> {
    store::put_opening(tx.conn, alert, staff, tx.now)
}
