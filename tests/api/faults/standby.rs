//! A synchronous standby: what it does not hold is not acknowledged, and what was acknowledged
//! is there when it is promoted.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures_util::future::join_all;
use holdfast::clock::Clock;
use serde_json::{Value, json};

use super::judge::{judge_client, until};
use super::load::{people, until_answered};
use crate::harness::binary::Installation;
use crate::harness::partnership::Phone;
use crate::harness::postgres::OwnPostgres;
use crate::harness::{Http, Police, Reply};

const CHECK_INS: &str = "/app/v1/check-ins";
const HELP_NOW: &str = "/app/v1/help-now";
/// Every commit that waits for a standby is told to wait no longer, as somebody in a hurry might.
const CANCEL: &str = "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'";
/// The longest that a standby takes to connect, or to be promoted.
const READY_WITHIN: Duration = Duration::from_secs(20);

fn safe(http: &Http) -> Value {
    json!({"status": "safe", "recorded_at": http.now()})
}

async fn own() -> Option<(OwnPostgres, Installation)> {
    let postgres = tokio::task::spawn_blocking(OwnPostgres::start).await.unwrap()?;
    let url = postgres.url();
    let installation = tokio::task::spawn_blocking(|| Installation::create_at(url)).await.unwrap();
    Some((postgres, installation))
}

/// Cancels until it is dropped.
struct Impatience(Arc<AtomicBool>, Option<std::thread::JoinHandle<()>>);

impl Impatience {
    fn begin(postgres: &OwnPostgres) -> Self {
        let (is_over, mut conn) = (Arc::new(AtomicBool::new(false)), postgres.connect());
        let over = is_over.clone();
        let cancelling = std::thread::spawn(move || {
            use diesel::connection::SimpleConnection as _;
            while !over.load(Ordering::SeqCst) {
                conn.batch_execute(CANCEL).unwrap();
                std::thread::sleep(Duration::from_millis(10));
            }
        });
        Self(is_over, Some(cancelling))
    }
}

