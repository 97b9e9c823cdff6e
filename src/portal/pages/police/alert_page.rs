//! The page of an alert for an officer before any detail is opened, and what an officer may do about it; and what is left of one
//! that is long over.

use askama::Template;

use super::facts_view::{FactLine, fact_lines};
use crate::escalation::{AlertData, AlertState, PoliceAlertView, PolledAlertData};
use crate::portal::pages::alert_words::{AlertHead, LevelTag};
use crate::portal::pages::form::{ErrorSummary, FieldKind, FormField, PageForm, RefusedForm, ShownForm};
use crate::portal::pages::reader::{InEnglish, PageReader, When};
use crate::portal::pages::shown_alert::Trouble;
use crate::words::id_of;

/// What is typed where a reason is asked for.
pub const REASON: FormField = FormField {
    name: "reason",
    label: "portal-police-reason",
    hint: Some("portal-police-reason-hint"),
    kind: FieldKind::Line,
};
const NOTE: FormField = FormField { name: "note", label: "portal-police-note", hint: None, kind: FieldKind::Text };
const ACKNOWLEDGING: [FormField; 4] = [
    FormField { name: "force_reference", label: "portal-police-force-reference", hint: None, kind: FieldKind::Line },
    FormField {
        name: "grade",
        label: "portal-police-grade",
        hint: Some("portal-police-grade-hint"),
        kind: FieldKind::Line,
    },
    FormField {
        name: "action",
        label: "portal-police-action",
        hint: Some("portal-police-action-hint"),
        kind: FieldKind::Line,
    },
    NOTE,
];
/// What may have come of an alert, each with its message.
pub const OUTCOMES: &[(&str, &str)] = &[
    ("", "portal-police-choose"),
    ("safe_and_well", "portal-police-outcome-safe_and_well"),
    ("arrest", "portal-police-outcome-arrest"),
    ("order_breach_recorded", "portal-police-outcome-order_breach_recorded"),
    ("crime_recorded", "portal-police-outcome-crime_recorded"),
    ("suspect_spoken_to", "portal-police-outcome-suspect_spoken_to"),
    ("no_trace", "portal-police-outcome-no_trace"),
    ("not_attended", "portal-police-outcome-not_attended"),
    ("referred", "portal-police-outcome-referred"),
];
const ENDING: [FormField; 2] = [
    FormField { name: "outcome", label: "portal-police-outcome", hint: None, kind: FieldKind::Choice(OUTCOMES) },
    NOTE,
];

/// Where an act of an officer about an alert is sent.
pub fn act_path(reference: &str, act: &str) -> String {
    format!("/portal/police/{reference}/{act}")
}

/// Whether an alert is closed.
pub fn is_closed(alert: &PoliceAlertView) -> bool {
    matches!(alert.state, AlertState::Resolved | AlertState::StoodDown)
}

/// How far an alert has come, for the force.
pub fn alert_state(reader: &PageReader, alert: &PoliceAlertView) -> String {
    reader.say(match (alert.state, alert.acknowledged_at) {
        (AlertState::Resolved, _) => "portal-state-resolved",
        (AlertState::StoodDown, _) => "portal-state-stood-down",
        (AlertState::Open | AlertState::Acknowledged, None) => "portal-police-waits",
        (AlertState::Open | AlertState::Acknowledged, Some(_)) => "portal-police-acknowledged",
    })
}

/// How not to put the survivor into more danger.
pub struct OfficerCare {
    /// Whether nobody may notice that help comes.
    pub is_silent: bool,
    /// Whether their phone must not be called or written to.
    pub keeps_from_phone: bool,
}

impl OfficerCare {
    /// What an alert says of it.
    pub fn of(data: &AlertData) -> Self {
        Self { is_silent: data.approach.is_some(), keeps_from_phone: data.do_not_contact_device == Some(true) }
    }
}

fn outcome(reader: &PageReader, alert: &PoliceAlertView) -> Option<InEnglish> {
    alert.outcome.as_deref().map(|outcome| reader.in_english(&id_of("staff-outcome", outcome)))
}

/// The page.
#[derive(Template)]
#[template(path = "police/alert.html")]
pub struct OfficerAlertPage<'a> {
    reader: &'a PageReader,
    title: String,
    wrong: Option<ErrorSummary>,
    head: AlertHead,
    made_at: When,
    state: String,
    raised: When,
    acknowledged: Option<When>,
    outcome: Option<InEnglish>,
    care: OfficerCare,
    phone_note: Option<InEnglish>,
    has_place: bool,
    desk: String,
    desk_phone: Option<String>,
    facts: Vec<FactLine>,
    acknowledge: Option<ShownForm>,
    details: Option<ShownForm>,
    ending: ShownForm,
}

