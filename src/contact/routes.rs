//! URLs of contact: plans, push addresses, phones, trusted contacts, staff's own contacts.

mod phones;

use utoipa_actix_web::service_config::ServiceConfig;

use super::plan::SafeContactPlan;
use super::push::{self, PushBody, PushView};
use super::safe::{self, ContactBody, ContactView, SafeContactView, StaffSafeContactView};
use super::staff::{self, StaffContactBody, StaffContactView};
use super::trusted::{self, HeardCodeWordBody, StaffTrustedContactView, TrustedContactBody, TrustedContactView};
use super::ways::{self, OwnStaffContactView};
use crate::access;
use crate::db::{DeviceId, SurvivorId};
use crate::http::reply::{done, reply};
use crate::http::{Answer, Call, Created, Done, operations};
use crate::identity::{Advocate, ConfirmedSurvivor, Staff, SupportStaff, Survivor};
use crate::tx::Tx;

/// `/app/v1`
pub fn app(routes: &mut ServiceConfig) {
    operations! { routes:
        get_own_safe_contact put_push delete_push get_own_trusted_contact put_own_trusted_contact
        delete_own_trusted_contact
    }
    phones::app(routes);
}

/// `/partner/v1`
pub fn partner(routes: &mut ServiceConfig) {
    operations! { routes:
        get_safe_contact put_safe_contact confirm_safe_contact create_contact get_trusted_contact confirm_trusted_contact
        put_trusted_contact put_staff_contact get_staff_contact
    }
}

/// Read how you are contacted
///
/// Your safe-contact plan, as you and your advocate made it.
#[utoipa::path(get, path = "/safe-contact", tag = "contact")]
async fn get_own_safe_contact(call: Call<Survivor>) -> Answer<SafeContactView> {
    let Call { app, who, .. } = call;
    let now = app.clock.now();
    reply(app.read(move |conn, keys| safe::own(conn, keys, &access::own(&who), now)).await?)
}

/// Register a phone for notices
///
/// For the phone that calls. Notices come only with `contact.push`, and in neutral words.
#[utoipa::path(put, path = "/devices/{id}/push", tag = "contact")]
async fn put_push(call: Call<Survivor, DeviceId, PushBody>) -> Answer<PushView> {
    call.run(push::register).await
}

/// End notices on a phone
#[utoipa::path(delete, path = "/devices/{id}/push", tag = "contact")]
async fn delete_push(call: Call<Survivor, DeviceId>) -> Done {
    call.done(push::unregister).await
}

/// Read your trusted contact
#[utoipa::path(get, path = "/trusted-contact", tag = "contact")]
async fn get_own_trusted_contact(call: Call<Survivor>) -> Answer<TrustedContactView> {
    let Call { app, who, .. } = call;
    let now = app.clock.now();
    reply(app.read(move |conn, keys| trusted::find(conn, keys, &access::own(&who), now)).await?)
}

/// Set your trusted contact
///
/// They get messages, in neutral words, only with `contact.trusted`, and not before `starts_at`: a day from now unless
/// set otherwise, or when your side has heard your code word. Until then the contact you named before gets them. Asks
/// for a PIN of the last 15 minutes.
#[utoipa::path(put, path = "/trusted-contact", tag = "contact")]
async fn put_own_trusted_contact(call: Call<ConfirmedSurvivor, (), TrustedContactBody>) -> Answer<TrustedContactView> {
    let Call { app, who, body, action, .. } = call;
    let actor = who.actor();
    let put = move |tx: &mut Tx<'_>, who: &Survivor| match who.is_duress {
        true => trusted::show_only(tx, &body),
        false => trusted::put(tx, who.id, &body),
    };
    reply(app.transact(actor, action, move |tx| tx.both(&*who, who.behind(), &put)).await?)
}

/// Remove your trusted contact
///
/// At once. Asks for a PIN of the last 15 minutes.
#[utoipa::path(delete, path = "/trusted-contact", tag = "contact")]
async fn delete_own_trusted_contact(call: Call<ConfirmedSurvivor>) -> Done {
    let Call { app, who, action, .. } = call;
    let actor = who.actor();
    // Under duress it is only shown as done: nothing there lowers protection.
    let remove = |tx: &mut Tx<'_>, who: &Survivor| if who.is_duress { Ok(()) } else { trusted::remove(tx, who.id) };
    app.transact(actor, action, move |tx| tx.both(&*who, who.behind(), remove)).await?;
    done()
}

/// Read a survivor's safe-contact plan
///
/// With what it means at this moment, for a call too.
#[utoipa::path(get, path = "/survivors/{id}/safe-contact", tag = "contact")]
async fn get_safe_contact(call: Call<SupportStaff, SurvivorId>) -> Answer<StaffSafeContactView> {
    call.run(safe::find).await
}

