//! Black-box tests over HTTP, on both databases: `harness` starts the server, one folder for each room of
//! `src`, `journeys` across, `house` for the rules of the source itself.
#![cfg(test)]

mod access;
mod audit;
mod cases;
mod checkins;
mod cli;
mod consent;
mod contact;
mod crypto;
mod db;
mod directory;
mod escalation;
mod evidence;
mod faults;
mod harness;
mod house;
mod http;
mod identity;
mod incidents;
mod journeys;
mod notify;
mod orders;
mod portal;
mod programme;
mod reporting;
mod routes;
mod safety;
mod webhooks;
mod words;
mod writing;
