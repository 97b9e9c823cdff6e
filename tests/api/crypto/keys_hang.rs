//! A key store that takes connections and never answers: help is heard at once, what needs no key goes on, what needs one
//! is refused within five seconds, and all of it works again once the store answers.

use std::time::{Duration, Instant};

use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

use crate::harness::partnership::survivor;
use crate::harness::{NOON, TestApp, database_name, instant, migrate, postgres, text};

/// Writes that are measured, quiet and with the store away.
const WRITES: usize = 60;

/// Stands between the application and its key store; while it is shut, bytes are taken and go nowhere.
struct Gate {
    url: String,
    open: watch::Sender<bool>,
}

impl Gate {
    /// One before a key store of its own; none where there is no PostgreSQL.
    async fn start() -> Option<Self> {
        let name = database_name();
        let url = tokio::task::spawn_blocking(move || {
            Some(postgres::server()?.template(migrate).create_database_from_template(&name))
        });
        let store = url.await.unwrap()?;
        let to = store.split('@').next_back().unwrap().split('/').next().unwrap().to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = store.replace(&to, &listener.local_addr().unwrap().to_string());
        let (open, is_open) = watch::channel(true);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let (client_reads, client_writes) = client.into_split();
                let (server_reads, server_writes) = TcpStream::connect(&to).await.unwrap().into_split();
                tokio::spawn(pass_on(client_reads, server_writes, is_open.clone()));
                tokio::spawn(pass_on(server_reads, client_writes, is_open.clone()));
            }
        });
        Some(Self { url, open })
    }
}

async fn pass_on(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, mut is_open: watch::Receiver<bool>) {
    let mut bytes = [0; 4_096];
    while let Ok(count @ 1..) = from.read(&mut bytes).await {
        if is_open.wait_for(|open| *open).await.is_err() || to.write_all(&bytes[..count]).await.is_err() {
            return;
        }
    }
}

/// The time below which 99 of 100 writes stay: with so few, all but the slowest.
fn p99(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() - 2]
}

async fn story(app: &TestApp, gate: &Gate) {
    let p = app.partnership().await;
    let other = survivor(&app.http, &p.advocate, "standard").await;
    // An instance that has read no key yet but those of the other survivor and of the advocate.
    let fresh = app.other_server().await;
    app.http.moved_to(fresh.origin());
    let check_in = json!({"status": "safe", "note": "All quiet.", "recorded_at": app.now_text()});
    let write = async || {
        let began = Instant::now();
        other.phone.session.post("/app/v1/check-ins", check_in.clone()).await.expect(201);
        began.elapsed()
    };
    write().await;
    let mut quiet = Vec::new();
    for _ in 0..WRITES {
        quiet.push(write().await);
    }
    gate.open.send_replace(false);

    let began = Instant::now();
    let body = json!({"note": "He is at the door.", "battery": 40});
    let heard = p.sos().post("/app/v1/help-now", body).await.expect(201);
    assert!(began.elapsed() < Duration::from_secs(1), "{:?}", began.elapsed());
    assert_eq!(heard["dropped"], json!(["/note"]), "{heard}");

    // Both at once: others' writes while a call waits for its key.
    let (needs_key, busy) = tokio::join!(
        async {
            let began = Instant::now();
            let message = json!({"body": "Are you there?"});
            let path = format!("/partner/v1/survivors/{}/messages", p.survivor.id);
            let refused = p.advocate.post(&path, message).await;
            (refused, began.elapsed())
        },
        async {
            let mut busy = Vec::new();
            for _ in 0..WRITES {
                busy.push(write().await);
            }
            busy
        }
    );
    let (refused, waited) = needs_key;
    refused.refused(503, "unavailable");
    assert!(waited < Duration::from_secs(5), "{waited:?}");
    let (quiet, busy) = (p99(quiet), p99(busy));
    println!("p99 of others' writes: quiet {quiet:?}, while the key store hangs {busy:?}; refused after {waited:?}");
    // The stories next to this one make single writes slow; a write that waited for the store would take seconds.
    assert!(busy < quiet * 2 + Duration::from_millis(200), "quiet {quiet:?}, busy {busy:?}");

    // It is known by now that the store is away: nobody waits for it any more.
    let began = Instant::now();
    p.advocate.get(&format!("/partner/v1/survivors/{}", p.survivor.id)).await.expect(503);
    assert!(began.elapsed() < Duration::from_secs(1), "{:?}", began.elapsed());

    gate.open.send_replace(true);
    let until = Instant::now() + Duration::from_secs(20);
    let seen = loop {
        let reply = p.advocate.get(&format!("/partner/v1/survivors/{}", p.survivor.id)).await;
        if reply.status.as_u16() == 200 {
            break reply.expect(200);
        }
        assert!(Instant::now() < until, "the store answers again, and nobody notices");
        tokio::task::yield_now().await;
    };
    assert_eq!(text(&seen, "id"), p.survivor.id);
    p.act(&text(&heard["alert"], "id"), "acknowledge", json!({"note": "On it."})).await.expect(200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sqlite() {
    let Some(gate) = Gate::start().await else { return };
    let app = TestApp::sqlite_with(instant(NOON), |flags| flags.key_store_url = Some(gate.url.clone())).await;
    story(&app, &gate).await;
    app.leaves_retries();
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgres() {
    let Some(gate) = Gate::start().await else { return };
    let app = TestApp::postgres_with(instant(NOON), |flags| flags.key_store_url = Some(gate.url.clone())).await;
    let app = app.unwrap();
    story(&app, &gate).await;
    app.leaves_retries();
    app.finish().await;
}
