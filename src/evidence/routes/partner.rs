//! `/partner/v1/survivors/{id}/evidence`: what a survivor made visible to their own side. The programme's side has no
//! address here at all.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, get, post, web};
use utoipa_actix_web::service_config::ServiceConfig;

use crate::access::{self, ActionsView, actions, movers};
use crate::app::App;
use crate::db::{EvidenceId, SurvivorId};
use crate::error::Result;
use crate::evidence::hold::{self, HoldBody, HoldView};
use crate::evidence::model::{Evidence, TRANSITIONS};
use crate::evidence::range::Asked;
use crate::evidence::read::{self, Copy};
use crate::evidence::view::{EvidenceDetailView, EvidenceView};
use crate::evidence::{EvidenceQuery, custody, store};
use crate::http::{Page, Query, Request, acted, ok};
use crate::identity::{Staff, Supervisor, SupportStaff};
use crate::incidents::Visibility;
use crate::tx::Tx;

pub(super) fn partner(routes: &mut ServiceConfig) {
    routes
        .service(list_survivor_evidence)
        .service(get_survivor_evidence)
        .service(get_survivor_evidence_content)
        .service(get_survivor_evidence_display)
        .service(get_survivor_evidence_actions)
        .service(create_evidence_hold)
        .service(release_evidence_hold);
}

/// List a survivor's files
///
/// Those of incidents that the survivor made visible to their own side, and those of none unless they kept them private;
/// newest first.
#[utoipa::path(tag = "evidence", params(("id" = SurvivorId, Path), EvidenceQuery),
    responses((status = 200, body = Page<EvidenceView>)), security(("staff" = [])),
    extensions(("x-who" = json!(["advocate", "supervisor"]))))]
#[get("/survivors/{id}/evidence")]
async fn list_survivor_evidence(
    app: web::Data<App>,
    staff: SupportStaff,
    id: web::Path<SurvivorId>,
    query: Query<EvidenceQuery>,
    http: HttpRequest,
) -> Result<HttpResponse> {
    let ((incident, after, limit), actor, id) = (query.0.read()?, staff.actor(), id.into_inner());
    let work = move |tx: &mut Tx<'_>| {
        let access = access::survivor(tx, &staff, id)?;
        let files = read::page_visible(tx.conn, &access, incident, after, limit)?;
        let key = |file: &Evidence| (file.created_at, file.id.0);
        Page::of(files, limit, key, |file| Ok(EvidenceView::of(&file)))
    };
    Ok(app.transact(actor, "list_survivor_evidence", work).await?.respond(&http))
}

/// See a survivor's file, its custody and its holds
#[utoipa::path(tag = "evidence", params(("id" = SurvivorId, Path), ("evidence_id" = EvidenceId, Path)),
    responses((status = 200, body = EvidenceDetailView)), security(("staff" = [])),
    extensions(("x-who" = json!(["advocate", "supervisor"]))))]
#[get("/survivors/{id}/evidence/{evidence_id}")]
async fn get_survivor_evidence(
    app: web::Data<App>,
    staff: SupportStaff,
    path: web::Path<(SurvivorId, EvidenceId)>,
) -> Result<HttpResponse> {
    let (actor, (id, evidence)) = (staff.actor(), path.into_inner());
    let work = move |tx: &mut Tx<'_>| {
        let access = access::survivor(tx, &staff, id)?;
        let file = read::find_visible(tx, &access, Visibility::Advocate, evidence)?;
        let holds = store::list_holds(tx.conn, file.id)?;
        let holds = holds.iter().map(|hold| HoldView::of(tx.keys, &file, hold));
        Ok(EvidenceDetailView {
            holds: holds.collect::<Result<_>>()?,
            custody: custody::view(tx.conn, tx.keys, &file, |_| true)?,
            evidence: EvidenceView::of(&file),
        })
    };
    Ok(ok(app.transact(actor, "get_survivor_evidence", work).await?))
}

async fn send(
    app: &App,
    staff: SupportStaff,
    (id, evidence): (SurvivorId, EvidenceId),
    action: &'static str,
    (copy, http): (Copy, &HttpRequest),
) -> Result<HttpResponse> {
    let (actor, is_part) = (staff.actor(), Asked::is_part(http));
    let work = move |tx: &mut Tx<'_>| {
        let access = access::survivor(tx, &staff, id)?;
        read::open(tx, &access, evidence, (copy, is_part))
    };
    Ok(app.transact(actor, action, work).await?.respond_to(app, http))
}

/// Read a survivor's file
///
/// Byte for byte as it was sent, or the part that `Range` names. The read stands in the file's custody, where the survivor
/// sees it, once for a player that asks for one part after another.
#[utoipa::path(tag = "evidence", params(("id" = SurvivorId, Path), ("evidence_id" = EvidenceId, Path)),
    responses((status = 200, body = Vec<u8>, content_type = "*/*"),
        (status = 206, body = Vec<u8>, content_type = "*/*")), security(("staff" = [])),
    extensions(("x-who" = json!(["advocate", "supervisor"]))))]
