//! Where somebody is, as far as anybody knows: the second and third line of what is said to 999. Pure.
//!
//! 999 connects a caller to the control room of the area that they ring from, which need not be the survivor's. So the
//! area comes first, and the force whose control room is asked for. Coordinates alone name no force: then the force of
//! the survivor's home is asked for, and the operator is offered the coordinates.

use crate::db::Instant;
use crate::directory;
use crate::words::{Language, say, say_with};

/// Minutes for which "they are there" may be said of a place that somebody named.
const SAID_MINUTES: i64 = 60;

/// A force, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForceWords {
    /// Its name.
    pub name: String,
}

/// A place that a phone gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PhonePlace {
    /// When it reached us.
    pub at: Instant,
    /// The force that the phone named with it.
    pub force: Option<ForceWords>,
}

/// The area of a force in which the survivor said that they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SaidPlace {
    /// When they said so.
    pub at: Instant,
    /// The force.
    pub force: ForceWords,
}

/// All that is known of where somebody is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Whereabouts {
    /// What their phone gave, as far as the caller may pass it on.
    pub phone: Option<PhonePlace>,
    /// What they said last.
    pub said: Option<SaidPlace>,
    /// The force of their home.
    pub home: Option<ForceWords>,
}

/// What the second line says.
enum Known<'a> {
    PhoneIn(&'a ForceWords, i64),
    Said(&'a ForceWords),
    Phone(i64),
    Home(&'a ForceWords),
    Nothing,
}

impl Whereabouts {
    /// The second and the third line.
    #[must_use]
    pub fn lines(&self, now: Instant) -> [String; 2] {
        let known = self.known(now);
        let minutes = |minutes: i64| ("minutes", minutes.into());
        let area = |force: &ForceWords| ("area", force.area().into());
        let place = match known {
            Known::PhoneIn(force, since) => with("script-place-phone-area", &[area(force), minutes(since)]),
            Known::Said(force) => with("script-place-said", &[area(force)]),
            Known::Phone(since) => with("script-place-phone", &[minutes(since)]),
            Known::Home(force) => with("script-place-home", &[area(force)]),
            Known::Nothing => say(Language::English, "script-place-nothing"),
        };
        let force = match known {
            Known::PhoneIn(force, _) | Known::Said(force) | Known::Home(force) => Some(force),
            Known::Phone(_) => self.home.as_ref(),
            Known::Nothing => None,
        };
        let room = match force {
            Some(force) => with("script-control-room", &[("force", force.name.as_str().into())]),
            None => say(Language::English, "script-control-room-unknown"),
        };
        [place, room]
    }

    fn known(&self, now: Instant) -> Known<'_> {
        // What was said an hour ago says nothing of now.
        let said = self.said.as_ref().filter(|said| minutes_since(said.at, now) <= SAID_MINUTES);
        let named = self.phone.as_ref().and_then(|phone| Some((phone, phone.force.as_ref()?)));
        match (named, said, &self.phone, &self.home) {
            (Some((phone, _)), Some(said), ..) if said.at > phone.at => Known::Said(&said.force),
            (Some((phone, force)), ..) => Known::PhoneIn(force, minutes_since(phone.at, now)),
            (None, Some(said), ..) => Known::Said(&said.force),
            (None, None, Some(phone), _) => Known::Phone(minutes_since(phone.at, now)),
            (None, None, None, Some(home)) => Known::Home(home),
            (None, None, None, None) => Known::Nothing,
        }
    }

    /// Whether the second line leaves a place unsaid that the phone gave.
    #[must_use]
    pub fn leaves_phone_unsaid(&self, now: Instant) -> bool {
        self.phone.is_some() && matches!(self.known(now), Known::Said(_))
    }

    /// Minutes since the phone gave a place.
    #[must_use]
    pub fn phone_minutes(&self, now: Instant) -> Option<i64> {
        self.phone.as_ref().map(|phone| minutes_since(phone.at, now))
    }
}

impl ForceWords {
    /// The force with an id of the list.
    #[must_use]
    pub fn listed(id: &str) -> Option<Self> {
        directory::force(id).map(|force| Self { name: force.name.clone() })
    }

    /// The area that it polices, as people call it.
    #[must_use]
    pub fn area(&self) -> String {
        let shown = |area: &str| area.replace('&', "and");
        if self.name == "Metropolitan Police Service" {
            return "London, in the area of the Metropolitan Police".to_owned();
        }
        let of_a_country = ["Police Service of ", "Police "].iter().find_map(|prefix| self.name.strip_prefix(prefix));
        let of_a_county = [" Police", " Constabulary"].iter().find_map(|suffix| self.name.strip_suffix(suffix));
        let is_nowhere = ["Transport", "Ministry"].iter().any(|word| self.name.contains(word));
        match of_a_county.or(of_a_country).filter(|_| !is_nowhere) {
            Some(area) => shown(area),
            None => format!("the area of {}", self.name),
        }
    }
}

fn minutes_since(at: Instant, now: Instant) -> i64 {
    (now.seconds_since(at) / 60).max(0)
}

fn with(id: &str, filled: &[crate::words::Filled<'_>]) -> String {
    say_with(Language::English, id, filled)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn force(id: &str) -> ForceWords {
        ForceWords::listed(id).unwrap()
    }

    fn now() -> Instant {
        "2026-11-21T20:14:00Z".parse().unwrap()
    }

    fn phone(minutes: i64, id: Option<&str>) -> Option<PhonePlace> {
        Some(PhonePlace { at: now().plus_minutes(-minutes), force: id.map(force) })
    }

    fn said(minutes: i64, id: &str) -> Option<SaidPlace> {
        Some(SaidPlace { at: now().plus_minutes(-minutes), force: force(id) })
    }

    #[test]
    fn the_second_line_says_where_as_far_as_that_is_known_and_the_third_which_control_room() {
        let home = || Some(force("south-yorkshire"));
        let sussex = "I am not with them. Please put me through to Sussex Police's control room.";
        let own = "I am not with them. Please put me through to South Yorkshire Police's control room.";
        let nobody = "I am not with them. We do not know in which force area they are: please find the control room.";
        for (phone, said, home, place, room) in [
            (phone(3, Some("sussex")), None, home(), "Their phone gave a place in Sussex 3 minutes ago.", sussex),
            (None, said(3, "sussex"), home(), "They said they are in Sussex.", sussex),
            // What they said last is nearer than what their phone gave before.
            (phone(9, Some("kent")), said(3, "sussex"), home(), "They said they are in Sussex.", sussex),
            (
                phone(3, Some("sussex")),
                said(9, "kent"),
                home(),
                "Their phone gave a place in Sussex 3 minutes ago.",
                sussex,
            ),
            // Coordinates name no force.
            (phone(1, None), None, home(), "Their phone gave a place 1 minute ago; I can give it to you.", own),
            (phone(0, None), None, None, "Their phone gave a place 0 minutes ago; I can give it to you.", nobody),
            (phone(3, None), said(9, "sussex"), home(), "They said they are in Sussex.", sussex),
            // What was said two hours ago is stale; the age of a phone's place is said.
            (
                None,
                said(120, "sussex"),
                home(),
                "They usually live in South Yorkshire; we do not know where they are now.",
                own,
            ),
            (
                phone(180, None),
                said(120, "sussex"),
                home(),
                "Their phone gave a place 180 minutes ago; I can give it to you.",
                own,
            ),
            (None, None, home(), "They usually live in South Yorkshire; we do not know where they are now.", own),
            (None, None, None, "We do not know where they are now.", nobody),
        ] {
            let known = Whereabouts { phone, said, home };
            assert_eq!(known.lines(now()), [place, room], "{known:?}");
        }
    }

    #[test]
    fn every_force_of_the_list_polices_an_area_that_people_know() {
        for force in directory::forces() {
            let area = ForceWords { name: force.name.clone() }.area();
            let known = ["Police", "Constabulary", "Service"].iter().all(|word| !area.contains(word));
            let is_named = area.contains(&force.name) || area.contains("the Metropolitan Police");
            assert!((known || is_named) && !area.contains('&') | is_named && !area.is_empty(), "{area}");
        }
        let area = |name: &str| ForceWords { name: name.to_owned() }.area();
        assert_eq!(area("Devon & Cornwall Police"), "Devon and Cornwall");
        assert_eq!(area("Police Service of Northern Ireland"), "Northern Ireland");
        assert_eq!(area("Police Scotland"), "Scotland");
        assert_eq!(area("British Transport Police"), "the area of British Transport Police");
    }
}
