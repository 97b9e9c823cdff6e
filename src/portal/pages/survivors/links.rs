//! The way from other pages to a survivor's record, where it is the reader's.

use std::collections::BTreeMap;

use crate::access;
use crate::app::App;
use crate::db::{DbConn, SurvivorId};
use crate::error::Result;
use crate::identity::{self, Staff};
use crate::portal::pages::case::handle::record_path;

/// The records of some survivors that the reader works with, each by its page.
pub async fn records_of(app: &App, who: &Staff, of: Vec<SurvivorId>) -> Result<BTreeMap<SurvivorId, String>> {
    if of.is_empty() {
        return Ok(BTreeMap::new());
    }
    let staff = who.clone();
    let read = move |conn: &mut DbConn| {
        let mut own = access::visible_survivors(conn, &staff, None)?;
        own.retain(|id| of.contains(id));
        identity::survivor_references(conn, own)
    };
    let references = app.db.read(read).await?;
    Ok(references.into_iter().map(|(id, reference)| (id, record_path(&reference))).collect())
}
