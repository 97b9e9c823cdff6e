//! How a page becomes an answer.

use actix_web::HttpResponse;
use actix_web::http::{StatusCode, header};
use askama::Template;

use crate::error::{Code, Error, Result};

/// An answer with a page.
///
/// # Errors
/// When a value of the page cannot be written.
pub fn answer(status: StatusCode, page: &impl Template) -> Result<HttpResponse> {
    let body = page.render().map_err(|error| Error::internal(error.to_string()))?;
    Ok(HttpResponse::build(status).content_type("text/html; charset=utf-8").body(body))
}

/// An answer with a page that says why something was not done. The line of the request says it as well.
///
/// # Errors
/// As [`answer`].
pub fn refusal(status: StatusCode, code: Code, page: &impl Template) -> Result<HttpResponse> {
    let mut answer = answer(status, page)?;
    answer.extensions_mut().insert(code);
    Ok(answer)
}

/// The status of a code.
pub fn status(code: Code) -> StatusCode {
    StatusCode::from_u16(code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

/// The way to another page.
pub fn see_other(path: &str) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((header::LOCATION, path)).finish()
}
