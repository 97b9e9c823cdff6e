//! The edge: what is true of every answer, no matter who made it.
//!
//! Refuses what no handler should see (compressed bodies, oversized headers), turns every error, the framework's own included,
//! into a problem document, and sets the headers that keep answers out of caches and frames.

pub mod observed;
mod routes;
mod trace;

use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::{HttpMessage, HttpRequest, HttpResponse};
use tracing::Instrument;

use super::{language, limits, problem};
use crate::error::{Code, Error};
use crate::words::Language;

pub use self::routes::Routes;

/// The id of a request, in its extensions, where [`observed`] puts it.
#[derive(Clone)]
pub struct RequestId(pub String);

/// An answer's own content security policy, in its extensions, where the closed one would not do.
#[derive(Clone, Copy)]
pub struct Policy(pub &'static str);

/// How long an answer may be kept by its reader, in its extensions: only what anybody may read may be kept at all.
#[derive(Clone, Copy)]
pub struct Caching(pub &'static str);

/// Headers that every answer to a request carries, refusals too, in the request's extensions: those of a protocol that
/// is spoken at its address.
#[derive(Clone, Copy)]
pub struct Spoken(pub &'static [(&'static str, &'static str)]);

/// Where help is called for.
pub const HELP_NOW: &str = "/app/v1/help-now";
/// Where a cry for help may come by, among others.
const DOORS: [&str; 3] = ["/app/v1/check-ins", "/app/v1/incidents", "/app/v1/sync"];
const CLOSED_POLICY: &str = "default-src 'none'; frame-ancestors 'none'";
const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The middleware; see the module.
pub async fn edge<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, actix_web::Error> {
    let id = request.extensions().get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default();
    let is_worded = WORDED.iter().any(|start| request.path().starts_with(start));
    let mut response = match refuse_early(&request) {
        Some(code) => {
            let language = language_of(request.request(), is_worded);
            request.into_response(problem::response(&refusal(code), &id, language)).map_into_right_body()
        }
        None => {
            // Handlers' errors have become answers by now; what is left is the framework's own, without a request.
            let answered = if is_post(&request) && takes_cries(request.path()) {
                to_the_end(next.call(request)).await?
            } else {
                next.call(request).await?
            };
            problem_for(answered, &id, is_worded)
        }
    };
    let policy = response.response().extensions().get::<Policy>().map_or(CLOSED_POLICY, |policy| policy.0);
    let caching = response.response().extensions().get::<Caching>().map_or("no-store", |caching| caching.0);
    let spoken = response.request().extensions().get::<Spoken>().copied();
    for (name, value) in spoken.into_iter().flat_map(|spoken| spoken.0) {
        response.headers_mut().insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    let language = is_worded.then(|| language::of(response.request()));
    set_headers(response.headers_mut(), &id, (policy, caching));
    if let Some(language) = language {
        set_language(response.headers_mut(), language);
    }
    Ok(response)
}

/// What a survivor reads: there the words stand in their language. Everywhere else they are English.
const WORDED: [&str; 2] = ["/app/v1/", "/public/v1/support-services"];

fn language_of(request: &HttpRequest, is_worded: bool) -> Language {
    if is_worded { language::of(request) } else { Language::English }
}

fn refusal(code: Code) -> Error {
    Error::invalid(code)
}

/// Where a cry for help may come by.
pub fn doors_of_cries() -> impl Iterator<Item = &'static str> {
    std::iter::once(HELP_NOW).chain(DOORS)
}

/// Whether a cry for help may come by a path: then it needs no key.
#[must_use]
pub fn takes_cries(path: &str) -> bool {
    doors_of_cries().any(|door| door == path)
}

fn is_post(request: &ServiceRequest) -> bool {
    request.method() == Method::POST
}

/// Carries a call out apart from its connection: the server gives up what it does for a connection that breaks off, and a
/// cry for help that came over it is heard all the same.
async fn to_the_end<B: 'static>(
    work: impl Future<Output = Result<ServiceResponse<B>, actix_web::Error>> + 'static,
) -> Result<ServiceResponse<B>, actix_web::Error> {
    let kept = async move {
        let answered = work.await;
        if let Ok(response) = &answered {
            observed::keep_status(response);
        }
        answered
    };
    let ended = actix_web::rt::spawn(kept.in_current_span()).await;
    ended.unwrap_or_else(|_| Err(Error::internal("a call that may be a cry for help panicked").into()))
}

fn refuse_early(request: &ServiceRequest) -> Option<Code> {
    // A cry for help is heard, whatever comes with it; the addresses that take more refuse what is no cry themselves.
    let is_post = is_post(request);
    if is_post && request.path() == HELP_NOW {
        return None;
    }
    let headers = request.headers();
    let size: usize = headers.iter().map(|(name, value)| name.as_str().len() + value.len() + 4).sum();
    if size + request.uri().path().len() > limits::HEADERS_BYTES {
        return Some(Code::HeadersTooLarge);
    }
    let is_plain = |value: &HeaderValue| value.as_bytes().eq_ignore_ascii_case(b"identity");
    let is_door = is_post && DOORS.contains(&request.path());
    (!is_door && !headers.get_all(header::CONTENT_ENCODING).all(is_plain)).then_some(Code::UnsupportedEncoding)
}

fn problem_for<B>(response: ServiceResponse<B>, id: &str, is_worded: bool) -> ServiceResponse<EitherBody<B>> {
    let status = response.status();
    if !status.is_client_error() && !status.is_server_error() {
        return response.map_into_left_body();
    }
    // An answer of ours that has a body of its own, such as an instance that is not ready, or a page that says what is wrong.
    let is_own = |kind: &HeaderValue| kind == "application/json" || kind.as_bytes().starts_with(b"text/html");
    let is_own = response.headers().get(header::CONTENT_TYPE).is_some_and(is_own);
    if response.response().error().is_none() && is_own {
        return response.map_into_left_body();
    }
    let error = match response.response().error() {
        Some(error) => translate(error, status),
        None => refusal(code_of(status)),
    };
    if matches!(error, Error::Internal(_) | Error::Unreadable(_)) {
        let route = response.request().match_pattern().unwrap_or_default();
        tracing::error!(request_id = id, route, cause = %error, "a request failed");
    }
    let allow = response.headers().get(header::ALLOW).cloned();
    let language = language_of(response.request(), is_worded);
    let mut answer = problem::response(&error, id, language);
    if let Some(allow) = allow {
        answer.headers_mut().insert(header::ALLOW, allow);
    }
    response.into_response(answer).map_into_right_body()
}

/// Our own errors as they are; the framework's by their status, since their words may hold what was sent.
fn translate(error: &actix_web::Error, status: StatusCode) -> Error {
    match error.as_error::<Error>() {
        Some(ours) => ours.repeat(),
        None if status.is_server_error() => Error::internal(error.to_string()),
        None => refusal(code_of(status)),
    }
}

fn code_of(status: StatusCode) -> Code {
    match status.as_u16() {
        404 => Code::NotFound,
        405 => Code::MethodNotAllowed,
        408 => Code::Timeout,
        413 => Code::BodyTooLarge,
        415 => Code::UnsupportedMediaType,
        422 => Code::Invalid,
        431 => Code::HeadersTooLarge,
        500..=599 => Code::Internal,
        _ => Code::MalformedRequest,
    }
}

fn set_headers(headers: &mut HeaderMap, id: &str, (policy, caching): (&'static str, &'static str)) {
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    if let Ok(id) = HeaderValue::from_str(id) {
        headers.insert(X_REQUEST_ID, id);
    }
}

fn set_language(headers: &mut HeaderMap, language: Language) {
    headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(language.as_str()));
    headers.append(header::VARY, HeaderValue::from_static("Accept-Language"));
}

/// What answers where no route matches: 404, or 405 with the methods that the address does take.
pub async fn no_route(routes: actix_web::web::Data<Routes>, request: actix_web::HttpRequest) -> HttpResponse {
    let methods = routes.methods(request.path());
    if methods.is_empty() {
        return HttpResponse::NotFound().finish();
    }
    HttpResponse::MethodNotAllowed().insert_header((header::ALLOW, methods.join(", "))).finish()
}
