//! Phones under load, each with one key for a request until it is answered.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::{Value, json};
use tokio::task::JoinHandle;
use uuid::Uuid;

use super::judge::Answered;
use crate::harness::partnership::{Partnership, Person, Survivor, survivor};
use crate::harness::{ADMIN, Caller, Http, PASSWORD, Police};

const PHONES: usize = 4;
/// How long a phone waits before it tries again.
pub const PHONE_PAUSE: Duration = Duration::from_millis(20);
/// The longest that a few answers may take, with servers that come and go.
const PATIENCE: Duration = Duration::from_secs(60);

/// What the phones share.
#[derive(Default)]
struct Load {
    answers: AtomicUsize,
    stops: AtomicBool,
}

/// Phones that are being used.
pub struct Using {
    load: Arc<Load>,
    phones: Vec<JoinHandle<Vec<Answered>>>,
}

impl Using {
    pub fn begin(phones: &[Arc<Survivor>]) -> Self {
        let load = Arc::new(Load::default());
        let phones = phones.iter().map(|phone| tokio::spawn(use_phone(phone.clone(), load.clone()))).collect();
        Self { load, phones }
    }

    /// How many answers have come.
    pub fn answers(&self) -> usize {
        self.load.answers.load(Ordering::SeqCst)
    }

    /// Waits until so many more answers came.
    pub async fn more(&self, answers: usize) {
        let (enough, began) = (self.load.answers.load(Ordering::SeqCst) + answers, Instant::now());
        while self.load.answers.load(Ordering::SeqCst) < enough {
            assert!(began.elapsed() < PATIENCE, "{answers} more answers did not come");
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }

    /// Puts the phones down; answers the journal of each.
    pub async fn end(self) -> Vec<Vec<Answered>> {
        self.load.stops.store(true, Ordering::SeqCst);
        let mut journals = Vec::new();
        for phone in self.phones {
            journals.push(phone.await.unwrap());
        }
        journals
    }
}

/// Check-ins, and help-now among them.
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

/// Sends a request, again and again with one key, until it is answered 2xx; nothing but "try again" may come before.
pub async fn until_answered(phone: &Caller, path: &'static str, body: Value) -> Answered {
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

/// A partnership on the running program, and more survivors beside its own: the advocate, and everybody's phones.
pub async fn found(http: &Http, police: &Arc<Police>) -> (Person, Vec<Arc<Survivor>>) {
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
    (p.advocate, phones)
}

/// The phones alone.
pub async fn people(http: &Http, police: &Arc<Police>) -> Vec<Arc<Survivor>> {
    found(http, police).await.1
}
