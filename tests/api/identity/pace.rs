//! The least time that a write of a phone takes to be answered: with a decoy or without one, whatever the call was.

use std::time::{Duration, Instant};

use futures_util::future::{Either, join, select};
use serde_json::{Value, json};

use crate::harness::partnership::{PIN, enrol_with, survivor, way};
use crate::harness::{Caller, Reply, TestApp, on_both, text};

/// What one write takes at least.
const PACE: Duration = Duration::from_millis(50);
/// What each further one of a sync takes at least.
const ONE_MORE: Duration = Duration::from_millis(20);

async fn took(call: impl Future<Output = Reply>) -> Duration {
    let began = Instant::now();
    let reply = call.await;
    assert!(reply.status.is_success(), "{}: {}", reply.what, reply.body);
    began.elapsed()
}

fn message() -> Value {
    json!({"body": "Words"})
}

on_both!(each_write_after_a_pin_keeps_the_pace_with_a_duress_pin_and_without, |app| async {
    let p = app.partnership().await;
    let with = enrol_with(&app.http, &p.advocate, &p.survivor.id, json!({"duress_pin": "7305"})).await;
    let without = survivor(&app.http, &p.advocate, "medium").await.phone.session;
    app.advance(1).await;
    for phone in [Caller::new(&app.http, way(&with, PIN)), Caller::new(&app.http, way(&with, "7305")), without] {
        phone.forget_tokens().await;
        phone.token().await;
        assert!(took(phone.post("/app/v1/messages", message())).await >= PACE);
        let file = json!({"media_type": "text/plain", "bytes": 5, "sha256": "0".repeat(64)});
        let made = phone.post("/app/v1/evidence", file).await.expect(201);
        let path = format!("/app/v1/evidence/{}", text(&made, "id"));
        assert!(took(phone.send(reqwest::Method::DELETE, &path, &[], None)).await >= PACE);
    }
});

/// Check-ins that waited on a phone.
fn kept(app: &TestApp, keys: &[&str]) -> Value {
    let check_in = |key: &&str| {
        json!({"idempotency_key": key, "method": "POST", "path": "/app/v1/check-ins",
            "body": {"status": "safe", "recorded_at": app.now_text()}})
    };
    json!({"items": keys.iter().map(check_in).collect::<Vec<_>>()})
}

on_both!(writes_at_once_and_those_of_one_sync_take_as_long_as_one_after_another, |app| async {
    let p = app.partnership().await;
    let phone = enrol_with(&app.http, &p.advocate, &p.survivor.id, json!({"duress_pin": "7305"})).await;
    let phone = Caller::new(&app.http, way(&phone, PIN));
    phone.token().await;
    let press = || phone.post("/app/v1/help-now", json!({}));
    let both = async { join(press(), press()).await.0 };
    assert!(took(both).await >= 2 * PACE);
    let all = kept(app, &["offline-1", "offline-2", "offline-3"]);
    assert!(took(phone.post("/app/v1/sync", all)).await >= PACE + 2 * ONE_MORE);
});

on_both!(a_press_is_answered_before_the_sync_that_was_sent_before_it, |app| async {
    let p = app.partnership().await;
    let phone = enrol_with(&app.http, &p.advocate, &p.survivor.id, json!({"duress_pin": "7305"})).await;
    let phone = Caller::new(&app.http, way(&phone, PIN));
    phone.token().await;
    let keys: Vec<String> = (0..100).map(|at| format!("offline-{at}")).collect();
    let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
    // Twice: a sync whose answer the phone did not wait for keeps its turn.
    let sync = || phone.post("/app/v1/sync", kept(app, &keys));
    let (syncs, press) = (Box::pin(join(sync(), sync())), Box::pin(phone.post("/app/v1/help-now", json!({}))));
    let Either::Right((pressed, syncs)) = select(syncs, press).await else { panic!("the syncs were answered first") };
    pressed.expect(201);
    syncs.await.0.expect(200);
});
