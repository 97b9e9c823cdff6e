//! What one person alone can do about a survivor's phones, and what they cannot: the advocate, the administrator, an officer, and
//! the stalker. And the survivor, alone at night with a borrowed phone, who is never shut out.

use serde_json::{Value, json};

use crate::harness::partnership::{CODE_WORD, PIN, enrol, enrol_unconfirmed, enrol_with, staff, way};
use crate::harness::{Caller, Partnership, Reply, TestApp, Way, instant, on_both, text};

fn below(p: &Partnership, path: &str) -> String {
    format!("/partner/v1/survivors/{}/{path}", p.survivor.id)
}

fn id_of(phone: &Caller) -> String {
    let Way::Phone { device_id, .. } = &phone.way else { panic!("a phone is a phone") };
    device_id.clone()
}

/// The ways into a phone that was enrolled: a session by a PIN, and without one.
fn ways(app: &TestApp, enrolled: &Value, pin: &str) -> (Caller, Caller) {
    let sos = Caller::new(&app.http, Way::Sos { token: text(enrolled, "sos_token") });
    (Caller::new(&app.http, way(enrolled, pin)), sos)
}

async fn press(app: &TestApp, phone: &Caller) -> String {
    let pressed = phone.post("/app/v1/help-now", json!({"recorded_at": app.now_text()})).await.expect(201);
    text(&pressed["alert"], "id")
}

async fn close(p: &Partnership, alert: &str, word: &str) -> Reply {
    p.act(alert, "stand-down", json!({"note": "All is well.", "code_word": word})).await
}

fn said(app: &TestApp, status: &str) -> Value {
    json!({"status": status, "recorded_at": app.now_text()})
}

on_both!(the_advocate_alone_enrols_a_phone_that_reads_and_closes_nothing, |app| async {
    let p = app.partnership().await;
    let told = json!({"happened": {"precision": "unknown"}, "behaviours": ["loiter"], "account": "Words",
        "fear": 1, "visibility": "private", "recorded_at": app.now_text()});
    p.phone().post("/app/v1/incidents", told).await.expect(201);
    let alert = press(app, p.phone()).await;
    let more = (json!("no"), json!({"code_word": "attacker"}));
    let theirs = enrol_unconfirmed(&app.http, &p.advocate, &p.survivor.id, more).await;
    let (phone, _) = ways(app, &theirs, PIN);
    for path in ["incidents", "check-ins", "devices", "consents", "safe-contact", "access-log"] {
        phone.get(&format!("/app/v1/{path}")).await.refused(403, "phone_not_confirmed");
    }
    // Not even with the word that they know from the telephone, and not by saying that it was done.
    let confirm = below(&p, &format!("devices/{}/confirm", text(&theirs, "device_id")));
    let word = json!({"code_word": CODE_WORD, "rang_back": true});
    p.advocate.post(&confirm, word).await.refused(403, "second_person_needed");
    let task = text(&p.tasks("confirm_phone").await[0], "id");
    let done = json!({"note": "Confirmed by telephone."});
    p.advocate.post(&format!("/partner/v1/tasks/{task}/complete"), done).await.refused(409, "wrong_state");
    phone.get("/app/v1/incidents").await.refused(403, "phone_not_confirmed");
    close(&p, &alert, "attacker").await.refused(409, "code_word_needed");
    // They can end what the survivor's phone reads, and not that it cries for help.
    let own = id_of(p.phone());
    let revoke = below(&p, &format!("devices/{own}/revoke"));
    p.advocate.post(&revoke, json!({"reason": "lost"})).await.expect(200);
    let end = |word: &str| json!({"spoke_to_survivor": true, "code_word": word});
    p.advocate.post(&format!("{revoke}/confirm"), end("attacker")).await.refused(409, "code_word_needed");
    press(app, p.sos()).await;
    assert_eq!(p.tasks("end_sos").await[0]["state"], "open");
    app.leaves_retries();
});

on_both!(the_administrator_alone_comes_near_no_phone, |app| async {
    let p = app.partnership().await;
    let phone = id_of(p.phone());
    let (code, devices) = (below(&p, "enrolment-codes"), below(&p, "devices"));
    p.admin.post(&code, json!({"old_phone_alone_with_them": "no"})).await.refused(403, "wrong_role");
    p.admin.get(&code).await.refused(403, "wrong_role");
    p.admin.get(&devices).await.refused(403, "wrong_role");
    let (confirm, revoke) = (format!("{devices}/{phone}/confirm"), format!("{devices}/{phone}/revoke"));
    p.admin.post(&confirm, json!({"code_word": CODE_WORD})).await.refused(403, "wrong_role");
    p.admin.post(&revoke, json!({"reason": "lost"})).await.refused(403, "wrong_role");
    let spoken = json!({"spoke_to_survivor": true, "code_word": CODE_WORD});
    p.admin.post(&format!("{revoke}/confirm"), spoken).await.refused(403, "wrong_role");
    // An advocate whom they made by themselves is assigned to nobody, and is not on duty where a rota says who is.
    crate::escalation::on_duty::on_duty(&p, &p.advocate.id).await;
    let made = staff(&app.http, &p.admin, &p.support, "marionette", &["advocate"]).await;
    made.post(&code, json!({})).await.refused(404, "not_found");
    made.get(&devices).await.refused(404, "not_found");
    made.post(&revoke, json!({"reason": "lost"})).await.refused(404, "not_found");
    p.phone().get("/app/v1/incidents").await.expect(200);
    press(app, p.sos()).await;
    app.leaves_retries();
});

