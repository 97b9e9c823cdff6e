//! Forms: which fields they have, how they are shown, and what is wrong with one that was sent.

mod sent;
mod shown;
mod trouble;

use super::reader::PageReader;
use super::visit::Filled;
use crate::error::{Error, FieldError};

pub use sent::id_text;
pub use shown::{ErrorSummary, ShownField, ShownForm, ShownOption, SummaryLine};
pub use trouble::{FormTrouble, PageForms, answer};

/// What is typed into a field, or done with it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum FieldKind {
    /// A line of text.
    Line,
    /// A line that is never shown again, not even to the person who just typed it.
    Secret,
    /// The name of an account.
    Username,
    /// The password of an account.
    Password,
    /// A password that is chosen.
    NewPassword,
    /// Digits of an authenticator app.
    Digits,
    /// Several lines of text.
    Text,
    /// Something to tick.
    Tick,
    /// A day.
    Day,
    /// A moment, as clocks in the United Kingdom show it.
    Moment,
    /// One of some things that are known when the page is made ([`ShownForm::offer`]).
    Offered,
    /// One of some words, each with the message that it is called by.
    Choice(&'static [(&'static str, &'static str)]),
    /// Something to tick that adds this word to a list of its field's name.
    Member(&'static str),
}

impl FieldKind {
    /// `type` and `autocomplete` of HTML.
    fn html(self) -> (&'static str, &'static str) {
        match self {
            Self::Line | Self::Secret | Self::Text | Self::Tick => ("text", "off"),
            Self::Choice(_) | Self::Member(_) | Self::Offered => ("text", "off"),
            Self::Day => ("date", "off"),
            Self::Moment => ("datetime-local", "off"),
            Self::Username => ("text", "username"),
            Self::Password => ("password", "current-password"),
            Self::NewPassword => ("password", "new-password"),
            Self::Digits => ("text", "one-time-code"),
        }
    }

    /// What there is to choose from.
    fn options(self, reader: &PageReader, chosen: &str) -> Vec<ShownOption> {
        let Self::Choice(words) = self else { return Vec::new() };
        let option = |(value, label): &(&'static str, &'static str)| ShownOption {
            value: (*value).to_owned(),
            label: reader.label(label),
            is_selected: *value == chosen,
        };
        words.iter().map(option).collect()
    }

    fn is_shown_again(self) -> bool {
        !matches!(self, Self::Secret | Self::Password | Self::NewPassword | Self::Digits)
    }
}

/// What a field is like.
#[derive(Clone, Copy)]
pub struct FormField {
    /// Its name, as the API's bodies call it.
    pub name: &'static str,
    /// The message of its label.
    pub label: &'static str,
    /// The message of what helps to fill it in.
    pub hint: Option<&'static str>,
    /// What goes into it.
    pub kind: FieldKind,
}

impl FormField {
    /// What is wrong with it, where it is this field; `label` is that of the reader's language.
    fn mistake(&self, reader: &PageReader, label: &str, error: &Error) -> Option<String> {
        if error.code().word() == "code_word_needed" {
            return (self.name == "code_word").then(|| reader.say("portal-code-word-needed"));
        }
        let found = fields_of(error).iter().find(|field| field.pointer.trim_start_matches('/') == self.name)?;
        let id = if found.code == "missing" { "portal-field-missing" } else { "portal-field-wrong" };
        Some(reader.say_with(id, &[("label", label.into())]))
    }
}

fn fields_of(error: &Error) -> &[FieldError] {
    match error {
        Error::Invalid { fields, .. } => fields,
        _ => &[],
    }
}

/// A form of a page.
pub struct PageForm<'a> {
    /// What tells its fields from others of their names on the page.
    pub of: &'a str,
    /// Where it is sent.
    pub action: String,
    /// Its fields.
    pub fields: &'a [FormField],
    /// The message on its button: the words of the act.
    pub button: &'static str,
    /// Whether its act is not the usual next one.
    pub is_secondary: bool,
}

