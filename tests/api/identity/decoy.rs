//! The second record of a survivor: a session under duress answers as a genuine one does, and nothing of it is anywhere else.

use diesel::prelude::*;
use holdfast::db::schema::survivors;
use holdfast::db::{DbConn, SurvivorId};
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::pair::Pair;
use crate::harness::partnership::{self, CODE_WORD, PIN};
use crate::harness::{Caller, Partnership, Reply, TestApp, instant, on_both, text};

const DURESS_PIN: &str = "7305";

/// A further phone of a survivor that has a duress PIN: both ways into it.
pub async fn phone_of(app: &TestApp, p: &Partnership, survivor: &str) -> (Caller, Caller) {
    let more = json!({"duress_pin": DURESS_PIN, "code_word": CODE_WORD, "device_name": "Mine"});
    let enrolled = partnership::enrol_with(&app.http, &p.advocate, survivor, more).await;
    let way = |pin: &str| partnership::way(&enrolled, pin);
    (Caller::new(&app.http, way(PIN)), Caller::new(&app.http, way(DURESS_PIN)))
}

/// The ids of all decoys.
pub async fn decoys(app: &TestApp) -> Vec<SurvivorId> {
    let read = |conn: &mut DbConn| {
        let decoys = survivors::table.filter(survivors::decoy_of.is_not_null());
        Ok(decoys.select(survivors::id).load(conn)?)
    };
    app.inner.db.read(read).await.unwrap()
}

/// Two survivors of whom nothing is known yet: the genuine session of one, and that of the other under duress.
pub async fn two_survivors(app: &TestApp, p: &Partnership) -> (Caller, Caller) {
    let control = partnership::survivor(&app.http, &p.advocate, "high").await;
    let other = partnership::survivor(&app.http, &p.advocate, "high").await;
    let (genuine, _) = phone_of(app, p, &control.id).await;
    let (_, forced) = phone_of(app, p, &other.id).await;
    for caller in [&genuine, &forced] {
        caller.get("/app/v1/check-ins").await.expect(200);
    }
    (genuine, forced)
}

on_both!(what_is_written_under_duress_is_read_back_as_anywhere, |app| async {
    let p = app.partnership().await;
    let (genuine, forced) = two_survivors(app, &p).await;
    let mut pair = Pair::new(&genuine, &forced);
    let now = app.now_text();
    let said = json!({"status": "safe", "feeling_safe": 3, "note": "All well", "recorded_at": now});
    pair.post("/app/v1/check-ins", said, "check_in").await;
    pair.get("/app/v1/check-ins").await;
    pair.post("/app/v1/timers", json!({"minutes": 30, "note": "Walking home"}), "timer").await;
    for path in ["/app/v1/timers", "/app/v1/timers/{timer}"] {
        pair.get(path).await;
    }
    pair.post("/app/v1/timers/{timer}/extend", json!({"minutes": 10}), "extended").await;
    pair.post("/app/v1/timers/{timer}/end", json!({}), "ended").await;
    pair.post("/app/v1/timers/{timer}/end", json!({}), "ended").await;
    pair.get("/app/v1/timers").await;
    pair.post("/app/v1/messages", json!({"body": "Hello"}), "message").await;
    pair.put("/app/v1/messages/{message}/read", json!({})).await;
    pair.get("/app/v1/messages").await;
    pair.post("/app/v1/household", json!({"kind": "person", "relation": "child", "name": "Robin"}), "member").await;
    pair.get("/app/v1/household").await;
    let sections = json!({"sections": [{"code": "places_to_go", "text": "My sister"}]});
    pair.put("/app/v1/safety-plan", sections).await;
    pair.post("/app/v1/safety-plan/confirm", json!({"version": 1}), "plan").await;
    pair.get("/app/v1/safety-plan").await;
    pair.get("/app/v1/trusted-contact").await;
    pair.put("/app/v1/trusted-contact", json!({"name": "Bea", "phone": "07700 900123"})).await;
    pair.get("/app/v1/trusted-contact").await;
    pair.same(Method::DELETE, "/app/v1/trusted-contact", None).await;
    pair.get("/app/v1/trusted-contact").await;
    for path in ["safe-contact", "orders", "updates", "disclosures", "questions", "schedules", "check-ins/next"] {
        pair.get(&format!("/app/v1/{path}")).await;
    }
    app.leaves_retries();
});

