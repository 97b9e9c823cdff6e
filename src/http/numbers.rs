//! Numbers as JSON Schema reads them: `4.0` and `4e0` are the integer 4.

use std::borrow::Cow;

/// Digits of an integer that is written out: each of so many fits into 64 bits.
const DIGITS: usize = 19;

/// The same JSON with every whole number written as an integer, so that a field of integers takes it. What is too large
/// for 64 bits, or is no number, stays as it was sent.
#[must_use]
pub fn whole_as_integers(json: &[u8]) -> Cow<'_, [u8]> {
    let (mut written, mut copied, mut at, mut is_in_text) = (Vec::new(), 0, 0, false);
    while let Some(byte) = json.get(at) {
        match byte {
            b'\\' if is_in_text => at += 1,
            b'"' => is_in_text = !is_in_text,
            b'-' | b'0'..=b'9' if !is_in_text => {
                let rest = json.get(at..).unwrap_or_default();
                let length = rest.iter().take_while(|byte| is_of_number(**byte)).count();
                let integer = rest.get(..length).and_then(|token| std::str::from_utf8(token).ok()).and_then(integer);
                if let Some(integer) = integer {
                    written.extend_from_slice(json.get(copied..at).unwrap_or_default());
                    written.extend_from_slice(integer.as_bytes());
                    copied = at + length;
                }
                at += length;
                continue;
            }
            _ => {}
        }
        at += 1;
    }
    if copied == 0 {
        return Cow::Borrowed(json);
    }
    written.extend_from_slice(json.get(copied..).unwrap_or_default());
    Cow::Owned(written)
}

/// Whether a byte can stand in a number.
#[must_use]
pub fn is_of_number(byte: u8) -> bool {
    byte.is_ascii_digit() || matches!(byte, b'-' | b'+' | b'.' | b'e' | b'E')
}

/// The integer that a fraction or a power of ten is; none where it is none, or is written as an integer already.
fn integer(text: &str) -> Option<String> {
    if !text.contains(['.', 'e', 'E']) || serde_json::from_str::<f64>(text).is_err() {
        return None;
    }
    let (sign, digits) = text.strip_prefix('-').map_or(("", text), |digits| ("-", digits));
    let (mantissa, exponent) = digits.split_once(['e', 'E']).unwrap_or((digits, "0"));
    let (before, after) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{before}{after}");
    let digits = digits.trim_start_matches('0');
    let significant = digits.trim_end_matches('0');
    if significant.is_empty() {
        return Some("0".to_owned());
    }
    let trimmed = i64::try_from(digits.len() - significant.len()).ok()?;
    let zeros = exponent.parse::<i64>().ok()?.checked_sub(i64::try_from(after.len()).ok()?)?.checked_add(trimmed)?;
    let zeros = usize::try_from(zeros).ok()?;
    let fits = significant.len().checked_add(zeros).is_some_and(|digits| digits <= DIGITS);
    fits.then(|| format!("{sign}{significant}{}", "0".repeat(zeros)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> String {
        String::from_utf8(whole_as_integers(text.as_bytes()).into_owned()).unwrap()
    }

    #[test]
    fn whole_numbers_become_integers_and_everything_else_stays() {
        let cases = [
            ("4.0", "4"),
            ("-4.00", "-4"),
            ("-0.0", "0"),
            ("1e2", "100"),
            ("120E-1", "12"),
            ("12.50e2", "1250"),
            ("9223372036854775807.0", "9223372036854775807"),
            ("{\"a\":[1.0,2.5,\"3.0\",\"\\\"4.0\"],\"b\":5.0}", "{\"a\":[1,2.5,\"3.0\",\"\\\"4.0\"],\"b\":5}"),
        ];
        for (sent, whole) in cases {
            assert_eq!(read(sent), whole);
        }
        for same in ["4", "0.5", "1e400", "1e30", "01.0", "1.0.0", "-", "1.e1", "", "\"1.0", "9e-1", "1e-400"] {
            assert_eq!(read(same), same);
        }
    }

    proptest! {
        #[test]
        fn an_integer_reads_the_same_however_it_is_written(number: i64, zeros in 0..4_usize) {
            let written = format!("{number}.{}", "0".repeat(zeros + 1));
            prop_assert_eq!(read(&written), number.to_string());
        }

        #[test]
        fn what_is_no_whole_number_is_left_alone(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
            let before = serde_json::from_slice::<serde_json::Value>(&bytes).ok();
            let after = serde_json::from_slice::<serde_json::Value>(&whole_as_integers(&bytes)).ok();
            prop_assert_eq!(before.is_some(), after.is_some());
        }
    }
}
