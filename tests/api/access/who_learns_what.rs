//! What reaches whom, and what no longer does: the other side, another case, a repeat after a block, a force long after.

use holdfast::http::answer;
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::partnership::{self, CODE_WORD};
use crate::harness::{Answer, Partnership, on_both, text};

async fn block(p: &Partnership, whom: Value) {
    p.support_supervisor.post(&format!("/partner/v1/survivors/{}/blocks", p.survivor.id), whom).await.expect(201);
}

async fn alert_for(p: &Partnership, id: &str) -> Value {
    p.practitioner.get(&format!("/partner/v1/alerts/{id}")).await.expect(200)
}

async fn disclosures(p: &Partnership, what: &str) -> usize {
    let told = p.phone().list("/app/v1/disclosures").await;
    told.iter().filter(|row| row["what"] == json!([what])).count()
}

on_both!(the_programme_learns_that_there_is_an_alert_and_nothing_of_how_it_is_met, |app| async {
    let p = app.partnership().await;
    p.consent(&["share.programme.status", "alert.police.help_now"]).await;
    let id = text(&p.help_now().await, "id");
    app.settle().await;
    p.act(&id, "acknowledge", json!({"note": "I am on it."})).await.expect(200);
    let before = disclosures(&p, "alerts").await;
    let seen = alert_for(&p, &id).await;
    assert_eq!(disclosures(&p, "alerts").await, before + 1, "a read is a disclosure");
    for hidden in ["police_allowed", "next_step_at", "outcome", "survivor_id"] {
        assert!(seen.get(hidden).is_none(), "{hidden}: {seen}");
    }
    for empty in ["steps", "holds", "deliveries"] {
        assert_eq!(seen[empty], json!([]), "{empty}: {seen}");
    }
    let taken = seen["acknowledgements"].as_array().unwrap();
    assert!(!taken.is_empty() && taken.iter().all(|line| line["detail"] == json!({}) && line.get("note").is_none()));
    // The survivor's own side sees all of it.
    let own = p.advocate.get(&format!("/partner/v1/alerts/{id}")).await.expect(200);
    assert_eq!(own["police_allowed"], true);
    assert!(!own["steps"].as_array().unwrap().is_empty() && !own["deliveries"].as_array().unwrap().is_empty());
});

on_both!(a_hold_does_not_betray_a_silent_emergency_and_a_shown_one_stays_the_survivors, |app| async {
    let p = app.partnership().await;
    p.consent(&["share.programme.status"]).await;
    p.schedule("12:00").await;
    partnership::unlock_under_duress(&app.http, &p.advocate, &p.survivor.id).await;
    app.settle().await;
    let silent = text(p.alerts().await.iter().find(|alert| alert["rule"] == "duress").expect("duress"), "id");
    app.advance(26 * 60).await;
    let missed = p.alerts().await.into_iter().find(|alert| alert["level"] != 4).expect("a missed check-in");
    assert_eq!(missed["holds"][0]["detail"]["reason"], "open_emergency");
    assert_eq!(alert_for(&p, &text(&missed, "id")).await["holds"], json!([]));
    // Once the phone may show it, it is still no affair of the programme's.
    p.advocate.post(&format!("/partner/v1/alerts/{silent}/release"), json!({})).await.expect(200);
    p.practitioner.get(&format!("/partner/v1/alerts/{silent}")).await.refused(404, "not_found");
    let view = p.practitioner.get(&format!("/partner/v1/cases/{}/view", p.case)).await.expect(200);
    assert!(!view.to_string().contains("duress"), "{view}");
});

on_both!(what_was_said_under_duress_is_no_affair_of_the_programmes, |app| async {
    let p = app.partnership().await;
    p.consent(&["share.programme.status"]).await;
    let safe = |feeling: i32| json!({"status": "safe", "feeling_safe": feeling, "recorded_at": app.now_text()});
    let genuine = text(&p.phone().post("/app/v1/check-ins", safe(1)).await.expect(201), "id");
    app.advance(60).await;
    let forced = partnership::under_duress(&app.http, &p.advocate, &p.survivor.id).await;
    forced.post("/app/v1/check-ins", safe(4)).await.expect(201);
    forced.post("/app/v1/help-now", json!({"recorded_at": app.now_text()})).await.expect(201);
    app.settle().await;
    let (path, timeline) =
        (format!("/partner/v1/cases/{}/view", p.case), format!("/partner/v1/cases/{}/timeline", p.case));
    let check_ins = |view: Value| view["survivor_side"]["check_ins"].clone();
    let seen = check_ins(p.practitioner.get(&path).await.expect(200));
    assert_eq!((&seen["summary"]["last_feeling_safe"], &seen["summary"]["answered"]), (&json!(1), &json!(1)), "{seen}");
    let items = seen["items"].as_array().unwrap();
    assert!(items.len() == 1 && items[0]["id"] == json!(genuine), "{items:?}");
    let of_kind = |items: Vec<Value>| items.into_iter().filter(|item| item["kind"] == "check_in").count();
    assert_eq!(of_kind(p.practitioner.list(&timeline).await), 1);
    // The survivor's own side sees all of it.
    let own = check_ins(p.advocate.get(&path).await.expect(200));
    assert_eq!((&own["summary"]["last_feeling_safe"], own["items"].as_array().unwrap().len()), (&json!(4), 3), "{own}");
    assert_eq!(of_kind(p.advocate.list(&timeline).await), 3);
});

