//! A record that is closed: no code of before enrols a phone, and an alert opens it, whichever way the alert came to be open.

use serde_json::{Value, json};

use crate::escalation::transfers::{harbour, moved};
use crate::harness::partnership::{CODE_WORD, PIN};
use crate::harness::{Partnership, TestApp, on_both, text};

fn path(p: &Partnership, below: &str) -> String {
    format!("/partner/v1/survivors/{}{below}", p.survivor.id)
}

async fn close(p: &Partnership) {
    p.support_supervisor.post(&path(p, "/close"), json!({"reason": "The work is done."})).await.expect(200);
}

async fn is_closed(p: &Partnership) -> bool {
    p.advocate.get(&path(p, "")).await.expect(200).get("closed_at").is_some()
}

async fn code(p: &Partnership) -> Value {
    let body = json!({"old_phone_alone_with_them": "yes"});
    let made = p.advocate.post(&path(p, "/enrolment-codes"), body).await.expect(201);
    json!({"code": made["code"], "pin": PIN, "device_name": "Another phone"})
}

/// An emergency that was closed.
async fn resolved(app: &TestApp, p: &Partnership) -> String {
    let alert = text(&p.help_now().await, "id");
    app.settle().await;
    p.act(&alert, "resolve", json!({"note": "Safe.", "code_word": CODE_WORD})).await.expect(200);
    alert
}

on_both!(an_alert_that_is_opened_again_opens_the_record, |app| async {
    let p = app.partnership().await;
    let alert = resolved(app, &p).await;
    close(&p).await;
    assert!(is_closed(&p).await);
    p.act(&alert, "reopen", json!({"reason": "new_information"})).await.expect(200);
    assert!(!is_closed(&p).await);
    // Their phone was taken: they have another one enrolled in the emergency.
    code(&p).await;
    p.support_supervisor
        .post(&path(&p, "/close"), json!({"reason": "The work is done."}))
        .await
        .refused(409, "guard_not_met");
    app.settle().await;
});

on_both!(an_enrolment_code_ends_with_the_record_that_is_closed, |app| async {
    let p = app.partnership().await;
    let enrol = code(&p).await;
    close(&p).await;
    app.http.nobody().post("/app/v1/enrol", enrol.clone()).await.refused(401, "unauthenticated");
    let codes = p.advocate.list(&path(&p, "/enrolment-codes")).await;
    assert_eq!(codes[0]["state"], "withdrawn", "{codes:?}");
    p.advocate.post(&path(&p, "/reopen"), json!({"reason": "They came back."})).await.expect(200);
    app.http.nobody().post("/app/v1/enrol", enrol).await.refused(401, "unauthenticated");
    app.settle().await;
});

on_both!(an_enrolment_code_ends_with_the_record_that_goes_elsewhere, |app| async {
    let p = app.partnership().await;
    let there = harbour(app, &p).await;
    let enrol = code(&p).await;
    moved(&p, &there).await;
    app.http.nobody().post("/app/v1/enrol", enrol).await.refused(401, "unauthenticated");
    app.settle().await;
});
