//! Notices of what lowers a survivor's protection: tasks, with a message to people. They are no alerts, so no
//! open emergency, silence or storm holds them back; with an emergency open they ring the people on duty and a supervisor.

use serde_json::json;

use crate::db::{BlockId, Instant, OrderId, OrganisationId, StaffId, SurvivorId};
use crate::error::{Error, Result};
use crate::escalation::alerts::model::{TaskEnd, TaskKind, TaskRow};
use crate::escalation::ladder::{store, telling};
use crate::escalation::tasks::{self, ends};
use crate::escalation::{alerts, rota};
use crate::events::Lowered;
use crate::identity::{self, Role};
use crate::tx::Tx;
use crate::{access, contact, safety};

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
pub(in crate::escalation) fn lowered(
    tx: &mut Tx<'_>,
    survivor: SurvivorId,
    lowered: Lowered,
    due_at: Instant,
) -> Result<()> {
    let kind = kind_of(lowered);
    tasks::make_due(tx, survivor, kind, json!({"what": lowered.as_str()}), due_at)?;
    notify_side(tx, survivor, (Role::Advocate, kind.as_str()), false)
}

/// Ends what was to be made sure of.
pub(in crate::escalation) fn settled(tx: &mut Tx<'_>, survivor: SurvivorId, lowered: &[Lowered]) -> Result<()> {
    for one in lowered {
        let fits = |task: &TaskRow| ends::says(task, "what", one.as_str());
        ends::of_survivor(tx, survivor, kind_of(*one), TaskEnd::Settled, fits)?;
    }
    Ok(())
}

/// Asks for a second person to a block of a whole force, or for another look at any block: from a supervisor who is not kept
/// out, or else from the advocates.
pub(in crate::escalation) fn block(
    tx: &mut Tx<'_>,
    survivor: SurvivorId,
    block: BlockId,
    (force, due_at): (Option<OrganisationId>, Instant),
) -> Result<()> {
    if let Some(force) = force {
        let (kind, detail) = (TaskKind::ForceBlockToApprove, json!({"block_id": block, "organisation_id": force}));
        tasks::make_for(tx, survivor, (Role::Advocate, kind), detail, Some(due_at))?;
        return notify_side(tx, survivor, (Role::Advocate, kind.as_str()), true);
    }
    let organisation = organisation_of(tx, survivor)?;
    let supervisors = access::with_role(tx.conn, survivor, organisation, Role::Supervisor)?;
    let role = if supervisors.is_empty() { Role::Advocate } else { Role::Supervisor };
    tasks::make_for(tx, survivor, (role, TaskKind::BlockReview), json!({"block_id": block}), Some(due_at))
}

/// Ends what waited about a block.
pub(in crate::escalation) fn block_settled(tx: &mut Tx<'_>, survivor: SurvivorId, block: BlockId) -> Result<()> {
    let id = block.to_string();
    for kind in [TaskKind::ForceBlockToApprove, TaskKind::BlockReview] {
        let fits = |task: &TaskRow| ends::says(task, "block_id", &id);
        ends::of_survivor(tx, survivor, kind, TaskEnd::Settled, fits)?;
    }
    Ok(())
}

/// Notifies people of a survivor's side that something waits which is called `what`: those of the role that it is for, quietly;
/// where it presses, or an emergency is open, the people on duty and the supervisors as well, at once. What is for supervisors
/// goes to the advocates where there are none.
pub(in crate::escalation) fn notify_side(
    tx: &mut Tx<'_>,
    survivor: SurvivorId,
    what: (Role, &str),
    presses: bool,
) -> Result<()> {
    notify(tx, survivor, what, (presses, &[]))
}

/// The same at once, and to some people more, as far as they may hear of the survivor.
pub(in crate::escalation) fn notify_and(
    tx: &mut Tx<'_>,
    survivor: SurvivorId,
    what: (Role, &str),
    more: &[StaffId],
) -> Result<()> {
    notify(tx, survivor, what, (true, more))
}

fn notify(
    tx: &mut Tx<'_>,
    survivor: SurvivorId,
    (role, what): (Role, &str),
    (presses, more): (bool, &[StaffId]),
) -> Result<()> {
    let organisation = organisation_of(tx, survivor)?;
    let supervisors = access::with_role(tx.conn, survivor, organisation, Role::Supervisor)?;
    let mut people = match role {
        Role::Supervisor if !supervisors.is_empty() => supervisors.clone(),
        _ => telling::advocates(tx, survivor, organisation)?,
    };
    people.extend(access::reachable(tx.conn, survivor, more)?);
    let is_pressing = presses || store::is_in_emergency(tx.conn, survivor)?;
    if is_pressing {
        let on_duty = rota::all_on_duty(tx.conn, organisation, tx.now)?;
        people.extend(access::reachable(tx.conn, survivor, &on_duty)?);
        people.extend(supervisors);
    }
    notify_each(tx, people, what, if is_pressing { PRESSING } else { contact::QUIET })
}

fn organisation_of(tx: &mut Tx<'_>, survivor: SurvivorId) -> Result<OrganisationId> {
    let row = identity::find_survivor(tx.conn, survivor)?.ok_or_else(|| Error::internal("a notice about nobody"))?;
    Ok(row.organisation_id)
}

