//! Signing in, staying signed in, and being slowed: the rightful holder is never locked out of calling for help.

mod accounts;
mod administration;
mod alone;
pub mod decoy;
mod devices;
mod duress;
mod equality;
mod forced;
mod guesses;
mod in_session;
mod lowering;
mod pace;
mod phones;
mod phones_in_doubt;
mod secrets;
mod two_people;

use holdfast::config::Flags;
use reqwest::StatusCode;
use serde_json::{Value, json};
use totp_rs::{Builder, Secret};

use crate::harness::partnership::{PIN, organisation};
use crate::harness::{ADMIN, Caller, PASSWORD, Partnership, TestApp, Way, instant, on_both, text};

async fn refresh(app: &TestApp, tokens: &Value) -> crate::harness::Reply {
    let body = json!({"refresh_token": tokens["refresh_token"]});
    app.http.nobody().post("/app/v1/session/refresh", body).await
}

async fn is_accepted(app: &TestApp, tokens: &Value) -> bool {
    let bearer = format!("Bearer {}", text(tokens, "access_token"));
    let headers = [("authorization", bearer.as_str())];
    app.http.send(reqwest::Method::GET, "/app/v1/consents", &headers, None).await.status == StatusCode::OK
}

on_both!(a_phone_with_bad_signal_gets_the_same_successor_for_a_minute, |app| async {
    let p = app.partnership().await;
    let first = p.phone().tokens().await.unwrap();
    let second = refresh(app, &first).await.expect(200);
    app.advance_seconds(60).await;
    let again = refresh(app, &first).await.expect(200);
    assert_eq!(again["refresh_token"], second["refresh_token"]);
    assert!(is_accepted(app, &again).await);
    refresh(app, &second).await.expect(200);
});

on_both!(a_token_used_again_later_ends_the_session_and_leaves_the_way_to_help, |app| async {
    let p = app.partnership().await;
    let first = p.phone().tokens().await.unwrap();
    let second = refresh(app, &first).await.expect(200);
    app.advance_seconds(61).await;
    refresh(app, &first).await.refused(401, "unauthenticated");
    assert!(!is_accepted(app, &second).await, "the session is over for whoever holds it");
    refresh(app, &second).await.refused(401, "unauthenticated");
    p.sos().post("/app/v1/help-now", json!({"recorded_at": app.now_text()})).await.expect(201);
    p.phone().forget_tokens().await;
    p.phone().get("/app/v1/consents").await.expect(200);
});

on_both!(locking_ends_the_session_and_not_the_phone, |app| async {
    let p = app.partnership().await;
    p.schedule("21:00").await;
    let tokens = p.phone().tokens().await.unwrap();
    for body in [json!({"refresh_token": tokens["refresh_token"]}), json!({"refresh_token": "nonsense"})] {
        app.http.nobody().post("/app/v1/session/lock", body).await.expect(204);
    }
    assert!(!is_accepted(app, &tokens).await);
    let concern = json!({"status": "concern", "recorded_at": app.now_text()});
    p.sos().post("/app/v1/check-ins", concern).await.expect(201);
    p.phone().forget_tokens().await;
    p.phone().get("/app/v1/check-ins/next").await.expect(200);
});

async fn unlock(app: &TestApp, p: &Partnership, pin: &str) -> crate::harness::Reply {
    let Way::Phone { device_id, device_secret, .. } = &p.phone().way else { panic!("a phone is a phone") };
    let body = json!({"device_id": device_id, "device_secret": device_secret, "pin": pin});
    app.http.nobody().post("/app/v1/session/unlock", body).await
}

on_both!(guessing_a_pin_is_slowed_and_help_is_not, |app| async {
    let p = app.partnership().await;
    let tokens = p.phone().tokens().await.unwrap();
    for _ in 0..10 {
        unlock(app, &p, "0000").await.refused(401, "unauthenticated");
    }
    // The right PIN waits too: an answer would tell it from the wrong ones.
    let waiting = unlock(app, &p, PIN).await;
    waiting.refused(429, "too_many_requests");
    let wait: i64 = waiting.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=900).contains(&wait), "{wait}");
    assert!(is_accepted(app, &tokens).await);
    let fresh = refresh(app, &tokens).await.expect(200);
    assert!(is_accepted(app, &fresh).await);
    p.sos().post("/app/v1/help-now", json!({"recorded_at": app.now_text()})).await.expect(201);
    app.advance_seconds(wait).await;
    unlock(app, &p, PIN).await.expect(200);
});

