//! Who did what to whom, and why: append-only, hash-chained, provably unaltered.
//!
//! Every transaction leaves at least one entry, written as its last step. One chain head would serialise every
//! instance, so there are lanes; a transaction takes any that is free (SQLite, with its one writer, needs one). Within
//! a lane the sequence has no gaps and each hash covers the entry and the hash before it. `holdfast audit verify` reads
//! all lanes, holds them against the checkpoints taken every minute, and names the first bad entry. Entries hold codes
//! and ids only, so erasure never touches them.

mod chain;
mod checkpoint;
mod store;
mod verify;

pub use chain::record;
pub use checkpoint::{CHECKPOINTS, Checkpoint, append_checkpoint, is_checkpoint_due, take_checkpoint};
pub use store::{Filter, Seen, Traced, list_about, list_traced};
pub use verify::{Log, Verified, Witnessed, read_log, verify, verify_log, verify_with};
