//! Danger that a report tells of: what is happening now is an emergency, what is grave is urgent, and each further one is
//! told again, whoever had taken the alert up.

use serde_json::{Value, json};

use crate::harness::{Partnership, on_both, text};

async fn report(p: &Partnership, behaviour: &str, change: Value) -> Value {
    let mut body = json!({"happened": {"precision": "unknown"}, "behaviours": [behaviour], "account": "They are here.",
        "fear": 2, "visibility": "advocate", "recorded_at": p.phone().http.now()});
    body.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
    p.phone().post("/app/v1/incidents", body).await.expect(201)
}

async fn of_rule(p: &Partnership, rule: &str) -> Vec<Value> {
    p.alerts().await.into_iter().filter(|alert| alert["rule"] == rule).collect()
}

async fn only(p: &Partnership, rule: &str) -> Value {
    let mut found = of_rule(p, rule).await;
    assert_eq!(found.len(), 1, "{rule}: {found:?}");
    found.remove(0)
}

/// Whom each step told, the oldest step first.
fn told(alert: &Value) -> Vec<Vec<String>> {
    let audiences = |step: &Value| {
        let lines = step["detail"]["told"].as_array().unwrap();
        lines.iter().map(|line| text(line, "audience")).collect()
    };
    alert["steps"].as_array().unwrap().iter().map(audiences).collect()
}

on_both!(what_is_happening_now_is_an_emergency_in_person_or_grave_from_afar, |app| async {
    let p = app.partnership_with_risk("standard").await;
    p.consent(&["alert.police.help_now"]).await;
    // From afar and not of the gravest: a concern at most, however much it goes on.
    report(&p, "monitor_online", json!({"happening_now": true})).await;
    assert!(of_rule(&p, "danger_now").await.is_empty());
    report(&p, "threat_to_kill", json!({"happening_now": true})).await;
    let alert = only(&p, "danger_now").await;
    assert_eq!((&alert["level"], &alert["state"], &alert["police_allowed"]), (&json!(4), &json!("open"), &json!(true)));
    app.settle().await;
    assert_eq!(told(&alert)[0], ["call_999", "duty", "advocate", "supervisor", "police"]);
    assert_eq!(p.tasks("call_999").await.len(), 1);
    let messages = p.police.messages();
    let data = &messages[0].json()["data"];
    assert_eq!((messages.len(), &data["event"], &data["level"]), (1, &json!("danger_now"), &json!(4)));
    assert_eq!((&data["urgency"], &data["severity"]), (&json!("immediate"), &json!("extreme")));
    assert!(!messages[0].text().contains("They are here."), "no narrative");
});

on_both!(danger_in_person_is_an_emergency_also_where_the_report_is_kept_private, |app| async {
    let p = app.partnership_with_risk("standard").await;
    p.consent(&["alert.police.help_now"]).await;
    report(&p, "loiter", json!({"happening_now": true, "visibility": "private"})).await;
    assert_eq!(only(&p, "danger_now").await["level"], 4);
    app.settle().await;
    assert_eq!(p.police.messages().len(), 1);
});

on_both!(each_further_danger_tells_everybody_again_even_where_it_was_acknowledged, |app| async {
    let p = app.partnership().await;
    p.consent(&["alert.police.help_now"]).await;
    report(&p, "follow_foot", json!({"happening_now": true})).await;
    app.settle().await;
    let first = only(&p, "danger_now").await;
    let id = text(&first, "id");
    p.act(&id, "acknowledge", json!({"note": "Ringing."})).await.expect(200);
    app.advance(3).await;
    let rested = told(&only(&p, "danger_now").await).len();

    report(&p, "follow_vehicle", json!({"happening_now": true})).await;
    app.settle().await;
    let again = only(&p, "danger_now").await;
    assert_eq!((text(&again, "id"), &again["state"]), (id.clone(), &json!("open")));
    let steps = told(&again);
    assert_eq!((steps.len(), steps.last().unwrap()[0].as_str()), (rested + 1, "call_999"));
    let sequences: Vec<Value> =
        p.police.messages().iter().map(|message| message.json()["data"]["sequence"].clone()).collect();
    assert_eq!(sequences, [1, 2], "the police are told of the second as well");
    // Pressing help-now on top adds to the same emergency.
    let pressed = p.help_now().await;
    assert_eq!(text(&pressed, "id"), id);
    app.settle().await;
    assert_eq!(p.police.messages().len(), 3);
    // Nobody took it up: everybody again within five minutes.
    let before = told(&only(&p, "help_now").await).len();
    app.advance(7).await;
    assert!(told(&only(&p, "help_now").await).len() > before);
});

on_both!(a_grave_act_that_is_over_climbs_the_fast_ladder, |app| async {
    let p = app.partnership_with_risk("standard").await;
    report(&p, "weapon_seen", json!({})).await;
    app.settle().await;
    let alert = only(&p, "critical_behaviour").await;
    assert_eq!((&alert["level"], told(&alert)), (&json!(3), vec![strings(&["advocate", "duty", "survivor_call"])]));
    assert_eq!(p.tasks("call_survivor").await.len(), 1);
    app.advance(5).await;
    let steps = told(&only(&p, "critical_behaviour").await);
    assert_eq!(steps[1..], [strings(&["supervisor", "consider_999"])]);
    assert_eq!(p.tasks("consider_999").await.len(), 1);
    app.advance(10).await;
    assert_eq!(told(&only(&p, "critical_behaviour").await)[2..], [strings(&["police"])]);
    // The survivor lets nobody tell the police: a supervisor decides.
    assert!(p.police.received().is_empty());
    assert_eq!(p.tasks("police_not_allowed").await.len(), 1);
    app.advance(10).await;
    assert_eq!(
        told(&only(&p, "critical_behaviour").await)[3..],
        [strings(&["advocate", "duty", "supervisor", "police"])]
    );
});

fn strings(words: &[&str]) -> Vec<String> {
    words.iter().map(ToString::to_string).collect()
}

on_both!(each_further_grave_act_tells_the_first_again_and_restarts_what_was_acknowledged, |app| async {
    let p = app.partnership_with_risk("standard").await;
    report(&p, "burglary_entry", json!({})).await;
    app.advance(2).await;
    // While it climbs, the climb goes on as it was: beginning anew would put later steps off.
    report(&p, "threat_violence", json!({})).await;
    app.settle().await;
    let alert = only(&p, "critical_behaviour").await;
    let (first, id) = (strings(&["advocate", "duty", "survivor_call"]), text(&alert, "id"));
    assert_eq!(told(&alert), [first.clone(), first.clone()]);
    app.advance(3).await;
    assert_eq!(told(&only(&p, "critical_behaviour").await)[2..], [strings(&["supervisor", "consider_999"])]);

    p.act(&id, "acknowledge", json!({"note": "Ringing."})).await.expect(200);
    app.advance(10).await;
    let rested = told(&only(&p, "critical_behaviour").await).len();
    report(&p, "arson", json!({})).await;
    app.settle().await;
    let alert = only(&p, "critical_behaviour").await;
    assert_eq!((text(&alert, "id"), &alert["state"]), (id, &json!("open")));
    assert_eq!((told(&alert).len(), told(&alert).last()), (rested + 1, Some(&first)));
});
