//! The demo's days: everything is dated by how many days it lies before the evening that is told.

use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use jiff::{Span, Zoned};

use super::DemoResult;
use crate::db::Instant;

/// Where the demo takes place.
pub const ZONE: &str = "Europe/London";
/// The hour at which the evening's check-in is due.
pub const EVENING_HOUR: i8 = 21;
/// Hours that the evening takes from then on.
const EVENING_LASTS_HOURS: i64 = 2;

/// Days, counted back from the evening.
pub struct Calendar {
    evening: Date,
    /// The moment at which the year ends: now.
    pub end: Instant,
}

fn zone() -> TimeZone {
    TimeZone::get(ZONE).unwrap_or(TimeZone::UTC)
}

fn zoned(at: Instant) -> Zoned {
    at.timestamp().to_zoned(zone())
}

/// A moment as the story prints it.
pub fn local(at: Instant) -> String {
    zoned(at).strftime("%a %e %b %Y %H:%M").to_string()
}

/// Just the time of day of a moment in an answer, or a dash where there is none.
pub fn clock_time(text: Option<&str>) -> String {
    let at: Option<Instant> = text.and_then(|text| text.parse().ok());
    at.map_or_else(|| "–".to_owned(), |at| zoned(at).strftime("%H:%M").to_string())
}

/// The day on which something happens, `YYYY-MM-DD`.
pub fn day(at: Instant) -> String {
    zoned(at).date().to_string()
}

impl Calendar {
    /// The calendar of a year that ends at `end`. The evening is the last that is over by then.
    ///
    /// # Errors
    /// When it is outside of the calendar, which no clock gives.
    pub fn ending(end: Instant) -> DemoResult<Self> {
        let today = zoned(end).date();
        let calendar = Self { evening: today, end };
        if calendar.at(0, EVENING_HOUR, 0)?.plus_hours(EVENING_LASTS_HOURS) <= end {
            return Ok(calendar);
        }
        let evening = today.yesterday().map_err(|error| error.to_string())?;
        Ok(Self { evening, end })
    }

    fn date(&self, days_before: i32) -> DemoResult<Date> {
        self.evening.checked_sub(Span::new().days(days_before)).map_err(|error| error.to_string())
    }

    /// A local time so many days before the evening; after it, where negative.
    ///
    /// # Errors
    /// When it is outside of the calendar.
    pub fn at(&self, days_before: i32, hour: i8, minute: i8) -> DemoResult<Instant> {
        let zoned = self.date(days_before)?.at(hour, minute, 0, 0).to_zoned(zone());
        Ok(Instant::from_timestamp(zoned.map_err(|error| error.to_string())?.timestamp()))
    }

    /// Which day of the week that is.
    ///
    /// # Errors
    /// When it is outside of the calendar.
    pub fn weekday(&self, days_before: i32) -> DemoResult<Weekday> {
        Ok(self.date(days_before)?.weekday())
    }
}
