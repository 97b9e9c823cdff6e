//! URLs of the programme, for staff.

use actix_web::{HttpRequest, HttpResponse, get, post, put, web};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::concerns::{self, ConcernView, CreateConcernBody, MadeConcernView};
use super::goals::{self, CreateGoalBody, GoalView, MadeGoalView};
use super::model::{ConcernRow, GoalWithReviews, OrderWithConditions, ParticipantRow, SessionRow};
use super::orders::{self, CreateOrderBody, MadeOrderView, OrderView};
use super::participants::{self, CreateParticipantBody, MadeParticipantView, ParticipantView};
use super::reviews::{self, CreateGoalReviewBody, MadeGoalReviewView};
use super::sessions::{
    self, AttendanceBody, AttendanceView, CreateProgrammeSessionBody, MadeProgrammeSessionView, ProgrammeSessionView,
};
use super::store;
use crate::access;
use crate::app::App;
use crate::db::{GoalId, ParticipantId, ProgrammeSessionId};
use crate::error::Result;
use crate::http::etag::ok_tagged;
use crate::http::{Keep, Page, PageQuery, Query, Request, created, ok};
use crate::identity::{OrderStaff, Practitioner, ProgrammeStaff};
use crate::tx::Tx;

/// `/partner/v1`
pub fn partner(routes: &mut ServiceConfig) {
    routes
        .service(create_participant)
        .service(list_participants)
        .service(get_participant)
        .service(create_order)
        .service(list_participant_orders)
        .service(create_goal)
        .service(list_goals)
        .service(create_goal_review)
        .service(create_programme_session)
        .service(list_programme_sessions)
        .service(create_participant_concern)
        .service(list_participant_concerns)
        .service(put_attendance)
        .service(put_session_attendance);
}

/// Make a participant's record
///
/// Assigns the practitioner named, or else you.
#[utoipa::path(tag = "programme", request_body = CreateParticipantBody,
    responses((status = 201, body = MadeParticipantView)), security(("staff" = [])),
    extensions(("x-who" = json!(["practitioner"]))))]
#[post("/participants")]
async fn create_participant(
    app: web::Data<App>,
    staff: Practitioner,
    request: Request<CreateParticipantBody>,
) -> Result<HttpResponse> {
    let (call, body) = request.read()?;
    let actor = staff.actor();
    let work = move |tx: &mut Tx<'_>| participants::create(tx, &staff, &body);
    let view = |row: ParticipantRow, _: &[_]| MadeParticipantView { id: row.id, reference: row.reference };
    created(&app, actor, "create_participant", (call, Keep::Answer), work, view).await
}

/// List the participants you work with
///
/// For a supervisor, all of the organisation. Newest first.
#[utoipa::path(tag = "programme", params(PageQuery), responses((status = 200, body = Page<ParticipantView>)),
    security(("staff" = [])), extensions(("x-who" = json!(["practitioner", "supervisor"]))))]
#[get("/participants")]
async fn list_participants(
    app: web::Data<App>,
    staff: ProgrammeStaff,
    http: HttpRequest,
    Query(query): Query<PageQuery>,
) -> Result<HttpResponse> {
    let (limit, after) = (query.limit()?, query.after()?);
    let actor = staff.actor();
    let work = move |tx: &mut Tx<'_>| {
        let rows = participants::list(tx, &staff, after, limit)?;
        let key = |row: &ParticipantRow| (row.created_at, Uuid::from(row.id));
        Page::of(rows, limit, key, |row| ParticipantView::of(&tx.app.keys, &row))
    };
    Ok(app.transact(actor, "list_participants", work).await?.respond(&http))
}

/// See a participant's record
#[utoipa::path(tag = "programme", params(("id" = ParticipantId, Path, description = "The participant")),
    responses((status = 200, body = ParticipantView)), security(("staff" = [])),
    extensions(("x-who" = json!(["practitioner", "supervisor"]))))]
#[get("/participants/{id}")]
async fn get_participant(
    app: web::Data<App>,
    staff: ProgrammeStaff,
    id: web::Path<ParticipantId>,
) -> Result<HttpResponse> {
    let (actor, id) = (staff.actor(), id.into_inner());
    let work = move |tx: &mut Tx<'_>| {
        let row = participants::read(tx, &staff, id)?;
        Ok((row.version, ParticipantView::of(&tx.app.keys, &row)?))
    };
    let (version, view) = app.transact(actor, "get_participant", work).await?;
    Ok(ok_tagged(version, view))
}

/// Record an order with its conditions
///
/// By a practitioner who works with the participant, or by an officer of their home force. An order never changes;
/// record a varied one anew.
#[utoipa::path(tag = "programme", params(("id" = ParticipantId, Path, description = "The participant")),
    request_body = CreateOrderBody, responses((status = 201, body = MadeOrderView)), security(("staff" = [])),
    extensions(("x-who" = json!(["practitioner", "police"]))))]
