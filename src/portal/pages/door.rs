//! What is true of every page: who asks is known by their cookie and by nothing else, a fault is a page, nothing is
//! loaded from elsewhere, and no script is written in the page itself.

use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header;
use actix_web::middleware::Next;
use actix_web::{HttpMessage, web};

use super::cookie::HeldSession;
use super::{assets, faults};
use crate::app::App;
use crate::error::Error;
use crate::http::edge::Policy;

/// No script and no style but our own files; forms lead nowhere else; no frame shows a page.
const POLICY: Policy = Policy(
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; \
     base-uri 'none'; frame-ancestors 'none'",
);
/// What our script says of a request that nobody asked for with their hands: it keeps no session from being idle.
const BY_ITSELF: &str = "x-holdfast-live";
/// Where the stream of events is: a fault there is none of a page.
pub const EVENTS: &str = "/portal/events";

/// The middleware of all pages. A cookie becomes, for this one request, what the API's callers prove themselves by, so that
/// pages have the same proofs; what a request brings of that kind itself is not read.
pub async fn door<B: MessageBody + 'static>(
    mut request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, actix_web::Error> {
    let missing = || Error::internal("pages without their application");
    let app = request.app_data::<web::Data<App>>().ok_or_else(missing)?.get_ref().clone();
    request.headers_mut().remove(header::AUTHORIZATION);
    let held = HeldSession::read(&app, request.headers());
    if let Some(held) = held {
        let bearer = held.bearer(&app)?;
        request.headers_mut().insert(header::AUTHORIZATION, bearer);
        request.extensions_mut().insert(held);
    }
    let is_stream = request.path() == EVENTS;
    let is_of_nobody = is_stream || request.path().starts_with(assets::BELOW);
    let is_by_hand = !is_of_nobody && !request.headers().contains_key(BY_ITSELF);
    let answered = next.call(request).await?;
    let mut answered = if is_stream { answered.map_into_left_body() } else { faults::as_page(&app, answered)? };
    let says_already = answered.headers().contains_key(header::SET_COOKIE);
    if let Some(held) = held.filter(|_| is_by_hand && !says_already) {
        let renewed = held.seen(&app).header(&app)?;
        answered.headers_mut().append(header::SET_COOKIE, renewed);
    }
    answered.response_mut().extensions_mut().insert(POLICY);
    Ok(answered)
}
