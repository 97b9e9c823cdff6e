//! What a survivor knows and can change: the PIN, the duress PIN, and the code word, which changes slowly.

use diesel::prelude::*;
use holdfast::db::schema::check_ins;
use serde_json::{Value, json};

use crate::harness::partnership::{CODE_WORD, PIN, enrol_with, way};
use crate::harness::{Caller, Partnership, Reply, TestApp, Way, on_both, text};

const CHANGE: &str = "/app/v1/session/pin";

async fn unlock(app: &TestApp, phone: &Caller, pin: &str) -> Reply {
    let Way::Phone { device_id, device_secret, .. } = &phone.way else { panic!("a phone is a phone") };
    let body = json!({"device_id": device_id, "device_secret": device_secret, "pin": pin});
    app.http.nobody().post("/app/v1/session/unlock", body).await
}

async fn device_risks(p: &Partnership) -> usize {
    let alerts = p.alerts().await;
    let risk = alerts.iter().find(|alert| alert["rule"] == "device_risk");
    risk.map_or(0, |risk| risk["triggers"].as_array().map_or(0, Vec::len))
}

on_both!(a_pin_is_changed_with_the_one_before_and_the_advocate_is_told, |app| async {
    let p = app.partnership().await;
    p.phone().post(CHANGE, json!({"pin": "0000", "new_pin": "6038"})).await.refused(403, "wrong_pin");
    p.phone().post(CHANGE, json!({"pin": PIN, "new_pin": "60"})).await.refused(422, "invalid");
    p.phone().post(CHANGE, json!({"pin": PIN, "new_pin": "6038"})).await.expect(204);
    unlock(app, p.phone(), PIN).await.refused(401, "unauthenticated");
    unlock(app, p.phone(), "6038").await.expect(200);
    assert_eq!(device_risks(&p).await, 1);
    // A duress PIN can be set later, and differs from the PIN.
    let duress = |pin: &str| json!({"pin": "6038", "new_duress_pin": pin});
    p.phone().post(CHANGE, duress("6038")).await.refused(422, "invalid");
    p.phone().post(CHANGE, duress("7305")).await.expect(204);
    unlock(app, p.phone(), "7305").await.expect(200);
    assert!(p.alerts().await.iter().any(|alert| alert["rule"] == "duress"));
    p.phone().post(CHANGE, json!({"pin": "6038", "new_pin": "7305"})).await.refused(422, "invalid");
    app.leaves_retries();
});

on_both!(under_duress_a_new_pin_opens_the_decoy_and_everything_genuine_goes_on, |app| async {
    let p = app.partnership().await;
    let enrolled = enrol_with(&app.http, &p.advocate, &p.survivor.id, json!({"duress_pin": "7305"})).await;
    let forced = Caller::new(&app.http, way(&enrolled, "7305"));
    let told = json!({"status": "concern", "note": "Xanthippe", "recorded_at": app.now_text()});
    Caller::new(&app.http, way(&enrolled, PIN)).post("/app/v1/check-ins", told).await.expect(201);
    forced.post(CHANGE, json!({"pin": "7305", "new_pin": "9911", "new_code_word": "forced"})).await.expect(204);
    unlock(app, &forced, "7305").await.refused(401, "unauthenticated");
    let seen = Caller::new(&app.http, way(&enrolled, "9911")).get("/app/v1/check-ins").await;
    assert!(seen.status == 200 && !seen.body.contains("Xanthippe"), "{}", seen.body);
    let genuine = Caller::new(&app.http, way(&enrolled, PIN)).get("/app/v1/check-ins").await;
    assert!(genuine.body.contains("Xanthippe"), "{}", genuine.body);
    app.advance(25 * 60).await;
    let alert = text(&p.help_now().await, "id");
    p.act(&alert, "resolve", json!({"note": "Safe.", "code_word": "forced"})).await.refused(409, "code_word_needed");
    app.leaves_retries();
});

on_both!(
    a_pin_that_a_session_under_duress_made_its_other_one_opens_what_is_genuine_once_the_survivor_chooses_it,
    |app| async {
        let p = app.partnership().await;
        let enrolled = enrol_with(&app.http, &p.advocate, &p.survivor.id, json!({"duress_pin": "7305"})).await;
        let with = |pin: &str| Caller::new(&app.http, way(&enrolled, pin));
        let told = json!({"status": "concern", "note": "Xanthippe", "recorded_at": app.now_text()});
        with(PIN).post("/app/v1/check-ins", told).await.expect(201);
        with("7305").post(CHANGE, json!({"pin": "7305", "new_duress_pin": "2468"})).await.expect(204);
        assert!(!with("2468").get("/app/v1/check-ins").await.body.contains("Xanthippe"));
        with(PIN).post(CHANGE, json!({"pin": PIN, "new_pin": "2468"})).await.expect(204);
        let genuine = with("2468").get("/app/v1/check-ins").await;
        assert!(genuine.body.contains("Xanthippe"), "{}", genuine.body);
        app.leaves_retries();
    }
);

