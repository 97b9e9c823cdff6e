//! Ready: whether a cry for help can be taken and stored. Watch: whether there is anything that somebody has to look at.

use holdfast::db::Access;
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::partnership::{Partnership, endpoint};
use crate::harness::{TestApp, instant, on_both, text};

async fn ready(app: &TestApp) -> Value {
    app.http.nobody().get("/health/ready").await.expect(200)
}

async fn watch(app: &TestApp, status: u16) -> Value {
    app.http.nobody().get("/health/watch").await.expect(status)
}

/// A drill that reaches the force, and an officer who acknowledges it.
async fn drill(app: &TestApp, p: &Partnership) {
    let body = json!({"survivor_id": p.survivor.id});
    let drill = p.support_supervisor.post("/partner/v1/exercises", body).await.expect(201);
    app.settle().await;
    let path = format!("/police/v1/alerts/{}/acknowledge", text(&drill, "reference"));
    p.police_system.post(&path, json!({"officer": p.officer.username})).await.expect(200);
    p.support_supervisor
        .post(&format!("/partner/v1/alerts/{}/resolve", text(&drill, "id")), json!({"note": "Over."}))
        .await
        .expect(200);
    app.settle().await;
}

on_both!(work_that_waits_is_said_and_keeps_no_cry_away, |app| async {
    let p = app.partnership().await;
    drill(app, &p).await;
    p.schedule("14:00").await;
    app.settle().await;
    assert_eq!(watch(app, 200).await["status"], "ok");
    // A reminder was due at a quarter to two, and nobody looked.
    app.inner.clock.advance_to(instant("2026-11-21T13:46:30Z"));
    let late = watch(app, 503).await;
    assert_eq!(
        (&late["status"], &late["reasons"], &late["lag_seconds"]),
        (&json!("attention"), &json!(["late"]), &json!(90))
    );
    assert_eq!(ready(app).await, json!({"status": "ok"}));
    app.settle().await;
    assert_eq!(watch(app, 200).await["reasons"], json!([]));
});

on_both!(an_emergency_that_nobody_has_tried_to_send_for_a_minute_is_said, |app| async {
    let p = app.partnership().await;
    drill(app, &p).await;
    p.consent(&["alert.police.help_now"]).await;
    app.settle().await;
    p.help_now().await;
    assert_eq!(watch(app, 200).await["oldest_unattempted_emergency_seconds"], 0);
    app.inner.clock.advance_to(app.now().plus_seconds(60));
    let waiting = watch(app, 503).await;
    assert_eq!(waiting["oldest_unattempted_emergency_seconds"], 60, "{waiting}");
    assert!(waiting["reasons"].as_array().unwrap().contains(&json!("emergency_waiting")), "{waiting}");
    assert_eq!(ready(app).await, json!({"status": "ok"}));
    app.settle().await;
    assert_eq!(watch(app, 200).await["oldest_unattempted_emergency_seconds"], Value::Null);
});

on_both!(a_route_that_nobody_has_proven_lately_is_said, |app| async {
    let p = app.partnership().await;
    let endpoints = "/admin/v1/webhook-endpoints";
    let new = watch(app, 503).await;
    assert_eq!((&new["reasons"], &new["unproven_routes"]), (&json!(["route_unproven"]), &json!(1)));
    let route = p.admin.list(endpoints).await[0].clone();
    assert_eq!((&route["is_proven"], &route["proven_at"]), (&json!(false), &Value::Null));
    drill(app, &p).await;
    let at = app.now();
    assert_eq!(watch(app, 200).await["unproven_routes"], 0);
    let route = p.admin.list(endpoints).await[0].clone();
    assert_eq!((&route["is_proven"], &route["proven_at"]), (&json!(true), &json!(at)));
    // Another way to the same force was not tried.
    let police = app.police();
    let second = endpoint(&p.admin, &p.force, &police).await;
    assert_eq!(watch(app, 503).await["unproven_routes"], 1);
    let path = format!("{endpoints}/{second}");
    let tag = p.admin.get(&path).await.header("etag").unwrap().to_owned();
    let off = json!({"is_disabled": true});
    p.admin.send(Method::PATCH, &path, &[("if-match", &tag)], Some(&off)).await.expect(200);
    assert_eq!(watch(app, 200).await["unproven_routes"], 0);
    app.advance_to(at.plus_days(90)).await;
    assert_eq!(watch(app, 200).await["unproven_routes"], 0);
    app.advance_seconds(1).await;
    assert_eq!(watch(app, 503).await["reasons"], json!(["route_unproven"]));
});

/// A database that stores nothing: reads go on, and only a write tells.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_instance_that_cannot_store_is_not_ready() {
    use diesel::connection::SimpleConnection as _;
    let app = TestApp::sqlite().await;
    assert_eq!(ready(&app).await["status"], "ok");
    let mut other = app.inner.db.target().connect(Access::Write).unwrap();
    other.batch_execute("BEGIN IMMEDIATE").unwrap();
    // The last answer counts for a second.
    let began = std::time::Instant::now();
    let refused = loop {
        let reply = app.http.nobody().get("/health/ready").await;
        if reply.status.as_u16() != 200 || began.elapsed() > std::time::Duration::from_secs(5) {
            break reply;
        }
    };
    assert_eq!(refused.expect(503)["status"], "not_storing");
    assert!(watch(&app, 503).await["reasons"].as_array().unwrap().contains(&json!("not_storing")));
    other.batch_execute("ROLLBACK").unwrap();
    app.finish().await;
}
