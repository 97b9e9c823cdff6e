//! Duress: a second PIN that opens a session which looks the same, shows a decoy, and raises a silent emergency.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::harness::partnership::{PIN, enrol_with, way};
use crate::harness::{Caller, Partnership, Reply, TestApp, instant, on_both, text};

const DURESS_PIN: &str = "7305";

struct Phone {
    device_id: String,
    device_secret: String,
    genuine: Caller,
    forced: Caller,
}

/// A phone with a duress PIN, of a survivor who has something to hide; both ways into it.
async fn phone(app: &TestApp, p: &Partnership) -> Phone {
    let more = json!({"duress_pin": DURESS_PIN, "device_name": "Mine"});
    let enrolled = enrol_with(&app.http, &p.advocate, &p.survivor.id, more).await;
    let (device_id, device_secret) = (text(&enrolled, "device_id"), text(&enrolled, "device_secret"));
    let way = |pin: &str| way(&enrolled, pin);
    let (genuine, forced) = (Caller::new(&app.http, way(PIN)), Caller::new(&app.http, way(DURESS_PIN)));
    Phone { device_id, device_secret, genuine, forced }
}

async fn unlock(app: &TestApp, phone: &Phone, pin: &str) -> Reply {
    let body = json!({"device_id": phone.device_id, "device_secret": phone.device_secret, "pin": pin});
    app.http.nobody().post("/app/v1/session/unlock", body).await
}

/// The names of all fields, however deep, and of what kind each is.
fn shape(value: &Value) -> BTreeSet<String> {
    fn walk(at: &str, value: &Value, into: &mut BTreeSet<String>) {
        match value {
            Value::Object(map) => map.iter().for_each(|(name, value)| walk(&format!("{at}/{name}"), value, into)),
            Value::Array(items) => items.iter().for_each(|value| walk(at, value, into)),
            Value::String(_) => drop(into.insert(format!("{at} text"))),
            Value::Number(_) => drop(into.insert(format!("{at} number"))),
            Value::Bool(_) => drop(into.insert(format!("{at} bool"))),
            Value::Null => drop(into.insert(format!("{at} null"))),
        }
    }
    let mut found = BTreeSet::new();
    walk("", value, &mut found);
    found
}

fn header_names(reply: &Reply) -> BTreeSet<String> {
    reply.headers.keys().map(ToString::to_string).collect()
}

fn duress_alert(alerts: &[Value]) -> &Value {
    alerts.iter().find(|alert| alert["rule"] == "duress" || alert["rule"] == "help_now").expect("an emergency")
}

on_both!(the_duress_pin_answers_as_the_other_does, |app| async {
    let p = app.partnership().await;
    let phone = phone(app, &p).await;
    let (genuine, forced) = (unlock(app, &phone, PIN).await, unlock(app, &phone, DURESS_PIN).await);
    assert_eq!((genuine.status.as_u16(), forced.status.as_u16()), (200, 200));
    assert_eq!(header_names(&genuine), header_names(&forced));
    assert_eq!(shape(&genuine.json()), shape(&forced.json()));
    let size = |reply: &Reply| reply.json().to_string().len();
    assert_eq!(size(&genuine), size(&forced));
    unlock(app, &phone, "0000").await.refused(401, "unauthenticated");
});

on_both!(the_duress_pin_is_heard_behind_the_refusal_after_guesses, |app| async {
    let p = app.partnership().await;
    let phone = phone(app, &p).await;
    for guess in 0..10 {
        unlock(app, &phone, &format!("00{guess:02}")).await.refused(401, "unauthenticated");
    }
    unlock(app, &phone, "0099").await.refused(429, "too_many_requests");
    assert!(p.alerts().await.iter().all(|alert| alert["rule"] != "duress"));
    unlock(app, &phone, DURESS_PIN).await.refused(429, "too_many_requests");
    assert!(p.alerts().await.iter().any(|alert| alert["rule"] == "duress" && alert["level"] == 4));
});

