//! URLs of identity: signing in, setting up, enrolling, and what administrators make.

mod accounts;
mod organisations;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, get, post, web};
use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::devices::{self, DeviceView};
use super::enrol::{self, ConfirmBody, EnrolBody, EnrolledView, UnlockBody};
use super::extract::{Admin, ConfirmedSurvivor, Enroller, ProgrammeStaff, Staff, Survivor, peer};
use super::in_session::{self, ConfirmStaffBody, InSessionView};
use super::model::SessionKind;
use super::organisations::{
    self as made, CreatePoliceClientBody, CreateStaffBody, MadePoliceClientView, MadeStaffView,
};
use super::second_factor::SecondFactorView;
use super::session::{self, TokensView};
use super::sign_in::{self, PoliceTokenView, SetupBody, SetupView, SignInBody, StaffTokensView, TokenBody};
use crate::app::App;
use crate::crypto::Private;
use crate::db::{OrganisationId, StaffId};
use crate::error::Result;
use crate::http::{EmptyBody, Keep, Page, Request, create, created, ok, whole};
use crate::tx::{Subject, Tx};

/// `/app/v1`
pub fn app(routes: &mut ServiceConfig) {
    routes
        .service(create_enrolment)
        .service(unlock_session)
        .service(refresh_session)
        .service(lock_session)
        .service(confirm_session)
        .service(list_devices);
}

/// `/partner/v1`
pub fn partner(routes: &mut ServiceConfig) {
    routes
        .service(create_staff_session)
        .service(create_second_factor)
        .service(create_setup)
        .service(refresh_staff_session)
        .service(lock_staff_session)
        .service(confirm_staff_session)
        .service(get_in_session)
        .service(start_in_session)
        .service(get_me);
}

/// `/admin/v1`
pub fn admin(routes: &mut ServiceConfig) {
    routes
        .service(organisations::create_organisation)
        .service(organisations::list_organisations)
        .service(organisations::get_organisation)
        .service(organisations::patch_organisation)
        .service(create_staff)
        .service(accounts::list_staff)
        .service(accounts::patch_staff)
        .service(accounts::disable_staff)
        .service(accounts::create_setup_code)
        .service(create_police_client)
        .service(accounts::list_police_clients)
        .service(accounts::revoke_police_client);
}

/// `/police/v1`
pub fn police(routes: &mut ServiceConfig) {
    routes.service(create_police_token);
}

/// Enrol a phone with the code from the advocate
///
/// Answers the phone's secrets, which are shown once, and opens its first session.
#[utoipa::path(tag = "session", request_body = EnrolBody, responses((status = 201, body = EnrolledView)),
    extensions(("x-who" = json!(["anyone"]))))]
#[post("/enrol")]
async fn create_enrolment(app: web::Data<App>, request: Request<EnrolBody>) -> Result<HttpResponse> {
    let (_, body) = request.read()?;
    Ok(HttpResponse::Created().json(enrol::enrol(&app, body).await?))
}

/// Unlock an enrolled phone with its PIN
#[utoipa::path(tag = "session", request_body = UnlockBody, responses((status = 200, body = TokensView)),
    extensions(("x-who" = json!(["anyone"]))))]
#[post("/session/unlock")]
async fn unlock_session(app: web::Data<App>, request: Request<UnlockBody>) -> Result<HttpResponse> {
    let (_, body) = request.read()?;
    Ok(ok(enrol::unlock(&app, body).await?))
}

/// A refresh token.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct RefreshBody {
    /// The token of the last answer.
    #[garde(skip)]
    #[schema(value_type = String, max_length = 200)]
    refresh_token: Private,
}

/// Get the next pair of tokens
///
/// Within 60 seconds the token before still gives the same successor, for a phone with bad signal; later reuse ends
/// the session. The SOS token is not touched by either.
#[utoipa::path(tag = "session", request_body = RefreshBody, responses((status = 200, body = TokensView)),
    extensions(("x-who" = json!(["anyone"]))))]
#[post("/session/refresh")]
async fn refresh_session(app: web::Data<App>, request: Request<RefreshBody>) -> Result<HttpResponse> {
    let (_, body) = request.read()?;
    Ok(ok(session::refresh(&app, SessionKind::Survivor, &body.refresh_token).await?))
}

/// See your phones
///
/// Those that are in use. Asks for a PIN of the last 15 minutes: that there is another phone is nobody else's business.
#[utoipa::path(tag = "session", responses((status = 200, body = Page<DeviceView>)), security(("survivor" = [])),
    extensions(("x-who" = json!(["survivor"]))))]
