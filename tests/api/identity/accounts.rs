//! Accounts that are made: a leaver is out at once and no alert waits for them, a lost password or second factor is begun
//! anew, and credentials of a police system that got into the wrong hands open nothing.

use serde_json::{Value, json};

use crate::harness::partnership::{enrol, help_now, organisation, staff, survivor};
use crate::harness::providers::Providers;
use crate::harness::{Caller, NOON, PASSWORD, Partnership, TestApp, Way, instant, on_both, text};
use crate::notify::with_providers;

const NIL: &str = "00000000-0000-0000-0000-000000000000";

async fn account(admin: &Caller, id: &str) -> Value {
    let all = admin.list("/admin/v1/staff").await;
    all.into_iter().find(|account| account["id"] == id).unwrap()
}

async fn disable(p: &Partnership, id: &str) -> crate::harness::Reply {
    p.admin.post(&format!("/admin/v1/staff/{id}/disable"), json!({"reason": "left"})).await
}

async fn sign_in(app: &TestApp, username: &str, password: &str) -> crate::harness::Reply {
    app.http.nobody().post("/partner/v1/session", json!({"username": username, "password": password})).await
}

async fn set_up(app: &TestApp, code: &Value, password: &str) -> crate::harness::Reply {
    app.http.nobody().post("/partner/v1/setup", json!({"setup_code": code, "password": password})).await
}

on_both!(a_leaver_is_out_at_once_and_alerts_go_past_them, |app| async {
    let p = app.partnership().await;
    let other = staff(&app.http, &p.admin, &p.support, "benedikta", &["advocate"]).await;
    let before = account(&p.admin, &p.advocate.id).await;
    assert_eq!((&before["username"], &before["display_name"]), (&json!("asha"), &json!("asha Ashworth")));
    assert_eq!((&before["roles"], &before["is_set_up"]), (&json!(["advocate"]), &json!(true)));
    let tokens = p.advocate.tokens().await.unwrap();
    let mut stream = p.advocate.follow("/partner/v1/events", None).await;
    assert_eq!(stream.next().await.unwrap().name, "stream.opened");

    let ended = disable(&p, &p.advocate.id).await.expect(200);
    assert_eq!(ended["disabled_at"], json!(app.now()));
    while stream.next().await.is_some() {}
    p.advocate.get("/partner/v1/me").await.refused(401, "unauthenticated");
    let refresh = json!({"refresh_token": tokens["refresh_token"]});
    app.http.nobody().post("/partner/v1/session/refresh", refresh).await.refused(401, "unauthenticated");
    sign_in(app, "asha", PASSWORD).await.refused(401, "unauthenticated");
    assert_eq!(account(&p.admin, &p.advocate.id).await["disabled_at"], json!(app.now()));
    disable(&p, &p.advocate.id).await.refused(409, "wrong_state");

    // The survivor's own advocate is gone: whoever else is an advocate there is told.
    let alert = text(&p.help_now().await, "id");
    let seen = other.get(&format!("/partner/v1/alerts/{alert}")).await.expect(200);
    for audience in ["advocate", "duty"] {
        assert_eq!(told_as(&seen, 0, audience), json!([other.id]), "{audience}");
    }
});

/// Whom a step told as an audience.
#[track_caller]
fn told_as(alert: &Value, step: usize, audience: &str) -> Value {
    let lines = alert["steps"][step]["detail"]["told"].as_array().unwrap_or_else(|| panic!("{alert}"));
    let line = lines.iter().find(|line| line["audience"] == audience);
    line.unwrap_or_else(|| panic!("no {audience}: {alert}"))["staff"].clone()
}

