//! Incidents: told anew without being overwritten, taken back without being lost, private where the survivor says so.

mod incident_amendments;
mod incident_care;
mod incident_drafts;
mod incident_pattern;
mod incident_release;

use serde_json::{Value, json};

use crate::harness::{Partnership, TestApp, on_both, text};

const PATH: &str = "/app/v1/incidents";

fn body(app: &TestApp, change: Value) -> Value {
    let mut body = json!({"happened": {"precision": "unknown"}, "behaviours": ["message_text"], "account": "First words",
        "fear": 1, "visibility": "advocate", "recorded_at": app.now_text()});
    body.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
    body
}

async fn report(app: &TestApp, p: &Partnership, change: Value) -> Value {
    p.phone().post(PATH, body(app, change)).await.expect(201)
}

on_both!(an_amendment_is_a_version_and_never_lowers_the_severity, |app| async {
    let p = app.partnership().await;
    let made = report(app, &p, json!({"fear": 4})).await;
    let path = format!("{PATH}/{}", text(&made, "id"));
    assert_eq!(made["severity"], 4);
    let change = json!({"fear": 0, "account": "Second words", "reason": "remembered_more"});
    let amended = p.phone().post(&format!("{path}/amend"), body(app, change)).await.expect(200);
    assert_eq!(amended["severity"], 4);
    let detail = p.phone().get(&path).await;
    assert_eq!(detail.expect(200)["versions"].as_array().unwrap().len(), 2);
    assert!(detail.body.contains("First words") && detail.body.contains("Second words"));
});

on_both!(a_withdrawn_incident_stays_the_survivors_and_cannot_be_told_anew, |app| async {
    let p = app.partnership().await;
    let path = format!("{PATH}/{}", text(&report(app, &p, json!({})).await, "id"));
    let withdrawn = p.phone().post(&format!("{path}/withdraw"), json!({})).await.expect(200);
    assert_eq!(withdrawn["state"], "withdrawn");
    p.phone().post(&format!("{path}/withdraw"), json!({})).await.refused(409, "wrong_state");
    p.phone().post(&format!("{path}/amend"), body(app, json!({}))).await.refused(409, "wrong_state");
    assert_eq!(p.phone().get(&path).await.expect(200)["state"], "withdrawn");
    assert_eq!(p.phone().list(PATH).await.len(), 1);
});

on_both!(a_report_that_cannot_be_is_refused, |app| async {
    let p = app.partnership().await;
    let (noon, later) = (app.now_text(), app.now().plus_minutes(60));
    let unknown = uuid::Uuid::new_v4().to_string();
    let cases = [
        json!({"behaviours": []}),
        json!({"behaviours": ["no_such_behaviour"]}),
        json!({"fear": 5}),
        json!({"visibility": "everybody"}),
        json!({"account": ""}),
        json!({"happened": {"precision": "exact"}}),
        json!({"happened": {"precision": "range", "from": later, "to": noon}}),
        json!({"order_condition_id": unknown}),
        json!({"severity": 1}),
    ];
    for change in cases {
        let reply = p.phone().post(PATH, body(app, change.clone())).await;
        assert_eq!(reply.status.as_u16(), 422, "{change}: {}", reply.body);
    }
    let other = crate::harness::partnership::survivor(&app.http, &p.advocate, "high").await;
    let linked_to_nobody = body(app, json!({"order_condition_id": p.condition}));
    other.phone.session.post(PATH, linked_to_nobody).await.refused(422, "unknown_reference");
});
