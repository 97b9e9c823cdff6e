//! A participant's page while they may be looking on: the goals in the words that were checked for them, their sessions, and
//! nothing else.

use askama::Template;

use super::forms::{CREDENTIALS, RecordForms, RecordTrouble};
use super::lines_view::{attendance_form, is_asked};
use super::read::InSessionRecord;
use crate::portal::pages::case::entries::session_words;
use crate::portal::pages::case::handle::{letters, participant_path};
use crate::portal::pages::form::{ErrorSummary, ShownForm};
use crate::portal::pages::reader::{PageReader, When};
use crate::programme::{ProgrammeSessionView, WordingState};

/// Sessions that are shown, the latest.
const MOST_SESSIONS: usize = 20;

/// The page.
#[derive(Template)]
#[template(path = "participant_in_session.html")]
pub struct InSessionRecordPage<'a> {
    reader: &'a PageReader,
    title: String,
    wrong: Option<ErrorSummary>,
    reference: &'a str,
    goals: Vec<&'a str>,
    sessions: Vec<SharedSession>,
    end: ShownForm,
}

/// A session.
pub struct SharedSession {
    /// What came of it.
    pub words: String,
    /// When it was planned for.
    pub at: When,
    /// In which is recorded whether they came.
    pub form: Option<ShownForm>,
}

impl<'a> InSessionRecordPage<'a> {
    /// That of a record.
    pub fn of(reader: &'a PageReader, record: &'a InSessionRecord, trouble: Option<&'a RecordTrouble>) -> Self {
        let mut forms = RecordForms::of(reader, participant_path(&record.reference), trouble);
        let open = record.goals.items.iter().filter(|goal| goal.state.is_open());
        let checked = open.filter(|goal| goal.wording_state == Some(WordingState::Checked));
        let standing: Vec<&ProgrammeSessionView> =
            record.sessions.items.iter().filter(|session| session.superseded_by.is_none()).collect();
        let mut sessions = Vec::new();
        for session in standing.into_iter().take(MOST_SESSIONS) {
            let end = format!("sessions/{}/attendance", letters(session.id.0));
            let is_open = record.may_record && is_asked(reader, session);
            sessions.push(SharedSession {
                words: session_words(reader, session.number, session.attendance),
                at: reader.when(session.planned_at),
                form: is_open.then(|| attendance_form(&mut forms, session, &end)),
            });
        }
        let end = forms.form("in-session-end", "in-session/end", &CREDENTIALS, "portal-end-in-session");
        Self {
            title: reader.title("portal-participant-title", trouble.is_some()),
            wrong: forms.wrong,
            reference: &record.reference,
            goals: checked.filter_map(|goal| goal.participant_wording.as_deref()).collect(),
            sessions,
            end,
            reader,
        }
    }
}
