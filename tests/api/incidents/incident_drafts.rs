//! Drafts: for the survivor alone, stated to nobody, changed and thrown away at will, and sent when they are ready.

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Partnership, Reply, on_both, text};

const PATH: &str = "/app/v1/incidents/drafts";

async fn put(p: &Partnership, path: &str, tag: &str, body: Value) -> Reply {
    p.phone().send(Method::PUT, path, &[("if-match", tag)], Some(&body)).await
}

on_both!(a_draft_is_seen_by_nobody_else_and_raises_nothing_until_it_is_sent, |app| async {
    let p = app.partnership().await;
    let begun = json!({"behaviours": ["threat_to_kill"], "account": "They said", "private_note": "Xanthippe"});
    let draft = p.phone().post(PATH, begun).await.expect(201);
    let (id, path) = (text(&draft, "id"), format!("{PATH}/{}", text(&draft, "id")));
    assert_eq!((&draft["state"], &draft["version"]), (&json!("draft"), &json!(1)));
    assert!(!p.phone().get(PATH).await.body.contains("They said"));
    assert_eq!(p.phone().list(PATH).await.len(), 1);
    assert!(p.phone().list("/app/v1/incidents").await.is_empty());
    let theirs = format!("/partner/v1/survivors/{}/incidents", p.survivor.id);
    assert!(p.advocate.list(&theirs).await.is_empty());
    p.advocate.get(&format!("/partner/v1/incidents/{id}")).await.refused(404, "not_found");
    app.advance(25 * 60).await;
    assert!(p.alerts().await.is_empty());
    // What is missing is named, all of it; nothing was lost by trying.
    let refused = p.phone().post(&format!("{path}/submit"), json!({})).await.refused(422, "invalid");
    let missing: Vec<&str> =
        refused["errors"].as_array().unwrap().iter().map(|e| e["pointer"].as_str().unwrap()).collect();
    assert_eq!(missing, ["/happened", "/fear", "/visibility"]);
    let shown = p.phone().get(&path).await;
    assert_eq!(shown.expect(200)["content"]["account"], "They said");
    let whole = json!({"behaviours": ["threat_to_kill"], "account": "They said it again", "private_note": "Xanthippe",
        "happened": {"precision": "unknown"}, "fear": 4, "visibility": "advocate"});
    let tag = shown.header("etag").unwrap().to_owned();
    put(&p, &path, &tag, whole.clone()).await.expect(200);
    put(&p, &path, &tag, whole.clone()).await.refused(412, "stale");
    p.phone().put(&path, whole).await.refused(428, "precondition_required");
    let sent = p.phone().post(&format!("{path}/submit"), json!({})).await.expect(201);
    assert_eq!((&sent["id"], &sent["state"], &sent["severity"]), (&json!(id), &json!("submitted"), &json!(4)));
    assert!(sent["alert"]["id"].is_string(), "{sent}");
    assert!(p.alerts().await.iter().any(|alert| alert["rule"] == "critical_behaviour"));
    p.phone().get(&path).await.refused(404, "not_found");
    p.phone().post(&format!("{path}/submit"), json!({})).await.refused(404, "not_found");
    assert_eq!(p.advocate.list(&theirs).await[0]["account"], "They said it again");
});

on_both!(a_draft_is_the_survivors_own_to_throw_away, |app| async {
    let p = app.partnership().await;
    let path = format!("{PATH}/{}", text(&p.phone().post(PATH, json!({})).await.expect(201), "id"));
    let other = crate::harness::partnership::survivor(&app.http, &p.advocate, "high").await;
    other.phone.session.get(&path).await.refused(404, "not_found");
    other.phone.session.send(Method::DELETE, &path, &[], None).await.refused(404, "not_found");
    assert_eq!(p.phone().send(Method::DELETE, &path, &[], None).await.status, 204);
    p.phone().get(&path).await.refused(404, "not_found");
    for wrong in
        [json!({"fear": 5}), json!({"severity": 1}), json!({"account": ""}), json!({"behaviours": ["No Code"]})]
    {
        assert_eq!(p.phone().post(PATH, wrong).await.status, 422);
    }
    // A code that is no behaviour is found when it is sent.
    let odd = json!({"behaviours": ["shouted"], "account": "a", "happened": {"precision": "unknown"}, "fear": 1,
        "visibility": "advocate"});
    let id = text(&p.phone().post(PATH, odd).await.expect(201), "id");
    let refused = p.phone().post(&format!("{PATH}/{id}/submit"), json!({})).await.refused(422, "invalid");
    assert_eq!(refused["errors"][0]["pointer"], "/behaviours/0");
});