on_both!(incidents_and_drafts_under_duress_are_read_back_as_anywhere, |app| async {
    let p = app.partnership().await;
    let (genuine, forced) = two_survivors(app, &p).await;
    let mut pair = Pair::new(&genuine, &forced);
    let soon = app.now().plus_hours(1).to_string();
    let told = json!({"happened": {"precision": "unknown"}, "behaviours": ["loiter"], "account": "Words", "fear": 1,
        "private_note": "Mine", "visibility": "private", "recorded_at": app.now_text()});
    let mut dated = told.clone();
    dated["release_when"] = json!({"visibility": "advocate", "at": soon});
    pair.post("/app/v1/incidents", dated, "incident").await;
    for path in ["", "/timeline", "/{incident}", "/{incident}/private-note", "/{incident}/release-when"] {
        pair.get(&format!("/app/v1/incidents{path}")).await;
    }
    pair.post("/app/v1/incidents/{incident}/amend", json!({"place": "The tram stop"}), "amended").await;
    pair.get("/app/v1/incidents/{incident}").await;
    pair.same(Method::DELETE, "/app/v1/incidents/{incident}/release-when", None).await;
    pair.same(Method::DELETE, "/app/v1/incidents/{incident}/release-when", None).await;
    pair.get("/app/v1/incidents/{incident}/release-when").await;
    pair.post("/app/v1/incidents/{incident}/withdraw", json!({}), "withdrawn").await;
    pair.post("/app/v1/incidents/{incident}/withdraw", json!({}), "withdrawn").await;
    pair.post("/app/v1/incidents/{incident}/amend", told.clone(), "amended").await;
    pair.get("/app/v1/incidents").await;
    pair.post("/app/v1/incidents/drafts", told, "draft").await;
    for path in ["", "/{draft}"] {
        pair.get(&format!("/app/v1/incidents/drafts{path}")).await;
    }
    pair.post("/app/v1/incidents/drafts/{draft}/submit", json!({}), "draft").await;
    pair.get("/app/v1/incidents/drafts").await;
    pair.get("/app/v1/incidents/{draft}").await;
    pair.post("/app/v1/incidents/drafts", json!({"account": "More"}), "thrown").await;
    pair.same(Method::DELETE, "/app/v1/incidents/drafts/{thrown}", None).await;
    pair.get("/app/v1/incidents/drafts/{thrown}").await;
    app.leaves_retries();
});

on_both!(settings_and_presses_under_duress_are_read_back_as_anywhere, |app| async {
    let p = app.partnership().await;
    let (genuine, forced) = two_survivors(app, &p).await;
    let mut pair = Pair::new(&genuine, &forced);
    let say = |granted: bool| json!({"granted": granted, "text_version": "1"});
    pair.get("/app/v1/ladder").await;
    for scope in ["alert.police.help_now", "share.programme.status", "location.moment"] {
        pair.put(&format!("/app/v1/consents/{scope}"), say(true)).await;
    }
    pair.get("/app/v1/consents").await;
    for scope in ["alert.police.help_now", "share.programme.status"] {
        pair.put(&format!("/app/v1/consents/{scope}"), say(false)).await;
    }
    for path in ["consents", "ladder"] {
        pair.get(&format!("/app/v1/{path}")).await;
    }
    let pressed = json!({"recorded_at": app.now_text(), "note": "Now"});
    let (own, shown) = pair.same(Method::POST, "/app/v1/help-now", Some(pressed)).await;
    let alert = |reply: &Reply| text(&reply.json()["alert"], "id");
    for (caller, reply) in [(&genuine, &own), (&forced, &shown)] {
        let read = caller.get(&format!("/app/v1/alerts/{}", alert(reply))).await.expect(200);
        assert_eq!((&read["state"], &read["id"]), (&json!("open"), &json!(alert(reply))));
        // A second press adds to it.
        let again = caller.post("/app/v1/help-now", json!({"recorded_at": app.now_text()})).await.expect(201);
        assert_eq!(text(&again["alert"], "id"), alert(reply));
    }
    // What the phone was answered is no alert of the staff's; the real one is silent.
    let alerts = p.alerts().await;
    assert!(alerts.iter().all(|row| row["id"] != json!(alert(&shown))), "{alerts:?}");
    assert!(alerts.iter().any(|row| row["rule"] == "help_now" && row["level"] == 4), "{alerts:?}");
    app.settle().await;
});

async fn next(caller: &Caller) -> Reply {
    caller.get("/app/v1/check-ins/next").await
}

