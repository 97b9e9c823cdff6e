//! Two in the morning: the person on duty sees whom an alert is about, and nobody else does.

use serde_json::{Value, json};

use crate::harness::partnership::{CODE_WORD, PARTICIPANT_NAME, SURVIVOR_NAME, organisation, staff};
use crate::harness::{Caller, Partnership, TestApp, on_both, text};

/// An advocate who is assigned to nobody.
pub async fn colleague(app: &TestApp, p: &Partnership, name: &str) -> crate::harness::Person {
    staff(&app.http, &p.admin, &p.support, name, &["advocate"]).await
}

/// Puts somebody on duty for a day from now.
pub async fn on_duty(p: &Partnership, staff_id: &str) {
    let now = p.admin.http.now();
    let body = json!({"staff_id": staff_id, "place": "duty", "starts_at": now, "ends_at": now.plus_hours(24)});
    p.support_supervisor.post("/partner/v1/rota/shifts", body).await.expect(201);
}

/// What a member of staff reads of whom an alert is about.
async fn person(caller: &Caller, alert: &str) -> Value {
    caller.get(&format!("/partner/v1/alerts/{alert}")).await.expect(200)["person"].clone()
}

/// Writes down what the person who answers has to know.
async fn known(p: &Partnership) {
    let path = format!("/partner/v1/survivors/{}", p.survivor.id);
    let read = p.advocate.get(&path).await;
    let tag = read.header("etag").unwrap().to_owned();
    let body = json!({"full_name": "Zephyrine Marlowe", "date_of_birth": "1990-04-17", "needs": ["interpreter", "bsl"],
        "language": "pl"});
    p.advocate.send("PATCH".parse().unwrap(), &path, &[("if-match", tag.as_str())], Some(&body)).await.expect(200);
    for (relation, name, born) in [("child", "Robin", "2017"), ("sister", "Morag", "1985"), ("niece", "Wren", "2015")] {
        let body = json!({"kind": "person", "relation": relation, "name": name, "born": born});
        p.advocate.post(&format!("{path}/household"), body).await.expect(201);
    }
    let plan = json!({"time_zone": "Europe/London", "voice": {"allowed": true, "address": "07700 900123"},
        "who_answers": "Only I do."});
    p.advocate.put(&format!("{path}/safe-contact"), plan).await.expect(200);
}

on_both!(whoever_is_on_duty_sees_whom_an_alert_is_about_and_nobody_else_does, |app| async {
    let p = app.partnership().await;
    p.consent(&["share.programme.status", "share.programme.voice", "contact.voice"]).await;
    known(&p).await;
    let (ben, idle) = (colleague(app, &p, "ben").await, colleague(app, &p, "ida").await);
    on_duty(&p, &ben.id).await;
    let pressed = json!({"note": "Outside the kitchen", "recorded_at": app.now()});
    let id = text(&p.sos().post("/app/v1/help-now", pressed).await.expect(201)["alert"], "id");
    let seen = person(&ben, &id).await;
    assert_eq!((&seen["preferred_name"], &seen["full_name"]), (&json!(SURVIVOR_NAME), &json!("Zephyrine Marlowe")));
    assert_eq!((&seen["needs"], &seen["language"]), (&json!(["interpreter", "bsl"]), &json!("pl")));
    assert_eq!(seen["safe_contact"]["plan"]["voice"]["address"], "+447700900123", "{seen}");
    assert_eq!(seen["words"][0]["words"], "Outside the kitchen", "{seen}");
    let children: Vec<&Value> = seen["children"].as_array().unwrap().iter().map(|child| &child["name"]).collect();
    assert_eq!(children, ["Robin", "Wren"]);
    assert_eq!(seen["fears"][0]["name"], PARTICIPANT_NAME, "{seen}");

    // What is said once the police answer: no address, which is opened by itself.
    let born = json!([
        "Their name is Zephyrine Marlowe; they are called Zephyrine.",
        "They were born on 17 April 1990.",
        "We hold no address of theirs."
    ]);
    let said = seen["once_police_answer"].as_array().unwrap();
    assert_eq!(json!(said[..3]), born, "{seen}");
    assert!(said[3].as_str().unwrap().starts_with(&format!("They fear {PARTICIPANT_NAME}")), "{seen}");
    let place = json!({"kind": "home", "address": "12 Marl Street", "confirmed_on": "2026-11-20"});
    let addresses = format!("/partner/v1/survivors/{}/safe-addresses", p.survivor.id);
    p.advocate.post(&addresses, place).await.expect(201);
    let said = person(&ben, &id).await["once_police_answer"].to_string();
    assert!(said.contains("safe addresses") && !said.contains("Marl Street"), "{said}");

    for other in [&p.advocate, &p.support_supervisor] {
        assert_eq!(person(other, &id).await["preferred_name"], SURVIVOR_NAME);
    }
    // Who is neither on duty nor assigned reads none of it, until they take the alert up.
    assert_eq!(person(&idle, &id).await, Value::Null);
    for practitioner in [&p.practitioner, &p.programme_supervisor] {
        let theirs = practitioner.get(&format!("/partner/v1/alerts/{id}")).await.expect(200);
        assert!(theirs.get("person").is_none() && !theirs.to_string().contains("kitchen"), "{theirs}");
    }
    // A list holds nobody.
    let listed = ben.list("/partner/v1/alerts").await;
    assert!(listed.iter().all(|alert| alert.get("person").is_none()));

    p.act(&id, "resolve", json!({"note": "Safe.", "code_word": CODE_WORD})).await.expect(200);
    assert_eq!(person(&ben, &id).await, Value::Null);
    app.settle().await;
});

