//! While the key store is away: an alert is raised all the same, people are told, and somebody is asked to ring the police
//! whom no message could be sealed for. Once it is back, the ladder tells them.

use diesel::connection::SimpleConnection as _;
use holdfast::db::Access;

use crate::harness::{TestApp, instant, on_both};

/// Takes the keys out of every instance's reach, or gives them back; what an instance has read before it keeps.
fn keys(app: &TestApp, sql: &str) {
    app.inner.config.key_store.connect(Access::Write).unwrap().batch_execute(sql).unwrap();
}

on_both!(people_are_told_and_asked_to_ring_and_the_police_hear_of_it_once_the_keys_are_back, |app| async {
    let p = app.partnership().await;
    p.consent(&["alert.police.missed"]).await;
    p.schedule("14:00").await;
    // One that has read no key yet.
    let worker = app.other_instance().await;
    keys(app, "ALTER TABLE subject_keys RENAME TO subject_keys_away");
    worker.advance_to(instant("2026-11-21T15:00:00Z")).await.unwrap();
    keys(app, "ALTER TABLE subject_keys_away RENAME TO subject_keys");

    let alert = p.alerts().await[0].clone();
    assert_eq!((&alert["rule"], &alert["state"]), (&"missed_check_in".into(), &"open".into()));
    let told = |index: usize, audience: &str| {
        let lines = alert["steps"][index]["detail"]["told"].as_array().unwrap();
        lines.iter().find(|line| line["audience"] == audience).unwrap_or_else(|| panic!("{alert}"))["outcome"].clone()
    };
    assert_eq!((told(0, "duty"), told(3, "police")), ("shown_in_portal".into(), "task".into()));
    assert_eq!(p.tasks("police_unreachable").await.len(), 1);
    assert!(p.police.messages().is_empty());

    worker.advance_to(instant("2026-11-21T16:00:00Z")).await.unwrap();
    let messages = p.police.messages();
    assert!(!messages.is_empty(), "{}", p.alerts().await[0]);
    assert_eq!(messages[0].json()["data"]["alert"], alert["reference"]);
});
