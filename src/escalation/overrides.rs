//! Notifying the police of an alert without the survivor's setting: where a setting keeps them out and somebody's life, or the
//! law, demands it, people of the support side decide so, with a basis and why it is needed, for one force.
//!
//! An override is `awaiting_second_person → in_force → ended`. Where the danger is imminent it is in force at once, and the
//! second person is asked within the hour; that nobody was found undoes nothing, and a supervisor hears of it. Somebody else
//! than asked reviews it within a day. What two people decided one does not undo: where a review finds that it was not right, the
//! people on duty and the supervisors hear of it at once, and it ends once a second person finds the same; the force is sent
//! that it is withdrawn. It ends with its alert; one that is opened again takes another.
//! It opens the alert and the survivor's name, and who they are only where it says so: what the survivor shares with the police
//! by scopes of their own stays as it is, and a force that they keep out stays out. The survivor is informed in person; their phone
//! shows nothing of it before, or for two weeks; where a supervisor withholds it, not before.

pub(super) mod effect;
pub(super) mod lapse;
pub(super) mod model;
pub(super) mod store;

use serde_json::json;

pub use model::{
    CreateOverrideBody, InterestCondition, OverrideBasis, OverrideMatter, OverrideRow, OverrideState, OverrideView,
    OverridesQuery, ReviewOverrideBody, WithholdOverrideBody,
};

use self::effect::UNTOLD_DAYS;
use self::lapse::{keep, settle};
use super::alerts::act;
use super::alerts::history::{self, Detail};
use super::alerts::model::{AlertRow, TaskEnd, TaskKind};
use super::ladder::{steps, telling};
use super::police::payload::model::Phase;
use super::police::{self, forces};
use super::tasks::{self, ends, notices};
use crate::access;
use crate::crypto::{Private, SealedRow, SealedTable, seal};
use crate::db::{OrganisationId, OverrideId};
use crate::error::{Error, Result};
use crate::escalation::alerts;
use crate::http::ListRequest;
use crate::identity::{self, ColleagueNames, OrganisationKind, Role, Staff};
use crate::tx::{Subject, Tx};

/// Hours within which a second person looks at one.
const APPROVE_HOURS: i64 = 1;
/// Hours within which it is reviewed.
const REVIEW_HOURS: i64 = 24;

/// Asks for the police to be notified of an alert; where it cannot wait they are at once.
///
/// # Errors
/// 404 for an alert that is not the caller's to act on; 409 where it is closed, its setting lets the police be notified, an
/// override waits or is in force, or no message can reach the force; 422 for a force that there is not.
pub fn create(tx: &mut Tx<'_>, staff: &Staff, body: &CreateOverrideBody) -> Result<OverrideRow> {
    let mut alert = act::open_alert(tx, staff, body.alert_id)?;
    alerts::store::lock_survivor(tx.conn, alert.survivor_id)?;
    check(tx, &alert, body)?;
    let id = OverrideId::new(tx.now);
    let new = OverrideRow::sealing(tx.keys, alert.survivor_id, id);
    let state = if body.is_imminent { OverrideState::InForce } else { OverrideState::AwaitingSecondPerson };
    let row = OverrideRow {
        id,
        survivor_id: alert.survivor_id,
        alert_id: alert.id,
        organisation_id: alert.organisation_id,
        recipient_id: body.recipient_organisation_id,
        opens_identity: body.what.contains(&OverrideMatter::Identity),
        basis: body.basis,
        condition: body.condition,
        necessity: seal!(new.necessity, &body.necessity)?,
        is_imminent: body.is_imminent,
        state,
        governs: body.is_imminent,
        asked_by: staff.id,
        asked_at: tx.now,
        approved_by: None,
        approved_at: None,
        reviewed_by: None,
        reviewed_at: None,
        review_note: None,
        is_upheld: None,
        ended_at: None,
        ended_by: None,
        told_at: None,
        withheld_by: None,
        withheld_at: None,
        withhold_reason: None,
    };
    store::insert_override(tx, row.clone())?;
    let detail = json!({"override_id": id, "alert": alert.reference, "staff_id": staff.id});
    let due_at = tx.now.plus_hours(APPROVE_HOURS);
    let kind = TaskKind::OverrideToApprove;
    tasks::make_for(tx, alert.survivor_id, (Role::Advocate, kind), detail, Some(due_at))?;
    notices::notify_side(tx, alert.survivor_id, (Role::Advocate, kind.as_str()), true)?;
    match body.is_imminent {
        true => put_in_force(tx, &mut alert, &row)?,
        false => history::write(tx, &alert, &Detail::PoliceOverride { override_id: id, state }, None)?,
    }
    alerts::store::keep(tx, &mut alert)?;
    Ok(row)
}