/// What was sent with a form, and why it was refused.
#[derive(Clone, Copy)]
pub struct RefusedForm<'a> {
    /// What was sent.
    pub sent: &'a Filled,
    /// Why.
    pub error: &'a Error,
}

impl PageForm<'_> {
    /// As it is shown; with what was typed into it and what is wrong, where it was refused.
    pub fn show(&self, reader: &PageReader, refused: Option<RefusedForm<'_>>) -> ShownForm {
        ShownForm {
            action: self.action.clone(),
            fields: self.fields.iter().map(|field| self.field(reader, *field, refused)).collect(),
            button: reader.label(self.button),
            is_secondary: self.is_secondary,
            is_refused: refused.is_some(),
        }
    }

    fn field(&self, reader: &PageReader, field: FormField, refused: Option<RefusedForm<'_>>) -> ShownField {
        let (id, label) = (self.id_of(field), reader.label(field.label));
        let mistake = refused.and_then(|refused| field.mistake(reader, label.as_str(), refused.error));
        let again = refused.filter(|_| field.kind.is_shown_again());
        let described = [field.hint.map(|_| format!("{id}-hint")), mistake.as_ref().map(|_| format!("{id}-error"))];
        let described: Vec<String> = described.into_iter().flatten().collect();
        let (kind, complete) = field.kind.html();
        let value = again.map_or_else(String::new, |refused| match field.kind {
            FieldKind::Member(word) => refused.sent.has(field.name, word).to_string(),
            _ => refused.sent.get(field.name).to_owned(),
        });
        ShownField {
            described_by: (!described.is_empty()).then(|| described.join(" ")),
            options: field.kind.options(reader, &value),
            tick_value: if let FieldKind::Member(word) = field.kind { word } else { "true" },
            value,
            hint: field.hint.map(|hint| reader.label(hint)),
            name: field.name,
            is_text: field.kind == FieldKind::Text,
            is_tick: matches!(field.kind, FieldKind::Tick | FieldKind::Member(_)),
            is_digits: field.kind == FieldKind::Digits,
            id,
            label,
            mistake,
            kind,
            complete,
        }
    }

    fn id_of(&self, field: FormField) -> String {
        match field.kind {
            FieldKind::Member(word) => format!("{}-{}-{word}", self.of, field.name),
            _ => format!("{}-{}", self.of, field.name),
        }
    }

    /// What is wrong with it, for the head of its page.
    pub fn summary(&self, reader: &PageReader, error: &Error) -> ErrorSummary {
        let mistake = |field: &FormField| {
            let words = field.mistake(reader, reader.label(field.label).as_str(), error)?;
            Some(SummaryLine { words, field: Some(self.id_of(*field)) })
        };
        let lines: Vec<SummaryLine> = self.fields.iter().filter_map(mistake).collect();
        match lines.is_empty() {
            true => self.summary_in_words(said(reader, error)),
            false => ErrorSummary { lines },
        }
    }

    /// One sentence about it as a whole, which leads to its first field.
    pub fn summary_in_words(&self, words: String) -> ErrorSummary {
        let field = self.fields.first().map(|field| self.id_of(*field));
        ErrorSummary { lines: vec![SummaryLine { words, field }] }
    }
}

/// A refusal in the reader's language where it is one of those that people meet here; else in the API's own words.
fn said(reader: &PageReader, error: &Error) -> String {
    let id = match error.code().word() {
        "unauthenticated" => "portal-wrong-credentials",
        "too_many_requests" => "portal-fault-wait",
        "code_word_needed" => "portal-code-word-needed",
        "wrong_state" | "stale" => "portal-fault-state",
        _ if matches!(error, Error::Invalid { .. }) => "portal-fields-wrong",
        _ => return error.code().title().to_owned(),
    };
    reader.say(id)
}
