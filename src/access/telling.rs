//! What free text gives away of somebody, as far as software can see it.
//!
//! A person who writes for the other side may slip. What has a form – a name that is on the record, a telephone number,
//! an e-mail address, a postcode, coordinates – is found here before it is kept; the rest is the writer's care.

use secrecy::ExposeSecret;

use crate::crypto::Private;
use crate::error::{Error, FieldError, Result};

/// Refuses text that must not reach the other side as it is.
///
/// # Errors
/// 422 that says what was found, never the words themselves.
pub fn tells_nobody(pointer: &str, text: &Private, name: &Private) -> Result<()> {
    match found(text.expose_secret(), name.expose_secret()) {
        Some(what) => {
            let detail = format!("holds {what}, which must not reach the other side");
            Err(Error::fields(vec![FieldError { pointer: pointer.to_owned(), code: "identifies", detail }]))
        }
        None => Ok(()),
    }
}

/// What a text gives away, in words.
fn found(text: &str, name: &str) -> Option<&'static str> {
    let words: Vec<String> =
        text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(fold).collect();
    let names = name.split(|c: char| !c.is_alphanumeric()).filter(|part| part.chars().count() > 1).map(fold);
    let rules: [(bool, &'static str); 5] = [
        (names.into_iter().any(|name| words.contains(&name)), "a name"),
        (has_email(text), "an e-mail address"),
        (has_phone(text), "a telephone number"),
        (has_postcode(&words), "a postcode"),
        (has_coordinates(text), "coordinates"),
    ];
    rules.into_iter().find(|(is_found, _)| *is_found).map(|(_, what)| what)
}

fn fold(word: &str) -> String {
    word.to_lowercase()
}

fn has_email(text: &str) -> bool {
    text.split_whitespace().any(|word| {
        let sides = word.split_once('@');
        sides.is_some_and(|(before, after)| !before.is_empty() && after.trim_end_matches('.').contains('.'))
    })
}

/// Nine digits or more that begin with 0 or +, with the signs between them that people write.
fn has_phone(text: &str) -> bool {
    let (mut digits, mut is_open) = (0, false);
    for c in text.chars() {
        match c {
            '+' => (digits, is_open) = (0, true),
            '0' if digits == 0 => (digits, is_open) = (1, true),
            '0'..='9' if is_open => digits += 1,
            // Digits that began otherwise are a date or an amount, to their end.
            '0'..='9' => digits += 1,
            ' ' | '-' | '(' | ')' if is_open => {}
            _ => (digits, is_open) = (0, false),
        }
        if is_open && digits >= 9 {
            return true;
        }
    }
    false
}

/// A postcode of the United Kingdom, in one word or two.
fn has_postcode(words: &[String]) -> bool {
    let is_inward = |word: &str| {
        let bytes = word.as_bytes();
        matches!(bytes, [digit, a, b] if digit.is_ascii_digit() && a.is_ascii_lowercase() && b.is_ascii_lowercase())
    };
    let is_outward = |word: &str| {
        let letters = word.bytes().take_while(u8::is_ascii_lowercase).count();
        let rest = word.get(letters..).unwrap_or_default().as_bytes();
        let is_district = matches!(rest, [d] if d.is_ascii_digit())
            || matches!(rest, [d, x] if d.is_ascii_digit() && x.is_ascii_alphanumeric());
        (1..=2).contains(&letters) && is_district
    };
    let one = words.iter().any(|word| {
        let at = word.len().saturating_sub(3);
        word.get(..at).zip(word.get(at..)).is_some_and(|(out, inward)| is_outward(out) && is_inward(inward))
    });
    let two = words.iter().zip(words.iter().skip(1)).any(|(out, inward)| is_outward(out) && is_inward(inward));
    one || two
}

/// A number with four decimals or more: closer than a street.
fn has_coordinates(text: &str) -> bool {
    text.split(|c: char| !c.is_ascii_digit() && c != '.').any(|number| {
        let parts = number.trim_matches('.').split_once('.');
        parts.is_some_and(|(whole, decimals)| {
            (1..=3).contains(&whole.len()) && decimals.len() >= 4 && decimals.bytes().all(|byte| byte.is_ascii_digit())
        })
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::found;

    const NAME: &str = "Zephyrine de la Tour";

    #[test]
    fn what_tells_who_or_where_somebody_is_is_found() {
        for (text, what) in [
            ("I spoke to zephyrine, who was calm", "a name"),
            ("Mx Tour rang", "a name"),
            ("Write to z.t@example.org.", "an e-mail address"),
            ("Ring 07700 900 123", "a telephone number"),
            ("Ring +44 (0)114 496-0000 today", "a telephone number"),
            ("They moved to S1 2HE last week", "a postcode"),
            ("They moved to sw1a1aa", "a postcode"),
            ("Seen at 53.3811, -1.4701", "coordinates"),
        ] {
            assert_eq!(found(text, NAME), Some(what), "{text}");
        }
    }

    #[test]
    fn plain_words_dates_and_references_pass() {
        for text in [
            "Did the participant attend on 2026-11-20 at 18:00?",
            "Three incidents in 7 days; fear 3 of 4. Score went from -1 to 0.5.",
            "About CS-2T9B-4H7Q-X: please ask about session 11 of 12.",
            "Two messages on the 3rd, one on 20/11/2026.",
        ] {
            assert_eq!(found(text, NAME), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_name_is_found_wherever_it_stands(before in "[a-z ,.]{0,40}", after in "[a-z ,.]{0,40}") {
            let text = [before.as_str(), " ZEPHYRINE ", &after].concat();
            prop_assert!(found(&text, NAME).is_some());
        }
    }
}
