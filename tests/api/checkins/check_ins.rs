//! Check-ins over HTTP: when one may be answered, what a late answer changes, and the nights on which clocks change.

use serde_json::{Value, json};

use crate::harness::{Partnership, TestApp, instant, on_both, text};

async fn answer(app: &TestApp, p: &Partnership, status: &str, id: Option<&str>) -> crate::harness::Reply {
    let mut body = json!({"status": status, "recorded_at": app.now_text()});
    if let Some(id) = id {
        body["check_in_id"] = json!(id);
    }
    p.phone().post("/app/v1/check-ins", body).await
}

async fn next(p: &Partnership) -> Value {
    p.phone().get("/app/v1/check-ins/next").await.expect(200)
}

on_both!(a_check_in_opens_is_due_is_answered_and_gives_way_to_the_next, |app| async {
    let p = app.partnership().await;
    p.schedule("21:00").await;
    let first = next(&p).await;
    let id = text(&first, "id");
    assert_eq!((&first["state"], &first["due_at"]), (&json!("scheduled"), &json!("2026-11-21T21:00:00Z")));
    answer(app, &p, "safe", Some(&id)).await.refused(409, "wrong_state");
    // Without an id it is an unscheduled one, and the slot still waits.
    let unscheduled = answer(app, &p, "safe", None).await.expect(201);
    assert_ne!(text(&unscheduled, "id"), id);
    app.advance_to(instant("2026-11-21T20:00:00Z")).await;
    assert_eq!(next(&p).await["state"], "open");
    app.advance_to(instant("2026-11-21T21:00:00Z")).await;
    assert_eq!(next(&p).await["state"], "due");
    app.advance_to(instant("2026-11-21T21:29:59Z")).await;
    let answered = answer(app, &p, "safe", None).await.expect(201);
    assert_eq!((text(&answered, "id"), &answered["state"]), (id.clone(), &json!("safe")));
    answer(app, &p, "safe", Some(&id)).await.refused(409, "wrong_state");
    assert_eq!(next(&p).await["due_at"], "2026-11-22T21:00:00Z");
    app.advance(60).await;
    assert!(p.alerts().await.is_empty());
});

on_both!(a_late_answer_leaves_the_check_in_missed_and_the_alert_open, |app| async {
    let p = app.partnership().await;
    p.schedule("21:00").await;
    let id = text(&next(&p).await, "id");
    app.advance_to(instant("2026-11-21T21:30:00Z")).await;
    let alerts = p.alerts().await;
    assert_eq!((alerts.len(), &alerts[0]["rule"], &alerts[0]["level"]), (1, &json!("missed_check_in"), &json!(3)));
    let late = answer(app, &p, "safe", Some(&id)).await.expect(201);
    assert_eq!(late["state"], "missed");
    let alert = p.advocate.get(&format!("/partner/v1/alerts/{}", text(&alerts[0], "id"))).await.expect(200);
    assert!(alert["state"] == "open" || alert["state"] == "climbing", "{alert}");
    answer(app, &p, "safe", Some(&id)).await.refused(409, "wrong_state");
    app.leaves_retries();
});

on_both!(the_sos_token_writes_and_reads_nothing_and_is_never_safe, |app| async {
    let p = app.partnership().await;
    let body = |status: &str| json!({"status": status, "recorded_at": app.now_text()});
    p.sos().post("/app/v1/check-ins", body("safe")).await.refused(403, "safe_needs_pin");
    p.sos().post("/app/v1/check-ins", body("concern")).await.expect(201);
    p.sos().post("/app/v1/check-ins", body("help_now")).await.expect(201);
    for path in ["/app/v1/check-ins", "/app/v1/check-ins/next", "/app/v1/incidents", "/app/v1/consents"] {
        p.sos().get(path).await.refused(401, "unauthenticated");
    }
    let incident = json!({"happened": {"precision": "unknown"}, "behaviours": ["loiter"], "account": "x", "fear": 1,
        "visibility": "advocate", "recorded_at": app.now_text()});
    p.sos().post("/app/v1/incidents", incident).await.refused(401, "unauthenticated");
});

