//! Whom an alert is about, as the person who answers it is shown them.

use maud::{Markup, html};

use super::reader::{PageReader, in_english};
use crate::contact::StaffSafeContactView;
use crate::escalation::AlertPersonView;
use crate::words::{self, Language};

/// Whom it is about.
pub fn person(reader: &PageReader, person: &AlertPersonView) -> Markup {
    html! {
        // An account may be hard to read, and others may look on: it is opened by one step.
        @for words in &person.words {
            details {
                summary { (reader.say("portal-their-words")) " " (reader.when(words.at)) }
                @if words.is_duress { p { strong { (in_english("staff-words-duress")) } } }
                blockquote { (words.words) }
            }
        }
        dl {
            (entry(reader, "portal-name", person.preferred_name.as_deref()))
            (entry(reader, "portal-full-name", person.full_name.as_deref()))
            (entry(reader, "portal-pronouns", person.pronouns.as_deref()))
            (entry(reader, "portal-born", person.date_of_birth.as_deref()))
            (entry(reader, "portal-reads", Some(&language(reader, &person.language))))
            (entry(reader, "portal-risk", Some(&reader.say(&words::id_of("portal-risk", person.risk_rating.as_str())))))
            @for need in &person.needs {
                (entry(reader, "portal-need", Some(&reader.say(&words::id_of("portal-need", need.as_str())))))
            }
            (entry(reader, "portal-reference", Some(&person.reference)))
        }
        @if let Some(contact) = &person.safe_contact { (safe_contact(reader, contact)) }
        (family(reader, person))
        (feared(reader, person))
        (opened(reader, person))
    }
}

fn entry(reader: &PageReader, label: &str, value: Option<&str>) -> Markup {
    html! {
        @if let Some(value) = value {
            dt { (reader.say(label)) }
            dd { (value) }
        }
    }
}

/// A language by its name, where it is one of ours; else by its tag.
fn language(reader: &PageReader, tag: &str) -> String {
    match Language::known(tag) {
        Some(known) => reader.say(&words::id_of("portal-language", known.as_str())),
        None => tag.to_owned(),
    }
}

/// How it is safe to reach them now. What forbids it comes first.
fn safe_contact(reader: &PageReader, contact: &StaffSafeContactView) -> Markup {
    let plan = contact.plan.plan.as_ref();
    // A number that is not to be rung is not offered.
    let voice = plan.and_then(|plan| plan.voice.as_ref()).filter(|voice| voice.allowed);
    let number = voice.and_then(|voice| voice.address.as_deref());
    html! {
        h3 { (reader.say("portal-safe-contact")) }
        @if contact.do_not_contact_device { p { strong { (in_english("staff-do-not-contact")) } } }
        @if let Some(at) = contact.said_unsafe_at {
            p { strong { (in_english("staff-said-unsafe")) } " " (reader.when(at)) }
        }
        ul {
            @for channel in &contact.channels {
                li {
                    (reader.say(&words::id_of("portal-channel", channel.channel.as_str()))) ": "
                    @if channel.allowed_now { strong { (reader.say("portal-allowed-now")) } }
                    @else { (reader.say("portal-not-now")) }
                    @if let Some(from) = channel.allowed_from {
                        " " (reader.say("portal-allowed-from")) " " (reader.when(from))
                    }
                }
            }
        }
        @if let Some(plan) = plan {
            @if number.is_some() || plan.who_answers.is_some() {
                dl {
                    (entry(reader, "portal-number", number))
                    (entry(reader, "portal-who-answers", plan.who_answers.as_deref()))
                }
            }
            @if plan.never_leave_voicemail { p { strong { (in_english("staff-no-voicemail")) } } }
        }
    }
}

fn family(reader: &PageReader, person: &AlertPersonView) -> Markup {
    html! {
        @if !person.children.is_empty() {
            h3 { (reader.say("portal-children")) }
            ul {
                @for child in &person.children {
                    li {
                        (child.name.as_deref().unwrap_or(&child.relation))
                        @if let Some(born) = &child.born { ", " (reader.say("portal-born")) " " (born) }
                        @if let Some(school) = &child.school { ", " (school) }
                        @if child.is_at_risk { " " strong { (reader.say("portal-at-risk")) } }
                    }
                }
            }
        }
    }
}

fn feared(reader: &PageReader, person: &AlertPersonView) -> Markup {
    html! {
        @if !person.fears.is_empty() {
            h3 { (reader.say("portal-fears")) }
            ul {
                @for feared in &person.fears {
                    li {
                        (feared.name)
                        @if let Some(born) = &feared.date_of_birth { ", " (reader.say("portal-born")) " " (born) }
                        @for vehicle in &feared.vehicles { ", " (vehicle) }
                        @if feared.is_of_police { " " strong { (in_english("staff-feared-of-police")) } }
                    }
                }
            }
        }
    }
}

/// Who has opened a place of theirs since the alert was raised.
fn opened(reader: &PageReader, person: &AlertPersonView) -> Markup {
    html! {
        @if !person.places_opened.is_empty() {
            h3 { (reader.say("portal-places-opened")) }
            ul {
                @for opening in &person.places_opened {
                    li {
                        (opening.by.as_deref().unwrap_or_default()) " " (reader.when(opening.at))
                    }
                }
            }
        }
    }
}
