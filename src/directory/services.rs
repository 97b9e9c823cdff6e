//! Help lines, and whether somebody answers now.
//!
//! Numbers and hours are data with a source and the date they were checked, since sources differ: where they do, what one
//! source says is used, and the others stand beside it with their own. Words are in [`crate::words`].

mod view;

use std::sync::LazyLock;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Deserialize;

use super::bank_holidays::Division;
use super::hours::{Hours, HoursFault, Minute, OpeningSpan};
use super::lists;
use crate::db::Instant;
use crate::words::Language;

pub use view::SupportServiceView;

const SERVICES_FILE: &str = include_str!("support_services.csv");
const HOURS_FILE: &str = include_str!("support_hours.csv");
const EXCEPTIONS_FILE: &str = include_str!("support_exceptions.csv");
const WAYS_FILE: &str = include_str!("support_ways.csv");

/// Dialled before any number, this has Relay UK speak for those who cannot.
const RELAY_PREFIX: &str = "18001";

static LINES: LazyLock<Vec<ServiceLine>> = LazyLock::new(|| {
    read().unwrap_or_else(|error| {
        tracing::error!(error, "the list of help lines is broken");
        Vec::new()
    })
});

#[derive(Clone, Debug, Deserialize)]
struct ServiceRow {
    id: String,
    phone: String,
    #[serde(deserialize_with = "lists::yes_or_no")]
    is_emergency: bool,
    #[serde(deserialize_with = "lists::yes_or_no")]
    is_always_open: bool,
    #[serde(deserialize_with = "lists::words")]
    areas: Vec<String>,
    time_zone: String,
    bank_holidays: Option<Division>,
    source: String,
    checked_on: Date,
}

#[derive(Clone, Debug, Deserialize)]
struct HoursRow {
    service_id: String,
    #[serde(deserialize_with = "lists::yes_or_no")]
    is_used: bool,
    #[serde(deserialize_with = "lists::words")]
    weekdays: Vec<String>,
    opens: Minute,
    closes: Minute,
    source: String,
    checked_on: Date,
}

#[derive(Clone, Debug, Deserialize)]
struct ExceptionRow {
    service_id: String,
    date: Date,
    opens: Option<Minute>,
    closes: Option<Minute>,
    #[expect(dead_code, reason = "for whoever checks the file")]
    source: String,
    #[expect(dead_code, reason = "for whoever checks the file")]
    checked_on: Date,
}

#[derive(Clone, Debug, Deserialize)]
struct WayRow {
    service_id: String,
    kind: String,
    address: String,
    source: String,
    checked_on: Date,
}

/// A help line with all that is known of it.
struct ServiceLine {
    row: ServiceRow,
    used: Vec<HoursRow>,
    hours: Hours,
    others: Vec<Other>,
    ways: Vec<WayRow>,
}

/// What another source says of a line's hours.
struct Other {
    source: String,
    checked_on: Date,
    rows: Vec<HoursRow>,
    hours: Hours,
}

/// Puts the files together; refuses what does not fit, which a unit test finds.
fn read() -> Result<Vec<ServiceLine>, String> {
    let told = |error: csv::Error| error.to_string();
    let rows = lists::read::<ServiceRow>(SERVICES_FILE).map_err(told)?;
    let hours = lists::read::<HoursRow>(HOURS_FILE).map_err(told)?;
    let exceptions = lists::read::<ExceptionRow>(EXCEPTIONS_FILE).map_err(told)?;
    let ways = lists::read::<WayRow>(WAYS_FILE).map_err(told)?;
    let named = hours.iter().map(|row| &row.service_id).chain(exceptions.iter().map(|row| &row.service_id));
    for id in named.chain(ways.iter().map(|row| &row.service_id)) {
        if !rows.iter().any(|row| row.id == *id) {
            return Err(format!("there is no service {id}"));
        }
    }
    rows.into_iter().map(|row| line(row, &hours, &exceptions, &ways)).collect()
}

fn line(
    row: ServiceRow,
    hours: &[HoursRow],
    exceptions: &[ExceptionRow],
    ways: &[WayRow],
) -> Result<ServiceLine, String> {
    let fault = |fault: HoursFault| format!("{}: {fault:?}", row.id);
    let zone = TimeZone::get(&row.time_zone).map_err(|error| error.to_string())?;
    let of_it: Vec<HoursRow> = hours.iter().filter(|hours| hours.service_id == row.id).cloned().collect();
    let (used, differing): (Vec<HoursRow>, Vec<HoursRow>) = of_it.into_iter().partition(|hours| hours.is_used);
    if used.is_empty() != row.is_always_open {
        return Err(format!("{}: either always open, or with hours", row.id));
    }
    let mut own = week(&zone, row.bank_holidays, &used).map_err(fault)?;
    let mut others: Vec<Other> = Vec::new();
    for hours in differing {
        match others.iter_mut().find(|other| other.source == hours.source && other.checked_on == hours.checked_on) {
            Some(other) => other.rows.push(hours),
            None => {
                let (source, checked_on) = (hours.source.clone(), hours.checked_on);
                let closed = Hours::closed(zone.clone(), row.bank_holidays);
                others.push(Other { source, checked_on, rows: vec![hours], hours: closed });
            }
        }
    }
    for other in &mut others {
        other.hours = week(&zone, row.bank_holidays, &other.rows).map_err(fault)?;
    }
    for exception in exceptions.iter().filter(|exception| exception.service_id == row.id) {
        let opening = exception.opens.zip(exception.closes).map(|(from, until)| OpeningSpan { from, until });
        own.differ_on(exception.date, opening).map_err(fault)?;
    }
    let ways = ways.iter().filter(|way| way.service_id == row.id).cloned().collect();
    Ok(ServiceLine { row, used, hours: own, others, ways })
}

fn week(zone: &TimeZone, division: Option<Division>, rows: &[HoursRow]) -> Result<Hours, HoursFault> {
    let mut hours = Hours::closed(zone.clone(), division);
    for row in rows {
        hours.open_on(&row.weekdays, OpeningSpan { from: row.opens, until: row.closes })?;
    }
    Ok(hours)
}

impl ServiceLine {
    fn is_open(&self, at: Instant) -> bool {
        self.row.is_always_open || self.hours.is_open(at.timestamp())
    }
}

/// All services, the emergency number first, with whether each is open at an instant.
#[must_use]
pub fn support_services(at: Instant, language: Language) -> Vec<SupportServiceView> {
    LINES.iter().map(|line| line.view(at, language)).collect()
}

#[cfg(test)]
mod tests;
