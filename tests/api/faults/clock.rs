//! A wall clock that jumps by an hour, forwards and back: an emergency goes on being told.

use serde_json::json;

use crate::harness::{Answer, instant, on_both, text};

on_both!(an_hour_forwards_loses_nothing_and_tells_nothing_twice, |app| async {
    let p = app.partnership().await;
    p.consent(&["alert.police.help_now", "alert.police.missed"]).await;
    p.schedule("12:30").await;
    p.police.answers_next(&[Answer::Status(500)]);
    // The SOS token answers no check-in, so the one that is open goes on waiting.
    p.sos().post("/app/v1/help-now", json!({"recorded_at": app.now_text()})).await.expect(201);
    app.settle().await;
    // Past the retry, the schedule's grace and several steps of the ladder, all at once.
    app.outage(60).await;
    let alerts = p.alerts().await;
    let rules: Vec<&str> = alerts.iter().map(|alert| alert["rule"].as_str().unwrap()).collect();
    assert_eq!(rules, ["missed_check_in", "help_now"]);
    let messages = p.police.messages();
    assert_eq!(messages.len(), 1, "one message, however often it was tried");
    assert!(p.police.received().len() >= 2);
});

on_both!(days_forwards_and_back_leave_no_day_unwatched, |app| async {
    let p = app.partnership().await;
    p.schedule("21:00").await;
    let next_due = || async { text(&p.phone().get("/app/v1/check-ins/next").await.expect(200), "due_at") };
    assert_eq!(next_due().await, "2026-11-21T21:00:00Z");
    app.outage(3 * 24 * 60).await;
    assert_eq!(p.alerts().await.len(), 1, "the fast clock makes misses of what has not come");
    app.inner.clock.jump_to(instant("2026-11-21T13:00:00Z"));
    app.settle().await;
    assert_eq!(next_due().await, "2026-11-21T21:00:00Z");
    app.advance_to(instant("2026-11-21T21:10:00Z")).await;
    let body = json!({"status": "safe", "recorded_at": app.now_text()});
    let answered = p.phone().post("/app/v1/check-ins", body).await.expect(201);
    assert_eq!(answered["state"], "safe");
    // The next day is watched as well, and who is silent then is heard.
    assert_eq!(next_due().await, "2026-11-22T21:00:00Z");
    let alert = format!("/partner/v1/alerts/{}", text(&p.alerts().await[0], "id"));
    let closing = json!({"note": "The clock was wrong; rang and spoke to them."});
    p.advocate.post(&format!("{alert}/stand-down"), closing).await.expect(200);
    app.advance_to(instant("2026-11-22T21:40:00Z")).await;
    let open: Vec<_> = p.alerts().await.into_iter().filter(|alert| alert["state"] == "open").collect();
    assert_eq!(open.len(), 1);
    assert_eq!(open[0]["rule"], "missed_check_in");
    assert_eq!(next_due().await, "2026-11-23T21:00:00Z");
});

on_both!(a_timer_that_a_fast_clock_let_run_out_runs_on, |app| async {
    let p = app.partnership().await;
    let timer = p.phone().post("/app/v1/timers", json!({"minutes": 60})).await.expect(201);
    app.outage(120).await;
    assert_eq!(p.alerts().await[0]["rule"], "timer_expired");
    app.inner.clock.jump_to(instant("2026-11-21T12:10:00Z"));
    app.settle().await;
    let own = p.phone().list("/app/v1/timers").await;
    assert_eq!((&own[0]["state"], &own[0]["ends_at"]), (&json!("running"), &timer["ends_at"]));
    let closing = json!({"note": "The clock was wrong; rang and spoke to them."});
    let alert = format!("/partner/v1/alerts/{}", text(&p.alerts().await[0], "id"));
    p.advocate.post(&format!("{alert}/stand-down"), closing).await.expect(200);
    app.advance(50).await;
    let open: Vec<_> = p.alerts().await.into_iter().filter(|alert| alert["state"] == "open").collect();
    assert_eq!((open.len(), &open[0]["rule"]), (1, &json!("timer_expired")));
});

on_both!(an_hour_back_delays_no_emergency, |app| async {
    let p = app.partnership().await;
    p.consent(&["alert.police.help_now"]).await;
    p.police.answers_next(&[Answer::Status(500)]);
    p.help_now().await;
    app.settle().await;
    assert_eq!(p.police.received().len(), 1);
    app.inner.clock.jump_to(instant("2026-11-21T11:00:00Z"));
    app.settle().await;
    // The retry stood an hour ahead; no retry may, so it is made now.
    assert_eq!(p.police.received().len(), 2);
    // The climb goes on: within five minutes everybody is told again.
    let steps = |alert: &serde_json::Value| alert["steps"].as_array().unwrap().len();
    let id = p.alerts().await[0]["id"].as_str().unwrap().to_owned();
    let path = format!("/partner/v1/alerts/{id}");
    let before = steps(&p.advocate.get(&path).await.expect(200));
    app.advance(6).await;
    assert!(steps(&p.advocate.get(&path).await.expect(200)) > before);
    // The SOS token needs no clock.
    p.sos().post("/app/v1/help-now", json!({"recorded_at": app.now_text()})).await.expect(201);
    app.settle().await;
});
