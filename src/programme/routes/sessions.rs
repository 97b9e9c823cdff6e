//! URLs of sessions and who came.

use actix_web::{HttpRequest, HttpResponse, get, post, put, web};
use utoipa_actix_web::service_config::ServiceConfig;

use crate::access;
use crate::app::App;
use crate::db::{ParticipantId, ProgrammeSessionId};
use crate::error::Result;
use crate::http::{Keep, Page, PageQuery, Query, Request, created, ok};
use crate::identity::{Practitioner, ProgrammeStaff};
use crate::programme::sessions::{
    self, AttendanceBody, AttendanceView, CreateProgrammeSessionBody, MadeProgrammeSessionView, ProgrammeSessionView,
    SessionRow,
};
use crate::tx::Tx;

pub(super) fn routes(routes: &mut ServiceConfig) {
    routes
        .service(create_programme_session)
        .service(list_programme_sessions)
        .service(put_attendance)
        .service(put_session_attendance);
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
        let rows = sessions::list_sessions(tx.conn, &access, after, limit)?;
        let recorded = sessions::list_attendances(tx.conn, &rows)?;
        let view = |row| ProgrammeSessionView::with_history(tx.keys, &row, &recorded);
        Page::of(rows, limit, SessionRow::cursor, view)
    };
    Ok(app.transact(actor, "list_programme_sessions", work).await?.respond(&http))
}

/// Record whether the participant came
///
/// In place of what was recorded before, which stays to be seen; not before the day of the session, unless the programme
/// cancels it. Needs neither `If-Match` nor an `Idempotency-Key`.
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
