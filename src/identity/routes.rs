//! URLs of identity: signing in, setting up, enrolling, and what administrators make.

mod accounts;
mod organisations;

use actix_web::{HttpResponse, post, web};
use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::devices::enrol::{self, EnrolBody, EnrolledView};
use super::devices::pins::{self, ConfirmBody, UnlockBody};
use super::devices::{self, DeviceView};
use super::extract::{Admin, ConfirmedSurvivor, Enrolled, Enroller, ProgrammeStaff, Staff, Survivor};
use super::in_session::{self, ConfirmStaffBody, InSessionView};
use super::model::SessionKind;
use super::organisations::{
    self as made, CreatePoliceClientBody, CreateStaffBody, MadePoliceClientView, MadeStaffView,
};
use super::secrets::{self, ChangePinBody};
use super::sign_in::second_factor::SecondFactorView;
use super::sign_in::session::{self, TokensView};
use super::sign_in::{self, PoliceTokenView, SetupBody, SetupView, SignInBody, StaffTokensView, TokenBody};
use crate::app::App;
use crate::crypto::Private;
use crate::db::{OrganisationId, StaffId};
use crate::error::Result;
use crate::http::address::ClientAddress;
use crate::http::operation::Described;
use crate::http::reply::{done, reply, whole_reply};
use crate::http::throttle::to_its_end;
use crate::http::{Answer, Anyone, Call, Created, Done, EmptyBody, Listed, operations};
use crate::tx::{Subject, Tx};

/// `/app/v1`
pub fn app(routes: &mut ServiceConfig) {
    operations! { routes:
        create_enrolment unlock_session refresh_session lock_session confirm_session change_pin list_devices
    }
}

/// `/partner/v1`
pub fn partner(routes: &mut ServiceConfig) {
    operations! { routes: create_staff_session }
    routes.service(Described(create_second_factor));
    operations! { routes:
        create_setup refresh_staff_session lock_staff_session confirm_staff_session get_in_session start_in_session
        get_me
    }
}

/// `/admin/v1`
pub fn admin(routes: &mut ServiceConfig) {
    organisations::admin(routes);
    operations! { routes: create_staff create_police_client }
    accounts::admin(routes);
}

/// `/police/v1`
pub fn police(routes: &mut ServiceConfig) {
    operations! { routes: create_police_token }
}

/// Enrol a phone with the code from the advocate
///
/// Answers the phone's secrets, which are shown once, and opens its first session. The first phone of a record works at once. A
/// further one takes check-ins, timers, new incidents and cries for help, and is otherwise answered 403 `phone_not_confirmed`
/// until somebody at the service has heard the code word from you.
#[utoipa::path(post, path = "/enrol", tag = "session")]
async fn create_enrolment(call: Call<Anyone, (), EnrolBody>) -> Created<EnrolledView> {
    reply(enrol::enrol(&call.app, call.body).await?)
}

