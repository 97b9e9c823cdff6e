//! The participant's side of a case: goals with their reviews, sessions, orders, observations.

use serde::Serialize;
use utoipa::ToSchema;

use super::view::{ITEMS, ROWS};
use crate::access::ParticipantAccess;
use crate::crypto::Keys;
use crate::db::DbConn;
use crate::error::Result;
use crate::programme::{
    self, DiaryRow, GoalView, GoalWithReviews, ObservationRow, ObservationView, OrderView, OrderWithConditions,
    ProgrammeSessionView, SessionRow,
};

/// The participant's side; empty where it is withheld.
#[derive(Serialize, ToSchema)]
pub struct ParticipantSideView {
    /// Goals with their reviews, proposed ones too.
    pub goals: Vec<GoalView>,
    /// The newest sessions with attendance, newest first.
    pub sessions: Vec<ProgrammeSessionView>,
    /// Orders with their conditions.
    pub orders: Vec<OrderView>,
    /// What was observed of them, the newest first.
    pub observations: Vec<ObservationView>,
}

/// What was read of the participant's side.
#[derive(Default)]
pub struct ParticipantSide {
    /// Goals.
    pub goals: Vec<GoalWithReviews>,
    /// Sessions, newest first.
    pub sessions: Vec<SessionRow>,
    orders: Vec<OrderWithConditions>,
    observations: Vec<ObservationRow>,
    /// The latest days on which they acted on an urge. The diary itself is not shown.
    pub acted_urges: Vec<DiaryRow>,
}

impl ParticipantSide {
    /// Reads what the caller may see; without access, nothing.
    pub(super) fn read(conn: &mut DbConn, access: Option<&ParticipantAccess>) -> Result<Self> {
        let Some(access) = access else { return Ok(Self::default()) };
        Ok(Self {
            goals: programme::list_goals(conn, access)?,
            sessions: programme::list_sessions(conn, access, None, ROWS)?,
            orders: programme::list_orders(conn, access)?,
            observations: programme::list_observations(conn, access, None, ITEMS)?,
            acted_urges: programme::list_acted_urges(conn, access, ROWS)?,
        })
    }

    /// The view of what was read.
    pub(super) fn view(&self, keys: &Keys) -> Result<ParticipantSideView> {
        let items = usize::try_from(ITEMS).unwrap_or(0);
        let sessions = self.sessions.iter().take(items);
        let observations = self.observations.iter().take(items);
        Ok(ParticipantSideView {
            goals: self.goals.iter().map(|row| GoalView::of(keys, row)).collect::<Result<_>>()?,
            sessions: sessions.map(|row| ProgrammeSessionView::of(keys, row)).collect::<Result<_>>()?,
            orders: self.orders.iter().map(|row| OrderView::of(keys, row)).collect::<Result<_>>()?,
            observations: observations.map(|row| ObservationView::of(keys, row)).collect::<Result<_>>()?,
        })
    }
}
