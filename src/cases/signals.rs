//! What is striking when both sides of a case are seen together: computed, explained, dated.
//!
//! Pure rules over plain input, which holds only what the caller may see. A signal is a reason to look, not a finding;
//! it never lowers anybody's risk, and it is never to be raised with the participant, who could learn from it what the
//! survivor reported.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::db::{Instant, text_enum};
use crate::incidents::pattern::{self, LOOK_BACK_SECONDS, Occurrence, PatternKind};

#[cfg(test)]
mod tests;

const DAY: i64 = 24 * 60 * 60;

text_enum! {
    /// What is striking.
    pub enum SignalKind {
        /// A missed check-in and a missed session lie within 24 hours.
        MissedCheckInAndSession = "missed_check_in_and_session",
        /// The participant acted on an urge, and an incident lies within 48 hours.
        ActedOnUrgeAndIncident = "acted_on_urge_and_incident",
        /// Three incidents in seven days.
        ThreeIncidentsInSevenDays = "three_incidents_in_seven_days",
        /// After incidents from afar, one in person.
        OnlineToInPerson = "online_to_in_person",
        /// After other contact, contact from a new account or number.
        NewChannelAfterBlock = "new_channel_after_block",
        /// A goal was scored higher while incidents rose.
        GoalUpWhileIncidentsRise = "goal_up_while_incidents_rise",
    }
}

impl From<PatternKind> for SignalKind {
    fn from(kind: PatternKind) -> Self {
        match kind {
            PatternKind::ThreeIncidentsInSevenDays => Self::ThreeIncidentsInSevenDays,
            PatternKind::OnlineToInPerson => Self::OnlineToInPerson,
            PatternKind::NewChannelAfterBlock => Self::NewChannelAfterBlock,
        }
    }
}

impl SignalKind {
    fn explanation(self) -> &'static str {
        match self {
            Self::MissedCheckInAndSession => {
                "The survivor missed a check-in and the participant missed a session within 24 hours of each other."
            }
            Self::ActedOnUrgeAndIncident => {
                "The participant's diary says that they acted on an urge, and an incident happened within 48 hours of it."
            }
            Self::ThreeIncidentsInSevenDays => "At least three incidents happened within seven days.",
            Self::OnlineToInPerson => {
                "An incident in person followed incidents from afar; none in the 28 days before it was in person."
            }
            Self::NewChannelAfterBlock => "After other contact, contact came from a new account or number.",
            Self::GoalUpWhileIncidentsRise => {
                "A goal was scored higher, while more incidents happened in the 28 days before than in the 28 before those."
            }
        }
    }
}

/// One thing that is striking.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Signal {
    /// What.
    pub signal: SignalKind,
    /// When it came to stand out.
    pub at: Instant,
    /// In words.
    #[schema(value_type = String)]
    pub explanation: &'static str,
    /// The check-ins, sessions, incidents and reviews that it rests on.
    pub evidence: Vec<Uuid>,
    /// Always true: the participant could learn from it what the survivor reported.
    pub not_to_be_raised_in_session: bool,
}

/// Something at a moment.
#[derive(Clone, Copy, Debug)]
pub struct Dated {
    /// When.
    pub at: Instant,
    /// What.
    pub id: Uuid,
}

/// Something that happened between two moments, which are one where it is known well.
#[derive(Clone, Copy, Debug)]
pub struct Stretch {
    /// Not before.
    pub from: Instant,
    /// Not after.
    pub to: Instant,
    /// What.
    pub id: Uuid,
}

/// A review of a goal, beside the score before it.
#[derive(Clone, Copy, Debug)]
pub struct Score {
    /// When.
    pub at: Instant,
    /// The review.
    pub id: Uuid,
    /// The score before, or the baseline.
    pub before: i32,
    /// The score given.
    pub after: i32,
}

/// What the caller may see, in any order; empty what is withheld.
#[derive(Clone, Debug, Default)]
pub struct SignalInputs {
    /// Check-ins that were missed, by when they were due.
    pub missed_check_ins: Vec<Dated>,
    /// Sessions that the participant missed, by when they were planned.
    pub missed_sessions: Vec<Dated>,
    /// Days, or moments, at which the participant acted on an urge.
    pub acted_urges: Vec<Stretch>,
    /// Incidents.
    pub incidents: Vec<Occurrence>,
    /// Reviews of goals.
    pub scores: Vec<Score>,
}

