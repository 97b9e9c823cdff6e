//! URLs of endpoints and of the log of attempts, for administrators.

use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::endpoints::{
    self, CreateWebhookEndpointBody, EndpointView, MadeEndpointView, PatchWebhookEndpointBody, QueuedDeliveryView,
};
use super::log::{self, AttemptView, LoggedDeliveryView};
use super::model::{DeliveriesQuery, Delivery, EndpointKind};
use crate::db::{DeliveryId, EndpointId};
use crate::http::reply::paged;
use crate::http::{
    Answer, Call, Created, EmptyBody, Listed, Listing, Matching, OrganisationPageQuery, Query, operations,
};
use crate::identity::{Admin, ApproveBody, ApprovedView, Approver};
use crate::tx::Tx;

/// `/admin/v1`
pub fn admin(routes: &mut ServiceConfig) {
    operations! { routes:
        create_webhook_endpoint list_webhook_endpoints get_webhook_endpoint patch_webhook_endpoint
        approve_webhook_endpoint rotate_webhook_endpoint test_webhook_endpoint list_webhook_deliveries
        list_delivery_attempts replay_delivery
    }
}

/// Create a webhook endpoint of a police force
///
/// Endpoints are tried in their order; a new one is the last. The secrets are shown once; a repeat with the same
/// Idempotency-Key is answered 409. Where it takes two people (`state: awaiting_second_person`) it is out of use until another
/// has approved it.
#[utoipa::path(post, path = "/webhook-endpoints", tag = "administration")]
async fn create_webhook_endpoint(call: Call<Admin, (), CreateWebhookEndpointBody>) -> Created<MadeEndpointView> {
    call.once_secret(endpoints::create).await
}

/// Approve a webhook endpoint
///
/// As the second person: another administrator, or a supervisor of a support organisation. It is in use from now on.
#[utoipa::path(post, path = "/webhook-endpoints/{id}/approve", tag = "administration")]
async fn approve_webhook_endpoint(call: Call<Approver, EndpointId, ApproveBody>) -> Answer<ApprovedView> {
    call.once(endpoints::approve).await
}

/// List webhook endpoints
///
/// With how each is doing: one with `failing_since` reaches nobody, and somebody has to look.
#[utoipa::path(get, path = "/webhook-endpoints", tag = "administration")]
async fn list_webhook_endpoints(call: Call<Admin, (), Query<OrganisationPageQuery>>) -> Listed<EndpointView> {
    let Call { app, who: admin, body: query, action, request, .. } = call;
    let (organisation, after, limit) = query.read()?;
    let work = move |tx: &mut Tx<'_>| endpoints::list(tx, organisation, after, limit);
    let rows = app.transact(admin.actor(), action, work).await?;
    paged(&request, limit, rows, |view| (view.created_at, view.id.0), Ok)
}

/// Read a webhook endpoint
#[utoipa::path(get, path = "/webhook-endpoints/{id}", tag = "administration")]
async fn get_webhook_endpoint(call: Call<Admin, EndpointId>) -> Answer<EndpointView> {
    call.tagged(endpoints::find, |view| view.version).await
}

/// Change a webhook endpoint
///
/// Its address, its name, its place in the force's order, whether it is in use. What waits goes to the new address, signed by
/// the same keys. What waits for one that is taken out of use goes to the next, or becomes a task; one that waits for a second
/// person is refused by that, for good.
#[utoipa::path(patch, path = "/webhook-endpoints/{id}", tag = "administration")]
async fn patch_webhook_endpoint(
    call: Call<Admin, EndpointId, Matching<PatchWebhookEndpointBody>>,
) -> Answer<EndpointView> {
    call.tagged(endpoints::change, |view| view.version).await
}

/// Change the keys of a webhook endpoint
///
/// The new secrets are shown once. The old ones go on signing for a day: all signatures stand in the one header.
#[utoipa::path(post, path = "/webhook-endpoints/{id}/rotate", tag = "administration")]
async fn rotate_webhook_endpoint(call: Call<Admin, EndpointId, EmptyBody>) -> Created<MadeEndpointView> {
    call.once_secret(endpoints::rotate).await
}

/// Send a test message to a webhook endpoint
///
/// Of type `endpoint.test`, about nobody; tried for an hour.
#[utoipa::path(post, path = "/webhook-endpoints/{id}/test", tag = "administration")]
async fn test_webhook_endpoint(call: Call<Admin, EndpointId, EmptyBody>) -> Created<QueuedDeliveryView> {
    call.once(endpoints::test).await
}

/// List the messages to a webhook endpoint
///
/// Ids, types, times and codes: no bodies, and nothing of whom they are about.
#[utoipa::path(get, path = "/webhook-endpoints/{id}/deliveries", tag = "administration")]
async fn list_webhook_deliveries(call: Call<Admin, EndpointId, Query<DeliveriesQuery>>) -> Listed<LoggedDeliveryView> {
    let key = |(row, _): &(Delivery, EndpointKind)| (row.queued_at, row.id.0);
    call.page_as(log::list_deliveries, key, |row| Ok(LoggedDeliveryView::of(row))).await
}

/// List the attempts of a message
#[utoipa::path(get, path = "/deliveries/{id}/attempts", tag = "administration")]
async fn list_delivery_attempts(call: Listing<Admin, DeliveryId>) -> Listed<AttemptView> {
    let Call { app, who: admin, path: id, body: query, action, request, .. } = call;
    let (limit, after) = (query.limit()?, query.after()?);
    let work = move |tx: &mut Tx<'_>| log::list_attempts(tx, id, after, limit);
    let rows = app.transact(admin.actor(), action, work).await?;
    let number = |attempt: i32| Uuid::from_u128(u128::from(attempt.unsigned_abs()));
    paged(&request, limit, rows, |row| (row.started_at, number(row.attempt)), |row| Ok(AttemptView::of(row)))
}

/// Send a message again
///
/// With the same id, whatever became of it; what it may hold is asked again before each attempt.
#[utoipa::path(post, path = "/deliveries/{id}/replay", tag = "administration")]
async fn replay_delivery(call: Call<Admin, DeliveryId, EmptyBody>) -> Created<QueuedDeliveryView> {
    call.once(log::replay).await
}
