//! Plain rows for figures without identities: nothing sealed is read.

use diesel::prelude::*;

use crate::db::schema::survivors;
use crate::db::{DbConn, Instant, OrganisationId, SurvivorId};
use crate::error::Result;

/// A survivor, as far as figures go.
#[derive(Clone, Debug, HasQuery)]
#[diesel(table_name = survivors)]
pub struct SurvivorFigure {
    /// To count each once.
    pub id: SurvivorId,
    /// Who holds the record.
    pub organisation_id: OrganisationId,
    /// The area.
    pub home_force_id: String,
    /// When the record was made.
    pub created_at: Instant,
}

/// Survivors whose record was made before an instant.
pub fn survivor_figures(conn: &mut DbConn, until: Instant) -> Result<Vec<SurvivorFigure>> {
    let counted = SurvivorFigure::query().filter(survivors::decoy_of.is_null());
    Ok(counted.filter(survivors::created_at.lt(until)).load(conn)?)
}
