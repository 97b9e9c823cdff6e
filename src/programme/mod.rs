//! The participant's side: participants, their orders, goals and sessions.
//!
//! Practitioners keep the records of the participants whom they are assigned to, supervisors read those of their
//! organisation, and officers of a participant's home force may record orders. A goal is `proposed`; a session goes
//! `planned → attended | not_attended`; an order never changes, and its conditions are live by date. Every read and
//! write takes a proof from `access`, and every name, narrative, court and reference is sealed under the participant.
//! Nothing here knows of survivors: what a survivor may see of an order is [`PlainOrder`].

mod concerns;
mod day;
mod figures;
mod goals;
mod model;
mod orders;
mod participants;
mod reviews;
pub mod routes;
mod sessions;
mod store;

pub use day::Day;
pub use figures::{ParticipantFigure, course_figures, participant_figures, session_figures};
pub use goals::{CreateGoalBody, GoalView, Levels};
pub use model::{
    Attendance, ConditionKind, ConditionRow, GoalRow, GoalState, GoalWithReviews, OrderRow, OrderWithConditions,
    ParticipantRow, ReviewRow, SessionRow, SessionState,
};
pub use orders::{
    ConditionView, CreateOrderBody, LiveCondition, OrderView, PlainOrder, PoliceReference, find_live_condition,
    order_conditions_in_plain_words, police_references,
};
pub use participants::{CreateParticipantBody, ParticipantView};
pub use reviews::{CreateGoalReviewBody, GoalReviewView};
pub use sessions::{AttendanceBody, CreateProgrammeSessionBody, ProgrammeSessionView};
pub use store::{
    find_participant, find_participant_by_reference, list_goals, list_goals_page, list_orders, list_orders_page,
    list_reviews, list_sessions,
};
