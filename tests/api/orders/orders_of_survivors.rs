//! Orders without a programme: a survivor's own side keeps them, and what follows from any order follows from these.

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::partnership::{organisation, staff, survivor};
use crate::harness::{Caller, Partnership, TestApp, instant, on_both, text};

fn order(change: Value) -> Value {
    let mut body = json!({"kind": "restraining_order", "court": "Sheffield Crown Court", "made_on": "2026-11-02",
        "expires_on": "2027-11-02", "police_reference": "14/777/26",
        "conditions": [{"kind": "prohibition", "code": "approach_within_distance", "distance_metres": 100,
            "wording": "Not to come near the home"}]});
    body.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
    body
}

/// A survivor with a phone, with whose reported person no programme works; their orders' address.
async fn without_a_case(app: &TestApp, p: &Partnership) -> (String, Caller, String) {
    let made = survivor(&app.http, &p.advocate, "standard").await;
    let path = format!("/partner/v1/survivors/{}/orders", made.id);
    (made.id, made.phone.session, path)
}

async fn agree(phone: &Caller, setting: &str) {
    let body = json!({"granted": true, "text_version": "1"});
    phone.put(&format!("/app/v1/consents/{setting}"), body).await.expect(200);
}

fn told(condition: &Value, visibility: &str) -> Value {
    json!({"happened": {"precision": "exact", "from": "2026-11-21T10:00:00Z"}, "behaviours": ["message_text"],
        "account": "They wrote.", "fear": 1, "visibility": visibility, "order_condition_id": condition,
        "recorded_at": "2026-11-21T10:00:00Z"})
}

on_both!(the_survivors_side_keeps_an_order_that_no_programme_knows_of, |app| async {
    let p = app.partnership().await;
    let (_, phone, path) = without_a_case(app, &p).await;
    let harbour = organisation(&p.admin, json!({"kind": "survivor_support", "name": "Harbour"})).await;
    let stranger = staff(&app.http, &p.admin, &harbour, "harriet", &["advocate"]).await;
    p.practitioner.post(&path, order(json!({}))).await.refused(403, "wrong_role");
    p.programme_supervisor.post(&path, order(json!({}))).await.refused(404, "not_found");
    stranger.post(&path, order(json!({}))).await.refused(404, "not_found");
    for wrong in [
        json!({"made_on": "2026-11-22"}),
        json!({"served_on": "2026-11-01"}),
        json!({"expires_on": "2026-11-01"}),
        json!({"conditions": []}),
        json!({"kind": "spo"}),
    ] {
        p.advocate.post(&path, order(wrong)).await.refused(422, "invalid");
    }
    let id = text(&p.advocate.post(&path, order(json!({}))).await.expect(201), "id");
    let kept = p.advocate.list(&path).await;
    assert_eq!((kept.len(), &kept[0]["court"], &kept[0]["id"]), (1, &json!("Sheffield Crown Court"), &json!(id)));
    assert_eq!(
        (&kept[0]["conditions"][0]["distance_metres"], &kept[0]["recorded_by"]),
        (&json!(100), &json!(p.advocate.id))
    );
    // Their phone shows it in plain words, without court or reference; it is in no register.
    let own = phone.list("/app/v1/orders").await;
    assert_eq!((own.len(), &own[0]["is_in_force"], own[0].get("court")), (1, &json!(true), None));
    p.practitioner.get(&format!("/partner/v1/orders/{id}")).await.refused(404, "not_found");
    p.officer.get(&format!("/partner/v1/orders/{id}")).await.refused(404, "not_found");
    // Served, and discharged.
    let at = |act: &str| format!("{path}/{id}/{act}");
    p.advocate.post(&at("service"), json!({"served_on": "2026-11-01"})).await.refused(422, "invalid");
    p.advocate.post(&at("service"), json!({"served_on": "2026-11-03"})).await.expect(200);
    p.advocate.post(&at("service"), json!({"served_on": "2026-11-03"})).await.refused(409, "wrong_state");
    p.advocate.post(&at("discharge"), json!({"discharged_on": "2026-11-22"})).await.refused(422, "invalid");
    let ended = p.support_supervisor.post(&at("discharge"), json!({"discharged_on": "2026-11-20"})).await.expect(200);
    assert_eq!((&ended["served_on"], &ended["discharged_on"]), (&json!("2026-11-03"), &json!("2026-11-20")));
    p.advocate.post(&at("discharge"), json!({"discharged_on": "2026-11-20"})).await.refused(409, "wrong_state");
    let own = phone.list("/app/v1/orders").await;
    assert_eq!((&own[0]["is_in_force"], &own[0]["ended_by"]), (&json!(false), &json!("discharged")));
    app.settle().await;
});