on_both!(a_read_under_duress_is_a_decoy_however_its_path_is_written, |app| async {
    let p = app.partnership().await;
    let phone = phone(app, &p).await;
    for _ in 0..2 {
        let told = json!({"status": "safe", "note": "Xanthippe", "recorded_at": app.now_text()});
        phone.genuine.post("/app/v1/check-ins", told).await.expect(201);
        app.advance(1).await;
    }
    let genuine = phone.genuine.get("/app/v1/check%2Dins").await;
    assert!(genuine.body.contains("Xanthippe"), "it is the same address: {}", genuine.body);
    for path in ["/app/v1/check-ins", "/app/v1/check%2Dins", "/app/v1/check-ins?limit=1", "/app/v1/%63heck-ins"] {
        let seen = phone.forced.get(path).await;
        assert!(seen.status == 200 && !seen.body.contains("Xanthippe"), "{path}: {}", seen.body);
    }
    // Pages are cut as genuine ones are.
    app.advance(30).await;
    let page = phone.forced.get("/app/v1/check-ins?limit=1").await;
    let cursor = text(&page.expect(200), "next_cursor");
    assert!(page.header("link").is_some_and(|link| link.contains("rel=\"next\"")));
    let rest = phone.forced.get(&format!("/app/v1/check-ins?limit=1&cursor={cursor}")).await.expect(200);
    assert_ne!(rest["items"][0]["id"], page.expect(200)["items"][0]["id"]);
});

on_both!(the_duress_pin_raises_a_silent_emergency_on_the_help_now_setting, |app| async {
    let p = app.partnership().await;
    p.consent(&["alert.police.help_now"]).await;
    let phone = phone(app, &p).await;
    unlock(app, &phone, DURESS_PIN).await.expect(200);
    app.settle().await;
    let alerts = p.alerts().await;
    let alert = duress_alert(&alerts);
    assert_eq!((&alert["rule"], &alert["level"]), (&json!("duress"), &json!(4)));
    let received = p.police.received();
    let body = received[0].json();
    let data = &body["data"];
    assert_eq!((&data["event"], &data["do_not_contact_device"]), (&json!("duress"), &json!(true)));
    assert_eq!(data["approach"], "silent");
    assert!(!p.tasks("call_999").await.is_empty());
    // The phone knows nothing of it, whichever PIN opens it.
    let path = format!("/app/v1/alerts/{}", text(alert, "id"));
    phone.genuine.get(&path).await.refused(404, "not_found");
    phone.forced.get(&path).await.refused(404, "not_found");
    // Nor do those who work with the participant.
    assert!(p.practitioner.list("/partner/v1/alerts").await.is_empty());
    // Until the advocate releases it.
    let id = text(alert, "id");
    p.act(&id, "release", json!({})).await.expect(200);
    phone.genuine.get(&path).await.expect(200);
});

