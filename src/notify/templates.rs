//! Every word that leaves for a person, in English and Welsh; the words themselves are in `words/*/notices.ftl`.
//!
//! What goes to a survivor's phone, or to somebody they trust, must stand any glance over the shoulder: it never says
//! what this app is, nor danger, police, stalking, safety or an alert, no names and no places. Staff learn that
//! something waits, its reference and level, and nothing of the survivor. A test holds the words that may not occur.

use crate::db::text_enum;
use crate::words;

pub use crate::words::Language;

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
        /// To staff: the same, and it is a drill.
        ExerciseWaiting = "exercise_waiting",
        /// To an administrator: an organisation has no supervisor, and something waits for one.
        NoSupervisor = "no_supervisor",
    }
}

impl Template {
    /// Whether it is for staff, who may read a reference and a level.
    #[must_use]
    pub fn is_for_staff(self) -> bool {
        match self {
            Self::TaskWaiting | Self::ExerciseWaiting | Self::NoSupervisor => true,
            Self::ReminderBefore | Self::ReminderDue | Self::Nudge | Self::CallMe | Self::TrustedCallMe => false,
        }
    }

    /// Minutes for which it is of any use; after that it is not sent any more.
    #[must_use]
    pub fn useful_minutes(self) -> i64 {
        match self {
            Self::ReminderBefore | Self::ReminderDue => 60,
            Self::Nudge
            | Self::CallMe
            | Self::TrustedCallMe
            | Self::TaskWaiting
            | Self::ExerciseWaiting
            | Self::NoSupervisor => 24 * 60,
        }
    }

    /// Minutes within which the same is not said again to the same person; none where each counts.
    #[must_use]
    pub fn rest_minutes(self) -> i64 {
        match self {
            Self::ReminderBefore | Self::ReminderDue | Self::Nudge => 10,
            Self::CallMe | Self::TrustedCallMe | Self::TaskWaiting | Self::ExerciseWaiting | Self::NoSupervisor => 0,
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

/// Words ready to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    /// The subject line of an e-mail, the title of a notice.
    pub title: String,
    /// The text.
    pub text: String,
}

/// The words of a template. `detail` is used by those for staff alone: a reference and a level.
#[must_use]
pub fn render(template: Template, wording: Wording, language: Language, detail: &serde_json::Value) -> Words {
    let title = match template {
        Template::ExerciseWaiting => "notice-title-exercise".to_owned(),
        _ if template.is_for_staff() => "notice-title-staff".to_owned(),
        _ => format!("notice-title-{wording}"),
    };
    let triggers = detail.get("triggers_since").and_then(serde_json::Value::as_i64).unwrap_or_default();
    let text = match template {
        Template::TaskWaiting if triggers > 0 => "notice-task_waiting_again".to_owned(),
        Template::ReminderBefore | Template::ReminderDue | Template::Nudge => format!("notice-{template}-{wording}"),
        _ => format!("notice-{template}"),
    };
    let reference = detail.get("reference").and_then(serde_json::Value::as_str).unwrap_or_default();
    let level = detail.get("level").and_then(serde_json::Value::as_i64).unwrap_or_default();
    let with = match template {
        Template::TaskWaiting | Template::ExerciseWaiting => {
            vec![("reference", reference.into()), ("level", level.into()), ("triggers", triggers.into())]
        }
        _ => Vec::new(),
    };
    Words { title: words::say(language, &title), text: words::say_with(language, &text, &with) }
}
