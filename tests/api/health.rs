//! Readiness: work that waits for longer than a minute is told, and says so with 503.

use serde_json::json;

use crate::harness::{instant, on_both};

on_both!(an_instance_whose_work_waits_is_not_ready_and_says_since_when, |app| async {
    let p = app.partnership().await;
    p.schedule("14:00").await;
    app.settle().await;
    assert_eq!(app.http.nobody().get("/health/ready").await.expect(200)["status"], "ok");
    // A reminder was due at a quarter to two, and nobody looked.
    app.inner.clock.advance_to(instant("2026-11-21T13:46:30Z"));
    let late = app.http.nobody().get("/health/ready").await.expect(503);
    assert_eq!((&late["status"], &late["lag_seconds"]), (&json!("late"), &json!(90)));
    app.settle().await;
    assert_eq!(app.http.nobody().get("/health/ready").await.expect(200)["status"], "ok");
});
