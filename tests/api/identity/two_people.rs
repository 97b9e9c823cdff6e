//! Accounts and doors take two people, once there are survivors.

use holdfast::config::Flags;
use serde_json::{Value, json};

use crate::harness::partnership::organisation;
use crate::harness::providers::Providers;
use crate::harness::{ADMIN, Caller, NOON, PASSWORD, Partnership, TestApp, instant, text};

/// Makes a module of two tests on installations that ask for two people; with their providers, where the story looks at mail.
macro_rules! with_two_people {
    ($name:ident, |$app:ident, $p:ident| async $story:block) => {
        with_two_people!($name, |$app, $p, _out| async $story);
    };
    ($name:ident, |$app:ident, $p:ident, $out:ident| async $story:block) => {
        mod $name {
            use super::*;

            async fn story($app: &TestApp, $p: &Partnership, $out: &Providers) $story

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                let out = Providers::start().await;
                let app = TestApp::sqlite_with(instant(NOON), |settings| two_people(settings, &out)).await;
                story(&app, &app.partnership().await, &out).await;
                app.finish().await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                let out = Providers::start().await;
                let settings = |settings: &mut Flags| two_people(settings, &out);
                let Some(app) = TestApp::postgres_with(instant(NOON), settings).await else { return };
                story(&app, &app.partnership().await, &out).await;
                app.finish().await;
            }
        }
    };
}

fn two_people(settings: &mut Flags, out: &Providers) {
    settings.two_people = Some(true);
    out.configure(settings);
}

fn account(p: &Partnership, username: &str, roles: &[&str]) -> Value {
    json!({"username": username, "display_name": "Nadia Rai", "organisation_id": p.support, "roles": roles})
}

/// What waits about an account or a door, as somebody reads it who may approve it.
async fn waiting(who: &Caller, subject: &str) -> Option<Value> {
    who.list("/admin/v1/second-person-requests").await.into_iter().find(|row| row["subject_id"] == subject)
}

/// The approval of what waits now.
async fn approval(p: &Partnership, subject: &str) -> Value {
    json!({"request_id": waiting(&p.admin, subject).await.expect("something waits")["id"]})
}

async fn set_up(app: &TestApp, made: &Value) -> crate::harness::Reply {
    let body = json!({"setup_code": made["setup_code"], "password": PASSWORD});
    app.http.nobody().post("/partner/v1/setup", body).await
}

async fn listed(p: &Partnership, id: &str) -> Value {
    let all = p.admin.list("/admin/v1/staff").await;
    all.into_iter().find(|row| row["id"] == id).unwrap()
}

with_two_people!(an_account_that_works_with_records_waits_for_a_second_person, |app, p| async {
    let made = p.admin.post("/admin/v1/staff", account(p, "nadia", &["advocate"])).await.expect(201);
    let id = text(&made, "id");
    assert_eq!(made["state"], "awaiting_second_person");
    set_up(app, &made).await.refused(409, "wrong_state");
    assert_eq!(listed(p, &id).await["awaits_second_person"], "staff_account");
    let (approve, read) = (format!("/admin/v1/staff/{id}/approve"), approval(p, &id).await);
    p.admin.post(&approve, read.clone()).await.refused(403, "second_person_needed");
    p.programme_supervisor.post(&approve, read.clone()).await.refused(404, "not_found");
    p.advocate.post(&approve, read.clone()).await.refused(403, "wrong_role");
    let approved = p.support_supervisor.post(&approve, read.clone()).await.expect(200);
    assert_eq!((&approved["act"], &approved["id"]), (&json!("staff_account"), &json!(id)));
    p.support_supervisor.post(&approve, read).await.refused(404, "not_found");
    set_up(app, &made).await.expect(201);
    assert!(listed(p, &id).await.get("awaits_second_person").is_none());
});

