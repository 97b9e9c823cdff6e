//! URLs of end-of-programme reports.

use utoipa_actix_web::service_config::ServiceConfig;

use crate::db::EnrolmentId;
use crate::http::{Answer, Call, Created, Matching, operations};
use crate::identity::{ProgrammeStaff, Staff};
use crate::programme::enrolment::report::{self, EndReportBody, EndReportTransitionBody, EndReportView};
use crate::transitions::ActionsView;
use crate::tx::Tx;

pub(super) fn routes(routes: &mut ServiceConfig) {
    operations! { routes:
        create_end_report get_end_report put_end_report get_end_report_actions create_end_report_transition
    }
}

/// Create the end-of-programme report
///
/// One for each enrolment. Attendance and scores in it are counted from the records.
#[utoipa::path(post, path = "/enrolments/{id}/end-report", tag = "programme")]
async fn create_end_report(call: Call<ProgrammeStaff, EnrolmentId, EndReportBody>) -> Created<EndReportView> {
    call.once_opened(report::create, EndReportView::of).await
}

/// Read the end-of-programme report
#[utoipa::path(get, path = "/enrolments/{id}/end-report", tag = "programme")]
async fn get_end_report(call: Call<ProgrammeStaff, EnrolmentId>) -> Answer<EndReportView> {
    call.show_tagged(report::read, |row| row.version, EndReportView::of).await
}

/// Replace the end-of-programme report
///
/// While it is a draft. Needs `If-Match`.
#[utoipa::path(put, path = "/enrolments/{id}/end-report", tag = "programme")]
async fn put_end_report(call: Call<ProgrammeStaff, EnrolmentId, Matching<EndReportBody>>) -> Answer<EndReportView> {
    call.show_tagged(report::replace, |row| row.version, EndReportView::of).await
}

/// Read the state of a report, and what you may do with it now
#[utoipa::path(get, path = "/enrolments/{id}/end-report/actions", tag = "programme")]
async fn get_end_report_actions(call: Call<ProgrammeStaff, EnrolmentId>) -> Answer<ActionsView> {
    call.run(report::actions).await
}

/// Submit a report, give it back, or approve it
///
/// A supervisor approves; nobody approves what they wrote or submitted.
#[utoipa::path(post, path = "/enrolments/{id}/end-report/transitions", tag = "programme")]
async fn create_end_report_transition(
    call: Call<ProgrammeStaff, EnrolmentId, EndReportTransitionBody>,
) -> Answer<ActionsView> {
    call.once(|tx: &mut Tx<'_>, staff: &Staff, id: EnrolmentId, body: &EndReportTransitionBody| {
        report::act(tx, staff, id, body)?;
        report::actions(tx, staff, id)
    })
    .await
}
