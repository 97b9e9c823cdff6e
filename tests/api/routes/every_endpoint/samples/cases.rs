//! What goes across a case, and how it ends.

use serde_json::{Value, json};

use super::Sample;
use crate::harness::partnership::{case, participant};
use crate::harness::{PASSWORD, Person, text};
use crate::routes::every_endpoint::world::World;

pub async fn sample(w: &World, id: &str) -> Option<Sample> {
    if let Some(sample) = concerns(w, id).await {
        return Some(sample);
    }
    if let Some(sample) = updates(w, id).await {
        return Some(sample);
    }
    let p = &w.p;
    let of_case = |person: &Person, path: &str| Sample::get(w, person, below(w, path)).of(&p.case);
    Some(match id {
        "refuse_case" => {
            let fresh = fresh_case(w).await;
            let path = format!("/partner/v1/cases/{fresh}/refuse");
            Sample::send(w, &p.programme_supervisor, path, json!({"reason": "wrong_person"})).of(&fresh)
        }
        "close_case" => {
            let fresh = fresh_case(w).await;
            for supervisor in [&p.support_supervisor, &p.programme_supervisor] {
                supervisor.post(&format!("/partner/v1/cases/{fresh}/approve"), json!({})).await.expect(200);
            }
            let path = format!("/partner/v1/cases/{fresh}/close");
            Sample::send(w, &p.support_supervisor, path, json!({"reason": "programme_ended"})).of(&fresh)
        }
        "get_case_actions" => of_case(&p.advocate, "actions"),
        "list_case_events" => of_case(&p.practitioner, "events"),
        "list_case_notes" => of_case(&p.practitioner, "notes"),
        "create_case_note" => {
            let body = json!({"audience": "programme_only", "note": "Late by ten minutes."});
            Sample { body: Some(body), ..of_case(&p.practitioner, "notes") }
        }
        "get_in_session" => Sample::get(w, &p.practitioner, "/partner/v1/in-session"),
        "start_in_session" => {
            // A supervisor, who reads nothing of a survivor's in the other samples.
            Sample::send(w, &p.programme_supervisor, "/partner/v1/in-session/start", json!({}))
        }
        "confirm_staff_session" => {
            Sample::send(w, &p.practitioner, "/partner/v1/session/confirm", json!({"password": PASSWORD}))
        }
        _ => return None,
    })
}

/// A case that waits for both approvals.
async fn fresh_case(w: &World) -> String {
    let (_, participant) = participant(&w.p.practitioner).await;
    case(&w.p.advocate, &w.survivor().await.reference, &participant).await.0
}

fn below(w: &World, path: &str) -> String {
    format!("/partner/v1/cases/{}/{path}", w.p.case)
}

async fn concerns(w: &World, id: &str) -> Option<Sample> {
    let p = &w.p;
    let body = json!({"kind": "question", "words": "What is planned next?"});
    if id == "create_case_concern" {
        return Some(Sample::send(w, &p.practitioner, below(w, "concerns"), body).of(&p.case));
    }
    if id == "list_case_concerns" {
        return Some(Sample::get(w, &p.practitioner, below(w, "concerns")).of(&p.case));
    }
    if id == "list_case_participant_concerns" {
        return Some(Sample::get(w, &p.advocate, below(w, "participant-concerns")).of(&p.case));
    }
    let act = match id {
        "get_case_concern_actions" => "actions",
        "acknowledge_case_concern" => "acknowledge",
        "answer_case_concern" => "answer",
        _ => return None,
    };
    let concern = text(&p.practitioner.post(&below(w, "concerns"), body).await.expect(201), "id");
    let path = below(w, &format!("concerns/{concern}/{act}"));
    Some(
        match act {
            "actions" => Sample::get(w, &p.advocate, path),
            "acknowledge" => Sample::send(w, &p.advocate, path, json!({})),
            _ => Sample::send(w, &p.advocate, path, json!({"answer": "A call on Monday."})),
        }
        .of(&concern),
    )
}

async fn updates(w: &World, id: &str) -> Option<Sample> {
    let p = &w.p;
    let body = json!({"code": "programme_started"});
    let (act, caller, sent): (&str, &Person, Option<Value>) = match id {
        "create_case_update" => {
            return Some(Sample::send(w, &p.practitioner, below(w, "updates"), body).of(&p.case));
        }
        "list_case_updates" => return Some(Sample::get(w, &p.advocate, below(w, "updates")).of(&p.case)),
        "get_case_update_actions" => ("actions", &p.practitioner, None),
        "check_case_update" => ("check", &p.programme_supervisor, Some(json!({}))),
        "refuse_case_update" => ("refuse", &p.programme_supervisor, Some(json!({"reason": "tells_too_much"}))),
        "release_case_update" => ("release", &p.advocate, Some(json!({}))),
        "decline_case_update" => ("decline", &p.advocate, Some(json!({"reason": "not_now"}))),
        _ => return None,
    };
    let update = text(&p.practitioner.post(&below(w, "updates"), body).await.expect(201), "id");
    if ["release", "decline"].contains(&act) {
        p.consent(&["updates.programme"]).await;
        p.programme_supervisor.post(&below(w, &format!("updates/{update}/check")), json!({})).await.expect(200);
    }
    let sample = Sample::get(w, caller, below(w, &format!("updates/{update}/{act}"))).of(&update);
    Some(Sample { body: sent, ..sample })
}
