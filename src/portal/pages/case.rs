//! A case: both sides on one time axis, what goes from one to the other, and the programme's work, for the staff of either side.
//!
//! A page is made for one of three audiences – the survivor's own side, the programme's side, and the programme's side while
//! the participant may be looking on – by a type of its own. What the use cases withhold is named in its place. What is done
//! here is done by the use case of the API's own call; a form that was refused comes back with what was in it.

mod axis;
mod bridge_view;
pub mod entries;
pub mod handle;
mod in_session_page;
pub mod links;
mod programme_page;
mod read;
mod support_page;
mod withheld;
mod work_view;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};

use self::handle::case_path;
use self::in_session_page::InSessionCasePage;
use self::programme_page::ProgrammeCasePage;
use self::read::{CaseTrouble, ShownCase, named_case};
use self::support_page::SupportCasePage;
use super::frame;
use super::reader::PageReader;
use super::visit::{FieldShapes, Filled, Visit};
use crate::app::App;
use crate::cases::{
    self, AnswerCaseConcernBody, CaseView, CreateCaseConcernBody, CreateCaseNoteBody, ParticipantSideView,
    SurvivorSideView,
};
use crate::db::{CaseConcernId, GoalId, ProgrammeSessionId};
use crate::error::{Code, Error, Result};
use crate::http::throttle::to_its_end;
use crate::identity::{self, CaseStaff, ConfirmStaffBody, Practitioner, ProgrammeStaff, Staff};
use crate::programme::{self, AttendanceBody, CreateGoalReviewBody};
use crate::tx::Tx;

/// Fields of what crosses the bridge that hold several words.
const ON_RECORDS: FieldShapes<'static> = FieldShapes { ticked: &[], numbers: &[], lists: &["rests_on"] };
/// Fields of a score that hold a number.
const ON_SCALE: FieldShapes<'static> = FieldShapes { ticked: &[], numbers: &["score"], lists: &[] };

/// `GET /portal/cases/{reference}`
pub async fn get_case(visit: Visit<CaseStaff>, reference: web::Path<String>) -> Result<HttpResponse> {
    let case = read::read(&visit.app, &visit.who, &reference, visit.deed).await?;
    show(&visit.reader, &case, None)
}

/// `POST …/notes`
pub async fn write_note(visit: Visit<CaseStaff>, reference: web::Path<String>, form: Filled) -> Result<HttpResponse> {
    let done = match form.read_shaped::<CreateCaseNoteBody>(ON_RECORDS) {
        Ok(body) => {
            let (staff, named) = (visit.who.clone(), reference.to_string());
            let work = move |tx: &mut Tx<'_>| {
                let id = named_case(tx.conn, &named)?;
                cases::create_note(tx, &staff, id, &body).map(drop)
            };
            visit.app.transact(visit.who.actor(), visit.deed, work).await
        }
        Err(error) => Err(error),
    };
    settle(&visit.app, &visit.who, &visit.reader, (&reference, "note".to_owned(), form), done).await
}

/// `POST …/concerns`
pub async fn raise_concern(
    visit: Visit<CaseStaff>,
    reference: web::Path<String>,
    form: Filled,
) -> Result<HttpResponse> {
    let done = match form.read_shaped::<CreateCaseConcernBody>(ON_RECORDS) {
        Ok(body) => {
            let (staff, named) = (visit.who.clone(), reference.to_string());
            let work = move |tx: &mut Tx<'_>| {
                let id = named_case(tx.conn, &named)?;
                cases::create_concern(tx, &staff, id, &body).map(drop)
            };
            visit.app.transact(visit.who.actor(), visit.deed, work).await
        }
        Err(error) => Err(error),
    };
    settle(&visit.app, &visit.who, &visit.reader, (&reference, "concern".to_owned(), form), done).await
}

/// `POST …/concerns/{concern}/acknowledge`
pub async fn acknowledge_concern(
    visit: Visit<CaseStaff>,
    path: web::Path<(String, String)>,
    form: Filled,
) -> Result<HttpResponse> {
    let (reference, letters) = path.into_inner();
    let done = act_on(&visit, &reference, &letters, None).await;
    let of = format!("acknowledge-{letters}");
    settle(&visit.app, &visit.who, &visit.reader, (&reference, of, form), done).await
}

/// `POST …/concerns/{concern}/answer`
pub async fn answer_concern(
    visit: Visit<CaseStaff>,
    path: web::Path<(String, String)>,
    form: Filled,
) -> Result<HttpResponse> {
    let (reference, letters) = path.into_inner();
    let done = match form.read_shaped::<AnswerCaseConcernBody>(ON_RECORDS) {
        Ok(body) => act_on(&visit, &reference, &letters, Some(body)).await,
        Err(error) => Err(error),
    };
    let of = format!("answer-{letters}");
    settle(&visit.app, &visit.who, &visit.reader, (&reference, of, form), done).await
}

async fn act_on(
    visit: &Visit<CaseStaff>,
    reference: &str,
    letters: &str,
    answer: Option<AnswerCaseConcernBody>,
) -> Result<()> {
    let (staff, named, concern) = (visit.who.clone(), reference.to_owned(), CaseConcernId(handle::id(letters)?));
    let work = move |tx: &mut Tx<'_>| {
        let id = named_case(tx.conn, &named)?;
        cases::act_on_concern(tx, &staff, (id, concern), answer.as_ref())
    };
    visit.app.transact(visit.who.actor(), visit.deed, work).await
}