with_two_people!(a_setup_code_for_somebody_else_ends_nothing_before_another_approves_it, |app, p| async {
    let path = format!("/admin/v1/staff/{}", p.advocate.id);
    let asked = p.admin.post(&format!("{path}/setup-code"), json!({"reason": "lost"})).await.expect(201);
    assert_eq!(asked["state"], "awaiting_second_person");
    set_up(app, &asked).await.refused(401, "unauthenticated");
    p.advocate.get("/partner/v1/me").await.expect(200);
    p.admin.post(&format!("{path}/setup-code"), json!({"reason": "lost"})).await.refused(409, "wrong_state");
    let read = approval(p, &p.advocate.id).await;
    p.support_supervisor.post(&format!("{path}/approve"), read).await.expect(200);
    let old = json!({"username": p.advocate.username, "password": PASSWORD});
    app.http.nobody().post("/partner/v1/session", old.clone()).await.refused(401, "unauthenticated");
    set_up(app, &asked).await.expect(201);
    app.http.nobody().post("/partner/v1/session", old).await.expect(200);
});

with_two_people!(roles_and_administrators_wait_and_no_account_is_both, |app, p| async {
    let path = format!("/admin/v1/staff/{}", p.advocate.id);
    let more = json!({"roles": ["advocate", "supervisor"]});
    let change = p.admin.send(reqwest::Method::PATCH, &path, &[], Some(&more)).await.expect(200);
    assert_eq!((&change["roles"], &change["awaits_second_person"]), (&json!(["advocate"]), &json!("staff_roles")));
    let read = approval(p, &p.advocate.id).await;
    p.support_supervisor.post(&format!("{path}/approve"), read).await.expect(200);
    assert_eq!(listed(p, &p.advocate.id).await["roles"], more["roles"]);
    // Fewer roles take one person.
    let fewer = json!({"roles": ["advocate"]});
    let change = p.admin.send(reqwest::Method::PATCH, &path, &[], Some(&fewer)).await.expect(200);
    assert_eq!((&change["roles"], change.get("awaits_second_person")), (&fewer["roles"], None));
    let both = account(p, "both", &["administrator", "advocate"]);
    p.admin.post("/admin/v1/staff", both).await.refused(422, "invalid");
    // A second administrator of one's own making is no second person.
    let puppet = p.admin.post("/admin/v1/staff", account(p, "puppet", &["administrator"])).await.expect(201);
    assert_eq!(puppet["state"], "awaiting_second_person");
    set_up(app, &puppet).await.refused(409, "wrong_state");
});

with_two_people!(credentials_and_endpoints_of_police_open_nothing_before_another_approves_them, |app, p| async {
    let body = json!({"organisation_id": p.force, "name": "Another"});
    let client = p.admin.post("/admin/v1/police-clients", body).await.expect(201);
    assert_eq!(client["state"], "awaiting_second_person");
    let token = json!({"client_id": client["client_id"], "client_secret": client["client_secret"]});
    app.http.nobody().post("/police/v1/token", token.clone()).await.refused(401, "unauthenticated");
    let client = text(&client, "client_id");
    let (approve, read) = (format!("/admin/v1/police-clients/{client}/approve"), approval(p, &client).await);
    p.admin.post(&approve, read.clone()).await.refused(403, "second_person_needed");
    p.support_supervisor.post(&approve, read).await.expect(200);
    app.http.nobody().post("/police/v1/token", token).await.expect(200);

    let second = app.police();
    let body = json!({"organisation_id": p.force, "url": second.url, "description": "Second"});
    let made = p.admin.post("/admin/v1/webhook-endpoints", body).await.expect(201);
    assert_eq!(made["state"], "awaiting_second_person");
    let path = format!("/admin/v1/webhook-endpoints/{}", text(&made, "id"));
    p.admin.post(&format!("{path}/test"), json!({})).await.refused(409, "wrong_state");
    let tag = p.admin.get(&path).await.header("etag").unwrap().to_owned();
    for change in [json!({"is_disabled": false}), json!({"url": p.police.url})] {
        let reply = p.admin.send(reqwest::Method::PATCH, &path, &[("if-match", &tag)], Some(&change)).await;
        reply.refused(409, "wrong_state");
    }
    let read = approval(p, &text(&made, "id")).await;
    p.support_supervisor.post(&format!("{path}/approve"), read).await.expect(200);
    assert!(p.admin.get(&path).await.expect(200).get("disabled_at").is_none());
});

