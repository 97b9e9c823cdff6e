//! A session on one page: whether the participant came, how far each goal has come, what was observed, feedback, another time.

use actix_web::HttpResponse;
use askama::Template;

use super::forms::{FEEDBACK, OBSERVATION_IN_SESSION, RESCHEDULE, RecordForms, RecordTrouble, code_in_words};
use super::goals_view::{LevelRow, latest_score, level_in_words, level_rows, score_form};
use super::lines_view::{Names, attendance_form, by};
use super::paths::session_path;
use super::read::{MOST_OF_WORK, OpenGoal, is_open, named_participant};
use super::record_page::answer;
use crate::app::App;
use crate::crypto::Keys;
use crate::db::ProgrammeSessionId;
use crate::error::{Error, Result};
use crate::identity::{self, Practitioner, ProgrammeStaff, Staff};
use crate::portal::pages::case::entries::session_words;
use crate::portal::pages::case::handle::{self, participant_path};
use crate::portal::pages::form::{ErrorSummary, ShownForm};
use crate::portal::pages::reader::{PageReader, When};
use crate::programme::{self, FeedbackRow, GoalWithReviews, ProgrammeSessionView, SessionFeedbackView, SessionRow};
use crate::transitions::ActionsView;
use crate::tx::Tx;
use crate::words::id_of;

/// A session, with what is recorded on its page.
struct OpenSession {
    reference: String,
    session: ProgrammeSessionView,
    actions: ActionsView,
    goals: Vec<OpenGoal>,
    feedback: Option<SessionFeedbackView>,
    names: Names,
    may_record: bool,
    has_unreadable: bool,
}

/// The page of a session.
#[derive(Template)]
#[template(path = "participant_session.html")]
struct SessionPage<'a> {
    reader: &'a PageReader,
    title: String,
    wrong: Option<ErrorSummary>,
    reference: &'a str,
    href: String,
    name: String,
    came: String,
    planned_at: When,
    module: String,
    mode: String,
    note: Option<&'a str>,
    attendance: Option<ShownForm>,
    goals: Vec<ScoredGoal>,
    feedback: Option<FeedbackLine>,
    give: Option<ShownForm>,
    observe: Option<ShownForm>,
    reschedule: Option<ShownForm>,
    has_unreadable: bool,
}

/// A goal that is scored on the page.
struct ScoredGoal {
    name: String,
    statement: String,
    level: String,
    levels: Vec<LevelRow>,
    form: Option<ShownForm>,
}

/// What was said of the session.
struct FeedbackLine {
    summary: String,
    homework: String,
    at: When,
    by: String,
}

impl<'a> SessionPage<'a> {
    fn of(reader: &'a PageReader, open: &'a OpenSession, trouble: Option<&'a RecordTrouble>) -> Self {
        let session = &open.session;
        let path = session_path(&open.reference, &handle::letters(session.id.0));
        let mut forms = RecordForms::of(reader, path, trouble);
        let may = |event: &str| is_open(&open.actions, event);
        let attendance = (may("attend") || may("miss")).then(|| attendance_form(&mut forms, session, "attendance"));
        let goals = scored_goals(reader, open, &mut forms);
        let give = may("give_feedback").then(|| forms.form("feedback", "feedback", &FEEDBACK, "portal-give-feedback"));
        let observe = open
            .may_record
            .then(|| forms.form("observation", "observations", &OBSERVATION_IN_SESSION, "portal-record-observation"));
        let reschedule =
            may("reschedule").then(|| forms.form("reschedule", "reschedule", &RESCHEDULE, "portal-reschedule"));
        Self {
            title: reader.title("portal-session-title", trouble.is_some()),
            wrong: forms.wrong,
            reference: &open.reference,
            href: participant_path(&open.reference),
            name: reader.say_with("portal-session-name", &[("number", session.number.into())]),
            came: session_words(reader, session.number, session.attendance),
            planned_at: reader.when(session.planned_at),
            module: code_in_words(reader, "portal-module", &session.module),
            mode: code_in_words(reader, "portal-mode", &session.mode),
            note: session.note.as_deref(),
            attendance,
            goals,
            feedback: open.feedback.as_ref().map(|given| feedback_line(reader, open, given)),
            give,
            observe,
            reschedule,
            has_unreadable: open.has_unreadable,
            reader,
        }
    }
}

