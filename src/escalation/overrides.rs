//! Notifying the police of an alert without the survivor's setting: where a setting keeps them out and somebody's life, or the
//! law, demands it, people of the support side decide so, with a basis and why it is needed, for one force.
//!
//! An override is `awaiting_second_person → in_force → ended`. Where the danger is imminent it is in force at once, and the
//! second person is asked within the hour; that nobody was found undoes nothing, and a supervisor hears of it. Somebody else
//! than asked reviews it within a day, and may end it. It ends with its alert; one that is opened again takes another.
//! It opens no more than the alert itself: what the survivor shares with the police by scopes of their own stays as it is,
//! and a force that they keep out stays out. The survivor is informed in person; their phone shows nothing of it before.

use diesel::prelude::*;
use garde::Validate;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::history::{self, Detail};
use super::model::{AlertRow, TaskEnd, TaskKind, TaskRow};
use super::{act, climb, forces, notices, steps, store, task_ends, tasks};
use crate::access;
use crate::crypto::{Keys, Private, PrivateText, Sealed, SealedRow, SealedTable, open, seal, sealed_row};
use crate::db::schema::police_overrides;
use crate::db::{AlertId, DbConn, Instant, OrganisationId, OverrideId, StaffId, SurvivorId, text_enum};
use crate::error::{Code, Error, Result};
use crate::http::limits;
use crate::http::page::Cursor;
use crate::identity::{self, OrganisationKind, Role, Staff};
use crate::tx::{Subject, Tx};

/// Hours within which a second person looks at one.
const APPROVE_HOURS: i64 = 1;
/// Hours within which it is reviewed.
const REVIEW_HOURS: i64 = 24;
/// Days within which the survivor is informed, and after which their phone shows it by itself.
pub(super) const UNTOLD_DAYS: i64 = 14;

text_enum! {
    /// On what the police are notified without the survivor's setting.
    pub enum OverrideBasis {
        /// Somebody's life is in danger.
        VitalInterests = "vital_interests",
        /// Safeguarding of individuals at risk.
        Safeguarding = "safeguarding",
        /// The law demands it.
        LegalObligation = "legal_obligation",
        /// A court ordered it.
        CourtOrder = "court_order",
        /// The police asked for a victim's information by law.
        InformationRequest = "information_request",
        /// A recognised legitimate interest (Data (Use and Access) Act 2025): `condition` says which.
        RecognisedLegitimateInterest = "recognised_legitimate_interest",
    }
}

text_enum! {
    /// The conditions of a recognised legitimate interest.
    pub enum InterestCondition {
        /// National security, public security or defence.
        Security = "security",
        /// An emergency.
        Emergency = "emergency",
        /// Detecting, investigating or preventing crime.
        Crime = "crime",
        /// Safeguarding a vulnerable individual.
        Safeguarding = "safeguarding",
        /// A request of somebody who needs it for a task in the public interest.
        PublicTask = "public_task",
    }
}

text_enum! {
    /// The state of an override.
    pub enum OverrideState {
        /// It does nothing until a second person has approved it.
        AwaitingSecondPerson = "awaiting_second_person",
        /// The police are notified on it.
        InForce = "in_force",
        /// Nobody is notified on it any more.
        Ended = "ended",
    }
}

text_enum! {
    /// What an override lets the police know.
    pub enum OverrideMatter {
        /// That there is an alert, and what a message to police says of it.
        Alert = "alert",
    }
}

/// A decision to notify the police without the survivor's setting.
#[derive(Clone, Debug, HasQuery, Insertable)]
#[diesel(table_name = police_overrides, treat_none_as_default_value = false)]
pub struct OverrideRow {
    /// Id.
    pub id: OverrideId,
    /// About whom.
    pub survivor_id: SurvivorId,
    /// About which alert.
    pub alert_id: AlertId,
    /// Of which support organisation.
    pub organisation_id: OrganisationId,
    /// The force that is notified.
    pub recipient_id: OrganisationId,
    /// On what.
    pub basis: OverrideBasis,
    /// Which condition of a recognised legitimate interest.
    pub condition: Option<InterestCondition>,
    /// Why it is needed.
    pub necessity: Sealed,
    /// Whether it could not wait for the second person.
    pub is_imminent: bool,
    /// Its state.
    pub state: OverrideState,
    /// Whether the police know of the alert by it.
    pub governs: bool,
    /// Who asked for it.
    pub asked_by: StaffId,
    /// When.
    pub asked_at: Instant,
    /// The second person.
    pub approved_by: Option<StaffId>,
    /// When they approved.
    pub approved_at: Option<Instant>,
    /// Who reviewed it.
    pub reviewed_by: Option<StaffId>,
    /// When.
    pub reviewed_at: Option<Instant>,
    /// What they found.
    pub review_note: Option<Sealed>,
    /// When it ended.
    pub ended_at: Option<Instant>,
    /// When the survivor was informed in person.
    pub told_at: Option<Instant>,
}
sealed_row!(OverrideRow, "police_overrides", survivor_id, id);

