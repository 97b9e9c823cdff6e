//! By when somebody of the survivor's side reads an incident, and what happens when nobody does.
//!
//! An incident that the survivor keeps from nobody waits to be read by their support organisation: opening it in a case
//! or in the survivor's own list is reading it. One that nobody has read in a day is emitted as an event.

use super::model::{Incident, IncidentState, Visibility};
use super::store;
use crate::app::App;
use crate::db::{DbConn, IncidentId, Instant, StaffId, SurvivorId};
use crate::error::Result;
use crate::events::Event;
use crate::tx::{Subject, Tx};

/// Hours within which an incident is to be read: those of a concern.
const HOURS: i64 = 24;
/// Incidents looked at in one go.
const BATCH: i64 = 500;

/// Begins the time in which an incident is to be read; an amendment that opens a private one begins it, too.
pub(super) fn await_reading(tx: &mut Tx<'_>, incident: &Incident) -> Result<()> {
    if incident.visibility == Visibility::Private {
        return Ok(());
    }
    store::insert_review(tx.conn, incident.id, incident.survivor_id, tx.now.plus_hours(HOURS))
}

/// Begins that time again: what was closed was reported again.
pub(super) fn await_reading_again(tx: &mut Tx<'_>, incident: &Incident) -> Result<()> {
    if incident.visibility == Visibility::Private {
        return Ok(());
    }
    store::reset_review(tx.conn, incident.id, tx.now.plus_hours(HOURS))
}

/// Notes that a member of the survivor's side has read incidents of theirs. Only the first reading counts.
pub fn mark_read(tx: &mut Tx<'_>, survivor: SurvivorId, ids: &[IncidentId], by: StaffId) -> Result<()> {
    if ids.is_empty() {
        return Ok(());
    }
    tx.emit(Event::IncidentsRead { survivor, incidents: ids.to_vec() });
    store::set_read(tx.conn, ids, by, tx.now)
}

/// States for each incident that nobody has read in time that it is so, each in a transaction of its own. Returns how
/// many.
pub async fn unread(app: &App) -> Result<usize> {
    let now = app.clock.now();
    let due = app.db.read(move |conn| store::list_unread(conn, now, BATCH)).await?;
    Ok(app.each(due, "tell_unread_incident", notify_unread).await)
}

fn notify_unread(tx: &mut Tx<'_>, id: IncidentId) -> Result<bool> {
    if !store::claim_unread(tx.conn, id, tx.now)? {
        tx.outcome("not_due");
        return Ok(false);
    }
    let Some(incident) = store::find_incident(tx.conn, id)? else { return Ok(false) };
    tx.about(Subject::of("survivor", incident.survivor_id));
    // What the survivor took back, or keeps for themselves by now, is nobody's to read.
    if incident.state != IncidentState::Withdrawn && incident.visibility != Visibility::Private {
        tx.emit(Event::IncidentUnread { survivor: incident.survivor_id, incident: id });
    }
    Ok(true)
}

/// When the next incident is to be looked at, or opened.
pub fn next_due(conn: &mut DbConn) -> Result<Option<Instant>> {
    let due = [store::next_unread(conn)?, store::next_release(conn)?];
    Ok(due.into_iter().flatten().min())
}
