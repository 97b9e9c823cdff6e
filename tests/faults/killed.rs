//! A 2xx is durable (safety.md, P1 and P4): the real program is killed ten times under load, and two journals, the
//! client's and the receiver's, are held against each other afterwards. SQLite: one file, one process.
//!
//! The one story in which real time passes, since only a real process can be killed.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use holdfast::clock::Clock;
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use super::judge::{Answered, judge_client, judge_receiver, messages_by_alert, until};
use crate::harness::binary::Installation;
use crate::harness::partnership::{Partnership, Survivor, survivor};
use crate::harness::police::Answer;
use crate::harness::{ADMIN, Caller, Http, PASSWORD, Police};

const KILLS: u32 = 10;
const PHONES: usize = 4;
/// Answers that each life of the server gives before it is killed in the midst of the next ones.
const ANSWERS: usize = 12;
/// How long a phone waits before it tries again.
const PHONE_PAUSE: Duration = Duration::from_millis(20);

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

/// A partnership on the running program, and more survivors beside its own.
pub async fn people(http: &Http, police: &Arc<Police>) -> Vec<Arc<Survivor>> {
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

/// On the receiver's side: an attempt that it holds, while the server that made it dies.
async fn killed_in_mid_attempt(installation: Installation) {
    let police = Police::start(&Clock::System);
    let server = installation.serve();
    let http = Http::new(server.origin.clone(), Clock::System);
    let phones = people(&http, &police).await;
    police.answers_next(&[Answer::Hang]);
    let pressed =
        phones[0].phone.session.post("/app/v1/help-now", json!({"recorded_at": http.now()})).await.expect(201);
    until("the first attempt", Duration::from_secs(5), || police.received().len() == 1).await;
    server.kill();
    let server = installation.serve();
    http.moved_to(server.origin.clone());
    let took = until("the second attempt", Duration::from_secs(20), || police.received().len() > 1).await;
    let ids: Vec<String> = police.received().into_iter().map(|received| received.id).collect();
    assert!(ids.iter().all(|id| *id == ids[0]), "the same message, {ids:?} after {took:?}");
    let own = format!("/app/v1/alerts/{}", pressed["alert"]["id"].as_str().unwrap());
    let told = || async { phones[0].phone.session.get(&own).await.expect(200)["delivered_at"].is_string() };
    while !told().await {
        tokio::time::sleep(PHONE_PAUSE).await;
    }
    assert!(server.terminate().success(), "it ends when asked to");
    let verified = tokio::task::spawn_blocking(move || installation.run(&["audit", "verify"], "")).await.unwrap();
    assert!(verified.status.success(), "{verified:?}");
}

mod killed_while_the_receiver_holds_an_attempt_it_is_made_again_with_the_same_id {
    use super::*;

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn sqlite() {
        killed_in_mid_attempt(tokio::task::spawn_blocking(Installation::create).await.unwrap()).await;
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn postgres() {
        let made = tokio::task::spawn_blocking(Installation::create_on_postgres).await.unwrap();
        let Some(installation) = made else { return };
        killed_in_mid_attempt(installation).await;
    }
}
