//! Recurrence by rule: RFC 5545 RRULE, read and unrolled by the `rrule` crate.
//!
//! The rule is unrolled on the wall clock, as if the zone were UTC, and each local time then becomes an instant by the
//! same reading as listed times: the crate's own ideas of gaps and folds do not come into it. The end of a rule (`UNTIL`) is an
//! instant, and instants are what it is compared with.

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use rrule::{Frequency, NWeekday, RRule, RRuleSet};

use super::SlotError;
use crate::db::Instant;

/// The most slots of a rule that are looked at from one instant on.
const MOST_SLOTS: usize = 10_000;

/// Days by which the rule is unrolled past its end, whose instant is then compared: more than any clock change moves.
const PAST_END_DAYS: i64 = 3;
/// The longest interval of a rule, in days or weeks, whose stretches are looked through.
const LONGEST_INTERVAL: u16 = 366;
/// The most slots of a rule that ends whose stretches are looked through.
const MOST_COUNTED: usize = 2_000;

/// A rule, the local time at which it begins and the instant after which it is over.
#[derive(Clone, Debug, PartialEq)]
pub struct SlotRule {
    set: RRuleSet,
    /// The same without its end, where its stretches repeat from one span of days to the next; with that span.
    endless: Option<(RRuleSet, i64)>,
    start: DateTime,
    until: Option<Instant>,
}

impl SlotRule {
    /// Reads a rule such as `FREQ=WEEKLY;BYDAY=MO,TH` that begins at a local time, `YYYY-MM-DDTHH:MM`, of a zone.
    ///
    /// # Errors
    /// When either is malformed, or the rule falls due more often than daily listed times could.
    pub fn parse(rule: &str, starts_at_local: &str, zone: &TimeZone) -> Result<Self, SlotError> {
        let is_plain = !rule.is_empty() && rule.chars().all(|c| c.is_ascii_alphanumeric() || "=;,-+".contains(c));
        if !is_plain || rule.len() > 500 {
            return Err(SlotError::MalformedRule);
        }
        let start = parse_start(starts_at_local).ok_or(SlotError::MalformedStart)?;
        let (parts, ends): (Vec<&str>, Vec<&str>) =
            rule.split(';').partition(|part| !part.to_ascii_uppercase().starts_with("UNTIL="));
        let until = match ends.as_slice() {
            [] => None,
            [end] => Some(end.get(6..).and_then(|end| parse_end(end, zone)).ok_or(SlotError::MalformedRule)?),
            _ => return Err(SlotError::MalformedRule),
        };
        let mut bounded = parts.join(";");
        if let Some(until) = until {
            let last = zone.to_datetime(until.timestamp()).max(start).saturating_add(PAST_END_DAYS.days());
            bounded.push_str(&last.strftime(";UNTIL=%Y%m%dT%H%M%SZ").to_string());
        }
        let (set, parsed) = unroll(&bounded, start)?;
        if matches!(parsed.get_freq(), Frequency::Secondly | Frequency::Minutely | Frequency::Hourly) {
            return Err(SlotError::TooOften);
        }
        let is_minutely = parsed.get_by_second().iter().all(|second| *second == 0);
        let per_day = parsed.get_by_hour().len().max(1) * parsed.get_by_minute().len().max(1);
        if !is_minutely || per_day > super::MAX_LOCAL_TIMES {
            return Err(SlotError::TooOften);
        }
        let endless = match span_days(&parsed) {
            Some(span) => {
                let is_counted = |part: &&str| part.to_ascii_uppercase().starts_with("COUNT=");
                let parts: Vec<&str> = parts.into_iter().filter(|part| !is_counted(part)).collect();
                Some((unroll(&parts.join(";"), start)?.0, span))
            }
            None => None,
        };
        Ok(Self { set, endless, start, until })
    }

    /// The local times of the rule, in order, from two days before `from`.
    pub(super) fn local_times(&self, from: DateTime) -> impl Iterator<Item = DateTime> {
        let earliest = from.saturating_sub(2.days());
        // Counted from where the search begins, not from the start of the rule: a rule that is old has not run out.
        local_times(&self.set).skip_while(move |at| *at < earliest).take(MOST_SLOTS)
    }

