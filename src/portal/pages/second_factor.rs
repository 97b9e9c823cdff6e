//! The second step of signing in: a one-time code; and for an account that has no authenticator app yet, enrolling one first.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::faults::SECOND_FACTOR;
use super::form::{ErrorSummary, FieldKind, FormField, PageForm, RefusedForm, ShownForm};
use super::frame;
use super::qr::QrPicture;
use super::reader::PageReader;
use super::sign_in::{enter, is_for_form, status_of};
use super::visit::Filled;
use crate::app::App;
use crate::error::Result;
use crate::http::address::ClientAddress;
use crate::http::throttle::to_its_end;
use crate::identity::{self, CodeBody, Enroller, SecondFactorView};

/// Where the authenticator app of an account gets its secret.
const ENROL: &str = "/portal/second-factor/enrol";
/// Letters of a secret that are shown together.
const GROUP: usize = 4;

const FIELDS: [FormField; 1] = [FormField {
    name: "one_time_code",
    label: "portal-one-time-code",
    hint: Some("portal-one-time-code-hint"),
    kind: FieldKind::Digits,
}];

/// The form that asks for a code.
#[derive(Template)]
#[template(path = "second_factor.html")]
struct SecondFactorPage<'a> {
    reader: &'a PageReader,
    title: String,
    wrong: Option<ErrorSummary>,
    form: ShownForm,
}

impl<'a> SecondFactorPage<'a> {
    fn of(reader: &'a PageReader, refused: Option<RefusedForm<'_>>) -> Self {
        let form = code_form();
        Self {
            title: reader.title("portal-second-factor-title", refused.is_some()),
            wrong: refused.map(|refused| form.summary(reader, refused.error)),
            form: form.show(reader, refused),
            reader,
        }
    }
}

/// For an account without an authenticator app.
#[derive(Template)]
#[template(path = "enrol.html")]
struct EnrolPage<'a> {
    reader: &'a PageReader,
    title: String,
    form: ShownForm,
}

/// The secret of an app, and the form that asks for its first code.
#[derive(Template)]
#[template(path = "enrolled.html")]
struct EnrolledPage<'a> {
    reader: &'a PageReader,
    title: String,
    secret: ShownSecret,
    form: ShownForm,
}

/// The secret of a second factor, as people show it to their app or type it.
pub struct ShownSecret {
    /// Its picture, where it fits into one.
    pub picture: Option<QrPicture>,
    /// Its letters, in groups.
    pub letters: String,
    /// What opens an app on the same device.
    pub uri: String,
}

impl ShownSecret {
    /// That of a second factor which was just made.
    pub fn of(factor: &SecondFactorView) -> Self {
        Self { picture: QrPicture::of(&factor.uri), letters: in_groups(&factor.secret), uri: factor.uri.clone() }
    }
}

/// `GET /portal/second-factor`
pub async fn get_second_factor(app: web::Data<App>, request: HttpRequest, who: Enroller) -> Result<HttpResponse> {
    let reader = half_way(&app, &request);
    if identity::has_second_factor(&app, &who).await? {
        return frame::answer(StatusCode::OK, &SecondFactorPage::of(&reader, None));
    }
    let form =
        PageForm { of: "enrol", action: ENROL.to_owned(), fields: &[], button: "portal-enrol", is_secondary: false };
    let (title, form) = (reader.title("portal-enrol-title", false), form.show(&reader, None));
    frame::answer(StatusCode::OK, &EnrolPage { reader: &reader, title, form })
}

/// `POST /portal/second-factor/enrol`: the secret is shown in the answer itself, once.
pub async fn enrol(app: web::Data<App>, request: HttpRequest, who: Enroller, _form: Filled) -> Result<HttpResponse> {
    let factor = identity::enrol_first_factor(&app, &who).await?;
    let reader = half_way(&app, &request);
    let page = EnrolledPage {
        title: reader.title("portal-enrol-title", false),
        secret: ShownSecret::of(&factor),
        form: code_form().show(&reader, None),
        reader: &reader,
    };
    frame::answer(StatusCode::OK, &page)
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
            let reader = half_way(&app, &request);
            let page = SecondFactorPage::of(&reader, Some(RefusedForm { sent: &form, error: &error }));
            frame::refusal(status_of(&error), error.code(), &page)
        }
        Err(error) => Err(error),
    }
}

/// The reader, who is not in before the code is right.
fn half_way(app: &App, request: &HttpRequest) -> PageReader {
    PageReader { is_signed_in: false, ..PageReader::of(app, request) }
}

fn code_form() -> PageForm<'static> {
    PageForm {
        of: "second-factor",
        action: SECOND_FACTOR.to_owned(),
        fields: &FIELDS,
        button: "portal-continue",
        is_secondary: false,
    }
}

fn in_groups(secret: &str) -> String {
    let letters: Vec<char> = secret.chars().collect();
    let groups: Vec<String> = letters.chunks(GROUP).map(|group| group.iter().collect()).collect();
    groups.join(" ")
}
