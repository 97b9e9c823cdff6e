//! The order register: how long orders last, whom they bind, and what falls due because of them.

use serde_json::{Value, json};

use crate::harness::partnership::participant;
use crate::harness::{Partnership, Reply, instant, on_both, text};

const NONE: [(String, String, String); 0] = [];

fn body(changes: &Value) -> Value {
    let mut body = json!({"kind": "spo", "made_on": "2026-11-19",
        "conditions": [{"kind": "prohibition", "code": "approach_within_distance", "wording": "Not to come near the home",
            "area": "Marsh Lane and the streets around it", "distance_metres": 200}]});
    for (key, value) in changes.as_object().unwrap() {
        body[key] = value.clone();
    }
    body
}

async fn record(p: &Partnership, participant: &str, changes: Value) -> Reply {
    p.practitioner.post(&format!("/partner/v1/participants/{participant}/orders"), body(&changes)).await
}

async fn duties(p: &Partnership, order: &str) -> Vec<(String, String, String)> {
    let view = p.practitioner.get(&format!("/partner/v1/orders/{order}/duties")).await.expect(200);
    let row = |duty: &Value| (text(duty, "kind"), text(duty, "due_on"), text(duty, "state"));
    view["items"].as_array().unwrap().iter().map(row).collect()
}

fn duty(kind: &str, due_on: &str, state: &str) -> (String, String, String) {
    (kind.to_owned(), due_on.to_owned(), state.to_owned())
}

async fn tasks(p: &Partnership, order: &str) -> Vec<String> {
    let tasks = p.programme_supervisor.list("/partner/v1/programme/tasks").await;
    tasks.iter().filter(|task| task["subject_id"] == order).map(|task| text(task, "kind")).collect()
}

on_both!(a_full_order_of_less_than_two_years_is_refused, |app| async {
    let p = app.partnership().await;
    let who = participant(&p.practitioner).await.0;
    let refused = record(&p, &who, json!({"expires_on": "2028-11-17"})).await.refused(422, "invalid");
    assert_eq!(
        (&refused["errors"][0]["pointer"], &refused["errors"][0]["code"]),
        (&json!("/expires_on"), &json!("too_short"))
    );
    record(&p, &who, json!({"expires_on": "2028-11-18"})).await.expect(201);
    record(&p, &who, json!({"kind": "interim_spo", "expires_on": "2027-01-19"})).await.expect(201);
    let order = text(&record(&p, &who, json!({"basis": "conviction"})).await.expect(201), "id");
    let view = p.officer.get(&format!("/partner/v1/orders/{order}")).await.expect(200);
    assert_eq!(
        (&view["basis"], &view["state"], &view["expires_on"]),
        (&json!("conviction"), &json!("made"), &Value::Null)
    );
    assert_eq!(view["conditions"][0]["distance_metres"], 200);
});

on_both!(the_police_are_to_be_notified_within_three_days_that_begin_with_service, |app| async {
    let p = app.partnership().await;
    let who = participant(&p.practitioner).await.0;
    let order = text(&record(&p, &who, json!({})).await.expect(201), "id");
    let path = |act: &str| format!("/partner/v1/orders/{order}/{act}");
    assert_eq!(duties(&p, &order).await, NONE);
    p.officer.post(&path("notification"), json!({"notified_on": "2026-11-21"})).await.refused(409, "wrong_state");
    p.officer.post(&path("service"), json!({"served_on": "2026-11-18"})).await.refused(422, "invalid");
    p.officer.post(&path("service"), json!({"served_on": "2026-11-21"})).await.expect(200);
    p.officer.post(&path("service"), json!({"served_on": "2026-11-21"})).await.refused(409, "wrong_state");
    assert_eq!(duties(&p, &order).await, [duty("notify_police", "2026-11-23", "waiting")]);
    app.advance_to(instant("2026-11-23T23:59:00Z")).await;
    assert_eq!(tasks(&p, &order).await, ["notification_due"], "told on service");
    app.advance_to(instant("2026-11-24T00:00:00Z")).await;
    let overdue = ["notification_overdue", "breach_proposed"];
    assert_eq!(tasks(&p, &order).await, overdue, "one in place of the other");
    app.advance(2 * 24 * 60).await;
    assert_eq!(tasks(&p, &order).await, overdue, "told once");
    let notified = json!({"notified_on": "2026-11-25"});
    assert_eq!(p.officer.post(&path("notification"), notified).await.expect(200)["state"], "notified");
    // What was missed stays missed, until the police have decided.
    assert_eq!(tasks(&p, &order).await, ["breach_proposed"]);
    assert_eq!(duties(&p, &order).await, [duty("notify_police", "2026-11-23", "done")]);
    let all = p.practitioner.list("/partner/v1/programme/tasks").await;
    let proposed = text(all.iter().find(|task| task["kind"] == "breach_proposed").unwrap(), "id");
    let decided = json!({"note": "The officer in the case has recorded a breach."});
    p.practitioner.post(&format!("/partner/v1/programme/tasks/{proposed}/complete"), decided).await.expect(200);
    assert_eq!(tasks(&p, &order).await, Vec::<String>::new());
});

