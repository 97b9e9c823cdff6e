//! When a schedule's check-ins fall due: local times on the wall clock, turned into instants.
//!
//! A pure function of the recurrence and an instant; nothing here reads a clock or a row. The guarantee: each listed
//! time of each allowed day falls due exactly once, whatever the zone does to its clocks. A time that the spring gap
//! swallows moves forward by the length of the gap; one that the autumn fold repeats falls due at the earlier instant
//! only. Two listed times that a gap moves onto one instant are one check-in, for a slot is unique by its due instant.

use std::fmt;

use jiff::{
    ToSpan,
    civil::{Date, DateTime, Time, Weekday},
    tz::TimeZone,
};

use crate::db::Instant;

mod rule;
#[cfg(test)]
mod tests;

pub use rule::SlotRule;

/// The most local times that one schedule may list: one an hour on average.
pub const MAX_LOCAL_TIMES: usize = 24;

/// How many days before the local date the search begins. A gap may move a slot out of its own day (Samoa skipped the
/// whole of 2011-12-30), so slots of the last two days may still lie ahead.
const DAYS_BEHIND: i32 = 2;

/// How many days after the local date the search ends: a week reaches any weekday, and two days more give every slot
/// that a gap moved the chance to be compared with those after it.
const DAYS_AHEAD: i32 = 9;

/// Clock changes that are looked at ahead: two a year make thirty years, in which every zone has shown all its offsets.
const CLOCK_CHANGES: usize = 60;

/// Which local times on which weekdays of which zone: the recurrence of a schedule.
///
/// Local times and not instants, because a survivor agrees to "nine in the evening", in summer and in winter.
#[derive(Clone, Debug, PartialEq)]
pub struct Recurrence {
    /// The IANA zone whose wall clock the times are read on.
    pub zone: TimeZone,
    /// The local times, in order, each once.
    pub times: Vec<Time>,
    /// The weekdays that have slots; none listed means every day.
    pub weekdays: Vec<Weekday>,
    /// A rule instead of times and weekdays.
    pub rule: Option<SlotRule>,
}

/// Why a recurrence was refused; an index says which of the values sent, so that no free text is repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SlotError {
    /// Not an IANA name of the form `Area/Place`, `UTC` or `GMT`, or one that the time zone database does not know.
    UnknownTimeZone,
    /// No local time, or more than [`MAX_LOCAL_TIMES`].
    NumberOfTimes,
    /// The local time at this index is not `HH:MM`, 00:00 to 23:59.
    MalformedTime(usize),
    /// The local time at this index is listed before.
    RepeatedTime(usize),
    /// The weekday at this index is none of `mo tu we th fr sa su`.
    UnknownWeekday(usize),
    /// The weekday at this index is listed before.
    RepeatedWeekday(usize),
    /// Not an RRULE (RFC 5545, 3.3.10).
    MalformedRule,
    /// Not a local time of the form `YYYY-MM-DDTHH:MM`.
    MalformedStart,
    /// A rule of hours, minutes or seconds, or more than [`MAX_LOCAL_TIMES`] a day.
    TooOften,
}

impl fmt::Display for SlotError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownTimeZone => write!(f, "the time zone is not a known IANA name"),
            Self::NumberOfTimes => write!(f, "between 1 and {MAX_LOCAL_TIMES} local times"),
            Self::MalformedTime(index) => write!(f, "local time {index} is not HH:MM"),
            Self::RepeatedTime(index) => write!(f, "local time {index} is listed twice"),
            Self::UnknownWeekday(index) => {
                write!(f, "weekday {index} is not one of mo tu we th fr sa su")
            }
            Self::RepeatedWeekday(index) => write!(f, "weekday {index} is listed twice"),
            Self::MalformedRule => write!(f, "the rule is not an RRULE"),
            Self::MalformedStart => write!(f, "the start is not YYYY-MM-DDTHH:MM"),
            Self::TooOften => write!(f, "the rule may fall due at most {MAX_LOCAL_TIMES} times a day, on the minute"),
        }
    }
}

impl std::error::Error for SlotError {}

