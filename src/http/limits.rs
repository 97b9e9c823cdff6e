//! How much is taken in, and the shapes that plain fields may have.
//!
//! The functions serve as `garde` rules; each refuses with a sentence that does not repeat the value. A field of the contract
//! names its kind as `format`, and the contract takes its limits from here.

use std::fmt::Display;
use std::ops::RangeInclusive;

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

/// A kind of text field: how many characters it takes, and which.
pub struct TextKind {
    /// What a field of the contract names as its `format`.
    pub name: &'static str,
    /// The fewest characters.
    pub least: usize,
    /// The most characters.
    pub most: usize,
    /// The characters that it takes; none named: all.
    taken: &'static [RangeInclusive<char>],
}

/// A name or another single line.
pub const LINE: TextKind = TextKind::new("line", 1, 200, &[]);
/// A narrative.
pub const NARRATIVE: TextKind = TextKind::new("narrative", 1, 12_000, &[]);
/// A part of an account: a place, who saw it, one level of a goal.
pub const PARAGRAPH: TextKind = TextKind::new("paragraph", 1, 2_000, &[]);
/// A code that no list fixes.
pub const CODE: TextKind = TextKind::new("code", 1, 64, &['a'..='z', '0'..='9', '_'..='_']);
/// A slug such as data.police.uk's force ids.
pub const SLUG: TextKind = TextKind::new("slug", 1, 64, &['a'..='z', '0'..='9', '-'..='-']);
/// A language tag.
pub const LANGUAGE: TextKind = TextKind::new("language", 2, 35, &['A'..='Z', 'a'..='z', '0'..='9', '-'..='-']);
/// An IANA time zone.
pub const TIME_ZONE: TextKind = TextKind::new("time_zone", 1, 64, &[]);
/// A local time of a day, `YYYY-MM-DDTHH:MM`.
pub const LOCAL_TIME: TextKind = TextKind::new("local_time", 0, 16, &[]);
/// A rule of repetition.
pub const RRULE: TextKind = TextKind::new("rrule", 0, 500, &[]);
/// A scope or setting of consent.
pub const SCOPE: TextKind = TextKind::new("scope", 0, 64, &[]);
/// The address of an endpoint.
pub const URL: TextKind = TextKind::new("url", 1, 2_048, &[]);
/// The path of a call that a phone makes up for.
pub const SYNC_PATH: TextKind = TextKind::new("sync_path", 0, 200, &[]);
/// An idempotency key.
pub const KEY: TextKind = TextKind::new("key", 1, 255, &['!'..='~']);
/// The token of a push provider.
pub const PUSH_TOKEN: TextKind = TextKind::new("push_token", 1, 4_096, &['!'..='~']);
/// What a member of staff signs in with.
pub const USERNAME: TextKind = TextKind::new("username", 1, 64, &[]);
/// A password that is chosen; the least length is OWASP's (ASVS 5.0, 6.2.1).
pub const PASSWORD: TextKind = TextKind::new("password", 12, 1_000, &[]);
/// A password as it is typed: refused where it is wrong, not where it is short.
pub const TYPED: TextKind = TextKind::new("typed", 0, PASSWORD.most, &[]);
/// A PIN that is chosen.
pub const PIN: TextKind = TextKind::new("pin", 4, 12, &['0'..='9']);
/// A PIN as it is typed.
pub const TYPED_PIN: TextKind = TextKind::new("typed_pin", 0, PIN.most, &[]);

/// Every kind of text field.
pub const KINDS: [TextKind; 19] = [
    LINE, NARRATIVE, PARAGRAPH, CODE, SLUG, LANGUAGE, TIME_ZONE, LOCAL_TIME, RRULE, SCOPE, URL, SYNC_PATH, KEY,
    PUSH_TOKEN, USERNAME, PASSWORD, TYPED, PIN, TYPED_PIN,
];

impl TextKind {
    const fn new(name: &'static str, least: usize, most: usize, taken: &'static [RangeInclusive<char>]) -> Self {
        Self { name, least, most, taken }
    }

    /// Whether a text has as many characters as this kind takes, and none that it does not.
    #[must_use]
    pub fn fits(&self, text: &str) -> bool {
        let takes = |c: char| self.taken.is_empty() || self.taken.iter().any(|range| range.contains(&c));
        (self.least..=self.most).contains(&text.chars().count()) && text.chars().all(takes)
    }

    /// The regular expression of a kind that does not take all characters.
    #[must_use]
    pub fn pattern(&self) -> Option<String> {
        let part = |range: &RangeInclusive<char>| match (range.start(), range.end()) {
            (first, last) if first == last => first.to_string(),
            (first, last) => format!("{first}-{last}"),
        };
        let taken: String = self.taken.iter().map(part).collect();
        (!taken.is_empty()).then(|| format!("^[{taken}]{{{},{}}}$", self.least, self.most))
    }

    /// Refuses a text, saying how long it may be.
    pub fn refuse_unless(&self, fits: bool) -> garde::Result {
        refuse_unless(fits, format_args!("must be {} to {} characters", self.least, self.most))
    }
}

/// A name or another single line: something to see, no control characters.
pub fn line<C>(text: &Private, context: &C) -> garde::Result {
    plain_line(text.expose_secret(), context)
}

/// The same for text that is no secret.
pub fn plain_line<C>(text: &str, _: &C) -> garde::Result {
    let fits = LINE.fits(text) && !is_blank(text) && !text.chars().any(char::is_control);
    refuse_unless(fits, format_args!("must be {} to {} characters on one line", LINE.least, LINE.most))
}

/// A narrative: something to see, no NUL.
pub fn narrative<C>(text: &Private, _: &C) -> garde::Result {
    written(&NARRATIVE, text.expose_secret())
}

/// A paragraph: something to see, no NUL.
pub fn paragraph<C>(text: &Private, context: &C) -> garde::Result {
    plain_paragraph(text.expose_secret(), context)
}

/// The same for text that is no secret.
pub fn plain_paragraph<C>(text: &str, _: &C) -> garde::Result {
    written(&PARAGRAPH, text)
}

fn written(kind: &TextKind, text: &str) -> garde::Result {
    kind.refuse_unless(kind.fits(text) && !is_blank(text) && !text.contains('\0'))
}

/// A code that no list fixes.
pub fn code<C>(text: &str, _: &C) -> garde::Result {
    refuse_unless(CODE.fits(text), format_args!("must be a code: a-z, 0-9 and _, at most {}", CODE.most))
}

/// A slug such as data.police.uk's force ids.
pub fn slug<C>(text: &str, _: &C) -> garde::Result {
    refuse_unless(SLUG.fits(text), format_args!("must be a slug: a-z, 0-9 and -, at most {}", SLUG.most))
}

/// A language tag.
pub fn language<C>(text: &str, _: &C) -> garde::Result {
    refuse_unless(LANGUAGE.fits(text), "must be a language tag such as en")
}

/// Refuses what does not fit, with a sentence.
pub fn refuse_unless(fits: bool, words: impl Display) -> garde::Result {
    if fits { Ok(()) } else { Err(garde::Error::new(words)) }
}