on_both!(an_alert_that_a_leaver_was_told_of_is_told_to_others_at_once, |app| async {
    let p = app.partnership().await;
    let other = staff(&app.http, &p.admin, &p.support, "benedikta", &["advocate"]).await;
    let alert = text(&p.help_now().await, "id");
    let path = format!("/partner/v1/alerts/{alert}");
    let before = other.get(&path).await.expect(200);
    assert_eq!(told_as(&before, 0, "advocate"), json!([p.advocate.id]));
    disable(&p, &p.advocate.id).await.expect(200);
    let seen = other.get(&path).await.expect(200);
    let (steps, taken) = (seen["steps"].as_array().unwrap(), before["steps"].as_array().unwrap().len());
    assert_eq!((steps.len(), &steps[taken]["at"]), (taken + 1, &json!(app.now())), "{seen}");
    assert_eq!(told_as(&seen, taken, "advocate"), json!([other.id]));
    assert_eq!(seen["next_step_at"], before["next_step_at"]);
});

on_both!(where_nobody_comes_in_a_leavers_place_the_next_step_is_taken_at_once, |app| async {
    let p = app.partnership_with_risk("standard").await;
    let day = ("2026-11-21T00:00:00Z", "2026-11-22T00:00:00Z");
    let body = json!({"staff_id": p.advocate.id, "place": "duty", "starts_at": day.0, "ends_at": day.1});
    p.support_supervisor.post("/partner/v1/rota/shifts", body).await.expect(201);
    p.schedule("14:00").await;
    app.advance_to(instant("2026-11-21T15:31:00Z")).await;
    let path = format!("/partner/v1/alerts/{}", text(&p.alerts().await[0], "id"));
    let before = p.support_supervisor.get(&path).await.expect(200)["steps"].as_array().unwrap().len();
    assert!(p.support_supervisor.get(&path).await.expect(200)["next_step_at"].as_str().unwrap() > "2026-11-21T17:00");
    disable(&p, &p.advocate.id).await.expect(200);
    app.settle().await;
    let seen = p.support_supervisor.get(&path).await.expect(200);
    assert_eq!(told_as(&seen, before, "duty"), json!([]), "{seen}");
    assert_eq!(told_as(&seen, before + 1, "supervisor"), json!([p.support_supervisor.id]));
    assert_eq!(seen["steps"][before + 1]["at"], json!(app.now()));
});

on_both!(what_applied_once_more_and_told_nobody_hides_no_leaver, |app| async {
    let p = app.partnership().await;
    let other = staff(&app.http, &p.admin, &p.support, "benedikta", &["advocate"]).await;
    // A further phone is a risk, and a third applies once more, which only its advocate is told of, once.
    for _ in 0..2 {
        enrol(&app.http, &p.advocate, &p.survivor.id).await;
    }
    let path = format!("/partner/v1/alerts/{}", text(&p.alerts().await[0], "id"));
    let before = other.get(&path).await.expect(200);
    assert_eq!((&before["rule"], told_as(&before, 0, "advocate")), (&json!("device_risk"), json!([p.advocate.id])));
    disable(&p, &p.advocate.id).await.expect(200);
    let seen = other.get(&path).await.expect(200);
    let taken = before["steps"].as_array().unwrap().len();
    assert_eq!(told_as(&seen, taken, "advocate"), json!([other.id]));
});

on_both!(nobody_is_told_again_while_somebody_is_left_who_was, |app| async {
    let p = app.partnership().await;
    let second = staff(&app.http, &p.admin, &p.support, "benedikta", &["advocate"]).await;
    let path = format!("/partner/v1/survivors/{}/assignments", p.survivor.id);
    p.advocate.post(&path, json!({"staff_id": second.id})).await.expect(201);
    let path = format!("/partner/v1/alerts/{}", text(&p.help_now().await, "id"));
    app.settle().await;
    let before = p.advocate.get(&path).await.expect(200);
    disable(&p, &second.id).await.expect(200);
    app.settle().await;
    assert_eq!(p.advocate.get(&path).await.expect(200)["steps"], before["steps"]);
});

