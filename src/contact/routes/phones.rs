//! URLs of a survivor's phones: seeing them, and revoking one.

use utoipa_actix_web::service_config::ServiceConfig;

use crate::contact::phones::{self, RevokeDeviceBody, RevokedDeviceView};
use crate::db::{DeviceId, SurvivorId};
use crate::http::{Answer, Call, Listed, operations};
use crate::identity::{Advocate, ConfirmedSurvivor, SupportStaff, SurvivorDeviceView};

pub(super) fn app(routes: &mut ServiceConfig) {
    operations! { routes: revoke_own_device }
}

pub(super) fn partner(routes: &mut ServiceConfig) {
    operations! { routes: list_survivor_devices revoke_device }
}

/// Revoke another phone of yours
///
/// At once and for good: its sessions and its notices end. It can still cry for help, which then says that the phone was
/// reported lost or taken, until you have told the people who support you that it may not. They are told. The phone that you
/// use cannot revoke itself. Asks for a PIN of the last 15 minutes.
#[utoipa::path(post, path = "/devices/{id}/revoke", tag = "session")]
async fn revoke_own_device(call: Call<ConfirmedSurvivor, DeviceId, RevokeDeviceBody>) -> Answer<RevokedDeviceView> {
    call.once(phones::revoke_own).await
}

/// See a survivor's phones
///
/// Those that were revoked too.
#[utoipa::path(get, path = "/survivors/{id}/devices", tag = "survivors")]
async fn list_survivor_devices(call: Call<SupportStaff, SurvivorId>) -> Listed<SurvivorDeviceView> {
    call.whole(phones::list).await
}

/// Revoke a survivor's phone
///
/// At once and for good: its sessions and its notices end. It can still cry for help until that is confirmed. Check-ins that are
/// planned go on, and silence is still told.
#[utoipa::path(post, path = "/survivors/{id}/devices/{device_id}/revoke", tag = "survivors")]
async fn revoke_device(call: Call<Advocate, (SurvivorId, DeviceId), RevokeDeviceBody>) -> Answer<RevokedDeviceView> {
    call.once(phones::revoke_for).await
}
