//! What is kept of every request: one line, one figure, and a span that what is logged meanwhile belongs to.
//!
//! A line names the route by its template, never the path that was asked for: ids are in paths. It holds no address, no account
//! and nothing that a caller has sent but a valid `traceparent`.

use std::borrow::Cow;
use std::time::{Duration, Instant};

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::middleware::Next;
use actix_web::{HttpMessage, web};
use tracing::field::Empty;
use tracing::{Instrument, Span};
use uuid::Uuid;

use super::RequestId;
use super::trace::TraceParent;
use crate::app::App;
use crate::error::Code;
use crate::http::call::OperationId;

/// Operations by which somebody says who they are.
const SIGN_INS: [&str; 6] = [
    "create_enrolment",
    "unlock_session",
    "confirm_session",
    "create_staff_session",
    "confirm_staff_session",
    "create_police_token",
];
/// Pages on which somebody does. A wrong password is answered with the form again, under another status than the API's.
const SIGN_IN_PAGES: [&str; 2] = ["/portal/sign-in", "/portal/second-factor"];

/// The middleware, outside [`super::edge`]: gives the request its id, and says what came of it.
///
/// # Errors
/// Where what it surrounds fails with one that no layer has made an answer of.
pub async fn observed<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, actix_web::Error> {
    let began = Instant::now();
    // The caller's own id is not taken over: it could hold anything, and would be in our logs.
    let id = Uuid::new_v4().to_string();
    let method = word_of(request.method());
    let span = tracing::info_span!("request", request_id = %id, method, trace_id = Empty, parent_id = Empty);
    if let Some(parent) = TraceParent::of(request.headers()) {
        span.record("trace_id", parent.trace_id.as_str());
        span.record("parent_id", parent.parent_id.as_str());
    }
    request.extensions_mut().insert(RequestId(id));
    let response = next.call(request).instrument(span.clone()).await?;
    record(&response, &span, began.elapsed());
    Ok(response)
}

fn record<B>(response: &ServiceResponse<B>, span: &Span, took: Duration) {
    let (request, status) = (response.request(), response.status().as_u16());
    let operation = request.app_data::<OperationId>().map(|id| id.0);
    let route = request.match_pattern().unwrap_or_else(|| "none".to_owned());
    let code = response.response().extensions().get::<Code>().map(|code| code.word());
    let microseconds = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
    let is_refused_sign_in = match operation {
        Some(operation) => matches!(status, 401 | 403 | 429) && SIGN_INS.contains(&operation),
        None => (status == 429 || code == Some("unauthenticated")) && SIGN_IN_PAGES.contains(&route.as_str()),
    };
    span.in_scope(|| {
        // Monitors ask every few seconds, and nobody looks for their questions.
        if route.starts_with("/health/") {
            tracing::debug!(target: "holdfast::access", route, operation, status, code, microseconds, "answered");
        } else {
            tracing::info!(target: "holdfast::access", route, operation, status, code, microseconds, "answered");
        }
        if is_refused_sign_in {
            tracing::warn!(target: "holdfast::access", route, operation, status, code, "a sign-in failed");
        }
    });
    if let Some(app) = request.app_data::<web::Data<App>>() {
        let by_route = || Cow::Owned(format!("{} {route}", word_of(request.method())));
        let operation = operation.map_or_else(by_route, Cow::Borrowed);
        app.meter.request(operation, status, took);
    }
}

/// A method is a word that a caller may choose freely.
fn word_of(method: &Method) -> &'static str {
    let known = [Method::GET, Method::HEAD, Method::POST, Method::PUT, Method::PATCH, Method::DELETE, Method::OPTIONS];
    let words = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
    known.iter().zip(words).find(|(known, _)| *known == method).map_or("other", |(_, word)| word)
}