fn check(tx: &mut Tx<'_>, alert: &AlertRow, body: &CreateOverrideBody) -> Result<()> {
    if alert.survivor_id != body.survivor_id {
        return Err(Error::NotFound);
    }
    let needs_condition = body.basis == OverrideBasis::RecognisedLegitimateInterest;
    if needs_condition != body.condition.is_some() {
        let detail = "goes with a recognised legitimate interest, and with no other";
        return Err(Error::field("/condition", "not_together", detail));
    }
    if alert.police_allowed {
        return Err(Error::wrong_state("the police may be notified of this alert already"));
    }
    if !store::list_live_overrides(tx.conn, alert.id)?.is_empty() {
        return Err(Error::wrong_state("an override of this alert waits or is in force"));
    }
    recipient(tx, alert, body.recipient_organisation_id).map(drop)
}

/// The force's id, where a message can reach it.
fn recipient(tx: &mut Tx<'_>, alert: &AlertRow, id: OrganisationId) -> Result<String> {
    let unknown = || Error::field("/recipient_organisation_id", "unknown", "there is no such police force");
    let found = identity::find_organisation(tx.conn, id)?.filter(|found| found.kind == OrganisationKind::PoliceForce);
    let force = found.and_then(|found| found.force_id).ok_or_else(unknown)?;
    let ways = tx.settings.ways;
    match forces::reach(tx.conn, ways, alert.survivor_id, &force)? {
        Ok(_) => Ok(force),
        Err(_) => Err(Error::wrong_state("no message can reach this force: ring it")),
    }
}

/// Approves an override, as the second person; the police are notified, unless they were.
///
/// # Errors
/// 404 for one that is not the caller's, 403 where they asked for it, under any account, 409 where it waits for nobody.
pub fn approve(tx: &mut Tx<'_>, staff: &Staff, id: OverrideId) -> Result<OverrideRow> {
    let was = find(tx, staff, id)?;
    identity::is_another_person(tx, was.asked_by, staff)?;
    if was.state == OverrideState::Ended || was.approved_by.is_some() {
        return Err(Error::wrong_state("this override waits for nobody"));
    }
    let mut alert = act::open_alert(tx, staff, was.alert_id)?;
    if was.state == OverrideState::AwaitingSecondPerson && alert.police_allowed {
        return Err(Error::wrong_state("the police may be notified of this alert already"));
    }
    let row = OverrideRow {
        state: OverrideState::InForce,
        governs: true,
        approved_by: Some(staff.id),
        approved_at: Some(tx.now),
        ..was.clone()
    };
    keep(tx, &was, &row)?;
    settle(tx, &row, TaskKind::OverrideToApprove)?;
    if was.state == OverrideState::AwaitingSecondPerson {
        recipient(tx, &alert, row.recipient_id)?;
        put_in_force(tx, &mut alert, &row)?;
        alerts::store::keep(tx, &mut alert)?;
    }
    Ok(row)
}

