//! Holdfast: the backend by which a survivor's own reports reach the people working with the perpetrator, and danger
//! reaches the police.
//!
//! Three doors: a request (`routes`), the clock (`worker`), an operator (`cli`). Folders are the domain's nouns, files
//! its verbs.

pub mod access;
pub mod app;
pub mod audit;
pub mod clock;
pub mod config;
pub mod consent;
pub mod crypto;
pub mod db;
pub mod error;
pub mod facts;
pub mod http;
pub mod identity;
pub mod tx;
