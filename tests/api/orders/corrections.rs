//! Days that cannot be are refused; what was recorded wrongly is corrected, and what stood there before stays to be seen.

use serde_json::{Value, json};

use crate::harness::{Partnership, instant, on_both, text};

fn below(p: &Partnership, path: &str) -> String {
    format!("/partner/v1/participants/{}/{path}", p.participant)
}

async fn refused(reply: crate::harness::Reply, pointer: &str) {
    let problem = reply.refused(422, "invalid");
    let pointers: Vec<&Value> = problem["errors"].as_array().unwrap().iter().map(|error| &error["pointer"]).collect();
    assert!(pointers.contains(&&json!(pointer)), "{pointer}: {problem}");
}

fn order(change: Value) -> Value {
    let mut body = json!({"kind": "spo", "made_on": "2026-11-10", "served_on": "2026-11-11", "expires_on": "2028-11-20",
        "police_reference": "14/1234/26",
        "conditions": [{"kind": "prohibition", "code": "contact", "wording": "Not to contact her"}]});
    body.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
    body
}

on_both!(a_day_that_cannot_be_is_refused_with_its_field, |app| async {
    let p = app.partnership().await;
    let orders = below(&p, "orders");
    for (change, pointer) in [
        (json!({"made_on": "2026-11-22", "served_on": null}), "/made_on"),
        (json!({"served_on": "2026-11-22"}), "/served_on"),
        (json!({"served_on": "2026-11-09"}), "/served_on"),
        (json!({"kind": "restraining_order", "expires_on": "2026-11-10"}), "/served_on"),
    ] {
        refused(p.practitioner.post(&orders, order(change)).await, pointer).await;
    }
    let made = text(&p.practitioner.post(&orders, order(json!({"served_on": null}))).await.expect(201), "id");
    let at = |act: &str| format!("/partner/v1/orders/{made}/{act}");
    refused(p.practitioner.post(&at("service"), json!({"served_on": "2026-11-22"})).await, "/served_on").await;
    refused(p.practitioner.post(&at("discharge"), json!({"discharged_on": "2029-01-01"})).await, "/discharged_on")
        .await;
    p.practitioner.post(&at("service"), json!({"served_on": "2026-11-20"})).await.expect(200);
    refused(p.practitioner.post(&at("notification"), json!({"notified_on": "2026-11-22"})).await, "/notified_on").await;

    let review = json!({"score": 2, "note": "n", "reviewed_on": "2026-11-26"});
    refused(p.practitioner.post(&format!("/partner/v1/goals/{}/reviews", p.goal), review).await, "/reviewed_on").await;
    let note = json!({"kind": "consultation", "held_on": "2026-11-22", "note": "n"});
    p.practitioner.post(&below(&p, "practice-notes"), note).await.expect(422);
    let request = json!({"received_on": "2026-11-22"});
    refused(p.practitioner.post(&below(&p, "subject-access-requests"), request).await, "/received_on").await;
    for born in ["2026-11-22", "1826-01-01"] {
        let body = json!({"name": "N", "home_force_id": "south-yorkshire", "date_of_birth": born});
        refused(p.practitioner.post("/partner/v1/participants", body).await, "/date_of_birth").await;
    }
    let young = json!({"name": "N", "home_force_id": "south-yorkshire", "date_of_birth": "2026-11-15"});
    let young = text(&p.practitioner.post("/partner/v1/participants", young).await.expect(201), "id");
    refused(
        p.practitioner.post(&format!("/partner/v1/participants/{young}/orders"), order(json!({}))).await,
        "/made_on",
    )
    .await;
    let far = json!({"number": 9, "module": "m", "planned_at": "2062-11-22T10:00:00Z", "mode": "in_person"});
    refused(p.practitioner.post(&below(&p, "sessions"), far).await, "/planned_at").await;
});

