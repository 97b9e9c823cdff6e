//! URLs of contact: plans, push addresses, phones, trusted contacts, staff's own contacts.

mod phones;

use actix_web::{HttpResponse, delete, get, post, put, web};
use utoipa_actix_web::service_config::ServiceConfig;

use super::plan::SafeContactPlan;
use super::push::{self, PushBody, PushView};
use super::safe::{self, ContactBody, ContactView, SafeContactView, StaffSafeContactView};
use super::staff::{self, StaffContactBody, StaffContactView};
use super::trusted::{self, TrustedContactBody, TrustedContactView};
use super::ways::{self, OwnStaffContactView};
use crate::access;
use crate::app::App;
use crate::db::{DeviceId, SurvivorId};
use crate::error::Result;
use crate::http::{Keep, Request, created, ok};
use crate::identity::{Advocate, Staff, SupportStaff, Survivor};
use crate::tx::Tx;

/// `/app/v1`
pub fn app(routes: &mut ServiceConfig) {
    routes
        .service(get_own_safe_contact)
        .service(put_push)
        .service(delete_push)
        .service(get_own_trusted_contact)
        .service(put_own_trusted_contact)
        .service(delete_own_trusted_contact)
        .service(phones::revoke_own_device);
}

/// `/partner/v1`
pub fn partner(routes: &mut ServiceConfig) {
    routes
        .service(get_safe_contact)
        .service(put_safe_contact)
        .service(create_contact)
        .service(get_trusted_contact)
        .service(put_trusted_contact)
        .service(put_staff_contact)
        .service(get_staff_contact)
        .service(phones::list_survivor_devices)
        .service(phones::revoke_device);
}

/// See how you are contacted
///
/// Your safe-contact plan, as you and your advocate made it.
#[utoipa::path(tag = "contact", responses((status = 200, body = SafeContactView)), security(("survivor" = [])),
    extensions(("x-who" = json!(["survivor"]))))]
#[get("/safe-contact")]
async fn get_own_safe_contact(app: web::Data<App>, who: Survivor) -> Result<HttpResponse> {
    Ok(ok(app.read(move |conn, keys| safe::own(conn, keys, &access::own(&who))).await?))
}

/// Register a phone for notices
///
/// For the phone that calls. Notices come only with `contact.push`, and in neutral words.
#[utoipa::path(tag = "contact", request_body = PushBody, responses((status = 200, body = PushView)),
    params(("id" = DeviceId, Path)), security(("survivor" = [])), extensions(("x-who" = json!(["survivor"]))))]
#[put("/devices/{id}/push")]
async fn put_push(
    app: web::Data<App>,
    who: Survivor,
    id: web::Path<DeviceId>,
    request: Request<PushBody>,
) -> Result<HttpResponse> {
    let (_, body) = request.read()?;
    let (actor, id) = (who.actor(), id.into_inner());
    Ok(ok(app.transact(actor, "put_push", move |tx: &mut Tx<'_>| push::register(tx, &who, id, &body)).await?))
}

/// End notices on a phone
#[utoipa::path(tag = "contact", responses((status = 204)), params(("id" = DeviceId, Path)),
    security(("survivor" = [])), extensions(("x-who" = json!(["survivor"]))))]
#[delete("/devices/{id}/push")]
async fn delete_push(app: web::Data<App>, who: Survivor, id: web::Path<DeviceId>) -> Result<HttpResponse> {
    let (actor, id) = (who.actor(), id.into_inner());
    app.transact(actor, "delete_push", move |tx: &mut Tx<'_>| push::unregister(tx, &who, id)).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// See your trusted contact
#[utoipa::path(tag = "contact", responses((status = 200, body = TrustedContactView)), security(("survivor" = [])),
    extensions(("x-who" = json!(["survivor"]))))]
#[get("/trusted-contact")]
async fn get_own_trusted_contact(app: web::Data<App>, who: Survivor) -> Result<HttpResponse> {
    Ok(ok(app.read(move |conn, keys| trusted::find(conn, keys, &access::own(&who))).await?))
}

/// Name somebody you trust
///
/// They are told, in neutral words, only with `contact.trusted`.
#[utoipa::path(tag = "contact", request_body = TrustedContactBody,
    responses((status = 200, body = TrustedContactView)), security(("survivor" = [])),
    extensions(("x-who" = json!(["survivor"]))))]
