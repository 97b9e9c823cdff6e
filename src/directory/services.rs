//! Help lines, and whether somebody answers now.
//!
//! Hours are data with a source and the date they were checked, since sources differ. Bank holidays are not known here.

use std::sync::LazyLock;

use jiff::civil::{Time, Weekday};
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::lists;
use crate::db::Instant;

const FILE: &str = include_str!("support_services.csv");

static SERVICES: LazyLock<Vec<SupportService>> = LazyLock::new(|| lists::read_or_empty("support_services", FILE));

/// A service that a survivor can ring, as the file has it.
#[derive(Clone, Debug, Deserialize)]
pub struct SupportService {
    /// A word for it.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its number.
    pub phone: String,
    /// Whether it is for emergencies.
    #[serde(deserialize_with = "lists::yes_or_no")]
    pub is_emergency: bool,
    /// The days it opens, `mo` to `su`; none: always open.
    #[serde(deserialize_with = "lists::words")]
    pub weekdays: Vec<String>,
    /// When it opens.
    pub opens: Option<Time>,
    /// When it closes.
    pub closes: Option<Time>,
    /// The zone that these are told in.
    pub time_zone: String,
    /// What the hours alone do not tell.
    pub hours_note: Option<String>,
    /// Where this comes from.
    pub source: String,
    /// When that was last checked.
    pub checked_on: jiff::civil::Date,
}

impl SupportService {
    /// Whether somebody answers at an instant: from the minute it opens, until the minute it closes.
    #[must_use]
    pub fn is_open(&self, at: Instant) -> bool {
        let Some((opens, closes)) = self.opens.zip(self.closes) else { return true };
        // A zone that the machine does not know leaves the hours to be read by people.
        let Ok(zone) = TimeZone::get(&self.time_zone) else { return false };
        let local = at.timestamp().to_zoned(zone);
        let is_its_day = self.weekdays.iter().any(|day| day == word(local.weekday()));
        is_its_day && opens <= local.time() && local.time() < closes
    }
}

fn word(day: Weekday) -> &'static str {
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

/// When a service opens.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Hours {
    /// The days, `mo` to `su`.
    #[schema(example = json!(["mo", "tu", "we", "th", "fr"]))]
    pub weekdays: Vec<String>,
    /// Local time at which it opens.
    #[schema(example = "09:30")]
    pub opens: String,
    /// Local time at which it closes.
    #[schema(example = "16:00")]
    pub closes: String,
    /// The zone of both (IANA).
    #[schema(example = "Europe/London")]
    pub time_zone: String,
}

/// A service that a survivor can ring.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SupportServiceView {
    /// A word for it.
    #[schema(example = "national_stalking_helpline")]
    pub id: String,
    /// Its name.
    #[schema(example = "National Stalking Helpline (Suzy Lamplugh Trust)")]
    pub name: String,
    /// Its number.
    #[schema(example = "0808 802 0300")]
    pub phone: String,
    /// Whether it is for emergencies.
    pub is_emergency: bool,
    /// Whether it is open at the instant asked for, by the hours below. Bank holidays are not taken into account.
    pub open_now: bool,
    /// When it opens; without hours, always.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hours: Option<Hours>,
    /// What the hours alone do not tell.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "Slightly later on Thursdays")]
    pub hours_note: Option<String>,
    /// Where this comes from.
    pub source: String,
    /// When that was last checked.
    #[schema(value_type = String, format = Date, example = "2023-04-27")]
    pub checked_on: jiff::civil::Date,
}

impl SupportServiceView {
    fn of(service: &SupportService, at: Instant) -> Self {
        let hours = service.opens.zip(service.closes).map(|(opens, closes)| Hours {
            weekdays: service.weekdays.clone(),
            opens: opens.strftime("%H:%M").to_string(),
            closes: closes.strftime("%H:%M").to_string(),
            time_zone: service.time_zone.clone(),
        });
        Self {
            id: service.id.clone(),
            name: service.name.clone(),
            phone: service.phone.clone(),
            is_emergency: service.is_emergency,
            open_now: service.is_open(at),
            hours,
            hours_note: service.hours_note.clone(),
            source: service.source.clone(),
            checked_on: service.checked_on,
        }
    }
}

/// All services, the emergency number first, with whether each is open at an instant.
#[must_use]
pub fn support_services(at: Instant) -> Vec<SupportServiceView> {
    SERVICES.iter().map(|service| SupportServiceView::of(service, at)).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn open_at(at: &str) -> Vec<String> {
        let services = support_services(at.parse().unwrap());
        services.into_iter().filter(|service| service.open_now).map(|service| service.id).collect()
    }

    #[test]
    fn the_list_is_whole_and_every_service_has_all_its_hours_or_none() {
        let rows = lists::read::<SupportService>(FILE).unwrap();
        assert_eq!(rows.len(), 3);
        assert!(rows.first().unwrap().is_emergency);
        for row in rows {
            assert_eq!(row.opens.is_some(), row.closes.is_some(), "{}", row.id);
            assert_eq!(row.opens.is_some(), !row.weekdays.is_empty(), "{}", row.id);
            assert!(row.opens.is_none() || row.opens < row.closes, "{}", row.id);
            assert!(TimeZone::get(&row.time_zone).is_ok(), "{}", row.id);
            assert!(!row.source.is_empty());
        }
    }

    #[test]
    fn a_help_line_opens_and_closes_by_london_time_in_winter_and_in_summer() {
        let all = ["emergency", "national_stalking_helpline", "paladin"];
        assert_eq!(open_at("2026-01-14T08:59:59Z"), ["emergency"]);
        assert_eq!(open_at("2026-01-14T09:00:00Z"), ["emergency", "paladin"]);
        assert_eq!(open_at("2026-01-14T09:30:00Z"), all);
        assert_eq!(open_at("2026-07-15T08:30:00Z"), all);
        assert_eq!(open_at("2026-07-15T14:00:00Z"), ["emergency", "national_stalking_helpline"]);
        assert_eq!(open_at("2026-07-15T15:00:00Z"), ["emergency"]);
        assert_eq!(open_at("2026-01-17T12:00:00Z"), ["emergency"], "a Saturday");
    }

    proptest! {
        #[test]
        fn the_emergency_number_is_open_at_any_time(seconds in -4_000_000_000i64..8_000_000_000) {
            let at = Instant::from_microseconds(seconds * 1_000_000);
            prop_assert!(support_services(at).iter().any(|service| service.is_emergency && service.open_now));
        }
    }
}
