//! URLs of sessions and who came.

use utoipa_actix_web::service_config::ServiceConfig;

use crate::access;
use crate::db::{ParticipantId, ProgrammeSessionId};
use crate::http::{Answer, Call, Created, ListRequest, Listed, Query, operations};
use crate::identity::{Practitioner, ProgrammeStaff, Staff};
use crate::programme::sessions::{
    self, AttendanceBody, AttendanceView, CreateProgrammeSessionBody, MadeProgrammeSessionView, ProgrammeSessionView,
    SessionRow, SessionsQuery,
};
use crate::tx::Tx;

pub(super) fn routes(routes: &mut ServiceConfig) {
    operations! { routes:
        create_programme_session list_programme_sessions put_attendance put_session_attendance
    }
}

/// Plan a session
#[utoipa::path(post, path = "/participants/{id}/sessions", tag = "programme")]
async fn create_programme_session(
    call: Call<Practitioner, ParticipantId, CreateProgrammeSessionBody>,
) -> Created<MadeProgrammeSessionView> {
    call.once(sessions::plan).await
}

/// List a participant's sessions
///
/// The latest planned first.
#[utoipa::path(get, path = "/participants/{id}/sessions", tag = "programme")]
async fn list_programme_sessions(
    call: Call<ProgrammeStaff, ParticipantId, Query<SessionsQuery>>,
) -> Listed<ProgrammeSessionView> {
    let list = |tx: &mut Tx<'_>, staff: &Staff, id: ParticipantId, asked: &ListRequest<SessionsQuery>| {
        let access = access::participant(tx, staff, id)?;
        let rows = sessions::list_asked(tx.conn, &access, asked)?;
        let recorded = sessions::list_attendances(tx.conn, &rows)?;
        Ok((rows, recorded))
    };
    call.page_with(list, SessionRow::cursor, |keys, row, recorded| {
        ProgrammeSessionView::with_history(keys, row, recorded)
    })
    .await
}

/// Record whether the participant came
///
/// In place of what was recorded before, which stays to be seen; not before the day of the session, unless the programme
/// cancels it. Needs neither `If-Match` nor an `Idempotency-Key`.
#[utoipa::path(put, path = "/participants/{id}/sessions/{session_id}/attendance", tag = "programme")]
async fn put_attendance(
    call: Call<Practitioner, (ParticipantId, ProgrammeSessionId), AttendanceBody>,
) -> Answer<AttendanceView> {
    call.run(
        |tx: &mut Tx<'_>, staff: &Staff, (id, session): (ParticipantId, ProgrammeSessionId), body: &AttendanceBody| {
            sessions::record_attendance(tx, staff, (Some(id), session), body)
        },
    )
    .await
}

/// Record whether the participant came, by the session alone
///
/// The same as under the participant, for a caller that knows only the session.
#[utoipa::path(put, path = "/sessions/{id}/attendance", tag = "programme")]
async fn put_session_attendance(
    call: Call<Practitioner, ProgrammeSessionId, AttendanceBody>,
) -> Answer<AttendanceView> {
    call.run(|tx: &mut Tx<'_>, staff: &Staff, session: ProgrammeSessionId, body: &AttendanceBody| {
        sessions::record_attendance(tx, staff, (None, session), body)
    })
    .await
}
