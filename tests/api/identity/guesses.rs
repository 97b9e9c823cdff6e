//! Strangers who try names and passwords: they are slowed, and nobody who has the right credentials is kept out.

use std::time::{Duration, Instant};

use diesel::{ExpressionMethods as _, QueryDsl as _, RunQueryDsl as _};
use futures_util::future::join_all;
use holdfast::config::Flags;
use holdfast::db::schema::audit_entries;
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::partnership::{CODE_WORD, PIN, help_now, survivor};
use crate::harness::{Http, PASSWORD, Partnership, Reply, TestApp, Way, on_both, text};

const SIGN_IN: &str = "/partner/v1/session";
const UNLOCK: &str = "/app/v1/session/unlock";
/// The longest that somebody with the right credentials waits while strangers try theirs.
const ANSWERED_WITHIN: Duration = Duration::from_secs(3);

/// Makes a module of two tests, one for each database, from a story behind a proxy, where hashes cost what they cost in earnest.
macro_rules! behind_a_proxy {
    ($name:ident, |$app:ident| async $story:block) => {
        mod $name {
            use super::*;

            async fn story($app: &TestApp) $story

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                let app = TestApp::sqlite_at_full_cost(with_proxy).await;
                story(&app).await;
                app.finish().await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                let Some(app) = TestApp::postgres_at_full_cost(with_proxy).await else { return };
                story(&app).await;
                app.finish().await;
            }
        }
    };
}

fn with_proxy(settings: &mut Flags) {
    settings.trusted_proxies = Some("127.0.0.0/8".to_owned());
}

async fn sign_in(http: &Http, from: &str, username: &str, password: &str) -> Reply {
    let body = json!({"username": username, "password": password});
    http.send(Method::POST, SIGN_IN, &[("x-forwarded-for", from)], Some(&body)).await
}

fn unlocking(p: &Partnership, pin: &str) -> Value {
    let Way::Phone { device_id, device_secret, .. } = &p.phone().way else { panic!("a phone is a phone") };
    json!({"device_id": device_id, "device_secret": device_secret, "pin": pin})
}

/// Tries wrong passwords, twenty at a time.
async fn try_wrong(http: &Http, from: &str, username: &str, times: usize) {
    for round in 0..times / 20 {
        let guesses: Vec<String> = (0..20).map(|guess| format!("wrong {round} {guess}")).collect();
        for reply in join_all(guesses.iter().map(|guess| sign_in(http, from, username, guess))).await {
            assert!([401, 429].contains(&reply.status.as_u16()), "{reply:?}");
        }
    }
}

behind_a_proxy!(five_hundred_wrong_passwords_keep_nobody_out, |app| async {
    let p = app.partnership().await;
    let name = &p.advocate.username;
    try_wrong(&app.http, "203.0.113.7", name, 500).await;
    sign_in(&app.http, "203.0.113.7", name, "wrong").await.refused(429, "too_many_requests");
    sign_in(&app.http, "198.51.100.20", name, "wrong").await.refused(401, "unauthenticated");
    // Somebody who shares the address of those who guess waits for their turn, and that is all.
    for from in ["198.51.100.20", "203.0.113.7", "2001:db8::1"] {
        sign_in(&app.http, from, name, PASSWORD).await.expect(200);
    }
});

on_both!(without_its_proxies_an_installation_keeps_nobody_out_either, |app| async {
    let p = app.partnership().await;
    let name = &p.advocate.username;
    // The header is not believed, so that all of them come from one address.
    try_wrong(&app.http, "203.0.113.7", name, 100).await;
    sign_in(&app.http, "198.51.100.20", name, "wrong").await.refused(429, "too_many_requests");
    sign_in(&app.http, "203.0.113.7", name, PASSWORD).await.expect(200);
    sign_in(&app.http, "203.0.113.7", name, "wrong").await.refused(401, "unauthenticated");
});

on_both!(a_browser_that_is_known_has_a_count_of_its_own, |app| async {
    let p = app.partnership().await;
    let sign_in = |username: &str, password: &str, token: &Value| {
        let body = json!({"username": username, "password": password, "device_token": token});
        let nobody = app.http.nobody();
        async move { nobody.post(SIGN_IN, body).await }
    };
    let name = p.advocate.username.as_str();
    let token = sign_in(name, PASSWORD, &Value::Null).await.expect(200)["device_token"].clone();
    try_wrong(&app.http, "203.0.113.7", name, 100).await;
    sign_in(name, "wrong", &Value::Null).await.refused(429, "too_many_requests");
    sign_in(name, "wrong", &token).await.refused(401, "unauthenticated");
    sign_in(name, PASSWORD, &token).await.expect(200);
    // It shows one account's browser and no other's, and somebody who guesses with it is slowed as without.
    sign_in(&p.practitioner.username, "wrong", &token).await.refused(401, "unauthenticated");
    sign_in(name, "wrong", &json!("nonsense")).await.refused(429, "too_many_requests");
    for _ in 0..10 {
        sign_in(name, "wrong", &token).await.refused(401, "unauthenticated");
    }
    sign_in(name, "wrong", &token).await.refused(429, "too_many_requests");
    sign_in(name, PASSWORD, &token).await.expect(200);
});

