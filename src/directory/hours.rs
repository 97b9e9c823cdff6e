//! Opening hours: local times of weekdays, days that differ, bank holidays; and the pure rules that read them.
//!
//! An opening begins with its first minute and ends before its last. Local times are read through the zone's own rules: in
//! the hour that comes twice a line is open twice, in the one that is left out not at all.

use jiff::civil::{Date, DateTime, Weekday};
use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{Span, Timestamp};
use serde::{Deserialize, Deserializer};

use super::bank_holidays::{Division, bank_holiday};

/// Days that are looked at for the next opening or closing.
const LOOK_AHEAD_DAYS: i64 = 28;
/// Minutes of a day.
const DAY: u16 = 24 * 60;

/// An opening: minutes of the local day, from the first to before the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct OpeningSpan {
    /// When it begins.
    pub from: Minute,
    /// When it ends; 24:00 at the latest.
    pub until: Minute,
}

impl OpeningSpan {
    fn holds(self, minute: u16) -> bool {
        self.from.0 <= minute && minute < self.until.0
    }
}

/// A minute of a local day, 00:00 to 24:00.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Minute(pub u16);

impl Minute {
    fn read(text: &str) -> Option<Self> {
        let (hours, minutes) = text.split_once(':')?;
        let is_pair = |part: &str| part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit());
        if !is_pair(hours) || !is_pair(minutes) {
            return None;
        }
        let (hours, minutes): (u16, u16) = (hours.parse().ok()?, minutes.parse().ok()?);
        let all = hours * 60 + minutes;
        (minutes < 60 && all <= DAY).then_some(Self(all))
    }
}

impl std::fmt::Display for Minute {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / 60, self.0 % 60)
    }
}

impl<'de> Deserialize<'de> for Minute {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::read(&text).ok_or_else(|| serde::de::Error::custom("not a local time"))
    }
}

/// The word for a day of the week: `mo` to `su`.
#[must_use]
pub fn word(day: Weekday) -> &'static str {
    match day {
        Weekday::Monday => "mo",
        Weekday::Tuesday => "tu",
        Weekday::Wednesday => "we",
        Weekday::Thursday => "th",
        Weekday::Friday => "fr",
        Weekday::Saturday => "sa",
        Weekday::Sunday => "su",
    }
}

/// When somebody answers.
#[derive(Clone, Debug)]
pub struct Hours {
    zone: TimeZone,
    /// Openings by day, Monday first, each day's in order.
    week: [Vec<OpeningSpan>; 7],
    /// Where its bank holidays are days on which it is closed.
    closed_on_bank_holidays_of: Option<Division>,
    /// Days that differ.
    exceptions: Vec<(Date, Vec<OpeningSpan>)>,
}

/// Why hours cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HoursFault {
    /// An opening ends before it begins.
    Reversed,
    /// Two openings of one day overlap or touch, or a word is no weekday.
    Overlapping,
}

impl Hours {
    /// Hours of a zone, closed all week until openings are added.
    #[must_use]
    pub fn closed(zone: TimeZone, closed_on_bank_holidays_of: Option<Division>) -> Self {
        Self { zone, week: Default::default(), closed_on_bank_holidays_of, exceptions: Vec::new() }
    }

    /// Adds an opening of some days of each week.
    ///
    /// # Errors
    /// When it ends before it begins, or meets another.
    pub fn open_on(&mut self, weekdays: &[String], opening: OpeningSpan) -> Result<(), HoursFault> {
        for name in weekdays {
            let day = self.week.iter_mut().zip(0..).find(|(_, index)| weekday_word(*index) == name.as_str());
            let (day, _) = day.ok_or(HoursFault::Overlapping)?;
            add(day, opening)?;
        }
        Ok(())
    }

    /// Says when it is open on one day; without an opening, not at all. Comes before weekday and bank holiday.
    ///
    /// # Errors
    /// As [`Hours::open_on`].
    pub fn differ_on(&mut self, on: Date, opening: Option<OpeningSpan>) -> Result<(), HoursFault> {
        if !self.exceptions.iter().any(|(day, _)| *day == on) {
            self.exceptions.push((on, Vec::new()));
        }
        let day = self.exceptions.iter_mut().find(|(day, _)| *day == on);
        match day.zip(opening) {
            Some(((_, openings), opening)) => add(openings, opening),
            None => Ok(()),
        }
    }

