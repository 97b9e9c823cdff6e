//! What becomes of an override without anybody deciding about it: it ends with its alert, and with the survivor's own setting;
//! and it is kept that they were informed.

use crate::db::AlertId;
use crate::error::{Error, Result};
use crate::escalation::alerts::model::{TaskEnd, TaskKind, TaskRow};
use crate::escalation::overrides::model::{OverrideRow, OverrideState};
use crate::escalation::overrides::store;
use crate::escalation::tasks::ends;
use crate::tx::Tx;

/// Ends what is in force, or waits, for an alert that is closed.
pub(in crate::escalation) fn end_with_alert(tx: &mut Tx<'_>, alert: AlertId) -> Result<()> {
    end_live(tx, alert, |_| true)
}

/// Ends what waits for a second person, since the survivor lets the police be notified themselves.
pub(in crate::escalation) fn end_waiting(tx: &mut Tx<'_>, alert: AlertId) -> Result<()> {
    end_live(tx, alert, |row| row.state == OverrideState::AwaitingSecondPerson)
}

fn end_live(tx: &mut Tx<'_>, alert: AlertId, ends: fn(&OverrideRow) -> bool) -> Result<()> {
    for live in store::list_live_overrides(tx.conn, alert)? {
        // Read again in its turn: what somebody else has just decided about it stays.
        store::lock_override(tx.conn, live.id)?;
        let found = store::find_override_of(tx.conn, live.organisation_id, live.id)?;
        let Some(was) = found.filter(|row| row.ended_at.is_none() && ends(row)) else { continue };
        let row = OverrideRow { state: OverrideState::Ended, ended_at: Some(tx.now), ..was.clone() };
        keep(tx, &was, &row)?;
        settle(tx, &row, TaskKind::OverrideToApprove)?;
        settle(tx, &row, TaskKind::OverrideToEnd)?;
    }
    Ok(())
}

/// Keeps that the survivor was informed, as somebody said who did so.
pub(in crate::escalation) fn record_informed(tx: &mut Tx<'_>, task: &TaskRow) -> Result<()> {
    let Some(id) = ends::id_in(task, "override_id") else { return Ok(()) };
    store::lock_override(tx.conn, id)?;
    let Some(was) = store::find_override_of(tx.conn, task.organisation_id, id)? else { return Ok(()) };
    keep(tx, &was, &OverrideRow { told_at: Some(tx.now), ..was.clone() })
}

/// Keeps an override as it now is.
pub(super) fn keep(tx: &mut Tx<'_>, was: &OverrideRow, row: &OverrideRow) -> Result<()> {
    if store::update_override(tx.conn, was, row)? { Ok(()) } else { Err(Error::write_conflict()) }
}

/// Ends what waits of a kind about an override.
pub(super) fn settle(tx: &mut Tx<'_>, row: &OverrideRow, kind: TaskKind) -> Result<()> {
    let id = row.id.to_string();
    let fits = |task: &TaskRow| ends::says(task, "override_id", &id);
    ends::of_survivor(tx, row.survivor_id, kind, TaskEnd::Settled, fits)
}
