//! Referrals: one table, everything outside it refused, and nobody who waits is forgotten.

use serde_json::{Value, json};

use crate::harness::partnership::{self, FORCE, PARTICIPANT_NAME, organisation, participant, staff};
use crate::harness::{Caller, Partnership, on_both, text};

async fn refer(by: &Caller, participant: &str) -> String {
    let body = json!({"source": "police", "basis": "voluntary", "note": "Asks for help."});
    let path = format!("/partner/v1/participants/{participant}/referrals");
    text(&by.post(&path, body).await.expect(201), "id")
}

async fn fresh(p: &Partnership) -> (String, String) {
    let participant = participant(&p.practitioner).await.0;
    let referral = refer(&p.practitioner, &participant).await;
    (participant, referral)
}

fn event(name: &str, p: &Partnership) -> Value {
    match name {
        "allocate" => json!({"event": name, "practitioner_id": p.practitioner.id}),
        "hold" | "withdraw" | "find_not_ready" | "find_not_suitable" | "find_not_eligible" => {
            json!({"event": name, "reason": "agreed"})
        }
        _ => json!({"event": name}),
    }
}

async fn act(by: &Caller, p: &Partnership, referral: &str, name: &str) -> Value {
    let path = format!("/partner/v1/referrals/{referral}/transitions");
    by.post(&path, event(name, p)).await.expect(200)
}

const EVENTS: [&str; 13] = [
    "submit",
    "accept",
    "allocate",
    "start_assessment",
    "find_suitable",
    "find_not_ready",
    "find_not_suitable",
    "find_not_eligible",
    "reassess",
    "enrol",
    "hold",
    "resume",
    "withdraw",
];

on_both!(what_actions_does_not_list_is_refused_at_every_step_of_a_long_walk, |app| async {
    let p = app.partnership().await;
    let by = &p.programme_supervisor;
    let (_, id) = fresh(&p).await;
    let (actions, transitions) =
        (format!("/partner/v1/referrals/{id}/actions"), format!("/partner/v1/referrals/{id}/transitions"));
    // Every state that can be left is come by; each time all events are tried that are not open.
    let walk = [
        "submit",
        "hold",
        "resume",
        "accept",
        "hold",
        "resume",
        "allocate",
        "start_assessment",
        "find_not_ready",
        "hold",
        "resume",
        "reassess",
        "find_not_suitable",
        "reassess",
        "find_suitable",
        "hold",
        "resume",
        "withdraw",
    ];
    for next in walk.into_iter().chain(["submit"]) {
        let open = by.get(&actions).await.expect(200);
        let names: Vec<&str> =
            open["actions"].as_array().unwrap().iter().map(|a| a["event"].as_str().unwrap()).collect();
        for other in EVENTS.into_iter().filter(|other| !names.contains(other)) {
            let at = format!("{other} in {}", open["state"]);
            let refused = by.post(&transitions, event(other, &p)).await;
            assert_eq!(refused.refused(409, "wrong_state")["status"], 409, "{at}");
        }
        if names.contains(&"enrol") {
            by.post(&transitions, event("enrol", &p)).await.refused(409, "guard_not_met");
        }
        if open["state"] != "withdrawn" {
            act(by, &p, &id, next).await;
        }
    }
    let history = p.programme_supervisor.list(&transitions).await;
    assert_eq!(history.len(), walk.len());
    assert_eq!((&history[0]["event"], &history[0]["from"]), (&json!("withdraw"), &json!("suitable")));
    assert_eq!(history[0]["by"], by.id.as_str());
});

