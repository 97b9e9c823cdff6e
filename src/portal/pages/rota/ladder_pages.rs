//! The pages of ladders: who is notified, and how long after whom.

use askama::Template;

use crate::db::LadderId;
use crate::escalation::ladder::{Audience, Repeat, Step};
use crate::escalation::{DefaultLadderView, LadderState, OrganisationLadderView, ValidationView};
use crate::http::Page;
use crate::portal::pages::case::handle::letters;
use crate::portal::pages::form::{ErrorSummary, FieldKind, FormField, FormTrouble, PageForms, ShownForm};
use crate::portal::pages::reader::{InEnglish, PageReader, When};
use crate::words::{self, id_of};

const AT: FormField =
    FormField { name: "at", label: "portal-simulate-at", hint: Some("portal-uk-time-hint"), kind: FieldKind::Moment };
const AFTER: FormField = FormField {
    name: "acknowledged_after_minutes",
    label: "portal-simulate-after",
    hint: Some("portal-simulate-after-hint"),
    kind: FieldKind::Line,
};
const KNOWN: FormField = FormField {
    name: "uncovered_acknowledged",
    label: "portal-publish-known",
    hint: Some("portal-publish-known-hint"),
    kind: FieldKind::Tick,
};

/// The page of a ladder.
pub fn ladder_path(id: LadderId) -> String {
    format!("/portal/ladders/{}", letters(id.0))
}

/// What a ladder is for.
fn named(reader: &PageReader, code: &str) -> String {
    let id = id_of("portal-ladder", code);
    match words::find(reader.language, &id, &[]) {
        Some(words) => words,
        None => reader.say("portal-ladder-other"),
    }
}

/// The code of an audience, as answers have it.
pub fn code_of(audience: Audience) -> String {
    let code = serde_json::to_value(audience).ok();
    code.as_ref().and_then(serde_json::Value::as_str).unwrap_or_default().to_owned()
}

/// An audience in words.
pub fn audience(reader: &PageReader, audience: Audience) -> InEnglish {
    reader.in_english(&id_of("staff-audience", &code_of(audience)))
}

/// A step: when, and who.
pub struct StepWords {
    /// How long after the step before.
    pub when: String,
    /// Who is notified.
    pub who: Vec<InEnglish>,
}

fn steps(reader: &PageReader, steps: &[Step], repeat: Option<&Repeat>) -> Vec<StepWords> {
    let who = |told: &[Audience]| told.iter().map(|one| audience(reader, *one)).collect::<Vec<_>>();
    let step = |step: &Step| StepWords {
        when: match step.wait_minutes {
            0 => reader.say("portal-step-at-once"),
            minutes => reader.say_with("portal-step-later", &[("minutes", minutes.into())]),
        },
        who: who(&step.tell),
    };
    let again = |repeat: &Repeat| StepWords {
        when: reader.say_with("portal-step-again", &[("minutes", repeat.every_minutes.into())]),
        who: who(&repeat.tell),
    };
    steps.iter().map(step).chain(repeat.map(again)).collect()
}

/// A ladder in a list.
struct LadderLine {
    href: String,
    name: String,
    state: String,
    drafted: When,
}

/// A ladder that an organisation has without one of its own.
struct DefaultLine {
    name: String,
    steps: Vec<StepWords>,
    form: Option<ShownForm>,
}

/// An organisation's own ladders, and the defaults.
#[derive(Template)]
#[template(path = "rota/ladders.html")]
pub struct LaddersPage<'a> {
    reader: &'a PageReader,
    title: String,
    own: Vec<LadderLine>,
    next: Option<String>,
    defaults: Vec<DefaultLine>,
}

fn state(reader: &PageReader, ladder: &OrganisationLadderView) -> String {
    match (ladder.state, ladder.version) {
        (LadderState::Published, Some(version)) => {
            reader.say_with("portal-ladder-published", &[("version", version.into())])
        }
        (LadderState::Draft, _) | (LadderState::Published, None) => reader.say("portal-ladder-draft"),
    }
}

impl<'a> LaddersPage<'a> {
    /// Those of an organisation.
    pub fn of(
        reader: &'a PageReader,
        own: &Page<OrganisationLadderView>,
        defaults: &[DefaultLadderView],
        may_draft: bool,
    ) -> Self {
        let line = |ladder: &OrganisationLadderView| LadderLine {
            href: ladder_path(ladder.id),
            name: named(reader, &ladder.code),
            state: state(reader, ladder),
            drafted: reader.when(ladder.created_at),
        };
        let mut forms = PageForms::of(reader, None);
        let default = |ladder: &DefaultLadderView| {
            let action = format!("/portal/ladders/draft/{}", ladder.code);
            DefaultLine {
                name: named(reader, &ladder.code),
                steps: steps(reader, &ladder.steps, ladder.repeat.as_ref()),
                form: may_draft.then(|| forms.form(&ladder.code, action, &[], "portal-draft-ladder")),
            }
        };
        Self {
            title: reader.title("portal-ladders-title", false),
            own: own.items.iter().map(line).collect(),
            next: own.next_cursor.as_ref().map(|cursor| format!("/portal/ladders?cursor={cursor}")),
            defaults: defaults.iter().map(default).collect(),
            reader,
        }
    }
}

/// One ladder.
#[derive(Template)]
#[template(path = "rota/ladder.html")]
pub struct LadderPage<'a> {
    reader: &'a PageReader,
    title: String,
    wrong: Option<ErrorSummary>,
    name: String,
    state: String,
    drafted: When,
    published: Option<When>,
    is_simulated: bool,
    steps: Vec<StepWords>,
    faults: Vec<InEnglish>,
    simulate: ShownForm,
    publish: Option<ShownForm>,
}

impl<'a> LadderPage<'a> {
    /// That of a ladder, with its faults; with what is wrong with a form of it, where one was refused.
    pub fn of(
        reader: &'a PageReader,
        (ladder, checked): (&OrganisationLadderView, &ValidationView),
        trouble: Option<&FormTrouble>,
    ) -> Self {
        let mut forms = PageForms::of(reader, trouble);
        let path = ladder_path(ladder.id);
        let simulate = forms.form("simulate", format!("{path}/simulate"), &[AT, AFTER], "portal-simulate");
        let is_draft = ladder.state == LadderState::Draft;
        let publish =
            is_draft.then(|| forms.form("publish", format!("{path}/publish"), &[KNOWN], "portal-publish-ladder"));
        Self {
            title: reader.title("portal-ladder-title", trouble.is_some()),
            wrong: forms.wrong,
            name: named(reader, &ladder.code),
            state: state(reader, ladder),
            drafted: reader.when(ladder.created_at),
            published: ladder.published_at.map(|at| reader.when(at)),
            is_simulated: ladder.is_simulated,
            steps: steps(reader, &ladder.steps, ladder.repeat.as_ref()),
            faults: checked.faults.iter().map(|fault| reader.as_english(fault.detail.clone())).collect(),
            simulate,
            publish,
            reader,
        }
    }
}
