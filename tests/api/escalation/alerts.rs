//! Alerts: raised by every rule, taken up, raised by hand, opened again; held back where they may be, and never where
//! they may not.

use serde_json::{Value, json};

use crate::harness::partnership::{self, CODE_WORD, FORCE, PARTICIPANT_NAME, SURVIVOR_NAME};
use crate::harness::{Partnership, TestApp, instant, on_both, text};

/// The newest alert of a rule.
async fn alert_of(p: &Partnership, rule: &str) -> Value {
    let found = find_alert(p, rule).await;
    found.unwrap_or_else(|| panic!("no alert of {rule}"))
}

async fn find_alert(p: &Partnership, rule: &str) -> Option<Value> {
    p.alerts().await.into_iter().find(|alert| alert["rule"] == rule)
}

fn steps(alert: &Value) -> Vec<(String, String)> {
    let told = |step: &Value| text(&step["detail"]["told"][0], "audience");
    alert["steps"].as_array().unwrap().iter().map(|step| (text(step, "at"), told(step))).collect()
}

async fn concern(p: &Partnership, app: &TestApp) -> Value {
    let body = json!({"status": "concern", "recorded_at": app.now_text()});
    let answered = p.phone().post("/app/v1/check-ins", body).await.expect(201);
    p.advocate.get(&format!("/partner/v1/alerts/{}", text(&answered["alert"], "id"))).await.expect(200)
}

async fn incident(p: &Partnership, behaviour: &str, at: &str, visibility: &str) -> String {
    let body = json!({"happened": {"precision": "exact", "from": at}, "behaviours": [behaviour], "account": "It was them.",
        "fear": 1, "visibility": visibility, "recorded_at": p.phone().http.now()});
    text(&p.phone().post("/app/v1/incidents", body).await.expect(201), "id")
}

on_both!(an_alert_is_opened_again_within_72_hours_and_climbs_from_the_foot, |app| async {
    let p = app.partnership().await;
    p.consent(&["alert.police.help_now"]).await;
    let id = text(&p.help_now().await, "id");
    app.settle().await;
    let reopen = json!({"reason": "new_information", "note": "The call came from another phone."});
    p.act(&id, "reopen", reopen.clone()).await.refused(409, "wrong_state");
    p.act(&id, "resolve", json!({"note": "Safe.", "code_word": CODE_WORD, "reason": "spoke_at_home"}))
        .await
        .expect(200);
    app.advance(72 * 60).await;
    assert_eq!(p.act(&id, "reopen", reopen.clone()).await.expect(200)["state"], "open");
    app.settle().await;
    let alert = alert_of(&p, "help_now").await;
    assert_eq!(alert["acknowledgements"].as_array().unwrap().last().unwrap()["kind"], "reopened");
    assert_eq!(steps(&alert).last().unwrap(), &(app.now_text(), "call_999".to_owned()));
    // The police learn of it, and that it is not the first they hear of it.
    assert_eq!(p.police.received().last().unwrap().json()["type"], "safety.alert.updated");
    app.advance(7).await;
    assert_eq!(steps(&alert_of(&p, "help_now").await).last().unwrap().1, "call_999");

    p.act(&id, "resolve", json!({"note": "Safe.", "code_word": CODE_WORD})).await.expect(200);
    app.advance(72 * 60 + 1).await;
    p.act(&id, "reopen", reopen).await.refused(409, "wrong_state");
});

on_both!(an_old_alert_is_not_opened_beside_a_newer_one_of_its_kind, |app| async {
    let p = app.partnership().await;
    let old = text(&p.help_now().await, "id");
    p.act(&old, "resolve", json!({"note": "Safe.", "code_word": CODE_WORD})).await.expect(200);
    p.help_now().await;
    p.act(&old, "reopen", json!({"reason": "mistake"})).await.refused(409, "wrong_state");
});

