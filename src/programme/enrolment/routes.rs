//! URLs of programmes, enrolments and their reports.

mod reports;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, get, post, web};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::act::{self, EnrolmentTransitionBody};
use super::catalogue::{self, CreateProgrammeBody, ProgrammeView};
use super::enrol::{self, CreateEnrolmentBody, MadeEnrolmentView};
use super::model::{EnrolmentRow, EnrolmentView, ProgrammeRow};
use super::store;
use crate::access::{self, ActionsView};
use crate::app::App;
use crate::db::{EnrolmentId, ParticipantId, ReferralId, SubjectId};
use crate::error::Result;
use crate::http::{Keep, Page, PageQuery, Query, Request, create, created, ok};
use crate::identity::{ProgrammeStaff, Supervisor};
use crate::programme::history::{self, TransitionRow, TransitionView};
use crate::tx::{Subject, Tx};

/// `/partner/v1`
pub fn partner(routes: &mut ServiceConfig) {
    routes
        .service(list_programmes)
        .service(create_programme)
        .service(create_programme_enrolment)
        .service(list_participant_enrolments)
        .service(get_enrolment)
        .service(get_enrolment_actions)
        .service(create_enrolment_transition)
        .service(list_enrolment_transitions);
    reports::routes(routes);
}

/// List the programmes that you may enrol in
///
/// Every provider's, and your organisation's own; newest first.
#[utoipa::path(tag = "programme", params(PageQuery), responses((status = 200, body = Page<ProgrammeView>)),
    security(("staff" = [])), extensions(("x-who" = json!(["practitioner", "supervisor"]))))]
#[get("/programmes")]
async fn list_programmes(
    app: web::Data<App>,
    staff: ProgrammeStaff,
    http: HttpRequest,
    Query(query): Query<PageQuery>,
) -> Result<HttpResponse> {
    let (limit, after) = (query.limit()?, query.after()?);
    let actor = staff.actor();
    let work = move |tx: &mut Tx<'_>| {
        let own = staff.organisation()?;
        tx.about(Subject::of("organisation", own));
        let rows = store::list_programmes(tx.conn, own, after, limit)?;
        let key = |row: &ProgrammeRow| (row.created_at, Uuid::from(row.id));
        Page::of(rows, limit, key, ProgrammeView::of)
    };
    Ok(app.transact(actor, "list_programmes", work).await?.respond(&http))
}

/// Add a programme of your organisation's own
#[utoipa::path(tag = "programme", request_body = CreateProgrammeBody,
    responses((status = 201, body = ProgrammeView)), security(("staff" = [])),
    extensions(("x-who" = json!(["supervisor"]))))]
#[post("/programmes")]
async fn create_programme(
    app: web::Data<App>,
    staff: Supervisor,
    request: Request<CreateProgrammeBody>,
) -> Result<HttpResponse> {
    let (call, body) = request.read()?;
    let actor = staff.actor();
    let work = move |tx: &mut Tx<'_>| ProgrammeView::of(catalogue::create(tx, &staff, &body)?);
    created(&app, actor, "create_programme", (call, Keep::Answer), work, |view, _| view).await
}

/// Enrol the participant of a suitable referral
///
/// Moves the referral to `enrolled` and plans the programme's sessions, at one local time, evenly over its weeks; numbers
/// go on where the participant's sessions end.
#[utoipa::path(tag = "programme", params(("id" = ReferralId, Path, description = "The referral")),
    request_body = CreateEnrolmentBody, responses((status = 201, body = MadeEnrolmentView)), security(("staff" = [])),
    extensions(("x-who" = json!(["practitioner", "supervisor"]))))]
#[post("/referrals/{id}/enrolments")]
async fn create_programme_enrolment(
    app: web::Data<App>,
    staff: ProgrammeStaff,
    id: web::Path<ReferralId>,
    request: Request<CreateEnrolmentBody>,
) -> Result<HttpResponse> {
    let (call, body) = request.read()?;
    let (actor, id) = (staff.actor(), id.into_inner());
    let work = move |tx: &mut Tx<'_>| enrol::enrol(tx, &staff, id, &body);
    created(&app, actor, "create_programme_enrolment", (call, Keep::Answer), work, |made, _| made).await
}

/// List a participant's enrolments
///
/// Newest first.
#[utoipa::path(tag = "programme", params(("id" = ParticipantId, Path, description = "The participant"), PageQuery),
    responses((status = 200, body = Page<EnrolmentView>)), security(("staff" = [])),
    extensions(("x-who" = json!(["practitioner", "supervisor"]))))]