#[put("/trusted-contact")]
async fn put_own_trusted_contact(
    app: web::Data<App>,
    who: Survivor,
    request: Request<TrustedContactBody>,
) -> Result<HttpResponse> {
    let (_, body) = request.read()?;
    let (actor, id) = (who.actor(), who.id);
    let is_duress = who.is_duress;
    let work = move |tx: &mut Tx<'_>| match is_duress {
        true => trusted::show_only(tx, &body),
        false => trusted::put(tx, id, &body),
    };
    Ok(ok(app.transact(actor, "put_own_trusted_contact", work).await?))
}

/// Remove your trusted contact
#[utoipa::path(tag = "contact", responses((status = 204)), security(("survivor" = [])),
    extensions(("x-who" = json!(["survivor"]))))]
#[delete("/trusted-contact")]
async fn delete_own_trusted_contact(app: web::Data<App>, who: Survivor) -> Result<HttpResponse> {
    let (actor, id, is_duress) = (who.actor(), who.id, who.is_duress);
    // Under duress it is only shown as done: nothing there lowers protection.
    let work = move |tx: &mut Tx<'_>| if is_duress { Ok(()) } else { trusted::remove(tx, id) };
    app.transact(actor, "delete_own_trusted_contact", work).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// See a survivor's safe-contact plan
///
/// With what it means at this moment, for a call too.
#[utoipa::path(tag = "contact", responses((status = 200, body = StaffSafeContactView)),
    params(("id" = SurvivorId, Path)), security(("staff" = [])),
    extensions(("x-who" = json!(["advocate", "supervisor"]))))]
#[get("/survivors/{id}/safe-contact")]
async fn get_safe_contact(app: web::Data<App>, staff: SupportStaff, id: web::Path<SurvivorId>) -> Result<HttpResponse> {
    let (caller, id) = (staff.clone(), id.into_inner());
    let work = move |tx: &mut Tx<'_>| safe::find(tx, &caller, id);
    Ok(ok(app.transact(staff.actor(), "get_safe_contact", work).await?))
}

/// Set a survivor's safe-contact plan
///
/// A new version; the survivor sees it at once, and it counts for what already waits to be sent.
#[utoipa::path(tag = "contact", request_body = SafeContactPlan,
    responses((status = 200, body = StaffSafeContactView)), params(("id" = SurvivorId, Path)),
    security(("staff" = [])), extensions(("x-who" = json!(["advocate"]))))]
#[put("/survivors/{id}/safe-contact")]
async fn put_safe_contact(
    app: web::Data<App>,
    staff: Advocate,
    id: web::Path<SurvivorId>,
    request: Request<SafeContactPlan>,
) -> Result<HttpResponse> {
    let (_, body) = request.read()?;
    let (caller, id) = (staff.clone(), id.into_inner());
    let work = move |tx: &mut Tx<'_>| safe::put(tx, &caller, id, &body);
    Ok(ok(app.transact(staff.actor(), "put_safe_contact", work).await?))
}

/// Send a survivor a neutral message
///
/// Refused with `unsafe_contact` when the safe-contact plan does not allow it at this moment, when the survivor said that
/// it is not safe, and while an emergency is open that their phone must not know of.
#[utoipa::path(tag = "contact", request_body = ContactBody, responses((status = 201, body = ContactView)),
    params(("id" = SurvivorId, Path)), security(("staff" = [])),
    extensions(("x-who" = json!(["advocate", "supervisor"]))))]