on_both!(people_raise_a_level_and_nobody_lowers_it, |app| async {
    let p = app.partnership_with_risk("standard").await;
    p.consent(&["alert.police.help_now"]).await;
    let alert = concern(&p, app).await;
    let id = text(&alert, "id");
    assert_eq!((&alert["level"], &alert["police_allowed"]), (&json!(2), &json!(false)));
    p.act(&id, "acknowledge", json!({"note": "Ringing."})).await.expect(200);
    let raise = |level: i32| json!({"level": level, "note": "A neighbour saw them at the gate."});
    p.act(&id, "raise-level", raise(2)).await.refused(409, "wrong_state");
    p.act(&id, "raise-level", raise(1)).await.refused(422, "invalid");
    assert_eq!(p.act(&id, "raise-level", raise(4)).await.expect(200)["state"], "open");
    app.settle().await;
    let alert = alert_of(&p, "concern").await;
    assert_eq!((&alert["level"], steps(&alert).last().unwrap().1.as_str()), (&json!(4), "call_999"));
    assert_eq!(alert["acknowledgements"][1]["kind"], "level_raised");
    assert_eq!(p.police.messages().len(), 1);
    p.act(&id, "raise-level", raise(3)).await.refused(409, "wrong_state");
    // An emergency now: it takes the code word.
    p.act(&id, "resolve", json!({"note": "Safe."})).await.refused(409, "code_word_needed");
    app.advance(5).await;
    p.act(&id, "resolve", json!({"note": "Safe.", "code_word": CODE_WORD})).await.expect(200);
    app.settle().await;
});

on_both!(an_acknowledged_emergency_without_progress_climbs_again_after_five_minutes, |app| async {
    let p = app.partnership().await;
    let id = text(&p.help_now().await, "id");
    p.act(&id, "acknowledge", json!({"note": "Ringing."})).await.expect(200);
    let before = steps(&alert_of(&p, "help_now").await).len();
    app.advance(4).await;
    p.act(&id, "progress", json!({"note": "Rang twice."})).await.expect(200);
    app.advance(4).await;
    assert_eq!(steps(&alert_of(&p, "help_now").await).len(), before);
    app.advance(1).await;
    let alert = alert_of(&p, "help_now").await;
    assert_eq!((&alert["state"], steps(&alert).len()), (&json!("open"), before + 1));
});

on_both!(three_incidents_in_seven_days_are_a_pattern_and_private_ones_are_nobodys, |app| async {
    let p = app.partnership_with_risk("standard").await;
    incident(&p, "message_text", "2026-11-15T12:00:00Z", "advocate").await;
    incident(&p, "message_text", "2026-11-17T12:00:00Z", "private").await;
    incident(&p, "message_text", "2026-11-18T12:00:00Z", "advocate").await;
    assert!(find_alert(&p, "pattern").await.is_none());
    let third = incident(&p, "message_text", "2026-11-20T12:00:00Z", "advocate").await;
    let alert = alert_of(&p, "pattern").await;
    assert_eq!((&alert["level"], &alert["police_allowed"]), (&json!(2), &json!(false)));
    incident(&p, "message_text", "2026-11-21T08:00:00Z", "advocate").await;
    let ids: Vec<String> = p.alerts().await.iter().map(|alert| text(alert, "id")).collect();
    assert_eq!(ids, [text(&alert, "id")], "{third} opened one alert, and the fourth incident no second");
});

on_both!(a_step_from_afar_to_in_person_and_a_new_channel_are_patterns, |app| async {
    let p = app.partnership_with_risk("standard").await;
    incident(&p, "message_text", "2026-10-30T12:00:00Z", "advocate").await;
    incident(&p, "contact_new_account", "2026-11-12T12:00:00Z", "advocate").await;
    let channel = alert_of(&p, "pattern").await;
    p.act(&text(&channel, "id"), "resolve", json!({"note": "Number blocked."})).await.expect(200);
    incident(&p, "loiter", "2026-11-20T12:00:00Z", "advocate").await;
    assert_ne!(alert_of(&p, "pattern").await["id"], channel["id"]);
});

