//! The participant's side: participants, their orders, goals and sessions.
//!
//! Practitioners keep the records of the participants whom they are assigned to, supervisors read those of their
//! organisation, and officers of a participant's home force may record orders. A goal is `proposed → agreed → reviewed →
//! achieved | discontinued | revised`; a session goes `planned → attended | not_attended → feedback_given`, or is
//! `superseded`; each has one table. An order never changes, and its conditions are live by date. Every read and
//! write takes a proof from `access`, and every name, narrative, court and reference is sealed under the participant.
//! Nothing here knows of survivors: what a survivor may see of an order is [`PlainOrder`].

mod concerns;
mod day;
mod figures;
mod goals;
mod model;
mod orders;
mod participants;
mod record;
mod reviews;
pub mod routes;
mod sessions;
mod store;

pub use day::Day;
pub use figures::{
    AttainmentFigure, ParticipantFigure, attainment_figures, course_figures, participant_figures, session_figures,
};
pub use goals::{
    Attainment, CreateGoalBody, GoalRow, GoalState, GoalView, GoalWithReviews, Levels, MeasuredBy, ReviewRow,
    WordingState, attainment, attainments, list_goals, list_goals_page, list_reviews,
};
pub use model::{ConditionKind, ConditionRow, OrderRow, OrderWithConditions, ParticipantRow};
pub use orders::{
    ConditionView, CreateOrderBody, LiveCondition, OrderView, PlainOrder, PoliceReference, find_live_condition,
    order_conditions_in_plain_words, police_references,
};
pub use participants::{CreateParticipantBody, ParticipantView};
pub use record::{
    DiaryRatingView, DiaryRow, FormulationRow, FormulationView, ObservationRow, ObservationView, OwnRiskRating,
    OwnRiskRow, Typology, find_formulation, find_own_risk, list_acted_urges, list_diary_ratings, list_observations,
};
pub use reviews::{CreateGoalReviewBody, GoalReviewView};
pub use sessions::{
    Attendance, AttendanceBody, CreateProgrammeSessionBody, ProgrammeSessionView, SessionRow, SessionState,
    list_sessions,
};
pub use store::{find_participant, find_participant_by_reference, list_orders, list_orders_page};
