//! What a check-in tells beside "safe", and what staff do with it: answers that are a concern, wellbeing and the survivor's
//! own questions, check-ins that staff record, and reviews.

use serde_json::{Value, json};

use crate::harness::{Partnership, Reply, TestApp, instant, on_both, text};

const CHECK_INS: &str = "/app/v1/check-ins";

fn below(p: &Partnership, path: &str) -> String {
    format!("/partner/v1/survivors/{}{path}", p.survivor.id)
}

async fn answer(app: &TestApp, p: &Partnership, more: Value) -> Reply {
    let mut body = json!({"status": "safe", "recorded_at": app.now_text()});
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    p.phone().post(CHECK_INS, body).await
}

on_both!(contact_or_a_wish_to_be_rung_while_unsafe_is_a_concern_however_safe_the_answer, |app| async {
    let p = app.partnership_with_risk("standard").await;
    for quiet in [
        json!({"contact_since_last": "no"}),
        json!({"contact_since_last": "unsure"}),
        json!({"feeling_safe": 0}),
        json!({"call_back": true}),
        json!({"call_back": true, "feeling_safe": 2}),
        json!({"call_back": false, "feeling_safe": 0}),
    ] {
        let answered = answer(app, &p, quiet.clone()).await.expect(201);
        assert_eq!((&answered["state"], &answered["alert"]), (&json!("safe"), &Value::Null), "{quiet}");
    }
    assert_eq!(p.alerts().await, Vec::<Value>::new());
    let first = answer(app, &p, json!({"contact_since_last": "yes"})).await.expect(201);
    assert_eq!(first["state"], "safe");
    let second = answer(app, &p, json!({"call_back": true, "feeling_safe": 1})).await.expect(201);
    assert_eq!(first["alert"]["id"], second["alert"]["id"], "one open alert of a kind");
    let alerts = p.alerts().await;
    assert_eq!((alerts.len(), &alerts[0]["rule"], &alerts[0]["level"]), (1, &json!("concern"), &json!(2)));
    assert!(p.police.received().is_empty());
});

on_both!(at_high_risk_a_concern_is_urgent_and_reaches_no_police_by_itself, |app| async {
    let p = app.partnership().await;
    p.consent(&["alert.police.help_now", "alert.police.missed", "alert.police.breach"]).await;
    answer(app, &p, json!({"call_back": true, "feeling_safe": 0})).await.expect(201);
    app.advance(40).await;
    let alerts = p.alerts().await;
    assert_eq!((&alerts[0]["rule"], &alerts[0]["level"]), (&json!("concern"), &json!(3)));
    assert!(p.police.received().is_empty());
    assert_eq!(p.tasks("police_not_allowed").await.len(), 1);
});

async fn question(p: &Partnership, kind: &str, wording: &str) -> Reply {
    p.advocate.post(&below(p, "/questions"), json!({"kind": kind, "wording": wording})).await
}

on_both!(wellbeing_own_questions_and_safe_ways_to_get_in_touch_are_kept_as_told, |app| async {
    let p = app.partnership().await;
    let mut ids = Vec::new();
    for (kind, wording) in [("yes_no", "Did you go out?"), ("scale", "How was work?"), ("text", "Who was there?")] {
        ids.push(text(&question(&p, kind, wording).await.expect(201), "id"));
    }
    question(&p, "yes_no", "One too many?").await.refused(409, "wrong_state");
    let asked = p.phone().get("/app/v1/questions").await.expect(200);
    assert_eq!(asked["items"].as_array().unwrap().len(), 3);

    let wellbeing = json!({"sleep": 1, "calm": 2, "coping": 3, "support": 4});
    let answers = json!([{"question_id": ids[0], "yes": false}, {"question_id": ids[1], "scale": 4},
        {"question_id": ids[2], "text": "My sister."}]);
    let more = json!({"wellbeing": wellbeing, "answers": answers, "contact_by": ["sms", "email"],
        "safe_to_contact": true, "feeling_safe": 3});
    let id = text(&answer(app, &p, more).await.expect(201), "id");
    for kept in [p.phone().list(CHECK_INS).await, p.advocate.list(&below(&p, "/check-ins")).await] {
        let kept = kept.iter().find(|kept| kept["id"] == id.as_str()).unwrap();
        assert_eq!((&kept["wellbeing"], &kept["answers"]), (&wellbeing, &answers));
        assert_eq!((&kept["contact_by"], &kept["safe_to_contact"]), (&json!(["sms", "email"]), &json!(true)));
        assert_eq!(kept["is_recorded_by_staff"], false);
    }
    assert_eq!(p.alerts().await, Vec::<Value>::new(), "however they slept");

    for (wrong, pointer) in [
        (json!({"answers": [{"question_id": ids[0], "scale": 2}]}), "/answers/0"),
        (json!({"answers": [{"question_id": ids[1], "scale": 5}]}), "/answers/0/scale"),
        (json!({"answers": [{"question_id": ids[1], "scale": 1}, {"question_id": ids[1], "scale": 2}]}), "/answers/1"),
        (json!({"wellbeing": {"sleep": 5}}), "/wellbeing/sleep"),
        (json!({"wellbeing": {"feeling_safe": 1}}), "/wellbeing/feeling_safe"),
        // A name that no contract has is not repeated.
        (json!({"wellbeing": {"mood": 1}}), "/wellbeing"),
        (json!({"contact_by": ["pigeon"]}), "/contact_by/0"),
    ] {
        let problem = answer(app, &p, wrong.clone()).await.refused(422, "invalid");
        assert_eq!(problem["errors"][0]["pointer"], pointer, "{wrong}: {problem}");
    }

    // A question that is asked no longer refuses nothing: a phone may still hold it. What answers no question is named.
    let retired = below(&p, &format!("/questions/{}", ids[2]));
    p.advocate.send(reqwest::Method::DELETE, &retired, &[], None).await.expect(204);
    let late = json!([{"question_id": p.survivor.id, "yes": true}, {"question_id": ids[2], "text": "x"}]);
    let taken = answer(app, &p, json!({"answers": late})).await.expect(201);
    assert_eq!((&taken["state"], &taken["dropped"]), (&json!("safe"), &json!(["/answers/0"])));
    let kept = p.phone().list(CHECK_INS).await;
    let kept = kept.iter().find(|kept| kept["id"] == taken["id"]).unwrap();
    assert_eq!(kept["answers"], json!([{"question_id": ids[2], "text": "x"}]));
    let kept = p.phone().list(CHECK_INS).await;
    assert_eq!(kept.iter().find(|kept| kept["id"] == id.as_str()).unwrap()["answers"], answers);
    question(&p, "scale", "Another one?").await.expect(201);
});

