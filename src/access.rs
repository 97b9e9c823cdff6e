//! The proof that a read is allowed: assignments, links and blocks → [`SurvivorAccess`], [`ParticipantAccess`],
//! [`CaseAccess`].
//!
//! Only this folder can make those proofs, and every function that reads case data takes one. A proof is made for a
//! caller and a record in one transaction: role, organisation, assignment, block and, across the bridge, consent are
//! checked, and the audit entry says what the act was about. What is not the caller's is [`NotFound`]: unknown,
//! another tenant's and blocked look the same.
//!
//! What follows from an event or an alert is read by no caller: it goes by [`SystemAccess`], which a test lets few places make.
//!
//! Links are made, approved, refused and ended here too, since every proof across the bridge hangs on one: the table of
//! their states is in `case_states.rs`.
//!
//! [`NotFound`]: crate::error::Error::NotFound

mod blocks;
mod case_states;
mod closing;
mod colleagues;
mod consents;
mod figures;
mod glass;
mod links;
mod model;
mod proof;
pub mod routes;
mod store;
mod survivors;
mod telling;

pub use closing::{RecordChange, RecordChangeKind, RecordChangeView, change_record, hand_over, record_is_open};
pub use consents::list as list_consents;
pub use figures::link_figures;
pub use glass::{BreakGlassView, GlassReading, GlassRow, break_glass, has_broken_glass, list as list_openings, reader};
pub use links::{
    Ended, LinkedOrders, active_case_of, active_cases_for, approve_case, case_actions, cases_with, end_case,
    find_active_case, has_case_of_programme, insert_case, linked_orders, linked_orders_of, list_case_events,
    list_cases, propose_again, propose_allowed,
};
pub use model::CaseEvent;
pub use model::{CaseEventRow, CaseRow, CaseState, CasesQuery, Side};
pub use proof::{
    CaseAccess, ParticipantAccess, SurvivorAccess, SystemAccess, assign, assigned_or_supervisors,
    assigned_participants, assigned_staff, blocked_survivors, case, colleague, is_blocked, own, participant,
    participant_for_police, reachable, survivor, survivor_of_open_task, visible_survivors, with_role, without_staff,
};
pub use store::{active_cases_of, find_case_by_reference, list_blocked, survivors_who_block};
pub use survivors::{check_code_word, expect_code_word, hear_code_word, list as list_survivors, read as read_survivor};
pub use telling::tells_nobody;
