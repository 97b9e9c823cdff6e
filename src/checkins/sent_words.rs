//! The words that came with a check-in, help-now too, or with a timer: for the person who answers the alert.

use super::model::CheckIn;
use super::store;
use super::timers::Timer;
use crate::access::SurvivorAccess;
use crate::crypto::{Keys, Private, open};
use crate::db::{CheckInId, DbConn, Instant, TimerId};
use crate::error::Result;

/// What somebody wrote as they sent something.
pub struct SentWords {
    /// When it reached us.
    pub at: Instant,
    /// Their words.
    pub words: Private,
    /// Whether it came from a session under duress: then it may not be in their own words.
    pub is_duress: bool,
}

/// What was written with a check-in.
pub fn words_with_check_in(
    conn: &mut DbConn,
    keys: &Keys,
    access: &SurvivorAccess,
    id: CheckInId,
) -> Result<Option<SentWords>> {
    let Some(row) = store::find_check_in(conn, access.id(), id)? else { return Ok(None) };
    let CheckIn { received_at, is_duress, .. } = row;
    let words = open!(keys, row.note)?;
    Ok(received_at.zip(words).map(|(at, words)| SentWords { at, words, is_duress }))
}

/// What was written as a timer was started.
pub fn words_with_timer(
    conn: &mut DbConn,
    keys: &Keys,
    access: &SurvivorAccess,
    id: TimerId,
) -> Result<Option<SentWords>> {
    let found = store::find_timer(conn, id)?.filter(|timer| timer.survivor_id == access.id());
    let Some(row) = found else { return Ok(None) };
    let Timer { started_at: at, is_duress, .. } = row;
    Ok(open!(keys, row.note)?.map(|words| SentWords { at, words, is_duress }))
}
