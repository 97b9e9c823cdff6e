//! Where a survivor is: kept only as they agreed, and never a reason to refuse what it came with.

use serde_json::{Value, json};

use crate::harness::{Caller, Partnership, TestApp, on_both, partnership, text};

fn place() -> Value {
    json!({"lat": 53.3811, "lon": -1.4701, "accuracy_m": 12.0})
}

/// How many check-ins and timers hold a location.
async fn held(app: &TestApp) -> i64 {
    use diesel::{ExpressionMethods as _, QueryDsl as _, RunQueryDsl as _};
    use holdfast::db::schema::{check_ins, timers};
    let count = app.inner.db.read(|conn| {
        let answers = check_ins::table.filter(check_ins::location.is_not_null()).count().get_result::<i64>(conn)?;
        Ok(answers + timers::table.filter(timers::location.is_not_null()).count().get_result::<i64>(conn)?)
    });
    count.await.unwrap()
}

/// Sends a location in every way that is no cry for help.
async fn send_each_way(app: &TestApp, phone: &Caller) {
    let said = json!({"status": "safe", "location": place(), "recorded_at": app.now_text()});
    phone.post("/app/v1/check-ins", said.clone()).await.expect(201);
    phone.post("/app/v1/timers", json!({"minutes": 600, "location": place()})).await.expect(201);
    let item = json!({"idempotency_key": format!("kept-{}", app.now_text()), "method": "POST",
        "path": "/app/v1/check-ins", "body": said});
    let synced = phone.post("/app/v1/sync", json!({"items": [item]})).await.expect(200);
    assert_eq!(synced["items"][0]["status"], 201, "{synced}");
}

async fn press(app: &TestApp, p: &Partnership) {
    let pressed = json!({"location": place(), "recorded_at": app.now_text()});
    p.phone().post("/app/v1/help-now", pressed.clone()).await.expect(201);
    p.sos().post("/app/v1/help-now", pressed).await.expect(201);
    app.settle().await;
}

on_both!(a_location_that_was_not_agreed_to_is_dropped_and_nothing_is_refused, |app| async {
    let p = app.partnership().await;
    p.consent(&["alert.police.help_now"]).await;
    send_each_way(app, p.phone()).await;
    press(app, &p).await;
    assert_eq!(held(app).await, 0);
    assert!(p.police.received().iter().all(|message| message.json()["data"].get("location").is_none()));
});

on_both!(a_location_that_was_agreed_to_is_kept, |app| async {
    let p = app.partnership().await;
    p.consent(&["location.moment"]).await;
    send_each_way(app, p.phone()).await;
    assert_eq!(held(app).await, 3);
    press(app, &p).await;
    assert_eq!(held(app).await, 5);
    // Turned off, it is kept until the delay has passed, as the phone is told.
    p.decide("location.moment", false).await;
    app.advance(1).await;
    send_each_way(app, p.phone()).await;
    assert_eq!(held(app).await, 8);
    app.advance(24 * 60).await;
    send_each_way(app, p.phone()).await;
    assert_eq!(held(app).await, 8);
    app.leaves_retries();
});

on_both!(where_an_alert_was_raised_is_kept_for_the_officer_whom_the_survivor_lets_read_it, |app| async {
    let p = app.partnership().await;
    p.consent(&["alert.police.help_now", "location.release_alert"]).await;
    send_each_way(app, p.phone()).await;
    assert_eq!(held(app).await, 0);
    press(app, &p).await;
    assert_eq!(held(app).await, 2);
    assert_eq!(p.police.messages()[0].json()["data"]["location"], json!({"available": true}));
});

on_both!(how_full_the_battery_is_reaches_the_advocate, |app| async {
    let p = app.partnership().await;
    let said = |battery: i32| json!({"status": "safe", "battery": battery, "recorded_at": app.now_text()});
    for wrong in [-1, 101] {
        p.phone().post("/app/v1/check-ins", said(wrong)).await.refused(422, "invalid");
    }
    p.phone().post("/app/v1/check-ins", said(7)).await.expect(201);
    let pressed = json!({"battery": 3, "recorded_at": app.now_text()});
    text(&p.sos().post("/app/v1/help-now", pressed).await.expect(201)["alert"], "id");
    let seen = p.advocate.list(&format!("/partner/v1/survivors/{}/check-ins", p.survivor.id)).await;
    let levels: Vec<_> = seen.iter().map(|row| row["battery"].as_i64().unwrap()).collect();
    assert_eq!(levels, [3, 7]);
});

on_both!(police_are_told_in_the_area_that_the_phone_names_with_its_place, |app| async {
    let p = app.partnership().await;
    let body = json!({"kind": "police_force", "name": "Sussex Police", "force_id": "sussex"});
    let id = partnership::organisation(&p.admin, body).await;
    let sussex = app.police();
    partnership::endpoint(&p.admin, &id, &sussex).await;
    p.consent(&["alert.police.help_now"]).await;
    let there = json!({"lat": 50.82, "lon": -0.14, "force_id": "sussex"});
    let press = async || {
        p.sos().post("/app/v1/help-now", json!({"location": there})).await.expect(201);
        app.settle().await;
        (sussex.messages().len(), p.police.messages().len())
    };
    // Where they are may not be kept: it decides nothing.
    assert_eq!(press().await, (0, 1));
    p.consent(&["location.release_alert", "location.moment"]).await;
    // The home force holds the alert, and is notified of what follows.
    assert_eq!(press().await, (1, 2));
    let path = "/app/v1/timers";
    let wrong = json!({"lat": 50.82, "lon": -0.14, "force_id": "atlantis"});
    p.phone().post(path, json!({"minutes": 10, "location": wrong})).await.refused(422, "invalid");
    p.phone().post(path, json!({"minutes": 10, "location": there})).await.expect(201);
    app.advance(11).await;
    let alert = p.alerts().await.into_iter().find(|alert| alert["rule"] == "timer_expired").unwrap();
    let forces: Vec<String> = alert["forces"].as_array().unwrap().iter().map(|force| text(force, "force_id")).collect();
    assert_eq!(forces, ["sussex"], "{alert}");
});
