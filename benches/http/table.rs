//! Figures and how they are printed: a plain table, the same on every machine.

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

use crate::Outcome;

/// Syncs of which the median is told.
const SYNCS: usize = 101;

/// Latencies of one measurement.
pub struct Figures {
    sorted: Vec<Duration>,
    took: Duration,
}

impl Figures {
    /// Takes the latencies that were measured within `took`.
    pub fn of(mut latencies: Vec<Duration>, took: Duration) -> Self {
        latencies.sort_unstable();
        Self { sorted: latencies, took }
    }

    /// How many.
    pub fn count(&self) -> usize {
        self.sorted.len()
    }

    /// How many a second.
    pub fn per_second(&self) -> f64 {
        self.sorted.len() as f64 / self.took.as_secs_f64()
    }

    /// The latency in milliseconds below which this share of all lies.
    pub fn milliseconds(&self, share: f64) -> f64 {
        let last = self.sorted.len().saturating_sub(1);
        let at = (last as f64 * share).round() as usize;
        self.sorted.get(at).map_or(f64::NAN, |latency| latency.as_secs_f64() * 1_000.0)
    }
}

/// Says what this was measured on.
pub fn machine(folder: &Path) -> Outcome<()> {
    let cores = std::thread::available_parallelism()?;
    let mut file = File::create(folder.join("sync"))?;
    let mut syncs = Vec::with_capacity(SYNCS);
    for _ in 0..SYNCS {
        file.write_all(&[0; 4_096])?;
        let begun = Instant::now();
        file.sync_data()?;
        syncs.push(begun.elapsed());
    }
    let sync = Figures::of(syncs, Duration::from_secs(1)).milliseconds(0.5);
    println!("{cores} cores for server, database and clients together; one sync of 4 KiB: {sync:.3} ms (median)");
    Ok(())
}

/// Begins a part of the table.
pub fn heading(title: &str) {
    println!("\n{title}");
    println!("  {:<40} {:>9} {:>9} {:>9} {:>9}", "", "per s", "p50 ms", "p99 ms", "max ms");
}

/// One line of it.
pub fn row(name: &str, figures: &Figures) {
    println!("  {name:<40} {:>9.0} {}", figures.per_second(), spread(figures));
}

/// One line without a rate, for what is done one after the other.
pub fn latencies(name: &str, figures: &Figures) {
    println!("  {name:<40} {:>9} {}", "", spread(figures));
}

fn spread(figures: &Figures) -> String {
    let [half, most, worst] = [0.5, 0.99, 1.0].map(|share| figures.milliseconds(share));
    format!("{half:>9.2} {most:>9.2} {worst:>9.2}")
}

/// How the server compares with commits alone.
pub fn ratios(served: f64, raw: &[(&'static str, Figures)]) {
    for (name, figures) in raw {
        println!("  HTTP at 64 clients / {name:<38} {:>6.2}", served / figures.per_second());
    }
}
