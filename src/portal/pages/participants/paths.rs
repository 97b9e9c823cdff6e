//! Where the pages of a participant are.

use crate::portal::pages::case::handle::participant_path;

/// The page of a session, by its letters.
pub fn session_path(reference: &str, letters: &str) -> String {
    format!("{}/sessions/{letters}", participant_path(reference))
}

/// The page of a programme that somebody is in, by the letters of the enrolment.
pub fn enrolment_path(reference: &str, letters: &str) -> String {
    format!("{}/enrolments/{letters}", participant_path(reference))
}
