//! What somebody who rings 999 says: who is calling, where the survivor is and which control room is needed, how to
//! approach; then what happened, and the number to ring back. In plain words, as things are when it is read; never a
//! name, an address or a coordinate.

use self::whereabouts::{ForceWords, PhonePlace, SaidPlace, Whereabouts};
use super::location;
use crate::db::Instant;
use crate::directory;
use crate::error::{Error, Result};
use crate::escalation::alerts::model::{AlertRow, Rule, RuleGroup, TaskKind};
use crate::escalation::alerts::sentences::{self, Sentence, local};
use crate::escalation::alerts::{history, store};
use crate::escalation::trigger_facts::{ReportedFacts, TriggerFacts};
use crate::identity;
use crate::orders;
use crate::tx::Tx;
use crate::words::{Filled, Language, say, say_with};
use crate::writing::PhoneNumber;

mod whereabouts;

/// Seconds after which what a phone sent is said to have come late.
const LATE_SECONDS: i64 = 120;

/// Whether a task asks somebody to ring the police, or to think of it.
pub(in crate::escalation) fn is_for(kind: TaskKind) -> bool {
    matches!(kind, TaskKind::Call999 | TaskKind::Consider999 | TaskKind::PoliceUnreachable)
}

/// All that the script is made of, as it was read.
pub(in crate::escalation) struct Script {
    organisation: String,
    desk: Option<String>,
    known: Whereabouts,
    is_silent: bool,
    alert: AlertFacts,
    late: Option<(Instant, Instant)>,
    phone_reported_at: Option<Instant>,
    is_phone_unconfirmed: bool,
    has_order: bool,
    sent: Vec<Sentence>,
    read_at: Instant,
}

/// What it says of the alert itself.
struct AlertFacts {
    reference: String,
    level: i32,
    raised_at: Instant,
    rule: Rule,
    reported: Option<ReportedFacts>,
}

impl Script {
    /// Reads what there is to say about an alert.
    pub(in crate::escalation) fn read(tx: &mut Tx<'_>, alert: &AlertRow) -> Result<Self> {
        let organisation = identity::find_organisation(tx.conn, alert.organisation_id)?
            .ok_or_else(|| Error::internal("an alert of nobody"))?;
        let linked = alert.orders(tx.conn)?;
        let log = sentences::log_of(tx.conn, alert, false)?;
        Ok(Self {
            organisation: organisation.name,
            desk: organisation.duty_desk_phone,
            known: whereabouts_of(tx, alert)?,
            is_silent: is_silent(tx, alert)?,
            alert: AlertFacts {
                reference: alert.reference.clone(),
                level: alert.level,
                raised_at: alert.raised_at,
                rule: alert.rule,
                reported: alert.facts().reported().cloned(),
            },
            late: late(tx, alert)?,
            phone_reported_at: alert.facts().phone_reported_at,
            is_phone_unconfirmed: alert.facts().is_phone_unconfirmed,
            has_order: orders::has_police_reference(tx.conn, &linked)?,
            sent: sentences::for_caller(&log),
            read_at: tx.now,
        })
    }

    /// The sentences, in the order in which they are said: who calls, where, to which control room, how to approach; then
    /// what happened, and what else there is.
    pub(in crate::escalation) fn lines(&self) -> Vec<String> {
        let mut said = vec![filled("script-caller", &[("organisation", self.organisation.as_str().into())])];
        said.extend(self.known.lines(self.read_at));
        let reported = self.phone_reported_at.map(|at| sentences::of_reported_phone("script-phone-reported", at));
        said.extend(reported.map(|sentence| sentence.say(Language::English)));
        if self.is_phone_unconfirmed {
            said.push(plain("script-phone-unconfirmed"));
        }
        if self.is_silent {
            said.push(plain("script-silent-approach"));
        }
        said.extend(what_happened(&self.alert));
        said.extend(self.late.map(|(recorded, received)| {
            let times = [("recorded", local(recorded).into()), ("received", local(received).into())];
            filled("script-late", &times)
        }));
        said.extend(places(self));
        said.push(plain(if self.has_order { "script-order" } else { "script-no-order" }));
        said.extend(sentences::in_words(&self.sent, Language::English));
        said.push(match &self.desk {
            Some(phone) => filled("script-call-back", &[("phone", PhoneNumber::spoken(phone).into())]),
            None => plain("script-call-back-unknown"),
        });
        said
    }
}

