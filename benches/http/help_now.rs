//! Help-now: from the press to the answer, and to the police system that received it.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use serde_json::Value;
use tokio::time::timeout;

use crate::Outcome;
use crate::check_ins::{self, Load};
use crate::client::{Ask, Client};
use crate::partnership::Partnership;
use crate::server::Server;
use crate::table::{self, Figures};

const BODY: &str = r#"{"recorded_at":"2026-01-01T12:00:00Z"}"#;
/// The longest that a press is waited for: far beyond what is promised.
const PATIENCE: Duration = Duration::from_secs(10);

static KEYS: AtomicUsize = AtomicUsize::new(0);

/// The three spans of each press.
#[derive(Default)]
struct Spans {
    answered: Vec<Duration>,
    answer_to_arrival: Vec<Duration>,
    press_to_arrival: Vec<Duration>,
}

/// Presses once for each of `presses` survivors, one after the other.
pub async fn measure(
    name: &str,
    server: &Server<'_>,
    partnership: &Partnership,
    presses: usize,
    load: Load,
) -> Outcome<()> {
    let stop = AtomicBool::new(false);
    let pressing = async {
        let spans = press_all(server.address(), partnership, presses).await;
        stop.store(true, Ordering::Relaxed);
        spans
    };
    let spans = match load {
        Load::None => pressing.await?,
        Load::Clients(clients) => {
            let load = check_ins::until_stopped(server.address(), &partnership.survivors, clients, &stop);
            let (spans, loaded) = futures_util::future::join(pressing, load).await;
            loaded?;
            spans?
        }
    };
    let took = Duration::from_secs(1);
    for (what, latencies) in [
        ("press → 2xx", spans.answered),
        ("2xx → received", spans.answer_to_arrival),
        ("press → received", spans.press_to_arrival),
    ] {
        table::latencies(&format!("{what}, {name}"), &Figures::of(latencies, took));
    }
    Ok(())
}

async fn press_all(address: &str, partnership: &Partnership, presses: usize) -> Outcome<Spans> {
    let mut client = Client::connect(address).await?;
    let mut spans = Spans::default();
    for token in partnership.survivors.iter().take(presses) {
        let key = format!("help-{}", KEYS.fetch_add(1, Ordering::Relaxed));
        let pressed = Instant::now();
        let ask = Ask { method: "POST", path: "/app/v1/help-now", token, key: &key, body: BODY };
        let (status, answer) = client.send(&ask).await?;
        let answered = Instant::now();
        if status != 201 {
            return Err(format!("help-now: {status}: {}", String::from_utf8_lossy(answer)).into());
        }
        let answer: Value = serde_json::from_slice(answer)?;
        let alert = answer.pointer("/alert/reference").and_then(Value::as_str).ok_or("an answer without an alert")?;
        let arrived = timeout(PATIENCE, partnership.receiver.arrival(alert)).await.map_err(|_| "no webhook came")??;
        spans.answered.push(answered.duration_since(pressed));
        // The message may well be there before the client has read its answer.
        spans.answer_to_arrival.push(arrived.saturating_duration_since(answered));
        spans.press_to_arrival.push(arrived.duration_since(pressed));
    }
    Ok(spans)
}
