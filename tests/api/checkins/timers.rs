//! Timers over HTTP: ended in time, extended, run out.

use serde_json::{Value, json};

use crate::harness::{Partnership, on_both, text};

async fn start(p: &Partnership, minutes: i64) -> String {
    let body = json!({"minutes": minutes, "note": "Walking home"});
    text(&p.phone().post("/app/v1/timers", body).await.expect(201), "id")
}

async fn act(p: &Partnership, id: &str, act: &str, body: Value) -> crate::harness::Reply {
    p.phone().post(&format!("/app/v1/timers/{id}/{act}"), body).await
}

on_both!(a_timer_that_is_ended_in_time_raises_nothing, |app| async {
    let p = app.partnership().await;
    let id = start(&p, 20).await;
    app.advance(19).await;
    let extended = act(&p, &id, "extend", json!({"minutes": 10})).await.expect(200);
    assert_eq!((&extended["ends_at"], &extended["extensions"]), (&json!("2026-11-21T12:30:00Z"), &json!(1)));
    app.advance(10).await;
    assert_eq!(act(&p, &id, "end", json!({})).await.expect(200)["state"], "ended_safe");
    act(&p, &id, "end", json!({})).await.refused(409, "wrong_state");
    act(&p, &id, "extend", json!({"minutes": 5})).await.refused(409, "wrong_state");
    app.advance(60).await;
    assert!(p.alerts().await.is_empty());
    let listed = p.phone().list("/app/v1/timers").await;
    assert_eq!((listed.len(), &listed[0]["note"]), (1, &json!("Walking home")));
});

on_both!(a_timer_that_runs_out_reaches_the_police_on_the_fast_ladder, |app| async {
    let p = app.partnership().await;
    p.consent(&["alert.police.missed"]).await;
    let id = start(&p, 20).await;
    app.advance(20).await;
    let alerts = p.alerts().await;
    assert_eq!((alerts.len(), &alerts[0]["rule"], &alerts[0]["level"]), (1, &json!("timer_expired"), &json!(3)));
    assert!(!p.tasks("call_survivor").await.is_empty());
    assert_eq!(p.phone().get(&format!("/app/v1/timers/{id}")).await.expect(200)["state"], "expired");
    app.advance(14).await;
    assert!(p.police.received().is_empty());
    app.advance(1).await;
    let received = p.police.received();
    assert_eq!((received.len(), &received[0].json()["data"]["event"]), (1, &json!("timer_expired")));
    assert_eq!(p.phone().get(&format!("/app/v1/timers/{id}")).await.expect(200)["state"], "missed");
});

on_both!(ending_a_timer_late_is_kept_and_closes_nothing, |app| async {
    let p = app.partnership().await;
    let id = start(&p, 20).await;
    app.advance(22).await;
    let ended = act(&p, &id, "end", json!({})).await.expect(200);
    assert_eq!((&ended["state"], ended["ended_at"].is_string()), (&json!("expired"), true));
    act(&p, &id, "extend", json!({"minutes": 5})).await.refused(409, "wrong_state");
    app.advance(5).await;
    let alert = p.alerts().await.remove(0);
    assert_eq!(alert["state"], "open");
    // Heard of since, so never missed.
    app.advance(30).await;
    assert_eq!(p.phone().get(&format!("/app/v1/timers/{id}")).await.expect(200)["state"], "expired");
});

on_both!(help_now_after_a_timer_ran_out_is_an_emergency_of_its_own, |app| async {
    let p = app.partnership().await;
    let id = start(&p, 20).await;
    app.advance(21).await;
    p.help_now().await;
    let mut levels: Vec<i64> = p.alerts().await.iter().map(|alert| alert["level"].as_i64().unwrap()).collect();
    levels.sort_unstable();
    assert_eq!(levels, [3, 4]);
    assert_eq!(p.phone().get(&format!("/app/v1/timers/{id}")).await.expect(200)["state"], "help_now");
});

on_both!(a_timer_runs_a_day_at_most_and_is_its_owners_alone, |app| async {
    let p = app.partnership().await;
    for minutes in [0, -1, 1441] {
        p.phone().post("/app/v1/timers", json!({"minutes": minutes})).await.refused(422, "invalid");
    }
    let id = start(&p, 1_000).await;
    act(&p, &id, "extend", json!({"minutes": 441})).await.refused(422, "invalid");
    act(&p, &id, "extend", json!({"minutes": 440})).await.expect(200);
    p.sos().post("/app/v1/timers", json!({"minutes": 5})).await.refused(401, "unauthenticated");
    let other = crate::harness::partnership::survivor(&app.http, &p.advocate, "high").await;
    other.phone.session.post(&format!("/app/v1/timers/{id}/end"), json!({})).await.refused(404, "not_found");
    act(&p, &id, "end", json!({})).await.expect(200);
});

