//! The details of an alert, as they were just opened by an officer.

use askama::Template;

use super::alert_page::{OfficerCare, REASON, act_path};
use super::facts_view::behaviour_words;
use crate::escalation::{PoliceDetailView, PolicePersonView, PolledAlertData, SuspectView};
use crate::incidents::PoliceIncident;
use crate::portal::pages::acts_view::PlacePoint;
use crate::portal::pages::alert_words::alert_path;
use crate::portal::pages::case::handle::letters;
use crate::portal::pages::form::{PageForm, ShownForm};
use crate::portal::pages::person_view::{SummaryEntry, language};
use crate::portal::pages::reader::{PageReader, When};
use crate::words::id_of;

/// The page.
#[derive(Template)]
#[template(path = "police/details.html")]
pub struct OfficerDetailsPage<'a> {
    reader: &'a PageReader,
    title: String,
    reference: &'a str,
    href: String,
    opened_at: When,
    care: OfficerCare,
    person: Option<OfficersSummary>,
    point: Option<PlacePoint>,
    released: Option<PlaceGiven>,
    suspects: Vec<OfficersSummary>,
    addresses: Vec<PlaceToOpen>,
    incidents: Vec<OfficersIncident>,
    has_unreadable: bool,
}

/// A summary list of somebody.
pub struct OfficersSummary {
    /// Its lines.
    pub entries: Vec<SummaryEntry>,
}

/// That another officer was given the place first.
pub struct PlaceGiven {
    /// The name which that officer signs in with.
    pub officer: String,
    /// When.
    pub at: When,
}

/// A place where the survivor may be found, which is opened by itself.
pub struct PlaceToOpen {
    /// What it is to them.
    pub kind: String,
    /// The day on which it was last confirmed.
    pub confirmed_on: String,
    /// The form that opens it.
    pub form: ShownForm,
}

/// What the survivor reported.
pub struct OfficersIncident {
    /// When it happened, as far as that is known, else when it arrived.
    pub at: When,
    /// What it was.
    pub entries: Vec<SummaryEntry>,
    /// In their words.
    pub account: String,
}

impl<'a> OfficerDetailsPage<'a> {
    /// That of an alert.
    pub fn of(reader: &'a PageReader, found: &'a PoliceDetailView) -> Self {
        let reference = found.alert.reference.as_str();
        let care = match &found.alert.data {
            PolledAlertData::Present(data) => OfficerCare::of(data),
            PolledAlertData::Past(_) => OfficerCare { is_silent: false, keeps_from_phone: false },
        };
        let addresses = found.safe_addresses.iter().map(|place| {
            let letters = letters(place.id.0);
            let (of, action) = (format!("address-{letters}"), act_path(reference, &format!("addresses/{letters}")));
            let button = "portal-police-open-address";
            let form = PageForm { of: &of, action, fields: &[REASON], button, is_secondary: true };
            PlaceToOpen {
                kind: reader.say(&id_of("portal-police-address", place.kind.as_str())),
                confirmed_on: reader.day(place.confirmed_on).1,
                form: form.show(reader, None),
            }
        });
        Self {
            title: reader.title("portal-police-details-title", false),
            reference,
            href: alert_path(reference),
            opened_at: reader.now_by_the_clock(),
            care,
            person: found.person.as_ref().map(|person| OfficersSummary::of_person(reader, person)),
            point: found.location.as_ref().and_then(|place| PlacePoint::of(reader, place)),
            released: found
                .location_released
                .as_ref()
                .map(|given| PlaceGiven { officer: given.officer.clone(), at: reader.when(given.at) }),
            suspects: found.suspects.iter().map(|suspect| OfficersSummary::of_suspect(reader, suspect)).collect(),
            addresses: addresses.collect(),
            incidents: found.incidents.iter().map(|incident| OfficersIncident::of(reader, incident)).collect(),
            has_unreadable: !found.unreadable.is_empty(),
            reader,
        }
    }
}

impl OfficersSummary {
    fn of_person(reader: &PageReader, person: &PolicePersonView) -> Self {
        let known = [
            ("portal-name", Some(person.preferred_name.clone())),
            ("portal-full-name", person.full_name.clone()),
            ("portal-born", person.date_of_birth.clone()),
            ("portal-reads", person.language.as_ref().map(|tag| language(reader, tag))),
        ];
        let needs = person.needs.iter().map(|need| Some(reader.say(&id_of("portal-need", need.as_str()))));
        let all = known.into_iter().chain(needs.map(|need| ("portal-need", need)));
        Self { entries: all.filter_map(|(key, value)| SummaryEntry::of(reader, key, value)).collect() }
    }

    fn of_suspect(reader: &PageReader, suspect: &SuspectView) -> Self {
        let known = [
            ("portal-full-name".to_owned(), Some(suspect.name.clone())),
            ("portal-born".to_owned(), suspect.date_of_birth.map(|born| reader.day(born).1)),
            ("portal-police-lives".to_owned(), suspect.address.clone()),
        ];
        let vehicles = suspect.vehicles.iter().map(|car| ("portal-police-known-vehicle".to_owned(), Some(car.clone())));
        let known_by = suspect
            .known_by
            .iter()
            .map(|known| (id_of("portal-police-known", known.kind.as_str()), Some(known.value.clone())));
        let reference = [("portal-reference".to_owned(), suspect.reference.clone())];
        let all = known.into_iter().chain(vehicles).chain(known_by).chain(reference);
        Self { entries: all.filter_map(|(key, value)| SummaryEntry::of(reader, &key, value)).collect() }
    }
}

impl OfficersIncident {
    fn of(reader: &PageReader, incident: &PoliceIncident) -> Self {
        let yes = |is: bool, id: &str| is.then(|| reader.say(id));
        let behaviours: Vec<String> = incident.behaviours.iter().map(|code| behaviour_words(reader, code)).collect();
        let severity = id_of("portal-severity", &incident.severity.to_string());
        let wish = if incident.police_may_contact { "portal-police-yes" } else { "portal-police-no" };
        let is_unknown = incident.happened.from.is_none() && incident.happened.to.is_none();
        let known = [
            ("portal-police-severity", Some(reader.say(&severity))),
            ("portal-police-time", yes(is_unknown, "portal-time-unknown")),
            ("portal-police-threat", (!behaviours.is_empty()).then(|| behaviours.join("; "))),
            ("portal-police-breach", yes(incident.is_suspected_breach, "portal-suspected-breach")),
            ("portal-police-harm", Some(reader.say_with("portal-police-fear", &[("count", incident.fear.into())]))),
            ("portal-police-place", incident.place.clone()),
            ("portal-police-witnesses", incident.witnesses.clone()),
            ("portal-police-third-parties", incident.third_parties.clone()),
            ("portal-police-children", yes(incident.children_present == Some(true), "portal-police-yes")),
            ("portal-police-wants-contact", Some(reader.say(wish))),
            ("portal-police-force-reference", incident.police_reference.clone()),
        ];
        Self {
            at: reader.when(incident.happened.from.or(incident.happened.to).unwrap_or(incident.received_at)),
            entries: known.into_iter().filter_map(|(key, value)| SummaryEntry::of(reader, key, value)).collect(),
            account: incident.account.clone(),
        }
    }
}
