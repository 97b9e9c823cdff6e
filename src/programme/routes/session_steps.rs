//! URLs of one session: what is open, feedback, another time.

use actix_web::{HttpRequest, HttpResponse, get, post, web};
use utoipa_actix_web::service_config::ServiceConfig;

use crate::access::ActionsView;
use crate::app::App;
use crate::db::ProgrammeSessionId;
use crate::error::Result;
use crate::http::etag::ok_tagged;
use crate::http::{Keep, Page, PageQuery, Query, Request, created, ok};
use crate::identity::{Practitioner, ProgrammeStaff};
use crate::programme::sessions::feedback::{
    self, CreateSessionFeedbackBody, MadeSessionFeedbackView, SessionFeedbackView,
};
use crate::programme::sessions::reschedule::{self, RescheduleBody, RescheduledSessionView};
use crate::programme::sessions::{self, FeedbackRow, ProgrammeSessionView};
use crate::tx::Tx;

pub(super) fn routes(routes: &mut ServiceConfig) {
    routes
        .service(get_programme_session)
        .service(get_programme_session_actions)
        .service(create_session_feedback)
        .service(list_session_feedback)
        .service(create_rescheduled_session);
}

/// See a session
#[utoipa::path(tag = "programme", params(("id" = ProgrammeSessionId, Path, description = "The session")),
    responses((status = 200, body = ProgrammeSessionView)), security(("staff" = [])),
    extensions(("x-who" = json!(["practitioner", "supervisor"]))))]
#[get("/sessions/{id}")]
async fn get_programme_session(
    app: web::Data<App>,
    staff: ProgrammeStaff,
    id: web::Path<ProgrammeSessionId>,
) -> Result<HttpResponse> {
    let (actor, id) = (staff.actor(), id.into_inner());
    let work = move |tx: &mut Tx<'_>| {
        let (_, row) = sessions::read(tx, &staff, id)?;
        let recorded = sessions::list_attendances(tx.conn, std::slice::from_ref(&row))?;
        Ok((row.version, ProgrammeSessionView::with_history(tx.keys, &row, &recorded)?))
    };
    let (version, view) = app.transact(actor, "get_programme_session", work).await?;
    Ok(ok_tagged(version, view))
}

/// See what you may do with a session now
#[utoipa::path(tag = "programme", params(("id" = ProgrammeSessionId, Path, description = "The session")),
    responses((status = 200, body = ActionsView)), security(("staff" = [])),
    extensions(("x-who" = json!(["practitioner", "supervisor"]))))]
#[get("/sessions/{id}/actions")]
async fn get_programme_session_actions(
    app: web::Data<App>,
    staff: ProgrammeStaff,
    id: web::Path<ProgrammeSessionId>,
) -> Result<HttpResponse> {
    let (actor, id) = (staff.actor(), id.into_inner());
    let work = move |tx: &mut Tx<'_>| sessions::open_to(tx, &staff, id);
    Ok(ok(app.transact(actor, "get_programme_session_actions", work).await?))
}

/// Give feedback on a session
///
/// Once attendance is recorded; on an absence, too. With the chain of a behaviour where there is one to look at. A
/// further one is a new version.
#[utoipa::path(tag = "programme", params(("id" = ProgrammeSessionId, Path, description = "The session")),
    request_body = CreateSessionFeedbackBody, responses((status = 201, body = MadeSessionFeedbackView)),
    security(("staff" = [])), extensions(("x-who" = json!(["practitioner"]))))]
#[post("/sessions/{id}/feedback")]
async fn create_session_feedback(
    app: web::Data<App>,
    staff: Practitioner,
    id: web::Path<ProgrammeSessionId>,
    request: Request<CreateSessionFeedbackBody>,
) -> Result<HttpResponse> {
    let (call, body) = request.read()?;
    let (actor, id) = (staff.actor(), id.into_inner());
    let work = move |tx: &mut Tx<'_>| feedback::give(tx, &staff, id, &body);
    created(&app, actor, "create_session_feedback", (call, Keep::Answer), work, |made, _| made).await
}

/// List the versions of the feedback on a session
///
/// The latest first: that one counts.
#[utoipa::path(tag = "programme", params(("id" = ProgrammeSessionId, Path, description = "The session"), PageQuery),
    responses((status = 200, body = Page<SessionFeedbackView>)), security(("staff" = [])),
    extensions(("x-who" = json!(["practitioner", "supervisor"]))))]
#[get("/sessions/{id}/feedback")]
async fn list_session_feedback(
    app: web::Data<App>,
    staff: ProgrammeStaff,
    id: web::Path<ProgrammeSessionId>,
    http: HttpRequest,
    Query(query): Query<PageQuery>,
) -> Result<HttpResponse> {
    let (limit, after) = (query.limit()?, query.after()?);
    let (actor, id) = (staff.actor(), id.into_inner());
    let work = move |tx: &mut Tx<'_>| {
        let rows = feedback::list(tx, &staff, id, after, limit)?;
        Page::of(rows, limit, FeedbackRow::cursor, |row| SessionFeedbackView::of(tx.keys, &row))
    };
    Ok(app.transact(actor, "list_session_feedback", work).await?.respond(&http))
}

/// Hold a session at another time
///
/// The old one stays as it was and points to the new one, which bears its number.
#[utoipa::path(tag = "programme", params(("id" = ProgrammeSessionId, Path, description = "The session")),
    request_body = RescheduleBody, responses((status = 201, body = RescheduledSessionView)),
    security(("staff" = [])), extensions(("x-who" = json!(["practitioner"]))))]
#[post("/sessions/{id}/reschedule")]
async fn create_rescheduled_session(
    app: web::Data<App>,
    staff: Practitioner,
    id: web::Path<ProgrammeSessionId>,
    request: Request<RescheduleBody>,
) -> Result<HttpResponse> {
    let (call, body) = request.read()?;
    let (actor, id) = (staff.actor(), id.into_inner());
    let work = move |tx: &mut Tx<'_>| reschedule::reschedule(tx, &staff, id, &body);
    created(&app, actor, "create_rescheduled_session", (call, Keep::Answer), work, |made, _| made).await
}
