//! The survivor's own pattern: their incidents by day, by week and by behaviour, in their own time zone.

use std::collections::BTreeMap;

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::model::Precision;
use super::store::{self, OwnTold};
use crate::access::SurvivorAccess;
use crate::checkins;
use crate::db::{DbConn, Instant};
use crate::error::{Error, Result};

/// Where survivors live unless something else is known.
const HOME_ZONE: &str = "Europe/London";
/// Days that are shown unless others are asked for: twelve weeks.
const DAYS: i32 = 84;
/// Days that are shown at most.
const MOST_DAYS: i32 = 366;

/// The parameters of your timeline.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct TimelineQuery {
    /// The first day; without one, twelve weeks before the last.
    #[serde(default)]
    #[param(value_type = Option<String>, format = Date, example = "2026-09-01")]
    from: Option<Date>,
    /// The last day; without one, today. At most 366 days are shown.
    #[serde(default)]
    #[param(value_type = Option<String>, format = Date, example = "2026-11-20")]
    to: Option<Date>,
    /// The time zone that decides which day it was; without one, that of your check-ins, else Europe/London.
    #[serde(default)]
    #[param(value_type = Option<String>, example = "Europe/London")]
    time_zone: Option<String>,
}

/// One day on which something happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct TimelineDay {
    /// The day.
    pub on: Date,
    /// Incidents on it.
    pub incidents: i64,
    /// The gravest of them, 1 to 4.
    pub gravest: i32,
}

/// One week, whether or not something happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct TimelineWeek {
    /// Its Monday.
    pub week_on: Date,
    /// Incidents in it.
    pub incidents: i64,
    /// The gravest of them, 1 to 4; 0 where there is none.
    pub gravest: i32,
}

/// One behaviour.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct TimelineBehaviour {
    /// Its code.
    #[schema(example = "message_text")]
    pub behaviour: String,
    /// Incidents with it.
    pub incidents: i64,
    /// The first day on which it happened.
    pub first_on: Date,
    /// The last.
    pub last_on: Date,
}

/// Your incidents over time. Those that you took back do not count.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct IncidentTimelineView {
    /// The time zone that decides which day it was.
    #[schema(example = "Europe/London")]
    pub time_zone: String,
    /// The first day.
    pub from: Date,
    /// The last day.
    pub to: Date,
    /// All incidents.
    pub incidents: i64,
    /// Those of which you do not know when they happened; they stand on the day on which they were recorded.
    pub of_unknown_time: i64,
    /// Each day on which something happened, in order.
    pub days: Vec<TimelineDay>,
    /// Each week, in order.
    pub weeks: Vec<TimelineWeek>,
    /// Each behaviour, the most frequent first.
    pub behaviours: Vec<TimelineBehaviour>,
}

/// Which days, in which zone.
struct Window {
    zone: TimeZone,
    name: String,
    from: Date,
    to: Date,
}

impl TimelineQuery {
    fn window(&self, own_zone: Option<String>, now: Instant) -> Result<Window> {
        let name = self.time_zone.clone().or(own_zone).unwrap_or_else(|| HOME_ZONE.to_owned());
        let unknown = || Error::field("time_zone", "unknown_time_zone", "there is no such time zone");
        let zone = TimeZone::get(&name).map_err(|_| unknown())?;
        let to = self.to.unwrap_or_else(|| now.timestamp().to_zoned(zone.clone()).date());
        let wide = || Error::field("from", "out_of_range", "ask for 1 to 366 days");
        let from = match self.from {
            Some(from) => from,
            None => to.checked_sub((DAYS - 1).days()).map_err(|_| wide())?,
        };
        let days = from.until(to).map_err(|_| wide())?.get_days();
        if !(0..MOST_DAYS).contains(&days) {
            return Err(wide());
        }
        Ok(Window { name: zone.iana_name().unwrap_or(&name).to_owned(), zone, from, to })
    }
}

impl Window {
    /// From the beginning of the first day to the end of the last.
    fn instants(&self) -> Result<(Instant, Instant)> {
        let begins = |day: Date| -> Result<Instant> {
            let start = day.to_zoned(self.zone.clone()).map_err(|_| Error::internal("a day that never begins"))?;
            Ok(Instant::from_timestamp(start.timestamp()))
        };
        let after = self.to.tomorrow().map_err(|_| Error::field("to", "out_of_range", "this day is too late"))?;
        Ok((begins(self.from)?, begins(after)?))
    }

    fn day(&self, at: Instant) -> Date {
        at.timestamp().to_zoned(self.zone.clone()).date()
    }
}

fn monday(day: Date) -> Date {
    let past = day.weekday().since(Weekday::Monday);
    day.checked_sub(i64::from(past).days()).unwrap_or(day)
}

/// The survivor's own timeline.
pub(super) fn read(
    conn: &mut DbConn,
    own: &SurvivorAccess,
    query: &TimelineQuery,
    now: Instant,
) -> Result<IncidentTimelineView> {
    let window = query.window(checkins::time_zone(conn, own)?, now)?;
    let rows = store::list_own_between(conn, own, window.instants()?)?;
    timeline(&window, &rows)
}