on_both!(an_assessment_waits_for_a_practitioner_and_a_hold_goes_back_to_where_it_was, |app| async {
    let p = app.partnership().await;
    let (_, id) = fresh(&p).await;
    act(&p.practitioner, &p, &id, "submit").await;
    act(&p.programme_supervisor, &p, &id, "accept").await;
    let path = format!("/partner/v1/referrals/{id}/transitions");
    p.practitioner.post(&path, json!({"event": "start_assessment"})).await.refused(409, "guard_not_met");
    let open = p.practitioner.get(&format!("/partner/v1/referrals/{id}/actions")).await.expect(200);
    let read = p.practitioner.get(&format!("/partner/v1/referrals/{id}")).await.expect(200);
    assert_eq!(read["allowed_actions"], open["actions"]);
    let start = open["actions"].as_array().unwrap().iter().find(|a| a["event"] == "start_assessment").unwrap().clone();
    assert_eq!(start["needs"], "allocation");
    p.practitioner.post(&path, json!({"event": "hold"})).await.refused(422, "invalid");
    act(&p.practitioner, &p, &id, "hold").await;
    let held = p.practitioner.get(&format!("/partner/v1/referrals/{id}")).await.expect(200);
    assert_eq!((&held["state"], &held["held_from"]), (&json!("on_hold"), &json!("awaiting_assessment")));
    assert_eq!(act(&p.practitioner, &p, &id, "resume").await["state"], "awaiting_assessment");
    p.practitioner.post(&path, json!({"event": "allocate"})).await.refused(422, "invalid");
    let stranger = json!({"event": "allocate", "practitioner_id": p.advocate.id});
    p.practitioner.post(&path, stranger).await.refused(422, "invalid");
    act(&p.practitioner, &p, &id, "allocate").await;
    assert_eq!(act(&p.practitioner, &p, &id, "start_assessment").await["state"], "assessment_started");
});

on_both!(a_referral_that_waits_fourteen_days_is_a_task_until_it_is_allocated, |app| async {
    let p = app.partnership().await;
    let (participant, id) = fresh(&p).await;
    act(&p.practitioner, &p, &id, "submit").await;
    let tasks = || async {
        let mut tasks = p.programme_supervisor.list("/partner/v1/programme/tasks").await;
        tasks.retain(|task| task["kind"] == "allocation_overdue");
        tasks
    };
    app.advance(14 * 24 * 60 - 1).await;
    assert_eq!(tasks().await, Vec::<Value>::new());
    app.advance(1).await;
    // Told once, however often the clock goes on.
    app.advance(3 * 24 * 60).await;
    let waiting = tasks().await;
    assert_eq!(waiting.len(), 1, "{waiting:?}");
    assert_eq!((&waiting[0]["participant_id"], &waiting[0]["subject_id"]), (&json!(participant), &json!(id)));
    let listed = p.programme_supervisor.list("/partner/v1/referrals").await;
    assert_eq!(listed.iter().find(|item| item["id"] == id.as_str()).unwrap()["is_overdue"], true);
    act(&p.programme_supervisor, &p, &id, "allocate").await;
    assert_eq!(tasks().await, Vec::<Value>::new());
    let view = p.practitioner.get(&format!("/partner/v1/referrals/{id}")).await.expect(200);
    assert_eq!((&view["is_overdue"], &view["state"]), (&json!(false), &json!("awaiting_assessment")));
});

on_both!(a_referral_allocated_in_time_is_told_to_nobody, |app| async {
    let p = app.partnership().await;
    let (_, id) = fresh(&p).await;
    act(&p.practitioner, &p, &id, "submit").await;
    app.advance(13 * 24 * 60).await;
    act(&p.practitioner, &p, &id, "allocate").await;
    app.advance(5 * 24 * 60).await;
    let tasks = p.programme_supervisor.list("/partner/v1/programme/tasks").await;
    assert!(tasks.iter().all(|task| task["kind"] != "allocation_overdue"), "{tasks:?}");
});

on_both!(a_task_is_closed_once_by_whoever_dealt_with_it, |app| async {
    let p = app.partnership().await;
    let (_, id) = fresh(&p).await;
    act(&p.practitioner, &p, &id, "submit").await;
    app.advance(15 * 24 * 60).await;
    let tasks = p.programme_supervisor.list("/partner/v1/programme/tasks").await;
    let task = tasks.iter().find(|task| task["kind"] == "allocation_overdue").expect("a task");
    let path = format!("/partner/v1/programme/tasks/{}/complete", text(task, "id"));
    p.programme_supervisor.post(&path, json!({"note": "Nobody is free before May."})).await.expect(200);
    p.programme_supervisor.post(&path, json!({})).await.refused(409, "wrong_state");
    p.practitioner.post(&path, json!({})).await.refused(409, "wrong_state");
});

