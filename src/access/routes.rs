//! URLs of the survivor's side: records, enrolment codes, colleagues, blocks.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, delete, get, patch, post, web};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::blocks::{self, BlockBody, BlockView, LiftBlockBody, ListedBlockView};
use super::consents::{self, RecordConsentBody};
use super::model::Block;
use super::survivors::{self, AssignBody, AssignmentView, CodeWordBody, EnrolmentCodeView};
use crate::app::App;
use crate::consent::{ConsentReceiptView, Scope, SurvivorConsentView};

use crate::db::{BlockId, StaffId, SurvivorId};
use crate::error::{Error, Result};
use crate::http::etag::{self, IfMatch};
use crate::http::{EmptyBody, Keep, Page, PageQuery, Query, Request, create, created, ok, whole};
use crate::identity::{Advocate, CreateSurvivorBody, PatchSurvivorBody, SupportStaff, SurvivorRow, SurvivorView};
use crate::tx::Tx;

/// `/partner/v1`
pub fn partner(routes: &mut ServiceConfig) {
    routes
        .service(create_survivor)
        .service(list_survivors)
        .service(get_survivor)
        .service(patch_survivor)
        .service(create_enrolment_code)
        .service(create_assignment)
        .service(delete_assignment)
        .service(create_block)
        .service(list_blocks)
        .service(lift_block)
        .service(list_survivor_consents)
        .service(create_survivor_consent)
        .service(confirm_consent);
}

/// A survivor's record that was made.
#[derive(Serialize, ToSchema)]
struct MadeSurvivorView {
    /// Its id.
    id: SurvivorId,
    /// Its reference.
    #[schema(example = "SV-6F2K-8C3D-M")]
    reference: String,
}

/// Make a survivor's record
///
/// The advocate who makes it is assigned to it. Sharing and alert settings begin off, but for the service itself.
#[utoipa::path(tag = "survivors", request_body = CreateSurvivorBody, responses((status = 201, body = MadeSurvivorView)),
    security(("staff" = [])), extensions(("x-who" = json!(["advocate"]))))]
#[post("/survivors")]
async fn create_survivor(
    app: web::Data<App>,
    staff: Advocate,
    request: Request<CreateSurvivorBody>,
) -> Result<HttpResponse> {
    let (call, body) = request.read()?;
    let (actor, caller) = (staff.actor(), staff.clone());
    let now = app.clock.now();
    let new = app.key_store.create_subject(SurvivorId::new(now), now).await?;
    let work = move |tx: &mut Tx<'_>| survivors::create(tx, new, &caller, &body);
    let view = |row: SurvivorRow, _: &[_]| MadeSurvivorView { id: row.id, reference: row.reference };
    created(&app, actor, "create_survivor", (call, Keep::Answer), work, view).await
}

/// List the survivors you work with
#[utoipa::path(tag = "survivors", params(PageQuery), responses((status = 200, body = Page<SurvivorView>)),
    security(("staff" = [])), extensions(("x-who" = json!(["advocate", "supervisor"]))))]
#[get("/survivors")]
async fn list_survivors(
    app: web::Data<App>,
    staff: SupportStaff,
    query: Query<PageQuery>,
    http: HttpRequest,
) -> Result<HttpResponse> {
    let (limit, after, caller) = (query.0.limit()?, query.0.after()?, staff.clone());
    let work = move |tx: &mut Tx<'_>| survivors::list(tx, &caller, after, limit);
    let rows = app.transact(staff.actor(), "list_survivors", work).await?;
    let key = |row: &SurvivorRow| (row.created_at, row.id.0);
    Ok(app.page(rows, limit, key, SurvivorView::of).await?.respond(&http))
}

/// See a survivor's record
#[utoipa::path(tag = "survivors", responses((status = 200, body = SurvivorView)), security(("staff" = [])),
    params(("id" = SurvivorId, Path)), extensions(("x-who" = json!(["advocate", "supervisor"]))))]
#[get("/survivors/{id}")]
async fn get_survivor(app: web::Data<App>, staff: SupportStaff, id: web::Path<SurvivorId>) -> Result<HttpResponse> {
    let (caller, id) = (staff.clone(), id.into_inner());
    let work = move |tx: &mut Tx<'_>| survivors::find(tx, &caller, id);
    let row = app.transact(staff.actor(), "get_survivor", work).await?;
    respond(&app, &row).await
}

async fn respond(app: &App, row: &SurvivorRow) -> Result<HttpResponse> {
    Ok(etag::ok_tagged(row.version, app.with_keys(|keys| SurvivorView::of(keys, row)).await?))
}

/// Change a survivor's record
///
/// Risk may be raised by an advocate; lowering it takes a supervisor and a reason.
#[utoipa::path(tag = "survivors", request_body = PatchSurvivorBody, responses((status = 200, body = SurvivorView)),
    params(("id" = SurvivorId, Path), ("If-Match" = String, Header, description = "The ETag that you read")),
    security(("staff" = [])), extensions(("x-who" = json!(["advocate", "supervisor"]))))]
