//! `POST /test/v1/clock/advance`: only with `serve --test-clock`, which production refuses; not part of the contract.

use actix_web::{HttpResponse, web};
use garde::Validate;
use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::db::Instant;
use crate::error::Result;
use crate::http::{Request, ok};
use crate::worker::Worker;

pub fn routes(routes: &mut web::ServiceConfig) {
    routes.route("/test/v1/clock/advance", web::post().to(advance_clock));
}

#[derive(Deserialize, Validate)]
#[serde(deny_unknown_fields)]
struct AdvanceBody {
    #[garde(range(min = 0, max = 400 * 24 * 60 * 60))]
    seconds: i64,
}

#[derive(Serialize)]
struct NowView {
    now: Instant,
}

/// Moves the clock on, visits each due instant on the way, and answers when nothing is due any more.
async fn advance_clock(
    app: web::Data<App>,
    worker: web::Data<Worker>,
    request: Request<AdvanceBody>,
) -> Result<HttpResponse> {
    let (_, body) = request.read()?;
    worker.advance_to(app.clock.now().plus_seconds(body.seconds)).await?;
    Ok(ok(NowView { now: app.clock.now() }))
}
