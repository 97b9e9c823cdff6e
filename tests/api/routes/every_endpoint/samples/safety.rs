//! Messages, household, safety plan, assessments of risk.

use serde_json::{Value, json};
use uuid::Uuid;

use super::Sample;
use crate::harness::text;
use crate::routes::every_endpoint::world::World;

/// A tool of two items, loaded under a code of its own; answers the code.
async fn tool(w: &World) -> String {
    let body = tool_body();
    w.p.support_supervisor.post("/partner/v1/risk-tools", body.clone()).await.expect(201);
    text(&body, "code")
}

fn tool_body() -> Value {
    let items = json!([{"code": "q01", "wording": "…"}, {"code": "q02", "wording": "…"}]);
    json!({"code": format!("t{}", Uuid::new_v4().simple()), "version": 1,
        "tool": {"items": items, "is_scored": true, "high_from": 2}})
}

async fn assessment_body(w: &World) -> Value {
    json!({"tool_code": tool(w).await, "tool_version": 1, "answers": [{"code": "q01", "answer": "yes"}]})
}

fn order() -> Value {
    json!({"kind": "restraining_order", "made_on": "2026-11-18", "expires_on": "2027-11-18",
        "conditions": [{"kind": "prohibition", "code": "approach_within_distance", "wording": "Not to come near the home"}]})
}

fn reported() -> Value {
    json!({"name": "Jo Merrin", "relationship": "former_partner", "vehicles": "AB12 CDE, grey van"})
}

pub async fn sample(w: &World, id: &str) -> Option<Sample> {
    if let Some(sample) = messages(w, id).await {
        return Some(sample);
    }
    if let Some(sample) = household(w, id).await {
        return Some(sample);
    }
    if let Some(sample) = plan(w, id).await {
        return Some(sample);
    }
    let (p, advocate, known) = (&w.p, &w.p.advocate.caller, &w.p.survivor.id);
    let below = |path: &str| format!("/partner/v1/survivors/{known}/{path}");
    Some(match id {
        "create_risk_tool" => Sample::send(w, &p.support_supervisor, "/partner/v1/risk-tools", tool_body()),
        "list_risk_tools" => {
            tool(w).await;
            Sample::get(w, advocate, "/partner/v1/risk-tools")
        }
        "create_risk_assessment" => {
            Sample::send(w, advocate, below("risk-assessments"), assessment_body(w).await).of(known)
        }
        "list_risk_assessments" => Sample::get(w, advocate, below("risk-assessments")).of(known),
        "list_reported_persons" => Sample::get(w, advocate, below("reported-persons")).of(known),
        "create_reported_person" => Sample::send(w, advocate, below("reported-persons"), reported()).of(known),
        "delete_reported_person" => {
            let made = advocate.post(&below("reported-persons"), reported()).await.expect(201);
            Sample::get(w, advocate, below(&format!("reported-persons/{}", text(&made, "id")))).of(known)
        }
        "list_survivor_orders" => Sample::get(w, advocate, below("orders")).of(known),
        "create_survivor_order" => Sample::send(w, advocate, below("orders"), order()).of(known),
        "create_survivor_order_service" | "create_survivor_order_discharge" | "delete_survivor_order" => {
            let made = text(&advocate.post(&below("orders"), order()).await.expect(201), "id");
            let path = |act: &str| below(&format!("orders/{made}{act}"));
            match id {
                "create_survivor_order_service" => {
                    Sample::send(w, advocate, path("/service"), json!({"served_on": "2026-11-19"})).of(known)
                }
                "create_survivor_order_discharge" => {
                    Sample::send(w, advocate, path("/discharge"), json!({"discharged_on": "2026-11-19"})).of(known)
                }
                _ => Sample::get(w, advocate, path("")).of(known),
            }
        }
        "list_risk_changes" => Sample::get(w, advocate, below("risk-changes")).of(known),
        "create_marac_decision" => {
            let made = advocate.post(&below("risk-assessments"), assessment_body(w).await).await.expect(201);
            let path = below(&format!("risk-assessments/{}/marac-decisions", text(&made, "id")));
            Sample::send(w, advocate, path, json!({"decision": "referred", "reason": "High"})).of(known)
        }
        _ => return None,
    })
}

