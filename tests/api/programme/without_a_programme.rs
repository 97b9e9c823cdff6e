//! A support service works by itself: for somebody without a phone, and about somebody with whom no programme works.

use serde_json::{Value, json};

use crate::harness::partnership::{organisation, staff};
use crate::harness::{Partnership, TestApp, on_both, text};

async fn made(app: &TestApp, p: &Partnership) -> String {
    let body = json!({"preferred_name": "Morgan", "home_force_id": "south-yorkshire", "risk_rating": "high"});
    let id = text(&p.advocate.post("/partner/v1/survivors", body).await.expect(201), "id");
    app.settle().await;
    id
}

on_both!(an_incident_is_written_down_for_somebody_without_a_phone_and_marked_as_such, |app| async {
    let p = app.partnership().await;
    let id = made(app, &p).await;
    let path = format!("/partner/v1/survivors/{id}/incidents");
    let told = json!({"happened": {"precision": "exact", "from": app.now()}, "behaviours": ["message_text"],
        "account": "They told me that a message came.", "fear": 2, "visibility": "advocate",
        "recorded_at": app.now_text()});
    let with = |change: Value| {
        let mut body = told.clone();
        body.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        body
    };
    p.advocate.post(&path, with(json!({"private_note": "Mine"}))).await.refused(422, "invalid");
    p.advocate.post(&path, with(json!({"visibility": "private"}))).await.refused(422, "invalid");
    p.practitioner.post(&path, told.clone()).await.refused(403, "wrong_role");
    let incident = text(&p.advocate.post(&path, told.clone()).await.expect(201), "id");
    let seen = p.advocate.list(&path).await;
    assert_eq!((seen.len(), &seen[0]["is_recorded_by_staff"]), (1, &json!(true)));
    let versions = p.advocate.list(&format!("/partner/v1/incidents/{incident}/versions")).await;
    assert_eq!(versions[0]["told_by"], "staff", "{versions:?}");
    // What is happening now raises an alert as it would from a phone.
    let now = with(json!({"happening_now": true, "behaviours": ["follow_foot"], "fear": 4}));
    let raised = p.advocate.post(&path, now).await.expect(201);
    assert!(
        p.alerts().await.iter().any(|alert| alert["survivor_id"] == id.as_str() && alert["level"] == 4),
        "{raised}"
    );
    // What the survivor tells on a phone is theirs.
    let own = json!({"happened": {"precision": "unknown"}, "behaviours": ["message_text"], "account": "Mine",
        "fear": 1, "visibility": "advocate", "recorded_at": app.now_text()});
    p.phone().post("/app/v1/incidents", own).await.expect(201);
    let theirs = p.advocate.list(&format!("/partner/v1/survivors/{}/incidents", p.survivor.id)).await;
    assert_eq!(theirs[0]["is_recorded_by_staff"], false);
    app.settle().await;
});

on_both!(whom_a_survivor_reports_is_kept_by_their_own_side, |app| async {
    let p = app.partnership().await;
    p.consent(&["alert.police.help_now"]).await;
    let path = format!("/partner/v1/survivors/{}/reported-persons", p.survivor.id);
    let body = json!({"name": "Jo Merrin", "relationship": "former_partner", "vehicles": "AB12 CDE, grey van",
        "date_of_birth": "1984-02-29"});
    let person = text(&p.advocate.post(&path, body).await.expect(201), "id");
    p.practitioner.get(&path).await.refused(403, "wrong_role");
    p.programme_supervisor.get(&path).await.refused(404, "not_found");
    let alert = p.help_now().await;
    app.settle().await;
    let seen = p.advocate.get(&format!("/partner/v1/alerts/{}", text(&alert, "id"))).await.expect(200);
    let feared = &seen["person"]["fears"][0];
    assert_eq!((&feared["name"], &feared["vehicles"]), (&json!("Jo Merrin"), &json!(["AB12 CDE, grey van"])));
    let headers = [("holdfast-officer", "pc.4417"), ("holdfast-reason", "Attending")];
    let detail = format!("/police/v1/alerts/{}", text(&alert, "reference"));
    let read = p.police_system.send("GET".parse().unwrap(), &detail, &headers, None).await.expect(200);
    assert_eq!(read["suspects"][0]["name"], "Jo Merrin", "{read}");
    assert!(p.police.messages().iter().all(|message| !message.json().to_string().contains("Merrin")));
    p.advocate.send("DELETE".parse().unwrap(), &format!("{path}/{person}"), &[], None).await;
    assert!(p.advocate.list(&path).await.is_empty());
    app.settle().await;
});

