//! A case while the participant may be looking on: nothing that tells of a survivor, and nothing that was not written for the
//! participant's eyes.

use askama::Template;

use super::bridge_view::CaseForms;
use super::entries::session_words;
use super::read::CaseTrouble;
use crate::cases::{CaseInSession, ProgrammeParticipantSide};
use crate::portal::pages::form::{ErrorSummary, FieldKind, FormField, ShownForm};
use crate::portal::pages::reader::{PageReader, When};
use crate::programme::WordingState;

/// Sessions that are shown, the latest.
const MOST_SESSIONS: usize = 20;

static CREDENTIALS: [FormField; 2] = [
    FormField { name: "password", label: "portal-password", hint: None, kind: FieldKind::Password },
    FormField {
        name: "one_time_code",
        label: "portal-one-time-code",
        hint: Some("portal-one-time-code-hint"),
        kind: FieldKind::Digits,
    },
];

/// A case, in a session with the participant.
#[derive(Template)]
#[template(path = "case_in_session.html")]
pub struct InSessionCasePage<'a> {
    reader: &'a PageReader,
    title: String,
    wrong: Option<ErrorSummary>,
    reference: &'a str,
    participant_reference: &'a str,
    goals: Vec<String>,
    sessions: Vec<SessionLine>,
    end: ShownForm,
}

/// A session, in a line.
pub struct SessionLine {
    /// What came of it.
    pub words: String,
    /// When it was planned for.
    pub at: When,
}

impl<'a> InSessionCasePage<'a> {
    /// That of a case: of goals the words that a supervisor has checked for the participant, and no others.
    pub fn of(
        reader: &'a PageReader,
        (case, side): (&'a CaseInSession, &ProgrammeParticipantSide),
        trouble: Option<&'a CaseTrouble>,
    ) -> Self {
        let mut forms = CaseForms::of(reader, &case.reference, trouble);
        let end = forms.form("in-session-end", "in-session/end", &CREDENTIALS, "portal-end-in-session");
        let open = side.goals.iter().filter(|goal| goal.state.is_open());
        let checked = open.filter(|goal| goal.wording_state == Some(WordingState::Checked));
        let held = side.sessions.iter().filter(|session| session.superseded_by.is_none());
        let line = |session: &crate::programme::ProgrammeSessionView| SessionLine {
            words: session_words(reader, session.number, session.attendance),
            at: reader.when(session.planned_at),
        };
        Self {
            title: reader.title("portal-case-title", trouble.is_some()),
            wrong: forms.wrong,
            reference: &case.reference,
            participant_reference: &case.participant_reference,
            goals: checked.filter_map(|goal| goal.participant_wording.clone()).collect(),
            sessions: held.take(MOST_SESSIONS).map(line).collect(),
            end,
            reader,
        }
    }
}
