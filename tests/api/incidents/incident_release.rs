//! Opening an incident further once something happens: on a date, on missed check-ins, on an alert; never less, never by a
//! session under duress, and told to the advocate.

use diesel::prelude::*;
use holdfast::db::schema::incident_versions;
use holdfast::db::{DbConn, Json};
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::partnership::{PIN, enrol_with, way};
use crate::harness::{Caller, Partnership, Reply, TestApp, instant, on_both, text};

const OWN: &str = "/app/v1/incidents";

async fn report(app: &TestApp, phone: &Caller, release: Value) -> String {
    let body = json!({"happened": {"precision": "unknown"}, "behaviours": ["threat_violence"], "account": "Words",
        "fear": 1, "visibility": "private", "recorded_at": app.now_text(), "release_when": release});
    text(&phone.post(OWN, body).await.expect(201), "id")
}

async fn seen(p: &Partnership, id: &str) -> Reply {
    p.advocate.get(&format!("/partner/v1/incidents/{id}")).await
}

async fn put(phone: &Caller, id: &str, tag: &str, body: Value) -> Reply {
    phone.send(Method::PUT, &format!("{OWN}/{id}/release-when"), &[("if-match", tag)], Some(&body)).await
}

on_both!(on_the_day_that_was_said_an_incident_opens_and_is_told_to_the_advocate, |app| async {
    let p = app.partnership().await;
    let at = app.now().plus_hours(48).to_string();
    let id = report(app, p.phone(), json!({"visibility": "advocate", "at": at})).await;
    app.advance(47 * 60).await;
    seen(&p, &id).await.refused(404, "not_found");
    assert!(p.alerts().await.is_empty() && p.tasks("incident_released").await.is_empty());
    app.advance(61).await;
    let opened = seen(&p, &id).await.expect(200);
    assert_eq!((&opened["account"], &opened["visibility"]), (&json!("Words"), &json!("advocate")));
    let told = p.tasks("incident_released").await;
    assert_eq!(told.len(), 1);
    assert_eq!(told[0]["detail"], json!({"incident_id": id, "visibility": "advocate", "cause": "date"}));
    // Nobody was told of it before, so what follows from it follows now.
    assert!(p.alerts().await.iter().any(|alert| alert["rule"] == "critical_behaviour"));
    let own = p.phone().get(&format!("{OWN}/{id}")).await.expect(200);
    assert_eq!((&own["release_when"]["state"], &own["visibility"]), (&json!("released"), &json!("advocate")));
    assert_eq!(own["release_when"]["ended_by"], "date");
    assert_eq!((&own["history"][0]["kind"], &own["history"][0]["by"]), (&json!("released"), &json!("system")));
    let history = p.advocate.list(&format!("/partner/v1/incidents/{id}/history")).await;
    assert_eq!((&history[0]["kind"], &history[0]["reason"]), (&json!("released"), &json!("date")));
    app.advance(48 * 60).await;
    assert_eq!(p.tasks("incident_released").await.len(), 1);
});

on_both!(check_ins_missed_in_a_row_open_what_was_to_be_opened, |app| async {
    let p = app.partnership().await;
    let id = report(app, p.phone(), json!({"visibility": "police", "missed_check_ins": 2})).await;
    p.schedule("21:00").await;
    app.advance(24 * 60).await;
    seen(&p, &id).await.refused(404, "not_found");
    app.advance(24 * 60).await;
    assert_eq!(seen(&p, &id).await.expect(200)["visibility"], "police");
    assert_eq!(p.tasks("incident_released").await[0]["detail"]["cause"], "missed_check_ins");
    app.leaves_retries();
});

on_both!(an_alert_of_the_level_opens_it_and_one_below_does_not, |app| async {
    let p = app.partnership().await;
    let id = report(app, p.phone(), json!({"visibility": "programme_full", "alert_level": 4})).await;
    let concern = json!({"status": "concern", "recorded_at": app.now_text()});
    let alert = text(&p.phone().post("/app/v1/check-ins", concern).await.expect(201)["alert"], "id");
    seen(&p, &id).await.refused(404, "not_found");
    p.act(&alert, "raise-level", json!({"level": 4, "note": "Seen at the gate"})).await.expect(200);
    assert_eq!(seen(&p, &id).await.expect(200)["visibility"], "programme_full");
    let other = report(app, p.phone(), json!({"visibility": "advocate", "alert_level": 4})).await;
    p.help_now().await;
    assert_eq!(seen(&p, &other).await.expect(200)["state"], "submitted");
    app.leaves_retries();
});

