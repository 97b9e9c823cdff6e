//! What holds at every address, and the contract.

pub mod contract;
pub mod contract_document;
mod every_endpoint;
mod health;
mod metrics;
mod sync;