fn scored_goals(reader: &PageReader, open: &OpenSession, forms: &mut RecordForms<'_>) -> Vec<ScoredGoal> {
    let mut shown = Vec::new();
    // A goal has the number that it has on the participant's page.
    for (number, one) in (1_usize..).zip(&open.goals).filter(|(_, one)| one.goal.state.is_open()) {
        let latest = latest_score(&one.goal);
        shown.push(ScoredGoal {
            name: reader.say_with("portal-goal-name", &[("number", number.into())]),
            statement: one.goal.statement.clone(),
            level: level_in_words(reader, &one.goal, latest),
            levels: level_rows(reader, &one.goal, latest),
            form: is_open(&one.actions, "review").then(|| score_form(reader, &one.goal, forms)),
        });
    }
    shown
}

fn feedback_line(reader: &PageReader, open: &OpenSession, given: &SessionFeedbackView) -> FeedbackLine {
    FeedbackLine {
        summary: given.summary.clone(),
        homework: reader.say(&id_of("portal-homework", given.homework.as_str())),
        at: reader.when(given.created_at),
        by: by(reader, &open.names, given.created_by),
    }
}

/// What is read of a session.
type SessionRows = (String, SessionRow, Vec<GoalWithReviews>, Vec<FeedbackRow>);

fn rows_of(tx: &mut Tx<'_>, staff: &Staff, reference: &str, id: ProgrammeSessionId) -> Result<SessionRows> {
    let participant = named_participant(tx.conn, reference)?;
    let (access, session) = programme::read_session(tx, staff, id)?;
    if access.id() != participant {
        return Err(Error::NotFound);
    }
    let goals = programme::list_goals_page(tx.conn, &access, None, MOST_OF_WORK)?;
    let feedback = programme::list_feedback(tx, staff, id, None, 1)?;
    Ok((reference.to_owned(), session, goals, feedback))
}

async fn read(
    app: &App,
    who: &ProgrammeStaff,
    (reference, id): (&str, ProgrammeSessionId),
    deed: &'static str,
) -> Result<OpenSession> {
    let (staff, named) = (who.clone(), reference.to_owned());
    let work = move |tx: &mut Tx<'_>| {
        let rows = rows_of(tx, &staff, &named, id)?;
        let wrote = rows.3.iter().map(|row| row.created_by).collect();
        let colleagues = identity::colleague_names(tx.conn, staff.organisation()?, wrote)?;
        Ok((rows, colleagues))
    };
    let ((reference, row, goals, feedback), colleagues) = app.transact(who.actor(), deed, work).await?;
    let names = |keys: &Keys| -> Result<Names> {
        let mut names = Names::new();
        for row in &feedback {
            if let Some(name) = colleagues.name(keys, row.created_by)? {
                names.insert(row.created_by, name);
            }
        }
        Ok(names)
    };
    let names = app.with_keys(names).await?;
    let goal = |keys: &Keys, found: &GoalWithReviews| OpenGoal::of(keys, found, who);
    let goals = app.page(goals, MOST_OF_WORK, |found| found.goal.cursor(), goal).await?;
    let given = app.page(feedback, 1, FeedbackRow::cursor, SessionFeedbackView::of).await?;
    Ok(OpenSession {
        reference,
        session: app.with_keys(|keys| ProgrammeSessionView::of(keys, &row)).await?,
        actions: programme::session_actions(who, &row),
        has_unreadable: !goals.unreadable.is_empty() || !given.unreadable.is_empty(),
        goals: goals.items,
        feedback: given.items.into_iter().next(),
        names,
        may_record: Practitioner::of(Staff::clone(who)).is_ok(),
    })
}

/// The page of a session; with what is wrong with a form of it, where one was refused.
///
/// # Errors
/// 404 for one of somebody whom the reader does not work with.
pub async fn show(
    app: &App,
    who: &ProgrammeStaff,
    reader: &PageReader,
    (reference, letters, deed): (&str, &str, &'static str),
    trouble: Option<&RecordTrouble>,
) -> Result<HttpResponse> {
    let id = ProgrammeSessionId(handle::id(letters)?);
    let open = read(app, who, (reference, id), deed).await?;
    answer(&SessionPage::of(reader, &open, trouble), trouble)
}
