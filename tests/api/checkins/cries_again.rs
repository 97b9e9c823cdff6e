//! Pressing again: each press is its own, has its message to police, and pages people at most once a minute. What a phone
//! says of the time, and how it writes numbers, keeps nobody from being heard.

use futures_util::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Partnership, Reply, TestApp, on_both, text};

const HELP_NOW: &str = "/app/v1/help-now";
const CHECK_INS: &str = "/app/v1/check-ins";
/// Presses that race.
const PRESSES: usize = 160;

async fn alert(p: &Partnership) -> Value {
    p.alerts().await.into_iter().find(|alert| alert["level"] == 4).expect("an emergency")
}

fn triggers(alert: &Value) -> usize {
    alert["triggers"].as_array().unwrap().len()
}

/// The outcome of each step for one audience, the oldest first.
fn outcomes(alert: &Value, audience: &str) -> Vec<String> {
    let steps = alert["steps"].as_array().unwrap().iter();
    let lines = steps.flat_map(|step| step["detail"]["told"].as_array().unwrap());
    lines.filter(|line| line["audience"] == audience).map(|line| text(line, "outcome")).collect()
}

async fn press(p: &Partnership, key: Option<&str>, body: &Value) -> Reply {
    let headers: Vec<(&str, &str)> = key.map(|key| ("idempotency-key", key)).into_iter().collect();
    p.sos().send(Method::POST, HELP_NOW, &headers, Some(body)).await
}

fn is_replay(reply: &Reply) -> bool {
    reply.expect(201);
    reply.header("idempotent-replayed") == Some("true")
}

on_both!(without_a_key_each_request_is_a_press_and_with_one_a_repeat_is_known_by_its_moment, |app| async {
    let p = app.partnership().await;
    let (now, later) = (app.now_text(), app.now().plus_seconds(1).to_string());
    let body = json!({"recorded_at": now, "battery": 9});
    for _ in 0..3 {
        assert!(!is_replay(&press(&p, None, &body).await));
    }
    assert_eq!(triggers(&alert(&p).await), 3);
    let first = press(&p, Some("one"), &body).await;
    assert!(!is_replay(&first));
    let moved = json!({"recorded_at": now, "location": {"lat": 1, "lon": 2}});
    for again in [&body, &moved] {
        let again = press(&p, Some("one"), again).await;
        assert!(is_replay(&again) && again.body == first.body);
    }
    assert_eq!(triggers(&alert(&p).await), 4);
    // The same key with anything else is another press.
    for other in [json!({"recorded_at": later}), json!({}), json!({}), json!({"recorded_at": null})] {
        assert!(!is_replay(&press(&p, Some("one"), &other).await), "{other}");
    }
    assert_eq!(triggers(&alert(&p).await), 8);
    assert!(is_replay(&press(&p, Some("one"), &json!({"recorded_at": later, "note": "x"})).await));
});

on_both!(a_key_that_was_used_elsewhere_refuses_no_cry, |app| async {
    let p = app.partnership().await;
    let safe = json!({"status": "safe", "recorded_at": app.now_text()});
    p.phone().post_keyed(CHECK_INS, "one", &safe).await.expect(201);
    p.phone().post_keyed(HELP_NOW, "one", &json!({"recorded_at": app.now_text()})).await.expect(201);
    let cry = json!({"status": "help_now", "recorded_at": app.now_text()});
    p.phone().post_keyed(CHECK_INS, "one", &cry).await.expect(201);
    let again = p.sos().post_keyed(CHECK_INS, "one", &cry).await;
    assert!(is_replay(&again));
    assert_eq!(triggers(&alert(&p).await), 2);
    // A cry among what was kept while offline is the same press as the one that was sent at once.
    let item = json!({"idempotency_key": "one", "method": "POST", "path": CHECK_INS, "body": cry});
    let synced = p.phone().post("/app/v1/sync", json!({"items": [item]})).await.expect(200);
    assert_eq!(synced["items"][0]["is_replayed"], true);
    assert_eq!(triggers(&alert(&p).await), 2);
    // What is no cry keeps its rules.
    let other = json!({"status": "safe", "recorded_at": app.now().plus_seconds(-1).to_string()});
    p.phone().post_keyed(CHECK_INS, "one", &other).await.refused(422, "idempotency_key_reused");
});