on_both!(an_officer_alone_comes_near_no_phone, |app| async {
    let p = app.partnership().await;
    let phone = id_of(p.phone());
    let (code, devices) = (below(&p, "enrolment-codes"), below(&p, "devices"));
    for path in [&code, &devices] {
        p.officer.get(path).await.refused(403, "wrong_role");
        p.police_system.get(path).await.refused(401, "unauthenticated");
    }
    p.officer.post(&code, json!({})).await.refused(403, "wrong_role");
    let acts = [("confirm", json!({"code_word": CODE_WORD})), ("revoke", json!({"reason": "lost"}))];
    for (act, body) in acts {
        p.officer.post(&format!("{devices}/{phone}/{act}"), body).await.refused(403, "wrong_role");
    }
    // The force's system opens no session of the app, with or without a phone's id.
    p.police_system.get("/app/v1/incidents").await.refused(401, "unauthenticated");
    let unlock = json!({"device_id": phone, "device_secret": "hfd_guess", "pin": PIN});
    app.http.nobody().post("/app/v1/session/unlock", unlock).await.refused(401, "unauthenticated");
    p.phone().get("/app/v1/incidents").await.expect(200);
});

on_both!(whoever_holds_the_unlocked_phone_and_the_pin_ends_no_other_phones_cry, |app| async {
    let p = app.partnership().await;
    let safe = enrol(&app.http, &p.advocate, &p.survivor.id).await;
    let held = p.phone();
    // The safe phone can be kept from reading, and not from crying for help; people hear of it at once.
    let revoke = format!("/app/v1/devices/{}/revoke", id_of(&safe.session));
    held.post(&revoke, json!({"reason": "not_safe"})).await.expect(200);
    assert_eq!(p.tasks("end_sos").await[0]["state"], "open");
    let word = json!({"pin": PIN, "new_code_word": "snowdrop"});
    held.post("/app/v1/session/pin", word).await.expect(204);
    assert!(p.alerts().await.iter().any(|alert| alert["rule"] == "device_risk"));
    let alert = press(app, &safe.sos).await;
    app.advance(24 * 60 + 1).await;
    // What was raised before the changed word counted closes by the word of then alone.
    close(&p, &alert, "snowdrop").await.refused(409, "code_word_needed");
    let end = below(&p, &format!("devices/{}/revoke/confirm", id_of(&safe.session)));
    let changed = json!({"spoke_to_survivor": true, "code_word": "snowdrop"});
    p.advocate.post(&end, changed).await.refused(409, "code_word_needed");
    press(app, &safe.sos).await;
    // No code for another phone comes from a phone.
    held.post(&below(&p, "enrolment-codes"), json!({})).await.refused(401, "unauthenticated");
    close(&p, &alert, CODE_WORD).await.expect(200);
    app.leaves_retries();
});

on_both!(whoever_forces_the_duress_pin_sees_one_phone_and_changes_nothing_that_is_real, |app| async {
    let p = app.partnership().await;
    p.schedule("13:00").await;
    let enrolled = enrol_with(&app.http, &p.advocate, &p.survivor.id, json!({"duress_pin": "7305"})).await;
    let (forced, _) = ways(app, &enrolled, "7305");
    let listed = forced.list("/app/v1/devices").await;
    assert_eq!((listed.len(), &listed[0]["id"]), (1, &enrolled["device_id"]));
    let other = id_of(p.phone());
    forced.post(&format!("/app/v1/devices/{other}/revoke"), json!({"reason": "lost"})).await.refused(404, "not_found");
    let change = json!({"pin": "7305", "new_pin": "9911", "new_code_word": "attacker"});
    forced.post("/app/v1/session/pin", change).await.expect(204);
    ways(app, &enrolled, PIN).0.get("/app/v1/incidents").await.expect(200);
    // What they say answers no check-in.
    let (changed, _) = ways(app, &enrolled, "9911");
    changed.post("/app/v1/check-ins", said(app, "safe")).await.expect(201);
    app.advance(95).await;
    let rules: Vec<String> = p.alerts().await.iter().map(|alert| text(alert, "rule")).collect();
    assert!(
        rules.iter().any(|rule| rule == "duress") && rules.iter().any(|rule| rule == "missed_check_in"),
        "{rules:?}"
    );
    p.phone().get("/app/v1/incidents").await.expect(200);
    let alert = press(app, p.phone()).await;
    close(&p, &alert, "attacker").await.refused(409, "code_word_needed");
    app.leaves_retries();
});

