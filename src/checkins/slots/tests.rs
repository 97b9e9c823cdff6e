use jiff::Timestamp;

use super::*;

fn strings(values: &[&str]) -> Vec<String> {
    values.iter().map(|value| (*value).to_owned()).collect()
}

fn recurrence(zone: &str, times: &[&str], weekdays: &[&str]) -> Recurrence {
    Recurrence::parse(zone, &strings(times), &strings(weekdays)).unwrap()
}

fn at(text: &str) -> Instant {
    text.parse().unwrap()
}

/// Every due instant after `from`, up to and including `to`.
fn dues(recurrence: &Recurrence, from: Instant, to: Instant) -> Vec<Instant> {
    let mut dues = Vec::new();
    let mut after = from;
    while let Some(due) = recurrence.next_due_after(after).filter(|due| *due <= to) {
        dues.push(due);
        after = due;
    }
    dues
}

fn dues_between(recurrence: &Recurrence, from: &str, to: &str) -> Vec<String> {
    dues(recurrence, at(from), at(to)).iter().map(ToString::to_string).collect()
}

#[test]
fn a_slot_in_the_spring_gap_moves_forward_by_the_gap_and_falls_due_once() {
    let daily = recurrence("Europe/London", &["01:30"], &[]);
    assert_eq!(
        dues_between(&daily, "2026-03-28T12:00:00Z", "2026-03-30T12:00:00Z"),
        ["2026-03-29T01:30:00Z", "2026-03-30T00:30:00Z"]
    );
}

#[test]
fn a_slot_in_the_autumn_fold_falls_due_once_at_the_earlier_instant() {
    let daily = recurrence("Europe/London", &["01:30"], &[]);
    assert_eq!(
        dues_between(&daily, "2026-10-24T12:00:00Z", "2026-10-26T12:00:00Z"),
        ["2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z"]
    );
    let between = daily.next_due_after(at("2026-10-25T01:00:00Z")).unwrap();
    assert_eq!(between, at("2026-10-26T01:30:00Z"));
}

#[test]
fn nine_to_nine_is_23_hours_across_the_gap_and_25_across_the_fold() {
    let daily = recurrence("Europe/London", &["09:00"], &[]);
    for (before, hours) in [("2026-03-28T08:59:59Z", 23), ("2026-10-24T07:59:59Z", 25), ("2026-06-01T07:59:59Z", 24)] {
        let first = daily.next_due_after(at(before)).unwrap();
        let second = daily.next_due_after(first).unwrap();
        assert_eq!(first, at(before).plus_seconds(1));
        assert_eq!(second.seconds_since(first), hours * 3600);
    }
}

#[test]
fn a_slot_moved_onto_another_listed_time_is_one_check_in() {
    let daily = recurrence("Europe/London", &["02:30", "01:30"], &[]);
    assert_eq!(
        dues_between(&daily, "2026-03-29T00:00:00Z", "2026-03-30T01:00:00Z"),
        ["2026-03-29T01:30:00Z", "2026-03-30T00:30:00Z"]
    );
}

#[test]
fn the_next_due_is_strictly_after() {
    let daily = recurrence("UTC", &["09:00"], &[]);
    let due = at("2026-01-01T09:00:00Z");
    assert_eq!(daily.next_due_after(due), Some(due.plus_hours(24)));
    assert_eq!(daily.next_due_after(due.plus_seconds(-1)), Some(due));
}

#[test]
fn a_gap_of_half_an_hour_moves_a_slot_by_half_an_hour() {
    // Lord Howe: +10:30 to +11:00 at 02:00 on 2026-10-04; back at 02:00 on 2026-04-05.
    let daily = recurrence("Australia/Lord_Howe", &["02:10"], &[]);
    assert_eq!(
        dues_between(&daily, "2026-10-03T00:00:00Z", "2026-10-04T23:00:00Z"),
        ["2026-10-03T15:40:00Z", "2026-10-04T15:10:00Z"]
    );
    let folded = recurrence("Australia/Lord_Howe", &["01:45"], &[]);
    assert_eq!(
        dues_between(&folded, "2026-04-04T00:00:00Z", "2026-04-05T20:00:00Z"),
        ["2026-04-04T14:45:00Z", "2026-04-05T15:15:00Z"]
    );
}

#[test]
fn a_skipped_day_loses_no_slot_and_doubles_none() {
    // Samoa went from 2011-12-29 (-10) to 2011-12-31 (+14): the skipped Friday falls on the Saturday.
    let daily = recurrence("Pacific/Apia", &["09:00"], &[]);
    assert_eq!(
        dues_between(&daily, "2011-12-29T00:00:00Z", "2012-01-01T00:00:00Z"),
        ["2011-12-29T19:00:00Z", "2011-12-30T19:00:00Z", "2011-12-31T19:00:00Z"]
    );
    let fridays = recurrence("Pacific/Apia", &["09:00"], &["fr"]);
    assert_eq!(
        dues_between(&fridays, "2011-12-24T00:00:00Z", "2012-01-07T00:00:00Z"),
        ["2011-12-30T19:00:00Z", "2012-01-05T19:00:00Z"]
    );
}

#[test]
fn a_moved_slot_never_hides_an_earlier_one_of_the_next_day() {
    let both = Recurrence {
        weekdays: vec![Weekday::Friday, Weekday::Saturday],
        ..recurrence("Pacific/Apia", &["08:00", "20:00"], &[])
    };
    assert_eq!(
        dues_between(&both, "2011-12-30T00:00:00Z", "2012-01-01T00:00:00Z"),
        ["2011-12-30T18:00:00Z", "2011-12-31T06:00:00Z"]
    );
}

