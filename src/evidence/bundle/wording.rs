//! The words of a summary in its language, and its times: those of the zone that was asked for, with UTC in brackets.

use fluent_bundle::FluentValue;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::db::Instant;
use crate::directory;
use crate::words::{self, Language};

/// The language and the zone of a summary.
pub struct SummaryWording {
    /// The language.
    pub language: Language,
    /// The zone.
    pub zone: TimeZone,
}

impl SummaryWording {
    /// A message.
    #[must_use]
    pub fn say(&self, id: &str) -> String {
        words::say(self.language, id)
    }

    /// A message with its variables.
    #[must_use]
    pub fn with(&self, id: &str, with: &[(&'static str, FluentValue<'_>)]) -> String {
        words::say_with(self.language, id, with)
    }

    /// What a code means; the code itself where there are no words for it.
    #[must_use]
    pub fn code(&self, prefix: &str, code: &str) -> String {
        words::find(self.language, &words::id_of(prefix, code), &[]).unwrap_or_else(|| code.replace('_', " "))
    }

    /// What a behaviour is. The list of behaviours is in English.
    #[must_use]
    pub fn behaviour(&self, code: &str) -> String {
        directory::behaviour(code).map_or_else(|| code.replace('_', " "), |found| found.definition.clone())
    }

    /// The name of the zone.
    #[must_use]
    pub fn zone_name(&self) -> String {
        self.zone.iana_name().unwrap_or("UTC").to_owned()
    }

    /// A day.
    #[must_use]
    pub fn day(&self, day: Date) -> String {
        let month = self.say(&format!("bundle-month-{}", day.month()));
        format!("{} {month} {}", day.day(), day.year())
    }

    /// A moment by the clocks of the zone, and by UTC where that is another time.
    #[must_use]
    pub fn moment(&self, at: Instant) -> String {
        let (local, utc) = (at.timestamp().to_zoned(self.zone.clone()), at.timestamp().to_zoned(TimeZone::UTC));
        let shown = |of: &jiff::Zoned| format!("{}, {}", self.day(of.date()), of.strftime("%H:%M"));
        if local.datetime() == utc.datetime() {
            return format!("{} UTC", shown(&utc));
        }
        let same_day = local.date() == utc.date();
        let other = if same_day { utc.strftime("%H:%M").to_string() } else { shown(&utc) };
        format!("{} {} ({other} UTC)", shown(&local), local.strftime("%Z"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_told_by_the_clocks_of_the_place_and_by_utc() {
        let of = |language, zone: &str, at: &str| {
            SummaryWording { language, zone: TimeZone::get(zone).unwrap() }.moment(at.parse().unwrap())
        };
        let english = |zone, at| of(Language::English, zone, at);
        assert_eq!(english("Europe/London", "2026-11-21T12:00:00Z"), "21 November 2026, 12:00 UTC");
        assert_eq!(english("Europe/London", "2026-07-21T12:00:00Z"), "21 July 2026, 13:00 BST (12:00 UTC)");
        assert_eq!(
            english("Europe/London", "2026-07-21T23:30:00Z"),
            "22 July 2026, 00:30 BST (21 July 2026, 23:30 UTC)"
        );
        let welsh = of(Language::Welsh, "Europe/London", "2026-07-21T12:00:00Z");
        assert_eq!(welsh, "21 Gorffennaf 2026, 13:00 BST (12:00 UTC)");
    }
}