on_both!(without_the_phones_secret_no_pin_is_judged, |app| async {
    let p = app.partnership().await;
    let Way::Phone { device_id, .. } = &p.phone().way else { panic!("a phone is a phone") };
    for _ in 0..12 {
        let body = json!({"device_id": device_id, "device_secret": "hfd_guess", "pin": PIN});
        app.http.nobody().post("/app/v1/session/unlock", body).await.refused(401, "unauthenticated");
    }
    unlock(app, &p, PIN).await.expect(200);
});

on_both!(guessing_a_password_is_slowed_and_the_right_one_is_not_refused, |app| async {
    let p = app.partnership().await;
    let body = |password: &str| json!({"username": p.advocate.username, "password": password});
    for _ in 0..10 {
        let reply = app.http.nobody().post("/partner/v1/session", body("wrong")).await;
        reply.refused(401, "unauthenticated");
    }
    let reply = app.http.nobody().post("/partner/v1/session", body("wrong")).await;
    reply.refused(429, "too_many_requests");
    assert!(reply.header("retry-after").is_some());
    app.http.nobody().post("/partner/v1/session", body(PASSWORD)).await.expect(200);
    // Others are not held up by it.
    p.practitioner.get("/partner/v1/me").await.expect(200);
});

on_both!(a_code_enrols_one_phone, |app| async {
    let p = app.partnership().await;
    let path = format!("/partner/v1/survivors/{}/enrolment-codes", p.survivor.id);
    let code = p.advocate.post(&path, json!({})).await.expect(201)["code"].clone();
    let body = |more: Value| {
        let mut body = json!({"code": code, "pin": "135790", "device_name": "New phone"});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        body
    };
    let enrol = |body: Value| async move { app.http.nobody().post("/app/v1/enrol", body).await };
    enrol(body(json!({"duress_pin": "135790"}))).await.refused(422, "invalid");
    enrol(body(json!({"duress_pin": "12"}))).await.refused(422, "invalid");
    for pin in ["123", "1234567890123", "12a4", ""] {
        enrol(body(json!({"pin": pin}))).await.refused(422, "invalid");
    }
    enrol(body(json!({}))).await.expect(201);
    enrol(body(json!({}))).await.refused(401, "unauthenticated");
    let late = p.advocate.post(&path, json!({})).await.expect(201)["code"].clone();
    app.advance(72 * 60).await;
    enrol(body(json!({"code": late}))).await.refused(401, "unauthenticated");
});

on_both!(an_account_is_set_up_once, |app| async {
    let p = app.partnership().await;
    let body = json!({"username": "new", "display_name": "New", "organisation_id": p.support, "roles": ["advocate"]});
    let code = p.admin.post("/admin/v1/staff", body.clone()).await.expect(201)["setup_code"].clone();
    p.admin.post("/admin/v1/staff", body).await.refused(409, "already_exists");
    let set_up = |password: &'static str| {
        let body = json!({"setup_code": code, "password": password});
        async move { app.http.nobody().post("/partner/v1/setup", body).await }
    };
    set_up("too short").await.refused(422, "invalid");
    set_up(PASSWORD).await.expect(201);
    set_up("another long password").await.refused(401, "unauthenticated");
    let wrong = json!({"username": "x", "display_name": "X", "organisation_id": p.support, "roles": ["practitioner"]});
    p.admin.post("/admin/v1/staff", wrong).await.refused(422, "invalid");
});

/// The code of an authenticator at the app's time.
fn code(app: &TestApp, secret: &str) -> String {
    let secret = Secret::try_from_base32(secret).unwrap();
    let totp = Builder::new().with_secret(secret.as_ref().to_vec()).with_account_name("x".to_owned()).build().unwrap();
    totp.generate(app.now().unix_seconds().unsigned_abs()).to_string()
}

async fn sign_in(app: &TestApp, username: &str, code: Option<&str>) -> crate::harness::Reply {
    let mut body = json!({"username": username, "password": PASSWORD});
    if let Some(code) = code {
        body["one_time_code"] = json!(code);
    }
    app.http.nobody().post("/partner/v1/session", body).await
}

