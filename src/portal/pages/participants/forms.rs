//! The forms of a participant's pages: their fields, as the API's bodies call them, and which of them was refused.

use crate::error::Error;
use crate::portal::pages::form::{ErrorSummary, FieldKind, FormField, PageForm, RefusedForm, ShownForm};
use crate::portal::pages::reader::PageReader;
use crate::portal::pages::visit::Filled;
use crate::words::{self, id_of};

const fn field(name: &'static str, label: &'static str, kind: FieldKind) -> FormField {
    FormField { name, label, hint: None, kind }
}

const fn hinted(name: &'static str, label: &'static str, hint: &'static str, kind: FieldKind) -> FormField {
    FormField { name, label, hint: Some(hint), kind }
}

/// What is looked for.
pub static REFERENCE: [FormField; 1] = [field("reference", "portal-reference", FieldKind::Line)];

/// None to five, as a diary card has it.
const STRENGTH: FieldKind = FieldKind::Choice(&[
    ("0", "portal-scale-0"),
    ("1", "portal-scale-1"),
    ("2", "portal-scale-2"),
    ("3", "portal-scale-3"),
    ("4", "portal-scale-4"),
    ("5", "portal-scale-5"),
]);

/// A day of the diary card.
pub static DIARY: [FormField; 7] = [
    field("rated_on", "portal-rated-on", FieldKind::Day),
    field("urge", "portal-urge", STRENGTH),
    field("acted_on_urge", "portal-acted-on-urge", FieldKind::Tick),
    hinted("acted_at", "portal-acted-at", "portal-acted-at-hint", FieldKind::Moment),
    field("distress", "portal-distress", STRENGTH),
    field(
        "skill",
        "portal-skill",
        FieldKind::Choice(&[
            ("", "portal-skill-none"),
            ("urge_surfing", "portal-skill-urge_surfing"),
            ("paced_breathing", "portal-skill-paced_breathing"),
            ("opposite_action", "portal-skill-opposite_action"),
            ("radical_acceptance", "portal-skill-radical_acceptance"),
            ("self_soothing", "portal-skill-self_soothing"),
            ("asking_for_support", "portal-skill-asking_for_support"),
            ("other", "portal-skill-other"),
        ]),
    ),
    field("note", "portal-diary-note", FieldKind::Text),
];

const OBSERVED: FieldKind = FieldKind::Choice(&[
    ("fixation", "portal-observed-fixation"),
    ("grievance", "portal-observed-grievance"),
    ("insight", "portal-observed-insight"),
    ("skill_use", "portal-observed-skill_use"),
    ("motivation", "portal-observed-motivation"),
    ("circumstances", "portal-observed-circumstances"),
    ("other", "portal-observed-other"),
]);

/// Something that was observed.
pub static OBSERVATION: [FormField; 3] = [
    field("kind", "portal-observed", OBSERVED),
    field("note", "portal-observation-note", FieldKind::Text),
    hinted("observed_at", "portal-observed-at", "portal-observed-at-hint", FieldKind::Moment),
];

/// The same in a session.
pub static OBSERVATION_IN_SESSION: [FormField; 2] =
    [field("kind", "portal-observed", OBSERVED), field("note", "portal-observation-note", FieldKind::Text)];

/// What is feared of a participant.
pub static FEAR: [FormField; 4] = [
    field(
        "kind",
        "portal-feared",
        FieldKind::Choice(&[
            ("intent_to_contact", "staff-fear-intent_to_contact"),
            ("intent_to_harm", "staff-fear-intent_to_harm"),
            ("other", "staff-fear-other"),
        ]),
    ),
    hinted("is_imminent", "staff-fear-imminent", "staff-fear-imminent-hint", FieldKind::Tick),
    hinted("words", "portal-fear-words", "portal-fear-words-hint", FieldKind::Text),
    hinted("note", "portal-fear-note", "portal-fear-note-hint", FieldKind::Text),
];

