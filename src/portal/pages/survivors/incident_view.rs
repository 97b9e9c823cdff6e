//! The page of an incident.

use askama::Template;

use super::forms::{RecordForms, RecordTrouble};
use super::head::{RecordHead, RecordReading};
use super::names::{self, StaffNames};
use crate::db::StaffId;
use crate::incidents::{HappenedView, IncidentEventView, SupportIncident, ToldVersionView, WholeIncident};
use crate::portal::pages::case::entries;
use crate::portal::pages::case::handle::letters;
use crate::portal::pages::form::{ErrorSummary, FieldKind, FormField, ShownForm};
use crate::portal::pages::person_view::SummaryEntry;
use crate::portal::pages::reader::{InEnglish, PageReader, When};
use crate::words::{find, id_of};

const NOTE: FormField =
    FormField { name: "note", label: "portal-note", hint: Some("portal-note-hint"), kind: FieldKind::Text };
const TRIAGE: [FormField; 2] = [
    FormField {
        name: "priority",
        label: "portal-priority",
        hint: None,
        kind: FieldKind::Choice(&[
            ("today", "portal-priority-today"),
            ("this_week", "portal-priority-this_week"),
            ("later", "portal-priority-later"),
        ]),
    },
    NOTE,
];
const ACT: [FormField; 2] = [
    FormField {
        name: "action",
        label: "portal-incident-action",
        hint: None,
        kind: FieldKind::Choice(&[
            ("spoke_to_survivor", "portal-incident-why-spoke_to_survivor"),
            ("safety_plan_revised", "portal-incident-why-safety_plan_revised"),
            ("passed_on", "portal-incident-why-passed_on"),
            ("other", "portal-incident-why-other"),
        ]),
    },
    NOTE,
];
const CLOSE: [FormField; 2] = [
    FormField {
        name: "reason",
        label: "portal-incident-closed-because",
        hint: None,
        kind: FieldKind::Choice(&[
            ("done", "portal-incident-why-done"),
            ("survivor_asked", "portal-incident-why-survivor_asked"),
        ]),
    },
    NOTE,
];
const SEVERITY: [FormField; 3] = [
    FormField {
        name: "severity",
        label: "portal-severity",
        hint: Some("portal-severity-hint"),
        kind: FieldKind::Choice(&[
            ("4", "portal-severity-4"),
            ("3", "portal-severity-3"),
            ("2", "portal-severity-2"),
            ("1", "portal-severity-1"),
        ]),
    },
    FormField {
        name: "reason",
        label: "portal-severity-because",
        hint: None,
        kind: FieldKind::Choice(&[
            ("context_learned", "portal-incident-why-context_learned"),
            ("survivor_said", "portal-incident-why-survivor_said"),
        ]),
    },
    NOTE,
];

/// What the page is made of.
pub struct ReadIncident {
    /// The survivor's reference.
    pub reference: String,
    /// How it is read.
    pub reading: RecordReading,
    /// The incident.
    pub whole: WholeIncident,
    /// Colleagues who did something with it.
    pub names: StaffNames,
}

/// An incident, for the survivor's own side.
#[derive(Template)]
#[template(path = "survivors/incident.html")]
pub struct IncidentPage<'a> {
    reader: &'a PageReader,
    title: String,
    wrong: Option<ErrorSummary>,
    head: RecordHead,
    words: String,
    state: String,
    is_duress: bool,
    is_off_phone: bool,
    of_safety: Vec<InEnglish>,
    police_reference: Option<&'a str>,
    details: IncidentDetails,
    account: &'a str,
    received: When,
    versions: Vec<VersionLine>,
    events: Vec<EventLine>,
    forms: Vec<ShownForm>,
}

impl<'a> IncidentPage<'a> {
    /// That of an incident; with what is wrong with a form of it, where one was refused.
    pub fn of(reader: &'a PageReader, read: &'a ReadIncident, trouble: Option<&RecordTrouble>) -> Self {
        let incident = &read.whole.incident;
        let mut forms = RecordForms::of(reader, &read.reference, trouble);
        let shown = acts(&mut forms, &read.whole);
        let what = (incident.severity, incident.is_suspected_breach);
        // The newest version is what the page shows first.
        let earlier = read.whole.versions.iter().filter(|version| version.told.version != incident.version);
        Self {
            title: reader.title("portal-incident-title", trouble.is_some()),
            wrong: forms.wrong,
            head: RecordHead::of(reader, &read.reference, ("/incidents", "portal-incident-title"), read.reading.reach),
            words: entries::incident_words(reader, what, &incident.happened, &incident.behaviours),
            state: reader.say(&id_of("portal-incident-state", incident.state.as_str())),
            is_duress: incident.is_duress,
            is_off_phone: incident.is_off_phone,
            of_safety: of_safety(reader, incident),
            police_reference: incident.police_reference.as_deref(),
            details: IncidentDetails::of(reader, incident),
            account: &incident.account,
            received: reader.when(incident.received_at),
            versions: earlier.map(|version| VersionLine::of(reader, version)).collect(),
            events: read.whole.events.iter().map(|event| EventLine::of(reader, &read.names, event)).collect(),
            forms: shown,
            reader,
        }
    }
}

