//! A draft that is sent, and an amendment, which say that it is happening now are cries for help: by themselves, and among what a
//! phone kept while it was offline.

use diesel::connection::SimpleConnection as _;
use holdfast::db::Access;
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Caller, Partnership, Reply, TestApp, on_both, text};

const INCIDENTS: &str = "/app/v1/incidents";
const DRAFTS: &str = "/app/v1/incidents/drafts";
const SYNC: &str = "/app/v1/sync";

async fn send(caller: &Caller, path: &str, headers: &[(&str, &str)], body: impl Into<reqwest::Body>) -> Reply {
    caller.send_bytes(Method::POST, path, headers, body).await.reply
}

/// What an answer names as dropped, of an answer that has an alert.
#[track_caller]
fn heard(reply: &Reply, status: u16, about: &str) -> Vec<String> {
    let answer = reply.expect(status);
    assert!(answer["alert"]["id"].is_string(), "{about}: {answer}");
    let dropped = answer.get("dropped").cloned().unwrap_or_else(|| json!([]));
    serde_json::from_value(dropped).unwrap()
}

fn is_replay(reply: &Reply) -> bool {
    reply.header("idempotent-replayed") == Some("true")
}

async fn draft(p: &Partnership, content: Value) -> String {
    text(&p.phone().post(DRAFTS, content).await.expect(201), "id")
}

async fn report(app: &TestApp, p: &Partnership) -> String {
    let body = json!({"happened": {"precision": "exact", "from": app.now_text()}, "behaviours": ["message_text"],
        "account": "First words", "fear": 1, "visibility": "advocate", "place": "The tram stop", "witnesses": "Mrs Patel",
        "order_condition_id": p.condition, "recorded_at": app.now_text()});
    text(&p.phone().post(INCIDENTS, body).await.expect(201), "id")
}

async fn own(p: &Partnership, id: &str) -> Value {
    p.phone().get(&format!("{INCIDENTS}/{id}")).await.expect(200)
}

async fn dangers(p: &Partnership) -> usize {
    let alerts = p.alerts().await;
    let triggers = |alert: &Value| {
        let triggers = alert["triggers"].as_array().unwrap().iter();
        triggers.filter(|trigger| trigger["rule"] == "danger_now").count()
    };
    alerts.iter().map(triggers).sum()
}

on_both!(a_draft_of_what_is_happening_now_is_heard_whatever_is_missing_or_wrong_with_it, |app| async {
    let p = app.partnership().await;
    let id = draft(&p, json!({"happening_now": true, "behaviours": ["shouted", "attend_home"], "place": "Home"})).await;
    let path = format!("{DRAFTS}/{id}/submit");
    let headers = [("content-type", "text/plain"), ("idempotency-key", "one")];
    let sent = send(p.phone(), &path, &headers, "}").await;
    assert_eq!(heard(&sent, 201, "draft"), ["/account", "/behaviours/0", "/fear", "/happened", "/visibility"]);
    assert_eq!(sent.json()["id"], id.as_str());
    assert_eq!(dangers(&p).await, 1);
    let kept = own(&p, &id).await;
    assert_eq!((&kept["place"], &kept["visibility"], &kept["fear"]), (&json!("Home"), &json!("private"), &json!(4)));
    // A repeat is known by its key; without one there is nothing more to send.
    let again = send(p.phone(), &path, &headers, "").await;
    assert!(is_replay(&again) && again.body == sent.body, "{}", again.body);
    send(p.phone(), &path, &[], "").await.refused(404, "not_found");
    // Neither a key nor a body is needed; what the call itself says counts as well.
    let id = draft(&p, json!({"happening_now": true})).await;
    heard(&send(p.phone(), &format!("{DRAFTS}/{id}/submit"), &[], "").await, 201, "bare");
    let id = draft(&p, json!({"order_condition_id": "01920000-0000-7000-8000-000000000000"})).await;
    let path = format!("{DRAFTS}/{id}/submit");
    p.phone().post(&path, json!({})).await.refused(422, "invalid");
    let said = send(p.phone(), &path, &[], "{\"happening_now\": \"true\"").await;
    assert!(heard(&said, 201, "said").contains(&"/order_condition_id".to_owned()));
    assert_eq!(dangers(&p).await, 3);
});

