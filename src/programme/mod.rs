//! The participant's side: participants, referrals, their orders, enrolments, goals and sessions.
//!
//! Practitioners keep the records of the participants whom they are assigned to, supervisors read those of their
//! organisation and approve, and officers of a participant's home force may record orders and refer. A referral, an order,
//! an enrolment and its report, a goal and its wording, and a session each have one table of transitions, and their history
//! is kept. What an order says never changes, and its conditions are live by date. Every read and write takes a proof from
//! `access`, and every name, narrative, court and reference is sealed under the participant. Nothing here knows of
//! survivors: what a survivor may see of an order is [`PlainOrder`].

mod concerns;
mod day;
mod enrolment;
mod figures;
mod for_support;
mod goals;
mod history;
mod model;
mod orders;
mod participants;
mod record;
mod referrals;
mod reminders;
mod reviews;
pub mod routes;
mod sessions;
mod store;
mod subject_access;
mod tasks;

pub use concerns::{ConcernKind, ToldConcernView, list_concerns_since};
pub use day::{Day, court_day};
pub use enrolment::{
    EnrolmentFigure, EnrolmentRow, EnrolmentState, EnrolmentView, ReportState, list_enrolment_figures, list_enrolments,
};
pub use figures::{
    AttainmentFigure, ParticipantFigure, attainment_figures, course_figures, participant_figures, session_figures,
};
pub use for_support::{SupportGoal, SupportObservation, SupportOrder, SupportSession};
pub use goals::{
    Attainment, CreateGoalBody, GoalRow, GoalState, GoalView, GoalWithReviews, Levels, MeasuredBy, ReviewRow,
    WordingState, attainment, list_goals, list_goals_page, list_reviews,
};
pub use history::TransitionView;
pub use model::{ConcernRow, ConditionRow, OrderRow, OrderWithConditions, ParticipantRow};
pub use orders::{
    ConditionView, CreateOrderBody, LiveCondition, OrderBasis, OrderEnd, OrderState, OrderView, PlainOrder,
    PoliceReference, ProtectingOrder, find_live_condition, has_police_reference, list_protecting_orders,
    police_references,
};
pub use participants::{
    CreateParticipantBody, IdentifierKind, ParticipantView, PoliceIdentity, identity_for_police, participant_name,
    participant_references,
};
pub use record::{
    DiaryRatingView, DiaryRow, FormulationRow, FormulationView, ObservationRow, ObservationView, OwnRiskRating,
    OwnRiskRow, Typology, find_formulation, find_own_risk, list_acted_urges, list_diary_ratings, list_observations,
};
pub use referrals::{
    ReferralBasis, ReferralFigure, ReferralRow, ReferralSource, ReferralState, ReferralView, list_referral_figures,
    list_referrals,
};
pub use reminders::{next_due, remind};
pub use reviews::{CreateGoalReviewBody, GoalReviewView};
pub use sessions::{
    Attendance, AttendanceBody, CreateProgrammeSessionBody, ProgrammeSessionView, SessionRow, SessionState,
    list_missed_sessions, list_sessions,
};
pub use store::{find_participant_by_reference, list_orders, list_orders_page};