on_both!(a_duty_that_was_missed_proposes_a_breach_and_the_advocate_hears_of_it, |app| async {
    let p = app.partnership().await;
    let who = p.participant.clone();
    let order = text(&record(&p, &who, json!({"served_on": "2026-11-20"})).await.expect(201), "id");
    let in_time = text(&record(&p, &who, json!({"kind": "dapo", "served_on": "2026-11-20"})).await.expect(201), "id");
    let path = |order: &str| format!("/partner/v1/orders/{order}");
    let notified = |on: &str| json!({"notified_on": on});
    p.practitioner.post(&format!("{}/notification", path(&in_time)), notified("2026-11-21")).await.expect(200);
    app.advance_to(instant("2026-11-23T00:00:00Z")).await;
    assert_eq!(tasks(&p, &order).await, ["notification_overdue", "breach_proposed"]);
    assert_eq!(tasks(&p, &in_time).await, Vec::<String>::new());
    let told = p.tasks("participant_changed").await;
    let told: Vec<String> = told.iter().map(|task| text(&task["detail"], "what")).collect();
    assert_eq!(told, ["notification_missed"]);
    // Served a day later than was written down: nothing was missed, until the day after is over.
    let correct = async |change: Value| {
        let mut body = json!({"reason": "mistyped"});
        body.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        p.practitioner.post(&format!("{}/corrections", path(&order)), body).await.expect(201);
    };
    correct(json!({"served_on": "2026-11-21"})).await;
    assert_eq!(tasks(&p, &order).await, ["notification_due"]);
    app.advance_to(instant("2026-11-24T00:00:00Z")).await;
    assert_eq!(tasks(&p, &order).await.len(), 2);
    // Notified in time after all, and then a day late.
    correct(json!({"notified_on": "2026-11-23"})).await;
    assert_eq!(tasks(&p, &order).await, Vec::<String>::new());
    correct(json!({"notified_on": "2026-11-24"})).await;
    assert_eq!(tasks(&p, &order).await, ["breach_proposed"]);
});

on_both!(nobody_notifies_twice, |app| async {
    let p = app.partnership().await;
    let who = participant(&p.practitioner).await.0;
    // Under the Sexual Offences Act already.
    let order = record(&p, &who, json!({"served_on": "2026-11-20", "is_notified_otherwise": true})).await.expect(201);
    assert_eq!(duties(&p, &text(&order, "id")).await, NONE);
    // A full order that follows an interim one.
    let interim = json!({"kind": "interim_spo", "served_on": "2026-11-19"});
    let interim = text(&record(&p, &who, interim).await.expect(201), "id");
    assert_eq!(duties(&p, &interim).await, [duty("notify_police", "2026-11-21", "waiting")]);
    let full = json!({"made_on": "2026-11-20", "served_on": "2026-11-20", "replaces_order_id": interim});
    let full = text(&record(&p, &who, full).await.expect(201), "id");
    assert_eq!(duties(&p, &full).await, NONE);
    assert_eq!(duties(&p, &interim).await, [duty("notify_police", "2026-11-21", "cancelled")]);
    app.advance(5 * 24 * 60).await;
    assert_eq!(tasks(&p, &interim).await, Vec::<String>::new());
    let old = p.practitioner.get(&format!("/partner/v1/orders/{interim}")).await.expect(200);
    assert_eq!((&old["state"], &old["ended_on"]), (&json!("superseded"), &json!("2026-11-20")));
    record(&p, &who, json!({"replaces_order_id": interim})).await.refused(422, "invalid");
    // No such duty goes with another kind of order.
    let restraining = json!({"kind": "restraining_order", "served_on": "2026-11-20"});
    let restraining = text(&record(&p, &who, restraining).await.expect(201), "id");
    assert_eq!(duties(&p, &restraining).await, NONE);
});