#[post("/participants/{id}/orders")]
async fn create_order(
    app: web::Data<App>,
    staff: OrderStaff,
    id: web::Path<ParticipantId>,
    request: Request<CreateOrderBody>,
) -> Result<HttpResponse> {
    let (call, body) = request.read()?;
    let (actor, id) = (staff.actor(), id.into_inner());
    let work = move |tx: &mut Tx<'_>| orders::record(tx, &staff, id, &body);
    created(&app, actor, "create_order", (call, Keep::Answer), work, |made, _| made).await
}

/// List a participant's orders
///
/// The latest recorded first, expired ones too.
#[utoipa::path(tag = "programme", params(("id" = ParticipantId, Path, description = "The participant"), PageQuery),
    responses((status = 200, body = Page<OrderView>)), security(("staff" = [])),
    extensions(("x-who" = json!(["practitioner", "supervisor"]))))]
#[get("/participants/{id}/orders")]
async fn list_participant_orders(
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
        let rows = store::list_orders_page(tx.conn, &access, after, limit)?;
        let key = |found: &OrderWithConditions| found.order.cursor();
        Page::of(rows, limit, key, |found| OrderView::of(&tx.app.keys, &found))
    };
    Ok(app.transact(actor, "list_participant_orders", work).await?.respond(&http))
}

/// Propose a goal
///
/// On the Goal Attainment Scale: `levels` says what each of -2, -1, 0, 1 and 2 means, and `survivor_benefit` how the
/// goal makes the survivor safer or better.
#[utoipa::path(tag = "programme", params(("id" = ParticipantId, Path, description = "The participant")),
    request_body = CreateGoalBody, responses((status = 201, body = MadeGoalView)), security(("staff" = [])),
    extensions(("x-who" = json!(["practitioner"]))))]
#[post("/participants/{id}/goals")]
async fn create_goal(
    app: web::Data<App>,
    staff: Practitioner,
    id: web::Path<ParticipantId>,
    request: Request<CreateGoalBody>,
) -> Result<HttpResponse> {
    let (call, body) = request.read()?;
    let (actor, id) = (staff.actor(), id.into_inner());
    let work = move |tx: &mut Tx<'_>| goals::propose(tx, &staff, id, &body);
    created(&app, actor, "create_goal", (call, Keep::Answer), work, |made, _| made).await
}

/// List a participant's goals with their reviews
///
/// Newest first.
#[utoipa::path(tag = "programme", params(("id" = ParticipantId, Path, description = "The participant"), PageQuery),
    responses((status = 200, body = Page<GoalView>)), security(("staff" = [])),
    extensions(("x-who" = json!(["practitioner", "supervisor"]))))]
#[get("/participants/{id}/goals")]
async fn list_goals(
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
        let rows = store::list_goals_page(tx.conn, &access, after, limit)?;
        let key = |found: &GoalWithReviews| found.goal.cursor();
        Page::of(rows, limit, key, |found| GoalView::of(&tx.app.keys, &found))
    };
    Ok(app.transact(actor, "list_goals", work).await?.respond(&http))
}

/// Record a review of a goal
#[utoipa::path(tag = "programme", params(("id" = GoalId, Path, description = "The goal")),
    request_body = CreateGoalReviewBody, responses((status = 201, body = MadeGoalReviewView)),
    security(("staff" = [])), extensions(("x-who" = json!(["practitioner"]))))]
#[post("/goals/{id}/reviews")]
async fn create_goal_review(
    app: web::Data<App>,
    staff: Practitioner,
    id: web::Path<GoalId>,
    request: Request<CreateGoalReviewBody>,
) -> Result<HttpResponse> {
    let (call, body) = request.read()?;
    let (actor, id) = (staff.actor(), id.into_inner());
    let work = move |tx: &mut Tx<'_>| reviews::record(tx, &staff, id, &body);
    created(&app, actor, "create_goal_review", (call, Keep::Answer), work, |made, _| made).await
}

/// Record that a participant may contact or harm somebody
///
/// It reaches the advocates of every survivor who is linked to the participant; imminent, as an emergency. Nothing of
/// theirs comes back.
#[utoipa::path(tag = "programme", params(("id" = ParticipantId, Path, description = "The participant")),
    request_body = CreateConcernBody, responses((status = 201, body = MadeConcernView)),
    security(("staff" = [])), extensions(("x-who" = json!(["practitioner"]))))]
#[post("/participants/{id}/concerns")]
async fn create_participant_concern(
    app: web::Data<App>,
    staff: Practitioner,
    id: web::Path<ParticipantId>,
    request: Request<CreateConcernBody>,
) -> Result<HttpResponse> {
    let (call, body) = request.read()?;
    let (actor, id) = (staff.actor(), id.into_inner());
    let work = move |tx: &mut Tx<'_>| concerns::record(tx, &staff, id, &body);
    created(&app, actor, "create_participant_concern", (call, Keep::Answer), work, |made, _| made).await
}

