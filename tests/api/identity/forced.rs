//! What a session under duress must not lose, and what one request must not tell: alarms whatever the decoy answers, calls that
//! were queued before the phone was taken, pages, and alerts.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use holdfast::access::SystemAccess;
use holdfast::db::schema::{incidents, timers};
use holdfast::db::{Access, DbConn};
use reqwest::Method;
use serde_json::{Value, json};

use super::decoy::{decoys, phone_of, two_survivors};
use crate::harness::pair::Pair;
use crate::harness::partnership::CODE_WORD;
use crate::harness::{Caller, Partnership, TestApp, on_both, text};

fn told(app: &TestApp, more: &Value) -> Value {
    let mut told = json!({"happened": {"precision": "exact", "from": app.now_text()}, "behaviours": ["loiter"],
        "account": "Words", "fear": 1, "visibility": "police", "recorded_at": app.now_text()});
    let fields = more.as_object().unwrap().clone();
    told.as_object_mut().unwrap().extend(fields);
    told
}

/// How many reports under duress the survivor's own staff have.
async fn reports_under_duress(p: &Partnership) -> usize {
    let kept = p.advocate.list(&format!("/partner/v1/survivors/{}/incidents", p.survivor.id)).await;
    kept.iter().filter(|row| row["is_duress"] == true).count()
}

async fn has_alert(p: &Partnership, rule: &str) -> bool {
    let alerts = p.alerts().await;
    alerts.iter().any(|alert| {
        let triggers = alert["triggers"].as_array().into_iter().flatten();
        alert["rule"] == rule || triggers.into_iter().any(|trigger| trigger["rule"] == rule)
    })
}

on_both!(what_the_decoy_refuses_is_kept_and_raises_its_alarm, |app| async {
    let p = app.partnership().await;
    let (_, forced) = phone_of(app, &p, &p.survivor.id).await;
    let begun = text(&forced.post("/app/v1/incidents", told(app, &json!({}))).await.expect(201), "id");
    let decoy = decoys(app).await[0];
    let set = move |state: &'static str| {
        move |conn: &mut DbConn| {
            let shown = incidents::table.filter(incidents::survivor_id.eq(decoy));
            Ok(diesel::update(shown).set(incidents::state.eq(state)).execute(conn)?)
        }
    };
    assert_eq!(app.inner.db.write(set("withdrawn")).await.unwrap(), 1);
    let graver = json!({"behaviours": ["weapon_seen"], "fear": 4});
    forced.post(&format!("/app/v1/incidents/{begun}/amend"), graver).await.refused(409, "wrong_state");
    assert!(has_alert(&p, "critical_behaviour").await);
    assert_eq!(reports_under_duress(&p).await, 1);
    app.inner.db.write(set("submitted")).await.unwrap();
    app.settle().await;
});

on_both!(a_decoy_that_cannot_answer_takes_no_alarm_with_it, |app| async {
    let p = app.partnership().await;
    let (_, forced) = phone_of(app, &p, &p.survivor.id).await;
    forced.get("/app/v1/check-ins").await.expect(200);
    let decoy = decoys(app).await[0];
    let erase = format!("DELETE FROM subject_keys WHERE subject = '{decoy}'");
    app.inner.config.key_store.connect(Access::Write).unwrap().batch_execute(&erase).unwrap();
    // One that has read no key yet.
    let elsewhere = Caller::new(&app.other_server().await, forced.way.clone());
    let grave = told(app, &json!({"behaviours": ["weapon_seen"], "fear": 4}));
    elsewhere.post("/app/v1/incidents", grave).await.expect(201);
    assert!(has_alert(&p, "critical_behaviour").await);
    assert_eq!(reports_under_duress(&p).await, 1);
});

on_both!(a_report_that_was_queued_before_names_its_condition_under_duress, |app| async {
    let p = app.partnership().await;
    let (genuine, forced) = phone_of(app, &p, &p.survivor.id).await;
    let queued = told(app, &json!({"behaviours": ["follow_foot"], "fear": 4, "order_condition_id": p.condition}));
    let sent = forced.post("/app/v1/incidents", queued).await.expect(201);
    let shown = forced.get(&format!("/app/v1/incidents/{}", text(&sent, "id"))).await.expect(200);
    assert_eq!(shown["order_condition_id"], json!(p.condition));
    assert!(has_alert(&p, "order_breach").await);
    // One that nobody has is refused by either.
    let unknown = told(app, &json!({"order_condition_id": uuid::Uuid::new_v4()}));
    for caller in [&genuine, &forced] {
        caller.post("/app/v1/incidents", unknown.clone()).await.refused(422, "unknown_reference");
    }
    app.settle().await;
});