    /// Whether a slot due at an instant comes before the rule is over.
    pub(super) fn has(&self, due: Instant) -> bool {
        self.until.is_none_or(|until| due <= until)
    }

    /// The longest stretch on the wall clock, in seconds, between two slots of the whole rule that follow each other.
    /// None where there is one slot only, or where the calendar decides and no bound is known. `is_due` says which local
    /// times come before the end of the rule.
    pub(super) fn longest_stretch_seconds(&self, is_due: impl Fn(DateTime) -> bool) -> Option<i64> {
        let slots = || local_times(&self.set).take_while(|at| is_due(*at));
        if slots().take(2).count() < 2 {
            return None;
        }
        if let Some((endless, span)) = &self.endless {
            // Three times the span hold every stretch of a rule that repeats after it, wherever in it the rule begins.
            let last = self.start.checked_add(span.checked_mul(3)?.days()).ok()?;
            return longest(local_times(endless).take(MOST_SLOTS).take_while(|at| *at <= last));
        }
        let is_finite = self.until.is_some() || self.set.get_rrule().iter().all(|rule| rule.get_count().is_some());
        if !is_finite {
            return None;
        }
        let slots: Vec<DateTime> = slots().take(MOST_COUNTED + 1).collect();
        if slots.len() <= MOST_COUNTED { longest(slots.into_iter()) } else { None }
    }
}

fn unroll(rule: &str, start: DateTime) -> Result<(RRuleSet, RRule), SlotError> {
    let text = format!("DTSTART:{}Z\nRRULE:{rule}", start.strftime("%Y%m%dT%H%M%S"));
    let set: RRuleSet = text.parse().map_err(|_| SlotError::MalformedRule)?;
    let [parsed] = set.get_rrule().as_slice() else { return Err(SlotError::MalformedRule) };
    let parsed = parsed.clone();
    Ok((set.limit(), parsed))
}

fn local_times(set: &RRuleSet) -> impl Iterator<Item = DateTime> {
    let civil = |seconds| Timestamp::from_second(seconds).ok().map(|at| TimeZone::UTC.to_datetime(at));
    set.into_iter().filter_map(move |at| civil(at.timestamp()))
}

/// The seconds of the longest stretch between two that follow each other.
fn longest(slots: impl Iterator<Item = DateTime>) -> Option<i64> {
    let mut last: Option<DateTime> = None;
    let mut longest = None;
    for at in slots {
        if let Some(last) = last.replace(at) {
            longest = longest.max(Some(at.duration_since(last).as_secs()));
        }
    }
    longest
}

/// After how many days the stretches of a rule repeat; none where months or years decide.
fn span_days(rule: &RRule) -> Option<i64> {
    let is_of_days = rule.get_by_set_pos().is_empty()
        && rule.get_by_month().is_empty()
        && rule.get_by_month_day().is_empty()
        && rule.get_by_year_day().is_empty()
        && rule.get_by_week_no().is_empty()
        && rule.get_by_weekday().iter().all(|day| matches!(day, NWeekday::Every(_)))
        && rule.get_interval() <= LONGEST_INTERVAL;
    let is_periodic = matches!(rule.get_freq(), Frequency::Daily | Frequency::Weekly);
    // A week of days, or so many weeks: with each the weekdays come round again.
    (is_of_days && is_periodic).then(|| i64::from(rule.get_interval().max(1)) * 7)
}

/// The end of a rule: an instant in UTC (RFC 5545, 3.3.10), a local time of the zone, or the whole of a local day.
fn parse_end(text: &str, zone: &TimeZone) -> Option<Instant> {
    let text = text.to_ascii_uppercase();
    let (local, zone) = match text.strip_suffix('Z') {
        Some(utc) => (utc, &TimeZone::UTC),
        None => (text.as_str(), zone),
    };
    let at = match local.len() {
        8 if !text.ends_with('Z') => Date::strptime("%Y%m%d", local).ok()?.at(23, 59, 59, 0),
        15 => DateTime::strptime("%Y%m%dT%H%M%S", local).ok()?,
        _ => return None,
    };
    zone.to_timestamp(at).ok().map(Instant::from_timestamp)
}

