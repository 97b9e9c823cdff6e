//! When the sessions of a programme are: spread evenly over its weeks, at one local time.
//!
//! A local time that a change of clocks skips moves forward by the gap; one that it repeats is the earlier of the two.

use jiff::Span;
use jiff::civil::Time;
use jiff::tz::TimeZone;

use crate::db::{Day, Instant};
use crate::error::{Error, Result};

/// A session to plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planned {
    /// Which one, from 0.
    pub place: i32,
    /// The module, as a code.
    pub module: String,
    /// When.
    pub at: Instant,
}

/// A local time of the form `HH:MM`.
///
/// # Errors
/// 422.
pub fn local_time(text: &str) -> Result<Time> {
    let wrong = || Error::field("/local_time", "not_allowed", "must be a time of the form HH:MM");
    let is_shaped = text.len() == 5
        && text.bytes().enumerate().all(|(at, byte)| if at == 2 { byte == b':' } else { byte.is_ascii_digit() });
    if !is_shaped {
        return Err(wrong());
    }
    Time::strptime("%H:%M", text).map_err(|_| wrong())
}

/// A zone by its IANA name.
///
/// # Errors
/// 422.
pub fn zone(name: &str) -> Result<TimeZone> {
    TimeZone::get(name).map_err(|_| Error::field("/time_zone", "unknown", "must be an IANA time zone"))
}

/// The sessions of a programme, in order: each module takes an equal run of them.
///
/// # Errors
/// 422 for days beyond the calendar.
pub fn sessions(
    (sessions, weeks, modules): (i32, i32, &[String]),
    starts_on: Day,
    time: Time,
    zone: &TimeZone,
) -> Result<Vec<Planned>> {
    let far = |_| Error::field("/starts_on", "out_of_range", "too far away");
    let mut planned = Vec::new();
    for place in 0..sessions {
        let days = i64::from(place) * 7 * i64::from(weeks) / i64::from(sessions.max(1));
        let day = starts_on.0.checked_add(Span::new().days(days)).map_err(far)?;
        let at = day.to_datetime(time).to_zoned(zone.clone()).map_err(far)?;
        let module =
            usize::try_from(place).unwrap_or(0) * modules.len() / usize::try_from(sessions.max(1)).unwrap_or(1);
        let module = modules.get(module).cloned().unwrap_or_default();
        planned.push(Planned { place, module, at: Instant::from_timestamp(at.timestamp()) });
    }
    Ok(planned)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn london() -> TimeZone {
        TimeZone::get("Europe/London").unwrap()
    }

    fn cobi() -> Vec<String> {
        ["mindfulness", "distress_tolerance", "emotion_regulation", "interpersonal_effectiveness"]
            .map(str::to_owned)
            .to_vec()
    }

    fn at(starts_on: &str, time: &str) -> Vec<Planned> {
        sessions((12, 12, &cobi()), starts_on.parse().unwrap(), local_time(time).unwrap(), &london()).unwrap()
    }

    #[test]
    fn weekly_sessions_keep_their_local_time_across_a_change_of_clocks() {
        let planned = at("2026-03-16", "10:00");
        let instants: Vec<String> = planned.iter().map(|session| session.at.to_string()).collect();
        assert_eq!(instants[..3], ["2026-03-16T10:00:00Z", "2026-03-23T10:00:00Z", "2026-03-30T09:00:00Z"]);
        assert_eq!(instants.len(), 12);
    }

    #[test]
    fn a_time_that_is_skipped_moves_forward_and_one_that_is_repeated_is_the_earlier() {
        assert_eq!(at("2026-03-29", "01:30")[0].at.to_string(), "2026-03-29T01:30:00Z");
        assert_eq!(at("2026-10-25", "01:30")[0].at.to_string(), "2026-10-25T00:30:00Z");
    }

    #[test]
    fn each_of_four_modules_takes_three_of_twelve_sessions() {
        let planned = at("2026-01-05", "10:00");
        for module in cobi() {
            assert_eq!(planned.iter().filter(|session| session.module == module).count(), 3, "{module}");
        }
        assert_eq!(planned[0].module, "mindfulness");
        assert_eq!(planned[11].module, "interpersonal_effectiveness");
    }

    #[test]
    fn only_hours_and_minutes_are_a_local_time() {
        for wrong in ["24:00", "9:00", "10:60", "10:00:00", "", "aa:bb", "10.00"] {
            assert!(local_time(wrong).is_err(), "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn sessions_come_in_order_and_within_the_weeks(count in 1i32..60, weeks in 1i32..60, hour in 0i8..24) {
            let time = Time::new(hour, 30, 0, 0).unwrap();
            let start: Day = "2026-02-02".parse().unwrap();
            let planned = sessions((count, weeks, &cobi()), start, time, &london()).unwrap();
            prop_assert_eq!(planned.len(), usize::try_from(count).unwrap());
            prop_assert!(planned.iter().zip(planned.iter().skip(1)).all(|(a, b)| a.at <= b.at));
            let last = planned.last().unwrap().at.seconds_since(planned[0].at);
            prop_assert!(last < i64::from(weeks) * 7 * 86_400 + 3_600);
        }
    }
}