on_both!(a_record_is_closed_and_opened_again_and_an_alert_opens_it_by_itself, |app| async {
    let p = app.partnership().await;
    let path = |below: &str| format!("/partner/v1/survivors/{}{below}", p.survivor.id);
    let (done, back) = (json!({"reason": "The work is done."}), json!({"reason": "They came back."}));
    let schedule = text(&p.schedule("14:00").await, "id");
    p.advocate.post(&path("/close"), done.clone()).await.refused(403, "wrong_role");
    p.programme_supervisor.post(&path("/close"), done.clone()).await.refused(404, "not_found");
    p.support_supervisor.post(&path("/close"), done.clone()).await.refused(409, "guard_not_met");
    p.advocate.post(&path(&format!("/schedules/{schedule}/end")), json!({"reason": "agreed"})).await.expect(200);
    p.support_supervisor.post(&path("/close"), done.clone()).await.expect(200);
    p.support_supervisor.post(&path("/close"), done.clone()).await.refused(409, "wrong_state");
    assert!(p.advocate.get(&path("")).await.expect(200)["closed_at"].is_string());
    p.advocate.post(&path("/enrolment-codes"), json!({})).await.refused(409, "wrong_state");
    p.advocate.post(&path("/reopen"), back.clone()).await.expect(200);
    p.advocate.post(&path("/reopen"), back).await.refused(409, "wrong_state");
    // The person who cries for help is not asked whether their record is open.
    p.support_supervisor.post(&path("/close"), done.clone()).await.expect(200);
    p.help_now().await;
    assert!(p.advocate.get(&path("")).await.expect(200).get("closed_at").is_none());
    p.support_supervisor.post(&path("/close"), done).await.refused(409, "guard_not_met");
    let changes = p.advocate.list(&path("/record-changes")).await;
    let kinds: Vec<&Value> = changes.iter().map(|change| &change["kind"]).collect();
    assert_eq!(kinds, ["reopened", "closed", "reopened", "closed"]);
    assert!(changes[0].get("changed_by").is_none() && changes[1]["reason"] == "The work is done.", "{changes:?}");
    app.settle().await;
});

