//! What is done with goals on a participant's page: setting one, scoring it, and its steps to agreement and to its end.

use actix_web::{HttpResponse, web};

use super::acts::{ActedOn, for_participant, settle, with_record};
use super::session_acts::ON_SCORE;
use crate::db::GoalId;
use crate::error::{Error, Result};
use crate::identity::{Practitioner, ProgrammeStaff, Supervisor};
use crate::portal::pages::at;
use crate::portal::pages::case::handle;
use crate::portal::pages::visit::{FieldShapes, Filled, Visit};
use crate::programme::{
    self, CreateGoalBody, CreateGoalReviewBody, CreateGoalTransitionBody, CreateGoalWordingBody,
    CreateGoalWordingDecisionBody, GoalStep,
};

/// Fields of a goal that are no text.
const ON_GOAL: FieldShapes<'static> = FieldShapes { numbers: &["baseline", "weight"], ..FieldShapes::TEXT };
/// Fields of a decision that are no text.
const ON_DECISION: FieldShapes<'static> = FieldShapes { numbers: &["version"], ..FieldShapes::TEXT };

/// Below `/portal/participants/{reference}/goals`
pub fn routes(routes: &mut web::ServiceConfig) {
    let of = |end: &str, deed: &'static str| at(&format!("/participants/{{reference}}/goals{end}"), deed);
    routes
        .service(of("", "create_goal").route(web::post().to(set_goal)))
        .service(of("/{goal}/reviews", "create_goal_review").route(web::post().to(record_score)))
        .service(of("/{goal}/wordings", "create_goal_wording").route(web::post().to(propose_wording)))
        .service(
            of("/{goal}/wording/{version}/{decision}", "create_goal_wording_decision")
                .route(web::post().to(decide_wording)),
        )
        .service(of("/{goal}/{step}", "create_goal_transition").route(web::post().to(step_goal)));
}

async fn set_goal(visit: Visit<Practitioner>, reference: web::Path<String>, form: Filled) -> Result<HttpResponse> {
    let body = form.read_shaped::<CreateGoalBody>(ON_GOAL);
    let done = for_participant(&visit, &reference, body, programme::propose_goal).await;
    settle(&visit, ActedOn::Record(reference.into_inner()), ("goal".to_owned(), form), done).await
}

async fn record_score(
    visit: Visit<Practitioner>,
    path: web::Path<(String, String)>,
    form: Filled,
) -> Result<HttpResponse> {
    let (reference, letters) = path.into_inner();
    let body = form.read_shaped::<CreateGoalReviewBody>(ON_SCORE);
    let done = with_record(&visit, GoalId(handle::id(&letters)?), body, programme::record_review).await;
    settle(&visit, ActedOn::Record(reference), (format!("score-{letters}"), form), done).await
}

async fn propose_wording(
    visit: Visit<Practitioner>,
    path: web::Path<(String, String)>,
    form: Filled,
) -> Result<HttpResponse> {
    let (reference, letters) = path.into_inner();
    let body = form.read::<CreateGoalWordingBody>(&[]);
    let done = with_record(&visit, GoalId(handle::id(&letters)?), body, programme::propose_wording).await;
    settle(&visit, ActedOn::Record(reference), (format!("wording-{letters}"), form), done).await
}

async fn decide_wording(
    visit: Visit<Supervisor>,
    path: web::Path<(String, String, String, String)>,
    form: Filled,
) -> Result<HttpResponse> {
    let (reference, letters, version, decision) = path.into_inner();
    let word = match decision.as_str() {
        "check" => "checked",
        "return" => "returned",
        _ => return Err(Error::NotFound),
    };
    let form = form.with("version", version).with("decision", word.to_owned());
    let body = form.read_shaped::<CreateGoalWordingDecisionBody>(ON_DECISION);
    let done = with_record(&visit, GoalId(handle::id(&letters)?), body, programme::decide_wording).await;
    settle(&visit, ActedOn::Record(reference), (format!("{decision}-{letters}"), form), done).await
}

/// The participant's agreement, a supervisor's approval, and either end.
async fn step_goal(
    visit: Visit<ProgrammeStaff>,
    path: web::Path<(String, String, String)>,
    form: Filled,
) -> Result<HttpResponse> {
    let (reference, letters, step) = path.into_inner();
    let event = match step.as_str() {
        "agreement" => GoalStep::RecordAgreement,
        "approve" => GoalStep::Approve,
        "achieve" => GoalStep::Achieve,
        "discontinue" => GoalStep::Discontinue,
        _ => return Err(Error::NotFound),
    };
    let form = form.with("event", event.to_string());
    let body = form.read::<CreateGoalTransitionBody>(&[]);
    let done = with_record(&visit, GoalId(handle::id(&letters)?), body, programme::step_goal).await;
    settle(&visit, ActedOn::Record(reference), (format!("{step}-{letters}"), form), done).await
}
