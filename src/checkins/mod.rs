//! Schedules and check-ins: the survivor answers, or silence becomes a signal.
//!
//! An advocate makes a schedule (local times in a zone, an opening window, grace). Only the next slot of a schedule
//! exists as a row; answering or missing it makes the one after. What is due is found through one partial index on
//! `act_at`. A check-in is `scheduled → open → due → late`, then answered (`safe`, `concern`, `help_now`) or `missed`;
//! one pure function gives that state from the row and the time, for reads and the sweep alike. A late answer is kept
//! and closes nothing. "Safe" counts only from a session unlocked by PIN.

mod answer;
mod model;
mod overdue;
pub mod routes;
mod schedule;
mod slots;
mod store;

pub use model::{Answer, CheckIn, CheckInView, EffectiveState, effective_state};
pub use overdue::{next_due, overdue};
pub use store::{CheckInCounts, count_since, find_location, list_for};
