//! URLs of a survivor's phones: seeing them, and revoking one.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, get, post, web};

use crate::app::App;
use crate::contact::phones::{self, RevokeDeviceBody, RevokedDeviceView};
use crate::db::{DeviceId, SurvivorId};
use crate::error::Result;
use crate::http::{Keep, Page, Request, create, whole};
use crate::identity::{Advocate, ConfirmedSurvivor, SupportStaff, SurvivorDeviceView};
use crate::tx::Tx;

/// Revoke another phone of yours
///
/// At once and for good: its sessions, its notices and its SOS token end. Your advocate is told. The phone that you use
/// cannot revoke itself. Asks for a PIN of the last 15 minutes.
#[utoipa::path(tag = "session", request_body = RevokeDeviceBody, responses((status = 200, body = RevokedDeviceView)),
    params(("id" = DeviceId, Path)), security(("survivor" = [])), extensions(("x-who" = json!(["survivor"]))))]
#[post("/devices/{id}/revoke")]
pub(super) async fn revoke_own_device(
    app: web::Data<App>,
    who: ConfirmedSurvivor,
    id: web::Path<DeviceId>,
    request: Request<RevokeDeviceBody>,
) -> Result<HttpResponse> {
    let ((call, body), id) = (request.read_keyed()?, id.into_inner());
    let actor = who.actor();
    let work = move |tx: &mut Tx<'_>| phones::revoke_own(tx, &who, id, &body);
    create(&app, actor, "revoke_own_device", StatusCode::OK, (call, Keep::Answer), work, |view, _| view).await
}

/// See a survivor's phones
///
/// Those that were revoked too.
#[utoipa::path(tag = "survivors", responses((status = 200, body = Page<SurvivorDeviceView>)),
    params(("id" = SurvivorId, Path)), security(("staff" = [])),
    extensions(("x-who" = json!(["advocate", "supervisor"]))))]
#[get("/survivors/{id}/devices")]
pub(super) async fn list_survivor_devices(
    app: web::Data<App>,
    staff: SupportStaff,
    id: web::Path<SurvivorId>,
) -> Result<HttpResponse> {
    let (caller, id) = (staff.clone(), id.into_inner());
    let work = move |tx: &mut Tx<'_>| phones::list(tx, &caller, id);
    let items = app.transact(staff.actor(), "list_survivor_devices", work).await?;
    Ok(whole(items))
}

/// Revoke a survivor's phone
///
/// At once and for good: its sessions, its notices and its SOS token end. Check-ins that are planned go on, and silence
/// is still told.
#[utoipa::path(tag = "survivors", request_body = RevokeDeviceBody,
    responses((status = 200, body = RevokedDeviceView)),
    params(("id" = SurvivorId, Path), ("device_id" = DeviceId, Path)), security(("staff" = [])),
    extensions(("x-who" = json!(["advocate"]))))]
#[post("/survivors/{id}/devices/{device_id}/revoke")]
pub(super) async fn revoke_device(
    app: web::Data<App>,
    staff: Advocate,
    path: web::Path<(SurvivorId, DeviceId)>,
    request: Request<RevokeDeviceBody>,
) -> Result<HttpResponse> {
    let ((call, body), path) = (request.read()?, path.into_inner());
    let (actor, caller) = (staff.actor(), staff.clone());
    let work = move |tx: &mut Tx<'_>| phones::revoke_for(tx, &caller, path, &body);
    create(&app, actor, "revoke_device", StatusCode::OK, (call, Keep::Answer), work, |view, _| view).await
}
