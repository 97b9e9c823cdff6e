//! What lowers protection by the survivor's own act, or by that of somebody else with the phone: it waits, and their
//! side hears.

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::partnership::{self, CODE_WORD};
use crate::harness::{Caller, PASSWORD, Partnership, TestApp, on_both, text};

const OWN: &str = "/app/v1/trusted-contact";

fn staff_path(p: &Partnership) -> String {
    format!("/partner/v1/survivors/{}/trusted-contact", p.survivor.id)
}

async fn name(p: &Partnership, name: &str) -> Value {
    p.phone().put(OWN, json!({"name": name, "phone": "+44 7700 900789"})).await.expect(200)
}

async fn changes(p: &Partnership) -> Vec<(String, String)> {
    let tasks = p.tasks("trusted_contact_changed").await;
    let mut told: Vec<_> = tasks.iter().map(|task| (text(&task["detail"], "what"), text(task, "state"))).collect();
    told.sort();
    told
}

fn told(what: &str, state: &str) -> (String, String) {
    (what.to_owned(), state.to_owned())
}

/// A session whose PIN was given more than fifteen minutes ago.
async fn unlocked_a_while_ago(app: &TestApp, p: &Partnership) -> String {
    let tokens = p.phone().tokens().await.unwrap();
    app.advance(16).await;
    let refresh = json!({"refresh_token": tokens["refresh_token"]});
    let fresh = app.http.nobody().post("/app/v1/session/refresh", refresh).await.expect(200);
    format!("Bearer {}", text(&fresh, "access_token"))
}

on_both!(a_trusted_contact_counts_after_a_day_and_until_then_the_one_before_does, |app| async {
    let p = app.partnership().await;
    p.advocate.get(&staff_path(&p)).await.refused(404, "not_found");
    p.phone().put(OWN, json!({"name": "Bea", "phone": "0114"})).await.refused(422, "invalid");
    let named = name(&p, "Bea").await;
    assert_eq!((&named["is_in_force"], &named["starts_at"]), (&json!(false), &json!(app.now().plus_hours(24))));
    assert_eq!(changes(&p).await, [told("trusted_contact_named", "open")]);
    app.advance(24 * 60).await;
    assert_eq!(p.phone().get(OWN).await.expect(200)["is_in_force"], true);
    // Somebody else takes her place, tomorrow.
    name(&p, "Cal").await;
    let seen = p.advocate.get(&staff_path(&p)).await.expect(200);
    assert_eq!((&seen["name"], &seen["is_in_force"]), (&json!("Cal"), &json!(false)));
    assert_eq!((&seen["before"][0]["name"], &seen["before"][0]["is_in_force"]), (&json!("Bea"), &json!(true)));
    app.advance(24 * 60).await;
    let seen = p.advocate.get(&staff_path(&p)).await.expect(200);
    assert_eq!((&seen["name"], &seen["is_in_force"]), (&json!("Cal"), &json!(true)));
    assert_eq!((&seen["before"][0]["name"], &seen["before"][0]["is_in_force"]), (&json!("Bea"), &json!(false)));
});

on_both!(the_code_word_ends_the_delay_and_an_advocates_change_waits_too, |app| async {
    let p = app.partnership().await;
    let confirm = format!("{}/confirm", staff_path(&p));
    p.support_supervisor.post(&confirm, json!({"code_word": CODE_WORD})).await.refused(409, "wrong_state");
    let kept = p.advocate.put(&staff_path(&p), json!({"name": "Bea", "phone": "+44 7700 900789"})).await.expect(200);
    assert_eq!((&kept["set_by"], &kept["is_in_force"]), (&json!("staff"), &json!(false)));
    p.advocate.post(&confirm, json!({"code_word": "attacker"})).await.refused(409, "code_word_needed");
    // The person on duty need not be assigned.
    let night = partnership::staff(&app.http, &p.admin, &p.support, "nadia", &["advocate"]).await;
    assert_eq!(night.get(&staff_path(&p)).await.expect(200)["name"], "Bea");
    let confirmed = night.post(&confirm, json!({"code_word": CODE_WORD})).await.expect(200);
    assert_eq!((&confirmed["is_in_force"], &confirmed["starts_at"]), (&json!(true), &json!(app.now())));
    assert_eq!(changes(&p).await, [told("trusted_contact_named", "done")]);
    app.advance(3 * 24 * 60).await;
    night.get(&staff_path(&p)).await.refused(404, "not_found");
});

