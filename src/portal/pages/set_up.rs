//! The first use of an account: a password is chosen, and the authenticator app gets its secret, which is shown once.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use maud::{Markup, html};

use super::cookie::Newcomer;
use super::faults::SIGN_IN;
use super::frame::{self, Field};
use super::reader::Reader;
use super::visit::Filled;
use crate::app::App;
use crate::error::{Error, Result};
use crate::identity::{self, SecondFactorView, SetupBody};

/// Where an account is set up.
const SET_UP: &str = "/portal/set-up";
/// Letters of a secret that are shown together.
const GROUP: usize = 4;

const SETUP_CODE: Field<'_> = Field { name: "setup_code", label: "portal-setup-code", hint: None, of: "set-up" };
const PASSWORD: Field<'_> =
    Field { name: "password", label: "portal-password", hint: Some("portal-password-hint"), of: "set-up" };

/// `GET /portal/set-up`
pub async fn get_set_up(app: web::Data<App>, request: actix_web::HttpRequest) -> Result<HttpResponse> {
    let reader = Reader::of(&app, &request);
    Newcomer::welcome(&app, reader, |reader| form_page(reader, None))
}

/// `POST /portal/set-up`
pub async fn set_up(app: web::Data<App>, request: actix_web::HttpRequest, form: Filled) -> Result<HttpResponse> {
    let reader = Reader::of(&app, &request);
    let made = match form.read::<SetupBody>(&[]) {
        Ok(body) => identity::set_up(&app, body).await,
        Err(error) => Err(error),
    };
    match made {
        Ok(made) => Ok(frame::answer(StatusCode::OK, &done_page(&reader, made.totp.as_ref()))),
        Err(error @ (Error::Unauthenticated(_) | Error::Invalid { .. } | Error::Conflict(..))) => {
            Ok(frame::answer(StatusCode::UNPROCESSABLE_ENTITY, &form_page(&reader, Some(&error))))
        }
        Err(error) => Err(error),
    }
}

fn form_page(reader: &Reader, error: Option<&Error>) -> Markup {
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

fn done_page(reader: &Reader, factor: Option<&SecondFactorView>) -> Markup {
    let main = html! {
        h1 { (reader.say("portal-set-up-done")) }
        @if let Some(factor) = factor {
            p { (reader.say("portal-secret-hint")) }
            p.say { strong { (in_groups(&factor.secret)) } }
        }
        p { a href=(SIGN_IN) { (reader.say("portal-sign-in")) } }
    };
    frame::page(reader, "portal-set-up-title", &main)
}

/// As people type it.
fn in_groups(secret: &str) -> String {
    let letters: Vec<char> = secret.chars().collect();
    let groups: Vec<String> = letters.chunks(GROUP).map(|group| group.iter().collect()).collect();
    groups.join(" ")
}
