//! The pages of a record, and the way to one from other pages, where it is the reader's.

use std::collections::BTreeMap;

use crate::access;
use crate::app::App;
use crate::db::{CheckInId, DbConn, IncidentId, SurvivorId};
use crate::error::Result;
use crate::identity::{self, Staff};
use crate::portal::pages::case::handle::{letters, record_path};

/// Records, each by its page.
pub type SurvivorRecords = BTreeMap<SurvivorId, String>;

/// The page of a check-in.
pub fn check_in_path(reference: &str, id: CheckInId) -> String {
    format!("{}/check-ins/{}", record_path(reference), letters(id.0))
}

/// The page of an incident.
pub fn incident_path(reference: &str, id: IncidentId) -> String {
    format!("{}/incidents/{}", record_path(reference), letters(id.0))
}

/// The records of some survivors that the reader works with.
///
/// # Errors
/// When they cannot be read.
pub async fn records_of(app: &App, who: &Staff, of: Vec<SurvivorId>) -> Result<SurvivorRecords> {
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

/// The record of a reference, where the reader works with whose it is.
///
/// # Errors
/// When it cannot be read.
pub async fn record_of(app: &App, who: &Staff, reference: &str) -> Result<Option<String>> {
    let named = reference.to_owned();
    let found = app.db.read(move |conn| identity::find_survivor_by_reference(conn, &named)).await?;
    let Some(row) = found else { return Ok(None) };
    Ok(records_of(app, who, vec![row.id]).await?.remove(&row.id))
}
