//! The main job, first half: what the survivor records stands beside the participant's goals, and no more than agreed.

use serde_json::{Value, json};

use crate::harness::partnership::{PARTICIPANT_NAME, SURVIVOR_NAME};
use crate::harness::{Partnership, TestApp, on_both, text};

/// What the survivor wrote and where they were: none of it may reach the programme's staff on a summary's consent.
const KEPT: [&str; 5] = ["The bus was late", "They stood at the gate", "My sister knows", "53.3811", "Division Street"];

/// The survivor's side: a check-in and an incident that may breach the order.
async fn record(app: &TestApp, p: &Partnership) -> [String; 2] {
    p.consent(&["share.programme.status", "share.programme.incident_summary"]).await;
    let answer = json!({"status": "safe", "feeling_safe": 2, "note": KEPT[0],
        "location": {"lat": 53.3811, "lon": -1.4701, "accuracy_m": 12.0}, "recorded_at": app.now_text()});
    let incident = json!({"happened": {"precision": "exact", "from": "2026-11-20T18:00:00Z"},
        "behaviours": ["message_text"], "account": KEPT[1], "private_note": KEPT[2], "fear": 2, "place": KEPT[4],
        "order_condition_id": p.condition, "visibility": "programme_full", "recorded_at": app.now_text()});
    let check_in = p.phone().post("/app/v1/check-ins", answer).await.expect(201);
    let incident = p.phone().post("/app/v1/incidents", incident).await.expect(201);
    assert_eq!((&check_in["state"], &incident["state"]), (&json!("safe"), &json!("submitted")));
    app.settle().await;
    [text(&check_in, "id"), text(&incident, "id")]
}

/// The participant's side: a session that was attended, and a review of the goal.
async fn work_with_participant(p: &Partnership) -> [String; 2] {
    let body = json!({"number": 1, "module": "mindfulness", "planned_at": "2026-11-19T10:00:00Z", "mode": "in_person"});
    let sessions = format!("/partner/v1/participants/{}/sessions", p.participant);
    let session = text(&p.practitioner.post(&sessions, body).await.expect(201), "id");
    let attendance = format!("/partner/v1/sessions/{session}/attendance");
    p.practitioner.put(&attendance, json!({"attendance": "attended"})).await.expect(200);
    let review = json!({"score": 0, "note": "Four quiet weeks", "reviewed_on": "2026-11-20"});
    let review = p.practitioner.post(&format!("/partner/v1/goals/{}/reviews", p.goal), review).await.expect(201);
    [session, text(&review, "id")]
}

fn has_item(list: &Value, id: &str) -> bool {
    list.as_array().unwrap().iter().any(|item| item["id"] == id)
}

on_both!(what_the_survivor_records_stands_beside_the_goals, |app| async {
    let p = app.partnership().await;
    let [session, review] = work_with_participant(&p).await;
    let [check_in, incident] = record(app, &p).await;

    let reply = p.practitioner.get(&format!("/partner/v1/cases/{}/view", p.case)).await;
    let view = reply.expect(200);
    assert!(has_item(&view["survivor_side"]["check_ins"]["items"], &check_in));
    assert!(has_item(&view["survivor_side"]["incidents"]["items"], &incident));
    assert_eq!(view["survivor_side"]["check_ins"]["summary"]["last_feeling_safe"], 2);
    assert!(has_item(&view["participant_side"]["goals"], &p.goal));
    assert!(has_item(&view["participant_side"]["sessions"], &session));
    assert_eq!(view["participant_side"]["orders"][0]["conditions"][0]["id"], p.condition);
    assert!(view.to_string().contains(&review));
    // A condition that is live, and an incident that names it.
    assert_eq!(view["survivor_side"]["alerts"]["items"][0]["rule"], "order_breach");

    let timeline = p.practitioner.list(&format!("/partner/v1/cases/{}/timeline", p.case)).await;
    for kind in ["check_in", "incident", "alert", "goal", "review", "session", "order"] {
        assert!(timeline.iter().any(|item| item["kind"] == kind), "no {kind} in {timeline:?}");
    }
    let times: Vec<&str> = timeline.iter().map(|item| item["at"].as_str().unwrap()).collect();
    assert!(times.windows(2).all(|pair| pair[0] >= pair[1]), "{times:?}");
});

on_both!(the_practitioner_never_receives_who_or_where_the_survivor_is, |app| async {
    let p = app.partnership().await;
    record(app, &p).await;
    let mut seen = String::new();
    for colleague in [&p.practitioner, &p.programme_supervisor] {
        for page in ["view", "timeline"] {
            let reply = colleague.get(&format!("/partner/v1/cases/{}/{page}", p.case)).await;
            reply.expect(200);
            seen += &reply.body;
        }
        seen += &colleague.get("/partner/v1/alerts").await.body;
        seen += &colleague.get("/partner/v1/cases").await.body;
    }
    for kept in KEPT.iter().chain(&[SURVIVOR_NAME]) {
        assert!(!seen.contains(kept), "{kept} in {seen}");
    }
    assert!(!seen.contains(&p.survivor.id), "the survivor's id in {seen}");
    for path in [format!("/partner/v1/survivors/{}", p.survivor.id), "/partner/v1/tasks".to_owned()] {
        let status = p.practitioner.get(&path).await.status.as_u16();
        assert!([403, 404].contains(&status), "{path}: {status}");
    }

    let view = p.practitioner.get(&format!("/partner/v1/cases/{}/view", p.case)).await.expect(200);
    let redactions = view["redactions"].as_array().unwrap();
    for named in [
        json!({"what": "survivor_identity", "reason": "other_side"}),
        json!({"what": "check_in_notes", "reason": "no_agreement", "scope": "share.programme.voice"}),
        json!({"what": "incident_accounts", "reason": "no_agreement", "scope": "share.programme.incident_full"}),
    ] {
        assert!(redactions.contains(&named), "{named} not in {redactions:?}");
    }
    // What is shown in full is not said to be withheld.
    assert!(redactions.iter().all(|redaction| redaction["what"] != "check_ins" && redaction["what"] != "alerts"));
});

on_both!(the_survivor_never_receives_who_the_participant_is, |app| async {
    let p = app.partnership().await;
    let [check_in, incident] = record(app, &p).await;
    let mut seen = String::new();
    for path in ["check-ins", "incidents", "consents", "orders", "ladder"] {
        let reply = p.phone().get(&format!("/app/v1/{path}")).await;
        reply.expect(200);
        seen += &reply.body;
    }
    assert!(seen.contains(&check_in) && seen.contains(&incident));
    for kept in [PARTICIPANT_NAME, &p.participant, &p.participant_reference, "Attempts every week"] {
        assert!(!seen.contains(kept), "{kept} in {seen}");
    }
});
