//! A setting keeps the police out, and two people decide that they are notified all the same.

use serde_json::{Value, json};

use super::on_duty::colleague;
use crate::harness::partnership::CODE_WORD;
use crate::harness::{Partnership, TestApp, on_both, text};

const OVERRIDES: &str = "/partner/v1/overrides";

/// Somebody has pressed for help whose setting keeps the police out.
async fn pressed(app: &TestApp, p: &Partnership) -> Value {
    let alert = p.help_now().await;
    app.settle().await;
    assert_eq!((&alert["police_will_be_told"], p.tasks("police_not_allowed").await.len()), (&json!(false), 1));
    assert!(p.police.messages().is_empty());
    alert
}

fn asked(p: &Partnership, alert: &Value, is_imminent: bool) -> Value {
    json!({"survivor_id": p.survivor.id, "alert_id": alert["id"], "basis": "vital_interests",
        "necessity": "Nobody answers, and the participant is near.", "what": ["alert"],
        "recipient_organisation_id": p.force, "is_imminent": is_imminent})
}

fn below(id: &str, act: &str) -> String {
    format!("{OVERRIDES}/{id}/{act}")
}

on_both!(two_people_have_the_police_notified_and_the_survivor_is_told_in_person, |app| async {
    let p = app.partnership().await;
    let ben = colleague(app, &p, "ben").await;
    let alert = pressed(app, &p).await;
    let made = p.advocate.post(OVERRIDES, asked(&p, &alert, false)).await.expect(201);
    let id = text(&made, "id");
    assert_eq!(made["state"], "awaiting_second_person");
    app.settle().await;
    assert!(p.police.messages().is_empty());
    p.advocate.post(&below(&id, "approve"), json!({})).await.refused(403, "second_person_needed");
    p.practitioner.post(&below(&id, "approve"), json!({})).await.refused(403, "wrong_role");
    let approved = ben.post(&below(&id, "approve"), json!({})).await.expect(200);
    assert_eq!((&approved["state"], &approved["approved_by"]), (&json!("in_force"), &json!(ben.id)));
    ben.post(&below(&id, "approve"), json!({})).await.refused(409, "wrong_state");
    app.settle().await;
    let sent = p.police.messages()[0].json()["data"].clone();
    assert_eq!((&sent["alert"], &sent["agreement"]["setting"]), (&alert["reference"], &json!("override")));
    assert_eq!(sent["lawful_basis"], "vital_interests");
    assert!(p.tasks("police_not_allowed").await.iter().all(|task| task["state"] == "done"));
    let seen = p.advocate.get(&format!("/partner/v1/alerts/{}", text(&alert, "id"))).await.expect(200);
    assert_eq!((&seen["police_override"], &seen["police_allowed"]), (&json!("vital_interests"), &json!(false)));

    // The phone shows nothing of it until the survivor was informed in person.
    let own = format!("/app/v1/alerts/{}", text(&alert, "id"));
    let shown = p.phone().get(&own).await.expect(200);
    assert!(shown.get("delivered_at").is_none() && shown["police_will_be_told"] == false, "{shown}");
    assert!(shown["in_words"].as_array().unwrap().contains(&json!("The police are not told.")), "{shown}");
    let disclosed = async || {
        let all = p.phone().list("/app/v1/disclosures").await;
        all.into_iter().filter(|line| line["agreement"] == "override").count()
    };
    assert_eq!(disclosed().await, 0);
    let to_tell = p.tasks("override_to_tell").await.remove(0);
    let done = json!({"note": "Told in person on Monday."});
    p.advocate.post(&format!("/partner/v1/tasks/{}/complete", text(&to_tell, "id")), done).await.expect(200);
    assert_eq!(disclosed().await, 1);
    assert!(p.phone().get(&own).await.expect(200).get("delivered_at").is_some());
    app.settle().await;
});

on_both!(what_cannot_wait_is_in_force_at_once_and_ends_where_a_review_says_so, |app| async {
    let p = app.partnership().await;
    let ben = colleague(app, &p, "ben").await;
    let alert = pressed(app, &p).await;
    let id = text(&p.advocate.post(OVERRIDES, asked(&p, &alert, true)).await.expect(201), "id");
    app.settle().await;
    assert_eq!(p.police.messages().len(), 1);
    let detail = format!("/police/v1/alerts/{}", text(&alert, "reference"));
    let officer = [("holdfast-officer", "pc.4417"), ("holdfast-reason", "Attending")];
    p.police_system.send("GET".parse().unwrap(), &detail, &officer, None).await.expect(200);
    // No second person within the hour: a supervisor hears of it, and nothing is undone.
    app.advance(61).await;
    assert!(p.alerts().await.iter().any(|alert| alert["rule"] == "unreviewed"), "{:?}", p.alerts().await);
    let not_upheld = json!({"is_upheld": false, "note": "A call would have done."});
    p.advocate.post(&below(&id, "review"), not_upheld.clone()).await.refused(403, "second_person_needed");
    let ended = ben.post(&below(&id, "review"), not_upheld).await.expect(200);
    assert_eq!(ended["state"], "ended");
    p.police_system.send("GET".parse().unwrap(), &detail, &officer, None).await.refused(404, "not_found");
    let before = p.police.messages().len();
    p.help_now().await;
    app.advance(5).await;
    assert_eq!(p.police.messages().len(), before);
    assert_eq!(p.advocate.list(OVERRIDES).await.len(), 1);
    app.leaves_retries();
});

on_both!(an_override_goes_no_further_than_what_it_says, |app| async {
    let p = app.partnership().await;
    let alert = pressed(app, &p).await;
    let with = |change: Value| {
        let mut body = asked(&p, &alert, true);
        body.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        body
    };
    for wrong in [
        json!({"recipient_organisation_id": p.programme}),
        json!({"basis": "recognised_legitimate_interest"}),
        json!({"condition": "crime"}),
        json!({"what": []}),
        json!({"what": ["location"]}),
    ] {
        p.advocate.post(OVERRIDES, with(wrong)).await.refused(422, "invalid");
    }
    p.block_force(&p.force).await;
    p.advocate.post(OVERRIDES, with(json!({}))).await.refused(409, "wrong_state");
    let lift = format!("/partner/v1/survivors/{}/blocks", p.survivor.id);
    let block = text(&p.advocate.list(&lift).await[0], "id");
    p.advocate.post(&format!("{lift}/{block}/lift"), json!({"reason": "A mistake."})).await.expect(200);
    p.advocate
        .post(OVERRIDES, with(json!({"condition": "crime", "basis": "recognised_legitimate_interest"})))
        .await
        .expect(201);
    p.advocate.post(OVERRIDES, with(json!({}))).await.refused(409, "wrong_state");
    // It ends with its alert.
    let id = text(&alert, "id");
    p.act(&id, "resolve", json!({"note": "Safe.", "code_word": CODE_WORD})).await.expect(200);
    assert_eq!(p.advocate.list(OVERRIDES).await[0]["state"], "ended");
    app.settle().await;
    // With the setting on nobody needs one.
    p.consent(&["alert.police.help_now"]).await;
    let allowed = p.help_now().await;
    let body = json!({"alert_id": allowed["id"]});
    p.advocate.post(OVERRIDES, with(body)).await.refused(409, "wrong_state");
    app.settle().await;
});