on_both!(a_new_number_waits_for_the_code_word_and_what_is_taken_away_goes_at_once, |app| async {
    let p = app.partnership().await;
    let path = format!("/partner/v1/survivors/{}/safe-contact", p.survivor.id);
    let plan = |sms: &str, push: bool| {
        let way = json!({"allowed": true, "address": sms});
        json!({"time_zone": "Europe/London", "push": {"allowed": push}, "sms": way, "voice": way})
    };
    // The first plan is made with the survivor.
    let first = p.advocate.put(&path, plan("+447700900123", true)).await.expect(200);
    assert_eq!((&first["version"], first.get("pending")), (&json!(1), None));
    let changed = p.advocate.put(&path, plan("+447700900999", false)).await.expect(200);
    assert_eq!(changed["plan"]["push"]["allowed"], false);
    for way in ["sms", "voice"] {
        assert_eq!(changed["plan"][way]["address"], "+447700900123");
        assert_eq!(changed["pending"]["plan"][way]["address"], "+447700900999");
    }
    assert_eq!(changed["pending"]["starts_at"], json!(app.now().plus_hours(24)));
    assert_eq!(p.tasks("safe_contact_changed").await.len(), 1);
    let confirm = format!("{path}/confirm");
    p.support_supervisor.post(&confirm, json!({"code_word": "attacker"})).await.refused(409, "code_word_needed");
    let confirmed = p.support_supervisor.post(&confirm, json!({"code_word": CODE_WORD})).await.expect(200);
    assert_eq!((&confirmed["plan"]["sms"]["address"], confirmed.get("pending")), (&json!("+447700900999"), None));
    assert_eq!(p.tasks("safe_contact_changed").await[0]["state"], "done");
    p.support_supervisor.post(&confirm, json!({"code_word": CODE_WORD})).await.refused(409, "wrong_state");
    // Without it a day passes; a plan made meanwhile takes the place of the one that waits.
    p.advocate.put(&path, plan("+447700900555", false)).await.expect(200);
    let back = p.advocate.put(&path, plan("+447700900999", false)).await.expect(200);
    assert_eq!(back.get("pending"), None);
    app.advance(24 * 60).await;
    assert_eq!(p.advocate.get(&path).await.expect(200)["plan"]["sms"]["address"], "+447700900999");
    p.advocate.put(&path, plan("+447700900777", false)).await.expect(200);
    app.advance(24 * 60).await;
    assert_eq!(p.advocate.get(&path).await.expect(200)["plan"]["sms"]["address"], "+447700900777");
});

on_both!(removing_a_trusted_contact_is_instant_asks_for_the_pin_and_shows_who_it_was, |app| async {
    let p = app.partnership().await;
    name(&p, "Bea").await;
    app.advance(24 * 60).await;
    let bearer = unlocked_a_while_ago(app, &p).await;
    let headers = [("authorization", bearer.as_str())];
    let other = json!({"name": "Cal", "phone": "+44 7700 900790"});
    app.http.send(Method::DELETE, OWN, &headers, None).await.refused(403, "pin_needed");
    app.http.send(Method::PUT, OWN, &headers, Some(&other)).await.refused(403, "pin_needed");
    p.phone().forget_tokens().await;
    p.phone().send(Method::DELETE, OWN, &[], None).await.expect(204);
    p.phone().get(OWN).await.refused(404, "not_found");
    let seen = p.advocate.get(&staff_path(&p)).await.expect(200);
    assert_eq!((seen.get("name"), &seen["before"][0]["name"]), (None, &json!("Bea")));
    assert_eq!(seen["before"][0]["ended_at"], json!(app.now()));
    let removed = told("trusted_contact_removed", "open");
    assert!(changes(&p).await.contains(&removed));
    // Removed once more there is nothing to tell.
    p.phone().send(Method::DELETE, OWN, &[], None).await.expect(204);
    assert_eq!(changes(&p).await.iter().filter(|change| **change == removed).count(), 1);
    p.consent(&["contact.trusted"]).await;
    p.decide("contact.trusted", false).await;
    assert!(changes(&p).await.contains(&told("trusted_contact_off", "open")));
});

on_both!(an_open_emergency_mutes_no_notice_of_what_lowers_protection, |app| async {
    let p = app.partnership().await;
    p.help_now().await;
    name(&p, "Mallory").await;
    let night = partnership::staff(&app.http, &p.admin, &p.support, "nadia", &["advocate"]).await;
    for who in [&night, &p.support_supervisor] {
        let tasks = who.list("/partner/v1/tasks?state=open").await;
        assert!(tasks.iter().any(|task| task["kind"] == "trusted_contact_changed"), "{tasks:?}");
    }
});

on_both!(turning_the_service_off_stops_nothing_and_somebody_speaks_with_them, |app| async {
    let p = app.partnership().await;
    let off = p.decide("service.core", false).await;
    assert_eq!(off["granted"], false);
    assert!(off["what_holds"].as_str().unwrap().starts_with("Nothing stops yet."), "{off}");
    let task = p.tasks("service_off").await[0].clone();
    assert_eq!((&task["for_role"], &task["due_at"]), (&json!("advocate"), &json!(app.now().plus_hours(24))));
    // What it says is true.
    let said = json!({"status": "safe", "recorded_at": app.now_text()});
    p.phone().post("/app/v1/check-ins", said).await.expect(201);
    assert_eq!(p.help_now().await["state"], "open");
    p.advocate.get(&format!("/partner/v1/survivors/{}", p.survivor.id)).await.expect(200);
    // Nobody spoke with them in time: the supervisor hears.
    app.advance(24 * 60).await;
    assert!(p.alerts().await.iter().any(|alert| alert["rule"] == "unreviewed"));
    let on = p.decide("service.core", true).await;
    assert!(on.get("what_holds").is_none());
    assert_eq!(p.tasks("service_off").await[0]["state"], "done");
});

