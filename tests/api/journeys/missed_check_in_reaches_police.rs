//! Silence climbs by itself, to the police where the survivor's setting lets it, and to a person where it does not.

use serde_json::{Value, json};

use crate::harness::partnership::{CODE_WORD, PARTICIPANT_NAME, SURVIVOR_NAME};
use crate::harness::{Answer, Partnership, instant, on_both, text};

/// The one alert there is.
async fn only_alert(p: &Partnership) -> Value {
    let alerts = p.alerts().await;
    assert_eq!(alerts.len(), 1, "{alerts:?}");
    alerts[0].clone()
}

async fn acknowledge_for_police(p: &Partnership, reference: &str) -> Value {
    let body = json!({"officer": p.officer.username, "force_reference": "SYP-20261121-0812", "grade": "grade_1"});
    p.police_system.post(&format!("/police/v1/alerts/{reference}/acknowledge"), body).await.expect(200)
}

on_both!(a_missed_check_in_climbs_to_the_police_who_are_sent_no_names, |app| async {
    let p = app.partnership().await;
    p.consent(&["alert.police.missed"]).await;
    assert_eq!(p.schedule("14:00").await["next_due_at"], "2026-11-21T14:00:00Z");
    app.advance_to(instant("2026-11-21T14:29:59Z")).await;
    assert_eq!(p.alerts().await, Vec::<Value>::new());

    app.advance_to(instant("2026-11-21T14:30:00Z")).await;
    let alert = only_alert(&p).await;
    assert_eq!((&alert["rule"], &alert["level"]), (&json!("missed_check_in"), &json!(3)));
    app.advance_to(instant("2026-11-21T14:59:59Z")).await;
    assert!(p.police.received().is_empty());

    app.advance_to(instant("2026-11-21T15:00:00Z")).await;
    let received = p.police.received();
    assert_eq!(received.len(), 1);
    let (first, message) = (&received[0], received[0].json());
    assert_eq!(first.at, instant("2026-11-21T15:00:00Z"));
    assert_eq!(message["type"], "safety.alert.raised");
    assert_eq!(message["data"]["alert"], alert["reference"]);
    assert_eq!((&message["data"]["level"], &message["data"]["event"]), (&json!(3), &json!("missed_check_in")));
    assert_eq!(message["data"]["agreement"]["setting"], "alert.police.missed");
    assert_eq!(message["data"]["case"], p.case_reference.as_str());
    assert_eq!(message["data"]["police_references"], json!([{"kind": "spo", "ref": "14/1234/26"}]));
    for kept in [SURVIVOR_NAME, PARTICIPANT_NAME, &p.survivor.id, &p.participant, "200 metres"] {
        assert!(!first.text().contains(kept), "{kept} in {}", first.text());
    }
    let steps = only_alert(&p).await["steps"].as_array().unwrap().clone();
    let at: Vec<&str> = steps.iter().map(|step| step["at"].as_str().unwrap()).collect();
    let planned = ["2026-11-21T14:30:00Z", "2026-11-21T14:40:00Z", "2026-11-21T14:50:00Z", "2026-11-21T15:00:00Z"];
    assert_eq!(at, planned);
});

on_both!(an_officer_who_acknowledges_stops_retries_and_climb_and_the_outcome_waits_for_the_advocate, |app| async {
    let p = app.partnership().await;
    p.consent(&["alert.police.missed"]).await;
    p.schedule("14:00").await;
    p.police.answers(Answer::Status(500));
    app.advance_to(instant("2026-11-21T15:00:10Z")).await;
    assert_eq!(p.police.received().len(), 3);
    let alert = only_alert(&p).await;
    let (id, reference) = (text(&alert, "id"), text(&alert, "reference"));

    assert_eq!(acknowledge_for_police(&p, &reference).await["state"], "acknowledged");
    let steps = only_alert(&p).await["steps"].as_array().unwrap().len();
    app.advance(25).await;
    assert_eq!(p.police.received().len(), 3);
    assert_eq!(only_alert(&p).await["steps"].as_array().unwrap().len(), steps);

    let own = format!("/app/v1/alerts/{id}");
    let outcome = json!({"officer": p.officer.username, "outcome": "safe_and_well", "note": "Spoke at the door."});
    p.police_system.post(&format!("/police/v1/alerts/{reference}/outcome"), outcome).await.expect(200);
    let before = p.phone().get(&own).await.expect(200);
    assert_eq!(before["outcome"], Value::Null);
    assert!(before["acknowledged_at"].is_string());
    p.advocate.post(&format!("/partner/v1/alerts/{id}/release-outcome"), json!({})).await.expect(200);
    assert_eq!(p.phone().get(&own).await.expect(200)["outcome"], "safe_and_well");

    p.police.answers(Answer::Status(200));
    p.act(&id, "resolve", json!({"note": "At home and safe."})).await.expect(200);
    app.settle().await;
    assert_eq!(p.police.received().last().unwrap().json()["type"], "safety.alert.resolved");
});

