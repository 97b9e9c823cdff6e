//! URLs of one session: what is open, feedback, another time.

use utoipa_actix_web::service_config::ServiceConfig;

use crate::db::ProgrammeSessionId;
use crate::http::{Answer, Call, Created, Listed, Listing, operations};
use crate::identity::{Practitioner, ProgrammeStaff, Staff};
use crate::programme::sessions::feedback::{
    self, CreateSessionFeedbackBody, MadeSessionFeedbackView, SessionFeedbackView,
};
use crate::programme::sessions::reschedule::{self, RescheduleBody, RescheduledSessionView};
use crate::programme::sessions::{self, FeedbackRow, ProgrammeSessionView};
use crate::transitions::ActionsView;
use crate::tx::Tx;

pub(super) fn routes(routes: &mut ServiceConfig) {
    operations! { routes:
        get_programme_session get_programme_session_actions create_session_feedback list_session_feedback
        create_rescheduled_session
    }
}

/// Read a session
#[utoipa::path(get, path = "/sessions/{id}", tag = "programme")]
async fn get_programme_session(call: Call<ProgrammeStaff, ProgrammeSessionId>) -> Answer<ProgrammeSessionView> {
    let read = |tx: &mut Tx<'_>, staff: &Staff, id: ProgrammeSessionId| {
        let (_, row) = sessions::read(tx, staff, id)?;
        let recorded = sessions::list_attendances(tx.conn, std::slice::from_ref(&row))?;
        let actions = sessions::actions_of(staff, &row).actions;
        Ok((row, recorded, actions))
    };
    call.show_tagged(
        read,
        |(row, ..)| row.version,
        |keys, (row, recorded, actions)| {
            let view = ProgrammeSessionView::with_history(keys, row, recorded)?;
            Ok(ProgrammeSessionView { allowed_actions: Some(actions.clone()), ..view })
        },
    )
    .await
}

/// Read what you may do with a session now
#[utoipa::path(get, path = "/sessions/{id}/actions", tag = "programme")]
async fn get_programme_session_actions(call: Call<ProgrammeStaff, ProgrammeSessionId>) -> Answer<ActionsView> {
    call.run(sessions::open_to).await
}

/// Record feedback on a session
///
/// Once attendance is recorded; on an absence, too. With the chain of a behaviour where there is one to look at. A
/// further one is a new version.
#[utoipa::path(post, path = "/sessions/{id}/feedback", tag = "programme")]
async fn create_session_feedback(
    call: Call<Practitioner, ProgrammeSessionId, CreateSessionFeedbackBody>,
) -> Created<MadeSessionFeedbackView> {
    call.once(feedback::give).await
}

/// List the versions of the feedback on a session
///
/// The latest first: that one counts.
#[utoipa::path(get, path = "/sessions/{id}/feedback", tag = "programme")]
async fn list_session_feedback(call: Listing<ProgrammeStaff, ProgrammeSessionId>) -> Listed<SessionFeedbackView> {
    call.page(feedback::list, FeedbackRow::cursor, SessionFeedbackView::of).await
}

/// Reschedule a session
///
/// The old one stays as it was and points to the new one, which bears its number.
#[utoipa::path(post, path = "/sessions/{id}/reschedule", tag = "programme")]
async fn create_rescheduled_session(
    call: Call<Practitioner, ProgrammeSessionId, RescheduleBody>,
) -> Created<RescheduledSessionView> {
    call.once(reschedule::reschedule).await
}