on_both!(an_incident_in_the_future_is_refused_but_not_danger_that_is_happening, |app| async {
    let p = app.partnership().await;
    let report = |change: Value| {
        let mut body = json!({"happened": {"precision": "unknown"}, "behaviours": ["loiter"], "account": "By the gate",
            "fear": 1, "visibility": "advocate", "recorded_at": app.now_text()});
        body.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        body
    };
    let exact = |at: &str| json!({"happened": {"precision": "exact", "from": at}});
    let range = |from: &str, to: &str| json!({"happened": {"precision": "range", "from": from, "to": to}});
    let own = "/app/v1/incidents";
    for (change, pointer) in [
        (exact("2099-01-01T00:00:00Z"), "/happened/from"),
        (exact("2026-11-21T12:16:00Z"), "/happened/from"),
        (range("2026-11-21T09:00:00Z", "2026-11-21T13:00:00Z"), "/happened/to"),
        (range("2026-11-21T09:00:00Z", "2026-11-21T08:00:00Z"), "/happened/to"),
        (json!({"release_when": {"visibility": "police", "at": "2026-11-20T12:00:00Z"}}), "/release_when/at"),
    ] {
        refused(p.phone().post(own, report(change)).await, pointer).await;
    }
    // A phone that is some minutes fast, and one whose clock is wrong altogether, are heard.
    p.phone().post(own, report(exact("2026-11-21T12:10:00Z"))).await.expect(201);
    p.phone().post(own, report(json!({"recorded_at": "2099-01-01T00:00:00Z"}))).await.expect(201);
    let mut now = report(exact("2099-01-01T00:00:00Z"));
    now["happening_now"] = json!(true);
    p.phone().post(own, now).await.expect(201);
    let made = p.phone().post(own, report(json!({}))).await.expect(201);
    let release = format!("{own}/{}/release-when", text(&made, "id"));
    let past = json!({"visibility": "police", "at": app.now_text()});
    refused(p.phone().send(reqwest::Method::PUT, &release, &[("if-match", "\"v0\"")], Some(&past)).await, "/at").await;
});

on_both!(whether_somebody_came_is_recorded_from_the_day_on_and_a_correction_keeps_what_stood_there, |app| async {
    let p = app.partnership().await;
    let plan = json!({"number": 1, "module": "mindfulness", "planned_at": "2026-11-23T10:00:00Z", "mode": "in_person"});
    let id = text(&p.practitioner.post(&below(&p, "sessions"), plan).await.expect(201), "id");
    let attendance = format!("/partner/v1/sessions/{id}/attendance");
    for word in ["attended", "attended_late", "not_attended_acceptable", "not_attended_unacceptable"] {
        refused(p.practitioner.put(&attendance, json!({"attendance": word})).await, "/attendance").await;
    }
    // On the day itself, before its hour, somebody may have come early.
    app.advance_to(instant("2026-11-23T08:00:00Z")).await;
    let first = json!({"attendance": "not_attended_unacceptable", "note": "Did not come"});
    p.practitioner.put(&attendance, first).await.expect(200);
    app.advance(60).await;
    p.practitioner.put(&attendance, json!({"attendance": "attended", "note": "Mixed up"})).await.expect(200);
    let session = p.practitioner.get(&format!("/partner/v1/sessions/{id}")).await.expect(200);
    assert_eq!(session["attendance"], "attended");
    let history = session["attendance_history"].as_array().unwrap();
    let words: Vec<_> = history.iter().map(|entry| (text(entry, "attendance"), text(entry, "note"))).collect();
    let pair = |word: &str, note: &str| (word.to_owned(), note.to_owned());
    assert_eq!(words, [pair("attended", "Mixed up"), pair("not_attended_unacceptable", "Did not come")]);
    assert_eq!(history[1]["recorded_at"], "2026-11-23T08:00:00Z");
    let listed = p.practitioner.list(&below(&p, "sessions")).await;
    assert_eq!(listed[0]["attendance_history"], session["attendance_history"]);
});

on_both!(a_session_that_the_programme_cancels_may_be_recorded_before_its_day, |app| async {
    let p = app.partnership().await;
    let plan = json!({"number": 1, "module": "mindfulness", "planned_at": "2026-11-25T10:00:00Z", "mode": "in_person"});
    let id = text(&p.practitioner.post(&below(&p, "sessions"), plan).await.expect(201), "id");
    let cancelled = json!({"attendance": "not_attended_service_cancelled"});
    p.practitioner.put(&format!("/partner/v1/sessions/{id}/attendance"), cancelled).await.expect(200);
    assert!(p.alerts().await.is_empty());
});

