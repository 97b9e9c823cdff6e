//! Signing in to the portal: name and password, then a one-time code; and how long that lasts.

use holdfast::config::Flags;
use reqwest::Method;
use serde_json::json;
use totp_rs::{Builder, Secret};

use crate::harness::{ADMIN, Browser, NOON, PASSWORD, Reply, TestApp, instant, on_both, text};
use crate::portal::{is_sound, page};

#[track_caller]
fn leads_to(reply: &Reply, path: &str) {
    assert_eq!((reply.status.as_u16(), reply.header("location")), (303, Some(path)), "{}: {}", reply.what, reply.body);
}

/// The code of an authenticator at the app's time.
fn code(app: &TestApp, secret: &str) -> String {
    let secret = Secret::try_from_base32(secret).unwrap();
    let totp = Builder::new().with_secret(secret.as_ref().to_vec()).with_account_name("x".to_owned()).build().unwrap();
    totp.generate(app.now().unix_seconds().unsigned_abs()).to_string()
}

/// The administrator's second factor, enrolled over the API; answers its secret.
async fn enrolled(app: &TestApp) -> String {
    let body = json!({"username": ADMIN, "password": PASSWORD});
    let tokens = app.http.nobody().post("/partner/v1/session", body).await.expect(200);
    let bearer = format!("Bearer {}", text(&tokens, "access_token"));
    let headers = [("authorization", bearer.as_str())];
    let made = app.http.send(Method::POST, "/partner/v1/second-factor", &headers, None).await.expect(201);
    text(&made, "secret")
}

async fn give_password(browser: &Browser, username: &str, password: &str) -> Reply {
    let form = page(browser, "/portal/sign-in").await;
    browser.submit(&form, "/portal/sign-in", &[("username", username), ("password", password)]).await
}

async fn give_code(browser: &Browser, code: &str) -> Reply {
    let form = page(browser, "/portal/second-factor").await;
    browser.submit(&form, "/portal/second-factor", &[("one_time_code", code)]).await
}

async fn a_code_is_asked_for_after_the_password(app: &TestApp) {
    let secret = enrolled(app).await;
    let browser = Browser::new(&app.http);
    leads_to(&browser.get("/portal").await, "/portal/sign-in");
    let wrong = give_password(&browser, ADMIN, "not the password").await;
    assert_eq!(wrong.status.as_u16(), 422, "{}", wrong.body);
    is_sound(&wrong);
    assert!(
        wrong.body.contains("href=\"#sign-in-username\"") && wrong.body.contains("value=\"admin\""),
        "{}",
        wrong.body
    );
    leads_to(&browser.get("/portal/second-factor").await, "/portal/sign-in");

    leads_to(&give_password(&browser, ADMIN, PASSWORD).await, "/portal");
    // The password alone opens nothing.
    for path in ["/portal", "/portal/alerts/AL-0000-0000-0", "/portal/sign-out"] {
        let got = browser.get(path).await;
        assert!(got.status.as_u16() == 405 || got.header("location") == Some("/portal/second-factor"), "{path}");
    }
    for path in ["/portal/second-factor", "/portal/second-factor/enrol"] {
        let untokened = browser.post(path, &[], &[("one_time_code", "000000")]).await;
        assert_eq!(untokened.status.as_u16(), 403, "{path}: {}", untokened.body);
    }
    let wrong = give_code(&browser, "000000").await;
    assert_eq!(wrong.status.as_u16(), 422, "{}", wrong.body);
    leads_to(&browser.get("/portal").await, "/portal/second-factor");
    let right = code(app, &secret);
    let half = browser.cookie();
    leads_to(&give_code(&browser, &right).await, "/portal");
    page(&browser, "/portal").await;

    // What the password opened has ended, and the code is good for nothing more.
    let old = app.http.send(Method::GET, "/portal/second-factor", &[("cookie", half.as_str())], None).await;
    leads_to(&old, "/portal/sign-in");
    let again = Browser::new(&app.http);
    leads_to(&give_password(&again, ADMIN, PASSWORD).await, "/portal");
    assert_eq!(give_code(&again, &right).await.status.as_u16(), 422);
    leads_to(&again.get("/portal").await, "/portal/second-factor");
    app.advance_seconds(30).await;
    leads_to(&give_code(&again, &code(app, &secret)).await, "/portal");
    assert_eq!(again.get("/portal/second-factor").await.status.as_u16(), 403);
}

