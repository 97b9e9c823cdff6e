//! Withdrawal bites on the next read, on both pages that show the survivor's side to the programme's staff.

use serde_json::{Value, json};

use crate::harness::partnership::organisation;
use crate::harness::{Partnership, TestApp, on_both, text};

/// A check-in and an incident, both shared; answers their ids.
async fn shared_record(app: &TestApp, p: &Partnership) -> [String; 2] {
    p.consent(&["share.programme.status", "share.programme.incident_summary"]).await;
    let answer = json!({"status": "safe", "feeling_safe": 3, "recorded_at": app.now_text()});
    let incident = json!({"happened": {"precision": "exact", "from": "2026-11-20T18:00:00Z"},
        "behaviours": ["message_text"], "account": "A message at six.", "fear": 1,
        "visibility": "programme_summary", "recorded_at": app.now_text()});
    let check_in = text(&p.phone().post("/app/v1/check-ins", answer).await.expect(201), "id");
    let incident = text(&p.phone().post("/app/v1/incidents", incident).await.expect(201), "id");
    app.settle().await;
    [check_in, incident]
}

/// Whether each of some ids stands on both of the practitioner's pages, or on neither.
async fn shown<const N: usize>(p: &Partnership, ids: &[String; N]) -> [bool; N] {
    let mut pages = Vec::new();
    for page in ["view", "timeline"] {
        let reply = p.practitioner.get(&format!("/partner/v1/cases/{}/{page}", p.case)).await;
        reply.expect(200);
        pages.push(reply.body);
    }
    let is_on = |id: &String| pages.iter().map(|page| page.contains(id)).collect::<Vec<bool>>();
    ids.each_ref().map(|id| {
        let on = is_on(id);
        assert!(on.iter().all(|one| *one == on[0]), "the pages differ on {id}: {pages:?}");
        on[0]
    })
}

async fn redactions(p: &Partnership) -> Vec<Value> {
    let view = p.practitioner.get(&format!("/partner/v1/cases/{}/view", p.case)).await.expect(200);
    view["redactions"].as_array().unwrap().clone()
}

on_both!(withdrawn_consent_hides_at_once, |app| async {
    let p = app.partnership().await;
    let ids = shared_record(app, &p).await;
    assert_eq!(shown(&p, &ids).await, [true, true]);

    let receipt = p.decide("share.programme.status", false).await;
    assert_eq!((&receipt["granted"], &receipt["pending"]), (&json!(false), &Value::Null));
    assert_eq!(shown(&p, &ids).await, [false, true]);
    let withheld = json!({"what": "check_ins", "reason": "no_agreement", "scope": "share.programme.status"});
    assert!(redactions(&p).await.contains(&withheld));

    p.decide("share.programme.incident_summary", false).await;
    assert_eq!(shown(&p, &ids).await, [false, false]);

    p.decide("share.programme.status", true).await;
    assert_eq!(shown(&p, &ids).await, [true, false]);
});

on_both!(an_agreement_with_another_organisation_shows_nothing_here, |app| async {
    let p = app.partnership().await;
    let ids = shared_record(app, &p).await;
    let other = organisation(&p.admin, json!({"kind": "programme_provider", "name": "New Leaf"})).await;
    for scope in ["share.programme.status", "share.programme.incident_summary"] {
        p.decide(scope, false).await;
        let body = json!({"granted": true, "text_version": "1", "recipient_organisation_id": other});
        p.phone().put(&format!("/app/v1/consents/{scope}"), body).await.expect(200);
    }
    assert_eq!(shown(&p, &ids).await, [false, false]);
});
