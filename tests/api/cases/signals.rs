//! Signals that need both sides raise an alert by themselves: once, for the survivor's side, and as a code alone.

use serde_json::{Value, json};

use crate::harness::partnership::PARTICIPANT_NAME;
use crate::harness::{Partnership, Reply, TestApp, instant, on_both, text};

const NEAR: &str = "missed_check_in_and_session";
const ACTED: &str = "acted_on_urge_and_incident";
const RISING: &str = "goal_up_while_incidents_rise";

fn below(p: &Partnership, path: &str) -> String {
    format!("/partner/v1/participants/{}/{path}", p.participant)
}

/// The alerts that tell of a signal, the newest first.
async fn told(p: &Partnership, signal: &str) -> Vec<Value> {
    let is_it = |alert: &Value| alert["patterns"].as_array().is_some_and(|codes| codes.contains(&json!(signal)));
    p.alerts().await.into_iter().filter(is_it).collect()
}

async fn session(p: &Partnership, number: i32, planned_at: &str) -> String {
    let body = json!({"number": number, "module": "mindfulness", "planned_at": planned_at, "mode": "in_person"});
    text(&p.practitioner.post(&below(p, "sessions"), body).await.expect(201), "id")
}

async fn attendance(p: &Partnership, session: &str, how: &str) -> Reply {
    let path = format!("/partner/v1/sessions/{session}/attendance");
    let reply = p.practitioner.put(&path, json!({"attendance": how})).await;
    assert_eq!(reply.status.as_u16(), 200, "{}", reply.body);
    assert!(!reply.body.contains("alert") && !reply.body.contains("signal"), "{}", reply.body);
    reply
}

async fn incident(p: &Partnership, app: &TestApp, at: &str, visibility: &str) -> Reply {
    let body = json!({"happened": {"precision": "exact", "from": at}, "behaviours": ["message_text"],
        "account": "It was them.", "fear": 1, "visibility": visibility, "recorded_at": app.now_text()});
    let reply = p.phone().post("/app/v1/incidents", body).await;
    assert_eq!(reply.status.as_u16(), 201, "{}", reply.body);
    reply
}

async fn rating(p: &Partnership, acted: bool, on: &str) {
    let body = json!({"rated_on": on, "urge": 4, "acted_on_urge": acted, "distress": 3});
    let reply = p.practitioner.post(&below(p, "diary-ratings"), body).await;
    assert_eq!(reply.status.as_u16(), 201, "{}", reply.body);
    assert!(!reply.body.contains("alert") && !reply.body.contains("signal"), "{}", reply.body);
}

/// What the programme's side knows of alerts, whatever the survivor shares with it.
async fn is_unknown_to_the_programme(p: &Partnership) {
    for by in [&p.practitioner, &p.programme_supervisor] {
        let listed = by.list("/partner/v1/alerts").await;
        assert!(listed.iter().all(|alert| alert["rule"] != "pattern"), "{listed:?}");
        let view = by.get(&format!("/partner/v1/cases/{}/view", p.case)).await.expect(200);
        let shown = view["survivor_side"]["alerts"]["items"].as_array().unwrap();
        assert!(shown.iter().all(|alert| alert["rule"] != "pattern"), "{shown:?}");
    }
}

