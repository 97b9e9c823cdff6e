//! Incidents: the survivor's own, their drafts, and what their side does with them.

use serde_json::json;

use super::Sample;
use crate::harness::text;
use crate::routes::every_endpoint::world::World;

const OWN: &str = "/app/v1/incidents";

pub async fn sample(w: &World, id: &str) -> Option<Sample> {
    let phone = w.p.phone();
    match id {
        "list_incidents" => return Some(Sample::get(w, phone, OWN)),
        "get_incident_timeline" => return Some(Sample::get(w, phone, format!("{OWN}/timeline"))),
        "get_survivor_pattern" => {
            let survivor = &w.p.survivor.id;
            let path = format!("/partner/v1/survivors/{survivor}/pattern");
            return Some(Sample::get(w, &w.p.advocate, path).of(survivor));
        }
        "record_incident" => {
            let survivor = w.survivor().await.id;
            let path = format!("/partner/v1/survivors/{survivor}/incidents");
            return Some(Sample::send(w, &w.p.advocate, path, w.incident_body()).of(&survivor));
        }
        "show_incident" => {
            let survivor = w.survivor().await.id;
            let path = format!("/partner/v1/survivors/{survivor}/incidents");
            let made = text(&w.p.advocate.post(&path, w.incident_body()).await.expect(201), "id");
            let path = format!("/partner/v1/incidents/{made}/show");
            return Some(Sample::send(w, &w.p.advocate, path, json!({})).of(&made));
        }
        "create_incident" => return Some(Sample::send(w, phone, OWN, w.incident_body())),
        "get_incident" | "get_private_note" | "amend_incident" | "withdraw_incident" => {}
        _ if id.contains("draft") => return drafts(w, id).await,
        _ if id.contains("incident") => return staff(w, id).await,
        _ => return None,
    }
    let (phone, incident) = w.incident().await;
    let path = |act: &str| format!("{OWN}/{incident}{act}");
    let sample = match id {
        "get_incident" => Sample::get(w, &phone, path("")),
        "get_private_note" => Sample::get(w, &phone, path("/private-note")),
        "amend_incident" => Sample::send(w, &phone, path("/amend"), w.incident_body()),
        _ => Sample::send(w, &phone, path("/withdraw"), json!({})),
    };
    Some(sample.of(&incident))
}

async fn drafts(w: &World, id: &str) -> Option<Sample> {
    let (phone, path) = (w.p.phone(), format!("{OWN}/drafts"));
    match id {
        "create_incident_draft" => return Some(Sample::send(w, phone, path, json!({"account": "They were"}))),
        "list_incident_drafts" => return Some(Sample::get(w, phone, path)),
        _ => {}
    }
    let draft = text(&phone.post(&path, w.incident_body()).await.expect(201), "id");
    let path = format!("{path}/{draft}");
    let sample = match id {
        "get_incident_draft" => Sample::get(w, phone, path),
        "put_incident_draft" => {
            let tag = vec![("if-match", "\"v1\"".to_owned())];
            Sample { headers: tag, ..Sample::send(w, phone, path, json!({"fear": 2})) }
        }
        "delete_incident_draft" => Sample::get(w, phone, path),
        "submit_incident_draft" => Sample::send(w, phone, format!("{path}/submit"), json!({})),
        _ => return None,
    };
    Some(sample.of(&draft))
}

async fn staff(w: &World, id: &str) -> Option<Sample> {
    let (advocate, survivor) = (&w.p.advocate.caller, &w.p.survivor.id);
    if id == "list_survivor_incidents" {
        let path = format!("/partner/v1/survivors/{survivor}/incidents");
        return Some(Sample::get(w, advocate, path).of(survivor));
    }
    if id == "list_incidents_to_triage" {
        return Some(Sample::get(w, advocate, "/partner/v1/incidents"));
    }
    let (phone, incident) = w.incident().await;
    let (own, path) = (format!("{OWN}/{incident}/release-when"), format!("/partner/v1/incidents/{incident}"));
    let (opening, first) = (json!({"visibility": "police", "alert_level": 4}), ("if-match", "\"v0\"".to_owned()));
    let done = |act: &'static str| {
        let (advocate, path) = (advocate, format!("{path}/{act}"));
        async move { advocate.post(&path, json!({"action": "called"})).await }
    };
    let judge = format!("{path}/triage");
    let sample = match id {
        "get_incident_release" => Sample::get(w, &phone, own),
        "put_incident_release" => Sample { headers: vec![first], ..Sample::send(w, &phone, own, opening) },
        "delete_incident_release" => {
            let first = [("if-match", first.1.as_str())];
            phone.send(reqwest::Method::PUT, &own, &first, Some(&opening)).await.expect(200);
            Sample::get(w, &phone, own)
        }
        "get_survivor_incident" => Sample::get(w, advocate, path),
        "get_incident_actions" => Sample::get(w, advocate, format!("{path}/actions")),
        "list_incident_versions" => Sample::get(w, advocate, format!("{path}/versions")),
        "list_incident_history" => Sample::get(w, advocate, format!("{path}/history")),
        "triage_incident" => Sample::send(w, advocate, judge, json!({"priority": "today"})),
        "act_on_incident" => {
            advocate.post(&judge, json!({})).await.expect(200);
            Sample::send(w, advocate, format!("{path}/act"), json!({"action": "called"}))
        }
        "close_incident" => {
            advocate.post(&judge, json!({})).await.expect(200);
            done("act").await.expect(200);
            Sample::send(w, advocate, format!("{path}/close"), json!({"reason": "done"}))
        }
        "rate_incident" => {
            let body = json!({"severity": 4, "reason": "context_learned", "note": "The gate was forced"});
            Sample::send(w, advocate, format!("{path}/severity"), body)
        }
        _ => return None,
    };
    Some(sample.of(&incident))
}
