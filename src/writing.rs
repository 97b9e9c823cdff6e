//! What people write, brought into the form in which it is compared: words, digits, telephone numbers ([`phone`]).
//!
//! Two keyboards write the same word in different characters, and none of them is wrong: `ŷ` is one code point on a phone
//! and two on a computer, a name begins with a capital, digits come in the reader's own script. Whatever is compared, hashed
//! or looked up passes through here first; whatever is only kept and shown is left as it was written.

pub mod phone;

use icu_casemap::CaseMapper;
use icu_normalizer::ComposingNormalizerBorrowed;
use icu_properties::props::{DefaultIgnorableCodePoint, GeneralCategory};
use icu_properties::{CodePointMapData, CodePointSetData};

pub use phone::{Extension, PhoneNumber};

/// A mark that shows nothing and is no space, control or ignorable character: the empty cell of braille.
const EMPTY_BRAILLE: char = '\u{2800}';
/// The most digits that stand beside one another without a gap in Unicode: five alphabets of ten, for mathematics.
const MOST_DIGITS_IN_A_ROW: u32 = 50;

/// One form for text that looks the same: NFKC (UAX #15), as NIST SP 800-63B-4, 3.1.1.2, asks for before hashing.
#[must_use]
pub fn normal(text: &str) -> String {
    ComposingNormalizerBorrowed::new_nfkc().normalize(text).into_owned()
}

