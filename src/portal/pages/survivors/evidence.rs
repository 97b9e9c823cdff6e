//! The files of a survivor that their own side may see: what each is and what became of it. None is opened here.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;

use super::head::{self, RecordHead};
use crate::error::Result;
use crate::evidence::{self, EvidenceView};
use crate::http::Page;
use crate::identity::SupportStaff;
use crate::portal::pages::frame;
use crate::portal::pages::reader::{InEnglish, PageReader, When};
use crate::portal::pages::visit::Visit;
use crate::tx::Tx;
use crate::words::id_of;

/// Files that are shown, the newest.
const MOST: i64 = 50;
/// Bytes of a kilobyte.
const KILOBYTE: i64 = 1_000;

/// `GET …/evidence`
pub async fn get_evidence(visit: Visit<SupportStaff>, reference: web::Path<String>) -> Result<HttpResponse> {
    let (staff, named) = (visit.who.clone(), reference.to_string());
    let work = move |tx: &mut Tx<'_>| {
        let survivor = head::named(tx, &named)?;
        Ok((evidence::list_for_staff(tx, &staff, survivor, MOST)?, head::reading(tx, &staff, survivor)?))
    };
    let (files, reading) = visit.app.transact(visit.who.actor(), visit.deed, work).await?;
    let files = Page::of(files, MOST, |file| (file.created_at, file.id.0), |file| Ok(EvidenceView::of(&file)))?;
    let reader = visit.reader.clone().in_zone(reading.zone.as_deref());
    let page = EvidencePage {
        title: reader.title("portal-evidence-title", false),
        head: RecordHead::of(&reader, &reference, ("/evidence", "portal-evidence-title"), reading.reach),
        lines: files.items.iter().map(|file| FileLine::of(&reader, file)).collect(),
        has_more: files.next_cursor.is_some(),
        reader: &reader,
    };
    frame::answer(StatusCode::OK, &page)
}

/// The files.
#[derive(Template)]
#[template(path = "survivors/evidence.html")]
struct EvidencePage<'a> {
    reader: &'a PageReader,
    title: String,
    head: RecordHead,
    lines: Vec<FileLine>,
    has_more: bool,
}

/// A file.
pub struct FileLine {
    /// Its reference.
    pub reference: String,
    /// What it is.
    pub kind: String,
    /// How long it is.
    pub size: String,
    /// What became of it.
    pub state: InEnglish,
    /// When the phone recorded it.
    pub recorded: When,
    /// When the survivor took it back.
    pub taken_back: Option<When>,
}

impl FileLine {
    fn of(reader: &PageReader, file: &EvidenceView) -> Self {
        let kind = match file.media_type.split('/').next().unwrap_or_default() {
            known @ ("image" | "video" | "audio" | "text") => known,
            _ => "other",
        };
        let kilobytes = file.bytes.saturating_add(KILOBYTE - 1) / KILOBYTE;
        Self {
            reference: file.reference.clone(),
            kind: reader.say(&id_of("portal-file", kind)),
            size: reader.say_with("portal-file-size", &[("count", kilobytes.into())]),
            state: reader.in_english(&id_of("staff-file-state", file.state.as_str())),
            recorded: reader.when(file.recorded_at),
            taken_back: file.taken_back_at.map(|at| reader.when(at)),
        }
    }
}
