//! What can be done about an alert: the forms of its page, and the place that one of them opens.

use maud::{Markup, html};
use serde_json::Value;

use super::frame::{self, FormField};
use super::reader::{PageReader, in_english};
use super::shown_alert::Trouble;
use crate::error::Error;
use crate::escalation::{AlertLocationView, AlertState, SupportAlert};

/// The level from which on closing asks for the code word.
const EMERGENCY: i32 = 4;

/// What is wrong with a form that was sent.
pub fn refused(reader: &PageReader, trouble: &Trouble) -> Markup {
    html! {
        @if matches!(trouble.error, Error::NotFound) {
            div.summary #summary role="alert" tabindex="-1" {
                h2 { (reader.say("portal-summary-title")) }
                p { (reader.say("portal-no-place")) }
            }
        } @else {
            (frame::summary(reader, &trouble.error))
        }
    }
}

/// What stood in a field of a form that was refused.
fn before<'t>(trouble: Option<&'t Trouble>, act: &str, name: &str) -> &'t str {
    trouble.filter(|trouble| trouble.act == act).map_or("", |trouble| trouble.form.get(name))
}

fn address(alert: &SupportAlert, act: &str) -> String {
    format!("/portal/alerts/{}/{act}", alert.reference)
}

fn note(reader: &PageReader, act: &str, trouble: Option<&Trouble>) -> Markup {
    let field = FormField { name: "note", label: "portal-note", hint: Some("portal-note-hint"), of: act };
    field.text(reader, before(trouble, act, "note"))
}

fn spoke(reader: &PageReader, act: &str, trouble: Option<&Trouble>) -> Markup {
    let field =
        FormField { name: "spoke_to_survivor", label: "portal-spoke", hint: Some("portal-spoke-hint"), of: act };
    field.tick(reader, before(trouble, act, "spoke_to_survivor") == "true")
}

/// The usual next act: to take it up, and after that to say how it goes.
pub fn next_act(reader: &PageReader, alert: &SupportAlert, trouble: Option<&Trouble>) -> Markup {
    // One that climbs again is taken up again.
    let is_held = alert.state == AlertState::Acknowledged && alert.acknowledged_at.is_some();
    let (act, label) = if is_held { ("progress", "portal-progress") } else { ("acknowledge", "portal-acknowledge") };
    let fields = html! {
        (note(reader, act, trouble))
        (spoke(reader, act, trouble))
        button type="submit" { (reader.say(label)) }
    };
    html! {
        section aria-labelledby="next-title" {
            h2 #next-title { (reader.say(label)) }
            (frame::form(reader, &address(alert, act), &fields))
        }
    }
}

/// The place that the phone gave, for the person who rings 999: opened with a reason, which the survivor reads.
pub fn place(reader: &PageReader, alert: &SupportAlert, trouble: Option<&Trouble>) -> Markup {
    let reason = FormField { name: "reason", label: "portal-reason", hint: Some("portal-reason-hint"), of: "location" };
    let fields = html! {
        (reason.line(reader, ("text", "off"), before(trouble, "location", "reason")))
        button.second type="submit" { (reader.say("portal-open-place")) }
    };
    html! {
        section aria-labelledby="place-title" {
            h2 #place-title { (reader.say("portal-place")) }
            (frame::form(reader, &address(alert, "location"), &fields))
        }
    }
}

/// The two ways in which an alert is closed.
pub fn closing(reader: &PageReader, alert: &SupportAlert, trouble: Option<&Trouble>) -> Markup {
    html! {
        section aria-labelledby="closing-title" {
            h2 #closing-title { (reader.say("portal-closing")) }
            (close(reader, alert, ("resolve", "portal-resolve"), trouble))
            (close(reader, alert, ("stand-down", "portal-stand-down"), trouble))
        }
    }
}

fn close(reader: &PageReader, alert: &SupportAlert, (act, label): (&str, &str), trouble: Option<&Trouble>) -> Markup {
    let word = FormField { name: "code_word", label: "portal-code-word", hint: Some("portal-code-word-hint"), of: act };
    let outcome = FormField { name: "outcome_confirmed", label: "portal-outcome-confirmed", hint: None, of: act };
    let is_open = trouble.is_some_and(|trouble| trouble.act == act);
    let fields = html! {
        (note(reader, act, trouble))
        (spoke(reader, act, trouble))
        @if alert.level >= EMERGENCY && !alert.is_exercise {
            // A word is never shown again, not even the one that was just typed.
            (word.line(reader, ("text", "off"), ""))
        }
        @if alert.outcome.is_some() {
            (outcome.tick(reader, before(trouble, act, "outcome_confirmed") == "true"))
        }
        button.second type="submit" { (reader.say(label)) }
    };
    html! {
        details open[is_open] {
            summary { (reader.say(label)) }
            (frame::form(reader, &address(alert, act), &fields))
        }
    }
}

/// The place of an alert, as it was just opened.
pub fn place_page(reader: &PageReader, reference: &str, place: &AlertLocationView) -> Markup {
    let given = place.location.as_ref();
    let number = |name: &str| given.and_then(|place| place.get(name)).and_then(Value::as_f64);
    let main = html! {
        h1 { (reader.say("portal-place")) }
        @match (number("lat"), number("lon")) {
            (Some(lat), Some(lon)) => {
                dl {
                    dt { (reader.say("portal-latitude")) }
                    dd { (lat) }
                    dt { (reader.say("portal-longitude")) }
                    dd { (lon) }
                    @if let Some(metres) = number("accuracy_m") {
                        dt { (reader.say("portal-accuracy")) }
                        dd { (metres) " m" }
                    }
                }
                p { (in_english("staff-place-of-phone")) }
            }
            _ => { p { (reader.say("portal-no-place")) } }
        }
        p { (reader.say("portal-opened")) " " (reader.when(place.opened_at)) }
        p { a href={ "/portal/alerts/" (reference) } { (reader.say("portal-back-to-alert")) } }
    };
    frame::page(reader, "portal-place-title", &main)
}
