//! What is true of an alert, as the survivor's phone may know it; of a decoy's with what the alert behind it came to.

use super::model::{AlertRow, AlertState, RuleGroup};
use super::sentences::{self, Log, LogEvent as Said};
use crate::db::{DbConn, Instant};
use crate::error::Result;
use crate::escalation::alerts::store;
use crate::escalation::ladder::telling::PAGE_SECONDS;
use crate::escalation::overrides::effect;
use crate::escalation::police::forces;
use crate::identity;
use crate::outgoing::guard::Ways;
use crate::tx::Raised;
use crate::webhooks;

/// What is true of an alert: accepted, delivered to a machine, acknowledged by a person.
pub(in crate::escalation) fn truth(
    conn: &mut DbConn,
    (ways, now): (Ways, Instant),
    alert: &AlertRow,
) -> Result<Raised> {
    // What people decided without the survivor's setting they hear of in person first.
    let is_untold = effect::is_untold(conn, alert, now)?;
    let is_taken_up_by_police_alone =
        is_untold && alert.state == AlertState::Acknowledged && alert.acknowledged_at.is_none();
    let police = |at: Option<Instant>| at.filter(|_| !is_untold);
    Ok(Raised {
        id: alert.id,
        reference: alert.reference.clone(),
        state: if is_taken_up_by_police_alone { AlertState::Open.to_string() } else { alert.state.to_string() },
        level: alert.level,
        police_will_be_told: forces::will_be_notified(conn, ways, alert)?,
        delivered_at: police(forces::received_at(conn, alert.id)?),
        sent_by_mail_at: police(webhooks::first_mailed_at(conn, alert.id)?),
        // No matter who came first: the moment must not move when a second person acknowledges.
        acknowledged_at: alert.acknowledged_at.into_iter().chain(police(alert.police_acknowledged_at)).min(),
    })
}

/// The group of the alert behind one of a decoy.
pub(super) fn behind(group: RuleGroup) -> RuleGroup {
    match group {
        RuleGroup::Emergency => RuleGroup::Duress,
        _ => RuleGroup::Told,
    }
}

/// Adds what a phone reads of any alert at once: who was notified, and whether a system of the police has it.
pub(in crate::escalation) fn with_those_notified(
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
    if alert.police_allowed && !effect::is_untold(conn, &real, now)? {
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