on_both!(people_are_paged_at_once_and_then_once_a_minute_with_the_count, |app| async {
    let p = app.partnership().await;
    p.consent(&["alert.police.help_now"]).await;
    for _ in 0..4 {
        press(&p, None, &json!({})).await.expect(201);
    }
    app.settle().await;
    let now = alert(&p).await;
    assert_eq!(p.police.messages().len(), 4, "each press has its message");
    assert_eq!(outcomes(&now, "duty").len(), 1, "paged at once, and once");
    assert_eq!(outcomes(&now, "police").len(), 4);
    // Somebody takes it up, and they press again: open at once, paged when the minute is over.
    app.advance_seconds(20).await;
    p.act(&text(&now, "id"), "acknowledge", json!({"note": "Ringing"})).await.expect(200);
    press(&p, None, &json!({})).await.expect(201);
    let now = alert(&p).await;
    assert_eq!((&now["state"], outcomes(&now, "duty").len()), (&json!("open"), 1));
    app.advance_seconds(39).await;
    assert_eq!(outcomes(&alert(&p).await, "duty").len(), 1);
    app.advance_seconds(1).await;
    let now = alert(&p).await;
    assert_eq!(outcomes(&now, "duty").len(), 2);
    let page = now["steps"].as_array().unwrap().last().unwrap().clone();
    assert_eq!(page["detail"]["triggers_since_last_page"], 4, "{page}");
    assert_eq!(p.police.messages().len(), 5, "the page brings the police nothing new");
    // Later than a minute after the page, people are paged at once again.
    app.advance_seconds(61).await;
    press(&p, None, &json!({})).await.expect(201);
    assert_eq!(outcomes(&alert(&p).await, "duty").len(), 3);
    app.settle().await;
    assert_eq!(p.police.messages().len(), 6);
});

on_both!(pressing_on_and_on_keeps_no_page_from_going_out, |app| async {
    let p = app.partnership().await;
    for _ in 0..10 {
        press(&p, None, &json!({})).await.expect(201);
        app.advance_seconds(25).await;
    }
    // 0, 1, 2, 3 and 4 minutes after the first.
    let pages = outcomes(&alert(&p).await, "duty").len();
    assert!((4..=5).contains(&pages), "{pages}");
});

on_both!(presses_that_race_have_a_message_each, |app| async {
    let p = app.partnership().await;
    p.consent(&["alert.police.help_now"]).await;
    let start = app.now();
    let racing = (0..PRESSES).map(|number| {
        let p = &p;
        async move {
            // Each begins at an instant of its own; which comes first is up to the locks.
            let at = holdfast::db::Instant::from_microseconds(start.microseconds() + i64::try_from(number).unwrap());
            app.inner.clock.advance_to(at);
            // A press that takes too long, as in such a crowd, is answered 503 and may go on: the phone asks again under the
            // same key, which is heard once.
            let (key, body) = (format!("press-{number}"), json!({"recorded_at": at.to_string()}));
            while press(p, Some(&key), &body).await.status == 503 {}
        }
    });
    join_all(racing).await;
    app.settle().await;
    assert_eq!(triggers(&alert(&p).await), PRESSES);
    assert_eq!(p.police.messages().len(), PRESSES);
});

on_both!(when_the_phone_recorded_a_press_stands_next_to_when_it_reached_us, |app| async {
    let p = app.partnership().await;
    let pressed = app.now().plus_minutes(-366);
    press(&p, None, &json!({"recorded_at": pressed})).await.expect(201);
    press(&p, None, &json!({})).await.expect(201);
    let alert = alert(&p).await;
    assert_eq!(alert["recorded_at"], json!(pressed));
    let [first, second] = alert["triggers"].as_array().unwrap().as_slice() else { panic!("{alert}") };
    assert_eq!((&first["recorded_at"], &first["at"]), (&json!(pressed), &json!(app.now())));
    assert_eq!((&second["recorded_at"], &second["rule"]), (&Value::Null, &json!("help_now")));
});

on_both!(under_duress_a_press_is_answered_as_any_other, |app| async {
    let p = app.partnership().await;
    let phone = crate::harness::partnership::under_duress(&app.http, &p.advocate, &p.survivor.id).await;
    let headers = [("content-type", "text/plain")];
    let cry = "{\"note\":\"\\ud83d\",\"battery\":7}";
    let silent = phone.send_bytes(Method::POST, HELP_NOW, &headers, cry).await.reply.expect(201);
    let open = p.phone().send_bytes(Method::POST, HELP_NOW, &headers, cry).await.reply.expect(201);
    assert_eq!((&silent["dropped"], &open["dropped"]), (&json!(["/note"]), &json!(["/note"])));
    let fields = |answer: &Value| answer["alert"].as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(fields(&silent), fields(&open));
});

