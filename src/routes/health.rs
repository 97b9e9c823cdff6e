//! Is it alive, and can it do its work?

use actix_web::{HttpResponse, get, web};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::app::App;
use crate::error::Result;
use crate::http::ok;
use crate::{webhooks, worker};

/// The level of an emergency.
const EMERGENCY: i32 = 4;

/// `/health`
pub fn health(routes: &mut ServiceConfig) {
    routes.service(get_live).service(get_ready).service(super::watch::get_watch);
}

/// How it is.
#[derive(Serialize, ToSchema)]
struct HealthView {
    /// `ok` or `late`.
    #[schema(example = "ok")]
    status: &'static str,
    /// Seconds that the oldest due work has been waiting.
    #[serde(skip_serializing_if = "Option::is_none")]
    lag_seconds: Option<i64>,
    /// Seconds since the oldest message of an emergency was queued that no machine has received.
    #[serde(skip_serializing_if = "Option::is_none")]
    oldest_undelivered_emergency_seconds: Option<i64>,
}

/// See whether the process is alive
#[utoipa::path(tag = "health", responses((status = 200, body = HealthView)), extensions(("x-who" = json!(["anyone"]))))]
#[get("/live")]
async fn get_live() -> HttpResponse {
    ok(HealthView { status: "ok", lag_seconds: None, oldest_undelivered_emergency_seconds: None })
}

/// See whether the instance can do its work
///
/// Reads the database, and looks whether missed check-ins and alerts are worked on in time. What waits at a receiver makes no
/// instance late.
#[utoipa::path(tag = "health", responses((status = 200, body = HealthView),
    (status = 503, body = HealthView, description = "Not ready")), extensions(("x-who" = json!(["anyone"]))))]
#[get("/ready")]
async fn get_ready(app: web::Data<App>) -> Result<HttpResponse> {
    let now = app.clock.now();
    let since = worker::late_since(&app).await?;
    let oldest = app.db.read(|conn| webhooks::oldest_undelivered(conn, EMERGENCY)).await?;
    let lag = since.map_or(0, |since| now.seconds_since(since).max(0));
    let is_late = lag > worker::MOST_LAG_SECONDS;
    let view = HealthView {
        status: if is_late { "late" } else { "ok" },
        lag_seconds: Some(lag),
        oldest_undelivered_emergency_seconds: oldest.map(|queued| now.seconds_since(queued).max(0)),
    };
    Ok(if is_late { HttpResponse::ServiceUnavailable().json(view) } else { ok(view) })
}
