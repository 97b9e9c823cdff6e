//! Agreements that lapse soon: a month before, a task to talk about them, and a notice to those assigned. The ledger ends
//! them on their day, whatever was done about it.

use super::{BATCH, today};
use crate::app::App;
use crate::consent;
use crate::db::SurvivorId;
use crate::error::Result;
use crate::events::Event;
use crate::safety::author::notify_assigned;
use crate::tx::{Subject, Tx};

/// States for each survivor with an agreement that lapses soon that it is so, each in a transaction of its own. Returns
/// how many.
pub(in crate::safety) async fn remind(app: &App) -> Result<usize> {
    let now = app.clock.now();
    let due = app.db.read(move |conn| consent::list_due_reviews(conn, now, BATCH)).await?;
    Ok(app.each(due, "remind_consent_review", notify_of_lapse).await)
}

fn notify_of_lapse(tx: &mut Tx<'_>, survivor: SurvivorId) -> Result<bool> {
    tx.about(Subject::of("survivor", survivor));
    let Some(lapses_at) = consent::take_due_reviews(tx, survivor)? else {
        tx.outcome("not_needed");
        return Ok(false);
    };
    let review_by_on = today(lapses_at).to_string();
    tx.emit(Event::SafetyReviewDue { survivor, what: "consent", review_by_on });
    notify_assigned(tx, survivor, "reviews")?;
    Ok(true)
}
