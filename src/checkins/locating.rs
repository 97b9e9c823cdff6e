//! Where a survivor is, as far as it may be kept.

use super::model::Location;
use crate::consent::{Ledger, Scope};
use crate::db::SurvivorId;
use crate::error::Result;
use crate::tx::Tx;

/// Whether the survivor has agreed that where they are is kept of what their phone sends. What comes without their
/// agreement is dropped, and never a reason to refuse the answer it came with. A cry for help is what
/// `location.release_alert` speaks of, so that either setting covers it.
pub(super) fn may_locate(tx: &mut Tx<'_>, survivor: SurvivorId, is_help_now: bool) -> Result<bool> {
    let (ledger, now) = (Ledger::load(tx.conn, survivor)?, tx.now);
    let is_on = |scope| ledger.standing(scope, now).granted;
    Ok(is_on(Scope::LocationMoment) || (is_help_now && is_on(Scope::LocationReleaseAlert)))
}

/// A location that there can be, as a rule of a body.
pub(super) fn possible(location: &Option<Location>, _: &()) -> garde::Result {
    let fits = location.as_ref().is_none_or(Location::is_possible);
    if fits { Ok(()) } else { Err(garde::Error::new("must be a place on earth")) }
}