/// Set a survivor's safe-contact plan
///
/// A new version, which counts for what already waits to be sent; the survivor sees it as it counts. What it narrows counts at
/// once. An address that stood nowhere in the plan before (`pending`) counts a day later unless set otherwise, or once somebody
/// has confirmed it with the survivor's code word; until then that channel is as it was.
#[utoipa::path(put, path = "/survivors/{id}/safe-contact", tag = "contact")]
async fn put_safe_contact(call: Call<Advocate, SurvivorId, SafeContactPlan>) -> Answer<StaffSafeContactView> {
    call.run(safe::put).await
}

/// Confirm a new address of a survivor's safe-contact plan with their code word
///
/// Ends the delay: you have heard their voice and the word.
#[utoipa::path(post, path = "/survivors/{id}/safe-contact/confirm", tag = "contact")]
async fn confirm_safe_contact(call: Call<SupportStaff, SurvivorId, HeardCodeWordBody>) -> Answer<StaffSafeContactView> {
    let (id, word) = (call.path, &call.body.code_word);
    let may = move |tx: &mut Tx<'_>| safe::waiting(tx, id).map(drop);
    access::hear_code_word(&call.app, &call.who, (id, word), may).await?;
    call.run(|tx: &mut Tx<'_>, staff: &Staff, id: SurvivorId, _: &HeardCodeWordBody| safe::confirm(tx, staff, id)).await
}

/// Send a survivor a neutral message
///
/// Refused with `unsafe_contact` when the safe-contact plan does not allow it at this moment, when the survivor said that
/// it is not safe, and while an emergency is open that their phone must not know of.
#[utoipa::path(post, path = "/survivors/{id}/contact", tag = "contact")]
async fn create_contact(call: Call<SupportStaff, SurvivorId, ContactBody>) -> Created<ContactView> {
    call.once(safe::contact).await
}

/// Read a survivor's trusted contact
///
/// With those before. For all staff of the survivor's side: the person on duty makes sure that the survivor made the
/// change.
#[utoipa::path(get, path = "/survivors/{id}/trusted-contact", tag = "contact")]
async fn get_trusted_contact(call: Call<SupportStaff, SurvivorId>) -> Answer<StaffTrustedContactView> {
    call.run(|tx: &mut Tx<'_>, staff: &Staff, id: SurvivorId| {
        let access = trusted::for_staff(tx, staff, id)?;
        trusted::find_with_those_before(tx, &access)
    })
    .await
}

/// Confirm a survivor's trusted contact with their code word
///
/// Ends the delay: you have heard their voice and the word.
#[utoipa::path(post, path = "/survivors/{id}/trusted-contact/confirm", tag = "contact")]
async fn confirm_trusted_contact(
    call: Call<SupportStaff, SurvivorId, HeardCodeWordBody>,
) -> Answer<TrustedContactView> {
    let (id, word) = (call.path, &call.body.code_word);
    let may = move |tx: &mut Tx<'_>| trusted::waiting(tx, id).map(drop);
    access::hear_code_word(&call.app, &call.who, (id, word), may).await?;
    call.run(|tx: &mut Tx<'_>, staff: &Staff, id: SurvivorId, _: &HeardCodeWordBody| trusted::confirm(tx, staff, id))
        .await
}

/// Set a survivor's trusted contact for them
///
/// They get messages from `starts_at` on, or once you confirm it with the survivor's code word.
#[utoipa::path(put, path = "/survivors/{id}/trusted-contact", tag = "contact")]
async fn put_trusted_contact(call: Call<Advocate, SurvivorId, TrustedContactBody>) -> Answer<TrustedContactView> {
    call.run(|tx: &mut Tx<'_>, staff: &Staff, id: SurvivorId, body: &TrustedContactBody| {
        let access = access::survivor(tx, staff, id)?;
        trusted::put(tx, access.id(), body)
    })
    .await
}

/// Read how you are notified that something waits
///
/// What you gave, and whether a message can be sent there: an address without a provider is no way.
#[utoipa::path(get, path = "/me/contact", tag = "contact")]
async fn get_staff_contact(call: Call<Staff>) -> Answer<OwnStaffContactView> {
    call.run(ways::own).await
}

/// Set how you want to hear that something waits
///
/// Besides the portal. Messages hold a reference and a level, and nothing of a survivor.
#[utoipa::path(put, path = "/me/contact", tag = "contact")]
async fn put_staff_contact(call: Call<Staff, (), StaffContactBody>) -> Answer<StaffContactView> {
    call.run(staff::put).await
}
