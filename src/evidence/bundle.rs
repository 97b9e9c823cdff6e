//! Bundles: what police or a court are handed. A ZIP with the originals or copies without metadata, a manifest of hashes,
//! custody and versions, and a readable PDF, signed as a whole. Anyone who receives one can verify it: not one byte of it can be
//! changed unseen.
//!
//! Making one is a disclosure, and a custody event of each file in it. Its contents are kept for a while, so that they
//! can be fetched; then they are destroyed, and what was handed to whom stays recorded.

mod accounts;
pub mod archive;
mod details;
pub mod fetch;
pub mod gather;
pub mod make;
pub mod manifest;
pub mod model;
mod pdf;
pub mod verify;
pub mod wording;

use crate::app::App;
use crate::db::{BundleId, DbConn, Instant};
use crate::error::Result;
use crate::evidence::store;

/// Bundles looked at in one go.
const BATCH: i64 = 100;
/// Minutes until what failed is tried again.
const AGAIN_MINUTES: i64 = 5;

/// Destroys the contents of bundles whose time is over. Returns how many.
pub async fn clean(app: &App, now: Instant) -> Result<usize> {
    let due = app.db.read(move |conn| store::bundles::list_due(conn, now, BATCH)).await?;
    let count = due.len();
    for id in due {
        // The key first: from then on nothing of it opens, wherever a copy may be.
        let later = now.plus_minutes(AGAIN_MINUTES);
        app.db.write(move |conn: &mut DbConn| store::bundles::destroy_key(conn, id, Some(later))).await?;
        match destroy(app, id).await {
            Ok(()) => app.db.write(move |conn: &mut DbConn| store::bundles::destroy_key(conn, id, None)).await?,
            Err(error) => tracing::error!(bundle = %id, %error, "a bundle could not be destroyed; it is tried again"),
        }
    }
    Ok(count)
}

async fn destroy(app: &App, id: BundleId) -> Result<()> {
    for name in app.objects.list(&format!("bundles/{id}")).await? {
        app.objects.delete(&name).await?;
    }
    Ok(())
}