/// Reviews an override. Where somebody found already that it was not right, this is the second person's review: it ends the
/// override, or finds that it was right after all.
///
/// # Errors
/// 404 for one that is not the caller's; 403 where they asked for it, or are who found that it was not right; 409 where it was
/// reviewed, or is to be upheld and not in force yet.
pub fn review(tx: &mut Tx<'_>, staff: &Staff, id: OverrideId, body: &ReviewOverrideBody) -> Result<OverrideRow> {
    let was = find(tx, staff, id)?;
    identity::is_another_person(tx, was.asked_by, staff)?;
    let is_live = was.ended_at.is_none();
    if let Some(first) = was.reviewed_by.filter(|_| is_live && was.is_upheld == Some(false)) {
        identity::is_another_person(tx, first, staff)?;
        if !body.is_upheld {
            return end(tx, staff, &was, &body.note);
        }
    } else if was.reviewed_at.is_some() || body.is_upheld && was.state == OverrideState::AwaitingSecondPerson {
        return Err(Error::wrong_state("this override is not to be reviewed now"));
    }
    let sealing = was.own_sealing(tx.keys);
    let row = OverrideRow {
        reviewed_by: Some(staff.id),
        reviewed_at: Some(tx.now),
        review_note: seal!(sealing.review_note, &Some(&body.note))?,
        is_upheld: Some(body.is_upheld),
        ..was.clone()
    };
    keep(tx, &was, &row)?;
    settle(tx, &row, TaskKind::OverrideReview)?;
    settle(tx, &row, TaskKind::OverrideToEnd)?;
    if is_live && !body.is_upheld {
        ask_to_end(tx, staff, &row, &body.note)?;
    }
    Ok(row)
}

/// Asks a second person whether an override ends, and says so at once to the people on duty, the supervisors, and those who
/// decided it. Until then the police are notified on it.
fn ask_to_end(tx: &mut Tx<'_>, staff: &Staff, row: &OverrideRow, note: &Private) -> Result<()> {
    let mut alert = act::own_alert(tx, staff, row.alert_id)?;
    let (override_id, state, kind) = (row.id, row.state, TaskKind::OverrideToEnd);
    history::write(tx, &alert, &Detail::PoliceOverride { override_id, state }, Some(note))?;
    let detail = json!({"override_id": row.id, "alert": alert.reference, "staff_id": staff.id});
    let due_at = tx.now.plus_hours(APPROVE_HOURS);
    tasks::make_for(tx, row.survivor_id, (Role::Advocate, kind), detail, Some(due_at))?;
    notify_of_end(tx, row, kind.as_str())?;
    alerts::store::keep(tx, &mut alert)
}

/// Ends an override as the second person who finds that it was not right: the force is sent that it is withdrawn, and somebody
/// has to decide again.
fn end(tx: &mut Tx<'_>, staff: &Staff, was: &OverrideRow, note: &Private) -> Result<OverrideRow> {
    let mut alert = act::own_alert(tx, staff, was.alert_id)?;
    if was.governs {
        police::notify_closed(tx, &mut alert, Phase::Withdrawn)?;
        forces::renew(tx, &alert)?;
    }
    let row = OverrideRow {
        state: OverrideState::Ended,
        governs: false,
        ended_at: Some(tx.now),
        ended_by: Some(staff.id),
        ..was.clone()
    };
    keep(tx, was, &row)?;
    for kind in [TaskKind::OverrideToApprove, TaskKind::OverrideReview, TaskKind::OverrideToEnd] {
        settle(tx, &row, kind)?;
    }
    let (override_id, state) = (row.id, row.state);
    history::write(tx, &alert, &Detail::PoliceOverride { override_id, state }, Some(note))?;
    telling::task(tx, &alert, Role::Supervisor, TaskKind::PoliceNotAllowed)?;
    notify_of_end(tx, &row, "override_ended")?;
    alerts::store::keep(tx, &mut alert)?;
    tx.notify_worker();
    Ok(row)
}

fn notify_of_end(tx: &mut Tx<'_>, row: &OverrideRow, what: &str) -> Result<()> {
    let decided: Vec<_> = [Some(row.asked_by), row.approved_by].into_iter().flatten().collect();
    notices::notify_and(tx, row.survivor_id, (Role::Supervisor, what), &decided)
}

