//! What staff are notified of because time passed: referrals that wait too long for a
//! practitioner, notifications to police that nobody recorded in time, orders that end soon.
//!
//! One step of the worker: each due point is told once, in a transaction of its own, and found through a partial index.

use super::orders::{duties, own_side};
use super::referrals::overdue;
use crate::app::App;
use crate::db::{DbConn, Instant};
use crate::error::Result;

/// Tells of what is due. Returns how much.
pub async fn remind(app: &App) -> Result<usize> {
    Ok(overdue::tell_overdue(app).await? + duties::tell_due(app).await? + own_side::tell_due(app).await?)
}

/// When the next is due.
pub fn next_due(conn: &mut DbConn) -> Result<Option<Instant>> {
    Ok([overdue::next_due(conn)?, duties::next_due(conn)?, own_side::next_due(conn)?].into_iter().flatten().min())
}