/// Asking for the police to be notified of an alert without the survivor's setting.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateOverrideBody {
    /// About whom.
    #[garde(skip)]
    survivor_id: SurvivorId,
    /// About which alert of theirs.
    #[garde(skip)]
    alert_id: AlertId,
    /// On what.
    #[garde(skip)]
    basis: OverrideBasis,
    /// Which condition of a recognised legitimate interest; needed with that basis alone.
    #[garde(skip)]
    #[serde(default)]
    condition: Option<InterestCondition>,
    /// Why it is needed, and why nothing less will do.
    #[garde(custom(limits::narrative))]
    #[schema(value_type = String, format = "narrative", example = "They do not answer, and the participant is at the door.")]
    necessity: Private,
    /// Exactly what.
    #[garde(length(min = 1, max = 1))]
    #[schema(min_items = 1, max_items = 1)]
    what: Vec<OverrideMatter>,
    /// Exactly to whom: a police force.
    #[garde(skip)]
    recipient_organisation_id: OrganisationId,
    /// Whether it cannot wait for a second person: then it is in force at once.
    #[garde(skip)]
    is_imminent: bool,
}

/// A review of an override.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReviewOverrideBody {
    /// Whether it was right; if not, it ends.
    #[garde(skip)]
    is_upheld: bool,
    /// What you found.
    #[garde(custom(limits::narrative))]
    #[schema(value_type = String, format = "narrative", example = "Nothing less would have done.")]
    note: Private,
}

/// A decision to notify the police without the survivor's setting.
#[serde_with::skip_serializing_none]
#[derive(Serialize, ToSchema)]
pub struct OverrideView {
    /// Id.
    pub id: OverrideId,
    /// About whom.
    pub survivor_id: SurvivorId,
    /// About which alert.
    pub alert_id: AlertId,
    /// The force that is notified.
    pub recipient_organisation_id: OrganisationId,
    /// On what.
    pub basis: OverrideBasis,
    /// Which condition of a recognised legitimate interest.
    pub condition: Option<InterestCondition>,
    /// Why it is needed.
    pub necessity: String,
    /// Whether it could not wait for the second person.
    pub is_imminent: bool,
    /// Its state.
    pub state: OverrideState,
    /// Who asked for it.
    pub asked_by: StaffId,
    /// When.
    pub asked_at: Instant,
    /// The second person.
    pub approved_by: Option<StaffId>,
    /// When they approved.
    pub approved_at: Option<Instant>,
    /// Who reviewed it.
    pub reviewed_by: Option<StaffId>,
    /// When.
    pub reviewed_at: Option<Instant>,
    /// What they found.
    pub review_note: Option<String>,
    /// When it ended.
    pub ended_at: Option<Instant>,
    /// When the survivor was informed in person.
    pub told_at: Option<Instant>,
}

impl OverrideView {
    /// The view of a row.
    pub fn of(keys: &Keys, row: &OverrideRow) -> Result<Self> {
        Ok(Self {
            id: row.id,
            survivor_id: row.survivor_id,
            alert_id: row.alert_id,
            recipient_organisation_id: row.recipient_id,
            basis: row.basis,
            condition: row.condition,
            necessity: open!(keys, row.necessity)?.shown(),
            is_imminent: row.is_imminent,
            state: row.state,
            asked_by: row.asked_by,
            asked_at: row.asked_at,
            approved_by: row.approved_by,
            approved_at: row.approved_at,
            reviewed_by: row.reviewed_by,
            reviewed_at: row.reviewed_at,
            review_note: open!(keys, row.review_note)?.shown(),
            ended_at: row.ended_at,
            told_at: row.told_at,
        })
    }
}

