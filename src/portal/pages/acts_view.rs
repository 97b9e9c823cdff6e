//! What can be done about an alert: the forms of its page, and the place that one of them opens.

use askama::Template;
use serde_json::Value;

use super::alert_words::{alert_path, is_held};
use super::form::{ErrorSummary, FieldKind, FormField, PageForm, RefusedForm, ShownForm};
use super::person_view::SummaryEntry;
use super::reader::{PageReader, When};
use super::shown_alert::Trouble;
use crate::error::Error;
use crate::escalation::{AlertLocationView, SupportAlert};

/// The level from which on closing asks for the code word.
const EMERGENCY: i32 = 4;
/// The level from which on a place may be opened.
const URGENT: i32 = 3;

const NOTE: FormField =
    FormField { name: "note", label: "portal-note", hint: Some("portal-note-hint"), kind: FieldKind::Text };
const SPOKE: FormField = FormField {
    name: "spoke_to_survivor",
    label: "portal-spoke",
    hint: Some("portal-spoke-hint"),
    kind: FieldKind::Tick,
};
const CODE_WORD: FormField = FormField {
    name: "code_word",
    label: "portal-code-word",
    hint: Some("portal-code-word-hint"),
    kind: FieldKind::Secret,
};
const OUTCOME: FormField =
    FormField { name: "outcome_confirmed", label: "portal-outcome-confirmed", hint: None, kind: FieldKind::Tick };
const REASON: FormField =
    FormField { name: "reason", label: "portal-reason", hint: Some("portal-reason-hint"), kind: FieldKind::Line };

/// The acts on an alert that its page offers.
#[derive(Default)]
pub struct ActForms {
    /// The usual next act.
    pub next: Option<ShownForm>,
    /// What opens the place that the phone gave, for the person who rings 999, with a reason which the survivor reads.
    pub place: Option<ShownForm>,
    /// The two ways in which it is closed.
    pub closings: Vec<ShownForm>,
    /// What is wrong with the one that was sent.
    pub wrong: Option<ErrorSummary>,
}

impl ActForms {
    /// None, for an alert that is closed or somebody who may not act on it.
    pub fn none(reader: &PageReader, trouble: Option<&Trouble>) -> Self {
        Self { wrong: trouble.map(|trouble| of_no_form(reader, trouble)), ..Self::default() }
    }

    /// Those of an alert that is open, for somebody who may act on it.
    pub fn of(reader: &PageReader, alert: &SupportAlert, trouble: Option<&Trouble>) -> Self {
        let mut forms = Self::default();
        // One that climbs again is taken up again.
        let (act, button) = match is_held((alert.state, alert.acknowledged_at)) {
            true => ("progress", "portal-progress"),
            false => ("acknowledge", "portal-acknowledge"),
        };
        forms.next = Some(forms.form(reader, alert, (act, button, &[NOTE, SPOKE]), trouble));
        if alert.level >= URGENT && !alert.is_exercise {
            forms.place = Some(forms.form(reader, alert, ("location", "portal-open-place", &[REASON]), trouble));
        }
        let mut fields = vec![NOTE, SPOKE];
        fields.extend((alert.level >= EMERGENCY && !alert.is_exercise).then_some(CODE_WORD));
        fields.extend(alert.outcome.is_some().then_some(OUTCOME));
        for (act, button) in [("resolve", "portal-resolve"), ("stand-down", "portal-stand-down")] {
            let closing = forms.form(reader, alert, (act, button, &fields), trouble);
            forms.closings.push(closing);
        }
        if forms.wrong.is_none() {
            forms.wrong = trouble.map(|trouble| of_no_form(reader, trouble));
        }
        forms
    }

    /// One form; what is wrong with it is what is wrong with the page.
    fn form(
        &mut self,
        reader: &PageReader,
        alert: &SupportAlert,
        (act, button, fields): (&str, &'static str, &[FormField]),
        trouble: Option<&Trouble>,
    ) -> ShownForm {
        let is_secondary = !matches!(act, "acknowledge" | "progress");
        let action = format!("{}/{act}", alert_path(&alert.reference));
        let form = PageForm { of: act, action, fields, button, is_secondary };
        let trouble = trouble.filter(|trouble| trouble.act == act);
        if let Some(trouble) = trouble {
            self.wrong = Some(match &trouble.error {
                Error::NotFound => form.summary_in_words(reader.say("portal-no-place")),
                error => form.summary(reader, error),
            });
        }
        form.show(reader, trouble.map(|trouble| RefusedForm { sent: &trouble.form, error: &trouble.error }))
    }
}

/// What is wrong with a form that the page has no more, such as one of an alert that was closed meanwhile.
fn of_no_form(reader: &PageReader, trouble: &Trouble) -> ErrorSummary {
    let form = PageForm { of: "", action: String::new(), fields: &[], button: "portal-progress", is_secondary: true };
    form.summary(reader, &trouble.error)
}

/// The place of an alert, as it was just opened.
#[derive(Template)]
#[template(path = "place.html")]
pub struct PlacePage<'a> {
    reader: &'a PageReader,
    title: String,
    point: Option<PlacePoint>,
    opened_at: When,
    href: String,
}

/// Where a phone was.
pub struct PlacePoint {
    /// Its figures.
    pub entries: Vec<SummaryEntry>,
}

impl PlacePoint {
    /// Those of a place as the API tells it; none where it has no point.
    pub fn of(reader: &PageReader, place: &Value) -> Option<Self> {
        let number = |name: &str| place.get(name).and_then(Value::as_f64);
        let (latitude, longitude) = (number("lat")?, number("lon")?);
        let accuracy = number("accuracy_m").map(|metres| reader.say_with("portal-metres", &[("count", metres.into())]));
        let entries = [
            SummaryEntry::of(reader, "portal-latitude", Some(latitude.to_string())),
            SummaryEntry::of(reader, "portal-longitude", Some(longitude.to_string())),
            SummaryEntry::of(reader, "portal-accuracy", accuracy),
        ];
        Some(Self { entries: entries.into_iter().flatten().collect() })
    }
}

impl<'a> PlacePage<'a> {
    /// That of an alert.
    pub fn of(reader: &'a PageReader, reference: &str, place: &AlertLocationView) -> Self {
        Self {
            title: reader.title("portal-place-title", false),
            point: place.location.as_ref().and_then(|place| PlacePoint::of(reader, place)),
            opened_at: reader.when(place.opened_at),
            href: alert_path(reference),
            reader,
        }
    }
}