on_both!(reads_under_duress_are_a_decoy_that_looks_like_the_real_thing, |app| async {
    let p = app.partnership().await;
    let phone = phone(app, &p).await;
    p.schedule("21:00").await;
    p.consent(&["share.programme.status", "alert.police.help_now"]).await;
    let secret = json!({"status": "safe", "feeling_safe": 1, "note": "SECRET", "recorded_at": app.now_text()});
    phone.genuine.post("/app/v1/check-ins", secret).await.expect(201);
    let incident = json!({"happened": {"precision": "unknown"}, "behaviours": ["loiter"], "account": "SECRET",
        "fear": 1, "visibility": "advocate", "recorded_at": app.now_text()});
    phone.genuine.post("/app/v1/incidents", incident).await.expect(201);
    app.advance(30).await;
    let lists = [
        "check-ins",
        "incidents",
        "consents",
        "ladder",
        "orders",
        "devices",
        "schedules",
        "timers",
        "questions",
        "access-log",
        "disclosures",
        "updates",
    ];
    for name in lists {
        let path = format!("/app/v1/{name}");
        let (genuine, forced) = (phone.genuine.get(&path).await, phone.forced.get(&path).await);
        assert_eq!((genuine.status.as_u16(), forced.status.as_u16()), (200, 200), "{name}");
        assert_eq!(header_names(&genuine), header_names(&forced), "{name}");
        assert!(!forced.json().to_string().contains("SECRET"), "{name}");
        let (real, decoy) = (shape(&genuine.json()), shape(&forced.json()));
        let strange: Vec<_> = decoy.difference(&real).collect();
        assert!(strange.is_empty(), "{name}: {strange:?}");
        assert_eq!(phone.forced.get(&path).await.json(), forced.json(), "{name} changed");
    }
    // When the survivor answered shows, and how alerts are set; what was said and what is shared do not.
    let answered = |rows: Vec<Value>| rows.into_iter().filter(|row| row["state"] == "safe").collect::<Vec<_>>();
    let shown = answered(phone.forced.list("/app/v1/check-ins").await);
    assert!(shown.len() == 1 && shown[0].get("feeling_safe").is_none() && shown[0].get("note").is_none(), "{shown:?}");
    let consents = phone.forced.list("/app/v1/consents").await;
    let on = |row: &&Value| row["granted"] == true;
    let on: Vec<String> = consents.iter().filter(on).map(|row| text(row, "scope")).collect();
    assert_eq!(on, ["service.core", "alert.police.help_now"]);
    let next = [&phone.genuine, &phone.forced].map(|caller| caller.get("/app/v1/check-ins/next"));
    let [real, decoy] = next;
    assert_eq!(real.await.expect(200), decoy.await.expect(200));
    app.advance(60 * 24).await;
    assert_eq!(answered(phone.forced.list("/app/v1/check-ins").await), shown);
    app.leaves_retries();
});

on_both!(writes_under_duress_are_kept_and_marked_and_lower_nothing, |app| async {
    let p = app.partnership().await;
    let phone = phone(app, &p).await;
    p.schedule("21:00").await;
    p.consent(&["alert.police.help_now", "alert.police.missed"]).await;
    let timer = text(&phone.genuine.post("/app/v1/timers", json!({"minutes": 600})).await.expect(201), "id");
    app.advance_to(instant("2026-11-21T20:30:00Z")).await;
    let slot = text(&phone.genuine.get("/app/v1/check-ins/next").await.expect(200), "id");
    // "Safe" seems to answer the slot and does not.
    let said = json!({"status": "safe", "check_in_id": slot, "recorded_at": app.now_text()});
    let answered = phone.forced.post("/app/v1/check-ins", said).await.expect(201);
    assert_eq!((&answered["id"], &answered["state"]), (&json!(slot), &json!("safe")));
    assert_eq!(phone.genuine.get("/app/v1/check-ins/next").await.expect(200)["id"], json!(slot));
    let kept = p.advocate.list(&format!("/partner/v1/survivors/{}/check-ins", p.survivor.id)).await;
    assert!(kept.iter().any(|row| row["is_duress"] == true && row["state"] == "safe"), "{kept:?}");
    // Settings and sharing seem to change and do not.
    let off = json!({"granted": false, "text_version": "1"});
    let shown = phone.forced.put("/app/v1/consents/alert.police.help_now", off).await.expect(200);
    assert_eq!((&shown["granted"], &shown["pending"]["granted"]), (&json!(true), &json!(false)));
    let on = json!({"granted": true, "text_version": "1"});
    phone.forced.put("/app/v1/consents/share.programme.voice", on).await.expect(200);
    let real = phone.genuine.list("/app/v1/consents").await;
    let standing = |scope: &str| real.iter().find(|row| row["scope"] == scope).unwrap().clone();
    assert_eq!(standing("alert.police.help_now")["granted"], true);
    assert!(standing("alert.police.help_now").get("pending").is_none());
    assert_eq!(standing("share.programme.voice")["granted"], false);
    // A timer that was started before is there as well; whatever is done to either is only shown.
    let ended = phone.forced.post(&format!("/app/v1/timers/{timer}/end"), json!({})).await.expect(200);
    assert_eq!((&ended["id"], &ended["state"]), (&json!(timer), &json!("ended_safe")));
    assert_eq!(phone.genuine.get(&format!("/app/v1/timers/{timer}")).await.expect(200)["state"], "running");
    let started = text(&phone.forced.post("/app/v1/timers", json!({"minutes": 5})).await.expect(201), "id");
    let ended = phone.forced.post(&format!("/app/v1/timers/{started}/end"), json!({})).await.expect(200);
    assert_eq!(ended["state"], "ended_safe");
    app.advance(5).await;
    assert!(p.alerts().await.iter().any(|alert| alert["rule"] == "timer_expired"));
    app.advance_to(instant("2026-11-21T21:30:00Z")).await;
    assert!(p.alerts().await.iter().any(|alert| alert["rule"] == "missed_check_in"));
    app.leaves_retries();
});

