//! What patterns and timelines are made from: when, how grave, and which behaviours.

use diesel::prelude::*;

use crate::access::SurvivorAccess;
use crate::db::schema::{incident_versions, incidents};
use crate::db::{DbConn, IncidentId, Instant, Json, MultiBackend, SurvivorId};
use crate::error::Result;
use crate::incidents::model::{IncidentState, Precision, Visibility, current};

/// One of the survivor's own incidents, as far as their timeline looks at it.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = incidents, check_for_backend(MultiBackend))]
pub struct OwnTold {
    /// When it happened.
    #[diesel(column_name = happened_at)]
    pub at: Instant,
    /// 1 to 4.
    pub severity: i32,
    /// Behaviour codes.
    #[diesel(select_expression = incident_versions::behaviours)]
    pub behaviours: Json,
    /// How well the time is known.
    #[diesel(select_expression = incident_versions::precision)]
    pub precision: Precision,
}

/// The survivor's own incidents in a stretch of time that their phone may show, but for those that they took back or that were
/// said under duress, the earliest first.
pub fn list_own_between(
    conn: &mut DbConn,
    own: &SurvivorAccess,
    (from, to): (Instant, Instant),
) -> Result<Vec<OwnTold>> {
    let rows = current()
        .filter(incidents::survivor_id.eq(own.id()))
        .filter(incidents::is_off_phone.eq(false))
        .filter(incidents::state.ne(IncidentState::Withdrawn))
        .filter(incidents::is_duress.eq(false))
        .filter(incidents::happened_at.ge(from))
        .filter(incidents::happened_at.lt(to));
    Ok(rows.select(OwnTold::as_select()).order((incidents::happened_at, incidents::id)).load(conn)?)
}

/// What the survivor's own side sees since an instant, the earliest first: id, when, how grave, behaviours.
pub fn list_reported(
    conn: &mut DbConn,
    access: &SurvivorAccess,
    since: Instant,
) -> Result<Vec<(IncidentId, Instant, i32, Json)>> {
    let visible = current()
        .filter(incidents::survivor_id.eq(access.id()))
        .filter(incidents::state.ne(IncidentState::Withdrawn))
        .filter(incidents::visibility.ne(Visibility::Private))
        .filter(incidents::happened_at.ge(since));
    let columns = (incidents::id, incidents::happened_at, incidents::severity, incident_versions::behaviours);
    Ok(visible.select(columns).order((incidents::happened_at, incidents::id)).load(conn)?)
}

/// What patterns are made from, for rules: of each of the survivor's incidents since an instant, but for private and
/// withdrawn ones, when it happened and its behaviours; those written under duress, the others, or both.
pub fn list_occurrences(
    conn: &mut DbConn,
    survivor: SurvivorId,
    since: Instant,
    is_duress: &[bool],
) -> Result<Vec<(IncidentId, Instant, Json)>> {
    let visible = current()
        .filter(incidents::survivor_id.eq(survivor))
        .filter(incidents::state.ne(IncidentState::Withdrawn))
        .filter(incidents::visibility.ne(Visibility::Private))
        .filter(incidents::happened_at.ge(since))
        .filter(incidents::is_duress.eq_any(is_duress.to_vec()));
    Ok(visible.select((incidents::id, incidents::happened_at, incident_versions::behaviours)).load(conn)?)
}
