//! How much is taken in, and the shapes that plain fields may have.
//!
//! The functions serve as `garde` rules; each refuses with a sentence that does not repeat the value.

use secrecy::ExposeSecret;

use crate::crypto::Private;
use crate::writing::is_blank;

/// Bytes of a JSON body: two narratives at their limit fit in any script, also where each character is escaped.
pub const BODY_BYTES: usize = 512 * 1_024;
/// Bytes that are read of what may be a cry for help.
pub const CRY_BYTES: usize = 1_024 * 1_024;
/// Seconds for a JSON body to arrive; the framework itself has no such limit.
pub const BODY_SECONDS: u64 = 10;
/// Bytes of all headers and the path together.
pub const HEADERS_BYTES: usize = 32 * 1_024;
/// Characters of a name or another single line.
pub const LINE_CHARS: usize = 200;
/// Characters of a narrative.
pub const NARRATIVE_CHARS: usize = 12_000;

/// A name or another single line: something to see, no control characters.
///
/// # Errors
/// When it is not.
pub fn line<C>(text: &Private, _: &C) -> garde::Result {
    plain_line(text.expose_secret(), &())
}

/// The same for a field that may be absent.
///
/// # Errors
/// When it is there and wrong.
pub fn line_opt<C>(text: &Option<Private>, context: &C) -> garde::Result {
    text.as_ref().map_or(Ok(()), |text| line(text, context))
}

/// The same for text that is no secret.
///
/// # Errors
/// When it is not a line.
pub fn plain_line<C>(text: &str, _: &C) -> garde::Result {
    let fits = !is_blank(text) && text.chars().count() <= LINE_CHARS && !text.chars().any(char::is_control);
    refuse_unless(fits, "must be 1 to 200 characters on one line")
}

/// The same for optional text that is no secret.
///
/// # Errors
/// When it is there and wrong.
pub fn plain_line_opt<C>(text: &Option<String>, context: &C) -> garde::Result {
    text.as_deref().map_or(Ok(()), |text| plain_line(text, context))
}

/// A narrative: something to see, at most 12,000 characters, no NUL.
///
/// # Errors
/// When it is not.
pub fn narrative<C>(text: &Private, _: &C) -> garde::Result {
    let text = text.expose_secret();
    let fits = !is_blank(text) && text.chars().count() <= NARRATIVE_CHARS && !text.contains('\0');
    refuse_unless(fits, "must be 1 to 12000 characters")
}

/// The same for a field that may be absent.
///
/// # Errors
/// When it is there and wrong.
pub fn narrative_opt<C>(text: &Option<Private>, context: &C) -> garde::Result {
    text.as_ref().map_or(Ok(()), |text| narrative(text, context))
}

/// A code that no list fixes: `[a-z0-9_]{1,64}`.
///
/// # Errors
/// When it is not one.
pub fn code<C>(text: &str, _: &C) -> garde::Result {
    let is_code = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    refuse_unless(
        (1..=64).contains(&text.len()) && text.bytes().all(is_code),
        "must be a code: a-z, 0-9 and _, at most 64",
    )
}

/// A slug such as data.police.uk's force ids: `[a-z0-9-]{1,64}`.
///
/// # Errors
/// When it is not one.
pub fn slug<C>(text: &str, _: &C) -> garde::Result {
    let is_slug = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    refuse_unless(
        (1..=64).contains(&text.len()) && text.bytes().all(is_slug),
        "must be a slug: a-z, 0-9 and -, at most 64",
    )
}

/// The same for a field that may be absent.
///
/// # Errors
/// When it is there and wrong.
pub fn slug_opt<C>(text: &Option<String>, context: &C) -> garde::Result {
    text.as_deref().map_or(Ok(()), |text| slug(text, context))
}

fn refuse_unless(fits: bool, words: &'static str) -> garde::Result {
    if fits { Ok(()) } else { Err(garde::Error::new(words)) }
}
