//! Incidents for each survivor-month before, during and after the programme of the participant whom the survivor's case
//! names. What is measured instead of attendance: the trial behind the programme's source found no effect of completing
//! it on re-offending, and had no untreated arm.

use std::collections::BTreeMap;

use jiff::{Span, ToSpan};

use super::super::measures::{Number, as_f64, whole};
use super::super::period::london;
use super::super::sheet::{Key, Sheet, Value};
use super::people;
use crate::db::{Instant, ParticipantId, SurvivorId};
use crate::error::Result;

/// The windows, in the order of time.
const WINDOWS: [&str; 4] = ["before", "during", "after_0_6_months", "after_6_12_months"];
/// Days in a month, on the average of four years.
const MONTH_DAYS: f64 = 30.4375;

const NOTE: &str = "Bear in mind: logging rises when a log is introduced, so more incidents need not mean more happened. \
    Before: the twelve months before the first session attended. During: from then to the last session planned. \
    A survivor's months count only from when their record was made, and only as far as they lie in the period; each case \
    is counted by itself.";

/// A survivor's time within one window of one case, and what happened in it.
#[derive(Clone, Debug, PartialEq)]
pub struct Exposure {
    /// Whose.
    pub survivor: SurvivorId,
    window: usize,
    seconds: i64,
    incidents: usize,
}

/// From when to when a participant was in the programme; no end while it lasts.
pub type Course = (Instant, Option<Instant>);

/// What exposures are made from.
pub struct Sources<'a> {
    /// Who is linked to whom.
    pub links: &'a [(SurvivorId, ParticipantId)],
    /// When participants were in the programme.
    pub courses: &'a BTreeMap<ParticipantId, Course>,
    /// Since when survivors have a record.
    pub since: &'a BTreeMap<SurvivorId, Instant>,
    /// What happened when.
    pub incidents: &'a [(SurvivorId, Instant)],
}

/// The time of each case within a period.
///
/// # Errors
/// When the time zone is not to be had.
pub fn exposures(sources: &Sources<'_>, (from, until): (Instant, Instant)) -> Result<Vec<Exposure>> {
    let mut happened: BTreeMap<SurvivorId, Vec<Instant>> = BTreeMap::new();
    for (survivor, at) in sources.incidents {
        happened.entry(*survivor).or_default().push(*at);
    }
    let mut found = Vec::new();
    for (survivor, participant) in sources.links {
        let (Some(course), Some(since)) = (sources.courses.get(participant), sources.since.get(survivor)) else {
            continue;
        };
        for (window, bounds) in windows(*course)?.into_iter().enumerate() {
            let Some((start, end)) = bounds else { continue };
            let (start, end) = (start.max(from).max(*since), end.min(until));
            if start < end {
                let within = |at: &&Instant| **at >= start && **at < end;
                let incidents = happened.get(survivor).map_or(0, |all| all.iter().filter(within).count());
                found.push(Exposure { survivor: *survivor, window, seconds: end.seconds_since(start), incidents });
            }
        }
    }
    Ok(found)
}

type Bounds = Option<(Instant, Instant)>;

/// From when to when each window of a course lasts; months are those of the calendar in London.
fn windows((start, end): Course) -> Result<[Bounds; 4]> {
    let shifted = |at: Instant, span: Span| -> Result<Instant> {
        Ok(Instant::from_timestamp(london(at)?.saturating_add(span).timestamp()))
    };
    let before = Some((shifted(start, -12.months())?, start));
    let Some(end) = end else {
        return Ok([before, Some((start, Instant::from_microseconds(i64::MAX))), None, None]);
    };
    let (half, full) = (shifted(end, 6.months())?, shifted(end, 12.months())?);
    Ok([before, Some((start, end)), Some((end, half)), Some((half, full))])
}

/// Incidents for each survivor-month, by window.
pub fn sheet(rows: &[Exposure]) -> Sheet {
    let mut sheet = Sheet::default();
    for (window, category) in WINDOWS.into_iter().enumerate() {
        let own: Vec<&Exposure> = rows.iter().filter(|row| row.window == window).collect();
        let incidents = own.iter().map(|row| row.incidents).sum::<usize>();
        let months = own.iter().map(|row| whole(row.seconds)).sum::<f64>() / 86_400.0 / MONTH_DAYS;
        let rate = (months > 0.0).then(|| Number::measure(as_f64(incidents) / months));
        let values = [
            Value::count("incidents", "incidents", incidents),
            Value::new("survivor_months", "months", Some(Number::measure(months))),
            Value::new("rate", "incidents_per_survivor_month", rate),
        ];
        sheet.add(Key::new("incidents", category), people(&own, |row| row.survivor.0), values);
    }
    sheet.note("incidents", NOTE);
    sheet
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Instant {
        text.parse().unwrap()
    }

    #[test]
    fn windows_are_of_calendar_months_by_the_clocks_of_london() {
        let [before, during, half, full] =
            windows((at("2026-02-02T10:00:00Z"), Some(at("2026-04-27T09:00:00Z")))).unwrap();
        assert_eq!(before, Some((at("2025-02-02T10:00:00Z"), at("2026-02-02T10:00:00Z"))));
        assert_eq!(during, Some((at("2026-02-02T10:00:00Z"), at("2026-04-27T09:00:00Z"))));
        // Ten in the morning in April is nine by UTC, and ten in October.
        assert_eq!(half, Some((at("2026-04-27T09:00:00Z"), at("2026-10-27T10:00:00Z"))));
        assert_eq!(full, Some((at("2026-10-27T10:00:00Z"), at("2027-04-27T09:00:00Z"))));
    }

    #[test]
    fn time_before_the_record_was_made_does_not_count_nor_what_happened_then() {
        let (survivor, participant) = (SurvivorId(uuid::Uuid::from_u128(1)), ParticipantId(uuid::Uuid::from_u128(2)));
        let courses = BTreeMap::from([(participant, (at("2026-03-01T00:00:00Z"), None))]);
        let since = BTreeMap::from([(survivor, at("2026-02-01T00:00:00Z"))]);
        let incidents =
            ["2026-01-31T12:00:00Z", "2026-02-03T12:00:00Z", "2026-03-05T12:00:00Z"].map(|text| (survivor, at(text)));
        let sources =
            Sources { links: &[(survivor, participant)], courses: &courses, since: &since, incidents: &incidents };
        let found = exposures(&sources, (at("2026-01-01T00:00:00Z"), at("2026-03-31T00:00:00Z"))).unwrap();
        let day = 86_400;
        assert_eq!(
            found,
            [
                Exposure { survivor, window: 0, seconds: 28 * day, incidents: 1 },
                Exposure { survivor, window: 1, seconds: 30 * day, incidents: 1 },
            ]
        );
    }
}
