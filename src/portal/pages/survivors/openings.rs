//! Who opened a survivor's record without working with them, for a caller on the duty line.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;

use super::head::{self, RecordHead};
use super::names::{self, StaffNames};
use crate::access::{self, BreakGlassView};
use crate::error::Result;
use crate::identity::SupportStaff;
use crate::portal::pages::frame;
use crate::portal::pages::reader::{PageReader, When};
use crate::portal::pages::visit::Visit;
use crate::tx::Tx;

/// Openings that are shown, the newest.
const MOST: i64 = 50;

/// `GET …/openings`
pub async fn get_openings(visit: Visit<SupportStaff>, reference: web::Path<String>) -> Result<HttpResponse> {
    let (staff, named) = (visit.who.clone(), reference.to_string());
    let work = move |tx: &mut Tx<'_>| {
        let survivor = head::named(tx, &named)?;
        Ok((access::list_openings(tx, &staff, survivor, None, MOST)?, head::reading(tx, &staff, survivor)?))
    };
    let (rows, reading) = visit.app.transact(visit.who.actor(), visit.deed, work).await?;
    let openings = visit.app.page(rows, MOST, |row| (row.opened_at, row.id.0), BreakGlassView::of).await?;
    let ids = openings.items.iter().map(|opening| opening.staff_id).collect();
    let names = names::names_of(&visit.app, &visit.who, ids).await?;
    let reader = visit.reader.clone().in_zone(reading.zone.as_deref());
    let page = OpeningsPage {
        title: reader.title("portal-openings-title", false),
        head: RecordHead::of(&reader, &reference, ("/openings", "portal-openings-title"), reading.reach),
        lines: openings.items.iter().map(|opening| OpeningLine::of(&reader, &names, opening)).collect(),
        has_more: openings.next_cursor.is_some(),
        has_unreadable: !openings.unreadable.is_empty(),
        reader: &reader,
    };
    frame::answer(StatusCode::OK, &page)
}

/// The openings.
#[derive(Template)]
#[template(path = "survivors/openings.html")]
struct OpeningsPage<'a> {
    reader: &'a PageReader,
    title: String,
    head: RecordHead,
    lines: Vec<OpeningLine>,
    has_more: bool,
    has_unreadable: bool,
}

/// One opening.
pub struct OpeningLine {
    /// By whom.
    pub by: String,
    /// When.
    pub at: When,
    /// Until when it is, or was, open to them.
    pub until: When,
    /// Why.
    pub reason: String,
}

impl OpeningLine {
    fn of(reader: &PageReader, known: &StaffNames, opening: &BreakGlassView) -> Self {
        Self {
            by: names::by(reader, known, opening.staff_id),
            at: reader.when(opening.opened_at),
            until: reader.when(opening.expires_at),
            reason: opening.reason.clone(),
        }
    }
}