/// `YYYY-MM-DDTHH:MM` and nothing else.
fn parse_start(text: &str) -> Option<DateTime> {
    if text.len() != 16 || text.as_bytes().get(10) != Some(&b'T') {
        return None;
    }
    format!("{text}:00").parse().ok()
}

#[cfg(test)]
mod tests {
    use super::super::Recurrence;
    use super::*;

    fn at(text: &str) -> Instant {
        text.parse().unwrap()
    }

    fn dues(rule: &str, starts: &str, after: &str, count: usize) -> Vec<String> {
        let recurrence = Recurrence::by_rule("Europe/London", rule, starts).unwrap();
        let next = |after: &Instant| recurrence.next_due_after(*after);
        let dues = std::iter::successors(Some(at(after)), next).skip(1).take(count);
        dues.map(|due| due.to_string()).collect()
    }

    #[test]
    fn a_rule_falls_due_on_the_wall_clock_of_its_zone() {
        let found = dues("FREQ=WEEKLY;BYDAY=MO,TH", "2026-03-23T21:00", "2026-03-20T00:00:00Z", 4);
        assert_eq!(
            found,
            ["2026-03-23T21:00:00Z", "2026-03-26T21:00:00Z", "2026-03-30T20:00:00Z", "2026-04-02T20:00:00Z"]
        );
        let monthly = dues("FREQ=MONTHLY;BYDAY=-1FR", "2026-01-01T09:00", "2026-01-01T00:00:00Z", 2);
        assert_eq!(monthly, ["2026-01-30T09:00:00Z", "2026-02-27T09:00:00Z"]);
    }

    #[test]
    fn a_rule_reads_gaps_and_folds_as_listed_times_do() {
        let spring = dues("FREQ=DAILY", "2026-03-01T01:30", "2026-03-28T02:00:00Z", 2);
        assert_eq!(spring, ["2026-03-29T01:30:00Z", "2026-03-30T00:30:00Z"]);
        let autumn = dues("FREQ=DAILY", "2026-03-01T01:30", "2026-10-24T02:00:00Z", 2);
        assert_eq!(autumn, ["2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z"]);
    }

    #[test]
    fn a_rule_does_not_run_out_by_being_old() {
        let hours: Vec<String> = (0..24).map(|hour| hour.to_string()).collect();
        let hourly = format!("FREQ=DAILY;BYHOUR={}", hours.join(","));
        assert_eq!(dues(&hourly, "2024-01-01T00:00", "2027-06-01T00:00:00Z", 2).len(), 2);
        assert_eq!(dues("FREQ=DAILY", "1996-01-01T21:00", "2026-06-01T00:00:00Z", 2).len(), 2);
    }

