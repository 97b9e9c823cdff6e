//! Tasks end with what they are about, and a survivor who asks to be rung is.

use serde_json::{Value, json};

use crate::harness::partnership::CODE_WORD;
use crate::harness::{Partnership, on_both, text};

async fn open(p: &Partnership) -> Vec<Value> {
    let mut tasks = p.advocate.list("/partner/v1/tasks?state=open").await;
    tasks.extend(p.support_supervisor.list("/partner/v1/tasks?state=open").await);
    tasks
}

async fn states(p: &Partnership, kind: &str) -> Vec<(Value, Value)> {
    let tasks = p.tasks(kind).await;
    tasks.into_iter().map(|task| (task["state"].clone(), task["ended_because"].clone())).collect()
}

fn ended(state: &str, because: &str) -> (Value, Value) {
    (json!(state), json!(because))
}

on_both!(what_an_alert_asks_for_ends_with_it_and_is_asked_for_again_when_it_is_opened_again, |app| async {
    let p = app.partnership().await;
    let id = text(&p.help_now().await, "id");
    app.advance(10).await;
    assert!(!open(&p).await.is_empty());
    p.act(&id, "resolve", json!({"note": "Safe.", "code_word": CODE_WORD})).await.expect(200);
    assert!(open(&p).await.iter().all(|task| task["alert_id"] != id.as_str()), "{:?}", open(&p).await);
    let all = p.advocate.list("/partner/v1/tasks").await;
    let of_alert: Vec<&Value> = all.iter().filter(|task| task["alert_id"] == id.as_str()).collect();
    assert!(!of_alert.is_empty());
    for task in of_alert {
        assert_eq!((&task["state"], &task["ended_because"]), (&json!("closed_with_alert"), &json!("alert_closed")));
        assert!(task["script"].is_null() && task["done_at"].is_string(), "{task}");
        let done = format!("/partner/v1/tasks/{}/complete", text(task, "id"));
        p.advocate.post(&done, json!({"note": "Too late."})).await.refused(409, "wrong_state");
    }
    p.act(&id, "reopen", json!({"reason": "new_information"})).await.expect(200);
    assert!(open(&p).await.iter().any(|task| task["kind"] == "call_999" && task["alert_id"] == id.as_str()));
    p.advocate.get("/partner/v1/tasks?state=someday").await.expect(422);
});

on_both!(a_setting_that_is_on_again_or_has_gone_off_needs_nobody_to_make_sure, |app| async {
    let p = app.partnership().await;
    let kind = "alert_setting_turning_off";
    p.consent(&["alert.police.help_now", "alert.police.missed"]).await;
    p.decide("alert.police.help_now", false).await;
    p.decide("alert.police.missed", false).await;
    let due = p.tasks(kind).await;
    assert!(due.len() == 2 && due.iter().all(|task| task["state"] == "open" && task["due_at"].is_string()), "{due:?}");
    p.decide("alert.police.help_now", true).await;
    let now = states(&p, kind).await;
    assert!(
        now.contains(&ended("no_longer_needed", "setting_on")) && now.contains(&(json!("open"), Value::Null)),
        "{now:?}"
    );
    app.advance(24 * 60).await;
    let after = states(&p, kind).await;
    assert!(after.contains(&ended("no_longer_needed", "setting_off")) && after.len() == 2, "{after:?}");
});

on_both!(an_incident_that_was_opened_further_is_read_or_taken_back, |app| async {
    let p = app.partnership().await;
    let mut ids = Vec::new();
    for _ in 0..2 {
        let body = json!({"happened": {"precision": "unknown"}, "behaviours": ["call_unwanted"], "account": "He rang.",
            "fear": 1, "visibility": "private", "recorded_at": app.now_text(),
            "release_when": {"at": app.now().plus_hours(1).to_string(), "visibility": "advocate"}});
        ids.push(p.phone().post("/app/v1/incidents", body).await);
    }
    // Where the form of a release differs, the story says so here and not in a count below.
    let ids: Vec<String> = ids.iter().map(|reply| text(&reply.expect(201), "id")).collect();
    app.advance(61).await;
    assert_eq!(p.tasks("incident_released").await.iter().filter(|task| task["state"] == "open").count(), 2);
    p.advocate.get(&format!("/partner/v1/incidents/{}", ids[0])).await.expect(200);
    p.phone().post(&format!("/app/v1/incidents/{}/withdraw", ids[1]), json!({})).await.expect(200);
    let states = states(&p, "incident_released").await;
    assert!(states.contains(&ended("done", "read")), "{states:?}");
    assert!(states.contains(&ended("no_longer_needed", "withdrawn")), "{states:?}");
});

