//! A scrape of the figures, one after the other, while others check in.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crate::Outcome;
use crate::check_ins;
use crate::client::{Ask, Client};
use crate::partnership::Partnership;
use crate::server::Server;
use crate::table::{self, Figures};

/// Scrapes so often, while so many clients check in.
pub async fn measure(server: &Server<'_>, partnership: &Partnership, scrapes: usize, clients: usize) -> Outcome<()> {
    let stop = AtomicBool::new(false);
    let scraping = async {
        let latencies = scrape_all(server.metrics(), scrapes).await;
        stop.store(true, Ordering::Relaxed);
        latencies
    };
    let load = check_ins::until_stopped(server.address(), &partnership.survivors, clients, &stop);
    let (latencies, loaded) = futures_util::future::join(scraping, load).await;
    loaded?;
    table::latencies(&format!("while {clients} check in"), &Figures::of(latencies?, Duration::from_secs(1)));
    Ok(())
}

async fn scrape_all(address: &str, scrapes: usize) -> Outcome<Vec<Duration>> {
    let mut client = Client::connect(address).await?;
    let mut latencies = Vec::with_capacity(scrapes);
    for _ in 0..scrapes {
        let begun = Instant::now();
        let (status, _) = client.send(&Ask { method: "GET", path: "/metrics", token: "", key: "", body: "" }).await?;
        if status != 200 {
            return Err(format!("a scrape: {status}").into());
        }
        latencies.push(begun.elapsed());
    }
    Ok(latencies)
}
