//! Schedules over HTTP: by rule, resting, ended; and what they tell of the worst case.

use diesel::prelude::*;
use holdfast::db::schema::schedules;
use serde_json::{Value, json};

use crate::harness::{Partnership, TestApp, instant, on_both, text};

fn path(p: &Partnership) -> String {
    format!("/partner/v1/survivors/{}/schedules", p.survivor.id)
}

async fn make(p: &Partnership, more: Value) -> Value {
    let mut body = json!({"time_zone": "Europe/London", "opens_minutes_before": 60, "grace_minutes": 30});
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    p.advocate.post(&path(p), body).await.expect(201)
}

async fn act(p: &Partnership, schedule: &Value, act: &str, body: Value) -> crate::harness::Reply {
    p.advocate.post(&format!("{}/{}/{act}", path(p), text(schedule, "id")), body).await
}

async fn next_due(p: &Partnership) -> Option<String> {
    let reply = p.phone().get("/app/v1/check-ins/next").await;
    (reply.status == 200).then(|| text(&reply.json(), "due_at"))
}

on_both!(a_rule_makes_slots_and_ends_its_schedule_when_it_runs_out, |app| async {
    let p = app.partnership().await;
    let made =
        make(&p, json!({"rrule": "FREQ=WEEKLY;BYDAY=MO,TH;COUNT=2", "starts_at_local": "2026-11-23T21:00"})).await;
    assert_eq!(made["next_due_at"], "2026-11-23T21:00:00Z");
    app.advance_to(instant("2026-11-23T21:10:00Z")).await;
    answer_safe(app, &p).await;
    assert_eq!(next_due(&p).await.as_deref(), Some("2026-11-26T21:00:00Z"));
    app.advance_to(instant("2026-11-26T21:10:00Z")).await;
    answer_safe(app, &p).await;
    assert_eq!(next_due(&p).await, None);
    let own = p.phone().get("/app/v1/schedules").await.expect(200);
    assert_eq!((&own["items"][0]["state"], &own["items"][0]["reason"]), (&json!("ended"), &json!("rule_has_run_out")));
});

async fn answer_safe(app: &TestApp, p: &Partnership) {
    let body = json!({"status": "safe", "recorded_at": app.now_text()});
    p.phone().post("/app/v1/check-ins", body).await.expect(201);
}

on_both!(a_schedule_tells_the_worst_case_from_an_answer_to_an_alert, |app| async {
    let p = app.partnership().await;
    let daily = make(&p, json!({"local_times": ["21:00"]})).await;
    // The longest day of the year has 25 hours; the window and the grace come on top.
    assert_eq!(daily["worst_case_minutes_to_alert"], 25 * 60 + 60 + 30);
    let weekly = make(&p, json!({"local_times": ["21:00"], "weekdays": ["mo"]})).await;
    assert_eq!(weekly["worst_case_minutes_to_alert"], (7 * 24 + 1) * 60 + 90);
    assert_eq!(p.advocate.list(&path(&p)).await.len(), 2);
});

on_both!(a_schedule_that_rests_makes_no_slot_and_runs_on_by_itself, |app| async {
    let p = app.partnership().await;
    let made = make(&p, json!({"local_times": ["21:00"]})).await;
    let until = "2026-11-25T12:00:00Z";
    let paused =
        act(&p, &made, "pause", json!({"until": until, "reason": "in_hospital", "is_asked_by_survivor": false}))
            .await
            .expect(200);
    assert_eq!((&paused["state"], &paused["paused_until"]), (&json!("paused"), &json!(until)));
    assert_eq!(next_due(&p).await, None);
    act(&p, &made, "pause", json!({"until": until, "reason": "again", "is_asked_by_survivor": false}))
        .await
        .refused(409, "wrong_state");
    app.advance_to(instant("2026-11-25T11:59:00Z")).await;
    assert!(p.alerts().await.is_empty());
    app.advance_to(instant(until)).await;
    assert_eq!(next_due(&p).await.as_deref(), Some("2026-11-25T21:00:00Z"));
    act(&p, &made, "resume", json!({})).await.refused(409, "wrong_state");
    let rest = act(
        &p,
        &made,
        "pause",
        json!({"until": "2026-11-30T12:00:00Z", "reason": "away", "is_asked_by_survivor": false}),
    )
    .await;
    rest.expect(200);
    let resumed = act(&p, &made, "resume", json!({})).await.expect(200);
    assert_eq!(resumed["next_due_at"], "2026-11-25T21:00:00Z");
    for wrong in ["2026-11-20T12:00:00Z", "2028-01-01T00:00:00Z"] {
        act(&p, &made, "pause", json!({"until": wrong, "reason": "away", "is_asked_by_survivor": false}))
            .await
            .refused(422, "invalid");
    }
});

on_both!(a_pause_that_the_survivor_asks_for_takes_that_somebody_has_spoken_with_them, |app| async {
    let p = app.partnership().await;
    let made = text(&p.schedule("20:00").await, "id");
    let path = format!("/partner/v1/survivors/{}/schedules/{made}/pause", p.survivor.id);
    let mut body = json!({"until": "2026-11-30T12:00:00Z", "reason": "away"});
    body["is_asked_by_survivor"] = json!(true);
    p.advocate.post(&path, body.clone()).await.refused(409, "guard_not_met");
    body["spoke_to_survivor"] = json!(true);
    assert_eq!(p.advocate.post(&path, body).await.expect(200)["state"], "paused");
});