on_both!(a_varied_order_takes_over_what_is_left_of_the_duty, |app| async {
    let p = app.partnership().await;
    let who = participant(&p.practitioner).await.0;
    let first = text(&record(&p, &who, json!({"served_on": "2026-11-20"})).await.expect(201), "id");
    let varied = json!({"made_on": "2026-11-21", "served_on": "2026-11-21", "replaces_order_id": first});
    let second = text(&record(&p, &who, varied).await.expect(201), "id");
    assert_eq!(duties(&p, &second).await, [duty("notify_police", "2026-11-22", "waiting")]);
    let notified = json!({"notified_on": "2026-11-21"});
    p.practitioner.post(&format!("/partner/v1/orders/{second}/notification"), notified).await.expect(200);
    let again = json!({"made_on": "2026-11-21", "served_on": "2026-11-21", "replaces_order_id": second});
    let third = text(&record(&p, &who, again).await.expect(201), "id");
    assert_eq!(duties(&p, &third).await, NONE);
});

on_both!(an_order_in_the_place_of_another_kind_begins_its_own_duty, |app| async {
    let p = app.partnership().await;
    let who = participant(&p.practitioner).await.0;
    let restraining = json!({"kind": "restraining_order", "served_on": "2026-11-19"});
    let restraining = text(&record(&p, &who, restraining).await.expect(201), "id");
    let full = json!({"made_on": "2026-11-20", "served_on": "2026-11-21", "replaces_order_id": restraining});
    let full = text(&record(&p, &who, full).await.expect(201), "id");
    assert_eq!(duties(&p, &full).await, [duty("notify_police", "2026-11-23", "waiting")]);
    assert_eq!(tasks(&p, &full).await, ["notification_due"]);
    p.practitioner
        .post(&format!("/partner/v1/orders/{full}/notification"), json!({"notified_on": "2026-11-21"}))
        .await
        .expect(200);
    assert_eq!(tasks(&p, &full).await, Vec::<String>::new());

    // An interim order that is renewed leaves what is still to be done; one that was never served has begun nothing.
    let interim = |more: Value| {
        let mut body = json!({"kind": "interim_spo", "made_on": "2026-11-20"});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        record(&p, &who, body)
    };
    let first = text(&interim(json!({"served_on": "2026-11-20"})).await.expect(201), "id");
    let unserved = text(&interim(json!({"replaces_order_id": first})).await.expect(201), "id");
    assert_eq!(duties(&p, &unserved).await, NONE);
    let renewed = json!({"served_on": "2026-11-21", "replaces_order_id": unserved});
    let renewed = text(&interim(renewed).await.expect(201), "id");
    assert_eq!(duties(&p, &renewed).await, [duty("notify_police", "2026-11-22", "waiting")]);
});

on_both!(the_end_of_an_order_is_told_of_sixty_thirty_and_seven_days_before, |app| async {
    let p = app.partnership().await;
    let who = participant(&p.practitioner).await.0;
    let ends = json!({"kind": "restraining_order", "expires_on": "2027-02-19"});
    let order = text(&record(&p, &who, ends.clone()).await.expect(201), "id");
    let kinds = |points: Vec<(String, String, String)>| -> Vec<(String, String)> {
        points.into_iter().map(|(kind, day, _)| (kind, day)).collect()
    };
    let expected = [
        ("expires_60", "2026-12-21"),
        ("expires_30", "2027-01-20"),
        ("expires_7", "2027-02-12"),
        ("expired", "2027-02-19"),
    ];
    assert_eq!(kinds(duties(&p, &order).await), expected.map(|(kind, day)| (kind.to_owned(), day.to_owned())));
    let mut before: Vec<String> = Vec::new();
    for (at, days) in [("2026-12-21", 60), ("2027-01-20", 30), ("2027-02-12", 7)] {
        app.advance_to(instant(&format!("{at}T08:59:00Z"))).await;
        assert_eq!(tasks(&p, &order).await, before, "before {at}");
        app.advance_to(instant(&format!("{at}T09:00:00Z"))).await;
        // A nearer point takes the place of the one before.
        before = vec![format!("order_expires_{days}")];
        assert_eq!(tasks(&p, &order).await, before, "at {at}");
    }
    // Recorded late: of the points that have passed only the latest is told of, and that at once.
    let late = text(&record(&p, &who, ends).await.expect(201), "id");
    app.settle().await;
    assert_eq!(tasks(&p, &late).await, ["order_expires_7"]);
    let discharged = json!({"discharged_on": "2027-02-12"});
    p.practitioner.post(&format!("/partner/v1/orders/{order}/discharge"), discharged).await.expect(200);
    assert_eq!(tasks(&p, &order).await, Vec::<String>::new());
});