behind_a_proxy!(names_that_nobody_has_are_counted_by_address, |app| async {
    let p = app.partnership().await;
    for stranger in 0..20 {
        let reply = sign_in(&app.http, "203.0.113.7", &format!("stranger {stranger}"), PASSWORD).await;
        reply.refused(401, "unauthenticated");
    }
    let refused = sign_in(&app.http, "203.0.113.7", "stranger", PASSWORD).await;
    refused.refused(429, "too_many_requests");
    // The answer does not tell which names somebody has.
    let wrong = sign_in(&app.http, "203.0.113.7", &p.advocate.username, "wrong").await;
    wrong.refused(429, "too_many_requests");
    assert_eq!(wrong.header("retry-after"), refused.header("retry-after"));
    sign_in(&app.http, "203.0.113.7", &p.advocate.username, PASSWORD).await.expect(200);
    sign_in(&app.http, "203.0.113.8", "stranger", PASSWORD).await.refused(401, "unauthenticated");
    app.advance(15).await;
    sign_in(&app.http, "203.0.113.7", "stranger", PASSWORD).await.refused(401, "unauthenticated");
});

behind_a_proxy!(guesses_from_many_addresses_slow_those_that_nobody_knows, |app| async {
    let p = app.partnership().await;
    let name = &p.practitioner.username;
    sign_in(&app.http, "198.51.100.20", name, PASSWORD).await.expect(200);
    for guess in 0..50 {
        sign_in(&app.http, &format!("203.0.113.{guess}"), name, "wrong").await.refused(401, "unauthenticated");
    }
    sign_in(&app.http, "203.0.113.99", name, "wrong").await.refused(429, "too_many_requests");
    // An address that the account has signed in from counts for itself; any other waits for its turn.
    sign_in(&app.http, "198.51.100.20", name, "wrong").await.refused(401, "unauthenticated");
    sign_in(&app.http, "198.51.100.20", name, PASSWORD).await.expect(200);
    sign_in(&app.http, "203.0.113.100", name, PASSWORD).await.expect(200);
});

on_both!(counts_hold_over_instances_and_restarts, |app| async {
    let p = app.partnership().await;
    let other = app.other_server().await;
    for guess in 0..10 {
        let http = if guess % 2 == 0 { &app.http } else { &other };
        http.nobody().post(UNLOCK, unlocking(&p, "0000")).await.refused(401, "unauthenticated");
    }
    let begun_since = app.other_server().await;
    for http in [&app.http, &other, &begun_since] {
        http.nobody().post(UNLOCK, unlocking(&p, PIN)).await.refused(429, "too_many_requests");
    }
    app.advance(15).await;
    begun_since.nobody().post(UNLOCK, unlocking(&p, PIN)).await.expect(200);
    // The right one has cleared the count, and what counts no more is removed.
    other.nobody().post(UNLOCK, unlocking(&p, "0000")).await.refused(401, "unauthenticated");
    assert_eq!(app.inner.throttle.forget(app.now()).await.unwrap(), 0);
    app.advance(15).await;
    assert_eq!(app.inner.throttle.forget(app.now()).await.unwrap(), 1);
});

on_both!(many_pins_at_once_are_judged_one_after_another, |app| async {
    let p = app.partnership().await;
    let nobody = app.http.nobody();
    for reply in join_all((0..20).map(|_| nobody.post(UNLOCK, unlocking(&p, PIN)))).await {
        reply.expect(200);
    }
    let username = &p.advocate.username;
    for reply in join_all((0..20).map(|_| sign_in(&app.http, "", username, PASSWORD))).await {
        reply.expect(200);
    }
    let replies = join_all((0..30).map(|_| nobody.post(UNLOCK, unlocking(&p, "0000")))).await;
    let judged = replies.iter().filter(|reply| reply.status.as_u16() == 401).count();
    assert_eq!(judged, 10);
    p.sos().post("/app/v1/help-now", json!({"recorded_at": app.now_text()})).await.expect(201);
});

