use std::collections::BTreeMap;

use jiff::civil::{Weekday, date};

use super::*;

/// The Sunday of Easter, by counting Paschal full moons (Meeus, Astronomical Algorithms, chapter 8: the Gregorian rule).
fn easter(year: i16) -> Date {
    let (a, b, c) = (year % 19, year / 100, year % 100);
    let (d, e) = (b / 4, b % 4);
    let g = (8 * b + 13) / 25;
    let h = (19 * a + b - d - g + 15) % 30;
    let l = (32 + 2 * e + 2 * (c / 4) - h - c % 4) % 7;
    let m = (a + 11 * h + 19 * l) / 433;
    let month = (h + l - 7 * m + 90) / 25;
    let day = (h + l - 7 * m + 33 * month + 19) % 32;
    date(year, i8::try_from(month).unwrap(), i8::try_from(day).unwrap())
}

fn is_weekend(day: Date) -> bool {
    matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday)
}

/// Days that fall on a weekend move to the next weekday that is free; those that need not move keep theirs.
fn substituted(days: &[Date]) -> Vec<Date> {
    let mut taken: Vec<Date> = days.iter().copied().filter(|day| !is_weekend(*day)).collect();
    for day in days.iter().filter(|day| is_weekend(**day)) {
        let mut next = *day;
        while is_weekend(next) || taken.contains(&next) {
            next = next.tomorrow().unwrap();
        }
        taken.push(next);
    }
    taken
}

fn nth(year: i16, month: i8, nth: i8) -> Date {
    date(year, month, 1).nth_weekday_of_month(nth, Weekday::Monday).unwrap()
}

/// The rules of the Banking and Financial Dealings Act 1971, Schedule 1, and of the proclamations of every year since.
fn by_rule(division: Division, year: i16) -> Vec<Date> {
    let easter = easter(year);
    let (friday, monday) = (easter.checked_sub(jiff::Span::new().days(2)).unwrap(), easter.tomorrow().unwrap());
    let mut days = vec![friday, nth(year, 5, 1), nth(year, 5, -1)];
    days.extend(substituted(&[date(year, 12, 25), date(year, 12, 26)]));
    match division {
        Division::EnglandAndWales => {
            days.extend([monday, nth(year, 8, -1)]);
            days.extend(substituted(&[date(year, 1, 1)]));
        }
        Division::Scotland => {
            days.push(nth(year, 8, 1));
            days.extend(substituted(&[date(year, 1, 1), date(year, 1, 2)]));
            days.extend(substituted(&[date(year, 11, 30)]));
        }
        Division::NorthernIreland => {
            days.extend([monday, nth(year, 8, -1)]);
            for (month, day) in [(1, 1), (3, 17), (7, 12)] {
                days.extend(substituted(&[date(year, month, day)]));
            }
        }
    }
    days
}

/// Holidays that were proclaimed once.
const ONCE: [(Division, Date); 1] = [(Division::Scotland, date(2026, 6, 15))];

#[test]
fn easter_falls_where_the_almanac_says() {
    let known = [date(2000, 4, 23), date(2008, 3, 23), date(2011, 4, 24), date(2025, 4, 20), date(2038, 4, 25)];
    for day in known {
        assert_eq!(easter(day.year()), day);
    }
}

#[test]
fn the_list_of_bank_holidays_is_what_the_law_gives_and_what_was_proclaimed_beside_it() {
    let rows = lists::read::<HolidayRow>(FILE).unwrap();
    let mut listed: BTreeMap<(String, i16), Vec<Date>> = BTreeMap::new();
    for row in &rows {
        assert!(!row.title.is_empty() && !row.source.is_empty() && row.checked_on >= date(2026, 1, 1), "{}", row.date);
        assert!(!is_weekend(row.date), "{}", row.date);
        listed.entry((format!("{:?}", row.division), row.date.year())).or_default().push(row.date);
    }
    assert_eq!(listed.len(), 3 * 6, "three divisions, 2025 to 2030");
    for division in [Division::EnglandAndWales, Division::Scotland, Division::NorthernIreland] {
        for year in 2025..=2030 {
            let mut expected = by_rule(division, year);
            expected.extend(ONCE.iter().filter(|(of, day)| *of == division && day.year() == year).map(|(_, day)| *day));
            expected.sort_unstable();
            let mut found = listed[&(format!("{division:?}"), year)].clone();
            found.sort_unstable();
            assert_eq!(found, expected, "{division:?} {year}");
        }
    }
    assert_eq!(known_until(), Some(date(2030, 12, 31)));
}

#[test]
fn a_bank_holiday_is_one_in_its_own_division_alone() {
    let day = date(2026, 7, 13);
    assert!(bank_holiday(Division::NorthernIreland, day).is_some());
    assert!(bank_holiday(Division::EnglandAndWales, day).is_none());
    assert_eq!(bank_holiday(Division::Scotland, date(2026, 6, 15)), Some("World Cup bank holiday"));
}

proptest::proptest! {
    #[test]
    fn the_next_working_day_is_the_first_on_which_offices_are_open(days in 0_i64..2_000) {
        let is_working = |day: Date| !is_weekend(day) && bank_holiday(Division::EnglandAndWales, day).is_none();
        let start = date(2025, 1, 1).checked_add(jiff::Span::new().days(days)).unwrap();
        let next = next_working_day(start);
        proptest::prop_assert!(next > start && is_working(next));
        let mut between = start.tomorrow().unwrap();
        while between < next {
            proptest::prop_assert!(!is_working(between));
            between = between.tomorrow().unwrap();
        }
    }
}
