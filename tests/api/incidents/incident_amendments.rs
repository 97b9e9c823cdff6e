//! Amending an incident: what is named changes and nothing else, every version stays readable, and nobody works on what
//! somebody else has changed meanwhile.

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::partnership::CODE_WORD;
use crate::harness::{Caller, Partnership, Reply, TestApp, on_both, text};

const OWN: &str = "/app/v1/incidents";
/// What only the survivor may read.
const NOTE: &str = "Xanthippe";
/// Every field that need not be told, told.
fn all(p: &Partnership) -> Value {
    json!({"private_note": NOTE, "impact": 3, "place": "Division Street", "force_id": "south-yorkshire",
        "witnesses": "Mrs Patel", "third_parties": "My sister", "children_present": true,
        "police_reference": "14/98765/26", "reporting_wish": "talk_first", "order_condition_id": p.condition})
}

async fn report(app: &TestApp, p: &Partnership, change: &Value) -> String {
    let mut body = json!({"happened": {"precision": "exact", "from": app.now_text()}, "behaviours": ["loiter"],
        "account": "First words", "fear": 2, "visibility": "advocate", "police_may_contact": true,
        "recorded_at": app.now_text()});
    body.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
    text(&p.phone().post(OWN, body).await.expect(201), "id")
}

async fn amend(phone: &Caller, id: &str, body: Value) -> Reply {
    phone.post(&format!("{OWN}/{id}/amend"), body).await
}

async fn own(p: &Partnership, id: &str) -> Value {
    p.phone().get(&format!("{OWN}/{id}")).await.expect(200)
}

fn without(mut incident: Value, changed: &[&str]) -> Value {
    let fields = incident.as_object_mut().unwrap();
    for name in ["version", "recorded_at", "versions", "history", "state"].iter().chain(changed) {
        fields.remove(*name);
    }
    incident
}

on_both!(each_field_changes_by_itself_and_is_cleared_by_null_alone, |app| async {
    let p = app.partnership().await;
    let id = report(app, &p, &all(&p)).await;
    let moment = app.now().plus_hours(-2).to_string();
    let changes = [
        ("account", json!("Second words")),
        ("fear", json!(3)),
        ("behaviours", json!(["loiter", "follow_foot"])),
        ("happened", json!({"precision": "approximate", "from": moment})),
        ("visibility", json!("programme_summary")),
        ("police_may_contact", json!(false)),
        ("private_note", json!("Xanthippe again")),
        ("impact", json!(1)),
        ("place", json!("The tram stop")),
        ("force_id", json!("derbyshire")),
        ("witnesses", json!("Mr Okafor")),
        ("third_parties", json!("My brother")),
        ("children_present", json!(false)),
        ("police_reference", json!("14/11111/26")),
        ("reporting_wish", json!("reported")),
    ];
    for (name, value) in &changes {
        let before = own(&p, &id).await;
        let amended = amend(p.phone(), &id, json!({*name: value})).await.expect(200);
        assert_eq!(amended["version"].as_i64(), before["version"].as_i64().map(|version| version + 1), "{name}");
        let after = own(&p, &id).await;
        assert_eq!(after[*name], *value, "{name}");
        let changed = [*name, "severity"];
        assert_eq!(without(after, &changed), without(before, &changed), "{name}");
    }
    for name in all(&p).as_object().unwrap().keys() {
        let before = own(&p, &id).await;
        amend(p.phone(), &id, json!({name.as_str(): null})).await.expect(200);
        let after = own(&p, &id).await;
        assert!(after.get(name).is_none(), "{name}: {after}");
        let changed = [name.as_str(), "has_private_note"];
        assert_eq!(without(after, &changed), without(before, &changed), "{name}");
    }
    for name in ["account", "fear", "behaviours", "happened", "visibility", "happening_now", "recorded_at"] {
        amend(p.phone(), &id, json!({name: null})).await.refused(422, "invalid");
    }
});

