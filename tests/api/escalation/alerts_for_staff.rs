//! What staff are given to act on an alert: the script for 999, where the survivor was, whether they may be rung; who is
//! told when nobody could decide; and that a drill says it is one.

use diesel::prelude::*;
use holdfast::db::schema::safe_contact_plans;
use serde_json::{Value, json};

use crate::harness::partnership::{self, CODE_WORD, DUTY_PHONE, PARTICIPANT_NAME, SURVIVOR_NAME};
use crate::harness::{Partnership, TestApp, instant, on_both, text};
use crate::notify::with_providers;

use crate::harness::NOON;
use crate::harness::providers::Providers;

/// Presses help-now at a place; answers the alert.
async fn pressed_at_a_place(p: &Partnership) -> Value {
    let place = json!({"lat": 53.3811, "lon": -1.4701, "accuracy_m": 12.0});
    let body = json!({"location": place, "recorded_at": p.phone().http.now()});
    p.phone().post("/app/v1/help-now", body).await.expect(201)["alert"].clone()
}

async fn script(p: &Partnership) -> Vec<String> {
    let task = p.tasks("call_999").await.remove(0);
    task["script"].as_array().unwrap().iter().map(|line| line.as_str().unwrap().to_owned()).collect()
}

on_both!(whoever_rings_999_is_given_the_words_and_opens_the_place_once, |app| async {
    let p = app.partnership().await;
    p.consent(&["alert.police.help_now", "location.moment", "location.release_alert"]).await;
    let told = pressed_at_a_place(&p).await;
    let (id, reference) = (text(&told, "id"), text(&told, "reference"));
    let said = script(&p).await.join("\n");
    for part in [
        "Lighthouse",
        "This is a stalking case",
        &reference,
        "raised at 12:00 on 21 November",
        "pressed for help on their phone",
        "open this alert's location in the portal",
        "There is a court order",
        "sent to South Yorkshire Police",
        DUTY_PHONE,
    ] {
        assert!(said.contains(part), "{part} in {said}");
    }
    for kept in [SURVIVOR_NAME, PARTICIPANT_NAME, "14/1234/26", "53.38", "silent approach"] {
        assert!(!said.contains(kept), "{kept} in {said}");
    }

    let path = format!("/partner/v1/alerts/{id}/location");
    let body = json!({"reason": "Calling 999 for you"});
    let first = p.advocate.post(&path, body.clone()).await.expect(200);
    assert_eq!((&first["location"]["lat"], &first["opened_at"]), (&json!(53.3811), &json!(app.now())));
    app.advance_seconds(1).await;
    let again = p.advocate.post(&path, body.clone()).await.expect(200);
    assert_eq!((&again["location"], &again["opened_at"]), (&first["location"], &first["opened_at"]));
    assert_eq!(p.support_supervisor.post(&path, body.clone()).await.expect(200)["location"]["lat"], 53.3811);
    p.practitioner.post(&path, body.clone()).await.refused(403, "wrong_role");
    p.advocate.post(&path, json!({})).await.refused(422, "invalid");
    let disclosed = p.phone().list("/app/v1/disclosures").await;
    let opened: Vec<&Value> = disclosed.iter().filter(|line| line["what"] == json!(["location"])).collect();
    assert_eq!(opened.len(), 2);
    assert_eq!(
        (&opened[0]["recipient"], &opened[0]["agreement"], &opened[0]["reason"]),
        (&json!("Lighthouse"), &json!("location.release_alert"), &json!("Calling 999 for you"))
    );
    // What the support side opened takes nothing from the officer.
    app.settle().await;
    assert_eq!(p.police.messages()[0].json()["data"]["location"], json!({"available": true}));

    p.act(&id, "resolve", json!({"note": "Safe.", "code_word": CODE_WORD})).await.expect(200);
    p.advocate.post(&path, body).await.refused(409, "wrong_state");
    app.settle().await;
});