/// The secret that a page shows.
fn secret_in(page: &Reply) -> String {
    page.body.split_once("<strong>").unwrap().1.split_once("</strong>").unwrap().0.replace(' ', "")
}

/// The first administrator has a password and no authenticator app.
async fn an_authenticator_app_is_enrolled_on_a_page(app: &TestApp) {
    let browser = Browser::new(&app.http);
    leads_to(&give_password(&browser, ADMIN, PASSWORD).await, "/portal");
    leads_to(&browser.get("/portal").await, "/portal/second-factor");
    let form = page(&browser, "/portal/second-factor").await;
    assert!(form.body.contains("Set up your authenticator app"), "{}", form.body);
    let shown = browser.submit(&form, "/portal/second-factor/enrol", &[]).await;
    assert_eq!(shown.status.as_u16(), 200, "{}", shown.body);
    is_sound(&shown);
    // A phone is shown it, and so is somebody who types.
    assert!(shown.body.contains("<svg class=\"qr\" role=\"img\" aria-label=\"QR code of"), "{}", shown.body);
    assert!(shown.body.contains("href=\"otpauth://totp/"), "{}", shown.body);
    // It is shown once, and nobody puts another in its place.
    let again = browser.submit(&form, "/portal/second-factor/enrol", &[]).await;
    assert_eq!(again.status.as_u16(), 409, "{}", again.body);
    leads_to(&give_code(&browser, &code(app, &secret_in(&shown))).await, "/portal");
    page(&browser, "/portal").await;
}

/// Somebody new sets their account up, and signs in with what that gave them.
async fn an_account_is_set_up_and_used(app: &TestApp) {
    let secret = enrolled(app).await;
    let body = json!({"username": ADMIN, "password": PASSWORD, "one_time_code": code(app, &secret)});
    let tokens = app.http.nobody().post("/partner/v1/session", body).await.expect(200);
    let bearer = format!("Bearer {}", text(&tokens, "access_token"));
    let headers = [("authorization", bearer.as_str())];
    let body = json!({"kind": "survivor_support", "name": "Lighthouse"});
    let made = app.http.send(Method::POST, "/admin/v1/organisations", &headers, Some(&body)).await.expect(201);
    let body =
        json!({"username": "asha", "display_name": "Asha", "organisation_id": made["id"], "roles": ["advocate"]});
    let made = app.http.send(Method::POST, "/admin/v1/staff", &headers, Some(&body)).await.expect(201);
    let setup_code = text(&made, "setup_code");

    let browser = Browser::new(&app.http);
    let form = page(&browser, "/portal/set-up").await;
    let set_up = async |code: &str, password: &str| {
        let sent = browser.submit(&form, "/portal/set-up", &[("setup_code", code), ("password", password)]).await;
        is_sound(&sent);
        sent
    };
    for (code, password) in [("setup_wrong", PASSWORD), (setup_code.as_str(), "too short")] {
        let refused = set_up(code, password).await;
        assert_eq!(refused.status.as_u16(), 422, "{}", refused.body);
        assert!(!refused.body.contains(code) && !refused.body.contains(password), "{}", refused.body);
    }
    let done = set_up(&setup_code, PASSWORD).await;
    assert_eq!(done.status.as_u16(), 200, "{}", done.body);
    let secret = secret_in(&done);
    leads_to(&give_password(&browser, "asha", PASSWORD).await, "/portal");
    leads_to(&give_code(&browser, &code(app, &secret)).await, "/portal");
    page(&browser, "/portal").await;
}

async fn guessing_a_code_is_refused(app: &TestApp) {
    let secret = enrolled(app).await;
    let browser = Browser::new(&app.http);
    leads_to(&give_password(&browser, ADMIN, PASSWORD).await, "/portal");
    let form = page(&browser, "/portal/second-factor").await;
    let guess = async |code: &str| {
        browser.submit(&form, "/portal/second-factor", &[("one_time_code", code)]).await.status.as_u16()
    };
    for _ in 0..10 {
        assert_eq!(guess("000000").await, 422);
    }
    assert_eq!(guess(&code(app, &secret)).await, 429);
}

