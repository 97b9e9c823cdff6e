//! The first page that a browser is shown: with it a visit begins, so that the form in it counts.

use actix_web::HttpResponse;
use actix_web::http::header;

use super::cookie::Newcomer;
use super::reader::PageReader;
use crate::app::App;
use crate::error::Result;

/// Shows a page with a form to somebody who may have been given nothing yet: then a visit begins.
///
/// # Errors
/// When the page cannot be made, or there is no randomness.
pub fn welcome(
    app: &App,
    mut reader: PageReader,
    page: impl FnOnce(&PageReader) -> Result<HttpResponse>,
) -> Result<HttpResponse> {
    if !reader.form_token.is_empty() {
        return page(&reader);
    }
    let newcomer = Newcomer::new()?;
    reader.form_token = newcomer.form_token(app);
    let mut answer = page(&reader)?;
    answer.headers_mut().append(header::SET_COOKIE, newcomer.header(app)?);
    Ok(answer)
}
