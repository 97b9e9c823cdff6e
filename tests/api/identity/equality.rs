//! Every operation of the app's door, in a genuine session and in one under duress: write, read back, list, repeat.
//!
//! The control is a survivor whose record holds what a decoy mirrors and nothing else. A new operation fails here until
//! `steps` knows how to call it.

mod steps;

use std::collections::BTreeSet;

use diesel::prelude::*;
use holdfast::db::DbConn;
use holdfast::db::schema::notifications;
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::pair::{Pair, Sent};
use crate::harness::partnership::{CODE_WORD, FORCE, PIN, enrol_with, way};
use crate::harness::push::Subscriber;
use crate::harness::{Caller, Partnership, TestApp, Way, instant, on_both, text};
use crate::routes::contract::{Operation, operations};
use steps::{Step, steps};

const DURESS_PIN: &str = "7305";

/// A survivor with one phone, and both ways into it.
struct Record {
    id: String,
    genuine: Caller,
    forced: Caller,
}

/// A survivor with what a bystander of the phone sees: a check-in that waits and one that was answered, a timer that runs and one
/// that has ended, a setting.
async fn record(app: &TestApp, p: &Partnership) -> Record {
    let body = json!({"preferred_name": "Zephyrine", "home_force_id": FORCE, "risk_rating": "high"});
    let id = text(&p.advocate.post("/partner/v1/survivors", body).await.expect(201), "id");
    let more = json!({"duress_pin": DURESS_PIN, "code_word": CODE_WORD});
    let enrolled = enrol_with(&app.http, &p.advocate, &id, more).await;
    let (genuine, forced) =
        (Caller::new(&app.http, way(&enrolled, PIN)), Caller::new(&app.http, way(&enrolled, DURESS_PIN)));
    let schedule = json!({"time_zone": "Europe/London", "local_times": ["14:00"], "opens_minutes_before": 60,
        "grace_minutes": 30});
    p.advocate.post(&format!("/partner/v1/survivors/{id}/schedules"), schedule).await.expect(201);
    let safe = json!({"status": "safe", "recorded_at": app.now_text()});
    genuine.post("/app/v1/check-ins", safe).await.expect(201);
    let mut timers = Vec::new();
    for _ in 0..2 {
        timers.push(text(&genuine.post("/app/v1/timers", json!({"minutes": 600})).await.expect(201), "id"));
    }
    genuine.post(&format!("/app/v1/timers/{}/end", timers[0]), json!({})).await.expect(200);
    let on = json!({"granted": true, "text_version": "1"});
    genuine.put("/app/v1/consents/contact.push", on).await.expect(200);
    Record { id, genuine, forced }
}

fn phone(caller: &Caller) -> (String, String, String) {
    let Way::Phone { device_id, device_secret, pin } = &caller.way else { panic!("a phone is a phone") };
    (device_id.clone(), device_secret.clone(), pin.clone())
}

/// The operations of the app's door.
fn of_the_app() -> Vec<Operation> {
    let all = operations().into_iter();
    all.filter(|operation| operation.path.starts_with("/app/v1/")).collect()
}

/// Whether a path with names in it is one of an operation's.
fn is_at(operation: &Operation, path: &str) -> bool {
    let path = path.split('?').next().unwrap_or_default();
    let (template, parts) = (operation.path.split('/'), path.split('/'));
    template.clone().count() == parts.clone().count()
        && template.zip(parts).all(|(place, part)| place.starts_with('{') || place == part)
}

/// Sends a step from both sessions, and once more as it was; what was made is known by its name afterwards.
async fn take(app: &TestApp, pair: &mut Pair<'_>, step: &Step) {
    if step.operation == "get_own_alert" {
        // Whom it went to is known once somebody was notified.
        app.settle().await;
    }
    let all = of_the_app();
    let found = all.iter().find(|operation| operation.id() == step.operation);
    let operation = found.unwrap_or_else(|| panic!("{} is no operation any more", step.operation));
    assert!(is_at(operation, &step.path), "{} is at {}, not {}", step.operation, operation.path, step.path);
    let method: Method = operation.method.parse().unwrap();
    let key = uuid::Uuid::new_v4().to_string();
    let mut headers: Vec<(&str, &str)> = step.headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
    if method == Method::POST {
        headers.push(("idempotency-key", &key));
    }
    let sent = Sent { method, path: &step.path, headers: &headers, body: step.body.as_ref(), raw: step.raw.as_deref() };
    let (genuine, forced) = pair.compare(&sent).await;
    assert_eq!(genuine.status.as_u16(), step.status, "{}: {}", step.operation, genuine.body);
    if let Some((name, place)) = step.keeps {
        pair.know(name, (steps::found(&genuine, place), steps::found(&forced, place)));
    }
    pair.compare(&sent).await;
}

on_both!(every_operation_answers_the_same_under_duress, |app| async {
    let p = app.partnership().await;
    let (control, other) = (record(app, &p).await, record(app, &p).await);
    // The next check-in may be answered by now.
    app.advance(90).await;
    let mut pair = Pair::new(&control.genuine, &other.forced);
    let (own, shown) = (phone(&control.genuine), phone(&other.forced));
    pair.know("device", (own.0, shown.0));
    pair.know("secret", (own.1, shown.1));
    pair.know("pin", (own.2, shown.2));
    let mut taken = BTreeSet::new();
    for step in steps(app.now()) {
        take(app, &mut pair, &step).await;
        taken.insert(step.operation);
    }
    // A code for a further phone is in the log of nobody who saw only this one: both are made after it was read.
    let mut codes = Vec::new();
    for survivor in [&control.id, &other.id] {
        let path = format!("/partner/v1/survivors/{survivor}/enrolment-codes");
        codes.push(text(&p.advocate.post(&path, json!({})).await.expect(201), "code"));
    }
    pair.know("code", (codes.remove(0), codes.remove(0)));
    let step = steps::enrolment();
    take(app, &mut pair, &step).await;
    taken.insert(step.operation);
    let all = of_the_app();
    let missing: Vec<_> = all.iter().map(Operation::id).filter(|id| !taken.contains(id)).collect();
    assert!(missing.is_empty(), "{missing:?} are new: tell equality/steps.rs how to call them under duress");
    app.leaves_retries();
});

