//! The way from other pages to the page of a case: the cases that the API lists for the reader.

use super::handle::case_path;
use crate::access::CasesQuery;
use crate::app::App;
use crate::cases::{self, CaseView, FoundCase};
use crate::db::{CaseId, SurvivorId};
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
}

impl CaseLine {
    fn of(case: &CaseView, is_support: bool) -> Self {
        let (reference, person) = match case {
            CaseView::Link(link) if is_support => (&link.reference, &link.survivor_reference),
            CaseView::Link(link) => (&link.reference, &link.participant_reference),
            CaseView::InSession(case) => (&case.reference, &case.participant_reference),
        };
        Self { href: case_path(reference), reference: reference.clone(), person: person.clone() }
    }
}

/// The active cases of the reader, and whether there are more.
pub async fn open_cases(app: &App, who: &Staff) -> Result<(Vec<CaseLine>, bool)> {
    let page = active(app, who, None, MOST).await?;
    let is_support = who.works_for(OrganisationKind::SurvivorSupport);
    Ok((page.items.iter().map(|case| CaseLine::of(case, is_support)).collect(), page.next_cursor.is_some()))
}

/// The active cases of a survivor, for their own side.
pub async fn of_survivor(app: &App, who: &Staff, survivor: SurvivorId) -> Result<Vec<CaseLine>> {
    let page = active(app, who, Some(survivor), MOST_OF_ALERT).await?;
    Ok(page.items.iter().map(|case| CaseLine::of(case, true)).collect())
}

/// One case, for the programme's side, where it is active and theirs.
pub async fn of_case(app: &App, who: &Staff, id: Option<CaseId>) -> Result<Vec<CaseLine>> {
    let page = active(app, who, None, MOST_OF_ALERT).await?;
    let is_it = |case: &&CaseView| match case {
        CaseView::Link(link) => Some(link.id) == id,
        CaseView::InSession(case) => Some(case.id) == id,
    };
    Ok(page.items.iter().filter(is_it).map(|case| CaseLine::of(case, false)).collect())
}

async fn active(app: &App, who: &Staff, survivor: Option<SurvivorId>, limit: i64) -> Result<Page<CaseView>> {
    let staff = who.clone();
    let work = move |tx: &mut Tx<'_>| {
        let asked = ListRequest { query: CasesQuery::active(survivor), after: None, limit };
        cases::list_cases(tx, &staff, &asked)
    };
    let rows = app.transact(who.actor(), "list_cases", work).await?;
    Page::of(rows, limit, FoundCase::cursor, |case| Ok(case.view()))
}