/// Plans a session and records that the participant stayed away.
async fn stays_away(p: &Partnership, number: i32, how: &str) -> String {
    let sessions = format!("/partner/v1/participants/{}/sessions", p.participant);
    let body =
        json!({"number": number, "module": "mindfulness", "planned_at": "2026-11-20T10:00:00Z", "mode": "in_person"});
    let id = text(&p.practitioner.post(&sessions, body).await.expect(201), "id");
    let path = format!("{sessions}/{id}/attendance");
    let answer = p.practitioner.put(&path, json!({"attendance": how})).await;
    answer.expect(200);
    assert!(!answer.body.contains("alert") && !answer.body.contains(&p.survivor.id), "{}", answer.body);
    path
}

on_both!(a_second_unacceptable_absence_is_a_concern_and_recorded_twice_it_counts_once, |app| async {
    let p = app.partnership().await;
    let path = stays_away(&p, 1, "not_attended_unacceptable").await;
    p.practitioner.put(&path, json!({"attendance": "not_attended_unacceptable"})).await.expect(200);
    stays_away(&p, 2, "not_attended_acceptable").await;
    assert!(find_alert(&p, "session_absence").await.is_none());
    stays_away(&p, 3, "not_attended_unacceptable").await;
    let alert = alert_of(&p, "session_absence").await;
    assert_eq!((&alert["level"], &alert["case_id"]), (&json!(2), &json!(p.case)));
    assert_eq!(alert["survivor_id"], p.survivor.id.as_str());
    app.settle().await;
});

on_both!(where_an_order_demands_attendance_the_first_absence_is_urgent, |app| async {
    let p = app.partnership_with_risk("standard").await;
    let order = json!({"kind": "spo", "made_on": "2026-09-01", "conditions": [{"kind": "requirement",
        "code": "attend_programme", "wording": "To attend the programme"}]});
    p.practitioner.post(&format!("/partner/v1/participants/{}/orders", p.participant), order).await.expect(201);
    stays_away(&p, 1, "not_attended_unacceptable").await;
    assert_eq!(alert_of(&p, "session_absence").await["level"], 3);
});

on_both!(a_fear_does_not_wait_for_a_link_to_be_approved, |app| async {
    let p = app.partnership().await;
    let other = partnership::survivor(&app.http, &p.advocate, "high").await;
    partnership::case(&p.advocate, &other.reference, &p.participant_reference).await;
    let fear = json!({"kind": "intent_to_harm", "is_imminent": true, "note": "He left with a knife"});
    p.practitioner.post(&format!("/partner/v1/participants/{}/concerns", p.participant), fear).await.expect(201);
    let told: Vec<Value> = p.alerts().await.into_iter().filter(|alert| alert["level"] == 4).collect();
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told.iter().any(|alert| alert["survivor_id"] == other.id.as_str()));
});

on_both!(a_practitioners_fear_reaches_the_advocate_and_nothing_of_the_survivor_comes_back, |app| async {
    let p = app.partnership_with_risk("standard").await;
    p.consent(&["alert.police.help_now"]).await;
    let path = format!("/partner/v1/participants/{}/concerns", p.participant);
    let fear = |kind: &str, is_imminent: bool| json!({"kind": kind, "is_imminent": is_imminent, "note": "Xanthippe said so", "words": "May ring on Friday"});
    let made = p.practitioner.post(&path, fear("intent_to_contact", false)).await;
    made.expect(201);
    for kept in [SURVIVOR_NAME, &p.survivor.id, &p.survivor.reference, "alert"] {
        assert!(!made.body.contains(kept), "{kept} in {}", made.body);
    }
    app.settle().await;
    let alert = alert_of(&p, "participant_concern").await;
    assert_eq!((&alert["level"], &alert["case_id"]), (&json!(3), &json!(p.case)));
    assert_eq!(alert["steps"][0]["detail"]["told"].as_array().unwrap().len(), 3);
    assert!(!alert.to_string().contains("Xanthippe") && !alert.to_string().contains(PARTICIPANT_NAME));
    // The programme sees alerts with the survivor's agreement alone.
    assert_eq!(p.practitioner.list("/partner/v1/alerts").await, Vec::<Value>::new());

    p.act(&text(&alert, "id"), "acknowledge", json!({"note": "Ringing."})).await.expect(200);
    p.practitioner.post(&path, fear("intent_to_harm", true)).await.expect(201);
    app.settle().await;
    let alert = alert_of(&p, "participant_concern").await;
    assert_eq!((&alert["level"], &alert["state"]), (&json!(4), &json!("open")));
    assert_eq!(p.tasks("call_999").await.len(), 1);
    let message = p.police.messages()[0].json();
    assert_eq!(
        (&message["data"]["event"], &message["data"]["urgency"]),
        (&json!("participant_concern"), &json!("immediate"))
    );
    assert_eq!(p.practitioner.list(&path).await.len(), 2);
});

