//! A place where the survivor may be found, as it was just opened by an officer.

use askama::Template;

use super::details_page::OfficersSummary;
use crate::escalation::PoliceOpenedAddressView;
use crate::portal::pages::alert_words::alert_path;
use crate::portal::pages::person_view::SummaryEntry;
use crate::portal::pages::reader::{PageReader, When};
use crate::words::id_of;

/// The page.
#[derive(Template)]
#[template(path = "police/address.html")]
pub struct OfficerAddressPage<'a> {
    reader: &'a PageReader,
    title: String,
    place: OfficersSummary,
    opened_at: When,
    href: String,
}

impl<'a> OfficerAddressPage<'a> {
    /// That of an alert.
    pub fn of(reader: &'a PageReader, reference: &str, place: &PoliceOpenedAddressView) -> Self {
        let kind = reader.say(&id_of("portal-police-address", place.kind.as_str()));
        let known = [
            ("portal-police-address-kind", Some(kind)),
            ("portal-police-address-place", place.address.clone()),
            ("portal-police-night-number", place.night_number.clone()),
            ("portal-police-confirmed-on", Some(reader.day(place.confirmed_on).1)),
        ];
        Self {
            title: reader.title("portal-place-title", false),
            place: OfficersSummary {
                entries: known.into_iter().filter_map(|(key, value)| SummaryEntry::of(reader, key, value)).collect(),
            },
            opened_at: reader.now_by_the_clock(),
            href: alert_path(reference),
            reader,
        }
    }
}
