//! How soon a server is ready on a database that exists, and what it holds in memory with nothing to do.

use std::thread::sleep;
use std::time::Duration;

use crate::Outcome;
use crate::server::{Place, Server};
use crate::table::{self, Figures};

/// What the first passes of the worker touch is part of being idle.
const SETTLING: Duration = Duration::from_secs(2);

/// Starts the server several times over.
pub fn measure(name: &str, place: &Place, starts: usize) -> Outcome<()> {
    let mut ready = Vec::with_capacity(starts);
    for _ in 0..starts {
        ready.push(Server::start(place)?.ready_after());
    }
    table::latencies(&format!("start to ready: {name}"), &Figures::of(ready, Duration::from_secs(1)));
    let server = Server::start(place)?;
    sleep(SETTLING);
    println!("  resident when idle: {name}: {}", server.memory()?);
    Ok(())
}
