//! Accounts that are made: a leaver is out at once and no alert waits for them, a lost password or second factor is begun
//! anew, and credentials of a police system that got into the wrong hands open nothing.

use serde_json::{Value, json};

use crate::harness::partnership::staff;
use crate::harness::{Caller, PASSWORD, Partnership, TestApp, Way, on_both, text};

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
    let told = seen["steps"][0]["detail"]["told"].as_array().unwrap().clone();
    let of_staff: Vec<&Value> =
        told.iter().filter(|line| line["audience"] == "advocate" || line["audience"] == "duty").collect();
    assert!(!of_staff.is_empty() && of_staff.iter().all(|line| line["staff"] == json!([other.id])), "{told:?}");
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

on_both!(an_account_comes_back_only_through_a_new_setup_code, |app| async {
    let p = app.partnership().await;
    let path = format!("/admin/v1/staff/{}/setup-code", p.advocate.id);
    disable(&p, &p.advocate.id).await.expect(200);
    let first = p.admin.post(&path, json!({})).await.expect(201)["setup_code"].clone();
    let waiting = account(&p.admin, &p.advocate.id).await;
    assert_eq!((&waiting["is_set_up"], &waiting["disabled_at"]), (&json!(false), &Value::Null));
    // The password of before opens nothing, nor does the session.
    sign_in(app, "asha", PASSWORD).await.refused(401, "unauthenticated");
    p.advocate.get("/partner/v1/me").await.refused(401, "unauthenticated");
    // Of two codes the newer one counts.
    let second = p.admin.post(&path, json!({})).await.expect(201)["setup_code"].clone();
    set_up(app, &first, "another long password").await.refused(401, "unauthenticated");
    set_up(app, &second, "another long password").await.expect(201);
    set_up(app, &second, "yet another password").await.refused(401, "unauthenticated");
    let back = sign_in(app, "asha", "another long password").await.expect(200);
    assert_eq!(back["staff"]["id"], json!(p.advocate.id));
});

on_both!(a_code_that_waits_ends_with_its_account, |app| async {
    let p = app.partnership().await;
    let body = json!({"username": "new", "display_name": "New", "organisation_id": p.support, "roles": ["advocate"]});
    let made = p.admin.post("/admin/v1/staff", body).await.expect(201);
    disable(&p, &text(&made, "id")).await.expect(200);
    set_up(app, &made["setup_code"], PASSWORD).await.refused(401, "unauthenticated");
});

on_both!(nobody_ends_their_own_account_and_only_administrators_end_any, |app| async {
    let p = app.partnership().await;
    let accounts = p.admin.list("/admin/v1/staff").await;
    let own = accounts.iter().find(|account| account["username"] == "admin").unwrap()["id"].clone();
    let own = own.as_str().unwrap();
    disable(&p, own).await.refused(409, "wrong_state");
    p.admin.post(&format!("/admin/v1/staff/{own}/setup-code"), json!({})).await.refused(409, "wrong_state");
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
