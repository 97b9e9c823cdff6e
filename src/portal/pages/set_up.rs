//! The first use of an account: a password is chosen, and the authenticator app gets its secret, which is shown once.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use maud::{Markup, html};

use super::faults::SIGN_IN;
use super::frame::{self, FormField};
use super::reader::PageReader;
use super::second_factor::secret;
use super::visit::Filled;
use super::welcome::welcome;
use crate::app::App;
use crate::error::{Error, Result};
use crate::identity::{self, SecondFactorView, SetupBody};

/// Where an account is set up.
const SET_UP: &str = "/portal/set-up";

const SETUP_CODE: FormField<'_> =
    FormField { name: "setup_code", label: "portal-setup-code", hint: None, of: "set-up" };
const PASSWORD: FormField<'_> =
    FormField { name: "password", label: "portal-password", hint: Some("portal-password-hint"), of: "set-up" };

/// `GET /portal/set-up`
pub async fn get_set_up(app: web::Data<App>, request: actix_web::HttpRequest) -> Result<HttpResponse> {
    let reader = PageReader::of(&app, &request);
    welcome(&app, reader, |reader| form_page(reader, None))
}

/// `POST /portal/set-up`
pub async fn set_up(app: web::Data<App>, request: actix_web::HttpRequest, form: Filled) -> Result<HttpResponse> {
    let reader = PageReader::of(&app, &request);
    let made = match form.read::<SetupBody>(&[]) {
        Ok(body) => identity::set_up(&app, body).await,
        Err(error) => Err(error),
    };
    match made {
        Ok(made) => Ok(frame::answer(StatusCode::OK, &done_page(&reader, made.totp.as_ref()))),
        Err(error @ (Error::Unauthenticated(_) | Error::Invalid { .. } | Error::Conflict(..))) => {
            Ok(frame::refusal(StatusCode::UNPROCESSABLE_ENTITY, error.code(), &form_page(&reader, Some(&error))))
        }
        Err(error) => Err(error),
    }
}

fn form_page(reader: &PageReader, error: Option<&Error>) -> Markup {
    let fields = html! {
        (SETUP_CODE.line(reader, ("text", "off"), ""))
        (PASSWORD.line(reader, ("password", "new-password"), ""))
        button type="submit" { (reader.say("portal-set-up")) }
    };
    let main = html! {
        @if let Some(error) = error { (frame::summary(reader, error)) }
        h1 { (reader.say("portal-set-up-title")) }
        (frame::form(reader, SET_UP, &fields))
    };
    frame::page(reader, "portal-set-up-title", &main)
}

fn done_page(reader: &PageReader, factor: Option<&SecondFactorView>) -> Markup {
    let main = html! {
        h1 { (reader.say("portal-set-up-done")) }
        @if let Some(factor) = factor { (secret(reader, factor)) }
        p { a href=(SIGN_IN) { (reader.say("portal-sign-in")) } }
    };
    frame::page(reader, "portal-set-up-title", &main)
}
