//! A part of a file that a player asks for (RFC 9110, section 14): one range of bytes. Several at once, one that the file
//! does not have, and what is no range are answered with the whole file, as the standard allows.

use actix_web::HttpRequest;
use actix_web::http::header::{IF_RANGE, RANGE};

/// What a request asks for of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AskedRange {
    /// All of it.
    Whole,
    /// The bytes from the first to the last, both counted from 0 and both in it.
    Part(u64, u64),
}

impl AskedRange {
    /// Reads the range that is asked for of a file with this many bytes and this `ETag`.
    #[must_use]
    pub fn of(http: &HttpRequest, bytes: u64, tag: &str) -> Self {
        let text = |name| http.headers().get(name).map(|value| value.to_str().unwrap_or_default());
        // Of another file, or by its date, which is not told, a part would not fit.
        match (text(RANGE), text(IF_RANGE)) {
            (None, _) => Self::Whole,
            (Some(_), Some(known)) if known != tag => Self::Whole,
            (Some(range), _) => Self::read(range, bytes),
        }
    }

    /// Whether a request asks for one part. What is answered with the whole file is a read of its own.
    #[must_use]
    pub fn is_part(http: &HttpRequest) -> bool {
        let range = http.headers().get(RANGE).and_then(|range| range.to_str().ok());
        let is_sure = !http.headers().contains_key(IF_RANGE);
        is_sure && range.is_some_and(|range| Self::read(range, u64::MAX) != Self::Whole)
    }

    fn read(text: &str, bytes: u64) -> Self {
        let number = |digits: &str| {
            let is_number = !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_digit());
            // A number that is too large for us is beyond every file.
            is_number.then(|| digits.parse().unwrap_or(u64::MAX))
        };
        let range = text.split_once('=').filter(|(unit, _)| unit.trim().eq_ignore_ascii_case("bytes"));
        let Some((first, last)) = range.and_then(|(_, range)| range.trim().split_once('-')) else { return Self::Whole };
        let end = bytes.saturating_sub(1);
        match (number(first), number(last)) {
            (Some(first), Some(last)) if first <= last && first < bytes => Self::Part(first, last.min(end)),
            (Some(first), None) if last.is_empty() && first < bytes => Self::Part(first, end),
            (None, Some(count)) if first.is_empty() && count > 0 && bytes > 0 => {
                Self::Part(bytes.saturating_sub(count), end)
            }
            _ => Self::Whole,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_forms_of_the_standard_are_read_and_no_others() {
        use AskedRange::{Part, Whole};
        for (text, asked) in [
            ("bytes=0-1", Part(0, 1)),
            ("Bytes = 2-", Part(2, 9)),
            ("bytes=-3", Part(7, 9)),
            ("bytes=-30", Part(0, 9)),
            ("bytes=0-99999999999999999999999", Part(0, 9)),
            ("bytes=10-", Whole),
            ("bytes=10-20", Whole),
            ("bytes=-0", Whole),
            ("bytes=3-2", Whole),
            ("bytes=0-1,4-5", Whole),
            ("bytes=", Whole),
            ("bytes=-", Whole),
            ("bytes=a-b", Whole),
            ("bytes=1-b", Whole),
            ("items=0-1", Whole),
            ("", Whole),
        ] {
            assert_eq!(AskedRange::read(text, 10), asked, "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_part_is_always_in_the_file(text in "bytes=[0-9]{0,3}-[0-9]{0,3}", bytes in 0..500_u64) {
            if let AskedRange::Part(first, last) = AskedRange::read(&text, bytes) {
                prop_assert!(first <= last && last < bytes);
            }
        }
    }
}
