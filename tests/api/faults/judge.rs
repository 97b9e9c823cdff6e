//! The judge of a fault run: the client's journal against the receiver's.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::harness::partnership::Survivor;
use crate::harness::{Caller, Police, text};

/// A lease that a killed server held ends at the next start; the slowest retry in these stories is 20 s, and other stories
/// run at the same time.
const DELIVERED_WITHIN: Duration = Duration::from_secs(60);
/// How often the receiver is looked at.
pub const LOOK: Duration = Duration::from_millis(20);

/// One request that was answered 2xx.
pub struct Answered {
    pub path: &'static str,
    pub key: String,
    pub body: Value,
    pub answer: String,
    pub attempts: u32,
}

/// Every check-in that was answered is there, and every key is answered as before.
pub async fn judge_client(phone: &Caller, journal: &[Answered]) {
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
pub fn messages_by_alert(police: &Police) -> HashMap<String, usize> {
    let mut counts = HashMap::new();
    for message in police.messages() {
        *counts.entry(text(&message.json()["data"], "alert")).or_default() += 1;
    }
    counts
}

/// Every press of help-now that was answered was told to the police, in a message of its own.
pub async fn judge_receiver(phones: &[Arc<Survivor>], journals: &[Vec<Answered>], police: &Police) {
    let mut expected: HashMap<String, usize> = HashMap::new();
    for entry in journals.iter().flatten().filter(|entry| entry.path.ends_with("help-now")) {
        let answer: Value = serde_json::from_str(&entry.answer).unwrap();
        assert_eq!(answer["alert"]["police_will_be_told"], true);
        *expected.entry(text(&answer["alert"], "reference")).or_default() += 1;
    }
    assert_eq!(expected.len(), phones.len(), "each survivor has one open emergency");
    let deadline = Instant::now() + DELIVERED_WITHIN;
    while messages_by_alert(police) != expected {
        assert!(Instant::now() < deadline, "expected {expected:?}, received {:?}", messages_by_alert(police));
        tokio::time::sleep(LOOK).await;
    }
    for (phone, journal) in phones.iter().zip(journals) {
        let pressed = journal.iter().find(|entry| entry.path.ends_with("help-now")).unwrap();
        let answer: Value = serde_json::from_str(&pressed.answer).unwrap();
        let own = format!("/app/v1/alerts/{}", text(&answer["alert"], "id"));
        // What was received is recorded a moment later, or once the lease of a dead instance has run out.
        while !phone.phone.session.get(&own).await.expect(200)["delivered_at"].is_string() {
            assert!(Instant::now() < deadline, "received, and never told as delivered: {own}");
            tokio::time::sleep(LOOK).await;
        }
    }
}

/// Waits until something holds; the test fails where it takes too long.
pub async fn until(what: &str, within: Duration, holds: impl Fn() -> bool) -> Duration {
    let began = Instant::now();
    while !holds() {
        assert!(began.elapsed() < within, "not within {within:?}: {what}");
        tokio::time::sleep(LOOK).await;
    }
    began.elapsed()
}