fn with_second_factor(settings: &mut Flags) {
    settings.dev_no_mfa = Some(false);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_code_is_asked_for_after_the_password_on_sqlite() {
    let app = TestApp::sqlite_with(instant(NOON), with_second_factor).await;
    a_code_is_asked_for_after_the_password(&app).await;
    app.finish().await;
    let app = TestApp::sqlite_with(instant(NOON), with_second_factor).await;
    guessing_a_code_is_refused(&app).await;
    app.finish().await;
    let app = TestApp::sqlite_with(instant(NOON), with_second_factor).await;
    an_account_is_set_up_and_used(&app).await;
    app.finish().await;
    let app = TestApp::sqlite_with(instant(NOON), with_second_factor).await;
    an_authenticator_app_is_enrolled_on_a_page(&app).await;
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_code_is_asked_for_after_the_password_on_postgres() {
    let Some(app) = TestApp::postgres_with(instant(NOON), with_second_factor).await else { return };
    a_code_is_asked_for_after_the_password(&app).await;
    app.finish().await;
    let Some(app) = TestApp::postgres_with(instant(NOON), with_second_factor).await else { return };
    guessing_a_code_is_refused(&app).await;
    app.finish().await;
}

on_both!(a_session_ends_when_idle_when_it_is_old_and_when_somebody_signs_out, |app| async {
    app.partnership().await;
    let browser = Browser::of(&app.http, "asha").await;
    for _ in 0..3 {
        app.advance(29).await;
        page(&browser, "/portal").await;
    }
    // What a script fetches by itself keeps nobody signed in.
    app.advance(20).await;
    let cookie = browser.cookie();
    let live = [("cookie", cookie.as_str()), ("x-holdfast-live", "1")];
    let fetched = app.http.send(Method::GET, "/portal", &live, None).await;
    assert_eq!((fetched.status.as_u16(), fetched.header("set-cookie")), (200, None));
    app.advance(11).await;
    leads_to(&browser.get("/portal").await, "/portal/sign-in");

    let browser = Browser::of(&app.http, "asha").await;
    for _ in 0..24 {
        app.advance(29).await;
        page(&browser, "/portal").await;
    }
    let worklist = page(&browser, "/portal").await;
    assert_eq!(browser.submit(&worklist, "/portal/stay", &[]).await.status.as_u16(), 204);
    app.advance(28).await;
    leads_to(&browser.get("/portal").await, "/portal/sign-in");

    let browser = Browser::of(&app.http, "asha").await;
    let (worklist, cookie) = (page(&browser, "/portal").await, browser.cookie());
    leads_to(&browser.submit(&worklist, "/portal/sign-out", &[]).await, "/portal/sign-in");
    leads_to(&app.http.send(Method::GET, "/portal", &[("cookie", cookie.as_str())], None).await, "/portal/sign-in");
});

on_both!(a_cookie_that_is_not_ours_opens_nothing_and_no_door_opens_another, |app| async {
    let p = app.partnership().await;
    let browser = Browser::of(&app.http, "asha").await;
    let cookie = browser.cookie();
    let (name, value) = cookie.split_once('=').unwrap();
    // A session's id begins with the time, and so never with this.
    let changed = format!("{name}=_{}", &value[1..]);
    let twice = format!("{cookie}; {cookie}");
    for wrong in ["", name, changed.as_str(), twice.as_str()] {
        let got = app.http.send(Method::GET, "/portal", &[("cookie", wrong)], None).await;
        leads_to(&got, "/portal/sign-in");
    }
    // The API knows no cookie, and pages know no token.
    let api = app.http.send(Method::GET, "/partner/v1/me", &[("cookie", cookie.as_str())], None).await;
    api.refused(401, "unauthenticated");
    let got = p.advocate.get("/portal").await;
    leads_to(&got, "/portal/sign-in");
    let stream = app.http.send(Method::GET, "/portal/events", &[], None).await;
    stream.refused(401, "unauthenticated");
});
