//! What keeps a survivor safer between the alerts: messages, household, safety plan, assessments of risk.
//!
//! Used by the survivor's app (messages, household, plan) and by the staff of their side (all of it). States: a message
//! is sent, then read; a plan's version is agreed once both have agreed to it; a review is due on its day, and then
//! a task. The guarantees: every read needs a [`SurvivorAccess`](crate::access::SurvivorAccess), so neither the
//! programme's side nor the police read anything here (a message to police says at most that a child is at risk); plans, assessments and versions of the household are added to and
//! never overwritten; an assessment raises the survivor's rating in its own transaction and lowers it only with a
//! person's reason (see `identity/survivors/risk.rs`); what is written under duress is kept, marked, and replaces nothing.

mod author;
mod household;
mod marac;
mod messages;
mod plan;
mod reported;
mod reviews;
mod risk;
pub mod routes;
mod score;
mod store;
mod tools;

pub use author::AuthorKind;
pub use household::{
    HouseholdMemberView, StaffHouseholdMemberView, children, has_child_at_risk, list as list_household,
};
pub use messages::{
    CreateMessageBody, SentMessageView, StaffMessageView, list as list_messages, notify_of_unread,
    read as read_messages, send as send_message,
};
pub use plan::{SafetyPlanView, read as read_plan};
pub use reported::{REPORTED_OF_POLICE, ReportedPersonView, list_reported};
pub use reviews::{next_due, remind};
pub use risk::{AssessmentView, list as list_assessments};
