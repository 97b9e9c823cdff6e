//! URLs of endpoints and of the log of attempts, for administrators.

use actix_web::{HttpRequest, HttpResponse, get, patch, post, web};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::endpoints::{
    self, CreateWebhookEndpointBody, EndpointView, MadeEndpointView, PatchWebhookEndpointBody, QueuedDeliveryView,
};
use super::log::{self, AttemptView, LoggedDeliveryView};
use crate::app::App;
use crate::db::{DeliveryId, EndpointId};
use crate::error::Result;
use crate::http::etag::{self, IfMatch};
use crate::http::{EmptyBody, Keep, OrganisationPageQuery, Page, PageQuery, Query, Request, created};
use crate::identity::Admin;
use crate::tx::Tx;

/// `/admin/v1`
pub fn admin(routes: &mut ServiceConfig) {
    routes
        .service(create_webhook_endpoint)
        .service(list_webhook_endpoints)
        .service(get_webhook_endpoint)
        .service(patch_webhook_endpoint)
        .service(rotate_webhook_endpoint)
        .service(test_webhook_endpoint)
        .service(list_webhook_deliveries)
        .service(list_delivery_attempts)
        .service(replay_delivery);
}

/// Make a webhook endpoint of a police force
///
/// Endpoints are tried in their order; a new one is the last. The secrets are shown once; a repeat with the same
/// Idempotency-Key is answered 409.
#[utoipa::path(tag = "administration", request_body = CreateWebhookEndpointBody,
    responses((status = 201, body = MadeEndpointView)), security(("staff" = [])),
    extensions(("x-who" = json!(["administrator"]))))]
#[post("/webhook-endpoints")]
async fn create_webhook_endpoint(
    app: web::Data<App>,
    admin: Admin,
    request: Request<CreateWebhookEndpointBody>,
) -> Result<HttpResponse> {
    let (call, body) = request.read()?;
    let work = move |tx: &mut Tx<'_>| endpoints::create(tx, &body);
    created(&app, admin.actor(), "create_webhook_endpoint", (call, Keep::Nothing), work, |made, _| made).await
}

/// List webhook endpoints
///
/// With how each is doing: one with `failing_since` reaches nobody, and somebody has to look.
#[utoipa::path(tag = "administration", params(OrganisationPageQuery), responses((status = 200, body = Page<EndpointView>)),
    security(("staff" = [])), extensions(("x-who" = json!(["administrator"]))))]
#[get("/webhook-endpoints")]
async fn list_webhook_endpoints(
    app: web::Data<App>,
    admin: Admin,
    query: Query<OrganisationPageQuery>,
    http: HttpRequest,
) -> Result<HttpResponse> {
    let (organisation, after, limit) = query.0.read()?;
    let work = move |tx: &mut Tx<'_>| endpoints::list(tx, organisation, after, limit);
    let rows = app.transact(admin.actor(), "list_webhook_endpoints", work).await?;
    Ok(Page::of(rows, limit, |view| (view.created_at, view.id.0), Ok)?.respond(&http))
}

/// See a webhook endpoint
#[utoipa::path(tag = "administration", responses((status = 200, body = EndpointView)),
    params(("id" = EndpointId, Path)), security(("staff" = [])), extensions(("x-who" = json!(["administrator"]))))]
#[get("/webhook-endpoints/{id}")]
async fn get_webhook_endpoint(app: web::Data<App>, admin: Admin, id: web::Path<EndpointId>) -> Result<HttpResponse> {
    let id = id.into_inner();
    let work = move |tx: &mut Tx<'_>| endpoints::find(tx, id);
    let view = app.transact(admin.actor(), "get_webhook_endpoint", work).await?;
    Ok(etag::ok_tagged(view.version, view))
}

/// Change a webhook endpoint
///
/// Its address, its name, its place in the force's order, whether it is in use. What waits goes to the new address, signed by
/// the same keys. What waits for one that is taken out of use goes to
/// the next, or becomes a task.
#[utoipa::path(tag = "administration", request_body = PatchWebhookEndpointBody,
    responses((status = 200, body = EndpointView)),
    params(("id" = EndpointId, Path), ("If-Match" = String, Header, description = "The ETag that you read")),
    security(("staff" = [])), extensions(("x-who" = json!(["administrator"]))))]
#[patch("/webhook-endpoints/{id}")]
async fn patch_webhook_endpoint(
    app: web::Data<App>,
    admin: Admin,
    id: web::Path<EndpointId>,
    read: IfMatch,
    request: Request<PatchWebhookEndpointBody>,
) -> Result<HttpResponse> {
    let ((_, body), id) = (request.read()?, id.into_inner());
    let work = move |tx: &mut Tx<'_>| endpoints::change(tx, id, &read, &body);
    let view = app.transact(admin.actor(), "patch_webhook_endpoint", work).await?;
    Ok(etag::ok_tagged(view.version, view))
}