    #[test]
    fn a_rule_that_ends_has_no_further_slot() {
        assert_eq!(dues("FREQ=DAILY;COUNT=2", "2026-01-01T09:00", "2026-01-01T00:00:00Z", 9).len(), 2);
        let never = Recurrence::by_rule("Europe/London", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=31", "2026-01-01T09:00");
        assert!(never.is_err() || never.unwrap().next_due_after(at("2026-01-01T00:00:00Z")).is_none());
    }

    /// Every due instant of a rule in a zone.
    fn all(zone: &str, rule: &str, starts: &str) -> Vec<String> {
        let recurrence = Recurrence::by_rule(zone, rule, starts).unwrap();
        let mut dues = Vec::new();
        let mut after = at("2026-01-01T00:00:00Z");
        while let Some(due) = recurrence.next_due_after(after) {
            dues.push(due.to_string());
            after = due;
        }
        dues
    }

    #[test]
    fn the_end_of_a_rule_is_an_instant_in_utc_whatever_the_zone() {
        // East of UTC the last slot is due before the end, and a rule of one day is one.
        let warsaw = all("Europe/Warsaw", "FREQ=DAILY;UNTIL=20261202T200000Z", "2026-12-01T21:00");
        assert_eq!(warsaw, ["2026-12-01T20:00:00Z", "2026-12-02T20:00:00Z"]);
        assert_eq!(all("Asia/Kolkata", "FREQ=DAILY;UNTIL=20261201T153000Z", "2026-12-01T21:00").len(), 1);
        assert_eq!(all("Europe/London", "FREQ=DAILY;UNTIL=20260701T200000Z", "2026-07-01T21:00").len(), 1);
        // West of it a series that was split asks at no instant twice.
        let before = all("America/New_York", "FREQ=DAILY;UNTIL=20261203T015959Z", "2026-12-01T21:00");
        assert_eq!(before, ["2026-12-02T02:00:00Z"]);
        // Twice 01:10 in London's autumn: the slot of 01:30 has been at the earlier instant.
        let folded = all("Europe/London", "FREQ=DAILY;UNTIL=20261025T011000Z", "2026-10-24T01:30");
        assert_eq!(folded, ["2026-10-24T00:30:00Z", "2026-10-25T00:30:00Z"]);
    }

    #[test]
    fn an_end_without_utc_is_read_on_the_clock_of_the_zone_and_a_date_counts_to_its_end() {
        assert_eq!(all("Europe/Warsaw", "FREQ=DAILY;UNTIL=20261202T210000", "2026-12-01T21:00").len(), 2);
        assert_eq!(all("Asia/Karachi", "FREQ=DAILY;UNTIL=20261203", "2026-12-01T21:00").len(), 3);
        for end in ["", "2026", "20261203Z", "20261301T000000Z", "20261203T250000Z", "20261203T210000ZZ"] {
            let parsed = SlotRule::parse(&format!("FREQ=DAILY;UNTIL={end}"), "2026-12-01T21:00", &TimeZone::UTC);
            assert_eq!(parsed.err(), Some(SlotError::MalformedRule), "{end}");
        }
    }

    #[test]
    fn a_stretch_is_promised_over_the_whole_rule_or_not_at_all() {
        let stretch = |rule: &str| {
            let recurrence = Recurrence::by_rule("UTC", rule, "2026-12-01T21:00").unwrap();
            recurrence.longest_gap_seconds(at("2026-12-01T00:00:00Z")).map(|seconds| seconds / 3600)
        };
        assert_eq!(stretch("FREQ=DAILY"), Some(24));
        assert_eq!(stretch("FREQ=DAILY;INTERVAL=3"), Some(72));
        assert_eq!(stretch("FREQ=WEEKLY;BYDAY=MO,TH"), Some(96));
        assert_eq!(stretch("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,WE"), Some(13 * 24));
        assert_eq!(stretch("FREQ=DAILY;BYHOUR=9,21"), Some(12));
        assert_eq!(stretch("FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR"), Some(72));
        assert_eq!(stretch("FREQ=MONTHLY;COUNT=3"), Some(31 * 24));
        // One slot has no stretch, and what the calendar decides for ever is not promised.
        for rule in
            ["FREQ=DAILY;COUNT=1", "FREQ=DAILY;UNTIL=20261201T210000Z", "FREQ=MONTHLY", "FREQ=YEARLY;INTERVAL=65535"]
        {
            assert_eq!(stretch(rule), None, "{rule}");
        }
    }

    #[test]
    fn what_is_no_rule_or_too_often_is_refused() {
        let parse = |rule, starts| SlotRule::parse(rule, starts, &TimeZone::UTC).err();
        for rule in ["", "FREQ=NEVER", "DAILY", "FREQ=DAILY\nRRULE:FREQ=DAILY", "FREQ=DAILY;BYDAY=XX"] {
            assert_eq!(parse(rule, "2026-01-01T09:00"), Some(SlotError::MalformedRule), "{rule}");
        }
        for rule in ["FREQ=MINUTELY", "FREQ=HOURLY", "FREQ=SECONDLY", "FREQ=DAILY;BYSECOND=5"] {
            assert_eq!(parse(rule, "2026-01-01T09:00"), Some(SlotError::TooOften), "{rule}");
        }
        for starts in ["2026-01-01", "2026-13-01T09:00", "2026-01-01T09:00Z", "2026-01-01 09:00"] {
            assert_eq!(parse("FREQ=DAILY", starts), Some(SlotError::MalformedStart), "{starts}");
        }
    }
}
