//! Which hours a rota leaves uncovered: pure arithmetic over spans of time.

use jiff::ToSpan;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::db::Instant;

/// A stretch of time; its end does not belong to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Span {
    /// Its first instant.
    pub from: Instant,
    /// The first instant after it.
    pub to: Instant,
}

/// What no shift covers between two instants, in order. Shifts may overlap and come in any order; one that ends before
/// it begins covers nothing.
#[must_use]
pub fn gaps(shifts: &[Span], from: Instant, to: Instant) -> Vec<Span> {
    let mut shifts: Vec<Span> = shifts.iter().copied().filter(|shift| shift.from < shift.to).collect();
    shifts.sort_by_key(|shift| shift.from);
    let (mut found, mut covered_to) = (Vec::new(), from);
    for shift in shifts.iter().filter(|shift| shift.to > from && shift.from < to) {
        if shift.from > covered_to {
            found.push(Span { from: covered_to, to: shift.from });
        }
        covered_to = covered_to.max(shift.to);
    }
    if covered_to < to {
        found.push(Span { from: covered_to, to });
    }
    found
}

/// Gaps between two instants in words, as clocks in a time zone show them.
///
/// Where each day is like the one before, they are hours of the day, such as `18:00–09:00`, or `00:00–24:00` where at no hour
/// somebody watches. Else each gap names its days, such as `21/11 21:20–22:20` or `21/11 21:20–22/11 09:00`: hours of
/// different days are never told as those of one.
#[must_use]
pub fn hours_of_day(gaps: &[Span], (from, to): (Instant, Instant), zone: &TimeZone) -> Vec<String> {
    let gaps = within(gaps, from, to);
    match is_daily(&gaps, (from, to), zone) {
        true => hours_of_each_day(&gaps, from, zone),
        false => gaps.iter().map(|gap| dated(*gap, zone)).collect(),
    }
}

/// What of some spans lies between two instants.
fn within(spans: &[Span], from: Instant, to: Instant) -> Vec<Span> {
    let cut = spans.iter().map(|span| Span { from: span.from.max(from), to: span.to.min(to) });
    cut.filter(|span| span.from < span.to).collect()
}

/// The same time of day so many days later.
fn days_later(at: Instant, days: i64, zone: &TimeZone) -> Instant {
    let moved = at.timestamp().to_zoned(zone.clone()).checked_add(days.days());
    moved.map_or_else(|_| at.plus_days(days), |moved| Instant::from_timestamp(moved.timestamp()))
}

/// Whether the gaps of each day are those of the day before.
fn is_daily(gaps: &[Span], (from, to): (Instant, Instant), zone: &TimeZone) -> bool {
    let next = |at| days_later(at, 1, zone);
    let earlier = within(gaps, from, days_later(to, -1, zone)).into_iter();
    let moved: Vec<Span> = earlier.map(|gap| Span { from: next(gap.from), to: next(gap.to) }).collect();
    moved == within(gaps, next(from), to)
}

/// The gaps of the first day as hours; one that goes on over its end is one with that at its beginning.
fn hours_of_each_day(gaps: &[Span], from: Instant, zone: &TimeZone) -> Vec<String> {
    let to = days_later(from, 1, zone);
    let mut day = within(gaps, from, to);
    if day == [Span { from, to }] {
        return vec!["00:00–24:00".to_owned()];
    }
    let goes_on =
        |day: &[Span]| day.first().is_some_and(|gap| gap.from == from) && day.last().is_some_and(|gap| gap.to == to);
    if day.len() > 1 && goes_on(&day) {
        let begun = day.remove(0);
        if let Some(last) = day.last_mut() {
            last.to = begun.to;
        }
    }
    let local = |at: Instant| at.timestamp().to_zoned(zone.clone()).strftime("%H:%M").to_string();
    day.iter().map(|gap| format!("{}–{}", local(gap.from), local(gap.to))).collect()
}

