//! Random histories, and a judge of the sentences about them: it reads the log by itself, and calls nothing of the module
//! that makes the sentences.

use proptest::prelude::*;

use super::*;
use crate::db::{Instant, StaffId};
use crate::escalation::ladder::step_outcomes::fixture::{at, message, opening, person};
use crate::notify::{AlertOpening, Notification, NotificationState};
use crate::words::find;

const FORCES: [&str; 2] = ["South Yorkshire Police", "Sussex Police"];
const OUTCOMES: [&str; 3] = ["arrest", "no_trace", "something_new"];

#[test]
fn the_hour_is_that_of_the_operators_clock_in_summer_too() {
    let at = |text: &str| local(text.parse().unwrap());
    assert_eq!(at("2026-11-21T20:14:00Z"), "20:14 on 21 November");
    assert_eq!(at("2026-07-01T20:14:00Z"), "21:14 on 1 July");
}

fn event() -> impl Strategy<Value = LogEvent> {
    let people = prop::collection::vec((0u8..3).prop_map(person), 0..3);
    prop_oneof![
        3 => Just(LogEvent::Triggered),
        4 => people.prop_map(LogEvent::Notified),
        2 => Just(LogEvent::SupportAcknowledged),
        2 => prop::sample::select(&FORCES[..])
            .prop_map(|force| LogEvent::OfficerAcknowledged { force: force.to_owned() }),
        1 => Just(LogEvent::Resolved),
        1 => Just(LogEvent::StoodDown),
    ]
}

fn entries() -> impl Strategy<Value = Vec<LogEntry>> {
    prop::collection::vec((0i64..5, event()), 0..14).prop_map(|events| {
        let mut minute = 0;
        let mut entries = vec![LogEntry { at: at(0), event: LogEvent::Triggered }];
        for (wait, event) in events {
            minute += wait;
            entries.push(LogEntry { at: at(minute), event });
        }
        entries
    })
}

fn to_police() -> impl Strategy<Value = ToPolice> {
    let fate = prop_oneof![Just((false, false)), Just((false, true)), Just((true, false))];
    (prop::sample::select(&FORCES[..]), any::<bool>(), 0i64..40, fate).prop_map(
        |(force, is_mail, minute, (is_taken, is_waiting))| ToPolice {
            force: force.to_owned(),
            is_mail,
            queued_at: at(minute),
            taken_at: is_taken.then(|| at(minute + 1)),
            is_waiting,
        },
    )
}

fn to_staff() -> impl Strategy<Value = Notification> {
    let state = prop::sample::select(NotificationState::ALL);
    (0u8..3, 0i64..40, state).prop_map(|(to, minute, state)| message(to, minute, state))
}

fn openings() -> impl Strategy<Value = Vec<AlertOpening>> {
    prop::collection::btree_map(0u8..3, (0i64..40, 0i64..20), 0..3).prop_map(|opened| {
        let opening = |(who, (first, more)): (u8, (i64, i64))| opening(who, first, first + more);
        opened.into_iter().map(opening).collect()
    })
}

fn history() -> impl Strategy<Value = Log> {
    let people = (prop::collection::vec(to_staff(), 0..5), openings());
    let outcome = prop::option::of((prop::sample::select(&OUTCOMES[..]), any::<bool>()));
    let released = outcome.prop_map(|released| {
        released.map(|(outcome, is_superseded)| Released { outcome: outcome.to_owned(), is_superseded })
    });
    let police = (prop::collection::vec(to_police(), 0..5), any::<bool>(), released);
    (entries(), police, people).prop_map(
        |(entries, (messages, police_will_be_told, released), (to_staff, openings))| {
            let record = crate::escalation::ladder::step_outcomes::MessageRecord { messages: to_staff, openings };
            Log {
                entries,
                messages,
                record,
                police_will_be_told,
                released,
                phone_reported_at: None,
                is_phone_unconfirmed: false,
            }
        },
    )
}

/// The judge's own reading of a log.
struct JudgeReading<'l> {
    log: &'l Log,
    /// What happened before and since the latest trigger, which is in neither.
    before: Vec<&'l LogEvent>,
    since: Vec<&'l LogEvent>,
    latest: Instant,
}