fn timeline(window: &Window, rows: &[OwnTold]) -> Result<IncidentTimelineView> {
    let mut days: BTreeMap<Date, (i64, i32)> = BTreeMap::new();
    let mut weeks: BTreeMap<Date, (i64, i32)> = BTreeMap::new();
    let mut behaviours: BTreeMap<String, TimelineBehaviour> = BTreeMap::new();
    let mut week = monday(window.from);
    while week <= window.to {
        weeks.insert(week, (0, 0));
        week = week.checked_add(1.week()).map_err(|_| Error::internal("no week follows"))?;
    }
    for row in rows {
        let on = window.day(row.at);
        for (count, gravest) in [days.entry(on).or_default(), weeks.entry(monday(on)).or_default()] {
            (*count, *gravest) = (*count + 1, (*gravest).max(row.severity));
        }
        for behaviour in row.behaviours.read::<Vec<String>>()? {
            let new = TimelineBehaviour { behaviour: behaviour.clone(), incidents: 0, first_on: on, last_on: on };
            let known = behaviours.entry(behaviour).or_insert(new);
            (known.incidents, known.first_on, known.last_on) =
                (known.incidents + 1, known.first_on.min(on), known.last_on.max(on));
        }
    }
    let mut behaviours: Vec<TimelineBehaviour> = behaviours.into_values().collect();
    behaviours.sort_by(|a, b| b.incidents.cmp(&a.incidents).then_with(|| a.behaviour.cmp(&b.behaviour)));
    let number = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    Ok(IncidentTimelineView {
        time_zone: window.name.clone(),
        from: window.from,
        to: window.to,
        incidents: number(rows.len()),
        of_unknown_time: number(rows.iter().filter(|row| row.precision == Precision::Unknown).count()),
        days: days.into_iter().map(|(on, (incidents, gravest))| TimelineDay { on, incidents, gravest }).collect(),
        weeks: weeks
            .into_iter()
            .map(|(week_on, (incidents, gravest))| TimelineWeek { week_on, incidents, gravest })
            .collect(),
        behaviours,
    })
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;
    use crate::db::Json;

    fn told(at: Instant, severity: i32, behaviours: &[&str], precision: Precision) -> OwnTold {
        OwnTold { at, severity, behaviours: Json::of(&behaviours).unwrap(), precision }
    }

    fn window(zone: &str, from: Date, to: Date) -> Window {
        let query = TimelineQuery { from: Some(from), to: Some(to), time_zone: Some(zone.to_owned()) };
        query.window(None, "2026-11-25T12:00:00Z".parse().unwrap()).unwrap()
    }

    #[test]
    fn a_day_is_a_day_where_the_survivor_lives() {
        let late: Instant = "2026-07-05T23:30:00Z".parse().unwrap();
        let rows = [told(late, 2, &["loiter"], Precision::Exact)];
        let shown = |zone| {
            let (from, to) = (date(2026, 7, 1), date(2026, 7, 31));
            let view = timeline(&window(zone, from, to), &rows).unwrap();
            (view.days[0].on, view.weeks.iter().find(|week| week.incidents == 1).unwrap().week_on)
        };
        assert_eq!(shown("UTC"), (date(2026, 7, 5), date(2026, 6, 29)));
        assert_eq!(shown("Europe/London"), (date(2026, 7, 6), date(2026, 7, 6)));
    }

    #[test]
    fn twelve_weeks_are_shown_and_at_most_a_year() {
        let now: Instant = "2026-11-25T23:30:00Z".parse().unwrap();
        let shown = TimelineQuery::default().window(Some("Europe/Warsaw".to_owned()), now).unwrap();
        assert_eq!(
            (shown.from, shown.to, shown.name.as_str()),
            (date(2026, 9, 4), date(2026, 11, 26), "Europe/Warsaw")
        );
        let ask = |from, to| TimelineQuery { from: Some(from), to: Some(to), time_zone: None }.window(None, now);
        assert!(ask(date(2026, 1, 1), date(2026, 12, 31)).is_ok());
        assert!(ask(date(2025, 1, 1), date(2026, 12, 31)).is_err());
        assert!(ask(date(2026, 2, 1), date(2026, 1, 31)).is_err());
    }

    proptest! {
        #[test]
        fn days_and_weeks_count_every_incident_once(at in prop::collection::vec((0..80_i64, 0..24_i64, 1..=4_i32), 0..40)) {
            let start: Instant = "2026-08-01T00:00:00Z".parse().unwrap();
            let rows: Vec<OwnTold> = at
                .into_iter()
                .map(|(day, hour, grave)| {
                    told(start.plus_days(day).plus_hours(hour), grave, &["loiter", "follow_foot"], Precision::Unknown)
                })
                .collect();
            let view = timeline(&window("Europe/London", date(2026, 7, 31), date(2026, 10, 31)), &rows).unwrap();
            let all = i64::try_from(rows.len()).unwrap();
            prop_assert_eq!(view.days.iter().map(|day| day.incidents).sum::<i64>(), all);
            prop_assert_eq!(view.weeks.iter().map(|week| week.incidents).sum::<i64>(), all);
            prop_assert_eq!((view.incidents, view.of_unknown_time), (all, all));
            prop_assert!(view.behaviours.iter().all(|behaviour| behaviour.incidents == all));
            let gravest = |counts: Vec<i32>| counts.into_iter().max().unwrap_or(0);
            let told = gravest(rows.iter().map(|row| row.severity).collect());
            prop_assert_eq!(gravest(view.weeks.iter().map(|week| week.gravest).collect()), told);
        }
    }
}