/// A gap with the days on which it begins and ends.
fn dated(gap: Span, zone: &TimeZone) -> String {
    let (from, to) = (gap.from.timestamp().to_zoned(zone.clone()), gap.to.timestamp().to_zoned(zone.clone()));
    let end = if from.date() == to.date() { "%H:%M" } else { "%d/%m %H:%M" };
    format!("{}–{}", from.strftime("%d/%m %H:%M"), to.strftime(end))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn hour(hours: i64) -> Instant {
        "2026-11-21T00:00:00Z".parse::<Instant>().unwrap().plus_hours(hours)
    }

    fn span(from: i64, to: i64) -> Span {
        Span { from: hour(from), to: hour(to) }
    }

    #[test]
    fn without_shifts_everything_is_a_gap_and_with_one_over_all_nothing_is() {
        assert_eq!(gaps(&[], hour(0), hour(24)), [span(0, 24)]);
        assert_eq!(gaps(&[span(-5, 30)], hour(0), hour(24)), []);
        assert_eq!(gaps(&[span(0, 9), span(9, 24)], hour(0), hour(24)), []);
    }

    #[test]
    fn the_hours_between_shifts_are_told_in_order() {
        let shifts = [span(33, 42), span(9, 18), span(10, 17)];
        assert_eq!(gaps(&shifts, hour(9), hour(48)), [span(18, 33), span(42, 48)]);
    }

    /// The words for gaps in the seven days from an hour on.
    fn words(gaps: &[Span], from: Instant) -> Vec<String> {
        let london = TimeZone::get("Europe/London").unwrap();
        hours_of_day(gaps, (from, from.plus_days(7)), &london)
    }

    fn each_day(from: i64, to: i64) -> Vec<Span> {
        (-1..8).map(|day| span(day * 24 + from, day * 24 + to)).collect()
    }

    #[test]
    fn gaps_that_are_the_same_each_day_are_told_as_hours_where_people_live() {
        assert_eq!(words(&each_day(18, 33), hour(12)), ["18:00–09:00"]);
        assert_eq!(words(&each_day(18, 33), hour(20)), ["18:00–09:00"]);
        assert_eq!(words(&[span(-5, 500)], hour(3)), ["00:00–24:00"]);
        assert_eq!(words(&[], hour(3)), [""; 0]);
        let lunch: Vec<Span> = [each_day(12, 13), each_day(18, 33)].concat();
        let mut lunch = lunch;
        lunch.sort_by_key(|gap| gap.from);
        assert_eq!(words(&lunch, hour(10)), ["12:00–13:00", "18:00–09:00"]);
        // Summer: 18:00 UTC is seven in the evening.
        let summer = hour(-150 * 24);
        let evenings: Vec<Span> = (0..7)
            .map(|day| Span { from: summer.plus_hours(day * 24 + 18), to: summer.plus_hours(day * 24 + 20) })
            .collect();
        assert_eq!(words(&evenings, summer), ["19:00–21:00"]);
    }

    #[test]
    fn gaps_of_different_days_name_their_days() {
        let gaps = [Span { from: hour(21), to: hour(22) }, span(48, 72)];
        assert_eq!(words(&gaps, hour(12)), ["21/11 21:00–22:00", "23/11 00:00–24/11 00:00"]);
        assert_eq!(words(&[span(40, 57)], hour(12)), ["22/11 16:00–23/11 09:00"]);
    }

    fn spans() -> impl Strategy<Value = Vec<Span>> {
        proptest::collection::vec((-50_i64..150, -10_i64..60), 0..20)
            .prop_map(|all| all.into_iter().map(|(from, length)| span(from, from + length)).collect())
    }

    proptest! {
        #[test]
        fn an_hour_is_in_a_gap_exactly_when_no_shift_covers_it(shifts in spans(), from in 0_i64..40, length in 0_i64..80) {
            let found = gaps(&shifts, hour(from), hour(from + length));
            let holds = |spans: &[Span], at: Instant| spans.iter().any(|span| span.from <= at && at < span.to);
            for at in from..from + length {
                prop_assert_eq!(holds(&found, hour(at)), !holds(&shifts, hour(at)));
            }
            prop_assert!(found.iter().all(|gap| gap.from < gap.to && gap.from >= hour(from) && gap.to <= hour(from + length)));
            prop_assert!(found.windows(2).all(|pair| pair[0].to < pair[1].from));
        }

        #[test]
        fn one_shift_more_never_makes_a_gap_longer(shifts in spans(), more in -50_i64..150, length in 1_i64..60) {
            let seconds = |found: Vec<Span>| found.iter().map(|gap| gap.to.seconds_since(gap.from)).sum::<i64>();
            let before = seconds(gaps(&shifts, hour(0), hour(100)));
            let mut all = shifts;
            all.push(span(more, more + length));
            prop_assert!(seconds(gaps(&all, hour(0), hour(100))) <= before);
        }
    }
}