#[get("/devices")]
async fn list_devices(app: web::Data<App>, who: ConfirmedSurvivor) -> Result<HttpResponse> {
    let items = app.read(move |conn, keys| devices::list_phones(conn, keys, &who)).await?;
    Ok(whole(items))
}

/// Give the PIN again
///
/// What must not be seen by whoever picks up an unlocked phone asks for a PIN of the last 15 minutes.
#[utoipa::path(tag = "session", request_body = ConfirmBody, responses((status = 204)), security(("survivor" = [])),
    extensions(("x-who" = json!(["survivor"]))))]
#[post("/session/confirm")]
async fn confirm_session(app: web::Data<App>, who: Survivor, request: Request<ConfirmBody>) -> Result<HttpResponse> {
    let (_, body) = request.read()?;
    enrol::confirm(&app, &who, body).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Lock the phone's session
///
/// Always 204, whether or not there was a session. Check-in schedules go on: the end of a session never stops one.
#[utoipa::path(tag = "session", request_body = RefreshBody, responses((status = 204)),
    extensions(("x-who" = json!(["anyone"]))))]
#[post("/session/lock")]
async fn lock_session(app: web::Data<App>, request: Request<RefreshBody>) -> Result<HttpResponse> {
    let (_, body) = request.read()?;
    session::lock(&app, &body.refresh_token).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Sign in as a member of staff
///
/// Every member of staff signs in here, administrators too. An account without a second factor gets a token that is
/// good for enrolling one, and nothing else.
#[utoipa::path(tag = "session", operation_id = "create_session", request_body = SignInBody,
    responses((status = 200, body = StaffTokensView)), extensions(("x-who" = json!(["anyone"]))))]
#[post("/session")]
async fn create_staff_session(
    app: web::Data<App>,
    http: HttpRequest,
    request: Request<SignInBody>,
) -> Result<HttpResponse> {
    let (_, body) = request.read()?;
    Ok(ok(sign_in::staff(&app, peer(&http), body).await?))
}

/// Get the next pair of staff tokens
#[utoipa::path(tag = "session", request_body = RefreshBody, responses((status = 200, body = TokensView)),
    extensions(("x-who" = json!(["anyone"]))))]
#[post("/session/refresh")]
async fn refresh_staff_session(app: web::Data<App>, request: Request<RefreshBody>) -> Result<HttpResponse> {
    let (_, body) = request.read()?;
    Ok(ok(session::refresh(&app, SessionKind::Staff, &body.refresh_token).await?))
}

/// Sign out
///
/// Always 204, whether or not there was a session.
#[utoipa::path(tag = "session", request_body = RefreshBody, responses((status = 204)),
    extensions(("x-who" = json!(["anyone"]))))]
#[post("/session/lock")]
async fn lock_staff_session(app: web::Data<App>, request: Request<RefreshBody>) -> Result<HttpResponse> {
    let (_, body) = request.read()?;
    session::lock(&app, &body.refresh_token).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Who a token belongs to.
#[derive(Serialize, ToSchema)]
struct MeView {
    /// The account.
    id: StaffId,
    /// Where they work.
    #[serde(skip_serializing_if = "Option::is_none")]
    organisation_id: Option<OrganisationId>,
    /// Their roles.
    roles: Vec<super::Role>,
}

/// See who you are signed in as
#[utoipa::path(tag = "session", responses((status = 200, body = MeView)), security(("staff" = [])),
    extensions(("x-who" = json!(["advocate", "practitioner", "supervisor", "police", "commissioner", "auditor", "administrator"]))))]
#[get("/me")]
async fn get_me(staff: Staff) -> Result<HttpResponse> {
    let roles = super::Role::ALL.iter().copied().filter(|role| staff.is(*role)).collect();
    Ok(ok(MeView { id: staff.id, organisation_id: staff.organisation().ok(), roles }))
}

/// Enrol a second factor
///
/// For an account that has none yet, with the token of its first sign-in. Confirmed by the next sign-in, which needs a
/// code from it.
#[utoipa::path(tag = "session", responses((status = 201, body = SecondFactorView)), security(("staff" = [])),
    extensions(("x-who" = json!(["second_factor"]))))]
#[post("/second-factor")]
async fn create_second_factor(app: web::Data<App>, staff: Enroller) -> Result<HttpResponse> {
    Ok(HttpResponse::Created().json(sign_in::enrol_second_factor(&app, &staff.0).await?))
}

/// Set an account up with its one-time code
#[utoipa::path(tag = "session", request_body = SetupBody, responses((status = 201, body = SetupView)),
    extensions(("x-who" = json!(["anyone"]))))]
