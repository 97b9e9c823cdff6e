//! What goes from one side to the other by hand, as a page shows it: notes, questions and concerns, and the forms for them.

use std::collections::BTreeMap;

use super::handle::{case_path, letters};
use super::read::{CaseTrouble, ShownCase};
use super::withheld::reason;
use crate::access::Side;
use crate::cases::{CaseConcernState, CaseConcernView, CaseNoteView};
use crate::db::StaffId;
use crate::portal::pages::form::{ErrorSummary, FieldKind, FormField, PageForm, RefusedForm, ShownForm};
use crate::portal::pages::reader::{InEnglish, PageReader, When};
use crate::words::id_of;

const NOTE: FormField =
    FormField { name: "note", label: "portal-case-note", hint: Some("portal-case-words-hint"), kind: FieldKind::Text };
const FOR_SUPPORT: FormField = FormField {
    name: "audience",
    label: "portal-audience",
    hint: None,
    kind: FieldKind::Choice(&[("support_only", "portal-audience-own"), ("both", "portal-audience-both")]),
};
const FOR_PROGRAMME: FormField = FormField {
    name: "audience",
    label: "portal-audience",
    hint: None,
    kind: FieldKind::Choice(&[("programme_only", "portal-audience-own"), ("both", "portal-audience-both")]),
};
const KIND: FormField = FormField {
    name: "kind",
    label: "portal-concern-kind",
    hint: None,
    kind: FieldKind::Choice(&[("question", "portal-concern-question"), ("concern", "portal-concern-concern")]),
};
const WORDS: FormField = FormField {
    name: "words",
    label: "portal-concern-words",
    hint: Some("portal-case-words-hint"),
    kind: FieldKind::Text,
};
const ANSWER: FormField =
    FormField { name: "answer", label: "portal-answer", hint: Some("portal-case-words-hint"), kind: FieldKind::Text };

const fn drawn_on(word: &'static str, label: &'static str) -> FormField {
    FormField { name: "rests_on", label, hint: None, kind: FieldKind::Member(word) }
}

/// What of the survivor's record words of their side draw on: that crosses only as far as the survivor has agreed.
static DRAWN_ON: [FormField; 5] = [
    drawn_on("check_ins", "portal-draws-on-check_ins"),
    drawn_on("check_in_notes", "portal-draws-on-check_in_notes"),
    drawn_on("alerts", "portal-draws-on-alerts"),
    drawn_on("incidents", "portal-draws-on-incidents"),
    drawn_on("incident_accounts", "portal-draws-on-incident_accounts"),
];

/// The forms of a page, of which one may have been refused.
pub struct CaseForms<'a> {
    reader: &'a PageReader,
    reference: &'a str,
    trouble: Option<&'a CaseTrouble>,
    /// What is wrong with the one that was sent.
    pub wrong: Option<ErrorSummary>,
}

impl<'a> CaseForms<'a> {
    /// Those of a case.
    pub fn of(reader: &'a PageReader, reference: &'a str, trouble: Option<&'a CaseTrouble>) -> Self {
        // What is wrong with a form that the page has no more is said as well.
        let of_none = |trouble: &CaseTrouble| {
            let none =
                PageForm { of: "", action: String::new(), fields: &[], button: "portal-progress", is_secondary: true };
            none.summary(reader, &trouble.error)
        };
        Self { reader, reference, trouble, wrong: trouble.map(of_none) }
    }

    /// One form: what tells its fields from others, the end of its address, what is in it and on its button.
    pub fn form(&mut self, of: &str, end: &str, fields: &[FormField], button: &'static str) -> ShownForm {
        let action = format!("{}/{end}", case_path(self.reference));
        let form = PageForm { of, action, fields, button, is_secondary: true };
        let trouble = self.trouble.filter(|trouble| trouble.of == of);
        if let Some(trouble) = trouble {
            self.wrong = Some(form.summary(self.reader, &trouble.error));
        }
        let refused = trouble.map(|trouble| RefusedForm { sent: &trouble.form, error: &trouble.error });
        form.show(self.reader, refused)
    }
}

/// What crosses the bridge by hand.
pub struct ShownBridge {
    /// Notes, the newest first.
    pub notes: Vec<NoteLine>,
    /// That there are more.
    pub has_more_notes: bool,
    /// Questions and concerns, the newest first.
    pub concerns: Vec<ConcernLine>,
    /// That there are more.
    pub has_more_concerns: bool,
    /// Whether some cannot be read.
    pub has_unreadable: bool,
    /// The form for a note.
    pub note: ShownForm,
    /// The form for a question or concern.
    pub concern: ShownForm,
}

