//! What one process counts of itself, and the text in which Prometheus reads it.
//!
//! Written by hand: the format is a line a figure, and no crate for it would be shorter than this file. Labels are words of ours
//! and templates of routes, never an identifier, so nothing in them needs escaping.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::{Display, Write as _};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// How many buckets durations fall into.
const BUCKETS: usize = 9;
/// Their upper bounds, in microseconds, and as the text has them, in seconds.
const BOUNDS: [(u64, &str); BUCKETS] = [
    (1_000, "0.001"),
    (5_000, "0.005"),
    (25_000, "0.025"),
    (100_000, "0.1"),
    (250_000, "0.25"),
    (500_000, "0.5"),
    (1_000_000, "1"),
    (5_000_000, "5"),
    (u64::MAX, "+Inf"),
];

/// How long something took, as a histogram.
#[derive(Clone, Debug, Default)]
pub struct Durations {
    /// How many took no longer than each bound.
    counts: [u64; BUCKETS],
    microseconds: u64,
}

impl Durations {
    /// Counts one.
    pub fn observe(&mut self, took: Duration) {
        let took = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        self.microseconds = self.microseconds.saturating_add(took);
        for (count, (bound, _)) in self.counts.iter_mut().zip(BOUNDS) {
            *count += u64::from(took <= bound);
        }
    }

    fn count(&self) -> u64 {
        self.counts.last().copied().unwrap_or_default()
    }
}