on_both!(help_now_under_duress_notifies_again_and_stays_silent, |app| async {
    let p = app.partnership().await;
    p.consent(&["alert.police.help_now"]).await;
    let phone = phone(app, &p).await;
    unlock(app, &phone, DURESS_PIN).await.expect(200);
    app.settle().await;
    let first = p.police.received().len();
    let pressed = phone.forced.post("/app/v1/help-now", json!({"recorded_at": app.now_text()})).await.expect(201);
    app.settle().await;
    assert!(p.police.received().len() > first);
    let id = text(&pressed["alert"], "id");
    phone.genuine.get(&format!("/app/v1/alerts/{id}")).await.refused(404, "not_found");
    assert_eq!(p.alerts().await.iter().filter(|alert| alert["level"] == 4).count(), 1);
});

on_both!(the_duress_pin_turns_an_open_session_and_nothing_turns_it_back, |app| async {
    let p = app.partnership().await;
    let phone = phone(app, &p).await;
    let said = json!({"status": "safe", "note": "SECRET", "recorded_at": app.now_text()});
    phone.genuine.post("/app/v1/check-ins", said).await.expect(201);
    phone.genuine.post("/app/v1/session/confirm", json!({"pin": "0000"})).await.refused(403, "wrong_pin");
    assert_eq!(phone.genuine.post("/app/v1/session/confirm", json!({"pin": DURESS_PIN})).await.status, 204);
    assert!(p.alerts().await.iter().any(|alert| alert["rule"] == "duress"));
    let shown = phone.genuine.list("/app/v1/check-ins").await;
    assert!(shown.iter().all(|row| row.get("note").is_none()), "{shown:?}");
    assert_eq!(phone.genuine.post("/app/v1/session/confirm", json!({"pin": PIN})).await.status, 204);
    let shown = phone.genuine.list("/app/v1/check-ins").await;
    assert!(shown.iter().all(|row| row.get("note").is_none()), "{shown:?}");
});

on_both!(what_looks_like_somebody_elses_hand_on_the_phone_is_told_to_the_advocate_alone, |app| async {
    let p = app.partnership().await;
    let phone = phone(app, &p).await;
    // A second phone of the same survivor was enrolled just now.
    let alerts = p.alerts().await;
    assert_eq!((alerts.len(), &alerts[0]["rule"], &alerts[0]["level"]), (1, &json!("device_risk"), &json!(2)));
    p.act(&text(&alerts[0], "id"), "resolve", json!({"note": "It was them"})).await.expect(200);
    for _ in 0..5 {
        unlock(app, &phone, "0000").await.refused(401, "unauthenticated");
    }
    let alerts = p.alerts().await;
    assert_eq!((alerts.len(), &alerts[0]["state"]), (2, &json!("open")));
    app.advance(26 * 60).await;
    assert!(p.police.received().is_empty());
    let steps = p.advocate.get(&format!("/partner/v1/alerts/{}", text(&alerts[0], "id"))).await.expect(200);
    for step in steps["steps"].as_array().unwrap() {
        assert!(step["detail"]["told"].as_array().unwrap().iter().all(|told| told["audience"] == "advocate"));
    }
});