on_both!(the_survivor_may_change_it_and_call_it_off_and_it_never_narrows, |app| async {
    let p = app.partnership().await;
    let at = |hours: i64| app.now().plus_hours(hours).to_string();
    let id = report(app, p.phone(), json!({"visibility": "advocate", "at": at(2)})).await;
    let path = format!("{OWN}/{id}/release-when");
    let tag = p.phone().get(&path).await.header("etag").unwrap().to_owned();
    let later = json!({"visibility": "police", "at": at(30)});
    put(p.phone(), &id, &tag, later.clone()).await.expect(200);
    put(p.phone(), &id, &tag, later).await.refused(412, "stale");
    app.advance(3 * 60).await;
    seen(&p, &id).await.refused(404, "not_found");
    assert_eq!(p.phone().send(Method::DELETE, &path, &[], None).await.status, 204);
    p.phone().send(Method::DELETE, &path, &[], None).await.refused(409, "wrong_state");
    app.advance(40 * 60).await;
    seen(&p, &id).await.refused(404, "not_found");
    assert_eq!(p.phone().get(&path).await.expect(200)["state"], "cancelled");
    for wrong in [
        json!({"visibility": "private", "alert_level": 3}),
        json!({"visibility": "police"}),
        json!({"visibility": "police", "alert_level": 5}),
        json!({"visibility": "police", "missed_check_ins": 0}),
    ] {
        assert_eq!(put(p.phone(), &id, "\"v3\"", wrong.clone()).await.status, 422, "{wrong}");
    }
    // Opened further by the survivor meanwhile, it stays as open as it is.
    put(p.phone(), &id, "\"v3\"", json!({"visibility": "advocate", "at": at(2)})).await.expect(200);
    let wide = json!({"happened": {"precision": "unknown"}, "behaviours": ["loiter"], "account": "Words", "fear": 1,
        "visibility": "programme_full", "recorded_at": app.now_text()});
    p.phone().post(&format!("{OWN}/{id}/amend"), wide).await.expect(200);
    app.advance(3 * 60).await;
    assert_eq!(seen(&p, &id).await.expect(200)["visibility"], "programme_full");
    // Taking it back calls it off.
    let gone = report(app, p.phone(), json!({"visibility": "advocate", "at": at(2)})).await;
    p.phone().post(&format!("{OWN}/{gone}/withdraw"), json!({})).await.expect(200);
    app.advance(3 * 60).await;
    seen(&p, &gone).await.refused(404, "not_found");
    assert!(p.tasks("incident_released").await.is_empty());
});

/// Both ways into a phone with a duress PIN.
async fn phone(app: &TestApp, p: &Partnership) -> (Caller, Caller) {
    let enrolled = enrol_with(&app.http, &p.advocate, &p.survivor.id, json!({"duress_pin": "7305"})).await;
    let way = |pin: &str| way(&enrolled, pin);
    (Caller::new(&app.http, way(PIN)), Caller::new(&app.http, way("7305")))
}