impl<'a> OfficerAlertPage<'a> {
    /// That of an alert; with what is wrong with a form of it, where one was refused.
    pub fn of(
        reader: &'a PageReader,
        (alert, data): (&PoliceAlertView, &AlertData),
        trouble: Option<&Trouble>,
    ) -> Self {
        let mut forms = OfficerForms { reader, reference: &alert.reference, trouble, wrong: None };
        let is_again = alert.acknowledged_at.is_some();
        let acknowledge =
            (!is_closed(alert)).then(|| forms.show(("acknowledge", "portal-acknowledge", is_again), &ACKNOWLEDGING));
        // In a drill there is nothing of anybody to open.
        let details =
            (!alert.is_exercise).then(|| forms.show(("details", "portal-police-open-details", true), &[REASON]));
        let ending = forms.show(("outcome", "portal-police-record-outcome", true), &ENDING);
        Self {
            title: reader.title("portal-alert-title", trouble.is_some()),
            wrong: forms.summary(),
            head: AlertHead::of(reader, (data.level, data.event), &alert.reference, alert.is_exercise),
            made_at: reader.now_by_the_clock(),
            state: alert_state(reader, alert),
            raised: reader.when(data.raised_at),
            acknowledged: alert.acknowledged_at.map(|at| reader.when(at)),
            outcome: outcome(reader, alert),
            care: OfficerCare::of(data),
            phone_note: data.phone_note.as_ref().map(|note| reader.as_english(note.clone())),
            has_place: data.location.as_ref().is_some_and(|place| place.available),
            desk: data.duty_desk.organisation.clone(),
            desk_phone: Some(data.duty_desk.phone.clone()).filter(|phone| phone != "not_stated"),
            facts: fact_lines(reader, data),
            acknowledge,
            details,
            ending,
            reader,
        }
    }
}

/// The forms of the page, as they are gathered.
struct OfficerForms<'f> {
    reader: &'f PageReader,
    reference: &'f str,
    trouble: Option<&'f Trouble>,
    wrong: Option<ErrorSummary>,
}

impl OfficerForms<'_> {
    /// One form; what is wrong with it is what is wrong with the page.
    fn show(&mut self, (act, button, is_secondary): (&str, &'static str, bool), fields: &[FormField]) -> ShownForm {
        let action = act_path(self.reference, act);
        let form = PageForm { of: act, action, fields, button, is_secondary };
        let trouble = self.trouble.filter(|trouble| trouble.act == act);
        if let Some(trouble) = trouble {
            self.wrong = Some(form.summary(self.reader, &trouble.error));
        }
        form.show(self.reader, trouble.map(|trouble| RefusedForm { sent: &trouble.form, error: &trouble.error }))
    }

    /// What is wrong with the page; also of a form that it has no more, such as one of an alert that was closed meanwhile.
    fn summary(self) -> Option<ErrorSummary> {
        let of_no_form = |trouble: &Trouble| {
            let action = String::new();
            let form = PageForm { of: "", action, fields: &[], button: "portal-acknowledge", is_secondary: true };
            form.summary(self.reader, &trouble.error)
        };
        self.wrong.or_else(|| self.trouble.map(of_no_form))
    }
}

/// What is left of an alert that is long over.
#[derive(Template)]
#[template(path = "police/past.html")]
pub struct OfficerPastAlertPage<'a> {
    reader: &'a PageReader,
    title: String,
    tag: Option<LevelTag>,
    reference: &'a str,
    raised: Option<When>,
    state: String,
    outcome: Option<InEnglish>,
}

impl<'a> OfficerPastAlertPage<'a> {
    /// That of an alert.
    pub fn of(reader: &'a PageReader, alert: &'a PoliceAlertView) -> Self {
        let past = match &alert.data {
            PolledAlertData::Past(past) => Some((past.level, past.raised_at)),
            PolledAlertData::Present(_) => None,
        };
        Self {
            title: reader.title("portal-alert-title", false),
            tag: past.map(|(level, _)| LevelTag::of(reader, level)),
            reference: &alert.reference,
            raised: past.map(|(_, at)| reader.when(at)),
            state: alert_state(reader, alert),
            outcome: outcome(reader, alert),
            reader,
        }
    }
}
