//! The audit names the officer whom a police system stated, and why; the words go with the survivor's key, the entry stays.

use diesel::connection::SimpleConnection as _;
use holdfast::db::Access;
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::partnership::{organisation, staff};
use crate::harness::{Caller, PASSWORD, on_both, text};

const REASON: &str = "Attending the alert";

/// The entries of reads of the alert's detail among those that an auditor finds; not those under the survivor, for their log.
async fn reads(auditor: &Caller, query: &str) -> Vec<Value> {
    let entries = auditor.list(&format!("/oversight/v1/audit?{query}")).await;
    entries.into_iter().filter(|entry| entry["action"] == "get_police_alert" && entry["purpose"] != "officer").collect()
}

on_both!(an_auditor_learns_which_officer_read_whose_alert_and_why, |app| async {
    let p = app.partnership().await;
    let oversight = organisation(&p.admin, json!({"kind": "oversight", "name": "Inspectorate"})).await;
    let auditor = staff(&app.http, &p.admin, &oversight, "inspector", &["auditor"]).await;
    p.consent(&["alert.police.help_now"]).await;
    let alert = p.help_now().await;
    app.settle().await;
    let path = format!("/police/v1/alerts/{}", text(&alert, "reference"));
    let stated = [("holdfast-officer", p.officer.username.as_str()), ("holdfast-reason", REASON)];
    p.police_system.send(Method::GET, &path, &stated, None).await.expect(200);
    p.police_system.post(&format!("{path}/acknowledge"), json!({"officer": p.officer.username})).await.expect(200);

    let (name, id, reference) = (&p.officer.username, &p.officer.id, &p.survivor.reference);
    for query in [format!("actor={name}"), format!("actor={id}"), format!("subject={reference}")] {
        let found = reads(&auditor, &query).await;
        assert_eq!(found.len(), 1, "{query}: {found:?}");
        let entry = &found[0];
        // Who signed in, and whom they named, are two facts.
        assert_eq!((&entry["actor_kind"], &entry["officer"]), (&json!("police_client"), &json!(name)), "{entry}");
        assert_eq!((&entry["subject_id"], &entry["person_id"]), (&alert["id"], &json!(p.survivor.id)), "{entry}");
        assert_eq!((&entry["reason"], &entry["outcome"]), (&json!(REASON), &json!("done")), "{entry}");
    }
    let of_officer = auditor.list(&format!("/oversight/v1/audit?actor={name}")).await;
    assert!(of_officer.iter().any(|entry| entry["action"] == "acknowledge_police_alert"), "{of_officer:?}");
    // The survivor reads that an officer of the force looked.
    let log = p.phone().list("/app/v1/access-log").await;
    assert!(log.iter().any(|line| line["action"] == "get_police_alert" && line["role"] == "police_client"), "{log:?}");
    let others = of_officer.iter().filter(|entry| entry["officer_id"] != json!(id) && entry["actor_id"] != json!(id));
    assert_eq!(others.count(), 0);

    let erase = format!("DELETE FROM subject_keys WHERE subject = '{}'", p.survivor.id);
    app.inner.config.key_store.connect(Access::Write).unwrap().batch_execute(&erase).unwrap();
    // One that has read no key yet.
    let auditor = Caller::staff(&app.other_server().await, "inspector", PASSWORD);
    let found = reads(&auditor, &format!("actor={name}")).await;
    assert_eq!((found.len(), &found[0]["reason"]), (1, &json!("erased")), "{found:?}");
});
