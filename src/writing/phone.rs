//! Telephone numbers as people write them, kept in the one form in which every provider dials them (E.164).

use phonenumber::metadata::{DATABASE, Descriptors};
use phonenumber::{Mode, country};
use secrecy::SecretString;

use super::{ascii_digit, normal, one_mark, visible};

/// Where a number without a country code is at home: a region of ISO 3166-1.
pub type Region = country::Id;

/// Characters of a number as it is written, at most: a full one with its extension has far fewer.
const MOST_CHARS: usize = 64;

/// What becomes of an extension, the number within a house that is dialled after the call was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extension {
    /// A number with one is refused: a text message cannot go there.
    Refused,
    /// It is kept, as RFC 3966 writes it.
    Kept,
}

/// A telephone number that can be dialled from anywhere. Has no `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct PhoneNumber(String);

impl PhoneNumber {
    /// Reads a number as people write it, or copy it from their contacts: with or without a country code, `(0)`, spaces of
    /// any kind, marks of direction, and digits of any script. None where no such number can be.
    ///
    /// Whether a number is in use nobody knows; numbers that are too long or too short for their country are no numbers.
    #[must_use]
    pub fn read(text: &str, home: Region, extension: Extension) -> Option<Self> {
        let text = tidy(text)?;
        // The library takes a number apart by the rules of the region that it is given, whatever its country code says.
        let code = phonenumber::parse(Some(home), &text).ok()?.country().code();
        let main = DATABASE.region(&code)?.first().copied()?;
        let number = phonenumber::parse(Some(main.parse().ok()?), &text).ok()?;
        let dialled = number.format().mode(Mode::E164).to_string();
        let dialled: String = dialled.chars().take_while(|c| *c == '+' || c.is_ascii_digit()).collect();
        let national = u16::try_from(dialled.strip_prefix(&format!("+{code}"))?.len()).ok()?;
        if !number.is_valid() && !is_of_length(DATABASE.by_id(main)?.descriptors(), national) {
            return None;
        }
        match (number.extension(), extension) {
            (None, _) => Some(Self(dialled)),
            (Some(_), Extension::Refused) => None,
            (Some(extension), Extension::Kept) => Some(Self(format!("{dialled};ext={extension}"))),
        }
    }

    /// A number as an earlier version kept it, in the form in which it can be dialled: those were written with a country
    /// code, and some with the `0` of `(0)` left in. What is no number is left as it is.
    #[must_use]
    pub fn dialled(kept: &str) -> String {
        Self::read(kept, Region::GB, Extension::Kept).map_or_else(|| kept.to_owned(), Self::into)
    }

    /// A kept number with the gaps that make it easy to read out. What is no number is left as it is.
    #[must_use]
    pub fn spoken(kept: &str) -> String {
        let number = phonenumber::parse(None, kept).ok();
        number.map_or_else(|| kept.to_owned(), |number| number.format().mode(Mode::International).to_string())
    }

    /// The number: `+`, the country code, and the rest.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<PhoneNumber> for String {
    fn from(number: PhoneNumber) -> Self {
        number.0
    }
}

impl From<PhoneNumber> for SecretString {
    fn from(number: PhoneNumber) -> Self {
        number.0.into()
    }
}

/// Whether a country's mobiles, or the longest of its landlines, have so many digits. New ranges are given out before the
/// library knows them, and some are kept for fiction: the length is what can be said of them.
fn is_of_length(kinds: &Descriptors, digits: u16) -> bool {
    let is_mobile = kinds.mobile().is_some_and(|kind| kind.possible_length().contains(&digits));
    is_mobile || kinds.fixed_line().is_some_and(|kind| kind.possible_length().iter().max() == Some(&digits))
}

/// The characters of a number and nothing else; none where anything else was written, since a library that looks for a number
/// in a sentence finds one where there is a word of caution.
fn tidy(text: &str) -> Option<String> {
    let one_space = |c: char| if c.is_whitespace() { ' ' } else { c };
    let plain: String = visible(&normal(text)).chars().map(|c| one_space(ascii_digit(one_mark(c)))).collect();
    let plain = plain.trim().to_lowercase();
    let plain = plain.strip_prefix("tel:").unwrap_or(&plain).trim();
    let end = plain.find(|c: char| c.is_ascii_alphabetic() || matches!(c, ';' | '#' | ',')).unwrap_or(plain.len());
    let (number, rest) = plain.split_at(end);
    let is_number = !number.is_empty()
        && plain.len() <= MOST_CHARS
        && number.chars().all(|c| c.is_ascii_digit() || matches!(c, '+' | ' ' | '-' | '(' | ')' | '.' | '/'))
        && number.rfind('+').is_none_or(|at| number.chars().take(at).all(|c| c == '('));
    if !is_number {
        return None;
    }
    // Gaps help people, and mislead the library.
    let number: String = number.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect();
    let Some(inner) = inner_digits(rest) else { return rest.trim().is_empty().then_some(number) };
    Some(format!("{number} ext {inner}"))
}

