//! Alerts themselves: rows, history, reading and following them, and what people do with one.
//!
//! Staff of the support side act; the programme and the survivor read what is theirs to read, each as a type of its own
//! (`read.rs`). History is append-only, and each sentence that people read about an alert is made from it
//! (`sentences.rs`).

pub(super) mod act;
pub(super) mod alert_access;
pub(super) mod answers;
pub(super) mod changes;
pub(super) mod danger_word;
pub(super) mod decoy;
pub(super) mod exercise;
pub(super) mod figures;
pub(super) mod history;
pub(super) mod model;
pub(super) mod opening;
pub(super) mod person;
pub(super) mod plain_words;
pub(super) mod raise_level;
pub(super) mod read;
pub(super) mod reopen;
pub(super) mod sentences;
pub(super) mod store;
pub(super) mod summaries;
pub(super) mod truth;
