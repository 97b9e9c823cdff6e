//! Black-box tests over HTTP, on both databases: `harness` starts the server, one file a feature, `journeys` across.
#![cfg(test)]

mod harness;
mod journeys;
