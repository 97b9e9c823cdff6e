//! Participants' identities, referrals, the order register, programmes, enrolments and their reports.

use serde_json::{Value, json};

use super::Sample;
use crate::harness::partnership::participant;
use crate::harness::text;
use crate::routes::every_endpoint::world::World;

/// A participant of one's own, about whom nothing is recorded yet.
async fn fresh(w: &World) -> String {
    participant(&w.p.practitioner).await.0
}

async fn referral(w: &World) -> String {
    let path = format!("/partner/v1/participants/{}/referrals", fresh(w).await);
    text(&w.p.practitioner.post(&path, referral_body()).await.expect(201), "id")
}

fn referral_body() -> Value {
    json!({"source": "police", "basis": "voluntary"})
}

fn enrolment_body() -> Value {
    json!({"programme": "cobi", "starts_on": "2026-11-23", "local_time": "10:00", "time_zone": "Europe/London",
        "mode": "in_person"})
}

/// A referral that was found suitable.
async fn suitable(w: &World) -> String {
    let id = referral(w).await;
    let allocation = json!({"event": "allocate", "practitioner_id": w.p.practitioner.id});
    let events = [
        json!({"event": "submit"}),
        allocation,
        json!({"event": "start_assessment"}),
        json!({"event": "find_suitable"}),
    ];
    for event in events {
        w.p.practitioner.post(&format!("/partner/v1/referrals/{id}/transitions"), event).await.expect(200);
    }
    id
}

async fn enrolment(w: &World) -> String {
    let path = format!("/partner/v1/referrals/{}/enrolments", suitable(w).await);
    text(&w.p.practitioner.post(&path, enrolment_body()).await.expect(201), "id")
}

/// An order of a fresh participant, served or not.
async fn order(w: &World, served_on: Option<&str>) -> String {
    let conditions = json!([{"kind": "prohibition", "code": "no_contact", "wording": "No contact"}]);
    let body = json!({"kind": "spo", "made_on": "2026-11-19", "served_on": served_on, "conditions": conditions});
    let path = format!("/partner/v1/participants/{}/orders", fresh(w).await);
    text(&w.p.practitioner.post(&path, body).await.expect(201), "id")
}

/// A call about what this file knows.
pub async fn sample(w: &World, id: &str) -> Option<Sample> {
    match id {
        _ if id.contains("subject_access") => subject_access(w, id).await,
        _ if id.contains("referral") => referrals(w, id).await,
        _ if id.contains("enrolment") && !id.contains("code") => enrolments(w, id).await,
        _ if id.contains("end_report") => reports(w, id).await,
        _ if id.contains("order") => orders(w, id).await,
        _ => participants(w, id).await,
    }
}

async fn participants(w: &World, id: &str) -> Option<Sample> {
    let (practitioner, known) = (&w.p.practitioner.caller, &w.p.participant);
    let below = |of: &str, path: &str| format!("/partner/v1/participants/{of}{path}");
    let body = json!({"kind": "vehicle", "value": "AB12 CDE", "source": "police_referral"});
    Some(match id {
        "patch_participant" => {
            let fresh = fresh(w).await;
            let tag = practitioner.get(&below(&fresh, "")).await.header("etag").unwrap().to_owned();
            let change = json!({"address": "12 Marsh Lane", "date_of_birth": "1984-02-29"});
            let sample = Sample::send(w, practitioner, below(&fresh, ""), change).of(&fresh);
            Sample { headers: vec![("if-match", tag)], ..sample }
        }
        "list_programme_providers" => Sample::get(w, &w.p.officer, "/partner/v1/programme-providers"),
        "list_participant_identifiers" => Sample::get(w, practitioner, below(known, "/identifiers")).of(known),
        "create_participant_identifier" => Sample::send(w, practitioner, below(known, "/identifiers"), body).of(known),
        "delete_participant_identifier" => {
            let made = practitioner.post(&below(known, "/identifiers"), body).await.expect(201);
            let identifier = text(&made, "id");
            Sample::get(w, practitioner, below(known, &format!("/identifiers/{identifier}"))).of(&identifier)
        }
        "list_programmes" => Sample::get(w, practitioner, "/partner/v1/programmes"),
        "create_programme" => {
            let code = format!("own_{}", uuid::Uuid::new_v4().simple());
            let body =
                json!({"code": code, "name": "Group programme", "sessions": 8, "weeks": 8, "modules": ["skills"]});
            Sample::send(w, &w.p.programme_supervisor, "/partner/v1/programmes", body)
        }
        "list_programme_tasks" => Sample::get(w, practitioner, "/partner/v1/programme/tasks"),
        "complete_programme_task" => {
            let waiting = w.task().await;
            let path = format!("/partner/v1/programme/tasks/{waiting}/complete");
            Sample::send(w, practitioner, path, json!({"note": "Rang the officer in the case."})).of(&waiting)
        }
        _ => return None,
    })
}

async fn referrals(w: &World, id: &str) -> Option<Sample> {
    let practitioner = &w.p.practitioner.caller;
    match id {
        "list_referrals" => return Some(Sample::get(w, practitioner, "/partner/v1/referrals")),
        "create_referral" => {
            let fresh = fresh(w).await;
            let path = format!("/partner/v1/participants/{fresh}/referrals");
            return Some(Sample::send(w, practitioner, path, referral_body()).of(&fresh));
        }
        "create_person_referral" => {
            let body = json!({"organisation_id": w.p.programme, "name": "Robin Marsh", "basis": "voluntary"});
            return Some(Sample::send(w, &w.p.officer, "/partner/v1/referrals", body));
        }
        _ => {}
    }
    let known = referral(w).await;
    let path = |path: &str| format!("/partner/v1/referrals/{known}{path}");
    let sample = match id {
        "get_referral" => Sample::get(w, practitioner, path("")),
        "get_referral_actions" => Sample::get(w, practitioner, path("/actions")),
        "list_referral_transitions" => Sample::get(w, practitioner, path("/transitions")),
        "create_referral_transition" => Sample::send(w, practitioner, path("/transitions"), json!({"event": "submit"})),
        _ => return None,
    };
    Some(sample.of(&known))
}

