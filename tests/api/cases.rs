//! Cases: two sides, two approvals, and nobody's data before both.

use serde_json::json;

use crate::harness::partnership::{case, participant, survivor};
use crate::harness::{on_both, text};

on_both!(a_case_is_active_once_each_side_has_approved, |app| async {
    let p = app.partnership().await;
    let (other, person) = (survivor(&app.http, &p.advocate, "high").await, participant(&p.practitioner).await);
    let (id, _) = case(&p.advocate, &other.reference, &person.1).await;
    let approve = format!("/partner/v1/cases/{id}/approve");
    for caller in [&p.advocate, &p.practitioner] {
        caller.post(&approve, json!({})).await.refused(403, "wrong_role");
    }
    let half = p.support_supervisor.post(&approve, json!({})).await.expect(200);
    assert_eq!(half["state"], "proposed");
    // Once more by the same side brings it no further.
    p.support_supervisor.post(&approve, json!({})).await;
    assert_eq!(p.advocate.get(&format!("/partner/v1/cases/{id}")).await.expect(200)["state"], "proposed");
    // Agreed to by the survivor, and still not shown: one side has not approved.
    let phone = &other.phone.session;
    let on = json!({"granted": true, "text_version": "1"});
    phone.put("/app/v1/consents/share.programme.status", on).await.expect(200);
    let answer = json!({"status": "safe", "recorded_at": app.now_text()});
    let check_in = text(&phone.post("/app/v1/check-ins", answer).await.expect(201), "id");
    let view = format!("/partner/v1/cases/{id}/view");
    assert!(!p.practitioner.get(&view).await.body.contains(&check_in));
    let whole = p.programme_supervisor.post(&approve, json!({})).await.expect(200);
    assert_eq!(whole["state"], "active");
    let shown = p.practitioner.get(&view).await;
    assert!(shown.body.contains(&check_in), "{}", shown.body);
});

on_both!(a_case_is_made_once_of_references_that_exist, |app| async {
    let p = app.partnership().await;
    let body = |survivor: &str, participant: &str| json!({"survivor_reference": survivor, "participant_reference": participant, "relationship": "stranger"});
    let again = body(&p.survivor.reference, &p.participant_reference);
    p.advocate.post("/partner/v1/cases", again).await.refused(409, "already_exists");
    for wrong in ["SV-0000-0000-0", "nonsense", &p.participant_reference] {
        let reply = p.advocate.post("/partner/v1/cases", body(wrong, &p.participant_reference)).await;
        assert!([404, 422].contains(&reply.status.as_u16()), "{wrong}: {}", reply.body);
    }
});

on_both!(an_incident_that_is_private_shows_to_nobody, |app| async {
    let p = app.partnership().await;
    p.consent(&["share.programme.status", "share.programme.incident_summary", "share.programme.incident_full"]).await;
    let incident = json!({"happened": {"precision": "unknown"}, "behaviours": ["message_text"], "account": "Xanthippe",
        "private_note": "Xanthippe", "fear": 1, "visibility": "private", "recorded_at": app.now_text()});
    let id = text(&p.phone().post("/app/v1/incidents", incident).await.expect(201), "id");
    for caller in [&p.advocate, &p.practitioner, &p.support_supervisor, &p.programme_supervisor] {
        for page in ["view", "timeline"] {
            let reply = caller.get(&format!("/partner/v1/cases/{}/{page}", p.case)).await;
            assert!(!reply.body.contains(&id) && !reply.body.contains("Xanthippe"), "{page}: {}", reply.body);
        }
    }
});
