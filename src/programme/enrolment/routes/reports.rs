//! URLs of end-of-programme reports.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, get, post, put, web};
use utoipa_actix_web::service_config::ServiceConfig;

use crate::access::ActionsView;
use crate::app::App;
use crate::db::EnrolmentId;
use crate::error::Result;
use crate::http::etag::{IfMatch, ok_tagged};
use crate::http::{Keep, Request, create, created, ok};
use crate::identity::ProgrammeStaff;
use crate::programme::enrolment::report::{self, EndReportBody, EndReportTransitionBody, EndReportView};
use crate::tx::Tx;

pub(super) fn routes(routes: &mut ServiceConfig) {
    routes
        .service(create_end_report)
        .service(get_end_report)
        .service(put_end_report)
        .service(get_end_report_actions)
        .service(create_end_report_transition);
}

/// Begin the end-of-programme report
///
/// One for each enrolment. Attendance and scores in it are counted from the records.
#[utoipa::path(tag = "programme", params(("id" = EnrolmentId, Path, description = "The enrolment")),
    request_body = EndReportBody, responses((status = 201, body = EndReportView)), security(("staff" = [])),
    extensions(("x-who" = json!(["practitioner", "supervisor"]))))]
#[post("/enrolments/{id}/end-report")]
async fn create_end_report(
    app: web::Data<App>,
    staff: ProgrammeStaff,
    id: web::Path<EnrolmentId>,
    request: Request<EndReportBody>,
) -> Result<HttpResponse> {
    let (call, body) = request.read()?;
    let (actor, id) = (staff.actor(), id.into_inner());
    let work = move |tx: &mut Tx<'_>| {
        let row = report::create(tx, &staff, id, &body)?;
        EndReportView::of(tx.keys, &row)
    };
    created(&app, actor, "create_end_report", (call, Keep::Answer), work, |view, _| view).await
}

/// See the end-of-programme report
#[utoipa::path(tag = "programme", params(("id" = EnrolmentId, Path, description = "The enrolment")),
    responses((status = 200, body = EndReportView)), security(("staff" = [])),
    extensions(("x-who" = json!(["practitioner", "supervisor"]))))]
#[get("/enrolments/{id}/end-report")]
async fn get_end_report(
    app: web::Data<App>,
    staff: ProgrammeStaff,
    id: web::Path<EnrolmentId>,
) -> Result<HttpResponse> {
    let (actor, id) = (staff.actor(), id.into_inner());
    let work = move |tx: &mut Tx<'_>| {
        let row = report::read(tx, &staff, id)?;
        Ok((row.version, EndReportView::of(tx.keys, &row)?))
    };
    let (version, view) = app.transact(actor, "get_end_report", work).await?;
    Ok(ok_tagged(version, view))
}

/// Write the end-of-programme report anew
///
/// While it is a draft. Needs `If-Match`.
#[utoipa::path(tag = "programme", params(("id" = EnrolmentId, Path, description = "The enrolment"),
    ("If-Match" = String, Header, description = "The ETag that you read")), request_body = EndReportBody,
    responses((status = 200, body = EndReportView)), security(("staff" = [])),
    extensions(("x-who" = json!(["practitioner", "supervisor"]))))]
#[put("/enrolments/{id}/end-report")]
async fn put_end_report(
    app: web::Data<App>,
    staff: ProgrammeStaff,
    id: web::Path<EnrolmentId>,
    seen: IfMatch,
    request: Request<EndReportBody>,
) -> Result<HttpResponse> {
    let (_, body) = request.read()?;
    let (actor, id) = (staff.actor(), id.into_inner());
    let work = move |tx: &mut Tx<'_>| {
        let row = report::replace(tx, &staff, id, &seen, &body)?;
        Ok((row.version, EndReportView::of(tx.keys, &row)?))
    };
    let (version, view) = app.transact(actor, "put_end_report", work).await?;
    Ok(ok_tagged(version, view))
}

/// See where a report stands, and what you may do with it now
#[utoipa::path(tag = "programme", params(("id" = EnrolmentId, Path, description = "The enrolment")),
    responses((status = 200, body = ActionsView)), security(("staff" = [])),
    extensions(("x-who" = json!(["practitioner", "supervisor"]))))]
#[get("/enrolments/{id}/end-report/actions")]
async fn get_end_report_actions(
    app: web::Data<App>,
    staff: ProgrammeStaff,
    id: web::Path<EnrolmentId>,
) -> Result<HttpResponse> {
    let (actor, id) = (staff.actor(), id.into_inner());
    let work = move |tx: &mut Tx<'_>| report::actions(tx, &staff, id);
    Ok(ok(app.transact(actor, "get_end_report_actions", work).await?))
}

/// Submit a report, give it back, or approve it
///
/// A supervisor approves; nobody approves what they wrote or submitted.
#[utoipa::path(tag = "programme", params(("id" = EnrolmentId, Path, description = "The enrolment")),
    request_body = EndReportTransitionBody, responses((status = 200, body = ActionsView)), security(("staff" = [])),
    extensions(("x-who" = json!(["practitioner", "supervisor"]))))]
#[post("/enrolments/{id}/end-report/transitions")]
async fn create_end_report_transition(
    app: web::Data<App>,
    staff: ProgrammeStaff,
    id: web::Path<EnrolmentId>,
    request: Request<EndReportTransitionBody>,
) -> Result<HttpResponse> {
    let (call, body) = request.read()?;
    let (actor, id) = (staff.actor(), id.into_inner());
    let work = move |tx: &mut Tx<'_>| {
        report::act(tx, &staff, id, &body)?;
        report::actions(tx, &staff, id)
    };
    let name = "create_end_report_transition";
    create(&app, actor, name, StatusCode::OK, (call, Keep::Answer), work, |view, _| view).await
}
