//! What is shown once: the secrets of something that was just made.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;

use crate::error::Result;
use crate::identity::Readiness;
use crate::portal::pages::frame;
use crate::portal::pages::person_view::SummaryEntry;
use crate::portal::pages::reader::PageReader;

/// Something that was made, with its secrets.
#[derive(Template)]
#[template(path = "admin/made.html")]
struct MadePage<'a> {
    reader: &'a PageReader,
    title: String,
    secrets: ShownSecrets,
    awaits: bool,
    href: String,
}

/// Secrets, each with what it is.
struct ShownSecrets {
    entries: Vec<SummaryEntry>,
}

/// Shows the secrets of something that was made; each with the message of what it is.
///
/// # Errors
/// As [`frame::answer`].
pub fn show(reader: &PageReader, secrets: &[(&str, String)], state: Readiness, href: String) -> Result<HttpResponse> {
    let entry = |(key, secret): &(&str, String)| SummaryEntry { key: reader.say(key), value: secret.clone() };
    let page = MadePage {
        title: reader.title("portal-made-title", false),
        secrets: ShownSecrets { entries: secrets.iter().map(entry).collect() },
        awaits: state == Readiness::AwaitingSecondPerson,
        href,
        reader,
    };
    frame::answer(StatusCode::OK, &page)
}
