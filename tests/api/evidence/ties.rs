//! Files and the incidents that they belong to: a photo now and the words later, nothing seen before it is sent, and seen
//! afterwards as the incident is.

use reqwest::Method;
use serde_json::{Value, json};

use super::{PATH, incident, keep, put, stated};
use crate::harness::partnership::{self, under_duress};
use crate::harness::{Caller, Partnership, Reply, on_both, text};

const DRAFTS: &str = "/app/v1/incidents/drafts";

async fn file(phone: &Caller, more: Value) -> String {
    text(&keep(phone, "text/plain", b"words", more).await, "id")
}

async fn patch(phone: &Caller, id: &str, body: Value) -> Reply {
    phone.send(Method::PATCH, &format!("{PATH}/{id}"), &[], Some(&body)).await
}

async fn draft(phone: &Caller) -> String {
    let body = json!({"behaviours": ["loiter"], "account": "They waited", "happened": {"precision": "unknown"}, "fear": 1,
        "visibility": "advocate"});
    text(&phone.post(DRAFTS, body).await.expect(201), "id")
}

/// The ids of what staff see of the survivor's files.
async fn seen(p: &Partnership, query: &str) -> Vec<String> {
    let path = format!("/partner/v1/survivors/{}/evidence{query}", p.survivor.id);
    let page = p.advocate.get(&path).await.expect(200);
    page["items"].as_array().unwrap().iter().map(|file| text(file, "id")).collect()
}

async fn listed(phone: &Caller, query: &str) -> Vec<String> {
    let page = phone.get(&format!("{PATH}{query}")).await.expect(200);
    page["items"].as_array().unwrap().iter().map(|file| text(file, "id")).collect()
}

on_both!(a_photo_now_and_the_words_later_are_one_incident, |app| async {
    let p = app.partnership().await;
    let (phone, id) = (p.phone(), draft(p.phone()).await);
    let taken = keep(phone, "text/plain", b"words", json!({"incident_id": id})).await;
    assert_eq!((&taken["incident_id"], taken.get("visibility")), (&json!(id), None));
    let first = text(&taken, "id");
    app.advance_seconds(1).await;
    let second = file(phone, json!({})).await;
    assert_eq!(seen(&p, "").await, std::slice::from_ref(&second));
    assert_eq!(patch(phone, &second, json!({"incident_id": id})).await.expect(200)["incident_id"], json!(id));
    let both = json!([first, second]);
    assert_eq!(phone.get(&format!("{DRAFTS}/{id}")).await.expect(200)["evidence_ids"], both);
    let line = &phone.list(DRAFTS).await[0];
    assert_eq!((&line["evidence_ids"], &line["behaviours"]), (&both, &json!(["loiter"])));
    assert_eq!(line["happened"], json!({"precision": "unknown"}));
    assert!(!line.to_string().contains("They waited"));
    // Nobody else has anything of it before it is sent.
    let path = |file: &str, end: &str| format!("/partner/v1/survivors/{}/evidence/{file}{end}", p.survivor.id);
    assert!(seen(&p, "").await.is_empty() && seen(&p, &format!("?incident_id={id}")).await.is_empty());
    for end in ["", "/content"] {
        p.advocate.get(&path(&first, end)).await.refused(404, "not_found");
    }
    let query = format!("?incident_id={id}");
    assert_eq!(listed(phone, &query).await, [second.clone(), first.clone()]);
    phone.post(&format!("{DRAFTS}/{id}/submit"), json!({})).await.expect(201);
    app.advance_seconds(1).await;
    let other = file(phone, json!({})).await;
    assert_eq!(seen(&p, &query).await, [second.clone(), first.clone()]);
    assert_eq!(seen(&p, "").await.len(), 3);
    assert_eq!(listed(phone, &query).await, [second, first.clone()]);
    assert_eq!(listed(phone, "").await.len(), 3);
    assert_eq!(p.advocate.get(&path(&first, "/content")).await.status, 200);
    for shown in [
        phone.get(&format!("/app/v1/incidents/{id}")).await.expect(200),
        phone.list("/app/v1/incidents").await[0].clone(),
        p.advocate.get(&format!("/partner/v1/incidents/{id}")).await.expect(200),
        p.advocate.list(&format!("/partner/v1/survivors/{}/incidents", p.survivor.id)).await[0].clone(),
    ] {
        assert_eq!(shown["evidence_ids"], both, "{shown}");
    }
    assert_eq!(phone.get(&format!("{PATH}/{other}")).await.expect(200).get("incident_id"), None);
});

