//! Checking in: each request with a fresh key, each answer a 201 that is durable.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use crate::Outcome;
use crate::client::{Ask, Client};
use crate::table::Figures;

/// Not measured: connections are opened, caches and statements warmed.
const WARMING: Duration = Duration::from_millis(500);
const BODY: &str = r#"{"status":"safe","feeling_safe":3,"recorded_at":"2026-01-01T12:00:00Z"}"#;

/// No key is used twice, in whatever part of the run.
static KEYS: AtomicUsize = AtomicUsize::new(0);

/// What goes on beside a measurement.
pub enum Load {
    /// Nothing.
    None,
    /// So many clients that check in.
    Clients(usize),
}

/// Has `clients` check in for a moment.
pub async fn warm(address: &str, survivors: &[String], clients: usize) -> Outcome<()> {
    let until = Instant::now() + WARMING;
    run(address, survivors, clients, || Instant::now() < until).await.map(drop)
}

/// Has `clients` check in for a while.
pub async fn measure(address: &str, survivors: &[String], clients: usize, seconds: Duration) -> Outcome<Figures> {
    let begun = Instant::now();
    let until = begun + seconds;
    let latencies = run(address, survivors, clients, || Instant::now() < until).await?;
    Ok(Figures::of(latencies, begun.elapsed()))
}

/// Has `clients` check in until told to stop.
pub async fn until_stopped(address: &str, survivors: &[String], clients: usize, stop: &AtomicBool) -> Outcome<()> {
    run(address, survivors, clients, || !stop.load(Ordering::Relaxed)).await.map(drop)
}

async fn run(
    address: &str,
    survivors: &[String],
    clients: usize,
    goes_on: impl Fn() -> bool,
) -> Outcome<Vec<Duration>> {
    let goes_on = &goes_on;
    let each = (0..clients).map(|at| one(address, survivors.iter().cycle().skip(at).step_by(clients), goes_on));
    Ok(futures_util::future::try_join_all(each).await?.into_iter().flatten().collect())
}

async fn one<'s>(
    address: &str,
    survivors: impl Iterator<Item = &'s String>,
    goes_on: &impl Fn() -> bool,
) -> Outcome<Vec<Duration>> {
    let mut client = Client::connect(address).await?;
    let mut latencies = Vec::new();
    for token in survivors {
        if !goes_on() {
            break;
        }
        let key = format!("bench-{}", KEYS.fetch_add(1, Ordering::Relaxed));
        let begun = Instant::now();
        let ask = Ask { method: "POST", path: "/app/v1/check-ins", token, key: &key, body: BODY };
        let (status, answer) = client.send(&ask).await?;
        if status != 201 {
            return Err(format!("a check-in: {status}: {}", String::from_utf8_lossy(answer)).into());
        }
        latencies.push(begun.elapsed());
    }
    Ok(latencies)
}
