//! What would happen if nobody answered, or somebody did late: the steps of a ladder as the API's simulation climbs them, drawn and
//! as a table.

use std::collections::BTreeMap;

use askama::Template;

use super::drawing::{Drawing, MarkOf, WIDTH};
use super::ladder_pages::{audience, code_of};
use super::spans;
use super::watch_page::name_of;
use crate::db::{Instant, StaffId};
use crate::escalation::ladder::Audience;
use crate::escalation::{SimulatedStepView, SimulationView};
use crate::portal::pages::reader::{InEnglish, PageReader};
use crate::words::{self, Language, id_of};

/// Moments that are drawn, the first; the table has all.
const MOST_DRAWN: usize = 12;

/// What would happen.
#[derive(Template)]
#[template(path = "rota/climb.html")]
pub struct ClimbPage<'a> {
    reader: &'a PageReader,
    title: String,
    police: InEnglish,
    has_gaps: bool,
    drawing: Drawing,
    rows: Vec<ClimbRow>,
    href: String,
}

/// One audience of a step.
struct ClimbRow {
    when: String,
    after: String,
    who: InEnglish,
    outcome: InEnglish,
    people: Vec<String>,
}

impl<'a> ClimbPage<'a> {
    /// What the simulation of a ladder says.
    pub fn of(reader: &'a PageReader, found: &SimulationView, names: &BTreeMap<StaffId, String>, href: String) -> Self {
        let police = match found.worst_case_minutes_to_police {
            Some(minutes) => reader.in_english_with("staff-climb-police", &[("minutes", minutes.into())]),
            None => reader.in_english("staff-climb-no-police"),
        };
        Self {
            title: reader.title("portal-climb-title", false),
            police,
            has_gaps: found.has_gaps,
            drawing: drawn(&found.steps),
            rows: found.steps.iter().flat_map(|step| rows(reader, names, step)).collect(),
            href,
            reader,
        }
    }
}

fn rows(reader: &PageReader, names: &BTreeMap<StaffId, String>, step: &SimulatedStepView) -> Vec<ClimbRow> {
    let mut all = Vec::new();
    for told in &step.told {
        all.push(ClimbRow {
            when: spans::at(reader, step.at),
            after: reader.say_with("portal-after-minutes", &[("minutes", step.after_minutes.into())]),
            who: audience(reader, told.audience),
            outcome: reader.in_english(&id_of("staff-climb", &told.outcome)),
            people: told.staff.iter().map(|id| name_of(reader, names, *id)).collect(),
        });
    }
    all
}

/// A line for each audience, in the order in which they are notified first, and the moments from left to right, each as far from
/// the next: most of what happens does so in the first minutes.
fn drawn(steps: &[SimulatedStepView]) -> Drawing {
    let mut moments: Vec<Instant> = steps.iter().map(|step| step.at).collect();
    moments.dedup();
    moments.truncate(MOST_DRAWN);
    let count = i64::try_from(moments.len()).unwrap_or(1).max(1);
    let x_of = |at: Instant| {
        let place = moments.iter().position(|known| *known == at)?;
        Some((i64::try_from(place).unwrap_or(0) * 2 + 1) * WIDTH / (2 * count))
    };
    let mut lines: Vec<(Audience, Vec<MarkOf>)> = Vec::new();
    for step in steps {
        let Some(x) = x_of(step.at) else { continue };
        for told in &step.told {
            let mark = match told.outcome.as_str() {
                "told" | "task" => MarkOf::Reached(x),
                "if_allowed" => MarkOf::Depends(x),
                _ => MarkOf::Unreached(x),
            };
            match lines.iter_mut().find(|(known, _)| *known == told.audience) {
                Some((_, marks)) => marks.push(mark),
                None => lines.push((told.audience, vec![mark])),
            }
        }
    }
    // The drawing is of words of safety, which are there in English alone.
    let label = |audience: Audience| words::say(Language::English, &id_of("staff-audience", &code_of(audience)));
    let lines = lines.into_iter().map(|(audience, marks)| (label(audience), marks)).collect();
    let ticks = moments.iter().filter_map(|at| Some((x_of(*at)?, spans::time(*at)))).collect();
    Drawing::of(lines, ticks)
}