/// The overrides of the caller's organisation, newest first.
pub fn list(
    tx: &mut Tx<'_>,
    staff: &Staff,
    asked: &ListRequest<OverridesQuery>,
) -> Result<(Vec<OverrideRow>, ColleagueNames)> {
    let own = staff.organisation()?;
    tx.about(Subject::of("organisation", own));
    let blocked = access::blocked_survivors(tx.conn, staff)?;
    let rows = store::overrides_of_organisation(tx.conn, own, blocked, asked)?;
    let people = rows.iter().flat_map(|row| [Some(row.asked_by), row.approved_by]).flatten().collect();
    let names = identity::colleague_names(tx.conn, own, people)?;
    Ok((rows, names))
}

fn find(tx: &mut Tx<'_>, staff: &Staff, id: OverrideId) -> Result<OverrideRow> {
    let own = staff.organisation()?;
    store::lock_override(tx.conn, id)?;
    let row = store::find_override_of(tx.conn, own, id)?.ok_or(Error::NotFound)?;
    access::colleague(tx, staff, row.survivor_id)?;
    // Not about the survivor: their own log tells of it once they were informed in person.
    tx.about(Subject::of("alert", row.alert_id));
    Ok(row)
}

/// Has the police notified on an override, and asks for what follows: its review, and that the survivor is informed.
fn put_in_force(tx: &mut Tx<'_>, alert: &mut AlertRow, row: &OverrideRow) -> Result<()> {
    let force = recipient(tx, alert, row.recipient_id)?;
    let survivor = identity::find_survivor(tx.conn, alert.survivor_id)?;
    let survivor = survivor.ok_or_else(|| Error::internal("an alert about nobody"))?;
    let (override_id, state) = (row.id, OverrideState::InForce);
    history::write(tx, alert, &Detail::PoliceOverride { override_id, state }, None)?;
    forces::name(tx, alert, &survivor, Some(&force))?;
    steps::notify_police_now(tx, alert)?;
    for task in tasks::store::list_open_tasks_of_alert(tx.conn, alert.id)? {
        if task.kind == TaskKind::PoliceNotAllowed {
            ends::end(tx, &task, TaskEnd::Settled, None)?;
        }
    }
    let detail = json!({"override_id": row.id, "alert": alert.reference, "staff_id": row.asked_by});
    let (reviewed_by, told_by) = (tx.now.plus_hours(REVIEW_HOURS), tx.now.plus_days(UNTOLD_DAYS));
    let review = (Role::Supervisor, TaskKind::OverrideReview);
    tasks::make_for(tx, alert.survivor_id, review, detail.clone(), Some(reviewed_by))?;
    let to_tell = (Role::Advocate, TaskKind::OverrideToTell);
    tasks::make_for(tx, alert.survivor_id, to_tell, detail, Some(told_by))?;
    tx.notify_worker();
    Ok(())
}

/// Keeps it off the survivor's phone that the police were notified, until somebody has informed them, however long that takes. That
/// somebody does so waits as before.
///
/// # Errors
/// 404 for one that is not the caller's; 403 where they asked for it, under any account; 409 where the survivor was informed, or it
/// is withheld already.
pub fn withhold(tx: &mut Tx<'_>, staff: &Staff, id: OverrideId, body: &WithholdOverrideBody) -> Result<OverrideRow> {
    let was = find(tx, staff, id)?;
    identity::is_another_person(tx, was.asked_by, staff)?;
    if was.told_at.is_some() || was.withheld_at.is_some() {
        return Err(Error::wrong_state("the survivor was informed of this override, or it is withheld already"));
    }
    let sealing = was.own_sealing(tx.keys);
    let row = OverrideRow {
        withheld_by: Some(staff.id),
        withheld_at: Some(tx.now),
        withhold_reason: seal!(sealing.withhold_reason, &Some(&body.reason))?,
        ..was.clone()
    };
    keep(tx, &was, &row)?;
    Ok(row)
}
