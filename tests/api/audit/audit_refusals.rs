//! What somebody was refused is in the audit: who tried, what, and how often; never so much that it fills a disk.

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::partnership::{Person, organisation, staff};
use crate::harness::{Partnership, TestApp, on_both, text};

const NOWHERE: &str = "00000000-0000-4000-8000-000000000000";

async fn auditor(app: &TestApp, p: &Partnership) -> Person {
    let oversight = organisation(&p.admin, json!({"kind": "oversight", "name": "Inspectorate"})).await;
    staff(&app.http, &p.admin, &oversight, "inspector", &["auditor"]).await
}

/// What somebody was refused, the latest first.
async fn refused(auditor: &Person, actor: &str) -> Vec<Value> {
    let entries = auditor.list(&format!("/oversight/v1/audit?actor={actor}")).await;
    entries.into_iter().filter(|entry| entry["outcome"] == "refused").collect()
}

on_both!(a_record_that_is_not_the_callers_leaves_an_entry_of_who_tried, |app| async {
    let p = app.partnership().await;
    let auditor = auditor(app, &p).await;
    let other = staff(&app.http, &p.admin, &p.support, "blythe", &["advocate"]).await;
    let record = format!("/partner/v1/survivors/{}", p.survivor.id);
    let shown = || async { p.phone().list("/app/v1/access-log").await.len() };
    let before = shown().await;
    other.get(&record).await.refused(404, "not_found");
    other.get(&format!("/partner/v1/cases/{}/view", p.case)).await.refused(404, "not_found");
    other.get(&format!("/partner/v1/survivors/{NOWHERE}")).await.refused(404, "not_found");
    let found = refused(&auditor, "blythe").await;
    // Without knowing whom to ask about: what was refused, and of what kind.
    let all = auditor.list("/oversight/v1/audit?outcome=refused").await;
    assert!(all.iter().all(|entry| entry["outcome"] == "refused") && all.len() >= 3, "{all:?}");
    let views = auditor.list("/oversight/v1/audit?outcome=refused&action=get_case_view").await;
    assert!(views.len() == 1 && views[0]["action"] == "get_case_view", "{views:?}");
    // In no order: all are of the same moment. No id where there is no such record.
    assert_eq!(found.len(), 3, "{found:?}");
    for (action, subject) in
        [("get_survivor", json!(p.survivor.id)), ("get_case_view", json!(p.case)), ("get_survivor", Value::Null)]
    {
        let is_it = |entry: &&Value| entry["action"] == action && entry["subject_id"] == subject;
        assert_eq!(found.iter().filter(is_it).count(), 1, "{action} {subject}: {found:?}");
    }
    // A role that may not: the caller is known all the same.
    p.practitioner.get(&record).await;
    let found = refused(&auditor, &p.practitioner.username).await;
    assert_eq!((found.len(), &found[0]["action"]), (1, &json!("get_survivor")), "{found:?}");
    // To the survivor nothing shows of what nobody saw.
    assert_eq!(shown().await, before);
    p.advocate.get(&record).await.expect(200);
    assert_eq!(shown().await, before + 1);
    let of_record = auditor.list(&format!("/oversight/v1/audit?subject={}", p.survivor.reference)).await;
    let refusals = of_record.iter().filter(|entry| entry["outcome"] == "refused").count();
    assert_eq!(refusals, 1);
});

on_both!(an_officer_who_is_kept_out_is_named, |app| async {
    let p = app.partnership().await;
    let auditor = auditor(app, &p).await;
    p.consent(&["alert.police.help_now"]).await;
    let alert = p.help_now().await;
    app.settle().await;
    let blocks = format!("/partner/v1/survivors/{}/blocks", p.survivor.id);
    p.advocate.post(&blocks, json!({"staff_id": p.officer.id})).await.expect(201);
    let path = format!("/police/v1/alerts/{}", text(&alert, "reference"));
    let stated = [("holdfast-officer", p.officer.username.as_str()), ("holdfast-reason", "Curious")];
    p.police_system.send(Method::GET, &path, &stated, None).await.refused(404, "not_found");
    let found = refused(&auditor, &p.officer.username).await;
    assert_eq!(found.len(), 1, "{found:?}");
    let entry = &found[0];
    assert_eq!((&entry["subject_kind"], &entry["subject_id"]), (&json!("alert"), &alert["id"]));
    assert_eq!((&entry["actor_kind"], &entry["officer_id"]), (&json!("police_client"), &json!(p.officer.id)));
    assert_eq!((&entry["officer"], &entry["reason"]), (&json!(p.officer.username), &json!("Curious")));
    // What was refused is no look at the record.
    let log = p.phone().list("/app/v1/access-log").await;
    assert!(log.iter().all(|line| line["action"] != "get_police_alert"), "{log:?}");
});

on_both!(a_flood_of_refusals_is_two_entries_a_minute, |app| async {
    let p = app.partnership().await;
    let auditor = auditor(app, &p).await;
    let other = staff(&app.http, &p.admin, &p.support, "blythe", &["advocate"]).await;
    let record = format!("/partner/v1/survivors/{}", p.survivor.id);
    for _ in 0..30 {
        other.get(&record).await.refused(404, "not_found");
    }
    let times = |found: Vec<Value>| {
        let mut times: Vec<i64> = found.iter().map(|entry| entry["times"].as_i64().unwrap()).collect();
        times.sort_unstable();
        times
    };
    assert_eq!(times(refused(&auditor, "blythe").await), [1]);
    app.advance(3).await;
    assert_eq!(times(refused(&auditor, "blythe").await), [1, 29]);
    other.get(&record).await.refused(404, "not_found");
    assert_eq!(times(refused(&auditor, "blythe").await), [1, 1, 29]);
});
