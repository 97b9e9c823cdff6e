//! Reference data that anybody may read: behaviours, police forces, help lines, kinds of orders.
//!
//! Each list is CSV files in this folder, embedded in the binary and read once; every line says where it comes from and
//! when that was checked. A broken file fails a unit test here
//! and never a running service. Nobody signs in, nothing is written, and nothing in it is about a person.

mod bank_holidays;
mod behaviours;
mod forces;
mod hours;
mod lists;
mod orders;
pub mod routes;
mod services;

pub use bank_holidays::next_working_day;
pub use behaviours::{Behaviour, behaviour, behaviours};
pub use forces::{Force, ForceId, force, forces, is_force};
pub use orders::{ConditionKind, OrderKind, condition_code, condition_in_words};
pub use services::{SupportServiceView, support_services};
