//! An instance that stalls while it holds a message: another takes over, and the first overwrites nothing when it wakes.

use std::time::Duration;

use holdfast::clock::Clock;
use serde_json::json;

use super::judge::until;
use super::load::people;
use crate::harness::binary::Installation;
use crate::harness::police::Answer;
use crate::harness::{Http, Police, text};

/// The lease of an attempt is 18 s; the instance stalls for longer.
const STALLED: Duration = Duration::from_secs(24);
/// Time for what the stalled instance does when it wakes.
const AWAKE: Duration = Duration::from_secs(3);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lease_holder_that_stalls_is_followed_and_overwrites_nothing() {
    let made = tokio::task::spawn_blocking(Installation::create_on_postgres).await.unwrap();
    let Some(installation) = made else { return };
    let police = Police::start(&Clock::System);
    let first = installation.serve();
    let http = Http::new(first.origin.clone(), Clock::System);
    let phones = people(&http, &police).await;
    let phone = &phones[0].phone.session;
    police.answers_next(&[Answer::Hang]);
    let pressed = phone.post("/app/v1/help-now", json!({"recorded_at": http.now()})).await.expect(201);
    until("the first attempt", Duration::from_secs(5), || police.received().len() == 1).await;
    first.pause();
    let second = installation.serve();
    http.moved_to(second.origin.clone());
    let took = until("the second attempt", Duration::from_secs(20), || police.received().len() == 2).await;
    let own = format!("/app/v1/alerts/{}", text(&pressed["alert"], "id"));
    tokio::time::sleep(STALLED.saturating_sub(took)).await;
    let truth = phone.get(&own).await.expect(200);
    assert!(truth["delivered_at"].is_string(), "{truth}");
    first.resume();
    // Its attempt has long run out of time; what it records belongs to a lease that is no longer its own.
    tokio::time::sleep(AWAKE).await;
    assert_eq!(phone.get(&own).await.expect(200)["delivered_at"], truth["delivered_at"]);
    let received = police.received();
    assert_eq!(received.len(), 2, "nobody sent it a third time");
    assert_eq!(received[0].id, received[1].id);
    assert!(first.terminate().success() && second.terminate().success());
}
