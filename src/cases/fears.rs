//! What the practitioner fears, as the survivor's side of a case reads it: the kind, the words that were written for
//! advocates, and when. Neither what it rests on nor anything recorded before the case joined the two.

use crate::access::{self, CaseRow, CaseState};
use crate::db::{CaseId, Instant};
use crate::error::{Error, Result};
use crate::http::page::Cursor;
use crate::identity::Staff;
use crate::participants::{self, ConcernRow};
use crate::tx::Tx;

/// The concerns of a case's participant since both sides approved it, newest first: `limit + 1` rows.
///
/// # Errors
/// 404 for another's case, and for one that is not active.
pub fn list(tx: &mut Tx<'_>, staff: &Staff, id: CaseId, after: Option<Cursor>, limit: i64) -> Result<Vec<ConcernRow>> {
    let case = access::case(tx, staff, id)?;
    let since = joined_at(case.case()).ok_or(Error::NotFound)?;
    let participant = case.sees_participant().ok_or(Error::NotFound)?;
    participants::list_concerns_since(tx.conn, &participant, since, after, limit)
}

/// When the second of the two sides approved; none for a case that is not active.
fn joined_at(case: &CaseRow) -> Option<Instant> {
    let (ours, theirs) = (case.support_approved_at?, case.programme_approved_at?);
    (case.state == CaseState::Active).then(|| ours.max(theirs))
}