on_both!(what_the_survivor_keeps_for_themselves_reaches_nobody_who_answers, |app| async {
    let p = app.partnership().await;
    let danger = |visibility: &str| {
        json!({"happened": {"precision": "exact", "from": app.now()},
        "behaviours": ["follow_foot"], "account": format!("Behind me, for {visibility}."), "private_note": "Ours alone.",
        "fear": 4, "visibility": visibility, "happening_now": true})
    };
    p.phone().post("/app/v1/incidents", danger("private")).await.expect(201);
    p.phone().post("/app/v1/incidents", danger("advocate")).await.expect(201);
    let alert = p.alerts().await.into_iter().find(|alert| alert["rule"] == "danger_now").unwrap();
    let seen = person(&p.advocate, &text(&alert, "id")).await;
    let words: Vec<&Value> = seen["words"].as_array().unwrap().iter().map(|sent| &sent["words"]).collect();
    assert_eq!(words, ["Behind me, for advocate."], "{seen}");
    assert!(!seen.to_string().contains("Ours alone"), "{seen}");
    app.settle().await;
});

on_both!(what_was_written_with_a_timer_reaches_the_person_who_answers_its_alert, |app| async {
    let p = app.partnership().await;
    let timer = json!({"id": uuid::Uuid::new_v4(), "minutes": 5, "note": "Walking home by the canal"});
    p.phone().post("/app/v1/timers", timer).await.expect(201);
    app.advance(6).await;
    let alert = p.alerts().await.into_iter().find(|alert| alert["rule"] == "timer_expired").unwrap();
    let seen = person(&p.advocate, &text(&alert, "id")).await;
    assert_eq!(seen["words"][0]["words"], "Walking home by the canal", "{seen}");
    app.leaves_retries();
});

on_both!(below_level_three_and_in_a_drill_nobody_is_shown, |app| async {
    let p = app.partnership().await;
    let drill = json!({"survivor_id": p.survivor.id, "level": 4});
    p.support_supervisor.post("/partner/v1/exercises", drill).await.expect(201);
    for alert in p.alerts().await {
        assert_eq!(person(&p.advocate, &text(&alert, "id")).await, Value::Null, "{alert}");
    }
    app.settle().await;
});

on_both!(somebody_whom_nobody_called_is_shown_it_while_they_hold_it_and_a_supervisor_looks_at_that, |app| async {
    let p = app.partnership().await;
    let (ben, idle) = (colleague(app, &p, "ben").await, colleague(app, &p, "ida").await);
    on_duty(&p, &ben.id).await;
    let id = text(&p.help_now().await, "id");
    let acknowledge = format!("/partner/v1/alerts/{id}/acknowledge");
    let taken = json!({"note": "I have this."});
    for called in [&p.advocate, &ben] {
        called.post(&acknowledge, taken.clone()).await.expect(200);
    }
    assert!(p.tasks("taken_up_review").await.is_empty());
    idle.post(&acknowledge, taken.clone()).await.expect(200);
    assert_eq!(person(&idle, &id).await["preferred_name"], SURVIVOR_NAME);
    let review = p.tasks("taken_up_review").await.remove(0);
    assert_eq!(
        (&review["for_role"], &review["detail"]["staff_id"]),
        (&json!("supervisor"), &json!(idle.id)),
        "{review}"
    );
    let complete = format!("/partner/v1/tasks/{}/complete", text(&review, "id"));
    idle.post(&complete, json!({"note": "It was right."})).await.refused(404, "not_found");
    p.support_supervisor.post(&complete, json!({"note": "It was right."})).await.expect(200);
    // The audit says that nobody had called them.
    let oversight = organisation(&p.admin, json!({"kind": "oversight", "name": "Inspectorate"})).await;
    let auditor = staff(&app.http, &p.admin, &oversight, "inspector", &["auditor"]).await;
    for (reader, purpose) in [(&idle, "acknowledged"), (&ben, "duty")] {
        person(reader, &id).await;
        let entries = auditor.list(&format!("/oversight/v1/audit?actor={}", reader.id)).await;
        assert!(entries.iter().any(|entry| entry["purpose"] == purpose), "{purpose}: {entries:?}");
    }
    // Somebody else holds it now.
    ben.post(&acknowledge, taken.clone()).await.expect(200);
    assert_eq!(person(&idle, &id).await, Value::Null);
    // Nobody does: it climbs on.
    idle.post(&acknowledge, taken).await.expect(200);
    app.advance(6).await;
    assert_eq!(person(&idle, &id).await, Value::Null);
    assert_eq!(person(&ben, &id).await["preferred_name"], SURVIVOR_NAME);
    app.settle().await;
});