fn what_happened(alert: &AlertFacts) -> Vec<String> {
    let case = [
        ("reference", alert.reference.as_str().into()),
        ("level", alert.level.into()),
        ("time", local(alert.raised_at).into()),
    ];
    let mut said = vec![filled("script-case", &case), plain(&format!("script-happened-{}", alert.rule))];
    said.extend(alert.reported.iter().flat_map(behaviours));
    said
}

/// What is known of where the survivor is: what their phone gave, as far as staff may open it; what they said; their home.
fn whereabouts_of(tx: &mut Tx<'_>, alert: &AlertRow) -> Result<Whereabouts> {
    let lines = store::list_history(tx.conn, alert.id)?;
    let source = location::released_to_staff(tx, alert)?;
    let given_at = match source {
        Some(source) => source.given_at(tx.conn, &alert.record())?,
        None => None,
    };
    let force_of = |facts: &TriggerFacts| facts.force().map(str::to_owned);
    let triggers: Vec<(Instant, TriggerFacts)> =
        lines.iter().rev().filter_map(|line| Some((line.at, history::facts_of(line)?))).collect();
    let with_phone = triggers.iter().find(|(_, facts)| source.is_some() && facts.source() == source);
    let with_phone = with_phone.and_then(|(_, facts)| force_of(facts));
    let said = triggers.iter().find_map(|(at, facts)| {
        let is_now = facts.reported().is_some_and(|reported| reported.is_now);
        force_of(facts).filter(|_| is_now).map(|force| (*at, force))
    });
    let home = identity::find_survivor(tx.conn, alert.survivor_id)?.map(|survivor| survivor.home_force_id);
    let phone_force = force(tx, with_phone.as_deref())?;
    let said = match said {
        Some((at, id)) => force(tx, Some(&id))?.map(|force| SaidPlace { at, force }),
        None => None,
    };
    let phone = given_at.map(|at| PhonePlace { at, force: phone_force });
    Ok(Whereabouts { phone, said, home: force(tx, home.as_deref())? })
}

/// A force by its id: as the list of forces names it, or as the partnership does.
fn force(tx: &mut Tx<'_>, id: Option<&str>) -> Result<Option<ForceWords>> {
    let Some(id) = id else { return Ok(None) };
    match ForceWords::listed(id) {
        Some(force) => Ok(Some(force)),
        None => Ok(identity::find_force(tx.conn, id)?.map(|force| ForceWords { name: force.name })),
    }
}

/// What else is to be said of places: how to hand the phone's over, and where an incident happened that is over.
fn places(script: &Script) -> Vec<String> {
    let (known, now, mut said) = (&script.known, script.read_at, Vec::new());
    if known.leaves_phone_unsaid(now)
        && let Some(minutes) = known.phone_minutes(now)
    {
        said.push(filled("script-place-phone", &[("minutes", minutes.into())]));
    }
    said.push(plain(if known.phone.is_some() { "script-place-known" } else { "script-place-unknown" }));
    let over = script.alert.reported.as_ref().filter(|reported| !reported.is_now);
    let force = over.and_then(|reported| ForceWords::listed(reported.force_id.as_deref()?));
    said.extend(force.map(|force| filled("script-place-happened", &[("area", force.area().into())])));
    said
}

/// When the phone recorded what it sent by its own clock, and when that reached us, where it came late.
fn late(tx: &mut Tx<'_>, alert: &AlertRow) -> Result<Option<(Instant, Instant)>> {
    let Some(source) = alert.facts().source() else { return Ok(None) };
    let times = source.recorded_and_received(tx.conn, &alert.record())?;
    Ok(times.filter(|(recorded, received)| received.seconds_since(*recorded) >= LATE_SECONDS))
}

/// Whether nobody may be rung on the survivor's phone: somebody else may have it.
pub(in crate::escalation) fn is_silent(tx: &mut Tx<'_>, alert: &AlertRow) -> Result<bool> {
    let is_duress = alert.rule_group.is_under_duress();
    // What is over says nothing of what is going on today.
    Ok(is_duress
        || alert.closed_at.is_none() && store::find_open(tx.conn, alert.survivor_id, RuleGroup::Duress)?.is_some())
}

/// What the survivor reported, in the words of the list of behaviours.
fn behaviours(reported: &ReportedFacts) -> Vec<String> {
    let definitions = reported.behaviours.iter().filter_map(|code| directory::behaviour(code));
    definitions
        .map(|behaviour| filled("script-behaviour", &[("definition", behaviour.definition.as_str().into())]))
        .collect()
}

fn plain(id: &str) -> String {
    say(Language::English, id)
}

fn filled(id: &str, with: &[Filled<'_>]) -> String {
    say_with(Language::English, id, with)
}

#[cfg(test)]
mod tests;