on_both!(an_incident_under_duress_is_silent_too_and_a_known_location_stays, |app| async {
    let p = app.partnership().await;
    p.consent(&["alert.police.help_now", "location.release_alert"]).await;
    let phone = phone(app, &p).await;
    let place = json!({"lat": 53.38, "lon": -1.47, "accuracy_m": 12.0});
    let pressed = json!({"recorded_at": app.now_text(), "location": place});
    let answer = phone.forced.post("/app/v1/help-now", pressed).await.expect(201);
    // As it would be of any press: the setting is on.
    assert_eq!((&answer["alert"]["police_will_be_told"], answer["alert"].get("delivered_at")), (&json!(true), None));
    let incident = json!({"happened": {"precision": "exact", "from": app.now_text()}, "behaviours": ["follow_foot"],
        "account": "At the door", "fear": 4, "visibility": "police", "happening_now": true, "recorded_at": app.now_text()});
    phone.forced.post("/app/v1/incidents", incident).await.expect(201);
    unlock(app, &phone, DURESS_PIN).await.expect(200);
    app.settle().await;
    let emergencies: Vec<_> = p.alerts().await.into_iter().filter(|alert| alert["level"] == 4).collect();
    assert_eq!(emergencies.len(), 1, "{emergencies:?}");
    // Messages that are under way at once may arrive in another order.
    let received = p.police.received().into_iter().map(|message| message.json());
    let last = received.max_by_key(|message| message["data"]["sequence"].as_i64()).unwrap();
    assert_eq!(last["data"]["do_not_contact_device"], true);
    assert_eq!(last["data"]["location"], json!({"available": true}));
    // What was said under duress shows to their own staff alone.
    let own = phone.genuine.list("/app/v1/check-ins").await;
    assert!(own.iter().all(|row| row["state"] != "help_now"), "{own:?}");
    let log = phone.genuine.list("/app/v1/access-log").await;
    assert!(log.iter().all(|line| line["purpose"] != "alert.police.help_now"), "{log:?}");
});

on_both!(a_session_under_duress_refuses_what_a_genuine_one_refuses, |app| async {
    let p = app.partnership().await;
    let phone = phone(app, &p).await;
    for path in [
        "/app/v1/anything",
        "/app/v1/alerts",
        "/app/v1/help-now",
        "/app/v1/check-ins?limit=0",
        "/app/v1/incidents?x=1",
        "/app/v1/timers?cursor=!",
        "/app/v1/check-ins/next/x",
    ] {
        let (genuine, forced) = (phone.genuine.get(path).await, phone.forced.get(path).await);
        assert_eq!(genuine.status, forced.status, "{path}");
    }
});

/// Sends the same call twice from either session, with a key of its own each time, and compares the answers.
async fn twice(phone: &Phone, path: (&str, &str), body: &Value) {
    for time in ["first", "second"] {
        let genuine = phone.genuine.post(path.0, body.clone()).await;
        let forced = phone.forced.post(path.1, body.clone()).await;
        assert_eq!(genuine.status, forced.status, "the {time} {}: {} {}", path.0, genuine.body, forced.body);
        let code = |reply: &Reply| reply.json()["code"].clone();
        if !genuine.status.is_success() {
            assert_eq!(code(&genuine), code(&forced), "the {time} {}", path.0);
        }
    }
}

