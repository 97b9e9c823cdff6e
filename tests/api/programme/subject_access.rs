//! A participant's own request: two people, what is withheld, and nothing of a survivor.

use serde_json::{Value, json};

use crate::harness::partnership::{PARTICIPANT_NAME, Partnership, SURVIVOR_NAME};
use crate::harness::{on_both, text};

async fn tasks(p: &Partnership) -> usize {
    let open = p.practitioner.get("/partner/v1/programme/tasks").await.expect(200);
    open["items"].as_array().unwrap().iter().filter(|task| task["kind"] == "subject_access").count()
}

/// Two numbers of the participant's; answers their ids.
async fn identifiers(p: &Partnership, path: &str) -> Vec<String> {
    let mut made = Vec::new();
    for value in ["+44 7700 900111", "+44 7700 900222"] {
        let body = json!({"kind": "phone", "value": value, "source": "police_referral"});
        made.push(text(&p.practitioner.post(path, body).await.expect(201), "id"));
    }
    made
}

/// Two texts about the participant, the second of which names somebody; answers their ids.
async fn observations(p: &Partnership) -> Vec<String> {
    let path = format!("/partner/v1/participants/{}/observations", p.participant);
    let mut made = Vec::new();
    for note in ["Came back to one grievance", "Says that Xanthippe told him"] {
        let body = json!({"kind": "fixation", "note": note});
        made.push(text(&p.practitioner.post(&path, body).await.expect(201), "id"));
    }
    made
}

on_both!(two_people_release_what_a_participant_may_read_and_no_survivor_stands_in_it, |app| async {
    let p = app.partnership().await;
    p.consent(&["share.programme.status", "share.programme.incident_full"]).await;
    let incident = json!({"happened": {"precision": "unknown"}, "behaviours": ["message_text"], "account": "Xanthippe",
        "fear": 1, "visibility": "programme_full", "recorded_at": app.now_text()});
    p.phone().post("/app/v1/incidents", incident).await.expect(201);
    let known = format!("/partner/v1/participants/{}/identifiers", p.participant);
    let made = identifiers(&p, &known).await;
    let path = format!("/partner/v1/participants/{}/subject-access-requests", p.participant);
    let request = p.practitioner.post(&path, json!({"received_on": "2026-11-20"})).await.expect(201);
    assert_eq!(request["due_on"], "2026-12-20");
    let path = |act: &str| format!("/partner/v1/subject-access-requests/{}/{act}", text(&request, "id"));
    p.practitioner.get(&path("content")).await.refused(404, "not_found");
    p.practitioner.post(&path("transitions"), json!({"event": "approve"})).await.refused(409, "wrong_state");
    let redaction = json!({"section": "identifiers", "item_id": made[1], "reason": "third_party",
        "explanation": "It is their sister's number."});
    let texts = observations(&p).await;
    // A slip in an id withholds nothing, and a text that nobody read may name anybody: both are refused.
    let slip = json!({"section": "identifiers", "item_id": texts[0], "reason": "third_party", "explanation": "theirs"});
    let wrong = json!({"event": "prepare", "redactions": [slip], "given": [texts[0]]});
    let refused = p.practitioner.post(&path("transitions"), wrong).await.expect(422);
    let codes: Vec<&str> = refused["errors"].as_array().unwrap().iter().filter_map(|e| e["code"].as_str()).collect();
    assert_eq!(codes, ["unknown", "undecided"], "{refused}");
    let second = json!({"section": "observations", "item_id": texts[1], "reason": "serious_harm",
        "explanation": "It names somebody."});
    let prepare = json!({"event": "prepare", "redactions": [redaction, second], "given": [texts[0]]});
    p.practitioner.post(&path("transitions"), prepare.clone()).await.expect(200);
    p.programme_supervisor.post(&path("transitions"), json!({"event": "approve"})).await.expect(200);
    // Not by the same person, and not by a practitioner.
    let release = json!({"event": "release"});
    p.programme_supervisor.post(&path("transitions"), release.clone()).await.refused(409, "guard_not_met");
    p.practitioner.post(&path("transitions"), release.clone()).await.refused(403, "wrong_role");
    p.practitioner.post(&path("transitions"), prepare).await.expect(200);
    p.practitioner.post(&path("transitions"), json!({"event": "approve"})).await.expect(200);
    // What comes after two people read it is not given out.
    let late = json!({"kind": "phone", "value": "+44 7700 900333", "source": "police_referral"});
    p.practitioner.post(&known, late).await.expect(201);
    assert_eq!(tasks(&p).await, 1);
    let released = p.programme_supervisor.post(&path("transitions"), release).await.expect(200);
    assert_eq!(tasks(&p).await, 0);
    assert_eq!((&released["state"], &released["actions"]), (&json!("released"), &json!([])));
    let view = p.programme_supervisor.get(&path("content")).await.expect(200);
    let content = &view["content"];
    assert_eq!(content["name"], PARTICIPANT_NAME);
    assert_eq!(content["identifiers"], json!([{"kind": "phone", "value": "+44 7700 900111"}]));
    assert_eq!(
        content["withheld"],
        json!([{"section": "identifiers", "reason": "third_party"},
        {"section": "observations", "reason": "serious_harm"}])
    );
    assert_eq!(content["observations"][0]["text"], "Came back to one grievance");
    let given = content.to_string();
    let survivor = [SURVIVOR_NAME, "Xanthippe", p.survivor.reference.as_str(), p.case_reference.as_str(), "telephone"];
    for hidden in survivor.into_iter().chain(["900222", "900333", "sister"]) {
        assert!(!given.contains(hidden), "{hidden}: {given}");
    }
    // What was released stays as it was given, whatever the record says later.
    p.practitioner.send("DELETE".parse().unwrap(), &format!("{known}/{}", made[0]), &[], None).await;
    let later: Value = p.practitioner.get(&path("content")).await.expect(200);
    assert_eq!(later["content"], view["content"]);
});
