//! Who was notified of an alert, the latest step first, and what came of it: that a message was sent is not that anybody has
//! read it.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::reader::{InEnglish, PageReader, When};
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
    has_earlier: bool,
}

impl NotifiedSteps {
    /// Those of an alert, as the API shows them.
    pub fn of(alert: &SupportAlert) -> Self {
        let line = |step: &StepView| (step.at, StepLine::deserialize(&step.detail).unwrap_or_default());
        let steps = alert.steps.iter().rev().take(MOST_STEPS).map(line).collect();
        Self { steps, has_earlier: alert.steps.len() > MOST_STEPS }
    }

    /// Whether there were earlier ones.
    pub fn has_earlier(&self) -> bool {
        self.has_earlier
    }

    /// Whom they name.
    pub fn people(&self) -> impl Iterator<Item = StaffId> + '_ {
        let audiences = self.steps.iter().flat_map(|(_, step)| &step.audiences);
        audiences.flat_map(|audience| audience.people.iter().map(|person| person.staff))
    }

    /// As they are shown, with the names of colleagues.
    pub fn show(&self, reader: &PageReader, names: &BTreeMap<StaffId, String>) -> Vec<ShownStep> {
        let step = |(at, step): &(Instant, StepLine)| ShownStep {
            at: reader.when(*at),
            audiences: step.audiences.iter().map(|audience| audience.show(reader, names)).collect(),
        };
        self.steps.iter().map(step).collect()
    }
}

impl AudienceLine {
    fn show(&self, reader: &PageReader, names: &BTreeMap<StaffId, String>) -> ShownAudience {
        let people = self.people.iter().map(|person| NamedPerson {
            name: names.get(&person.staff).cloned().unwrap_or_else(|| reader.say("portal-somebody")),
            reached: reached(reader, &person.outcome),
            at: person.at.map(|at| reader.when(at)),
        });
        ShownAudience {
            words: reader.in_english(&words::id_of("staff-audience", &self.audience)),
            reached: reached(reader, &self.outcome),
            at: self.at.map(|at| reader.when(at)),
            people: people.collect(),
        }
    }
}

fn reached(reader: &PageReader, outcome: &str) -> InEnglish {
    reader.in_english(&words::id_of("staff-reached", outcome))
}

/// A step as it is shown.
pub struct ShownStep {
    /// When it was.
    pub at: When,
    /// Who was notified by it.
    pub audiences: Vec<ShownAudience>,
}

/// How one audience was notified.
pub struct ShownAudience {
    /// Who they are.
    pub words: InEnglish,
    /// What came of it.
    pub reached: InEnglish,
    /// When that was.
    pub at: Option<When>,
    /// Each of them.
    pub people: Vec<NamedPerson>,
}

/// How one person was notified.
pub struct NamedPerson {
    /// Who they are.
    pub name: String,
    /// What came of it.
    pub reached: InEnglish,
    /// When that was.
    pub at: Option<When>,
}