on_both!(an_incident_that_nobody_reads_in_a_day_is_told_to_the_supervisor, |app| async {
    let p = app.partnership_with_risk("standard").await;
    incident(&p, "message_text", "2026-11-20T12:00:00Z", "private").await;
    incident(&p, "message_text", "2026-11-20T12:00:00Z", "advocate").await;
    app.advance_to(instant("2026-11-22T11:59:59Z")).await;
    assert_eq!(p.alerts().await, Vec::<Value>::new());
    app.advance_to(instant("2026-11-22T12:00:00Z")).await;
    let alert = alert_of(&p, "unreviewed").await;
    assert_eq!(alert["level"], 2);
    assert_eq!(alert["steps"][0]["detail"]["told"][0]["staff"], json!([p.support_supervisor.id]));
});

on_both!(reading_an_incident_in_the_list_or_in_the_case_is_reading_it, |app| async {
    let p = app.partnership_with_risk("standard").await;
    p.consent(&["share.programme.status", "share.programme.incident_summary", "share.programme.incident_full"]).await;
    let id = incident(&p, "message_text", "2026-11-20T12:00:00Z", "programme_full").await;
    // The programme's reading is not the advocate's.
    p.practitioner.get(&format!("/partner/v1/cases/{}/view", p.case)).await.expect(200);
    let list = format!("/partner/v1/survivors/{}/incidents", p.survivor.id);
    assert_eq!(p.advocate.list(&list).await[0]["id"], id.as_str());
    incident(&p, "message_email", "2026-11-01T12:00:00Z", "advocate").await;
    p.advocate.get(&format!("/partner/v1/cases/{}/view", p.case)).await.expect(200);
    app.advance(25 * 60).await;
    assert_eq!(p.alerts().await, Vec::<Value>::new());
    incident(&p, "message_text", "2026-10-20T12:00:00Z", "programme_full").await;
    p.practitioner.get(&format!("/partner/v1/cases/{}/view", p.case)).await.expect(200);
    app.advance(25 * 60).await;
    alert_of(&p, "unreviewed").await;
});

on_both!(an_alert_whose_ladder_ended_unanswered_is_raised_anew_for_the_supervisor, |app| async {
    let p = app.partnership_with_risk("standard").await;
    concern(&p, app).await;
    app.advance(27 * 60).await;
    assert_eq!(p.tasks("supervisor_decision").await.len(), 1);
    assert!(find_alert(&p, "unreviewed").await.is_none());
    app.advance(24 * 60).await;
    let alert = alert_of(&p, "unreviewed").await;
    assert_eq!(steps(&alert).len(), 1);
    // And every day until somebody takes it up.
    app.advance(24 * 60).await;
    assert_eq!(steps(&alert_of(&p, "unreviewed").await).len(), 2);
});