#[patch("/survivors/{id}")]
async fn patch_survivor(
    app: web::Data<App>,
    staff: SupportStaff,
    id: web::Path<SurvivorId>,
    read: IfMatch,
    request: Request<PatchSurvivorBody>,
) -> Result<HttpResponse> {
    let (_, body) = request.read()?;
    let (caller, id) = (staff.clone(), id.into_inner());
    let work = move |tx: &mut Tx<'_>| survivors::change(tx, &caller, id, &read, &body);
    let row = app.transact(staff.actor(), "patch_survivor", work).await?;
    respond(&app, &row).await
}

/// Make an enrolment code for a survivor's phone
///
/// The code is shown once; a repeat with the same Idempotency-Key is answered 409.
#[utoipa::path(tag = "survivors", request_body = EmptyBody, responses((status = 201, body = EnrolmentCodeView)),
    params(("id" = SurvivorId, Path)), security(("staff" = [])), extensions(("x-who" = json!(["advocate"]))))]
#[post("/survivors/{id}/enrolment-codes")]
async fn create_enrolment_code(
    app: web::Data<App>,
    staff: Advocate,
    id: web::Path<SurvivorId>,
    request: Request<EmptyBody>,
) -> Result<HttpResponse> {
    let (call, _) = request.read()?;
    let (actor, caller, id) = (staff.actor(), staff.clone(), id.into_inner());
    let work = move |tx: &mut Tx<'_>| survivors::create_code(tx, &caller, id);
    created(&app, actor, "create_enrolment_code", (call, Keep::Nothing), work, |code, _| code).await
}

/// Assign a colleague to a survivor
#[utoipa::path(tag = "survivors", request_body = AssignBody, responses((status = 201, body = AssignmentView)),
    params(("id" = SurvivorId, Path)), security(("staff" = [])),
    extensions(("x-who" = json!(["advocate", "supervisor"]))))]
#[post("/survivors/{id}/assignments")]
async fn create_assignment(
    app: web::Data<App>,
    staff: SupportStaff,
    id: web::Path<SurvivorId>,
    request: Request<AssignBody>,
) -> Result<HttpResponse> {
    let (call, body) = request.read()?;
    let (actor, caller, id) = (staff.actor(), staff.clone(), id.into_inner());
    let work = move |tx: &mut Tx<'_>| survivors::assign(tx, &caller, id, &body);
    created(&app, actor, "create_assignment", (call, Keep::Answer), work, |made, _| made).await
}

/// End a colleague's assignment
///
/// The last one cannot be ended: somebody must stay assigned.
#[utoipa::path(tag = "survivors", responses((status = 204)),
    params(("id" = SurvivorId, Path), ("staff_id" = StaffId, Path)), security(("staff" = [])),
    extensions(("x-who" = json!(["advocate", "supervisor"]))))]
#[delete("/survivors/{id}/assignments/{staff_id}")]
async fn delete_assignment(
    app: web::Data<App>,
    staff: SupportStaff,
    path: web::Path<(SurvivorId, StaffId)>,
) -> Result<HttpResponse> {
    let (caller, (id, colleague)) = (staff.clone(), path.into_inner());
    let work = move |tx: &mut Tx<'_>| survivors::unassign(tx, &caller, id, colleague);
    app.transact(staff.actor(), "delete_assignment", work).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Keep somebody out of a survivor's record
///
/// For a member of staff, an officer or an organisation that is, or knows, the perpetrator. Bites at once: they get 404,
/// and alerts pass them by.
#[utoipa::path(tag = "survivors", request_body = BlockBody, responses((status = 201, body = BlockView)),
    params(("id" = SurvivorId, Path)), security(("staff" = [])),
    extensions(("x-who" = json!(["advocate", "supervisor"]))))]
#[post("/survivors/{id}/blocks")]
async fn create_block(
    app: web::Data<App>,
    staff: SupportStaff,
    id: web::Path<SurvivorId>,
    request: Request<BlockBody>,
) -> Result<HttpResponse> {
    let (call, body) = request.read()?;
    let (actor, caller, id) = (staff.actor(), staff.clone(), id.into_inner());
    let work = move |tx: &mut Tx<'_>| blocks::create(tx, &caller, id, &body);
    created(&app, actor, "create_block", (call, Keep::Answer), work, |made, _| made).await
}

/// See whom a survivor's side keeps out
///
/// And whom it kept out before: a block that was lifted stays listed.
#[utoipa::path(tag = "survivors", params(("id" = SurvivorId, Path), PageQuery),
    responses((status = 200, body = Page<ListedBlockView>)), security(("staff" = [])),
    extensions(("x-who" = json!(["advocate", "supervisor"]))))]