/// The administrator enrols a second factor; answers its secret.
async fn enrol_second_factor(app: &TestApp) -> String {
    let tokens = sign_in(app, "admin", None).await.expect(200);
    let bearer = format!("Bearer {}", text(&tokens, "access_token"));
    let headers = [("authorization", bearer.as_str())];
    let me = app.http.send(reqwest::Method::GET, "/partner/v1/me", &headers, None).await;
    me.refused(403, "second_factor_enrolment_required");
    let refresh = json!({"refresh_token": tokens["refresh_token"]});
    app.http.nobody().post("/partner/v1/session/refresh", refresh).await.refused(401, "unauthenticated");
    let factor = app.http.send(reqwest::Method::POST, "/partner/v1/second-factor", &headers, None).await.expect(201);
    assert!(text(&factor, "uri").starts_with(&format!("otpauth://totp/Holdfast:{ADMIN}?")), "{factor}");
    text(&factor, "secret")
}

async fn a_second_factor_is_asked_for(app: &TestApp) {
    let secret = enrol_second_factor(app).await;
    sign_in(app, "admin", None).await.refused(401, "second_factor_required");
    sign_in(app, "admin", Some("000000")).await.refused(401, "unauthenticated");
    let now = code(app, &secret);
    let tokens = sign_in(app, "admin", Some(&now)).await.expect(200);
    sign_in(app, "admin", Some(&now)).await.refused(401, "unauthenticated");
    let bearer = format!("Bearer {}", text(&tokens, "access_token"));
    let headers = [("authorization", bearer.as_str()), ("idempotency-key", "k")];
    app.http.send(reqwest::Method::GET, "/partner/v1/me", &headers, None).await.expect(200);
    let again = app.http.send(reqwest::Method::POST, "/partner/v1/second-factor", &headers, None).await;
    again.refused(403, "forbidden");
    app.advance_seconds(30).await;
    let next = code(app, &secret);
    // As authenticator apps show it.
    let halves = format!("{} {}", &next[..3], &next[3..]);
    let admin = sign_in(app, "admin", Some(&halves)).await.expect(200);
    // The next account sets its factor up with its password.
    let bearer = format!("Bearer {}", text(&admin, "access_token"));
    let post = |path: &'static str, body: Value| {
        let (bearer, http) = (bearer.clone(), app.http.clone());
        async move { http.send(reqwest::Method::POST, path, &[("authorization", bearer.as_str())], Some(&body)).await }
    };
    let made =
        post("/admin/v1/organisations", json!({"kind": "survivor_support", "name": "Lighthouse"})).await.expect(201);
    let body =
        json!({"username": "asha", "display_name": "Asha", "organisation_id": made["id"], "roles": ["advocate"]});
    let made = post("/admin/v1/staff", body).await.expect(201);
    let set_up = json!({"setup_code": made["setup_code"], "password": PASSWORD});
    let made = app.http.nobody().post("/partner/v1/setup", set_up).await.expect(201);
    sign_in(app, "asha", None).await.refused(401, "second_factor_required");
    let own = code(app, &text(&made["totp"], "secret"));
    let asha = sign_in(app, "asha", Some(&own)).await.expect(200)["staff"].clone();
    assert_eq!(asha["roles"], json!(["advocate"]));
    // Whoever lost it begins with another, and the one before is good for nothing.
    let renew = format!("/admin/v1/staff/{}/setup-code", text(&asha, "id"));
    let headers = [("authorization", bearer.as_str())];
    let renewed =
        app.http.send(reqwest::Method::POST, &renew, &headers, Some(&json!({"reason": "lost"}))).await.expect(201);
    app.advance_seconds(30).await;
    let before = code(app, &text(&made["totp"], "secret"));
    sign_in(app, "asha", Some(&before)).await.refused(401, "unauthenticated");
    let set_up = json!({"setup_code": renewed["setup_code"], "password": PASSWORD});
    let anew = app.http.nobody().post("/partner/v1/setup", set_up).await.expect(201);
    sign_in(app, "asha", Some(&before)).await.refused(401, "unauthenticated");
    let own = code(app, &text(&anew["totp"], "secret"));
    sign_in(app, "asha", Some(&own)).await.expect(200);
}