impl Recurrence {
    /// Reads a recurrence as it is sent: an IANA zone, times as `HH:MM`, weekdays as `mo` to `su` (none: every day).
    ///
    /// Strict, because a misread time is a check-in that nobody misses.
    ///
    /// # Errors
    ///
    /// When there is a fault: the first one, with the index of the value at fault.
    pub fn parse(time_zone: &str, local_times: &[String], weekdays: &[String]) -> Result<Self, SlotError> {
        let (times, weekdays) = (parse_times(local_times)?, parse_weekdays(weekdays)?);
        Ok(Self { zone: parse_zone(time_zone)?, times, weekdays, rule: None })
    }

    /// Reads a recurrence by rule: an IANA zone, an RRULE, and the local time at which it begins.
    ///
    /// # Errors
    ///
    /// When there is a fault: the first one.
    pub fn by_rule(time_zone: &str, rule: &str, starts_at_local: &str) -> Result<Self, SlotError> {
        let zone = parse_zone(time_zone)?;
        let rule = SlotRule::parse(rule, starts_at_local, &zone)?;
        Ok(Self { zone, times: Vec::new(), weekdays: Vec::new(), rule: Some(rule) })
    }

    /// The first instant strictly after `after` at which a check-in falls due; none without local times, or at the
    /// end of the calendar.
    ///
    /// Daylight saving as in RFC 5545 section 3.3.5: a slot in a gap moves forward by the
    /// gap, a slot in a fold takes the earlier instant and never the later one as well.
    pub fn next_due_after(&self, after: Instant) -> Option<Instant> {
        let local = self.zone.to_datetime(after.timestamp());
        if let Some(rule) = &self.rule {
            return self.next_by_rule(rule, local, after);
        }
        let today = local.date();
        // All the days are compared, not the first with a slot: a gap of a day may move a slot past the next day's.
        (-DAYS_BEHIND..=DAYS_AHEAD)
            .filter_map(|days| today.checked_add(days.days()).ok())
            .filter(|date| self.has_slots_on(*date))
            .flat_map(|date| self.times.iter().map(move |time| (date, *time)))
            .filter_map(|(date, time)| self.due(date, time))
            .filter(|due| *due > after)
            .min()
    }

    /// The same at or after an instant.
    pub fn next_due_from(&self, from: Instant) -> Option<Instant> {
        self.next_due_after(Instant::from_microseconds(from.microseconds() - 1))
    }

    /// As with listed times, slots of the days around are compared, since a gap may move one past the next.
    fn next_by_rule(&self, rule: &SlotRule, local: DateTime, after: Instant) -> Option<Instant> {
        let mut next: Option<(Instant, DateTime)> = None;
        for at in rule.local_times(local) {
            if next.is_some_and(|(_, found)| at > found.saturating_add(2.days())) {
                break;
            }
            let due = self.due(at.date(), at.time()).filter(|due| *due > after && rule.has(*due));
            if let Some(due) = due
                && next.is_none_or(|(found, _)| due < found)
            {
                next = Some((due, at));
            }
        }
        next.map(|(due, _)| due)
    }

    /// A bound in seconds of every stretch between two slots that follow each other, from now on and over the whole of the
    /// recurrence: the longest on the wall clock, and what the zone's clocks can add to it. None where no bound is known.
    pub fn longest_gap_seconds(&self, now: Instant) -> Option<i64> {
        let on_the_wall = match &self.rule {
            Some(rule) => {
                let is_due = |at: DateTime| self.due(at.date(), at.time()).is_some_and(|due| rule.has(due));
                rule.longest_stretch_seconds(is_due)?
            }
            None => self.longest_of_the_week_seconds()?,
        };
        Some(on_the_wall + self.most_set_back_seconds(now))
    }

    /// The longest stretch between two listed times on the wall clock.
    fn longest_of_the_week_seconds(&self) -> Option<i64> {
        let monday = Date::constant(2026, 11, 23);
        let days = (0..14).filter_map(|days: i32| monday.checked_add(days.days()).ok());
        let days = days.filter(|date| self.has_slots_on(*date));
        let slots: Vec<DateTime> =
            days.flat_map(|date| self.times.iter().map(move |time| date.to_datetime(*time))).collect();
        let following = slots.iter().skip(1);
        slots.iter().zip(following).map(|(first, second)| second.duration_since(*first).as_secs()).max()
    }

