//! `HEAD` wherever `GET` is: the same headers, and no body (RFC 9110, 9.3.2). Uptime monitors ask so.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use actix_web::body::{BodySize, EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::middleware::Next;
use actix_web::web::Bytes;

/// Where `HEAD` has a meaning of its own: how much of an upload has come (tus).
const OWN: &str = "/app/v1/evidence/uploads";

/// A body of which only the size is told.
pub struct Unsent(BodySize);

impl MessageBody for Unsent {
    type Error = Infallible;

    fn size(&self) -> BodySize {
        self.0
    }

    fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Bytes, Infallible>>> {
        Poll::Ready(None)
    }
}

/// The middleware, outside all others but the one that observes: within, the request is a `GET`. The connection sends no body to a `HEAD`, and a stream
/// ends at once.
///
/// # Errors
/// When what it surrounds fails: the same error.
pub async fn head<B: MessageBody + 'static>(
    mut request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B, Unsent>>, actix_web::Error> {
    if request.method() != Method::HEAD || request.path().starts_with(OWN) {
        return Ok(next.call(request).await?.map_body(|_, body| EitherBody::left(body)));
    }
    request.head_mut().method = Method::GET;
    let response = next.call(request).await?;
    Ok(response.map_body(|_, body| EitherBody::right(Unsent(body.size()))))
}