/// Notifies those on duty, and the supervisors, of what may open a record or close an emergency: at once, and so that it
/// rings while an emergency is open. Where one is, it holds back the steps of the alert that goes with it, so that the advocates
/// hear of it too; as they do where nobody else does.
pub(in crate::escalation) fn notify_at_once(tx: &mut Tx<'_>, survivor: SurvivorId, what: &str) -> Result<()> {
    let organisation = organisation_of(tx, survivor)?;
    let on_duty = rota::all_on_duty(tx.conn, organisation, tx.now)?;
    let mut people = access::reachable(tx.conn, survivor, &on_duty)?;
    people.extend(access::with_role(tx.conn, survivor, organisation, Role::Supervisor)?);
    let is_in_emergency = store::is_in_emergency(tx.conn, survivor)?;
    if is_in_emergency || people.is_empty() {
        people.extend(telling::advocates(tx, survivor, organisation)?);
    }
    notify_each(tx, people, what, if is_in_emergency { PRESSING } else { contact::QUIET })
}

/// Notifies each of some people once.
fn notify_each(tx: &mut Tx<'_>, people: Vec<StaffId>, what: &str, level: i32) -> Result<()> {
    let mut told = Vec::new();
    for person in people {
        if !told.contains(&person) {
            contact::notify_staff(tx, person, what, level)?;
            told.push(person);
        }
    }
    Ok(())
}

/// Who looks at what somebody did: the supervisors but them, and the role that a task for it is for. That is the advocates where
/// there is no other supervisor.
pub(in crate::escalation) fn reviewers(
    tx: &mut Tx<'_>,
    survivor: SurvivorId,
    of: StaffId,
) -> Result<(Role, Vec<StaffId>)> {
    let organisation = organisation_of(tx, survivor)?;
    let mut supervisors = access::with_role(tx.conn, survivor, organisation, Role::Supervisor)?;
    supervisors.retain(|person| *person != of);
    let role = if supervisors.is_empty() { Role::Advocate } else { Role::Supervisor };
    Ok((role, supervisors))
}

/// Whom a survivor reports changed. That somebody is of a police force is for people to think of: an officer reads of an alert who
/// is reported. That somebody was taken off counts at once, and officers may be on their way.
pub(in crate::escalation) fn reported(tx: &mut Tx<'_>, survivor: SurvivorId, what: &str) -> Result<()> {
    if what == safety::REPORTED_OF_POLICE {
        let kind = TaskKind::ReportedOfPolice;
        let due_at = tasks::a_working_day_later(tx.now);
        tasks::make_due(tx, survivor, kind, json!({}), due_at)?;
        return notify_side(tx, survivor, (Role::Advocate, kind.as_str()), false);
    }
    match alerts::store::list_open_of(tx.conn, survivor)?.is_empty() {
        true => Ok(()),
        false => notify_at_once(tx, survivor, what),
    }
}

/// An order that the survivor's own side keeps comes to its end: the advocates think of what protects the survivor then. What was
/// said before of that end, or of an order that was discharged or taken off, asks for nothing any more.
pub(in crate::escalation) fn order(tx: &mut Tx<'_>, survivor: SurvivorId, order: OrderId, what: &str) -> Result<()> {
    let (kind, id) = (TaskKind::OrderEnding, order.to_string());
    ends::of_survivor(tx, survivor, kind, TaskEnd::Settled, |task| ends::says(task, "order_id", &id))?;
    if matches!(what, "discharged" | "removed") {
        return notify_side(tx, survivor, (Role::Advocate, "order_ended"), false);
    }
    tasks::make_for(tx, survivor, (Role::Advocate, kind), json!({"order_id": order, "what": what}), None)?;
    notify_side(tx, survivor, (Role::Advocate, kind.as_str()), false)
}

/// Notifies people of what may be somebody else's hand on a phone, where an open emergency holds back the steps of its alert.
pub(in crate::escalation) fn phone_at_risk(tx: &mut Tx<'_>, survivor: SurvivorId, reason: &str) -> Result<()> {
    match reason {
        // People hear of these at once, by what else follows from them.
        "new_device" | "phone_revoked" => Ok(()),
        "code_word_changed" | "danger_word_changed" => notify_at_once(tx, survivor, reason),
        _ if store::is_in_emergency(tx.conn, survivor)? => notify_side(tx, survivor, (Role::Advocate, reason), true),
        _ => Ok(()),
    }
}

/// Asks the advocates to make sure that it was the survivor who turned an alert setting off, before it is off.
pub(in crate::escalation) fn setting_turning_off(
    tx: &mut Tx<'_>,
    survivor: SurvivorId,
    setting: &str,
    effective_at: Instant,
) -> Result<()> {
    let (kind, detail) = (TaskKind::AlertSettingTurningOff, json!({"setting": setting, "effective_at": effective_at}));
    tasks::make_due(tx, survivor, kind, detail, effective_at)?;
    notify_side(tx, survivor, (Role::Advocate, kind.as_str()), false)
}

/// Notifies those who may be the second person that an account or a door waits.
pub(in crate::escalation) fn second_person(tx: &mut Tx<'_>, approvers: &[StaffId]) -> Result<()> {
    for person in approvers {
        contact::notify_staff(tx, *person, "second_person", PRESSING)?;
    }
    Ok(())
}

/// Notifies the holder of an account that it is set up again, and the supervisors: it may be somebody else who asked.
pub(in crate::escalation) fn renewed(
    tx: &mut Tx<'_>,
    staff: StaffId,
    organisation: Option<OrganisationId>,
) -> Result<()> {
    contact::notify_staff(tx, staff, "account_renewed", PRESSING)?;
    let Some(organisation) = organisation else { return Ok(()) };
    for person in identity::list_staff_with_role(tx.conn, organisation, Role::Supervisor)? {
        if person != staff {
            contact::notify_staff(tx, person, "account_renewed", PRESSING)?;
        }
    }
    Ok(())
}
