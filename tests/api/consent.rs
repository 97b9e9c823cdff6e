//! Consents: off until given, each with its receipt, and nothing but the survivor's own to give.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::harness::partnership::organisation;
use crate::harness::{instant, on_both, text};

fn of<'a>(list: &'a Value, scope: &str) -> &'a Value {
    list["items"].as_array().unwrap().iter().find(|item| item["scope"] == scope).unwrap_or_else(|| panic!("{scope}"))
}

on_both!(everything_but_the_service_itself_begins_off, |app| async {
    let p = app.partnership().await;
    let list = p.phone().get("/app/v1/consents").await.expect(200);
    let items = list["items"].as_array().unwrap();
    assert_eq!(items.len(), 19);
    for item in items {
        assert_eq!(item["granted"], json!(item["scope"] == "service.core"), "{item}");
    }
});

on_both!(each_decision_has_its_receipt, |app| async {
    let p = app.partnership().await;
    let mut receipts = BTreeSet::new();
    for granted in [true, false, true] {
        let decided = p.decide("share.programme.status", granted).await;
        assert_eq!(decided["granted"], granted);
        assert!(receipts.insert(text(&decided, "receipt")));
        let list = p.phone().get("/app/v1/consents").await.expect(200);
        assert_eq!(of(&list, "share.programme.status")["granted"], granted);
    }
});

on_both!(a_consent_ends_after_twelve_months, |app| async {
    let p = app.partnership().await;
    p.consent(&["share.programme.status"]).await;
    app.advance(364 * 24 * 60).await;
    let list = p.phone().get("/app/v1/consents").await.expect(200);
    assert_eq!(of(&list, "share.programme.status")["granted"], true);
    app.advance(2 * 24 * 60).await;
    let list = p.phone().get("/app/v1/consents").await.expect(200);
    assert_eq!(of(&list, "share.programme.status")["granted"], false);
});

on_both!(only_a_known_scope_and_the_text_that_was_shown_count, |app| async {
    let p = app.partnership().await;
    let put = |scope: &'static str, body: Value| p.phone().put(scope, body);
    put("/app/v1/consents/share.everything", json!({"granted": true, "text_version": "1"}))
        .await
        .refused(404, "not_found");
    // Whatever the body says, there is no such place.
    put("/app/v1/consents/share.everything", json!({"granted": 1})).await.refused(404, "not_found");
    let path = format!("/partner/v1/survivors/{}/consents/share.everything/confirm", p.survivor.id);
    p.advocate.post(&path, json!({"code_word": 1})).await.refused(404, "not_found");
    for version in ["2", "", "latest"] {
        let body = json!({"granted": true, "text_version": version});
        let reply = put("/app/v1/consents/share.programme.status", body).await;
        assert_eq!(reply.status.as_u16(), 422, "{version}: {}", reply.body);
    }
});

on_both!(only_the_right_code_word_turns_a_setting_off_at_once, |app| async {
    let p = app.partnership().await;
    p.consent(&["alert.police.help_now"]).await;
    let pending = p.decide("alert.police.help_now", false).await;
    assert!(pending["pending"]["effective_at"].is_string(), "{pending}");
    let path = format!("/partner/v1/survivors/{}/consents/alert.police.help_now/confirm", p.survivor.id);
    p.advocate.post(&path, json!({"code_word": "wrong"})).await.refused(409, "code_word_needed");
    let list = p.phone().get("/app/v1/consents").await.expect(200);
    assert_eq!(of(&list, "alert.police.help_now")["granted"], true);
    p.advocate.post(&path, json!({"code_word": "  MARIGOLD "})).await.expect(200);
    let list = p.phone().get("/app/v1/consents").await.expect(200);
    assert_eq!(of(&list, "alert.police.help_now")["granted"], false);
});