// What one person may do before there is any survivor, the partnership of every story here has done.
with_two_people!(a_new_organisation_is_no_way_to_a_second_person_of_ones_own, |app, p| async {
    let fresh = organisation(&p.admin, json!({"kind": "survivor_support", "name": "Harbour"})).await;
    let account = |username: &str, role: &str| {
        let name = format!("{username} Rai");
        json!({"username": username, "display_name": name, "organisation_id": fresh, "roles": [role]})
    };
    for (username, role) in [("puppet", "administrator"), ("first", "advocate")] {
        let made = p.admin.post("/admin/v1/staff", account(username, role)).await.expect(201);
        assert_eq!(made["state"], "awaiting_second_person", "{role}");
        set_up(app, &made).await.refused(409, "wrong_state");
    }
    // It has no supervisor yet: one of another support organisation is the second person.
    let made = p.admin.post("/admin/v1/staff", account("second", "supervisor")).await.expect(201);
    assert_eq!(made["state"], "awaiting_second_person");
    let second = text(&made, "id");
    let (approve, read) = (format!("/admin/v1/staff/{second}/approve"), approval(p, &second).await);
    p.admin.post(&approve, read.clone()).await.refused(403, "second_person_needed");
    p.programme_supervisor.post(&approve, read.clone()).await.refused(404, "not_found");
    p.support_supervisor.post(&approve, read).await.expect(200);
    set_up(app, &made).await.expect(201);
    // From now on it has its own.
    let own = Caller::staff(&app.http, "second", PASSWORD);
    let made = p.admin.post("/admin/v1/staff", account("third", "advocate")).await.expect(201);
    let third = text(&made, "id");
    let (approve, read) = (format!("/admin/v1/staff/{third}/approve"), approval(p, &third).await);
    p.support_supervisor.post(&approve, read.clone()).await.refused(404, "not_found");
    own.post(&approve, read).await.expect(200);
});

with_two_people!(an_officers_account_waits_like_one_that_works_with_records, |app, p| async {
    let body =
        json!({"username": "pc.9", "display_name": "Pat Quill", "organisation_id": p.force, "roles": ["police"]});
    let made = p.admin.post("/admin/v1/staff", body).await.expect(201);
    assert_eq!(made["state"], "awaiting_second_person");
    set_up(app, &made).await.refused(409, "wrong_state");
    let id = text(&made, "id");
    let read = approval(p, &id).await;
    p.support_supervisor.post(&format!("/admin/v1/staff/{id}/approve"), read).await.expect(200);
    set_up(app, &made).await.expect(201);
});

with_two_people!(an_administrator_from_the_command_line_waits_for_approval, |app, p| async {
    let id = app.create_admin("ops").await;
    let way = json!({"username": "ops", "password": PASSWORD});
    app.http.nobody().post("/partner/v1/session", way.clone()).await.refused(401, "unauthenticated");
    let read = approval(p, &id.to_string()).await;
    p.support_supervisor.post(&format!("/admin/v1/staff/{id}/approve"), read).await.expect(200);
    app.http.nobody().post("/partner/v1/session", way).await.expect(200);
    Caller::staff(&app.http, ADMIN, PASSWORD).get("/partner/v1/me").await.expect(200);
});