#[get("/survivors/{id}/blocks")]
async fn list_blocks(
    app: web::Data<App>,
    staff: SupportStaff,
    id: web::Path<SurvivorId>,
    query: Query<PageQuery>,
    http: HttpRequest,
) -> Result<HttpResponse> {
    let (limit, after) = (query.0.limit()?, query.0.after()?);
    let (caller, id) = (staff.clone(), id.into_inner());
    let work = move |tx: &mut Tx<'_>| blocks::list(tx, &caller, id, after, limit);
    let rows = app.transact(staff.actor(), "list_blocks", work).await?;
    let key = |row: &Block| (row.created_at, row.id.0);
    Ok(app.page(rows, limit, key, ListedBlockView::of).await?.respond(&http))
}

/// Lift a block
///
/// At once: whoever was kept out may do again what their role and assignment allow. It stays listed, with who lifted it, when
/// and why.
#[utoipa::path(tag = "survivors", request_body = LiftBlockBody, responses((status = 200, body = ListedBlockView)),
    params(("id" = SurvivorId, Path), ("block_id" = BlockId, Path)), security(("staff" = [])),
    extensions(("x-who" = json!(["advocate", "supervisor"]))))]
#[post("/survivors/{id}/blocks/{block_id}/lift")]
async fn lift_block(
    app: web::Data<App>,
    staff: SupportStaff,
    path: web::Path<(SurvivorId, BlockId)>,
    request: Request<LiftBlockBody>,
) -> Result<HttpResponse> {
    let (call, body) = request.read()?;
    let (caller, path) = (staff.clone(), path.into_inner());
    let work = move |tx: &mut Tx<'_>| ListedBlockView::of(tx.keys, &blocks::lift(tx, &caller, path, &body)?);
    create(&app, staff.actor(), "lift_block", StatusCode::OK, (call, Keep::Answer), work, |view, _| view).await
}

/// See what a survivor has agreed to
///
/// As they see it themselves, with who recorded each decision.
#[utoipa::path(tag = "consent", responses((status = 200, body = Page<SurvivorConsentView>)),
    params(("id" = SurvivorId, Path)), security(("staff" = [])),
    extensions(("x-who" = json!(["advocate", "supervisor"]))))]
#[get("/survivors/{id}/consents")]
async fn list_survivor_consents(
    app: web::Data<App>,
    staff: SupportStaff,
    id: web::Path<SurvivorId>,
) -> Result<HttpResponse> {
    let (caller, id) = (staff.clone(), id.into_inner());
    let work = move |tx: &mut Tx<'_>| consents::list(tx, &caller, id);
    let items = app.transact(staff.actor(), "list_survivor_consents", work).await?;
    Ok(whole(items))
}

/// Record what a survivor has decided
///
/// For one who told it to you. The same rules hold as on their phone: turning an alert setting off takes effect after a
/// delay. They see that staff recorded it, when and how.
#[utoipa::path(tag = "consent", request_body = RecordConsentBody,
    responses((status = 201, body = ConsentReceiptView)), params(("id" = SurvivorId, Path)),
    security(("staff" = [])), extensions(("x-who" = json!(["advocate"]))))]
#[post("/survivors/{id}/consents")]
async fn create_survivor_consent(
    app: web::Data<App>,
    staff: Advocate,
    id: web::Path<SurvivorId>,
    request: Request<RecordConsentBody>,
) -> Result<HttpResponse> {
    let (call, body) = request.read()?;
    let (actor, caller, id) = (staff.actor(), staff.clone(), id.into_inner());
    let work = move |tx: &mut Tx<'_>| consents::record(tx, &caller, id, &body);
    created(&app, actor, "create_survivor_consent", (call, Keep::Answer), work, |receipt, _| receipt).await
}

/// Confirm that an alert setting is to be off, with the survivor's code word
///
/// Ends the delay at once.
#[utoipa::path(tag = "consent", request_body = CodeWordBody, responses((status = 200, body = ConsentReceiptView)),
    params(("id" = SurvivorId, Path), ("scope" = String, Path, example = "alert.police.help_now")),
    security(("staff" = [])), extensions(("x-who" = json!(["advocate", "supervisor"]))))]
#[post("/survivors/{id}/consents/{scope}/confirm")]
async fn confirm_consent(
    app: web::Data<App>,
    staff: SupportStaff,
    path: web::Path<(SurvivorId, String)>,
    request: Request<CodeWordBody>,
) -> Result<HttpResponse> {
    let (id, scope) = path.into_inner();
    let scope: Scope = scope.parse().map_err(|_| Error::NotFound)?;
    let (_, body) = request.read()?;
    Ok(ok(survivors::confirm_turning_off(&app, &staff, id, scope, &body.code_word).await?))
}
