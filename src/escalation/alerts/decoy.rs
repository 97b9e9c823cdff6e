//! Alerts of a decoy: so that a session under duress can read what it was answered. Nobody is notified of one, no step is taken,
//! and no list holds it; the alarm is that of the survivor's own record, which was raised before. What the phone reads of the
//! people and the machines that were notified is read from that one, as far as any phone reads it at once; of what people did
//! about it since it reads nothing.

use super::history::{self, ActDetail, Detail};
use super::model::{AlertRow, AlertState, RuleGroup};
use super::read;
use super::sentences::{self, Event as Said, Log};
use crate::db::{DbConn, Instant, SurvivorId};
use crate::error::Result;
use crate::escalation::alerts::store;
use crate::escalation::ladder::climb;
use crate::escalation::ladder::steps::PAGE_SECONDS;
use crate::escalation::rules::{self, Trigger};
use crate::escalation::{overrides, raise};
use crate::events::Event;
use crate::identity::{self, SurvivorRow};
use crate::incidents;
use crate::tx::{Actor, Raised, Tx};

/// The group of the alert behind one of a decoy.
fn behind(group: RuleGroup) -> RuleGroup {
    match group {
        RuleGroup::Emergency => RuleGroup::Duress,
        _ => RuleGroup::Told,
    }
}

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
    let row = raise::find_survivor(tx, decoy)?;
    for trigger in rules::triggers(event, row.risk_rating, None) {
        show(tx, &row, raise::place_of(event), &trigger)?;
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
            let police_allowed = open.police_allowed || raise::is_setting_on(tx, decoy.id, trigger)?;
            AlertRow { level, police_setting, police_allowed, ..open }
        }
        None => raise::open_alert(tx, decoy, (None, place), trigger)?,
    };
    alert.act_at = None;
    climb::keep(tx, &mut alert)?;
    let truth = read::truth(tx.conn, (tx.settings.ways, tx.now), &alert)?;
    tx.raised(truth);
    incidents::release_on_alert(tx, decoy.id, alert.level, false)
}

/// A setting that was turned on counts for what is open, as on any record.
fn allow_police(tx: &mut Tx<'_>, decoy: SurvivorId, setting: &str) -> Result<()> {
    for mut alert in store::list_kept_from_police(tx.conn, decoy, setting)? {
        alert.police_allowed = true;
        history::write(tx, &alert, &Detail::PoliceAllowed { setting: setting.to_owned() }, None)?;
        climb::keep(tx, &mut alert)?;
    }
    Ok(())
}

/// Adds what a phone reads of any alert at once: who was notified, and whether a system of the police has it.
pub(in crate::escalation) fn with_those_told(
    conn: &mut DbConn,
    (alert, now): (&AlertRow, Instant),
    (truth, mut log): (Raised, Log),
) -> Result<(Raised, Log)> {
    let own = identity::own_record(conn, alert.survivor_id)?;
    if own == alert.survivor_id {
        return Ok((truth, log));
    }
    let Some(real) = store::find_open(conn, own, behind(alert.rule_group))? else { return Ok((truth, log)) };
    let told = sentences::log_of(conn, &real, truth.police_will_be_told)?;
    // People were notified of what came before a moment ago, where they are not notified of this by itself.
    if !is_put_off(&log, now) {
        log.entries.extend(told.entries.into_iter().rfind(|entry| matches!(entry.event, Said::Notified(_))));
    }
    log.record = told.record;
    if alert.police_allowed && !overrides::is_untold(conn, &real, now)? {
        log.messages = told.messages.into_iter().filter(|sent| sent.queued_at >= alert.raised_at).collect();
    }
    let taken = |is_mail: bool| log.messages.iter().filter(move |sent| sent.is_mail == is_mail);
    let delivered_at = taken(false).filter_map(|sent| sent.taken_at).min();
    let sent_by_mail_at = taken(true).filter_map(|sent| sent.taken_at).min();
    Ok((Raised { delivered_at, sent_by_mail_at, ..truth }, log))
}

/// Whether people would be paged of the latest trigger later: of those within a minute of a page they are paged together.
fn is_put_off(log: &Log, now: Instant) -> bool {
    let triggers = log.entries.iter().filter(|entry| entry.event == Said::Triggered).map(|entry| entry.at);
    let page = triggers.fold(None, |paged: Option<Instant>, at| match paged {
        Some(paged) if at < paged => Some(paged),
        Some(paged) => Some(at.max(paged.plus_seconds(PAGE_SECONDS))),
        None => Some(at),
    });
    page.is_some_and(|at| at > now)
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
            (alert.closed_at, alert.act_at) = (Some(tx.now), None);
            let done = ActDetail { spoke_to_survivor: false, outcome_confirmed: false, reason: None };
            let detail = if state == AlertState::StoodDown { Detail::StoodDown(done) } else { Detail::Resolved(done) };
            history::write(tx, &alert, &detail, None)?;
            climb::keep(tx, &mut alert)?;
        }
        Ok(())
    })
}
