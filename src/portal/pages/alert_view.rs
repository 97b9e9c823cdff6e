//! The page of an alert: for the survivor's own side all of it, in the order in which it is needed at night; for the
//! programme's side how far it has come.

use askama::Template;

use super::acts_view::ActForms;
use super::alert_words::{self, AlertHead};
use super::case::links::CaseLine;
use super::form::{ErrorSummary, ShownForm};
use super::notified_view::{NotifiedSteps, ShownStep};
use super::override_view::ShownOverride;
use super::person_view::ShownPerson;
use super::reader::{InEnglish, PageReader, When};
use super::shown_alert::{ShownAlert, Trouble};
use crate::db::{Instant, StaffId};
use crate::escalation::{AcknowledgementView, ProgrammeAlert, SupportAlert};
use crate::words;

/// An alert, for the survivor's own side.
#[derive(Template)]
#[template(path = "alert_support.html")]
pub struct SupportAlertPage<'a> {
    reader: &'a PageReader,
    title: String,
    wrong: Option<ErrorSummary>,
    head: AlertHead,
    made_at: When,
    state: String,
    in_words: Vec<&'a String>,
    raised: Option<When>,
    recorded: Option<When>,
    acknowledged: Option<When>,
    next_step: Option<When>,
    closed: Option<When>,
    is_overridden: bool,
    outcome: Option<InEnglish>,
    answers: Vec<AnswerLine>,
    next: Option<ShownForm>,
    person: Option<ShownPerson>,
    tasks: Vec<AskedLine>,
    has_unreadable_task: bool,
    script: &'a [String],
    once_police_answer: &'a [String],
    place: Option<ShownForm>,
    closings: Vec<ShownForm>,
    steps: Vec<ShownStep>,
    has_earlier_steps: bool,
    log: Vec<LogLine>,
    has_unreadable_act: bool,
    overrides: Vec<ShownOverride>,
    cases: &'a [CaseLine],
    record: Option<&'a str>,
}