on_both!(what_staff_record_for_a_survivor_answers_the_open_check_in_and_raises_what_it_says, |app| async {
    let p = app.partnership().await;
    p.schedule("14:00").await;
    app.advance_to(instant("2026-11-21T14:10:00Z")).await;
    let open = text(&p.phone().get("/app/v1/check-ins/next").await.expect(200), "id");
    let body = json!({"status": "safe", "feeling_safe": 3, "recorded_at": app.now_text()});
    p.practitioner.post(&below(&p, "/check-ins"), body.clone()).await.refused(403, "wrong_role");
    p.support_supervisor.post(&below(&p, "/check-ins"), body.clone()).await.refused(403, "wrong_role");
    let recorded = p.advocate.post(&below(&p, "/check-ins"), body.clone()).await.expect(201);
    assert_eq!((&recorded["id"], &recorded["state"]), (&json!(open), &json!("safe")));
    app.advance(60).await;
    assert_eq!(p.alerts().await, Vec::<Value>::new());
    for seen in [p.phone().list(CHECK_INS).await, p.advocate.list(&below(&p, "/check-ins")).await] {
        let kept = seen.iter().find(|kept| kept["id"] == open.as_str()).unwrap();
        assert_eq!((&kept["is_recorded_by_staff"], &kept["feeling_safe"]), (&json!(true), &json!(3)));
    }
    // Without one that is open it stands by itself, and says what it says.
    let worse = json!({"status": "concern", "note": "They rang us.", "recorded_at": app.now_text()});
    let recorded = p.advocate.post(&below(&p, "/check-ins"), worse).await.expect(201);
    assert_ne!(recorded["id"], open.as_str());
    assert_eq!(p.alerts().await[0]["id"], recorded["alert"]["id"]);
    let again = json!({"status": "safe", "check_in_id": open, "recorded_at": app.now_text()});
    p.advocate.post(&below(&p, "/check-ins"), again).await.refused(409, "wrong_state");
});

on_both!(a_review_is_started_completed_annotated_and_only_what_was_missed_is_resolved, |app| async {
    let p = app.partnership().await;
    p.schedule("14:00").await;
    let missed = text(&p.phone().get("/app/v1/check-ins/next").await.expect(200), "id");
    let review =
        async |id: &str, body: Value| p.advocate.post(&below(&p, &format!("/check-ins/{id}/reviews")), body).await;
    review(&missed, json!({"kind": "started"})).await.refused(409, "wrong_state");
    app.advance_to(instant("2026-11-21T14:30:00Z")).await;

    assert_eq!(review(&missed, json!({"kind": "started"})).await.expect(201)["staff_id"], json!(p.advocate.id));
    review(&missed, json!({"kind": "started"})).await.refused(409, "wrong_state");
    let problem = review(&missed, json!({"kind": "annotated"})).await.refused(422, "invalid");
    assert_eq!(problem["errors"][0]["pointer"], "/note");
    review(&missed, json!({"kind": "annotated", "note": "No answer by telephone."})).await.expect(201);
    review(&missed, json!({"kind": "completed"})).await.expect(201);
    review(&missed, json!({"kind": "completed"})).await.refused(409, "wrong_state");
    let problem = review(&missed, json!({"kind": "resolved"})).await.refused(422, "invalid");
    assert_eq!(problem["errors"][0]["pointer"], "/reason");
    review(&missed, json!({"kind": "resolved", "reason": "spoke_to_survivor"})).await.expect(201);
    review(&missed, json!({"kind": "resolved", "reason": "spoke_to_survivor"})).await.refused(409, "wrong_state");

    let lines = p.support_supervisor.get(&below(&p, &format!("/check-ins/{missed}/reviews"))).await.expect(200);
    let kinds: Vec<&str> =
        lines["items"].as_array().unwrap().iter().map(|line| line["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["started", "annotated", "completed", "resolved"]);
    let kept = p.advocate.list(&below(&p, "/check-ins")).await;
    let kept = kept.iter().find(|kept| kept["id"] == missed.as_str()).unwrap();
    assert_eq!((&kept["state"], &kept["review_state"]), (&json!("resolved"), &json!("completed")));
    // Resolving the check-in closes no alert.
    assert_eq!(p.alerts().await[0]["state"], "open");

    let safe = text(&answer(app, &p, json!({})).await.expect(201), "id");
    review(&safe, json!({"kind": "resolved", "reason": "spoke_to_survivor"})).await.refused(409, "wrong_state");
    p.practitioner.get(&below(&p, &format!("/check-ins/{safe}/reviews"))).await.refused(403, "wrong_role");
    app.leaves_retries();
});
