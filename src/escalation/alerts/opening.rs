//! Opening an alert: whose it is, on which ladder, which forces are named, and whether a setting lets them be notified.

use super::history::{self, Detail};
use super::model::{AlertRow, AlertState};
use crate::access;
use crate::consent::Ledger;
use crate::crypto::reference;
use crate::db::{AlertId, CaseId, Json, SurvivorId};
use crate::error::{Error, Result};
use crate::escalation::alerts::store;
use crate::escalation::ladder::standing::AlertStanding;
use crate::escalation::police::forces;
use crate::escalation::rules::Trigger;
use crate::escalation::trigger_facts::TriggerFacts;
use crate::events::Event;
use crate::identity::{self, SurvivorRow};
use crate::tx::{Subject, Tx};

/// The survivor whom an event is about.
pub(in crate::escalation) fn find_survivor(tx: &mut Tx<'_>, id: SurvivorId) -> Result<SurvivorRow> {
    identity::find_survivor(tx.conn, id)?.ok_or_else(|| Error::internal("an event about nobody"))
}

/// The force of where it happened, where that is known.
pub(in crate::escalation) fn place_of(event: &Event) -> Option<&str> {
    match event {
        Event::IncidentReported { report, .. } => report.force.as_deref(),
        Event::HelpNowPressed { force, .. }
        | Event::ConcernRaised { force, .. }
        | Event::TimerExpired { force, .. } => *force,
        _ => None,
    }
}

/// Opens an alert at the foot of its ladder; `place` is the force of where it happened, where that is known.
pub(in crate::escalation) fn open_alert(
    tx: &mut Tx<'_>,
    survivor: &SurvivorRow,
    (case, place): (Option<CaseId>, Option<&str>),
    trigger: &Trigger,
    standing: &AlertStanding,
) -> Result<AlertRow> {
    let case_id = match case {
        Some(case) => Some(case),
        None => access::active_case_of(tx.conn, survivor.id)?.map(|case| case.id),
    };
    let mut alert = AlertRow {
        id: AlertId::new(tx.now),
        reference: reference::generate("AL")?,
        survivor_id: survivor.id,
        case_id,
        organisation_id: survivor.organisation_id,
        rule_group: trigger.group,
        rule: trigger.rule,
        level: trigger.level,
        state: AlertState::Open,
        is_silent: trigger.group.is_under_duress(),
        is_exercise: false,
        facts: Json::of(&trigger.facts)?,
        police_setting: trigger.setting.map(|setting| setting.as_str().to_owned()),
        police_allowed: is_setting_on(tx, survivor.id, trigger)?,
        police_told_at: None,
        police_acknowledged_at: None,
        ladder: Json::of(&standing.ladder)?,
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
    alert.stand(standing)?;
    alert.restart_deadline(tx.now);
    store::insert(tx, alert.clone())?;
    name_forces(tx, &alert, (survivor, place), &trigger.facts)?;
    history::write(tx, &alert, &Detail::Raised(trigger.facts.clone()), None)?;
    tx.note("raise_alert", Subject::of("alert", alert.id), trigger.rule.as_str());
    Ok(alert)
}

/// Names the force of a trigger. The place of a phone that was reported lost, or that nobody has confirmed, may not be the
/// survivor's: then the home force is named as well.
pub(in crate::escalation) fn name_forces(
    tx: &mut Tx<'_>,
    alert: &AlertRow,
    (survivor, place): (&SurvivorRow, Option<&str>),
    facts: &TriggerFacts,
) -> Result<()> {
    forces::name(tx, alert, survivor, place)?;
    match facts.may_be_anothers() {
        true => forces::name(tx, alert, survivor, None),
        false => Ok(()),
    }
}

/// Whether the survivor's setting lets the police be notified of a trigger.
pub(in crate::escalation) fn is_setting_on(tx: &mut Tx<'_>, survivor: SurvivorId, trigger: &Trigger) -> Result<bool> {
    let Some(setting) = trigger.setting else { return Ok(false) };
    let now = tx.now;
    Ok(Ledger::load(tx.conn, survivor)?.standing(setting, now).granted)
}
