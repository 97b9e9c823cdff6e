//! How people may be reached: safe-contact plans, the phones' push addresses, trusted contacts, staff's own contacts.
//!
//! Used by escalation (ladder steps), by check-ins (reminders) and by staff. A plan is made by the survivor's advocate,
//! versioned, and always visible to the survivor; what they say of it in a check-in narrows it. The guarantee: nothing is queued that consent and plan do not allow
//! at that moment, and both are asked again before every attempt ([`RULES`]), so that a withdrawal or a changed plan
//! bites at once; what leaves is one of the neutral templates of `notify` and nothing else. Push comes first, then
//! text message, then e-mail.

mod answers;
mod model;
mod phones;
pub mod plan;
mod push;
mod reach;
pub mod routes;
mod rules;
mod safe;
mod staff;
mod store;
mod trusted;
mod ways;

pub use answers::{ContactAnswer, hear};
pub use phones::{RevokeDeviceBody, RevokeReason, RevokedDeviceView, revoke_for};
pub use reach::{ContactOutcome, enqueue_by_plan, enqueue_survivor};
pub use rules::RULES;
pub use safe::{CallNow, ChannelNowView, StaffSafeContactView, call_now, find as find_safe_contact, safe_contact};
pub use staff::{QUIET, Waiting, forget_staff, notify_on, notify_staff, notify_staff_that};
pub use trusted::notify_trusted;
pub use ways::{StaffWays, staff_ways};
