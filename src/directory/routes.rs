//! URLs of reference data, for anybody.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use super::bank_holidays;
use super::behaviours::{self, Behaviour};
use super::forces::{self, Force};
use super::orders::{self, ConditionCodeView, OrderKindView};
use super::services::{self, SupportServiceView};
use crate::db::Instant;
use crate::http::reply::{listed, reply};
use crate::http::{Answer, Anyone, Call, Listed, Query, ReaderLanguage, operations};

/// `/public/v1`
pub fn public(routes: &mut ServiceConfig) {
    operations! { routes:
        list_behaviours list_forces list_support_services list_order_kinds list_condition_codes
    }
}

/// List the behaviours that an incident can name
///
/// In one page, in the language that `Accept-Language` asks for (English or Welsh).
#[utoipa::path(get, path = "/behaviours", tag = "reference")]
async fn list_behaviours(_call: Call<Anyone>, ReaderLanguage(language): ReaderLanguage) -> Listed<Behaviour> {
    listed(behaviours::behaviours().iter().map(|behaviour| behaviour.in_language(language)).collect())
}

/// List the police forces
///
/// In one page: the 43 territorial forces of England and Wales, and the Police Service of Northern Ireland, with their ids of
/// data.police.uk; Police Scotland (`scotland`), British Transport Police (`btp`) and the Ministry of Defence Police (`mod`).
/// Wherever a force is named, another id is refused with 422.
#[utoipa::path(get, path = "/forces", tag = "reference")]
async fn list_forces(_call: Call<Anyone>) -> Listed<Force> {
    listed(forces::forces().to_vec())
}

/// List the kinds of orders
///
/// In one page, in the language that `Accept-Language` asks for (English or Welsh), with the duty to notify the police that
/// goes with a kind.
#[utoipa::path(get, path = "/order-kinds", tag = "reference")]
async fn list_order_kinds(_call: Call<Anyone>, ReaderLanguage(language): ReaderLanguage) -> Listed<OrderKindView> {
    listed(orders::kinds(language))
}

/// List the known codes of conditions
///
/// In one page, in the language that `Accept-Language` asks for (English or Welsh). Other codes are open.
#[utoipa::path(get, path = "/condition-codes", tag = "reference")]
async fn list_condition_codes(
    _call: Call<Anyone>,
    ReaderLanguage(language): ReaderLanguage,
) -> Listed<ConditionCodeView> {
    listed(orders::conditions(language))
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

/// Help lines as they are at one instant.
#[derive(Debug, Serialize, ToSchema)]
struct SupportServicesView {
    /// The help lines, the emergency number first.
    items: Vec<SupportServiceView>,
    /// Always null: there is one page.
    #[schema(required = true)]
    next_cursor: Option<String>,
    /// The instant that `open_now` tells of.
    at: Instant,
    /// The last day for which bank holidays are known; after it, a line may be shown as open on one.
    #[schema(value_type = Option<String>, format = Date, example = "2030-12-31", required = true)]
    bank_holidays_known_until: Option<jiff::civil::Date>,
}

/// List help lines, and whether each is open
///
/// In one page, in the language that `Accept-Language` asks for (English or Welsh). Hours are given in London's time, with
/// bank holidays taken into account; where sources differ, each is given with what it says. This is not an emergency
/// service: call 999; if you cannot speak, press 55.
#[utoipa::path(get, path = "/support-services", tag = "reference")]
async fn list_support_services(
    call: Call<Anyone, (), Query<AtQuery>>,
    ReaderLanguage(language): ReaderLanguage,
) -> Answer<SupportServicesView> {
    let at = call.body.at.unwrap_or_else(|| call.app.clock.now());
    let items = services::support_services(at, language);
    let bank_holidays_known_until = bank_holidays::known_until();
    reply(SupportServicesView { items, next_cursor: None, at, bank_holidays_known_until })
}