with_two_people!(the_second_person_reads_what_waits_and_approves_that_and_nothing_else, |app, p| async {
    let path = format!("/admin/v1/staff/{}", p.advocate.id);
    let more = json!({"roles": ["advocate", "supervisor"]});
    p.admin.send(reqwest::Method::PATCH, &path, &[], Some(&more)).await.expect(200);
    let seen = waiting(&p.support_supervisor, &p.advocate.id).await.unwrap();
    let expected = json!({"id": seen["id"], "act": "staff_roles", "subject_id": p.advocate.id,
        "organisation_id": p.support, "username": "asha", "name": "asha Ashworth", "roles": more["roles"],
        "asked_by": seen["asked_by"], "asked_at": app.now()});
    assert_eq!(seen, expected);
    assert!(waiting(&p.programme_supervisor, &p.advocate.id).await.is_none());
    // Another request takes its place before it is approved.
    let (read, approve) = (approval(p, &p.advocate.id).await, format!("{path}/approve"));
    p.admin.post(&format!("{path}/disable"), json!({"reason": "away"})).await.expect(200);
    p.admin.post(&format!("{path}/setup-code"), json!({"reason": "back"})).await.expect(201);
    for body in [json!({}), json!({"request_id": "x"})] {
        p.support_supervisor.post(&approve, body).await.refused(422, "invalid");
    }
    p.support_supervisor.post(&approve, read).await.refused(409, "wrong_state");
    let seen = waiting(&p.support_supervisor, &p.advocate.id).await.unwrap();
    assert_eq!(
        (&seen["act"], &seen["reason"], &seen["roles"]),
        (&json!("setup_code"), &json!("back"), &json!(["advocate"]))
    );
    p.support_supervisor.post(&approve, approval(p, &p.advocate.id).await).await.expect(200);
    assert!(waiting(&p.admin, &p.advocate.id).await.is_none());
    // Of an endpoint it is the address that counts.
    let url = app.police().url.clone();
    let body = json!({"organisation_id": p.force, "url": url, "description": "Second"});
    let made = p.admin.post("/admin/v1/webhook-endpoints", body).await.expect(201);
    let seen = waiting(&p.support_supervisor, &text(&made, "id")).await.unwrap();
    assert_eq!((&seen["address"], &seen["organisation_id"]), (&json!(url), &json!(p.force)));
    let client = json!({"organisation_id": p.force, "name": "Another"});
    let client = p.admin.post("/admin/v1/police-clients", client).await.expect(201);
    let seen = waiting(&p.support_supervisor, &text(&client, "client_id")).await.unwrap();
    assert_eq!((&seen["name"], seen.get("roles")), (&json!("Another"), None));
});

with_two_people!(what_is_refused_is_approved_by_nobody_later, |app, p| async {
    let id = app.create_admin("ops").await;
    let (path, read) = (format!("/admin/v1/staff/{id}"), approval(p, &id.to_string()).await);
    p.admin.post(&format!("{path}/disable"), json!({"reason": "not_safe"})).await.expect(200);
    assert!(listed(p, &id.to_string()).await.get("awaits_second_person").is_none());
    p.support_supervisor.post(&format!("{path}/approve"), read).await.refused(404, "not_found");
    p.admin.post(&format!("{path}/disable"), json!({"reason": "not_safe"})).await.refused(409, "wrong_state");
    let way = json!({"username": "ops", "password": PASSWORD});
    app.http.nobody().post("/partner/v1/session", way).await.refused(401, "unauthenticated");

    let body = json!({"organisation_id": p.force, "url": app.police().url, "description": "Second"});
    let made = p.admin.post("/admin/v1/webhook-endpoints", body).await.expect(201);
    let path = format!("/admin/v1/webhook-endpoints/{}", text(&made, "id"));
    let change = async |is_disabled: bool| {
        let tag = p.admin.get(&path).await.header("etag").unwrap().to_owned();
        let body = json!({"is_disabled": is_disabled});
        p.admin.send(reqwest::Method::PATCH, &path, &[("if-match", &tag)], Some(&body)).await
    };
    let read = approval(p, &text(&made, "id")).await;
    change(true).await.expect(200);
    p.support_supervisor.post(&format!("{path}/approve"), read).await.refused(404, "not_found");
    // Nor does the one who asked for it put it in use alone.
    change(false).await.refused(409, "wrong_state");
    assert!(p.admin.get(&path).await.expect(200).get("disabled_at").is_some());
});