on_both!(yesterdays_check_in_was_answered_and_the_next_is_the_same, |app| async {
    let p = app.partnership().await;
    let (genuine, forced) = phone_of(app, &p, &p.survivor.id).await;
    p.schedule("21:00").await;
    app.advance_to(instant("2026-11-21T20:30:00Z")).await;
    let slot = genuine.get("/app/v1/check-ins/next").await.expect(200);
    let safe = json!({"status": "safe", "feeling_safe": 2, "note": "SECRET", "check_in_id": slot["id"],
        "recorded_at": app.now_text()});
    genuine.post("/app/v1/check-ins", safe).await.expect(201);
    app.advance(12 * 60).await;
    let shown = forced.list("/app/v1/check-ins").await;
    let row = shown.iter().find(|row| row["id"] == slot["id"]).expect("yesterday's check-in");
    assert_eq!((&row["state"], &row["schedule_id"]), (&json!("safe"), &slot["schedule_id"]));
    assert!(row.get("note").is_none() && row.get("feeling_safe").is_none(), "{row}");
    assert_eq!(next(&genuine).await.expect(200), next(&forced).await.expect(200));
    let schedules = [genuine.list("/app/v1/schedules").await, forced.list("/app/v1/schedules").await];
    assert_eq!(schedules[0], schedules[1]);
    // Answered under duress, it is answered there, and the one after it is asked for; the survivor's own still waits.
    app.advance_to(instant("2026-11-22T20:30:00Z")).await;
    let today = text(&next(&forced).await.expect(200), "id");
    let safe = json!({"status": "safe", "check_in_id": today, "recorded_at": app.now_text()});
    assert_eq!(forced.post("/app/v1/check-ins", safe).await.expect(201)["id"], json!(today));
    let tomorrow = next(&forced).await.expect(200);
    assert_eq!((&tomorrow["due_at"], tomorrow["id"] != json!(today)), (&json!("2026-11-23T21:00:00Z"), true));
    assert_eq!(next(&genuine).await.expect(200)["id"], json!(today));
    app.advance_to(instant("2026-11-22T21:30:00Z")).await;
    assert!(p.alerts().await.iter().any(|alert| alert["rule"] == "missed_check_in"));
    // What is asked for next has one id, whichever record made it first.
    assert_eq!(next(&genuine).await.expect(200)["id"], tomorrow["id"]);
    app.leaves_retries();
});

on_both!(a_decoy_of_a_record_with_a_past_has_its_times_and_none_of_its_words, |app| async {
    let p = app.partnership().await;
    p.schedule("14:00").await;
    let timer =
        text(&p.phone().post("/app/v1/timers", json!({"minutes": 600, "note": "SECRET"})).await.expect(201), "id");
    let said = json!({"status": "safe", "note": "SECRET", "recorded_at": app.now_text()});
    p.phone().post("/app/v1/check-ins", said).await.expect(201);
    let worry = json!({"status": "concern", "note": "SECRET", "recorded_at": app.now_text()});
    p.phone().post("/app/v1/check-ins", worry).await.expect(201);
    app.advance(4 * 60).await;
    let (genuine, forced) = phone_of(app, &p, &p.survivor.id).await;
    let states = |rows: Vec<Value>| rows.iter().map(|row| text(row, "state")).collect::<Vec<_>>();
    assert_eq!(states(forced.list("/app/v1/check-ins").await), ["scheduled", "missed", "safe"]);
    assert_eq!(states(forced.list("/app/v1/timers").await), ["running"]);
    let same = [format!("/app/v1/timers/{timer}"), "/app/v1/check-ins/next".to_owned()];
    for path in same {
        let (mut real, shown) = (genuine.get(&path).await.expect(200), forced.get(&path).await.expect(200));
        real.as_object_mut().unwrap().remove("note");
        assert_eq!(real, shown, "{path}");
    }
    for path in ["check-ins", "timers", "schedules"] {
        assert!(!forced.get(&format!("/app/v1/{path}")).await.body.contains("SECRET"), "{path}");
    }
    app.leaves_retries();
});

