//! URLs of accounts that are made: looking them up, ending them, letting their holders begin anew.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, get, patch, post, web};

use crate::app::App;
use crate::db::{PoliceClientId, StaffId};
use crate::error::Result;
use crate::http::{Keep, OrganisationPageQuery, Page, Query, Request, create, created, ok};
use crate::identity::accounts::{
    self, CreateSetupCodeBody, DisableStaffBody, DisabledStaffView, PatchStaffBody, PoliceClientView,
    RevokePoliceClientBody, RevokedPoliceClientView, StaffAccountView,
};
use crate::identity::extract::Admin;
use crate::identity::organisations::MadeStaffView;
use crate::tx::Tx;

/// List staff accounts
///
/// Those that are out of use too.
#[utoipa::path(tag = "administration", params(OrganisationPageQuery), responses((status = 200, body = Page<StaffAccountView>)),
    security(("staff" = [])), extensions(("x-who" = json!(["administrator"]))))]
#[get("/staff")]
pub(super) async fn list_staff(
    app: web::Data<App>,
    admin: Admin,
    query: Query<OrganisationPageQuery>,
    http: HttpRequest,
) -> Result<HttpResponse> {
    let (organisation, after, limit) = query.0.read()?;
    let work = move |tx: &mut Tx<'_>| accounts::list_staff(tx, organisation, after, limit);
    let rows = app.transact(admin.actor(), "list_staff", work).await?;
    Ok(Page::of(rows, limit, |view| (view.created_at, view.id.0), Ok)?.respond(&http))
}

/// Correct the roles of a staff account
///
/// By the rules of a new account. Sessions that are open have the new roles from their next request on. Where no role is left
/// that works with records, what waited for them waits for others. Not your own.
#[utoipa::path(tag = "administration", request_body = PatchStaffBody, responses((status = 200, body = StaffAccountView)),
    params(("id" = StaffId, Path)), security(("staff" = [])), extensions(("x-who" = json!(["administrator"]))))]
#[patch("/staff/{id}")]
pub(super) async fn patch_staff(
    app: web::Data<App>,
    admin: Admin,
    id: web::Path<StaffId>,
    request: Request<PatchStaffBody>,
) -> Result<HttpResponse> {
    let ((_, body), id) = (request.read()?, id.into_inner());
    let caller = admin.clone();
    let work = move |tx: &mut Tx<'_>| accounts::change_roles(tx, &caller, id, &body);
    Ok(ok(app.transact(admin.actor(), "patch_staff", work).await?))
}

/// Take a staff account out of use
///
/// At once: its sessions and the enrolment codes that its holder made end, and shifts of theirs cover nothing. Alerts that
/// they had taken up climb again; others are told of those that nobody else is left who was told of. What they did stays
/// told of. A new setup code brings the account back. Not your own.
#[utoipa::path(tag = "administration", request_body = DisableStaffBody,
    responses((status = 200, body = DisabledStaffView)),
    params(("id" = StaffId, Path)), security(("staff" = [])), extensions(("x-who" = json!(["administrator"]))))]
#[post("/staff/{id}/disable")]
pub(super) async fn disable_staff(
    app: web::Data<App>,
    admin: Admin,
    id: web::Path<StaffId>,
    request: Request<DisableStaffBody>,
) -> Result<HttpResponse> {
    let ((call, body), id) = (request.read()?, id.into_inner());
    let (actor, caller) = (admin.actor(), admin.clone());
    let work = move |tx: &mut Tx<'_>| accounts::disable_staff(tx, &caller, id, &body);
    create(&app, actor, "disable_staff", StatusCode::OK, (call, Keep::Answer), work, |view, _| view).await
}

/// Give a staff account a new setup code
///
/// For whoever lost their password or second factor, or comes back: both end, and the account is out of use, with all that
/// this means, until its holder has set it up as when it was made. Unless something was only lost, enrolment codes that they
/// made end, and they say anew how they are told. The code is shown once; a repeat with the same Idempotency-Key is answered
/// 409. Not for your own account.
#[utoipa::path(tag = "administration", request_body = CreateSetupCodeBody,
    responses((status = 201, body = MadeStaffView)),
    params(("id" = StaffId, Path)), security(("staff" = [])), extensions(("x-who" = json!(["administrator"]))))]
#[post("/staff/{id}/setup-code")]
pub(super) async fn create_setup_code(
    app: web::Data<App>,
    admin: Admin,
    id: web::Path<StaffId>,
    request: Request<CreateSetupCodeBody>,
) -> Result<HttpResponse> {
    let ((call, body), id) = (request.read()?, id.into_inner());
    let (actor, caller) = (admin.actor(), admin.clone());
    let work = move |tx: &mut Tx<'_>| accounts::create_setup_code(tx, &caller, id, &body);
    created(&app, actor, "create_setup_code", (call, Keep::Nothing), work, |made, _| made).await
}

/// List the credentials of police systems
///
/// Those that were ended too; never a secret.
#[utoipa::path(tag = "administration", params(OrganisationPageQuery), responses((status = 200, body = Page<PoliceClientView>)),
    security(("staff" = [])), extensions(("x-who" = json!(["administrator"]))))]
#[get("/police-clients")]
pub(super) async fn list_police_clients(
    app: web::Data<App>,
    admin: Admin,
    query: Query<OrganisationPageQuery>,
    http: HttpRequest,
) -> Result<HttpResponse> {
    let (organisation, after, limit) = query.0.read()?;
    let work = move |tx: &mut Tx<'_>| accounts::list_police_clients(tx, organisation, after, limit);
    let rows = app.transact(admin.actor(), "list_police_clients", work).await?;
    Ok(Page::of(rows, limit, |view| (view.created_at, view.client_id.0), Ok)?.respond(&http))
}

/// End the credentials of a police system
///
/// At once and for good, with its tokens. Alerts are still sent to the force's endpoints.
#[utoipa::path(tag = "administration", request_body = RevokePoliceClientBody,
    responses((status = 200, body = RevokedPoliceClientView)),
    params(("id" = PoliceClientId, Path)), security(("staff" = [])),
    extensions(("x-who" = json!(["administrator"]))))]
#[post("/police-clients/{id}/revoke")]
pub(super) async fn revoke_police_client(
    app: web::Data<App>,
    admin: Admin,
    id: web::Path<PoliceClientId>,
    request: Request<RevokePoliceClientBody>,
) -> Result<HttpResponse> {
    let ((call, body), id) = (request.read()?, id.into_inner());
    let work = move |tx: &mut Tx<'_>| accounts::revoke_police_client(tx, id, &body);
    let actor = admin.actor();
    create(&app, actor, "revoke_police_client", StatusCode::OK, (call, Keep::Answer), work, |view, _| view).await
}
