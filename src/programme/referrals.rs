//! Referrals to the programme: from the police, probation, a court, a partner or the person themselves, to an enrolment.
//!
//! `draft → submitted → awaiting_assessment → assessment_started → suitable | suitable_not_ready | not_suitable |
//! not_eligible`, then `enrolled`; `on_hold` goes back to where it was held from; `withdrawn` has a reason. The one table
//! is in `machine`. A practitioner is to be assigned within 14 days of submission; a supervisor is notified of a referral
//! that waits longer. Every transition is kept. The police may refer somebody whom no record names yet (`receive`).

mod act;
mod create;
mod figures;
mod machine;
mod model;
pub(super) mod overdue;
mod receive;
pub mod routes;
mod store;

pub(super) use act::{enrol, referral_for};
pub use figures::{ReferralFigure, list_referral_figures};
pub use model::{ReferralBasis, ReferralRow, ReferralSource, ReferralState, ReferralView};
pub use store::list_referrals;
