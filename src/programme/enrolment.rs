//! Programmes as data, and the participants in them.
//!
//! A suitable referral is enrolled in a programme; its sessions are planned with it, at a weekly local time. An enrolment
//! goes `active → completed → concluded`, is held and resumed, or `withdrawn` with a reason; the one table is in `machine`.
//! It is completed once attendance is recorded for every session, and concluded once a supervisor has approved the
//! end-of-programme report (`draft → submitted → approved`). Neither attendance nor a score ever lowers a survivor's risk.

mod act;
mod catalogue;
mod enrol;
mod figures;
mod machine;
mod model;
mod plan;
mod report;
pub mod routes;
mod store;

pub use figures::{EnrolmentFigure, list_enrolment_figures, list_holds};
pub use model::{EnrolmentRow, EnrolmentState, EnrolmentView, ReportState};
pub use store::list_enrolments;
