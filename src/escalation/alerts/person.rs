//! Whom an alert is about, for the person of the support side who answers it: what they are called, how it is safe to reach
//! them, what they wrote, what they need, whose children are with them, and whom they fear.
//!
//! With an alert of level 3 and above open, the person on duty reads this without asking anybody, assigned or not. Somebody whom
//! nobody called reads it while they hold the alert that they took up, and a supervisor looks at that: who answers at night has
//! to see whom they help. What the survivor keeps for themselves has no room here, nor has what is in a file.

pub(in crate::escalation) mod view;

use std::collections::BTreeSet;

use serde_json::json;

use super::history;
use super::model::{AlertRow, AlertState, HistoryKind, HistoryRow, TaskKind, TaskRow};
use crate::access::{self, SurvivorAccess};
use crate::checkins::{self, SentWords};
use crate::contact;
use crate::crypto::{PrivateText, open};
use crate::db::SubjectId;
use crate::error::{Error, Result, isolate};
use crate::escalation::alerts::store;
use crate::escalation::police::once_police_answer;
use crate::escalation::rota;
use crate::escalation::support::{place_opened, safe_addresses};
use crate::escalation::tasks::{self, ends, notices};
use crate::http::page::readable;
use crate::identity::{self, Role, Staff, SurvivorRow};
use crate::incidents;
use crate::participants::{self, IdentifierKind};
use crate::safety::{self, ReportedPersonView};
use crate::tx::Tx;
use view::{AlertPersonView, FearedView, SentWordsView};

/// The level from which on the person on duty is shown whom an alert is about.
const LEAST_LEVEL: i32 = 3;

/// Why somebody of the alert's own organisation is shown whom it is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::escalation) enum Answering {
    /// They are on duty, or assigned to the survivor, or a supervisor.
    Called,
    /// Nobody called them: they have taken it up, and hold it.
    Holds,
}

impl Answering {
    /// What the audit says that they read it for.
    fn purpose(self) -> &'static str {
        match self {
            Self::Called => "duty",
            Self::Holds => "acknowledged",
        }
    }
}

/// Why a member of the alert's own organisation is to answer it now; none where they are not.
pub(in crate::escalation) fn answers(tx: &mut Tx<'_>, staff: &Staff, alert: &AlertRow) -> Result<Option<Answering>> {
    if !shows_somebody(alert) {
        return Ok(None);
    }
    if is_called(tx, staff, alert)? {
        return Ok(Some(Answering::Called));
    }
    Ok(holds(tx, staff, alert)?.then_some(Answering::Holds))
}

fn shows_somebody(alert: &AlertRow) -> bool {
    !alert.is_exercise && !alert.is_closed() && alert.level >= LEAST_LEVEL
}

fn is_called(tx: &mut Tx<'_>, staff: &Staff, alert: &AlertRow) -> Result<bool> {
    let is_on_duty = staff.is(Role::Supervisor) || rota::is_on_duty(tx.conn, staff, tx.now)?;
    Ok(is_on_duty || access::assigned_staff(tx.conn, alert.survivor_id, alert.organisation_id)?.contains(&staff.id))
}

/// Whether somebody was the last to take an alert up, and it has not climbed on since.
fn holds(tx: &mut Tx<'_>, staff: &Staff, alert: &AlertRow) -> Result<bool> {
    if alert.state != AlertState::Acknowledged || alert.acknowledged_at.is_none() {
        return Ok(false);
    }
    let decides = |line: &HistoryRow| {
        matches!(line.kind, HistoryKind::Acknowledged | HistoryKind::ClimbResumed | HistoryKind::Reopened)
    };
    let lines = store::list_history(tx.conn, alert.id)?;
    let last = lines.into_iter().rev().find(decides);
    let own = Some(SubjectId::from(staff.id));
    Ok(last.is_some_and(|line| line.kind == HistoryKind::Acknowledged && line.actor_id == own))
}

/// Asks another person to look at it that somebody took an alert up whom nobody had called: it opens to them whom it is about.
pub(in crate::escalation) fn taken_up(tx: &mut Tx<'_>, staff: &Staff, alert: &AlertRow) -> Result<()> {
    if !shows_somebody(alert) || is_called(tx, staff, alert)? {
        return Ok(());
    }
    let (own, kind) = (staff.id.to_string(), TaskKind::TakenUpReview);
    let waits = |task: &TaskRow| ends::says(task, "staff_id", &own) && ends::says(task, "alert", &alert.reference);
    if tasks::store::list_open_tasks(tx.conn, alert.survivor_id, kind)?.iter().any(waits) {
        return Ok(());
    }
    let (role, _) = notices::reviewers(tx, alert.survivor_id, staff.id)?;
    let detail = json!({"alert": alert.reference, "staff_id": staff.id});
    let due_at = tasks::a_working_day_later(tx.now);
    tasks::make_for(tx, alert.survivor_id, (role, kind), detail, Some(due_at))?;
    notices::notify_side(tx, alert.survivor_id, (role, kind.as_str()), false)
}