on_both!(a_second_phone_is_no_secret_to_the_times_and_a_secret_otherwise, |app| async {
    let p = app.partnership().await;
    let (_, forced) = phone_of(app, &p, &p.survivor.id).await;
    forced.get("/app/v1/check-ins").await.expect(200);
    // What the other phone does shows as far as a bystander of either may see it.
    let timer =
        text(&p.phone().post("/app/v1/timers", json!({"minutes": 60, "note": "SECRET"})).await.expect(201), "id");
    let shown = forced.get(&format!("/app/v1/timers/{timer}")).await;
    assert!(shown.expect(200)["state"] == "running" && !shown.body.contains("SECRET"), "{}", shown.body);
    p.phone().post(&format!("/app/v1/timers/{timer}/end"), json!({})).await.expect(200);
    assert_eq!(forced.get(&format!("/app/v1/timers/{timer}")).await.expect(200)["state"], "ended_safe");
    assert_eq!(forced.list("/app/v1/devices").await.len(), 1);
    let log = forced.list("/app/v1/access-log").await;
    // All of it is of one instant, so that the lanes of the audit order it.
    let mut acts: Vec<_> = log.iter().map(|line| text(line, "action")).collect();
    acts.sort();
    assert_eq!(acts, ["create_enrolment_code", "create_survivor"]);
    let first = forced.get("/app/v1/access-log?limit=1").await.expect(200);
    let cursor = text(&first, "next_cursor");
    let rest = forced.get(&format!("/app/v1/access-log?limit=1&cursor={cursor}")).await.expect(200);
    assert_eq!((&rest["items"][0]["action"], &rest["next_cursor"]), (&log[1]["action"], &Value::Null));
    // A phone that was enrolled later has the same decoy.
    let (_, other) = phone_of(app, &p, &p.survivor.id).await;
    assert_eq!(other.list("/app/v1/timers").await, forced.list("/app/v1/timers").await);
    assert_eq!(decoys(app).await.len(), 1);
    app.settle().await;
});

on_both!(an_id_known_from_before_is_unknown_and_a_call_queued_before_is_kept, |app| async {
    let p = app.partnership().await;
    let (genuine, forced) = phone_of(app, &p, &p.survivor.id).await;
    let told = json!({"happened": {"precision": "unknown"}, "behaviours": ["loiter"], "account": "SECRET", "fear": 1,
        "visibility": "advocate", "recorded_at": app.now_text()});
    let known = text(&genuine.post("/app/v1/incidents", told).await.expect(201), "id");
    let unknown = uuid::Uuid::new_v4().to_string();
    for id in [&known, &unknown] {
        forced.get(&format!("/app/v1/incidents/{id}")).await.refused(404, "not_found");
        forced.post(&format!("/app/v1/incidents/{id}/withdraw"), json!({})).await.refused(404, "not_found");
        forced.post(&format!("/app/v1/incidents/{id}/amend"), json!({"place": "X"})).await.refused(404, "not_found");
    }
    // Queued before the phone was taken, sent after.
    let queued = json!({"status": "safe", "note": "On the tram", "recorded_at": app.now_text()});
    let sent = forced.post_keyed("/app/v1/check-ins", "queued", &queued).await;
    let again = forced.post_keyed("/app/v1/check-ins", "queued", &queued).await;
    assert_eq!((sent.expect(201), again.header("idempotent-replayed")), (again.expect(201), Some("true")));
    assert!(forced.list("/app/v1/check-ins").await.iter().any(|row| row["note"] == "On the tram"));
    let kept = p.advocate.list(&format!("/partner/v1/survivors/{}/check-ins", p.survivor.id)).await;
    assert_eq!(kept.iter().filter(|row| row["is_duress"] == true && row["note"] == "On the tram").count(), 1);
    app.settle().await;
});

on_both!(another_instance_knows_the_decoy_as_it_stands, |app| async {
    let p = app.partnership().await;
    let (_, forced) = phone_of(app, &p, &p.survivor.id).await;
    forced.post("/app/v1/messages", json!({"body": "Said under duress"})).await.expect(201);
    let token = forced.token().await.unwrap();
    let other = app.other_server().await;
    let bearer = format!("Bearer {token}");
    let read = other.send(Method::GET, "/app/v1/messages", &[("authorization", bearer.as_str())], None).await;
    assert_eq!(read.expect(200)["items"][0]["body"], "Said under duress");
    app.settle().await;
});