on_both!(what_an_amendment_says_is_happening_now_is_heard_and_what_cannot_be_read_stays_as_it_was, |app| async {
    let p = app.partnership().await;
    let id = report(app, &p).await;
    let path = format!("{INCIDENTS}/{id}/amend");
    let before = own(&p, &id).await;
    let body = json!({"happening_now": "true", "behaviours": ["attend_home", "shouted"], "fear": "much", "place": 5,
        "happened": {"precision": "range", "from": "soon"}, "force_id": "atlantis", "witnesses": null, "reason": "No code",
        "order_condition_id": "01920000-0000-7000-8000-000000000000", "account": "At the door", "children_present": true});
    let headers = [("if-match", "\"v9\""), ("content-type", "text/plain")];
    let amended = send(p.phone(), &path, &headers, body.to_string()).await;
    let dropped = heard(&amended, 200, "amendment");
    assert_eq!(
        dropped,
        ["/behaviours/1", "/fear", "/force_id", "/happened", "/order_condition_id", "/place", "/reason"],
        "{}",
        amended.body
    );
    assert_eq!(dangers(&p).await, 1);
    let after = own(&p, &id).await;
    for same in ["fear", "happened", "order_condition_id", "place"] {
        assert_eq!(after[same], before[same], "{same}");
    }
    assert_eq!((&after["account"], &after["behaviours"]), (&json!("At the door"), &json!(["attend_home"])));
    assert!(after.get("witnesses").is_none() && after["children_present"] == json!(true), "{after}");
    // A repeat is known by its key and its moment.
    let body = json!({"happening_now": true, "recorded_at": app.now_text()}).to_string();
    let headers = [("idempotency-key", "one")];
    heard(&send(p.phone(), &path, &headers, body.clone()).await, 200, "again");
    assert!(is_replay(&send(p.phone(), &path, &headers, body).await));
    assert_eq!(dangers(&p).await, 2);
    // What is no cry keeps its rules, and nobody amends another's.
    p.phone().post(&path, json!({"fear": 9})).await.refused(422, "invalid");
    let other = crate::harness::partnership::survivor(&app.http, &p.advocate, "high").await;
    send(&other.phone.session, &path, &[], "{\"happening_now\":true}").await.refused(404, "not_found");
    assert_eq!(dangers(&p).await, 2);
});

on_both!(no_value_of_any_field_keeps_an_amendment_from_being_heard, |app| async {
    let p = app.partnership().await;
    let id = report(app, &p).await;
    let path = format!("{INCIDENTS}/{id}/amend");
    let fields = [
        "happened",
        "behaviours",
        "account",
        "private_note",
        "fear",
        "impact",
        "place",
        "force_id",
        "witnesses",
        "third_parties",
        "children_present",
        "police_reference",
        "reporting_wish",
        "order_condition_id",
        "visibility",
        "police_may_contact",
        "recorded_at",
        "reason",
        "release_when",
        "state",
    ];
    let values = ["null", "7", "\"\\ud83d\"", "[[]]", "{\"from\":1}", "1e999", "\"2099-01-01T00:00:00Z\""];
    for field in fields {
        for value in values {
            let body = format!("{{\"happening_now\":true,\"{field}\":{value}}}");
            let amended = send(p.phone(), &path, &[], body.clone()).await;
            let dropped = heard(&amended, 200, &body);
            assert_eq!(amended.json()["id"], id.as_str(), "{body}");
            assert!(dropped.iter().all(|pointer| pointer.split('/').nth(1) == Some(field)), "{body}: {dropped:?}");
        }
    }
});

