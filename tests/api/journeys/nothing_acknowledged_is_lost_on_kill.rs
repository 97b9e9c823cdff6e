//! A 2xx is durable (safety.md, P1 and P4): the real program is killed ten times under load, and two journals, the
//! client's and the receiver's, are held against each other afterwards. SQLite: one file, one process.
//!
//! The one story in which real time passes, since only a real process can be killed.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use holdfast::clock::Clock;
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::harness::binary::Installation;
use crate::harness::partnership::{Partnership, Survivor, survivor};
use crate::harness::{ADMIN, Caller, Http, PASSWORD, Police, text};

const KILLS: u32 = 10;
const PHONES: usize = 4;
/// Answers that each life of the server gives before it is killed in the midst of the next ones.
const ANSWERS: usize = 12;
/// How long a phone waits before it tries again.
const PHONE_PAUSE: Duration = Duration::from_millis(20);
/// A lease that a killed server held ends at the next start; the slowest retry in this story is 20 s.
const DELIVERED_WITHIN: Duration = Duration::from_secs(25);

/// One request that was answered 2xx.
struct Answered {
    path: &'static str,
    key: String,
    body: Value,
    answer: String,
    attempts: u32,
}

/// What the phones share.
#[derive(Default)]
struct Load {
    answers: AtomicUsize,
    stops: AtomicBool,
}

/// A phone under load: check-ins and help-now, each with one key until it is answered.
async fn use_phone(phone: Arc<Survivor>, load: Arc<Load>) -> Vec<Answered> {
    let mut journal = Vec::new();
    while !load.stops.load(Ordering::SeqCst) {
        let recorded_at = phone.phone.session.http.now();
        let (path, body) = match journal.len() % 4 {
            3 => ("/app/v1/help-now", json!({"recorded_at": recorded_at})),
            n => ("/app/v1/check-ins", json!({"status": "safe", "feeling_safe": n, "recorded_at": recorded_at})),
        };
        journal.push(until_answered(&phone.phone.session, path, body).await);
        load.answers.fetch_add(1, Ordering::SeqCst);
    }
    journal
}

async fn until_answered(phone: &Caller, path: &'static str, body: Value) -> Answered {
    let key = Uuid::new_v4().to_string();
    for attempts in 1.. {
        let sent = phone.try_send(Method::POST, path, &[("idempotency-key", &key)], Some(&body)).await;
        match sent {
            Ok(reply) if reply.status.is_success() => {
                return Answered { path, key, body, answer: reply.body, attempts };
            }
            Ok(reply) => assert!([409, 503].contains(&reply.status.as_u16()), "{reply:?}"),
            Err(_) => {}
        }
        tokio::time::sleep(PHONE_PAUSE).await;
    }
    unreachable!()
}

/// Every check-in that was answered is there, and every key is answered as before.
async fn judge_client(phone: &Caller, journal: &[Answered]) {
    let there = phone.list("/app/v1/check-ins").await;
    let there: HashSet<&str> = there.iter().map(|item| item["id"].as_str().unwrap()).collect();
    let answered = journal.iter().filter(|entry| entry.path.ends_with("check-ins"));
    let ids: Vec<String> = answered.map(|entry| text(&serde_json::from_str(&entry.answer).unwrap(), "id")).collect();
    assert!(ids.iter().all(|id| there.contains(id.as_str())), "a check-in that was answered is lost");
    // Each press of help-now is a check-in too: none is there twice, whatever was sent again.
    assert_eq!(there.len(), journal.len());
    for entry in journal {
        let again = phone.post_keyed(entry.path, &entry.key, &entry.body).await;
        assert_eq!((again.status.as_u16(), &again.body), (201, &entry.answer));
        assert_eq!(again.header("idempotent-replayed"), Some("true"));
    }
}

/// How many messages of each alert the receiver has, repeats of an id not counted.
fn messages_by_alert(police: &Police) -> HashMap<String, usize> {
    let mut counts = HashMap::new();
    for message in police.messages() {
        *counts.entry(text(&message.json()["data"], "alert")).or_default() += 1;
    }
    counts
}