/// `POST …/goals/{goal}/reviews`
pub async fn record_score(
    visit: Visit<Practitioner>,
    path: web::Path<(String, String)>,
    form: Filled,
) -> Result<HttpResponse> {
    let (reference, letters) = path.into_inner();
    let goal = GoalId(handle::id(&letters)?);
    let done = match form.read_shaped::<CreateGoalReviewBody>(ON_SCALE) {
        Ok(body) => {
            let staff = visit.who.clone();
            let work = move |tx: &mut Tx<'_>| programme::record_review(tx, &staff, goal, &body).map(drop);
            visit.app.transact(visit.who.actor(), visit.deed, work).await
        }
        Err(error) => Err(error),
    };
    let reading = CaseStaff::of(Staff::clone(&visit.who))?;
    let of = format!("score-{letters}");
    settle(&visit.app, &reading, &visit.reader, (&reference, of, form), done).await
}

/// `POST …/sessions/{session}/attendance`
pub async fn record_attendance(
    visit: Visit<Practitioner>,
    path: web::Path<(String, String)>,
    form: Filled,
) -> Result<HttpResponse> {
    let (reference, letters) = path.into_inner();
    let session = ProgrammeSessionId(handle::id(&letters)?);
    let done = match form.read::<AttendanceBody>(&[]) {
        Ok(body) => {
            let staff = visit.who.clone();
            let work =
                move |tx: &mut Tx<'_>| programme::record_attendance(tx, &staff, (None, session), &body).map(drop);
            visit.app.transact(visit.who.actor(), visit.deed, work).await
        }
        Err(error) => Err(error),
    };
    let reading = CaseStaff::of(Staff::clone(&visit.who))?;
    let of = format!("attendance-{letters}");
    settle(&visit.app, &reading, &visit.reader, (&reference, of, form), done).await
}

/// `POST …/in-session`: from now on the participant may look on.
pub async fn start_in_session(
    visit: Visit<ProgrammeStaff>,
    reference: web::Path<String>,
    _form: Filled,
) -> Result<HttpResponse> {
    let staff = visit.who.clone();
    let work = move |tx: &mut Tx<'_>| identity::start_in_session(tx, &staff).map(drop);
    visit.app.transact(visit.who.actor(), visit.deed, work).await?;
    Ok(frame::see_other(&case_path(&reference)))
}

/// `POST …/in-session/end`: takes what signing in takes.
pub async fn end_in_session(
    visit: Visit<ProgrammeStaff>,
    reference: web::Path<String>,
    form: Filled,
) -> Result<HttpResponse> {
    let (app, staff) = (visit.app.clone(), Staff::clone(&visit.who));
    let done = match form.read::<ConfirmStaffBody>(&[]) {
        Ok(body) => to_its_end(async move { identity::confirm_in_session(&app, &staff, body).await }).await,
        Err(error) => Err(error),
    };
    let reading = CaseStaff::of(Staff::clone(&visit.who))?;
    let of = "in-session-end".to_owned();
    settle(&visit.app, &reading, &visit.reader, (&reference, of, form), done).await
}

/// What comes of an act: the case as it is now, or its page with what is wrong.
async fn settle(
    app: &App,
    who: &CaseStaff,
    reader: &PageReader,
    (reference, of, form): (&str, String, Filled),
    done: Result<()>,
) -> Result<HttpResponse> {
    let Err(error) = done else { return Ok(frame::see_other(&case_path(reference))) };
    let is_for_form = matches!(
        error,
        Error::Invalid { .. } | Error::Conflict(..) | Error::TooMany { .. } | Error::Forbidden(Code::WrongCredentials)
    );
    if !is_for_form {
        return Err(error);
    }
    let case = read::read(app, who, reference, "get_case_view").await?;
    show(reader, &case, Some(&CaseTrouble { error, form, of }))
}

/// The page of one audience, of which each has its own; with what is wrong with a form of it, where one was refused.
fn show(reader: &PageReader, case: &ShownCase, trouble: Option<&CaseTrouble>) -> Result<HttpResponse> {
    let sides = &case.sides;
    match (&sides.case, &sides.survivor_side, &sides.participant_side) {
        (CaseView::InSession(found), _, ParticipantSideView::Programme(side)) => {
            answer(&InSessionCasePage::of(reader, (found, side), trouble), trouble)
        }
        (CaseView::Link(link), SurvivorSideView::Support(survivor), ParticipantSideView::Support(participant)) => {
            answer(&SupportCasePage::of(reader, case, (link, survivor, participant), trouble), trouble)
        }
        (CaseView::Link(link), SurvivorSideView::Programme(survivor), ParticipantSideView::Programme(participant)) => {
            answer(&ProgrammeCasePage::of(reader, case, (link, survivor, participant), trouble), trouble)
        }
        _ => Err(Error::internal("a case of two audiences")),
    }
}

fn answer(page: &impl askama::Template, trouble: Option<&CaseTrouble>) -> Result<HttpResponse> {
    match trouble.map(|trouble| trouble.error.code()) {
        Some(code) => frame::refusal(frame::status(code), code, page),
        None => frame::answer(StatusCode::OK, page),
    }
}

#[cfg(test)]
mod tests;