impl Drop for Impatience {
    fn drop(&mut self) {
        self.0.store(true, Ordering::SeqCst);
        let _ended = self.1.take().map(std::thread::JoinHandle::join);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_whose_wait_for_the_standby_was_cancelled_is_not_acknowledged_nor_is_its_replay() {
    let Some((postgres, installation)) = own().await else { return };
    let police = Police::start(&Clock::System);
    let server = installation.serve();
    let http = Http::new(server.origin.clone(), Clock::System);
    let phones = people(&http, &police).await;
    let phone = &phones[0].phone.session;
    server.kill();
    postgres.demand_standby(Some("nowhere"));
    let impatience = Impatience::begin(&postgres);
    let server = installation.serve();
    http.moved_to(server.origin.clone());

    let (key, body) = (uuid::Uuid::new_v4().to_string(), safe(&http));
    for _ in 0..2 {
        let refused = phone.post_keyed(CHECK_INS, &key, &body).await;
        refused.refused(503, "unavailable");
        assert!(refused.header("retry-after").is_some());
    }
    // It was committed here all the same, which is why the warning counts.
    assert_eq!(phone.list(CHECK_INS).await.len(), 1);
    postgres.demand_standby(None);
    drop(impatience);
    let answered = phone.post_keyed(CHECK_INS, &key, &body).await;
    answered.expect(201);
    assert_eq!(answered.header("idempotent-replayed"), Some("true"));
    assert_eq!(phone.list(CHECK_INS).await.len(), 1);
    assert!(server.terminate().success());
}

/// What "not sent" takes at most to be said.
const SAID_WITHIN: Duration = Duration::from_secs(5);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_the_standby_is_away_a_cry_is_answered_soon_and_the_instance_is_not_ready() {
    let Some((postgres, installation)) = own().await else { return };
    let police = Police::start(&Clock::System);
    let server = installation.serve();
    let http = Http::new(server.origin.clone(), Clock::System);
    let phones = people(&http, &police).await;
    let phone = &phones[0].phone;
    // Several connections are open before, so that none is opened after: only a new one says by itself that a standby is
    // demanded.
    let crowd = phones.iter().map(|survivor| survivor.phone.session.post(CHECK_INS, safe(&http)));
    for answer in join_all(crowd).await {
        answer.expect(201);
    }
    http.nobody().get("/health/ready").await.expect(200);
    postgres.demand_standby(Some("nowhere"));
    let is_ready = || async { http.nobody().get("/health/ready").await.status.as_u16() == 200 };
    let began = std::time::Instant::now();
    while is_ready().await {
        assert!(began.elapsed() < READY_WITHIN, "commits do not wait for the standby");
    }

    let (key, body) = (uuid::Uuid::new_v4().to_string(), json!({"recorded_at": http.now()}));
    for _ in 0..2 {
        let began = std::time::Instant::now();
        phone.sos.post_keyed(HELP_NOW, &key, &body).await.refused(503, "unavailable");
        assert!(began.elapsed() < SAID_WITHIN, "{:?}", began.elapsed());
        let began = std::time::Instant::now();
        let ready = http.nobody().get("/health/ready").await.expect(503);
        assert!(ready["status"] == "not_storing" && began.elapsed() < SAID_WITHIN, "{ready}");
    }
    http.nobody().get("/health/live").await.expect(200);
    // The commit went on, and the same key gives its answer.
    postgres.demand_standby(None);
    let answered = until_answered_with(phone, &key, &body).await;
    assert_eq!(answered.header("idempotent-replayed"), Some("true"));
    let alert = answered.json()["alert"]["id"].clone();
    let again = phone.sos.post_keyed(HELP_NOW, &key, &body).await.expect(201);
    assert_eq!(again["alert"]["id"], alert, "one press is one alert");
    let began = std::time::Instant::now();
    while !is_ready().await {
        assert!(began.elapsed() < READY_WITHIN, "it is never ready again");
    }
    assert!(server.terminate().success());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_engine_with_a_quorum_of_its_own_is_believed_and_delays_no_answer() {
    let Some((postgres, installation)) = own().await else { return };
    let police = Police::start(&Clock::System);
    let server = installation.serve();
    let http = Http::new(server.origin.clone(), Clock::System);
    let phones = people(&http, &police).await;
    let phone = &phones[0].phone;
    server.kill();
    postgres.demand_standby(Some("nowhere"));
    let impatience = Impatience::begin(&postgres);
    let server = installation.serve_with(&["--standby", "trust-provider"]);
    http.moved_to(server.origin.clone());

    // As an engine would that holds it elsewhere, the server says that it is committed; nobody asks how far a standby is.
    phone.session.post(CHECK_INS, safe(&http)).await.expect(201);
    assert!(installation.log().contains("the engine is trusted"), "{}", installation.log());
    drop(impatience);
    let (key, body) = (uuid::Uuid::new_v4().to_string(), json!({"recorded_at": http.now()}));
    let began = std::time::Instant::now();
    let refused = phone.sos.post_keyed(HELP_NOW, &key, &body).await;
    refused.refused(503, "unavailable");
    assert!(refused.header("retry-after").is_some() && began.elapsed() < SAID_WITHIN, "{:?}", began.elapsed());
    postgres.demand_standby(None);
    let answered = until_answered_with(phone, &key, &body).await;
    assert_eq!(answered.header("idempotent-replayed"), Some("true"));
    assert!(server.terminate().success());
    let checked = installation.run(&["check", "--standby", "trust-provider"], "");
    assert!(String::from_utf8_lossy(&checked.stdout).contains("standby: none is asked"), "{checked:?}");
}

/// Presses again with the same key until the database has noticed that no standby is demanded any more.
async fn until_answered_with(phone: &Phone, key: &str, body: &Value) -> Reply {
    let began = std::time::Instant::now();
    loop {
        let reply = phone.sos.post_keyed(HELP_NOW, key, body).await;
        if reply.status.is_success() {
            return reply;
        }
        assert!(began.elapsed() < READY_WITHIN, "{reply:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_acknowledged_is_there_when_the_standby_is_promoted() {
    let Some((mut postgres, installation)) = own().await else { return };
    let police = Police::start(&Clock::System);
    let server = installation.serve();
    let http = Http::new(server.origin.clone(), Clock::System);
    let phones = people(&http, &police).await;
    let phone = &phones[0].phone.session;
    server.kill();
    let standby = postgres.standby("elsewhere");
    postgres.demand_standby(Some("elsewhere"));
    let is_followed = "SELECT 1 / count(*) FROM pg_stat_replication WHERE sync_state = 'sync'";
    until("the standby follows", READY_WITHIN, || postgres.try_execute(is_followed).is_ok()).await;
    let server = installation.serve();
    http.moved_to(server.origin.clone());

    let mut journal = Vec::new();
    for _ in 0..20 {
        journal.push(until_answered(phone, CHECK_INS, safe(&http)).await);
    }
    assert!(journal.iter().all(|entry| entry.attempts == 1), "a standby that follows delays nobody");
    postgres.kill();
    server.kill();
    standby.execute("SELECT pg_promote()");
    let installation = installation.moved_to(standby.url());
    let server = installation.serve();
    http.moved_to(server.origin.clone());
    judge_client(phone, &journal).await;
    // It is the same installation, which goes on sending without anybody's word.
    let watched = http.nobody().get("/health/watch").await.json()["reasons"].clone();
    assert!(!watched.as_array().unwrap().contains(&json!("disarmed")), "{watched}");
    assert!(server.terminate().success());
    let verified = installation.run(&["audit", "verify"], "");
    assert!(verified.status.success(), "{verified:?}");
}