on_both!(a_pause_hides_no_silence_that_has_begun, |app| async {
    let p = app.partnership().await;
    let made = make(&p, json!({"local_times": ["21:00"]})).await;
    app.advance_to(instant("2026-11-21T21:05:00Z")).await;
    act(&p, &made, "pause", json!({"until": "2026-11-30T12:00:00Z", "reason": "away", "is_asked_by_survivor": false}))
        .await
        .expect(200);
    app.advance_to(instant("2026-11-21T21:30:00Z")).await;
    assert_eq!(p.alerts().await[0]["rule"], "missed_check_in");
    assert_eq!(next_due(&p).await, None);
    act(&p, &made, "resume", json!({})).await.expect(200);
    assert_eq!(next_due(&p).await.as_deref(), Some("2026-11-22T21:00:00Z"));
    app.leaves_retries();
});

on_both!(an_ended_schedule_stays_ended, |app| async {
    let p = app.partnership().await;
    let made = make(&p, json!({"local_times": ["21:00"]})).await;
    act(&p, &made, "end", json!({"reason": "agreed"})).await.expect(200);
    for (name, body) in [
        ("end", json!({"reason": "again"})),
        ("resume", json!({})),
        ("pause", json!({"until": "2026-11-25T12:00:00Z", "reason": "away", "is_asked_by_survivor": false})),
    ] {
        act(&p, &made, name, body).await.refused(409, "wrong_state");
    }
    app.advance(3 * 24 * 60).await;
    assert!(p.alerts().await.is_empty());
    act(&p, &json!({"id": uuid::Uuid::new_v4()}), "end", json!({"reason": "x"})).await.refused(404, "not_found");
});

on_both!(a_rule_that_cannot_be_is_refused_with_the_field, |app| async {
    let p = app.partnership().await;
    let cases = [
        (json!({"rrule": "FREQ=DAILY"}), "/starts_at_local"),
        (json!({"starts_at_local": "2026-11-23T21:00"}), "/rrule"),
        (json!({"rrule": "FREQ=HOURLY", "starts_at_local": "2026-11-23T21:00"}), "/rrule"),
        (json!({"rrule": "nonsense", "starts_at_local": "2026-11-23T21:00"}), "/rrule"),
        (json!({"rrule": "FREQ=DAILY", "starts_at_local": "2026-11-23"}), "/starts_at_local"),
        (json!({"rrule": "FREQ=DAILY;COUNT=1", "starts_at_local": "2026-01-01T09:00"}), "/rrule"),
        (json!({"rrule": "FREQ=DAILY", "starts_at_local": "2020-01-01T09:00"}), "/starts_at_local"),
        (json!({"rrule": "FREQ=DAILY", "starts_at_local": "2026-11-23T21:00", "local_times": ["09:00"]}), "/rrule"),
        (json!({"local_times": ["09:00"], "quiet_hours": {"from": "23:00", "until": "23:00"}}), "/quiet_hours/until"),
        (json!({}), "/local_times"),
    ];
    for (change, pointer) in cases {
        let mut body = json!({"time_zone": "Europe/London", "opens_minutes_before": 60, "grace_minutes": 30});
        body.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        let problem = p.advocate.post(&path(&p), body).await.refused(422, "invalid");
        assert_eq!(problem["errors"][0]["pointer"], pointer, "{change}");
    }
});

on_both!(a_pause_after_an_early_answer_ends_with_the_next_slot, |app| async {
    let p = app.partnership().await;
    let made = make(&p, json!({"local_times": ["21:00"]})).await;
    app.advance_to(instant("2026-11-21T20:15:00Z")).await;
    answer_safe(app, &p).await;
    act(&p, &made, "pause", json!({"until": "2026-11-21T20:40:00Z", "reason": "away", "is_asked_by_survivor": false}))
        .await
        .expect(200);
    app.advance_to(instant("2026-11-21T20:40:00Z")).await;
    assert_eq!(next_due(&p).await.as_deref(), Some("2026-11-22T21:00:00Z"));
});

on_both!(a_schedule_that_can_no_longer_be_read_runs_on_and_an_advocate_hears_that_it_watches_nothing, |app| async {
    let p = app.partnership().await;
    let made = make(&p, json!({"local_times": ["21:00"]})).await;
    act(
        &p,
        &made,
        "pause",
        json!({"until": "2026-11-22T12:00:00Z", "reason": "in_hospital", "is_asked_by_survivor": false}),
    )
    .await
    .expect(200);
    app.writes_records();
    let spoil = |conn: &mut holdfast::db::DbConn| {
        let lost = schedules::time_zone.eq("Europe/Nowhere");
        Ok(diesel::update(schedules::table).set(lost).execute(conn)?)
    };
    assert_eq!(app.inner.db.write(spoil).await.unwrap(), 1);
    app.advance_to(instant("2026-11-22T12:00:00Z")).await;
    let told = p.tasks("schedule_ran_out").await;
    assert_eq!((told.len(), &told[0]["detail"]["schedule_id"]), (1, &made["id"]));
    // Once, and not at each look.
    app.advance(60).await;
    assert_eq!(p.tasks("schedule_ran_out").await.len(), 1);
});