on_both!(the_script_says_first_where_and_to_which_control_room, |app| async {
    let p = app.partnership().await;
    let home = "They usually live in South Yorkshire; we do not know where they are now.";
    let room = |force: &str| format!("I am not with them. Please put me through to {force}'s control room.");
    p.consent(&["location.moment", "location.release_alert"]).await;
    let body = json!({"recorded_at": app.now()});
    p.phone().post("/app/v1/help-now", body).await.expect(201);
    let said = script(&p).await;
    assert_eq!((said[1].as_str(), said[2].as_str()), (home, room("South Yorkshire Police").as_str()), "{said:?}");
    // Coordinates name no force.
    pressed_at_a_place(&p).await;
    app.advance(2).await;
    let said = script(&p).await;
    assert_eq!(said[1], "Their phone gave a place 2 minutes ago; I can give it to you.");
    assert_eq!(said[2], room("South Yorkshire Police"));
    // A force that the phone names with them does; one that there is not refuses nothing.
    let place = json!({"lat": 50.82, "lon": -0.14, "force_id": "sussex"});
    p.sos().post("/app/v1/help-now", json!({"location": place})).await.expect(201);
    app.advance(2).await;
    let said = script(&p).await;
    assert_eq!(said[1], "Their phone gave a place in Sussex 2 minutes ago.");
    assert_eq!(said[2], room("Sussex Police"));
    let place = json!({"lat": 50.82, "lon": -0.14, "force_id": "atlantis"});
    let pressed = p.sos().post("/app/v1/help-now", json!({"location": place})).await.expect(201);
    assert_eq!(pressed["dropped"], json!(["/location/force_id"]));
    assert_eq!(script(&p).await[1], "Their phone gave a place 0 minutes ago; I can give it to you.");
    // What the survivor says of a place does, too.
    let danger = json!({"happened": {"precision": "exact", "from": app.now()}, "behaviours": ["follow_foot"],
        "account": "Behind me.", "fear": 4, "visibility": "police", "happening_now": true, "force_id": "sussex"});
    p.phone().post("/app/v1/incidents", danger).await.expect(201);
    let said = script(&p).await;
    assert_eq!((said[1].as_str(), said[2].as_str()), ("They said they are in Sussex.", room("Sussex Police").as_str()));
    assert!(!said.iter().any(|line| line.contains("silent approach")), "{said:?}");
    app.settle().await;
});

on_both!(a_place_that_was_not_released_is_not_opened_and_the_script_says_so, |app| async {
    let p = app.partnership().await;
    p.consent(&["location.moment"]).await;
    let id = text(&pressed_at_a_place(&p).await, "id");
    let said = script(&p).await.join("\n");
    assert!(
        said.contains("no place from their phone that we may pass on")
            && said.contains("No police force has been sent"),
        "{said}"
    );
    p.act(&id, "location", json!({"reason": "Calling 999"})).await.refused(404, "not_found");
    // The first words that it had spoke of police alone.
    let first = json!({"granted": true, "text_version": "1"});
    p.phone().put("/app/v1/consents/location.release_alert", first).await.expect(200);
    p.act(&id, "location", json!({"reason": "Calling 999"})).await.refused(404, "not_found");
    // Turned on since: raising protection is instant.
    p.consent(&["location.release_alert"]).await;
    let opened = p.act(&id, "location", json!({"reason": "Calling 999"})).await.expect(200);
    assert_eq!(opened["location"]["lat"], 53.3811);
});

on_both!(a_script_about_duress_asks_for_a_quiet_approach, |app| async {
    let p = app.partnership().await;
    partnership::unlock_under_duress(&app.http, &p.advocate, &p.survivor.id).await;
    app.settle().await;
    let said = script(&p).await;
    let silent =
        "Please do not ring or text their phone, and consider a silent approach: the person they fear may be there.";
    assert_eq!(said[3], silent);
    assert!(said.join("\n").contains("somebody is forcing them"), "{said:?}");
});

on_both!(the_task_to_ring_the_survivor_says_whether_that_is_allowed_now, |app| async {
    let p = app.partnership().await;
    p.phone().post("/app/v1/timers", json!({"minutes": 20})).await.expect(201);
    app.advance(20).await;
    let task = text(&p.tasks("call_survivor").await[0], "id");
    let number_at = format!("/partner/v1/tasks/{task}/safe-contact");
    let call = || async { p.tasks("call_survivor").await.remove(0)["detail"]["call"].clone() };
    let no_way = json!({"channel": "voice", "allowed_now": false, "why_not": "no_channel"});
    let plan_path = format!("/partner/v1/survivors/{}/safe-contact", p.survivor.id);
    assert_eq!(call().await, json!({"now": no_way, "number_at": number_at}));

    let plan = json!({"time_zone": "Europe/London", "voice": {"allowed": true, "address": "+44 7700 900123"}});
    p.advocate.put(&plan_path, plan).await.expect(200);
    assert_eq!(call().await["now"]["why_not"], "no_consent");
    p.consent(&["contact.voice"]).await;
    assert_eq!(call().await["now"], json!({"channel": "voice", "allowed_now": true}));
    let told = p.tasks("call_survivor").await.remove(0).to_string();
    assert!(!told.contains("900123"), "{told}");

    // Whoever is on duty can ring them, assigned or not, for as long as the task waits.
    let duty = partnership::staff(&app.http, &p.admin, &p.support, "duty.desk", &["advocate"]).await;
    duty.get(&plan_path).await.refused(404, "not_found");
    let seen = duty.get(&number_at).await.expect(200);
    assert_eq!(seen["plan"]["voice"]["address"], "+447700900123");
    p.practitioner.get(&number_at).await.refused(403, "wrong_role");
    let stranger = partnership::organisation(&p.admin, json!({"kind": "survivor_support", "name": "Harbour"})).await;
    let stranger = partnership::staff(&app.http, &p.admin, &stranger, "hollis", &["advocate"]).await;
    stranger.get(&number_at).await.refused(404, "not_found");
    // Somebody else may have the phone.
    partnership::unlock_under_duress(&app.http, &p.advocate, &p.survivor.id).await;
    let unsafe_now = json!({"channel": "voice", "allowed_now": false, "why_not": "unsafe_contact"});
    assert_eq!(call().await["now"], unsafe_now);
    app.settle().await;
    duty.get(&number_at).await.refused(404, "not_found");
    let done = json!({"note": "Rang and spoke to them."});
    duty.post(&format!("/partner/v1/tasks/{task}/complete"), done).await.expect(200);
    duty.get(&number_at).await.refused(404, "not_found");
});

