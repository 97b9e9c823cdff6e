//! What changes on the participant's side reaches the survivor's advocate by itself, as a code and no more.

use serde_json::{Value, json};

use crate::harness::{Partnership, instant, on_both, text};
use crate::programme::enrolments::enrolled;

/// What the advocate was told, the oldest first.
async fn told(p: &Partnership) -> Vec<String> {
    let mut tasks = p.tasks("participant_changed").await;
    tasks.reverse();
    for task in &tasks {
        let detail = task["detail"].as_object().unwrap();
        assert!(detail.keys().all(|key| ["what", "case", "case_id"].contains(&key.as_str())), "{detail:?}");
        assert_eq!((&task["survivor_id"], &detail["case"]), (&json!(p.survivor.id), &json!(p.case_reference)));
    }
    tasks.iter().map(|task| text(&task["detail"], "what")).collect()
}

on_both!(start_and_drop_out_reach_the_advocate_and_the_service_cancelled_nothing, |app| async {
    let p = app.partnership().await;
    let enrolment = enrolled(&p).await;
    assert_eq!(told(&p).await, ["programme_started"]);
    let withdraw = json!({"event": "withdraw", "reason": "dropped_out", "note": "Said that it was pointless."});
    p.practitioner.post(&format!("{enrolment}/transitions"), withdraw).await.expect(200);
    assert_eq!(told(&p).await, ["programme_started", "dropped_out"]);
    let view = p.advocate.get(&format!("/partner/v1/cases/{}/view", p.case)).await.expect(200);
    let sessions = view["participant_side"]["sessions"].as_array().unwrap().clone();
    assert!(!sessions.is_empty());
    for session in &sessions {
        assert_eq!((&session["attendance"], &session["state"]), (&json!("not_held"), &json!("not_held")), "{session}");
    }
    let path = format!("/partner/v1/sessions/{}/attendance", text(&sessions[0], "id"));
    p.practitioner.put(&path, json!({"attendance": "not_held"})).await.expect(422);
});

on_both!(a_reason_that_says_more_of_the_participant_stays_with_the_programme, |app| async {
    let p = app.partnership().await;
    let enrolment = enrolled(&p).await;
    let withdraw = json!({"event": "withdraw", "reason": "psychiatric_admission"});
    p.practitioner.post(&format!("{enrolment}/transitions"), withdraw).await.expect(200);
    assert_eq!(told(&p).await, ["programme_started", "programme_ended_early"]);
    let all = Value::Array(p.advocate.list("/partner/v1/tasks").await).to_string();
    assert!(!all.contains("psychiatric"), "{all}");
});

on_both!(an_urge_acted_on_and_a_high_own_risk_reach_the_advocate_once_each, |app| async {
    let p = app.partnership().await;
    let below = |what: &str| format!("/partner/v1/participants/{}/{what}", p.participant);
    for acted in [false, true] {
        let rating = json!({"rated_on": "2026-11-20", "urge": 5, "acted_on_urge": acted, "distress": 4,
            "note": "Drove past the house."});
        p.practitioner.post(&below("diary-ratings"), rating).await.expect(201);
    }
    for rating in ["medium", "high", "high"] {
        let body = json!({"rating": rating, "narrative": "Spoke of having nothing left."});
        p.practitioner.post(&below("own-risk"), body).await.expect(201);
    }
    assert_eq!(told(&p).await, ["urge_acted_on", "own_risk_high"]);
    // The programme's side has no list of the advocate's tasks, and nobody's phone shows any.
    p.practitioner.get("/partner/v1/tasks").await.expect(403);
});

on_both!(an_order_that_is_discharged_or_runs_out_reaches_the_advocate_and_the_survivors_list_says_so, |app| async {
    let p = app.partnership().await;
    let conditions = json!([{"kind": "prohibition", "code": "no_contact", "wording": "Not to contact."}]);
    let record = |kind: &'static str, expires_on: Option<&'static str>| {
        let body = json!({"kind": kind, "made_on": "2026-11-01", "expires_on": expires_on, "conditions": conditions});
        p.practitioner.post(format!("/partner/v1/participants/{}/orders", p.participant).leak(), body)
    };
    let order = text(&record("restraining_order", None).await.expect(201), "id");
    record("injunction", Some("2026-11-25")).await.expect(201);
    let phone = p.phone();
    let own = |kind: &'static str| async move {
        let orders = phone.list("/app/v1/orders").await;
        orders.into_iter().find(|order| order["kind"] == kind).unwrap()
    };
    assert_eq!(own("restraining_order").await["is_in_force"], true);
    let path = format!("/partner/v1/orders/{order}/discharge");
    p.practitioner.post(&path, json!({"discharged_on": "2026-11-20"})).await.expect(200);
    assert_eq!(told(&p).await, ["order_discharged"]);
    let ended = own("restraining_order").await;
    assert_eq!((&ended["is_in_force"], &ended["ended_by"]), (&json!(false), &json!("discharged")));
    assert_eq!(ended["standing_in_words"], "A court ended this order. Its last day was 2026-11-20.");
    app.advance_to(instant("2026-11-25T23:59:00Z")).await;
    assert_eq!(told(&p).await, ["order_discharged"]);
    app.advance_to(instant("2026-11-26T00:00:00Z")).await;
    assert_eq!(told(&p).await, ["order_discharged", "order_expired"]);
    assert_eq!(own("injunction").await["is_in_force"], false);
});
