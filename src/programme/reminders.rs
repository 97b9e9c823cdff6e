//! What staff are notified of because time passed: referrals that wait too long for a
//! practitioner, notifications to police that nobody recorded in time, orders that end soon.
//!
//! One step of the worker: each due point is told once, in a transaction of its own, and found through a partial index.

use super::referrals::overdue;
use crate::app::App;
use crate::db::{DbConn, Instant};
use crate::error::Result;
use crate::orders;

/// Tells of what is due. Returns how much.
pub async fn remind(app: &App) -> Result<usize> {
    Ok(overdue::notify_overdue(app).await? + orders::remind(app).await?)
}

/// When the next is due.
pub fn next_due(conn: &mut DbConn) -> Result<Option<Instant>> {
    Ok([overdue::next_due(conn)?, orders::next_due(conn)?].into_iter().flatten().min())
}