async fn messages(w: &World, id: &str) -> Option<Sample> {
    let (p, advocate, known) = (&w.p, &w.p.advocate.caller, &w.p.survivor.id);
    let (own, theirs) = ("/app/v1/messages", format!("/partner/v1/survivors/{known}/messages"));
    let body = json!({"body": "Could we speak on Thursday?"});
    Some(match id {
        "list_messages" => Sample::get(w, p.phone(), own),
        "create_message" => Sample::send(w, p.phone(), own, body),
        "record_message_read" => {
            let sent = text(&advocate.post(&theirs, body).await.expect(201), "id");
            Sample::get(w, p.phone(), format!("{own}/{sent}/read")).of(&sent)
        }
        "list_unread_messages" => {
            p.phone().post(own, body).await.expect(201);
            Sample::get(w, advocate, "/partner/v1/messages/unread")
        }
        "list_survivor_messages" => Sample::get(w, advocate, theirs).of(known),
        "create_survivor_message" => Sample::send(w, advocate, theirs, body).of(known),
        "record_survivor_message_read" => {
            let sent = text(&p.phone().post(own, body).await.expect(201), "id");
            Sample::get(w, advocate, format!("{theirs}/{sent}/read")).of(known)
        }
        _ => return None,
    })
}

async fn household(w: &World, id: &str) -> Option<Sample> {
    let (p, advocate, known) = (&w.p, &w.p.advocate.caller, &w.p.survivor.id);
    let path = format!("/partner/v1/survivors/{known}/household");
    let body = json!({"kind": "person", "relation": "child", "name": "Robin", "born": "2017"});
    let member = || async {
        let made = advocate.post(&path, body.clone()).await.expect(201);
        format!("{path}/{}", text(&made, "id"))
    };
    Some(match id {
        "list_own_household" => Sample::get(w, p.phone(), "/app/v1/household"),
        "create_own_household_member" => Sample::send(w, p.phone(), "/app/v1/household", body),
        "list_household" => Sample::get(w, advocate, path).of(known),
        "create_household_member" => Sample::send(w, advocate, path.clone(), body.clone()).of(known),
        "list_household_member_versions" => Sample::get(w, advocate, format!("{}/versions", member().await)).of(known),
        "put_household_member" => {
            let headers = vec![("if-match", "\"v1\"".to_owned())];
            Sample { headers, ..Sample::send(w, advocate, member().await, body.clone()).of(known) }
        }
        "delete_household_member" => Sample::get(w, advocate, member().await).of(known),
        _ => return None,
    })
}

async fn plan(w: &World, id: &str) -> Option<Sample> {
    if !id.contains("safety_plan") {
        return None;
    }
    let (advocate, fresh) = (&w.p.advocate.caller, w.survivor().await);
    let (phone, known) = (&fresh.phone.session, &fresh.id);
    let (own, theirs) = ("/app/v1/safety-plan", format!("/partner/v1/survivors/{known}/safety-plan"));
    let body = json!({"sections": [{"code": "places_to_go", "text": "To Bea's"}]});
    let version = || async { advocate.get(&theirs).await.expect(200)["version"].as_i64().unwrap() };
    let tag = |version: i64| vec![("if-match", format!("\"v{version}\""))];
    let confirm = json!({"version": version().await.max(1)});
    let written = || async {
        if version().await == 0 {
            let headers = [("if-match", "\"v0\"")];
            phone.send(reqwest::Method::PUT, own, &headers, Some(&body)).await.expect(200);
        }
    };
    Some(match id {
        "get_own_safety_plan" => Sample::get(w, phone, own),
        "put_own_safety_plan" => Sample { headers: tag(version().await), ..Sample::send(w, phone, own, body.clone()) },
        "confirm_own_safety_plan" => {
            written().await;
            Sample::send(w, phone, format!("{own}/confirm"), confirm)
        }
        "get_safety_plan" => Sample::get(w, advocate, theirs.clone()).of(known),
        "put_safety_plan" => {
            let headers = tag(version().await);
            Sample { headers, ..Sample::send(w, advocate, theirs.clone(), body.clone()).of(known) }
        }
        "confirm_safety_plan" => {
            written().await;
            Sample::send(w, advocate, format!("{theirs}/confirm"), confirm).of(known)
        }
        "list_safety_plan_versions" => Sample::get(w, advocate, format!("{theirs}/versions")).of(known),
        _ => return None,
    })
}
