//! Phones: seen with the PIN alone, and revoked for good by the survivor from another one, or by their advocate.

use serde_json::{Value, json};

use crate::harness::partnership::{PIN, enrol, enrol_with, survivor, way};
use crate::harness::providers::Providers;
use crate::harness::{Caller, Http, NOON, Partnership, TestApp, Way, instant, on_both, text};
use crate::notify::with_providers;

fn id_of(phone: &Caller) -> String {
    let Way::Phone { device_id, .. } = &phone.way else { panic!("a phone is a phone") };
    device_id.clone()
}

async fn unlock(http: &Http, phone: &Caller) -> crate::harness::Reply {
    let Way::Phone { device_id, device_secret, pin } = &phone.way else { panic!("a phone is a phone") };
    let body = json!({"device_id": device_id, "device_secret": device_secret, "pin": pin});
    http.nobody().post("/app/v1/session/unlock", body).await
}

fn lost() -> Value {
    json!({"reason": "lost"})
}

/// That a phone whose tokens are known reads nothing any more.
async fn is_dead(app: &TestApp, phone: &Caller, tokens: &Value) {
    let bearer = format!("Bearer {}", text(tokens, "access_token"));
    let headers = [("authorization", bearer.as_str())];
    let read = app.http.send(reqwest::Method::GET, "/app/v1/ladder", &headers, None).await;
    read.refused(401, "unauthenticated");
    let refresh = json!({"refresh_token": tokens["refresh_token"]});
    app.http.nobody().post("/app/v1/session/refresh", refresh).await.refused(401, "unauthenticated");
    unlock(&app.http, phone).await.refused(401, "unauthenticated");
}

on_both!(a_survivor_revokes_another_phone_and_the_advocate_is_told, |app| async {
    let p = app.partnership().await;
    let second = enrol(&app.http, &p.advocate, &p.survivor.id).await;
    let tokens = second.session.tokens().await.unwrap();
    let (own, other) = (id_of(p.phone()), id_of(&second.session));
    let known = p.phone().list("/app/v1/devices").await;
    assert_eq!(known.len(), 2);
    // That there is a second phone was told of, and taken up.
    let new = text(&p.alerts().await[0], "id");
    p.act(&new, "resolve", json!({"note": "It was them"})).await.expect(200);
    // The phone that asks cannot take its own way to call for help away.
    p.phone().post(&format!("/app/v1/devices/{own}/revoke"), lost()).await.refused(409, "wrong_state");
    let path = format!("/app/v1/devices/{other}/revoke");
    let revoked = p.phone().post(&path, lost()).await.expect(200);
    assert_eq!((&revoked["id"], &revoked["revoked_at"]), (&json!(other), &json!(app.now())));
    is_dead(app, &second.session, &tokens).await;
    p.phone().post(&path, lost()).await.refused(409, "wrong_state");
    assert_eq!(p.phone().list("/app/v1/devices").await.len(), 1);
    let alerts = p.alerts().await;
    assert_eq!((alerts.len(), &alerts[0]["rule"], &alerts[0]["level"]), (2, &json!("device_risk"), &json!(2)));
    assert_eq!(alerts[0]["state"], "open");
    // What is planned goes on: a phone that is gone stops no alarm.
    p.schedule("14:00").await;
    app.advance(24 * 60).await;
    assert!(p.alerts().await.iter().any(|alert| alert["rule"] == "missed_check_in"));
    app.leaves_retries();
});

on_both!(the_advocate_revokes_the_only_phone_and_the_survivor_sees_it_on_the_next, |app| async {
    let p = app.partnership().await;
    let below = |path: &str| format!("/partner/v1/survivors/{}/devices{path}", p.survivor.id);
    let phone = id_of(p.phone());
    let tokens = p.phone().tokens().await.unwrap();
    let seen = p.advocate.list(&below("")).await;
    assert_eq!((seen.len(), &seen[0]["name"], seen[0].get("revoked_at")), (1, &json!("My phone"), None));
    p.practitioner.get(&below("")).await.refused(403, "wrong_role");
    p.practitioner.post(&below(&format!("/{phone}/revoke")), lost()).await.refused(403, "wrong_role");
    p.advocate.post(&below(&format!("/{phone}/revoke")), json!({"reason": "bored"})).await.refused(422, "invalid");
    let stranger = survivor(&app.http, &p.advocate, "high").await;
    let theirs = id_of(&stranger.phone.session);
    p.advocate.post(&below(&format!("/{theirs}/revoke")), lost()).await.refused(404, "not_found");
    p.advocate.post(&below(&format!("/{phone}/revoke")), json!({"reason": "not_safe"})).await.expect(200);
    is_dead(app, p.phone(), &tokens).await;
    assert_eq!(p.advocate.list(&below("")).await[0]["revoked_at"], json!(app.now()));
    let next = enrol(&app.http, &p.advocate, &p.survivor.id).await;
    let log = next.session.list("/app/v1/access-log").await;
    let line = log.iter().find(|line| line["action"] == "revoke_device").expect("the survivor sees it");
    assert_eq!((&line["purpose"], &line["role"]), (&json!("not_safe"), &json!("advocate")));
});

