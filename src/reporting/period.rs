//! For when a report is: whole months that are over, by the clocks of London.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{ToSpan, Zoned};

use crate::db::{Day, Instant};
use crate::error::{Error, Result};

/// The months of a report that names none.
const USUAL_MONTHS: i32 = 12;
/// The most months of one report.
const MOST_MONTHS: i32 = 60;

/// Whole months.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    /// The first day of the first.
    pub from_on: Date,
    /// The last day of the last.
    pub to_on: Date,
}

impl Period {
    /// The period that was asked for; the last twelve months where none was.
    ///
    /// # Errors
    /// 422 unless it is of whole months, over, and at most five years long.
    pub fn asked(from: Option<Day>, to: Option<Day>, now: Instant) -> Result<Self> {
        let today = london(now)?.date();
        let last = today.first_of_month().yesterday().unwrap_or(today);
        let to_on = to.map_or(last, |day| day.0);
        let usual = to_on.first_of_month().saturating_sub((USUAL_MONTHS - 1).months());
        let from_on = from.map_or(usual, |day| day.0);
        if from_on != from_on.first_of_month() {
            return Err(Error::field("from", "not_whole_months", "from must be the first day of a month"));
        }
        if to_on != to_on.last_of_month() {
            return Err(Error::field("to", "not_whole_months", "to must be the last day of a month"));
        }
        if to_on < from_on {
            return Err(Error::field("to", "out_of_range", "to must not be before from"));
        }
        if to_on >= today {
            // Else two reports a day apart would tell what one person did in between.
            return Err(Error::field("to", "not_over", "the last month must be over"));
        }
        if from_on.saturating_add(MOST_MONTHS.months()) <= to_on {
            return Err(Error::field("from", "out_of_range", "a report covers at most 60 months"));
        }
        Ok(Self { from_on, to_on })
    }

    /// Its first instant, and the first after it.
    ///
    /// # Errors
    /// When the time zone is not to be had.
    pub fn bounds(self) -> Result<(Instant, Instant)> {
        let after = self.to_on.tomorrow().unwrap_or(self.to_on);
        Ok((start_of(self.from_on)?, start_of(after)?))
    }
}

/// An instant by the clocks of London.
///
/// # Errors
/// When the time zone is not to be had.
pub fn london(at: Instant) -> Result<Zoned> {
    Ok(at.timestamp().to_zoned(zone()?))
}

/// The first instant of a day in London.
///
/// # Errors
/// When the time zone is not to be had.
pub fn start_of(day: Date) -> Result<Instant> {
    let start = day.to_zoned(zone()?).map_err(|error| Error::Internal(Box::new(error)))?;
    Ok(Instant::from_timestamp(start.timestamp()))
}

fn zone() -> Result<TimeZone> {
    TimeZone::get("Europe/London").map_err(|error| Error::Internal(Box::new(error)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Instant {
        text.parse().unwrap()
    }

    fn asked(from: &str, to: &str, now: &str) -> Result<Period> {
        Period::asked(Some(from.parse().unwrap()), Some(to.parse().unwrap()), at(now))
    }

    fn code(refused: Result<Period>) -> &'static str {
        let Error::Invalid { fields, .. } = refused.unwrap_err() else { panic!("not refused as a field") };
        fields[0].code
    }

    #[test]
    fn months_begin_and_end_by_the_clocks_of_london() {
        let period = asked("2026-04-01", "2026-10-31", "2026-11-21T12:00:00Z").unwrap();
        assert_eq!(period.bounds().unwrap(), (at("2026-03-31T23:00:00Z"), at("2026-11-01T00:00:00Z")));
    }

    #[test]
    fn a_month_is_over_when_it_is_in_london() {
        // Half past midnight in London, still June by UTC.
        assert!(asked("2026-06-01", "2026-06-30", "2026-06-30T23:30:00Z").is_ok());
        assert_eq!(code(asked("2026-06-01", "2026-06-30", "2026-06-30T22:30:00Z")), "not_over");
    }

    #[test]
    fn only_whole_months_and_at_most_sixty() {
        let now = "2026-11-21T12:00:00Z";
        assert_eq!(code(asked("2026-01-02", "2026-01-31", now)), "not_whole_months");
        assert_eq!(code(asked("2026-01-01", "2026-01-30", now)), "not_whole_months");
        assert_eq!(code(asked("2026-02-01", "2026-01-31", now)), "out_of_range");
        assert!(asked("2021-11-01", "2026-10-31", now).is_ok());
        assert_eq!(code(asked("2021-10-01", "2026-10-31", now)), "out_of_range");
        assert!(asked("2024-02-01", "2024-02-29", now).is_ok());
    }

    #[test]
    fn without_a_word_it_is_the_last_twelve_months() {
        let period = Period::asked(None, None, at("2026-11-21T12:00:00Z")).unwrap();
        assert_eq!((period.from_on.to_string(), period.to_on.to_string()), ("2025-11-01".into(), "2026-10-31".into()));
    }
}