/// Asks for the police to be notified of an alert; where it cannot wait they are at once.
///
/// # Errors
/// 404 for an alert that is not the caller's to act on; 409 where it is closed, its setting lets the police be notified, an
/// override waits or is in force, or no message can reach the force; 422 for a force that there is not.
pub fn create(tx: &mut Tx<'_>, staff: &Staff, body: &CreateOverrideBody) -> Result<OverrideRow> {
    let mut alert = act::open_alert(tx, staff, body.alert_id)?;
    store::lock_survivor(tx.conn, alert.survivor_id)?;
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
        ended_at: None,
        told_at: None,
    };
    store::insert_override(tx, row.clone())?;
    let detail = json!({"override_id": id, "alert": alert.reference, "staff_id": staff.id});
    let due_at = tx.now.plus_hours(APPROVE_HOURS);
    let kind = TaskKind::OverrideToApprove;
    tasks::make_for(tx, alert.survivor_id, (Role::Advocate, kind), detail, Some(due_at))?;
    notices::tell(tx, alert.survivor_id, (Role::Advocate, kind.as_str()), true)?;
    match body.is_imminent {
        true => put_in_force(tx, &mut alert, &row)?,
        false => history::write(tx, &alert, &Detail::PoliceOverride { override_id: id, state }, None)?,
    }
    climb::keep(tx, &mut alert)?;
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
/// 404 for one that is not the caller's, 403 where they asked for it, 409 where it waits for nobody.
pub fn approve(tx: &mut Tx<'_>, staff: &Staff, id: OverrideId) -> Result<OverrideRow> {
    let was = find(tx, staff, id)?;
    if was.asked_by == staff.id {
        return Err(Error::Forbidden(Code::SecondPersonNeeded));
    }
    if was.state == OverrideState::Ended || was.approved_by.is_some() {
        return Err(Error::wrong_state("this override waits for nobody"));
    }
    let mut alert = act::open_alert(tx, staff, was.alert_id)?;
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
        climb::keep(tx, &mut alert)?;
    }
    Ok(row)
}

/// Reviews an override; one that was not right ends.
///
/// # Errors
/// 404 for one that is not the caller's, 403 where they asked for it, 409 where it was reviewed, or is not in force yet.
pub fn review(tx: &mut Tx<'_>, staff: &Staff, id: OverrideId, body: &ReviewOverrideBody) -> Result<OverrideRow> {
    let was = find(tx, staff, id)?;
    if was.asked_by == staff.id {
        return Err(Error::Forbidden(Code::SecondPersonNeeded));
    }
    if was.reviewed_at.is_some() || was.state == OverrideState::AwaitingSecondPerson && body.is_upheld {
        return Err(Error::wrong_state("this override is not to be reviewed now"));
    }
    let sealing = was.own_sealing(tx.keys);
    let note = seal!(sealing.review_note, &Some(&body.note))?;
    let ends = !body.is_upheld && was.state != OverrideState::Ended;
    let row = OverrideRow {
        state: if ends { OverrideState::Ended } else { was.state },
        governs: was.governs && body.is_upheld,
        reviewed_by: Some(staff.id),
        reviewed_at: Some(tx.now),
        review_note: note,
        ended_at: if ends { Some(tx.now) } else { was.ended_at },
        ..was.clone()
    };
    keep(tx, &was, &row)?;
    settle(tx, &row, TaskKind::OverrideReview)?;
    if ends {
        settle(tx, &row, TaskKind::OverrideToApprove)?;
        let mut alert = act::own_alert(tx, staff, was.alert_id)?;
        let (override_id, state) = (row.id, row.state);
        history::write(tx, &alert, &Detail::PoliceOverride { override_id, state }, None)?;
        climb::keep(tx, &mut alert)?;
    }
    Ok(row)
}

/// The overrides of the caller's organisation, newest first.
pub fn list(tx: &mut Tx<'_>, staff: &Staff, after: Option<Cursor>, limit: i64) -> Result<Vec<OverrideRow>> {
    let own = staff.organisation()?;
    tx.about(Subject::of("organisation", own));
    let blocked = access::blocked_survivors(tx.conn, staff)?;
    store::list_overrides(tx.conn, own, blocked, after, limit)
}

fn find(tx: &mut Tx<'_>, staff: &Staff, id: OverrideId) -> Result<OverrideRow> {
    let own = staff.organisation()?;
    let row = store::find_override_of(tx.conn, own, id)?.ok_or(Error::NotFound)?;
    access::colleague(tx, staff, row.survivor_id)?;
    // Not about the survivor: their own log tells of it once they were informed in person.
    tx.about(Subject::of("alert", row.alert_id));
    Ok(row)
}