/// What the reader may do with an incident now, as the API says it.
fn acts(forms: &mut RecordForms<'_>, whole: &WholeIncident) -> Vec<ShownForm> {
    let at = |act: &str| format!("incidents/{}/{act}", letters(whole.incident.id.0));
    let mut shown = Vec::new();
    for action in &whole.actions.actions {
        match action.event.as_str() {
            "triage" => shown.push(forms.form("triage", &at("triage"), &TRIAGE, "portal-incident-triage")),
            "act" => shown.push(forms.form("act", &at("act"), &ACT, "portal-incident-act")),
            "close" => shown.push(forms.form("close", &at("close"), &CLOSE, "portal-incident-close")),
            _ => {}
        }
    }
    shown.push(forms.form("severity", &at("severity"), &SEVERITY, "portal-incident-rate"));
    if whole.incident.is_off_phone {
        shown.push(forms.form("show", &at("show"), &[], "portal-incident-show"));
    }
    shown
}

/// What bears on safety: whether it was going on, who may see it, and what the survivor wants of the police.
fn of_safety(reader: &PageReader, incident: &SupportIncident) -> Vec<InEnglish> {
    let wish = incident.reporting_wish.map(|wish| reader.in_english(&id_of("staff-wish", wish.as_str())));
    let lines = [
        incident.happening_now.then(|| reader.in_english("staff-happening-now")),
        Some(reader.in_english(&id_of("staff-visibility", incident.visibility.as_str()))),
        incident.police_may_contact.then(|| reader.in_english("staff-police-may-speak")),
        wish,
    ];
    lines.into_iter().flatten().collect()
}

/// What was reported with the account, in a summary list.
pub struct IncidentDetails {
    /// Its lines.
    pub entries: Vec<SummaryEntry>,
}

impl IncidentDetails {
    fn of(reader: &PageReader, incident: &SupportIncident) -> Self {
        let of_four = |count: i32| reader.say_with("portal-of-four", &[("count", count.into())]);
        let yes = |is: bool| is.then(|| reader.say("portal-yes"));
        let files = incident.evidence_ids.as_ref().map_or(0, Vec::len);
        let entries = [
            ("portal-happened", Some(happened(reader, &incident.happened))),
            ("portal-where", incident.place.clone()),
            ("portal-fear", Some(of_four(incident.fear))),
            ("portal-impact", incident.impact.map(of_four)),
            ("portal-witnesses", incident.witnesses.clone()),
            ("portal-third-parties", incident.third_parties.clone()),
            ("portal-children-present", incident.children_present.and_then(yes)),
            ("portal-files", Some(files.to_string())),
            ("portal-by-staff", yes(incident.is_recorded_by_staff)),
        ];
        let entries = entries.into_iter().filter_map(|(key, value)| SummaryEntry::of(reader, key, value));
        Self { entries: entries.collect() }
    }
}

/// When something happened, in words, as well as it is known.
fn happened(reader: &PageReader, happened: &HappenedView) -> String {
    let precision = reader.say(&id_of("portal-precision", happened.precision.as_str()));
    let at = |at| reader.when(at).in_words();
    let times: Vec<String> = [happened.from, happened.to].into_iter().flatten().map(at).collect();
    if times.is_empty() { precision } else { format!("{precision}: {}", times.join(" – ")) }
}

/// An earlier version.
pub struct VersionLine {
    /// When it arrived.
    pub at: When,
    /// The words.
    pub account: String,
    /// Whether a member of staff wrote it down.
    pub is_of_staff: bool,
}

impl VersionLine {
    fn of(reader: &PageReader, version: &ToldVersionView) -> Self {
        Self {
            at: reader.when(version.told.received_at),
            account: version.told.told.account.clone(),
            is_of_staff: version.told_by == "staff",
        }
    }
}

/// Something that happened to an incident.
pub struct EventLine {
    /// What.
    pub kind: String,
    /// Why, where that is one of the words that pages know.
    pub reason: Option<String>,
    /// What staff wrote about it.
    pub note: Option<String>,
    /// By which member of staff.
    pub by: Option<String>,
    /// When.
    pub at: When,
}

impl EventLine {
    fn of(reader: &PageReader, known: &StaffNames, event: &IncidentEventView) -> Self {
        let reason = event.reason.as_deref();
        let words = |reason: &str| {
            let known = ["portal-incident-why", "portal-priority"];
            known.into_iter().find_map(|prefix| find(reader.language, &id_of(prefix, reason), &[]))
        };
        let by = event.actor_id.filter(|_| event.actor_kind == "staff");
        Self {
            kind: reader.say(&id_of("portal-incident-event", event.kind.as_str())),
            reason: reason.and_then(words),
            note: event.note.clone(),
            by: by.map(|by| names::by(reader, known, StaffId(by.0))),
            at: reader.when(event.at),
        }
    }
}