on_both!(a_timer_that_was_ended_late_and_resolved_raises_nothing_more, |app| async {
    let p = app.partnership().await;
    let id = start(&p, 20).await;
    app.advance(22).await;
    act(&p, &id, "end", json!({})).await.expect(200);
    let alert = text(&p.alerts().await[0], "id");
    p.act(&alert, "resolve", json!({"note": "They are home"})).await.expect(200);
    app.advance(30).await;
    assert_eq!(p.alerts().await.len(), 1);
});

on_both!(a_timer_runs_from_when_the_phone_recorded_it_and_never_longer_than_asked, |app| async {
    let p = app.partnership().await;
    let start = async |minutes: i64, recorded_at: holdfast::db::Instant| {
        let body = json!({"minutes": minutes, "recorded_at": recorded_at});
        p.phone().post("/app/v1/timers", body).await.expect(201)
    };
    let made = start(10, app.now().plus_minutes(-7)).await;
    assert_eq!(
        (&made["started_at"], &made["ends_at"]),
        (&json!("2026-11-21T11:53:00Z"), &json!("2026-11-21T12:03:00Z"))
    );
    // A phone that is fast starts none in the future, and one that has lost its time none in 1970.
    for recorded_at in [app.now().plus_minutes(40), "1970-01-01T00:00:00Z".parse().unwrap()] {
        assert_eq!(start(10, recorded_at).await["ends_at"], "2026-11-21T12:10:00Z");
    }
    assert!(p.alerts().await.is_empty());
    app.advance(3).await;
    assert_eq!(p.alerts().await[0]["rule"], "timer_expired");
});

on_both!(a_timer_that_has_run_out_when_it_arrives_alarms_at_once, |app| async {
    let p = app.partnership().await;
    let body = json!({"minutes": 20, "recorded_at": app.now().plus_minutes(-30)});
    let made = p.phone().post("/app/v1/timers", body).await.expect(201);
    assert_eq!((&made["state"], &made["ends_at"]), (&json!("expired"), &json!("2026-11-21T11:50:00Z")));
    app.settle().await;
    let alerts = p.alerts().await;
    assert_eq!((alerts.len(), &alerts[0]["rule"], &alerts[0]["level"]), (1, &json!("timer_expired"), &json!(3)));
    app.leaves_retries();
});

on_both!(a_phone_may_make_the_id_of_a_timer_and_nobody_learns_of_anothers, |app| async {
    let p = app.partnership().await;
    let id = uuid::Uuid::new_v4().to_string();
    let body = |minutes: i64| json!({"id": id, "minutes": minutes});
    let made = p.phone().post("/app/v1/timers", body(20)).await.expect(201);
    assert_eq!(made["id"], json!(id));
    // The same id again, under another key, is the same timer.
    assert_eq!(p.phone().post("/app/v1/timers", body(30)).await.expect(201), made);
    assert_eq!(p.phone().list("/app/v1/timers").await.len(), 1);
    assert_eq!(p.phone().get(&format!("/app/v1/timers/{id}")).await.expect(200), made);
    // Somebody else with the same id has a timer of their own.
    let other = crate::harness::partnership::survivor(&app.http, &p.advocate, "high").await;
    let session = &other.phone.session;
    session.get(&format!("/app/v1/timers/{id}")).await.refused(404, "not_found");
    let theirs = session.post("/app/v1/timers", body(60)).await.expect(201);
    assert_eq!((&theirs["id"], &theirs["ends_at"]), (&json!(id), &json!("2026-11-21T13:00:00Z")));
    session.post(&format!("/app/v1/timers/{id}/end"), json!({})).await.expect(200);
    assert_eq!(act(&p, &id, "extend", json!({"minutes": 5})).await.expect(200)["extensions"], 1);
    assert_eq!(act(&p, &id, "end", json!({})).await.expect(200)["state"], "ended_safe");
    // Nor does an id that the server made tell of anybody else's.
    let server = start(&p, 10).await;
    session.post("/app/v1/timers", json!({"id": server, "minutes": 5})).await.expect(201);
    session.post(&format!("/app/v1/timers/{server}/end"), json!({})).await.expect(200);
    act(&p, &server, "end", json!({})).await.expect(200);
    p.phone().post("/app/v1/timers", json!({"id": "mine", "minutes": 5})).await.refused(422, "invalid");
});
