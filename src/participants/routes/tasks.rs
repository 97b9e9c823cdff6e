//! URLs of what waits for the programme's staff.

use utoipa_actix_web::service_config::ServiceConfig;

use crate::db::ProgrammeTaskId;
use crate::http::reply::paged;
use crate::http::{Answer, Call, Listed, Query, operations};
use crate::identity::ProgrammeStaff;
use crate::participants::tasks::{
    self, CompleteProgrammeTaskBody, ProgrammeTaskRow, ProgrammeTaskView, ProgrammeTasksQuery,
};

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
async fn list_programme_tasks(call: Call<ProgrammeStaff, (), Query<ProgrammeTasksQuery>>) -> Listed<ProgrammeTaskView> {
    let request = call.request.clone();
    let ((rows, references), limit) = call.list(tasks::list).await?;
    paged(&request, limit, rows, ProgrammeTaskRow::cursor, |row| {
        let participant_reference = references.get(&row.participant_id).cloned();
        Ok(ProgrammeTaskView { participant_reference, ..ProgrammeTaskView::from(row) })
    })
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
