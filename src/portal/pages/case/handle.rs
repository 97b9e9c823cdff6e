//! How a form names a record that has no reference for people: by letters in its address that nobody reads as an id.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use uuid::Uuid;

use crate::error::{Error, Result};

/// The page of a case.
pub fn case_path(reference: &str) -> String {
    format!("/portal/cases/{reference}")
}

/// The page of a participant.
pub fn participant_path(reference: &str) -> String {
    format!("/portal/participants/{reference}")
}

/// The page of a survivor's record.
pub fn record_path(reference: &str) -> String {
    format!("/portal/survivors/{reference}")
}

/// The letters of an id.
pub fn letters(id: Uuid) -> String {
    URL_SAFE_NO_PAD.encode(id.as_bytes())
}

/// The id of some letters.
///
/// # Errors
/// 404 for letters that are those of none.
pub fn id(letters: &str) -> Result<Uuid> {
    let bytes = URL_SAFE_NO_PAD.decode(letters).map_err(|_| Error::NotFound)?;
    Uuid::from_slice(&bytes).map_err(|_| Error::NotFound)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_lead_back_to_their_id() {
        let own = Uuid::from_u128(0x0190_1234_5678_7abc_8def_0123_4567_89ab);
        assert_eq!(id(&letters(own)).ok(), Some(own));
        assert!(Uuid::try_parse(&letters(own)).is_err());
        for other in ["", "a", "../../x", "01901234-5678-7abc-8def-0123456789ab"] {
            assert!(matches!(id(other), Err(Error::NotFound)), "{other}");
        }
    }
}
