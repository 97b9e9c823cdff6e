//! Evidence across an alert: what a named officer may list and fetch, with the survivor's agreement to share evidence
//! with police. Each time is a disclosure that the survivor can see, and a fetch is in the file's custody as well.

use super::officer::{for_officer, is_over};
use super::payload::thrive::Shares;
use crate::consent::{self, Disclosure, DisclosurePurpose, Scope};
use crate::crypto::Private;
use crate::db::{DisclosureId, EvidenceId, OrganisationId, StaffId};
use crate::error::{Error, Result};
use crate::escalation::alerts::model::AlertRow;
use crate::evidence::{self, Content, PoliceEvidence};
use crate::identity::PoliceSystem;
use crate::tx::Tx;

/// The files of the survivor whom an alert is about, as far as they made them visible to police, oldest first.
pub fn list(
    tx: &mut Tx<'_>,
    system: &PoliceSystem,
    text: &str,
    (officer, reason): (&Private, &Private),
) -> Result<Vec<PoliceEvidence>> {
    let (alert, _, officer) = for_officer(tx, system.into(), text, officer, Some(reason))?;
    if alert.is_exercise {
        return Ok(Vec::new());
    }
    is_shared(tx, &alert, system.organisation)?;
    let files = evidence::list_for_police(tx.conn, &alert.record())?;
    if !files.is_empty() {
        disclose(tx, &alert, system.organisation, (officer, reason), "evidence_list")?;
    }
    Ok(files.iter().map(PoliceEvidence::of).collect())
}

/// Opens one of them.
pub fn open(
    tx: &mut Tx<'_>,
    system: &PoliceSystem,
    (text, id): (&str, EvidenceId),
    (officer, reason): (&Private, &Private),
) -> Result<Content> {
    let (alert, _, officer) = for_officer(tx, system.into(), text, officer, Some(reason))?;
    is_shared(tx, &alert, system.organisation)?;
    let force = system.organisation;
    evidence::open_for_police(tx, (&alert.record(), alert.id), id, (officer, reason), |tx| {
        disclose(tx, &alert, force, (officer, reason), "evidence")
    })
}

/// 404 where the survivor does not share evidence with this force, in a drill, and once the alert is over: nothing tells
/// that there is any.
fn is_shared(tx: &mut Tx<'_>, alert: &AlertRow, force: OrganisationId) -> Result<()> {
    if alert.is_exercise || is_over(alert, tx.now) {
        return Err(Error::NotFound);
    }
    if Shares::load(tx, alert, force)?.evidence { Ok(()) } else { Err(Error::NotFound) }
}

fn disclose(
    tx: &mut Tx<'_>,
    alert: &AlertRow,
    force: OrganisationId,
    (officer, reason): (StaffId, &Private),
    what: &'static str,
) -> Result<DisclosureId> {
    let disclosure = Disclosure {
        survivor: alert.survivor_id,
        recipient: force,
        officer: Some(officer),
        what: &[what],
        reason: Some(reason),
        agreement: Scope::SharePoliceEvidence.as_str(),
        purpose: DisclosurePurpose::PoliceEvidence,
        alert: Some(alert.id),
    };
    consent::disclose(tx, &disclosure)
}
