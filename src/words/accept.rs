//! `Accept-Language` (RFC 9110, section 12.5.4): which of our languages a reader asks for.

use super::Language;

/// The language that a header asks for most; none where it names neither of ours, or refuses both.
#[must_use]
pub fn accepted(header: &str) -> Option<Language> {
    let asked = header.split(',').filter_map(|range| {
        let (tag, weight) = range.split_once(';').unwrap_or((range, "q=1"));
        let weight: f64 = weight.trim().strip_prefix("q=")?.trim().parse().ok()?;
        let language = Language::known(tag.trim())?;
        (weight > 0.0 && weight <= 1.0).then_some((language, weight))
    });
    // Of two that weigh the same, the one named first.
    asked
        .fold(None, |best: Option<(Language, f64)>, (language, weight)| match best {
            Some((_, known)) if known >= weight => best,
            _ => Some((language, weight)),
        })
        .map(|(language, _)| language)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_language_that_weighs_most_is_taken_and_the_first_of_equals() {
        use Language::{English, Welsh};
        for (header, expected) in [
            ("cy", Some(Welsh)),
            ("CY-GB", Some(Welsh)),
            ("en-GB,en;q=0.9", Some(English)),
            ("en;q=0.8, cy", Some(Welsh)),
            ("cy;q=0.2, en;q=0.3", Some(English)),
            ("cy, en", Some(Welsh)),
            ("pl, cy;q=0.5", Some(Welsh)),
            ("cy;q=0, en;q=0.1", Some(English)),
            ("cy;q=0", None),
            ("pl", None),
            ("*", None),
            ("", None),
            ("cy;q=many", None),
            ("cymru", None),
        ] {
            assert_eq!(accepted(header), expected, "{header}");
        }
    }

    proptest! {
        #[test]
        fn any_header_is_read_without_harm(header in ".{0,200}") {
            let found = accepted(&header);
            let lower = header.to_lowercase();
            prop_assert!(found.is_none() || lower.contains("cy") || lower.contains("en"));
        }
    }
}
