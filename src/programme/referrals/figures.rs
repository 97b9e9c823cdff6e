//! What reports are made from: codes and instants of referrals, no identities.

use super::model::{ReferralBasis, ReferralSource, ReferralState};
use super::store;
use crate::db::{DbConn, Instant, OrganisationId, ParticipantId};
use crate::error::Result;
use crate::orders::order_kinds;

/// A referral, as far as figures need it. The participant's id is there to count people by, and goes no further.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReferralFigure {
    /// Whose.
    pub participant_id: ParticipantId,
    /// The programme provider.
    pub organisation_id: OrganisationId,
    /// The participant's home force when it was made (data.police.uk slug).
    pub home_force_id: String,
    /// Who referred.
    pub source: ReferralSource,
    /// What it rests on.
    pub basis: ReferralBasis,
    /// Which kind of order it rests on, as a code.
    pub order_kind: Option<String>,
    /// Its state.
    pub state: ReferralState,
    /// When it was submitted.
    pub submitted_at: Instant,
    /// When it was allocated.
    pub allocated_at: Option<Instant>,
}

/// The referrals that were submitted in a span of time, the first included and the last not, of every provider.
pub fn list_referral_figures(conn: &mut DbConn, since: Instant, until: Instant) -> Result<Vec<ReferralFigure>> {
    let rows = store::list_submitted(conn, since, until)?;
    let kinds = order_kinds(conn, rows.iter().filter_map(|row| row.order_id).collect())?;
    let figure = |row: super::ReferralRow| {
        Some(ReferralFigure {
            participant_id: row.participant_id,
            organisation_id: row.organisation_id,
            home_force_id: row.home_force_id,
            source: row.source,
            basis: row.basis,
            order_kind: row.order_id.and_then(|id| kinds.get(&id).cloned()),
            state: row.state,
            submitted_at: row.submitted_at?,
            allocated_at: row.allocated_at,
        })
    };
    Ok(rows.into_iter().filter_map(figure).collect())
}
