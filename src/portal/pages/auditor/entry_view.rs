//! An entry of the audit, in words where there are words for its codes.

use crate::portal::pages::case::handle::letters;
use crate::portal::pages::reader::{InEnglish, PageReader, When};
use crate::reporting::AuditEntryView;
use crate::words::{self, Filled, id_of};

/// An entry as it is shown.
pub struct ShownEntry {
    /// What was done.
    pub action: InEnglish,
    /// When.
    pub at: When,
    /// Who did it, as far as that has words.
    pub by: String,
    /// The officer whom a police system named.
    pub officer: Option<String>,
    /// What kind of thing it was about.
    pub about: Option<InEnglish>,
    /// That thing, or whose it is, by letters that lead to all that is about it.
    pub record: Option<String>,
    /// What for.
    pub purpose: Option<InEnglish>,
    /// Why, in the words of the person who acted.
    pub reason: Option<String>,
    /// How it went.
    pub outcome: InEnglish,
    /// That it happened more than once.
    pub times: Option<String>,
    /// Where in the audit it is.
    pub place: String,
}

impl ShownEntry {
    /// As a reader is shown it.
    pub fn of(reader: &PageReader, entry: &AuditEntryView) -> Self {
        let record = entry.person_id.or(entry.subject_id).filter(|_| entry.subject_kind.as_deref() != Some("audit"));
        let purpose = entry.purpose.as_deref().map(|purpose| match purpose.contains('.') {
            true => reader.in_own(reader.say("portal-audit-by-agreement")),
            false => as_words(reader, purpose),
        });
        let place: [Filled<'_>; 2] = [("lane", entry.lane.into()), ("sequence", entry.sequence.into())];
        Self {
            action: as_words(reader, &entry.action),
            at: reader.when(entry.at),
            by: by(reader, entry),
            officer: entry.officer.clone().filter(|officer| entry.actor.as_ref() != Some(officer)),
            about: entry.subject_kind.as_deref().map(|kind| said(reader, "portal-audit-kind", kind)),
            record: record.map(|id| letters(id.0)),
            purpose,
            reason: entry.reason.clone(),
            outcome: said(reader, "portal-audit-outcome", &entry.outcome),
            times: (entry.times > 1).then(|| reader.say_with("portal-audit-times", &[("count", entry.times.into())])),
            place: reader.say_with("portal-audit-place", &place),
        }
    }
}

/// Who acted: the name of a member of staff, and in which roles; of anybody else what they are.
fn by(reader: &PageReader, entry: &AuditEntryView) -> String {
    let kind = reader.say(&id_of("portal-audit-actor", &entry.actor_kind));
    let who = entry.actor.clone().unwrap_or(kind);
    let roles = entry.role.split('+').filter_map(|role| words::find(reader.language, &id_of("bundle-role", role), &[]));
    let roles: Vec<String> = roles.collect();
    if roles.is_empty() { who } else { format!("{who} ({})", roles.join(", ")) }
}

/// A code by its message; one that has none by itself.
fn said(reader: &PageReader, prefix: &str, code: &str) -> InEnglish {
    match words::find(reader.language, &id_of(prefix, code), &[]) {
        Some(words) => reader.in_own(words),
        None => as_words(reader, code),
    }
}

/// A code without its underscores: what it is searched for by.
fn as_words(reader: &PageReader, code: &str) -> InEnglish {
    reader.as_english(code.replace('_', " "))
}
