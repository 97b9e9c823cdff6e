//! Plain rows for figures without identities.

use diesel::prelude::*;

use super::model::{IncidentState, Visibility};
use crate::db::schema::incidents;
use crate::db::{DbConn, Instant, SurvivorId};
use crate::error::Result;

/// When incidents happened, within a time: those that the survivor let at least their advocate see, and did not
/// withdraw. What was written under duress is left out, since somebody else may have dictated it.
pub fn incident_figures(conn: &mut DbConn, from: Instant, until: Instant) -> Result<Vec<(SurvivorId, Instant)>> {
    let counted = incidents::table
        .filter(incidents::happened_at.ge(from))
        .filter(incidents::happened_at.lt(until))
        .filter(incidents::state.ne(IncidentState::Withdrawn))
        .filter(incidents::visibility.ne(Visibility::Private))
        .filter(incidents::is_duress.eq(false));
    Ok(counted.select((incidents::survivor_id, incidents::happened_at)).load(conn)?)
}
