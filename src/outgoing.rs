//! What leaves the machine: the one client for HTTP, the one for mail, and the guard that says where either may connect.
//!
//! Used by the deliverers of webhooks and notifications; knows no feature. Nothing here logs an address or a body.

pub mod guard;
pub mod outbound;
pub mod smtp;
