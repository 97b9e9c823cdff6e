//! What a phone kept while it was offline: each item by itself, in order, and never twice.

use serde_json::{Value, json};

use crate::harness::{Partnership, on_both, text};

fn item(key: &str, path: &str, body: Value) -> Value {
    json!({"idempotency_key": key, "method": "POST", "path": format!("/app/v1/{path}"), "body": body})
}

async fn sync(p: &Partnership, body: Value) -> Value {
    p.phone().post("/app/v1/sync", body).await.expect(200)
}

fn statuses(answer: &Value) -> Vec<i64> {
    answer["items"].as_array().unwrap().iter().map(|item| item["status"].as_i64().unwrap()).collect()
}

on_both!(what_a_phone_kept_is_done_in_its_order_each_by_itself, |app| async {
    let p = app.partnership().await;
    let at = app.now().plus_minutes(-90).to_string();
    let incident = json!({"happened": {"precision": "unknown"}, "behaviours": ["loiter"], "account": "By the gate",
        "fear": 1, "visibility": "advocate", "recorded_at": at});
    let items = json!([
        item("a", "check-ins", json!({"status": "safe", "note": "first", "recorded_at": at})),
        item("b", "check-ins", json!({"status": "nonsense", "recorded_at": at})),
        item("c", "incidents", incident),
        item("d", "check-ins", json!({"status": "safe", "note": "second", "recorded_at": at})),
        item("e", "timers", json!({"minutes": 5})),
        item("f", "consents/share.programme.status", json!({})),
        item("g", "timers/00000000-0000-7000-8000-000000000000/end", json!({})),
    ]);
    let sent_at = app.now().plus_seconds(-120).to_string();
    let answer = sync(&p, json!({"items": items, "sent_at": sent_at})).await;
    assert_eq!(statuses(&answer), [201, 422, 201, 201, 201, 422, 404]);
    assert_eq!(answer["clock_offset_seconds"], -120);
    assert_eq!(answer["items"][1]["body"]["code"], "invalid");
    let listed = p.phone().list("/app/v1/check-ins").await;
    let notes: Vec<_> = listed.iter().map(|row| text(row, "note")).collect();
    assert_eq!(notes, ["second", "first"]);
    assert_eq!((&listed[0]["recorded_at"], &listed[0]["received_at"]), (&json!(at), &json!(app.now_text())));
    assert_eq!(listed[0]["clock_offset_seconds"], -120);
});

on_both!(an_item_that_was_done_before_is_not_done_again, |app| async {
    let p = app.partnership().await;
    let body = json!({"status": "safe", "recorded_at": app.now_text()});
    let direct = p.phone().post_keyed("/app/v1/check-ins", "same", &body).await.expect(201);
    let items =
        json!([item("same", "check-ins", body), item("new", "help-now", json!({"recorded_at": app.now_text()}))]);
    let first = sync(&p, json!({"items": items})).await;
    assert_eq!((statuses(&first), &first["items"][0]["body"]), (vec![201, 201], &direct));
    assert_eq!((&first["items"][0]["is_replayed"], &first["items"][1]["is_replayed"]), (&json!(true), &json!(false)));
    let again = sync(&p, json!({"items": items})).await;
    assert_eq!(again["items"][1]["body"], first["items"][1]["body"]);
    assert_eq!(p.phone().list("/app/v1/check-ins").await.len(), 2);
    assert_eq!(p.alerts().await.len(), 1);
    // The same key with another press is a press of its own; with another check-in it is a slip.
    let other = json!([
        item("new", "help-now", json!({"recorded_at": "2026-01-01T00:00:00Z"})),
        item("same", "check-ins", json!({"status": "safe", "recorded_at": "2026-01-01T00:00:00Z"})),
    ]);
    assert_eq!(statuses(&sync(&p, json!({"items": other})).await), [201, 422]);
    assert_eq!(p.phone().list("/app/v1/check-ins").await.len(), 3);
});

on_both!(a_sync_is_bounded_and_strict, |app| async {
    let p = app.partnership().await;
    let many: Vec<Value> = (0..101).map(|n| item(&n.to_string(), "timers", json!({"minutes": 5}))).collect();
    p.phone().post("/app/v1/sync", json!({"items": many})).await.refused(422, "invalid");
    let mut odd = item("k", "timers", json!({}));
    odd["method"] = json!("DELETE");
    // One that is malformed is refused by itself: a cry for help beside it is heard.
    let beside = item("h", "help-now", json!({"recorded_at": app.now_text(), "note": "", "location": {"lat": 91}}));
    assert_eq!(statuses(&sync(&p, json!({"items": [odd, 5, beside]})).await), [422, 422, 201]);
    assert_eq!(p.alerts().await[0]["rule"], "help_now");
    p.sos().post("/app/v1/sync", json!({"items": []})).await.refused(401, "unauthenticated");
    assert_eq!(sync(&p, json!({"items": []})).await["items"], json!([]));
    // Only its own kinds of thing, however the path is written.
    for path in ["../partner/v1/alerts", "session/lock", "", "check-ins/next", "sync"] {
        assert_eq!(statuses(&sync(&p, json!({"items": [item("z", path, json!({}))]})).await), [422], "{path}");
    }
});