/// The digits of an extension: `ext 4`, `x4`, `#4`, `;ext=4`.
fn inner_digits(rest: &str) -> Option<&str> {
    let words = [";ext=", "extension", "extn", "ext.", "ext", "x", "#"];
    let digits = words.iter().find_map(|word| rest.strip_prefix(word))?.trim_start_matches([' ', '.', ':']).trim_end();
    ((1..=7).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())).then_some(digits)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> Option<String> {
        PhoneNumber::read(text, Region::GB, Extension::Kept).map(String::from)
    }

    #[test]
    fn one_number_however_it_is_written() {
        for text in [
            "+447700900123",
            "+44 (0)7700 900123",
            "+44 (0) 7700-900-123",
            "+44(0)7700900123",
            "07700 900123",
            "07700\u{a0}900\u{202f}123",
            "\u{202a}+44 7700 900123\u{202c}",
            "\u{2066}07700\u{2069} 900123",
            "\u{ff10}\u{ff17}\u{ff17}\u{ff10}\u{ff10} 900123",
            "\u{ff0b}44 7700 900123",
            "0044 7700 900123",
            "07700.900.123",
            "07700\u{2011}900\u{2013}123",
            "(07700) 900123",
            "tel:+44-7700-900123",
            "\u{660}\u{667}\u{667}\u{660}\u{660} 900123",
            "+4407700900123",
            "(+44) 7700 900123",
            "+44 7700 900123\u{200e}",
            "\u{feff}07700900123",
        ] {
            assert_eq!(read(text).as_deref(), Some("+447700900123"), "{text:?}");
        }
        for (text, number) in [
            ("0114 496 0000", "+441144960000"),
            ("(0114) 496 0000", "+441144960000"),
            ("020 7946 0958", "+442079460958"),
            ("016977 2345", "+44169772345"),
            ("+39 06 1234 5678", "+390612345678"),
            ("+39 338 123 4567", "+393381234567"),
            ("+33 (0)1 23 45 67 89", "+33123456789"),
            ("+1 (202) 555-0123", "+12025550123"),
            ("+353 (0)87 123 4567", "+353871234567"),
            ("+48 600 000 000", "+48600000000"),
            ("+91 98765 43210", "+919876543210"),
            ("+880 1711-123456", "+8801711123456"),
        ] {
            assert_eq!(read(text).as_deref(), Some(number), "{text:?}");
        }
    }

    #[test]
    fn what_cannot_be_dialled_is_no_number() {
        for text in [
            "",
            " ",
            "hello",
            "999",
            "101",
            "12345",
            "+999 12345678",
            "+44 7700 900 12",
            "+44 77009 001234",
            "00000",
            "+",
            "+44",
            "496 0000",
            "Ask for Ro, 07700 900123",
            "07700 900123 / 07700 900124",
            "07700 900123 not at night",
            "0800 FLOWERS",
            "+44 7700 +900123",
            "07700900123 ext",
            "\u{200b}",
            "-----------",
        ] {
            assert_eq!(read(text), None, "{text:?}");
        }
        assert_eq!(read(&"0".repeat(500)), None);
    }

    #[test]
    fn a_number_is_read_out_in_groups() {
        assert_eq!(PhoneNumber::spoken("+441144960000"), "+44 114 496 0000");
        assert_eq!(PhoneNumber::spoken("+447700900123"), "+44 7700 900123");
        assert_eq!(PhoneNumber::spoken("ask at the desk"), "ask at the desk");
        assert_eq!(PhoneNumber::dialled("+4407700900123"), "+447700900123");
        assert_eq!(PhoneNumber::dialled("ask at the desk"), "ask at the desk");
    }

    #[test]
    fn an_extension_is_kept_where_people_ring_and_refused_where_messages_go() {
        for text in [
            "0114 496 0000 ext 4",
            "0114 496 0000 x4",
            "0114 496 0000 #4",
            "+441144960000;ext=4",
            "0114 496 0000 Ext. 4",
        ] {
            assert_eq!(read(text).as_deref(), Some("+441144960000;ext=4"), "{text}");
            assert!(PhoneNumber::read(text, Region::GB, Extension::Refused).is_none(), "{text}");
        }
    }

    #[test]
    fn a_number_without_a_country_is_at_home_where_the_partnership_is() {
        let read = |text, home| PhoneNumber::read(text, home, Extension::Refused).map(String::from);
        assert_eq!(read("087 123 4567", Region::IE).as_deref(), Some("+353871234567"));
        assert_eq!(read("+44 (0)7700 900123", Region::IE).as_deref(), Some("+447700900123"));
        assert_eq!(read("06 1234 5678", Region::IT).as_deref(), Some("+390612345678"));
    }

    proptest! {
        #[test]
        fn what_was_read_reads_the_same_again(text in "[+0-9() .x#-]{0,24}") {
            if let Some(number) = read(&text) {
                prop_assert!(number.starts_with('+'));
                prop_assert_eq!(read(&number), Some(number.clone()));
            }
        }

        #[test]
        fn nothing_that_is_written_is_too_much(text in any::<String>()) {
            let _read = read(&text);
        }

        #[test]
        fn a_british_mobile_is_itself_with_any_spacing(rest in "[0-9]{9}", gap in "[ \u{a0}\u{202f}.-]{0,2}", at in 1_usize..8) {
            let (front, back) = rest.split_at(at);
            let expected = format!("+447{rest}");
            for text in [format!("07{front}{gap}{back}"), format!("+44 (0)7{front}{gap}{back}"), format!("+447{front}{gap}{back}")] {
                prop_assert_eq!(read(&text), Some(expected.clone()), "{:?}", text);
            }
        }
    }
}
