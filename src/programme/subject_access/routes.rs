//! URLs of participants' subject-access requests.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, get, post, web};
use utoipa_actix_web::service_config::ServiceConfig;

use super::act::{self, CreateSubjectAccessRequestBody, SubjectAccessContentView, SubjectAccessTransitionBody};
use super::model::{RequestRow, SubjectAccessRequestView};
use super::store;
use crate::access::{self, ActionsView};
use crate::app::App;
use crate::db::{ParticipantId, SubjectAccessRequestId};
use crate::error::Result;
use crate::http::{Keep, Page, PageQuery, Query, Request, create, created, ok};
use crate::identity::ProgrammeStaff;
use crate::tx::Tx;

/// `/partner/v1`
pub fn partner(routes: &mut ServiceConfig) {
    routes
        .service(create_subject_access_request)
        .service(list_subject_access_requests)
        .service(get_subject_access_request_actions)
        .service(get_subject_access_content)
        .service(create_subject_access_transition);
}

/// Record that a participant asks to see their record
#[utoipa::path(tag = "programme", params(("id" = ParticipantId, Path, description = "The participant")),
    request_body = CreateSubjectAccessRequestBody, responses((status = 201, body = SubjectAccessRequestView)),
    security(("staff" = [])), extensions(("x-who" = json!(["practitioner", "supervisor"]))))]
#[post("/participants/{id}/subject-access-requests")]
async fn create_subject_access_request(
    app: web::Data<App>,
    staff: ProgrammeStaff,
    id: web::Path<ParticipantId>,
    request: Request<CreateSubjectAccessRequestBody>,
) -> Result<HttpResponse> {
    let (call, body) = request.read()?;
    let (actor, id) = (staff.actor(), id.into_inner());
    let work = move |tx: &mut Tx<'_>| Ok(SubjectAccessRequestView::from(&act::record(tx, &staff, id, &body)?));
    created(&app, actor, "create_subject_access_request", (call, Keep::Answer), work, |view, _| view).await
}

/// List a participant's requests to see their record
///
/// Newest first.
#[utoipa::path(tag = "programme", params(("id" = ParticipantId, Path, description = "The participant"), PageQuery),
    responses((status = 200, body = Page<SubjectAccessRequestView>)), security(("staff" = [])),
    extensions(("x-who" = json!(["practitioner", "supervisor"]))))]
#[get("/participants/{id}/subject-access-requests")]
async fn list_subject_access_requests(
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
        let rows = store::list(tx.conn, &access, after, limit)?;
        Page::of(rows, limit, RequestRow::cursor, |row| Ok(SubjectAccessRequestView::from(&row)))
    };
    Ok(app.transact(actor, "list_subject_access_requests", work).await?.respond(&http))
}

/// See where a request stands, and what you may do with it now
#[utoipa::path(tag = "programme", params(("id" = SubjectAccessRequestId, Path, description = "The request")),
    responses((status = 200, body = ActionsView)), security(("staff" = [])),
    extensions(("x-who" = json!(["practitioner", "supervisor"]))))]
#[get("/subject-access-requests/{id}/actions")]
async fn get_subject_access_request_actions(
    app: web::Data<App>,
    staff: ProgrammeStaff,
    id: web::Path<SubjectAccessRequestId>,
) -> Result<HttpResponse> {
    let (actor, id) = (staff.actor(), id.into_inner());
    let work = move |tx: &mut Tx<'_>| act::actions(tx, &staff, id);
    Ok(ok(app.transact(actor, "get_subject_access_request_actions", work).await?))
}

/// See what a request gives and what it withholds
///
/// Made of the programme's records alone; once released, what was given out.
#[utoipa::path(tag = "programme", params(("id" = SubjectAccessRequestId, Path, description = "The request")),
    responses((status = 200, body = SubjectAccessContentView)), security(("staff" = [])),
    extensions(("x-who" = json!(["practitioner", "supervisor"]))))]
#[get("/subject-access-requests/{id}/content")]
async fn get_subject_access_content(
    app: web::Data<App>,
    staff: ProgrammeStaff,
    id: web::Path<SubjectAccessRequestId>,
) -> Result<HttpResponse> {
    let (actor, id) = (staff.actor(), id.into_inner());
    let work = move |tx: &mut Tx<'_>| act::see(tx, &staff, id);
    Ok(ok(app.transact(actor, "get_subject_access_content", work).await?))
}

/// Prepare, approve, release or refuse a request
///
/// `prepare` states what is withheld; one person approves, and another, a supervisor, releases.
#[utoipa::path(tag = "programme", params(("id" = SubjectAccessRequestId, Path, description = "The request")),
    request_body = SubjectAccessTransitionBody, responses((status = 200, body = ActionsView)),
    security(("staff" = [])), extensions(("x-who" = json!(["practitioner", "supervisor"]))))]
#[post("/subject-access-requests/{id}/transitions")]
async fn create_subject_access_transition(
    app: web::Data<App>,
    staff: ProgrammeStaff,
    id: web::Path<SubjectAccessRequestId>,
    request: Request<SubjectAccessTransitionBody>,
) -> Result<HttpResponse> {
    let (call, body) = request.read()?;
    let (actor, id) = (staff.actor(), id.into_inner());
    let work = move |tx: &mut Tx<'_>| {
        act::act(tx, &staff, id, &body)?;
        act::actions(tx, &staff, id)
    };
    let name = "create_subject_access_transition";
    create(&app, actor, name, StatusCode::OK, (call, Keep::Answer), work, |view, _| view).await
}
