//! URLs of reference data, for anybody.

use actix_web::{HttpResponse, get, web};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::behaviours::{self, Behaviour};
use super::forces::{self, Force};
use super::services::{self, SupportServiceView};
use crate::app::App;
use crate::db::Instant;
use crate::error::Result;
use crate::http::{Page, Query, ok};

/// `/public/v1`
pub fn public(routes: &mut ServiceConfig) {
    routes.service(list_behaviours).service(list_forces).service(list_support_services);
}

/// List the behaviours that an incident can name
///
/// In one page.
#[utoipa::path(tag = "reference", responses((status = 200, body = Page<Behaviour>)),
    extensions(("x-who" = json!(["anyone"]))))]
#[get("/behaviours")]
async fn list_behaviours() -> Result<HttpResponse> {
    Ok(ok(Page { items: behaviours::behaviours().to_vec(), next_cursor: None }))
}

/// List the territorial police forces of England, Wales and Northern Ireland
///
/// In one page; the ids are those of data.police.uk.
#[utoipa::path(tag = "reference", responses((status = 200, body = Page<Force>)),
    extensions(("x-who" = json!(["anyone"]))))]
#[get("/forces")]
async fn list_forces() -> Result<HttpResponse> {
    Ok(ok(Page { items: forces::forces().to_vec(), next_cursor: None }))
}

/// When to look at opening hours.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct AtQuery {
    /// The instant that `open_now` tells of; without one, now.
    #[serde(default)]
    #[param(value_type = Option<String>, format = DateTime, example = "2026-11-20T10:00:00Z")]
    at: Option<Instant>,
}

/// List help lines, and whether each is open
///
/// In one page. This is not an emergency service: call 999; if you cannot speak, press 55.
#[utoipa::path(tag = "reference", params(AtQuery), responses((status = 200, body = Page<SupportServiceView>)),
    extensions(("x-who" = json!(["anyone"]))))]
#[get("/support-services")]
async fn list_support_services(app: web::Data<App>, Query(query): Query<AtQuery>) -> Result<HttpResponse> {
    let items = services::support_services(query.at.unwrap_or_else(|| app.clock.now()));
    Ok(ok(Page { items, next_cursor: None }))
}
