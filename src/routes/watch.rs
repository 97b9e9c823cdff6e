//! Does anything leave?

use actix_web::{HttpResponse, get, web};
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::error::Result;
use crate::http::ok;

/// Whether messages leave.
#[derive(Serialize, ToSchema)]
struct WatchView {
    /// `ok`, or `disarmed`: this is a copy, and nothing leaves it until an operator runs `holdfast arm`.
    #[schema(example = "ok")]
    status: &'static str,
}

/// See whether messages leave
///
/// A copy of an installation takes and keeps everything, and sends nothing until an operator arms it.
#[utoipa::path(tag = "health", responses((status = 200, body = WatchView),
    (status = 503, body = WatchView, description = "Nothing leaves")), extensions(("x-who" = json!(["anyone"]))))]
#[get("/watch")]
pub(super) async fn get_watch(app: web::Data<App>) -> Result<HttpResponse> {
    Ok(match app.is_armed().await? {
        true => ok(WatchView { status: "ok" }),
        false => HttpResponse::ServiceUnavailable().json(WatchView { status: "disarmed" }),
    })
}
