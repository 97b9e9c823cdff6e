//! Whom an alert is about, as the person who answers it is shown them.

use super::reader::{PageReader, When};
use crate::contact::StaffSafeContactView;
use crate::escalation::AlertPersonView;
use crate::words::{self, Language};

/// A line of a summary list.
pub struct SummaryEntry {
    /// What it is.
    pub key: String,
    /// What it is in this case.
    pub value: String,
}

impl SummaryEntry {
    /// A line with the message of its key; none where there is nothing to say.
    pub fn of(reader: &PageReader, key: &str, value: Option<String>) -> Option<Self> {
        Some(Self { key: reader.say(key), value: value? })
    }
}

/// Whom an alert is about.
pub struct ShownPerson {
    /// Their own words.
    pub accounts: Vec<ShownAccount>,
    /// Who they are.
    pub entries: Vec<SummaryEntry>,
    /// How it is safe to reach them.
    pub contact: Option<ShownContact>,
    /// Their children.
    pub children: Vec<ShownChild>,
    /// Whom they fear.
    pub feared: Vec<ShownFeared>,
    /// Who has opened where they are.
    pub openings: Vec<ShownOpening>,
}

/// Words of theirs.
pub struct ShownAccount {
    /// When they were sent.
    pub at: When,
    /// The words.
    pub words: String,
    /// Whether they were written under duress.
    pub is_duress: bool,
}

/// How it is safe to reach somebody now.
pub struct ShownContact {
    /// Whether somebody else may see their phone.
    pub is_device_unsafe: bool,
    /// When they said that it is not safe to contact them.
    pub said_unsafe_at: Option<When>,
    /// The ways.
    pub channels: Vec<ShownChannel>,
    /// The number, and who answers.
    pub entries: Vec<SummaryEntry>,
    /// Whether a voicemail is never left.
    pub has_no_voicemail: bool,
}

/// A way to reach somebody.
pub struct ShownChannel {
    /// Its name.
    pub name: String,
    /// Whether it is safe now.
    pub is_allowed: bool,
    /// From when on it is safe.
    pub allowed_from: Option<When>,
}

/// A child.
pub struct ShownChild {
    /// Who they are.
    pub words: String,
    /// Whether they are at risk themselves.
    pub is_at_risk: bool,
}

/// Somebody who is feared.
pub struct ShownFeared {
    /// Who they are.
    pub words: String,
    /// Whether they work for the police.
    pub is_of_police: bool,
}

/// That somebody has opened a place.
pub struct ShownOpening {
    /// Who.
    pub by: String,
    /// When.
    pub at: When,
}

impl ShownPerson {
    /// As a reader is shown them.
    pub fn of(reader: &PageReader, person: &AlertPersonView) -> Self {
        let accounts = person.words.iter().map(|sent| ShownAccount {
            at: reader.when(sent.at),
            words: sent.words.clone(),
            is_duress: sent.is_duress,
        });
        let openings = person
            .places_opened
            .iter()
            .map(|opening| ShownOpening { by: opening.by.clone().unwrap_or_default(), at: reader.when(opening.at) });
        Self {
            accounts: accounts.collect(),
            entries: entries(reader, person),
            contact: person.safe_contact.as_ref().map(|contact| ShownContact::of(reader, contact)),
            children: children(reader, person),
            feared: feared(reader, person),
            openings: openings.collect(),
        }
    }
}

fn entries(reader: &PageReader, person: &AlertPersonView) -> Vec<SummaryEntry> {
    let known = [
        ("portal-name", person.preferred_name.clone()),
        ("portal-full-name", person.full_name.clone()),
        ("portal-pronouns", person.pronouns.clone()),
        ("portal-born", person.date_of_birth.clone()),
        ("portal-reads", Some(language(reader, &person.language))),
        ("portal-risk", Some(reader.say(&words::id_of("portal-risk", person.risk_rating.as_str())))),
    ];
    let needs = person.needs.iter().map(|need| Some(reader.say(&words::id_of("portal-need", need.as_str()))));
    let needs = needs.map(|need| ("portal-need", need));
    let reference = [("portal-reference", Some(person.reference.clone()))];
    let all = known.into_iter().chain(needs).chain(reference);
    all.filter_map(|(key, value)| SummaryEntry::of(reader, key, value)).collect()
}

/// A language by its name, where it is one of ours; else by its tag.
pub fn language(reader: &PageReader, tag: &str) -> String {
    match Language::known(tag) {
        Some(known) => reader.say(&words::id_of("portal-language", known.as_str())),
        None => tag.to_owned(),
    }
}

impl ShownContact {
    /// As a reader is shown it.
    pub fn of(reader: &PageReader, contact: &StaffSafeContactView) -> Self {
        let plan = contact.plan.plan.as_ref();
        // A number that is not to be rung is not offered.
        let voice = plan.and_then(|plan| plan.voice.as_ref()).filter(|voice| voice.allowed);
        let number = voice.and_then(|voice| voice.address.clone());
        let entries = [
            SummaryEntry::of(reader, "portal-number", number),
            SummaryEntry::of(reader, "portal-who-answers", plan.and_then(|plan| plan.who_answers.clone())),
        ];
        let channels = contact.channels.iter().map(|channel| ShownChannel {
            name: reader.say(&words::id_of("portal-channel", channel.channel.as_str())),
            is_allowed: channel.allowed_now,
            allowed_from: channel.allowed_from.map(|from| reader.when(from)),
        });
        Self {
            is_device_unsafe: contact.do_not_contact_device,
            said_unsafe_at: contact.said_unsafe_at.map(|at| reader.when(at)),
            channels: channels.collect(),
            entries: entries.into_iter().flatten().collect(),
            has_no_voicemail: plan.is_some_and(|plan| plan.never_leave_voicemail),
        }
    }
}

fn children(reader: &PageReader, person: &AlertPersonView) -> Vec<ShownChild> {
    let children = person.children.iter().map(|child| {
        let name = child.name.as_ref().unwrap_or(&child.relation).clone();
        let parts = [Some(name), born(reader, child.born.as_deref()), child.school.clone()];
        ShownChild { words: in_a_line(parts), is_at_risk: child.is_at_risk }
    });
    children.collect()
}

fn feared(reader: &PageReader, person: &AlertPersonView) -> Vec<ShownFeared> {
    let feared = person.fears.iter().map(|feared| {
        let known = [Some(feared.name.clone()), born(reader, feared.date_of_birth.as_deref())];
        let vehicles = feared.vehicles.iter().cloned().map(Some);
        ShownFeared { words: in_a_line(known.into_iter().chain(vehicles)), is_of_police: feared.is_of_police }
    });
    feared.collect()
}

/// When somebody was born, as far as it is known.
pub fn born(reader: &PageReader, day: Option<&str>) -> Option<String> {
    day.map(|day| format!("{} {day}", reader.say("portal-born")))
}

/// What is known of somebody, in a line.
pub fn in_a_line(parts: impl IntoIterator<Item = Option<String>>) -> String {
    let known: Vec<String> = parts.into_iter().flatten().collect();
    known.join(", ")
}