impl<'a> SupportAlertPage<'a> {
    /// That of an alert; with what is wrong with a form of it, where one was refused.
    pub fn of(
        reader: &'a PageReader,
        shown: &'a ShownAlert,
        (alert, steps): (&'a SupportAlert, &NotifiedSteps),
        trouble: Option<&Trouble>,
    ) -> Self {
        let forms = match shown.may_act && alert.closed_at.is_none() {
            true => ActForms::of(reader, alert, trouble),
            false => ActForms::none(reader, trouble),
        };
        let when = |at: Option<Instant>| at.map(|at| reader.when(at));
        let script = shown.tasks.iter().find_map(|task| task.script.as_deref());
        let person = alert.person.as_ref();
        let state = alert_words::state(reader, (alert.state, alert.acknowledged_at));
        Self {
            title: reader.title("portal-alert-title", trouble.is_some()),
            wrong: forms.wrong,
            head: AlertHead::of(reader, (alert.level, alert.rule), &alert.reference, alert.is_exercise),
            made_at: reader.now_by_the_clock(),
            in_words: alert.in_words.iter().filter(|sentence| **sentence != state).collect(),
            state,
            raised: when(Some(alert.raised_at)),
            recorded: when(alert.recorded_at.filter(|at| *at != alert.raised_at)),
            acknowledged: when(alert.acknowledged_at),
            next_step: when(alert.next_step_at.filter(|_| alert.closed_at.is_none())),
            closed: when(alert.closed_at),
            is_overridden: alert.police_override.is_some(),
            outcome: outcome(reader, alert.outcome.as_deref()),
            answers: answers(reader, alert),
            next: forms.next,
            person: person.map(|person| ShownPerson::of(reader, person)),
            tasks: asked(reader, shown),
            has_unreadable_task: shown.has_unreadable_task,
            script: script.unwrap_or_default(),
            once_police_answer: person.map(|person| person.once_police_answer.as_slice()).unwrap_or_default(),
            place: forms.place,
            closings: forms.closings,
            steps: steps.show(reader, &shown.names),
            has_earlier_steps: steps.has_earlier(),
            log: alert.acknowledgements.iter().map(|act| LogLine::of(reader, shown, act)).collect(),
            has_unreadable_act: !alert.unreadable.is_empty(),
            overrides: ShownOverride::all(reader, &alert.reference, &shown.overrides),
            cases: &shown.cases,
            record: shown.record.as_deref(),
            reader,
        }
    }
}

fn outcome(reader: &PageReader, outcome: Option<&str>) -> Option<InEnglish> {
    outcome.map(|outcome| reader.in_english(&words::id_of("staff-outcome", outcome)))
}

/// What the survivor has said since.
pub struct AnswerLine {
    /// What.
    pub words: InEnglish,
    /// When.
    pub at: When,
}

fn answers(reader: &PageReader, alert: &SupportAlert) -> Vec<AnswerLine> {
    let line = |word: &str, at: Instant| AnswerLine {
        words: reader.in_english(&words::id_of("staff-answer", word)),
        at: reader.when(at),
    };
    alert.answers.iter().map(|answer| line(answer.word(), answer.at)).collect()
}

/// What somebody is asked to do.
pub struct AskedLine {
    /// What.
    pub words: InEnglish,
    /// By when.
    pub due: Option<When>,
}

fn asked(reader: &PageReader, shown: &ShownAlert) -> Vec<AskedLine> {
    let lines = shown.tasks.iter().map(|task| AskedLine {
        words: alert_words::task_words(reader, task.kind),
        due: task.due_at.map(|due| reader.when(due)),
    });
    lines.collect()
}

/// Something that was done about an alert.
pub struct LogLine {
    /// What.
    pub act: InEnglish,
    /// By whom.
    pub by: String,
    /// When.
    pub at: When,
    /// In their words.
    pub note: Option<String>,
    /// The force's own reference.
    pub force_reference: Option<String>,
}

impl LogLine {
    fn of(reader: &PageReader, shown: &ShownAlert, act: &AcknowledgementView) -> Self {
        let name = act.by.and_then(|by| shown.names.get(&StaffId(by.0)));
        let by = match name {
            Some(name) => reader.say_with("portal-by", &[("name", name.as_str().into())]),
            None if act.kind.starts_with("police") => reader.say("portal-by-officer"),
            None => reader.say("portal-by-somebody"),
        };
        Self {
            act: reader.in_english(&words::id_of("staff-act", &act.kind)),
            by,
            at: reader.when(act.at),
            note: act.note.clone(),
            force_reference: act.force_reference.clone(),
        }
    }
}

/// All that the programme's side reads of one.
#[derive(Template)]
#[template(path = "alert_programme.html")]
pub struct ProgrammeAlertPage<'a> {
    reader: &'a PageReader,
    title: String,
    head: AlertHead,
    made_at: When,
    state: String,
    raised: Option<When>,
    acknowledged: Option<When>,
    police_told: Option<When>,
    police_acknowledged: Option<When>,
    closed: Option<When>,
    outcome: Option<InEnglish>,
    cases: &'a [CaseLine],
}

impl<'a> ProgrammeAlertPage<'a> {
    /// That of an alert.
    pub fn of(reader: &'a PageReader, shown: &'a ShownAlert, alert: &ProgrammeAlert) -> Self {
        let when = |at: Option<Instant>| at.map(|at| reader.when(at));
        Self {
            title: reader.title("portal-alert-title", false),
            head: AlertHead::of(reader, (alert.level, alert.rule), &alert.reference, alert.is_exercise),
            made_at: reader.now_by_the_clock(),
            state: alert_words::state(reader, (alert.state, alert.acknowledged_at)),
            raised: when(Some(alert.raised_at)),
            acknowledged: when(alert.acknowledged_at),
            police_told: when(alert.police_told_at),
            police_acknowledged: when(alert.police_acknowledged_at),
            closed: when(alert.closed_at),
            outcome: outcome(reader, alert.outcome.as_deref()),
            cases: &shown.cases,
            reader,
        }
    }
}
