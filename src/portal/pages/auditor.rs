//! The audit, for an auditor: who saw or did what and why, and whether the record of that is as it was written.
//!
//! A search is sent as a form, so that nothing of it is in an address or in a history. To read is an entry, too. Entries hold codes;
//! a page says them in words where there are words, and shows no id: a record is searched for by its reference, or from an entry
//! about it, by letters that name no one.

mod chain_page;
mod entry_view;
mod trail_page;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use garde::Validate;
use serde::Deserialize;
use utoipa::ToSchema;

use self::chain_page::AuditChainPage;
use self::trail_page::{AuditTrailPage, TrailTrouble};
use super::at;
use super::case::handle;
use super::frame;
use super::reader::PageReader;
use super::visit::{Filled, Visit};
use crate::app::App;
use crate::db::{Day, Instant};
use crate::error::{Error, Result};
use crate::http::page::Cursor;
use crate::http::{Page, PageQuery, limits};
use crate::identity::Auditor;
use crate::reporting::{self, AuditEntryView, TrailQuestion};

/// Entries of one page.
const MOST: i64 = 25;

/// `/portal/audit`
pub fn routes(routes: &mut actix_web::web::ServiceConfig) {
    use actix_web::web::{get, post};
    routes
        .service(at("/audit", "list_audit_entries").route(get().to(get_trail)).route(post().to(search)))
        .service(at("/audit/verification", "get_audit_verification").route(post().to(verify)));
}

/// What an auditor looks for.
#[derive(Default, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields, default)]
struct TrailSearch {
    /// A reference.
    #[garde(inner(custom(limits::plain_line)))]
    #[schema(format = "line")]
    subject: Option<String>,
    /// A name to sign in with.
    #[garde(inner(custom(limits::plain_line)))]
    #[schema(format = "line")]
    actor: Option<String>,
    /// What was done.
    #[garde(inner(custom(limits::plain_line)))]
    #[schema(format = "line")]
    action: Option<String>,
    /// How it went.
    #[garde(inner(custom(limits::plain_line)))]
    #[schema(format = "line")]
    outcome: Option<String>,
    /// The first day.
    #[garde(skip)]
    from: Option<Day>,
    /// The last day.
    #[garde(skip)]
    to: Option<Day>,
    /// The record of an entry, by its letters.
    #[garde(skip)]
    record: Option<String>,
    /// Where the page before ended.
    #[garde(skip)]
    cursor: Option<String>,
}

impl TrailSearch {
    /// As the API is asked, and where to go on.
    fn question(self, reader: &PageReader) -> Result<(TrailQuestion, Option<Cursor>)> {
        let after = PageQuery::of(None, self.cursor).after()?;
        let record = self.record.map(|letters| handle::id(&letters)).transpose()?;
        let question = TrailQuestion {
            subject: record.map(|id| id.to_string()).or(self.subject),
            actor: self.actor,
            action: self.action.as_deref().map(code),
            outcome: self.outcome.as_deref().map(code),
            from: self.from.map(|day| reader.day(day).0),
            until: self.to.map(|day| day_after(reader, day)),
        };
        Ok((question, after))
    }
}

/// A code, from how pages say it.
fn code(words: &str) -> String {
    words.trim().to_lowercase().replace(' ', "_")
}

/// The moment at which a day is over.
fn day_after(reader: &PageReader, day: Day) -> Instant {
    reader.day(day.0.tomorrow().map_or(day, Day)).0
}

/// `GET /portal/audit`
async fn get_trail(visit: Visit<Auditor>) -> Result<HttpResponse> {
    show_trail(&visit.app, &visit.who, &visit.reader).await
}

/// The newest entries, and the form to search with.
///
/// # Errors
/// When they cannot be read.
pub async fn show_trail(app: &App, auditor: &Auditor, reader: &PageReader) -> Result<HttpResponse> {
    let page = entries(app, auditor, (TrailQuestion::default(), None)).await?;
    frame::answer(StatusCode::OK, &AuditTrailPage::of(reader, &page, None))
}

/// `POST /portal/audit`
async fn search(visit: Visit<Auditor>, form: Filled) -> Result<HttpResponse> {
    let found = match form.read::<TrailSearch>(&[]).and_then(|asked| asked.question(&visit.reader)) {
        Ok(asked) => entries(&visit.app, &visit.who, asked).await,
        Err(error) => Err(error),
    };
    match found {
        Ok(page) => frame::answer(StatusCode::OK, &AuditTrailPage::of(&visit.reader, &page, Some(&form))),
        Err(error @ Error::Invalid { .. }) => {
            let trouble = TrailTrouble { sent: &form, error: &error };
            let page = AuditTrailPage::refused(&visit.reader, &trouble);
            frame::refusal(frame::status(error.code()), error.code(), &page)
        }
        Err(error) => Err(error),
    }
}

/// `POST /portal/audit/verification`
async fn verify(visit: Visit<Auditor>, _form: Filled) -> Result<HttpResponse> {
    let found = reporting::verify_audit(&visit.app, &visit.who).await?;
    frame::answer(StatusCode::OK, &AuditChainPage::of(&visit.reader, &found))
}

async fn entries(
    app: &App,
    auditor: &Auditor,
    (asked, after): (TrailQuestion, Option<Cursor>),
) -> Result<Page<AuditEntryView>> {
    let rows = reporting::list_trail(app, auditor, asked, (after, MOST)).await?;
    Page::of(rows, MOST, AuditEntryView::cursor, Ok)
}

#[cfg(test)]
mod tests;
