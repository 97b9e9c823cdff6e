//! What is done with the report at the end of a programme: writing it, submitting it, giving it back, approving it.

use actix_web::{HttpResponse, web};

use super::acts::{ActedOn, settle, with_record};
use crate::db::EnrolmentId;
use crate::error::{Error, Result};
use crate::http::etag::IfMatch;
use crate::identity::{ProgrammeStaff, Staff};
use crate::portal::pages::at;
use crate::portal::pages::case::handle;
use crate::portal::pages::visit::{Filled, Visit};
use crate::programme::{self, EndReportBody, EndReportTransitionBody, ReportEvent};
use crate::tx::Tx;

/// Below `/portal/participants/{reference}/enrolments/{enrolment}`
pub fn routes(routes: &mut web::ServiceConfig) {
    let of = |end: &str, deed: &'static str| {
        at(&format!("/participants/{{reference}}/enrolments/{{enrolment}}/end-report{end}"), deed)
    };
    routes
        .service(of("", "create_end_report").route(web::post().to(write_report)))
        .service(of("/of/{version}", "put_end_report").route(web::post().to(replace_report)))
        .service(of("/{step}", "create_end_report_transition").route(web::post().to(step_report)));
}

async fn write_report(
    visit: Visit<ProgrammeStaff>,
    path: web::Path<(String, String)>,
    form: Filled,
) -> Result<HttpResponse> {
    let (reference, letters) = path.into_inner();
    let body = form.read::<EndReportBody>(&[]);
    let done = with_record(&visit, EnrolmentId(handle::id(&letters)?), body, programme::create_report).await;
    settle(&visit, ActedOn::Report(reference, letters), ("report".to_owned(), form), done).await
}

/// A report, and the version that it was written from.
type Rewritten = (IfMatch, EndReportBody);

async fn replace_report(
    visit: Visit<ProgrammeStaff>,
    path: web::Path<(String, String, i32)>,
    form: Filled,
) -> Result<HttpResponse> {
    let (reference, letters, version) = path.into_inner();
    let body = form.read::<EndReportBody>(&[]).map(|body| (IfMatch::of(version), body));
    let work = |tx: &mut Tx<'_>, staff: &Staff, id: EnrolmentId, (seen, body): &Rewritten| {
        programme::replace_report(tx, staff, id, seen, body)
    };
    let done = with_record(&visit, EnrolmentId(handle::id(&letters)?), body, work).await;
    settle(&visit, ActedOn::Report(reference, letters), ("report".to_owned(), form), done).await
}

async fn step_report(
    visit: Visit<ProgrammeStaff>,
    path: web::Path<(String, String, String)>,
    form: Filled,
) -> Result<HttpResponse> {
    let (reference, letters, step) = path.into_inner();
    let event = match step.as_str() {
        "submit" => ReportEvent::Submit,
        "give-back" => ReportEvent::GiveBack,
        "approve" => ReportEvent::Approve,
        _ => return Err(Error::NotFound),
    };
    let form = form.with("event", event.to_string());
    let body = form.read::<EndReportTransitionBody>(&[]);
    let done = with_record(&visit, EnrolmentId(handle::id(&letters)?), body, programme::act_on_report).await;
    settle(&visit, ActedOn::Report(reference, letters), (step, form), done).await
}