fn keep(tx: &mut Tx<'_>, was: &OverrideRow, row: &OverrideRow) -> Result<()> {
    if store::update_override(tx.conn, was, row)? { Ok(()) } else { Err(Error::met_another()) }
}

/// Ends what waits of a kind about an override.
fn settle(tx: &mut Tx<'_>, row: &OverrideRow, kind: TaskKind) -> Result<()> {
    let id = row.id.to_string();
    let fits = |task: &TaskRow| task_ends::says(task, "override_id", &id);
    task_ends::of_survivor(tx, row.survivor_id, kind, TaskEnd::Settled, fits)
}

/// Has the police notified on an override, and asks for what follows: its review, and that the survivor is informed.
fn put_in_force(tx: &mut Tx<'_>, alert: &mut AlertRow, row: &OverrideRow) -> Result<()> {
    let force = recipient(tx, alert, row.recipient_id)?;
    let survivor = identity::find_survivor(tx.conn, alert.survivor_id)?;
    let survivor = survivor.ok_or_else(|| Error::internal("an alert about nobody"))?;
    let (override_id, state) = (row.id, OverrideState::InForce);
    history::write(tx, alert, &Detail::PoliceOverride { override_id, state }, None)?;
    forces::name(tx, alert, &survivor, Some(&force))?;
    steps::tell_police_now(tx, alert)?;
    for task in store::list_open_tasks_of_alert(tx.conn, alert.id)? {
        if task.kind == TaskKind::PoliceNotAllowed {
            task_ends::end(tx, &task, TaskEnd::Settled, None)?;
        }
    }
    let detail = json!({"override_id": row.id, "alert": alert.reference, "staff_id": row.asked_by});
    let (reviewed_by, told_by) = (tx.now.plus_hours(REVIEW_HOURS), tx.now.plus_days(UNTOLD_DAYS));
    let review = (Role::Supervisor, TaskKind::OverrideReview);
    tasks::make_for(tx, alert.survivor_id, review, detail.clone(), Some(reviewed_by))?;
    let to_tell = (Role::Advocate, TaskKind::OverrideToTell);
    tasks::make_for(tx, alert.survivor_id, to_tell, detail, Some(told_by))?;
    tx.wake();
    Ok(())
}

/// Ends what is in force, or waits, for an alert that is closed.
pub(super) fn end_with_alert(tx: &mut Tx<'_>, alert: AlertId) -> Result<()> {
    for was in store::list_live_overrides(tx.conn, alert)? {
        let row = OverrideRow { state: OverrideState::Ended, ended_at: Some(tx.now), ..was.clone() };
        keep(tx, &was, &row)?;
        settle(tx, &row, TaskKind::OverrideToApprove)?;
    }
    Ok(())
}

/// Keeps that the survivor was informed, as somebody said who did so.
pub(super) fn told(tx: &mut Tx<'_>, task: &TaskRow) -> Result<()> {
    let Some(id) = task_ends::id_in(task, "override_id") else { return Ok(()) };
    let Some(was) = store::find_override_of(tx.conn, task.organisation_id, id)? else { return Ok(()) };
    keep(tx, &was, &OverrideRow { told_at: Some(tx.now), ..was.clone() })
}

/// Whether the police are, or were, notified of an alert without the survivor's setting, and nobody has informed them yet.
pub(super) fn is_untold(conn: &mut DbConn, alert: &AlertRow) -> Result<bool> {
    Ok(!alert.police_allowed && store::has_untold_override(conn, alert.id)?)
}

/// On what basis the police know of an alert without the survivor's setting; none where they know of it by that, or not at all.
pub(super) fn basis_of(conn: &mut DbConn, alert: &AlertRow) -> Result<Option<OverrideBasis>> {
    if alert.police_allowed {
        return Ok(None);
    }
    Ok(store::find_governing(conn, alert.id)?.map(|row| row.basis))
}

/// Whether an alert is the police's to know, by the survivor's setting or without it.
pub(super) fn is_for_police(conn: &mut DbConn, alert: &AlertRow) -> Result<bool> {
    Ok(alert.police_allowed || basis_of(conn, alert)?.is_some())
}

/// What a read by the police is filed under: the survivor's own log tells of an override once they were informed in person.
pub(super) fn police_read_subject(conn: &mut DbConn, alert: &AlertRow) -> Result<Subject> {
    Ok(match basis_of(conn, alert)? {
        Some(_) => Subject::of("alert", alert.id),
        None => alert.read_subject(),
    })
}
