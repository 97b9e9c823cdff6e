//! A PostgreSQL that dies under load or stalls: what cannot be kept is answered 503, nothing that was acknowledged is lost,
//! and its return is noticed by itself.

use std::sync::Arc;
use std::time::{Duration, Instant};

use holdfast::clock::Clock;
use reqwest::Method;
use serde_json::json;

use super::judge::{judge_client, judge_receiver};
use super::load::{Using, people, until_answered};
use crate::harness::binary::{Installation, Running};
use crate::harness::partnership::Survivor;
use crate::harness::postgres::OwnPostgres;
use crate::harness::{Http, Police};

const RESTARTS: usize = 2;
const ANSWERS: usize = 12;
/// Waiting for a connection takes five seconds at most, and a request may wait twice: to know who asks, and to write.
const REFUSED_WITHIN: Duration = Duration::from_secs(15);
/// Longer than anything waits for a connection.
const STALLED: Duration = Duration::from_secs(6);
/// What the unit of the service gives it; ten seconds are promised where nothing else runs.
const ENDED_WITHIN: Duration = Duration::from_secs(15);

/// The program on a PostgreSQL of its own, with people.
struct Story {
    postgres: OwnPostgres,
    installation: Installation,
    police: Arc<Police>,
    server: Running,
    http: Http,
    phones: Vec<Arc<Survivor>>,
}

impl Story {
    async fn begin() -> Option<Self> {
        let postgres = tokio::task::spawn_blocking(OwnPostgres::start).await.unwrap()?;
        let url = postgres.url();
        let installation = tokio::task::spawn_blocking(|| Installation::create_at(url)).await.unwrap();
        let (police, server) = (Police::start(&Clock::System), installation.serve());
        let http = Http::new(server.origin.clone(), Clock::System);
        let phones = people(&http, &police).await;
        Some(Self { postgres, installation, police, server, http, phones })
    }

    fn end(self) {
        assert!(self.server.terminate().success());
        let verified = self.installation.run(&["audit", "verify"], "");
        assert!(verified.status.success(), "{verified:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_and_started_again_under_load_it_loses_nothing_and_is_used_again() {
    let Some(mut story) = Story::begin().await else { return };
    let phone = &story.phones[0].phone.session;
    let using = Using::begin(&story.phones);
    for _ in 0..RESTARTS {
        using.more(ANSWERS).await;
        story.postgres.kill();
        let safe = json!({"status": "safe", "recorded_at": story.http.now()});
        for (method, body) in [(Method::POST, Some(&safe)), (Method::GET, None)] {
            let key = uuid::Uuid::new_v4().to_string();
            let headers = [("idempotency-key", key.as_str())];
            let asked = phone.send(method, "/app/v1/check-ins", &headers, body);
            let refused = tokio::time::timeout(REFUSED_WITHIN, asked).await.unwrap();
            refused.refused(503, "unavailable");
            assert!(refused.header("retry-after").is_some());
        }
        story.postgres.start_again();
    }
    using.more(ANSWERS).await;
    let journals = using.end().await;
    assert!(journals.iter().flatten().any(|entry| entry.attempts > 1), "too little was going on");
    judge_receiver(&story.phones, &journals, &story.police).await;
    for (phone, journal) in story.phones.iter().zip(&journals) {
        judge_client(&phone.phone.session, journal).await;
    }
    story.end();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_that_stalls_delays_an_answer_and_loses_none() {
    let Some(story) = Story::begin().await else { return };
    story.postgres.pause();
    let (pressing, recorded_at) = (story.phones[0].clone(), story.http.now());
    let pressed = tokio::spawn(async move {
        until_answered(&pressing.phone.session, "/app/v1/help-now", json!({"recorded_at": recorded_at})).await
    });
    tokio::time::sleep(STALLED).await;
    assert!(!pressed.is_finished(), "nothing can be kept, so nothing is acknowledged");
    story.postgres.resume();
    let journal = vec![tokio::time::timeout(REFUSED_WITHIN, pressed).await.unwrap().unwrap()];
    judge_client(&story.phones[0].phone.session, &journal).await;
    judge_receiver(&story.phones[..1], &[journal], &story.police).await;
    story.end();
}

/// Asks a server to end once its worker waits for PostgreSQL, step after step.
async fn assert_ends_in_time(server: Running) {
    tokio::time::sleep(STALLED).await;
    let began = Instant::now();
    let ended = tokio::task::spawn_blocking(|| server.terminate()).await.unwrap();
    let took = began.elapsed();
    assert!(ended.success() && took < ENDED_WITHIN, "{ended}, after {took:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_it_is_away_or_stalls_a_server_ends_in_time() {
    let Some(Story { mut postgres, installation, server, .. }) = Story::begin().await else { return };
    postgres.pause();
    assert_ends_in_time(server).await;
    postgres.resume();
    let server = installation.serve();
    postgres.kill();
    assert_ends_in_time(server).await;
}
