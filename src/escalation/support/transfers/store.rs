//! All SQL of transfers.

use diesel::prelude::*;

use crate::audit::records;
use crate::db::schema::{alerts, police_overrides, record_transfers, silences, survivors, tasks};
use crate::db::{DbConn, Instant, OrganisationId, StaffId, SurvivorId, TransferId};
use crate::error::Result;
use crate::escalation::support::transfers::{TransferRow, TransferState, TransfersQuery};
use crate::http::ListRequest;
use crate::http::page::PageDsl as _;
use crate::tx::Tx;

pub fn insert_transfer(tx: &mut Tx<'_>, row: TransferRow) -> Result<()> {
    let (from, to) = (row.from_organisation_id.0, row.to_organisation_id.0);
    records::record_transfers(
        tx,
        row.id,
        [&row.survivor_id.0, &from, &to, &row.reason, &row.offered_by.0, &row.offered_at],
    );
    diesel::insert_into(record_transfers::table).values(row).execute(tx.conn)?;
    Ok(())
}

pub fn find_transfer(conn: &mut DbConn, id: TransferId) -> Result<Option<TransferRow>> {
    Ok(TransferRow::query().find(id).first(conn).optional()?)
}

/// Whether a record is offered to anybody.
pub fn is_offered(conn: &mut DbConn, survivor: SurvivorId) -> Result<bool> {
    let offered = record_transfers::table
        .filter(record_transfers::survivor_id.eq(survivor))
        .filter(record_transfers::state.eq(TransferState::Offered));
    Ok(offered.select(record_transfers::id).first::<TransferId>(conn).optional()?.is_some())
}

/// Those that an organisation offers, or is offered, newest first, without those of survivors who keep the caller out.
pub fn list_transfers(
    conn: &mut DbConn,
    (own, blocked): (OrganisationId, Vec<SurvivorId>),
    asked: &ListRequest<TransfersQuery>,
) -> Result<Vec<TransferRow>> {
    let is_from = record_transfers::from_organisation_id.eq(own);
    let mut rows = TransferRow::query()
        .filter(is_from.or(record_transfers::to_organisation_id.eq(own)))
        .filter(record_transfers::survivor_id.ne_all(blocked))
        .into_boxed();
    if let Some(state) = asked.query.state {
        rows = rows.filter(record_transfers::state.eq(state));
    }
    Ok(rows.page(record_transfers::id, TransferId, asked.after, asked.limit).load(conn)?)
}

/// Those of some survivors whose record is an organisation's now.
pub fn list_held(conn: &mut DbConn, own: OrganisationId, among: Vec<SurvivorId>) -> Result<Vec<SurvivorId>> {
    let held = survivors::table.filter(survivors::organisation_id.eq(own)).filter(survivors::id.eq_any(among));
    Ok(held.select(survivors::id).load(conn)?)
}

/// Decides one that is offered; false where it is not any more.
pub fn decide_transfer(
    conn: &mut DbConn,
    id: TransferId,
    state: TransferState,
    (by, now): (StaffId, Instant),
) -> Result<bool> {
    let offered = record_transfers::table.find(id).filter(record_transfers::state.eq(TransferState::Offered));
    let decided = (
        record_transfers::state.eq(state),
        record_transfers::decided_by.eq(Some(by)),
        record_transfers::decided_at.eq(Some(now)),
    );
    Ok(diesel::update(offered).set(decided).execute(conn)? == 1)
}

/// Gives what waits about a survivor, and what was, to another organisation. What silenced their alerts is over: people there
/// have decided nothing of the kind.
pub fn move_alerts(conn: &mut DbConn, survivor: SurvivorId, to: OrganisationId, now: Instant) -> Result<()> {
    diesel::update(silences::table.filter(silences::survivor_id.eq(survivor)).filter(silences::ended_at.is_null()))
        .set(silences::ended_at.eq(Some(now)))
        .execute(conn)?;
    diesel::update(silences::table.filter(silences::survivor_id.eq(survivor)))
        .set(silences::organisation_id.eq(to))
        .execute(conn)?;
    diesel::update(alerts::table.filter(alerts::survivor_id.eq(survivor)))
        .set(alerts::organisation_id.eq(to))
        .execute(conn)?;
    let all = tasks::table.filter(tasks::survivor_id.eq(survivor));
    diesel::update(all).set(tasks::organisation_id.eq(to)).execute(conn)?;
    diesel::update(police_overrides::table.filter(police_overrides::survivor_id.eq(survivor)))
        .set(police_overrides::organisation_id.eq(to))
        .execute(conn)?;
    Ok(())
}