on_both!(a_call_that_was_asked_for_is_one_task_each_time_and_ends_with_any_contact, |app| async {
    let p = app.partnership_with_risk("standard").await;
    let ask = |status: &'static str| {
        let body = json!({"status": status, "call_back": true, "recorded_at": app.now_text()});
        p.phone().post("/app/v1/check-ins", body)
    };
    for status in ["safe", "concern", "help_now"] {
        ask(status).await.expect(201);
    }
    let calls = p.tasks("call_back").await;
    assert_eq!(calls.len(), 3, "{calls:?}");
    for call in &calls {
        assert_eq!((&call["state"], &call["survivor_id"]), (&json!("open"), &json!(p.survivor.id)));
        assert_eq!(call["survivor_reference"], json!(p.survivor.reference));
        assert_eq!(call["due_at"], json!(app.now().plus_hours(24)));
    }
    let alert = p.alerts().await.into_iter().find(|alert| alert["rule"] == "help_now").unwrap();
    let spoke = json!({"note": "Rang.", "spoke_to_survivor": true});
    p.act(&text(&alert, "id"), "acknowledge", spoke).await.expect(200);
    assert_eq!(states(&p, "call_back").await, vec![ended("done", "contact_recorded"); 3]);
});

on_both!(a_call_that_nobody_makes_in_a_day_goes_on_to_the_supervisor, |app| async {
    let p = app.partnership_with_risk("standard").await;
    let body = json!({"status": "safe", "call_back": true, "recorded_at": app.now_text()});
    p.phone().post("/app/v1/check-ins", body).await.expect(201);
    app.advance(24 * 60 - 1).await;
    assert!(p.alerts().await.is_empty());
    app.advance(1).await;
    let alerts = p.alerts().await;
    assert_eq!((alerts.len(), &alerts[0]["rule"]), (1, &json!("unreviewed")));
    // It waits on: somebody has yet to ring.
    let task = p.tasks("call_back").await[0].clone();
    assert_eq!(task["state"], "open");
    let done = format!("/partner/v1/tasks/{}/complete", text(&task, "id"));
    assert_eq!(p.advocate.post(&done, json!({"note": "Rang; all is well."})).await.expect(200)["state"], "done");
    app.advance(48 * 60).await;
    assert_eq!(p.tasks("call_back").await.len(), 1);
});

on_both!(what_the_survivor_says_while_an_alert_is_open_stands_on_it_and_closes_nothing, |app| async {
    let p = app.partnership().await;
    let id = text(&p.help_now().await, "id");
    let path = format!("/partner/v1/alerts/{id}");
    assert_eq!(p.advocate.get(&path).await.expect(200)["answers"], json!([]));
    let safe = json!({"status": "safe", "recorded_at": app.now_text()});
    let said = text(&p.phone().post("/app/v1/check-ins", safe).await.expect(201), "id");
    let alert = p.advocate.get(&path).await.expect(200);
    let answer = &alert["answers"][0]["detail"];
    assert_eq!((&answer["status"], &answer["check_in_id"]), (&json!("safe"), &json!(said)));
    assert_eq!((&alert["state"], &answer["is_late"]), (&json!("open"), &json!(false)));
});

on_both!(a_late_answer_stands_on_the_alert_of_the_missed_check_in, |app| async {
    let p = app.partnership().await;
    p.schedule("14:00").await;
    app.advance_to(crate::harness::instant("2026-11-21T15:31:00Z")).await;
    let alert = p.alerts().await[0].clone();
    let slot = p.phone().list("/app/v1/check-ins").await;
    let missed = slot.iter().find(|slot| slot["state"] == "missed").unwrap();
    let body = json!({"status": "safe", "check_in_id": missed["id"], "recorded_at": app.now_text()});
    p.phone().post("/app/v1/check-ins", body).await.expect(201);
    let alert = p.advocate.get(&format!("/partner/v1/alerts/{}", text(&alert, "id"))).await.expect(200);
    let answer = &alert["answers"][0]["detail"];
    assert_eq!(
        (&answer["status"], &answer["is_late"], &alert["state"]),
        (&json!("safe"), &json!(true), &json!("open"))
    );
    // The programme's side learns nothing of it.
    p.consent(&["share.programme.status"]).await;
    let theirs = p.practitioner.get(&format!("/partner/v1/alerts/{}", text(&alert, "id"))).await.expect(200);
    assert_eq!(theirs["answers"], json!([]));
});