on_both!(an_alert_that_a_leaver_had_taken_up_climbs_again_at_once, |app| async {
    let p = app.partnership().await;
    let other = staff(&app.http, &p.admin, &p.support, "benedikta", &["advocate"]).await;
    p.schedule("14:00").await;
    app.advance_to(instant("2026-11-21T14:31:00Z")).await;
    let alert = text(&p.alerts().await[0], "id");
    let path = format!("/partner/v1/alerts/{alert}");
    p.act(&alert, "acknowledge", json!({"note": "Ringing."})).await.expect(200);
    disable(&p, &p.advocate.id).await.expect(200);
    app.settle().await;
    let seen = other.get(&path).await.expect(200);
    assert_eq!(seen["state"], "open", "{seen}");

    // One that a colleague has taken up since is theirs.
    let body = json!({"note": "I am on it.", "spoke_to_survivor": false});
    other.post(&format!("{path}/acknowledge"), body).await.expect(200);
    let third = staff(&app.http, &p.admin, &p.support, "cerys", &["advocate"]).await;
    disable(&p, &third.id).await.expect(200);
    app.settle().await;
    assert_eq!(other.get(&path).await.expect(200)["state"], "acknowledged");
});

on_both!(what_waited_for_the_only_supervisor_is_the_advocates_to_do, |app| async {
    let p = app.partnership().await;
    p.help_now().await;
    app.settle().await;
    let own = |tasks: Vec<Value>| tasks.into_iter().find(|task| task["kind"] == "police_not_allowed");
    assert!(own(p.advocate.list("/partner/v1/tasks").await).is_none());
    disable(&p, &p.support_supervisor.id).await.expect(200);
    let task = own(p.advocate.list("/partner/v1/tasks").await).unwrap();
    assert_eq!(task["for_role"], "advocate");
    let done = format!("/partner/v1/tasks/{}/complete", text(&task, "id"));
    p.advocate.post(&done, json!({"note": "Rang the desk: they know."})).await.expect(200);
});

on_both!(what_waits_for_a_supervisor_whom_the_survivor_keeps_out_is_the_advocates_to_do, |app| async {
    let p = app.partnership().await;
    let kept_out = staff(&app.http, &p.admin, &p.support, "torben", &["supervisor"]).await;
    let blocks = format!("/partner/v1/survivors/{}/blocks", p.survivor.id);
    p.advocate.post(&blocks, json!({"staff_id": kept_out.id})).await.expect(201);
    p.help_now().await;
    app.settle().await;
    disable(&p, &p.support_supervisor.id).await.expect(200);
    let tasks = p.advocate.list("/partner/v1/tasks").await;
    let waits = tasks.iter().find(|task| task["kind"] == "police_not_allowed");
    assert_eq!(waits.map(|task| &task["for_role"]), Some(&json!("advocate")), "{tasks:?}");
});

on_both!(an_enrolment_code_ends_with_the_account_of_whoever_made_it, |app| async {
    let p = app.partnership().await;
    let path = format!("/partner/v1/survivors/{}/enrolment-codes", p.survivor.id);
    let other = staff(&app.http, &p.admin, &p.support, "benedikta", &["advocate"]).await;
    let assignments = format!("/partner/v1/survivors/{}/assignments", p.survivor.id);
    p.advocate.post(&assignments, json!({"staff_id": other.id})).await.expect(201);
    let enrol = |code: Value| async move {
        let body = json!({"code": code, "pin": "135790", "device_name": "New phone"});
        app.http.nobody().post("/app/v1/enrol", body).await
    };
    // Not with a password that was lost; with one that was stolen, as was found out later.
    let code = other.post(&path, json!({})).await.expect(201)["code"].clone();
    let renew = format!("/admin/v1/staff/{}/setup-code", other.id);
    p.admin.post(&renew, json!({"reason": "lost"})).await.expect(201);
    enrol(code).await.expect(201);
    let code = p.advocate.post(&path, json!({})).await.expect(201)["code"].clone();
    let renew = format!("/admin/v1/staff/{}/setup-code", p.advocate.id);
    p.admin.post(&renew, json!({"reason": "not_safe"})).await.expect(201);
    enrol(code).await.refused(401, "unauthenticated");
    let listed = p.support_supervisor.list(&path).await;
    assert_eq!((&listed[0]["state"], &listed[1]["state"]), (&json!("maker_out"), &json!("used")));
});