/// One form for words that are the same when they are said: also without regard to case, to the kind of apostrophe or
/// hyphen, to what shows nothing, and to white space around or between words.
#[must_use]
pub fn folded(text: &str) -> String {
    let fold = |text: &str| normal(&CaseMapper::new().fold_string(text));
    let marked = |text: &str| visible(text).chars().map(one_mark).collect::<String>();
    // Folding can take a text out of the normal form, and the normal form can hold marks and what folds further.
    let folded = marked(&fold(&fold(&marked(&normal(&marked(text))))));
    folded.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A text without the characters that show nothing, such as a zero-width space or a mark of direction.
#[must_use]
pub fn visible(text: &str) -> String {
    let ignorable = CodePointSetData::new::<DefaultIgnorableCodePoint>();
    text.chars().filter(|c| !ignorable.contains(*c)).collect()
}

/// One apostrophe and one hyphen for all that are written for them. Each is here with what it decomposes to.
fn one_mark(c: char) -> char {
    match c {
        '\u{2018}' | '\u{2019}' | '\u{201b}' | '\u{2032}' | '\u{02b9}' | '\u{0374}' | '\u{02bb}' | '\u{02bc}' => '\'',
        '`' | '\u{1fef}' | '\u{00b4}' | '\u{1ffd}' => '\'',
        '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
        _ => c,
    }
}

/// What people type as digits: those of any script as ASCII, without white space and what shows nothing.
#[must_use]
pub fn digits(text: &str) -> String {
    visible(&normal(text)).chars().filter(|c| !c.is_whitespace()).map(ascii_digit).collect()
}

/// The ASCII digit for a decimal digit of any script; any other character as it is. Each script has its ten digits in
/// order and without a gap (Unicode, section 4.6), so that the distance from the first tells the value.
fn ascii_digit(c: char) -> char {
    let categories = CodePointMapData::<GeneralCategory>::new();
    let is_digit = |code: u32| categories.get32(code) == GeneralCategory::DecimalNumber;
    let code = u32::from(c);
    if c.is_ascii() || !is_digit(code) {
        return c;
    }
    let before = (1..MOST_DIGITS_IN_A_ROW).take_while(|back| code.checked_sub(*back).is_some_and(is_digit)).count();
    u32::try_from(before % 10).ok().and_then(|value| char::from_digit(value, 10)).unwrap_or(c)
}

/// Whether a character is a mark that belongs to the letter before it, such as a vowel sign.
#[must_use]
pub fn is_mark(c: char) -> bool {
    use GeneralCategory::{NonspacingMark, SpacingMark};
    matches!(CodePointMapData::<GeneralCategory>::new().get(c), NonspacingMark | SpacingMark)
}

/// Whether a text shows nothing: white space, and characters that have no mark of their own.
#[must_use]
pub fn is_blank(text: &str) -> bool {
    let ignorable = CodePointSetData::new::<DefaultIgnorableCodePoint>();
    let categories = CodePointMapData::<GeneralCategory>::new();
    let shows_nothing = |c: char| {
        let is_format = matches!(categories.get(c), GeneralCategory::Format | GeneralCategory::Control);
        c.is_whitespace() || c == EMPTY_BRAILLE || is_format || ignorable.contains(c)
    };
    text.chars().all(shows_nothing)
}

#[cfg(test)]
mod tests {
    use icu_normalizer::DecomposingNormalizerBorrowed;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn one_word_from_two_keyboards_is_one_word() {
        for (one, other) in [
            ("T\u{177} bach", "ty\u{302} BACH"),
            ("  mari  gold ", "mari\u{a0}gold"),
            ("o\u{2019}neill", "O'Neill"),
            ("o\u{b4}neill", "O`Neill"),
            ("well-being", "Well\u{2011}Being"),
            ("stra\u{df}e", "STRASSE"),
            ("\u{fb01}sh", "fish"),
            ("mari\u{200b}gold", "marigold"),
            ("\u{3a3}\u{39f}\u{3a6}\u{39f}\u{3a3}", "\u{3c3}\u{3bf}\u{3c6}\u{3bf}\u{3c2}"),
        ] {
            assert_eq!(folded(one), folded(other), "{one} {other}");
        }
        assert_ne!(folded("marigold"), folded("mari gold"));
        assert_ne!(folded("ty bach"), folded("t\u{177} bach"));
        assert_eq!(folded("pc.4417"), "pc.4417");
    }

    #[test]
    fn digits_of_any_script_are_digits() {
        for text in [
            "4821",
            " 48 21",
            "\u{ff14}\u{ff18}\u{ff12}\u{ff11}",
            "\u{664}\u{668}\u{662}\u{661}",
            "\u{1d7d2}\u{1d7e0}\u{1d7e4}\u{1d7ed}",
            "\u{9ea}\u{9ee}\u{9e8}\u{9e7}",
            "48\u{200b}21\u{feff}",
        ] {
            assert_eq!(digits(text), "4821", "{text}");
        }
        assert_eq!(digits("4a"), "4a");
    }

    #[test]
    fn what_shows_nothing_is_blank() {
        for text in [
            "",
            " \t\n",
            "\u{200b}",
            "\u{3164}",
            "\u{ad}",
            "\u{feff}",
            "\u{a0}\u{2060}\u{202e}",
            "\u{2800}",
            "\u{115f}\u{1160}",
        ] {
            assert!(is_blank(text), "{text:?}");
        }
        for text in ["a", "\u{200b}a", "\u{645}\u{6cc}\u{200c}\u{631}", "\u{1f469}\u{200d}\u{1f467}", "\u{302}"] {
            assert!(!is_blank(text), "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn any_text_folds_once_and_the_same_from_either_form(text in any::<String>()) {
            let once = folded(&text);
            prop_assert_eq!(&folded(&once), &once);
            prop_assert_eq!(&folded(&DecomposingNormalizerBorrowed::new_nfd().normalize(&text)), &once);
            prop_assert_eq!(folded(&format!("\u{a0}{text} ")), once);
        }

        #[test]
        fn every_decimal_digit_has_its_value(value in 0_u32..10, zero in prop::sample::select(vec![
            '0', '\u{660}', '\u{6f0}', '\u{966}', '\u{9e6}', '\u{e50}', '\u{17e0}', '\u{ff10}', '\u{1d7ce}', '\u{1d7f6}', '\u{1fbf0}'
        ])) {
            let digit = char::from_u32(u32::from(zero) + value).unwrap();
            prop_assert_eq!(digits(&digit.to_string()), value.to_string());
        }
    }
}
