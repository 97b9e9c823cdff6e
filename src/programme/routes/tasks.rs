//! URLs of what waits for the programme's staff.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, get, post, web};
use utoipa_actix_web::service_config::ServiceConfig;

use crate::app::App;
use crate::db::ProgrammeTaskId;
use crate::error::Result;
use crate::http::{Keep, Page, PageQuery, Query, Request, create};
use crate::identity::ProgrammeStaff;
use crate::programme::tasks::{self, CompleteProgrammeTaskBody, ProgrammeTaskRow, ProgrammeTaskView};
use crate::tx::Tx;

pub(super) fn routes(routes: &mut ServiceConfig) {
    routes.service(list_programme_tasks).service(complete_programme_task);
}

/// List what waits for you
///
/// Overdue allocations, notifications to police that are due or that nobody recorded in time, and orders that end soon,
/// of the participants whom you work with; for a supervisor, of all. Newest first, open ones alone.
#[utoipa::path(tag = "programme", params(PageQuery), responses((status = 200, body = Page<ProgrammeTaskView>)),
    security(("staff" = [])), extensions(("x-who" = json!(["practitioner", "supervisor"]))))]
#[get("/programme/tasks")]
async fn list_programme_tasks(
    app: web::Data<App>,
    staff: ProgrammeStaff,
    http: HttpRequest,
    Query(query): Query<PageQuery>,
) -> Result<HttpResponse> {
    let (limit, after) = (query.limit()?, query.after()?);
    let actor = staff.actor();
    let work = move |tx: &mut Tx<'_>| {
        let rows = tasks::list(tx, &staff, after, limit)?;
        Page::of(rows, limit, ProgrammeTaskRow::cursor, |row| Ok(ProgrammeTaskView::from(row)))
    };
    Ok(app.transact(actor, "list_programme_tasks", work).await?.respond(&http))
}

/// Close a task
///
/// Says that it was dealt with; doing what it asks for closes it, too.
#[utoipa::path(tag = "programme", params(("id" = ProgrammeTaskId, Path, description = "The task")),
    request_body = CompleteProgrammeTaskBody, responses((status = 200, body = ProgrammeTaskView)),
    security(("staff" = [])), extensions(("x-who" = json!(["practitioner", "supervisor"]))))]
#[post("/programme/tasks/{id}/complete")]
async fn complete_programme_task(
    app: web::Data<App>,
    staff: ProgrammeStaff,
    id: web::Path<ProgrammeTaskId>,
    request: Request<CompleteProgrammeTaskBody>,
) -> Result<HttpResponse> {
    let (call, body) = request.read()?;
    let (actor, id) = (staff.actor(), id.into_inner());
    let work = move |tx: &mut Tx<'_>| tasks::complete(tx, &staff, id, &body);
    let name = "complete_programme_task";
    create(&app, actor, name, StatusCode::OK, (call, Keep::Answer), work, |view, _| view).await
}