on_both!(a_breach_of_such_an_order_raises_the_alert_and_police_are_sent_its_reference, |app| async {
    let p = app.partnership().await;
    let (id, phone, path) = without_a_case(app, &p).await;
    let made = p.advocate.post(&path, order(json!({}))).await.expect(201);
    let condition = &made["conditions"][0]["id"];
    agree(&phone, "alert.police.breach").await;
    agree(&phone, "share.police.incident").await;
    phone.post("/app/v1/incidents", told(condition, "police")).await.expect(201);
    app.advance_seconds(1).await;
    let alerts = p.alerts().await;
    let alert = alerts.iter().find(|alert| alert["survivor_id"] == id.as_str()).unwrap();
    assert_eq!((&alert["rule"], &alert["level"]), (&json!("order_breach"), &json!(3)));
    let message = p.police.messages()[0].json();
    assert_eq!(message["data"]["police_references"], json!([{"kind": "restraining_order", "ref": "14/777/26"}]));
    let breach = json!([{"order": "restraining_order", "condition": "approach_within_distance"}]);
    assert_eq!(message.pointer("/data/facts/investigation/possible_breach"), Some(&breach));
    // Nobody else's incident names it.
    p.phone().post("/app/v1/incidents", told(condition, "police")).await.refused(422, "unknown_reference");
});

on_both!(staff_write_down_a_breach_for_somebody_without_a_phone, |app| async {
    let p = app.partnership().await;
    let body = json!({"preferred_name": "Morgan", "home_force_id": "south-yorkshire", "risk_rating": "standard"});
    let id = text(&p.advocate.post("/partner/v1/survivors", body).await.expect(201), "id");
    let path = format!("/partner/v1/survivors/{id}/orders");
    let made = p.advocate.post(&path, order(json!({}))).await.expect(201);
    let condition = &made["conditions"][0]["id"];
    let incidents = format!("/partner/v1/survivors/{id}/incidents");
    p.advocate.post(&incidents, told(condition, "advocate")).await.expect(201);
    let rules: Vec<Value> = p.alerts().await.iter().map(|alert| alert["rule"].clone()).collect();
    assert_eq!(rules, ["order_breach"]);
    // One that was recorded wrongly is of no order any more; the incident stays as it was reported.
    let order = format!("{path}/{}", text(&made, "id"));
    p.advocate.send(Method::DELETE, &order, &[], None).await.expect(204);
    p.advocate.send(Method::DELETE, &order, &[], None).await.refused(404, "not_found");
    assert!(p.advocate.list(&path).await.is_empty());
    p.advocate.post(&incidents, told(condition, "advocate")).await.refused(422, "unknown_reference");
    assert_eq!(p.advocate.list(&incidents).await[0]["order_condition_id"], *condition);
    app.settle().await;
});

async fn ending(p: &Partnership) -> Vec<String> {
    let open = |task: &&Value| task["state"] == "open";
    p.tasks("order_ending").await.iter().filter(open).map(|task| text(&task["detail"], "what")).collect()
}

on_both!(the_end_of_such_an_order_is_told_before_it_comes, |app| async {
    let p = app.partnership().await;
    let (_, _, path) = without_a_case(app, &p).await;
    p.advocate.post(&path, order(json!({"expires_on": "2027-06-30"}))).await.expect(201);
    p.advocate.post(&path, order(json!({"expires_on": "2026-11-20"}))).await.expect(201);
    app.settle().await;
    assert_eq!(ending(&p).await, Vec::<String>::new(), "one is far, one is over");
    // Staff are notified at once of the end of an order that is recorded late.
    let id = text(&p.advocate.post(&path, order(json!({"expires_on": "2026-12-25"}))).await.expect(201), "id");
    app.settle().await;
    assert_eq!(ending(&p).await, ["expires_60"]);
    app.advance_to(instant("2026-11-25T08:59:00Z")).await;
    assert_eq!(ending(&p).await, ["expires_60"]);
    app.advance_to(instant("2026-11-25T09:00:00Z")).await;
    assert_eq!(ending(&p).await, ["expires_30"]);
    p.advocate.post(&format!("{path}/{id}/discharge"), json!({"discharged_on": "2026-11-25"})).await.expect(200);
    app.settle().await;
    assert_eq!(ending(&p).await, Vec::<String>::new());
    app.advance_to(instant("2026-12-26T00:00:00Z")).await;
    assert_eq!(ending(&p).await, Vec::<String>::new());
});