on_both!(a_session_under_duress_revokes_nothing_and_knows_of_no_other_phone, |app| async {
    let p = app.partnership().await;
    let enrolled = enrol_with(&app.http, &p.advocate, &p.survivor.id, json!({"duress_pin": "7305"})).await;
    let (device_id, forced) = (text(&enrolled, "device_id"), Caller::new(&app.http, way(&enrolled, "7305")));
    assert_eq!(forced.list("/app/v1/devices").await.len(), 1);
    let known = id_of(p.phone());
    let revoke = |id: &str| format!("/app/v1/devices/{id}/revoke");
    // As a genuine session is answered about a phone that there is not, and about itself.
    let unknown = uuid::Uuid::new_v4().to_string();
    p.phone().post(&revoke(&unknown), lost()).await.refused(404, "not_found");
    forced.post(&revoke(&known), lost()).await.refused(404, "not_found");
    forced.post(&revoke(&device_id), lost()).await.refused(409, "wrong_state");
    p.phone().get("/app/v1/ladder").await.expect(200);
    app.settle().await;
});

on_both!(phones_and_alerts_ask_for_the_pin_again, |app| async {
    let p = app.partnership().await;
    let alert = text(&p.help_now().await, "id");
    let second = id_of(&enrol(&app.http, &p.advocate, &p.survivor.id).await.session);
    let tokens = p.phone().tokens().await.unwrap();
    app.advance(16).await;
    let refresh = json!({"refresh_token": tokens["refresh_token"]});
    let fresh = app.http.nobody().post("/app/v1/session/refresh", refresh).await.expect(200);
    let bearer = format!("Bearer {}", text(&fresh, "access_token"));
    let send = |method: reqwest::Method, path: String, body: Option<Value>| {
        let (bearer, http) = (bearer.clone(), &app.http);
        async move {
            let headers = [("authorization", bearer.as_str()), ("idempotency-key", path.as_str())];
            http.send(method, &path, &headers, body.as_ref()).await
        }
    };
    let (get, post) = (reqwest::Method::GET, reqwest::Method::POST);
    send(get.clone(), format!("/app/v1/alerts/{alert}"), None).await.refused(403, "pin_needed");
    send(get, "/app/v1/devices".to_owned(), None).await.refused(403, "pin_needed");
    let revoke = format!("/app/v1/devices/{second}/revoke");
    send(post.clone(), revoke.clone(), Some(lost())).await.refused(403, "pin_needed");
    // Calling for help and checking in never do; only that a "safe" came without is kept with it.
    let now = json!({"recorded_at": app.now_text()});
    send(post.clone(), "/app/v1/help-now".to_owned(), Some(now)).await.expect(201);
    let safe = json!({"status": "safe", "recorded_at": app.now_text()});
    let said = send(post.clone(), "/app/v1/check-ins".to_owned(), Some(safe)).await.expect(201);
    assert_eq!(said["is_proven"], false);
    send(post.clone(), "/app/v1/session/confirm".to_owned(), Some(json!({"pin": PIN}))).await;
    send(reqwest::Method::GET, format!("/app/v1/alerts/{alert}"), None).await.expect(200);
    app.leaves_retries();
});

on_both!(a_decoy_asks_for_the_pin_where_the_real_thing_does, |app| async {
    let p = app.partnership().await;
    let enrolled = enrol_with(&app.http, &p.advocate, &p.survivor.id, json!({"duress_pin": "7305"})).await;
    let unlock = json!({"device_id": enrolled["device_id"], "device_secret": enrolled["device_secret"], "pin": "7305"});
    let tokens = app.http.nobody().post("/app/v1/session/unlock", unlock).await.expect(200);
    app.advance(16).await;
    let refresh = json!({"refresh_token": tokens["refresh_token"]});
    let fresh = app.http.nobody().post("/app/v1/session/refresh", refresh).await.expect(200);
    let bearer = format!("Bearer {}", text(&fresh, "access_token"));
    for path in ["/app/v1/devices", "/app/v1/alerts/019aa0c4-6f2e-7cc3-98c8-2d3a53a60b2f", "/app/v1/access-log"] {
        let headers = [("authorization", bearer.as_str())];
        let reply = app.http.send(reqwest::Method::GET, path, &headers, None).await;
        reply.refused(403, "pin_needed");
    }
    app.leaves_retries();
});

/// A phone with notices on.
async fn with_notices(p: &Partnership) {
    p.consent(&["contact.push"]).await;
    p.phone().put(&crate::notify::push_path(p), json!({"kind": "fcm", "token": "fcm:token_1"})).await.expect(200);
}

with_providers!(nothing_is_sent_to_a_phone_that_was_revoked, |app, out| async {
    let p = app.partnership().await;
    with_notices(&p).await;
    let contact = format!("/partner/v1/survivors/{}/contact", p.survivor.id);
    let call_me = json!({"channel": "push", "template": "call_me"});
    // One that waits already is not sent either.
    p.advocate.post(&contact, call_me.clone()).await.expect(201);
    let revoke = format!("/partner/v1/survivors/{}/devices/{}/revoke", p.survivor.id, id_of(p.phone()));
    p.advocate.post(&revoke, lost()).await.expect(200);
    app.settle().await;
    assert!(out.asked().is_empty());
    p.advocate.post(&contact, call_me).await.refused(409, "no_channel");
});
