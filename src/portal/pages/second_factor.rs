//! The second step of signing in: a one-time code; and for an account that has no authenticator app yet, enrolling one first.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use maud::{Markup, html};

use super::faults::{SECOND_FACTOR, SIGN_IN};
use super::frame::{self, FormField};
use super::qr;
use super::reader::PageReader;
use super::sign_in::{enter, is_for_form, status_of};
use super::visit::Filled;
use crate::app::App;
use crate::error::{Error, Result};
use crate::http::address::ClientAddress;
use crate::http::throttle::to_its_end;
use crate::identity::{self, CodeBody, Enroller, SecondFactorView};

/// Where the authenticator app of an account gets its secret.
const ENROL: &str = "/portal/second-factor/enrol";
/// Letters of a secret that are shown together.
const GROUP: usize = 4;

const ONE_TIME_CODE: FormField<'_> = FormField {
    name: "one_time_code",
    label: "portal-one-time-code",
    hint: Some("portal-one-time-code-hint"),
    of: "second-factor",
};

/// `GET /portal/second-factor`
pub async fn get_second_factor(app: web::Data<App>, request: HttpRequest, who: Enroller) -> Result<HttpResponse> {
    let reader = half_way(&app, &request);
    let page = match identity::has_second_factor(&app, &who).await? {
        true => second_factor_page(&reader, None),
        false => enrol_page(&reader),
    };
    Ok(frame::answer(StatusCode::OK, &page))
}

/// `POST /portal/second-factor/enrol`: the secret is shown in the answer itself, once.
pub async fn enrol(app: web::Data<App>, request: HttpRequest, who: Enroller, _form: Filled) -> Result<HttpResponse> {
    let factor = identity::enrol_first_factor(&app, &who).await?;
    Ok(frame::answer(StatusCode::OK, &enrolled_page(&half_way(&app, &request), &factor)))
}

/// `POST /portal/second-factor`
pub async fn confirm_code(
    app: web::Data<App>,
    request: HttpRequest,
    who: Enroller,
    form: Filled,
) -> Result<HttpResponse> {
    let from = ClientAddress::of(&request, &app.config.trusted_proxies);
    let opening = app.get_ref().clone();
    let made = match form.read::<CodeBody>(&[]) {
        Ok(body) => to_its_end(async move { identity::confirm_code(&opening, from, &who, body).await }).await,
        Err(error) => Err(error),
    };
    match made {
        Ok(tokens) => enter(&app, &tokens),
        Err(error) if is_for_form(&error) => {
            let page = second_factor_page(&half_way(&app, &request), Some(&error));
            Ok(frame::refusal(status_of(&error), error.code(), &page))
        }
        Err(error) => Err(error),
    }
}

/// The reader, who is not in before the code is right.
fn half_way(app: &App, request: &HttpRequest) -> PageReader {
    PageReader { is_signed_in: false, ..PageReader::of(app, request) }
}

fn second_factor_page(reader: &PageReader, error: Option<&Error>) -> Markup {
    let main = html! {
        @if let Some(error) = error { (frame::summary(reader, error)) }
        h1 { (reader.say("portal-second-factor-title")) }
        (code_form(reader))
        (start_again(reader))
    };
    frame::page(reader, "portal-second-factor-title", &main)
}

fn enrol_page(reader: &PageReader) -> Markup {
    let button = html! { button type="submit" { (reader.say("portal-enrol")) } };
    let main = html! {
        h1 { (reader.say("portal-enrol-title")) }
        p { (reader.say("portal-enrol-hint")) }
        (frame::form(reader, ENROL, &button))
        (start_again(reader))
    };
    frame::page(reader, "portal-enrol-title", &main)
}

fn enrolled_page(reader: &PageReader, factor: &SecondFactorView) -> Markup {
    let main = html! {
        h1 { (reader.say("portal-enrol-title")) }
        (secret(reader, factor))
        (code_form(reader))
    };
    frame::page(reader, "portal-enrol-title", &main)
}

fn code_form(reader: &PageReader) -> Markup {
    let fields = html! {
        (ONE_TIME_CODE.digits(reader))
        button type="submit" { (reader.say("portal-continue")) }
    };
    frame::form(reader, SECOND_FACTOR, &fields)
}

fn start_again(reader: &PageReader) -> Markup {
    html! { p { a href=(SIGN_IN) { (reader.say("portal-start-again")) } } }
}

/// The secret of a second factor, as people show it to their app or type it.
pub fn secret(reader: &PageReader, factor: &SecondFactorView) -> Markup {
    html! {
        p { (reader.say("portal-secret-hint")) }
        @if let Some(picture) = qr::picture(&factor.uri, &reader.say("portal-secret-picture")) { (picture) }
        p.say { strong { (in_groups(&factor.secret)) } }
        p { a href=(factor.uri) { (reader.say("portal-secret-open")) } }
    }
}

fn in_groups(secret: &str) -> String {
    let letters: Vec<char> = secret.chars().collect();
    let groups: Vec<String> = letters.chunks(GROUP).map(|group| group.iter().collect()).collect();
    groups.join(" ")
}
