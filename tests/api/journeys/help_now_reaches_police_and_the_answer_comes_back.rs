//! The main job, second half: danger reaches the police as a signed alert that a person acknowledges, and nothing but a
//! support-side person stops an emergency.

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::partnership::{CODE_WORD, help_now};
use crate::harness::{Answer, Partnership, Received, TestApp, instant, on_both, text};

const SETTING: &str = "alert.police.help_now";

/// A partnership whose survivor has the setting on and has pressed; answers the alert's id.
async fn pressed(app: &TestApp) -> (Partnership, String) {
    let p = app.partnership().await;
    p.consent(&[SETTING]).await;
    let id = text(&p.help_now().await, "id");
    (p, id)
}

async fn alert(p: &Partnership, id: &str) -> Value {
    p.advocate.get(&format!("/partner/v1/alerts/{id}")).await.expect(200)
}

/// When steps were taken, in seconds after the first.
async fn steps(p: &Partnership, id: &str) -> Vec<i64> {
    let alert = alert(p, id).await;
    let at = |value: &Value| crate::harness::instant(value.as_str().unwrap());
    let steps: Vec<_> = alert["steps"].as_array().unwrap().iter().map(|step| at(&step["at"])).collect();
    steps.iter().map(|step| step.seconds_since(steps[0])).collect()
}

async fn acknowledge_for_police(p: &Partnership, id: &str) -> Value {
    let reference = text(&alert(p, id).await, "reference");
    let body = json!({"officer": p.officer.username, "grade": "grade_1"});
    p.police_system.post(&format!("/police/v1/alerts/{reference}/acknowledge"), body).await.expect(200)
}

on_both!(help_now_reaches_the_police_at_once_and_is_tried_until_it_is_received, |app| async {
    let p = app.partnership().await;
    p.consent(&[SETTING]).await;
    p.police.answers_next(&[Answer::Status(500), Answer::Status(500)]);
    let told = p.help_now().await;
    assert_eq!((&told["state"], &told["police_will_be_told"]), (&json!("open"), &json!(true)));
    assert_eq!((&told["delivered_at"], &told["acknowledged_at"]), (&Value::Null, &Value::Null));
    let own = format!("/app/v1/alerts/{}", text(&told, "id"));
    let pressed_at = app.now();

    app.settle().await;
    assert_eq!(p.phone().get(&own).await.expect(200)["delivered_at"], Value::Null);
    app.advance_seconds(30).await;

    let received = p.police.received();
    assert_eq!((received[0].at, waits(&received)), (pressed_at, vec![0, 2, 7]));
    assert!(received.iter().all(|one| one.id == received[0].id && one.body == received[0].body));
    let stamps: Vec<i64> = received.iter().map(|one| one.timestamp - pressed_at.unix_seconds()).collect();
    assert_eq!(stamps, [0, 2, 7]);
    let data = received[0].json()["data"].clone();
    assert_eq!((&data["event"], &data["level"]), (&json!("help_now"), &json!(4)));
    assert_eq!(
        (&data["urgency"], &data["severity"], &data["certainty"]),
        (&json!("immediate"), &json!("extreme"), &json!("unknown"))
    );
    assert_eq!(p.phone().get(&own).await.expect(200)["delivered_at"], json!(pressed_at.plus_seconds(7)));
});

on_both!(the_sos_token_calls_for_help_after_the_session_has_ended, |app| async {
    let p = app.partnership().await;
    p.consent(&[SETTING]).await;
    let tokens = p.phone().tokens().await.unwrap();
    let locked = p.phone().post("/app/v1/session/lock", json!({"refresh_token": tokens["refresh_token"]})).await;
    locked.expect(204);
    p.phone().get("/app/v1/check-ins").await.expect(401);

    let told = help_now(p.sos()).await;
    assert_eq!((&told["state"], &told["police_will_be_told"]), (&json!("open"), &json!(true)));
    app.settle().await;
    assert_eq!(p.police.messages().len(), 1);
    let safe = json!({"status": "safe", "recorded_at": app.now_text()});
    assert_eq!(p.sos().post("/app/v1/check-ins", safe).await.status.as_u16(), 403);
    let concern = json!({"status": "concern", "recorded_at": app.now_text()});
    p.sos().post("/app/v1/check-ins", concern).await.expect(201);
    for path in ["/app/v1/check-ins", "/app/v1/consents", "/app/v1/incidents"] {
        assert_eq!(p.sos().get(path).await.status.as_u16(), 401, "{path}");
    }
    // The PIN opens a session again, which finds what was written without one.
    p.phone().forget_tokens().await;
    assert_eq!(p.phone().list("/app/v1/check-ins").await.len(), 2);
});

on_both!(an_officer_stops_the_retries_and_never_the_climb_of_an_emergency, |app| async {
    let (p, id) = pressed(app).await;
    p.police.answers(Answer::Status(500));
    app.advance_seconds(10).await;
    assert_eq!(p.police.received().len(), 3);
    assert_eq!(acknowledge_for_police(&p, &id).await["state"], "open");
    let told = p.phone().get(&format!("/app/v1/alerts/{id}")).await.expect(200);
    assert!(told["acknowledged_at"].is_string(), "{told}");

    app.advance(13).await;
    assert_eq!(p.police.received().len(), 3);
    assert_eq!(steps(&p, &id).await, [0, 120, 420, 720]);
    assert_eq!(alert(&p, &id).await["state"], "open");
    let calls = p.tasks("call_999").await;
    assert!(!calls.is_empty() && calls.iter().all(|task| task["alert_id"] == id.as_str()), "{calls:?}");
});

