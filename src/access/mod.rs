//! The proof that a read is allowed: assignments, links and blocks → [`SurvivorAccess`], [`ParticipantAccess`],
//! [`CaseAccess`].
//!
//! Only this folder can make those proofs, and every function that reads case data takes one. A proof is made for a
//! caller and a record in one transaction: role, organisation, assignment, block and, across the bridge, consent are
//! checked, and the audit entry says what the act was about. What is not the caller's is [`NotFound`]: unknown,
//! another tenant's and blocked look the same.
//!
//! `actions.rs` holds what every state machine shares: transitions as a table, and what of it is open to a caller.
//!
//! [`NotFound`]: crate::error::Error::NotFound

mod actions;
mod links;
mod model;
mod proof;
pub mod routes;
mod store;
mod survivors;

pub use actions::{ActionView, ActionsView, Mover, Transition, actions, movers, nothing, take};
pub use links::{
    LinkedOrders, active_case_of, active_cases_with, case_ids_of, insert_case, linked_orders, linked_participants,
    list_cases, propose_allowed, record_approval,
};
pub use model::{CaseRow, CaseState, Side};
pub use proof::{
    CaseAccess, ParticipantAccess, SurvivorAccess, assign, assigned_participants, assigned_staff, blocked_survivors,
    case, is_blocked, own, participant, participant_for_police, survivor, visible_survivors,
};