with_two_people!(whoever_may_approve_hears_that_something_waits_and_nobody_else, |app, p, out| async {
    let ways = [
        ("asha", &p.advocate.caller),
        ("sunniva", &p.support_supervisor.caller),
        ("tomasz", &p.programme_supervisor.caller),
        ("it", &p.admin),
    ];
    for (name, caller) in ways {
        let email = format!("{name}@partnership.example");
        caller.put("/partner/v1/me/contact", json!({"email": email})).await.expect(200);
    }
    let mut heard = 0;
    let mut heard_now = || {
        let all: Vec<String> = out.mail.mails().into_iter().flat_map(|mail| mail.to).collect();
        let now = all[heard..].to_vec();
        heard = all.len();
        now.into_iter().map(|to| to.split('@').next().unwrap().to_owned()).collect::<Vec<_>>()
    };
    // The credentials and the endpoints of police are of no organisation that has supervisors.
    let client = json!({"organisation_id": p.force, "name": "Another"});
    p.admin.post("/admin/v1/police-clients", client).await.expect(201);
    app.settle().await;
    assert_eq!(heard_now(), ["sunniva"]);
    let body = json!({"organisation_id": p.force, "url": app.police().url, "description": "Second"});
    p.admin.post("/admin/v1/webhook-endpoints", body).await.expect(201);
    app.settle().await;
    assert_eq!(heard_now(), ["sunniva"]);
    let body =
        json!({"username": "pia", "display_name": "Pia", "organisation_id": p.programme, "roles": ["practitioner"]});
    p.admin.post("/admin/v1/staff", body).await.expect(201);
    app.settle().await;
    assert_eq!(heard_now(), ["tomasz"]);
    // Nobody who has an account asked for one from the command line.
    app.create_admin("ops").await;
    app.settle().await;
    let mut all = heard_now();
    all.sort();
    assert_eq!(all, ["it", "sunniva"]);
});

async fn refuse(who: &Caller, request: &Value) -> crate::harness::Reply {
    who.post(&format!("/admin/v1/second-person-requests/{}/refuse", text(request, "id")), json!({})).await
}

with_two_people!(whoever_may_approve_it_refuses_it_and_whoever_asked_withdraws_it, |app, p| async {
    let path = format!("/admin/v1/staff/{}", p.advocate.id);
    let asked = p.admin.post(&format!("{path}/setup-code"), json!({"reason": "lost"})).await.expect(201);
    let (request, read) = (waiting(&p.admin, &p.advocate.id).await.unwrap(), approval(p, &p.advocate.id).await);
    refuse(&p.programme_supervisor, &request).await.refused(404, "not_found");
    refuse(&p.advocate, &request).await.refused(403, "wrong_role");
    let refused = refuse(&p.support_supervisor, &request).await.expect(200);
    assert_eq!((&refused["act"], &refused["subject_id"]), (&json!("setup_code"), &json!(p.advocate.id)));
    refuse(&p.support_supervisor, &request).await.refused(404, "not_found");
    p.support_supervisor.post(&format!("{path}/approve"), read).await.refused(404, "not_found");
    // The account goes on as it was.
    set_up(app, &asked).await.refused(401, "unauthenticated");
    p.advocate.get("/partner/v1/me").await.expect(200);
    let more = json!({"roles": ["advocate", "supervisor"]});
    p.admin.send(reqwest::Method::PATCH, &path, &[], Some(&more)).await.expect(200);
    refuse(&p.admin, &waiting(&p.admin, &p.advocate.id).await.unwrap()).await.expect(200);
    assert_eq!(listed(p, &p.advocate.id).await["roles"], json!(["advocate"]));
});