impl ShownBridge {
    /// That of a case for a side.
    pub fn of(reader: &PageReader, case: &ShownCase, own: Side, forms: &mut CaseForms<'_>) -> Self {
        let names = &case.names;
        let (audience, more): (FormField, &[FormField]) = match own {
            Side::Support => (FOR_SUPPORT, DRAWN_ON.as_slice()),
            Side::Programme => (FOR_PROGRAMME, &[]),
        };
        let concerns = &case.concerns;
        Self {
            notes: case.notes.items.iter().map(|note| NoteLine::of(reader, names, note, own)).collect(),
            has_more_notes: case.notes.next_cursor.is_some(),
            concerns: concerns
                .items
                .iter()
                .map(|concern| ConcernLine::of(reader, names, (concern, own), forms))
                .collect(),
            has_more_concerns: concerns.next_cursor.is_some(),
            has_unreadable: !case.notes.unreadable.is_empty() || !concerns.unreadable.is_empty(),
            note: forms.form("note", "notes", &[[NOTE, audience].as_slice(), more].concat(), "portal-write-note"),
            concern: forms.form(
                "concern",
                "concerns",
                &[[KIND, WORDS].as_slice(), more].concat(),
                "portal-raise-concern",
            ),
        }
    }
}

/// From which side something comes, as its reader says it.
fn from(reader: &PageReader, side: Side, own: Side) -> String {
    reader.say(if side == own { "portal-from-own-side" } else { "portal-from-other-side" })
}

fn by(reader: &PageReader, names: &BTreeMap<StaffId, String>, id: StaffId) -> String {
    match names.get(&id) {
        Some(name) => reader.say_with("portal-by", &[("name", name.as_str().into())]),
        None => reader.say("portal-by-somebody"),
    }
}

/// A note.
pub struct NoteLine {
    /// From which side.
    pub from: String,
    /// Who reads it.
    pub audience: String,
    /// Who wrote it.
    pub by: String,
    /// When.
    pub at: When,
    /// The words.
    pub words: Option<String>,
    /// Why there are none.
    pub withheld: Option<InEnglish>,
    /// Whether another is in its place.
    pub is_corrected: bool,
}

impl NoteLine {
    fn of(reader: &PageReader, names: &BTreeMap<StaffId, String>, note: &CaseNoteView, own: Side) -> Self {
        Self {
            from: from(reader, note.side, own),
            audience: reader.say(&id_of("portal-audience", note.audience.as_str())),
            by: by(reader, names, note.author_id),
            at: reader.when(note.created_at),
            words: note.note.clone(),
            withheld: note.withheld.as_ref().map(|redaction| reason(reader, redaction)),
            is_corrected: note.corrected_by.is_some(),
        }
    }
}

/// A question or concern.
pub struct ConcernLine {
    /// What it is.
    pub kind: String,
    /// From which side.
    pub from: String,
    /// How far it has come.
    pub state: String,
    /// Who raised it.
    pub by: String,
    /// When.
    pub at: When,
    /// The words.
    pub words: Option<String>,
    /// The answer.
    pub answer: Option<String>,
    /// Who answered.
    pub answered_by: Option<String>,
    /// When.
    pub answered_at: Option<When>,
    /// Why words are withheld.
    pub withheld: Vec<InEnglish>,
    /// What can be done with it.
    pub forms: Vec<ShownForm>,
}

impl ConcernLine {
    fn of(
        reader: &PageReader,
        names: &BTreeMap<StaffId, String>,
        (concern, own): (&CaseConcernView, Side),
        forms: &mut CaseForms<'_>,
    ) -> Self {
        let mut open = Vec::new();
        // Whether it is really the reader's to answer the use case says.
        if concern.side != own && concern.state != CaseConcernState::Answered {
            let handle = letters(concern.id.0);
            let at = |act: &str| (format!("{act}-{handle}"), format!("concerns/{handle}/{act}"));
            if concern.state == CaseConcernState::Open {
                let (of, end) = at("acknowledge");
                open.push(forms.form(&of, &end, &[], "portal-acknowledge"));
            }
            let more: &[FormField] = if own == Side::Support { DRAWN_ON.as_slice() } else { &[] };
            let (of, end) = at("answer");
            open.push(forms.form(&of, &end, &[[ANSWER].as_slice(), more].concat(), "portal-send-answer"));
        }
        Self {
            kind: reader.say(&id_of("portal-concern", concern.kind.as_str())),
            from: from(reader, concern.side, own),
            state: reader.say(&id_of("portal-concern-state", concern.state.as_str())),
            by: by(reader, names, concern.raised_by),
            at: reader.when(concern.raised_at),
            words: concern.words.clone(),
            answer: concern.answer.clone(),
            answered_by: concern.answered_by.map(|id| by(reader, names, id)),
            answered_at: concern.answered_at.map(|at| reader.when(at)),
            withheld: concern.withheld.iter().map(|redaction| reason(reader, redaction)).collect(),
            forms: open,
        }
    }
}
