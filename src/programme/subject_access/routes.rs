//! URLs of participants' subject-access requests.

use utoipa_actix_web::service_config::ServiceConfig;

use super::act::{self, CreateSubjectAccessRequestBody, SubjectAccessContentView, SubjectAccessTransitionBody};
use super::model::{SubjectAccessRequestRow, SubjectAccessRequestView};
use super::store;
use crate::access;
use crate::db::{ParticipantId, SubjectAccessRequestId};
use crate::http::{Answer, Call, Created, Listed, Listing, operations};
use crate::identity::{ProgrammeStaff, Staff};
use crate::transitions::ActionsView;
use crate::tx::Tx;

/// `/partner/v1`
pub fn partner(routes: &mut ServiceConfig) {
    operations! { routes:
        create_subject_access_request list_subject_access_requests get_subject_access_request_actions
        get_subject_access_content create_subject_access_transition
    }
}

/// Record that a participant asks to see their record
#[utoipa::path(post, path = "/participants/{id}/subject-access-requests", tag = "programme")]
async fn create_subject_access_request(
    call: Call<ProgrammeStaff, ParticipantId, CreateSubjectAccessRequestBody>,
) -> Created<SubjectAccessRequestView> {
    call.once(|tx: &mut Tx<'_>, staff: &Staff, id: ParticipantId, body: &CreateSubjectAccessRequestBody| {
        Ok(SubjectAccessRequestView::from(&act::record(tx, staff, id, body)?))
    })
    .await
}

/// List a participant's requests to see their record
///
/// Newest first.
#[utoipa::path(get, path = "/participants/{id}/subject-access-requests", tag = "programme")]
async fn list_subject_access_requests(
    call: Listing<ProgrammeStaff, ParticipantId>,
) -> Listed<SubjectAccessRequestView> {
    call.page_as(
        |tx: &mut Tx<'_>, staff: &Staff, id: ParticipantId, after, limit| {
            let access = access::participant(tx, staff, id)?;
            store::list(tx.conn, &access, after, limit)
        },
        SubjectAccessRequestRow::cursor,
        |row| Ok(SubjectAccessRequestView::from(&row)),
    )
    .await
}

/// Read the state of a request, and what you may do with it now
#[utoipa::path(get, path = "/subject-access-requests/{id}/actions", tag = "programme")]
async fn get_subject_access_request_actions(call: Call<ProgrammeStaff, SubjectAccessRequestId>) -> Answer<ActionsView> {
    call.run(act::actions).await
}

/// Read what a request gives and what it withholds
///
/// Made of the programme's records alone; once released, what was given out.
#[utoipa::path(get, path = "/subject-access-requests/{id}/content", tag = "programme")]
async fn get_subject_access_content(
    call: Call<ProgrammeStaff, SubjectAccessRequestId>,
) -> Answer<SubjectAccessContentView> {
    call.run(act::see).await
}

/// Move a request on: prepare, approve, release or refuse it
///
/// `prepare` states what is withheld; one person approves, and another, a supervisor, releases.
#[utoipa::path(post, path = "/subject-access-requests/{id}/transitions", tag = "programme")]
async fn create_subject_access_transition(
    call: Call<ProgrammeStaff, SubjectAccessRequestId, SubjectAccessTransitionBody>,
) -> Answer<ActionsView> {
    call.once(|tx: &mut Tx<'_>, staff: &Staff, id: SubjectAccessRequestId, body: &SubjectAccessTransitionBody| {
        act::act(tx, staff, id, body)?;
        act::actions(tx, staff, id)
    })
    .await
}
