//! The participant's side of a case: goals with their reviews, sessions, orders, observations.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{ITEMS, ROWS, opened};
use crate::access::ParticipantAccess;
use crate::crypto::Keys;
use crate::db::DbConn;
use crate::error::Result;
use crate::orders::{self, OrderView, OrderWithConditions};
use crate::programme::{
    self, DiaryRow, GoalView, GoalWithReviews, ObservationRow, ObservationView, ProgrammeSessionView, SessionRow,
    SupportGoal, SupportObservation, SupportOrder, SupportSession,
};

/// The participant's side, for the survivor's side; empty where it is withheld.
#[derive(Serialize, ToSchema)]
pub struct SupportParticipantSide {
    /// Goals with their reviews, proposed ones too.
    pub goals: Vec<SupportGoal>,
    /// The newest sessions with attendance, newest first.
    pub sessions: Vec<SupportSession>,
    /// Orders with their conditions.
    pub orders: Vec<SupportOrder>,
    /// What was observed of them, the newest first.
    pub observations: Vec<SupportObservation>,
}

/// The participant's side, for the programme's side itself.
#[derive(Serialize, ToSchema)]
pub struct ProgrammeParticipantSide {
    /// Goals with their reviews, proposed ones too.
    pub goals: Vec<GoalView>,
    /// The newest sessions with attendance, newest first.
    pub sessions: Vec<ProgrammeSessionView>,
    /// Orders with their conditions.
    pub orders: Vec<OrderView>,
    /// What was observed of them, the newest first.
    pub observations: Vec<ObservationView>,
}

/// The participant's side, as the caller's side may read it.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
pub enum ParticipantSideView {
    /// For the survivor's side.
    Support(SupportParticipantSide),
    /// For the programme's side itself.
    Programme(ProgrammeParticipantSide),
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
    pub(in crate::cases) fn read(conn: &mut DbConn, access: Option<&ParticipantAccess>) -> Result<Self> {
        let Some(access) = access else { return Ok(Self::default()) };
        Ok(Self {
            goals: programme::list_goals(conn, access)?,
            sessions: programme::list_sessions(conn, access, None, ROWS)?,
            orders: orders::list_orders(conn, access)?,
            observations: programme::list_observations(conn, access, None, ITEMS)?,
            acted_urges: programme::list_acted_urges(conn, access, ROWS)?,
        })
    }

    /// The view of what was read; adds the ids of what does not open.
    pub(in crate::cases) fn view(
        &self,
        keys: &Keys,
        is_support: bool,
        unreadable: &mut Vec<Uuid>,
    ) -> Result<ParticipantSideView> {
        let programme = self.for_programme(keys, unreadable)?;
        Ok(match is_support {
            true => ParticipantSideView::Support(SupportParticipantSide {
                goals: programme.goals.into_iter().map(SupportGoal::from).collect(),
                sessions: programme.sessions.into_iter().map(SupportSession::from).collect(),
                orders: programme.orders.into_iter().map(SupportOrder::from).collect(),
                observations: programme.observations.into_iter().map(SupportObservation::from).collect(),
            }),
            false => ParticipantSideView::Programme(programme),
        })
    }

    fn for_programme(&self, keys: &Keys, unreadable: &mut Vec<Uuid>) -> Result<ProgrammeParticipantSide> {
        let items = usize::try_from(ITEMS).unwrap_or(0);
        let goals = self.goals.iter().map(|row| (row.goal.id.0, GoalView::of(keys, row)));
        let sessions = self.sessions.iter().take(items).map(|row| (row.id.0, ProgrammeSessionView::of(keys, row)));
        let orders = self.orders.iter().map(|row| (row.order.id.0, OrderView::of(keys, row)));
        let observations = self.observations.iter().take(items);
        let observations = observations.map(|row| (row.id.0, ObservationView::of(keys, row)));
        Ok(ProgrammeParticipantSide {
            goals: opened(goals, unreadable)?,
            sessions: opened(sessions, unreadable)?,
            orders: opened(orders, unreadable)?,
            observations: opened(observations, unreadable)?,
        })
    }
}