on_both!(a_decoy_is_in_no_list_of_anybodys, |app| async {
    let p = app.partnership().await;
    p.schedule("14:00").await;
    let (_, forced) = phone_of(app, &p, &p.survivor.id).await;
    let pressed = forced.post("/app/v1/help-now", json!({"recorded_at": app.now_text()})).await.expect(201);
    forced.post("/app/v1/timers", json!({"minutes": 5})).await.expect(201);
    app.advance(26 * 60).await;
    let decoy = decoys(app).await[0].to_string();
    let (alert, reference) = (text(&pressed["alert"], "id"), text(&pressed["alert"], "reference"));
    let survivors = p.support_supervisor.list("/partner/v1/survivors").await;
    assert_eq!(survivors.len(), 1, "{survivors:?}");
    let organisations = p.admin.list("/admin/v1/organisations").await;
    assert!(organisations.iter().all(|row| row["name"] != ""), "{organisations:?}");
    for path in ["/partner/v1/alerts", "/partner/v1/tasks", "/partner/v1/messages/unread", "/partner/v1/incidents"] {
        for staff in [&p.advocate, &p.support_supervisor] {
            let read = staff.get(path).await;
            let leaks = [&decoy, &alert, &reference].into_iter().any(|word| read.body.contains(word.as_str()));
            assert!(!leaks, "{path}: {}", read.body);
        }
    }
    p.advocate.get(&format!("/partner/v1/survivors/{decoy}")).await.refused(404, "not_found");
    p.advocate.get(&format!("/partner/v1/alerts/{alert}")).await.refused(404, "not_found");
    let told = p.police_system.get("/police/v1/alerts").await;
    assert!(!told.body.contains(&reference), "{}", told.body);
    // One alarm for each thing that happened, and no line of the audit about what did not.
    let alerts = p.alerts().await;
    let count = |rule: &str| alerts.iter().filter(|alert| alert["rule"] == rule).count();
    assert_eq!((count("missed_check_in") + count("repeated_missed"), count("timer_expired")), (1, 1), "{alerts:?}");
    let audited = {
        let decoy = decoys(app).await[0];
        let read = move |conn: &mut DbConn| {
            use holdfast::db::SubjectId;
            use holdfast::db::schema::audit_entries;
            let about = audit_entries::table.filter(audit_entries::subject_id.eq(SubjectId::from(decoy)));
            Ok(about.count().get_result::<i64>(conn)?)
        };
        app.inner.db.read(read).await.unwrap()
    };
    assert_eq!(audited, 0);
    app.leaves_retries();
});

on_both!(what_is_told_under_duress_never_reaches_the_programme, |app| async {
    let p = app.partnership().await;
    p.consent(&["share.programme.status", "share.programme.incident_summary", "share.programme.incident_full"]).await;
    let (genuine, forced) = phone_of(app, &p, &p.survivor.id).await;
    let tell = |word: &str, visibility: &str| {
        json!({"happened": {"precision": "exact", "from": app.now_text()}, "behaviours": ["follow_foot"], "account": word,
            "fear": 4, "visibility": visibility, "recorded_at": app.now_text()})
    };
    genuine.post("/app/v1/incidents", tell("Genuine", "programme_full")).await.expect(201);
    let seen = p.practitioner.list("/partner/v1/alerts").await.len();
    for visibility in ["programme_summary", "programme_full", "police"] {
        forced.post("/app/v1/incidents", tell("FORCED", visibility)).await.expect(201);
    }
    let worry = json!({"status": "concern", "note": "FORCED", "recorded_at": app.now_text()});
    forced.post("/app/v1/check-ins", worry).await.expect(201);
    forced.post("/app/v1/timers", json!({"minutes": 1})).await.expect(201);
    app.advance(2).await;
    let view = p.practitioner.get(&format!("/partner/v1/cases/{}/view", p.case)).await;
    let timeline = p.practitioner.get(&format!("/partner/v1/cases/{}/timeline", p.case)).await;
    for read in [&view, &timeline] {
        assert!(!read.body.contains("FORCED"), "{}", read.body);
    }
    assert!(view.body.contains("Genuine"), "{}", view.body);
    let told = timeline.expect(200)["items"].as_array().unwrap().iter().filter(|row| row["kind"] == "incident").count();
    assert_eq!(told, 1, "{}", timeline.body);
    assert_eq!(view.expect(200)["survivor_side"]["incidents"]["items"].as_array().map(Vec::len), Some(1));
    assert_eq!(p.practitioner.list("/partner/v1/alerts").await.len(), seen);
    // The survivor's own side has all of it.
    let kept = p.advocate.list(&format!("/partner/v1/survivors/{}/incidents", p.survivor.id)).await;
    assert_eq!(kept.iter().filter(|row| row["is_duress"] == true).count(), 3, "{kept:?}");
    assert!(p.alerts().await.iter().any(|alert| alert["rule"] == "timer_expired"));
    app.leaves_retries();
});
