//! What is sealed, and keys that are away.

mod keys_away;
mod keys_hang;
mod unreadable;
