//! `/partner/v1/survivors/{id}/devices`: what takes the survivor's own voice.

use utoipa_actix_web::service_config::ServiceConfig;

use crate::db::{DeviceId, SurvivorId};
use crate::escalation::phones::{self, ConfirmPhoneBody, ConfirmedPhoneView, EndSosBody, EndedSosView};
use crate::http::reply::reply;
use crate::http::{Answer, Call, operations};
use crate::identity::SupportStaff;

pub(super) fn partner(routes: &mut ServiceConfig) {
    operations! { routes: confirm_device confirm_device_revocation }
}

/// Confirm a survivor's new phone, with their code word
///
/// For whoever is on duty or assigned, has heard the survivor say the word, and did not make the code that the phone was enrolled
/// with. Whoever did may confirm it only where nobody else is on duty at night or at the weekend, after ringing back
/// (`rang_back`): then a supervisor looks at it next morning. From then on the phone reads. Unless the phones before it were in
/// the survivor's hands alone, they are answered from then on as if the service were away, but for check-ins, timers, new
/// incidents and cries for help.
#[utoipa::path(post, path = "/survivors/{id}/devices/{device_id}/confirm", tag = "survivors")]
async fn confirm_device(
    call: Call<SupportStaff, (SurvivorId, DeviceId), ConfirmPhoneBody>,
) -> Answer<ConfirmedPhoneView> {
    let Call { app, who: staff, path, body, action, .. } = call;
    reply(phones::confirm(&app, &staff, path, action, body).await?)
}

/// Confirm that a revoked phone may not cry for help any more
///
/// For whoever is on duty or assigned and has spoken with the survivor: with their code word, where one was set when the phone
/// was revoked. Until then what the phone raises says that it was reported lost or taken.
#[utoipa::path(post, path = "/survivors/{id}/devices/{device_id}/revoke/confirm", tag = "survivors")]
async fn confirm_device_revocation(
    call: Call<SupportStaff, (SurvivorId, DeviceId), EndSosBody>,
) -> Answer<EndedSosView> {
    let Call { app, who: staff, path, body, action, .. } = call;
    reply(phones::end_sos(&app, &staff, path, action, body).await?)
}