on_both!(a_missed_check_in_beside_a_missed_session_is_told_whichever_comes_last, |app| async {
    let p = app.partnership_with_risk("standard").await;
    p.consent(&["share.programme.status"]).await;
    p.schedule("20:00").await;
    // The session first; the sweep that finds the check-in missed completes it.
    let first = session(&p, 1, "2026-11-21T10:00:00Z").await;
    attendance(&p, &first, "not_attended_acceptable").await;
    assert!(told(&p, NEAR).await.is_empty());
    app.advance_to(instant("2026-11-21T20:31:00Z")).await;
    let alerts = told(&p, NEAR).await;
    assert_eq!(alerts.len(), 1);
    let alert = &alerts[0];
    assert_eq!((&alert["rule"], &alert["level"]), (&json!("pattern"), &json!(2)));
    assert_eq!((&alert["case_id"], &alert["police_allowed"]), (&json!(p.case), &json!(false)));
    for kept in [PARTICIPANT_NAME, &p.participant, &p.participant_reference, &first] {
        assert!(!alert.to_string().contains(kept), "{kept} in {alert}");
    }
    is_unknown_to_the_programme(&p).await;
    // Recorded once more it is the same evidence.
    p.act(&text(alert, "id"), "resolve", json!({"note": "Rang; all is well."})).await.expect(200);
    attendance(&p, &first, "not_attended_unacceptable").await;
    app.settle().await;
    assert_eq!(told(&p, NEAR).await.len(), 1);

    // The check-in first; the practitioner's word completes it.
    let second = session(&p, 2, "2026-11-22T19:00:00Z").await;
    app.advance_to(instant("2026-11-22T20:31:00Z")).await;
    assert_eq!(told(&p, NEAR).await.len(), 1);
    attendance(&p, &second, "not_attended_service_cancelled").await;
    assert_eq!(told(&p, NEAR).await.len(), 1, "what the service cancelled was not missed");
    attendance(&p, &second, "not_attended_unacceptable").await;
    app.settle().await;
    assert_eq!(told(&p, NEAR).await.len(), 2);
});

on_both!(an_urge_acted_on_beside_an_incident_is_told_whichever_comes_last, |app| async {
    let p = app.partnership_with_risk("standard").await;
    p.consent(&["share.programme.status", "share.programme.incident_summary"]).await;
    incident(&p, app, "2026-11-20T12:00:00Z", "private").await;
    rating(&p, true, "2026-11-20").await;
    assert!(told(&p, ACTED).await.is_empty(), "what the survivor keeps for themselves is nobody's");
    // The phone learns nothing of the participant: not even that there is an alert.
    let reply = incident(&p, app, "2026-11-19T12:00:00Z", "advocate").await;
    assert!(!reply.body.contains("AL-"), "{}", reply.body);
    app.settle().await;
    let alerts = told(&p, ACTED).await;
    assert_eq!((alerts.len(), &alerts[0]["level"]), (1, &json!(2)));
    is_unknown_to_the_programme(&p).await;
    p.act(&text(&alerts[0], "id"), "resolve", json!({"note": "Spoke to them."})).await.expect(200);
    // A further incident beside the same urge is no further signal; a further urge is one.
    incident(&p, app, "2026-11-20T18:00:00Z", "advocate").await;
    rating(&p, false, "2026-11-21").await;
    app.settle().await;
    assert_eq!(told(&p, ACTED).await.len(), 1);
    rating(&p, true, "2026-11-21").await;
    app.settle().await;
    assert_eq!(told(&p, ACTED).await.len(), 2);
});

on_both!(a_goal_scored_up_while_incidents_rise_is_told, |app| async {
    let p = app.partnership_with_risk("standard").await;
    let review = |score: i32| {
        let body = json!({"score": score, "note": "Own account", "reviewed_on": "2026-11-20"});
        p.practitioner.post(format!("/partner/v1/goals/{}/reviews", p.goal).leak(), body)
    };
    review(0).await.expect(201);
    assert!(told(&p, RISING).await.is_empty());
    app.advance(10).await;
    incident(&p, app, "2026-11-20T12:00:00Z", "advocate").await;
    app.settle().await;
    let alerts = told(&p, RISING).await;
    assert_eq!(alerts.len(), 1, "the incident lies in the four weeks before the score");
    p.act(&text(&alerts[0], "id"), "resolve", json!({"note": "Spoke to them."})).await.expect(200);
    // Scored lower it is none; higher again, it is a new one.
    review(-1).await.expect(201);
    assert_eq!(told(&p, RISING).await.len(), 1);
    let answer = review(1).await;
    assert!(!answer.body.contains("alert"), "{}", answer.body);
    answer.expect(201);
    app.settle().await;
    assert_eq!(told(&p, RISING).await.len(), 2);
});

on_both!(without_an_active_case_nothing_stands_out, |app| async {
    let p = app.partnership_with_risk("standard").await;
    let close = format!("/partner/v1/cases/{}/close", p.case);
    p.support_supervisor.post(&close, json!({"reason": "over"})).await.expect(200);
    incident(&p, app, "2026-11-20T12:00:00Z", "advocate").await;
    rating(&p, true, "2026-11-20").await;
    app.settle().await;
    assert!(p.alerts().await.is_empty());
});
