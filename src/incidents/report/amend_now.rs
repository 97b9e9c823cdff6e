//! An amendment that is a cry for help.

use super::amend::AmendBody;
use super::submit;
use crate::db::IncidentId;
use crate::error::{Error, Result};
use crate::http::lenient::LenientJson;
use crate::identity::Survivor;
use crate::incidents::model::Incident;
use crate::incidents::{apart, cry};
use crate::tx::Tx;

/// Keeps an amendment which says that it is happening now, with pointers of what could not be read or kept of it. Where it cannot be laid over the earlier report, since that was taken back, no key can be had for it, or the phone
/// may not read it, it is a report of its own.
///
/// # Errors
/// 404 for another's incident; what the database refuses.
pub(in crate::incidents) fn amend_cry(
    tx: &mut Tx<'_>,
    who: &Survivor,
    id: IncidentId,
    sent: &LenientJson,
) -> Result<(Incident, Vec<String>)> {
    let (keys, now) = (tx.keys, tx.now);
    let known = match submit::find_amendable(tx, who, id) {
        // What a phone sends that may not read takes the place of nothing.
        Ok(_) if who.may_read().is_err() => return submit::submit_cry(tx, who, &cry::read(sent, now)?),
        Err(Error::Conflict(..)) => return submit::submit_cry(tx, who, &cry::read(sent, now)?),
        Err(Error::NotFound) => return apart::amend(tx, who, id, sent),
        known => known?,
    };
    let over = |body: &AmendBody| body.over(keys, &known.before, known.visibility, now);
    let (body, report) = match cry::read_amendment(sent, now, over) {
        Err(error) if !error.is_of_the_database() => {
            tracing::error!(%error, "a cry for help could not be laid over what was reported before; it is stored by itself");
            return submit::submit_cry(tx, who, &cry::read(sent, now)?);
        }
        read => read?,
    };
    let mut dropped = report.cry.as_ref().map(|cry| cry.dropped.clone()).unwrap_or_default();
    let kept = submit::keep_amended(tx, who, known, &report, (body.says_when(), &mut dropped))?;
    Ok((kept.ok_or_else(Error::write_conflict)?, dropped))
}
