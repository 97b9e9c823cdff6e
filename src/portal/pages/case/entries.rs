//! What each kind of record is on the time axis, in words and as a mark: for both sides the same, from what a page was given.

use uuid::Uuid;

use super::axis::{AxisEntry, AxisLane, GoalSteps, MarkShape};
use crate::cases::CheckInSummaryView;
use crate::checkins::EffectiveState;
use crate::db::{Day, Instant};
use crate::directory::{OrderKind, behaviour};
use crate::escalation::AlertSummary;
use crate::incidents::HappenedView;
use crate::portal::pages::alert_words::{LevelTag, alert_path};
use crate::portal::pages::reader::{InEnglish, PageReader};
use crate::programme::Attendance;
use crate::words::id_of;

/// The severity from which on an incident is grave, and the level from which on an alert is.
const GRAVE: i32 = 3;

/// A check-in, by when it was due, arrived or was missed.
pub fn check_in(
    reader: &PageReader,
    (id, state, is_proven): (Uuid, EffectiveState, Option<bool>),
    times: [Option<Instant>; 3],
) -> Option<AxisEntry> {
    let at = times.into_iter().flatten().next()?;
    let mark = match state {
        EffectiveState::Missed => (MarkShape::Cross, true),
        EffectiveState::Concern | EffectiveState::HelpNow => (MarkShape::Diamond, true),
        EffectiveState::Safe | EffectiveState::Resolved => (MarkShape::Line, false),
        EffectiveState::Scheduled | EffectiveState::Open | EffectiveState::Due | EffectiveState::Late => {
            (MarkShape::Ring, false)
        }
    };
    Some(AxisEntry::of(AxisLane::CheckIns, (at, id), mark, check_in_words(reader, (state, is_proven))))
}

/// A check-in in words.
pub fn check_in_words(reader: &PageReader, (state, is_proven): (EffectiveState, Option<bool>)) -> InEnglish {
    match (state, is_proven) {
        (EffectiveState::Safe, Some(false)) => reader.in_english("staff-check-in-unproven"),
        _ => reader.in_english(&id_of("staff-check-in", state.as_str())),
    }
}

/// An incident, by when it happened as far as that is known, else by when it arrived.
pub fn incident(
    reader: &PageReader,
    (id, severity, is_breach): (Uuid, i32, bool),
    (happened, received_at): (&HappenedView, Instant),
    behaviours: &[String],
) -> AxisEntry {
    let words = incident_words(reader, (severity, is_breach), happened, behaviours);
    let at = happened.from.or(happened.to).unwrap_or(received_at);
    let mark = (MarkShape::Bar(severity.clamp(1, 4)), severity >= GRAVE);
    AxisEntry::of(AxisLane::Incidents, (at, id), mark, reader.in_own(words))
}

/// An incident in words that name behaviours, and none of those that the survivor wrote.
pub fn incident_words(
    reader: &PageReader,
    (severity, is_breach): (i32, bool),
    happened: &HappenedView,
    behaviours: &[String],
) -> String {
    let behaviours = behaviours.iter().filter_map(|code| behaviour(code));
    let list: Vec<String> = behaviours.map(|known| known.in_language(reader.language).definition).collect();
    let mut parts = vec![reader.say(&id_of("portal-severity", &severity.to_string()))];
    parts.extend((!list.is_empty()).then(|| list.join("; ")));
    parts.extend(is_breach.then(|| reader.say("portal-suspected-breach")));
    parts.extend(happened.from.is_none().then(|| reader.say("portal-time-unknown")));
    parts.join(". ")
}

/// An alert; its page says more.
pub fn alert(reader: &PageReader, alert: &AlertSummary) -> AxisEntry {
    let (at, id) = (alert.raised_at, alert.id.0);
    let words = match alert.is_exercise {
        true => reader.in_english("staff-happened-exercise"),
        false => reader.in_own(LevelTag::of(reader, alert.level).words),
    };
    let mark = (MarkShape::Diamond, alert.level >= GRAVE && !alert.is_exercise);
    AxisEntry { href: Some(alert_path(&alert.reference)), ..AxisEntry::of(AxisLane::Alerts, (at, id), mark, words) }
}

/// A session.
pub fn session(
    reader: &PageReader,
    (id, number, planned_at): (Uuid, i32, Instant),
    attendance: Option<Attendance>,
) -> AxisEntry {
    let mark = match attendance {
        None => (MarkShape::Ring, false),
        Some(attendance) if attendance.is_missed() => (MarkShape::Cross, true),
        Some(_) => (MarkShape::Line, false),
    };
    let words = session_words(reader, number, attendance);
    AxisEntry::of(AxisLane::Sessions, (planned_at, id), mark, reader.in_own(words))
}

/// A session in words.
pub fn session_words(reader: &PageReader, number: i32, attendance: Option<Attendance>) -> String {
    let came = attendance.map_or("planned", Attendance::as_str);
    let came = reader.say(&id_of("portal-attendance", came));
    reader.say_with("portal-session-line", &[("number", number.into()), ("came", came.into())])
}

/// A score of a goal.
pub fn score(reader: &PageReader, id: Uuid, number: usize, (reviewed_on, score): (Day, i32)) -> AxisEntry {
    let score = format!("{score:+}");
    let words = reader.say_with("portal-score-line", &[("number", number.into()), ("score", score.into())]);
    AxisEntry::on(reader, AxisLane::Goals, (reviewed_on, id), MarkShape::Step, reader.in_own(words))
}

/// The steps of a goal; what was withdrawn is none.
pub fn steps(reader: &PageReader, start: (Instant, i32), reviews: impl Iterator<Item = (Day, i32)>) -> GoalSteps {
    let mut scores: Vec<(Instant, i32)> = reviews.map(|(day, score)| (reader.day(day).0, score)).collect();
    scores.sort_by_key(|(at, _)| *at);
    GoalSteps { start, scores }
}

/// The days of an order that a court or the police set: made, served, its last one, ended before.
pub fn order(
    reader: &PageReader,
    (id, kind): (Uuid, OrderKind),
    [made, served, expires, ended]: [Option<Day>; 4],
) -> Vec<AxisEntry> {
    let name = kind.in_words(reader.language);
    let days = [
        ("portal-order-made", made),
        ("portal-order-served", served),
        ("portal-order-expires", expires),
        ("portal-order-ended", ended),
    ];
    let entry = |(message, day): (&str, Option<Day>)| {
        let words = reader.say_with(message, &[("order", name.as_str().into())]);
        Some(AxisEntry::on(reader, AxisLane::Orders, (day?, id), MarkShape::Flag, reader.in_own(words)))
    };
    days.into_iter().filter_map(entry).collect()
}

/// Check-ins in figures.
pub fn check_in_figures(reader: &PageReader, summary: &CheckInSummaryView) -> String {
    let CheckInSummaryView { answered, late, missed, .. } = summary;
    reader.say_with(
        "portal-check-in-figures",
        &[("answered", (*answered).into()), ("late", (*late).into()), ("missed", (*missed).into())],
    )
}

/// How many of a kind are shown.
pub fn count(reader: &PageReader, count: usize) -> String {
    reader.say_with("portal-shown-count", &[("count", count.into())])
}