/// Reads whom an alert is about, for somebody who [`answers`] it. That it was read, and why they may, is in the audit.
pub(in crate::escalation) fn read(tx: &mut Tx<'_>, alert: &AlertRow, why: Answering) -> Result<AlertPersonView> {
    let (access, keys) = (alert.record(), tx.keys);
    let row = identity::find_survivor(tx.conn, access.id())?.ok_or_else(|| Error::internal("an alert of nobody"))?;
    tx.note("read_alert_person", alert.read_subject(), why.purpose());
    let part = |error: &Error| tracing::error!(alert = %alert.id, %error, "an alert is shown without a part of it");
    let mut person = AlertPersonView {
        preferred_name: or_nothing(open!(keys, row.preferred_name).map(Some), part)?.map(|name| name.shown()),
        full_name: or_nothing(open!(keys, row.full_name), part)?.map(|name| name.shown()),
        date_of_birth: or_nothing(open!(keys, row.date_of_birth), part)?.map(|day| day.shown()),
        pronouns: or_nothing(open!(keys, row.pronouns), part)?.map(|pronouns| pronouns.shown()),
        needs: or_nothing(identity::needs(keys, &row), part)?,
        safe_contact: or_nothing(contact::safe_contact(tx, &access).map(Some), part)?,
        words: or_nothing(words(tx, alert, &access), part)?,
        children: or_nothing(safety::children(tx, &access), part)?,
        fears: or_nothing(feared(tx, alert), part)?,
        places_opened: or_nothing(place_opened::list_since(tx, alert.survivor_id, alert.raised_at), part)?,
        ..shell(row)
    };
    let has_place = safe_addresses::has_any(tx.conn, &access)?;
    person.once_police_answer = once_police_answer::lines(&person, has_place);
    Ok(person)
}

/// What is known without any key.
fn shell(row: SurvivorRow) -> AlertPersonView {
    AlertPersonView {
        reference: row.reference,
        preferred_name: None,
        full_name: None,
        date_of_birth: None,
        pronouns: None,
        language: row.language,
        needs: Vec::new(),
        risk_rating: row.risk_rating,
        safe_contact: None,
        words: Vec::new(),
        children: Vec::new(),
        fears: Vec::new(),
        once_police_answer: Vec::new(),
        places_opened: Vec::new(),
    }
}

fn or_nothing<T: Default>(read: Result<T>, said: impl Fn(&Error)) -> Result<T> {
    isolate(read, |error| {
        said(&error);
        T::default()
    })
}

/// What the survivor wrote with each trigger, the latest first: with a press, a check-in or a timer; and the account of an
/// incident that they do not keep for themselves.
fn words(tx: &mut Tx<'_>, alert: &AlertRow, access: &SurvivorAccess) -> Result<Vec<SentWordsView>> {
    let lines = store::list_history(tx.conn, alert.id)?;
    let facts: Vec<_> = lines.iter().filter_map(history::facts_of).collect();
    let check_ins: BTreeSet<_> = facts.iter().filter_map(|facts| facts.check_in_id).collect();
    let timers: BTreeSet<_> = facts.iter().filter_map(|facts| facts.timer_id).collect();
    let reported: BTreeSet<_> = facts.iter().filter_map(|facts| Some(facts.reported()?.incident_id)).collect();
    let mut found = Vec::new();
    for id in check_ins {
        found.extend(checkins::words_with_check_in(tx.conn, tx.keys, access, id)?);
    }
    for id in timers {
        found.extend(checkins::words_with_timer(tx.conn, tx.keys, access, id)?);
    }
    for id in reported {
        let Some(incident) = incidents::find_visible(tx.conn, access, id)? else { continue };
        let (version, keys) = (incident.version, tx.keys);
        let words = open!(keys, version.account)?;
        found.push(SentWords { at: version.received_at, words, is_duress: incident.incident.is_duress });
    }
    found.sort_by_key(|sent| std::cmp::Reverse(sent.at));
    let view = |sent: SentWords| SentWordsView { at: sent.at, words: sent.words.shown(), is_duress: sent.is_duress };
    Ok(found.into_iter().map(view).collect())
}

/// Whom the survivor fears: those whom they report, and the participants who are linked to them.
fn feared(tx: &mut Tx<'_>, alert: &AlertRow) -> Result<Vec<FearedView>> {
    let rows = safety::list_reported(tx.conn, &alert.record())?;
    let (reported, _) = readable(rows.iter().map(|row| (row.id.0, ReportedPersonView::of(tx.keys, row))))?;
    let reported = reported.into_iter().map(|found| FearedView {
        name: found.name,
        date_of_birth: found.date_of_birth,
        vehicles: found.vehicles.into_iter().collect(),
        is_of_police: found.is_of_police,
    });
    let mut feared: Vec<_> = reported.collect();
    let mut linked = Vec::new();
    for participant in alert.suspects(tx.conn)? {
        linked.push((participant.id().0, participants::identity_for_police(tx.conn, tx.keys, &participant)));
    }
    let (linked, _) = readable(linked.into_iter())?;
    for (found, _) in linked.into_iter().flatten() {
        let vehicles = found.known_by.into_iter().filter(|(kind, _)| *kind == IdentifierKind::Vehicle);
        feared.push(FearedView {
            name: found.name,
            date_of_birth: found.date_of_birth.map(|day| day.to_string()),
            vehicles: vehicles.map(|(_, vehicle)| vehicle).collect(),
            is_of_police: false,
        });
    }
    Ok(feared)
}
