//! What goes from one side to the other by hand: notes, questions and concerns.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, get, post, web};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::access::ActionsView;
use crate::app::App;
use crate::cases::concerns::{self, AnswerCaseConcernBody, CaseConcernView, CreateCaseConcernBody};
use crate::cases::fears;
use crate::cases::notes::{self, CaseNoteView, CreateCaseNoteBody, MadeCaseNoteView};
use crate::cases::reach::Redaction;
use crate::db::{CaseConcernId, CaseId};
use crate::error::Result;
use crate::http::{EmptyBody, Keep, Page, PageQuery, Query, Request, acted, created, ok};
use crate::identity::CaseStaff;
use crate::programme::{ConcernRow, ToldConcernView};
use crate::tx::Tx;

pub(super) fn partner(routes: &mut ServiceConfig) {
    routes
        .service(create_case_note)
        .service(list_case_notes)
        .service(create_case_concern)
        .service(list_case_concerns)
        .service(list_case_participant_concerns)
        .service(get_case_concern_actions)
        .service(acknowledge_case_concern)
        .service(answer_case_concern);
}

/// Write a note about a case
///
/// For your own side, or for both; what was written is never changed, a correction is a note of its own. What the
/// survivor's side writes for both says which kinds of the record it draws on, and crosses only where the survivor has
/// agreed to them.
#[utoipa::path(tag = "cases", request_body = CreateCaseNoteBody, responses((status = 201, body = MadeCaseNoteView)),
    params(("id" = CaseId, Path)), security(("staff" = [])),
    extensions(("x-who" = json!(["advocate", "practitioner", "supervisor"]))))]
#[post("/cases/{id}/notes")]
async fn create_case_note(
    app: web::Data<App>,
    staff: CaseStaff,
    id: web::Path<CaseId>,
    request: Request<CreateCaseNoteBody>,
) -> Result<HttpResponse> {
    let (call, body) = request.read()?;
    let (actor, caller, id) = (staff.actor(), staff.clone(), id.into_inner());
    let work = move |tx: &mut Tx<'_>| notes::create(tx, &caller, id, &body);
    created(&app, actor, "create_case_note", (call, Keep::Answer), work, |made, _| made).await
}

/// A page of notes, and what is withheld.
#[derive(Serialize, ToSchema)]
struct CaseNotesView {
    /// The notes, newest first.
    items: Vec<CaseNoteView>,
    /// Give this as `cursor` to go on; null at the end.
    #[schema(required = true)]
    next_cursor: Option<String>,
    /// What is withheld as a whole, and why.
    redactions: Vec<Redaction>,
}

/// List the notes about a case that you may read
#[utoipa::path(tag = "cases", params(("id" = CaseId, Path), PageQuery), responses((status = 200, body = CaseNotesView)),
    security(("staff" = [])), extensions(("x-who" = json!(["advocate", "practitioner", "supervisor"]))))]
#[get("/cases/{id}/notes")]
async fn list_case_notes(
    app: web::Data<App>,
    staff: CaseStaff,
    id: web::Path<CaseId>,
    query: Query<PageQuery>,
    http: HttpRequest,
) -> Result<HttpResponse> {
    let (limit, after) = (query.0.limit()?, query.0.after()?);
    let (caller, id) = (staff.clone(), id.into_inner());
    let work = move |tx: &mut Tx<'_>| notes::list(tx, &caller, id, after, limit);
    let found = app.transact(staff.actor(), "list_case_notes", work).await?;
    let redactions = found.redactions;
    let page = Page::of(found.rows, limit, |note| (note.created_at, note.id.0), Ok)?;
    let body = |page: Page<_>| CaseNotesView { items: page.items, next_cursor: page.next_cursor, redactions };
    Ok(page.respond_as(&http, body))
}

/// Ask the other side of a case something, or tell it of a concern
///
/// From the survivor's side it carries only what the survivor has agreed to. A fear that cannot wait is recorded with
/// the participant, or is an alert.
#[utoipa::path(tag = "cases", request_body = CreateCaseConcernBody, responses((status = 201, body = CaseConcernView)),
    params(("id" = CaseId, Path)), security(("staff" = [])),
    extensions(("x-who" = json!(["advocate", "practitioner", "supervisor"]))))]
#[post("/cases/{id}/concerns")]
async fn create_case_concern(
    app: web::Data<App>,
    staff: CaseStaff,
    id: web::Path<CaseId>,
    request: Request<CreateCaseConcernBody>,
) -> Result<HttpResponse> {
    let (call, body) = request.read()?;
    let (actor, caller, id) = (staff.actor(), staff.clone(), id.into_inner());
    let work = move |tx: &mut Tx<'_>| concerns::create(tx, &caller, id, &body);
    created(&app, actor, "create_case_concern", (call, Keep::Answer), work, |view, _| view).await
}

/// A page of questions and concerns, and what is withheld.
#[derive(Serialize, ToSchema)]
struct CaseConcernsView {
    /// The concerns, newest first.
    items: Vec<CaseConcernView>,
    /// Give this as `cursor` to go on; null at the end.
    #[schema(required = true)]
    next_cursor: Option<String>,
    /// What is withheld as a whole, and why.
    redactions: Vec<Redaction>,
}

/// List the questions and concerns of a case
#[utoipa::path(tag = "cases", params(("id" = CaseId, Path), PageQuery),
    responses((status = 200, body = CaseConcernsView)), security(("staff" = [])),
    extensions(("x-who" = json!(["advocate", "practitioner", "supervisor"]))))]