async fn orders(w: &World, id: &str) -> Option<Sample> {
    let practitioner = &w.p.practitioner.caller;
    let known = match id {
        "create_order_notification" => order(w, Some("2026-11-20")).await,
        "get_order"
        | "get_order_actions"
        | "get_order_duties"
        | "create_order_service"
        | "create_order_correction"
        | "create_order_discharge" => order(w, None).await,
        _ => return None,
    };
    let path = |path: &str| format!("/partner/v1/orders/{known}{path}");
    let sample = match id {
        "get_order" => Sample::get(w, practitioner, path("")),
        "get_order_actions" => Sample::get(w, practitioner, path("/actions")),
        "get_order_duties" => Sample::get(w, practitioner, path("/duties")),
        "create_order_service" => Sample::send(w, practitioner, path("/service"), json!({"served_on": "2026-11-20"})),
        "create_order_notification" => {
            Sample::send(w, practitioner, path("/notification"), json!({"notified_on": "2026-11-21"}))
        }
        "create_order_correction" => {
            let body = json!({"reason": "mistyped", "police_reference": "14/9999/26"});
            Sample::send(w, practitioner, path("/corrections"), body)
        }
        _ => Sample::send(w, practitioner, path("/discharge"), json!({"discharged_on": "2026-11-21"})),
    };
    Some(sample.of(&known))
}

async fn enrolments(w: &World, id: &str) -> Option<Sample> {
    let practitioner = &w.p.practitioner.caller;
    match id {
        "create_programme_enrolment" => {
            let referral = suitable(w).await;
            let path = format!("/partner/v1/referrals/{referral}/enrolments");
            return Some(Sample::send(w, practitioner, path, enrolment_body()).of(&referral));
        }
        "list_participant_enrolments" => {
            let known = &w.p.participant;
            let path = format!("/partner/v1/participants/{known}/enrolments");
            return Some(Sample::get(w, practitioner, path).of(known));
        }
        "get_enrolment" | "get_enrolment_actions" | "list_enrolment_transitions" | "create_enrolment_transition" => {}
        _ => return None,
    }
    let known = enrolment(w).await;
    let path = |path: &str| format!("/partner/v1/enrolments/{known}{path}");
    let sample = match id {
        "get_enrolment" => Sample::get(w, practitioner, path("")),
        "get_enrolment_actions" => Sample::get(w, practitioner, path("/actions")),
        "list_enrolment_transitions" => Sample::get(w, practitioner, path("/transitions")),
        _ => {
            let body = json!({"event": "hold", "reason": "illness"});
            Sample::send(w, practitioner, path("/transitions"), body)
        }
    };
    Some(sample.of(&known))
}

async fn reports(w: &World, id: &str) -> Option<Sample> {
    let practitioner = &w.p.practitioner.caller;
    let known = enrolment(w).await;
    let path = format!("/partner/v1/enrolments/{known}/end-report");
    let body = json!({"progress": "Two skills", "risk": "Moderate", "recommendations": "A review"});
    if id != "create_end_report" {
        practitioner.post(&path, body.clone()).await.expect(201);
    }
    let sample = match id {
        "create_end_report" => Sample::send(w, practitioner, path, body),
        "get_end_report" => Sample::get(w, practitioner, path),
        "get_end_report_actions" => Sample::get(w, practitioner, format!("{path}/actions")),
        "put_end_report" => {
            let sample = Sample::send(w, practitioner, path, body);
            Sample { headers: vec![("if-match", "\"v1\"".to_owned())], ..sample }
        }
        "create_end_report_transition" => {
            Sample::send(w, practitioner, format!("{path}/transitions"), json!({"event": "submit"}))
        }
        _ => return None,
    };
    Some(sample.of(&known))
}

async fn subject_access(w: &World, id: &str) -> Option<Sample> {
    let (practitioner, participant) = (&w.p.practitioner.caller, &w.p.participant);
    let below = format!("/partner/v1/participants/{participant}/subject-access-requests");
    let body = json!({"received_on": "2026-11-20"});
    match id {
        "list_subject_access_requests" => return Some(Sample::get(w, practitioner, below).of(participant)),
        "create_subject_access_request" => return Some(Sample::send(w, practitioner, below, body).of(participant)),
        _ => {}
    }
    let known = text(&practitioner.post(&below, body).await.expect(201), "id");
    let path = |path: &str| format!("/partner/v1/subject-access-requests/{known}/{path}");
    let whole =
        |section: &str| json!({"section": section, "reason": "serious_harm", "explanation": "It names others."});
    let prepare = json!({"event": "prepare", "redactions": [whole("observations"), whole("formulation")]});
    let sample = match id {
        "get_subject_access_request_actions" => Sample::get(w, practitioner, path("actions")),
        "create_subject_access_transition" => Sample::send(w, practitioner, path("transitions"), prepare),
        "get_subject_access_content" => {
            practitioner.post(&path("transitions"), prepare).await.expect(200);
            Sample::get(w, practitioner, path("content"))
        }
        _ => return None,
    };
    Some(sample.of(&known))
}