/// Every press of help-now that was answered was told to the police, in a message of its own.
async fn judge_receiver(phones: &[Arc<Survivor>], journals: &[Vec<Answered>], police: &Police) {
    let mut expected: HashMap<String, usize> = HashMap::new();
    for entry in journals.iter().flatten().filter(|entry| entry.path.ends_with("help-now")) {
        let answer: Value = serde_json::from_str(&entry.answer).unwrap();
        assert_eq!(answer["alert"]["police_will_be_told"], true);
        *expected.entry(text(&answer["alert"], "reference")).or_default() += 1;
    }
    assert_eq!(expected.len(), PHONES, "each survivor has one open emergency");
    let deadline = Instant::now() + DELIVERED_WITHIN;
    while messages_by_alert(police) != expected {
        assert!(Instant::now() < deadline, "expected {expected:?}, received {:?}", messages_by_alert(police));
        tokio::time::sleep(PHONE_PAUSE).await;
    }
    for (phone, journal) in phones.iter().zip(journals) {
        let pressed = journal.iter().find(|entry| entry.path.ends_with("help-now")).unwrap();
        let answer: Value = serde_json::from_str(&pressed.answer).unwrap();
        let own = format!("/app/v1/alerts/{}", text(&answer["alert"], "id"));
        assert!(phone.phone.session.get(&own).await.expect(200)["delivered_at"].is_string());
    }
}

/// A partnership on the running program, and more survivors beside its own.
async fn people(http: &Http, police: &Arc<Police>) -> Vec<Arc<Survivor>> {
    let admin = Caller::staff(http, ADMIN, PASSWORD);
    let p = Partnership::found(http, admin, police.clone(), "high").await;
    let mut phones = vec![];
    for _ in 1..PHONES {
        phones.push(Arc::new(survivor(http, &p.advocate, "high").await));
    }
    phones.push(Arc::new(p.survivor));
    let setting = json!({"granted": true, "text_version": "1"});
    for phone in &phones {
        phone.phone.session.put("/app/v1/consents/alert.police.help_now", setting.clone()).await.expect(200);
    }
    phones
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_acknowledged_is_lost_on_kill() {
    let installation = tokio::task::spawn_blocking(Installation::create).await.unwrap();
    let police = Police::start(&Clock::System);
    let mut server = installation.serve();
    let http = Http::new(server.origin.clone(), Clock::System);
    let phones = people(&http, &police).await;

    let load = Arc::new(Load::default());
    let using: Vec<_> = phones.iter().map(|phone| tokio::spawn(use_phone(phone.clone(), load.clone()))).collect();
    for kill in 0..KILLS {
        let enough = load.answers.load(Ordering::SeqCst) + ANSWERS;
        while load.answers.load(Ordering::SeqCst) < enough {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        tokio::time::sleep(Duration::from_millis(u64::from(kill))).await;
        server.kill();
        server = installation.serve();
        http.moved_to(server.origin.clone());
    }
    load.stops.store(true, Ordering::SeqCst);
    let mut journals = Vec::new();
    for phone in using {
        journals.push(phone.await.unwrap());
    }

    let all: Vec<&Answered> = journals.iter().flatten().collect();
    let interrupted = all.iter().filter(|entry| entry.attempts > 1).count();
    assert!(all.len() > 50 && interrupted >= 5, "too little was going on: {} and {interrupted}", all.len());
    judge_receiver(&phones, &journals, &police).await;
    for (phone, journal) in phones.iter().zip(&journals) {
        judge_client(&phone.phone.session, journal).await;
    }
    // Nothing of that was new to the police.
    let messages = messages_by_alert(&police);
    judge_receiver(&phones, &journals, &police).await;
    assert_eq!(messages_by_alert(&police), messages);
    server.kill();
    let verified = installation.run(&["audit", "verify"], "");
    assert!(verified.status.success(), "{verified:?}");
}

/// Refused with exit code 2, nothing on standard output, and one line that names the setting.
fn assert_refused(installation: &Installation, arguments: &[&str], setting: &str) {
    let refused = installation.run(arguments, "");
    let line = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert_eq!(refused.status.code(), Some(2), "{line}");
    assert_eq!(line.lines().count(), 1, "{line}");
    assert!(line.contains(setting) && refused.stdout.is_empty(), "{refused:?}");
}

const SERVE: [&str; 3] = ["serve", "--bind", "127.0.0.1:0"];

#[test]
fn a_database_that_is_missing_beside_its_keys_is_not_made_anew() {
    let installation = Installation::create();
    std::fs::remove_file(installation.database()).unwrap();
    assert_refused(&installation, &SERVE, "database_url");
    assert!(!installation.database().exists());
}

#[test]
fn a_database_that_is_broken_stops_the_start() {
    use std::io::Write as _;
    let installation = Installation::create();
    let mut file = std::fs::File::options().write(true).open(installation.database()).unwrap();
    file.write_all(&[0xa5; 4096]).unwrap();
    assert_refused(&installation, &SERVE, "database_url");
}

#[test]
fn production_refuses_a_test_clock() {
    let installation = Installation::create();
    assert_refused(&installation, &[&SERVE[..], &["--production", "--test-clock"]].concat(), "test_clock");
}
