//! In-session mode: the survivor's side is hidden while the participant may be looking on.

use serde_json::{Value, json};

use crate::harness::partnership::staff;
use crate::harness::{Caller, PASSWORD, Partnership, TestApp, on_both, text};

/// A check-in, an incident and an alert that the programme's side may see, and a note for both.
async fn shared(app: &TestApp, p: &Partnership) -> [String; 4] {
    p.consent(&["share.programme.status", "share.programme.incident_summary"]).await;
    let answer = json!({"status": "concern", "recorded_at": app.now_text()});
    let incident = json!({"happened": {"precision": "exact", "from": "2026-11-20T18:00:00Z"},
        "behaviours": ["message_text"], "account": "A message", "fear": 1, "visibility": "programme_summary",
        "recorded_at": app.now_text()});
    let check_in = p.phone().post("/app/v1/check-ins", answer).await.expect(201);
    let incident = text(&p.phone().post("/app/v1/incidents", incident).await.expect(201), "id");
    let note = json!({"audience": "both", "note": "Worried about Friday"});
    p.advocate.post(&format!("/partner/v1/cases/{}/notes", p.case), note).await.expect(201);
    app.settle().await;
    [text(&check_in, "id"), text(&check_in["alert"], "id"), incident, "Worried about Friday".to_owned()]
}

/// Everything that a caller reads of a case, in one text.
async fn all(p: &Partnership, by: &Caller) -> String {
    let mut seen = String::new();
    for page in ["view", "timeline", "notes", "concerns"] {
        let reply = by.get(&format!("/partner/v1/cases/{}/{page}", p.case)).await;
        reply.expect(200);
        seen += &reply.body;
    }
    seen + &by.get("/partner/v1/alerts").await.body
}

on_both!(in_a_session_the_survivors_side_is_hidden_until_the_password_is_given_again, |app| async {
    let p = app.partnership().await;
    let shared = shared(app, &p).await;
    let seen = all(&p, &p.practitioner).await;
    assert!(shared.iter().all(|what| seen.contains(what)), "{seen}");
    assert_eq!(p.practitioner.get("/partner/v1/in-session").await.expect(200), json!({"is_on": false}));

    // Another window of the same person, open at the time.
    let window = Caller::new(&app.http, p.practitioner.way.clone());
    window.get("/partner/v1/me").await.expect(200);
    let on = p.practitioner.post("/partner/v1/in-session/start", json!({})).await.expect(200);
    assert_eq!(on, json!({"is_on": true, "since": app.now_text()}));
    for by in [&p.practitioner.caller, &window] {
        let seen = all(&p, by).await;
        assert!(shared.iter().all(|what| !seen.contains(what)), "{seen}");
        assert!(seen.contains(&p.goal));
    }
    let view = p.practitioner.get(&format!("/partner/v1/cases/{}/view", p.case)).await.expect(200);
    let redactions = view["redactions"].as_array().unwrap();
    for what in ["check_ins", "check_in_notes", "alerts", "incidents", "incident_accounts", "signals"] {
        assert!(redactions.contains(&json!({"what": what, "reason": "in_session"})), "{what}: {redactions:?}");
    }
    assert_eq!(view["signals"], json!([]));
    let alert = format!("/partner/v1/alerts/{}", shared[1]);
    p.practitioner.get(&alert).await.refused(404, "not_found");
    // What colleagues see is their own affair.
    assert!(all(&p, &p.programme_supervisor).await.contains(&shared[0]));

    // A token that is refreshed meanwhile is the same session.
    let tokens = p.practitioner.tokens().await.unwrap();
    let fresh = json!({"refresh_token": tokens["refresh_token"]});
    let fresh = app.http.nobody().post("/partner/v1/session/refresh", fresh).await.expect(200);
    let bearer = format!("Bearer {}", text(&fresh, "access_token"));
    let path = format!("/partner/v1/cases/{}/view", p.case);
    let reply = app.http.send("GET".parse().unwrap(), &path, &[("authorization", &bearer)], None).await;
    assert!(reply.status.is_success() && !reply.body.contains(&shared[0]), "{}", reply.body);

    let confirm = "/partner/v1/session/confirm";
    p.practitioner
        .post(confirm, json!({"password": "something else entirely"}))
        .await
        .refused(403, "wrong_credentials");
    assert!(!all(&p, &p.practitioner).await.contains(&shared[0]));
    p.practitioner.post(confirm, json!({"password": PASSWORD})).await.expect(204);
    let seen = all(&p, &p.practitioner).await;
    assert!(shared.iter().all(|what| seen.contains(what)), "{seen}");
    // The other window waits for its own.
    assert!(!all(&p, &window).await.contains(&shared[0]));
});

on_both!(the_mode_is_for_the_side_that_sits_with_the_participant, |app| async {
    let p = app.partnership().await;
    p.support_supervisor.post("/partner/v1/in-session/start", json!({})).await.refused(403, "wrong_role");
    p.advocate.post("/partner/v1/in-session/start", json!({})).await.refused(403, "wrong_role");
    // Whoever signs in while it is on has given the password.
    p.practitioner.post("/partner/v1/in-session/start", json!({})).await.expect(200);
    p.practitioner.forget_tokens().await;
    assert_eq!(p.practitioner.get("/partner/v1/in-session").await.expect(200)["is_on"], false);
    let colleague = staff(&app.http, &p.admin, &p.programme, "rafe", &["practitioner"]).await;
    assert_eq!(colleague.get("/partner/v1/in-session").await.expect(200)["is_on"], Value::Bool(false));
});
