//! Holding a session at another time: the old one stays as it was and points to the new one, which bears its number.

use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::machine::{SESSION, SessionEvent, SessionGuard};
use super::model::{SessionRow, SessionState};
use super::{read, store};
use crate::db::{Instant, ProgrammeSessionId, within_two_years};
use crate::error::Result;
use crate::http::limits;
use crate::identity::Staff;
use crate::transitions::{movers, transition};
use crate::tx::Tx;

/// When a session is held instead.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RescheduleBody {
    /// When it is to be.
    #[garde(skip)]
    planned_at: Instant,
    /// Why, as a code.
    #[garde(custom(limits::code))]
    #[schema(format = "code", example = "participant_unwell")]
    reason: String,
    /// How it is held, as a code; without one, as before.
    #[garde(inner(custom(limits::code)))]
    #[schema(format = "code", example = "video")]
    #[serde(default)]
    mode: Option<String>,
}

/// A session in another's place.
#[derive(Serialize, ToSchema)]
pub struct RescheduledSessionView {
    /// The new session.
    pub id: ProgrammeSessionId,
    /// Which one of the programme: as before.
    pub number: i32,
    /// Its state.
    pub state: SessionState,
    /// The session that it replaces.
    pub supersedes: ProgrammeSessionId,
}

/// Plans a session in the place of another. An absence that was recorded for the old one is in force.
///
/// # Errors
/// 404 for a session of somebody whom the caller does not work with, 409 for one that took place or was replaced already.
pub fn reschedule(
    tx: &mut Tx<'_>,
    by: &Staff,
    id: ProgrammeSessionId,
    body: &RescheduleBody,
) -> Result<RescheduledSessionView> {
    let (_, mut old) = read(tx, by, id)?;
    transition(SESSION, old.state(), SessionEvent::Reschedule, &movers(by), &SessionGuard::of(&old))?;
    within_two_years("/planned_at", body.planned_at, tx.now)?;
    let new = SessionRow {
        id: ProgrammeSessionId::new(tx.now),
        mode: body.mode.clone().unwrap_or_else(|| old.mode.clone()),
        planned_at: body.planned_at,
        attendance: None,
        attendance_recorded_at: None,
        attendance_recorded_by: None,
        note: None,
        version: 1,
        created_at: tx.now,
        feedback_at: None,
        supersedes_id: Some(id),
        superseded_by_id: None,
        superseded_at: None,
        superseded_reason: None,
        ..old.clone()
    };
    let made = RescheduledSessionView { id: new.id, number: new.number, state: new.state(), supersedes: id };
    (old.superseded_at, old.superseded_reason) = (Some(tx.now), Some(body.reason.clone()));
    // The number is the old one's until it is no longer in force; then it can point to a session that is there. Its note stays
    // sealed for the version that it was written at, so that is not counted up.
    store::supersede(tx, &old)?;
    store::insert_session(tx, new)?;
    store::point_to(tx.conn, id, made.id)?;
    Ok(made)
}
