//! The first use of an account: a password is chosen, and the authenticator app gets its secret, which is shown once.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::form::{ErrorSummary, FieldKind, FormField, PageForm, RefusedForm, ShownForm};
use super::frame;
use super::reader::PageReader;
use super::second_factor::ShownSecret;
use super::visit::Filled;
use super::welcome::welcome;
use crate::app::App;
use crate::error::{Error, Result};
use crate::identity::{self, SetupBody};

/// Where an account is set up.
const SET_UP: &str = "/portal/set-up";

const FIELDS: [FormField; 2] = [
    FormField { name: "setup_code", label: "portal-setup-code", hint: None, kind: FieldKind::Secret },
    FormField {
        name: "password",
        label: "portal-password",
        hint: Some("portal-password-hint"),
        kind: FieldKind::NewPassword,
    },
];

/// The form that sets an account up.
#[derive(Template)]
#[template(path = "set_up.html")]
struct SetUpPage<'a> {
    reader: &'a PageReader,
    title: String,
    wrong: Option<ErrorSummary>,
    form: ShownForm,
}

impl<'a> SetUpPage<'a> {
    fn of(reader: &'a PageReader, refused: Option<RefusedForm<'_>>) -> Self {
        let action = SET_UP.to_owned();
        let form = PageForm { of: "set-up", action, fields: &FIELDS, button: "portal-set-up", is_secondary: false };
        Self {
            title: reader.title("portal-set-up-title", refused.is_some()),
            wrong: refused.map(|refused| form.summary(reader, refused.error)),
            form: form.show(reader, refused),
            reader,
        }
    }
}

/// An account that is set up, with its secret where it has one.
#[derive(Template)]
#[template(path = "set_up_done.html")]
struct SetUpDonePage<'a> {
    reader: &'a PageReader,
    title: String,
    secret: Option<ShownSecret>,
}

/// `GET /portal/set-up`
pub async fn get_set_up(app: web::Data<App>, request: HttpRequest) -> Result<HttpResponse> {
    let reader = PageReader::of(&app, &request);
    welcome(&app, reader, |reader| frame::answer(StatusCode::OK, &SetUpPage::of(reader, None)))
}

/// `POST /portal/set-up`
pub async fn set_up(app: web::Data<App>, request: HttpRequest, form: Filled) -> Result<HttpResponse> {
    let reader = PageReader::of(&app, &request);
    let made = match form.read::<SetupBody>(&[]) {
        Ok(body) => identity::set_up(&app, body).await,
        Err(error) => Err(error),
    };
    match made {
        Ok(made) => {
            let title = reader.title("portal-set-up-title", false);
            let secret = made.totp.as_ref().map(ShownSecret::of);
            frame::answer(StatusCode::OK, &SetUpDonePage { reader: &reader, title, secret })
        }
        Err(error @ (Error::Unauthenticated(_) | Error::Invalid { .. } | Error::Conflict(..))) => {
            let page = SetUpPage::of(&reader, Some(RefusedForm { sent: &form, error: &error }));
            frame::refusal(StatusCode::UNPROCESSABLE_ENTITY, error.code(), &page)
        }
        Err(error) => Err(error),
    }
}