on_both!(a_cry_that_was_queued_about_an_earlier_report_is_heard_under_duress, |app| async {
    let p = app.partnership().await;
    let (genuine, forced) = phone_of(app, &p, &p.survivor.id).await;
    let known = text(
        &genuine.post("/app/v1/incidents", told(app, &json!({"behaviours": ["follow_foot"]}))).await.expect(201),
        "id",
    );
    let stated = json!({"media_type": "text/plain", "bytes": 5, "sha256": "0".repeat(64), "incident_id": known});
    let photo = text(&genuine.post("/app/v1/evidence", stated).await.expect(201), "id");
    assert_eq!(genuine.get(&format!("/app/v1/incidents/{known}")).await.expect(200)["evidence_ids"], json!([photo]));
    let now = json!({"happening_now": true, "recorded_at": app.now_text()});
    let heard = forced.post(&format!("/app/v1/incidents/{known}/amend"), now.clone()).await.expect(200);
    assert_eq!((&heard["id"], &heard["version"]), (&json!(known), &json!(2)));
    assert!(has_alert(&p, "danger_now").await);
    assert_eq!(reports_under_duress(&p).await, 1);
    // The words and files of before show nowhere, and an id that nobody has is none.
    for path in ["/app/v1/incidents".to_owned(), format!("/app/v1/incidents/{known}")] {
        let shown = forced.get(&path).await.body;
        assert!(!shown.contains("Words") && !shown.contains(&photo), "{shown}");
    }
    let unknown = uuid::Uuid::new_v4();
    for caller in [&genuine, &forced] {
        caller.post(&format!("/app/v1/incidents/{unknown}/amend"), now.clone()).await.refused(404, "not_found");
    }
    app.settle().await;
});

on_both!(a_draft_that_was_begun_before_is_a_cry_under_duress, |app| async {
    let p = app.partnership().await;
    let (genuine, forced) = phone_of(app, &p, &p.survivor.id).await;
    let body = json!({"account": "SECRET", "happening_now": true, "visibility": "advocate"});
    let draft = text(&genuine.post("/app/v1/incidents/drafts", body).await.expect(201), "id");
    let submit = format!("/app/v1/incidents/drafts/{draft}/submit");
    let sent = forced.post(&submit, json!({})).await.expect(201);
    assert_eq!(sent["id"], json!(draft));
    assert!(has_alert(&p, "danger_now").await);
    let shown = forced.get(&format!("/app/v1/incidents/{draft}")).await;
    assert!(shown.expect(200)["id"] == json!(draft) && !shown.body.contains("SECRET"), "{}", shown.body);
    // Sent again it is no draft any more, as anywhere; their own staff have the words.
    forced.post(&submit, json!({})).await.refused(404, "not_found");
    let kept = p.advocate.list(&format!("/partner/v1/survivors/{}/incidents", p.survivor.id)).await;
    assert!(kept.iter().any(|row| row["is_duress"] == true), "{kept:?}");
    app.settle().await;
});

/// The id that a cursor names.
fn id_in(cursor: &str) -> String {
    let bytes = URL_SAFE_NO_PAD.decode(cursor).unwrap();
    uuid::Uuid::from_slice(&bytes[8..]).unwrap().to_string()
}

on_both!(the_pages_of_a_decoy_name_what_they_show, |app| async {
    let p = app.partnership().await;
    let (genuine, forced) = two_survivors(app, &p).await;
    let safe = json!({"status": "safe", "recorded_at": app.now_text()});
    let calls = [
        ("/app/v1/check-ins", safe),
        ("/app/v1/incidents", told(app, &json!({}))),
        ("/app/v1/incidents/drafts", json!({"account": "Words"})),
        ("/app/v1/timers", json!({"minutes": 30})),
    ];
    for caller in [&genuine, &forced] {
        for (path, body) in &calls {
            for _ in 0..3 {
                caller.post(path, body.clone()).await.expect(201);
            }
            let whole: Vec<_> = caller.list(path).await.iter().map(|row| text(row, "id")).collect();
            let (mut paged, mut cursor) = (Vec::new(), String::new());
            loop {
                let page = caller.get(&format!("{path}?limit=1{cursor}")).await.expect(200);
                let id = text(&page["items"][0], "id");
                if let Some(next) = page["next_cursor"].as_str() {
                    assert_eq!(id_in(next), id, "{path}");
                    cursor = format!("&cursor={next}");
                }
                paged.push(id);
                if page["next_cursor"].is_null() {
                    break;
                }
            }
            // What was written in one instant has no order that a page must keep, and none is lost.
            paged.sort();
            let mut whole = whole;
            whole.sort();
            assert_eq!(paged, whole, "{path}");
        }
    }
    app.settle().await;
});

