//! What a survivor has agreed to, as the API says it for the staff of their side.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;

use super::head::{self, RecordHead};
use super::names::{self, StaffNames};
use crate::access;
use crate::consent::SurvivorConsentView;
use crate::error::Result;
use crate::identity::SupportStaff;
use crate::portal::pages::frame;
use crate::portal::pages::reader::{InEnglish, PageReader, When};
use crate::portal::pages::visit::Visit;
use crate::tx::Tx;
use crate::words::id_of;

/// `GET …/agreed`
pub async fn get_agreed(visit: Visit<SupportStaff>, reference: web::Path<String>) -> Result<HttpResponse> {
    let (staff, named) = (visit.who.clone(), reference.to_string());
    let work = move |tx: &mut Tx<'_>| {
        let survivor = head::named(tx, &named)?;
        Ok((access::list_consents(tx, &staff, survivor)?, head::reading(tx, &staff, survivor)?))
    };
    let (agreed, reading) = visit.app.transact(visit.who.actor(), visit.deed, work).await?;
    let ids = agreed.iter().filter_map(|one| one.recorded_by_id).collect();
    let names = names::names_of(&visit.app, &visit.who, ids).await?;
    let reader = visit.reader.clone().in_zone(reading.zone.as_deref());
    let page = AgreedPage {
        title: reader.title("portal-agreed-title", false),
        head: RecordHead::of(&reader, &reference, ("/agreed", "portal-agreed-title"), reading.reach),
        lines: agreed.iter().map(|one| AgreedLine::of(&reader, &names, one)).collect(),
        reader: &reader,
    };
    frame::answer(StatusCode::OK, &page)
}

/// What was agreed to.
#[derive(Template)]
#[template(path = "survivors/agreed.html")]
struct AgreedPage<'a> {
    reader: &'a PageReader,
    title: String,
    head: RecordHead,
    lines: Vec<AgreedLine>,
}

/// One thing that a survivor agrees to or not.
pub struct AgreedLine {
    /// What.
    pub name: InEnglish,
    /// Whether they do now.
    pub state: InEnglish,
    /// Since when.
    pub since: Option<When>,
    /// Until when, unless they agree again.
    pub until: Option<When>,
    /// When it becomes something else.
    pub pending: Option<When>,
    /// Whether it is on and nobody of the police can be reached.
    pub is_out_of_reach: bool,
    /// By which colleague it was recorded.
    pub by: Option<String>,
    /// When it was recorded.
    pub recorded: Option<When>,
}

impl AgreedLine {
    fn of(reader: &PageReader, known: &StaffNames, one: &SurvivorConsentView) -> Self {
        let consent = &one.consent;
        Self {
            name: reader.in_english(&id_of("staff-scope", &consent.scope)),
            state: reader.in_english(if consent.granted { "staff-agreed-on" } else { "staff-agreed-off" }),
            since: consent.since.map(|at| reader.when(at)),
            until: consent.expires_at.map(|at| reader.when(at)),
            pending: consent.pending.as_ref().map(|pending| reader.when(pending.effective_at)),
            is_out_of_reach: consent.granted && consent.police_will_be_told == Some(false),
            by: one.recorded_by_id.map(|id| names::by(reader, known, id)),
            recorded: consent.recorded_at.map(|at| reader.when(at)),
        }
    }
}