on_both!(a_support_side_person_stops_the_climb_until_five_minutes_pass_without_progress, |app| async {
    let (p, id) = pressed(app).await;
    app.advance(1).await;
    let note = json!({"note": "On the telephone with them."});
    assert_eq!(p.act(&id, "acknowledge", note.clone()).await.expect(200)["state"], "acknowledged");
    app.advance(4).await;
    assert_eq!(steps(&p, &id).await, [0]);
    assert_eq!(p.act(&id, "progress", note).await.expect(200)["state"], "acknowledged");
    app.advance_seconds(5 * 60 - 1).await;
    assert_eq!(steps(&p, &id).await, [0]);

    app.advance_seconds(1).await;
    assert_eq!(alert(&p, &id).await["state"], "open");
    assert_eq!(steps(&p, &id).await[1], 600);
    app.advance(5).await;
    assert!(steps(&p, &id).await.contains(&900), "{:?}", steps(&p, &id).await);
});

on_both!(pressing_again_notifies_again_also_when_it_is_acknowledged, |app| async {
    let (p, id) = pressed(app).await;
    app.settle().await;
    p.act(&id, "acknowledge", json!({"note": "I have it."})).await.expect(200);
    acknowledge_for_police(&p, &id).await;
    assert_eq!(p.police.messages().len(), 1);

    app.advance(1).await;
    let again = p.help_now().await;
    assert_eq!((text(&again, "id"), &again["state"]), (id.clone(), &json!("open")));
    assert_eq!(again["acknowledged_at"], Value::Null);
    app.settle().await;
    let messages = p.police.messages();
    assert_eq!(messages.len(), 2);
    assert_eq!(messages[1].json()["type"], "safety.alert.updated");
    assert_eq!(messages[1].json()["data"]["sequence"], 2);
    assert_eq!(steps(&p, &id).await, [0, 60]);
    assert_eq!(p.alerts().await.len(), 1);
});

on_both!(pressing_again_while_the_receiver_is_down_is_a_message_of_its_own, |app| async {
    let (p, _) = pressed(app).await;
    p.police.answers(Answer::Status(503));
    app.settle().await;
    app.advance_seconds(1).await;
    p.help_now().await;
    app.settle().await;
    assert_eq!(p.police.messages().len(), 2);
    p.police.answers(Answer::Status(200));
    app.advance(1).await;
    let received = p.police.received();
    for message in p.police.messages() {
        let answers = received.iter().filter(|one| one.id == message.id).map(|one| one.answer);
        assert_eq!(answers.filter(|answer| *answer == Answer::Status(200)).count(), 1);
    }
});

fn waits(received: &[Received]) -> Vec<i64> {
    received.iter().map(|one| one.at.seconds_since(received[0].at)).collect()
}

on_both!(a_receiver_may_ask_to_wait_for_a_minute_and_no_longer, |app| async {
    let (p, _) = pressed(app).await;
    p.police.answers_next(&[Answer::RetryAfter(503, 30), Answer::RetryAfter(429, 86_400), Answer::Status(410)]);
    app.advance(3).await;
    let received = p.police.received();
    assert_eq!(waits(&received), [0, 30, 90, 100]);
    assert!(received[0].headers.contains(&("content-type".to_owned(), "application/json".to_owned())));
});

/// The one story that waits in earnest: a receiver that says nothing is given its 15 real seconds.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_receiver_that_says_nothing_is_tried_again_and_holds_up_no_ladder() {
    let app = TestApp::sqlite_with(instant("2026-03-29T00:59:00Z"), |_| {}).await;
    let (p, id) = pressed(&app).await;
    p.police.answers_next(&[Answer::Hang]);
    app.advance(3).await;
    assert_eq!(waits(&p.police.received()), [0, 2]);
    assert_eq!(steps(&p, &id).await, [0, 120]);
    app.finish().await;
}

on_both!(closing_an_emergency_takes_the_code_word, |app| async {
    let (p, id) = pressed(app).await;
    app.settle().await;
    let wrong = json!({"note": "They say all is well.", "code_word": "tulip", "spoke_to_survivor": true});
    for act in ["resolve", "stand-down"] {
        p.act(&id, act, wrong.clone()).await.refused(409, "code_word_needed");
    }
    p.act(&id, "resolve", json!({"note": "Seems fine."})).await.refused(409, "code_word_needed");
    assert_eq!(alert(&p, &id).await["state"], "open");

    let right = json!({"note": "Spoke; safe.", "code_word": format!(" {} ", CODE_WORD.to_uppercase())});
    assert_eq!(p.act(&id, "resolve", right).await.expect(200)["state"], "resolved");
    app.advance(20).await;
    let types: Vec<Value> = p.police.messages().iter().map(|message| message.json()["type"].clone()).collect();
    assert_eq!(types, ["safety.alert.raised", "safety.alert.resolved"]);
    p.act(&id, "acknowledge", json!({"note": "Too late."})).await.expect(409);
});

on_both!(an_officer_reads_the_detail_with_a_name_and_a_reason_alone, |app| async {
    let (p, id) = pressed(app).await;
    app.settle().await;
    let path = format!("/police/v1/alerts/{}", text(&alert(&p, &id).await, "reference"));
    assert_eq!(p.police_system.get(&path).await.status.as_u16(), 400);
    let read = |officer: &'static str| {
        let (p, path) = (&p, &path);
        let headers = [("holdfast-officer", officer), ("holdfast-reason", "Attending the alert")];
        async move { p.police_system.send(Method::GET, path, &headers, None).await }
    };
    read("pc.unknown").await.expect(404);
    let detail = read("pc.4417").await.expect(200);
    assert_eq!(detail["suspects"][0]["reference"], p.participant_reference.as_str());
});