on_both!(whoever_overheard_the_enrolment_code_has_a_phone_that_opens_nothing, |app| async {
    let p = app.partnership().await;
    p.schedule("13:00").await;
    let more = (json!("no"), json!({"pin": "246810", "code_word": "attacker", "duress_pin": "7305"}));
    let theirs = enrol_unconfirmed(&app.http, &p.advocate, &p.survivor.id, more).await;
    let (phone, sos) = ways(app, &theirs, "246810");
    phone.get("/app/v1/incidents").await.refused(403, "phone_not_confirmed");
    let own = id_of(p.phone());
    let revoke = format!("/app/v1/devices/{own}/revoke");
    phone.post(&revoke, json!({"reason": "lost"})).await.refused(403, "phone_not_confirmed");
    let word = json!({"pin": "246810", "new_code_word": "mine"});
    phone.post("/app/v1/session/pin", word).await.refused(403, "phone_not_confirmed");
    phone.post("/app/v1/check-ins", said(app, "safe")).await.expect(201);
    app.advance(95).await;
    assert!(p.alerts().await.iter().any(|alert| alert["rule"] == "missed_check_in"));
    // They do not know the word, however long they wait and whomever they ring.
    let confirm = below(&p, &format!("devices/{}/confirm", text(&theirs, "device_id")));
    let guess = json!({"code_word": "attacker"});
    p.support_supervisor.post(&confirm, guess).await.refused(409, "code_word_needed");
    app.advance(48 * 60).await;
    phone.get("/app/v1/incidents").await.refused(403, "phone_not_confirmed");
    // The staff see it, and end it; the survivor's phone saw nothing and goes on.
    let listed = p.advocate.list(&below(&p, "enrolment-codes")).await;
    assert_eq!(listed[0]["state"], "used");
    let devices = below(&p, &format!("devices/{}/revoke", text(&theirs, "device_id")));
    p.advocate.post(&devices, json!({"reason": "not_safe"})).await.expect(200);
    app.http.nobody().post("/app/v1/session/unlock", unlock(&theirs)).await.refused(401, "unauthenticated");
    assert_eq!(p.phone().list("/app/v1/devices").await.len(), 1);
    // A cry from it is heard all the same: it may be the survivor.
    press(app, &sos).await;
    app.leaves_retries();
});

fn unlock(enrolled: &Value) -> Value {
    json!({"device_id": enrolled["device_id"], "device_secret": enrolled["device_secret"], "pin": "246810"})
}

on_both!(in_a_refuge_at_night_with_a_borrowed_phone_nobody_is_shut_out, |app| async {
    let p = app.partnership().await;
    let on_duty = staff(&app.http, &p.admin, &p.support, "benedikta", &["advocate"]).await;
    let shift = json!({"staff_id": on_duty.id, "place": "duty", "starts_at": app.now_text(),
        "ends_at": app.now().plus_days(4).to_string()});
    p.support_supervisor.post("/partner/v1/rota/shifts", shift).await.expect(201);
    app.advance_to(instant("2026-11-24T02:00:00Z")).await;
    // Somebody on duty who has never met the survivor makes the code, and ends what the lost phone reads.
    let own = id_of(p.phone());
    on_duty.post(&below(&p, &format!("devices/{own}/revoke")), json!({"reason": "stolen"})).await.expect(200);
    let borrowed = enrol_unconfirmed(&app.http, &on_duty, &p.survivor.id, (json!("no"), json!({}))).await;
    let (phone, sos) = ways(app, &borrowed, PIN);
    press(app, &sos).await;
    let alert = press(app, &phone).await;
    phone.post("/app/v1/timers", json!({"minutes": 20})).await.expect(201);
    phone.post("/app/v1/check-ins", said(app, "concern")).await.expect(201);
    // Without the word it goes on crying for help and reads nothing; with it, and rung back, it reads at once.
    let confirm = below(&p, &format!("devices/{}/confirm", text(&borrowed, "device_id")));
    let rang = |word: &str| json!({"code_word": word, "rang_back": true});
    on_duty.post(&confirm, rang("rose")).await.refused(409, "code_word_needed");
    phone.get("/app/v1/check-ins").await.refused(403, "phone_not_confirmed");
    let confirmed = on_duty.post(&confirm, rang(CODE_WORD)).await.expect(200);
    assert_eq!(confirmed["is_to_be_reviewed"], true);
    phone.get("/app/v1/check-ins").await.expect(200);
    phone.get(&format!("/app/v1/alerts/{alert}")).await.expect(200);
    let review = p.tasks("review_phone").await[0].clone();
    assert_eq!(review["due_at"], json!(instant("2026-11-24T09:00:00Z")));
    let end = below(&p, &format!("devices/{own}/revoke/confirm"));
    let spoken = json!({"spoke_to_survivor": true, "code_word": CODE_WORD});
    on_duty.post(&end, spoken).await.expect(200);
    p.sos().post("/app/v1/help-now", json!({"recorded_at": app.now_text()})).await.refused(401, "unauthenticated");
    app.leaves_retries();
});
