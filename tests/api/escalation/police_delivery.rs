//! How an alert reaches the police when things go wrong: another way at once, less where less is shared, never nothing.

use diesel::prelude::*;
use holdfast::db::Json;
use holdfast::db::schema::{alert_history, deliveries, disclosures};
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::partnership::{self, CODE_WORD};
use crate::harness::smtp::{MailAnswer, MailServer};
use crate::harness::{Answer, NOON, Partnership, TestApp, instant, on_both, text};

const SETTING: &str = "alert.police.help_now";

/// A partnership whose survivor lets the police be told of an emergency.
async fn partnership_on(app: &TestApp) -> Partnership {
    let p = app.partnership().await;
    p.consent(&[SETTING]).await;
    p
}

/// A second endpoint of the force, after the first.
async fn second_endpoint(app: &TestApp, p: &Partnership) -> (String, std::sync::Arc<crate::harness::Police>) {
    let police = app.police();
    let id = partnership::endpoint(&p.admin, &p.force, &police).await;
    (id, police)
}

async fn endpoints(p: &Partnership) -> Vec<Value> {
    let mut all = p.admin.list("/admin/v1/webhook-endpoints").await;
    all.sort_by_key(|endpoint| endpoint["position"].as_i64());
    all
}

/// What was disclosed, of everybody.
async fn disclosed(app: &TestApp) -> Vec<Value> {
    let read = |conn: &mut holdfast::db::DbConn| Ok(disclosures::table.select(disclosures::what).load::<Json>(conn)?);
    app.inner.db.read(read).await.unwrap().into_iter().map(|what| what.0).collect()
}

async fn alert(p: &Partnership, id: &str) -> Value {
    p.advocate.get(&format!("/partner/v1/alerts/{id}")).await.expect(200)
}

on_both!(what_is_no_longer_shared_is_missing_from_the_next_attempt, |app| async {
    let p = partnership_on(app).await;
    p.consent(&["share.police.incident"]).await;
    let body = json!({"happened": {"precision": "unknown"}, "behaviours": ["message_text"], "account": "Again.",
        "fear": 1, "visibility": "police", "recorded_at": app.now()});
    p.phone().post("/app/v1/incidents", body).await.expect(201);
    app.advance_seconds(1).await;
    p.police.answers_next(&[Answer::Status(503), Answer::Status(503)]);
    p.help_now().await;
    app.settle().await;
    p.decide("share.police.incident", false).await;
    // The alert setting counts as it stood: the alert itself goes on.
    p.decide(SETTING, false).await;
    app.advance_seconds(10).await;

    let received = p.police.received();
    let risk = |at: usize| received[at].json()["data"]["facts"]["risk"].clone();
    assert_eq!(risk(0), json!({"rating": "high", "incidents_7d": 1, "trend": "rising"}));
    for at in [1, 2] {
        assert_eq!(risk(at), json!({"rating": "high", "incidents_7d": "not_stated", "trend": "not_stated"}));
        assert_eq!((&received[at].id, received[at].json()["data"]["sequence"].as_i64()), (&received[0].id, Some(1)));
    }
    // Sharing once more adds nothing to what was queued without.
    assert_eq!(received.len(), 3);
});

on_both!(an_incident_taken_back_between_two_attempts_is_told_no_further, |app| async {
    let p = partnership_on(app).await;
    p.police.answers_next(&[Answer::Status(503)]);
    let body = json!({"happened": {"precision": "unknown"}, "behaviours": ["attend_home"], "account": "Here.",
        "fear": 4, "visibility": "police", "happening_now": true, "recorded_at": app.now(),
        "order_condition_id": p.condition});
    let incident = text(&p.phone().post("/app/v1/incidents", body).await.expect(201), "id");
    app.settle().await;
    p.phone().post(&format!("/app/v1/incidents/{incident}/withdraw"), json!({})).await.expect(200);
    app.advance_seconds(2).await;

    let received = p.police.received();
    let facts = |at: usize| received[at].json()["data"]["facts"].clone();
    assert_eq!(facts(0)["threat"], json!(["attend_home"]));
    assert_eq!((received.len(), &received[1].id), (2, &received[0].id));
    assert_eq!(
        (&facts(1)["threat"], &facts(1)["investigation"]["possible_breach"]),
        (&json!("not_stated"), &json!([]))
    );
});