on_both!(what_was_shown_as_done_is_not_done_again, |app| async {
    let p = app.partnership().await;
    let phone = phone(app, &p).await;
    let timer = |caller: Caller| async move {
        let id = text(&caller.post("/app/v1/timers", json!({"minutes": 600})).await.expect(201), "id");
        format!("/app/v1/timers/{id}")
    };
    let again = |caller: &Caller| Caller::new(&app.http, caller.way.clone());
    let (genuine, forced) = (timer(again(&phone.genuine)).await, timer(again(&phone.forced)).await);
    // More time adds up, and is refused beyond a day.
    for minutes in [400, 400, 400] {
        let more = json!({"minutes": minutes});
        let real = phone.genuine.post(&format!("{genuine}/extend"), more.clone()).await;
        let shown = phone.forced.post(&format!("{forced}/extend"), more).await;
        assert_eq!(real.status, shown.status);
        for field in ["ends_at", "extensions", "state", "code"] {
            assert_eq!(real.json().get(field), shown.json().get(field), "{field}");
        }
    }
    let path = |act: &str| (format!("{genuine}/{act}"), format!("{forced}/{act}"));
    let (end, extend) = (path("end"), path("extend"));
    twice(&phone, (&end.0, &end.1), &json!({})).await;
    twice(&phone, (&extend.0, &extend.1), &json!({"minutes": 5})).await;

    let soon = app.now().plus_hours(1).to_string();
    let body = json!({"happened": {"precision": "unknown"}, "behaviours": ["loiter"], "account": "Words", "fear": 1,
        "visibility": "private", "recorded_at": app.now_text(), "release_when": {"visibility": "advocate", "at": soon}});
    let report = |caller: Caller, body: Value| async move {
        text(&caller.post("/app/v1/incidents", body).await.expect(201), "id")
    };
    let (genuine, forced) =
        (report(again(&phone.genuine), body.clone()).await, report(again(&phone.forced), body.clone()).await);
    let path = |act: &str| (format!("/app/v1/incidents/{genuine}/{act}"), format!("/app/v1/incidents/{forced}/{act}"));
    let off = path("release-when");
    for time in ["first", "second"] {
        let real = phone.genuine.send(reqwest::Method::DELETE, &off.0, &[], None).await;
        let shown = phone.forced.send(reqwest::Method::DELETE, &off.1, &[], None).await;
        assert_eq!(real.status, shown.status, "the {time}: {} {}", real.body, shown.body);
    }
    let withdraw = path("withdraw");
    twice(&phone, (&withdraw.0, &withdraw.1), &json!({})).await;
    let mut amended = body;
    amended.as_object_mut().unwrap().remove("release_when");
    let amend = path("amend");
    twice(&phone, (&amend.0, &amend.1), &amended).await;
    // None of it was done: what was reported under duress still stands.
    let seen = p.advocate.list(&format!("/partner/v1/survivors/{}/incidents", p.survivor.id)).await;
    assert!(seen.iter().all(|row| row["id"] != json!(forced) || row["state"] != "withdrawn"), "{seen:?}");
    app.leaves_retries();
});

on_both!(a_check_in_that_was_shown_as_answered_takes_no_other_answer, |app| async {
    let p = app.partnership().await;
    let phone = phone(app, &p).await;
    p.schedule("21:00").await;
    app.advance_to(instant("2026-11-21T20:30:00Z")).await;
    let slot = text(&phone.genuine.get("/app/v1/check-ins/next").await.expect(200), "id");
    let safe = json!({"status": "safe", "check_in_id": slot, "recorded_at": app.now_text()});
    assert_eq!(phone.forced.post("/app/v1/check-ins", safe.clone()).await.expect(201)["id"], json!(slot));
    phone.forced.post("/app/v1/check-ins", safe.clone()).await.refused(409, "wrong_state");
    // One that names none stands by itself, as it would.
    let other = json!({"status": "safe", "recorded_at": app.now_text()});
    let unscheduled = phone.forced.post("/app/v1/check-ins", other).await.expect(201);
    assert_ne!(unscheduled["id"], json!(slot));
    // Help is never refused for that.
    let help = json!({"status": "help_now", "check_in_id": slot, "recorded_at": app.now_text()});
    phone.forced.post("/app/v1/check-ins", help).await.expect(201);
    // The slot waits for its survivor.
    phone.genuine.post("/app/v1/check-ins", safe).await.expect(201);
    app.settle().await;
});