on_both!(a_duress_pin_that_is_set_under_duress_opens_a_session_as_anywhere, |app| async {
    let p = app.partnership().await;
    let enrolled = enrol_with(&app.http, &p.advocate, &p.survivor.id, json!({"duress_pin": "7305"})).await;
    let genuine = Caller::new(&app.http, way(&enrolled, PIN));
    let told = json!({"status": "concern", "note": "Xanthippe", "recorded_at": app.now_text()});
    genuine.post("/app/v1/check-ins", told).await.expect(201);
    let forced = Caller::new(&app.http, way(&enrolled, "7305"));
    forced.post(CHANGE, json!({"pin": "7305", "new_duress_pin": "9999"})).await.expect(204);
    for pin in ["9999", "7305"] {
        let seen = Caller::new(&app.http, way(&enrolled, pin)).get("/app/v1/check-ins").await;
        assert!(seen.status == 200 && !seen.body.contains("Xanthippe"), "{pin}: {}", seen.body);
    }
    // As a genuine session may not use one PIN for both, this one may not; and it learns nothing of the survivor's own.
    forced.post(CHANGE, json!({"pin": "7305", "new_pin": "9999"})).await.refused(422, "invalid");
    forced.post(CHANGE, json!({"pin": "7305", "new_pin": "5150"})).await.expect(204);
    unlock(app, &forced, "9999").await.expect(200);
    assert!(genuine.get("/app/v1/check-ins").await.body.contains("Xanthippe"));
    // What the survivor sets counts alone.
    genuine.post(CHANGE, json!({"pin": PIN, "new_duress_pin": "8642"})).await.expect(204);
    unlock(app, &forced, "9999").await.refused(401, "unauthenticated");
    unlock(app, &forced, "8642").await.expect(200);
    app.settle().await;
});

on_both!(under_duress_the_genuine_pin_never_comes_to_open_the_decoy, |app| async {
    let p = app.partnership().await;
    let enrolled = enrol_with(&app.http, &p.advocate, &p.survivor.id, json!({"duress_pin": "7305"})).await;
    let told = json!({"status": "concern", "note": "Xanthippe", "recorded_at": app.now_text()});
    let genuine = Caller::new(&app.http, way(&enrolled, PIN));
    genuine.post("/app/v1/check-ins", told).await.expect(201);
    let forced = Caller::new(&app.http, way(&enrolled, "7305"));
    // It looks like the exchange of both in a genuine session.
    let exchange = json!({"pin": "7305", "new_pin": PIN, "new_duress_pin": "1111"});
    forced.post(CHANGE, exchange).await.expect(204);
    // Nor as the further duress PIN that a session under duress sets.
    forced.post(CHANGE, json!({"pin": "7305", "new_duress_pin": PIN})).await.expect(204);
    let seen = Caller::new(&app.http, way(&enrolled, PIN)).get("/app/v1/check-ins").await;
    assert!(seen.body.contains("Xanthippe"), "{}", seen.body);
    let decoy = Caller::new(&app.http, way(&enrolled, "7305")).get("/app/v1/check-ins").await;
    assert!(decoy.status == 200 && !decoy.body.contains("Xanthippe"), "{}", decoy.body);
    app.leaves_retries();
});

async fn close(p: &Partnership, alert: &Value, word: &str) -> Reply {
    p.act(&text(alert, "id"), "resolve", json!({"note": "Safe.", "code_word": word})).await
}

on_both!(a_code_word_changes_after_a_day_and_closes_nothing_that_was_raised_before, |app| async {
    let p = app.partnership().await;
    let before = p.help_now().await;
    p.phone().post(CHANGE, json!({"pin": PIN, "new_code_word": "snowdrop"})).await.expect(204);
    assert_eq!(device_risks(&p).await, 1);
    close(&p, &before, "snowdrop").await.refused(409, "code_word_needed");
    app.advance(24 * 60 + 1).await;
    // The word of when it was raised counts, however long it stays open.
    close(&p, &before, "snowdrop").await.refused(409, "code_word_needed");
    close(&p, &before, CODE_WORD).await.expect(200);
    let after = p.help_now().await;
    close(&p, &after, CODE_WORD).await.refused(409, "code_word_needed");
    close(&p, &after, "snowdrop").await.expect(200);
    app.leaves_retries();
});

