//! Is it alive, can it take a cry for help, and is there anything that somebody has to look at?

use actix_web::{HttpResponse, get, web};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::app::App;
use crate::db::{Instant, text_enum};
use crate::error::Result;
use crate::http::ok;
use crate::http::operation::Described;
use crate::worker::{self, EMERGENCY, MOST_LAG_SECONDS};
use crate::{installation, webhooks};

/// `/health`
pub fn health(routes: &mut ServiceConfig) {
    routes.service(Described(get_live)).service(Described(get_ready)).service(Described(get_watch));
}

/// How it is.
#[derive(Serialize, ToSchema)]
struct HealthView {
    /// `ok`, or `not_storing`: nothing that is written is stored just now.
    #[schema(example = "ok")]
    status: &'static str,
}

text_enum! {
    /// What somebody has to look at.
    pub enum WatchReason {
        /// Nothing that is written is stored just now.
        NotStoring = "not_storing",
        /// Work that is due waits for longer than a minute.
        Late = "late",
        /// A message of an emergency has waited for its first attempt for a minute.
        EmergencyWaiting = "emergency_waiting",
        /// A police route is in use that nobody has proven lately.
        RouteUnproven = "route_unproven",
        /// This is a copy, and nothing leaves it until an operator runs `holdfast arm`.
        Disarmed = "disarmed",
    }
}

/// What a person who keeps watch over the service has to know.
#[serde_with::skip_serializing_none]
#[derive(Serialize, ToSchema)]
struct WatchView {
    /// `ok`, or `attention` where there is a reason.
    #[schema(example = "ok")]
    status: &'static str,
    /// What somebody has to look at.
    reasons: Vec<WatchReason>,
    /// Seconds that the oldest due work has been waiting.
    lag_seconds: i64,
    /// Seconds that the oldest message of an emergency has been waiting for its first attempt.
    oldest_unattempted_emergency_seconds: Option<i64>,
    /// Seconds since the oldest message of an emergency was queued that no machine has received.
    oldest_undelivered_emergency_seconds: Option<i64>,
    /// Police routes in use that were never proven, or too long ago: nobody has acknowledged an alert or a drill that went
    /// through them.
    unproven_routes: i64,
}

/// Read whether the process is alive
#[utoipa::path(tag = "health", responses((status = 200, body = HealthView)), extensions(("x-who" = json!(["anyone"]))))]
#[get("/live")]
async fn get_live() -> HttpResponse {
    ok(HealthView { status: "ok" })
}

/// Read whether the instance can take and store a cry for help
///
/// Writes a row, and is answered within two seconds. Says nothing else: what waits to be done or sent is under
/// `/health/watch`, since an instance that is late still takes every cry for help.
#[utoipa::path(tag = "health", responses((status = 200, body = HealthView),
    (status = 503, body = HealthView, description = "Not ready")), extensions(("x-who" = json!(["anyone"]))))]
#[get("/ready")]
async fn get_ready(app: web::Data<App>) -> HttpResponse {
    if app.db.can_store().await {
        return ok(HealthView { status: "ok" });
    }
    HttpResponse::ServiceUnavailable().json(HealthView { status: "not_storing" })
}

/// Read whether there is anything that somebody has to look at
///
/// Work that is late, an emergency that waits for its first attempt, police routes that nobody has proven lately, a
/// copy that sends nothing. No reason to send traffic elsewhere.
#[utoipa::path(tag = "health", responses((status = 200, body = WatchView),
    (status = 503, body = WatchView, description = "Somebody has to look")), extensions(("x-who" = json!(["anyone"]))))]
#[get("/watch")]
async fn get_watch(app: web::Data<App>) -> Result<HttpResponse> {
    let now = app.clock.now();
    let ago = |since: Instant| now.seconds_since(since).max(0);
    let proven_since = webhooks::proven_since(&app.settings, now);
    let read = move |conn: &mut _| {
        let waits = (worker::late_since(conn, now)?, worker::unattempted_since(conn, now)?);
        let routes = (webhooks::oldest_undelivered(conn, EMERGENCY)?, webhooks::count_unproven(conn, proven_since)?);
        Ok((waits, routes, installation::is_armed(conn)?))
    };
    let ((late, unattempted), (undelivered, unproven_routes), is_armed) = app.db.read(read).await?;
    let (lag, unattempted) = (late.map_or(0, ago), unattempted.map(ago));
    let reasons = [
        (!app.db.can_store().await).then_some(WatchReason::NotStoring),
        (lag > MOST_LAG_SECONDS).then_some(WatchReason::Late),
        unattempted.is_some_and(|seconds| seconds >= MOST_LAG_SECONDS).then_some(WatchReason::EmergencyWaiting),
        (unproven_routes > 0).then_some(WatchReason::RouteUnproven),
        (!is_armed).then_some(WatchReason::Disarmed),
    ];
    let reasons: Vec<WatchReason> = reasons.into_iter().flatten().collect();
    let is_well = reasons.is_empty();
    let view = WatchView {
        status: if is_well { "ok" } else { "attention" },
        reasons,
        lag_seconds: lag,
        oldest_unattempted_emergency_seconds: unattempted,
        oldest_undelivered_emergency_seconds: undelivered.map(ago),
        unproven_routes,
    };
    Ok(if is_well { ok(view) } else { HttpResponse::ServiceUnavailable().json(view) })
}
