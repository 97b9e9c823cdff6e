//! Whom a survivor reports: for the staff of their side alone.

use utoipa_actix_web::service_config::ServiceConfig;

use crate::access;
use crate::db::{ReportedPersonId, SurvivorId};
use crate::http::{Call, Created, Done, Listed, operations};
use crate::identity::{Staff, SupportStaff};
use crate::safety::reported::{self, CreateReportedPersonBody, ReportedPersonView};
use crate::tx::Tx;

pub(super) fn partner(routes: &mut ServiceConfig) {
    operations! { routes: create_reported_person list_reported_persons delete_reported_person }
}

/// Record whom a survivor reports
///
/// Whether or not a programme works with that person, who never learns of it, nor does the programme. Shown to the person who
/// answers a grave alert, and to named officers of a force that was notified.
#[utoipa::path(post, path = "/survivors/{id}/reported-persons", tag = "survivors")]
async fn create_reported_person(
    call: Call<SupportStaff, SurvivorId, CreateReportedPersonBody>,
) -> Created<ReportedPersonView> {
    call.once_opened(reported::create, ReportedPersonView::of).await
}

/// List whom a survivor reports
#[utoipa::path(get, path = "/survivors/{id}/reported-persons", tag = "survivors")]
async fn list_reported_persons(call: Call<SupportStaff, SurvivorId>) -> Listed<ReportedPersonView> {
    call.whole_of(
        |tx: &mut Tx<'_>, staff: &Staff, id: SurvivorId| {
            let access = access::survivor(tx, staff, id)?;
            reported::list_reported(tx.conn, &access)
        },
        |row| row.id.0,
        ReportedPersonView::of,
    )
    .await
}

/// Remove somebody whom a survivor was said to report
#[utoipa::path(delete, path = "/survivors/{id}/reported-persons/{person_id}", tag = "survivors")]
async fn delete_reported_person(call: Call<SupportStaff, (SurvivorId, ReportedPersonId)>) -> Done {
    call.done(reported::remove).await
}
