//! Cases by themselves: who is linked, by references alone.

use serde::Serialize;
use utoipa::ToSchema;

use crate::access::{self, CaseEvent, CaseEventRow, CaseRow, CaseState, CasesQuery, Side};
use crate::db::{CaseEventId, CaseId, DbConn, Instant, StaffId};
use crate::error::{Error, Result};
use crate::http::ListRequest;
use crate::http::page::Cursor;
use crate::identity::{self, Staff};
use crate::participants;
use crate::transitions::{ActionView, ActionsView};
use crate::tx::Tx;

/// A case, as the caller may see it now.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
pub enum CaseView {
    /// By itself.
    Link(CaseLink),
    /// While the participant may be looking on.
    InSession(CaseInSession),
}

/// A case. Names nobody: each side knows its own by the reference.
#[serde_with::skip_serializing_none]
#[derive(Serialize, ToSchema)]
pub struct CaseLink {
    /// Id.
    pub id: CaseId,
    /// Reference for people.
    #[schema(example = "CS-2T9B-4H7Q-X")]
    pub reference: String,
    /// Whether it may be used.
    pub state: CaseState,
    /// How the two know each other, as a code.
    #[schema(example = "former_partner")]
    pub relationship: String,
    /// The survivor's reference.
    #[schema(example = "SV-6F2K-8C3D-M")]
    pub survivor_reference: String,
    /// The participant's reference.
    pub participant_reference: String,
    /// Whether the survivor's side has approved.
    pub is_support_approved: bool,
    /// Whether the programme's side has approved.
    pub is_programme_approved: bool,
    /// When it was closed or refused.
    pub ended_at: Option<Instant>,
    /// Why, as a code.
    #[schema(example = "programme_ended")]
    pub end_reason: Option<String>,
    /// What the caller may do with it now, where one is read by itself.
    pub allowed_actions: Option<Vec<ActionView>>,
}

/// A case while the participant may be looking on: has no room for anything that tells of the survivor.
#[serde_with::skip_serializing_none]
#[derive(Serialize, ToSchema)]
pub struct CaseInSession {
    /// Id.
    pub id: CaseId,
    /// Reference for people.
    #[schema(example = "CS-2T9B-4H7Q-X")]
    pub reference: String,
    /// Whether it may be used.
    pub state: CaseState,
    /// The participant's reference.
    pub participant_reference: String,
    /// Whether the survivor's side has approved.
    pub is_support_approved: bool,
    /// Whether the programme's side has approved.
    pub is_programme_approved: bool,
    /// When it was closed or refused.
    pub ended_at: Option<Instant>,
    /// Why, as a code.
    #[schema(example = "programme_ended")]
    pub end_reason: Option<String>,
    /// What the caller may do with it now, where one is read by itself.
    pub allowed_actions: Option<Vec<ActionView>>,
}

/// A case as it was read.
pub struct FoundCase {
    row: CaseRow,
    /// None while the participant may be looking on.
    survivor_reference: Option<String>,
    participant_reference: String,
    allowed_actions: Option<Vec<ActionView>>,
}

impl FoundCase {
    /// Its place in a list.
    #[must_use]
    pub fn cursor(&self) -> Cursor {
        (self.row.created_at, self.row.id.0)
    }

    /// The case, as the caller may see it now.
    #[must_use]
    pub fn view(&self) -> CaseView {
        let participant = self.participant_reference.clone();
        let allowed_actions = self.allowed_actions.clone();
        match self.survivor_reference.clone() {
            Some(survivor) => CaseView::Link(CaseLink { allowed_actions, ..link(&self.row, survivor, participant) }),
            None => {
                let case = next_to_participant(&self.row, participant);
                CaseView::InSession(CaseInSession { allowed_actions, ..case })
            }
        }
    }
}

/// Reads one case that the caller may look at.
pub(super) fn read(conn: &mut DbConn, row: &CaseRow, is_in_session: bool) -> Result<FoundCase> {
    let mut references = participants::participant_references(conn, vec![row.participant_id])?;
    let participant_reference = references.remove(&row.participant_id).ok_or(Error::NotFound)?;
    let survivor_reference = match is_in_session {
        true => None,
        false => Some(identity::find_survivor(conn, row.survivor_id)?.ok_or(Error::NotFound)?.reference),
    };
    Ok(FoundCase { row: row.clone(), survivor_reference, participant_reference, allowed_actions: None })
}

