//! What holds for requests of every kind.

mod idempotency;
pub mod input;
mod lists;
mod round_trips;
