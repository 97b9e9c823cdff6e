//! Who did what to whom, and why: append-only, hash-chained, provably unaltered.
//!
//! Every transaction leaves at least one entry, written as its last step. One chain head would serialise every
//! instance, so there are lanes; a transaction takes any that is free (SQLite, with its one writer, needs one). Within
//! a lane the sequence has no gaps and each hash covers the entry and the hash before it. Entries hold codes and
//! ids, and the words in which somebody stated why, sealed under the key of whom they are about: erasure takes the words, and
//! the hash covers their ciphertext. Of the records that were written they hold digests ([`records`]).
//!
//! Every minute a signed checkpoint says how far the lanes have come. It is kept in the database, in a log on disk (`log`)
//! and, through the watchdog, by each police force. `holdfast audit verify` reads all lanes, holds them against the
//! checkpoints and the records against the entries, and names the first bad entry.
//!
//! What staff or a police system was refused leaves an entry as well ([`refusals`](crate::http::refusals)).

mod anchor;
mod bound;
mod chain;
mod checkpoint;
mod faults;
mod log;
mod points;
pub mod records;
mod store;
mod verify;
mod witness;

pub use chain::record;
pub use checkpoint::{Checkpoint, CheckpointSummary, look_at_checkpoints, take_checkpoint};
pub use faults::{Broken, Fault};
pub use log::{CHECKPOINTS, CheckpointLog, complete_log};
pub use store::{ActsShown, EntryFilter, Traced, VisibleAct, list_about, list_traced};
pub use verify::{Verified, verify, verify_chain, verify_with};
pub use witness::{Witnessed, Witnesses};
