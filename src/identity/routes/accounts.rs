//! URLs of accounts that are made: looking them up, ending them, letting their holders begin again.

use utoipa_actix_web::service_config::ServiceConfig;

use crate::db::{PoliceClientId, SecondPersonRequestId, StaffId};
use crate::http::reply::paged;
use crate::http::{Answer, Call, Created, EmptyBody, Listed, OrganisationPageQuery, Query, operations};
use crate::identity::accounts::{
    self, CreateSetupCodeBody, DisableStaffBody, DisabledStaffView, PatchStaffBody, PoliceClientView,
    RevokePoliceClientBody, RevokedPoliceClientView, StaffAccountView,
};
use crate::identity::extract::{Admin, Approver};
use crate::identity::model::StaffQuery;
use crate::identity::organisations::MadeStaffView;
use crate::identity::second_person::{self, ApproveBody, ApprovedView, RefusedView, SecondPersonRequestView};
use crate::tx::Tx;

pub(super) fn admin(routes: &mut ServiceConfig) {
    operations! { routes:
        list_staff patch_staff disable_staff create_setup_code list_second_person_requests
        refuse_second_person_request approve_staff
        list_police_clients approve_police_client revoke_police_client
    }
}

/// List staff accounts
///
/// Those that are out of use too, without `is_disabled`.
#[utoipa::path(get, path = "/staff", tag = "administration")]
async fn list_staff(call: Call<Admin, (), Query<StaffQuery>>) -> Listed<StaffAccountView> {
    call.page_as(accounts::list_staff, |view| (view.created_at, view.id.0), Ok).await
}

/// Correct the roles of a staff account
///
/// By the rules of a new account. Sessions that are open have the new roles from their next request on. Where no role is left
/// that works with records, what waited for them waits for others. Not your own. Where more roles take two people they wait
/// until another approves them.
#[utoipa::path(patch, path = "/staff/{id}", tag = "administration")]
async fn patch_staff(call: Call<Admin, StaffId, PatchStaffBody>) -> Answer<StaffAccountView> {
    call.run(accounts::change_roles).await
}

/// Disable a staff account
///
/// At once: its sessions and the enrolment codes that its holder made end, and shifts of theirs cover nothing. Alerts that
/// they had taken up climb again; others are notified of those whose other recipients have left. What they did stays. A new
/// setup code brings the account back. What waits for a second person about it is refused by this, also where
/// the account is out of use and waits to be put in use. Not your own.
#[utoipa::path(post, path = "/staff/{id}/disable", tag = "administration")]
async fn disable_staff(call: Call<Admin, StaffId, DisableStaffBody>) -> Answer<DisabledStaffView> {
    call.once(accounts::disable_staff).await
}

/// Create a new setup code for a staff account
///
/// For anyone who lost their password or second factor, or comes back: both end, and the account is out of use, with all that
/// this means, until its holder has set it up as when it was made. Unless something was only lost, enrolment codes that they
/// made end, and they say again how they are notified. The code is shown once; a repeat with the same Idempotency-Key is answered
/// 409. Not for your own account. Where it takes two people it waits until another approves it, and the account goes on till
/// then; its holder and the supervisors are notified at once.
#[utoipa::path(post, path = "/staff/{id}/setup-code", tag = "administration")]
async fn create_setup_code(call: Call<Admin, StaffId, CreateSetupCodeBody>) -> Created<MadeStaffView> {
    call.once_secret(accounts::create_setup_code).await
}

/// List what waits for a second person
///
/// For those who may be that person: the accounts, setup codes, roles, credentials and endpoints that they may approve, the
/// oldest first; administrators see all of them. An approval says the `id` of the request that was read.
#[utoipa::path(get, path = "/second-person-requests", tag = "administration")]
async fn list_second_person_requests(call: Call<Approver>) -> Listed<SecondPersonRequestView> {
    call.whole(second_person::list_requests).await
}

/// Refuse what waits for a second person
///
/// As somebody who may approve it; the person who asked for it withdraws it so. A new account, new credentials and a new endpoint are
/// never in use then; an account that was there before stays as it is.
#[utoipa::path(post, path = "/second-person-requests/{id}/refuse", tag = "administration")]
async fn refuse_second_person_request(call: Call<Approver, SecondPersonRequestId, EmptyBody>) -> Answer<RefusedView> {
    call.once(second_person::refuse).await
}

/// Approve what waits about a staff account
///
/// As the second person: another administrator, or a supervisor of the organisation (of any support organisation where it has
/// no other); not the one who asked for it, nor the one whom it is about. Two accounts of one human are not two people: those of
/// one name are refused, and nothing else shows it. Until then a new account cannot be set up, a setup code opens nothing, and
/// roles stay as they are.
#[utoipa::path(post, path = "/staff/{id}/approve", tag = "administration")]
async fn approve_staff(call: Call<Approver, StaffId, ApproveBody>) -> Answer<ApprovedView> {
    call.once(accounts::approve_staff).await
}

/// Approve the credentials of a police system
///
/// As the second person: another administrator, or a supervisor of a support organisation. Until then they open nothing.
#[utoipa::path(post, path = "/police-clients/{id}/approve", tag = "administration")]
async fn approve_police_client(call: Call<Approver, PoliceClientId, ApproveBody>) -> Answer<ApprovedView> {
    call.once(accounts::approve_police_client).await
}

/// List the credentials of police systems
///
/// Those that were ended too; never a secret.
#[utoipa::path(get, path = "/police-clients", tag = "administration")]
async fn list_police_clients(call: Call<Admin, (), Query<OrganisationPageQuery>>) -> Listed<PoliceClientView> {
    let Call { app, who: admin, body: query, action, request, .. } = call;
    let (organisation, after, limit) = query.read()?;
    let work = move |tx: &mut Tx<'_>| accounts::list_police_clients(tx, organisation, after, limit);
    let rows = app.transact(admin.actor(), action, work).await?;
    paged(&request, limit, rows, |view| (view.created_at, view.client_id.0), Ok)
}

/// Revoke the credentials of a police system
///
/// At once and for good, with its tokens. Alerts are still sent to the force's endpoints.
#[utoipa::path(post, path = "/police-clients/{id}/revoke", tag = "administration")]
async fn revoke_police_client(
    call: Call<Admin, PoliceClientId, RevokePoliceClientBody>,
) -> Answer<RevokedPoliceClientView> {
    call.once(accounts::revoke_police_client).await
}