on_both!(an_amendment_keeps_the_note_and_the_breach_and_every_version_can_be_read, |app| async {
    let p = app.partnership().await;
    let id = report(app, &p, &all(&p)).await;
    let staff = format!("/partner/v1/incidents/{id}");
    let before = p.advocate.get(&staff).await.expect(200);
    amend(p.phone(), &id, json!({"account": "Second words", "witnesses": null, "reason": "corrected"}))
        .await
        .expect(200);
    let seen = p.advocate.get(&staff).await.expect(200);
    assert_eq!((&seen["is_suspected_breach"], &seen["order_condition_id"]), (&json!(true), &json!(p.condition)));
    assert_eq!((&seen["severity"], &seen["place"]), (&before["severity"], &json!("Division Street")));
    assert_eq!(p.phone().get(&format!("{OWN}/{id}/private-note")).await.expect(200)["private_note"], NOTE);
    let mine = own(&p, &id).await;
    assert_eq!(mine["versions"].as_array().unwrap().len(), 2);
    let shown = p.advocate.get(&format!("{staff}/versions")).await;
    let theirs = shown.expect(200);
    let told = all(&p);
    for first in [&mine["versions"][0], &theirs["items"][1]] {
        for name in [
            "impact",
            "place",
            "force_id",
            "witnesses",
            "third_parties",
            "children_present",
            "police_reference",
            "reporting_wish",
            "order_condition_id",
        ] {
            assert_eq!(first[name], told[name], "{name}");
        }
        assert_eq!((&first["account"], &first["police_may_contact"]), (&json!("First words"), &json!(true)));
    }
    for second in [&mine["versions"][1], &theirs["items"][0]] {
        assert_eq!((&second["account"], &second["reason"]), (&json!("Second words"), &json!("corrected")));
        assert_eq!((&second["third_parties"], second.get("witnesses")), (&json!("My sister"), None));
    }
    assert_eq!(
        (&mine["versions"][0]["private_note"], &mine["versions"][1]["private_note"]),
        (&json!(NOTE), &json!(NOTE))
    );
    assert!(!shown.body.contains(NOTE) && !shown.body.contains("private_note"), "{}", shown.body);
});

on_both!(who_may_see_it_can_be_changed_alone_and_a_whole_body_works_as_before, |app| async {
    let p = app.partnership().await;
    p.consent(&["share.programme.incident_summary", "share.programme.incident_full"]).await;
    let id = report(app, &p, &json!({"visibility": "private", "witnesses": "Mrs Patel"})).await;
    let staff = format!("/partner/v1/incidents/{id}");
    p.advocate.get(&staff).await.refused(404, "not_found");
    amend(p.phone(), &id, json!({"visibility": "police"})).await.expect(200);
    let seen = p.advocate.get(&staff).await.expect(200);
    assert_eq!((&seen["visibility"], &seen["witnesses"]), (&json!("police"), &json!("Mrs Patel")));
    let whole = json!({"happened": {"precision": "unknown"}, "behaviours": ["message_text"], "account": "All of it",
        "fear": 1, "visibility": "advocate", "recorded_at": app.now_text(), "reason": "remembered_more"});
    assert_eq!(amend(p.phone(), &id, whole).await.expect(200)["version"], 3);
    let seen = p.advocate.get(&staff).await.expect(200);
    assert_eq!((&seen["account"], &seen["happened"]), (&json!("All of it"), &json!({"precision": "unknown"})));
    assert_eq!((&seen["behaviours"], &seen["witnesses"]), (&json!(["message_text"]), &json!("Mrs Patel")));
    amend(p.phone(), &id, json!({"visibility": "private"})).await.expect(200);
    p.advocate.get(&staff).await.refused(404, "not_found");
});

