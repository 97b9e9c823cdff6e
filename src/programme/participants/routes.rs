//! URLs of participants: their records.

use actix_web::{HttpRequest, HttpResponse, delete, get, patch, post, web};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::change::{self, PatchParticipantBody};
use super::identifiers::{self, CreateIdentifierBody, IdentifierRow, IdentifierView};
use super::{CreateParticipantBody, MadeParticipantView, ParticipantView};
use crate::access;
use crate::app::App;
use crate::db::{IdentifierId, ParticipantId};
use crate::error::Result;
use crate::http::etag::{IfMatch, ok_tagged};
use crate::http::{Keep, Page, PageQuery, Query, Request, created};
use crate::identity::{Practitioner, ProgrammeStaff};
use crate::programme::model::ParticipantRow;
use crate::tx::Tx;

/// `/partner/v1`
pub fn partner(routes: &mut ServiceConfig) {
    routes
        .service(create_participant)
        .service(list_participants)
        .service(get_participant)
        .service(patch_participant)
        .service(create_participant_identifier)
        .service(list_participant_identifiers)
        .service(delete_participant_identifier);
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
    let now = app.clock.now();
    let new = app.key_store.create_subject(ParticipantId::new(now), now).await?;
    let work = move |tx: &mut Tx<'_>| super::create(tx, new, &staff, &body);
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
        let rows = super::list(tx, &staff, after, limit)?;
        let key = |row: &ParticipantRow| (row.created_at, Uuid::from(row.id));
        Page::of(rows, limit, key, |row| ParticipantView::of(tx.keys, &row))
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
        let row = super::read(tx, &staff, id)?;
        Ok((row.version, ParticipantView::of(tx.keys, &row)?))
    };
    let (version, view) = app.transact(actor, "get_participant", work).await?;
    Ok(ok_tagged(version, view))
}

/// Change a participant's identity
///
/// What is left out stays. Needs `If-Match`.
#[utoipa::path(tag = "programme", params(("id" = ParticipantId, Path, description = "The participant"),
    ("If-Match" = String, Header, description = "The ETag of the record as you read it")),
    request_body = PatchParticipantBody, responses((status = 200, body = ParticipantView)), security(("staff" = [])),
    extensions(("x-who" = json!(["practitioner", "supervisor"]))))]
#[patch("/participants/{id}")]
async fn patch_participant(
    app: web::Data<App>,
    staff: ProgrammeStaff,
    id: web::Path<ParticipantId>,
    seen: IfMatch,
    request: Request<PatchParticipantBody>,
) -> Result<HttpResponse> {
    let (_, body) = request.read()?;
    let (actor, id) = (staff.actor(), id.into_inner());
    let work = move |tx: &mut Tx<'_>| {
        let row = change::change(tx, &staff, id, &seen, &body)?;
        Ok((row.version, ParticipantView::of(tx.keys, &row)?))
    };
    let (version, view) = app.transact(actor, "patch_participant", work).await?;
    Ok(ok_tagged(version, view))
}

/// Add a number, handle or vehicle that a participant is known by
#[utoipa::path(tag = "programme", params(("id" = ParticipantId, Path, description = "The participant")),
    request_body = CreateIdentifierBody, responses((status = 201, body = IdentifierView)), security(("staff" = [])),
    extensions(("x-who" = json!(["practitioner", "supervisor"]))))]
#[post("/participants/{id}/identifiers")]
async fn create_participant_identifier(
    app: web::Data<App>,
    staff: ProgrammeStaff,
    id: web::Path<ParticipantId>,
    request: Request<CreateIdentifierBody>,
) -> Result<HttpResponse> {
    let (call, body) = request.read()?;
    let (actor, id) = (staff.actor(), id.into_inner());
    let work = move |tx: &mut Tx<'_>| {
        let row = identifiers::add(tx, &staff, id, &body)?;
        IdentifierView::of(tx.keys, &row)
    };
    created(&app, actor, "create_participant_identifier", (call, Keep::Answer), work, |view, _| view).await
}

/// List what a participant is known by
///
/// Newest first.
#[utoipa::path(tag = "programme", params(("id" = ParticipantId, Path, description = "The participant"), PageQuery),
    responses((status = 200, body = Page<IdentifierView>)), security(("staff" = [])),
    extensions(("x-who" = json!(["practitioner", "supervisor"]))))]
#[get("/participants/{id}/identifiers")]
async fn list_participant_identifiers(
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
        let rows = identifiers::list(tx.conn, &access, after, limit)?;
        Page::of(rows, limit, IdentifierRow::cursor, |row| IdentifierView::of(tx.keys, &row))
    };
    Ok(app.transact(actor, "list_participant_identifiers", work).await?.respond(&http))
}

/// Take something off the list that a participant is known by
///
/// The row is kept.
#[utoipa::path(tag = "programme", params(("id" = ParticipantId, Path, description = "The participant"),
    ("identifier_id" = IdentifierId, Path, description = "What is taken off")), responses((status = 204)),
    security(("staff" = [])), extensions(("x-who" = json!(["practitioner", "supervisor"]))))]
#[delete("/participants/{id}/identifiers/{identifier_id}")]
async fn delete_participant_identifier(
    app: web::Data<App>,
    staff: ProgrammeStaff,
    ids: web::Path<(ParticipantId, IdentifierId)>,
) -> Result<HttpResponse> {
    let (actor, ids) = (staff.actor(), ids.into_inner());
    let work = move |tx: &mut Tx<'_>| identifiers::remove(tx, &staff, ids);
    app.transact(actor, "delete_participant_identifier", work).await?;
    Ok(HttpResponse::NoContent().finish())
}
