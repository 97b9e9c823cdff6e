use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, civil::DateTime};
use proptest::prelude::*;

use super::*;

const ZONES: [&str; 12] = [
    "Europe/London",
    "Europe/Dublin",
    "America/New_York",
    "America/St_Johns",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Pacific/Kwajalein",
    "Asia/Kathmandu",
    "Asia/Beirut",
    "Africa/Casablanca",
    "Antarctica/Troll",
    "UTC",
];

/// Recurrences, and an instant near a change of the zone's clocks where it has one.
fn cases() -> impl Strategy<Value = (Recurrence, Instant)> {
    (
        prop::sample::select(&ZONES[..]),
        prop::collection::btree_set(0_u32..1440, 1..6),
        prop::collection::btree_set(0_usize..7, 0..7),
        631_152_000_i64..2_000_000_000,
        any::<bool>(),
    )
        .prop_map(|(zone, minutes, days, second, near)| {
            let codes = ["mo", "tu", "we", "th", "fr", "sa", "su"];
            let times: Vec<String> = minutes
                .iter()
                // Half of them in the hours in which clocks change.
                .map(|m| if m % 2 == 0 { m % 240 } else { *m })
                .collect::<BTreeSet<_>>()
                .iter()
                .map(|m| format!("{:02}:{:02}", m / 60, m % 60))
                .collect();
            let weekdays: Vec<String> = days.iter().map(|day| codes[*day].to_owned()).collect();
            let recurrence = Recurrence::parse(zone, &times, &weekdays).unwrap();
            let somewhere = Timestamp::from_second(second).unwrap();
            let change = recurrence.zone.following(somewhere).next();
            let centre = change.filter(|_| near).map_or(somewhere, |c| c.timestamp());
            // On a whole minute, so that walking by minutes meets every listed time.
            let centre = Timestamp::from_second(centre.as_second() / 60 * 60).unwrap();
            (recurrence, Instant::from_timestamp(centre))
        })
}

/// What is due when, found without time zone arithmetic: walk the zone's wall clock minute by minute; a local time is
/// due when the clock first shows it, or, when the clock jumps over it, as long after the jump as it lay beyond it.
fn walk(recurrence: &Recurrence, centre: Instant) -> BTreeMap<DateTime, Instant> {
    let mut dues = BTreeMap::new();
    let minute = SignedDuration::from_mins(1);
    let start = centre.plus_hours(-24 * 6).timestamp();
    let mut shown = recurrence.zone.to_datetime(start) - minute;
    for n in 0..12 * 1440 {
        let instant = Instant::from_timestamp(start).plus_minutes(n);
        let now_shown = recurrence.zone.to_datetime(instant.timestamp());
        let mut expected = shown + minute;
        let jump = expected;
        while expected <= now_shown {
            // What the clock shows now is due now; only what it jumped over is moved.
            let is_shown = expected == now_shown;
            let beyond = if is_shown { 0 } else { expected.duration_since(jump).as_secs() };
            if recurrence.has_slots_on(expected.date()) && recurrence.times.contains(&expected.time()) {
                dues.entry(expected).or_insert(instant.plus_seconds(beyond));
            }
            expected += minute;
        }
        shown = now_shown;
    }
    dues
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn due_instants_only_ever_increase((recurrence, centre) in cases()) {
        let mut after = centre.plus_hours(-72);
        for _ in 0..40 {
            let due = recurrence.next_due_after(after).unwrap();
            prop_assert!(due > after);
            prop_assert!(due <= after.plus_hours(24 * 9));
            prop_assert_eq!(recurrence.next_due_after(due.plus_seconds(-1)), Some(due));
            after = due;
        }
    }

    #[test]
    fn every_allowed_day_gets_exactly_the_listed_times_once((recurrence, centre) in cases()) {
        let from = centre.plus_hours(-72);
        let to = centre.plus_hours(72);
        let walked: BTreeSet<Instant> = walk(&recurrence, centre)
            .into_values()
            .filter(|due| *due > from && *due <= to)
            .collect();
        let computed = dues(&recurrence, from, to);
        prop_assert_eq!(computed, walked.into_iter().collect::<Vec<_>>());
    }

    #[test]
    fn no_local_date_and_time_is_due_twice((recurrence, centre) in cases()) {
        let dues = dues(&recurrence, centre.plus_hours(-96), centre.plus_hours(96));
        let mut seen = BTreeSet::new();
        for due in dues {
            let local = recurrence.zone.to_datetime(due.timestamp());
            prop_assert!(seen.insert(local), "{} twice", local);
        }
    }

    #[test]
    fn no_stretch_is_longer_than_what_is_promised((recurrence, centre) in cases()) {
        let promised = recurrence.longest_gap_seconds(centre).unwrap();
        let mut after = recurrence.next_due_after(centre.plus_hours(-24)).unwrap();
        // From now on, as far as clocks change in it: a year and more of daily slots.
        for _ in 0..400 {
            let due = recurrence.next_due_after(after).unwrap();
            prop_assert!(after < centre || due.seconds_since(after) <= promised, "{after} to {due}: {promised}");
            after = due;
        }
    }
}