/// Only somebody who has the password gets to try codes: those are refused after ten.
async fn guessing_a_code_is_refused(app: &TestApp) {
    let secret = enrol_second_factor(app).await;
    sign_in(app, "admin", Some(&code(app, &secret))).await.expect(200);
    app.advance_seconds(30).await;
    for _ in 0..10 {
        sign_in(app, "admin", Some("000000")).await.refused(401, "unauthenticated");
    }
    let right = code(app, &secret);
    sign_in(app, "admin", Some(&right)).await.refused(429, "too_many_requests");
    app.advance(15).await;
    sign_in(app, "admin", Some(&code(app, &secret))).await.expect(200);
}

/// Somebody who knows the administrator's password tries codes: the administrator's own place is not shut by that.
async fn wrong_codes_from_elsewhere_keep_nobody_out(app: &TestApp) {
    let secret = enrol_second_factor(app).await;
    let try_code = async |from: &str, code: &str| {
        let body = json!({"username": "admin", "password": PASSWORD, "one_time_code": code});
        let path = "/partner/v1/session";
        app.http.send(reqwest::Method::POST, path, &[("x-forwarded-for", from)], Some(&body)).await
    };
    let home = "198.51.100.20";
    try_code(home, &code(app, &secret)).await.expect(200);
    app.advance_seconds(30).await;
    for _ in 0..10 {
        try_code("203.0.113.7", "000000").await.refused(401, "unauthenticated");
    }
    let right = code(app, &secret);
    try_code("203.0.113.7", &right).await.refused(429, "too_many_requests");
    try_code("198.51.100.77", &right).await.expect(200);
    // From many addresses they are refused over all that the account does not know.
    for address in ["203.0.113.8", "203.0.113.9"] {
        for _ in 0..10 {
            try_code(address, "000000").await.refused(401, "unauthenticated");
        }
    }
    app.advance_seconds(30).await;
    let right = code(app, &secret);
    try_code("203.0.113.10", &right).await.refused(429, "too_many_requests");
    try_code(home, &right).await.expect(200);
}

fn with_second_factor(settings: &mut Flags) {
    settings.dev_no_mfa = Some(false);
}

fn with_second_factor_behind_a_proxy(settings: &mut Flags) {
    with_second_factor(settings);
    settings.trusted_proxies = Some("127.0.0.0/8".to_owned());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn wrong_codes_from_elsewhere_keep_nobody_out_on_sqlite() {
    let app = TestApp::sqlite_with(instant(crate::harness::NOON), with_second_factor_behind_a_proxy).await;
    wrong_codes_from_elsewhere_keep_nobody_out(&app).await;
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn wrong_codes_from_elsewhere_keep_nobody_out_on_postgres() {
    let made = TestApp::postgres_with(instant(crate::harness::NOON), with_second_factor_behind_a_proxy).await;
    let Some(app) = made else { return };
    wrong_codes_from_elsewhere_keep_nobody_out(&app).await;
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_factor_is_asked_for_on_sqlite() {
    let app = TestApp::sqlite_with(instant(crate::harness::NOON), with_second_factor).await;
    a_second_factor_is_asked_for(&app).await;
    app.finish().await;
    let app = TestApp::sqlite_with(instant(crate::harness::NOON), with_second_factor).await;
    guessing_a_code_is_refused(&app).await;
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_factor_is_asked_for_on_postgres() {
    let Some(app) = TestApp::postgres_with(instant(crate::harness::NOON), with_second_factor).await else { return };
    a_second_factor_is_asked_for(&app).await;
    app.finish().await;
    let Some(app) = TestApp::postgres_with(instant(crate::harness::NOON), with_second_factor).await else { return };
    guessing_a_code_is_refused(&app).await;
    app.finish().await;
}

on_both!(only_one_police_force_has_a_force_id, |app| async {
    let admin = Caller::staff(&app.http, ADMIN, PASSWORD);
    organisation(&admin, json!({"kind": "police_force", "name": "Kent Police", "force_id": "kent"})).await;
    for wrong in [
        json!({"kind": "police_force", "name": "No id"}),
        json!({"kind": "survivor_support", "name": "With id", "force_id": "kent"}),
        json!({"kind": "police_force", "name": "Bad id", "force_id": "Kent Police"}),
    ] {
        admin.post("/admin/v1/organisations", wrong).await.refused(422, "invalid");
    }
});
