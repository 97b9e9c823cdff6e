//! URLs of what waits for the programme's staff.

use utoipa_actix_web::service_config::ServiceConfig;

use crate::db::ProgrammeTaskId;
use crate::http::{Answer, Call, Listed, Listing, operations};
use crate::identity::ProgrammeStaff;
use crate::participants::tasks::{self, CompleteProgrammeTaskBody, ProgrammeTaskRow, ProgrammeTaskView};

pub(super) fn routes(routes: &mut ServiceConfig) {
    operations! { routes:
        list_programme_tasks complete_programme_task
    }
}

/// List what waits for you
///
/// Overdue allocations, notifications to police that are due or that nobody recorded in time, and orders that end soon,
/// of the participants whom you work with; for a supervisor, of all. Newest first, open ones alone.
#[utoipa::path(get, path = "/programme/tasks", tag = "programme")]
async fn list_programme_tasks(call: Listing<ProgrammeStaff>) -> Listed<ProgrammeTaskView> {
    call.page_as(tasks::list, ProgrammeTaskRow::cursor, |row| Ok(ProgrammeTaskView::from(row))).await
}

/// Complete a task
///
/// Says that it was dealt with; doing what it asks for closes it, too.
#[utoipa::path(post, path = "/programme/tasks/{id}/complete", tag = "programme")]
async fn complete_programme_task(
    call: Call<ProgrammeStaff, ProgrammeTaskId, CompleteProgrammeTaskBody>,
) -> Answer<ProgrammeTaskView> {
    call.once(tasks::complete).await
}
