//! All SQL of safety, by thing. What a person reads takes the proof that they may.

mod household;
mod messages;
mod plans;
mod reviews;
mod risk;

pub use household::{find_member, insert_member, list_at_risk, list_household, list_member_versions, supersede_member};
pub use messages::{
    find_message, has_unread, insert_message, list_messages, list_own_messages, list_unread, set_messages_read,
};
pub use plans::{
    count_duress_plans, find_duress_plan, find_plan, insert_agreement, insert_plan, list_agreements, list_plan_versions,
};
pub use reviews::{claim_review, find_review, list_due_reviews, next_review, put_review};
pub use risk::{
    find_assessment, find_tool, insert_assessment, insert_decision, insert_tool, list_assessments, list_decisions,
    list_tools,
};