on_both!(what_was_said_before_a_check_in_opened_does_not_answer_it, |app| async {
    let p = app.partnership().await;
    p.schedule("21:00").await;
    let said = app.now_text();
    app.advance_to(crate::harness::instant("2026-11-21T20:30:00Z")).await;
    let old = json!([item("old", "check-ins", json!({"status": "safe", "recorded_at": said}))]);
    assert_eq!(statuses(&sync(&p, json!({"items": old})).await), [201]);
    assert_eq!(p.phone().get("/app/v1/check-ins/next").await.expect(200)["due_at"], "2026-11-21T21:00:00Z");
    // A phone whose clock is slow, and says so, is believed.
    let slow = app.now().plus_minutes(-120).to_string();
    let now = json!([item("new", "check-ins", json!({"status": "safe", "recorded_at": slow}))]);
    sync(&p, json!({"items": now, "sent_at": slow})).await;
    // Nobody gave a PIN as it was said: it stops the reminders, and the check-in is missed unless they do.
    let next = p.phone().get("/app/v1/check-ins/next").await.expect(200);
    assert_eq!((&next["state"], &next["is_proven"]), (&json!("safe"), &json!(false)), "{next}");
    let said = json!({"status": "safe", "recorded_at": app.now_text()});
    assert_eq!(p.phone().post("/app/v1/check-ins", said).await.expect(201)["is_proven"], true);
    assert_eq!(p.phone().get("/app/v1/check-ins/next").await.expect(200)["due_at"], "2026-11-22T21:00:00Z");
});

/// A timer that was started without signal, with what was done to it: in minutes before now, by the phone's clock.
fn offline(id: &str, minutes: i64, started: &str, acts: &[(&str, Value)]) -> Vec<Value> {
    let mut items = vec![item("start", "timers", json!({"id": id, "minutes": minutes, "recorded_at": started}))];
    for (number, (act, body)) in acts.iter().enumerate() {
        items.push(item(&format!("act-{number}"), &format!("timers/{id}/{act}"), body.clone()));
    }
    items
}

on_both!(a_timer_without_signal_runs_from_the_corrected_time_of_the_phone, |app| async {
    let p = app.partnership().await;
    // The phone is two hours slow, says so, and started the timer fifteen minutes ago.
    let phone = app.now().plus_minutes(-120);
    let id = uuid::Uuid::new_v4().to_string();
    let items = offline(&id, 20, &phone.plus_minutes(-15).to_string(), &[]);
    let answer = sync(&p, json!({"items": items, "sent_at": phone})).await;
    assert_eq!(answer["items"][0]["body"]["ends_at"], app.now().plus_minutes(5).to_string());
    // The same call again changes nothing.
    assert_eq!(
        sync(&p, json!({"items": items, "sent_at": phone})).await["items"][0]["body"],
        answer["items"][0]["body"]
    );
    app.advance(4).await;
    assert!(p.alerts().await.is_empty());
    app.advance(1).await;
    assert_eq!(p.alerts().await[0]["rule"], "timer_expired");
    app.leaves_retries();
});

on_both!(a_timer_that_was_ended_without_signal_in_time_raises_nothing, |app| async {
    let p = app.partnership().await;
    let at = |minutes: i64| app.now().plus_minutes(-minutes).to_string();
    let id = uuid::Uuid::new_v4().to_string();
    let acts = [("extend", json!({"minutes": 20, "recorded_at": at(45)})), ("end", json!({"recorded_at": at(25)}))];
    let mut items = offline(&id, 20, &at(60), &acts);
    // Something else between the two is no reason for an alarm.
    items.insert(1, item("between", "check-ins", json!({"status": "safe", "recorded_at": at(50)})));
    let answer = sync(&p, json!({"items": items, "sent_at": app.now_text()})).await;
    assert_eq!(statuses(&answer), [201, 201, 200, 200], "{answer}");
    assert_eq!(
        (&answer["items"][3]["body"]["state"], &answer["items"][3]["body"]["ended_at"]),
        (&json!("ended_safe"), &json!(at(25)))
    );
    app.advance(60).await;
    assert!(p.alerts().await.is_empty());
    let again = sync(&p, json!({"items": items, "sent_at": at(0)})).await;
    assert_eq!(again["items"][3]["body"]["state"], "ended_safe");
    assert!(p.alerts().await.is_empty());
});

on_both!(a_timer_that_was_ended_without_signal_too_late_or_not_at_all_alarms_at_once, |app| async {
    let p = app.partnership().await;
    let at = |minutes: i64| app.now().plus_minutes(-minutes).to_string();
    let late = uuid::Uuid::new_v4().to_string();
    let items = offline(&late, 20, &at(60), &[("end", json!({"recorded_at": at(30)}))]);
    let answer = sync(&p, json!({"items": items, "sent_at": app.now_text()})).await;
    assert_eq!((statuses(&answer), &answer["items"][1]["body"]["state"]), (vec![201, 200], &json!("expired")));
    app.settle().await;
    assert_eq!((p.alerts().await.len(), &p.alerts().await[0]["rule"]), (1, &json!("timer_expired")));
    // What was to come did not: the alarm waits a minute for it, and no longer.
    let lost = uuid::Uuid::new_v4().to_string();
    let mut items = offline(&lost, 20, &at(60), &[("end", json!({"recorded_at": "nonsense"}))]);
    items[0]["idempotency_key"] = json!("lost-1");
    items[1]["idempotency_key"] = json!("lost-2");
    let answer = sync(&p, json!({"items": items, "sent_at": app.now_text()})).await;
    assert_eq!(statuses(&answer), [201, 422]);
    app.advance(1).await;
    assert_eq!(p.phone().get(&format!("/app/v1/timers/{lost}")).await.expect(200)["state"], "missed");
    app.leaves_retries();
});
