//! A named officer of a force, and the alert that they may read.

use super::forces::AlertForce;
use crate::access;
use crate::crypto::{Private, reference};
use crate::db::{Instant, OrganisationId, StaffId};
use crate::error::{Error, Result};
use crate::escalation::alerts;
use crate::escalation::alerts::model::AlertRow;
use crate::escalation::overrides::effect;
use crate::escalation::police::store;
use crate::identity::{self, Officer, PoliceSystem};
use crate::tx::{Subject, Tx};

/// Days after an alert was closed for which its detail can be read: time to write up what came of it. After that a force
/// knows that there was an alert, and learns nothing of how the survivor lives now.
const READABLE_DAYS: i64 = 7;

/// Who asks for a force: one of its systems, which names an officer each time, or an officer who signed in.
#[derive(Clone, Copy)]
pub enum ForceCaller<'a> {
    /// A system.
    System(&'a PoliceSystem),
    /// An officer, who reads and acts for nobody else.
    SignedIn(&'a Officer),
}

impl<'a> From<&'a PoliceSystem> for ForceCaller<'a> {
    fn from(system: &'a PoliceSystem) -> Self {
        Self::System(system)
    }
}

impl<'a> From<&'a Officer> for ForceCaller<'a> {
    fn from(officer: &'a Officer) -> Self {
        Self::SignedIn(officer)
    }
}

impl ForceCaller<'_> {
    /// The force.
    ///
    /// # Errors
    /// 403 for an officer who belongs to no organisation.
    pub(in crate::escalation) fn force(self) -> Result<OrganisationId> {
        match self {
            Self::System(system) => Ok(system.organisation),
            Self::SignedIn(officer) => officer.organisation(),
        }
    }

    /// Whether this caller may be asking for an officer.
    fn asks_for(self, officer: StaffId) -> bool {
        match self {
            Self::System(_) => true,
            Self::SignedIn(own) => own.id == officer,
        }
    }
}

/// Whether an alert is closed, and the time to write it up is over.
pub(in crate::escalation) fn is_over(alert: &AlertRow, now: Instant) -> bool {
    alert.closed_at.is_some_and(|closed_at| closed_at.plus_days(READABLE_DAYS) < now)
}

/// An alert that the caller's force was sent, for a named officer of that force who is not kept out, and who says why
/// where it is a read.
pub(in crate::escalation) fn for_officer(
    tx: &mut Tx<'_>,
    caller: ForceCaller<'_>,
    text: &str,
    officer: &Private,
    reason: Option<&Private>,
) -> Result<(AlertRow, AlertForce, StaffId)> {
    let reference = reference::parse("AL", text).ok_or(Error::NotFound)?;
    let own = caller.force()?;
    let alert = alerts::store::find_by_reference(tx.conn, &reference)?.ok_or(Error::NotFound)?;
    // Said before it is clear whether it is theirs: the audit names it as well where it is refused.
    tx.about(Subject::of("alert", alert.id));
    let force = store::find_notified_force(tx.conn, alert.id, own)?.ok_or(Error::NotFound)?;
    let index = identity::username_index(tx.keys, officer);
    let found = identity::find_police_officer(tx.conn, own, &index)?;
    let officer = found.filter(|officer| caller.asks_for(*officer)).ok_or(Error::NotFound)?;
    tx.names(officer);
    tx.touches(alert.survivor_id);
    if let Some(reason) = reason {
        tx.stated(alert.survivor_id, reason)?;
    }
    if !effect::is_for_police(tx.conn, &alert, own)?
        || access::is_blocked(tx.conn, alert.survivor_id, Some(officer), Some(own))?
    {
        return Err(Error::NotFound);
    }
    // The act is about the alert; the survivor's own log shows it as well.
    let read = effect::police_read_subject(tx.conn, &alert, tx.now)?;
    if read.kind == "survivor" {
        tx.note_under(read, "officer");
    }
    Ok((alert, force, officer))
}
