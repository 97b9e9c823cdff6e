//! URLs of participants: their records.

use actix_web::{HttpRequest, HttpResponse, get, post, web};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use crate::app::App;
use crate::db::ParticipantId;
use crate::error::Result;
use crate::http::etag::ok_tagged;
use crate::http::{Keep, Page, PageQuery, Query, Request, created};
use crate::identity::{Practitioner, ProgrammeStaff};
use crate::programme::model::ParticipantRow;
use crate::programme::participants::{self, CreateParticipantBody, MadeParticipantView, ParticipantView};
use crate::tx::Tx;

pub(super) fn routes(routes: &mut ServiceConfig) {
    routes.service(create_participant).service(list_participants).service(get_participant);
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