on_both!(a_force_that_is_kept_out_between_two_attempts_gets_no_second_and_a_person_rings_999, |app| async {
    let p = partnership_on(app).await;
    p.police.answers(Answer::Status(503));
    let id = text(&p.help_now().await, "id");
    app.settle().await;
    p.block_force(&p.force).await;
    app.advance_seconds(30).await;
    assert_eq!(p.police.received().len(), 1);
    assert_eq!(alert(&p, &id).await["deliveries"][0]["state"], "withheld");
    assert_eq!(p.tasks("police_unreachable").await.len(), 1);
    assert_eq!(p.tasks("call_999").await.len(), 1);
});

on_both!(a_refusal_drops_and_disables_nothing_and_the_next_endpoint_is_told_at_once, |app| async {
    let p = partnership_on(app).await;
    let (_, second) = second_endpoint(app, &p).await;
    p.police.answers_next(&[Answer::Status(410), Answer::Redirect(301), Answer::Status(404)]);
    let told = p.help_now().await;
    app.settle().await;
    let failing = endpoints(&p).await[0].clone();
    assert_eq!((&failing["failing_since"], &failing["disabled_at"]), (&json!(app.now()), &Value::Null));
    assert_eq!((&failing["last_outcome"], &failing["last_status"]), (&json!("refused"), &json!(410)));
    let (first, other) = (p.police.messages()[0].clone(), second.messages());
    assert_eq!((other.len(), other[0].at), (1, first.at));
    // One that never heard of the alert is told of it, not of news about it.
    let message = other[0].json();
    assert_eq!((&message["type"], &message["data"]["alert"]), (&json!("safety.alert.raised"), &told["reference"]));
    assert_eq!(message["data"]["refers_to"], first.id.as_str());
    assert!(p.tasks("police_unreachable").await.is_empty());

    app.advance(1).await;
    let received = p.police.received();
    assert_eq!((received.len(), received[3].answer), (4, Answer::Status(200)));
    let healthy = endpoints(&p).await[0].clone();
    assert_eq!((&healthy["failing_since"], &healthy["last_outcome"]), (&Value::Null, &json!("received")));
    // Refusals two and three found nobody left to tell: a person rings.
    assert_eq!(p.tasks("police_unreachable").await.len(), 1);
});

on_both!(each_message_that_reaches_nobody_asks_a_person_anew, |app| async {
    let p = app.partnership_with_risk("standard").await;
    p.consent(&["alert.police.breach"]).await;
    p.police.answers(Answer::Status(403));
    let breach = |app: &TestApp| {
        json!({"happened": {"precision": "unknown"}, "behaviours": ["message_text"], "account": "It was them.",
            "fear": 1, "visibility": "police", "recorded_at": app.now_text(), "order_condition_id": p.condition})
    };
    p.phone().post("/app/v1/incidents", breach(app)).await.expect(201);
    app.settle().await;
    let first = p.tasks("police_unreachable").await;
    assert_eq!(first.len(), 1);
    let done = json!({"note": "Rang the force's control room."});
    let path = format!("/partner/v1/tasks/{}/complete", text(&first[0], "id"));
    p.advocate.post(&path, done).await.expect(200);
    app.advance(1).await;
    assert_eq!(p.tasks("police_unreachable").await.len(), 1, "of the first breach somebody has rung");
    p.phone().post("/app/v1/incidents", breach(app)).await.expect(201);
    app.settle().await;
    assert_eq!(p.tasks("police_unreachable").await.len(), 2);
    // Told once for each of the two, however often the messages are tried.
    app.advance(10).await;
    let asked = |conn: &mut holdfast::db::DbConn| {
        let fallen = alert_history::table.filter(alert_history::kind.eq("fell_back"));
        Ok(fallen.count().get_result::<i64>(conn)?)
    };
    assert_eq!(app.inner.db.read(asked).await.unwrap(), 2);
    p.police.answers(Answer::Status(200));
    app.advance(2).await;
});

