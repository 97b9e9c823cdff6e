//! What is shown in the place of a page that cannot be: the way to sign in, or a page that says so.

use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::ServiceResponse;
use actix_web::http::{StatusCode, header};
use actix_web::{HttpMessage as _, HttpRequest, HttpResponse};
use askama::Template;

use super::cookie::{self, HeldSession};
use super::frame;
use super::reader::PageReader;
use crate::app::App;
use crate::error::{Code, Error, Result};
use crate::http::edge::RequestId;

/// Where somebody signs in.
pub const SIGN_IN: &str = "/portal/sign-in";
/// Where a one-time code is asked for.
pub const SECOND_FACTOR: &str = "/portal/second-factor";

/// A page that says why there is no other.
#[derive(Template)]
#[template(path = "fault.html")]
struct FaultPage<'a> {
    reader: &'a PageReader,
    title: String,
    words: String,
}

/// Puts a page in the place of a fault; leaves everything else.
pub fn as_page<B: MessageBody + 'static>(
    app: &App,
    response: ServiceResponse<B>,
) -> Result<ServiceResponse<EitherBody<B>>> {
    let status = response.status();
    let is_fault = status.is_client_error() || status.is_server_error();
    if !is_fault || is_own_page(&response) {
        return Ok(response.map_into_left_body());
    }
    let ours = response.response().error().and_then(|error| error.as_error::<Error>()).map(Error::repeat);
    if let Some(error @ (Error::Internal(_) | Error::Unreadable(_))) = &ours {
        let route = response.request().match_pattern().unwrap_or_default();
        let request_id = response.request().extensions().get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default();
        tracing::error!(request_id, route, cause = %error, "a page failed");
    }
    let code = ours.map_or_else(|| code_of(status), |error| error.code());
    let mut answer = answer(app, response.request(), code)?;
    if let Some(allow) = response.headers().get(header::ALLOW) {
        answer.headers_mut().insert(header::ALLOW, allow.clone());
    }
    Ok(response.into_response(answer).map_into_right_body())
}

/// Whether a handler made a page of it itself, such as a form with what is wrong in it.
fn is_own_page<B>(response: &ServiceResponse<B>) -> bool {
    let kind = response.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    response.response().error().is_none() && kind.is_some_and(|kind| kind.starts_with("text/html"))
}

fn code_of(status: StatusCode) -> Code {
    match status.as_u16() {
        404 => Code::NotFound,
        405 => Code::MethodNotAllowed,
        413 => Code::BodyTooLarge,
        500..=599 => Code::Internal,
        _ => Code::MalformedRequest,
    }
}

fn answer(app: &App, request: &HttpRequest, code: Code) -> Result<HttpResponse> {
    match code {
        Code::Unauthenticated | Code::SecondFactorRequired => {
            let mut answer = frame::see_other(SIGN_IN);
            if HeldSession::of(request).is_some() {
                answer.headers_mut().append(header::SET_COOKIE, cookie::session_ended(app)?);
            }
            Ok(answer)
        }
        Code::SecondFactorEnrolmentRequired => Ok(frame::see_other(SECOND_FACTOR)),
        code => {
            let reader = PageReader::of(app, request);
            frame::refusal(frame::status(code), code, &FaultPage::of(&reader, code))
        }
    }
}

impl<'a> FaultPage<'a> {
    fn of(reader: &'a PageReader, code: Code) -> Self {
        let kind = match code.status() {
            403 => "portal-fault-not-yours",
            404 | 410 => "portal-fault-nothing",
            409 | 412 => "portal-fault-state",
            429 => "portal-fault-wait",
            500.. => "portal-fault-ours",
            _ => "portal-fault-request",
        };
        Self { title: reader.title("portal-fault-title", false), words: reader.say(kind), reader }
    }
}