on_both!(somebody_who_can_see_to_a_record_stays_assigned_to_it, |app| async {
    let p = app.partnership().await;
    let leaver = staff(&app.http, &p.admin, &p.support, "benedikta", &["advocate"]).await;
    let path = format!("/partner/v1/survivors/{}/assignments", p.survivor.id);
    p.advocate.post(&path, json!({"staff_id": leaver.id})).await.expect(201);
    disable(&p, &leaver.id).await.expect(200);
    let own = format!("{path}/{}", p.advocate.id);
    let last = p.support_supervisor.send(reqwest::Method::DELETE, &own, &[], None).await;
    last.refused(409, "wrong_state");
});

with_providers!(supervisors_hear_of_a_leavers_survivors_and_the_leaver_of_nothing, |app, out| async {
    let p = app.partnership().await;
    let contact = "/partner/v1/me/contact";
    p.advocate.put(contact, json!({"email": "asha@support.example"})).await.expect(200);
    p.support_supervisor.put(contact, json!({"email": "sunniva@support.example"})).await.expect(200);
    // Whoever only lost a password keeps how they are told.
    let renew = format!("/admin/v1/staff/{}/setup-code", p.support_supervisor.id);
    let code = p.admin.post(&renew, json!({"reason": "lost"})).await.expect(201)["setup_code"].clone();
    set_up(app, &code, PASSWORD).await.expect(201);
    // What was queued for the leaver, and not yet sent, is not sent any more.
    p.phone().post("/app/v1/messages", json!({"body": "SECRET"})).await.expect(201);
    disable(&p, &p.advocate.id).await.expect(200);
    app.settle().await;
    let told = || out.mail.mails().into_iter().flat_map(|mail| mail.to).collect::<Vec<String>>();
    let why = "their account was set up anew; the message that nobody has read; that somebody is needed";
    assert_eq!(told(), ["sunniva@support.example"; 3], "{why}");

    // A survivor whose only advocate is gone is heard all the same.
    let stranger = staff(&app.http, &p.admin, &p.support, "benedikta", &["advocate"]).await;
    let second = survivor(&app.http, &stranger, "high").await;
    disable(&p, &stranger.id).await.expect(200);
    second.phone.session.post("/app/v1/messages", json!({"body": "SECRET"})).await.expect(201);
    app.settle().await;
    assert_eq!(told().len(), 5, "{:?}", told());
    assert!(told().iter().all(|to| to == "sunniva@support.example"));
});

on_both!(a_leavers_shift_covers_nothing, |app| async {
    let p = app.partnership().await;
    let other = staff(&app.http, &p.admin, &p.support, "benedikta", &["advocate"]).await;
    let (from, to) = ("2026-11-21T00:00:00Z", "2026-11-22T00:00:00Z");
    let body = json!({"staff_id": other.id, "place": "duty", "starts_at": from, "ends_at": to});
    p.support_supervisor.post("/partner/v1/rota/shifts", body).await.expect(201);
    let rota = format!("/partner/v1/rota?from={from}&to={to}");
    assert_eq!(p.advocate.get(&rota).await.expect(200)["gaps"]["duty"], json!([]));
    disable(&p, &other.id).await.expect(200);
    let seen = p.advocate.get(&rota).await.expect(200);
    // The shift is still shown, so that somebody plans another.
    assert_eq!(
        (&seen["gaps"]["duty"], seen["shifts"].as_array().unwrap().len()),
        (&json!([{"from": from, "to": to}]), 1)
    );
    let ladder = p.phone().get("/app/v1/ladder").await.expect(200);
    assert_eq!(ladder["nobody_is_watching"], json!(["00:00–24:00"]));
});