#[post("/survivors/{id}/contact")]
async fn create_contact(
    app: web::Data<App>,
    staff: SupportStaff,
    id: web::Path<SurvivorId>,
    request: Request<ContactBody>,
) -> Result<HttpResponse> {
    let (call, body) = request.read()?;
    let (actor, caller, id) = (staff.actor(), staff.clone(), id.into_inner());
    let work = move |tx: &mut Tx<'_>| safe::contact(tx, &caller, id, &body);
    created(&app, actor, "create_contact", (call, Keep::Answer), work, |made, _| made).await
}

/// See a survivor's trusted contact
#[utoipa::path(tag = "contact", responses((status = 200, body = TrustedContactView)),
    params(("id" = SurvivorId, Path)), security(("staff" = [])),
    extensions(("x-who" = json!(["advocate", "supervisor"]))))]
#[get("/survivors/{id}/trusted-contact")]
async fn get_trusted_contact(
    app: web::Data<App>,
    staff: SupportStaff,
    id: web::Path<SurvivorId>,
) -> Result<HttpResponse> {
    let (caller, id) = (staff.clone(), id.into_inner());
    let work = move |tx: &mut Tx<'_>| {
        let access = access::survivor(tx, &caller, id)?;
        trusted::find(tx.conn, tx.keys, &access)
    };
    Ok(ok(app.transact(staff.actor(), "get_trusted_contact", work).await?))
}

/// Keep a survivor's trusted contact for them
#[utoipa::path(tag = "contact", request_body = TrustedContactBody,
    responses((status = 200, body = TrustedContactView)), params(("id" = SurvivorId, Path)),
    security(("staff" = [])), extensions(("x-who" = json!(["advocate"]))))]
#[put("/survivors/{id}/trusted-contact")]
async fn put_trusted_contact(
    app: web::Data<App>,
    staff: Advocate,
    id: web::Path<SurvivorId>,
    request: Request<TrustedContactBody>,
) -> Result<HttpResponse> {
    let (_, body) = request.read()?;
    let (caller, id) = (staff.clone(), id.into_inner());
    let work = move |tx: &mut Tx<'_>| {
        let access = access::survivor(tx, &caller, id)?;
        trusted::put(tx, access.id(), &body)
    };
    Ok(ok(app.transact(staff.actor(), "put_trusted_contact", work).await?))
}

/// See how you are told that something waits
///
/// What you gave, and whether a message can be sent there: an address without a provider is no way.
#[utoipa::path(tag = "contact", responses((status = 200, body = OwnStaffContactView)), security(("staff" = [])),
    extensions(("x-who" = json!(["advocate", "practitioner", "supervisor", "police", "commissioner", "auditor", "administrator"]))))]
#[get("/me/contact")]
async fn get_staff_contact(app: web::Data<App>, caller: Staff) -> Result<HttpResponse> {
    let actor = caller.actor();
    let work = move |tx: &mut Tx<'_>| ways::own(tx, &caller);
    Ok(ok(app.transact(actor, "get_staff_contact", work).await?))
}

/// Say how you want to be told that something waits
///
/// Besides the portal. Messages hold a reference and a level, and nothing of a survivor.
#[utoipa::path(tag = "contact", request_body = StaffContactBody, responses((status = 200, body = StaffContactView)),
    security(("staff" = [])),
    extensions(("x-who" = json!(["advocate", "practitioner", "supervisor", "police", "commissioner", "auditor", "administrator"]))))]
#[put("/me/contact")]
async fn put_staff_contact(
    app: web::Data<App>,
    caller: Staff,
    request: Request<StaffContactBody>,
) -> Result<HttpResponse> {
    let (_, body) = request.read()?;
    let actor = caller.actor();
    let work = move |tx: &mut Tx<'_>| staff::put(tx, &caller, &body);
    Ok(ok(app.transact(actor, "put_staff_contact", work).await?))
}