    /// By how many seconds the zone's clocks are set back at most between two instants from now on: between the furthest
    /// ahead and the furthest behind that they stand.
    fn most_set_back_seconds(&self, now: Instant) -> i64 {
        let at = now.timestamp();
        let from_now = self.zone.to_offset(at).seconds();
        let changes = self.zone.following(at).take(CLOCK_CHANGES).map(|change| change.offset().seconds());
        let (least, most) =
            changes.fold((from_now, from_now), |(least, most), offset| (least.min(offset), most.max(offset)));
        i64::from(most - least)
    }

    fn has_slots_on(&self, date: Date) -> bool {
        self.weekdays.is_empty() || self.weekdays.contains(&date.weekday())
    }

    /// The one instant of a local time. jiff's "compatible" reading is the project's rule: the offset from before a gap
    /// (so the time moves forward), the earlier instant of a fold.
    fn due(&self, date: Date, time: Time) -> Option<Instant> {
        let due = self.zone.to_timestamp(date.to_datetime(time)).ok()?;
        Some(Instant::from_timestamp(due))
    }
}

/// Only `Area/Place`, `UTC` and `GMT`: among the database's other names are fixed offsets (`Etc/GMT+5`), POSIX strings
/// (`EST5EDT`) and whatever the machine is set to (`localtime`), none of which says where somebody lives.
fn parse_zone(name: &str) -> Result<TimeZone, SlotError> {
    let is_plain = matches!(name, "UTC" | "GMT" | "Etc/UTC" | "Etc/GMT");
    let is_place = name.split_once('/').is_some_and(|(area, _)| !area.eq_ignore_ascii_case("etc"));
    if !is_plain && !is_place {
        return Err(SlotError::UnknownTimeZone);
    }
    TimeZone::get(name).map_err(|_| SlotError::UnknownTimeZone)
}

fn parse_times(texts: &[String]) -> Result<Vec<Time>, SlotError> {
    if texts.is_empty() || texts.len() > MAX_LOCAL_TIMES {
        return Err(SlotError::NumberOfTimes);
    }
    let mut times = Vec::with_capacity(texts.len());
    for (index, text) in texts.iter().enumerate() {
        let time = parse_time(text).ok_or(SlotError::MalformedTime(index))?;
        if times.contains(&time) {
            return Err(SlotError::RepeatedTime(index));
        }
        times.push(time);
    }
    times.sort_unstable();
    Ok(times)
}

/// `HH:MM` and nothing else: no seconds, no sign, no 24:00.
fn parse_time(text: &str) -> Option<Time> {
    let [h1, h2, b':', m1, m2] = text.as_bytes() else {
        return None;
    };
    let digit = |byte: &u8| byte.is_ascii_digit().then(|| i8::try_from(byte - b'0').ok()).flatten();
    let hour = digit(h1)? * 10 + digit(h2)?;
    let minute = digit(m1)? * 10 + digit(m2)?;
    Time::new(hour, minute, 0, 0).ok()
}

fn parse_weekdays(texts: &[String]) -> Result<Vec<Weekday>, SlotError> {
    let mut weekdays = Vec::new();
    for (index, text) in texts.iter().enumerate() {
        let weekday = parse_weekday(text).ok_or(SlotError::UnknownWeekday(index))?;
        if weekdays.contains(&weekday) {
            return Err(SlotError::RepeatedWeekday(index));
        }
        weekdays.push(weekday);
    }
    weekdays.sort_unstable_by_key(|weekday| weekday.to_monday_zero_offset());
    Ok(weekdays)
}

fn parse_weekday(code: &str) -> Option<Weekday> {
    Some(match code {
        "mo" => Weekday::Monday,
        "tu" => Weekday::Tuesday,
        "we" => Weekday::Wednesday,
        "th" => Weekday::Thursday,
        "fr" => Weekday::Friday,
        "sa" => Weekday::Saturday,
        "su" => Weekday::Sunday,
        _ => return None,
    })
}
