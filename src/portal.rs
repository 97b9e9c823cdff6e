//! The partner portal: staff of either side receive alerts as they change, and other news (server-sent events); and they meet
//! Holdfast in a browser ([`pages`]).
//!
//! A stream is `open → ended`: by the reader, by their session's end or their access token's, by a newer stream of theirs
//! where there are too many, or because the server stops. The guarantee: anyone who comes back with the id of the last event
//! that they saw is given every one after it, in order and once each; and each is asked for again, so a block, a withdrawn
//! consent or a role that was taken away bites on the next. The events name no survivor and hold nobody's words: what an
//! alert is about is read through [`crate::escalation`]'s own doors.
//!
//! A page asks the use cases that the API's handlers ask, with the same extractors as proofs: it has no query, no rule and no
//! permission of its own. It works without JavaScript; where that is on, the same stream keeps the worklist fresh, and says
//! where an alert has changed.

mod events;
mod news;
mod open_streams;
pub mod pages;
pub mod routes;

pub use news::{forget, record_news};
pub use open_streams::OpenStreams;
