//! Black-box tests over HTTP, on both databases: `harness` starts the server, one file a feature, `journeys` across.
#![cfg(test)]

mod architecture;
mod contract;
mod harness;
mod journeys;
mod migrations;
