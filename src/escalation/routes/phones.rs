//! `/partner/v1/survivors/{id}`: phones and the codes that enrol them, and what about them takes the survivor's own voice.

use utoipa_actix_web::service_config::ServiceConfig;

use crate::contact::{RevokeDeviceBody, RevokedDeviceView};
use crate::db::{DeviceId, EnrolmentCodeId, SurvivorId};
use crate::escalation::support::phone_acts::{self, EnrolmentCodeBody, EnrolmentCodeView};
use crate::escalation::support::phones::{self, ConfirmPhoneBody, ConfirmedPhoneView, EndSosBody, EndedSosView};
use crate::http::reply::reply;
use crate::http::{Answer, Call, Created, Done, Listed, operations};
use crate::identity::{EnrolmentCodeLineView, SupportStaff, SurvivorDeviceView};

pub(super) fn partner(routes: &mut ServiceConfig) {
    operations! { routes:
        create_enrolment_code list_enrolment_codes delete_enrolment_code list_survivor_devices confirm_device
        revoke_device confirm_device_revocation
    }
}

/// Create an enrolment code for a survivor's phone
///
/// For staff who are assigned or on duty. It ends the code before it. The code is shown once; a repeat with the same
/// Idempotency-Key is answered 409. A phone other than the survivor's first one reads nothing until somebody who did not make the
/// code has heard the code word.
#[utoipa::path(post, path = "/survivors/{id}/enrolment-codes", tag = "survivors")]
async fn create_enrolment_code(call: Call<SupportStaff, SurvivorId, EnrolmentCodeBody>) -> Created<EnrolmentCodeView> {
    call.once_secret(phone_acts::create_code).await
}

/// List a survivor's enrolment codes
///
/// The latest first, with what became of each; the codes themselves are never shown again.
#[utoipa::path(get, path = "/survivors/{id}/enrolment-codes", tag = "survivors")]
async fn list_enrolment_codes(call: Call<SupportStaff, SurvivorId>) -> Listed<EnrolmentCodeLineView> {
    call.whole(phone_acts::list_codes).await
}

/// Withdraw an enrolment code that nobody has used
#[utoipa::path(delete, path = "/survivors/{id}/enrolment-codes/{code_id}", tag = "survivors")]
async fn delete_enrolment_code(call: Call<SupportStaff, (SurvivorId, EnrolmentCodeId)>) -> Done {
    call.done(phone_acts::withdraw_code).await
}

/// Read a survivor's phones
///
/// Those that were revoked too.
#[utoipa::path(get, path = "/survivors/{id}/devices", tag = "survivors")]
async fn list_survivor_devices(call: Call<SupportStaff, SurvivorId>) -> Listed<SurvivorDeviceView> {
    call.whole_of(phone_acts::list, |row| row.id.0, SurvivorDeviceView::of).await
}

/// Confirm a survivor's new phone, with their code word
///
/// For a member of staff on duty or assigned, who has heard the survivor say the word and did not make the phone's code. The maker
/// of the code may confirm it only where nobody else is on duty at night or at the weekend, after ringing back
/// (`rang_back`): then a supervisor looks at it next morning. From then on the phone reads. Unless the phones before it were in
/// the survivor's hands alone, they are answered from then on as if the service were away, but for check-ins, timers, new
/// incidents and cries for help. A survivor's first phone needs no word, and waits for the same people.
///
/// For somebody who cannot say the word: a member of staff who has heard their voice asks with `spoke_to_survivor` and no word, and
/// another person approves that with `approves_request`. Then the phone reads after the delay, and everybody is notified. A phone
/// that was sent away comes back in the same ways, at once.
#[utoipa::path(post, path = "/survivors/{id}/devices/{device_id}/confirm", tag = "survivors")]
async fn confirm_device(
    call: Call<SupportStaff, (SurvivorId, DeviceId), ConfirmPhoneBody>,
) -> Answer<ConfirmedPhoneView> {
    let Call { app, who: staff, path, body, action, .. } = call;
    reply(phones::confirm(&app, &staff, path, action, body).await?)
}

/// Revoke a survivor's phone
///
/// For staff who are assigned or on duty. At once and for good: its sessions and its notices end. It can still cry for help until
/// that is confirmed. Check-ins that are planned go on, and silence still raises an alert.
#[utoipa::path(post, path = "/survivors/{id}/devices/{device_id}/revoke", tag = "survivors")]
async fn revoke_device(
    call: Call<SupportStaff, (SurvivorId, DeviceId), RevokeDeviceBody>,
) -> Answer<RevokedDeviceView> {
    call.once(phone_acts::revoke).await
}

/// Confirm that a revoked phone may not cry for help any more
///
/// For a member of staff on duty or assigned who has spoken with the survivor: with their code word, where one was set when it
/// was revoked. Where none was, it takes another person than revoked it; where the survivor did, a supervisor looks at it. Until
/// then what the phone raises says that it was reported lost or taken.
#[utoipa::path(post, path = "/survivors/{id}/devices/{device_id}/revoke/confirm", tag = "survivors")]
async fn confirm_device_revocation(
    call: Call<SupportStaff, (SurvivorId, DeviceId), EndSosBody>,
) -> Answer<EndedSosView> {
    let Call { app, who: staff, path, body, action, .. } = call;
    reply(phones::end_sos(&app, &staff, path, action, body).await?)
}
