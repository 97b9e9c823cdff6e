//! The first page that a browser is shown: with it a visit begins, so that the form in it counts.

use actix_web::HttpResponse;
use actix_web::http::{StatusCode, header};
use maud::Markup;

use super::cookie::Newcomer;
use super::frame;
use super::reader::PageReader;
use crate::app::App;
use crate::error::Result;

/// Shows a page with a form to somebody who may have been given nothing yet: then a visit begins.
pub fn welcome(app: &App, mut reader: PageReader, page: impl Fn(&PageReader) -> Markup) -> Result<HttpResponse> {
    if !reader.form_token.is_empty() {
        return Ok(frame::answer(StatusCode::OK, &page(&reader)));
    }
    let newcomer = Newcomer::new()?;
    reader.form_token = newcomer.form_token(app);
    let mut answer = frame::answer(StatusCode::OK, &page(&reader));
    answer.headers_mut().append(header::SET_COOKIE, newcomer.header(app)?);
    Ok(answer)
}