#[post("/setup")]
async fn create_setup(app: web::Data<App>, request: Request<SetupBody>) -> Result<HttpResponse> {
    let (_, body) = request.read()?;
    Ok(HttpResponse::Created().json(sign_in::set_up(&app, body).await?))
}

/// Sign in as a police system
#[utoipa::path(tag = "session", request_body = TokenBody, responses((status = 200, body = PoliceTokenView)),
    extensions(("x-who" = json!(["anyone"]))))]
#[post("/token")]
async fn create_police_token(app: web::Data<App>, request: Request<TokenBody>) -> Result<HttpResponse> {
    let (_, body) = request.read()?;
    Ok(ok(sign_in::police(&app, body).await?))
}

/// Make a staff account
///
/// The setup code is shown once; a repeat with the same Idempotency-Key is answered 409.
#[utoipa::path(tag = "administration", request_body = CreateStaffBody, responses((status = 201, body = MadeStaffView)),
    security(("staff" = [])), extensions(("x-who" = json!(["administrator"]))))]
#[post("/staff")]
async fn create_staff(app: web::Data<App>, admin: Admin, request: Request<CreateStaffBody>) -> Result<HttpResponse> {
    let (call, body) = request.read()?;
    let now = app.clock.now();
    let new = app.key_store.create_subject(StaffId::new(now), now).await?;
    let work = move |tx: &mut Tx<'_>| made::create_staff(tx, new, &body);
    created(&app, admin.actor(), "create_staff", (call, Keep::Nothing), work, |made, _| made).await
}

/// Make credentials for a police system
///
/// The secret is shown once; a repeat with the same Idempotency-Key is answered 409.
#[utoipa::path(tag = "administration", request_body = CreatePoliceClientBody,
    responses((status = 201, body = MadePoliceClientView)), security(("staff" = [])),
    extensions(("x-who" = json!(["administrator"]))))]
#[post("/police-clients")]
async fn create_police_client(
    app: web::Data<App>,
    admin: Admin,
    request: Request<CreatePoliceClientBody>,
) -> Result<HttpResponse> {
    let (call, body) = request.read()?;
    let work = move |tx: &mut Tx<'_>| made::create_police_client(tx, &body);
    created(&app, admin.actor(), "create_police_client", (call, Keep::Nothing), work, |made, _| made).await
}

/// Give your password and one-time code again
///
/// Ends in-session mode for this session: what it hides comes back.
#[utoipa::path(tag = "session", request_body = ConfirmStaffBody, responses((status = 204)), security(("staff" = [])),
    extensions(("x-who" = json!(["advocate", "practitioner", "supervisor", "police", "commissioner", "auditor",
        "administrator"]))))]
#[post("/session/confirm")]
async fn confirm_staff_session(
    app: web::Data<App>,
    staff: Staff,
    request: Request<ConfirmStaffBody>,
) -> Result<HttpResponse> {
    let (_, body) = request.read()?;
    in_session::confirm(&app, &staff, body).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// See whether the survivor's side is hidden
#[utoipa::path(tag = "session", responses((status = 200, body = InSessionView)), security(("staff" = [])),
    extensions(("x-who" = json!(["practitioner", "supervisor"]))))]
#[get("/in-session")]
async fn get_in_session(app: web::Data<App>, staff: ProgrammeStaff) -> Result<HttpResponse> {
    let caller = staff.clone();
    let work = move |tx: &mut Tx<'_>| {
        tx.about(Subject::of("staff", caller.id));
        Ok(InSessionView::of(caller.in_session_at()))
    };
    Ok(ok(app.transact(staff.actor(), "get_in_session", work).await?))
}

/// Hide the survivor's side while the participant may be looking on
///
/// On every session of yours that is open, until you give your password and one-time code again: the survivor's side of
/// every case, its signals, and alerts.
#[utoipa::path(tag = "session", request_body = EmptyBody, responses((status = 200, body = InSessionView)),
    security(("staff" = [])), extensions(("x-who" = json!(["practitioner", "supervisor"]))))]
#[post("/in-session/start")]
async fn start_in_session(
    app: web::Data<App>,
    staff: ProgrammeStaff,
    request: Request<EmptyBody>,
) -> Result<HttpResponse> {
    let (call, _) = request.read()?;
    let (actor, caller) = (staff.actor(), staff.clone());
    let work = move |tx: &mut Tx<'_>| in_session::start(tx, &caller);
    create(&app, actor, "start_in_session", StatusCode::OK, (call, Keep::Answer), work, |view, _| view).await
}
