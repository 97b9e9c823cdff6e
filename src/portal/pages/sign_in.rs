//! Signing in: name and password, the first of two steps; staying in, and signing out.

use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::cookie::{self, HeldSession};
use super::faults::SIGN_IN;
use super::form::{ErrorSummary, FieldKind, FormField, PageForm, RefusedForm, ShownForm};
use super::frame;
use super::reader::PageReader;
use super::visit::{Filled, Visit};
use super::welcome::welcome;
use crate::app::App;
use crate::error::{Error, Result};
use crate::http::address::ClientAddress;
use crate::http::throttle::to_its_end;
use crate::identity::{self, SignInBody, Staff, TokensView};

const FIELDS: [FormField; 2] = [
    FormField { name: "username", label: "portal-username", hint: None, kind: FieldKind::Username },
    FormField { name: "password", label: "portal-password", hint: None, kind: FieldKind::Password },
];

/// The form to sign in with.
#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignInPage<'a> {
    reader: &'a PageReader,
    title: String,
    wrong: Option<ErrorSummary>,
    form: ShownForm,
}

impl<'a> SignInPage<'a> {
    fn of(reader: &'a PageReader, refused: Option<RefusedForm<'_>>) -> Self {
        let action = SIGN_IN.to_owned();
        let form = PageForm { of: "sign-in", action, fields: &FIELDS, button: "portal-sign-in", is_secondary: false };
        Self {
            title: reader.title("portal-sign-in-title", refused.is_some()),
            wrong: refused.map(|refused| form.summary(reader, refused.error)),
            form: form.show(reader, refused),
            reader,
        }
    }
}

/// `GET /portal/sign-in`
pub async fn get_sign_in(app: web::Data<App>, request: HttpRequest) -> Result<HttpResponse> {
    let reader = PageReader::of(&app, &request);
    welcome(&app, reader, |reader| frame::answer(StatusCode::OK, &SignInPage::of(reader, None)))
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
            let reader = PageReader::of(&app, &request);
            let page = SignInPage::of(&reader, Some(RefusedForm { sent: &form, error: &error }));
            frame::refusal(status_of(&error), error.code(), &page)
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
