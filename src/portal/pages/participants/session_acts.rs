//! What is done with sessions: planning one, and on its page whether the participant came, feedback, what was observed, and
//! another time. Goals are scored there as well.

use actix_web::{HttpResponse, web};

use super::acts::{ActedOn, for_participant, settle, with_record};
use super::record_acts::ON_OBSERVATION;
use crate::db::{GoalId, ParticipantId, ProgrammeSessionId};
use crate::error::Result;
use crate::identity::{Practitioner, Staff};
use crate::portal::pages::at;
use crate::portal::pages::case::handle;
use crate::portal::pages::visit::{FieldShapes, Filled, Visit};
use crate::programme::{
    self, AttendanceBody, CreateGoalReviewBody, CreateObservationBody, CreateProgrammeSessionBody,
    CreateSessionFeedbackBody, RescheduleBody,
};
use crate::tx::Tx;

/// Fields of a session that are no text.
const ON_SESSION: FieldShapes<'static> =
    FieldShapes { numbers: &["number"], moments: &["planned_at"], ..FieldShapes::TEXT };
/// Fields of a score that are no text.
pub const ON_SCORE: FieldShapes<'static> = FieldShapes { numbers: &["score"], ..FieldShapes::TEXT };

/// Below `/portal/participants/{reference}/sessions`
pub fn routes(routes: &mut web::ServiceConfig) {
    let of = |end: &str, deed: &'static str| at(&format!("/participants/{{reference}}/sessions{end}"), deed);
    routes
        .service(of("", "create_programme_session").route(web::post().to(plan_session)))
        .service(of("/{session}/attendance", "put_attendance").route(web::post().to(record_attendance)))
        .service(of("/{session}/feedback", "create_session_feedback").route(web::post().to(give_feedback)))
        .service(of("/{session}/observations", "create_observation").route(web::post().to(record_observation)))
        .service(of("/{session}/reschedule", "create_rescheduled_session").route(web::post().to(reschedule)))
        .service(of("/{session}/goals/{goal}/reviews", "create_goal_review").route(web::post().to(record_score)));
}

async fn plan_session(visit: Visit<Practitioner>, reference: web::Path<String>, form: Filled) -> Result<HttpResponse> {
    let body = form.read_shaped::<CreateProgrammeSessionBody>(ON_SESSION);
    let done = for_participant(&visit, &reference, body, programme::plan_session).await;
    settle(&visit, ActedOn::Record(reference.into_inner()), ("session".to_owned(), form), done).await
}

/// A session and what was recorded of whether the participant came.
type Attended = (ProgrammeSessionId, AttendanceBody);

async fn record_attendance(
    visit: Visit<Practitioner>,
    path: web::Path<(String, String)>,
    form: Filled,
) -> Result<HttpResponse> {
    let (reference, letters) = path.into_inner();
    let session = ProgrammeSessionId(handle::id(&letters)?);
    let body = form.read::<AttendanceBody>(&[]).map(|body| (session, body));
    let work = |tx: &mut Tx<'_>, staff: &Staff, id: ParticipantId, (session, body): &Attended| {
        programme::record_attendance(tx, staff, (Some(id), *session), body)
    };
    let done = for_participant(&visit, &reference, body, work).await;
    let of = format!("attendance-{letters}");
    settle(&visit, ActedOn::Session(reference, letters), (of, form), done).await
}

async fn give_feedback(
    visit: Visit<Practitioner>,
    path: web::Path<(String, String)>,
    form: Filled,
) -> Result<HttpResponse> {
    let (reference, letters) = path.into_inner();
    let session = ProgrammeSessionId(handle::id(&letters)?);
    let body = form.read::<CreateSessionFeedbackBody>(&[]);
    let done = with_record(&visit, session, body, programme::give_feedback).await;
    settle(&visit, ActedOn::Session(reference, letters), ("feedback".to_owned(), form), done).await
}

async fn record_observation(
    visit: Visit<Practitioner>,
    path: web::Path<(String, String)>,
    form: Filled,
) -> Result<HttpResponse> {
    let (reference, letters) = path.into_inner();
    let form = form.with("session_id", handle::id(&letters)?.to_string());
    let body = form.read_shaped::<CreateObservationBody>(ON_OBSERVATION);
    let done = for_participant(&visit, &reference, body, programme::record_observation).await;
    settle(&visit, ActedOn::Session(reference, letters), ("observation".to_owned(), form), done).await
}

async fn reschedule(
    visit: Visit<Practitioner>,
    path: web::Path<(String, String)>,
    form: Filled,
) -> Result<HttpResponse> {
    let (reference, letters) = path.into_inner();
    let session = ProgrammeSessionId(handle::id(&letters)?);
    let body = form.read_shaped::<RescheduleBody>(ON_SESSION);
    let done = with_record(&visit, session, body, programme::reschedule_session).await;
    // The session in its place is on the participant's page.
    let on = match done.is_ok() {
        true => ActedOn::Record(reference),
        false => ActedOn::Session(reference, letters),
    };
    settle(&visit, on, ("reschedule".to_owned(), form), done).await
}

async fn record_score(
    visit: Visit<Practitioner>,
    path: web::Path<(String, String, String)>,
    form: Filled,
) -> Result<HttpResponse> {
    let (reference, letters, goal) = path.into_inner();
    let body = form.read_shaped::<CreateGoalReviewBody>(ON_SCORE);
    let done = with_record(&visit, GoalId(handle::id(&goal)?), body, programme::record_review).await;
    settle(&visit, ActedOn::Session(reference, letters), (format!("score-{goal}"), form), done).await
}
