//! What was refused is in the audit, and who of the police read what, and why.

use serde_json::{Value, json};

use super::on_duty::colleague;
use crate::harness::partnership::{organisation, staff};
use crate::harness::{Caller, Partnership, Person, TestApp, on_both, text};

async fn auditor(app: &TestApp, p: &Partnership) -> Person {
    let oversight = organisation(&p.admin, json!({"kind": "oversight", "name": "Inspectorate"})).await;
    staff(&app.http, &p.admin, &oversight, "auditor", &["auditor"]).await
}

async fn entries(auditor: &Caller, filter: &str) -> Vec<Value> {
    auditor.list(&format!("/oversight/v1/audit?{filter}")).await
}

async fn read(p: &Partnership, reference: &str, reason: &str) -> crate::harness::Reply {
    let headers = [("holdfast-officer", "pc.4417"), ("holdfast-reason", reason)];
    p.police_system.send("GET".parse().unwrap(), &format!("/police/v1/alerts/{reference}"), &headers, None).await
}

on_both!(the_audit_says_which_officer_read_what_and_why, |app| async {
    let (p, record) = (app.partnership().await, "get_police_alert");
    let auditor = auditor(app, &p).await;
    p.consent(&["alert.police.help_now"]).await;
    let reference = text(&p.help_now().await, "reference");
    app.settle().await;
    read(&p, &reference, "Attending the alert").await.expect(200);
    let by_name = entries(&auditor, "actor=pc.4417").await;
    assert_eq!((by_name.len(), &by_name[0]["action"]), (1, &json!(record)), "{by_name:?}");
    assert_eq!((&by_name[0]["reason"], &by_name[0]["role"]), (&json!("Attending the alert"), &json!("police")));
    let of_survivor = entries(&auditor, &format!("subject={}", p.survivor.reference)).await;
    assert!(
        of_survivor.iter().any(|entry| entry["action"] == record && entry["actor"] == "pc.4417"),
        "{of_survivor:?}"
    );
    // The survivor reads that an officer of the force looked.
    let log = p.phone().list("/app/v1/access-log").await;
    assert!(log.iter().any(|line| line["action"] == record && line["role"] == "police"), "{log:?}");
});

on_both!(who_is_refused_stands_in_the_audit_with_whom_it_was_about, |app| async {
    let p = app.partnership().await;
    let (auditor, idle) = (auditor(app, &p).await, colleague(app, &p, "ida").await);
    p.consent(&["alert.police.help_now"]).await;
    let reference = text(&p.help_now().await, "reference");
    app.settle().await;
    let record = format!("/partner/v1/survivors/{}", p.survivor.id);
    p.advocate.post(&format!("{record}/blocks"), json!({"staff_id": p.officer.id})).await.expect(201);
    read(&p, &reference, "Curious").await.refused(404, "not_found");
    idle.get(&record).await.refused(404, "not_found");
    p.practitioner.get(&record).await.refused(403, "wrong_role");
    for (name, action) in [("pc.4417", "get_police_alert"), ("ida", "get_survivor"), ("pilar", "get_survivor")] {
        let by = entries(&auditor, &format!("actor={name}")).await;
        let refused: Vec<&Value> = by.iter().filter(|entry| entry["outcome"] == "refused").collect();
        assert_eq!((refused.len(), &refused[0]["action"]), (1, &json!(action)), "{by:?}");
    }
    let about = entries(&auditor, &format!("subject={}", p.survivor.reference)).await;
    assert!(about.iter().any(|entry| entry["outcome"] == "refused" && entry["actor"] == "ida"), "{about:?}");
    // What was refused is no look at the record.
    let log = p.phone().list("/app/v1/access-log").await;
    assert!(log.iter().all(|line| line["role"] != "police"), "{log:?}");
});
