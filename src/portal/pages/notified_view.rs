//! Who was notified of an alert, the latest step first, and what came of it: that a message was sent is not that anybody has
//! read it.

use std::collections::BTreeMap;

use maud::{Markup, html};
use serde::Deserialize;

use super::reader::{PageReader, in_english};
use crate::db::{Instant, StaffId};
use crate::escalation::{StepView, SupportAlert};
use crate::words;

/// Steps that are shown; that there were more is said.
const MOST_STEPS: usize = 20;

/// A step as `steps` of an alert says it.
#[derive(Default, Deserialize)]
struct StepLine {
    #[serde(default, rename = "told")]
    audiences: Vec<AudienceLine>,
}

/// How one audience was notified.
#[derive(Deserialize)]
struct AudienceLine {
    audience: String,
    outcome: String,
    #[serde(default)]
    at: Option<Instant>,
    #[serde(default)]
    people: Vec<ReachedPerson>,
}

/// What came of notifying one person.
#[derive(Deserialize)]
struct ReachedPerson {
    staff: StaffId,
    outcome: String,
    #[serde(default)]
    at: Option<Instant>,
}

/// The latest steps of an alert, which name members of staff by their ids.
pub struct NotifiedSteps {
    steps: Vec<(Instant, StepLine)>,
    is_all: bool,
}

impl NotifiedSteps {
    /// Those of an alert, as the API shows them.
    pub fn of(alert: &SupportAlert) -> Self {
        let line = |step: &StepView| (step.at, StepLine::deserialize(&step.detail).unwrap_or_default());
        let steps = alert.steps.iter().rev().take(MOST_STEPS).map(line).collect();
        Self { steps, is_all: alert.steps.len() <= MOST_STEPS }
    }

    /// Whom they name.
    pub fn people(&self) -> impl Iterator<Item = StaffId> + '_ {
        let audiences = self.steps.iter().flat_map(|(_, step)| &step.audiences);
        audiences.flat_map(|audience| audience.people.iter().map(|person| person.staff))
    }
}

/// Who was notified, with the names of colleagues.
pub fn notified(reader: &PageReader, steps: &NotifiedSteps, names: &BTreeMap<StaffId, String>) -> Markup {
    html! {
        @if steps.steps.is_empty() { p { (in_english("staff-nobody-notified")) } }
        ol.list {
            @for (at, step) in &steps.steps {
                li {
                    p { (reader.when(*at)) }
                    ul { @for audience in &step.audiences { li { (audience_line(reader, audience, names)) } } }
                }
            }
        }
        @if !steps.is_all { p { (reader.say("portal-earlier-steps")) } }
    }
}

fn audience_line(reader: &PageReader, line: &AudienceLine, names: &BTreeMap<StaffId, String>) -> Markup {
    html! {
        strong { (in_english(&words::id_of("staff-audience", &line.audience))) } ": "
        (reached(reader, &line.outcome, line.at))
        @if !line.people.is_empty() {
            ul {
                @for person in &line.people {
                    li {
                        @match names.get(&person.staff) {
                            Some(name) => { (name) }
                            None => { (reader.say("portal-somebody")) }
                        }
                        ": " (reached(reader, &person.outcome, person.at))
                    }
                }
            }
        }
    }
}

fn reached(reader: &PageReader, outcome: &str, at: Option<Instant>) -> Markup {
    html! {
        (in_english(&words::id_of("staff-reached", outcome)))
        @if let Some(at) = at { ", " (reader.when(at)) }
    }
}