on_both!(an_advocate_records_what_a_survivor_told_them_and_the_survivor_sees_who_did, |app| async {
    let p = app.partnership().await;
    let path = format!("/partner/v1/survivors/{}/consents", p.survivor.id);
    let said = |scope: &str, granted: bool| json!({"scope": scope, "granted": granted, "text_version": "1", "how": "by_telephone"});
    p.practitioner.get(&path).await.refused(403, "wrong_role");
    p.practitioner.post(&path, said("share.programme.status", true)).await.refused(403, "wrong_role");
    p.support_supervisor.post(&path, said("share.programme.status", true)).await.refused(403, "wrong_role");
    let receipt = p.advocate.post(&path, said("share.programme.status", true)).await.expect(201);
    assert_eq!(receipt["granted"], true);
    let own = p.phone().get("/app/v1/consents").await.expect(200);
    let mine = of(&own, "share.programme.status");
    assert_eq!((&mine["recorded_by"], &mine["recorded_how"]), (&json!("staff"), &json!("by_telephone")));
    assert_eq!((&mine["granted"], &mine["recorded_at"]), (&json!(true), &json!(app.now())));
    assert!(mine.get("recorded_by_id").is_none() && of(&own, "contact.sms").get("recorded_by").is_none());
    let theirs = p.advocate.get(&path).await.expect(200);
    let seen = of(&theirs, "share.programme.status");
    assert_eq!((&seen["recorded_by_id"], &seen["receipt"]), (&json!(p.advocate.id), &receipt["receipt"]));
    // The survivor's own decision is told as theirs.
    p.decide("share.programme.status", false).await;
    let theirs = p.support_supervisor.get(&path).await.expect(200);
    let seen = of(&theirs, "share.programme.status");
    assert_eq!((&seen["granted"], &seen["recorded_by"]), (&json!(false), &json!("survivor")));
    assert!(seen.get("recorded_by_id").is_none() && seen.get("recorded_how").is_none());
});

on_both!(the_ledgers_rules_hold_for_what_an_advocate_records, |app| async {
    let p = app.partnership().await;
    let path = format!("/partner/v1/survivors/{}/consents", p.survivor.id);
    let body = |scope: &str, granted: bool| json!({"scope": scope, "granted": granted, "text_version": "1", "how": "in_person"});
    p.advocate.post(&path, body("share.everything", true)).await.refused(422, "invalid");
    let mut wrong = body("contact.sms", true);
    wrong["how"] = json!("guessed");
    p.advocate.post(&path, wrong).await.refused(422, "invalid");
    let mut wrong = body("contact.voice", true);
    wrong["text_version"] = json!("2");
    p.advocate.post(&path, wrong).await.refused(422, "invalid");
    // On is instant; off waits for its delay, as it does for the survivor, and an advocate is told.
    p.advocate.post(&path, body("alert.police.help_now", true)).await.expect(201);
    let off = p.advocate.post(&path, body("alert.police.help_now", false)).await.expect(201);
    assert_eq!((&off["granted"], &off["pending"]["granted"]), (&json!(true), &json!(false)));
    app.advance(24 * 60).await;
    let own = p.phone().get("/app/v1/consents").await.expect(200);
    assert_eq!(of(&own, "alert.police.help_now")["granted"], false);
});

on_both!(a_month_before_it_lapses_an_agreement_is_to_be_talked_about_once, |app| async {
    let p = app.partnership().await;
    p.consent(&["share.programme.status", "contact.sms", "alert.police.missed"]).await;
    app.advance_to(instant("2027-10-22T07:59:59Z")).await;
    assert!(p.tasks("safety_review").await.is_empty());
    app.advance_seconds(1).await;
    let tasks = p.tasks("safety_review").await;
    assert_eq!(tasks.len(), 1);
    assert_eq!(tasks[0]["detail"], json!({"what": "consent", "review_by_on": "2027-11-21"}));
    p.consent(&["share.programme.status"]).await;
    app.advance_to(instant("2027-11-21T12:00:00Z")).await;
    assert_eq!(p.tasks("safety_review").await.len(), 1);
    let list = p.phone().get("/app/v1/consents").await.expect(200);
    assert_eq!(of(&list, "share.programme.status")["granted"], true);
    assert_eq!(of(&list, "contact.sms")["granted"], false);
});

on_both!(an_agreement_that_was_renewed_or_withdrawn_is_not_to_be_talked_about, |app| async {
    let p = app.partnership().await;
    p.consent(&["share.programme.status", "contact.sms"]).await;
    app.advance(60 * 24).await;
    p.consent(&["share.programme.status"]).await;
    p.decide("contact.sms", false).await;
    app.advance_to(instant("2027-10-22T12:00:00Z")).await;
    assert!(p.tasks("safety_review").await.is_empty());
    app.advance(24 * 60).await;
    assert_eq!(p.tasks("safety_review").await.len(), 1);
});