on_both!(a_repeat_tells_nobody_what_they_may_not_see_any_more, |app| async {
    let p = app.partnership().await;
    let plan = format!("/partner/v1/survivors/{}/safety-plan", p.survivor.id);
    let sections = json!({"sections": [{"code": "places_to_go", "text": "Her sister in Leeds"}]});
    p.advocate.send(Method::PUT, &plan, &[("if-match", "\"v0\"")], Some(&sections)).await.expect(200);
    let (confirm, body) = (format!("{plan}/confirm"), json!({"version": 1}));
    let first = p.advocate.post_keyed(&confirm, "again", &body).await;
    let repeat = p.advocate.post_keyed(&confirm, "again", &body).await;
    assert_eq!(repeat.header("idempotent-replayed"), Some("true"));
    assert!(first.body.contains("Leeds"));
    assert_eq!(first.expect(200), repeat.expect(200));
    block(&p, json!({"staff_id": p.advocate.id})).await;
    p.advocate.post_keyed(&confirm, "again", &body).await.refused(404, "not_found");
});

on_both!(an_answer_is_kept_for_repeats_a_week_and_what_was_done_is_never_done_twice, |app| async {
    let p = app.partnership().await;
    let body = json!({"status": "concern", "recorded_at": app.now_text()});
    let first = p.phone().post_keyed("/app/v1/check-ins", "kept", &body).await.expect(201);
    app.advance(7 * 24 * 60).await;
    assert_eq!(answer::forget(&app.inner).await.unwrap(), 0);
    assert_eq!(p.phone().post_keyed("/app/v1/check-ins", "kept", &body).await.expect(201), first);
    app.advance(24 * 60).await;
    assert!(answer::forget(&app.inner).await.unwrap() > 0);
    p.phone().post_keyed("/app/v1/check-ins", "kept", &body).await.refused(409, "already_done");
});

on_both!(a_call_that_a_genuine_session_made_is_repeated_under_duress_and_what_it_was_about_is_not_shown, |app| async {
    let p = app.partnership().await;
    let told = json!({"happened": {"precision": "unknown"}, "behaviours": ["message_text"], "account": "Xanthippe", "fear": 1,
        "visibility": "advocate", "recorded_at": app.now_text()});
    let id = text(&p.phone().post("/app/v1/incidents", told).await.expect(201), "id");
    let withdraw = format!("/app/v1/incidents/{id}/withdraw");
    let genuine = p.phone().post_keyed(&withdraw, "once", &json!({})).await.expect(200);
    let forced = partnership::under_duress(&app.http, &p.advocate, &p.survivor.id).await;
    // The phone that sent it kept the key, and learns what it would have learned then.
    assert_eq!(forced.post_keyed(&withdraw, "once", &json!({})).await.expect(200), genuine);
    forced.post_keyed(&withdraw, "another", &json!({})).await.refused(404, "not_found");
    forced.get(&format!("/app/v1/incidents/{id}")).await.refused(404, "not_found");
    assert!(forced.list("/app/v1/incidents").await.is_empty());
});