/// How likely a participant is to harm themselves.
pub static OWN_RISK: [FormField; 3] = [
    field(
        "rating",
        "staff-own-risk",
        FieldKind::Choice(&[
            ("low", "staff-own-risk-low"),
            ("medium", "staff-own-risk-medium"),
            ("high", "staff-own-risk-high"),
        ]),
    ),
    field("narrative", "portal-own-risk-narrative", FieldKind::Text),
    field("reason", "portal-own-risk-reason", FieldKind::Text),
];

/// The service of an order.
pub static SERVICE: [FormField; 1] = [field("served_on", "portal-served-on", FieldKind::Day)];
/// The participant's notification to the police.
pub static NOTIFICATION: [FormField; 1] = [field("notified_on", "staff-notified-on", FieldKind::Day)];
/// The discharge of an order.
pub static DISCHARGE: [FormField; 1] = [field("discharged_on", "portal-discharged-on", FieldKind::Day)];

const MODE: FieldKind = FieldKind::Choice(&[
    ("in_person", "portal-mode-in_person"),
    ("video", "portal-mode-video"),
    ("telephone", "portal-mode-telephone"),
]);

/// A session to come.
pub static SESSION: [FormField; 4] = [
    field("number", "portal-session-number", FieldKind::Line),
    field(
        "module",
        "portal-module",
        FieldKind::Choice(&[
            ("mindfulness", "portal-module-mindfulness"),
            ("distress_tolerance", "portal-module-distress_tolerance"),
            ("emotion_regulation", "portal-module-emotion_regulation"),
            ("interpersonal_effectiveness", "portal-module-interpersonal_effectiveness"),
            ("other", "portal-module-other"),
        ]),
    ),
    hinted("planned_at", "portal-planned-at", "portal-moment-hint", FieldKind::Moment),
    field("mode", "portal-mode", MODE),
];

/// Another time for a session.
pub static RESCHEDULE: [FormField; 3] = [
    hinted("planned_at", "portal-planned-at", "portal-moment-hint", FieldKind::Moment),
    field(
        "reason",
        "portal-moved",
        FieldKind::Choice(&[
            ("participant_unwell", "portal-moved-participant_unwell"),
            ("participant_prevented", "portal-moved-participant_prevented"),
            ("practitioner_prevented", "portal-moved-practitioner_prevented"),
            ("other", "portal-moved-other"),
        ]),
    ),
    field("mode", "portal-mode", MODE),
];

/// Feedback on a session.
pub static FEEDBACK: [FormField; 2] = [
    field("summary", "portal-feedback-summary", FieldKind::Text),
    field(
        "homework",
        "portal-homework",
        FieldKind::Choice(&[
            ("none_set", "portal-homework-none_set"),
            ("done", "portal-homework-done"),
            ("partly", "portal-homework-partly"),
            ("not_done", "portal-homework-not_done"),
        ]),
    ),
];

/// A goal.
pub static GOAL: [FormField; 13] = [
    field("statement", "portal-goal-statement", FieldKind::Text),
    hinted("survivor_benefit", "portal-goal-benefit", "portal-goal-benefit-hint", FieldKind::Text),
    hinted("participant_wording", "portal-goal-wording", "portal-goal-wording-hint", FieldKind::Text),
    field(
        "domain",
        "portal-domain",
        FieldKind::Choice(&[
            ("no_contact", "portal-domain-no_contact"),
            ("online_behaviour", "portal-domain-online_behaviour"),
            ("skills", "portal-domain-skills"),
            ("relationships", "portal-domain-relationships"),
            ("daily_life", "portal-domain-daily_life"),
            ("other", "portal-domain-other"),
        ]),
    ),
    hinted("levels/-2", "portal-score-less2", "portal-level-hint", FieldKind::Line),
    field("levels/-1", "portal-score-less1", FieldKind::Line),
    field("levels/0", "portal-score-expected", FieldKind::Line),
    field("levels/1", "portal-score-more1", FieldKind::Line),
    field("levels/2", "portal-score-more2", FieldKind::Line),
    field(
        "baseline",
        "portal-baseline",
        FieldKind::Choice(&[
            ("-2", "portal-score-less2"),
            ("-1", "portal-score-less1"),
            ("0", "portal-score-expected"),
            ("1", "portal-score-more1"),
            ("2", "portal-score-more2"),
        ]),
    ),
    hinted("weight", "portal-weight", "portal-weight-hint", FieldKind::Line),
    field("target_on", "portal-target-on", FieldKind::Day),
    field(
        "measured_by",
        "portal-measured",
        FieldKind::Choice(&[
            ("practitioner_observation", "portal-measured-practitioner_observation"),
            ("diary", "portal-measured-diary"),
            ("self_report", "portal-measured-self_report"),
            ("probation_record", "portal-measured-probation_record"),
            ("police_record", "staff-measured-police_record"),
        ]),
    ),
];