/// All signals, newest first.
pub fn signals(seen: &SignalInputs) -> Vec<Signal> {
    let incidents = in_order(seen);
    let mut found = across(seen, &incidents);
    found.extend(
        pattern::patterns(&incidents).into_iter().map(|found| signal(found.kind.into(), found.at, found.evidence)),
    );
    found.sort_by(|a, b| (b.at, b.signal).cmp(&(a.at, a.signal)).then_with(|| b.evidence.cmp(&a.evidence)));
    found
}

/// Only those that need both sides, in no order.
pub fn of_both_sides(seen: &SignalInputs) -> Vec<Signal> {
    across(seen, &in_order(seen))
}

fn in_order(seen: &SignalInputs) -> Vec<Occurrence> {
    let mut incidents = seen.incidents.clone();
    incidents.sort_by_key(|incident| (incident.at, incident.id));
    incidents
}

fn across(seen: &SignalInputs, incidents: &[Occurrence]) -> Vec<Signal> {
    let mut found = missed_together(&seen.missed_check_ins, &seen.missed_sessions);
    found.extend(urges_near_incidents(&seen.acted_urges, incidents));
    found.extend(rising_against_scores(incidents, &seen.scores));
    found
}

fn signal(signal: SignalKind, at: Instant, evidence: Vec<Uuid>) -> Signal {
    Signal { signal, at, explanation: signal.explanation(), evidence, not_to_be_raised_in_session: true }
}

/// One signal for each missed session that missed check-ins lie near, inclusive.
fn missed_together(check_ins: &[Dated], sessions: &[Dated]) -> Vec<Signal> {
    let mut found = Vec::new();
    for session in sessions {
        let mut near: Vec<&Dated> =
            check_ins.iter().filter(|check_in| check_in.at.seconds_since(session.at).abs() <= DAY).collect();
        near.sort_by_key(|check_in| (check_in.at, check_in.id));
        let Some(last) = near.last() else { continue };
        let evidence = std::iter::once(session.id).chain(near.iter().map(|check_in| check_in.id)).collect();
        found.push(signal(SignalKind::MissedCheckInAndSession, last.at.max(session.at), evidence));
    }
    found
}

/// One signal for each urge acted on that incidents lie near, inclusive, whichever came first.
fn urges_near_incidents(urges: &[Stretch], incidents: &[Occurrence]) -> Vec<Signal> {
    let mut found = Vec::new();
    for urge in urges {
        let is_near = |incident: &&Occurrence| {
            urge.from.seconds_since(incident.at) <= 2 * DAY && incident.at.seconds_since(urge.to) <= 2 * DAY
        };
        let near: Vec<&Occurrence> = incidents.iter().filter(is_near).collect();
        let Some(last) = near.last() else { continue };
        let evidence = std::iter::once(urge.id).chain(near.iter().map(|incident| incident.id)).collect();
        found.push(signal(SignalKind::ActedOnUrgeAndIncident, last.at.max(urge.from), evidence));
    }
    found
}

/// Each review that scored a goal higher although incidents had become more.
fn rising_against_scores(incidents: &[Occurrence], scores: &[Score]) -> Vec<Signal> {
    let mut found = Vec::new();
    for score in scores.iter().filter(|score| score.after > score.before) {
        let ago = |incident: &&Occurrence| score.at.seconds_since(incident.at);
        let within = |range: std::ops::Range<i64>| {
            incidents.iter().filter(move |incident| incident.at <= score.at && range.contains(&ago(incident)))
        };
        let recent: Vec<Uuid> = within(0..LOOK_BACK_SECONDS).map(|incident| incident.id).collect();
        if recent.len() > within(LOOK_BACK_SECONDS..2 * LOOK_BACK_SECONDS).count() {
            let evidence = std::iter::once(score.id).chain(recent).collect();
            found.push(signal(SignalKind::GoalUpWhileIncidentsRise, score.at, evidence));
        }
    }
    found
}
