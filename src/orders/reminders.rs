//! What staff and survivors are reminded of about orders as time passes.

use super::{duties, own_side};
use crate::app::App;
use crate::db::{DbConn, Instant};
use crate::error::Result;

/// Tells of what is due. Returns how much.
pub async fn remind(app: &App) -> Result<usize> {
    Ok(duties::notify_due(app).await? + own_side::notify_due(app).await?)
}

/// When the next is due.
pub fn next_due(conn: &mut DbConn) -> Result<Option<Instant>> {
    Ok([duties::next_due(conn)?, own_side::next_due(conn)?].into_iter().flatten().min())
}