on_both!(without_the_setting_the_police_are_sent_nothing_and_a_supervisor_decides, |app| async {
    let p = app.partnership().await;
    p.schedule("14:00").await;
    app.advance_to(instant("2026-11-21T17:00:00Z")).await;
    assert!(p.police.received().is_empty());
    assert_eq!(p.police_system.list("/police/v1/alerts").await, Vec::<Value>::new());
    let tasks = p.tasks("police_not_allowed").await;
    assert_eq!(tasks.len(), 1, "{tasks:?}");
    assert_eq!((&tasks[0]["for_role"], &tasks[0]["state"]), (&json!("supervisor"), &json!("open")));
    let alert = only_alert(&p).await;
    assert_eq!((&alert["police_allowed"], &alert["state"]), (&json!(false), &json!("open")));
    // It goes on until somebody takes it up.
    let before = alert["steps"].as_array().unwrap().len();
    app.advance(15).await;
    assert_eq!(only_alert(&p).await["steps"].as_array().unwrap().len(), before + 1);
});

on_both!(a_late_answer_does_not_close_the_alert, |app| async {
    let p = app.partnership().await;
    let due = p.schedule("14:00").await;
    app.advance_to(instant("2026-11-21T14:31:00Z")).await;
    let next = p.phone().list("/app/v1/check-ins").await;
    let missed = next.iter().find(|item| item["state"] == "missed").unwrap_or_else(|| panic!("{due} {next:?}"));
    let body = json!({"status": "safe", "check_in_id": missed["id"], "recorded_at": app.now_text()});
    let answered = p.phone().post("/app/v1/check-ins", body).await.expect(201);
    assert_eq!(answered["state"], "missed");
    assert_eq!(only_alert(&p).await["state"], "open");
    app.advance(10).await;
    assert_eq!(only_alert(&p).await["steps"].as_array().unwrap().len(), 2);
});

on_both!(each_missed_slot_raises_one_alert_and_no_second_while_it_is_open, |app| async {
    let p = app.partnership_with_risk("standard").await;
    p.schedule("14:00").await;
    app.advance_to(instant("2026-11-21T15:00:00Z")).await;
    let first = only_alert(&p).await;
    assert_eq!(first["level"], 2);
    p.act(&text(&first, "id"), "stand-down", json!({"note": "Slept in.", "code_word": CODE_WORD})).await.expect(200);

    app.advance_to(instant("2026-11-22T15:00:00Z")).await;
    assert_eq!(p.alerts().await.len(), 2);
    let second = p.alerts().await[0].clone();
    assert_eq!((&second["rule"], &second["level"]), (&json!("repeated_missed"), &json!(3)));
    app.advance_to(instant("2026-11-23T15:00:00Z")).await;
    assert_eq!(p.alerts().await.len(), 2);
});

on_both!(after_an_outage_of_three_days_each_slot_is_missed_and_one_alert_is_open, |app| async {
    let p = app.partnership().await;
    p.consent(&["alert.police.missed"]).await;
    p.schedule("14:00").await;
    app.outage(3 * 24 * 60).await;
    let check_ins = p.phone().list("/app/v1/check-ins").await;
    let missed: Vec<&str> = check_ins
        .iter()
        .filter(|item| item["state"] == "missed")
        .map(|item| item["due_at"].as_str().unwrap())
        .collect();
    assert_eq!(missed, ["2026-11-23T14:00:00Z", "2026-11-22T14:00:00Z", "2026-11-21T14:00:00Z"]);
    let alert = only_alert(&p).await;
    assert_eq!((&alert["rule"], &alert["level"]), (&json!("repeated_missed"), &json!(3)));
    // The climb begins when the miss is found, so the police learn of it half an hour later, once.
    app.advance(30).await;
    assert_eq!(p.police.messages().len(), 1);
    only_alert(&p).await;
});
