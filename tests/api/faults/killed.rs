//! A 2xx is durable: the real program is killed again and again under load, while check-ins fall
//! due, and two journals, the client's and the receiver's, are held against each other afterwards.
//!
//! Real time passes here, since only a real process can be killed.

use std::time::Duration;

use holdfast::clock::Clock;
use serde_json::json;

use super::judge::{Answered, judge_client, judge_receiver, messages_by_alert, until};
use super::load::{PHONE_PAUSE, Using, found, people};
use super::slots;
use crate::harness::binary::Installation;
use crate::harness::police::Answer;
use crate::harness::{Http, Police};

/// Answers that each life of the server gives before it is killed in the midst of the next ones.
const ANSWERS: usize = 12;

async fn killed_under_load(installation: Installation, kills: u32) {
    let police = Police::start(&Clock::System);
    let server = installation.serve();
    let http = Http::new(server.origin.clone(), Clock::System);
    let (advocate, phones) = found(&http, &police).await;
    let slots = slots::schedule(&http, &advocate).await;
    server.kill();
    slots::bring_forward(&installation, &slots, http.now());
    let mut server = installation.serve();
    http.moved_to(server.origin.clone());

    let (using, answered) = (Using::begin(&phones), slots::answer_some(&slots));
    for kill in 0..kills {
        using.more(ANSWERS).await;
        tokio::time::sleep(Duration::from_millis(u64::from(kill))).await;
        server.kill();
        server = installation.serve();
        http.moved_to(server.origin.clone());
    }
    let journals = using.end().await;

    let all: Vec<&Answered> = journals.iter().flatten().collect();
    let interrupted = all.iter().filter(|entry| entry.attempts > 1).count();
    let (enough, few) = (ANSWERS * kills as usize, kills as usize / 2);
    assert!(all.len() >= enough && interrupted >= few, "too little was going on: {} and {interrupted}", all.len());
    slots::judge(&advocate, &slots, answered).await;
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

mod nothing_acknowledged_is_lost_on_kill {
    use super::*;

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn sqlite() {
        killed_under_load(tokio::task::spawn_blocking(Installation::create).await.unwrap(), 10).await;
    }

    /// Fewer: a message that the dead one had under way waits for its lease to end.
    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn postgres() {
        let made = tokio::task::spawn_blocking(Installation::create_on_postgres).await.unwrap();
        let Some(installation) = made else { return };
        killed_under_load(installation, 4).await;
    }
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
