//! What of an alert reaches the police, and when: the fast ladder, the force of the place, the location, what is told of
//! harm, and what the police say that closes an emergency.

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::partnership::{self, CODE_WORD};
use crate::harness::{Answer, Partnership, TestApp, instant, on_both, text};

const PLACE: (f64, f64) = (53.3811, -1.4701);

fn place() -> Value {
    json!({"lat": PLACE.0, "lon": PLACE.1, "accuracy_m": 12.0})
}

/// Reports an incident, with whatever differs from a plain one; answers its id.
async fn report(p: &Partnership, change: Value) -> String {
    let mut body = json!({"happened": {"precision": "unknown"}, "behaviours": ["message_text"], "account": "It was them.",
        "fear": 1, "visibility": "police", "recorded_at": p.phone().http.now()});
    body.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
    text(&p.phone().post("/app/v1/incidents", body).await.expect(201), "id")
}

async fn alert_of(p: &Partnership, rule: &str) -> Value {
    let found = p.alerts().await.into_iter().find(|alert| alert["rule"] == rule);
    found.unwrap_or_else(|| panic!("no alert of {rule}"))
}

/// What the force's system reads of an alert for an officer.
async fn read(p: &Partnership, reference: &str, officer: &str) -> Value {
    let headers = [("holdfast-officer", officer), ("holdfast-reason", "Attending")];
    p.police_system.send(Method::GET, &format!("/police/v1/alerts/{reference}"), &headers, None).await.expect(200)
}

async fn police_say(p: &Partnership, reference: &str, outcome: &str) {
    let body = json!({"officer": p.officer.username, "outcome": outcome});
    p.police_system.post(&format!("/police/v1/alerts/{reference}/outcome"), body).await.expect(200);
}

on_both!(a_grave_behaviour_reaches_the_police_a_quarter_of_an_hour_later, |app| async {
    let p = app.partnership().await;
    p.consent(&["alert.police.missed"]).await;
    report(&p, json!({"behaviours": ["threat_to_kill"]})).await;
    app.advance_seconds(15 * 60 - 1).await;
    assert!(p.police.received().is_empty());
    app.advance_seconds(1).await;
    let data = p.police.messages()[0].json()["data"].clone();
    assert_eq!((&data["event"], &data["level"]), (&json!("critical_behaviour"), &json!(3)));
    assert_eq!(data["facts"]["threat"], json!(["threat_to_kill"]));
    assert_eq!(data["agreement"]["setting"], "alert.police.missed");
});

on_both!(a_grave_behaviour_that_was_not_meant_for_the_police_is_a_persons_decision, |app| async {
    let p = app.partnership().await;
    p.consent(&["alert.police.missed"]).await;
    report(&p, json!({"behaviours": ["threat_to_kill"], "visibility": "advocate"})).await;
    app.advance(15).await;
    assert!(p.police.received().is_empty());
    assert_eq!(p.tasks("police_not_allowed").await.len(), 1);
    assert_eq!(alert_of(&p, "critical_behaviour").await["police_allowed"], false);
});

on_both!(a_participants_intent_reaches_the_police_on_the_fast_ladder, |app| async {
    let p = app.partnership().await;
    p.consent(&["alert.police.missed"]).await;
    let body = json!({"kind": "intent_to_contact", "is_imminent": false, "note": "Said so in the session."});
    p.practitioner.post(&format!("/partner/v1/participants/{}/concerns", p.participant), body).await.expect(201);
    app.advance(14).await;
    assert!(p.police.received().is_empty());
    app.advance(1).await;
    let data = p.police.messages()[0].json()["data"].clone();
    assert_eq!((&data["event"], &data["level"]), (&json!("participant_concern"), &json!(3)));
});