/// An attempt to send: to `police` or `people`, on which way, and what came of it.
pub type AttemptLabels = (&'static str, &'static str, &'static str);

/// What was counted since the start.
#[derive(Clone, Debug, Default)]
pub struct Counts {
    /// Answers, by operation and kind of status (`2xx`), and requests whose caller was gone before one (`gone`).
    pub requests: BTreeMap<(Cow<'static, str>, &'static str), Durations>,
    /// Attempts to send.
    pub attempts: BTreeMap<AttemptLabels, u64>,
    /// Waits for a connection or a turn to write, by `read` and `write`. A caller who had one at once is not among them.
    pub pool_waits: BTreeMap<&'static str, Durations>,
    /// Commits of the embedded database that were tried.
    pub commit_groups: u64,
    /// Transactions in them, those too that were refused.
    pub commit_group_jobs: u64,
    /// Those of the commits that failed.
    pub commit_groups_failed: u64,
    /// Data keys that were needed, not in memory, and asked of their store.
    pub keys_missed: u64,
}

/// What counts. Clones share it.
#[derive(Clone, Default)]
pub struct Meter(Arc<Mutex<Counts>>);

impl Meter {
    /// An answer: by which operation, with which status, after how long; or none, where the caller was gone before.
    pub fn request(&self, operation: Cow<'static, str>, status: Option<u16>, took: Duration) {
        let kind = status.map_or("gone", kind_of);
        self.lock().requests.entry((operation, kind)).or_default().observe(took);
    }

    /// An attempt to send that has ended.
    pub fn attempt(&self, labels: AttemptLabels) {
        *self.lock().attempts.entry(labels).or_default() += 1;
    }

    /// A wait for a connection or a turn to write.
    pub fn pool_wait(&self, pool: &'static str, took: Duration) {
        self.lock().pool_waits.entry(pool).or_default().observe(took);
    }

    /// A commit of the embedded database for `jobs` transactions.
    pub fn commit_group(&self, jobs: usize, is_committed: bool) {
        let mut counts = self.lock();
        counts.commit_groups += 1;
        counts.commit_group_jobs += u64::try_from(jobs).unwrap_or(u64::MAX);
        counts.commit_groups_failed += u64::from(!is_committed);
    }

    /// Data keys that had to be asked for.
    pub fn keys_missed(&self, keys: usize) {
        self.lock().keys_missed += u64::try_from(keys).unwrap_or(u64::MAX);
    }

    /// What was counted so far.
    #[must_use]
    pub fn counts(&self) -> Counts {
        self.lock().clone()
    }

    fn lock(&self) -> MutexGuard<'_, Counts> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn kind_of(status: u16) -> &'static str {
    match status {
        0..=199 => "1xx",
        200..=299 => "2xx",
        300..=399 => "3xx",
        400..=499 => "4xx",
        _ => "5xx",
    }
}

/// What a family of figures is.
#[derive(Clone, Copy)]
pub enum Figure {
    /// It goes up and down.
    Gauge,
    /// It only grows.
    Counter,
}

/// A text in the format of Prometheus, version 0.0.4.
#[derive(Default)]
pub struct MetricsText(String);

impl MetricsText {
    /// One figure without labels.
    pub fn one(&mut self, name: &str, kind: Figure, help: &str, value: impl Display) {
        self.family(name, kind, help, [(String::new(), value)]);
    }

    /// Figures that differ by their labels (see [`labels`]).
    pub fn family<V: Display>(
        &mut self,
        name: &str,
        kind: Figure,
        help: &str,
        figures: impl IntoIterator<Item = (String, V)>,
    ) {
        let kind = match kind {
            Figure::Gauge => "gauge",
            Figure::Counter => "counter",
        };
        self.head(name, kind, help);
        for (labels, value) in figures {
            let labels = if labels.is_empty() { labels } else { format!("{{{labels}}}") };
            self.line(format_args!("{name}{labels} {value}"));
        }
    }

    /// Histograms that differ by their labels, which each has.
    pub fn durations(&mut self, name: &str, help: &str, figures: impl IntoIterator<Item = (String, Durations)>) {
        self.head(name, "histogram", help);
        for (labels, durations) in figures {
            for (count, (_, bound)) in durations.counts.iter().zip(BOUNDS) {
                self.line(format_args!("{name}_bucket{{{labels},le=\"{bound}\"}} {count}"));
            }
            let sum = Duration::from_micros(durations.microseconds).as_secs_f64();
            self.line(format_args!("{name}_sum{{{labels}}} {sum}"));
            self.line(format_args!("{name}_count{{{labels}}} {}", durations.count()));
        }
    }

    /// The text.
    #[must_use]
    pub fn finish(self) -> String {
        self.0
    }

    fn head(&mut self, name: &str, kind: &str, help: &str) {
        self.line(format_args!("# HELP {name} {help}"));
        self.line(format_args!("# TYPE {name} {kind}"));
    }

    fn line(&mut self, line: std::fmt::Arguments<'_>) {
        // Writing into a string never fails.
        let _written = writeln!(self.0, "{line}");
    }
}

/// Labels as the text has them.
#[must_use]
pub fn labels(pairs: &[(&str, &str)]) -> String {
    let pairs: Vec<String> = pairs.iter().map(|(name, value)| format!("{name}=\"{value}\"")).collect();
    pairs.join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_counts_in_each_bucket_that_holds_it() {
        let mut durations = Durations::default();
        for milliseconds in [1, 30, 60_000] {
            durations.observe(Duration::from_millis(milliseconds));
        }
        assert_eq!(durations.counts, [1, 1, 1, 2, 2, 2, 2, 2, 3]);
        assert_eq!(durations.count(), 3);
    }

    #[test]
    fn the_text_is_what_prometheus_reads() {
        let meter = Meter::default();
        meter.request("help_now".into(), Some(201), Duration::from_millis(3));
        let mut text = MetricsText::default();
        text.one("holdfast_armed", Figure::Gauge, "Whether anything may leave.", 1);
        let labels_of = |operation: &str, status: &str| labels(&[("operation", operation), ("status", status)]);
        let requests = meter.counts().requests.into_iter();
        let requests = requests.map(|((operation, status), durations)| (labels_of(&operation, status), durations));
        text.durations("holdfast_request_seconds", "Time to an answer.", requests);
        let text = text.finish();
        assert!(text.starts_with("# HELP holdfast_armed Whether anything may leave.\n# TYPE holdfast_armed gauge\n"));
        assert!(text.contains("\nholdfast_armed 1\n"), "{text}");
        let bucket = "\nholdfast_request_seconds_bucket{operation=\"help_now\",status=\"2xx\",le=\"0.005\"} 1\n";
        assert!(text.contains(bucket), "{text}");
        assert!(text.ends_with("holdfast_request_seconds_count{operation=\"help_now\",status=\"2xx\"} 1\n"), "{text}");
    }
}
