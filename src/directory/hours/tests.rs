use jiff::civil::date;
use proptest::prelude::*;

use super::*;

fn london() -> TimeZone {
    TimeZone::get("Europe/London").unwrap()
}

fn minute(text: &str) -> Minute {
    Minute::read(text).unwrap()
}

fn opening(from: &str, until: &str) -> OpeningSpan {
    OpeningSpan { from: minute(from), until: minute(until) }
}

fn days(words: &str) -> Vec<String> {
    words.split(' ').map(str::to_owned).collect()
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// What a clock on a wall in London shows, told by the law and not by a database of zones: an hour ahead from 01:00 UTC
/// on the last Sunday of March until 01:00 UTC on the last Sunday of October (Summer Time Order 2002).
fn wall(at: Timestamp) -> (Date, u16) {
    let last_sunday = |year: i16, month: i8| {
        let day = date(year, month, 1).nth_weekday_of_month(-1, Weekday::Sunday).unwrap();
        day.at(1, 0, 0, 0).to_zoned(TimeZone::UTC).unwrap().timestamp()
    };
    let year = at.to_zoned(TimeZone::UTC).year();
    let is_summer = last_sunday(year, 3) <= at && at < last_sunday(year, 10);
    let shown = at.as_second() + if is_summer { 3_600 } else { 0 };
    let (day, second) = (shown.div_euclid(86_400), shown.rem_euclid(86_400));
    let day = date(1970, 1, 1).checked_add(Span::new().days(day)).unwrap();
    (day, u16::try_from(second / 60).unwrap())
}

/// Weeks in which something happens: an ordinary one, both changes of the clocks, Easter, Christmas, the new year.
const WEEKS: [&str; 6] = [
    "2026-06-08T00:00:00Z",
    "2026-03-25T00:00:00Z",
    "2026-10-21T00:00:00Z",
    "2026-04-01T00:00:00Z",
    "2026-12-23T00:00:00Z",
    "2027-12-27T00:00:00Z",
];
const MINUTES: i64 = 7 * 24 * 60;

/// A line of several openings, some across the hour of the change, one that is closed on Christmas Eve afternoon.
fn several() -> Hours {
    let mut hours = Hours::closed(london(), Some(Division::EnglandAndWales));
    hours.open_on(&days("mo tu we th fr"), opening("09:30", "12:00")).unwrap();
    hours.open_on(&days("mo we"), opening("13:15", "20:00")).unwrap();
    hours.open_on(&days("su"), opening("01:15", "01:45")).unwrap();
    hours.open_on(&days("sa su"), opening("22:00", "24:00")).unwrap();
    hours.open_on(&days("mo"), opening("00:00", "02:00")).unwrap();
    hours.differ_on(date(2026, 12, 24), Some(opening("09:30", "11:00"))).unwrap();
    hours.differ_on(date(2026, 12, 28), Some(opening("10:00", "11:00"))).unwrap();
    hours.differ_on(date(2026, 6, 9), None).unwrap();
    hours
}

/// The same, told by hand from what the wall shows.
fn is_open_by_hand(day: Date, minute: u16) -> bool {
    let within = |from: (u16, u16), until: (u16, u16)| (from.0 * 60 + from.1..until.0 * 60 + until.1).contains(&minute);
    match (day.year(), day.month(), day.day()) {
        (2026, 12, 24) => return within((9, 30), (11, 0)),
        (2026, 12, 28) => return within((10, 0), (11, 0)),
        (2026, 6, 9) => return false,
        (2026, 4, 3 | 6) | (2026, 12, 25) | (2027, 1, 1) | (2027, 12, 27 | 28) => return false,
        _ => {}
    }
    match day.weekday() {
        Weekday::Monday => within((0, 0), (2, 0)) || within((9, 30), (12, 0)) || within((13, 15), (20, 0)),
        Weekday::Wednesday => within((9, 30), (12, 0)) || within((13, 15), (20, 0)),
        Weekday::Tuesday | Weekday::Thursday | Weekday::Friday => within((9, 30), (12, 0)),
        Weekday::Saturday => within((22, 0), (24, 0)),
        Weekday::Sunday => within((1, 15), (1, 45)) || within((22, 0), (24, 0)),
    }
}

#[test]
fn every_minute_of_weeks_with_changes_of_the_clocks_and_bank_holidays_is_as_told_by_hand() {
    let hours = several();
    for week in WEEKS {
        let start = at(week).as_second();
        let instants = (0..MINUTES).map(|minute| Timestamp::from_second(start + minute * 60).unwrap());
        let by_hand: Vec<(Timestamp, bool)> = instants
            .map(|instant| {
                let (day, minute) = wall(instant);
                (instant, is_open_by_hand(day, minute))
            })
            .collect();
        assert!(by_hand.iter().any(|(_, open)| *open) && by_hand.iter().any(|(_, open)| !open), "{week}");
        // From the end, so that the next change is known at each minute.
        let mut next: Option<Timestamp> = None;
        for pair in by_hand.windows(2).rev() {
            let [(instant, is_open), (after, is_open_after)] = pair else { unreachable!() };
            if is_open != is_open_after {
                next = Some(*after);
            }
            assert_eq!(hours.is_open(*instant), *is_open, "{instant}");
            let half = Timestamp::from_second(instant.as_second() + 30).unwrap();
            assert_eq!(hours.is_open(half), *is_open, "{half}");
            if let Some(next) = next {
                assert_eq!(hours.next_change(*instant), Some(next), "after {instant}");
            }
        }
    }
}

#[test]
fn an_opening_in_the_hour_that_comes_twice_is_open_twice_and_in_the_one_left_out_not_at_all() {
    let hours = several();
    let opens: Vec<String> = std::iter::successors(Some(at("2026-10-25T00:00:00Z")), |from| hours.next_change(*from))
        .skip(1)
        .take(4)
        .map(|change| change.to_string())
        .collect();
    assert_eq!(opens, ["2026-10-25T00:15:00Z", "2026-10-25T00:45:00Z", "2026-10-25T01:15:00Z", "2026-10-25T01:45:00Z"]);
    let spring = hours.next_change(at("2026-03-29T00:30:00Z"));
    assert_eq!(spring, Some(at("2026-03-29T21:00:00Z")), "22:00 summer time");
}

#[test]
fn hours_that_cannot_be_are_refused() {
    let mut hours = Hours::closed(london(), None);
    assert_eq!(hours.open_on(&days("mo"), opening("12:00", "12:00")), Err(HoursFault::Reversed));
    hours.open_on(&days("mo"), opening("09:00", "12:00")).unwrap();
    for (from, until) in [("08:00", "09:30"), ("12:00", "13:00"), ("10:00", "11:00"), ("00:00", "24:00")] {
        assert_eq!(hours.open_on(&days("mo"), opening(from, until)), Err(HoursFault::Overlapping), "{from}");
    }
    assert!(hours.open_on(&days("monday"), opening("13:00", "14:00")).is_err());
    for text in ["24:01", "9:00", "09:60", "0900", "", "-1:00", "25:00"] {
        assert_eq!(Minute::read(text), None, "{text}");
    }
    assert_eq!(hours.next_change(at("2026-11-23T09:00:00Z")), Some(at("2026-11-23T12:00:00Z")));
    assert_eq!(Hours::closed(london(), None).next_change(at("2026-11-23T09:00:00Z")), None);
}

fn openings() -> impl Strategy<Value = Vec<(usize, u16, u16)>> {
    proptest::collection::vec((0usize..7, 0u16..=DAY, 0u16..=DAY), 0..20)
}

proptest! {
    #[test]
    fn whatever_is_accepted_never_overlaps_and_every_change_is_a_change(
        rows in openings(),
        start in 1_767_225_600i64..1_893_456_000,
    ) {
        let mut hours = Hours::closed(london(), Some(Division::EnglandAndWales));
        for (day, from, until) in rows {
            let weekday = vec![weekday_word(i8::try_from(day).unwrap()).to_owned()];
            let _refused = hours.open_on(&weekday, OpeningSpan { from: Minute(from), until: Minute(until) });
        }
        for day in &hours.week {
            prop_assert!(day.iter().all(|opening| opening.from < opening.until));
            prop_assert!(day.windows(2).all(|pair| pair[0].until < pair[1].from));
        }
        let mut from = Timestamp::from_second(start).unwrap();
        for _ in 0..6 {
            let Some(next) = hours.next_change(from) else { break };
            prop_assert!(next > from);
            prop_assert_ne!(hours.is_open(next), hours.is_open(from));
            // Nothing changes in between: it stays as it was until the second before.
            for part in 1..=8i64 {
                let between = from.as_second() + (next.as_second() - 1 - from.as_second()) * part / 8;
                prop_assert_eq!(hours.is_open(Timestamp::from_second(between).unwrap()), hours.is_open(from));
            }
            from = next;
        }
    }
}
