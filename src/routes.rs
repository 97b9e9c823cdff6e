//! Door 1: a request. One line per feature, plus middleware.

mod contract;
mod health;
pub mod metrics;
mod sync;
mod test_clock;

use std::net::TcpListener;

use actix_web::middleware::from_fn;
use actix_web::{App as WebApp, HttpServer, web};
use utoipa::openapi::OpenApi;
use utoipa_actix_web::service_config::ServiceConfig;
use utoipa_actix_web::{AppExt, scope};

use crate::app::App;
use crate::http::edge::observed::observed;
use crate::http::edge::{Routes, edge, no_route};
use crate::http::head::head;
use crate::http::know_fields;
use crate::http::operation::collecting;
use crate::worker::Worker;
use crate::{
    access, cases, checkins, consent, contact, directory, escalation, evidence, identity, incidents, orders,
    participants, portal, programme, reporting, safety, webhooks,
};

/// Seconds that requests under way are given when the server is told to stop.
const SHUTDOWN_SECONDS: u64 = 8;
/// Seconds for the headers of a request to arrive.
const HEADER_SECONDS: u64 = 10;

/// The survivor's app.
fn app_v1(routes: &mut ServiceConfig) {
    identity::routes::app(routes);
    consent::routes::app(routes);
    contact::routes::app(routes);
    checkins::routes::app(routes);
    safety::routes::app(routes);
    incidents::routes::app(routes);
    evidence::routes::app(routes);
    escalation::routes::app(routes);
    cases::routes::app(routes);
    sync::app(routes);
}

/// The partner portal.
fn partner_v1(routes: &mut ServiceConfig) {
    identity::routes::partner(routes);
    access::routes::partner(routes);
    contact::routes::partner(routes);
    checkins::routes::partner(routes);
    safety::routes::partner(routes);
    incidents::routes::partner(routes);
    evidence::routes::partner(routes);
    participants::routes::partner(routes);
    orders::routes::partner(routes);
    programme::routes::partner(routes);
    cases::routes::partner(routes);
    escalation::routes::partner(routes);
    portal::routes::partner(routes);
}

/// The police.
fn police_v1(routes: &mut ServiceConfig) {
    identity::routes::police(routes);
    escalation::routes::police(routes);
}

/// Administration.
fn admin_v1(routes: &mut ServiceConfig) {
    identity::routes::admin(routes);
    consent::routes::admin(routes);
    webhooks::routes::admin(routes);
    escalation::routes::admin(routes);
    reporting::routes::admin(routes);
}

/// Commissioners and auditors.
fn oversight_v1(routes: &mut ServiceConfig) {
    reporting::routes::oversight(routes);
}

/// Anybody.
fn public_v1(routes: &mut ServiceConfig) {
    directory::routes::public(routes);
    evidence::routes::public(routes);
    contract::public(routes);
}

fn every_door(routes: &mut ServiceConfig) {
    routes
        .service(scope::scope("/app/v1").configure(app_v1))
        .service(scope::scope("/partner/v1").configure(partner_v1))
        .service(scope::scope("/police/v1").configure(police_v1))
        .service(scope::scope("/oversight/v1").configure(oversight_v1))
        .service(scope::scope("/admin/v1").configure(admin_v1))
        .service(scope::scope("/public/v1").configure(public_v1))
        .service(scope::scope("/health").configure(health::health));
}

/// The contract, made from the code: each operation in full, and schemas by their names in the code.
#[must_use]
pub fn contract() -> OpenApi {
    let (_, collected) = collecting(|| WebApp::new().into_utoipa_app().configure(every_door).split_for_parts());
    contract::finish(collected)
}

/// The contract as it is given out: what repeats is there once, and schemas have the names that people outside know.
///
/// # Errors
/// 500 where it is no JSON.
pub fn document() -> crate::error::Result<serde_json::Value> {
    contract::document(&contract())
}

/// The contract as the text of `openapi.yaml`.
///
/// # Errors
/// 500 where it is no JSON.
pub fn contract_yaml() -> crate::error::Result<String> {
    document().map(|document| contract::write(&document))
}

/// A message to police as it may come, by its type; null where there is no such type.
///
/// # Errors
/// 500 where it is no JSON.
pub fn message_sample(message_type: &str) -> crate::error::Result<serde_json::Value> {
    contract::sample(message_type)
}

/// Serves on a listener that is bound already.
pub fn serve(
    app: App,
    worker: Worker,
    listener: TcpListener,
    threads: usize,
) -> std::io::Result<actix_web::dev::Server> {
    know_fields(contract::knows_field);
    let texts = web::Data::new(contract::Texts::new());
    let is_test_clock = app.clock.is_test();
    let (app, worker) = (web::Data::new(app), web::Data::new(worker));
    let streams = web::Data::new(portal::OpenStreams::default());
    let known = web::Data::new(Routes::of(contract::COMMITTED));
    let server = HttpServer::new(move || {
        let served = WebApp::new().into_utoipa_app().configure(every_door).into_app();
        served
            .app_data(known.clone())
            .app_data(app.clone())
            .app_data(worker.clone())
            .app_data(streams.clone())
            .app_data(texts.clone())
            .configure(portal::pages::routes)
            .configure(|routes| {
                if is_test_clock {
                    test_clock::routes(routes);
                }
            })
            .default_service(web::to(no_route))
            .wrap(from_fn(evidence::routes::take_override))
            .wrap(from_fn(edge))
            .wrap(from_fn(head))
            .wrap(from_fn(observed))
    });
    let server = server
        .workers(threads)
        .shutdown_timeout(SHUTDOWN_SECONDS)
        .client_request_timeout(std::time::Duration::from_secs(HEADER_SECONDS))
        .listen(listener)?
        .disable_signals()
        .run();
    Ok(server)
}
