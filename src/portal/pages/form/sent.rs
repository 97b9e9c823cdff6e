//! What a browser sends in other letters than the API's bodies: a record by the letters of its id.

use crate::portal::pages::case::handle;

/// The id of some letters, as the API has it; what is none stays as it is, and is refused there.
pub fn id_text(letters: &str) -> String {
    handle::id(letters).map_or_else(|_| letters.to_owned(), |id| id.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_that_are_no_id_are_left_for_the_api_to_refuse() {
        assert_eq!(id_text("somebody"), "somebody");
        assert_eq!(id_text(&handle::letters(uuid::Uuid::nil())), uuid::Uuid::nil().to_string());
    }
}
