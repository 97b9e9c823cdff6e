//! `/partner/v1/silences` and storms: what holds notifications back.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, get, post, web};
use utoipa_actix_web::service_config::ServiceConfig;

use crate::app::App;
use crate::db::SilenceId;
use crate::error::Result;
use crate::escalation::silences::{self, CreateSilenceBody, SilenceView, StormsView};
use crate::http::{EmptyBody, Keep, Page, PageQuery, Query, Request, create, created, ok};
use crate::identity::{Admin, Supervisor};
use crate::tx::Tx;

pub(super) fn partner(routes: &mut ServiceConfig) {
    routes.service(create_silence).service(list_silences).service(end_silence).service(get_storms);
}

/// `/admin/v1`
pub fn admin(routes: &mut ServiceConfig) {
    routes.service(get_all_storms);
}

/// Silence notifications of lower alerts for a while
///
/// At most 24 hours; of one survivor, of one kind of alert, or both. Everything is still recorded, and an emergency
/// breaks through.
#[utoipa::path(tag = "silences", request_body = CreateSilenceBody, responses((status = 201, body = SilenceView)),
    security(("staff" = [])), extensions(("x-who" = json!(["supervisor"]))))]
#[post("/silences")]
async fn create_silence(
    app: web::Data<App>,
    staff: Supervisor,
    request: Request<CreateSilenceBody>,
) -> Result<HttpResponse> {
    let (call, body) = request.read()?;
    let (actor, caller) = (staff.actor(), staff.clone());
    let work = move |tx: &mut Tx<'_>| silences::make(tx, &caller, &body);
    created(&app, actor, "create_silence", (call, Keep::Answer), work, |made, _| made).await
}

/// List silences, those that are over too
#[utoipa::path(tag = "silences", params(PageQuery), responses((status = 200, body = Page<SilenceView>)),
    security(("staff" = [])), extensions(("x-who" = json!(["supervisor"]))))]
#[get("/silences")]
async fn list_silences(
    app: web::Data<App>,
    staff: Supervisor,
    query: Query<PageQuery>,
    http: HttpRequest,
) -> Result<HttpResponse> {
    let (limit, after, caller) = (query.0.limit()?, query.0.after()?, staff.clone());
    let work = move |tx: &mut Tx<'_>| silences::list(tx, &caller, after, limit);
    let rows = app.transact(staff.actor(), "list_silences", work).await?;
    let now = app.clock.now();
    let page = Page::of(rows, limit, |row| (row.created_at, row.id.0), |row| Ok(SilenceView::of(row, now)))?;
    Ok(page.respond(&http))
}

/// End a silence early
///
/// What it held back is taken at once.
#[utoipa::path(tag = "silences", request_body = EmptyBody, responses((status = 200, body = SilenceView)),
    params(("id" = SilenceId, Path)), security(("staff" = [])), extensions(("x-who" = json!(["supervisor"]))))]
#[post("/silences/{id}/end")]
async fn end_silence(
    app: web::Data<App>,
    staff: Supervisor,
    id: web::Path<SilenceId>,
    request: Request<EmptyBody>,
) -> Result<HttpResponse> {
    let (call, _) = request.read()?;
    let (actor, caller, id) = (staff.actor(), staff.clone(), id.into_inner());
    let work = move |tx: &mut Tx<'_>| silences::end(tx, &caller, id);
    create(&app, actor, "end_silence", StatusCode::OK, (call, Keep::Answer), work, |view, _| view).await
}

/// See whether a storm of misses holds concerns back at your organisation
///
/// Many survivors who miss a check-in at once are taken for an outage: concerns are held for up to ten minutes, graver
/// alerts never.
#[utoipa::path(tag = "silences", responses((status = 200, body = StormsView)), security(("staff" = [])),
    extensions(("x-who" = json!(["supervisor"]))))]
#[get("/storms")]
async fn get_storms(app: web::Data<App>, staff: Supervisor) -> Result<HttpResponse> {
    let own = staff.organisation()?;
    let work = move |tx: &mut Tx<'_>| silences::storms(tx, Some(own));
    Ok(ok(app.transact(staff.actor(), "get_storms", work).await?))
}

/// See storms of misses at every organisation
///
/// How many alerts are held back, and nothing of anybody's case.
#[utoipa::path(tag = "silences", responses((status = 200, body = StormsView)), security(("staff" = [])),
    extensions(("x-who" = json!(["administrator"]))))]
#[get("/storms")]
async fn get_all_storms(app: web::Data<App>, staff: Admin) -> Result<HttpResponse> {
    let work = move |tx: &mut Tx<'_>| silences::storms(tx, None);
    Ok(ok(app.transact(staff.actor(), "get_all_storms", work).await?))
}