impl<'l> JudgeReading<'l> {
    fn of(log: &'l Log) -> Self {
        let (mut before, mut since, mut latest) = (Vec::new(), Vec::new(), None);
        for entry in &log.entries {
            if matches!(entry.event, LogEvent::Triggered) {
                before.append(&mut since);
                latest = Some(entry.at);
            } else {
                since.push(&entry.event);
            }
        }
        Self { log, before, since, latest: latest.expect("every log begins with a trigger") }
    }

    fn is_closed(&self) -> bool {
        self.since.iter().any(|event| matches!(event, LogEvent::Resolved | LogEvent::StoodDown))
    }

    fn last_closing(&self) -> Option<&LogEvent> {
        self.since.iter().rfind(|event| matches!(event, LogEvent::Resolved | LogEvent::StoodDown)).copied()
    }

    fn supported(events: &[&LogEvent]) -> bool {
        let seen = |event: &&LogEvent| {
            matches!(event, LogEvent::SupportAcknowledged | LogEvent::Resolved | LogEvent::StoodDown)
        };
        events.iter().any(seen)
    }

    fn officer(events: &[&LogEvent], force: Option<&str>) -> bool {
        events.iter().any(
            |event| matches!(event, LogEvent::OfficerAcknowledged { force: by } if force.is_none_or(|force| force == by)),
        )
    }

    fn any_message(&self, force: Option<&str>, is_it: impl Fn(&ToPolice) -> bool) -> bool {
        self.log.messages.iter().any(|message| force.is_none_or(|force| force == message.force) && is_it(message))
    }

    /// Whom steps have notified since the latest trigger, and when.
    fn notified(&self) -> (usize, Vec<(StaffId, Instant)>) {
        let (mut steps, mut people, mut is_since) = (0, Vec::new(), false);
        let last = self.log.entries.iter().filter(|entry| matches!(entry.event, LogEvent::Triggered)).count();
        let mut triggers = 0;
        for entry in &self.log.entries {
            match &entry.event {
                LogEvent::Triggered => {
                    triggers += 1;
                    is_since = triggers == last;
                }
                LogEvent::Notified(staff) if is_since => {
                    steps += 1;
                    people.extend(staff.iter().map(|one| (*one, entry.at)));
                }
                _ => {}
            }
        }
        (steps, people)
    }

    fn has_message_in(&self, state: impl Fn(NotificationState) -> bool) -> bool {
        let (_, people) = self.notified();
        self.log.record.messages.iter().any(|message| {
            let is_for = |(who, from): &(StaffId, Instant)| message.subject_id.0 == who.0 && message.queued_at >= *from;
            people.iter().any(is_for) && state(message.state)
        })
    }

    fn has_opened(&self) -> bool {
        let (_, people) = self.notified();
        let openings = &self.log.record.openings;
        people.iter().any(|(who, from)| openings.iter().any(|one| one.staff_id == *who && one.last_at >= *from))
    }

    /// What the log says of a sentence about people.
    fn of_people(&self, what: &str) -> bool {
        use NotificationState::{Queued, Sent};
        let (steps, people) = self.notified();
        let (opened, sent) = (self.has_opened(), self.has_message_in(|state| state == Sent));
        let queued = self.has_message_in(|state| state == Queued);
        let (any, is_open) = (self.has_message_in(|_| true), !self.is_closed());
        is_open
            && match what {
                "notified" => opened,
                "sent" => sent && !opened,
                "queued" => queued && !sent && !opened,
                "failed" => any && !queued && !sent && !opened,
                "shown_in_portal" => !people.is_empty() && !any && !opened,
                "no_one" => steps > 0 && people.is_empty(),
                _ => false,
            }
    }

