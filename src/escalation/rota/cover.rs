//! Which hours a rota leaves uncovered: pure arithmetic over spans of time.

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

/// Gaps as hours of the day in a time zone, such as `18:00–09:00`, each once, in the order in which they come.
///
/// A gap of a day or more is `00:00–24:00`: at no hour can it be said that somebody watches.
#[must_use]
pub fn hours_of_day(gaps: &[Span], zone: &TimeZone) -> Vec<String> {
    let mut hours = Vec::new();
    for gap in gaps {
        let local = |at: Instant| at.timestamp().to_zoned(zone.clone()).strftime("%H:%M").to_string();
        let is_whole_day = gap.to.seconds_since(gap.from) >= 24 * 60 * 60;
        let words =
            if is_whole_day { "00:00–24:00".to_owned() } else { format!("{}–{}", local(gap.from), local(gap.to)) };
        if !hours.contains(&words) {
            hours.push(words);
        }
    }
    hours
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

    #[test]
    fn gaps_are_told_as_hours_of_the_day_where_people_live() {
        let london = TimeZone::get("Europe/London").unwrap();
        assert_eq!(hours_of_day(&[span(18, 33), span(42, 57)], &london), ["18:00–09:00"]);
        assert_eq!(hours_of_day(&[span(0, 24)], &london), ["00:00–24:00"]);
        // Summer: 18:00 UTC is seven in the evening.
        let summer = |hours: i64| hour(-hours * 24);
        assert_eq!(
            hours_of_day(&[Span { from: summer(150).plus_hours(18), to: summer(150).plus_hours(20) }], &london),
            ["19:00–21:00"]
        );
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