on_both!(a_record_goes_on_with_another_support_organisation, |app| async {
    let p = app.partnership().await;
    let harbour = organisation(&p.admin, json!({"kind": "survivor_support", "name": "Harbour"})).await;
    let theirs = staff(&app.http, &p.admin, &harbour, "harriet", &["advocate"]).await;
    let manager = staff(&app.http, &p.admin, &harbour, "maud", &["supervisor"]).await;
    let path = |below: &str| format!("/partner/v1/survivors/{}{below}", p.survivor.id);
    let offer =
        json!({"organisation_id": harbour, "reason": "They move to your area.", "is_agreed_with_survivor": true});
    let with = |change: Value| {
        let mut body = offer.clone();
        body.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        body
    };
    for wrong in [json!({"is_agreed_with_survivor": false}), json!({"organisation_id": p.support})] {
        p.support_supervisor.post(&path("/transfers"), with(wrong)).await.refused(422, "invalid");
    }
    p.advocate.post(&path("/transfers"), offer.clone()).await.refused(403, "wrong_role");
    p.phone()
        .post("/app/v1/check-ins", json!({"status": "safe", "note": "Ours", "recorded_at": app.now()}))
        .await
        .expect(201);
    let made = p.support_supervisor.post(&path("/transfers"), offer.clone()).await.expect(201);
    let transfer = text(&made, "id");
    p.support_supervisor.post(&path("/transfers"), offer).await.refused(409, "wrong_state");
    // Until they take it they learn no name.
    let offered = manager.list("/partner/v1/transfers").await;
    assert_eq!((offered.len(), offered[0].get("survivor_id")), (1, None), "{offered:?}");
    manager.get(&path("")).await.refused(404, "not_found");
    let accept = format!("/partner/v1/transfers/{transfer}/accept");
    p.support_supervisor.post(&accept, json!({"staff_id": theirs.id})).await.refused(404, "not_found");
    let now = app.now();
    let shift = json!({"staff_id": theirs.id, "place": "duty", "starts_at": now, "ends_at": now.plus_hours(24)});
    manager.post("/partner/v1/rota/shifts", shift).await.expect(201);
    manager.post(&accept, json!({"staff_id": p.advocate.id})).await.refused(422, "invalid");
    let taken = manager.post(&accept, json!({"staff_id": theirs.id})).await.expect(200);
    assert_eq!((&taken["state"], &taken["survivor_id"]), (&json!("accepted"), &json!(p.survivor.id)));
    manager.post(&accept, json!({"staff_id": theirs.id})).await.refused(409, "wrong_state");
    for gone in [&p.advocate, &p.support_supervisor] {
        gone.get(&path("")).await.refused(404, "not_found");
    }
    assert_eq!(theirs.list(&path("/check-ins")).await[0]["note"], "Ours");
    // What happens from now on reaches those who work with them now.
    let alert = p.help_now().await;
    app.settle().await;
    assert!(theirs.list("/partner/v1/alerts").await.iter().any(|seen| seen["id"] == alert["id"]));
    assert!(p.advocate.list("/partner/v1/alerts").await.iter().all(|seen| seen["id"] != alert["id"]));
    app.settle().await;
});

on_both!(people_hear_that_somebody_reported_is_of_the_police_or_is_taken_off, |app| async {
    let p = app.partnership().await;
    let path = format!("/partner/v1/survivors/{}/reported-persons", p.survivor.id);
    let body = json!({"name": "Jo Merrin", "relationship": "former_partner", "is_of_police": true});
    let person = text(&p.advocate.post(&path, body).await.expect(201), "id");
    let waiting = p.tasks("reported_of_police").await;
    assert!(waiting.len() == 1 && !waiting[0].to_string().contains("Merrin"), "{waiting:?}");
    let alert = text(&p.help_now().await, "id");
    let seen = p.advocate.get(&format!("/partner/v1/alerts/{alert}")).await.expect(200);
    assert_eq!(seen["person"]["fears"][0]["is_of_police"], true, "{seen}");
    // The person who rings 999 thinks first of who hears the name.
    let said = seen["person"]["once_police_answer"].to_string();
    assert!(said.contains("works for the police") && !said.contains("Merrin"), "{said}");
    p.advocate.send("DELETE".parse().unwrap(), &format!("{path}/{person}"), &[], None).await;
    assert!(p.advocate.list(&path).await.is_empty());
    app.settle().await;
});

on_both!(what_staff_write_down_is_off_the_phone_until_they_say_that_it_may_show, |app| async {
    let p = app.partnership().await;
    let path = format!("/partner/v1/survivors/{}/incidents", p.survivor.id);
    let told = json!({"happened": {"precision": "exact", "from": app.now()}, "behaviours": ["message_text"],
        "account": "They told me that a message came.", "fear": 2, "visibility": "advocate",
        "recorded_at": app.now_text()});
    let incident = text(&p.advocate.post(&path, told).await.expect(201), "id");
    let own = format!("/app/v1/incidents/{incident}");
    p.phone().get(&own).await.refused(404, "not_found");
    assert!(p.phone().list("/app/v1/incidents").await.is_empty());
    assert_eq!(p.advocate.list(&path).await[0]["is_off_phone"], true);
    let show = format!("/partner/v1/incidents/{incident}/show");
    p.practitioner.post(&show, json!({})).await.refused(403, "wrong_role");
    p.advocate.post(&show, json!({})).await.expect(200);
    p.advocate.post(&show, json!({})).await.refused(409, "wrong_state");
    p.phone().get(&own).await.expect(200);
    assert_eq!(p.phone().list("/app/v1/incidents").await.len(), 1);
    app.settle().await;
});
