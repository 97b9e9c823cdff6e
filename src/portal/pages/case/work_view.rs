//! The programme's work on the page of a case: goals with their scores, sessions, and the forms in which both are recorded.

use super::bridge_view::CaseForms;
use super::handle::letters;
use crate::portal::pages::form::{FieldKind, FormField, ShownForm};
use crate::portal::pages::reader::{PageReader, When};
use crate::programme::{GoalState, GoalView, ProgrammeSessionView, SessionState};
use crate::words::id_of;

/// Sessions that wait for a word of whether the participant came, and are asked for here: the ones planned first.
const MOST_ASKED: usize = 3;

/// A score of a goal.
pub static SCORE: [FormField; 3] = [
    FormField {
        name: "score",
        label: "portal-score",
        hint: Some("portal-score-hint"),
        kind: FieldKind::Choice(&[
            ("-2", "portal-score-less2"),
            ("-1", "portal-score-less1"),
            ("0", "portal-score-expected"),
            ("1", "portal-score-more1"),
            ("2", "portal-score-more2"),
        ]),
    },
    FormField { name: "note", label: "portal-score-note", hint: None, kind: FieldKind::Text },
    FormField { name: "reviewed_on", label: "portal-reviewed-on", hint: None, kind: FieldKind::Day },
];

/// Whether the participant came to a session.
pub static ATTENDANCE: [FormField; 2] = [
    FormField {
        name: "attendance",
        label: "portal-attendance",
        hint: None,
        kind: FieldKind::Choice(&[
            ("attended", "portal-attendance-attended"),
            ("attended_late", "portal-attendance-attended_late"),
            ("not_attended_acceptable", "portal-attendance-not_attended_acceptable"),
            ("not_attended_unacceptable", "portal-attendance-not_attended_unacceptable"),
            ("not_attended_service_cancelled", "portal-attendance-not_attended_service_cancelled"),
        ]),
    },
    FormField { name: "note", label: "portal-session-note", hint: None, kind: FieldKind::Text },
];

/// How far a goal has come.
#[derive(Clone, Copy)]
pub struct GoalLevels {
    /// Where it began.
    pub baseline: i32,
    /// Its latest score.
    pub latest: Option<i32>,
}

/// A goal.
pub struct ShownGoal {
    /// How the page calls it.
    pub name: String,
    /// What is to be reached.
    pub statement: String,
    /// How that makes the survivor safer.
    pub benefit: String,
    /// How far it has come.
    pub level: String,
    /// Its state.
    pub state: String,
    /// In which a score is recorded.
    pub form: Option<ShownForm>,
}

impl ShownGoal {
    /// One, by its number on the page.
    pub fn of(
        reader: &PageReader,
        number: usize,
        (statement, benefit): (&str, &str),
        (state, levels): (GoalState, GoalLevels),
    ) -> Self {
        let at = |id: &str, level: i32| reader.say_with(id, &[("score", format!("{level:+}").into())]);
        let level = match levels.latest {
            Some(latest) => at("portal-goal-latest", latest),
            None => at("portal-goal-baseline", levels.baseline),
        };
        Self {
            name: reader.say_with("portal-goal-name", &[("number", number.into())]),
            statement: statement.to_owned(),
            benefit: benefit.to_owned(),
            level,
            state: reader.say(&id_of("portal-goal-state", state.as_str())),
            form: None,
        }
    }
}

/// The form in which a score of a goal is recorded.
pub fn score_form(forms: &mut CaseForms<'_>, goal: &GoalView) -> ShownForm {
    let handle = letters(goal.id.0);
    forms.form(&format!("score-{handle}"), &format!("goals/{handle}/reviews"), &SCORE, "portal-record-score")
}

/// A session that waits for a word of whether the participant came.
pub struct AskedSession {
    /// Which.
    pub name: String,
    /// When it was planned for.
    pub planned_at: When,
    /// In which that is recorded; not for every reader.
    pub form: Option<ShownForm>,
}

/// Sessions of which nobody has recorded yet whether the participant came, the one planned first at the head.
pub fn asked_sessions(
    reader: &PageReader,
    sessions: &[ProgrammeSessionView],
    may_record: bool,
    forms: &mut CaseForms<'_>,
) -> Vec<AskedSession> {
    let mut open: Vec<&ProgrammeSessionView> =
        sessions.iter().filter(|session| session.state == SessionState::Planned).collect();
    open.sort_by_key(|session| (session.planned_at, session.id));
    let mut shown = Vec::new();
    for session in open.into_iter().take(MOST_ASKED) {
        let handle = letters(session.id.0);
        let (of, end) = (format!("attendance-{handle}"), format!("sessions/{handle}/attendance"));
        shown.push(AskedSession {
            name: reader.say_with("portal-session-name", &[("number", session.number.into())]),
            planned_at: reader.when(session.planned_at),
            form: may_record.then(|| forms.form(&of, &end, &ATTENDANCE, "portal-record-attendance")),
        });
    }
    shown
}