on_both!(an_account_comes_back_only_when_its_holder_sets_it_up_anew, |app| async {
    let p = app.partnership().await;
    let other = staff(&app.http, &p.admin, &p.support, "benedikta", &["advocate"]).await;
    let path = format!("/admin/v1/staff/{}/setup-code", p.advocate.id);
    // Also that of an account in use: whoever waits to set theirs up is told of nothing, and relied on for nothing.
    let first = p.admin.post(&path, json!({"reason": "lost"})).await.expect(201)["setup_code"].clone();
    let waiting = account(&p.admin, &p.advocate.id).await;
    assert_eq!((&waiting["is_set_up"], &waiting["disabled_at"]), (&json!(false), &json!(app.now())));
    sign_in(app, "asha", PASSWORD).await.refused(401, "unauthenticated");
    p.advocate.get("/partner/v1/me").await.refused(401, "unauthenticated");
    let alert = text(&p.help_now().await, "id");
    let seen = other.get(&format!("/partner/v1/alerts/{alert}")).await.expect(200);
    assert_eq!(told_as(&seen, 0, "advocate"), json!([other.id]));
    // Of two codes the newer one counts, and once.
    let second = p.admin.post(&path, json!({"reason": "lost"})).await.expect(201)["setup_code"].clone();
    set_up(app, &first, "another long password").await.refused(401, "unauthenticated");
    set_up(app, &second, "another long password").await.expect(201);
    set_up(app, &second, "yet another password").await.refused(401, "unauthenticated");
    let back = sign_in(app, "asha", "another long password").await.expect(200);
    assert_eq!(back["staff"]["id"], json!(p.advocate.id));
    assert_eq!(account(&p.admin, &p.advocate.id).await["disabled_at"], Value::Null);
    p.advocate.get("/partner/v1/me").await.refused(401, "unauthenticated");
});

on_both!(somebody_who_never_set_their_account_up_is_told_of_nothing, |app| async {
    let p = app.partnership().await;
    let support = organisation(&p.admin, json!({"kind": "survivor_support", "name": "Harbour"})).await;
    let advocate = staff(&app.http, &p.admin, &support, "hollis", &["advocate"]).await;
    let body = json!({"username": "new", "display_name": "New", "organisation_id": support, "roles": ["supervisor"]});
    p.admin.post("/admin/v1/staff", body).await.expect(201);
    let survivor = survivor(&app.http, &advocate, "high").await;
    help_now(&survivor.phone.session).await;
    app.settle().await;
    // A decision of a supervisor's is not left to them.
    let tasks = advocate.list("/partner/v1/tasks").await;
    assert!(tasks.iter().any(|task| task["kind"] == "police_not_allowed"), "{tasks:?}");
});

on_both!(a_code_that_waits_ends_with_its_account, |app| async {
    let p = app.partnership().await;
    let body = json!({"username": "new", "display_name": "New", "organisation_id": p.support, "roles": ["advocate"]});
    let made = p.admin.post("/admin/v1/staff", body).await.expect(201);
    let id = text(&made, "id");
    disable(&p, &id).await.expect(200);
    set_up(app, &made["setup_code"], PASSWORD).await.refused(401, "unauthenticated");
    // So does the code of one that was out of use already.
    let renew = format!("/admin/v1/staff/{id}/setup-code");
    let code = p.admin.post(&renew, json!({"reason": "back"})).await.expect(201)["setup_code"].clone();
    disable(&p, &id).await.expect(200);
    set_up(app, &code, PASSWORD).await.refused(401, "unauthenticated");
    disable(&p, &id).await.refused(409, "wrong_state");

    // Another code for an account that was never set up takes it out of no use.
    let body = json!({"username": "pc.1", "display_name": "New", "organisation_id": p.force, "roles": ["police"]});
    let officer = text(&p.admin.post("/admin/v1/staff", body).await.expect(201), "id");
    let renew = format!("/admin/v1/staff/{officer}/setup-code");
    p.admin.post(&renew, json!({"reason": "lost"})).await.expect(201);
    assert_eq!(account(&p.admin, &officer).await["disabled_at"], Value::Null);
});

