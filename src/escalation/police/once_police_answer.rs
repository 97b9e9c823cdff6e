//! What somebody who rings 999 says once the police answer: whom it is about, where they may be found, and whom they fear. Pure.
//!
//! None of it is for the operator who connects the call, and none of it is in a task or in a list: it goes with the person whom
//! an alert is about, to those who are to answer it. An address is opened by itself, so that people hear who read it.

use jiff::civil::Date;

use crate::escalation::alerts::person::view::{AlertPersonView, FearedView};
use crate::words::{Filled, Language, say, say_with};

/// The sentences, in the order in which they are said.
pub(in crate::escalation) fn lines(person: &AlertPersonView, has_place: bool) -> Vec<String> {
    let mut said: Vec<String> = name(person).into_iter().collect();
    if let Some(day) = &person.date_of_birth {
        said.push(filled("once-born", &[("day", spoken(day).into())]));
    }
    said.push(plain(if has_place { "once-place-held" } else { "once-place-none" }));
    said.extend(person.fears.iter().flat_map(feared));
    said
}

fn name(person: &AlertPersonView) -> Option<String> {
    let known = |name: Option<&str>| name.map(|name| name.trim().to_owned()).filter(|name| !name.is_empty());
    match (known(person.full_name.as_deref()), known(person.preferred_name.as_deref())) {
        (Some(full), Some(called)) if full != called => {
            Some(filled("once-name-called", &[("name", full.into()), ("called", called.into())]))
        }
        (Some(name), _) | (None, Some(name)) => Some(filled("once-name", &[("name", name.into())])),
        (None, None) => None,
    }
}

/// Whom they fear. Somebody of the police is not named: the caller thinks first of who hears it.
fn feared(person: &FearedView) -> Vec<String> {
    if person.is_of_police {
        return vec![plain("once-fears-police")];
    }
    let name = ("name", person.name.as_str().into());
    let mut said = vec![match &person.date_of_birth {
        Some(day) => filled("once-fears-born", &[name, ("day", spoken(day).into())]),
        None => filled("once-fears", &[name]),
    }];
    let vehicle = |vehicle: &String| filled("once-fears-vehicle", &[("vehicle", vehicle.as_str().into())]);
    said.extend(person.vehicles.iter().map(vehicle));
    said
}

/// A day as it is read out.
fn spoken(day: &str) -> String {
    match day.parse::<Date>() {
        Ok(date) => date.strftime("%-d %B %Y").to_string(),
        Err(_) => day.to_owned(),
    }
}

fn plain(id: &str) -> String {
    say(Language::English, id)
}

fn filled(id: &str, with: &[Filled<'_>]) -> String {
    say_with(Language::English, id, with)
}
