//! Drills: an alert that goes up a ladder and out to the police like a real one, looks different everywhere, holds
//! nothing of anybody, and never turns real, since no trigger ever joins its group.

use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::history::{self, Detail};
use super::model::{AlertRow, AlertState, Rule, RuleGroup};
use crate::access;
use crate::crypto::reference;
use crate::db::{AlertId, Json, SurvivorId};
use crate::error::{Code, Error, Result};
use crate::escalation::alerts::store;
use crate::escalation::ladder::standing::AlertStanding;
use crate::escalation::ladder::telling::Cause;
use crate::escalation::ladder::{self, climb};
use crate::escalation::police::forces;
use crate::escalation::trigger_facts::TriggerFacts;
use crate::identity::{self, Role, Staff, SurvivorRow};
use crate::tx::{Subject, Tx};

/// A new drill.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateExerciseBody {
    /// The record that the drill is kept under: its home force is drilled. Nothing of the survivor is sent to anybody, and
    /// nothing of the drill is shown to them.
    #[garde(skip)]
    survivor_id: SurvivorId,
    /// The level to drill, 3 or 4.
    #[garde(inner(range(min = 3, max = 4)))]
    #[schema(minimum = 3, maximum = 4, default = 4, example = 4)]
    #[serde(default)]
    level: Option<i32>,
}

/// A drill that has begun.
#[derive(Debug, Serialize, ToSchema)]
pub struct ExerciseView {
    /// Its alert: acknowledged, resolved and stood down like any other.
    pub id: AlertId,
    /// Reference for people.
    #[schema(example = "AL-6F2K-8C3D-M")]
    pub reference: String,
    /// Its level.
    pub level: i32,
    /// Its state.
    pub state: AlertState,
    /// Always true.
    pub is_exercise: bool,
}

/// Begins a drill.
///
/// # Errors
/// 403 for anybody but a supervisor, 404 for a record of another organisation, 409 while one is open there, or where
/// no force of the record's area takes alerts.
pub fn create(tx: &mut Tx<'_>, staff: &Staff, body: &CreateExerciseBody) -> Result<ExerciseView> {
    let (own, survivor) = (staff.organisation()?, drilled(tx, staff, body.survivor_id)?);
    store::lock_survivor(tx.conn, survivor.id)?;
    if store::find_open(tx.conn, survivor.id, RuleGroup::Exercise)?.is_some() {
        return Err(Error::wrong_state("an exercise is open under this record already"));
    }
    if identity::find_force(tx.conn, &survivor.home_force_id)?.is_none() {
        return Err(Error::wrong_state("no force of this area takes alerts"));
    }
    let level = body.level.unwrap_or(4);
    let ladder = if level == 4 { ladder::emergency() } else { ladder::high_risk() };
    let mut alert = AlertRow {
        id: AlertId::new(tx.now),
        reference: reference::generate("AL")?,
        survivor_id: survivor.id,
        case_id: None,
        organisation_id: own,
        rule_group: RuleGroup::Exercise,
        rule: Rule::Exercise,
        level,
        state: AlertState::Open,
        // Neither the survivor's phone nor the programme's side is any concern of a drill.
        is_silent: true,
        is_exercise: true,
        facts: Json::of(&TriggerFacts::default())?,
        police_setting: None,
        police_allowed: true,
        police_told_at: None,
        police_acknowledged_at: None,
        ladder: Json::of(&ladder)?,
        ladder_round: 0,
        ladder_next: 0,
        next_action_at: None,
        message_sequence: 0,
        acknowledged_at: None,
        closed_at: None,
        outcome: None,
        outcome_released_at: None,
        raised_at: tx.now,
        updated_at: tx.now,
        version: 1,
        acknowledge_by: None,
        paged_at: None,
        unpaged_triggers: 0,
    };
    alert.stand(&AlertStanding::raised(ladder, level, tx.now))?;
    alert.restart_deadline(tx.now);
    store::insert(tx, alert.clone())?;
    forces::name(tx, &alert, &survivor, None)?;
    history::write(tx, &alert, &Detail::Raised(TriggerFacts::default()), None)?;
    climb::take_due_steps(tx, &mut alert, Cause::Time)?;
    store::keep(tx, &mut alert)?;
    tx.about(Subject::of("alert", alert.id));
    tx.notify_worker();
    Ok(ExerciseView { id: alert.id, reference: alert.reference, level, state: alert.state, is_exercise: true })
}

/// The record that a supervisor of its own organisation drills.
fn drilled(tx: &mut Tx<'_>, staff: &Staff, id: SurvivorId) -> Result<SurvivorRow> {
    if !staff.is(Role::Supervisor) {
        return Err(Error::Forbidden(Code::WrongRole));
    }
    let own = staff.organisation()?;
    let survivor = identity::find_survivor(tx.conn, id)?.filter(|row| row.organisation_id == own);
    let survivor = survivor.ok_or(Error::NotFound)?;
    match access::is_blocked(tx.conn, survivor.id, Some(staff.id), None)? {
        true => Err(Error::NotFound),
        false => Ok(survivor),
    }
}
