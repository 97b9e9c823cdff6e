//! All SQL of overrides.

use diesel::prelude::*;

use crate::audit::records;
use crate::db::schema::{alerts, police_overrides};
use crate::db::{AlertId, DbConn, Instant, OrganisationId, OverrideId, SurvivorId};
use crate::error::Result;
use crate::escalation::overrides::{InterestCondition, OverrideRow, OverridesQuery};
use crate::http::ListRequest;
use crate::http::page::PageDsl as _;
use crate::tx::Tx;

pub fn insert_override(tx: &mut Tx<'_>, row: OverrideRow) -> Result<()> {
    let condition = row.condition.map(InterestCondition::as_str);
    records::police_overrides(
        tx,
        row.id,
        [
            &row.survivor_id.0,
            &row.alert_id.0,
            &row.recipient_id.0,
            &row.basis.as_str(),
            &condition,
            &row.necessity,
            &row.is_imminent,
            &row.asked_by.0,
            &row.asked_at,
            &row.opens_identity,
        ],
    );
    diesel::insert_into(police_overrides::table).values(row).execute(tx.conn)?;
    Ok(())
}

/// One of an organisation.
pub fn find_override_of(conn: &mut DbConn, own: OrganisationId, id: OverrideId) -> Result<Option<OverrideRow>> {
    let own = OverrideRow::query().find(id).filter(police_overrides::organisation_id.eq(own));
    Ok(own.first(conn).optional()?)
}

/// Makes others who would change one wait until this transaction ends.
pub fn lock_override(conn: &mut DbConn, id: OverrideId) -> Result<()> {
    diesel::update(police_overrides::table.find(id))
        .set(police_overrides::state.eq(police_overrides::state))
        .execute(conn)?;
    Ok(())
}

/// Those of an alert that are not ended.
pub fn list_live_overrides(conn: &mut DbConn, alert: AlertId) -> Result<Vec<OverrideRow>> {
    let live =
        OverrideRow::query().filter(police_overrides::alert_id.eq(alert)).filter(police_overrides::ended_at.is_null());
    Ok(live.order(police_overrides::id).load(conn)?)
}

/// Those of an organisation, newest first, as the filters ask, without those about survivors who keep the caller out.
pub fn overrides_of_organisation(
    conn: &mut DbConn,
    own: OrganisationId,
    blocked: Vec<SurvivorId>,
    asked: &ListRequest<OverridesQuery>,
) -> Result<Vec<OverrideRow>> {
    let mut rows = OverrideRow::query()
        .filter(police_overrides::organisation_id.eq(own))
        .filter(police_overrides::survivor_id.ne_all(blocked))
        .into_boxed();
    if let Some(state) = asked.query.state {
        rows = rows.filter(police_overrides::state.eq(state));
    }
    if let Some(survivor) = asked.query.survivor_id {
        rows = rows.filter(police_overrides::survivor_id.eq(survivor));
    }
    if let Some(alert) = asked.query.alert_id {
        rows = rows.filter(police_overrides::alert_id.eq(alert));
    }
    Ok(rows.page(police_overrides::id, OverrideId, asked.after, asked.limit).load(conn)?)
}

/// Replaces what can change of one, unless its state changed since.
pub fn update_override(conn: &mut DbConn, was: &OverrideRow, row: &OverrideRow) -> Result<bool> {
    let same = police_overrides::table.find(row.id).filter(police_overrides::state.eq(was.state));
    let changed = diesel::update(same)
        .set((
            police_overrides::state.eq(row.state),
            police_overrides::governs.eq(row.governs),
            police_overrides::approved_by.eq(row.approved_by),
            police_overrides::approved_at.eq(row.approved_at),
            police_overrides::reviewed_by.eq(row.reviewed_by),
            police_overrides::reviewed_at.eq(row.reviewed_at),
            police_overrides::review_note.eq(&row.review_note),
            police_overrides::is_upheld.eq(row.is_upheld),
            police_overrides::ended_at.eq(row.ended_at),
            police_overrides::ended_by.eq(row.ended_by),
            police_overrides::told_at.eq(row.told_at),
            police_overrides::withheld_by.eq(row.withheld_by),
            police_overrides::withheld_at.eq(row.withheld_at),
            police_overrides::withhold_reason.eq(&row.withhold_reason),
        ))
        .execute(conn)?;
    Ok(changed == 1)
}

/// The alerts about a survivor with one that was asked for since an instant, or is withheld, that was in force, and of which they
/// have not been informed; without those of which the police may know by the survivor's setting.
pub fn list_untold_alerts(conn: &mut DbConn, survivor: SurvivorId, since: Instant) -> Result<Vec<AlertId>> {
    let kept_from_police =
        alerts::table.filter(alerts::survivor_id.eq(survivor)).filter(alerts::police_allowed.eq(false));
    let untold = police_overrides::table
        .filter(police_overrides::survivor_id.eq(survivor))
        .filter(police_overrides::told_at.is_null())
        .filter(police_overrides::approved_at.is_not_null().or(police_overrides::is_imminent.eq(true)))
        .filter(police_overrides::asked_at.gt(since).or(police_overrides::withheld_at.is_not_null()))
        .filter(police_overrides::alert_id.eq_any(kept_from_police.select(alerts::id)));
    Ok(untold.select(police_overrides::alert_id).load(conn)?)
}

/// The one by which the police know of an alert.
pub fn find_governing(conn: &mut DbConn, alert: AlertId) -> Result<Option<OverrideRow>> {
    let governing =
        OverrideRow::query().filter(police_overrides::alert_id.eq(alert)).filter(police_overrides::governs.eq(true));
    Ok(governing.order(police_overrides::id.desc()).first(conn).optional()?)
}

/// The alerts of which a force knows without the survivor's setting.
pub fn list_decided_for(conn: &mut DbConn, force: OrganisationId) -> Result<Vec<AlertId>> {
    let governing = police_overrides::table
        .filter(police_overrides::recipient_id.eq(force))
        .filter(police_overrides::governs.eq(true));
    Ok(governing.select(police_overrides::alert_id).load(conn)?)
}

/// Ends that the police know of an alert by any.
pub fn end_governing(conn: &mut DbConn, alert: AlertId) -> Result<()> {
    diesel::update(police_overrides::table.filter(police_overrides::alert_id.eq(alert)))
        .set(police_overrides::governs.eq(false))
        .execute(conn)?;
    Ok(())
}
