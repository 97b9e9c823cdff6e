//! What a survivor knows and can change: the PIN, the duress PIN, and the code word, which changes slowly.

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

on_both!(safe_takes_a_pin_of_the_last_minutes_and_nothing_else_does, |app| async {
    let p = app.partnership().await;
    p.schedule("13:00").await;
    let tokens = p.phone().tokens().await.unwrap();
    app.advance(16).await;
    let refresh = json!({"refresh_token": tokens["refresh_token"]});
    let fresh = app.http.nobody().post("/app/v1/session/refresh", refresh).await.expect(200);
    let bearer = format!("Bearer {}", text(&fresh, "access_token"));
    let send = |path: &'static str, key: &'static str, body: Value| {
        let (bearer, http) = (bearer.clone(), app.http.clone());
        async move {
            let headers = [("authorization", bearer.as_str()), ("idempotency-key", key)];
            http.send(reqwest::Method::POST, path, &headers, Some(&body)).await
        }
    };
    let said = |status: &str| json!({"status": status, "recorded_at": app.now_text()});
    send("/app/v1/check-ins", "1", said("safe")).await.refused(403, "safe_needs_pin");
    let item = json!({"idempotency_key": "k", "method": "POST", "path": "/app/v1/check-ins", "body": said("safe")});
    let synced = send("/app/v1/sync", "2", json!({"items": [item]})).await.expect(200);
    assert_eq!(synced["items"][0]["body"]["code"], "safe_needs_pin", "{synced}");
    send("/app/v1/check-ins", "3", said("concern")).await.expect(201);
    send("/app/v1/check-ins", "4", said("help_now")).await.expect(201);
    send("/app/v1/session/confirm", "5", json!({"pin": PIN})).await.expect(204);
    send("/app/v1/check-ins", "6", said("safe")).await.expect(201);
    app.leaves_retries();
});