on_both!(a_version_that_was_read_is_asked_for_only_where_it_is_named, |app| async {
    let p = app.partnership().await;
    let made = p
        .phone()
        .post(
            OWN,
            json!({"happened": {"precision": "unknown"}, "behaviours": ["loiter"], "account": "a",
        "fear": 1, "visibility": "advocate", "recorded_at": app.now_text()}),
        )
        .await;
    assert_eq!(made.header("etag"), Some("\"v1\""));
    let id = text(&made.expect(201), "id");
    let path = format!("{OWN}/{id}/amend");
    let amend = |tag: &'static str, key: &'static str, account: &'static str| {
        let (phone, path) = (p.phone(), path.clone());
        let (headers, body) = ([("if-match", tag), ("idempotency-key", key)], json!({"account": account}));
        async move { phone.send(Method::POST, &path, &headers, Some(&body)).await }
    };
    let first = amend("\"v1\"", "one", "b").await;
    assert_eq!((first.status.as_u16(), first.header("etag")), (200, Some("\"v2\"")));
    amend("\"v1\"", "two", "c").await.refused(412, "stale");
    amend("W/\"v2\"", "three", "c").await.refused(412, "stale");
    // Whoever lost the answer is given it again, whatever stands now.
    let again = amend("\"v1\"", "one", "b").await;
    assert_eq!((again.status.as_u16(), again.header("etag")), (200, Some("\"v2\"")));
    amend("\"v9\", \"v2\"", "four", "c").await.expect(200);
    let seen = p.phone().get(&format!("{OWN}/{id}")).await;
    assert_eq!((seen.header("etag"), &seen.expect(200)["account"]), (Some("\"v3\""), &json!("c")));
    p.phone().post(&path, json!({"account": "d"})).await.expect(200);
});

on_both!(a_danger_that_was_told_is_no_new_danger_when_a_witness_is_named, |app| async {
    let p = app.partnership().await;
    let id = report(app, &p, &json!({"behaviours": ["message_text"], "happening_now": true})).await;
    let dangers = || async { p.alerts().await.iter().filter(|alert| alert["rule"] == "danger_now").count() };
    assert_eq!(dangers().await, 0);
    // Graver than what was told, and still going on.
    amend(p.phone(), &id, json!({"behaviours": ["attend_home"]})).await.expect(200);
    assert_eq!(dangers().await, 1);
    let alert = text(p.alerts().await.iter().find(|alert| alert["rule"] == "danger_now").unwrap(), "id");
    p.act(&alert, "resolve", json!({"note": "Safe.", "code_word": CODE_WORD})).await.expect(200);
    app.advance(24 * 60).await;
    let amended = amend(p.phone(), &id, json!({"witnesses": "Mrs Patel"})).await.expect(200);
    assert_eq!((dangers().await, &amended["severity"]), (1, &json!(4)));
    assert_eq!(own(&p, &id).await["happening_now"], true);
    amend(p.phone(), &id, json!({"happening_now": true})).await.expect(200);
    assert_eq!(dangers().await, 2);
    app.leaves_retries();
});

on_both!(what_a_silent_alert_opened_stays_unseen_when_the_incident_is_amended, |app| async {
    let p = app.partnership().await;
    let release = json!({"visibility": "private", "release_when": {"visibility": "programme_full", "alert_level": 4}});
    let id = report(app, &p, &release).await;
    crate::harness::partnership::unlock_under_duress(&app.http, &p.advocate, &p.survivor.id).await;
    let staff = format!("/partner/v1/incidents/{id}");
    assert_eq!(p.advocate.get(&staff).await.expect(200)["visibility"], "programme_full");
    amend(p.phone(), &id, json!({"place": "The tram stop"})).await.expect(200);
    let mine = p.phone().get(&format!("{OWN}/{id}")).await;
    assert_eq!(mine.expect(200)["visibility"], "private");
    assert_eq!(mine.body.matches("programme_full").count(), 1, "only what is to be opened: {}", mine.body);
    let seen = p.advocate.get(&staff).await.expect(200);
    assert_eq!((&seen["visibility"], &seen["place"]), (&json!("programme_full"), &json!("The tram stop")));
    app.leaves_retries();
});