async fn answer_named(app: &TestApp, p: &Partnership, slow_minutes: i64) -> Value {
    let id = text(&p.phone().get("/app/v1/check-ins/next").await.expect(200), "id");
    let body = json!({"status": "safe", "check_in_id": id, "recorded_at": app.now().plus_minutes(-slow_minutes)});
    let answer = p.phone().post(CHECK_INS, body).await.expect(201);
    assert_eq!(answer["id"], id.as_str(), "{answer}");
    answer
}

on_both!(an_answer_that_names_its_check_in_counts_by_our_clock, |app| async {
    let p = app.partnership().await;
    p.schedule("14:00").await;
    // Two hours slow, and a phone that lost its clock.
    for (day, slow_minutes) in [(0, 120), (1, 60 * 24 * 365 * 56)] {
        app.advance_to(crate::harness::instant("2026-11-21T14:01:00Z").plus_days(day)).await;
        assert_eq!(answer_named(app, &p, slow_minutes).await["state"], "safe");
        app.advance(120).await;
        assert_eq!(p.alerts().await, Vec::<Value>::new());
    }
});

on_both!(an_integer_is_one_however_it_is_written, |app| async {
    let p = app.partnership().await;
    let send = async |path: &str, key: &str, body: String| {
        let headers = [("content-type", "application/json"), ("idempotency-key", key)];
        p.phone().send_bytes(Method::POST, path, &headers, body).await.reply
    };
    let now = app.now_text();
    let concern = |number: &str, rest: &str| {
        format!("{{\"status\":\"concern\",\"feeling_safe\":{number}{rest},\"recorded_at\":\"{now}\"}}")
    };
    let first = send(CHECK_INS, "one", concern("1.0", "")).await;
    first.expect(201);
    for same in [concern("1", ""), concern("1e0", ",\"note\":null"), concern("1.00", ",\"battery\":null")] {
        let again = send(CHECK_INS, "one", same.clone()).await;
        assert!(is_replay(&again), "{same}");
    }
    send(CHECK_INS, "one", concern("2", "")).await.refused(422, "idempotency_key_reused");
    send("/app/v1/timers", "two", "{\"minutes\":20.0}".into()).await.expect(201);
    for wrong in ["1.5", "4e2", "1e400", "-1.0", "\"1\""] {
        send(CHECK_INS, wrong.trim_matches('"'), concern(wrong, "")).await.refused(422, "invalid");
    }
});

on_both!(two_narratives_at_their_limit_fit_in_any_script, |app| async {
    let p = app.partnership().await;
    let narrative = "\\ud83d\\udea8".repeat(12_000);
    let now = app.now_text();
    let body = format!(
        "{{\"happened\":{{\"precision\":\"unknown\"}},\"behaviours\":[\"loiter\"],\"account\":\"{narrative}\",\
        \"private_note\":\"{narrative}\",\"fear\":1,\"visibility\":\"advocate\",\"recorded_at\":\"{now}\"}}"
    );
    let headers = [("content-type", "application/json"), ("idempotency-key", "one")];
    p.phone().send_bytes(Method::POST, "/app/v1/incidents", &headers, body).await.reply.expect(201);
    let large = format!("{{\"minutes\":1,\"note\":\"{}\"}}", " ".repeat(512 * 1_024));
    let reply = p.phone().send_bytes(Method::POST, "/app/v1/timers", &headers, large.clone()).await.reply;
    reply.refused(413, "body_too_large");
    p.phone().send_bytes(Method::POST, "/app/v1/incidents", &headers, large).await.reply.refused(413, "body_too_large");
});

on_both!(a_put_without_a_body_replaces_nothing, |app| async {
    let p = app.partnership().await;
    let path = "/partner/v1/me/contact";
    p.advocate.put(path, json!({"email": "asha@support.example"})).await.expect(200);
    let headers = [("content-type", "application/json")];
    for body in ["", " "] {
        p.advocate.send_bytes(Method::PUT, path, &headers, body).await.reply.refused(400, "malformed_json");
        p.advocate.send_bytes(Method::PUT, path, &[], "").await.reply.refused(400, "malformed_json");
    }
    assert_eq!(p.advocate.put(path, json!({})).await.expect(200)["by_email"], false, "an empty object is said");
});