on_both!(an_outcome_closes_an_emergency_only_where_it_settles_something_and_is_confirmed, |app| async {
    let p = app.partnership().await;
    p.consent(&["alert.police.help_now"]).await;
    let told = p.help_now().await;
    let (id, reference) = (text(&told, "id"), text(&told, "reference"));
    app.settle().await;
    let confirmed = json!({"note": "The control room rang back.", "outcome_confirmed": true});
    p.act(&id, "resolve", confirmed.clone()).await.refused(409, "code_word_needed");
    for outcome in ["no_trace", "not_attended", "referred"] {
        police_say(&p, &reference, outcome).await;
        p.act(&id, "resolve", confirmed.clone()).await.refused(409, "code_word_needed");
    }
    police_say(&p, &reference, "safe_and_well").await;
    let doubted = json!({"note": "So they say.", "outcome_confirmed": false});
    p.act(&id, "resolve", doubted).await.refused(409, "code_word_needed");
    p.act(&id, "release-outcome", json!({})).await.expect(200);
    assert_eq!(p.act(&id, "resolve", confirmed.clone()).await.expect(200)["state"], "resolved");
    let closing = alert_of(&p, "help_now").await["acknowledgements"].as_array().unwrap().last().unwrap().clone();
    assert_eq!(closing["detail"]["outcome_confirmed"], true);

    // Opened again, what was said before neither closes it nor shows as true.
    p.act(&id, "reopen", json!({"reason": "new_information"})).await.expect(200);
    p.act(&id, "resolve", confirmed).await.refused(409, "code_word_needed");
    let own = p.phone().get(&format!("/app/v1/alerts/{id}")).await.expect(200);
    assert_eq!(own["outcome"], Value::Null);
    let updates = p.phone().list("/app/v1/updates").await;
    assert!(updates.len() == 1 && updates[0]["is_superseded"] == true, "{updates:?}");
    p.act(&id, "resolve", json!({"note": "Safe.", "code_word": CODE_WORD})).await.expect(200);
    app.settle().await;
});

on_both!(the_place_that_a_timer_was_started_at_reaches_an_officer_while_the_alert_is_open, |app| async {
    let p = app.partnership().await;
    p.consent(&["alert.police.missed", "location.moment", "location.release_alert"]).await;
    p.phone().post("/app/v1/timers", json!({"minutes": 20, "location": place()})).await.expect(201);
    app.advance(35).await;
    let message = p.police.messages()[0].json();
    assert_eq!(message["data"]["location"], json!({"available": true}));
    assert!(!message.to_string().contains("53.38"), "{message}");
    let reference = text(&message["data"], "alert");
    let first = read(&p, &reference, "pc.4417").await;
    assert_eq!((&first["location"]["lat"], &first["location_released"]), (&json!(PLACE.0), &Value::Null));
    let again = read(&p, &reference, "pc.4417").await;
    // An answer may be lost: the officer asks again.
    assert_eq!((&again["location"], &again["location_released"]), (&first["location"], &Value::Null));
    assert_eq!(again["data"]["location"], json!({"available": true}));
    let disclosed = p.phone().list("/app/v1/disclosures").await;
    let with_place = |line: &&Value| line["what"].as_array().unwrap().contains(&json!("location"));
    assert_eq!(disclosed.iter().filter(with_place).count(), 2);
    // The people on duty hear of it once, and of whom.
    let opened = p.tasks("place_opened").await;
    assert_eq!((opened.len(), &opened[0]["opened_by"]), (1, &json!("pc.4417 Ashworth")), "{opened:?}");
});

on_both!(the_place_of_a_timer_that_was_not_released_is_nobodys, |app| async {
    let p = app.partnership().await;
    p.consent(&["alert.police.missed", "location.moment"]).await;
    p.phone().post("/app/v1/timers", json!({"minutes": 20, "location": place()})).await.expect(201);
    app.advance(35).await;
    let data = p.police.messages()[0].json()["data"].clone();
    assert_eq!(data["location"], Value::Null);
    let detail = read(&p, &text(&data, "alert"), "pc.4417").await;
    assert_eq!((&detail["location"], &detail["location_released"]), (&Value::Null, &Value::Null));
    let id = text(&alert_of(&p, "timer_expired").await, "id");
    p.act(&id, "location", json!({"reason": "Calling 999"})).await.refused(404, "not_found");
});

/// Derbyshire's police, with a receiver of their own.
async fn derbyshire(app: &TestApp, p: &Partnership) -> std::sync::Arc<crate::harness::Police> {
    let body = json!({"kind": "police_force", "name": "Derbyshire Constabulary", "force_id": "derbyshire"});
    let force = partnership::organisation(&p.admin, body).await;
    let police = app.police();
    partnership::endpoint(&p.admin, &force, &police).await;
    police
}

on_both!(an_incident_goes_to_the_force_of_its_place, |app| async {
    let p = app.partnership().await;
    let there = derbyshire(app, &p).await;
    p.consent(&["alert.police.help_now"]).await;
    let now = json!({"behaviours": ["attend_home"], "happening_now": true, "force_id": "derbyshire"});
    let incident = report(&p, now).await;
    app.settle().await;
    assert_eq!((p.police.messages().len(), there.messages().len()), (0, 1));
    assert_eq!(there.messages()[0].json()["data"]["force"], "derbyshire");
    let own = p.phone().get(&format!("/app/v1/incidents/{incident}")).await.expect(200);
    assert_eq!(own["force_id"], "derbyshire", "{own}");
    let disclosed = p.phone().list("/app/v1/disclosures").await;
    assert_eq!(disclosed[0]["recipient"], "Derbyshire Constabulary");
});