on_both!(nobody_ends_their_own_account_and_only_administrators_end_any, |app| async {
    let p = app.partnership().await;
    let accounts = p.admin.list("/admin/v1/staff").await;
    let own = accounts.iter().find(|account| account["username"] == "admin").unwrap()["id"].clone();
    let own = own.as_str().unwrap();
    disable(&p, own).await.refused(409, "wrong_state");
    p.admin
        .post(&format!("/admin/v1/staff/{own}/setup-code"), json!({"reason": "lost"}))
        .await
        .refused(409, "wrong_state");
    disable(&p, NIL).await.refused(404, "not_found");
    let path = format!("/admin/v1/staff/{}/disable", p.practitioner.id);
    p.support_supervisor.post(&path, json!({"reason": "left"})).await.refused(403, "wrong_role");
    p.admin.post(&path, json!({"reason": "because"})).await.refused(422, "invalid");
    p.practitioner.get("/partner/v1/me").await.expect(200);
    // By organisation: those of the programme, and nobody else.
    let of_programme = p.admin.get(&format!("/admin/v1/staff?organisation_id={}", p.programme)).await.expect(200);
    let names: Vec<&Value> =
        of_programme["items"].as_array().unwrap().iter().map(|account| &account["username"]).collect();
    assert_eq!(names, ["tomasz", "pilar"]);
    disable(&p, &p.practitioner.id).await.expect(200);
    let of = async |word: &str| {
        p.admin.ids(&format!("/admin/v1/staff?organisation_id={}&is_disabled={word}", p.programme)).await
    };
    assert_eq!(of("true").await, std::slice::from_ref(&p.practitioner.id));
    assert_eq!(of("false").await, std::slice::from_ref(&p.programme_supervisor.id));
});

on_both!(a_police_systems_credentials_end_for_good_and_alerts_still_reach_the_force, |app| async {
    let p = app.partnership().await;
    p.consent(&["alert.police.help_now"]).await;
    let Way::PoliceSystem { client_id, client_secret } = &p.police_system.way else { panic!("a police system") };
    p.police_system.get("/police/v1/alerts").await.expect(200);
    let listed = p.admin.get(&format!("/admin/v1/police-clients?organisation_id={}", p.force)).await.expect(200);
    let listed = listed["items"].as_array().unwrap();
    assert_eq!(listed.len(), 1);
    assert_eq!((&listed[0]["client_id"], &listed[0]["name"]), (&json!(client_id), &json!("Control room")));
    assert!(!json!(listed).to_string().contains(client_secret.as_str()));

    let path = format!("/admin/v1/police-clients/{client_id}/revoke");
    let ended = p.admin.post(&path, json!({"reason": "not_safe"})).await.expect(200);
    assert_eq!(ended["revoked_at"], json!(app.now()));
    p.police_system.get("/police/v1/alerts").await.refused(401, "unauthenticated");
    let body = json!({"client_id": client_id, "client_secret": client_secret});
    app.http.nobody().post("/police/v1/token", body).await.refused(401, "unauthenticated");
    p.admin.post(&path, json!({"reason": "not_safe"})).await.refused(409, "wrong_state");
    let unknown = format!("/admin/v1/police-clients/{NIL}/revoke");
    p.admin.post(&unknown, json!({"reason": "not_safe"})).await.refused(404, "not_found");

    let alert = text(&p.help_now().await, "id");
    app.settle().await;
    let seen = p.advocate.get(&format!("/partner/v1/alerts/{alert}")).await.expect(200);
    assert_eq!(seen["deliveries"][0]["state"], "delivered");
});
