//! Who may hear of a line now.

use super::{NewsKind, NewsRow};
use crate::access::{self, SurvivorAccess};
use crate::cases;
use crate::consent::Scope;
use crate::db::{CaseConcernId, IncidentId};
use crate::error::{Error, Result};
use crate::identity::{OrganisationKind, Role, Staff};
use crate::incidents::{self, Visibility};
use crate::tx::Tx;

/// Whether the caller may hear of a line: as far as they could read the record itself.
pub fn may_hear(tx: &mut Tx<'_>, staff: &Staff, row: &NewsRow) -> Result<bool> {
    let heard = match row.kind {
        NewsKind::CaseConcern => of_case_concern(tx, staff, row),
        NewsKind::Task => of_task(tx, staff, row),
        NewsKind::ProgrammeTask => match row.participant_id {
            Some(participant) => access::participant(tx, staff, participant).map(|_| true),
            None => Ok(false),
        },
        NewsKind::Incident | NewsKind::Concern | NewsKind::Message => of_record(tx, staff, row),
    };
    match heard {
        Err(Error::NotFound) => Ok(false),
        heard => heard,
    }
}

fn of_record(tx: &mut Tx<'_>, staff: &Staff, row: &NewsRow) -> Result<bool> {
    let Some(survivor) = row.survivor_id else { return Ok(false) };
    if staff.works_for(OrganisationKind::SurvivorSupport) {
        let access = access::survivor(tx, staff, survivor)?;
        return match row.kind {
            NewsKind::Incident => is_visible(tx, &access, Visibility::Advocate, row),
            _ => Ok(true),
        };
    }
    let Some(case) = row.case_id else { return Ok(false) };
    let case = access::case(tx, staff, case)?;
    match row.kind {
        NewsKind::Incident => match case.sees(Scope::ShareProgrammeIncidentSummary) {
            Some(access) => is_visible(tx, &access, Visibility::ProgrammeSummary, row),
            None => Ok(false),
        },
        NewsKind::Concern => Ok(case.sees(Scope::ShareProgrammeStatus).is_some()),
        _ => Ok(false),
    }
}

fn is_visible(tx: &mut Tx<'_>, access: &SurvivorAccess, least: Visibility, row: &NewsRow) -> Result<bool> {
    let id = IncidentId(row.record_id.0);
    Ok(!incidents::visible_among(tx.conn, access, least, &[id])?.is_empty())
}

fn of_case_concern(tx: &mut Tx<'_>, staff: &Staff, row: &NewsRow) -> Result<bool> {
    let Some(case) = row.case_id else { return Ok(false) };
    cases::reaches_concern(tx, staff, (case, CaseConcernId(row.record_id.0))).map(|()| true)
}

/// A task is for those of a role; a supervisor sees all.
fn of_task(tx: &mut Tx<'_>, staff: &Staff, row: &NewsRow) -> Result<bool> {
    let is_for_advocates = row.for_role.as_deref() == Some(Role::Advocate.as_str());
    let is_theirs = staff.is(Role::Supervisor) || (is_for_advocates && staff.is(Role::Advocate));
    match row.survivor_id {
        Some(survivor) if is_theirs => Ok(!access::is_blocked(tx.conn, survivor, Some(staff.id), None)?),
        _ => Ok(false),
    }
}
