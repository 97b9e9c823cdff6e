//! What the page of a case is made of, read by the use cases of the API in one transaction.

use std::collections::BTreeMap;

use crate::access;
use crate::app::App;
use crate::cases::{self, CaseConcernView, CaseNoteView, CaseSides, CaseSidesView, CaseView, ReadConcern, ReadNote};
use crate::crypto::Keys;
use crate::db::{CaseId, DbConn, StaffId};
use crate::error::{Error, Result};
use crate::http::Page;
use crate::identity::{self, CaseStaff, OrganisationKind, Practitioner, Staff};
use crate::participants::{ConcernRow, ToldConcernView};
use crate::portal::pages::survivors::links;
use crate::portal::pages::visit::Filled;
use crate::tx::Tx;

/// Notes and concerns that are shown, of each the newest; that there are more is said.
const MOST: i64 = 20;

/// A case, as far as its reader may see it.
pub struct ShownCase {
    /// Both sides.
    pub sides: CaseSidesView,
    /// Notes about it.
    pub notes: Page<CaseNoteView>,
    /// Questions and concerns.
    pub concerns: Page<CaseConcernView>,
    /// What the practitioner fears, for the survivor's side alone.
    pub fears: Page<ToldConcernView>,
    /// Colleagues of the reader's own organisation who wrote something.
    pub names: BTreeMap<StaffId, String>,
    /// The survivor's record, where it is the reader's.
    pub record: Option<String>,
    /// Whether the reader keeps the record of the programme's work.
    pub may_record: bool,
}

/// A form of the page that was not taken.
pub struct CaseTrouble {
    /// What is wrong.
    pub error: Error,
    /// What was sent.
    pub form: Filled,
    /// Which form, as its fields are told from others.
    pub of: String,
}

/// The case of a reference.
///
/// # Errors
/// 404 where there is none.
pub fn named_case(conn: &mut DbConn, reference: &str) -> Result<CaseId> {
    access::find_case_by_reference(conn, reference)?.ok_or(Error::NotFound)
}

/// Reads a case with all that its page shows.
///
/// # Errors
/// 404 for another's case.
pub async fn read(app: &App, who: &CaseStaff, reference: &str, deed: &'static str) -> Result<ShownCase> {
    let (staff, named) = (who.clone(), reference.to_owned());
    let is_support = who.works_for(OrganisationKind::SurvivorSupport);
    let work = move |tx: &mut Tx<'_>| {
        let id = named_case(tx.conn, &named)?;
        let sides = cases::read_sides(tx, &staff, id)?;
        let notes = cases::list_notes(tx, &staff, id, None, MOST)?;
        let concerns = cases::list_concerns(tx, &staff, id, None, MOST)?;
        let fears = if is_support { fears_of(tx, &staff, id)? } else { Vec::new() };
        Ok((sides, notes.rows, concerns.rows, fears))
    };
    let (sides, notes, concerns, fears) = app.transact(who.actor(), deed, work).await?;
    let sides = app.with_keys(|keys| CaseSides::view(keys, &sides)).await?;
    let notes = app.page(notes, MOST, ReadNote::cursor, ReadNote::view).await?;
    let concerns = app.page(concerns, MOST, ReadConcern::cursor, ReadConcern::view).await?;
    let fears = app.page(fears, MOST, |row| (row.created_at, row.id.0), ToldConcernView::of).await?;
    let names = names_of(app, who, writers(&notes, &concerns)).await?;
    let record = match &sides.case {
        CaseView::Link(link) if is_support => links::record_of(app, who, &link.survivor_reference).await?,
        CaseView::Link(_) | CaseView::InSession(_) => None,
    };
    let may_record = Practitioner::of(Staff::clone(who)).is_ok();
    Ok(ShownCase { sides, notes, concerns, fears, names, record, may_record })
}

/// What the practitioner fears; of a case that is not active the survivor's side reads none.
fn fears_of(tx: &mut Tx<'_>, staff: &Staff, id: CaseId) -> Result<Vec<ConcernRow>> {
    match cases::list_fears(tx, staff, id, None, MOST) {
        Err(Error::NotFound) => Ok(Vec::new()),
        read => read,
    }
}

/// Who wrote what is shown.
fn writers(notes: &Page<CaseNoteView>, concerns: &Page<CaseConcernView>) -> Vec<StaffId> {
    let noted = notes.items.iter().map(|note| note.author_id);
    let raised = concerns.items.iter().flat_map(|concern| [Some(concern.raised_by), concern.answered_by]);
    let mut ids: Vec<StaffId> = noted.chain(raised.flatten()).collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

/// The names of those among some people who are colleagues, as the list of colleagues gives them.
async fn names_of(app: &App, who: &CaseStaff, ids: Vec<StaffId>) -> Result<BTreeMap<StaffId, String>> {
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let (own, most) = (who.organisation()?, i64::try_from(ids.len()).unwrap_or(MOST));
    let read = move |conn: &mut DbConn, keys: &Keys| {
        identity::list_colleagues(conn, keys, (own, Some(ids.clone())), None, most)
    };
    let colleagues = app.read(read).await?;
    Ok(colleagues.into_iter().filter_map(|colleague| Some((colleague.id, colleague.name?))).collect())
}
