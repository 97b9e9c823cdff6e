//! A setting keeps the police out, and two people decide that they are notified all the same.

use serde_json::{Value, json};

use super::on_duty::colleague;
use crate::harness::partnership::{CODE_WORD, SURVIVOR_NAME};
use crate::harness::{Caller, PASSWORD, Partnership, TestApp, on_both, partnership, text};

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
    for query in ["state=in_force".to_owned(), format!("survivor_id={}", p.survivor.id)] {
        assert_eq!(p.advocate.ids(&format!("{OVERRIDES}?{query}")).await, std::slice::from_ref(&id), "{query}");
    }
    let listed = p.advocate.list(OVERRIDES).await.remove(0);
    let names = (&listed["asked_by_name"], &listed["approved_by_name"]);
    assert_eq!(names, (&json!("asha Ashworth"), &json!("ben Ashworth")));
    for query in ["state=ended".to_owned(), format!("alert_id={id}")] {
        assert_eq!(p.advocate.ids(&format!("{OVERRIDES}?{query}")).await, Vec::<String>::new(), "{query}");
    }
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
    let complete = format!("/partner/v1/tasks/{}/complete", text(&to_tell, "id"));
    // The person who asked for it does not say that they informed the survivor.
    p.advocate.post(&complete, done.clone()).await.refused(403, "second_person_needed");
    ben.post(&complete, done).await.expect(200);
    assert_eq!(disclosed().await, 1);
    assert!(p.phone().get(&own).await.expect(200).get("delivered_at").is_some());
    app.settle().await;
});

on_both!(an_override_that_waits_ends_with_the_survivors_own_yes_and_hides_nothing, |app| async {
    let p = app.partnership().await;
    let ben = colleague(app, &p, "ben").await;
    let alert = pressed(app, &p).await;
    let id = text(&p.advocate.post(OVERRIDES, asked(&p, &alert, false)).await.expect(201), "id");
    p.consent(&["alert.police.help_now"]).await;
    app.settle().await;
    assert_eq!(p.police.messages()[0].json()["data"]["agreement"]["setting"], "alert.police.help_now");
    ben.post(&below(&id, "approve"), json!({})).await.refused(409, "wrong_state");
    assert!(p.tasks("override_to_approve").await.iter().all(|task| task["state"] == "done"));
    assert!(p.tasks("override_to_tell").await.is_empty());
    // The police know of it by the setting, and the phone says so.
    let disclosed = p.phone().list("/app/v1/disclosures").await;
    assert!(disclosed.iter().any(|line| line["alert_id"] == alert["id"]), "{disclosed:?}");
});

