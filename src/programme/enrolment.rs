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

pub use act::enrolment_for as read_enrolment;
pub use figures::{EnrolmentFigure, ReportFigures, list_enrolment_figures, list_holds};
pub use machine::ReportEvent;
pub use model::{EnrolmentRow, EnrolmentState, EnrolmentView, ReportRow, ReportState};
pub use report::{
    EndReportBody, EndReportTransitionBody, EndReportView, act as act_on_report, actions as report_actions,
    create as create_report, read as read_report, replace as replace_report,
};
pub use store::list_enrolments;