on_both!(the_lawful_basis_is_the_organisations_for_each_purpose_and_stands_on_each_disclosure, |app| async {
    let p = app.partnership().await;
    p.consent(&["alert.police.help_now", "share.programme.status"]).await;
    let path = format!("/admin/v1/organisations/{}/lawful-bases", p.support);
    let known = p.admin.get(&path).await.expect(200);
    let bases = known["items"].as_array().unwrap();
    assert!(bases.len() == 4 && bases.iter().all(|item| item["basis"] == "safeguarding"), "{known}");
    p.help_now().await;
    app.settle().await;
    let set = p.admin.put(&format!("{path}/police_alert"), json!({"basis": "vital_interests"})).await.expect(200);
    assert_eq!((&set["purpose"], &set["set_at"]), (&json!("police_alert"), &json!(app.now())));
    app.advance_seconds(1).await;
    p.help_now().await;
    app.settle().await;
    p.practitioner.get(&format!("/partner/v1/cases/{}/view", p.case)).await.expect(200);
    let disclosed = p.phone().list("/app/v1/disclosures").await;
    let basis_of = |agreement: &str| {
        let of = disclosed.iter().filter(|row| row["agreement"] == agreement);
        of.map(|row| text(row, "lawful_basis")).collect::<BTreeSet<_>>()
    };
    // What was disclosed before keeps its basis, and each purpose has its own.
    assert_eq!(basis_of("alert.police.help_now"), ["safeguarding", "vital_interests"].map(str::to_owned).into());
    assert_eq!(basis_of("share.programme.status"), ["safeguarding".to_owned()].into());
    let received = p.police.received().into_iter().map(|message| message.json());
    let last = received.max_by_key(|message| message["data"]["sequence"].as_i64()).unwrap();
    assert_eq!(last["data"]["lawful_basis"], "vital_interests");
    let wrong = p.admin.put(&format!("{path}/police_alert"), json!({"basis": "habit"})).await;
    wrong.refused(422, "invalid");
    let force = format!("/admin/v1/organisations/{}/lawful-bases", p.force);
    assert_eq!(p.admin.get(&force).await.expect(200)["items"], json!([]));
    let body = json!({"basis": "safeguarding"});
    p.admin.put(&format!("{force}/police_alert"), body).await.refused(409, "wrong_state");
    p.advocate.get(&path).await.refused(403, "wrong_role");
});

on_both!(an_agreement_names_only_organisations_of_its_kind, |app| async {
    let p = app.partnership().await;
    let commissioner = organisation(&p.admin, json!({"kind": "commissioner", "name": "Commissioner"})).await;
    let all = [&p.programme, &p.force, &p.support, &commissioner];
    let fitting = |scope: &str| match scope {
        _ if scope.starts_with("share.programme.") || scope == "updates.programme" => vec![&p.programme],
        _ if scope.starts_with("share.police.") => vec![&p.force],
        _ if scope.starts_with("contact.") => vec![&p.support],
        "stats.aggregate" => vec![&commissioner],
        "service.core" | "research.followup" => all.to_vec(),
        _ => Vec::new(),
    };
    let own = p.phone().list("/app/v1/consents").await;
    assert_eq!(own.len(), 19);
    for row in &own {
        let (scope, version) = (text(row, "scope"), &row["text_version"]);
        for recipient in all {
            let body = json!({"granted": true, "text_version": version, "recipient_organisation_id": recipient});
            let reply = p.phone().put(&format!("/app/v1/consents/{scope}"), body.clone()).await;
            let mut told = body;
            told["scope"] = json!(scope);
            told["how"] = json!("in_person");
            let told = p.advocate.post(&format!("/partner/v1/survivors/{}/consents", p.survivor.id), told).await;
            if fitting(&scope).contains(&recipient) {
                reply.expect(200);
                told.expect(201);
            } else {
                for reply in [reply, told] {
                    let refused = reply.refused(422, "invalid");
                    assert_eq!(refused["errors"][0]["pointer"], "/recipient_organisation_id", "{scope}: {refused}");
                }
            }
        }
    }
});