on_both!(a_place_whose_force_takes_no_alerts_leaves_it_to_the_home_force, |app| async {
    let p = app.partnership().await;
    p.consent(&["alert.police.help_now"]).await;
    let incident = |force: &str, is_now: bool| {
        json!({"happened": {"precision": "unknown"}, "behaviours": ["attend_home"], "account": "Here.", "fear": 4,
            "visibility": "police", "happening_now": is_now, "force_id": force, "recorded_at": app.now()})
    };
    let refused = p.phone().post("/app/v1/incidents", incident("atlantis", false)).await.refused(422, "invalid");
    assert_eq!(refused["errors"][0]["pointer"], "/force_id", "{refused}");
    p.phone().post("/app/v1/incidents", incident("derbyshire", true)).await.expect(201);
    app.settle().await;
    assert_eq!(p.police.messages()[0].json()["data"]["force"], partnership::FORCE);
});

on_both!(harm_is_told_as_far_as_it_is_shared_and_no_further_at_the_next_attempt, |app| async {
    let p = app.partnership().await;
    p.consent(&["alert.police.help_now", "share.police.incident"]).await;
    p.police.answers_next(&[Answer::Status(503)]);
    let now = json!({"behaviours": ["attend_home"], "happening_now": true, "fear": 4, "impact": 3,
        "children_present": true});
    report(&p, now).await;
    app.settle().await;
    p.decide("share.police.incident", false).await;
    app.advance_seconds(2).await;
    let received = p.police.received();
    let facts = |at: usize| received[at].json()["data"]["facts"].clone();
    assert_eq!(facts(0)["harm"], json!({"fear": 4, "impact": 3}));
    assert_eq!(facts(0)["vulnerability"], json!(["children_present"]));
    assert_eq!(received[1].id, received[0].id);
    assert_eq!((&facts(1)["harm"], &facts(1)["vulnerability"]), (&json!("not_stated"), &json!([])));
});

on_both!(an_officers_answer_has_a_field_of_its_own_for_each_thing, |app| async {
    let p = app.partnership().await;
    p.consent(&["alert.police.help_now"]).await;
    let told = p.help_now().await;
    app.settle().await;
    let body = json!({"officer": p.officer.username, "force_reference": "SYP-20261121-0812", "grade": "grade_1",
        "action": "unit_sent", "note": "On its way."});
    let path = format!("/police/v1/alerts/{}/acknowledge", text(&told, "reference"));
    p.police_system.post(&path, body).await.expect(200);
    let answer = alert_of(&p, "help_now").await["acknowledgements"][0].clone();
    assert_eq!((&answer["force_reference"], &answer["note"]), (&json!("SYP-20261121-0812"), &json!("On its way.")));
    assert_eq!((&answer["detail"]["grade"], &answer["detail"]["action"]), (&json!("grade_1"), &json!("unit_sent")));
    // Neither is the programme's to read.
    p.consent(&["share.programme.status"]).await;
    let seen = p.practitioner.list("/partner/v1/alerts").await;
    assert_eq!(seen[0]["acknowledgements"][0]["force_reference"], Value::Null);
});

on_both!(a_level_that_rises_after_the_police_were_told_is_an_escalation_of_what_they_know, |app| async {
    let p = app.partnership_with_risk("standard").await;
    p.consent(&["alert.police.breach", "alert.police.help_now"]).await;
    report(&p, json!({"order_condition_id": p.condition})).await;
    app.advance_seconds(1).await;
    let first = p.police.messages()[0].clone();
    assert_eq!((&first.json()["type"], &first.json()["data"]["level"]), (&json!("safety.alert.raised"), &json!(3)));
    let id = text(&alert_of(&p, "order_breach").await, "id");
    let body = json!({"level": 4, "note": "A neighbour saw them at the gate."});
    p.act(&id, "raise-level", body).await.expect(200);
    app.settle().await;
    let messages = p.police.messages();
    assert_eq!(messages.len(), 2);
    let second = messages[1].json();
    assert_eq!((&second["type"], &second["data"]["level"]), (&json!("safety.alert.escalated"), &json!(4)));
    assert_eq!(second["data"]["refers_to"], first.id.as_str());
    let delivered = alert_of(&p, "order_breach").await["deliveries"].as_array().unwrap().clone();
    assert!(delivered.iter().all(|delivery| delivery["state"] == "delivered"), "{delivered:?}");
});

