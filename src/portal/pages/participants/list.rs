//! The participants that the reader works with, and the way to one by the reference.

use actix_web::HttpResponse;
use askama::Template;

use super::forms::{REFERENCE, RecordForms, RecordTrouble};
use super::record_page::answer;
use crate::app::App;
use crate::crypto::Keys;
use crate::error::{Error, Result};
use crate::http::ListRequest;
use crate::identity::{ColleagueNames, ProgrammeStaff};
use crate::participants::{self, ParticipantRow, ParticipantView, ParticipantsQuery};
use crate::portal::pages::case::handle::participant_path;
use crate::portal::pages::form::{ErrorSummary, ShownForm};
use crate::portal::pages::frame;
use crate::portal::pages::reader::{PageReader, When};
use crate::portal::pages::visit::{Filled, Visit};
use crate::tx::Tx;

/// Participants that are shown, the newest; that there are more is said.
const MOST: i64 = 100;

/// The page.
#[derive(Template)]
#[template(path = "participants.html")]
struct ParticipantsPage<'a> {
    reader: &'a PageReader,
    title: String,
    wrong: Option<ErrorSummary>,
    find: ShownForm,
    lines: Vec<ParticipantLine>,
    is_cut: bool,
    has_unreadable: bool,
}

/// A participant in the list.
struct ParticipantLine {
    name: String,
    reference: String,
    href: String,
    practitioner: Option<String>,
    since: When,
}

impl ParticipantLine {
    fn of(reader: &PageReader, participant: ParticipantView) -> Self {
        Self {
            href: participant_path(&participant.reference),
            name: participant.name,
            reference: participant.reference,
            practitioner: participant.practitioner_name,
            since: reader.when(participant.created_at),
        }
    }
}

async fn rows(
    app: &App,
    who: &ProgrammeStaff,
    reference: Option<String>,
    deed: &'static str,
) -> Result<(Vec<ParticipantRow>, ColleagueNames)> {
    let query = ParticipantsQuery::of_reference(reference);
    let (staff, asked) = (who.clone(), ListRequest { query, after: None, limit: MOST });
    let work = move |tx: &mut Tx<'_>| participants::list(tx, &staff, &asked);
    app.transact(who.actor(), deed, work).await
}

async fn show(visit: &Visit<ProgrammeStaff>, trouble: Option<&RecordTrouble>) -> Result<HttpResponse> {
    let (app, reader) = (&visit.app, &visit.reader);
    let (rows, names) = rows(app, &visit.who, None, visit.deed).await?;
    let view = |keys: &Keys, row: &ParticipantRow| -> Result<ParticipantView> {
        let practitioner_name = names.name(keys, row.practitioner_id)?;
        Ok(ParticipantView { practitioner_name, ..ParticipantView::of(keys, row)? })
    };
    let page = app.page(rows, MOST, |row| (row.created_at, row.id.0), view).await?;
    let mut forms = RecordForms::of(reader, "/portal/participants".to_owned(), trouble);
    let find = forms.usual("find", "find", &REFERENCE, "portal-find-participant");
    let page = ParticipantsPage {
        title: reader.title("portal-participants", trouble.is_some()),
        wrong: forms.wrong,
        find,
        is_cut: page.next_cursor.is_some(),
        has_unreadable: !page.unreadable.is_empty(),
        lines: page.items.into_iter().map(|one| ParticipantLine::of(reader, one)).collect(),
        reader,
    };
    answer(&page, trouble)
}

/// `GET /portal/participants`
pub async fn get_participants(visit: Visit<ProgrammeStaff>) -> Result<HttpResponse> {
    if visit.who.is_in_session() {
        // Whom else somebody works with is nothing for the participant's eyes.
        return Err(Error::NotFound);
    }
    show(&visit, None).await
}

/// `POST …/find`: the way to the participant of a reference, where the reader works with them.
pub async fn find_participant(visit: Visit<ProgrammeStaff>, form: Filled) -> Result<HttpResponse> {
    if visit.who.is_in_session() {
        return Err(Error::NotFound);
    }
    let named = form.get("reference").trim().to_owned();
    let code = if named.is_empty() { "missing" } else { "unknown" };
    let (found, _) = rows(&visit.app, &visit.who, Some(named), visit.deed).await?;
    if let Some(row) = found.first() {
        return Ok(frame::see_other(&participant_path(&row.reference)));
    }
    let error = Error::field("/reference", code, "there is no such participant among yours");
    show(&visit, Some(&RecordTrouble { error, form, of: "find".to_owned() })).await
}