/// The participant's agreement to a goal.
pub static AGREEMENT: [FormField; 1] = [field("agreed_on", "portal-agreed-on", FieldKind::Day)];
/// Why a goal is given up, or a wording returned.
pub static REASON: [FormField; 1] = [field("reason", "portal-why", FieldKind::Text)];
/// Words for the participant.
pub static WORDING: [FormField; 1] =
    [hinted("participant_wording", "portal-goal-wording", "portal-goal-wording-hint", FieldKind::Text)];

/// The report at the end of a programme.
pub static REPORT: [FormField; 3] = [
    field("progress", "portal-report-progress", FieldKind::Text),
    field("risk", "portal-report-risk", FieldKind::Text),
    field("recommendations", "portal-report-recommendations", FieldKind::Text),
];
/// What is said with a step of it.
pub static REPORT_STEP: [FormField; 1] = [field("note", "portal-why", FieldKind::Text)];

/// The credentials of the person who sits with the participant.
pub static CREDENTIALS: [FormField; 2] = [
    field("password", "portal-password", FieldKind::Password),
    hinted("one_time_code", "portal-one-time-code", "portal-one-time-code-hint", FieldKind::Digits),
];

/// What a code is called, where it is one that these pages know; else the code itself in plain letters.
pub fn code_in_words(reader: &PageReader, prefix: &str, code: &str) -> String {
    words::find(reader.language, &id_of(prefix, code), &[]).unwrap_or_else(|| code.replace('_', " "))
}

/// A form of a page that was not taken.
pub struct RecordTrouble {
    /// What is wrong.
    pub error: Error,
    /// What was sent.
    pub form: Filled,
    /// Which form, as its fields are distinguished from others.
    pub of: String,
}

/// The forms of a page, of which one may have been refused.
pub struct RecordForms<'a> {
    reader: &'a PageReader,
    path: String,
    trouble: Option<&'a RecordTrouble>,
    /// What is wrong with the one that was sent.
    pub wrong: Option<ErrorSummary>,
}

impl<'a> RecordForms<'a> {
    /// Those of a page, whose acts are below its own address.
    pub fn of(reader: &'a PageReader, path: String, trouble: Option<&'a RecordTrouble>) -> Self {
        // What is wrong with a form that the page has no more is said as well.
        let of_none = |trouble: &RecordTrouble| {
            let none =
                PageForm { of: "", action: String::new(), fields: &[], button: "portal-progress", is_secondary: true };
            none.summary(reader, &trouble.error)
        };
        Self { reader, path, trouble, wrong: trouble.map(of_none) }
    }

    /// One form: what tells its fields from others, the end of its address, what is in it and on its button.
    pub fn form(&mut self, of: &str, end: &str, fields: &[FormField], button: &'static str) -> ShownForm {
        let form = PageForm { of, action: format!("{}/{end}", self.path), fields, button, is_secondary: true };
        let trouble = self.trouble.filter(|trouble| trouble.of == of);
        if let Some(trouble) = trouble {
            self.wrong = Some(form.summary(self.reader, &trouble.error));
        }
        let refused = trouble.map(|trouble| RefusedForm { sent: &trouble.form, error: &trouble.error });
        form.show(self.reader, refused)
    }

    /// The form for the usual next act of a page.
    pub fn usual(&mut self, of: &str, end: &str, fields: &[FormField], button: &'static str) -> ShownForm {
        ShownForm { is_secondary: false, ..self.form(of, end, fields, button) }
    }
}
