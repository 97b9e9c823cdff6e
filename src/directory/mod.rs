//! Reference data that anybody may read: behaviours, police forces, help lines.
//!
//! Each list is a CSV file in this folder, embedded in the binary and read once. A broken file fails a unit test here
//! and never a running service. Nobody signs in, nothing is written, and nothing in it is about a person.

mod behaviours;
mod forces;
mod lists;
pub mod routes;
mod services;

pub use behaviours::{Behaviour, behaviour, behaviours};
pub use forces::{Force, force, forces, is_force};
pub use services::{Hours, SupportService, SupportServiceView, support_services};