    /// The openings of a local day, in order.
    #[must_use]
    pub fn on(&self, day: Date) -> &[OpeningSpan] {
        if let Some((_, openings)) = self.exceptions.iter().find(|(on, _)| *on == day) {
            return openings;
        }
        if self.closed_on_bank_holidays_of.is_some_and(|division| bank_holiday(division, day).is_some()) {
            return &[];
        }
        let index = usize::try_from(day.weekday().to_monday_zero_offset()).unwrap_or_default();
        self.week.get(index).map_or(&[], Vec::as_slice)
    }

    /// Whether somebody answers at an instant.
    #[must_use]
    pub fn is_open(&self, at: Timestamp) -> bool {
        let local = self.zone.to_datetime(at);
        let minute = u16::try_from(i32::from(local.hour()) * 60 + i32::from(local.minute())).unwrap_or_default();
        self.on(local.date()).iter().any(|opening| opening.holds(minute))
    }

    /// The next instant at which it opens, or, where it is open, closes; none where it does neither for weeks.
    #[must_use]
    pub fn next_change(&self, at: Timestamp) -> Option<Timestamp> {
        let (is_open, first) = (self.is_open(at), self.zone.to_datetime(at).date());
        // Local time goes on evenly but for the zone's own jumps, so nothing changes anywhere else.
        let mut candidates = Vec::new();
        for days in -1..=LOOK_AHEAD_DAYS {
            let Ok(day) = first.checked_add(Span::new().days(days)) else { continue };
            for opening in self.on(day) {
                candidates.extend(self.instants_of(day, opening.from));
                candidates.extend(self.instants_of(day, opening.until));
            }
        }
        let horizon = Timestamp::from_second(at.as_second() + LOOK_AHEAD_DAYS * 86_400).unwrap_or(Timestamp::MAX);
        let jumps = self.zone.following(at).take_while(|jump| jump.timestamp() <= horizon);
        candidates.extend(jumps.map(|jump| jump.timestamp()));
        candidates.sort_unstable();
        candidates.into_iter().find(|candidate| *candidate > at && self.is_open(*candidate) != is_open)
    }

    /// When a local time is: once, twice in the hour that repeats, or at the jump that leaves it out.
    fn instants_of(&self, day: Date, minute: Minute) -> Vec<Timestamp> {
        let Some(local) = local(day, minute) else { return Vec::new() };
        let with = |offset: jiff::tz::Offset| offset.to_timestamp(local).ok();
        match self.zone.to_ambiguous_timestamp(local).offset() {
            AmbiguousOffset::Unambiguous { offset } => with(offset).into_iter().collect(),
            AmbiguousOffset::Fold { before, after } => [with(before), with(after)].into_iter().flatten().collect(),
            // The jump itself is a candidate of its own.
            AmbiguousOffset::Gap { .. } => Vec::new(),
        }
    }

    /// Days that differ, from one on.
    pub fn exceptions_from(&self, day: Date) -> impl Iterator<Item = &(Date, Vec<OpeningSpan>)> {
        self.exceptions.iter().filter(move |(on, _)| *on >= day)
    }

    /// The local day of an instant.
    #[must_use]
    pub fn day_of(&self, at: Timestamp) -> Date {
        self.zone.to_datetime(at).date()
    }
}

fn weekday_word(index: i8) -> &'static str {
    Weekday::from_monday_zero_offset(index).map_or("", word)
}

fn add(day: &mut Vec<OpeningSpan>, opening: OpeningSpan) -> Result<(), HoursFault> {
    if opening.from >= opening.until {
        return Err(HoursFault::Reversed);
    }
    if day.iter().any(|other| opening.from <= other.until && other.from <= opening.until) {
        return Err(HoursFault::Overlapping);
    }
    day.push(opening);
    day.sort_unstable();
    Ok(())
}

fn local(day: Date, minute: Minute) -> Option<DateTime> {
    if minute.0 == DAY {
        return Some(day.tomorrow().ok()?.at(0, 0, 0, 0));
    }
    let (hour, minute) = (i8::try_from(minute.0 / 60).ok()?, i8::try_from(minute.0 % 60).ok()?);
    Some(day.at(hour, minute, 0, 0))
}

#[cfg(test)]
mod tests;