on_both!(an_alert_under_duress_reads_as_any_and_ends_with_the_emergency_behind_it, |app| async {
    let p = app.partnership().await;
    let (genuine, forced) = two_survivors(app, &p).await;
    let mut pair = Pair::new(&genuine, &forced);
    let (own, shown) = pair.same(Method::POST, "/app/v1/help-now", Some(json!({"recorded_at": app.now_text()}))).await;
    let id = |reply: &crate::harness::Reply| text(&reply.json()["alert"], "id");
    pair.know("alert", (id(&own), id(&shown)));
    pair.get("/app/v1/alerts/{alert}").await;
    // A setting that is turned on counts for what is open.
    let on = json!({"granted": true, "text_version": "1"});
    pair.put("/app/v1/consents/alert.police.help_now", on).await;
    let told = |caller: &Caller, alert: String| {
        let caller = Caller::new(&app.http, caller.way.clone());
        async move { caller.get(&format!("/app/v1/alerts/{alert}")).await.expect(200)["police_will_be_told"].clone() }
    };
    assert_eq!(told(&genuine, id(&own)).await, told(&forced, id(&shown)).await);
    for alert in p.alerts().await {
        let close = json!({"note": "Safe.", "code_word": CODE_WORD});
        p.act(&text(&alert, "id"), "resolve", close).await.expect(200);
    }
    app.advance(26 * 60).await;
    let (again, shown_again) =
        pair.same(Method::POST, "/app/v1/help-now", Some(json!({"recorded_at": app.now_text()}))).await;
    assert!(id(&again) != id(&own) && id(&shown_again) != id(&shown), "{} {}", again.body, shown_again.body);
    let before = forced.get(&format!("/app/v1/alerts/{}", id(&shown))).await.expect(200);
    assert_eq!(before["state"], "resolved");
    app.settle().await;
});

on_both!(what_was_answered_before_is_repeated_under_duress, |app| async {
    let p = app.partnership().await;
    let (genuine, forced) = phone_of(app, &p, &p.survivor.id).await;
    let safe = json!({"status": "safe", "recorded_at": app.now_text()});
    let sent = genuine.post_keyed("/app/v1/check-ins", "lost", &safe).await;
    let again = forced.post_keyed("/app/v1/check-ins", "lost", &safe).await;
    assert_eq!((sent.expect(201), again.header("idempotent-replayed")), (again.expect(201), Some("true")));
    assert_eq!(forced.list("/app/v1/check-ins").await.len(), 1);
    app.settle().await;
});

on_both!(the_room_for_files_and_the_log_under_duress_tell_nothing_of_the_rest, |app| async {
    let p = app.partnership().await;
    p.schedule("21:00").await;
    let (_, forced) = phone_of(app, &p, &p.survivor.id).await;
    assert_eq!(forced.list("/app/v1/schedules").await.len(), 1);
    let log = forced.list("/app/v1/access-log").await;
    assert!(log.iter().any(|line| line["action"] == "create_schedule"), "{log:?}");
    // What was said under duress is nowhere on the phone afterwards.
    let (genuine, forced) = phone_of(app, &p, &p.survivor.id).await;
    forced.post("/app/v1/incidents", told(app, &json!({"account": "FORCED"}))).await.expect(201);
    forced.post("/app/v1/incidents/drafts", json!({"account": "FORCED"})).await.expect(201);
    forced.post("/app/v1/timers", json!({"minutes": 5, "note": "FORCED"})).await.expect(201);
    for path in ["incidents", "incidents/drafts", "timers"] {
        assert!(genuine.list(&format!("/app/v1/{path}")).await.is_empty(), "{path}");
    }
    app.settle().await;
});

on_both!(a_decoy_that_fell_behind_is_set_right, |app| async {
    let p = app.partnership().await;
    let (_, forced) = phone_of(app, &p, &p.survivor.id).await;
    let timer = text(&p.phone().post("/app/v1/timers", json!({"minutes": 60})).await.expect(201), "id");
    let path = format!("/app/v1/timers/{timer}");
    assert_eq!(forced.get(&path).await.expect(200)["state"], "running");
    let decoy = decoys(app).await[0];
    let lose = move |conn: &mut DbConn| {
        let shown = timers::table.filter(timers::survivor_id.eq(decoy));
        Ok(diesel::delete(shown).execute(conn)?)
    };
    assert_eq!(app.inner.db.write(lose).await.unwrap(), 1);
    forced.get(&path).await.refused(404, "not_found");
    let mut repaired = Vec::new();
    for _ in 0..2 {
        repaired.push(holdfast::checkins::repair(&app.inner, SystemAccess::granted()).await.unwrap());
    }
    assert_eq!((repaired, &forced.get(&path).await.expect(200)["state"]), (vec![1, 0], &json!("running")));
    app.settle().await;
});

on_both!(help_is_heard_under_duress_while_the_keys_are_away, |app| async {
    let p = app.partnership().await;
    let (_, forced) = phone_of(app, &p, &p.survivor.id).await;
    forced.get("/app/v1/check-ins").await.expect(200);
    // One that has read no key yet.
    let elsewhere = Caller::new(&app.other_server().await, forced.way.clone());
    let keys = |sql: &str| app.inner.config.key_store.connect(Access::Write).unwrap().batch_execute(sql).unwrap();
    keys("ALTER TABLE subject_keys RENAME TO subject_keys_away");
    let pressed = json!({"note": "At the door", "recorded_at": app.now_text()});
    let heard = elsewhere.post("/app/v1/help-now", pressed).await.expect(201);
    keys("ALTER TABLE subject_keys_away RENAME TO subject_keys");
    assert_eq!(heard["dropped"], json!(["/note"]));
    assert!(has_alert(&p, "help_now").await);
    let shown = forced.get(&format!("/app/v1/alerts/{}", text(&heard["alert"], "id"))).await.expect(200);
    assert_eq!(shown["state"], "open");
    app.settle().await;
});