/// An answer without what differs from request to request.
fn plain(mut answer: Value) -> Value {
    answer.as_object_mut().map(|fields| fields.remove("request_id"));
    answer
}

on_both!(what_a_bystander_saw_is_there_under_duress_as_it_was, |app| async {
    let p = app.partnership().await;
    let record = record(app, &p).await;
    app.advance(5).await;
    let mut seen = Vec::new();
    // What was read once more after the phone was unlocked by the other PIN, and after a night.
    let reads: BTreeSet<String> = steps::reads().into_iter().map(|step| step.path).collect();
    for path in &reads {
        let reply = record.genuine.get(path).await;
        seen.push((path, reply.status, reply.body.len(), plain(reply.json())));
    }
    for (path, status, size, was) in &seen {
        let reply = record.forced.get(path).await;
        assert_eq!((reply.status, plain(reply.json())), (*status, was.clone()), "{path}");
        assert_eq!(reply.body.len(), *size, "{path}");
    }
    let elsewhere = Caller::new(&app.other_server().await, record.forced.way.clone());
    for (path, status, _, was) in &seen {
        let reply = elsewhere.get(path).await;
        assert_eq!((reply.status, &plain(reply.json())), (*status, was), "{path} after a restart");
    }
    app.leaves_retries();
});

on_both!(a_setting_that_was_turned_off_before_is_off_under_duress_and_goes_off_alike, |app| async {
    let p = app.partnership().await;
    let record = record(app, &p).await;
    let say = |granted: bool| json!({"granted": granted, "text_version": "1"});
    for granted in [true, false] {
        record.genuine.put("/app/v1/consents/alert.police.help_now", say(granted)).await.expect(200);
    }
    let setting = |rows: Vec<Value>| rows.into_iter().find(|row| row["scope"] == "alert.police.help_now").unwrap();
    // It is being turned off: the day of delay is seen as it was, under the number that the phone has shown.
    let before = setting(record.genuine.list("/app/v1/consents").await);
    assert_eq!((&before["granted"], &before["pending"]["granted"]), (&json!(true), &json!(false)), "{before}");
    assert_eq!(setting(record.forced.list("/app/v1/consents").await), before);
    app.advance(25 * 60).await;
    let after = setting(record.genuine.list("/app/v1/consents").await);
    assert_eq!((&after["granted"], &after["receipt"]), (&json!(false), &before["receipt"]));
    assert_eq!(setting(record.forced.list("/app/v1/consents").await), after);
    app.leaves_retries();
});

on_both!(a_decoy_that_was_made_later_shows_the_receipts_of_before, |app| async {
    let p = app.partnership().await;
    p.consent(&["alert.police.help_now", "contact.push"]).await;
    let set = json!({"pin": PIN, "new_duress_pin": DURESS_PIN});
    p.phone().post("/app/v1/session/pin", set).await.expect(204);
    let (device_id, device_secret, _) = phone(p.phone());
    let forced = Caller::new(&app.http, Way::Phone { device_id, device_secret, pin: DURESS_PIN.to_owned() });
    let (real, shown) = (p.phone().list("/app/v1/consents").await, forced.list("/app/v1/consents").await);
    assert_eq!(real, shown);
    app.settle().await;
});

/// How many notices were queued for phones so far.
async fn notices(app: &TestApp) -> i64 {
    let read = |conn: &mut DbConn| {
        let pushed = notifications::table.filter(notifications::channel.eq("web_push"));
        Ok(pushed.count().get_result(conn)?)
    };
    app.inner.db.read(read).await.unwrap()
}

on_both!(notices_that_end_under_duress_end_until_the_survivors_own_pin_unlocks_the_phone, |app| async {
    let p = app.partnership().await;
    let record = record(app, &p).await;
    let push = format!("/app/v1/devices/{}/push", phone(&record.genuine).0);
    let address = Subscriber::new().body("http://127.0.0.1:1025/nobody");
    record.genuine.put(&push, address.clone()).await.expect(200);
    app.advance_to(instant("2026-11-21T13:50:00Z")).await;
    let reminded = notices(app).await;
    assert!(reminded > 0, "a check-in is reminded of before it is due");
    record.forced.send(Method::DELETE, &push, &[], None).await.expect(204);
    app.advance_to(instant("2026-11-21T14:05:00Z")).await;
    assert_eq!(notices(app).await, reminded);
    // Registered again there, and then no more agreed to: the last counts.
    record.forced.put(&push, address).await.expect(200);
    app.advance_to(instant("2026-11-22T13:50:00Z")).await;
    let again = notices(app).await;
    assert!(again > reminded);
    let off = json!({"granted": false, "text_version": "1"});
    record.forced.put("/app/v1/consents/contact.push", off).await.expect(200);
    app.advance_to(instant("2026-11-22T13:58:00Z")).await;
    let before = notices(app).await;
    assert_eq!(before, again);
    record.genuine.forget_tokens().await;
    record.genuine.get("/app/v1/check-ins").await.expect(200);
    app.advance_to(instant("2026-11-22T14:05:00Z")).await;
    assert!(notices(app).await > before, "the survivor's own PIN brings them back");
    app.leaves_retries();
});
