//! What staff of the survivor's side read of an incident on one page: as it was reported last and before, what happened to it, and
//! what they may do with it. Their list of incidents has codes and times alone.

use super::handle;
use super::history::IncidentEventView;
use super::model::{IncidentsQuery, Reported};
use super::view::{SupportIncident, ToldVersionView};
use super::{linked, machine, store};
use crate::access;
use crate::db::{IncidentId, SurvivorId};
use crate::error::{Error, Result};
use crate::identity::Staff;
use crate::transitions::{self, ActionsView};
use crate::tx::Tx;

/// Versions and events that are read, the newest.
const MOST: i64 = 50;

/// An incident with all that staff read of it.
pub struct WholeIncident {
    /// As it was reported last.
    pub incident: SupportIncident,
    /// Each version, newest first.
    pub versions: Vec<ToldVersionView>,
    /// What happened to it, newest first.
    pub events: Vec<IncidentEventView>,
    /// What the caller may do with it now.
    pub actions: ActionsView,
}

/// The newest incidents of a survivor, for staff who show codes and times of them: that is not yet reading them. Of a record that
/// is open for a while, the recent ones.
///
/// # Errors
/// 404 for everybody who may not read the record.
pub fn list_lines(tx: &mut Tx<'_>, staff: &Staff, survivor: SurvivorId, limit: i64) -> Result<Vec<Reported>> {
    let reading = access::reader(tx, staff, survivor)?;
    store::list_filtered(tx.conn, &reading.access, (&IncidentsQuery::default(), reading.since), None, limit)
}

/// An incident of a survivor. Seeing it is reading it.
///
/// # Errors
/// 404 for one of another survivor, and for one that was taken back or is kept private.
pub fn read_whole(tx: &mut Tx<'_>, staff: &Staff, (survivor, id): (SurvivorId, IncidentId)) -> Result<WholeIncident> {
    let (access, incident) = handle::find_shown(tx, staff, id)?;
    if incident.survivor_id != survivor {
        return Err(Error::NotFound);
    }
    let reported = store::find_visible(tx.conn, &access, id)?.ok_or(Error::NotFound)?;
    let files = linked::stored_files(tx.conn, &[id])?.remove(&id).unwrap_or_default();
    let versions = store::list_versions_for(tx.conn, &incident, None, MOST)?;
    let events = store::list_events(tx.conn, id, None, MOST)?;
    let versions = versions.iter().map(|version| ToldVersionView::of(tx.keys, version));
    let events = events.iter().map(|event| IncidentEventView::of(tx.keys, event));
    Ok(WholeIncident {
        incident: SupportIncident::of(tx.keys, &reported, Some(files))?,
        versions: versions.collect::<Result<_>>()?,
        events: events.collect::<Result<_>>()?,
        actions: machine::actions(incident.state, &transitions::movers(staff)),
    })
}
