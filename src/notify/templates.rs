//! Every word that leaves for a person, in English and Welsh.
//!
//! What goes to a survivor's phone, or to somebody they trust, must stand any glance over the shoulder: it never says
//! what this app is, nor danger, police, stalking, safety or an alert, no names and no places. Staff learn that
//! something waits, its reference and level, and nothing of the survivor. A test holds the words that may not occur.

use crate::db::text_enum;

#[cfg(test)]
mod tests;

text_enum! {
    /// What a message says, as a code.
    pub enum Template {
        /// To a survivor: a check-in comes soon.
        ReminderBefore = "reminder_before",
        /// To a survivor: a check-in is due.
        ReminderDue = "reminder_due",
        /// To a survivor: a check-in is late.
        Nudge = "nudge",
        /// To a survivor: please ring.
        CallMe = "call_me",
        /// To somebody whom a survivor trusts: please ring.
        TrustedCallMe = "trusted_call_me",
        /// To staff: something waits in the portal.
        TaskWaiting = "task_waiting",
    }
}

impl Template {
    /// Minutes for which it is of any use; after that it is not sent any more.
    #[must_use]
    pub fn useful_minutes(self) -> i64 {
        match self {
            Self::ReminderBefore | Self::ReminderDue => 60,
            Self::Nudge | Self::CallMe | Self::TrustedCallMe | Self::TaskWaiting => 24 * 60,
        }
    }

    /// Minutes within which the same is not said again to the same person; none where each counts.
    #[must_use]
    pub fn rest_minutes(self) -> i64 {
        match self {
            Self::ReminderBefore | Self::ReminderDue | Self::Nudge => 10,
            Self::CallMe | Self::TrustedCallMe | Self::TaskWaiting => 0,
        }
    }
}

text_enum! {
    /// As what a message to a survivor presents itself.
    pub enum Wording {
        /// A reminder of nothing in particular.
        Plain = "plain",
        /// A diary's entry.
        Diary = "diary",
    }
}

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
        match tag.split('-').next() {
            Some("cy" | "CY" | "Cy") => Self::Welsh,
            _ => Self::English,
        }
    }
}

/// Words ready to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    /// The subject line of an e-mail, the title of a notice.
    pub title: &'static str,
    /// The text.
    pub text: String,
}

/// The words of a template. `detail` is used by those for staff alone: a reference and a level.
#[must_use]
pub fn render(template: Template, wording: Wording, language: Language, detail: &serde_json::Value) -> Words {
    let title = title(template, wording, language);
    let text = match template {
        Template::TaskWaiting => task_waiting(language, detail),
        Template::TrustedCallMe => match language {
            Language::English => "Could you give a ring to the number you were given? Thank you.".to_owned(),
            Language::Welsh => "Allwch chi ffonio'r rhif a gawsoch? Diolch.".to_owned(),
        },
        _ => to_survivor(template, wording, language).to_owned(),
    };
    Words { title, text }
}

fn title(template: Template, wording: Wording, language: Language) -> &'static str {
    match (template, wording, language) {
        (Template::TaskWaiting, _, Language::English) => "Something waits for you",
        (Template::TaskWaiting, _, Language::Welsh) => "Mae rhywbeth yn aros amdanoch",
        (_, Wording::Plain, Language::English) => "Reminder",
        (_, Wording::Plain, Language::Welsh) => "Nodyn atgoffa",
        (_, Wording::Diary, Language::English) => "Diary",
        (_, Wording::Diary, Language::Welsh) => "Dyddiadur",
    }
}

fn to_survivor(template: Template, wording: Wording, language: Language) -> &'static str {
    use Language::{English, Welsh};
    use Wording::{Diary, Plain};
    match (template, wording, language) {
        (Template::ReminderBefore, Plain, English) => "There is something on your list soon.",
        (Template::ReminderBefore, Plain, Welsh) => "Mae rhywbeth ar eich rhestr cyn hir.",
        (Template::ReminderBefore, Diary, English) => "Your diary has an entry soon.",
        (Template::ReminderBefore, Diary, Welsh) => "Mae cofnod yn eich dyddiadur cyn hir.",
        (Template::ReminderDue, Plain, English) => "There is something on your list now.",
        (Template::ReminderDue, Plain, Welsh) => "Mae rhywbeth ar eich rhestr nawr.",
        (Template::ReminderDue, Diary, English) => "Your diary has an entry now.",
        (Template::ReminderDue, Diary, Welsh) => "Mae cofnod yn eich dyddiadur nawr.",
        (Template::CallMe, _, English) => "Please give us a ring when it suits you.",
        (Template::CallMe, _, Welsh) => "Ffoniwch ni pan fydd yn gyfleus i chi.",
        (_, Plain, English) => "Please have a look when you can.",
        (_, Plain, Welsh) => "Cymerwch olwg pan gewch gyfle.",
        (_, Diary, English) => "Please look at your diary when you can.",
        (_, Diary, Welsh) => "Edrychwch ar eich dyddiadur pan gewch gyfle.",
    }
}

fn task_waiting(language: Language, detail: &serde_json::Value) -> String {
    let reference = detail.get("reference").and_then(serde_json::Value::as_str).unwrap_or_default();
    let level = detail.get("level").and_then(serde_json::Value::as_i64).unwrap_or_default();
    match language {
        Language::English => format!("Something waits for you in the portal: {reference}, level {level}."),
        Language::Welsh => format!("Mae rhywbeth yn aros amdanoch yn y porth: {reference}, lefel {level}."),
    }
}
