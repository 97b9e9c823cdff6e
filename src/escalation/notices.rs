//! Notices of what lowers a survivor's protection: tasks, with a message to people. They are no alerts, so no
//! open emergency, silence or storm holds them back; with an emergency open they ring the people on duty and a supervisor.

use serde_json::json;

use super::model::{TaskEnd, TaskKind, TaskRow};
use super::rota::{self, Place};
use super::{steps, store, task_ends, tasks};
use crate::access;
use crate::contact;
use crate::db::{BlockId, Instant, OrganisationId, StaffId, SurvivorId};
use crate::error::{Error, Result};
use crate::events::Lowered;
use crate::identity::{self, Role};
use crate::tx::Tx;

/// How urgent a notice is that rings.
const PRESSING: i32 = 3;

fn kind_of(lowered: Lowered) -> TaskKind {
    match lowered {
        Lowered::TrustedContactNamed | Lowered::TrustedContactRemoved | Lowered::TrustedContactOff => {
            TaskKind::TrustedContactChanged
        }
        Lowered::SafeContactChanged => TaskKind::SafeContactChanged,
        Lowered::ServiceOff => TaskKind::ServiceOff,
    }
}

/// Asks the advocates to make sure that it was the survivor who lowered their protection; what nobody has seen to in time
/// reaches the supervisor as unreviewed.
pub(super) fn lowered(tx: &mut Tx<'_>, survivor: SurvivorId, lowered: Lowered, due_at: Instant) -> Result<()> {
    let kind = kind_of(lowered);
    tasks::make_due(tx, survivor, kind, json!({"what": lowered.as_str()}), due_at)?;
    tell(tx, survivor, kind, false)
}

/// Ends what was to be made sure of.
pub(super) fn settled(tx: &mut Tx<'_>, survivor: SurvivorId, lowered: &[Lowered]) -> Result<()> {
    for one in lowered {
        let fits = |task: &TaskRow| task_ends::says(task, "what", one.as_str());
        task_ends::of_survivor(tx, survivor, kind_of(*one), TaskEnd::Settled, fits)?;
    }
    Ok(())
}

/// Asks for a second person to a block of a whole force, or for another look at one.
pub(super) fn force_block(
    tx: &mut Tx<'_>,
    survivor: SurvivorId,
    block: BlockId,
    (is_review, due_at): (bool, Instant),
) -> Result<()> {
    let (kind, role) = match is_review {
        true => (TaskKind::ForceBlockReview, Role::Supervisor),
        false => (TaskKind::ForceBlockToApprove, Role::Advocate),
    };
    tasks::make_for(tx, survivor, (role, kind), json!({"block_id": block}), Some(due_at))?;
    if is_review { Ok(()) } else { tell(tx, survivor, kind, true) }
}

/// Ends what waited about a block.
pub(super) fn force_block_settled(tx: &mut Tx<'_>, survivor: SurvivorId, block: BlockId) -> Result<()> {
    let id = block.to_string();
    for kind in [TaskKind::ForceBlockToApprove, TaskKind::ForceBlockReview] {
        let fits = |task: &TaskRow| task_ends::says(task, "block_id", &id);
        task_ends::of_survivor(tx, survivor, kind, TaskEnd::Settled, fits)?;
    }
    Ok(())
}

/// Tells people of a survivor's side that something of a kind waits: their advocates, quietly; where it presses, or an
/// emergency is open, the people on duty and the supervisors as well, at once.
pub(super) fn tell(tx: &mut Tx<'_>, survivor: SurvivorId, kind: TaskKind, presses: bool) -> Result<()> {
    let row = identity::find_survivor(tx.conn, survivor)?.ok_or_else(|| Error::internal("a notice about nobody"))?;
    let organisation = row.organisation_id;
    let mut people = steps::advocates(tx, survivor, organisation)?;
    let is_pressing = presses || store::is_in_emergency(tx.conn, survivor)?;
    if is_pressing {
        people.extend(on_duty(tx, survivor, organisation)?);
        people.extend(access::holders(tx.conn, survivor, organisation, Role::Supervisor)?);
    }
    let level = if is_pressing { PRESSING } else { contact::QUIET };
    let mut told = Vec::new();
    for person in people {
        if !told.contains(&person) {
            contact::tell_staff(tx, person, kind.as_str(), level)?;
            told.push(person);
        }
    }
    Ok(())
}

/// Asks the advocates to speak with a survivor whose setting is being turned off.
pub(super) fn turning_off(tx: &mut Tx<'_>, survivor: SurvivorId, scope: &str, effective_at: Instant) -> Result<()> {
    let (kind, detail) = (TaskKind::AlertSettingTurningOff, json!({"setting": scope, "effective_at": effective_at}));
    tasks::make_due(tx, survivor, kind, detail, effective_at)?;
    tell(tx, survivor, kind, false)
}

/// Notifies whoever is on duty, and the supervisors, of what may open a record or close an emergency: at once, and so that it
/// rings while an emergency is open.
pub(super) fn tell_at_once(tx: &mut Tx<'_>, survivor: SurvivorId, what: &str) -> Result<()> {
    let row = identity::find_survivor(tx.conn, survivor)?.ok_or_else(|| Error::internal("a notice about nobody"))?;
    let organisation = row.organisation_id;
    let on_duty = rota::all_on_duty(tx.conn, organisation, tx.now)?;
    let mut people = access::able(tx.conn, survivor, &on_duty)?;
    for supervisor in access::holders(tx.conn, survivor, organisation, Role::Supervisor)? {
        if !people.contains(&supervisor) {
            people.push(supervisor);
        }
    }
    let level = if store::is_in_emergency(tx.conn, survivor)? { PRESSING } else { contact::QUIET };
    for person in people {
        contact::tell_staff(tx, person, what, level)?;
    }
    Ok(())
}

/// Who is on duty now, of those who may know of the survivor; nobody where there is no rota.
fn on_duty(tx: &mut Tx<'_>, survivor: SurvivorId, organisation: OrganisationId) -> Result<Vec<StaffId>> {
    let people = rota::on_duty(tx.conn, organisation, Place::Duty, tx.now)?.unwrap_or_default();
    access::able(tx.conn, survivor, &people)
}

/// Tells those who may be the second person that an account or a door waits: administrators, and the supervisors of its
/// organisation.
pub(super) fn second_person(
    tx: &mut Tx<'_>,
    organisation: Option<OrganisationId>,
    asked_by: Option<StaffId>,
) -> Result<()> {
    let Some(organisation) = organisation else { return Ok(()) };
    let mut people = identity::list_administrators(tx.conn, organisation)?;
    people.extend(identity::list_staff_with_role(tx.conn, organisation, Role::Supervisor)?);
    for person in people.into_iter().filter(|person| Some(*person) != asked_by) {
        contact::tell_staff(tx, person, "second_person", PRESSING)?;
    }
    Ok(())
}

/// Notifies the holder of an account that it is set up again, and the supervisors: it may be somebody else who asked.
pub(super) fn renewed(tx: &mut Tx<'_>, staff: StaffId, organisation: Option<OrganisationId>) -> Result<()> {
    contact::tell_staff(tx, staff, "account_renewed", PRESSING)?;
    let Some(organisation) = organisation else { return Ok(()) };
    for person in identity::list_staff_with_role(tx.conn, organisation, Role::Supervisor)? {
        if person != staff {
            contact::tell_staff(tx, person, "account_renewed", PRESSING)?;
        }
    }
    Ok(())
}