/// Unlock an enrolled phone with its PIN
#[utoipa::path(post, path = "/session/unlock", tag = "session")]
async fn unlock_session(call: Call<Anyone, (), UnlockBody>) -> Answer<TokensView> {
    let Call { app, body, .. } = call;
    reply(to_its_end(async move { pins::unlock(&app, body).await }).await?)
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

/// Refresh the pair of tokens
///
/// Within 60 seconds the token before still gives the same successor, for a phone with bad signal; later reuse ends
/// the session. The SOS token is not touched by either.
#[utoipa::path(post, path = "/session/refresh", tag = "session")]
async fn refresh_session(call: Call<Anyone, (), RefreshBody>) -> Answer<TokensView> {
    reply(session::refresh(&call.app, SessionKind::Survivor, &call.body.refresh_token).await?)
}

/// Read your phones
///
/// Those that are in use. Asks for a PIN of the last 15 minutes: that there is another phone is nobody else's business.
#[utoipa::path(get, path = "/devices", tag = "session")]
async fn list_devices(call: Call<ConfirmedSurvivor>) -> Listed<DeviceView> {
    let Call { app, who, .. } = call;
    let (asking, now) = (who.device, app.clock.now());
    let rows = app.db.read(move |conn| devices::list_phones(conn, &who, now)).await?;
    whole_reply(app.views(&rows, |row| row.id.0, |keys, row| DeviceView::of(keys, row, asking)).await?)
}

/// Confirm the PIN
///
/// What must not be seen by the person who picks up an unlocked phone asks for a PIN of the last 15 minutes.
#[utoipa::path(post, path = "/session/confirm", tag = "session")]
async fn confirm_session(call: Call<Enrolled, (), ConfirmBody>) -> Done {
    let Call { app, who, body, .. } = call;
    to_its_end(async move { pins::confirm(&app, &who.sender(), body).await }).await?;
    done()
}

/// Change your PIN, your duress PIN or your code word
///
/// With the PIN as it is. PINs are changed at once, on this phone. A code word that is set already counts until the delay is
/// over, a day unless the service has set another; and one that is changed while an emergency is open does not close it. A danger
/// word that is set already is heard until the same delay is over. The people who support you are notified.
#[utoipa::path(post, path = "/session/pin", tag = "session")]
async fn change_pin(call: Call<Survivor, (), ChangePinBody>) -> Done {
    let Call { app, who, body, .. } = call;
    to_its_end(async move { secrets::change(&app, &who, body).await }).await?;
    done()
}

/// Lock the phone's session
///
/// Always 204, whether or not there was a session. Check-in schedules go on: the end of a session never stops one.
#[utoipa::path(post, path = "/session/lock", tag = "session")]
async fn lock_session(call: Call<Anyone, (), RefreshBody>) -> Done {
    session::lock(&call.app, &call.body.refresh_token).await?;
    done()
}

/// Sign in as a member of staff
///
/// Every member of staff signs in here, administrators too. An account without a second factor gets a token that is
/// good for enrolling one, and nothing else.
#[utoipa::path(post, path = "/session", tag = "session", operation_id = "create_session")]
async fn create_staff_session(call: Call<Anyone, (), SignInBody>) -> Answer<StaffTokensView> {
    let from = ClientAddress::of(&call.request, &call.app.config.trusted_proxies);
    let Call { app, body, .. } = call;
    reply(to_its_end(async move { sign_in::staff(&app, from, body).await }).await?)
}

/// Refresh the pair of staff tokens
#[utoipa::path(post, path = "/session/refresh", tag = "session")]
async fn refresh_staff_session(call: Call<Anyone, (), RefreshBody>) -> Answer<TokensView> {
    reply(session::refresh(&call.app, SessionKind::Staff, &call.body.refresh_token).await?)
}

/// Sign out
///
/// Always 204, whether or not there was a session.
#[utoipa::path(post, path = "/session/lock", tag = "session")]
async fn lock_staff_session(call: Call<Anyone, (), RefreshBody>) -> Done {
    session::lock(&call.app, &call.body.refresh_token).await?;
    done()
}

/// Who a token belongs to.
#[serde_with::skip_serializing_none]
#[derive(Serialize, ToSchema)]
struct MeView {
    /// The account.
    id: StaffId,
    /// Where they work.
    organisation_id: Option<OrganisationId>,
    /// Their roles.
    roles: Vec<super::Role>,
}

/// Read who you are signed in as
#[utoipa::path(get, path = "/me", tag = "session")]
async fn get_me(call: Call<Staff>) -> Answer<MeView> {
    let Call { who: staff, .. } = call;
    let roles = super::Role::ALL.iter().copied().filter(|role| staff.is(*role)).collect();
    reply(MeView { id: staff.id, organisation_id: staff.organisation().ok(), roles })
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
#[utoipa::path(post, path = "/setup", tag = "session")]
async fn create_setup(call: Call<Anyone, (), SetupBody>) -> Created<SetupView> {
    reply(sign_in::set_up(&call.app, call.body).await?)
}

/// Sign in as a police system
#[utoipa::path(post, path = "/token", tag = "session")]
async fn create_police_token(call: Call<Anyone, (), TokenBody>) -> Answer<PoliceTokenView> {
    reply(sign_in::police(&call.app, call.body).await?)
}

/// Create a staff account
///
/// The setup code is shown once; a repeat with the same Idempotency-Key is answered 409. One account is never an
/// administrator's and works with records. Where an account takes two people (`state: awaiting_second_person`) the code is good
/// once another has approved it.
#[utoipa::path(post, path = "/staff", tag = "administration")]
async fn create_staff(call: Call<Admin, (), CreateStaffBody>) -> Created<MadeStaffView> {
    let now = call.app.clock.now();
    let new = call.app.key_store.create_subject(StaffId::new(now), now).await?;
    call.once_secret(move |tx: &mut Tx<'_>, body: &CreateStaffBody| made::create_staff(tx, new, body)).await
}

/// Create credentials for a police system
///
/// The secret is shown once; a repeat with the same Idempotency-Key is answered 409. Where they take two people (`state:
/// awaiting_second_person`) they open nothing until another has approved them.
#[utoipa::path(post, path = "/police-clients", tag = "administration")]
async fn create_police_client(call: Call<Admin, (), CreatePoliceClientBody>) -> Created<MadePoliceClientView> {
    call.once_secret(made::create_police_client).await
}

/// Confirm your password and one-time code
///
/// Ends in-session mode for this session: what it hides comes back.
#[utoipa::path(post, path = "/session/confirm", tag = "session")]
async fn confirm_staff_session(call: Call<Staff, (), ConfirmStaffBody>) -> Done {
    let Call { app, who: staff, body, .. } = call;
    to_its_end(async move { in_session::confirm(&app, &staff, body).await }).await?;
    done()
}

/// Read whether the survivor's side is hidden
#[utoipa::path(get, path = "/in-session", tag = "session")]
async fn get_in_session(call: Call<ProgrammeStaff>) -> Answer<InSessionView> {
    call.run(|tx: &mut Tx<'_>, staff: &Staff| {
        tx.about(Subject::of("staff", staff.id));
        Ok(InSessionView::of(staff.in_session_at()))
    })
    .await
}

/// Hide the survivor's side while the participant may be looking on
///
/// On every session of yours that is open, until you give your password and one-time code again: the survivor's side of
/// every case, its signals, and alerts.
#[utoipa::path(post, path = "/in-session/start", tag = "session")]
async fn start_in_session(call: Call<ProgrammeStaff, (), EmptyBody>) -> Answer<InSessionView> {
    call.once(in_session::start).await
}
