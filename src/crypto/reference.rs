//! References that people read out over the telephone: `AL-6F2K-8C3D-M`.
//!
//! Eight random characters of Crockford's base 32 (no I, L, O, U) and a check character (Luhn mod 32), which finds any
//! single wrong character and nearly every swapped pair.

use super::random;
use crate::error::Result;

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// A new reference with a prefix of two letters. Forty random bits: the table's unique index catches the rest.
pub fn generate(prefix: &str) -> Result<String> {
    let values = random::<8>()?.map(|byte| byte & 31);
    Ok(format(prefix, values))
}

/// Reads a reference as people write it (lower case, O for 0, I or L for 1, with or without hyphens) and gives its one
/// proper form; `None` when it cannot be one.
#[must_use]
pub fn parse(prefix: &str, text: &str) -> Option<String> {
    let upper = text.trim().to_ascii_uppercase();
    let rest = upper.strip_prefix(prefix)?;
    let values: Vec<u8> = rest.chars().filter(|c| *c != '-').map(value).collect::<Option<_>>()?;
    let (body, check) = values.split_first_chunk::<8>()?;
    (check == [luhn(body)].as_slice()).then(|| format(prefix, *body))
}

fn format(prefix: &str, values: [u8; 8]) -> String {
    let mut text = String::with_capacity(prefix.len() + 12);
    text.push_str(prefix);
    for (position, value) in values.iter().enumerate() {
        if position % 4 == 0 {
            text.push('-');
        }
        text.push(letter(*value));
    }
    text.push('-');
    text.push(letter(luhn(&values)));
    text
}

fn letter(value: u8) -> char {
    ALPHABET.get(usize::from(value)).map_or('0', |byte| char::from(*byte))
}

fn value(letter: char) -> Option<u8> {
    let letter = match letter {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    };
    ALPHABET.iter().position(|byte| char::from(*byte) == letter).and_then(|at| u8::try_from(at).ok())
}

fn luhn(values: &[u8; 8]) -> u8 {
    let sum: u32 = values
        .iter()
        .rev()
        .enumerate()
        .map(|(position, value)| {
            let doubled = u32::from(*value) * if position % 2 == 0 { 2 } else { 1 };
            doubled / 32 + doubled % 32
        })
        .sum();
    u8::try_from((32 - sum % 32) % 32).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_reads_back_however_it_was_written_down() {
        let reference = generate("AL").unwrap();
        assert_eq!(reference.len(), "AL-6F2K-8C3D-M".len());
        assert_eq!(parse("AL", &reference.to_lowercase()), Some(reference.clone()));
        assert_eq!(parse("AL", &reference.replace('-', "")), Some(reference.clone()));
        assert_eq!(parse("CS", &reference), None);
    }

    #[test]
    fn any_single_wrong_character_is_found() {
        for values in [[0; 8], [31; 8], [1, 2, 3, 4, 5, 6, 7, 8]] {
            let good = super::format("AL", values);
            for at in good.char_indices().filter(|(at, c)| *at > 2 && *c != '-').map(|(at, _)| at) {
                for wrong in ALPHABET.iter().map(|byte| char::from(*byte)) {
                    let mut text = good.clone();
                    text.replace_range(at..=at, &wrong.to_string());
                    assert_eq!(parse("AL", &text).is_some(), text == good, "{text}");
                }
            }
        }
    }
}
