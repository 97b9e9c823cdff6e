//! Every sentence about an alert that a survivor or a member of staff can read, made from its log and from nothing else.
//! Pure: in goes the log, out come the ids of sentences and what fills them.
//!
//! Received by us, received by a machine of the police, seen by somebody who supports the survivor and seen by an officer
//! are four facts. Each is about the latest trigger: what was seen before somebody pressed again is said apart. A police
//! response is never promised.

mod gather;
mod log;

use jiff::tz::TimeZone;

use crate::db::Instant;
use crate::escalation::ladder::step_outcomes::model::Outcome;
use crate::words::{Filled, Language, id_of, say, say_with};

pub(in crate::escalation) use gather::{Names, log_from, log_of, records};
pub(in crate::escalation) use log::{Log, LogEntry, LogEvent, Released, ToPolice};

/// The operators who answer go by this clock.
const OPERATORS_ZONE: &str = "Europe/London";
/// The variable that another sentence fills.
const BEFORE: &str = "before";

/// A sentence: which one, and what fills it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::escalation) struct Sentence {
    /// Its id in the files of words.
    pub id: String,
    /// What fills its variables.
    pub with: Vec<(&'static str, String)>,
}

impl Sentence {
    fn plain(id: &str) -> Self {
        Self { id: id.to_owned(), with: Vec::new() }
    }

    /// It, in a language.
    pub fn say(&self, language: Language) -> String {
        let with = self.with.iter().map(|(name, value)| match *name {
            // A sentence within a sentence.
            BEFORE => (*name, say(language, value).into()),
            _ => (*name, value.as_str().into()),
        });
        let with: Vec<Filled<'_>> = with.collect();
        say_with(language, &self.id, &with)
    }
}

/// That this is no emergency service, and whom to call.
pub(in crate::escalation) fn emergency(language: Language) -> String {
    say(language, "emergency")
}

/// What a survivor reads of an alert, in order.
pub(in crate::escalation) fn for_survivor(log: &Log) -> Vec<Sentence> {
    let mut ids = vec!["alert-accepted"];
    ids.extend(closed(log));
    ids.extend(people(log, &OF_SURVIVOR));
    ids.extend(police(log));
    let mut said: Vec<Sentence> = ids.into_iter().map(Sentence::plain).collect();
    said.extend(log.phone_reported_at.map(|at| of_reported_phone("alert-phone-reported", at)));
    said.push(Sentence::plain("emergency"));
    said.extend(log.released.as_ref().map(of_released));
    said
}

/// What staff of the survivor's own side read of an alert, in order.
pub(in crate::escalation) fn for_staff(log: &Log) -> Vec<Sentence> {
    let mut said: Vec<Sentence> =
        log.phone_reported_at.map(|at| of_reported_phone("staff-alert-phone-reported", at)).into_iter().collect();
    if log.is_phone_unconfirmed {
        said.push(Sentence::plain("staff-alert-phone-unconfirmed"));
    }
    said.extend(closed(log).into_iter().chain(people(log, &OF_STAFF)).map(Sentence::plain));
    said.extend(for_caller(log));
    said
}

/// That it came from a phone that was reported lost or taken, and when that was.
pub(in crate::escalation) fn of_reported_phone(id: &str, at: Instant) -> Sentence {
    Sentence { id: id.to_owned(), with: vec![("time", local(at))] }
}

/// A moment by the operators' clock.
pub(in crate::escalation) fn local(at: Instant) -> String {
    let zone = TimeZone::get(OPERATORS_ZONE).unwrap_or(TimeZone::UTC);
    at.timestamp().to_zoned(zone).strftime("%H:%M on %-d %B").to_string()
}

/// What the person who rings 999 says of the messages to forces; that one was sent is no promise of anything.
pub(in crate::escalation) fn for_caller(log: &Log) -> Vec<Sentence> {
    let mut forces: Vec<&str> = log.messages.iter().map(|message| message.force.as_str()).collect();
    forces.extend(log.entries.iter().filter_map(|entry| match &entry.event {
        LogEvent::OfficerAcknowledged { force } => Some(force.as_str()),
        _ => None,
    }));
    let mut said: Vec<Sentence> = Vec::new();
    for force in forces {
        let id = match log.with_force(force) {
            WithForce::Acknowledged => "script-acknowledged",
            WithForce::AcknowledgedBefore => "script-acknowledged-before",
            WithForce::Received => "script-received",
            WithForce::ReceivedBefore => "script-received-before",
            WithForce::Mailed => "script-mailed",
            WithForce::Waiting => "script-waiting",
            WithForce::Nothing => "script-unreached",
        };
        let sentence = Sentence { id: id.to_owned(), with: vec![("force", force.to_owned())] };
        if !said.contains(&sentence) {
            said.push(sentence);
        }
    }
    if said.is_empty() {
        said.push(Sentence::plain("script-not-sent"));
    }
    said
}

