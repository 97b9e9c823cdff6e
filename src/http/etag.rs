//! Optimistic concurrency: an `ETag` on what can change, `If-Match` on what changes it (RFC 9110, 13.1.1).

use actix_web::body::MessageBody;
use actix_web::http::header;
use actix_web::{FromRequest, HttpRequest, HttpResponse};
use serde::{Deserialize, Serialize};

use crate::error::{Code, Error, Result};

/// The `If-Match` header of a call that replaces a representation.
pub struct IfMatch(String);

impl FromRequest for IfMatch {
    type Error = Error;
    type Future = std::future::Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut actix_web::dev::Payload) -> Self::Future {
        let tag = request.headers().get(header::IF_MATCH).and_then(|value| value.to_str().ok());
        std::future::ready(match tag {
            Some(tag) => Ok(Self(tag.trim().to_owned())),
            None => Err(Error::Stale(Code::PreconditionRequired)),
        })
    }
}

impl IfMatch {
    /// That of a caller who has read a version.
    #[must_use]
    pub fn of(version: i32) -> Self {
        Self(tag(version))
    }

    /// Refuses when the version read by the caller is not the present one. A weak tag never matches.
    ///
    /// # Errors
    /// 412.
    pub fn check(&self, version: i32) -> Result<()> {
        let present = tag(version);
        if self.0.split(',').any(|tag| tag.trim() == present) { Ok(()) } else { Err(Error::Stale(Code::Stale)) }
    }
}

/// The tag of a version.
#[must_use]
pub fn tag(version: i32) -> String {
    format!("\"v{version}\"")
}

/// A 200 with the `ETag` of the version shown.
pub fn ok_tagged<B: Serialize>(version: i32, body: B) -> HttpResponse {
    HttpResponse::Ok().insert_header((header::ETAG, tag(version))).json(body)
}

/// The same answer with the `ETag` of the version that its body tells, where it tells one.
pub fn tagged(response: HttpResponse) -> Result<HttpResponse> {
    #[derive(Deserialize)]
    struct Versioned {
        version: i32,
    }
    let (mut head, body) = response.into_parts();
    let body = body.try_into_bytes().map_err(|_| Error::internal("an answer without its bytes"))?;
    if let Ok(told) = serde_json::from_slice::<Versioned>(&body) {
        let value = tag(told.version).parse().map_err(|_| Error::internal("a tag that is no header"))?;
        head.headers_mut().insert(header::ETAG, value);
    }
    Ok(head.set_body(body).map_into_boxed_body())
}