on_both!(a_cry_for_help_is_never_refused_for_its_timing, |app| async {
    let p = app.partnership().await;
    p.schedule("21:00").await;
    let id = text(&next(&p).await, "id");
    let early = answer(app, &p, "help_now", Some(&id)).await.expect(201);
    assert!(early["alert"]["id"].is_string(), "{early}");
    assert_ne!(text(&early, "id"), id);
    let unknown = uuid::Uuid::new_v4().to_string();
    answer(app, &p, "help_now", Some(&unknown)).await.expect(201);
    answer(app, &p, "safe", Some(&unknown)).await.refused(404, "not_found");
    // Nor is a concern, where the slot was taken away meanwhile; nor what tells of one beside a "safe".
    let concern = answer(app, &p, "concern", Some(&unknown)).await.expect(201);
    assert!(concern["alert"]["id"].is_string(), "{concern}");
    let beside =
        json!({"status": "safe", "contact_since_last": "yes", "check_in_id": unknown, "recorded_at": app.now_text()});
    let beside = p.phone().post("/app/v1/check-ins", beside).await.expect(201);
    assert!(beside["alert"]["id"].is_string(), "{beside}");
    // A phone whose clock is wrong is heard too.
    for at in ["2031-01-01T00:00:00Z", "2020-01-01T00:00:00Z"] {
        p.phone().post("/app/v1/help-now", json!({"recorded_at": at})).await.expect(201);
    }
});

on_both!(a_schedule_that_cannot_be_is_refused_with_the_field, |app| async {
    let p = app.partnership().await;
    let path = format!("/partner/v1/survivors/{}/schedules", p.survivor.id);
    let cases = [
        (json!({"time_zone": "Mars/Olympus"}), "/time_zone"),
        (json!({"local_times": []}), "/local_times"),
        (json!({"local_times": ["25:00"]}), "/local_times/0"),
        (json!({"local_times": ["09:00", "09:00"]}), "/local_times/1"),
        (json!({"weekdays": ["mo", "xx"]}), "/weekdays/1"),
        (json!({"grace_minutes": 0}), "/grace_minutes"),
        (json!({"grace_minutes": 1441}), "/grace_minutes"),
        (json!({"opens_minutes_before": -1}), "/opens_minutes_before"),
    ];
    for (change, pointer) in cases {
        let mut body = json!({"time_zone": "Europe/London", "local_times": ["09:00"], "opens_minutes_before": 60,
            "grace_minutes": 30});
        body.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        let problem = p.advocate.post(&path, body).await.refused(422, "invalid");
        assert_eq!(problem["errors"][0]["pointer"], pointer, "{change}");
    }
});

/// Answers each check-in as it comes; tells when they were due.
async fn dues(app: &TestApp, count: usize) -> Vec<String> {
    let p = app.partnership().await;
    p.schedule("01:30").await;
    let mut dues = Vec::new();
    for _ in 0..count {
        let due = text(&next(&p).await, "due_at");
        app.advance_to(instant(&due)).await;
        answer(app, &p, "safe", None).await.expect(201);
        dues.push(due);
    }
    assert!(p.alerts().await.is_empty());
    dues
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn in_the_spring_gap_a_check_in_moves_forward_by_the_gap() {
    let app = TestApp::sqlite_with(instant("2026-03-27T12:00:00Z"), |_| {}).await;
    let expected = ["2026-03-28T01:30:00Z", "2026-03-29T01:30:00Z", "2026-03-30T00:30:00Z"];
    assert_eq!(dues(&app, 3).await, expected);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn in_the_autumn_fold_a_check_in_is_due_once_at_the_earlier_instant() {
    let app = TestApp::sqlite_with(instant("2026-10-23T12:00:00Z"), |_| {}).await;
    let expected = ["2026-10-24T00:30:00Z", "2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z"];
    assert_eq!(dues(&app, 3).await, expected);
    app.finish().await;
}