/// Change the keys of a webhook endpoint
///
/// The new secrets are shown once. The old ones go on signing for a day: all signatures stand in the one header.
#[utoipa::path(tag = "administration", request_body = EmptyBody, responses((status = 201, body = MadeEndpointView)),
    params(("id" = EndpointId, Path)), security(("staff" = [])), extensions(("x-who" = json!(["administrator"]))))]
#[post("/webhook-endpoints/{id}/rotate")]
async fn rotate_webhook_endpoint(
    app: web::Data<App>,
    admin: Admin,
    id: web::Path<EndpointId>,
    request: Request<EmptyBody>,
) -> Result<HttpResponse> {
    let ((call, _), id) = (request.read()?, id.into_inner());
    let work = move |tx: &mut Tx<'_>| endpoints::rotate(tx, id);
    created(&app, admin.actor(), "rotate_webhook_endpoint", (call, Keep::Nothing), work, |made, _| made).await
}

/// Send a test message to a webhook endpoint
///
/// Of type `endpoint.test`, about nobody; tried for an hour.
#[utoipa::path(tag = "administration", request_body = EmptyBody, responses((status = 201, body = QueuedDeliveryView)),
    params(("id" = EndpointId, Path)), security(("staff" = [])), extensions(("x-who" = json!(["administrator"]))))]
#[post("/webhook-endpoints/{id}/test")]
async fn test_webhook_endpoint(
    app: web::Data<App>,
    admin: Admin,
    id: web::Path<EndpointId>,
    request: Request<EmptyBody>,
) -> Result<HttpResponse> {
    let ((call, _), id) = (request.read()?, id.into_inner());
    let work = move |tx: &mut Tx<'_>| endpoints::test(tx, id);
    created(&app, admin.actor(), "test_webhook_endpoint", (call, Keep::Answer), work, |queued, _| queued).await
}

/// List the messages to a webhook endpoint
///
/// Ids, types, times and codes: no bodies, and nothing of whom they are about.
#[utoipa::path(tag = "administration", responses((status = 200, body = Page<LoggedDeliveryView>)),
    params(("id" = EndpointId, Path), PageQuery), security(("staff" = [])),
    extensions(("x-who" = json!(["administrator"]))))]
#[get("/webhook-endpoints/{id}/deliveries")]
async fn list_webhook_deliveries(
    app: web::Data<App>,
    admin: Admin,
    id: web::Path<EndpointId>,
    query: Query<PageQuery>,
    http: HttpRequest,
) -> Result<HttpResponse> {
    let (limit, after, id) = (query.0.limit()?, query.0.after()?, id.into_inner());
    let work = move |tx: &mut Tx<'_>| log::list_deliveries(tx, id, after, limit);
    let rows = app.transact(admin.actor(), "list_webhook_deliveries", work).await?;
    let page = Page::of(rows, limit, |(row, _)| (row.queued_at, row.id.0), |row| Ok(LoggedDeliveryView::of(row)))?;
    Ok(page.respond(&http))
}

/// List the attempts of a message
#[utoipa::path(tag = "administration", responses((status = 200, body = Page<AttemptView>)),
    params(("id" = DeliveryId, Path), PageQuery), security(("staff" = [])),
    extensions(("x-who" = json!(["administrator"]))))]
#[get("/deliveries/{id}/attempts")]
async fn list_delivery_attempts(
    app: web::Data<App>,
    admin: Admin,
    id: web::Path<DeliveryId>,
    query: Query<PageQuery>,
    http: HttpRequest,
) -> Result<HttpResponse> {
    let (limit, after, id) = (query.0.limit()?, query.0.after()?, id.into_inner());
    let work = move |tx: &mut Tx<'_>| log::list_attempts(tx, id, after, limit);
    let rows = app.transact(admin.actor(), "list_delivery_attempts", work).await?;
    let number = |attempt: i32| Uuid::from_u128(u128::from(attempt.unsigned_abs()));
    let page = Page::of(rows, limit, |row| (row.started_at, number(row.attempt)), |row| Ok(AttemptView::of(row)))?;
    Ok(page.respond(&http))
}

/// Send a message again
///
/// With the same id, whatever became of it; what it may hold is asked again before each attempt.
#[utoipa::path(tag = "administration", request_body = EmptyBody, responses((status = 201, body = QueuedDeliveryView)),
    params(("id" = DeliveryId, Path)), security(("staff" = [])), extensions(("x-who" = json!(["administrator"]))))]
#[post("/deliveries/{id}/replay")]
async fn replay_delivery(
    app: web::Data<App>,
    admin: Admin,
    id: web::Path<DeliveryId>,
    request: Request<EmptyBody>,
) -> Result<HttpResponse> {
    let ((call, _), id) = (request.read()?, id.into_inner());
    let work = move |tx: &mut Tx<'_>| log::replay(tx, id);
    created(&app, admin.actor(), "replay_delivery", (call, Keep::Answer), work, |queued, _| queued).await
}
