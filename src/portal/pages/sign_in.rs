//! Signing in: name and password, the first of two steps; staying in, and signing out.

use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, web};
use maud::{Markup, html};

use super::cookie::{self, HeldSession};
use super::faults::SIGN_IN;
use super::frame::{self, FormField};
use super::reader::PageReader;
use super::visit::{Filled, Visit};
use super::welcome::welcome;
use crate::app::App;
use crate::error::{Error, Result};
use crate::http::address::ClientAddress;
use crate::http::throttle::to_its_end;
use crate::identity::{self, SignInBody, Staff, TokensView};

const USERNAME: FormField<'_> = FormField { name: "username", label: "portal-username", hint: None, of: "sign-in" };
const PASSWORD: FormField<'_> = FormField { name: "password", label: "portal-password", hint: None, of: "sign-in" };

/// `GET /portal/sign-in`
pub async fn get_sign_in(app: web::Data<App>, request: HttpRequest) -> Result<HttpResponse> {
    let reader = PageReader::of(&app, &request);
    welcome(&app, reader, |reader| sign_in_page(reader, "", None))
}

/// `POST /portal/sign-in`
pub async fn sign_in(app: web::Data<App>, request: HttpRequest, form: Filled) -> Result<HttpResponse> {
    let from = ClientAddress::of(&request, &app.config.trusted_proxies);
    let opening = app.get_ref().clone();
    let made = match form.read::<SignInBody>(&[]) {
        Ok(body) => to_its_end(async move { identity::begin_sign_in(&opening, from, body).await }).await,
        Err(error) => Err(error),
    };
    match made {
        Ok(made) => enter(&app, &made.tokens),
        Err(error) if is_for_form(&error) => {
            let page = sign_in_page(&PageReader::of(&app, &request), form.get("username"), Some(&error));
            Ok(frame::refusal(status_of(&error), error.code(), &page))
        }
        Err(error) => Err(error),
    }
}

/// `POST /portal/stay`: the door has renewed the cookie.
pub async fn stay(_visit: Visit<Staff>, _form: Filled) -> Result<HttpResponse> {
    Ok(HttpResponse::NoContent().finish())
}

/// `POST /portal/sign-out`
pub async fn sign_out(visit: Visit<Staff>, _form: Filled) -> Result<HttpResponse> {
    identity::end_session(&visit.app, &visit.who).await?;
    let mut answer = frame::see_other(SIGN_IN);
    answer.headers_mut().append(header::SET_COOKIE, cookie::session_ended(&visit.app)?);
    Ok(answer)
}

/// Always to the worklist: nothing in a request says where to.
pub fn enter(app: &App, tokens: &TokensView) -> Result<HttpResponse> {
    let mut answer = frame::see_other("/portal");
    answer.headers_mut().append(header::SET_COOKIE, HeldSession::new(app, tokens)?.header(app)?);
    answer.headers_mut().append(header::SET_COOKIE, cookie::visit_ended(app)?);
    Ok(answer)
}

/// Whether the person at the form can do something about it.
pub fn is_for_form(error: &Error) -> bool {
    matches!(error, Error::Unauthenticated(_) | Error::TooMany { .. } | Error::Invalid { .. })
}

/// 422 in the place of 401, which says that another page is to be shown.
pub fn status_of(error: &Error) -> StatusCode {
    match error {
        Error::TooMany { .. } => StatusCode::TOO_MANY_REQUESTS,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

fn sign_in_page(reader: &PageReader, username: &str, error: Option<&Error>) -> Markup {
    let fields = html! {
        (USERNAME.line(reader, ("text", "username"), username))
        (PASSWORD.line(reader, ("password", "current-password"), ""))
        button type="submit" { (reader.say("portal-sign-in")) }
    };
    let main = html! {
        @if let Some(error) = error { (frame::summary(reader, error)) }
        h1 { (reader.say("portal-sign-in-title")) }
        (frame::form(reader, SIGN_IN, &fields))
        p { a href="/portal/set-up" { (reader.say("portal-set-up-title")) } }
    };
    frame::page(reader, "portal-sign-in-title", &main)
}