/// How many strangers, and for how long: `HOLDFAST_TEST_STRANGERS=100:30` is what the nightly run asks for.
#[expect(clippy::disallowed_methods, reason = "a test decides how long it takes before there is a configuration")]
fn flood() -> (usize, Duration) {
    let asked = std::env::var("HOLDFAST_TEST_STRANGERS").unwrap_or_else(|_| "20:5".to_owned());
    let (strangers, seconds) = asked.split_once(':').expect("NUMBER:SECONDS");
    (strangers.parse().unwrap(), Duration::from_secs(seconds.parse().unwrap()))
}

async fn answered<T>(what: &str, call: impl Future<Output = T>) -> T {
    let began = Instant::now();
    let answer = call.await;
    assert!(began.elapsed() < ANSWERED_WITHIN, "{what} took {:?}", began.elapsed());
    answer
}

/// One stranger, until the time is over: a new name each time.
async fn try_names(http: &Http, stranger: usize, until: Instant) {
    for name in 0.. {
        if Instant::now() >= until {
            return;
        }
        let reply = sign_in(http, "203.0.113.7", &format!("name {stranger} {name}"), PASSWORD).await;
        assert!([401, 429, 503].contains(&reply.status.as_u16()), "{reply:?}");
    }
}

on_both!(strangers_hold_up_no_pin_no_refresh_and_no_call_for_help, |app| async {
    let p = app.partnership().await;
    let mut tokens = p.phone().tokens().await.unwrap();
    let (strangers, time) = flood();
    let until = Instant::now() + time;
    let trying = (0..strangers).map(|stranger| {
        let http = app.http.clone();
        tokio::spawn(async move { try_names(&http, stranger, until).await })
    });
    let trying: Vec<_> = trying.collect();
    let nobody = app.http.nobody();
    let mut rounds = 0;
    while Instant::now() < until {
        answered("an unlock", nobody.post(UNLOCK, unlocking(&p, PIN))).await.expect(200);
        let refresh = json!({"refresh_token": tokens["refresh_token"]});
        tokens = answered("a refresh", nobody.post("/app/v1/session/refresh", refresh)).await.expect(200);
        let cry = json!({"recorded_at": app.now_text()});
        answered("a call for help", p.sos().post("/app/v1/help-now", cry)).await.expect(201);
        let known = sign_in(&app.http, "203.0.113.7", &p.advocate.username, PASSWORD);
        answered("a sign-in", known).await.expect(200);
        rounds += 1;
    }
    assert!(rounds > 0);
    for stranger in trying {
        stranger.await.unwrap();
    }
});

/// How many entries of an action the audit has.
async fn recorded(app: &TestApp, action: &'static str) -> i64 {
    let count = move |conn: &mut holdfast::db::DbConn| {
        Ok(audit_entries::table.filter(audit_entries::action.eq(action)).count().get_result(conn)?)
    };
    app.inner.db.read(count).await.unwrap()
}

on_both!(code_words_are_counted_by_who_tries_and_each_try_leaves_a_trace, |app| async {
    let p = app.partnership().await;
    p.phone().put("/app/v1/trusted-contact", json!({"name": "Bea", "phone": "+44 7700 900789"})).await.expect(200);
    let confirm = format!("/partner/v1/survivors/{}/trusted-contact/confirm", p.survivor.id);
    let wrong = json!({"note": "Safe.", "code_word": "lily"});
    let alert = text(&p.help_now().await, "id");
    for _ in 0..5 {
        p.advocate.post(&confirm, json!({"code_word": "lily"})).await.refused(409, "code_word_needed");
        p.act(&alert, "resolve", wrong.clone()).await.refused(409, "code_word_needed");
    }
    assert_eq!(recorded(app, "code_word_asked").await, 10);
    assert_eq!(recorded(app, "confirm_trusted_contact").await + recorded(app, "resolve_alert").await, 0);
    // Wherever they try; a colleague is not held up by it.
    let right = json!({"code_word": CODE_WORD});
    p.advocate.post(&confirm, right.clone()).await.refused(429, "too_many_requests");
    p.support_supervisor.post(&confirm, right).await.expect(200);
    p.act(&alert, "resolve", json!({"note": "Safe.", "code_word": CODE_WORD})).await.refused(429, "too_many_requests");
    let other = survivor(&app.http, &p.advocate, "high").await;
    let elsewhere = text(&help_now(&other.phone.session).await, "id");
    p.act(&elsewhere, "resolve", json!({"note": "Safe.", "code_word": CODE_WORD})).await.expect(200);
    app.advance(15).await;
    p.act(&alert, "resolve", json!({"note": "Safe.", "code_word": CODE_WORD})).await.expect(200);
    assert_eq!(recorded(app, "confirm_trusted_contact").await, 1);
    app.leaves_retries();
});