on_both!(under_duress_nothing_is_called_off_and_what_a_silent_alert_opens_stays_hidden_from_the_phone, |app| async {
    let p = app.partnership().await;
    let (genuine, forced) = phone(app, &p).await;
    let at = app.now().plus_hours(12).to_string();
    let dated = report(app, &genuine, json!({"visibility": "advocate", "at": at})).await;
    let silent = report(app, &genuine, json!({"visibility": "advocate", "alert_level": 4})).await;
    let draft = text(&genuine.post("/app/v1/incidents/drafts", json!({"account": "Words"})).await.expect(201), "id");
    // The decoy knows of none of them, and has no other way of saying so than of what never was.
    let path = |id: &str| format!("{OWN}/{id}/release-when");
    for path in
        [path(&dated), format!("{OWN}/{dated}"), format!("{OWN}/{dated}/private-note"), format!("{OWN}/drafts/{draft}")]
    {
        forced.get(&path).await.refused(404, "not_found");
    }
    assert!(forced.list(&format!("{OWN}/drafts")).await.is_empty());
    let (timeline, wrong) = (format!("{OWN}/timeline"), format!("{OWN}/timeline?from=2026-11-20&to=2026-11-10"));
    assert_eq!(genuine.get(&timeline).await.expect(200)["incidents"], 2);
    assert_eq!(forced.get(&timeline).await.expect(200)["incidents"], 0);
    assert_eq!(
        (genuine.get(&wrong).await.status, forced.get(&wrong).await.status.as_u16()),
        (reqwest::StatusCode::UNPROCESSABLE_ENTITY, 422)
    );
    forced.send(Method::DELETE, &path(&dated), &[], None).await.refused(404, "not_found");
    forced.send(Method::DELETE, &format!("{OWN}/drafts/{draft}"), &[], None).await.refused(404, "not_found");
    put(&forced, &dated, "\"v1\"", json!({"visibility": "police", "alert_level": 2})).await.refused(404, "not_found");
    // One that was told under duress can be called off as far as the phone shows.
    let told = report(app, &forced, json!({"visibility": "advocate", "at": at})).await;
    assert_eq!(forced.send(Method::DELETE, &path(&told), &[], None).await.status, 204);
    // The duress PIN raised a silent emergency, which opened what waited for one. The phone shows nothing of it.
    assert_eq!(seen(&p, &silent).await.expect(200)["visibility"], "advocate");
    for at in [path(&silent), format!("{OWN}/{silent}")] {
        let shown = genuine.get(&at).await;
        assert!(!shown.expect(200).to_string().contains("released"), "{}", shown.body);
        assert!(shown.body.contains("\"waiting\""), "{}", shown.body);
    }
    assert_eq!(genuine.get(&format!("{OWN}/{silent}")).await.expect(200)["visibility"], "private");
    assert_eq!(genuine.send(Method::DELETE, &path(&silent), &[], None).await.status, 204);
    app.advance(13 * 60).await;
    for id in [&dated, &told] {
        assert_eq!(seen(&p, id).await.expect(200)["visibility"], "advocate");
    }
    // Once the advocate lets the phone show the alert, it tells what became of the incident.
    let alerts = p.alerts().await;
    let duress = alerts.iter().find(|alert| alert["rule"] == "duress").expect("duress raises an alert");
    p.act(&text(duress, "id"), "release", json!({})).await.expect(200);
    assert_eq!(genuine.get(&path(&silent)).await.expect(200)["state"], "released");
    app.leaves_retries();
});

on_both!(a_release_that_cannot_be_read_undoes_no_miss_and_no_alert_and_waits_on, |app| async {
    let p = app.partnership().await;
    p.schedule("14:00").await;
    let id = report(app, p.phone(), json!({"visibility": "advocate", "missed_check_ins": 1, "alert_level": 4})).await;
    let (version, kept) = (incident_versions::table, incident_versions::behaviours);
    let before = app.inner.db.read(move |conn| Ok(version.select(kept).first::<Json>(conn)?)).await.unwrap();
    let put = |value: Json| move |conn: &mut DbConn| Ok(diesel::update(version).set(kept.eq(&value)).execute(conn)?);
    app.inner.db.write(put(Json(json!({"no": "list"})))).await.unwrap();
    app.advance_to(instant("2026-11-21T14:30:00Z")).await;
    p.help_now().await;
    let rules: Vec<String> = p.alerts().await.iter().map(|alert| text(alert, "rule")).collect();
    assert_eq!(rules, ["help_now", "missed_check_in"]);
    app.inner.db.write(put(before)).await.unwrap();
    seen(&p, &id).await.refused(404, "not_found");
    p.help_now().await;
    assert_eq!(seen(&p, &id).await.expect(200)["visibility"], "advocate");
});
