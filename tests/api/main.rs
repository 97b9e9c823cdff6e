//! Black-box tests over HTTP, on both databases: `harness` starts the server, one file a feature, `journeys` across.
#![cfg(test)]

mod alerts;
mod architecture;
mod audit;
mod blocks;
mod bridge;
mod case_view;
mod cases;
mod check_ins;
mod consent;
mod contact;
mod contract;
mod duress;
mod every_endpoint;
#[path = "../faults/mod.rs"]
mod faults;
mod harness;
mod idempotency;
mod identity;
mod in_session;
mod incidents;
mod input;
mod journeys;
mod ladders;
mod lists;
mod mail;
mod migrations;
mod notify;
mod own;
mod police_delivery;
mod receivers;
mod reports;
mod rota;
mod schedules;
mod sessions_and_goals;
mod start;
mod sync;
mod timers;
mod watchdog;
mod webhooks;
