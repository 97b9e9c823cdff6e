//! The words that a survivor reads, and staff on their pages, in English and Welsh.
//!
//! Features name a message by its id and give its variables; the sentences stand in Fluent files in this folder, one of
//! each name for each language, embedded in the binary. A test holds the two languages to the same messages with the
//! same variables. Codes, ids and references are never translated: programs read those.

mod accept;

use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};

use crate::db::text_enum;

pub use accept::accepted;

#[cfg(test)]
mod tests;

text_enum! {
    /// A language that the words stand in.
    pub enum Language {
        /// English.
        English = "en",
        /// Welsh.
        Welsh = "cy",
    }
}

impl Language {
    /// The one for a language tag (BCP 47); English where there is none of that language.
    #[must_use]
    pub fn of(tag: &str) -> Self {
        Self::known(tag).unwrap_or(Self::English)
    }

    /// The one for a language tag, where there is one.
    #[must_use]
    pub fn known(tag: &str) -> Option<Self> {
        let primary = tag.split('-').next().unwrap_or_default();
        Self::ALL.iter().copied().find(|language| primary.eq_ignore_ascii_case(language.as_str()))
    }
}

macro_rules! files {
    ($($name:literal),+ $(,)?) => {
        /// Every file: its name, its English, its Welsh.
        const FILES: &[(&str, &str, &str)] = &[$((
            $name,
            include_str!(concat!("words/en/", $name, ".ftl")),
            include_str!(concat!("words/cy/", $name, ".ftl")),
        ),)+];
    };
}

/// What staff alone read, in English: what they say to others in their work, and words of safety until a speaker of Welsh has
/// approved them.
const STAFF_FILES: &[(&str, &str)] = &[
    ("script", include_str!("words/en/script.ftl")),
    ("portal_staff", include_str!("words/en/portal_staff.ftl")),
    ("portal_programme_staff", include_str!("words/en/portal_programme_staff.ftl")),
    ("staff_police", include_str!("words/en/staff_police.ftl")),
    ("portal_watch", include_str!("words/en/portal_watch.ftl")),
    ("portal_survivors_staff", include_str!("words/en/portal_survivors_staff.ftl")),
];

files![
    "alerts",
    "bundle",
    "consent",
    "directory",
    "ladder",
    "notices",
    "orders",
    "portal",
    "portal_participants",
    "portal_audit",
    "portal_police",
    "portal_admin",
    "portal_reports",
    "portal_rota",
    "portal_survivors",
    "problems"
];

type Bundle = FluentBundle<FluentResource>;

static ENGLISH: LazyLock<Bundle> = LazyLock::new(|| bundle(Language::English));
static WELSH: LazyLock<Bundle> = LazyLock::new(|| bundle(Language::Welsh));

/// A broken line fails a unit test here, and never a running service: the rest of its file is taken.
fn bundle(language: Language) -> Bundle {
    let mut bundle = FluentBundle::new_concurrent(vec![language.as_str().parse().unwrap_or_default()]);
    // Marks of direction are for mixed scripts; they would stand in text messages and in hashes.
    bundle.set_use_isolating(false);
    let own = FILES.iter().map(|(name, english, welsh)| match language {
        Language::English => (*name, *english),
        Language::Welsh => (*name, *welsh),
    });
    let of_staff = STAFF_FILES.iter().copied().filter(|_| language == Language::English);
    for (name, text) in own.chain(of_staff) {
        let resource = FluentResource::try_new(text.to_owned()).unwrap_or_else(|(resource, errors)| {
            tracing::error!(name, ?errors, "a file of words is broken");
            resource
        });
        if let Err(errors) = bundle.add_resource(resource) {
            tracing::error!(name, ?errors, "a message stands twice");
        }
    }
    bundle
}

fn bundle_of(language: Language) -> &'static Bundle {
    match language {
        Language::English => &ENGLISH,
        Language::Welsh => &WELSH,
    }
}

/// What fills a variable of a message.
pub type Filled<'a> = (&'static str, FluentValue<'a>);

/// A message, where there is one of that id.
#[must_use]
pub fn find(language: Language, id: &str, with: &[Filled<'_>]) -> Option<String> {
    let bundle = bundle_of(language);
    let message = bundle.get_message(id)?;
    let args: FluentArgs<'_> = with.iter().map(|(name, value)| (*name, value.clone())).collect();
    let mut errors = Vec::new();
    let text = bundle.format_pattern(message.value()?, Some(&args), &mut errors).into_owned();
    if !errors.is_empty() {
        tracing::error!(id, ?errors, "a message lacks a variable");
    }
    Some(text)
}

/// A message with its variables. One that is missing (which a test finds) is told by its id, so that nobody is shown
/// nothing.
#[must_use]
pub fn say_with(language: Language, id: &str, with: &[Filled<'_>]) -> String {
    find(language, id, with).unwrap_or_else(|| {
        tracing::error!(id, %language, "there is no such message");
        id.to_owned()
    })
}

/// A message without variables.
#[must_use]
pub fn say(language: Language, id: &str) -> String {
    say_with(language, id, &[])
}

/// A code as the end of a message's id, which knows no dots.
#[must_use]
pub fn id_of(prefix: &str, code: &str) -> String {
    format!("{prefix}-{}", code.replace('.', "-"))
}