    /// What the log says of a sentence about the police, or about one force.
    fn of_police(&self, what: &str, force: Option<&str>) -> bool {
        let (now, before) = (Self::officer(&self.since, force), Self::officer(&self.before, force));
        let none = !now && !before;
        let webhook = |message: &ToPolice| message.taken_at.is_some() && !message.is_mail;
        let received = self.any_message(force, webhook);
        let latest = self.any_message(force, |message| webhook(message) && message.queued_at >= self.latest);
        let mailed = self.any_message(force, |message| message.taken_at.is_some() && message.is_mail);
        let waits = self.any_message(force, |message| message.taken_at.is_none() && message.is_waiting);
        let any = self.any_message(force, |_| true);
        match what {
            "acknowledged" => now,
            "acknowledged-before" => before && !now,
            "received" => latest && none,
            "received-before" => received && !latest && none,
            "mailed" => mailed && !received && none,
            "waiting" => waits && !received && !mailed && none,
            "unreached" => any && !waits && !received && !mailed && none,
            "nothing" => !any && none,
            _ => false,
        }
    }

    /// Whether the log says what a sentence says.
    fn bears_out(&self, sentence: &Sentence) -> bool {
        let force = sentence.with.iter().find(|(name, _)| *name == "force").map(|(_, value)| value.as_str());
        let id = sentence.id.as_str();
        let (seen, seen_before) = (Self::supported(&self.since), Self::supported(&self.before));
        if let Some(what) = id.strip_prefix("alert-people-").or_else(|| id.strip_prefix("staff-people-")) {
            return self.of_people(what) && !seen;
        }
        if let Some(told) = id.strip_prefix("outcome-") {
            let Some(released) = &self.log.released else { return false };
            let is_known = ["arrest", "no_trace"].contains(&released.outcome.as_str());
            let own = if is_known { released.outcome.as_str() } else { "other" };
            let before = sentence.with.iter().find(|(name, _)| *name == "before");
            let before = before.and_then(|(_, id)| id.strip_prefix("outcome-"));
            return match released.is_superseded {
                true => told == "out-of-date" && before == Some(own),
                false => told == own,
            };
        }
        match id {
            "alert-accepted" | "emergency" => true,
            "alert-resolved" => self.last_closing() == Some(&LogEvent::Resolved),
            "alert-stood_down" => self.last_closing() == Some(&LogEvent::StoodDown),
            "alert-support-seen" | "staff-alert-seen" => seen,
            "alert-support-seen-before" | "staff-alert-seen-before" => seen_before && !seen,
            "alert-support-waiting" | "staff-alert-waiting" => !seen && !seen_before,
            "alert-goes-on" | "staff-alert-goes-on" => !seen && !self.is_closed(),
            "alert-officer-seen" => self.of_police("acknowledged", None),
            "alert-officer-seen-before" => self.of_police("acknowledged-before", None),
            "alert-police-delivered" => self.of_police("received", None),
            "alert-police-delivered-before" => self.of_police("received-before", None),
            "alert-police-mailed" => self.of_police("mailed", None),
            "alert-police-unreached" => self.of_police("unreached", None),
            "alert-police-waiting" => {
                let is_to_be_told = self.of_police("nothing", None) && self.log.police_will_be_told;
                self.of_police("waiting", None) || is_to_be_told && !self.is_closed()
            }
            "alert-police-off" => self.of_police("nothing", None) && !self.log.police_will_be_told && !self.is_closed(),
            "alert-police-was-off" => self.of_police("nothing", None) && self.is_closed(),
            "alert-police-no-promise" => !self.of_police("nothing", None) || self.log.police_will_be_told,
            "script-not-sent" => self.of_police("nothing", None),
            _ => match id.strip_prefix("script-") {
                Some(what) => force.is_some() && self.of_police(what, force),
                None => false,
            },
        }
    }
}