on_both!(a_force_pages_past_those_who_keep_it_out_and_a_closed_alert_is_closed_to_it, |app| async {
    let p = app.partnership().await;
    p.consent(&["alert.police.help_now"]).await;
    let alert = p.help_now().await;
    app.settle().await;
    let reference = text(&alert, "reference");
    // Two survivors of the same home force raise theirs later, and one of them keeps the force out.
    for keeps_out in [false, true] {
        let other = partnership::survivor(&app.http, &p.advocate, "high").await;
        let setting = json!({"granted": true, "text_version": "1"});
        other.phone.session.put("/app/v1/consents/alert.police.help_now", setting).await.expect(200);
        partnership::help_now(&other.phone.session).await;
        app.settle().await;
        if keeps_out {
            p.block_force_of(&other.id, &p.force).await;
        }
    }
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = p.police_system.get(&format!("/police/v1/alerts?limit=1{cursor}")).await.expect(200);
        seen.extend(page["items"].as_array().unwrap().iter().map(|item| text(item, "reference")));
        let Some(next) = page["next_cursor"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    assert!(seen.len() == 2 && seen[1] == reference, "{seen:?}");

    let path = format!("/police/v1/alerts/{reference}");
    let stated = [("holdfast-officer", p.officer.username.as_str()), ("holdfast-reason", "Statement")];
    for open in p.alerts().await {
        let closing = json!({"note": "Safe.", "code_word": CODE_WORD});
        p.act(&text(&open, "id"), "resolve", closing).await.expect(200);
    }
    app.advance(7 * 24 * 60).await;
    p.police_system.send(Method::GET, &path, &stated, None).await.expect(200);
    app.advance(1).await;
    p.police_system.send(Method::GET, &path, &stated, None).await.refused(404, "not_found");
    let listed = p.police_system.list("/police/v1/alerts").await;
    let over = listed.iter().find(|item| item["reference"] == reference.as_str()).expect("listed");
    assert!(over["data"].get("facts").is_none() && over["data"].get("police_references").is_none(), "{over}");
});

on_both!(a_breach_that_the_survivor_narrows_is_told_no_further, |app| async {
    let p = app.partnership().await;
    p.consent(&["alert.police.breach"]).await;
    p.police.answers(Answer::Status(503));
    app.leaves_retries();
    let told = |visibility: &str| {
        json!({"happened": {"precision": "unknown"}, "behaviours": ["attend_home"], "account": "At the gate.", "fear": 1,
            "visibility": visibility, "order_condition_id": p.condition, "recorded_at": app.now_text()})
    };
    let id = text(&p.phone().post("/app/v1/incidents", told("police")).await.expect(201), "id");
    app.settle().await;
    let facts = |at: usize| p.police.received()[at].json()["data"]["facts"].clone();
    assert_eq!(facts(0)["threat"], json!(["attend_home"]));
    p.phone().post(&format!("/app/v1/incidents/{id}/amend"), told("advocate")).await.expect(200);
    app.advance(1).await;
    let last = p.police.received().len() - 1;
    assert!(last > 0, "it was tried again");
    assert_eq!(
        (&facts(last)["threat"], &facts(last)["investigation"]["possible_breach"]),
        (&json!("not_stated"), &json!([]))
    );
});

on_both!(a_refusal_by_name_outlives_an_agreement_for_everybody, |app| async {
    let p = app.partnership().await;
    let view = format!("/partner/v1/cases/{}/view", p.case);
    let withheld = |view: Value| view["redactions"].as_array().unwrap().iter().any(|one| one["what"] == "check_ins");
    p.consent(&["share.programme.status"]).await;
    assert!(!withheld(p.practitioner.get(&view).await.expect(200)));
    let decide = |granted: bool, by_name: bool| {
        let mut body = json!({"granted": granted, "text_version": "1"});
        if by_name {
            body["recipient_organisation_id"] = json!(p.programme);
        }
        p.phone().put("/app/v1/consents/share.programme.status", body)
    };
    decide(false, true).await.expect(200);
    assert!(withheld(p.practitioner.get(&view).await.expect(200)));
    let shown = p.phone().list("/app/v1/consents").await;
    let shown = shown.iter().find(|row| row["scope"] == "share.programme.status").expect("the scope");
    assert_eq!((&shown["granted"], &shown["by_name"][0]["granted"]), (&json!(true), &json!(false)), "{shown}");
    assert_eq!(shown["by_name"][0]["organisation_id"], p.programme.as_str());
    // The yearly renewal.
    decide(true, false).await.expect(200);
    assert!(withheld(p.practitioner.get(&view).await.expect(200)));
    decide(true, true).await.expect(200);
    assert!(!withheld(p.practitioner.get(&view).await.expect(200)));
});

on_both!(what_one_participant_did_is_not_told_in_anothers_case, |app| async {
    let p = app.partnership().await;
    p.consent(&["share.programme.status"]).await;
    let (other, reference) = partnership::participant(&p.practitioner).await;
    let (second, _) = partnership::case(&p.advocate, &p.survivor.reference, &reference).await;
    for by in [&p.support_supervisor, &p.programme_supervisor] {
        by.post(&format!("/partner/v1/cases/{second}/approve"), json!({})).await.expect(200);
    }
    let concern = json!({"kind": "intent_to_harm", "is_imminent": false, "note": "Spoke of finding her."});
    p.practitioner.post(&format!("/partner/v1/participants/{other}/concerns"), concern).await.expect(201);
    let rules = |view: Value| -> Vec<String> {
        let items = view["survivor_side"]["alerts"]["items"].as_array().cloned().unwrap_or_default();
        items.iter().map(|alert| text(alert, "rule")).collect()
    };
    let of = |case: &str| {
        let path = format!("/partner/v1/cases/{case}/view");
        let practitioner = &p.practitioner;
        async move { practitioner.get(&path).await }
    };
    assert_eq!(rules(of(&second).await.expect(200)), ["participant_concern"]);
    assert_eq!(rules(of(&p.case).await.expect(200)), Vec::<String>::new());
    let line = p.practitioner.list(&format!("/partner/v1/cases/{}/timeline", p.case)).await;
    assert!(line.iter().all(|item| item["kind"] != "alert"), "{line:?}");
    let line = p.advocate.list(&format!("/partner/v1/cases/{}/timeline", p.case)).await;
    assert!(line.iter().any(|item| item["kind"] == "alert"), "{line:?}");
});