#[get("/participants/{id}/enrolments")]
async fn list_participant_enrolments(
    app: web::Data<App>,
    staff: ProgrammeStaff,
    id: web::Path<ParticipantId>,
    http: HttpRequest,
    Query(query): Query<PageQuery>,
) -> Result<HttpResponse> {
    let (limit, after) = (query.limit()?, query.after()?);
    let (actor, id) = (staff.actor(), id.into_inner());
    let work = move |tx: &mut Tx<'_>| {
        let access = access::participant(tx, &staff, id)?;
        let rows = store::list_enrolments(tx.conn, &access, after, limit)?;
        Page::of(rows, limit, EnrolmentRow::cursor, |row| Ok(EnrolmentView::from(&row)))
    };
    Ok(app.transact(actor, "list_participant_enrolments", work).await?.respond(&http))
}

/// See an enrolment
#[utoipa::path(tag = "programme", params(("id" = EnrolmentId, Path, description = "The enrolment")),
    responses((status = 200, body = EnrolmentView)), security(("staff" = [])),
    extensions(("x-who" = json!(["practitioner", "supervisor"]))))]
#[get("/enrolments/{id}")]
async fn get_enrolment(app: web::Data<App>, staff: ProgrammeStaff, id: web::Path<EnrolmentId>) -> Result<HttpResponse> {
    let (actor, id) = (staff.actor(), id.into_inner());
    let work = move |tx: &mut Tx<'_>| Ok(EnrolmentView::from(&act::enrolment_for(tx, &staff, id)?.1));
    Ok(ok(app.transact(actor, "get_enrolment", work).await?))
}

/// See where an enrolment stands, and what you may do with it now
#[utoipa::path(tag = "programme", params(("id" = EnrolmentId, Path, description = "The enrolment")),
    responses((status = 200, body = ActionsView)), security(("staff" = [])),
    extensions(("x-who" = json!(["practitioner", "supervisor"]))))]
#[get("/enrolments/{id}/actions")]
async fn get_enrolment_actions(
    app: web::Data<App>,
    staff: ProgrammeStaff,
    id: web::Path<EnrolmentId>,
) -> Result<HttpResponse> {
    let (actor, id) = (staff.actor(), id.into_inner());
    let work = move |tx: &mut Tx<'_>| act::actions(tx, &staff, id);
    Ok(ok(app.transact(actor, "get_enrolment_actions", work).await?))
}

/// Move an enrolment on
///
/// One transition of the table that `…/actions` serves; what it does not list is 409. `complete` waits for attendance to
/// be recorded for every session, `conclude` for an approved end-of-programme report.
#[utoipa::path(tag = "programme", params(("id" = EnrolmentId, Path, description = "The enrolment")),
    request_body = EnrolmentTransitionBody, responses((status = 200, body = ActionsView)), security(("staff" = [])),
    extensions(("x-who" = json!(["practitioner", "supervisor"]))))]
#[post("/enrolments/{id}/transitions")]
async fn create_enrolment_transition(
    app: web::Data<App>,
    staff: ProgrammeStaff,
    id: web::Path<EnrolmentId>,
    request: Request<EnrolmentTransitionBody>,
) -> Result<HttpResponse> {
    let (call, body) = request.read()?;
    let (actor, id) = (staff.actor(), id.into_inner());
    let work = move |tx: &mut Tx<'_>| {
        act::act(tx, &staff, id, &body)?;
        act::actions(tx, &staff, id)
    };
    let name = "create_enrolment_transition";
    create(&app, actor, name, StatusCode::OK, (call, Keep::Answer), work, |view, _| view).await
}

/// See what was done with an enrolment
///
/// Each transition with who made it, when and why, those of its report too; newest first.
#[utoipa::path(tag = "programme", params(("id" = EnrolmentId, Path, description = "The enrolment"), PageQuery),
    responses((status = 200, body = Page<TransitionView>)), security(("staff" = [])),
    extensions(("x-who" = json!(["practitioner", "supervisor"]))))]
#[get("/enrolments/{id}/transitions")]
async fn list_enrolment_transitions(
    app: web::Data<App>,
    staff: ProgrammeStaff,
    id: web::Path<EnrolmentId>,
    http: HttpRequest,
    Query(query): Query<PageQuery>,
) -> Result<HttpResponse> {
    let (limit, after) = (query.limit()?, query.after()?);
    let (actor, id) = (staff.actor(), id.into_inner());
    let work = move |tx: &mut Tx<'_>| {
        let (access, _) = act::enrolment_for(tx, &staff, id)?;
        let rows = history::list(tx.conn, &access, SubjectId(id.0), after, limit)?;
        Page::of(rows, limit, TransitionRow::cursor, |row| TransitionView::of(tx.keys, row))
    };
    Ok(app.transact(actor, "list_enrolment_transitions", work).await?.respond(&http))
}
