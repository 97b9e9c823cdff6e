//! Alerts of a decoy: so that a session under duress can read what it was answered. Nobody is notified of one, no step is taken,
//! and no list holds it; the alarm is that of the survivor's own record, which was raised before. What the phone reads of the
//! people and the machines that were notified is read from that one (`truth.rs`), as far as any phone reads it at once; of
//! what people did about it since it reads nothing.

use super::history::{self, ActDetail, Detail};
use super::model::{AlertRow, AlertState, RuleGroup};
use super::opening;
use super::truth::{self, behind};
use crate::db::SurvivorId;
use crate::error::Result;
use crate::escalation::alerts::store;
use crate::escalation::ladder;
use crate::escalation::ladder::standing::AlertStanding;
use crate::escalation::rules::{self, Trigger};
use crate::events::Event;
use crate::identity::{self, SurvivorRow};
use crate::incidents;
use crate::tx::{Actor, Tx};

/// What follows on a decoy from what happened to it.
pub fn answer_on_decoy(tx: &mut Tx<'_>, event: &Event) -> Result<()> {
    match event {
        Event::CheckInMissed { survivor, in_a_row, .. } => {
            return incidents::release_on_missed(tx, *survivor, *in_a_row);
        }
        Event::AlertSettingTurnedOn { survivor, scope } => return allow_police(tx, *survivor, scope),
        _ => {}
    }
    let Some(decoy) = event.survivor().filter(|_| tx.actor != Actor::System) else { return Ok(()) };
    let row = opening::find_survivor(tx, decoy)?;
    for trigger in rules::triggers(event, row.risk_rating, None) {
        show(tx, &row, opening::place_of(event), &trigger)?;
    }
    Ok(())
}

fn show(tx: &mut Tx<'_>, decoy: &SurvivorRow, place: Option<&str>, trigger: &Trigger) -> Result<()> {
    let mut alert = match store::find_open(tx.conn, decoy.id, trigger.group)? {
        Some(open) => {
            history::write(tx, &open, &Detail::TriggeredAgain(trigger.facts.clone()), None)?;
            let (level, setting) = (open.level.max(trigger.level), trigger.setting);
            let police_setting =
                setting.map(|setting| setting.as_str().to_owned()).or_else(|| open.police_setting.clone());
            let police_allowed = open.police_allowed || opening::is_setting_on(tx, decoy.id, trigger)?;
            AlertRow { level, police_setting, police_allowed, ..open }
        }
        None => {
            let ladder = ladder::chosen(tx.conn, decoy.organisation_id, trigger.ladder_code())?;
            let standing = AlertStanding::raised(ladder, trigger.level, tx.now);
            opening::open_alert(tx, decoy, (None, place), trigger, &standing)?
        }
    };
    alert.next_action_at = None;
    store::keep(tx, &mut alert)?;
    let truth = truth::truth(tx.conn, (tx.settings.ways, tx.now), &alert)?;
    tx.raised(truth);
    incidents::release_on_alert(tx, decoy.id, alert.level, false)
}

/// A setting that was turned on counts for what is open, as on any record.
fn allow_police(tx: &mut Tx<'_>, decoy: SurvivorId, setting: &str) -> Result<()> {
    for mut alert in store::list_withheld_from_police(tx.conn, decoy, setting)? {
        alert.police_allowed = true;
        history::write(tx, &alert, &Detail::PoliceAllowed { setting: setting.to_owned() }, None)?;
        store::keep(tx, &mut alert)?;
    }
    Ok(())
}

/// Closes what the phone reads of an emergency that was closed: the next press is another, as anywhere.
pub(in crate::escalation) fn close_with(
    tx: &mut Tx<'_>,
    survivor: SurvivorId,
    group: RuleGroup,
    state: AlertState,
) -> Result<()> {
    if !group.is_under_duress() {
        return Ok(());
    }
    let Some(decoy) = identity::decoy_of(tx.conn, survivor)? else { return Ok(()) };
    tx.mirror(|tx| {
        for mut alert in store::list_open_of(tx.conn, decoy)? {
            if behind(alert.rule_group) != group {
                continue;
            }
            let mut standing = alert.standing()?;
            standing.close(state);
            alert.stand(&standing)?;
            (alert.closed_at, alert.next_action_at) = (Some(tx.now), None);
            let done = ActDetail { spoke_to_survivor: false, outcome_confirmed: false, reason: None };
            let detail = if state == AlertState::StoodDown { Detail::StoodDown(done) } else { Detail::Resolved(done) };
            history::write(tx, &alert, &detail, None)?;
            store::keep(tx, &mut alert)?;
        }
        Ok(())
    })
}