on_both!(a_discharged_order_binds_no_more_and_the_survivor_reads_so, |app| async {
    let p = app.partnership().await;
    let orders = p.practitioner.list(&format!("/partner/v1/participants/{}/orders", p.participant)).await;
    let order = text(&orders[0], "id");
    let incident = |condition: &str| {
        json!({"happened": {"precision": "exact", "from": app.now_text()}, "behaviours": ["message_text"],
            "account": "At the gate", "fear": 1, "visibility": "advocate", "order_condition_id": condition,
            "recorded_at": app.now_text()})
    };
    p.phone().post("/app/v1/incidents", incident(&p.condition)).await.expect(201);
    let discharge = format!("/partner/v1/orders/{order}/discharge");
    p.officer.post(&discharge, json!({"discharged_on": "2026-11-20"})).await.expect(200);
    p.officer.post(&discharge, json!({"discharged_on": "2026-11-20"})).await.refused(409, "wrong_state");
    let refused = p.phone().post("/app/v1/incidents", incident(&p.condition)).await;
    assert_eq!(refused.status.as_u16(), 422, "{}", refused.body);
    let plain = p.phone().get("/app/v1/orders").await;
    assert!(plain.body.contains("\"ended_on\":\"2026-11-20\""), "{}", plain.body);
});

on_both!(the_survivor_reads_area_and_distance_and_nothing_of_whom_it_binds, |app| async {
    let p = app.partnership().await;
    record(&p, &p.participant, json!({"court": "Sheffield Magistrates' Court"})).await.expect(201);
    let plain = p.phone().get("/app/v1/orders").await;
    assert!(
        plain.body.contains("Marsh Lane and the streets around it") && plain.body.contains("200"),
        "{}",
        plain.body
    );
    for hidden in ["Ptolemy", "Sheffield", p.participant_reference.as_str()] {
        assert!(!plain.body.contains(hidden), "{hidden}: {}", plain.body);
    }
});

on_both!(the_duty_to_notify_goes_with_the_kind_and_custody_needs_no_condition, |app| async {
    let p = app.partnership().await;
    let who = participant(&p.practitioner).await.0;
    for (kind, is_due) in [("dapo", true), ("domestic_abuse_protection_order", true), ("dvpo", false)] {
        let order = record(&p, &who, json!({"kind": kind, "served_on": "2026-11-21"})).await.expect(201);
        let expected = if is_due { vec![duty("notify_police", "2026-11-23", "waiting")] } else { Vec::new() };
        assert_eq!(duties(&p, &text(&order, "id")).await, expected, "{kind}");
    }
    for kind in ["custody", "remand", "licence"] {
        record(&p, &who, json!({"kind": kind, "conditions": []})).await.expect(201);
    }
    record(&p, &who, json!({"kind": "restraining_order", "conditions": []})).await.expect(422);
    record(&p, &who, json!({"kind": "no_such_order"})).await.expect(422);
    let open = json!([{"kind": "requirement", "code": "some_code_of_ours", "wording": "To do so."}]);
    record(&p, &who, json!({"kind": "other", "conditions": open})).await.expect(201);
});

on_both!(every_published_kind_and_code_is_taken_and_read_in_both_languages, |app| async {
    let p = app.partnership().await;
    let get = |path: &'static str, language: &'static str| async move {
        let headers = [("accept-language", language)];
        let reply = app.http.send(reqwest::Method::GET, path, &headers, None).await;
        reply.expect(200)["items"].as_array().unwrap().clone()
    };
    let (kinds, welsh) = (get("/public/v1/order-kinds", "en").await, get("/public/v1/order-kinds", "cy").await);
    assert!(kinds.len() == welsh.len() && kinds.len() > 15, "{}", kinds.len());
    for (kind, welsh) in kinds.iter().zip(&welsh) {
        assert_eq!(kind["code"], welsh["code"]);
        assert_ne!(kind["in_words"], welsh["in_words"], "{kind}");
    }
    let codes = get("/public/v1/condition-codes", "en").await;
    let conditions: Vec<Value> = codes
        .iter()
        .map(|code| json!({"kind": code["kind"], "code": code["code"], "wording": "As the court has it."}))
        .collect();
    for kind in &kinds {
        let body = json!({"kind": kind["code"], "conditions": conditions});
        record(&p, &p.participant, body).await.expect(201);
    }
    let orders = p.phone().list("/app/v1/orders").await;
    for kind in &kinds {
        let own = orders.iter().find(|order| order["kind"] == kind["code"]).unwrap();
        assert_eq!(own["in_words"], kind["in_words"]);
        let words: Vec<&Value> = codes.iter().map(|code| &code["in_words"]).collect();
        assert_eq!(own["conditions_in_words"].as_array().unwrap().iter().collect::<Vec<_>>().len(), words.len());
        if kind["code"] != "spo" {
            assert_eq!(own["conditions_in_words"].as_array().unwrap().iter().collect::<Vec<_>>(), words);
        }
    }
});