/// What the police said came of an alert.
pub(in crate::escalation) fn of_outcome(outcome: &str) -> Sentence {
    let id = id_of("outcome", outcome);
    let is_known = crate::words::find(Language::English, &id, &[]).is_some();
    Sentence::plain(if is_known { &id } else { "outcome-other" })
}

/// The same of what was released, which may hold no more.
pub(in crate::escalation) fn of_released(released: &Released) -> Sentence {
    let outcome = of_outcome(&released.outcome);
    match released.is_superseded {
        true => Sentence { id: "outcome-out-of-date".to_owned(), with: vec![(BEFORE, outcome.id)] },
        false => outcome,
    }
}

/// How far an alert has come with one force, or with the police altogether.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::escalation) enum WithForce {
    /// No message goes to them any more, and none was received.
    Nothing,
    /// A message waits to be sent.
    Waiting,
    /// It was sent by mail, and nobody knows more.
    Mailed,
    /// A system of theirs received what came before the latest trigger.
    ReceivedBefore,
    /// A system of theirs received the latest.
    Received,
    /// An officer acknowledged what came before the latest trigger.
    AcknowledgedBefore,
    /// An officer acknowledged the latest.
    Acknowledged,
}

fn closed(log: &Log) -> Option<&'static str> {
    log.closing().map(|closing| match closing {
        LogEvent::StoodDown => "alert-stood_down",
        _ => "alert-resolved",
    })
}

/// The ids of what is said of those who support the survivor.
struct OfPeople {
    seen: &'static str,
    seen_before: &'static str,
    waiting: &'static str,
    goes_on: &'static str,
    notified: &'static str,
    sent: &'static str,
    queued: &'static str,
    failed: &'static str,
    portal: &'static str,
    no_one: &'static str,
}

const OF_SURVIVOR: OfPeople = OfPeople {
    seen: "alert-support-seen",
    seen_before: "alert-support-seen-before",
    waiting: "alert-support-waiting",
    goes_on: "alert-goes-on",
    notified: "alert-people-notified",
    sent: "alert-people-sent",
    queued: "alert-people-queued",
    failed: "alert-people-failed",
    portal: "alert-people-shown_in_portal",
    no_one: "alert-people-no_one",
};

const OF_STAFF: OfPeople = OfPeople {
    seen: "staff-alert-seen",
    seen_before: "staff-alert-seen-before",
    waiting: "staff-alert-waiting",
    goes_on: "staff-alert-goes-on",
    notified: "staff-people-notified",
    sent: "staff-people-sent",
    queued: "staff-people-queued",
    failed: "staff-people-failed",
    portal: "staff-people-shown_in_portal",
    no_one: "staff-people-no_one",
};

fn people(log: &Log, ids: &OfPeople) -> Vec<&'static str> {
    let (is_closed, trigger) = (log.closing().is_some(), log.last_trigger());
    let mut said = match log.last_seen_by_support() {
        // The person who closed it has seen it.
        Some(seen) if trigger.is_none_or(|trigger| seen > trigger) => return vec![ids.seen],
        _ if is_closed => return Vec::new(),
        Some(_) => vec![ids.seen_before],
        None => vec![ids.waiting],
    };
    said.extend(log.reached().map(|outcome| match outcome {
        Outcome::Notified => ids.notified,
        Outcome::Sent => ids.sent,
        Outcome::Queued => ids.queued,
        Outcome::Failed => ids.failed,
        Outcome::ShownInPortal => ids.portal,
        Outcome::NoOne => ids.no_one,
    }));
    said.push(ids.goes_on);
    said
}

fn police(log: &Log) -> Vec<&'static str> {
    let sent = log.with_police();
    let said = match sent {
        Some(WithForce::Acknowledged) => "alert-officer-seen",
        Some(WithForce::AcknowledgedBefore) => "alert-officer-seen-before",
        Some(WithForce::Received) => "alert-police-delivered",
        Some(WithForce::ReceivedBefore) => "alert-police-delivered-before",
        Some(WithForce::Mailed) => "alert-police-mailed",
        Some(WithForce::Waiting) => "alert-police-waiting",
        Some(WithForce::Nothing) => "alert-police-unreached",
        None if log.closing().is_some() => return vec!["alert-police-was-off"],
        None if log.police_will_be_told => "alert-police-waiting",
        None => return vec!["alert-police-off"],
    };
    vec![said, "alert-police-no-promise"]
}

/// Sentences in a language.
pub(in crate::escalation) fn in_words(sentences: &[Sentence], language: Language) -> Vec<String> {
    sentences.iter().map(|sentence| sentence.say(language)).collect()
}

#[cfg(test)]
mod tests;
