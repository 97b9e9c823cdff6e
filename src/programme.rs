//! The programme itself: referrals, enrolments, goals, sessions and the record of the work.
//!
//! Practitioners keep the records of the participants whom they are assigned to, supervisors read those of their
//! organisation and approve, and officers of a participant's home force may refer. A referral, an enrolment and its report,
//! a goal and its wording, and a session each have one table of transitions, and their history is kept. Every read and
//! write takes a proof from `access`, and every name and narrative is sealed under the participant. Nothing here knows of
//! survivors.

mod enrolment;
mod figures;
mod for_support;
mod goals;
mod record;
mod referrals;
mod reminders;
pub mod routes;
mod sessions;
mod subject_access;

pub use enrolment::{
    EndReportBody, EndReportTransitionBody, EndReportView, EnrolmentFigure, EnrolmentRow, EnrolmentState,
    EnrolmentView, ReportEvent, ReportFigures, ReportRow, ReportState, act_on_report, create_report,
    list_enrolment_figures, list_enrolments, read_enrolment, read_report, replace_report, report_actions,
};
pub use figures::{
    AttainmentFigure, ParticipantFigure, attainment_figures, course_figures, participant_figures, session_figures,
};
pub use for_support::{SupportGoal, SupportObservation, SupportOrder, SupportSession};
pub use goals::act::{
    CreateGoalTransitionBody, GoalStep, actions_of as goal_actions, step as step_goal,
    wording_actions_of as wording_actions,
};
pub use goals::reviews::{CreateGoalReviewBody, GoalReviewView, record as record_review};
pub use goals::wording::{
    CreateGoalWordingBody, CreateGoalWordingDecisionBody, decide as decide_wording, propose as propose_wording,
};
pub use goals::{
    Attainment, CreateGoalBody, GoalReviewRow, GoalRow, GoalState, GoalView, GoalWithReviews, Levels, MeasuredBy,
    WordingState, attainment, list_goals, list_goals_page, list_reviews, propose as propose_goal,
};
pub use record::diary::{CreateDiaryRatingBody, enter as enter_diary_rating};
pub use record::observations::{CreateObservationBody, record as record_observation};
pub use record::own_risk::{CreateOwnRiskBody, OwnRiskView, rate as rate_own_risk};
pub use record::{
    DiaryRatingView, DiaryRow, FormulationRow, FormulationView, ObservationRow, ObservationView, OwnRiskRating,
    OwnRiskRow, Typology, find_formulation, find_own_risk, list_acted_urges, list_diary_ratings, list_observations,
};
pub use referrals::{
    ReferralBasis, ReferralFigure, ReferralRow, ReferralSource, ReferralState, ReferralView, list_referral_figures,
    list_referrals,
};
pub use reminders::{next_due, remind};
pub use sessions::feedback::{
    CreateSessionFeedbackBody, SessionFeedbackView, give as give_feedback, list as list_feedback,
};
pub use sessions::reschedule::{RescheduleBody, reschedule as reschedule_session};
pub use sessions::{
    Attendance, AttendanceBody, CreateProgrammeSessionBody, FeedbackRow, Homework, ProgrammeSessionView, SessionRow,
    SessionState, actions_of as session_actions, list_missed_sessions, list_sessions, plan as plan_session,
    read as read_session, record_attendance,
};
