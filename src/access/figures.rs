//! Plain rows for figures without identities.

use diesel::prelude::*;

use super::model::CaseState;
use crate::db::schema::cases;
use crate::db::{DbConn, ParticipantId, SurvivorId};
use crate::error::Result;

/// Who is, or was, linked to whom with the approval of both sides.
pub fn link_figures(conn: &mut DbConn) -> Result<Vec<(SurvivorId, ParticipantId)>> {
    let approved = cases::table
        .filter(cases::state.ne(CaseState::Proposed))
        .filter(cases::support_approved_at.is_not_null())
        .filter(cases::programme_approved_at.is_not_null());
    Ok(approved.select((cases::survivor_id, cases::participant_id)).load(conn)?)
}