on_both!(in_welsh_it_says_the_same, |app| async {
    let p = app.partnership().await;
    let body = json!({"granted": false, "text_version": "2", "language": "cy"});
    let off = p.phone().put("/app/v1/consents/service.core", body).await.expect(200);
    assert!(off["what_holds"].as_str().unwrap().starts_with("Nid oes dim yn peidio eto."), "{off}");
});

on_both!(a_whole_force_is_kept_out_by_two_people_and_that_is_looked_at_after_a_week, |app| async {
    let p = app.partnership().await;
    p.consent(&["alert.police.help_now"]).await;
    let path = format!("/partner/v1/survivors/{}/blocks", p.survivor.id);
    let asked = p.advocate.post(&path, json!({"organisation_id": p.force})).await.expect(201);
    assert_eq!(asked["state"], "awaiting_second_person");
    assert_eq!(p.tasks("force_block_to_approve").await.len(), 1);
    let ladder = p.phone().get("/app/v1/ladder").await.expect(200);
    assert_eq!(ladder["help_now"]["police_will_be_told"], true);
    let approve = format!("{path}/{}/approve", text(&asked, "id"));
    p.advocate.post(&approve, json!({})).await.refused(403, "second_person_needed");
    assert_eq!(p.support_supervisor.post(&approve, json!({})).await.expect(200)["state"], "in_force");
    p.support_supervisor.post(&approve, json!({})).await.refused(409, "wrong_state");
    let ladder = p.phone().get("/app/v1/ladder").await.expect(200);
    assert_eq!(ladder["help_now"]["police_will_be_told"], false);
    let review = p.tasks("block_review").await[0].clone();
    assert_eq!((&review["for_role"], &review["due_at"]), (&json!("supervisor"), &json!(app.now().plus_days(7))));
    let lift = json!({"reason": "The officer has left the force"});
    p.support_supervisor.post(&format!("{path}/{}/lift", text(&asked, "id")), lift).await.expect(200);
    assert_eq!(p.tasks("block_review").await[0]["state"], "done");
    // A person is kept out at once, and that is looked at again as well.
    let person = p.advocate.post(&path, json!({"staff_id": p.officer.id})).await.expect(201);
    assert_eq!(person["state"], "in_force");
    let reviews = p.tasks("block_review").await;
    let review = reviews.iter().find(|task| task["detail"]["block_id"] == person["id"]).unwrap();
    assert_eq!((&review["state"], &review["due_at"]), (&json!("open"), &json!(app.now().plus_days(7))));
});

on_both!(a_colleague_who_is_awake_approves_and_nobody_by_a_second_account, |app| async {
    let p = app.partnership().await;
    let path = format!("/partner/v1/survivors/{}/blocks", p.survivor.id);
    let asked = p.advocate.post(&path, json!({"organisation_id": p.force})).await.expect(201);
    let approve = format!("{path}/{}/approve", text(&asked, "id"));
    let waiting = &p.tasks("force_block_to_approve").await[0];
    assert_eq!(waiting["detail"]["organisation_id"], json!(p.force));
    let body = json!({"username": "asha.2", "display_name": "ASHA  Ashworth", "organisation_id": p.support,
        "roles": ["advocate"]});
    let made = p.admin.post("/admin/v1/staff", body).await.expect(201);
    let body = json!({"setup_code": made["setup_code"], "password": PASSWORD});
    app.http.nobody().post("/partner/v1/setup", body).await.expect(201);
    let again = Caller::staff(&app.http, "asha.2", PASSWORD);
    again.post(&approve, json!({})).await.refused(403, "second_person_needed");
    p.programme_supervisor.post(&approve, json!({})).await.refused(404, "not_found");
    let night = partnership::staff(&app.http, &p.admin, &p.support, "nadia", &["advocate"]).await;
    assert_eq!(night.post(&approve, json!({})).await.expect(200)["state"], "in_force");
});

on_both!(where_the_only_supervisor_is_kept_out_the_advocates_look_at_it_again, |app| async {
    let p = app.partnership().await;
    let path = format!("/partner/v1/survivors/{}/blocks", p.survivor.id);
    p.advocate.post(&path, json!({"staff_id": p.support_supervisor.id})).await.expect(201);
    let reviews = p.tasks("block_review").await;
    assert_eq!((reviews.len(), &reviews[0]["for_role"]), (1, &json!("advocate")));
});