on_both!(an_officer_of_the_home_force_refers_and_submits_and_does_no_more, |app| async {
    let p = app.partnership().await;
    let who = participant(&p.practitioner).await.0;
    let path = format!("/partner/v1/participants/{who}/referrals");
    p.officer.post(&path, json!({"source": "court", "basis": "voluntary"})).await.refused(422, "invalid");
    p.officer.post(&path, json!({"source": "police", "basis": "order_requirement"})).await.refused(422, "invalid");
    let conditions = json!([{"kind": "requirement", "code": "attend_programme", "wording": "To attend the programme"}]);
    let order = json!({"kind": "spo", "made_on": "2026-11-19", "basis": "application", "conditions": conditions});
    let orders = format!("/partner/v1/participants/{who}/orders");
    let order = text(&p.officer.post(&orders, order).await.expect(201), "id");
    let body = json!({"source": "police", "basis": "order_requirement", "order_id": order});
    let id = text(&p.officer.post(&path, body.clone()).await.expect(201), "id");
    p.officer.post(&path, body).await.refused(409, "already_exists");
    let open = p.officer.get(&format!("/partner/v1/referrals/{id}/actions")).await.expect(200);
    let events: Vec<&str> = open["actions"].as_array().unwrap().iter().map(|a| a["event"].as_str().unwrap()).collect();
    assert_eq!(events, ["submit", "withdraw"]);
    assert_eq!(act(&p.officer, &p, &id, "submit").await["state"], "submitted");
    let transitions = format!("/partner/v1/referrals/{id}/transitions");
    p.officer.post(&transitions, event("allocate", &p)).await.refused(403, "wrong_role");
    // Another force learns nothing, and a referral that the police did not make is none of theirs.
    let kent = json!({"kind": "police_force", "name": "Kent Police", "force_id": "kent"});
    let kent = organisation(&p.admin, kent).await;
    let other = staff(&app.http, &p.admin, &kent, "pc.far", &["police"]).await;
    other.get(&format!("/partner/v1/referrals/{id}/actions")).await.refused(404, "not_found");
    let own = text(
        &p.practitioner
            .post("/partner/v1/participants", json!({"name": "Sam Reed", "home_force_id": FORCE}))
            .await
            .expect(201),
        "id",
    );
    let path = format!("/partner/v1/participants/{own}/referrals");
    let probation = json!({"source": "probation", "basis": "licence"});
    let id = text(&p.practitioner.post(&path, probation).await.expect(201), "id");
    p.officer.get(&format!("/partner/v1/referrals/{id}/actions")).await.refused(404, "not_found");
});

on_both!(an_officer_refers_somebody_whom_no_record_names_and_learns_of_none, |app| async {
    let p = app.partnership().await;
    let providers = p.officer.get("/partner/v1/programme-providers").await.expect(200);
    assert_eq!(providers["items"], json!([{"id": p.programme, "name": "Turning Point"}]));
    let conditions = json!([{"kind": "requirement", "code": "attend_programme", "wording": "To attend the programme"}]);
    let order = json!({"kind": "spo", "made_on": "2026-11-19", "served_on": "2026-11-20", "conditions": conditions});
    let body = |name: &str| {
        json!({"organisation_id": p.programme, "name": name, "address": "12 Marsh Lane, Sheffield",
            "basis": "order_requirement", "order": order, "note": "The order asks for it."})
    };
    let refer = |name: &str| p.officer.post("/partner/v1/referrals", body(name));
    // Known already or not: the same answer, and a record of its own.
    let known = refer(PARTICIPANT_NAME).await.expect(201);
    let made = refer("Robin Marsh").await.expect(201);
    let keys = |made: &Value| made.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!((keys(&known), &known["state"]), (keys(&made), &made["state"]));
    assert!(![&known["participant_id"], &made["participant_id"]].contains(&&json!(p.participant)));
    assert!(!made.to_string().contains("Robin"), "{made}");
    assert_eq!(made["state"], "submitted");
    let (id, who) = (text(&made, "id"), text(&made, "participant_id"));

    // The provider's supervisor receives it, and nobody else until it is allocated.
    let path = format!("/partner/v1/participants/{who}");
    let view = p.programme_supervisor.get(&path).await.expect(200);
    assert_eq!((&view["name"], &view["home_force_id"]), (&json!("Robin Marsh"), &json!(FORCE)));
    let referral = p.programme_supervisor.get(&format!("/partner/v1/referrals/{id}")).await.expect(200);
    assert_eq!(
        (&referral["source"], &referral["order_id"], &referral["note"]),
        (&json!("police"), &made["order_id"], &json!("The order asks for it."))
    );
    p.practitioner.get(&path).await.refused(404, "not_found");
    p.officer.get(&path).await.refused(403, "wrong_role");
    for name in ["accept", "allocate"] {
        act(&p.programme_supervisor, &p, &id, name).await;
    }
    p.practitioner.get(&path).await.expect(200);
    // As of any participant of their force, officers record orders and see where the referral stands.
    p.officer.get(&format!("/partner/v1/referrals/{id}/actions")).await.expect(200);
    p.officer.get(&format!("/partner/v1/orders/{}", text(&made, "order_id"))).await.expect(200);
});

