//! Bank holidays of the three divisions that GOV.UK lists: on these, help lines that keep office hours are closed.

use std::collections::HashMap;
use std::sync::LazyLock;

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};
use serde::Deserialize;

use super::lists;

const FILE: &str = include_str!("bank_holidays.csv");

static HOLIDAYS: LazyLock<HashMap<(Division, Date), String>> = LazyLock::new(|| {
    let rows = lists::read_or_empty::<HolidayRow>("bank_holidays", FILE);
    rows.into_iter().map(|row| ((row.division, row.date), row.title)).collect()
});

static KNOWN_UNTIL: LazyLock<Option<Date>> = LazyLock::new(|| HOLIDAYS.keys().map(|(_, date)| *date).max());

/// Where a bank holiday is one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Division {
    /// England and Wales.
    EnglandAndWales,
    /// Scotland.
    Scotland,
    /// Northern Ireland.
    NorthernIreland,
}

#[derive(Deserialize)]
struct HolidayRow {
    division: Division,
    date: Date,
    title: String,
    #[cfg_attr(not(test), expect(dead_code, reason = "for whoever checks the file; a test holds that it is there"))]
    source: String,
    #[cfg_attr(not(test), expect(dead_code, reason = "for whoever checks the file; a test holds that it is there"))]
    checked_on: Date,
}

/// The bank holiday that a day is, where it is one and the list reaches that far.
#[must_use]
pub fn bank_holiday(division: Division, on: Date) -> Option<&'static str> {
    HOLIDAYS.get(&(division, on)).map(String::as_str)
}

/// The next day on which offices in England and Wales are open.
#[must_use]
pub fn next_working_day(after: Date) -> Date {
    let is_working = |day: &Date| {
        !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday)
            && bank_holiday(Division::EnglandAndWales, *day).is_none()
    };
    let days = after.series(1.day()).skip(1);
    days.take(30).find(is_working).unwrap_or(after)
}

/// The last day of the years that the list covers.
#[must_use]
pub fn known_until() -> Option<Date> {
    KNOWN_UNTIL.map(Date::last_of_year)
}

#[cfg(test)]
mod tests;