on_both!(what_cannot_wait_is_in_force_at_once_and_ends_where_two_reviews_say_so, |app| async {
    let p = app.partnership().await;
    let (ben, ida) = (colleague(app, &p, "ben").await, colleague(app, &p, "ida").await);
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
    // One colleague ends nothing.
    let doubted = ben.post(&below(&id, "review"), not_upheld.clone()).await.expect(200);
    assert_eq!((&doubted["state"], &doubted["is_upheld"]), (&json!("in_force"), &json!(false)));
    p.police_system.send("GET".parse().unwrap(), &detail, &officer, None).await.expect(200);
    ben.post(&below(&id, "review"), not_upheld.clone()).await.refused(403, "second_person_needed");
    let asks = p.tasks("override_to_end").await.remove(0);
    let done = json!({"note": "Done."});
    ida.post(&format!("/partner/v1/tasks/{}/complete", text(&asks, "id")), done).await.refused(409, "wrong_state");
    let ended = ida.post(&below(&id, "review"), not_upheld).await.expect(200);
    assert_eq!((&ended["state"], &ended["ended_by"]), (&json!("ended"), &json!(ida.id)));
    assert_eq!((&ended["reviewed_by"], &ended["is_upheld"]), (&json!(ben.id), &json!(false)));
    app.settle().await;
    let last = p.police.messages().pop().unwrap().json();
    assert_eq!((&last["type"], &last["data"]["safety_confirmed"]), (&json!("safety.alert.withdrawn"), &json!(false)));
    assert!(p.tasks("override_to_end").await.iter().all(|task| task["state"] == "done"));
    assert!(p.tasks("police_not_allowed").await.iter().any(|task| task["state"] == "open"), "somebody decides anew");
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

on_both!(a_second_review_may_find_that_it_was_right_after_all, |app| async {
    let p = app.partnership().await;
    let (ben, ida) = (colleague(app, &p, "ben").await, colleague(app, &p, "ida").await);
    let alert = pressed(app, &p).await;
    let id = text(&p.advocate.post(OVERRIDES, asked(&p, &alert, false)).await.expect(201), "id");
    // One that waits is not buried by one colleague either.
    let doubt = json!({"is_upheld": false, "note": "A call would do."});
    let doubted = ben.post(&below(&id, "review"), doubt).await.expect(200);
    assert_eq!(doubted["state"], "awaiting_second_person");
    let right = json!({"is_upheld": true, "note": "Nobody answers the call."});
    let upheld = ida.post(&below(&id, "review"), right).await.expect(200);
    assert_eq!((&upheld["is_upheld"], &upheld["reviewed_by"]), (&json!(true), &json!(ida.id)));
    ben.post(&below(&id, "approve"), json!({})).await.expect(200);
    app.settle().await;
    assert_eq!(p.police.messages().len(), 1);
    app.settle().await;
});

on_both!(a_second_account_of_the_same_name_approves_and_reviews_nothing, |app| async {
    let p = app.partnership().await;
    let body = json!({"username": "asha.two", "display_name": "Asha  ASHWORTH", "organisation_id": p.support,
        "roles": ["advocate"]});
    let made = p.admin.post("/admin/v1/staff", body).await.expect(201);
    let setup = json!({"setup_code": made["setup_code"], "password": PASSWORD});
    app.http.nobody().post("/partner/v1/setup", setup).await.expect(201);
    let twin = Caller::staff(&app.http, "asha.two", PASSWORD);
    let alert = pressed(app, &p).await;
    let id = text(&p.advocate.post(OVERRIDES, asked(&p, &alert, true)).await.expect(201), "id");
    app.settle().await;
    twin.post(&below(&id, "approve"), json!({})).await.refused(403, "second_person_needed");
    let upheld = json!({"is_upheld": true, "note": "It was right."});
    twin.post(&below(&id, "review"), upheld).await.refused(403, "second_person_needed");
    let to_tell = p.tasks("override_to_tell").await.remove(0);
    let complete = format!("/partner/v1/tasks/{}/complete", text(&to_tell, "id"));
    twin.post(&complete, json!({"note": "Told."})).await.refused(403, "second_person_needed");
    // What a second person decides is decided there, and by no note on a task.
    for kind in ["override_to_approve", "override_review"] {
        let task = p.tasks(kind).await.remove(0);
        let complete = format!("/partner/v1/tasks/{}/complete", text(&task, "id"));
        p.support_supervisor.post(&complete, json!({"note": "ok"})).await.refused(409, "wrong_state");
    }
    app.settle().await;
});

on_both!(a_poll_misses_no_alert_behind_one_that_is_no_longer_for_the_police, |app| async {
    let p = app.partnership().await;
    let (ben, ida) = (colleague(app, &p, "ben").await, colleague(app, &p, "ida").await);
    p.consent(&["alert.police.help_now"]).await;
    let first = p.help_now().await;
    app.settle().await;
    let other = partnership::survivor(&app.http, &p.advocate, "high").await;
    let newest = partnership::help_now(&other.phone.session).await;
    app.settle().await;
    let mut body = asked(&p, &newest, true);
    body["survivor_id"] = json!(other.id);
    let id = text(&p.advocate.post(OVERRIDES, body).await.expect(201), "id");
    app.settle().await;
    assert_eq!(p.police_system.list("/police/v1/alerts").await.len(), 2);
    for person in [&ben, &ida] {
        let not_upheld = json!({"is_upheld": false, "note": "A call would have done."});
        person.post(&below(&id, "review"), not_upheld).await.expect(200);
    }
    let page = p.police_system.get("/police/v1/alerts?limit=1").await.expect(200);
    assert_eq!(page["items"][0]["reference"], first["reference"], "{page}");
    assert_eq!(page["items"].as_array().unwrap().len(), 1);
    app.leaves_retries();
});

on_both!(officers_learn_a_name_and_no_more_unless_that_was_decided, |app| async {
    let p = app.partnership().await;
    let record = format!("/partner/v1/survivors/{}", p.survivor.id);
    let tag = p.advocate.get(&record).await.header("etag").unwrap().to_owned();
    let born = json!({"date_of_birth": "1990-04-17", "needs": ["interpreter"]});
    p.advocate.send("PATCH".parse().unwrap(), &record, &[("if-match", tag.as_str())], Some(&born)).await.expect(200);
    let alert = pressed(app, &p).await;
    let read = async || {
        let detail = format!("/police/v1/alerts/{}", text(&alert, "reference"));
        let officer = [("holdfast-officer", "pc.4417"), ("holdfast-reason", "Attending")];
        p.police_system.send("GET".parse().unwrap(), &detail, &officer, None).await.expect(200)
    };
    for wrong in [json!(["identity"]), json!(["alert", "alert"]), json!(["alert", "identity", "alert"])] {
        let mut body = asked(&p, &alert, true);
        body["what"] = wrong;
        p.advocate.post(OVERRIDES, body).await.refused(422, "invalid");
    }
    p.advocate.post(OVERRIDES, asked(&p, &alert, true)).await.expect(201);
    app.settle().await;
    let seen = read().await;
    assert_eq!(seen["person"]["preferred_name"], SURVIVOR_NAME, "{seen}");
    for more in ["date_of_birth", "language", "needs"] {
        assert!(seen["person"].get(more).is_none(), "{more}: {seen}");
    }
    assert_eq!(seen["suspects"], json!([]));
    let id = text(&alert, "id");
    p.act(&id, "resolve", json!({"note": "Safe.", "code_word": CODE_WORD})).await.expect(200);
    p.act(&id, "reopen", json!({"reason": "new_information"})).await.expect(200);
    let mut whole = asked(&p, &alert, true);
    whole["what"] = json!(["alert", "identity"]);
    let made = p.advocate.post(OVERRIDES, whole).await.expect(201);
    assert_eq!(made["what"], json!(["alert", "identity"]));
    app.settle().await;
    let seen = read().await;
    assert_eq!(seen["person"]["date_of_birth"], "1990-04-17", "{seen}");
    assert!(!seen["suspects"].as_array().unwrap().is_empty(), "{seen}");
    app.leaves_retries();
});

on_both!(an_outcome_is_released_once_the_survivor_was_told_of_the_override, |app| async {
    let p = app.partnership().await;
    let ben = colleague(app, &p, "ben").await;
    let alert = pressed(app, &p).await;
    p.advocate.post(OVERRIDES, asked(&p, &alert, true)).await.expect(201);
    app.settle().await;
    let outcome = json!({"officer": p.officer.username, "outcome": "safe_and_well"});
    let path = format!("/police/v1/alerts/{}/outcome", text(&alert, "reference"));
    p.police_system.post(&path, outcome).await.expect(200);
    let id = text(&alert, "id");
    p.act(&id, "release-outcome", json!({})).await.refused(409, "wrong_state");
    let to_tell = p.tasks("override_to_tell").await.remove(0);
    let done = json!({"note": "Told in person on Monday."});
    ben.post(&format!("/partner/v1/tasks/{}/complete", text(&to_tell, "id")), done).await.expect(200);
    p.act(&id, "release-outcome", json!({})).await.expect(200);
    app.settle().await;
});

on_both!(the_phone_shows_an_override_after_two_weeks_unless_a_supervisor_withholds_it, |app| async {
    let p = app.partnership().await;
    let ben = colleague(app, &p, "ben").await;
    let disclosed = async || {
        p.phone().forget_tokens().await;
        let all = p.phone().list("/app/v1/disclosures").await;
        let of_one = all.into_iter().filter(|line| line["agreement"] == "override");
        of_one.map(|line| text(&line, "alert_id")).collect::<std::collections::BTreeSet<_>>().len()
    };
    let done = json!({"note": "Safe.", "code_word": CODE_WORD});
    let mut made = Vec::new();
    for _ in 0..2 {
        let alert = p.help_now().await;
        let asked = p.advocate.post(OVERRIDES, asked(&p, &alert, true)).await.expect(201);
        app.settle().await;
        p.act(&text(&alert, "id"), "resolve", done.clone()).await.expect(200);
        made.push(text(&asked, "id"));
    }
    let withhold = below(&made[1], "withhold");
    let why = json!({"reason": "The participant reads their phone."});
    ben.post(&withhold, why.clone()).await.refused(403, "wrong_role");
    p.support_supervisor.post(&withhold, json!({"reason": " "})).await.refused(422, "invalid");
    let withheld = p.support_supervisor.post(&withhold, why.clone()).await.expect(200);
    assert_eq!(
        (&withheld["withheld_by"], &withheld["withhold_reason"]),
        (&json!(p.support_supervisor.id), &why["reason"])
    );
    p.support_supervisor.post(&withhold, why).await.refused(409, "wrong_state");
    assert_eq!(disclosed().await, 0);
    app.advance(15 * 24 * 60).await;
    assert_eq!(disclosed().await, 1, "of the one that nobody withheld");
    // Once they were informed in person it shows as well.
    for task in p.tasks("override_to_tell").await {
        if task["detail"]["override_id"] == made[1].as_str() {
            let path = format!("/partner/v1/tasks/{}/complete", text(&task, "id"));
            ben.post(&path, json!({"note": "Told in person."})).await.expect(200);
        }
    }
    assert_eq!(disclosed().await, 2);
    let withhold = below(&made[0], "withhold");
    p.support_supervisor.post(&withhold, json!({"reason": "Too late."})).await.expect(200);
    assert_eq!(disclosed().await, 1, "nobody has informed them of that one yet");
    app.settle().await;
});