on_both!(a_storm_of_misses_holds_concerns_ten_minutes_and_nothing_graver, |app| async {
    let p = app.partnership_with_risk("high").await;
    p.schedule("14:00").await;
    for _ in 0..24 {
        let body = json!({"preferred_name": SURVIVOR_NAME, "home_force_id": FORCE, "risk_rating": "standard"});
        let id = text(&p.advocate.post("/partner/v1/survivors", body).await.expect(201), "id");
        let schedule = json!({"time_zone": "Europe/London", "local_times": ["14:00"], "opens_minutes_before": 60,
            "grace_minutes": 30});
        p.advocate.post(&format!("/partner/v1/survivors/{id}/schedules"), schedule).await.expect(201);
    }
    app.advance_to(instant("2026-11-21T14:30:00Z")).await;
    let alerts = p.alerts().await;
    assert_eq!(alerts.len(), 25);
    let held: Vec<&Value> = alerts.iter().filter(|alert| alert["steps"] == json!([])).collect();
    // Several are raised at the same moment and may not see each other; most do.
    assert!((8..=16).contains(&held.len()), "{}", held.len());
    for alert in &held {
        assert_eq!((&alert["level"], &alert["next_step_at"]), (&json!(2), &json!("2026-11-21T14:40:00Z")));
        let detail = json!({"reason": "storm", "until": "2026-11-21T14:40:00Z"});
        assert_eq!(alert["holds"][0]["detail"], detail);
    }
    let urgent = alerts.iter().find(|alert| alert["level"] == 3).unwrap();
    assert_eq!(steps(urgent)[0].0, "2026-11-21T14:30:00Z");

    let seen = p.admin.get("/admin/v1/storms").await.expect(200);
    let storm = &seen["items"][0];
    assert_eq!((&storm["organisation_id"], &storm["is_live"]), (&json!(p.support), &json!(true)));
    assert_eq!(storm["held_alerts"], held.len());
    assert_eq!(p.support_supervisor.get("/partner/v1/storms").await.expect(200)["items"], seen["items"]);
    assert_eq!(p.programme_supervisor.get("/partner/v1/storms").await.expect(200)["items"], json!([]));

    app.advance(10).await;
    assert!(p.alerts().await.iter().all(|alert| alert["steps"] != json!([])));
    assert_eq!(p.admin.get("/admin/v1/storms").await.expect(200)["items"][0]["is_live"], false);
});

async fn silence(p: &Partnership, body: Value) -> String {
    text(&p.support_supervisor.post("/partner/v1/silences", body).await.expect(201), "id")
}

on_both!(a_silence_holds_notifications_back_records_all_and_ends, |app| async {
    let p = app.partnership().await;
    let until = app.now().plus_hours(2);
    let body = json!({"survivor_id": p.survivor.id, "until": until, "reason": "phone_in_repair"});
    let id = silence(&p, body.clone()).await;
    let alert = concern(&p, app).await;
    assert_eq!((&alert["level"], &alert["steps"], &alert["next_step_at"]), (&json!(3), &json!([]), &json!(until)));
    assert_eq!(alert["holds"][0]["detail"]["reason"], "silence");
    app.advance(60).await;
    assert_eq!(steps(&alert_of(&p, "concern").await), []);
    let end = format!("/partner/v1/silences/{id}/end");
    p.support_supervisor.post(&end, json!({})).await.expect(200);
    p.support_supervisor.post(&end, json!({})).await.refused(409, "wrong_state");
    app.settle().await;
    assert_eq!(steps(&alert_of(&p, "concern").await), [(app.now_text(), "advocate".to_owned())]);
    let all = p.support_supervisor.list("/partner/v1/silences").await;
    assert_eq!((&all[0]["id"], &all[0]["is_live"]), (&json!(id), &json!(false)));

    // One that nobody ends is over by itself.
    let (from, until) = (app.now(), app.now().plus_hours(1));
    silence(&p, json!({"rule_group": "concern", "until": until, "reason": "phone_in_repair"})).await;
    app.advance(61).await;
    let later: Vec<(String, String)> = steps(&alert_of(&p, "concern").await).into_iter().skip(1).collect();
    assert_eq!(later[0], (until.to_string(), "second_duty".to_owned()), "silent since {from}: {later:?}");
});

on_both!(no_silence_holds_an_emergency, |app| async {
    let p = app.partnership().await;
    silence(&p, json!({"survivor_id": p.survivor.id, "until": app.now().plus_hours(24), "reason": "on_holiday"})).await;
    p.help_now().await;
    assert_eq!(steps(&alert_of(&p, "help_now").await)[0].1, "call_999");
    app.advance(7).await;
    assert_eq!(steps(&alert_of(&p, "help_now").await).len(), 3);
    let id = text(&alert_of(&p, "help_now").await, "id");
    p.act(&id, "resolve", json!({"note": "Safe.", "code_word": CODE_WORD})).await.expect(200);
    let quiet = concern(&p, app).await;
    assert_eq!(quiet["steps"], json!([]));
    let raise = json!({"level": 4, "note": "Seen at the gate."});
    p.act(&text(&quiet, "id"), "raise-level", raise).await.expect(200);
    assert_eq!(steps(&alert_of(&p, "concern").await)[0].1, "call_999");
});

