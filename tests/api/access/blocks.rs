//! Whoever is, or knows, the perpetrator is kept out at once, and learns nothing of it.

use reqwest::Method;
use serde_json::json;

use crate::harness::{Partnership, on_both, text};

async fn block(p: &Partnership, whom: serde_json::Value) {
    p.advocate.post(&format!("/partner/v1/survivors/{}/blocks", p.survivor.id), whom).await.expect(201);
}

on_both!(a_blocked_officer_finds_nothing_and_a_colleague_does, |app| async {
    let p = app.partnership().await;
    p.consent(&["alert.police.help_now"]).await;
    let reference = text(&p.help_now().await, "reference");
    app.settle().await;
    let path = format!("/police/v1/alerts/{reference}");
    let other = crate::harness::partnership::staff(&app.http, &p.admin, &p.force, "pc.5520", &["police"]).await;
    let read = |officer: &str| {
        let (path, officer) = (path.clone(), officer.to_owned());
        let stated = [("holdfast-officer", officer), ("holdfast-reason", "Attending".to_owned())];
        let system = &p.police_system;
        async move {
            let stated: Vec<(&str, &str)> = stated.iter().map(|(name, value)| (*name, value.as_str())).collect();
            system.send(Method::GET, &path, &stated, None).await
        }
    };
    read(&p.officer.username).await.expect(200);
    block(&p, json!({"staff_id": p.officer.id})).await;
    let mut blocked = read(&p.officer.username).await.refused(404, "not_found");
    let mut unknown = read("pc.nobody").await.refused(404, "not_found");
    for problem in [&mut blocked, &mut unknown] {
        problem["request_id"] = json!(null);
    }
    assert_eq!(blocked, unknown);
    let body = json!({"officer": p.officer.username});
    p.police_system.post(&format!("{path}/acknowledge"), body.clone()).await.refused(404, "not_found");
    let outcome = json!({"officer": p.officer.username, "outcome": "safe_and_well"});
    p.police_system.post(&format!("{path}/outcome"), outcome).await.refused(404, "not_found");
    read(&other.username).await.expect(200);
    p.police_system.send(Method::GET, &path, &[], None).await.refused(400, "header_missing");
});

on_both!(a_blocked_colleague_finds_nothing, |app| async {
    let p = app.partnership().await;
    let other = crate::harness::partnership::staff(&app.http, &p.admin, &p.support, "blythe", &["advocate"]).await;
    let record = format!("/partner/v1/survivors/{}", p.survivor.id);
    p.advocate.post(&format!("{record}/assignments"), json!({"staff_id": other.id})).await.expect(201);
    other.get(&record).await.expect(200);
    let alert = text(&p.help_now().await, "id");
    app.settle().await;
    other.get(&format!("/partner/v1/alerts/{alert}")).await.expect(200);
    block(&p, json!({"staff_id": other.id})).await;
    for path in [record, format!("/partner/v1/alerts/{alert}"), format!("/partner/v1/cases/{}/view", p.case)] {
        other.get(&path).await.refused(404, "not_found");
    }
    for list in ["/partner/v1/survivors", "/partner/v1/alerts", "/partner/v1/tasks", "/partner/v1/cases"] {
        assert!(other.list(list).await.is_empty(), "{list}");
    }
});

on_both!(an_alert_that_somebody_had_taken_up_climbs_again_once_they_are_kept_out, |app| async {
    let p = app.partnership().await;
    let other = crate::harness::partnership::staff(&app.http, &p.admin, &p.support, "blythe", &["advocate"]).await;
    let alert = text(&p.help_now().await, "id");
    let path = format!("/partner/v1/alerts/{alert}");
    let taken = json!({"note": "I have this."});
    other.post(&format!("{path}/acknowledge"), taken.clone()).await.expect(200);
    block(&p, json!({"staff_id": other.id})).await;
    app.settle().await;
    assert_eq!(p.advocate.get(&path).await.expect(200)["state"], "open");
    // The same where they declare a conflict of interest themselves.
    p.support_supervisor.post(&format!("{path}/acknowledge"), taken).await.expect(200);
    assert_eq!(p.advocate.get(&path).await.expect(200)["state"], "acknowledged");
    let declared = format!("/partner/v1/survivors/{}/conflict-of-interest", p.survivor.id);
    p.support_supervisor.post(&declared, json!({})).await.expect(201);
    app.settle().await;
    assert_eq!(p.advocate.get(&path).await.expect(200)["state"], "open");
    app.settle().await;
});

