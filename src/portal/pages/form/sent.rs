//! What a browser sends in other letters than the API's bodies: a moment without its zone, and a record by the letters of its id.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use crate::db::Instant;
use crate::portal::pages::case::handle;

/// Where people look at the clock who fill a form in; the form says so.
const ZONE: &str = "Europe/London";

/// A moment as clocks in the United Kingdom show it, as the API has it; what is none stays as it is, and is refused there. A time
/// that the clocks pass over in spring is as much later; of one that they show twice in autumn the first counts.
pub fn moment_text(sent: &str) -> String {
    let zone = TimeZone::get(ZONE).unwrap_or(TimeZone::UTC);
    let local = sent.trim().parse::<DateTime>().ok().and_then(|local| local.to_zoned(zone).ok());
    local.map_or_else(|| sent.to_owned(), |local| Instant::from_timestamp(local.timestamp()).to_string())
}

/// The id of some letters, as the API has it; what is none stays as it is, and is refused there.
pub fn id_text(letters: &str) -> String {
    handle::id(letters).map_or_else(|_| letters.to_owned(), |id| id.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_by_the_clocks_of_the_united_kingdom() {
        for (sent, expected) in [
            ("2026-11-21T18:00", "2026-11-21T18:00:00Z"),
            ("2026-07-21T18:00", "2026-07-21T17:00:00Z"),
            ("2026-10-25T01:30", "2026-10-25T00:30:00Z"),
            ("2026-03-29T01:30", "2026-03-29T01:30:00Z"),
            ("soon", "soon"),
            ("", ""),
        ] {
            assert_eq!(moment_text(sent), expected, "{sent}");
        }
    }

    #[test]
    fn letters_that_are_no_id_are_left_for_the_api_to_refuse() {
        assert_eq!(id_text("somebody"), "somebody");
        assert_eq!(id_text(&handle::letters(uuid::Uuid::nil())), uuid::Uuid::nil().to_string());
    }
}