on_both!(a_record_that_cannot_be_read_hides_no_task, |app| async {
    let p = app.partnership().await;
    let plan_path = format!("/partner/v1/survivors/{}/safe-contact", p.survivor.id);
    p.advocate.put(&plan_path, json!({"time_zone": "Europe/London"})).await.expect(200);
    p.phone().post("/app/v1/timers", json!({"minutes": 20})).await.expect(201);
    app.advance(20).await;
    p.help_now().await;
    app.settle().await;
    let kinds = || async {
        let tasks = p.advocate.list("/partner/v1/tasks").await;
        tasks.iter().map(|task| text(task, "kind")).collect::<Vec<_>>()
    };
    let before = kinds().await;
    assert!(before.len() > 1 && before.iter().any(|kind| kind == "call_survivor"), "{before:?}");
    app.writes_records();
    let spoil = |conn: &mut holdfast::db::DbConn| {
        let plan =
            safe_contact_plans::table.select(safe_contact_plans::plan).first::<holdfast::crypto::Sealed>(conn)?;
        let spoilt: Vec<u8> = plan.bytes().iter().map(|byte| byte ^ 1).collect();
        Ok(diesel::update(safe_contact_plans::table).set(safe_contact_plans::plan.eq(spoilt)).execute(conn)?)
    };
    assert_eq!(app.inner.db.write(spoil).await.unwrap(), 1);
    assert_eq!(kinds().await, before);
});

with_providers!(where_no_supervisor_is_left_administrators_hear_so_and_nothing_of_the_case, |app, out| async {
    let p = app.partnership().await;
    let told = json!({"email": "it@partnership.example"});
    p.admin.put("/partner/v1/me/contact", told).await.expect(200);
    let support = partnership::organisation(&p.admin, json!({"kind": "survivor_support", "name": "Harbour"})).await;
    let advocate = partnership::staff(&app.http, &p.admin, &support, "hollis", &["advocate"]).await;
    let survivor = partnership::survivor(&app.http, &advocate, "high").await;
    let alert = partnership::help_now(&survivor.phone.session).await;
    app.advance(15).await;
    let mails = out.mail.mails();
    assert_eq!((mails.len(), mails[0].to.as_slice()), (1, &["it@partnership.example".to_owned()][..]));
    let said = mails[0].text();
    assert!(said.contains("nobody who can act as supervisor") && !said.contains(&text(&alert, "reference")), "{said}");
    let tasks = advocate.list("/partner/v1/tasks").await;
    assert!(
        tasks.iter().any(|task| task["kind"] == "police_not_allowed" && task["for_role"] == "advocate"),
        "{tasks:?}"
    );
    let seen = advocate.get(&format!("/partner/v1/alerts/{}", text(&alert, "id"))).await.expect(200);
    let warned = |step: &&Value| step["detail"]["reason"] == "no_supervisor";
    let warned: Vec<&Value> = seen["steps"].as_array().unwrap().iter().filter(warned).collect();
    assert_eq!(warned.len(), 1, "{seen}");
    let line = &warned[0]["detail"]["told"][0];
    assert_eq!((&line["audience"], &line["outcome"]), (&json!("administrator"), &json!("sent")));
});

with_providers!(staff_read_of_a_drill_that_it_is_one, |app, out| async {
    let p = app.partnership().await;
    p.advocate.put("/partner/v1/me/contact", json!({"email": "asha@support.example"})).await.expect(200);
    let drill = p.support_supervisor.post("/partner/v1/exercises", json!({"survivor_id": p.survivor.id})).await;
    let reference = text(&drill.expect(201), "reference");
    app.settle().await;
    let mail = &out.mail.mails()[0];
    assert_eq!(mail.header("subject").unwrap(), "Exercise: something waits for you");
    let words = "This is an exercise, a drill. Something waits for you in the portal:";
    assert_eq!(mail.text(), format!("{words} {reference}, level 4."));
});