on_both!(a_blocked_force_is_not_told_and_people_are_asked_instead, |app| async {
    let p = app.partnership().await;
    p.consent(&["alert.police.help_now"]).await;
    p.block_force(&p.force).await;
    let alert = p.help_now().await;
    app.settle().await;
    assert!(p.police.received().is_empty());
    assert!(p.police_system.list("/police/v1/alerts").await.is_empty());
    assert_eq!(alert["police_will_be_told"], json!(false));
    let tasks = p.advocate.list("/partner/v1/tasks").await;
    assert!(tasks.iter().any(|task| task["alert_id"] == alert["id"]), "{tasks:?}");
});

on_both!(a_block_is_listed_and_lifted_with_a_reason_that_stays, |app| async {
    let p = app.partnership().await;
    p.consent(&["alert.police.help_now"]).await;
    let path = format!("/partner/v1/survivors/{}/blocks", p.survivor.id);
    assert!(p.advocate.list(&path).await.is_empty());
    p.block_force(&p.force).await;
    let listed = p.support_supervisor.list(&path).await;
    assert_eq!((listed.len(), &listed[0]["organisation_id"]), (1, &json!(p.force)));
    assert_eq!((&listed[0]["created_by"], listed[0].get("lifted_at")), (&json!(p.advocate.id), None));
    let lift = format!("{path}/{}/lift", text(&listed[0], "id"));
    for wrong in [json!({}), json!({"reason": " "})] {
        p.support_supervisor.post(&lift, wrong).await.refused(422, "invalid");
    }
    let elsewhere = crate::harness::partnership::survivor(&app.http, &p.advocate, "high").await.id;
    let wrong = lift.replace(&p.survivor.id, &elsewhere);
    p.support_supervisor.post(&wrong, json!({"reason": "A slip"})).await.refused(404, "not_found");
    let lifted = p.support_supervisor.post(&lift, json!({"reason": "A slip of the finger"})).await.expect(200);
    assert_eq!((&lifted["lifted_at"], &lifted["lifted_by"]), (&json!(app.now()), &json!(p.support_supervisor.id)));
    p.support_supervisor.post(&lift, json!({"reason": "Again"})).await.refused(409, "wrong_state");
    let kept = p.advocate.list(&path).await;
    assert_eq!(kept, [lifted]);
    assert_eq!(kept[0]["lift_reason"], "A slip of the finger");
    assert_eq!(p.help_now().await["police_will_be_told"], true);
    app.settle().await;
    assert_eq!(p.police.received().len(), 1);
});

on_both!(whoever_is_kept_out_neither_sees_nor_lifts_it, |app| async {
    let p = app.partnership().await;
    block(&p, json!({"staff_id": p.support_supervisor.id})).await;
    let path = format!("/partner/v1/survivors/{}/blocks", p.survivor.id);
    let id = text(&p.advocate.list(&path).await[0], "id");
    p.support_supervisor.get(&path).await.refused(404, "not_found");
    let lift = format!("{path}/{id}/lift");
    p.support_supervisor.post(&lift, json!({"reason": "Let me in"})).await.refused(404, "not_found");
    for who in [&p.practitioner, &p.officer] {
        who.post(&lift, json!({"reason": "Let me in"})).await.refused(403, "wrong_role");
    }
    p.programme_supervisor.post(&lift, json!({"reason": "Let me in"})).await.refused(404, "not_found");
});
