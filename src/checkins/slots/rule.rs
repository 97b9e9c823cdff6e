//! Recurrence by rule: RFC 5545 RRULE, read and unrolled by the `rrule` crate.
//!
//! The rule is unrolled on the wall clock, as if the zone were UTC, and each local time then becomes an instant by the
//! same reading as listed times: the crate's own ideas of gaps and folds do not come into it.

use jiff::civil::DateTime;
use jiff::{Timestamp, ToSpan};
use rrule::{Frequency, RRuleSet};

use super::SlotError;

/// The most slots of a rule that are looked at from one instant on.
const MOST_SLOTS: usize = 10_000;

/// A rule and the local time at which it begins.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule(RRuleSet);

impl Rule {
    /// Reads a rule such as `FREQ=WEEKLY;BYDAY=MO,TH` that begins at a local time, `YYYY-MM-DDTHH:MM`.
    ///
    /// # Errors
    /// When either is malformed, or the rule falls due more often than daily listed times could.
    pub fn parse(rule: &str, starts_at_local: &str) -> Result<Self, SlotError> {
        let is_plain = !rule.is_empty() && rule.chars().all(|c| c.is_ascii_alphanumeric() || "=;,-+".contains(c));
        if !is_plain || rule.len() > 500 {
            return Err(SlotError::MalformedRule);
        }
        let start = parse_start(starts_at_local).ok_or(SlotError::MalformedStart)?;
        let text = format!("DTSTART:{}Z\nRRULE:{rule}", start.strftime("%Y%m%dT%H%M%S"));
        let set: RRuleSet = text.parse().map_err(|_| SlotError::MalformedRule)?;
        let [parsed] = set.get_rrule().as_slice() else { return Err(SlotError::MalformedRule) };
        if matches!(parsed.get_freq(), Frequency::Secondly | Frequency::Minutely | Frequency::Hourly) {
            return Err(SlotError::TooOften);
        }
        let is_minutely = parsed.get_by_second().iter().all(|second| *second == 0);
        let per_day = parsed.get_by_hour().len().max(1) * parsed.get_by_minute().len().max(1);
        if !is_minutely || per_day > super::MAX_LOCAL_TIMES {
            return Err(SlotError::TooOften);
        }
        Ok(Self(set.limit()))
    }

    /// The local times of the rule, in order, from two days before `from`.
    pub(super) fn local_times(&self, from: DateTime) -> impl Iterator<Item = DateTime> {
        let earliest = from.saturating_sub(2.days());
        let civil = |seconds| Timestamp::from_second(seconds).ok().map(|at| jiff::tz::TimeZone::UTC.to_datetime(at));
        let all = self.0.into_iter().filter_map(move |at| civil(at.timestamp()));
        // Counted from where the search begins, not from the start of the rule: a rule that is old has not run out.
        all.skip_while(move |at| *at < earliest).take(MOST_SLOTS)
    }
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
    use crate::db::Instant;

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

    #[test]
    fn what_is_no_rule_or_too_often_is_refused() {
        let parse = |rule, starts| Rule::parse(rule, starts).err();
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
