//! The least time that a write of a phone takes to be answered: with a decoy or without one, whatever the call was.

use std::time::{Duration, Instant};

use futures_util::future::join;
use serde_json::{Value, json};

use crate::harness::partnership::{PIN, enrol_with, survivor, way};
use crate::harness::{Caller, Reply, on_both, text};

/// What one write takes at least.
const PACE: Duration = Duration::from_millis(50);

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

on_both!(writes_at_once_and_those_of_one_sync_take_as_long_as_one_after_another, |app| async {
    let p = app.partnership().await;
    let phone = enrol_with(&app.http, &p.advocate, &p.survivor.id, json!({"duress_pin": "7305"})).await;
    let phone = Caller::new(&app.http, way(&phone, PIN));
    phone.token().await;
    let press = || phone.post("/app/v1/help-now", json!({}));
    let both = async { join(press(), press()).await.0 };
    assert!(took(both).await >= 2 * PACE);
    let check_in = |key: &str| {
        json!({"idempotency_key": key, "method": "POST", "path": "/app/v1/check-ins",
            "body": {"status": "safe", "recorded_at": app.now_text()}})
    };
    let all = json!({"items": [check_in("offline-1"), check_in("offline-2"), check_in("offline-3")]});
    assert!(took(phone.post("/app/v1/sync", all)).await >= 3 * PACE);
});
