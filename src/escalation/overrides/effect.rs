//! What an override means for those who read an alert: on what basis the police know of it, and what the survivor's phone shows.

use crate::db::{AlertId, DbConn, Instant, OrganisationId, SurvivorId};
use crate::error::Result;
use crate::escalation::alerts::model::AlertRow;
use crate::escalation::overrides::model::OverrideBasis;
use crate::escalation::overrides::store;
use crate::tx::Subject;

/// Days within which the survivor is informed, and after which their phone shows it by itself.
pub(in crate::escalation) const UNTOLD_DAYS: i64 = 14;

/// The alerts about a survivor of which the police are, or were, notified without the survivor's setting, and nobody has informed
/// them yet, as [`is_untold`] says of one.
pub(in crate::escalation) fn list_untold(
    conn: &mut DbConn,
    survivor: SurvivorId,
    now: Instant,
) -> Result<Vec<AlertId>> {
    store::list_untold_alerts(conn, survivor, now.plus_days(-UNTOLD_DAYS))
}

/// Whether the police are, or were, notified of an alert without the survivor's setting, and nobody has told the survivor yet; after
/// two weeks their phone shows it by itself, unless that is withheld.
pub(in crate::escalation) fn is_untold(conn: &mut DbConn, alert: &AlertRow, now: Instant) -> Result<bool> {
    Ok(!alert.police_allowed && list_untold(conn, alert.survivor_id, now)?.contains(&alert.id))
}

/// On what basis the police know of an alert without the survivor's setting; none where they know of it by that, or not at all.
pub(in crate::escalation) fn basis_of(conn: &mut DbConn, alert: &AlertRow) -> Result<Option<OverrideBasis>> {
    if alert.police_allowed {
        return Ok(None);
    }
    Ok(store::find_governing(conn, alert.id)?.map(|row| row.basis))
}

/// Whether the police know of an alert without the survivor's setting, and nobody decided that they learn more than a name.
pub(in crate::escalation) fn opens_a_name_alone(conn: &mut DbConn, alert: &AlertRow) -> Result<bool> {
    if alert.police_allowed {
        return Ok(false);
    }
    Ok(store::find_governing(conn, alert.id)?.is_none_or(|row| !row.opens_identity))
}

/// Whether an alert is a force's to know, by the survivor's setting or without it.
pub(in crate::escalation) fn is_for_police(conn: &mut DbConn, alert: &AlertRow, force: OrganisationId) -> Result<bool> {
    if alert.police_allowed {
        return Ok(true);
    }
    Ok(store::find_governing(conn, alert.id)?.is_some_and(|row| row.recipient_id == force))
}

/// What a read by the police is filed under: the survivor's own log tells of an override once they were informed in person.
pub(in crate::escalation) fn police_read_subject(conn: &mut DbConn, alert: &AlertRow, now: Instant) -> Result<Subject> {
    Ok(if is_untold(conn, alert, now)? { Subject::of("alert", alert.id) } else { alert.read_subject() })
}
