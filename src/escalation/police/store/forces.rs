//! All SQL of the forces of an alert.

use diesel::prelude::*;

use crate::db::schema::{alert_forces, alerts};
use crate::db::{AlertId, DbConn, Instant, OrganisationId, SurvivorId, cached};
use crate::error::Result;
use crate::escalation::alerts::model::AlertRow;
use crate::escalation::police::forces::AlertForce;
use crate::http::page::{Cursor, PageDsl as _};

/// The forces of an alert, in the order in which they were named.
pub fn list_forces(conn: &mut DbConn, alert: AlertId) -> Result<Vec<AlertForce>> {
    let own = AlertForce::query().filter(alert_forces::alert_id.eq(alert));
    Ok(own.order((alert_forces::added_at, alert_forces::force_id)).load(conn)?)
}

/// The forces of several alerts, in the order in which they were named.
pub fn list_forces_of(conn: &mut DbConn, alerts: &[AlertId]) -> Result<Vec<AlertForce>> {
    let own = AlertForce::query().filter(alert_forces::alert_id.eq_any(alerts.to_vec()));
    Ok(own.order((alert_forces::added_at, alert_forces::force_id)).load(conn)?)
}

/// A force that was notified of an alert.
pub fn find_notified_force(
    conn: &mut DbConn,
    alert: AlertId,
    organisation: OrganisationId,
) -> Result<Option<AlertForce>> {
    let own = AlertForce::query()
        .filter(alert_forces::alert_id.eq(alert))
        .filter(alert_forces::organisation_id.eq(organisation))
        .filter(alert_forces::notified_at.is_not_null());
    Ok(own.first(conn).optional()?)
}

/// Keeps a force of an alert as it is now, whether it was there or not.
pub fn save_force(conn: &mut DbConn, row: &AlertForce) -> Result<()> {
    let same = alert_forces::table.find((row.alert_id, row.force_id.as_str()));
    let changed = cached(diesel::update(same).set((
        alert_forces::organisation_id.eq(row.organisation_id),
        alert_forces::is_awaiting.eq(row.is_awaiting),
        alert_forces::has_news.eq(row.has_news),
        alert_forces::unreachable.eq(row.unreachable),
        alert_forces::message_sequence.eq(row.message_sequence),
        alert_forces::notified_at.eq(row.notified_at),
        alert_forces::last_notified_at.eq(row.last_notified_at),
        alert_forces::acknowledged_at.eq(row.acknowledged_at),
        alert_forces::read_at.eq(row.read_at),
    )))
    .execute(conn)?;
    if changed == 0 {
        diesel::insert_into(alert_forces::table).values(row.clone()).execute(conn)?;
    }
    Ok(())
}

/// Alerts that a force was notified of since an instant, newest first, without those of survivors who keep it out, and those that
/// it may know of no more: by the survivor's setting, or as one of the `decided` alerts.
pub fn list_of_force(
    conn: &mut DbConn,
    (force, blocked, decided): (OrganisationId, Vec<SurvivorId>, Vec<AlertId>),
    since: Option<Instant>,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<(AlertRow, AlertForce)>> {
    let mut rows = alerts::table
        .inner_join(alert_forces::table.on(alert_forces::alert_id.eq(alerts::id)))
        .filter(alert_forces::organisation_id.eq(force))
        .filter(alert_forces::notified_at.is_not_null())
        .filter(alerts::survivor_id.ne_all(blocked))
        .filter(alerts::police_allowed.eq(true).or(alerts::id.eq_any(decided)))
        .select((AlertRow::as_select(), AlertForce::as_select()))
        .into_boxed();
    if let Some(since) = since {
        rows = rows.filter(alert_forces::last_notified_at.ge(since));
    }
    Ok(rows.page(alerts::id, AlertId, after, limit).load(conn)?)
}
