//! URL of a survivor's own phones: revoking one.

use utoipa_actix_web::service_config::ServiceConfig;

use crate::contact::phones::{self, RevokeDeviceBody, RevokedDeviceView};
use crate::db::DeviceId;
use crate::http::{Answer, Call, operations};
use crate::identity::ConfirmedSurvivor;

pub(super) fn app(routes: &mut ServiceConfig) {
    operations! { routes: revoke_own_device }
}

/// Revoke another phone of yours
///
/// At once and for good: its sessions and its notices end. It can still cry for help, which then says that the phone was
/// reported lost or taken, until you have said to the people who support you that it may not. They are notified. The phone that
/// you use cannot revoke itself. Asks for a PIN of the last 15 minutes.
#[utoipa::path(post, path = "/devices/{id}/revoke", tag = "session")]
async fn revoke_own_device(call: Call<ConfirmedSurvivor, DeviceId, RevokeDeviceBody>) -> Answer<RevokedDeviceView> {
    call.once(phones::revoke_own).await
}