/// Sentences of which only one can be true.
const TOPICS: [&[&str]; 3] = [
    &["alert-support-seen", "alert-support-seen-before", "alert-support-waiting"],
    &["staff-alert-seen", "staff-alert-seen-before", "staff-alert-waiting"],
    &["alert-officer-seen", "alert-officer-seen-before", "alert-police-"],
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 10_000, ..ProptestConfig::default() })]

    #[test]
    fn no_sentence_says_what_the_log_contradicts(log in history()) {
        let reading = JudgeReading::of(&log);
        for said in [for_survivor(&log), for_staff(&log), for_caller(&log)] {
            for sentence in &said {
                prop_assert!(reading.bears_out(sentence), "{sentence:?} of {log:?}");
            }
            for topic in TOPICS {
                let of_it = said.iter().filter(|sentence| {
                    let is_one = topic.iter().any(|id| sentence.id == *id);
                    is_one || sentence.id.starts_with("alert-police-") && topic.contains(&"alert-police-")
                });
                let stated: Vec<_> = of_it.filter(|sentence| sentence.id != "alert-police-no-promise").collect();
                prop_assert!(stated.len() <= 1, "{stated:?}");
            }
        }
        // What the log says is said, too.
        let own: Vec<String> = for_survivor(&log).into_iter().map(|sentence| sentence.id).collect();
        let has = |id: &str| own.iter().any(|own| own == id);
        prop_assert_eq!(has("alert-support-seen"), JudgeReading::supported(&reading.since));
        prop_assert_eq!(has("alert-officer-seen"), JudgeReading::officer(&reading.since, None));
        prop_assert_eq!(has("alert-resolved") || has("alert-stood_down"), reading.is_closed());
        prop_assert_eq!(own.iter().any(|id| id.starts_with("outcome-")), log.released.is_some());
        prop_assert!(has("emergency") && has("alert-accepted"));
        let of_forces = for_caller(&log);
        for force in FORCES {
            let is_told = !reading.of_police("nothing", Some(force));
            let says = of_forces.iter().any(|sentence| sentence.with.iter().any(|(_, value)| value == force));
            prop_assert_eq!(says, is_told);
        }
    }

    #[test]
    fn every_sentence_has_its_words(log in history()) {
        for sentence in for_survivor(&log) {
            for language in Language::ALL {
                prop_assert!(find(*language, &sentence.id, &[]).is_some(), "{}", sentence.id);
            }
        }
        for sentence in for_staff(&log) {
            prop_assert!(find(Language::English, &sentence.id, &[]).is_some(), "{}", sentence.id);
            let said = sentence.say(Language::English);
            prop_assert!(!said.contains('$') && !said.contains('{'), "{said}");
        }
    }
}

#[test]
fn an_outcome_that_nobody_foresaw_is_told_in_general() {
    let words = |outcome: &str, is_superseded, language| {
        of_released(&Released { outcome: outcome.to_owned(), is_superseded }).say(language)
    };
    let arrest = "The police told us that they have made an arrest.";
    assert_eq!(words("arrest", false, Language::English), arrest);
    assert_eq!(words("something_new", false, Language::Welsh), say(Language::Welsh, "outcome-other"));
    assert!(words("arrest", true, Language::English).contains(&format!("no longer holds: “{arrest}”")));
}

#[test]
fn what_an_officer_acknowledged_is_no_machine_any_more() {
    let entry = |event| LogEntry { at: at(0), event };
    let officer = LogEvent::OfficerAcknowledged { force: FORCES[0].to_owned() };
    let sent = |is_mail| ToPolice {
        force: FORCES[0].to_owned(),
        is_mail,
        queued_at: at(0),
        taken_at: Some(at(0)),
        is_waiting: false,
    };
    let words = |entries: Vec<LogEntry>, messages: Vec<ToPolice>| {
        let log = Log { entries, messages, police_will_be_told: true, ..Log::default() };
        in_words(&for_survivor(&log), Language::English).join(" ")
    };
    let delivered = words(vec![entry(LogEvent::Triggered)], vec![sent(false)]);
    assert!(delivered.contains("That is a machine, not yet a person."), "{delivered}");
    let seen = words(vec![entry(LogEvent::Triggered), entry(officer)], vec![sent(false)]);
    assert!(
        seen.contains("A person in the police has it: an officer has acknowledged it.") && !seen.contains("machine"),
        "{seen}"
    );
    assert!(seen.contains("Nobody who supports you has told us yet"), "{seen}");
    let mailed = words(vec![entry(LogEvent::Triggered)], vec![sent(true)]);
    assert!(mailed.contains("by mail") && !mailed.contains("received it."), "{mailed}");
}