/// List a participant's concerns
#[utoipa::path(tag = "programme", params(("id" = ParticipantId, Path, description = "The participant"), PageQuery),
    responses((status = 200, body = Page<ConcernView>)), security(("staff" = [])),
    extensions(("x-who" = json!(["practitioner", "supervisor"]))))]
#[get("/participants/{id}/concerns")]
async fn list_participant_concerns(
    app: web::Data<App>,
    staff: ProgrammeStaff,
    id: web::Path<ParticipantId>,
    http: HttpRequest,
    Query(query): Query<PageQuery>,
) -> Result<HttpResponse> {
    let (limit, after) = (query.limit()?, query.after()?);
    let (actor, id) = (staff.actor(), id.into_inner());
    let work = move |tx: &mut Tx<'_>| {
        let rows = concerns::list(tx, &staff, id, after, limit)?;
        let key = |row: &ConcernRow| (row.created_at, Uuid::from(row.id));
        Page::of(rows, limit, key, |row| ConcernView::of(&tx.app.keys, &row))
    };
    Ok(app.transact(actor, "list_participant_concerns", work).await?.respond(&http))
}

/// Plan a session
#[utoipa::path(tag = "programme", params(("id" = ParticipantId, Path, description = "The participant")),
    request_body = CreateProgrammeSessionBody, responses((status = 201, body = MadeProgrammeSessionView)),
    security(("staff" = [])), extensions(("x-who" = json!(["practitioner"]))))]
#[post("/participants/{id}/sessions")]
async fn create_programme_session(
    app: web::Data<App>,
    staff: Practitioner,
    id: web::Path<ParticipantId>,
    request: Request<CreateProgrammeSessionBody>,
) -> Result<HttpResponse> {
    let (call, body) = request.read()?;
    let (actor, id) = (staff.actor(), id.into_inner());
    let work = move |tx: &mut Tx<'_>| sessions::plan(tx, &staff, id, &body);
    created(&app, actor, "create_programme_session", (call, Keep::Answer), work, |made, _| made).await
}

/// List a participant's sessions
///
/// The latest planned first.
#[utoipa::path(tag = "programme", params(("id" = ParticipantId, Path, description = "The participant"), PageQuery),
    responses((status = 200, body = Page<ProgrammeSessionView>)), security(("staff" = [])),
    extensions(("x-who" = json!(["practitioner", "supervisor"]))))]
#[get("/participants/{id}/sessions")]
async fn list_programme_sessions(
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
        let rows = store::list_sessions(tx.conn, &access, after, limit)?;
        Page::of(rows, limit, SessionRow::cursor, |row| ProgrammeSessionView::of(&tx.app.keys, &row))
    };
    Ok(app.transact(actor, "list_programme_sessions", work).await?.respond(&http))
}

/// Record whether the participant came
///
/// In place of what was recorded before. Needs neither `If-Match` nor an `Idempotency-Key`.
#[utoipa::path(tag = "programme", params(("id" = ParticipantId, Path, description = "The participant"),
    ("session_id" = ProgrammeSessionId, Path, description = "The session")), request_body = AttendanceBody,
    responses((status = 200, body = AttendanceView)), security(("staff" = [])),
    extensions(("x-who" = json!(["practitioner"]))))]
#[put("/participants/{id}/sessions/{session_id}/attendance")]
async fn put_attendance(
    app: web::Data<App>,
    staff: Practitioner,
    ids: web::Path<(ParticipantId, ProgrammeSessionId)>,
    request: Request<AttendanceBody>,
) -> Result<HttpResponse> {
    let (_, body) = request.read()?;
    let (actor, (id, session)) = (staff.actor(), ids.into_inner());
    let work = move |tx: &mut Tx<'_>| sessions::record_attendance(tx, &staff, (Some(id), session), &body);
    Ok(ok(app.transact(actor, "put_attendance", work).await?))
}

/// Record whether the participant came, by the session alone
///
/// The same as under the participant, for a caller that knows only the session.
#[utoipa::path(tag = "programme", params(("id" = ProgrammeSessionId, Path, description = "The session")),
    request_body = AttendanceBody, responses((status = 200, body = AttendanceView)), security(("staff" = [])),
    extensions(("x-who" = json!(["practitioner"]))))]
#[put("/sessions/{id}/attendance")]
async fn put_session_attendance(
    app: web::Data<App>,
    staff: Practitioner,
    id: web::Path<ProgrammeSessionId>,
    request: Request<AttendanceBody>,
) -> Result<HttpResponse> {
    let (_, body) = request.read()?;
    let (actor, session) = (staff.actor(), id.into_inner());
    let work = move |tx: &mut Tx<'_>| sessions::record_attendance(tx, &staff, (None, session), &body);
    Ok(ok(app.transact(actor, "put_session_attendance", work).await?))
}