#[get("/cases/{id}/concerns")]
async fn list_case_concerns(
    app: web::Data<App>,
    staff: CaseStaff,
    id: web::Path<CaseId>,
    query: Query<PageQuery>,
    http: HttpRequest,
) -> Result<HttpResponse> {
    let (limit, after) = (query.0.limit()?, query.0.after()?);
    let (caller, id) = (staff.clone(), id.into_inner());
    let work = move |tx: &mut Tx<'_>| concerns::list(tx, &caller, id, after, limit);
    let found = app.transact(staff.actor(), "list_case_concerns", work).await?;
    let redactions = found.redactions;
    let page = Page::of(found.rows, limit, |concern| (concern.raised_at, concern.id.0), Ok)?;
    let body = |page: Page<_>| CaseConcernsView { items: page.items, next_cursor: page.next_cursor, redactions };
    Ok(page.respond_as(&http, body))
}

/// List what the practitioner fears that the participant will do
///
/// Since both sides approved the case: what is feared, what was written for advocates, and when. What it rests on stays
/// on the programme's side. Not to be told to the survivor as it stands.
#[utoipa::path(tag = "cases", params(("id" = CaseId, Path), PageQuery),
    responses((status = 200, body = Page<ToldConcernView>)), security(("staff" = [])),
    extensions(("x-who" = json!(["advocate", "practitioner", "supervisor"]))))]
#[get("/cases/{id}/participant-concerns")]
async fn list_case_participant_concerns(
    app: web::Data<App>,
    staff: CaseStaff,
    id: web::Path<CaseId>,
    query: Query<PageQuery>,
    http: HttpRequest,
) -> Result<HttpResponse> {
    let (limit, after) = (query.0.limit()?, query.0.after()?);
    let (caller, id) = (staff.clone(), id.into_inner());
    let work = move |tx: &mut Tx<'_>| {
        let rows = fears::list(tx, &caller, id, after, limit)?;
        let key = |row: &ConcernRow| (row.created_at, row.id.0);
        Page::of(rows, limit, key, |row| ToldConcernView::of(tx.keys, &row))
    };
    Ok(app.transact(staff.actor(), "list_case_participant_concerns", work).await?.respond(&http))
}

/// See what you may do with a question or concern now
#[utoipa::path(tag = "cases", responses((status = 200, body = ActionsView)),
    params(("id" = CaseId, Path), ("concern_id" = CaseConcernId, Path)), security(("staff" = [])),
    extensions(("x-who" = json!(["advocate", "practitioner", "supervisor"]))))]
#[get("/cases/{id}/concerns/{concern_id}/actions")]
async fn get_case_concern_actions(
    app: web::Data<App>,
    staff: CaseStaff,
    path: web::Path<(CaseId, CaseConcernId)>,
) -> Result<HttpResponse> {
    let (caller, path) = (staff.clone(), path.into_inner());
    let work = move |tx: &mut Tx<'_>| concerns::open_to(tx, &caller, path);
    Ok(ok(app.transact(staff.actor(), "get_case_concern_actions", work).await?))
}

/// Take up what the other side raised
#[utoipa::path(tag = "cases", request_body = EmptyBody, responses((status = 200, body = CaseConcernView)),
    params(("id" = CaseId, Path), ("concern_id" = CaseConcernId, Path)), security(("staff" = [])),
    extensions(("x-who" = json!(["advocate", "practitioner", "supervisor"]))))]
#[post("/cases/{id}/concerns/{concern_id}/acknowledge")]
async fn acknowledge_case_concern(
    app: web::Data<App>,
    staff: CaseStaff,
    path: web::Path<(CaseId, CaseConcernId)>,
    request: Request<EmptyBody>,
) -> Result<HttpResponse> {
    let (call, _) = request.read()?;
    let (actor, caller, reader, path) = (staff.actor(), staff.clone(), staff, path.into_inner());
    let work = move |tx: &mut Tx<'_>| concerns::act(tx, &caller, path, None);
    let read = move |tx: &mut Tx<'_>| concerns::see(tx, &reader, path);
    acted(&app, actor, "acknowledge_case_concern", (call, StatusCode::OK), work, read).await
}

/// Answer what the other side raised
#[utoipa::path(tag = "cases", request_body = AnswerCaseConcernBody, responses((status = 200, body = CaseConcernView)),
    params(("id" = CaseId, Path), ("concern_id" = CaseConcernId, Path)), security(("staff" = [])),
    extensions(("x-who" = json!(["advocate", "practitioner", "supervisor"]))))]
#[post("/cases/{id}/concerns/{concern_id}/answer")]
async fn answer_case_concern(
    app: web::Data<App>,
    staff: CaseStaff,
    path: web::Path<(CaseId, CaseConcernId)>,
    request: Request<AnswerCaseConcernBody>,
) -> Result<HttpResponse> {
    let (call, body) = request.read()?;
    let (actor, caller, reader, path) = (staff.actor(), staff.clone(), staff, path.into_inner());
    let work = move |tx: &mut Tx<'_>| concerns::act(tx, &caller, path, Some(&body));
    let read = move |tx: &mut Tx<'_>| concerns::see(tx, &reader, path);
    acted(&app, actor, "answer_case_concern", (call, StatusCode::OK), work, read).await
}