on_both!(a_further_breach_after_the_ladder_has_ended_begins_it_anew, |app| async {
    let p = app.partnership_with_risk("standard").await;
    p.consent(&["alert.police.breach"]).await;
    let breach = json!({"order_condition_id": p.condition});
    report(&p, breach.clone()).await;
    app.advance(30 + 4 * 60 + 24 * 60).await;
    let told = async |audience: &str| {
        let alert = alert_of(&p, "order_breach").await;
        let lines = alert["steps"].as_array().unwrap().iter();
        lines.filter(|step| step["detail"]["told"][0]["audience"] == audience).count()
    };
    assert_eq!((told("advocate").await, told("supervisor").await), (1, 2));
    let before = p.police.messages().len();
    report(&p, breach).await;
    app.settle().await;
    // The police hear at once. The supervisor was paged this minute, so that the next page waits until it is over.
    assert_eq!((p.police.messages().len(), told("advocate").await), (before + 1, 1));
    app.advance_seconds(59).await;
    assert_eq!(told("advocate").await, 1);
    app.advance_seconds(1).await;
    assert_eq!((p.police.messages().len(), told("advocate").await), (before + 1, 2));
    // The ladder goes on from its first step.
    app.advance(29).await;
    assert_eq!(told("supervisor").await, 2);
    app.advance(1).await;
    assert_eq!((told("advocate").await, told("supervisor").await), (2, 3));
});

on_both!(a_breach_counts_by_the_day_it_happened_however_late_it_is_told, |app| async {
    let p = app.partnership().await;
    p.consent(&["alert.police.breach"]).await;
    let conditions = json!([{"kind": "prohibition", "code": "no_contact", "wording": "No contact"}]);
    let order = json!({"kind": "non_molestation", "made_on": "2026-09-01", "served_on": "2026-09-01",
        "expires_on": "2026-11-21", "conditions": conditions});
    let path = format!("/partner/v1/participants/{}/orders", p.participant);
    let condition = text(&p.practitioner.post(&path, order).await.expect(201)["conditions"][0], "id");
    app.advance_to(instant("2026-11-22T08:00:00Z")).await;
    let at = |from: &str| {
        let happened = json!({"precision": "exact", "from": from});
        json!({"order_condition_id": condition, "happened": happened})
    };
    report(&p, at("2026-11-21T23:30:00Z")).await;
    app.settle().await;
    assert_eq!((alert_of(&p, "order_breach").await["level"].clone(), p.police.messages().len()), (json!(3), 1));
    // The order was over by then.
    let mut late = at("2026-11-22T00:30:00Z");
    let more = json!({"behaviours": ["message_text"], "account": "Again", "fear": 1, "visibility": "police",
        "recorded_at": app.now_text()});
    late.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    p.phone().post("/app/v1/incidents", late).await.refused(422, "unknown_reference");
});

on_both!(turning_the_setting_on_while_the_alert_is_open_tells_the_police_at_once, |app| async {
    let p = app.partnership().await;
    let pressed = p.help_now().await;
    app.settle().await;
    assert_eq!((&pressed["police_will_be_told"], p.police.messages().len()), (&json!(false), 0));
    assert_eq!(p.tasks("police_not_allowed").await.len(), 1);
    // Another setting is no word about this one.
    p.consent(&["alert.police.breach"]).await;
    app.settle().await;
    assert!(p.police.messages().is_empty());
    p.consent(&["alert.police.help_now"]).await;
    app.settle().await;
    assert_eq!(p.police.messages().len(), 1);
    let own = p.phone().get(&format!("/app/v1/alerts/{}", text(&pressed, "id"))).await.expect(200);
    assert_eq!(own["police_will_be_told"], true);
});

on_both!(an_officers_answer_ends_no_message_of_what_happened_since, |app| async {
    let p = app.partnership_with_risk("standard").await;
    p.consent(&["alert.police.breach"]).await;
    report(&p, json!({"order_condition_id": p.condition})).await;
    app.settle().await;
    let alert = alert_of(&p, "order_breach").await;
    app.advance(1).await;
    p.police.answers(Answer::Status(503));
    report(&p, json!({"order_condition_id": p.condition})).await;
    app.settle().await;
    let path = format!("/police/v1/alerts/{}/acknowledge", text(&alert, "reference"));
    p.police_system.post(&path, json!({"officer": p.officer.username})).await.expect(200);
    let before = p.police.received().len();
    p.police.answers(Answer::Status(200));
    app.advance_seconds(3).await;
    assert_eq!(p.police.received().len(), before + 1, "of the second breach they have not heard");
    let states = alert_of(&p, "order_breach").await["deliveries"].as_array().unwrap().clone();
    assert!(states.iter().all(|delivery| delivery["state"] == "delivered"), "{states:?}");
});
