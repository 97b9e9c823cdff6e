//! Black-box tests over HTTP, on both databases: `harness` starts the server, one file a feature, `journeys` across.
#![cfg(test)]

mod architecture;
mod audit;
mod contract;
mod every_endpoint;
mod harness;
mod idempotency;
mod journeys;
mod migrations;
mod webhooks;