with_two_people!(what_is_new_and_refused_is_never_in_use, |app, p| async {
    let made = p.admin.post("/admin/v1/staff", account(p, "nadia", &["advocate"])).await.expect(201);
    refuse(&p.support_supervisor, &waiting(&p.admin, &text(&made, "id")).await.unwrap()).await.expect(200);
    set_up(app, &made).await.refused(401, "unauthenticated");

    let ops = app.create_admin("ops").await.to_string();
    refuse(&p.support_supervisor, &waiting(&p.admin, &ops).await.unwrap()).await.expect(200);
    let way = json!({"username": "ops", "password": PASSWORD});
    app.http.nobody().post("/partner/v1/session", way).await.refused(401, "unauthenticated");

    let body = json!({"organisation_id": p.force, "name": "Another"});
    let client = p.admin.post("/admin/v1/police-clients", body).await.expect(201);
    refuse(&p.admin, &waiting(&p.admin, &text(&client, "client_id")).await.unwrap()).await.expect(200);
    let token = json!({"client_id": client["client_id"], "client_secret": client["client_secret"]});
    app.http.nobody().post("/police/v1/token", token).await.refused(401, "unauthenticated");

    let body = json!({"organisation_id": p.force, "url": app.police().url, "description": "Second"});
    let made = p.admin.post("/admin/v1/webhook-endpoints", body).await.expect(201);
    refuse(&p.support_supervisor, &waiting(&p.admin, &text(&made, "id")).await.unwrap()).await.expect(200);
    let path = format!("/admin/v1/webhook-endpoints/{}", text(&made, "id"));
    let tag = p.admin.get(&path).await.header("etag").unwrap().to_owned();
    let body = json!({"is_disabled": false});
    let reply = p.admin.send(reqwest::Method::PATCH, &path, &[("if-match", &tag)], Some(&body)).await;
    reply.refused(409, "wrong_state");
});

with_two_people!(a_setup_code_that_is_good_no_more_is_not_approved_and_stands_in_nobodys_way, |app, p| async {
    let path = format!("/admin/v1/staff/{}", p.advocate.id);
    let new = p.admin.post("/admin/v1/staff", account(p, "nadia", &["advocate"])).await.expect(201);
    let fresh = format!("/admin/v1/staff/{}", text(&new, "id"));
    p.admin.post(&format!("{path}/setup-code"), json!({"reason": "lost"})).await.expect(201);
    app.advance(7 * 24 * 60).await;
    for (path, id) in [(&path, p.advocate.id.clone()), (&fresh, text(&new, "id"))] {
        let read = approval(p, &id).await;
        p.support_supervisor.post(&format!("{path}/approve"), read).await.refused(409, "wrong_state");
        let asked = p.admin.post(&format!("{path}/setup-code"), json!({"reason": "lost"})).await.expect(201);
        let read = approval(p, &id).await;
        p.support_supervisor.post(&format!("{path}/approve"), read).await.expect(200);
        set_up(app, &asked).await.expect(201);
    }
});

with_two_people!(a_second_account_of_the_same_name_is_no_second_person, |app, p| async {
    let admin_of_her_own = json!({"username": "sunniva.it", "display_name": "Sunniva  ASHWORTH",
        "organisation_id": p.support, "roles": ["administrator"]});
    let made = p.admin.post("/admin/v1/staff", admin_of_her_own).await.expect(201);
    let id = text(&made, "id");
    // It is about her.
    let (approve, read) = (format!("/admin/v1/staff/{id}/approve"), approval(p, &id).await);
    p.support_supervisor.post(&approve, read.clone()).await.refused(403, "second_person_needed");
    let ops = app.create_admin("ops").await.to_string();
    let ops_read = approval(p, &ops).await;
    p.support_supervisor.post(&format!("/admin/v1/staff/{ops}/approve"), ops_read).await.expect(200);
    let way = Caller::staff(&app.http, "ops", PASSWORD);
    way.post(&approve, read).await.expect(200);
    set_up(app, &made).await.expect(201);
    let hers = Caller::staff(&app.http, "sunniva.it", PASSWORD);
    // Nor is she the second person to what she asks for herself.
    let path = format!("/admin/v1/staff/{}", p.advocate.id);
    hers.post(&format!("{path}/setup-code"), json!({"reason": "lost"})).await.expect(201);
    let read = approval(p, &p.advocate.id).await;
    p.support_supervisor.post(&format!("{path}/approve"), read.clone()).await.refused(403, "second_person_needed");
    p.admin.post(&format!("{path}/approve"), read).await.expect(200);
});