on_both!(an_endpoint_that_is_taken_out_of_use_hands_on_what_waits, |app| async {
    let p = partnership_on(app).await;
    let (_, second) = second_endpoint(app, &p).await;
    p.police.answers(Answer::Status(503));
    p.help_now().await;
    app.settle().await;
    let path = format!("/admin/v1/webhook-endpoints/{}", text(&endpoints(&p).await[0], "id"));
    let tag = p.admin.get(&path).await.header("etag").unwrap().to_owned();
    let body = json!({"is_disabled": true});
    p.admin.send(Method::PATCH, &path, &[("if-match", &tag)], Some(&body)).await.expect(200);
    assert!(second.received().is_empty());
    app.advance_seconds(3).await;
    assert_eq!((p.police.received().len(), second.received().len()), (1, 1));
});

on_both!(an_urgent_alert_goes_another_way_after_two_minutes_of_errors, |app| async {
    let p = app.partnership().await;
    p.consent(&["alert.police.missed"]).await;
    let (_, second) = second_endpoint(app, &p).await;
    p.police.answers(Answer::Status(500));
    p.schedule("14:00").await;
    app.advance_to(instant("2026-11-21T15:01:59Z")).await;
    assert!(p.police.received().len() >= 5 && second.received().is_empty());
    app.advance(2).await;
    assert_eq!(second.messages().len(), 1);
    p.police.answers(Answer::Status(200));
    app.advance(2).await;
});

on_both!(a_message_that_cannot_be_read_is_set_aside_and_holds_up_no_other, |app| async {
    let p = partnership_on(app).await;
    let other = partnership::survivor(&app.http, &p.advocate, "high").await;
    let on = json!({"granted": true, "text_version": "1"});
    other.phone.session.put(&format!("/app/v1/consents/{SETTING}"), on).await.expect(200);
    let poisoned = text(&p.help_now().await, "id");
    let spoil = |conn: &mut holdfast::db::DbConn| {
        let body = deliveries::table.select(deliveries::body).first::<holdfast::crypto::Sealed>(conn)?;
        let spoilt: Vec<u8> = body.bytes().iter().map(|byte| byte ^ 1).collect();
        Ok(diesel::update(deliveries::table).set(deliveries::body.eq(spoilt)).execute(conn)?)
    };
    assert_eq!(app.inner.db.write(spoil).await.unwrap(), 1);
    let healthy = partnership::help_now(&other.phone.session).await;
    app.settle().await;
    let messages = p.police.messages();
    assert_eq!((messages.len(), &messages[0].json()["data"]["alert"]), (1, &healthy["reference"]));
    let unreachable = p.tasks("police_unreachable").await;
    assert_eq!((unreachable.len(), &unreachable[0]["alert_id"]), (1, &json!(poisoned)));

    app.advance(1).await;
    let delivery = alert(&p, &poisoned).await["deliveries"][0].clone();
    assert_eq!((&delivery["state"], &delivery["attempts"]), (&json!("set_aside"), &json!(5)));
    assert_eq!(p.police.messages().len(), 1);
});

on_both!(what_follows_refers_to_the_first_message_and_says_when_the_level_rose, |app| async {
    let p = app.partnership_with_risk("standard").await;
    p.consent(&["alert.police.missed", SETTING]).await;
    let id = text(&p.help_now().await, "id");
    app.settle().await;
    app.advance_seconds(1).await;
    p.help_now().await;
    app.settle().await;
    let closing = json!({"note": "Spoke; safe.", "code_word": CODE_WORD});
    p.act(&id, "stand-down", closing).await.expect(200);
    app.settle().await;
    let messages: Vec<Value> = p.police.messages().iter().map(crate::harness::Received::json).collect();
    let types: Vec<&Value> = messages.iter().map(|message| &message["type"]).collect();
    assert_eq!(types, ["safety.alert.raised", "safety.alert.updated", "safety.alert.withdrawn"]);
    let first = p.police.messages()[0].id.clone();
    assert_eq!(messages[0]["data"]["refers_to"], Value::Null);
    for (at, message) in messages.iter().enumerate() {
        assert_eq!(message["data"]["sequence"], json!(at + 1));
        assert!(at == 0 || message["data"]["refers_to"] == first.as_str());
    }
});