on_both!(an_answer_under_duress_that_comes_too_late_is_shown_as_late, |app| async {
    let p = app.partnership().await;
    let phone = phone(app, &p).await;
    p.schedule("21:00").await;
    app.advance_to(instant("2026-11-21T20:30:00Z")).await;
    let slot = text(&phone.genuine.get("/app/v1/check-ins/next").await.expect(200), "id");
    app.advance_to(instant("2026-11-21T21:31:00Z")).await;
    let safe = json!({"status": "safe", "check_in_id": slot, "recorded_at": app.now_text()});
    let shown = phone.forced.post("/app/v1/check-ins", safe.clone()).await.expect(201);
    let real = phone.genuine.post("/app/v1/check-ins", safe).await.expect(201);
    assert_eq!((&shown["id"], &shown["state"]), (&real["id"], &real["state"]));
    app.leaves_retries();
});

on_both!(nothing_said_under_duress_about_being_contacted_counts, |app| async {
    let p = app.partnership().await;
    let phone = phone(app, &p).await;
    let plan = format!("/partner/v1/survivors/{}/safe-contact", p.survivor.id);
    let say = |is_safe: bool| json!({"status": "safe", "safe_to_contact": is_safe, "recorded_at": app.now_text()});
    phone.genuine.post("/app/v1/check-ins", say(false)).await.expect(201);
    phone.forced.post("/app/v1/check-ins", say(true)).await.expect(201);
    assert_eq!(p.advocate.get(&plan).await.expect(200)["said_unsafe_at"], json!(app.now()));
    app.settle().await;
});

/// The median time of many calls of each session, one after the other, in microseconds.
async fn medians(phone: &Phone, (path, body): (&str, Option<&Value>)) -> (u128, u128) {
    let (mut genuine, mut forced) = (Vec::new(), Vec::new());
    for _ in 0..40 {
        for (caller, times) in [(&phone.genuine, &mut genuine), (&phone.forced, &mut forced)] {
            let before = std::time::Instant::now();
            match body {
                Some(body) => caller.post(path, body.clone()).await.expect(201),
                None => caller.get(path).await.json(),
            };
            times.push(before.elapsed().as_micros());
        }
    }
    let median = |times: &mut Vec<u128>| {
        times.sort_unstable();
        times[times.len() / 2].max(1)
    };
    (median(&mut genuine), median(&mut forced))
}

on_both!(a_session_under_duress_takes_about_as_long, |app| async {
    let p = app.partnership().await;
    let phone = phone(app, &p).await;
    unlock(app, &phone, DURESS_PIN).await.expect(200);
    app.settle().await;
    let (safe, hello) = (json!({"status": "safe", "recorded_at": app.now_text()}), json!({"body": "Hello"}));
    let reads = ["check-ins", "consents", "devices", "timers", "check-ins/next"].map(|name| (name, None));
    let writes = [("check-ins", Some(&safe)), ("messages", Some(&hello))];
    for (name, body) in reads.into_iter().chain(writes) {
        let path = &format!("/app/v1/{name}");
        let mut seen = Vec::new();
        for _ in 0..3 {
            let (genuine, forced) = medians(&phone, (path, body)).await;
            seen.push((genuine, forced));
            // Far wider than what is measured, so that a busy machine does not fail it; narrower than what a person, or an
            // answer that read nothing from the database, would show.
            if genuine.max(forced) <= 4 * genuine.min(forced) {
                break;
            }
        }
        let (genuine, forced) = seen[seen.len() - 1];
        assert!(genuine.max(forced) <= 4 * genuine.min(forced), "{path}: {seen:?}");
    }
    app.leaves_retries();
});
