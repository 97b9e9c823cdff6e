//! Plain rows for figures without identities.

use diesel::prelude::*;

use super::model::{Answer, StoredState};
use crate::db::schema::check_ins;
use crate::db::{DbConn, Instant, SurvivorId};
use crate::error::Result;

/// What became of a slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SlotFate {
    /// Answered before grace ended.
    Answered,
    /// Answered after that.
    Late,
    /// Never answered.
    Missed,
}

/// What became of each slot that was due within a time; those that still wait, and check-ins without a schedule, are
/// left out.
pub fn slot_figures(conn: &mut DbConn, from: Instant, until: Instant) -> Result<Vec<(SurvivorId, SlotFate)>> {
    let rows: Vec<(SurvivorId, StoredState, Option<Answer>, bool)> = check_ins::table
        .filter(check_ins::schedule_id.is_not_null())
        .filter(check_ins::due_at.ge(from))
        .filter(check_ins::due_at.lt(until))
        .select((check_ins::survivor_id, check_ins::state, check_ins::answer, check_ins::is_proven))
        .load(conn)?;
    let fate = |(survivor, state, answer, is_proven): (SurvivorId, StoredState, Option<Answer>, bool)| {
        let fate = match (state, answer.filter(|_| is_proven)) {
            (StoredState::Waiting, _) => return None,
            (StoredState::Missed, None) => SlotFate::Missed,
            (StoredState::Missed, Some(_)) => SlotFate::Late,
            _ => SlotFate::Answered,
        };
        Some((survivor, fate))
    };
    Ok(rows.into_iter().filter_map(fate).collect())
}