#[test]
fn a_zone_of_odd_minutes_keeps_its_local_time() {
    let daily = recurrence("Asia/Kathmandu", &["21:00"], &["su"]);
    assert_eq!(
        dues_between(&daily, "2026-01-01T00:00:00Z", "2026-01-12T00:00:00Z"),
        ["2026-01-04T15:15:00Z", "2026-01-11T15:15:00Z"]
    );
}

#[test]
fn the_end_of_the_calendar_has_no_next_slot() {
    let daily = recurrence("UTC", &["09:00"], &[]);
    let last = Instant::from_timestamp(Timestamp::MAX);
    assert_eq!(daily.next_due_after(last), None);
    let first = Instant::from_timestamp(Timestamp::MIN);
    assert!(daily.next_due_after(first).is_some());
}

#[test]
fn the_longest_stretch_holds_over_every_clock_change() {
    let hours: Vec<String> = (0..24).map(|hour| format!("{hour:02}:00")).collect();
    let hours: Vec<&str> = hours.iter().map(String::as_str).collect();
    let gap = |zone: &str, times: &[&str], days: &[&str]| {
        recurrence(zone, times, days).longest_gap_seconds(at("2027-05-01T00:00:00Z")).unwrap() / 60
    };
    // The hour that comes twice has one slot.
    assert_eq!(gap("Europe/London", &hours, &[]), 120);
    assert_eq!(gap("Australia/Lord_Howe", &hours, &[]), 90);
    assert_eq!(gap("UTC", &hours, &[]), 60);
    assert_eq!(gap("Europe/London", &["21:00"], &["mo"]), (7 * 24 + 1) * 60);
    assert_eq!(gap("Asia/Kolkata", &["09:00", "21:00"], &[]), 12 * 60);
    assert_eq!(gap("Africa/Casablanca", &["09:00"], &["fr", "sa"]), (6 * 24 + 1) * 60);
}

#[test]
fn a_recurrence_without_times_is_never_due() {
    let none = Recurrence { times: Vec::new(), ..recurrence("UTC", &["09:00"], &[]) };
    assert_eq!(none.next_due_after(at("2026-01-01T00:00:00Z")), None);
}

#[test]
fn only_iana_names_of_places_and_utc_are_zones() {
    let times = strings(&["09:00"]);
    for name in ["Europe/London", "America/Argentina/Buenos_Aires", "UTC", "GMT", "Etc/UTC"] {
        let parsed = Recurrence::parse(name, &times, &[]).unwrap();
        assert_eq!(parsed.zone.iana_name(), Some(name));
    }
    for name in [
        "",
        " ",
        "+01:00",
        "-00:00",
        "Z",
        "BST",
        "UTC+1",
        "GMT0",
        "EST5EDT",
        "EST5EDT,M3.2.0,M11.1.0",
        "<+0330>-3:30",
        "Etc/GMT+5",
        "etc/gmt-14",
        "Etc/Unknown",
        "Factory",
        "localtime",
        "posixrules",
        "posix/Europe/London",
        "right/Europe/London",
        "Europe/London ",
        "Europe/London\0",
        "Europe/Atlantis",
        "../../etc/passwd",
        "/etc/localtime",
        "Europe/",
        "/",
    ] {
        let refused = Recurrence::parse(name, &times, &[]);
        assert_eq!(refused, Err(SlotError::UnknownTimeZone), "{name:?}");
    }
}

#[test]
fn times_are_hours_and_minutes_and_nothing_else() {
    for text in [
        "",
        "9:00",
        "09:0",
        "0900",
        "24:00",
        "23:60",
        "09:00:00",
        "+9:00",
        "-1:00",
        " 9:00",
        "09.00",
        "٠٩:٠٠",
        "09:00 ",
        "ab:cd",
        "9:00am",
    ] {
        let refused = Recurrence::parse("UTC", &strings(&["08:00", text]), &[]);
        assert_eq!(refused, Err(SlotError::MalformedTime(1)), "{text:?}");
    }
    let twice = Recurrence::parse("UTC", &strings(&["09:00", "09:00"]), &[]);
    assert_eq!(twice, Err(SlotError::RepeatedTime(1)));
    assert_eq!(Recurrence::parse("UTC", &[], &[]), Err(SlotError::NumberOfTimes));
    let many: Vec<String> = (0..=24).map(|n| format!("00:{n:02}")).collect();
    assert_eq!(Recurrence::parse("UTC", &many, &[]), Err(SlotError::NumberOfTimes));
    assert_eq!(recurrence("UTC", &["23:59", "00:00"], &[]).times, [Time::midnight(), Time::constant(23, 59, 0, 0)]);
}

#[test]
fn weekdays_are_the_seven_codes_each_once() {
    for code in ["", "MO", "mon", "xx", "1"] {
        let refused = Recurrence::parse("UTC", &strings(&["09:00"]), &strings(&["tu", code]));
        assert_eq!(refused, Err(SlotError::UnknownWeekday(1)), "{code:?}");
    }
    let twice = Recurrence::parse("UTC", &strings(&["09:00"]), &strings(&["tu", "tu"]));
    assert_eq!(twice, Err(SlotError::RepeatedWeekday(1)));
    let all = ["mo", "tu", "we", "th", "fr", "sa", "su"];
    assert_eq!(recurrence("UTC", &["09:00"], &all).weekdays.len(), 7);
}

mod properties;
