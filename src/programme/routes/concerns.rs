//! URLs of what a practitioner fears.

use actix_web::{HttpRequest, HttpResponse, get, post, web};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use crate::app::App;
use crate::db::ParticipantId;
use crate::error::Result;
use crate::http::{Keep, Page, PageQuery, Query, Request, created};
use crate::identity::{Practitioner, ProgrammeStaff};
use crate::programme::concerns::{self, ConcernView, CreateConcernBody, MadeConcernView};
use crate::programme::model::ConcernRow;
use crate::tx::Tx;

pub(super) fn routes(routes: &mut ServiceConfig) {
    routes.service(create_participant_concern).service(list_participant_concerns);
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
        Page::of(rows, limit, key, |row| ConcernView::of(tx.keys, &row))
    };
    Ok(app.transact(actor, "list_participant_concerns", work).await?.respond(&http))
}