on_both!(a_silence_is_short_named_and_a_supervisors, |app| async {
    let p = app.partnership().await;
    let (path, now) = ("/partner/v1/silences", app.now());
    let whose = json!(p.survivor.id);
    for (body, pointer) in [
        (json!({"survivor_id": whose, "until": now.plus_hours(25), "reason": "x"}), "/until"),
        (json!({"survivor_id": whose, "until": now, "reason": "x"}), "/until"),
        (json!({"until": now.plus_hours(1), "reason": "x"}), "/survivor_id"),
        (json!({"rule_group": "emergency", "until": now.plus_hours(1), "reason": "x"}), "/rule_group"),
        (json!({"survivor_id": p.participant, "until": now.plus_hours(1), "reason": "x"}), "/survivor_id"),
        (json!({"survivor_id": whose, "until": now.plus_hours(1), "reason": "In words"}), "/reason"),
    ] {
        let refused = p.support_supervisor.post(path, body.clone()).await.refused(422, "invalid");
        assert_eq!(refused["errors"][0]["pointer"], pointer, "{body}");
    }
    let good = json!({"survivor_id": whose, "until": now.plus_hours(24), "reason": "phone_in_repair"});
    p.advocate.post(path, good.clone()).await.refused(403, "wrong_role");
    p.programme_supervisor.post(path, good.clone()).await.refused(403, "wrong_role");
    silence(&p, good).await;
});

on_both!(an_open_emergency_mutes_lower_alerts_until_it_is_closed_and_hides_none, |app| async {
    let p = app.partnership().await;
    let emergency = text(&p.help_now().await, "id");
    let muted = concern(&p, app).await;
    assert_eq!((&muted["state"], &muted["steps"]), (&json!("open"), &json!([])));
    assert_eq!(muted["holds"][0]["detail"]["reason"], "open_emergency");
    p.act(&emergency, "acknowledge", json!({"note": "Ringing."})).await.expect(200);
    for _ in 0..4 {
        app.advance(4).await;
        p.act(&emergency, "progress", json!({"note": "Rang again."})).await.expect(200);
    }
    let still = alert_of(&p, "concern").await;
    // Looked at again and again, and told once that it is held.
    assert_eq!((&still["steps"], still["holds"].as_array().unwrap().len()), (&json!([]), 1));
    p.act(&emergency, "resolve", json!({"note": "Safe.", "code_word": CODE_WORD})).await.expect(200);
    app.settle().await;
    assert_eq!(steps(&alert_of(&p, "concern").await), [(app.now_text(), "advocate".to_owned())]);
});

on_both!(an_open_emergency_of_one_case_mutes_nothing_of_another, |app| async {
    let p = app.partnership().await;
    let (other, reference) = partnership::participant(&p.practitioner).await;
    let case = partnership::case(&p.advocate, &p.survivor.reference, &reference).await.0;
    for supervisor in [&p.support_supervisor, &p.programme_supervisor] {
        supervisor.post(&format!("/partner/v1/cases/{case}/approve"), json!({})).await.expect(200);
    }
    p.help_now().await;
    let fear = json!({"kind": "intent_to_contact", "is_imminent": false, "note": "Said so", "words": "May ring"});
    let path = |participant: &str| format!("/partner/v1/participants/{participant}/concerns");
    p.practitioner.post(&path(&other), fear.clone()).await.expect(201);
    app.settle().await;
    let told = alert_of(&p, "participant_concern").await;
    assert_eq!((&told["case_id"], &told["holds"]), (&json!(case), &json!([])));
    assert!(!told["steps"].as_array().unwrap().is_empty(), "{told}");
});
