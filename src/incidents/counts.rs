//! How many incidents in each week, and of which behaviours.

use std::collections::BTreeMap;

use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use serde::Serialize;
use utoipa::ToSchema;

use super::model::Visibility;
use super::store;
use crate::access::SurvivorAccess;
use crate::db::{DbConn, Instant};
use crate::error::Result;

/// Weeks that are counted, the present one included.
const WEEKS: i64 = 12;

/// How often one behaviour was reported in one week.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct WeekCount {
    /// The Monday of the week (UTC).
    pub week_on: Date,
    /// The behaviour's code.
    #[schema(example = "message_text")]
    pub behaviour: String,
    /// Incidents with it.
    pub count: i64,
}

/// The incidents of the last twelve weeks in figures.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct IncidentCounts {
    /// The first day counted.
    pub since_on: Date,
    /// All incidents.
    pub incidents: i64,
    /// Those that name an order condition which they may breach.
    pub suspected_breaches: i64,
    /// By week and behaviour, oldest week first.
    pub weeks: Vec<WeekCount>,
}

/// Counts the incidents of the last twelve weeks that are visible at least so far, by when they happened.
pub fn count_by_week_and_behaviour(
    conn: &mut DbConn,
    access: &SurvivorAccess,
    least: Visibility,
    now: Instant,
) -> Result<IncidentCounts> {
    let since_on = first_monday(now);
    let since = since_on.to_zoned(TimeZone::UTC).map_or(now, |start| Instant::from_timestamp(start.timestamp()));
    let mut rows = Vec::new();
    for (at, behaviours, condition) in store::list_visible_since(conn, access, least, since)? {
        rows.push((at, behaviours.read::<Vec<String>>()?, condition.is_some()));
    }
    Ok(count(since_on, &rows))
}

fn first_monday(now: Instant) -> Date {
    let week = monday(now);
    week.checked_sub(jiff::Span::new().weeks(WEEKS - 1)).unwrap_or(week)
}

fn monday(at: Instant) -> Date {
    let day = at.timestamp().to_zoned(TimeZone::UTC).date();
    let past = day.weekday().since(Weekday::Monday);
    day.checked_sub(jiff::Span::new().days(i64::from(past))).unwrap_or(day)
}

fn count(since_on: Date, rows: &[(Instant, Vec<String>, bool)]) -> IncidentCounts {
    let mut weeks: BTreeMap<(Date, &str), i64> = BTreeMap::new();
    for (at, behaviours, _) in rows {
        for behaviour in behaviours {
            *weeks.entry((monday(*at), behaviour)).or_default() += 1;
        }
    }
    let number = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    let week = |((week_on, behaviour), count): ((Date, &str), i64)| WeekCount {
        week_on,
        behaviour: behaviour.to_owned(),
        count,
    };
    IncidentCounts {
        since_on,
        incidents: number(rows.len()),
        suspected_breaches: number(rows.iter().filter(|(_, _, is_breach)| *is_breach).count()),
        weeks: weeks.into_iter().map(week).collect(),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn at(text: &str) -> Instant {
        text.parse().unwrap()
    }

    #[test]
    fn a_week_begins_on_monday_and_twelve_are_counted() {
        assert_eq!(monday(at("2026-11-22T23:59:59Z")), date(2026, 11, 16));
        assert_eq!(monday(at("2026-11-23T00:00:00Z")), date(2026, 11, 23));
        assert_eq!(first_monday(at("2026-11-21T20:00:00Z")), date(2026, 8, 31));
    }

    #[test]
    fn an_incident_counts_once_for_each_of_its_behaviours() {
        let codes = |codes: &[&str]| codes.iter().map(|code| (*code).to_owned()).collect::<Vec<_>>();
        let counts = count(
            date(2026, 8, 31),
            &[
                (at("2026-11-17T10:00:00Z"), codes(&["loiter", "message_text"]), true),
                (at("2026-11-18T10:00:00Z"), codes(&["loiter"]), false),
                (at("2026-11-10T10:00:00Z"), codes(&["loiter"]), false),
            ],
        );
        assert_eq!((counts.incidents, counts.suspected_breaches), (3, 1));
        let found: Vec<_> = counts.weeks.iter().map(|w| (w.week_on.day(), w.behaviour.as_str(), w.count)).collect();
        assert_eq!(found, [(9, "loiter", 1), (16, "loiter", 2), (16, "message_text", 1)]);
    }
}