fn link(row: &CaseRow, survivor_reference: String, participant_reference: String) -> CaseLink {
    CaseLink {
        id: row.id,
        reference: row.reference.clone(),
        state: row.state,
        relationship: row.relationship.clone(),
        survivor_reference,
        participant_reference,
        is_support_approved: row.support_approved_by.is_some(),
        is_programme_approved: row.programme_approved_by.is_some(),
        ended_at: row.ended_at,
        end_reason: row.end_reason.clone(),
        allowed_actions: None,
    }
}

fn next_to_participant(row: &CaseRow, participant_reference: String) -> CaseInSession {
    CaseInSession {
        id: row.id,
        reference: row.reference.clone(),
        state: row.state,
        participant_reference,
        is_support_approved: row.support_approved_by.is_some(),
        is_programme_approved: row.programme_approved_by.is_some(),
        ended_at: row.ended_at,
        end_reason: row.end_reason.clone(),
        allowed_actions: None,
    }
}

/// One case.
///
/// # Errors
/// 404 for another's.
pub fn find(tx: &mut Tx<'_>, staff: &Staff, id: CaseId) -> Result<FoundCase> {
    let case = access::case(tx, staff, id)?;
    let found = read(tx.conn, case.case(), staff.is_in_session())?;
    Ok(FoundCase { allowed_actions: Some(access::case_actions(&case, staff).actions), ..found })
}

/// The cases that the caller works with, newest first.
///
/// # Errors
/// 403 for staff of no organisation.
pub fn list(tx: &mut Tx<'_>, staff: &Staff, asked: &ListRequest<CasesQuery>) -> Result<Vec<FoundCase>> {
    let rows = access::list_cases(tx, staff, asked)?;
    let references = identity::survivor_references(tx.conn, rows.iter().map(|row| row.survivor_id).collect())?;
    let own = participants::participant_references(tx.conn, rows.iter().map(|row| row.participant_id).collect())?;
    let found = |row: CaseRow| {
        let survivor = references.get(&row.survivor_id).cloned().unwrap_or_default();
        let survivor_reference = Some(survivor).filter(|_| !staff.is_in_session());
        let participant_reference = own.get(&row.participant_id).cloned().unwrap_or_default();
        FoundCase { row, survivor_reference, participant_reference, allowed_actions: None }
    };
    Ok(rows.into_iter().map(found).collect())
}

/// What the caller may do with a case now.
///
/// # Errors
/// 404 for another's.
pub fn actions(tx: &mut Tx<'_>, staff: &Staff, id: CaseId) -> Result<ActionsView> {
    let case = access::case(tx, staff, id)?;
    Ok(access::case_actions(&case, staff))
}

/// Something that was done with a case.
#[serde_with::skip_serializing_none]
#[derive(Serialize, ToSchema)]
pub struct CaseEventView {
    /// Id.
    pub id: CaseEventId,
    /// What.
    pub event: CaseEvent,
    /// The state after it.
    pub state: CaseState,
    /// From which side.
    pub side: Side,
    /// By whom.
    pub staff_id: StaffId,
    /// Why, as a code.
    #[schema(example = "programme_ended")]
    pub reason: Option<String>,
    /// When.
    pub at: Instant,
}

impl From<CaseEventRow> for CaseEventView {
    fn from(row: CaseEventRow) -> Self {
        let CaseEventRow { id, case_id: _, event, state, side, staff_id, reason, at } = row;
        Self { id, event, state, side, staff_id, reason, at }
    }
}

/// What was done with a case, newest first: `limit + 1` rows.
///
/// # Errors
/// 404 for another's.
pub fn events(
    tx: &mut Tx<'_>,
    staff: &Staff,
    id: CaseId,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<CaseEventRow>> {
    let case = access::case(tx, staff, id)?;
    access::list_case_events(tx.conn, &case, after, limit)
}
