//! URLs of webhooks, for administrators.

use actix_web::{HttpResponse, post, web};
use utoipa_actix_web::service_config::ServiceConfig;

use super::endpoints::{self, CreateWebhookEndpointBody, MadeEndpointView};
use crate::app::App;
use crate::error::Result;
use crate::http::{Keep, Request, created};
use crate::identity::Admin;
use crate::tx::Tx;

/// `/admin/v1`
pub fn admin(routes: &mut ServiceConfig) {
    routes.service(create_webhook_endpoint);
}

/// Make a webhook endpoint of a police force
///
/// Endpoints are tried in the order in which they were made. The secrets are shown once; a repeat with the same
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