on_both!(a_file_joins_an_incident_once_and_is_seen_as_that_is, |app| async {
    let p = app.partnership().await;
    let phone = p.phone();
    let (hidden, open) = (incident(app, phone, "private").await, incident(app, phone, "advocate").await);
    let id = file(phone, json!({})).await;
    patch(phone, &id, json!({"incident_id": hidden})).await.expect(200);
    assert!(seen(&p, "").await.is_empty());
    patch(phone, &id, json!({"incident_id": hidden})).await.expect(200);
    patch(phone, &id, json!({"incident_id": open})).await.refused(409, "wrong_state");
    patch(phone, &id, json!({"visibility": "police"})).await.refused(422, "invalid");
    let opened = json!({"visibility": "advocate"});
    phone.post(&format!("/app/v1/incidents/{hidden}/amend"), opened).await.expect(200);
    assert_eq!(seen(&p, "").await, std::slice::from_ref(&id));
    // One that is on its way joins as well, and arrives all the same.
    let coming = text(&phone.post(PATH, stated("text/plain", b"words")).await.expect(201), "id");
    patch(phone, &coming, json!({"incident_id": open})).await.expect(200);
    let kept = put(phone, &coming, b"words").await.expect(200);
    assert_eq!((&kept["state"], &kept["incident_id"]), (&json!("kept"), &json!(open)));
    // What is no file, no incident or not theirs changes nothing.
    let nowhere = uuid::Uuid::new_v4().to_string();
    let other = partnership::survivor(&app.http, &p.advocate, "standard").await;
    let free = file(phone, json!({})).await;
    let theirs = incident(app, &other.phone.session, "advocate").await;
    for wrong in [&nowhere, &theirs] {
        patch(phone, &free, json!({"incident_id": wrong})).await.refused(422, "unknown_reference");
    }
    patch(&other.phone.session, &free, json!({"incident_id": theirs})).await.refused(404, "not_found");
    patch(phone, &nowhere, json!({"incident_id": open})).await.refused(404, "not_found");
    patch(phone, &free, json!({})).await.refused(422, "invalid");
    patch(phone, &free, json!({"visibility": "police", "incident_id": open})).await.refused(422, "invalid");
    phone.send(Method::DELETE, &format!("{PATH}/{free}"), &[], None).await;
    patch(phone, &free, json!({"incident_id": open})).await.refused(404, "not_found");
});

on_both!(who_may_see_a_file_of_no_incident_can_be_changed_unless_it_is_held, |app| async {
    let p = app.partnership().await;
    let (phone, id) = (p.phone(), file(p.phone(), json!({"visibility": "private"})).await);
    assert!(seen(&p, "").await.is_empty());
    assert_eq!(patch(phone, &id, json!({"visibility": "police"})).await.expect(200)["visibility"], "police");
    assert_eq!(seen(&p, "").await, std::slice::from_ref(&id));
    let hold = format!("/partner/v1/survivors/{}/evidence/{id}/hold", p.survivor.id);
    p.support_supervisor.post(&hold, json!({"reason": "Asked for by the court"})).await.expect(201);
    patch(phone, &id, json!({"visibility": "private"})).await.refused(409, "evidence_held");
    patch(phone, &id, json!({"incident_id": draft(phone).await})).await.refused(409, "evidence_held");
    assert_eq!(seen(&p, "").await, std::slice::from_ref(&id));
});

on_both!(a_draft_that_is_thrown_away_leaves_its_files_to_the_survivor_alone, |app| async {
    let p = app.partnership().await;
    let (phone, id) = (p.phone(), draft(p.phone()).await);
    let kept = file(phone, json!({"incident_id": id})).await;
    assert_eq!(phone.send(Method::DELETE, &format!("{DRAFTS}/{id}"), &[], None).await.status, 204);
    let left = phone.get(&format!("{PATH}/{kept}")).await.expect(200);
    assert_eq!((left.get("incident_id"), &left["visibility"]), (None, &json!("private")));
    assert!(seen(&p, "").await.is_empty());
    let told = incident(app, phone, "advocate").await;
    patch(phone, &kept, json!({"incident_id": told})).await.expect(200);
    assert_eq!(seen(&p, "").await, [kept]);
});

on_both!(under_duress_only_what_was_begun_there_is_known_and_nothing_is_hidden_from_the_advocate, |app| async {
    let p = app.partnership().await;
    let real = incident(app, p.phone(), "advocate").await;
    let begun = draft(p.phone()).await;
    let theirs = file(p.phone(), json!({})).await;
    let forced = under_duress(&app.http, &p.advocate, &p.survivor.id).await;
    patch(&forced, &theirs, json!({"visibility": "private"})).await.refused(404, "not_found");
    let id = file(&forced, json!({})).await;
    for unknown in [&real, &begun] {
        patch(&forced, &id, json!({"incident_id": unknown})).await.refused(422, "unknown_reference");
        let body = json!({"media_type": "text/plain", "bytes": 5, "sha256": "0".repeat(64), "incident_id": unknown});
        forced.post(PATH, body).await.refused(422, "unknown_reference");
    }
    assert_eq!(patch(&forced, &id, json!({"visibility": "private"})).await.expect(200)["visibility"], "private");
    assert!(seen(&p, "").await.contains(&id));
    // The decoy's list takes what a genuine one takes.
    assert!(listed(&forced, &format!("?incident_id={real}")).await.is_empty());
    assert_eq!(listed(&forced, "?limit=10").await, std::slice::from_ref(&id));
    // A file belongs to the report of that session, by the id that the phone knows, and the advocate sees both.
    let told = incident(app, &forced, "advocate").await;
    assert_eq!(patch(&forced, &id, json!({"incident_id": told})).await.expect(200)["incident_id"], told.as_str());
    let shown = forced.get(&format!("/app/v1/incidents/{told}")).await.expect(200);
    assert_eq!(shown["evidence_ids"], json!([id]));
    assert_eq!(listed(&forced, &format!("?incident_id={told}")).await, std::slice::from_ref(&id));
    for phone in [&forced, p.phone()] {
        assert_eq!(phone.get(&format!("{PATH}?incident=x")).await.status, 422);
        assert_eq!(phone.get(&format!("{PATH}?incident_id=x")).await.status, 422);
    }
    app.leaves_retries();
});
