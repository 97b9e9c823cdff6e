//! Patterns of incidents: pure rules, for the case view and for alerts alike. A pattern is a reason to look, not a
//! finding; it never lowers anybody's risk.

use uuid::Uuid;

use super::model::{Incident, Visibility};
use super::store;
use crate::access::SurvivorAccess;
use crate::db::{DbConn, IncidentId, Instant, Json, SurvivorId, text_enum};
use crate::directory;
use crate::error::Result;

mod limbs;
mod signs;
#[cfg(test)]
mod tests;
mod view;

pub use limbs::{LimbView, OccasionsView};
pub use signs::{Ground, Sign, SignKind};
pub use view::{IncidentPatternView, pattern_of};

/// The behaviour of getting past a block.
const NEW_CHANNEL: &str = "contact_new_account";

/// Behaviours that are contact from afar, but for [`NEW_CHANNEL`].
const CONTACT: [&str; 9] = [
    "call_unwanted",
    "message_text",
    "message_email",
    "message_social",
    "letter_note",
    "gift_item_left",
    "payment_reference",
    "contact_via_third_party",
    "prison_contact",
];

const DAY: i64 = 24 * 60 * 60;
/// Days in which three incidents are many.
const CLUSTER_SECONDS: i64 = 7 * DAY;
/// How many are many.
const CLUSTER: usize = 3;
/// Seconds that are looked back for what came before.
pub const LOOK_BACK_SECONDS: i64 = 28 * DAY;
/// Days over which incidents are read to see whether one of them completes a pattern.
const READ_DAYS: i64 = 84;

text_enum! {
    /// What incidents can amount to.
    pub enum PatternKind {
        /// Three incidents in seven days.
        ThreeIncidentsInSevenDays = "three_incidents_in_seven_days",
        /// After incidents from afar, one in person.
        OnlineToInPerson = "online_to_in_person",
        /// After other contact, contact from a new account or number.
        NewChannelAfterBlock = "new_channel_after_block",
    }
}

/// A pattern, and the incidents that it rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    /// Which.
    pub kind: PatternKind,
    /// When it came to stand out.
    pub at: Instant,
    /// The incidents.
    pub evidence: Vec<Uuid>,
}

/// An incident, as far as patterns look at it.
#[derive(Clone, Copy, Debug)]
pub struct Occurrence {
    /// When it happened.
    pub at: Instant,
    /// Which.
    pub id: Uuid,
    /// Whether a behaviour was in person.
    pub is_in_person: bool,
    /// Whether a behaviour was contact from afar.
    pub is_contact: bool,
    /// Whether it got past a block.
    pub is_new_channel: bool,
}

impl Occurrence {
    /// An incident of these behaviours.
    #[must_use]
    pub fn of(at: Instant, id: Uuid, behaviours: &[String]) -> Self {
        let is_in_person = |code: &String| directory::behaviour(code).is_some_and(|found| found.is_in_person);
        Self {
            at,
            id,
            is_in_person: behaviours.iter().any(is_in_person),
            is_contact: behaviours.iter().any(|code| CONTACT.contains(&code.as_str())),
            is_new_channel: behaviours.iter().any(|code| code == NEW_CHANNEL),
        }
    }
}

/// All patterns among incidents, given in any order.
#[must_use]
pub fn patterns(incidents: &[Occurrence]) -> Vec<Pattern> {
    let mut incidents = incidents.to_vec();
    incidents.sort_by_key(|incident| (incident.at, incident.id));
    let mut found = clusters(&incidents);
    found.extend(steps_towards(&incidents));
    found.extend(new_channels(&incidents));
    found
}

/// The patterns that one of the survivor's incidents belongs to, among those that they keep from nobody.
pub(super) fn patterns_with(conn: &mut DbConn, incident: &Incident) -> Result<Vec<PatternKind>> {
    if incident.visibility == Visibility::Private {
        return Ok(Vec::new());
    }
    // The programme hears of a pattern, and never of what was written under duress.
    let is_duress: &[bool] = if incident.is_duress { &[false, true] } else { &[false] };
    let since = incident.happened_at.plus_days(-READ_DAYS);
    let occurrences = of_survivor(conn, incident.survivor_id, since, is_duress)?;
    let with_it = patterns(&occurrences).into_iter().filter(|pattern| pattern.evidence.contains(&incident.id.0));
    let mut kinds: Vec<PatternKind> = with_it.map(|pattern| pattern.kind).collect();
    kinds.sort_unstable();
    kinds.dedup();
    Ok(kinds)
}

/// What happened to a survivor since a moment, as far as they keep it from nobody.
pub fn occurrences_since(conn: &mut DbConn, access: &SurvivorAccess, since: Instant) -> Result<Vec<Occurrence>> {
    of_survivor(conn, access.id(), since, &[false, true])
}

fn of_survivor(conn: &mut DbConn, survivor: SurvivorId, since: Instant, is_duress: &[bool]) -> Result<Vec<Occurrence>> {
    let rows = store::list_occurrences(conn, survivor, since, is_duress)?;
    let occurrence = |(id, at, behaviours): (IncidentId, Instant, Json)| {
        Ok(Occurrence::of(at, id.0, &behaviours.read::<Vec<String>>()?))
    };
    rows.into_iter().map(occurrence).collect()
}

/// One pattern for each unbroken run of incidents of which any three neighbours lie within seven days, inclusive.
fn clusters(incidents: &[Occurrence]) -> Vec<Pattern> {
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for (start, group) in incidents.windows(CLUSTER).enumerate() {
        let is_close = match (group.first(), group.last()) {
            (Some(first), Some(last)) => last.at.seconds_since(first.at) <= CLUSTER_SECONDS,
            _ => false,
        };
        let end = start + CLUSTER;
        match runs.last_mut() {
            Some((_, run_end)) if is_close && start < *run_end => *run_end = end,
            _ if is_close => runs.push((start, end)),
            _ => {}
        }
    }
    let of = |(start, end): (usize, usize)| {
        let run = incidents.get(start..end)?;
        let evidence = run.iter().map(|incident| incident.id).collect();
        Some(Pattern { kind: PatternKind::ThreeIncidentsInSevenDays, at: run.last()?.at, evidence })
    };
    runs.into_iter().filter_map(of).collect()
}

/// Each incident in person that only incidents from afar came before.
fn steps_towards(incidents: &[Occurrence]) -> Vec<Pattern> {
    let mut found = Vec::new();
    for (position, step) in incidents.iter().enumerate().filter(|(_, incident)| incident.is_in_person) {
        let before = incidents.get(..position).unwrap_or_default();
        let recent = before.iter().filter(|earlier| step.at.seconds_since(earlier.at) <= LOOK_BACK_SECONDS);
        let recent: Vec<&Occurrence> = recent.collect();
        let Some(last) = recent.last() else { continue };
        if !recent.iter().any(|earlier| earlier.is_in_person) {
            let kind = PatternKind::OnlineToInPerson;
            found.push(Pattern { kind, at: step.at, evidence: vec![last.id, step.id] });
        }
    }
    found
}

/// Each contact by a new account or number that other contact came before.
fn new_channels(incidents: &[Occurrence]) -> Vec<Pattern> {
    let mut found = Vec::new();
    let mut last_contact: Option<&Occurrence> = None;
    for incident in incidents {
        if let Some(earlier) = last_contact.filter(|_| incident.is_new_channel) {
            let kind = PatternKind::NewChannelAfterBlock;
            found.push(Pattern { kind, at: incident.at, evidence: vec![earlier.id, incident.id] });
        }
        if incident.is_contact {
            last_contact = Some(incident);
        }
    }
    found
}
