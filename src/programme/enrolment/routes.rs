//! URLs of programmes, enrolments and their reports.

mod reports;

use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::act::{self, EnrolmentTransitionBody};
use super::catalogue::{self, CreateProgrammeBody, ProgrammeView};
use super::enrol::{self, CreateEnrolmentBody, MadeEnrolmentView};
use super::model::{EnrolmentRow, EnrolmentView, ProgrammeRow};
use super::store;
use crate::access;
use crate::db::{EnrolmentId, ParticipantId, ReferralId, SubjectId};
use crate::http::{Answer, Call, Created, Listed, Listing, operations};
use crate::identity::{ProgrammeStaff, Staff, Supervisor};
use crate::participants::history::{self, TransitionRow, TransitionView};
use crate::transitions::ActionsView;
use crate::tx::{Subject, Tx};

/// `/partner/v1`
pub fn partner(routes: &mut ServiceConfig) {
    operations! { routes:
        list_programmes create_programme create_programme_enrolment list_participant_enrolments get_enrolment
        get_enrolment_actions create_enrolment_transition list_enrolment_transitions
    }
    reports::routes(routes);
}

/// List the programmes that you may enrol in
///
/// Every provider's, and your organisation's own; newest first.
#[utoipa::path(get, path = "/programmes", tag = "programme")]
async fn list_programmes(call: Listing<ProgrammeStaff>) -> Listed<ProgrammeView> {
    let key = |row: &ProgrammeRow| (row.created_at, Uuid::from(row.id));
    call.page_as(
        |tx: &mut Tx<'_>, staff: &Staff, after, limit| {
            let own = staff.organisation()?;
            tx.about(Subject::of("organisation", own));
            store::list_programmes(tx.conn, own, after, limit)
        },
        key,
        ProgrammeView::of,
    )
    .await
}

/// Add a programme of your organisation's own
#[utoipa::path(post, path = "/programmes", tag = "programme")]
async fn create_programme(call: Call<Supervisor, (), CreateProgrammeBody>) -> Created<ProgrammeView> {
    call.once(|tx: &mut Tx<'_>, staff: &Staff, body: &CreateProgrammeBody| {
        ProgrammeView::of(catalogue::create(tx, staff, body)?)
    })
    .await
}

/// Enrol the participant of a suitable referral
///
/// Moves the referral to `enrolled` and plans the programme's sessions, at one local time, evenly over its weeks; numbers
/// go on where the participant's sessions end.
#[utoipa::path(post, path = "/referrals/{id}/enrolments", tag = "programme")]
async fn create_programme_enrolment(
    call: Call<ProgrammeStaff, ReferralId, CreateEnrolmentBody>,
) -> Created<MadeEnrolmentView> {
    call.once(enrol::enrol).await
}

/// List a participant's enrolments
///
/// Newest first.
#[utoipa::path(get, path = "/participants/{id}/enrolments", tag = "programme")]
async fn list_participant_enrolments(call: Listing<ProgrammeStaff, ParticipantId>) -> Listed<EnrolmentView> {
    call.page_as(
        |tx: &mut Tx<'_>, staff: &Staff, id: ParticipantId, after, limit| {
            let access = access::participant(tx, staff, id)?;
            store::list_enrolments(tx.conn, &access, after, limit)
        },
        EnrolmentRow::cursor,
        |row| Ok(EnrolmentView::from(&row)),
    )
    .await
}

/// Read an enrolment
#[utoipa::path(get, path = "/enrolments/{id}", tag = "programme")]
async fn get_enrolment(call: Call<ProgrammeStaff, EnrolmentId>) -> Answer<EnrolmentView> {
    call.run(|tx: &mut Tx<'_>, staff: &Staff, id: EnrolmentId| {
        Ok(EnrolmentView::from(&act::enrolment_for(tx, staff, id)?.1))
    })
    .await
}

/// Read the state of an enrolment, and what you may do with it now
#[utoipa::path(get, path = "/enrolments/{id}/actions", tag = "programme")]
async fn get_enrolment_actions(call: Call<ProgrammeStaff, EnrolmentId>) -> Answer<ActionsView> {
    call.run(act::actions).await
}

/// Move an enrolment on
///
/// One transition of the table that `…/actions` serves; what it does not list is 409. `complete` waits for attendance to
/// be recorded for every session, `conclude` for an approved end-of-programme report.
#[utoipa::path(post, path = "/enrolments/{id}/transitions", tag = "programme")]
async fn create_enrolment_transition(
    call: Call<ProgrammeStaff, EnrolmentId, EnrolmentTransitionBody>,
) -> Answer<ActionsView> {
    call.once(|tx: &mut Tx<'_>, staff: &Staff, id: EnrolmentId, body: &EnrolmentTransitionBody| {
        act::act(tx, staff, id, body)?;
        act::actions(tx, staff, id)
    })
    .await
}

/// Read what was done with an enrolment
///
/// Each transition with who made it, when and why, those of its report too; newest first.
#[utoipa::path(get, path = "/enrolments/{id}/transitions", tag = "programme")]
async fn list_enrolment_transitions(call: Listing<ProgrammeStaff, EnrolmentId>) -> Listed<TransitionView> {
    let list = |tx: &mut Tx<'_>, staff: &Staff, id: EnrolmentId, after, limit| {
        let (access, _) = act::enrolment_for(tx, staff, id)?;
        history::list(tx.conn, &access, SubjectId(id.0), after, limit)
    };
    call.page(list, TransitionRow::cursor, |keys, row| TransitionView::of(keys, row.clone())).await
}