on_both!(danger_told_of_an_incident_that_was_taken_back_is_a_report_of_its_own, |app| async {
    let p = app.partnership().await;
    let id = report(app, &p).await;
    p.phone().post(&format!("{INCIDENTS}/{id}/withdraw"), json!({})).await.expect(200);
    let path = format!("{INCIDENTS}/{id}/amend");
    p.phone().post(&path, json!({"fear": 2})).await.refused(409, "wrong_state");
    let body = json!({"happening_now": true, "account": "Again", "visibility": "advocate"});
    let sent = p.phone().post(&path, body).await;
    assert_eq!(heard(&sent, 200, "taken back"), ["/behaviours", "/fear", "/happened"]);
    let new = text(&sent.json(), "id");
    assert_ne!(new, id);
    let theirs = p.advocate.list(&format!("/partner/v1/survivors/{}/incidents", p.survivor.id)).await;
    assert_eq!(theirs.len(), 1, "what was taken back stays so");
    assert_eq!((text(&theirs[0], "id"), &theirs[0]["account"]), (new, &json!("Again")));
    assert_eq!(own(&p, &id).await["state"], "withdrawn");
});

on_both!(an_amendment_is_heard_while_the_key_store_is_away, |app| async {
    let p = app.partnership().await;
    let id = report(app, &p).await;
    let tables = |sql: &str| app.inner.config.key_store.connect(Access::Write).unwrap().batch_execute(sql).unwrap();
    // An instance that has read no key yet.
    let other = app.other_server().await;
    let session = format!("Bearer {}", p.phone().token().await.unwrap());
    let headers = [("authorization", session.as_str())];
    tables("ALTER TABLE subject_keys RENAME TO subject_keys_away");
    let body = json!({"happening_now": true, "place": "Home"});
    let reply = other.send(Method::POST, &format!("{INCIDENTS}/{id}/amend"), &headers, Some(&body)).await;
    tables("ALTER TABLE subject_keys_away RENAME TO subject_keys");
    assert!(heard(&reply, 200, "keys away").contains(&"/place".to_owned()));
    assert_ne!(reply.json()["id"], id.as_str(), "what was told before is left as it is");
    assert_eq!(own(&p, &id).await["place"], "The tram stop");
    assert_eq!(dangers(&p).await, 1);
});

on_both!(both_are_heard_among_what_a_phone_kept_while_it_was_offline, |app| async {
    let p = app.partnership().await;
    let id = report(app, &p).await;
    let (begun, calm) = (draft(&p, json!({"happening_now": true})).await, draft(&p, json!({"fear": 1})).await);
    let whole = json!({"behaviours": ["loiter"], "account": "a", "happened": {"precision": "unknown"}, "fear": 1,
        "visibility": "advocate"});
    let ready = draft(&p, whole).await;
    let item = |key: &str, path: String, body: Value| json!({"idempotency_key": key, "method": "POST", "path": path, "body": body});
    let submit = |id: &str| format!("{DRAFTS}/{id}/submit");
    let items = [
        item(
            "a",
            format!("{INCIDENTS}/{id}/amend"),
            json!({"happening_now": true, "behaviours": ["attend_home"], "fear": 9}),
        ),
        item("b", submit(&begun), json!({"x": 1})),
        item("c", submit(&calm), json!({})),
        item("d", submit(&ready), json!({})),
        item("e", format!("{INCIDENTS}/{}/amend", p.survivor.id), json!({"happening_now": true})),
    ];
    let answer = p.phone().post(SYNC, json!({"items": items})).await.expect(200);
    let statuses: Vec<&Value> = answer["items"].as_array().unwrap().iter().map(|item| &item["status"]).collect();
    assert_eq!(statuses, [200, 201, 422, 201, 404], "{answer}");
    assert_eq!(answer["items"][0]["body"]["dropped"], json!(["/fear"]));
    assert_eq!(answer["items"][1]["body"]["id"], begun.as_str());
    assert_eq!(dangers(&p).await, 2);
    // A call that is wrong as a whole hears the cries in it, and a repeat by itself is known again.
    let again = draft(&p, json!({"happening_now": true})).await;
    let wrong = json!({"items": [item("f", submit(&again), json!({}))], "colour": "red"});
    let answer = p.phone().post(SYNC, wrong).await.expect(200);
    assert_eq!(answer["items"][0]["status"], 201, "{answer}");
    assert!(is_replay(&p.phone().post_keyed(&submit(&again), "f", &json!({})).await));
    assert_eq!(dangers(&p).await, 3);
});
