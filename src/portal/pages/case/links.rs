//! The way from other pages to the page of a case: the cases that the API lists for the reader.

use super::handle::{case_path, participant_path};
use crate::access::CasesQuery;
use crate::app::App;
use crate::cases::{self, CaseView, FoundCase};
use crate::db::{CaseId, ParticipantId, SurvivorId};
use crate::error::Result;
use crate::http::{ListRequest, Page};
use crate::identity::{OrganisationKind, Staff};
use crate::tx::Tx;

/// Cases that a worklist names.
const MOST: i64 = 50;
/// Cases among which that of an alert is looked for.
const MOST_OF_ALERT: i64 = 200;

/// A case in a list.
pub struct CaseLine {
    /// Its reference.
    pub reference: String,
    /// Its page.
    pub href: String,
    /// The reference of whom the reader's own side works with.
    pub person: String,
    /// Their page.
    pub person_href: Option<String>,
}

impl CaseLine {
    fn of(case: &CaseView, is_support: bool) -> Self {
        let (reference, person) = match case {
            CaseView::Link(link) if is_support => (&link.reference, &link.survivor_reference),
            CaseView::Link(link) => (&link.reference, &link.participant_reference),
            CaseView::InSession(case) => (&case.reference, &case.participant_reference),
        };
        let person_href = (!is_support).then(|| participant_path(person));
        Self { href: case_path(reference), reference: reference.clone(), person: person.clone(), person_href }
    }
}

/// The active cases of the reader, and whether there are more.
pub async fn open_cases(app: &App, who: &Staff) -> Result<(Vec<CaseLine>, bool)> {
    let page = active(app, who, CasesQuery::active(None), MOST).await?;
    let is_support = who.works_for(OrganisationKind::SurvivorSupport);
    Ok((page.items.iter().map(|case| CaseLine::of(case, is_support)).collect(), page.next_cursor.is_some()))
}

/// The active cases of a survivor, for their own side.
pub async fn of_survivor(app: &App, who: &Staff, survivor: SurvivorId) -> Result<Vec<CaseLine>> {
    let page = active(app, who, CasesQuery::active(Some(survivor)), MOST_OF_ALERT).await?;
    Ok(page.items.iter().map(|case| CaseLine::of(case, true)).collect())
}

/// The active cases of a participant, for the programme's side.
pub async fn of_participant(app: &App, who: &Staff, participant: ParticipantId) -> Result<Vec<CaseLine>> {
    let page = active(app, who, CasesQuery::active_of_participant(participant), MOST).await?;
    Ok(page.items.iter().map(|case| CaseLine::of(case, false)).collect())
}

/// One case, for the programme's side, where it is active and theirs.
pub async fn of_case(app: &App, who: &Staff, id: Option<CaseId>) -> Result<Vec<CaseLine>> {
    let page = active(app, who, CasesQuery::active(None), MOST_OF_ALERT).await?;
    let is_it = |case: &&CaseView| match case {
        CaseView::Link(link) => Some(link.id) == id,
        CaseView::InSession(case) => Some(case.id) == id,
    };
    Ok(page.items.iter().filter(is_it).map(|case| CaseLine::of(case, false)).collect())
}

async fn active(app: &App, who: &Staff, query: CasesQuery, limit: i64) -> Result<Page<CaseView>> {
    let (staff, asked) = (who.clone(), ListRequest { query, after: None, limit });
    let work = move |tx: &mut Tx<'_>| cases::list_cases(tx, &staff, &asked);
    let rows = app.transact(who.actor(), "list_cases", work).await?;
    Page::of(rows, limit, FoundCase::cursor, |case| Ok(case.view()))
}