#[get("/survivors/{id}/evidence/{evidence_id}/content")]
async fn get_survivor_evidence_content(
    app: web::Data<App>,
    staff: SupportStaff,
    path: web::Path<(SurvivorId, EvidenceId)>,
    http: HttpRequest,
) -> Result<HttpResponse> {
    send(&app, staff, path.into_inner(), "get_survivor_evidence_content", (Copy::Original, &http)).await
}

/// Look at a survivor's picture
///
/// A copy without what a camera or a phone writes beside pictures and sound. 404 where there is none; `no_display_reason`
/// of the file says why.
#[utoipa::path(tag = "evidence", params(("id" = SurvivorId, Path), ("evidence_id" = EvidenceId, Path)),
    responses((status = 200, body = Vec<u8>, content_type = "*/*"),
        (status = 206, body = Vec<u8>, content_type = "*/*")), security(("staff" = [])),
    extensions(("x-who" = json!(["advocate", "supervisor"]))))]
#[get("/survivors/{id}/evidence/{evidence_id}/display")]
async fn get_survivor_evidence_display(
    app: web::Data<App>,
    staff: SupportStaff,
    path: web::Path<(SurvivorId, EvidenceId)>,
    http: HttpRequest,
) -> Result<HttpResponse> {
    send(&app, staff, path.into_inner(), "get_survivor_evidence_display", (Copy::Display, &http)).await
}

/// See what you can do with a survivor's file
#[utoipa::path(tag = "evidence", params(("id" = SurvivorId, Path), ("evidence_id" = EvidenceId, Path)),
    responses((status = 200, body = ActionsView)), security(("staff" = [])),
    extensions(("x-who" = json!(["advocate", "supervisor"]))))]
#[get("/survivors/{id}/evidence/{evidence_id}/actions")]
async fn get_survivor_evidence_actions(
    app: web::Data<App>,
    staff: SupportStaff,
    path: web::Path<(SurvivorId, EvidenceId)>,
) -> Result<HttpResponse> {
    let (actor, (id, evidence)) = (staff.actor(), path.into_inner());
    let work = move |tx: &mut Tx<'_>| {
        let access = access::survivor(tx, &staff, id)?;
        let file = read::find_visible(tx, &access, Visibility::Advocate, evidence)?;
        Ok(actions(TRANSITIONS, file.state, &movers(&staff), &()))
    };
    Ok(ok(app.transact(actor, "get_survivor_evidence_actions", work).await?))
}

/// A file that the caller may see now.
fn visible(tx: &mut Tx<'_>, staff: &Staff, (id, evidence): (SurvivorId, EvidenceId)) -> Result<Evidence> {
    let access = access::survivor(tx, staff, id)?;
    read::find_visible(tx, &access, Visibility::Advocate, evidence)
}

/// Place a legal hold on a file
///
/// While it stands, the survivor cannot remove the file; they see the hold and its reason in the custody.
#[utoipa::path(tag = "evidence", params(("id" = SurvivorId, Path), ("evidence_id" = EvidenceId, Path)),
    request_body = HoldBody, responses((status = 201, body = EvidenceView)), security(("staff" = [])),
    extensions(("x-who" = json!(["supervisor"]))))]
#[post("/survivors/{id}/evidence/{evidence_id}/hold")]
async fn create_evidence_hold(
    app: web::Data<App>,
    staff: Supervisor,
    path: web::Path<(SurvivorId, EvidenceId)>,
    request: Request<HoldBody>,
) -> Result<HttpResponse> {
    let (call, body) = request.read()?;
    let (actor, path, reader) = (staff.actor(), path.into_inner(), staff.clone());
    let work = move |tx: &mut Tx<'_>| {
        let file = visible(tx, &staff, path)?;
        hold::place_hold(tx, &staff, &file, &body.reason)
    };
    let read = move |tx: &mut Tx<'_>| Ok(EvidenceView::of(&visible(tx, &reader, path)?));
    acted(&app, actor, "create_evidence_hold", (call, StatusCode::CREATED), work, read).await
}

/// Lift a legal hold
#[utoipa::path(tag = "evidence", params(("id" = SurvivorId, Path), ("evidence_id" = EvidenceId, Path)),
    request_body = HoldBody, responses((status = 200, body = EvidenceView)), security(("staff" = [])),
    extensions(("x-who" = json!(["supervisor"]))))]
#[post("/survivors/{id}/evidence/{evidence_id}/hold/release")]
async fn release_evidence_hold(
    app: web::Data<App>,
    staff: Supervisor,
    path: web::Path<(SurvivorId, EvidenceId)>,
    request: Request<HoldBody>,
) -> Result<HttpResponse> {
    let (call, body) = request.read()?;
    let (actor, path, reader) = (staff.actor(), path.into_inner(), staff.clone());
    let work = move |tx: &mut Tx<'_>| {
        let file = visible(tx, &staff, path)?;
        hold::lift(tx, &staff, &file, &body.reason)
    };
    let read = move |tx: &mut Tx<'_>| Ok(EvidenceView::of(&visible(tx, &reader, path)?));
    acted(&app, actor, "release_evidence_hold", (call, StatusCode::OK), work, read).await
}