/// A story on one database that has a mail server.
async fn with_mail(server: &MailServer, app: TestApp) {
    let p = partnership_on(&app).await;
    let body =
        |url: &str| json!({"organisation_id": p.force, "kind": "email", "url": url, "description": "Duty inspector"});
    for wrong in ["control@police.example", "mailto:", "mailto:a@b,c@d", "https://police.example/"] {
        p.admin.post("/admin/v1/webhook-endpoints", body(wrong)).await.expect(422);
    }
    let made = p.admin.post("/admin/v1/webhook-endpoints", body("mailto:control@police.example")).await.expect(201);
    let (secret, public_key) = (text(&made, "secret"), text(&made, "public_key"));
    p.police.answers(Answer::Status(410));
    server.answers(MailAnswer::Refused(451));
    let told = p.help_now().await;
    app.settle().await;
    assert!(server.mails().is_empty());
    server.answers(MailAnswer::Taken);
    app.advance_seconds(10).await;

    let mails = server.mails();
    let [mail] = mails.as_slice() else { panic!("{mails:?}") };
    let (name, json) = mail.attachment().unwrap();
    assert_eq!((mail.to[0].as_str(), name.as_str()), ("control@police.example", "message.json"));
    let header = |name: &str| mail.header(name).unwrap();
    let (id, time, signature) = (header("webhook-id"), header("webhook-timestamp"), header("webhook-signature"));
    let now = time.parse().unwrap();
    holdfast::crypto::signature::verify(&secret, Some(&public_key), &id, &time, &signature, &json, now).unwrap();
    let message: Value = serde_json::from_slice(&json).unwrap();
    assert_eq!((&message["type"], &message["data"]["alert"]), (&json!("safety.alert.raised"), &told["reference"]));
    assert_eq!(header("subject"), format!("Holdfast: safety.alert.raised {}", text(&told, "reference")));
    assert!(mail.text().contains("Level: 4") && !mail.raw.contains(partnership::SURVIVOR_NAME));
    let own = p.phone().get(&format!("/app/v1/alerts/{}", text(&told, "id"))).await.expect(200);
    // That our mail server took it says nothing of whether the police have it.
    assert_eq!(own["delivered_at"], Value::Null);
    assert!(own["sent_by_mail_at"].is_string());
    assert!(own["in_words"].to_string().contains("by mail"), "{own}");
    let seen = alert(&p, &text(&told, "id")).await;
    let mailed = seen["deliveries"].as_array().unwrap().iter().find(|sent| sent["state"] == "sent_by_mail").unwrap();
    assert_eq!((&mailed["delivered_at"], mailed["sent_by_mail_at"].is_string()), (&Value::Null, true));
    assert_eq!(seen["forces"][0]["delivered_at"], Value::Null);
    app.leaves_retries();
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_endpoint_may_be_a_mailbox_that_takes_signed_mail() {
    let server = MailServer::start().await;
    let mail = |settings: &mut holdfast::config::Flags| {
        settings.smtp_url = Some(server.url());
        settings.smtp_from = Some("alerts@holdfast.example".to_owned());
    };
    with_mail(&server, TestApp::sqlite_with(instant(NOON), mail).await).await;
    let server = MailServer::start().await;
    let mail = |settings: &mut holdfast::config::Flags| {
        settings.smtp_url = Some(server.url());
        settings.smtp_from = Some("alerts@holdfast.example".to_owned());
    };
    if let Some(app) = TestApp::postgres_with(instant(NOON), mail).await {
        with_mail(&server, app).await;
    }
}

on_both!(a_mailbox_needs_a_mail_server, |app| async {
    let p = app.partnership().await;
    let body =
        json!({"organisation_id": p.force, "kind": "email", "url": "mailto:a@police.example", "description": "x"});
    let refused = p.admin.post("/admin/v1/webhook-endpoints", body).await;
    assert_eq!(refused.expect(422)["errors"][0]["code"], "no_mail_server");
});

on_both!(a_location_is_open_to_several_officers_and_each_is_told_who_else_has_it, |app| async {
    let p = partnership_on(app).await;
    p.consent(&["location.moment", "location.release_alert"]).await;
    let place = json!({"lat": 53.3811, "lon": -1.4701, "accuracy_m": 12.0});
    let told = p.phone().post("/app/v1/help-now", json!({"location": place, "recorded_at": app.now()})).await;
    let reference = text(&told.expect(201)["alert"], "reference");
    app.settle().await;
    assert_eq!(p.police.messages()[0].json()["data"]["location"], json!({"available": true}));
    app.advance_seconds(1).await;
    // Turned off at once, with the code word: an alert that was raised is never touched.
    p.decide("location.release_alert", false).await;
    let confirm = format!("/partner/v1/survivors/{}/consents/location.release_alert/confirm", p.survivor.id);
    p.advocate.post(&confirm, json!({"code_word": CODE_WORD})).await.expect(200);

    let second = partnership::staff(&app.http, &p.admin, &p.force, "pc.0815", &["police"]).await;
    let path = format!("/police/v1/alerts/{reference}");
    let read = |officer: &str| {
        let (p, path, officer) = (&p, &path, officer.to_owned());
        async move {
            let headers = [("holdfast-officer", officer.as_str()), ("holdfast-reason", "Attending")];
            p.police_system.send(Method::GET, path, &headers, None).await.expect(200)
        }
    };
    let first = read("pc.4417").await;
    assert_eq!((&first["location"]["lat"], &first["location_released"]), (&json!(53.3811), &Value::Null));
    app.advance(1).await;
    for (officer, other, at) in [(second.username.as_str(), "pc.4417", 1), ("pc.4417", "pc.0815", 61)] {
        let later = read(officer).await;
        let released = json!({"at": instant(NOON).plus_seconds(at), "officer": other});
        assert_eq!((&later["location"], &later["location_released"]), (&first["location"], &released));
        assert_eq!(later["data"]["location"], json!({"available": true}));
    }
    let with_place =
        disclosed(app).await.into_iter().filter(|what| what.as_array().unwrap().contains(&json!("location")));
    assert_eq!(with_place.count(), 3);
});

on_both!(a_drill_reaches_the_force_as_one_and_never_turns_real, |app| async {
    let p = partnership_on(app).await;
    let body = json!({"survivor_id": p.survivor.id});
    p.advocate.post("/partner/v1/exercises", body.clone()).await.refused(403, "wrong_role");
    p.programme_supervisor.post("/partner/v1/exercises", body.clone()).await.expect(404);
    let drill = p.support_supervisor.post("/partner/v1/exercises", body.clone()).await.expect(201);
    p.support_supervisor.post("/partner/v1/exercises", body).await.refused(409, "wrong_state");
    let (id, reference) = (text(&drill, "id"), text(&drill, "reference"));
    app.settle().await;
    let message = p.police.messages().pop().unwrap();
    let data = message.json()["data"].clone();
    assert_eq!((&message.json()["type"], &data["status"]), (&json!("safety.alert.exercise"), &json!("exercise")));
    assert_eq!((&data["event"], &data["level"], &data["phase"]), (&json!("exercise"), &json!(4), &json!("raised")));
    for kept in ["14/1234/26", &p.case_reference, &p.survivor.id, "alert.police"] {
        assert!(!message.text().contains(kept), "{kept} in {}", message.text());
    }
    assert_eq!((p.tasks("exercise").await.len(), p.tasks("call_999").await.len()), (1, 0));
    assert_eq!(disclosed(app).await, Vec::<Value>::new());
    p.phone().get(&format!("/app/v1/alerts/{id}")).await.expect(404);

    // The real thing beside it is an alert of its own.
    let real = p.help_now().await;
    app.settle().await;
    assert_ne!(text(&real, "id"), id);
    assert_eq!(p.police.messages().pop().unwrap().json()["type"], "safety.alert.raised");
    let exercises = p.alerts().await.iter().filter(|alert| alert["is_exercise"] == true).count();
    assert_eq!(exercises, 1);
    let acted = json!({"officer": p.officer.username});
    let path = format!("/police/v1/alerts/{reference}/acknowledge");
    p.police_system.post(&path, acted).await.expect(200);
    p.act(&id, "acknowledge", json!({"note": "Drill."})).await.expect(200);
    p.act(&id, "resolve", json!({"note": "Drill over."})).await.expect(200);
    app.settle().await;
    let last = p.police.messages().pop().unwrap().json();
    assert_eq!((&last["type"], &last["data"]["phase"]), (&json!("safety.alert.exercise"), &json!("resolved")));
});

// Each way of failing, one after the other; two of them take their 15 real seconds.
on_both!(a_receiver_may_misbehave_in_every_way_and_is_tried_on_as_planned, |app| async {
    let p = partnership_on(app).await;
    p.police.answers_next(&[
        Answer::Status(500),
        Answer::Status(410),
        Answer::Odd(429, "-1"),
        Answer::Odd(429, "99999999999999999999"),
        Answer::Odd(503, "Wed, 21 Oct 2026 07:28:00 GMT"),
        Answer::Redirect(308),
        Answer::Hang,
        Answer::Trickle,
        Answer::Endless,
    ]);
    let told = p.help_now().await;
    app.advance(1).await;
    // Somebody takes it up, so that the ladder's own repeats do not mingle with the retries.
    p.act(&text(&told, "id"), "acknowledge", json!({"note": "Ringing."})).await.expect(200);
    app.advance_seconds(290).await;
    let received = p.police.received();
    assert_eq!((received.len(), p.police.messages().len()), (9, 1));
    let waits: Vec<i64> = received.windows(2).map(|pair| pair[1].at.seconds_since(pair[0].at)).collect();
    assert_eq!(waits[..5], [2, 5, 10, 60, 30]);
    assert!(waits[5..].iter().all(|wait| (48..=72).contains(wait)), "{waits:?}");
    // What never ends is received all the same: the receiver said 200, and it is we who stopped listening.
    let delivery = alert(&p, &text(&told, "id")).await["deliveries"][0].clone();
    assert_eq!((&delivery["state"], &delivery["attempts"]), (&json!("delivered"), &json!(9)));
});

on_both!(a_reply_of_the_police_counts_whatever_happens_after_it, |app| async {
    let p = partnership_on(app).await;
    let alert = p.help_now().await;
    app.settle().await;
    let path = format!("/police/v1/alerts/{}", text(&alert, "reference"));
    app.advance(3).await;
    let officer = json!({"officer": p.officer.username});
    p.police_system.post(&format!("{path}/acknowledge"), officer).await.expect(200);
    let outcome = json!({"officer": p.officer.username, "outcome": "no_trace"});
    p.police_system.post(&format!("{path}/outcome"), outcome).await.expect(200);
    // Pressed again they are told anew, and the alert itself knows of no reply any more.
    app.advance(5).await;
    p.help_now().await;
    app.settle().await;
    let now = self::alert(&p, &text(&alert, "id")).await;
    assert_eq!((&now["police_acknowledged_at"], &now["outcome"]), (&Value::Null, &Value::Null));
    let (from, until) = (app.now().plus_days(-1), app.now().plus_days(1));
    let read = move |conn: &mut holdfast::db::DbConn| holdfast::escalation::alert_figures(conn, from, until);
    let figures = app.inner.db.read(read).await.unwrap();
    let found: Vec<_> = figures.iter().map(|figure| (figure.police_seconds, figure.has_outcome)).collect();
    assert_eq!(found, [(Some(180), true)]);
});
