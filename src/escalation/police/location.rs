//! The place that an alert came with: by what it came, and whether it may be opened. Sealed until somebody does.

use secrecy::ExposeSecret;
use serde_json::Value;

use crate::access::SurvivorAccess;
use crate::checkins::{CheckIn, Timer};
use crate::consent::{Ledger, Scope};
use crate::crypto::{SealedTable, unseal};
use crate::db::Instant;
use crate::error::Result;
use crate::escalation::alerts::model::AlertRow;
use crate::escalation::trigger_facts::LocationOrigin;
use crate::tx::Tx;

/// The level from which on a location may be opened.
const LEAST_LEVEL: i32 = 3;

/// What the location of an alert came with, if it may be opened: level 3 and above, the survivor has released it, and one
/// is known. The setting counts as it stood when the alert was raised, or as it was turned on since.
pub(in crate::escalation) fn released(tx: &mut Tx<'_>, alert: &AlertRow) -> Result<Option<LocationOrigin>> {
    released_by(tx, alert, |_, _| true)
}

/// `covers` says whether the words that the survivor had agreed to by an instant will do.
fn released_by(
    tx: &mut Tx<'_>,
    alert: &AlertRow,
    covers: impl Fn(&Ledger, Instant) -> bool,
) -> Result<Option<LocationOrigin>> {
    let Some(source) = alert.facts().source().filter(|_| alert.level >= LEAST_LEVEL) else { return Ok(None) };
    if source.sealed(tx.conn, &alert.record())?.is_none() {
        return Ok(None);
    }
    let ledger = Ledger::load(tx.conn, alert.survivor_id)?;
    let stood = |at| ledger.stood(Scope::LocationReleaseAlert, at).granted && covers(&ledger, at);
    Ok((stood(alert.raised_at) || stood(tx.now)).then_some(source))
}

/// The same for staff of the support organisation: only where the survivor agreed to words that name them, which those of
/// version 1 do not.
pub(in crate::escalation) fn released_to_staff(tx: &mut Tx<'_>, alert: &AlertRow) -> Result<Option<LocationOrigin>> {
    let names_staff =
        |ledger: &Ledger, by: Instant| ledger.agreed_version(Scope::LocationReleaseAlert, by) != Some("1");
    released_by(tx, alert, names_staff)
}

/// Opens it. The person who calls has made sure that it is released, and records that it was opened.
pub(in crate::escalation) fn open(
    tx: &mut Tx<'_>,
    access: &SurvivorAccess,
    source: LocationOrigin,
) -> Result<Option<Value>> {
    let Some(sealed) = source.sealed(tx.conn, access)? else { return Ok(None) };
    let text = match source {
        LocationOrigin::CheckIn(id) => {
            let check_in = CheckIn::sealing(tx.keys, access.id(), id);
            unseal!(check_in.location, &sealed)?
        }
        LocationOrigin::Timer(id) => {
            let timer = Timer::sealing(tx.keys, access.id(), id);
            unseal!(timer.location, &sealed)?
        }
    };
    Ok(Some(serde_json::from_str(text.expose_secret())?))
}
