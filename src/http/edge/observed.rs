//! What is kept of every request: one line, one figure, and a span that what is logged meanwhile belongs to.
//!
//! A line names the route by its template, never the path that was asked for: ids are in paths. It holds no address, no account
//! and nothing that a caller has sent but a valid `traceparent`.

use std::borrow::Cow;
use std::cell::Cell;
use std::rc::Rc;
use std::time::Instant;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::middleware::Next;
use actix_web::{HttpMessage, web};
use tracing::field::Empty;
use tracing::{Instrument, Span};
use uuid::Uuid;

use super::trace::TraceParent;
use super::{RequestId, doors_of_cries};
use crate::app::App;
use crate::error::Code;
use crate::http::call::OperationSlot;

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
    // The caller's own id is not taken over: it could hold anything, and would be in our logs.
    let id = Uuid::new_v4().to_string();
    let method = word_of(request.method());
    let span = tracing::info_span!("request", request_id = %id, method, trace_id = Empty, parent_id = Empty);
    if let Some(parent) = TraceParent::of(request.headers()) {
        span.record("trace_id", parent.trace_id.as_str());
        span.record("parent_id", parent.parent_id.as_str());
    }
    let watched = Watched::new(&request, method, span.clone());
    request.extensions_mut().insert(RequestId(id));
    request.extensions_mut().insert(watched.0.operation.clone());
    request.extensions_mut().insert(watched.clone());
    let answered = next.call(request).instrument(span).await;
    match &answered {
        Ok(response) => {
            let code = response.response().extensions().get::<Code>().map(|code| code.word());
            let route = response.request().match_pattern();
            watched.0.record(Some(response.status().as_u16()), route.as_deref(), code);
        }
        Err(error) => watched.0.record(Some(error.as_response_error().status_code().as_u16()), None, None),
    }
    answered
}

/// Keeps the status of what goes on without its caller, for when nobody is left to answer.
pub(super) fn keep_status<B>(response: &ServiceResponse<B>) {
    if let Some(watched) = response.request().extensions().get::<Watched>() {
        watched.0.status.set(Some(response.status().as_u16()));
    }
}

/// A request that is under way, in its extensions too. Clones share it; where the last of them goes and nothing was recorded, the
/// request was broken off: by its caller, or by a panic.
#[derive(Clone)]
struct Watched(Rc<WatchedRequest>);

struct WatchedRequest {
    app: Option<web::Data<App>>,
    method: &'static str,
    /// The address, where cries for help may come by it: known before anything can go wrong.
    door: Option<&'static str>,
    operation: OperationSlot,
    span: Span,
    began: Instant,
    status: Cell<Option<u16>>,
    is_recorded: Cell<bool>,
}

impl Watched {
    fn new(request: &ServiceRequest, method: &'static str, span: Span) -> Self {
        Self(Rc::new(WatchedRequest {
            app: request.app_data::<web::Data<App>>().cloned(),
            method,
            door: doors_of_cries().find(|door| method == "POST" && *door == request.path()),
            operation: OperationSlot::default(),
            span,
            began: Instant::now(),
            status: Cell::new(None),
            is_recorded: Cell::new(false),
        }))
    }
}

impl Drop for WatchedRequest {
    fn drop(&mut self) {
        if !self.is_recorded.get() {
            let panicked = std::thread::panicking().then_some(500);
            self.record(self.status.get().or(panicked), None, None);
        }
    }
}

impl WatchedRequest {
    fn record(&self, status: Option<u16>, route: Option<&str>, code: Option<&str>) {
        self.is_recorded.set(true);
        let (took, operation) = (self.began.elapsed(), self.operation.id());
        let route = route.or(self.door).unwrap_or("none");
        let microseconds = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        let is_refused_sign_in = match operation {
            Some(operation) => matches!(status, None | Some(401 | 403 | 429)) && SIGN_INS.contains(&operation),
            None => (status == Some(429) || code == Some("unauthenticated")) && SIGN_IN_PAGES.contains(&route),
        };
        self.span.in_scope(|| {
            // Monitors ask every few seconds, and nobody looks for their questions.
            if status.is_none() {
                tracing::info!(target: "holdfast::access", route, operation, microseconds, "broken off");
            } else if route.starts_with("/health/") {
                tracing::debug!(target: "holdfast::access", route, operation, status, code, microseconds, "answered");
            } else {
                tracing::info!(target: "holdfast::access", route, operation, status, code, microseconds, "answered");
            }
            if is_refused_sign_in {
                tracing::warn!(target: "holdfast::access", route, operation, status, code, "a sign-in failed");
            }
        });
        if let Some(app) = &self.app {
            app.meter.request(operation.map_or_else(|| self.label(status, route), Cow::Borrowed), status, took);
        }
    }

    /// How figures name what has no operation. Anybody may send any method to any address: what is refused has no name, or a
    /// stranger could make thousands of figures.
    fn label(&self, status: Option<u16>, route: &str) -> Cow<'static, str> {
        let is_served = matches!(status, Some(200..=399 | 500..));
        if is_served || self.door.is_some() {
            return Cow::Owned(format!("{} {route}", self.method));
        }
        Cow::Borrowed("none")
    }
}

/// A method is a word that a caller may choose freely.
fn word_of(method: &Method) -> &'static str {
    let known = [Method::GET, Method::HEAD, Method::POST, Method::PUT, Method::PATCH, Method::DELETE, Method::OPTIONS];
    let words = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
    known.iter().zip(words).find(|(known, _)| *known == method).map_or("other", |(_, word)| word)
}