on_both!(a_review_is_corrected_or_withdrawn_the_score_follows_and_the_one_before_stays, |app| async {
    let p = app.partnership().await;
    let reviews = format!("/partner/v1/goals/{}/reviews", p.goal);
    let review = |score: i32, on: &str| json!({"score": score, "note": "Diary", "reviewed_on": on});
    let goal = async || p.practitioner.get(&format!("/partner/v1/goals/{}", p.goal)).await.expect(200);
    let latest = async || {
        let attained = p.practitioner.get(&below(&p, "goal-attainment")).await.expect(200);
        (attained["latest_t"].clone(), attained["goals"].clone())
    };
    let at = |path: &str| format!("/partner/v1/goals/{}{path}", p.goal);
    let checked = json!({"decision": "checked", "version": 1});
    p.programme_supervisor.post(&at("/wording/decisions"), checked).await.expect(201);
    let agreed = json!({"event": "record_agreement", "agreed_on": "2026-11-20"});
    let early = json!({"event": "record_agreement", "agreed_on": "2026-11-22"});
    refused(p.practitioner.post(&at("/transitions"), early).await, "/agreed_on").await;
    p.practitioner.post(&at("/transitions"), agreed).await.expect(201);
    p.programme_supervisor.post(&at("/transitions"), json!({"event": "approve"})).await.expect(201);
    p.practitioner.post(&reviews, review(0, "2026-11-10")).await.expect(201);
    let before = latest().await;
    assert!(before.0.is_number());
    let slip = text(&p.practitioner.post(&reviews, review(2, "2026-11-20")).await.expect(201), "id");
    assert_ne!(latest().await, before);
    let correct = format!("{reviews}/{slip}/corrections");
    let future = json!({"reason": "mistyped", "review": review(1, "2026-11-22")});
    refused(p.practitioner.post(&correct, future).await, "/review/reviewed_on").await;
    let body = json!({"reason": "Scored for another goal.", "review": review(-1, "2026-11-20")});
    let made = p.practitioner.post(&correct, body.clone()).await.expect(201);
    let items = made["items"].as_array().unwrap();
    assert_eq!(items.len(), 3);
    assert_eq!((&items[1]["id"], &items[1]["superseded_by"]), (&json!(slip), &items[2]["id"]));
    assert_eq!((&items[1]["score"], &items[1]["withdrawn_reason"]), (&json!(2), &json!("Scored for another goal.")));
    assert_eq!((&items[2]["supersedes"], &items[2]["score"]), (&json!(slip), &json!(-1)));
    assert_eq!(goal().await["reviews"], made["items"]);
    p.practitioner.post(&correct, body).await.refused(409, "wrong_state");
    // Withdrawn: the score is as if it had not been.
    let second = text(&items[2], "id");
    let withdrawn = json!({"reason": "There was no review."});
    p.practitioner.post(&format!("{reviews}/{second}/corrections"), withdrawn).await.expect(201);
    assert_eq!(latest().await, before);
    let reviews_seen = goal().await["reviews"].as_array().unwrap().len();
    assert_eq!(reviews_seen, 3);
    let nobody = json!({"reason": "x"});
    let other = format!("{reviews}/{}/corrections", uuid::Uuid::new_v4());
    p.practitioner.post(&other, nobody.clone()).await.refused(404, "not_found");
    p.advocate.post(&correct, nobody).await.expect(403);
});