on_both!(an_officer_refers_to_a_programme_provider_alone, |app| async {
    let p = app.partnership().await;
    let body =
        |provider: &str, basis: &str| json!({"organisation_id": provider, "name": "Robin Marsh", "basis": basis});
    let empty = organisation(&p.admin, json!({"kind": "programme_provider", "name": "Nobody yet"})).await;
    let unknown = uuid::Uuid::new_v4().to_string();
    for provider in [&p.support, &p.force, &empty, &unknown] {
        p.officer.post("/partner/v1/referrals", body(provider, "voluntary")).await.refused(422, "invalid");
    }
    p.officer.post("/partner/v1/referrals", body(&p.programme, "interim_order")).await.refused(422, "invalid");
    p.practitioner.post("/partner/v1/referrals", body(&p.programme, "voluntary")).await.refused(403, "wrong_role");
    assert_eq!(p.programme_supervisor.list("/partner/v1/participants").await.len(), 1);
});

on_both!(an_identity_is_changed_with_the_tag_that_was_read_and_an_officer_finds_it_with_the_alert, |app| async {
    let p = app.partnership().await;
    p.consent(&["alert.police.help_now"]).await;
    let path = format!("/partner/v1/participants/{}", p.participant);
    let tag = p.practitioner.get(&path).await.header("etag").unwrap().to_owned();
    let change = json!({"date_of_birth": "1984-02-29", "address": "12 Marsh Lane, Sheffield"});
    let send = |tag: &str| {
        let (headers, change, path) = ([("if-match", tag.to_owned())], change.clone(), path.clone());
        let by = &p.practitioner;
        async move {
            let headers = [("if-match", headers[0].1.as_str())];
            by.send("PATCH".parse().unwrap(), &path, &headers, Some(&change)).await
        }
    };
    let changed = send(&tag).await.expect(200);
    assert_eq!(
        (&changed["name"], &changed["date_of_birth"]),
        (&json!(partnership::PARTICIPANT_NAME), &json!("1984-02-29"))
    );
    send(&tag).await.refused(412, "stale");
    let known = format!("{path}/identifiers");
    let mut made = Vec::new();
    for (kind, value) in [("vehicle", "AB12 CDE, grey van"), ("phone", "+44 7700 900111"), ("handle", "old_handle")] {
        let body = json!({"kind": kind, "value": value, "source": "police_referral"});
        made.push(text(&p.practitioner.post(&known, body).await.expect(201), "id"));
    }
    let gone = format!("{known}/{}", made[2]);
    assert_eq!(p.practitioner.send("DELETE".parse().unwrap(), &gone, &[], None).await.status.as_u16(), 204);
    assert_eq!(p.practitioner.list(&known).await.len(), 2);

    let alert = p.help_now().await;
    app.settle().await;
    let headers = [("holdfast-officer", p.officer.username.as_str()), ("holdfast-reason", "Attending")];
    let path = format!("/police/v1/alerts/{}", text(&alert, "reference"));
    let detail = p.police_system.send("GET".parse().unwrap(), &path, &headers, None).await.expect(200);
    let suspect = &detail["suspects"][0];
    assert_eq!(suspect["vehicles"], json!(["AB12 CDE, grey van"]));
    assert_eq!(suspect["known_by"], json!([{"kind": "phone", "value": "+44 7700 900111"}]));
    assert_eq!(
        (&suspect["date_of_birth"], &suspect["address"]),
        (&json!("1984-02-29"), &json!("12 Marsh Lane, Sheffield"))
    );
    // The thin message still holds none of it.
    assert!(p.police.received().iter().all(|message| !message.json().to_string().contains("AB12 CDE")));
});