/// A session whose PIN was given more than a quarter of an hour ago; its bearer.
async fn stale(app: &TestApp, phone: &Caller) -> String {
    let tokens = phone.tokens().await.unwrap();
    app.advance(16).await;
    let refresh = json!({"refresh_token": tokens["refresh_token"]});
    let fresh = app.http.nobody().post("/app/v1/session/refresh", refresh).await.expect(200);
    format!("Bearer {}", text(&fresh, "access_token"))
}

async fn send(app: &TestApp, bearer: &str, path: &str, body: Value) -> Reply {
    let key = uuid::Uuid::new_v4().to_string();
    let headers = [("authorization", bearer), ("idempotency-key", key.as_str())];
    app.http.send(reqwest::Method::POST, path, &headers, Some(&body)).await
}

fn said(app: &TestApp, status: &str) -> Value {
    json!({"status": status, "recorded_at": app.now_text()})
}

/// When the next reminder of an open check-in is due.
async fn remind_at(app: &TestApp) -> Option<holdfast::db::Instant> {
    let slots = check_ins::table.filter(check_ins::next_action_at.is_not_null()).select(check_ins::remind_at);
    app.inner.db.read(move |conn| Ok(slots.first::<Option<holdfast::db::Instant>>(conn)?)).await.unwrap()
}

on_both!(a_safe_without_a_pin_of_the_last_minutes_stops_the_reminders_and_no_alarm, |app| async {
    let p = app.partnership().await;
    p.schedule("13:00").await;
    let bearer = stale(app, p.phone()).await;
    assert!(remind_at(app).await.is_some());
    let kept = send(app, &bearer, "/app/v1/check-ins", said(app, "safe")).await.expect(201);
    assert_eq!((&kept["state"], &kept["is_proven"]), (&json!("safe"), &json!(false)), "{kept}");
    assert_eq!(remind_at(app).await, None);
    let next = p.phone().get("/app/v1/check-ins/next").await.expect(200);
    assert_eq!((&next["id"], &next["state"], &next["is_proven"]), (&kept["id"], &json!("safe"), &json!(false)));
    // Said again, also of a phone that was offline, it is no more than before.
    let item =
        json!({"idempotency_key": "k", "method": "POST", "path": "/app/v1/check-ins", "body": said(app, "safe")});
    let synced = p.phone().post("/app/v1/sync", json!({"items": [item]})).await.expect(200);
    assert_eq!(synced["items"][0]["body"]["is_proven"], false, "{synced}");
    app.advance(75).await;
    assert!(p.alerts().await.iter().any(|alert| alert["rule"] == "missed_check_in"));
    let listed = p.phone().list("/app/v1/check-ins").await;
    let missed = listed.iter().find(|row| row["id"] == kept["id"]).unwrap();
    let is = (&missed["state"], &missed["answer"], &missed["is_proven"]);
    assert_eq!(is, (&json!("missed"), &json!("safe"), &json!(false)));
    app.leaves_retries();
});

on_both!(a_safe_counts_once_the_pin_was_given_and_nothing_else_asks_for_one, |app| async {
    let p = app.partnership().await;
    p.schedule("13:00").await;
    let bearer = stale(app, p.phone()).await;
    let kept = send(app, &bearer, "/app/v1/check-ins", said(app, "safe")).await.expect(201);
    send(app, &bearer, "/app/v1/session/confirm", json!({"pin": PIN})).await.expect(204);
    let mut again = said(app, "safe");
    again["check_in_id"] = kept["id"].clone();
    let proven = send(app, &bearer, "/app/v1/check-ins", again.clone()).await.expect(201);
    assert_eq!((&proven["id"], &proven["is_proven"]), (&kept["id"], &json!(true)));
    send(app, &bearer, "/app/v1/check-ins", again).await.refused(409, "wrong_state");
    app.advance(75).await;
    assert!(p.alerts().await.is_empty());
    let bearer = stale(app, p.phone()).await;
    send(app, &bearer, "/app/v1/check-ins", said(app, "concern")).await.expect(201);
    send(app, &bearer, "/app/v1/check-ins", said(app, "help_now")).await.expect(201);
    app.leaves_retries();
});

on_both!(changing_the_pin_again_and_again_finds_no_other_one, |app| async {
    let p = app.partnership().await;
    let mut pin = PIN.to_owned();
    for number in 0..10 {
        let new = format!("60{number:02}");
        p.phone().post(CHANGE, json!({"pin": pin, "new_pin": new})).await.expect(204);
        pin = new;
    }
    p.phone().post(CHANGE, json!({"pin": pin, "new_pin": "7777"})).await.refused(429, "too_many_requests");
});