on_both!(what_was_mistyped_of_an_order_is_corrected_and_its_due_points_follow, |app| async {
    let p = app.partnership().await;
    let made = p.practitioner.post(&below(&p, "orders"), order(json!({}))).await.expect(201);
    let id = text(&made, "id");
    let correct = format!("/partner/v1/orders/{id}/corrections");
    let condition = text(&made["conditions"][0], "id");
    for (body, pointer) in [
        (json!({"reason": "mistyped"}), ""),
        (json!({"reason": "mistyped", "made_on": "2026-11-22"}), "/made_on"),
        (json!({"reason": "mistyped", "served_on": "2026-11-09"}), "/served_on"),
        (json!({"reason": "mistyped", "notified_on": "2026-11-10"}), "/notified_on"),
        (json!({"reason": "mistyped", "discharged_on": "2026-11-20"}), "/discharged_on"),
        (json!({"reason": "mistyped", "conditions": [{"id": uuid::Uuid::new_v4()}]}), "/conditions/0/id"),
    ] {
        refused(p.practitioner.post(&correct, body).await, pointer).await;
    }
    let body = json!({"reason": "mistyped", "served_on": "2026-11-20", "expires_on": null, "police_reference": "14/1243/26",
        "conditions": [{"id": condition, "wording": "Not to contact them"}]});
    let corrected = p.practitioner.post(&correct, body).await.expect(201);
    assert_eq!((&corrected["id"], &corrected["state"]), (&json!(id), &json!("served")));
    assert_eq!((&corrected["served_on"], corrected.get("expires_on")), (&json!("2026-11-20"), None));
    assert_eq!(corrected["police_reference"], "14/1243/26");
    assert_eq!(
        (&corrected["conditions"][0]["id"], &corrected["conditions"][0]["wording"]),
        (&json!(condition), &json!("Not to contact them"))
    );
    let kept = &corrected["corrections"][0];
    assert_eq!((&kept["reason"], &kept["at"]), (&json!("mistyped"), &json!(app.now_text())));
    let before = &kept["before"];
    assert_eq!((&before["served_on"], &before["expires_on"]), (&json!("2026-11-11"), &json!("2028-11-20")));
    assert_eq!((&before["police_reference"], before.get("made_on")), (&json!("14/1234/26"), None));
    assert_eq!(before["conditions"][0]["wording"], "Not to contact her");
    let duties = p.practitioner.get(&format!("/partner/v1/orders/{id}/duties")).await.expect(200);
    let live: Vec<_> = duties["items"].as_array().unwrap().iter().filter(|duty| duty["state"] != "cancelled").collect();
    assert_eq!((live.len(), &live[0]["kind"], &live[0]["due_on"]), (1, &json!("notify_police"), &json!("2026-11-22")));
    let open = async || {
        let tasks = p.programme_supervisor.list("/partner/v1/programme/tasks").await;
        let of_order = tasks.iter().filter(|task| task["subject_id"] == id.as_str());
        of_order.map(|task| text(task, "kind")).collect::<Vec<_>>()
    };
    assert_eq!(open().await, ["notification_due"]);
    // A discharge that was recorded for another order is taken back, and what was to be done is to be done again.
    let discharge = format!("/partner/v1/orders/{id}/discharge");
    p.practitioner.post(&discharge, json!({"discharged_on": "2026-11-21"})).await.expect(200);
    assert_eq!(open().await, Vec::<String>::new());
    let back = json!({"reason": "other_order", "discharged_on": null});
    let back = p.practitioner.post(&correct, back).await.expect(201);
    assert_eq!((&back["state"], back["corrections"].as_array().unwrap().len()), (&json!("served"), 2));
    assert_eq!(open().await, ["notification_due"]);
    let mut seen = p.practitioner.get(&format!("/partner/v1/orders/{id}")).await.expect(200);
    let possible = seen.as_object_mut().unwrap().remove("allowed_actions").unwrap();
    assert_eq!(possible[0]["event"], "notify", "the answer of an act does not say what may be done next: {possible}");
    assert_eq!(seen, back);
    p.advocate.post(&correct, json!({"reason": "x", "made_on": "2026-11-10"})).await.expect(403);
});

on_both!(a_timeline_places_an_incident_when_it_happened_with_how_well_that_is_known, |app| async {
    let p = app.partnership().await;
    p.consent(&["share.programme.status", "share.programme.incident_summary"]).await;
    let report = async |happened: Value| {
        let body = json!({"happened": happened, "behaviours": ["loiter"], "account": "By the gate", "fear": 1,
            "visibility": "programme_summary", "recorded_at": app.now_text()});
        text(&p.phone().post("/app/v1/incidents", body).await.expect(201), "id")
    };
    let old = report(json!({"precision": "range", "from": "2026-11-01T09:00:00Z", "to": "2026-11-02T09:00:00Z"})).await;
    let new = report(json!({"precision": "approximate", "from": "2026-11-20T09:00:00Z"})).await;
    let unknown = report(json!({"precision": "unknown"})).await;
    let line = p.practitioner.list(&format!("/partner/v1/cases/{}/timeline", p.case)).await;
    let incidents: Vec<_> = line.iter().filter(|item| item["kind"] == "incident").collect();
    let ids: Vec<&Value> = incidents.iter().map(|item| &item["ref"]).collect();
    assert_eq!(ids, [&json!(unknown), &json!(new), &json!(old)]);
    let at: Vec<_> = incidents.iter().map(|item| (text(item, "at"), text(item, "precision"))).collect();
    let pair = |at: &str, precision: &str| (at.to_owned(), precision.to_owned());
    assert_eq!(at[1..], [pair("2026-11-20T09:00:00Z", "approximate"), pair("2026-11-01T09:00:00Z", "range")]);
    assert_eq!(
        (&incidents[2]["until"], &incidents[2]["received_at"]),
        (&json!("2026-11-02T09:00:00Z"), &json!(app.now_text()))
    );
    // One on each page, and none twice.
    let mut seen = Vec::new();
    let mut page = format!("/partner/v1/cases/{}/timeline?limit=1", p.case);
    loop {
        let reply = p.practitioner.get(&page).await.expect(200);
        seen.extend(reply["items"].as_array().unwrap().iter().map(|item| item["ref"].clone()));
        let Some(cursor) = reply["next_cursor"].as_str() else { break };
        page = format!("/partner/v1/cases/{}/timeline?limit=1&cursor={cursor}", p.case);
    }
    assert_eq!(seen, line.iter().map(|item| item["ref"].clone()).collect::<Vec<_>>());
});
