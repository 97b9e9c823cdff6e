//! Messages, household and safety plan over HTTP: who writes, who reads, who is told, and what a forced hand changes.

mod lists;
mod risk;

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::partnership::{PIN, enrol_with, way};
use crate::harness::providers::Providers;
use crate::harness::push::Subscriber;
use crate::harness::{Caller, NOON, Partnership, Reply, TestApp, instant, on_both, text};
use crate::notify::{push_path, with_providers};

const DURESS_PIN: &str = "7305";
const OWN_PLAN: &str = "/app/v1/safety-plan";

fn below(p: &Partnership, path: &str) -> String {
    format!("/partner/v1/survivors/{}/{path}", p.survivor.id)
}

/// A phone with a duress PIN; both ways into it.
async fn two_ways(app: &TestApp, p: &Partnership) -> (Caller, Caller) {
    let enrolled = enrol_with(&app.http, &p.advocate, &p.survivor.id, json!({"duress_pin": DURESS_PIN})).await;
    let way = |pin: &str| way(&enrolled, pin);
    (Caller::new(&app.http, way(PIN)), Caller::new(&app.http, way(DURESS_PIN)))
}

async fn write_plan(by: &Caller, path: &str, version: i64, body: Value) -> Reply {
    by.send(Method::PUT, path, &[("if-match", &format!("\"v{version}\""))], Some(&body)).await
}

fn sections(code: &str, words: &str) -> Value {
    json!({"sections": [{"code": code, "text": words}]})
}

/// Nobody but the survivor and the staff of their side has any of this.
async fn strangers_get_nothing(p: &Partnership, path: &str) {
    p.practitioner.get(&below(p, path)).await.refused(403, "wrong_role");
    p.programme_supervisor.get(&below(p, path)).await.refused(404, "not_found");
    p.officer.get(&below(p, path)).await.refused(403, "wrong_role");
    p.police_system.get(&below(p, path)).await.refused(401, "unauthenticated");
}

on_both!(a_message_is_read_once_and_each_side_sees_when, |app| async {
    let p = app.partnership().await;
    let body = json!({"body": "Could we speak on Thursday?"});
    let sent = p.phone().post_keyed("/app/v1/messages", "once", &body).await.expect(201);
    let again = p.phone().post_keyed("/app/v1/messages", "once", &body).await.expect(201);
    assert_eq!(sent, again);
    p.phone().post("/app/v1/messages", json!({"body": "In the morning, if you can"})).await.expect(201);
    let unread = p.advocate.list("/partner/v1/messages/unread").await;
    assert_eq!(unread.len(), 2);
    assert!(unread.iter().all(|row| row["survivor_id"] == json!(p.survivor.id) && row.get("body").is_none()));
    assert!(p.programme_supervisor.list("/partner/v1/messages/unread").await.is_empty());
    let thread = p.advocate.list(&below(&p, "messages")).await;
    let first = &thread[1];
    assert_eq!((&first["body"], &first["from"]), (&json!("Could we speak on Thursday?"), &json!("survivor")));
    // Looking at the list is not reading: the advocate says up to where.
    assert!(p.phone().list("/app/v1/messages").await.iter().all(|row| row.get("read_at").is_none()));
    app.advance(5).await;
    let read = |id: &str| format!("{}/{id}/read", below(&p, "messages"));
    let done = p.advocate.put(&read(&text(first, "id")), json!({})).await.expect(200);
    assert_eq!(done["read"], 1);
    let own = p.phone().list("/app/v1/messages").await;
    assert_eq!((own[0].get("read_at"), own[1]["read_at"].as_str()), (None, Some(app.now_text().as_str())));
    let done = p.advocate.put(&read(&text(&own[0], "id")), json!({})).await.expect(200);
    assert_eq!(done["read"], 1);
    assert!(p.advocate.list("/partner/v1/messages/unread").await.is_empty());
    // And the other way.
    let reply = p.advocate.post(&below(&p, "messages"), json!({"body": "Thursday at ten"})).await.expect(201);
    assert_eq!(reply["notice"], "no_channel");
    let id = text(&reply, "id");
    let done = p.phone().put(&format!("/app/v1/messages/{id}/read"), json!({})).await.expect(200);
    assert_eq!(done["read"], 1);
    assert!(p.advocate.list(&below(&p, "messages")).await[0]["read_at"].is_string());
    strangers_get_nothing(&p, "messages").await;
    p.phone().post("/app/v1/messages", json!({"body": " "})).await.refused(422, "invalid");
});

with_providers!(a_message_is_told_of_in_neutral_words_and_only_as_the_plan_allows, |app, out| async {
    let (p, phone) = (app.partnership().await, Subscriber::new());
    p.consent(&["contact.push"]).await;
    p.phone().put(&push_path(&p), phone.body(&format!("{}/push/abc", out.url))).await.expect(200);
    let send = async |words: &str| p.advocate.post(&below(&p, "messages"), json!({"body": words})).await;
    assert_eq!(send("SECRET").await.expect(201)["notice"], "queued");
    app.settle().await;
    let pushed = out.asked();
    assert_eq!(pushed.len(), 1);
    let words = String::from_utf8(phone.decrypt(&pushed[0].body)).unwrap();
    assert!(words.contains("Please have a look when you can.") && !words.contains("SECRET"), "{words}");
    assert_eq!(send("And again").await.expect(201)["notice"], "throttled");
    app.advance(11).await;
    let never = json!({"time_zone": "Europe/London", "push": {"allowed": false}});
    p.advocate.put(&below(&p, "safe-contact"), never).await.expect(200);
    assert_eq!(send("Once more").await.expect(201)["notice"], "unsafe_contact");
    app.settle().await;
    assert_eq!(out.asked().len(), 1);
});

with_providers!(those_assigned_are_told_once_until_somebody_has_read, |app, out| async {
    let p = app.partnership().await;
    p.advocate.put("/partner/v1/me/contact", json!({"email": "asha@support.example"})).await.expect(200);
    let told = || async {
        app.settle().await;
        out.mail.mails().len()
    };
    let write = || p.phone().post("/app/v1/messages", json!({"body": "SECRET"}));
    let first = text(&write().await.expect(201), "id");
    assert_eq!(told().await, 1);
    let words = out.mail.mails()[0].text();
    assert!(!words.contains("SECRET") && !words.contains("SV-"), "{words}");
    write().await.expect(201);
    assert_eq!(told().await, 1);
    p.advocate.put(&format!("{}/{first}/read", below(&p, "messages")), json!({})).await.expect(200);
    // One still waits.
    write().await.expect(201);
    assert_eq!(told().await, 1);
    let last = text(&write().await.expect(201), "id");
    p.advocate.put(&format!("{}/{last}/read", below(&p, "messages")), json!({})).await.expect(200);
    write().await.expect(201);
    assert_eq!(told().await, 2);
});

on_both!(a_household_is_amended_in_versions_that_stay, |app| async {
    let p = app.partnership().await;
    let child = json!({"kind": "person", "relation": "child", "name": "Robin", "born": "2017-05-01",
        "school": "Hill Lane Primary", "lives_with": "survivor", "is_at_risk": true, "note": "Collected by Bea"});
    let made = p.phone().post("/app/v1/household", child.clone()).await.expect(201);
    let cat = json!({"kind": "pet", "relation": "cat"});
    p.advocate.post(&below(&p, "household"), cat).await.expect(201);
    let own = p.phone().get("/app/v1/household").await.expect(200)["items"].clone();
    assert_eq!((&own[0]["name"], &own[0]["school"]), (&json!("Robin"), &json!("Hill Lane Primary")));
    assert_eq!((&own[0]["written_by"], &own[1]["written_by"]), (&json!("survivor"), &json!("staff")));
    let path = format!("{}/{}", below(&p, "household"), text(&made, "id"));
    let mut moved = child.clone();
    moved["school"] = json!("Mill Road Primary");
    p.advocate.put(&path, moved.clone()).await.refused(428, "precondition_required");
    let changed = write_plan(&p.advocate, &path, 1, moved.clone()).await;
    assert_eq!((changed.expect(200)["version"].as_i64(), changed.header("etag")), (Some(2), Some("\"v2\"")));
    write_plan(&p.advocate, &path, 1, moved).await.refused(412, "stale");
    let versions = p.advocate.get(&format!("{path}/versions")).await.expect(200)["items"].clone();
    let schools: Vec<&str> = versions.as_array().unwrap().iter().map(|row| row["school"].as_str().unwrap()).collect();
    assert_eq!(schools, ["Mill Road Primary", "Hill Lane Primary"]);
    assert!(versions[1]["superseded_at"].is_string());
    assert_eq!(p.advocate.send(Method::DELETE, &path, &[], None).await.status, 204);
    assert_eq!(p.advocate.send(Method::DELETE, &path, &[], None).await.status, 404);
    assert_eq!(p.phone().get("/app/v1/household").await.expect(200)["items"].as_array().unwrap().len(), 1);
    let versions = p.advocate.get(&format!("{path}/versions")).await.expect(200)["items"].clone();
    assert_eq!(versions[0]["removed_by"], json!(p.advocate.id));
    strangers_get_nothing(&p, "household").await;
    strangers_get_nothing(&p, &format!("household/{}/versions", text(&made, "id"))).await;
});

on_both!(somebody_of_a_household_is_described_so_that_it_can_be_used, |app| async {
    let p = app.partnership().await;
    let wrong = [
        (json!({"kind": "person", "relation": "child"}), "/name"),
        (json!({"kind": "person", "relation": "Child", "name": "Robin"}), "/relation"),
        (json!({"kind": "person", "relation": "child", "name": "Robin", "born": "May 2017"}), "/born"),
        (json!({"kind": "person", "relation": "child", "name": "Robin", "born": "2017-02-30"}), "/born"),
        (json!({"kind": "pet", "relation": "cat", "lives_with": "?"}), "/lives_with"),
    ];
    for (body, pointer) in wrong {
        let problem = p.phone().post("/app/v1/household", body).await.refused(422, "invalid");
        assert_eq!(problem["errors"][0]["pointer"], pointer, "{problem}");
    }
});

on_both!(each_writes_their_own_part_of_the_plan_and_both_agree, |app| async {
    let p = app.partnership().await;
    let theirs = below(&p, "safety-plan");
    let none = p.phone().get(OWN_PLAN).await;
    assert_eq!((none.expect(200), none.header("etag")), (json!({"version": 0, "sections": []}), Some("\"v0\"")));
    let first = write_plan(p.phone(), OWN_PLAN, 0, sections("places_to_go", "To Bea's")).await.expect(200);
    assert!(first["survivor_agreed_at"].is_string() && first.get("staff_agreed_at").is_none(), "{first}");
    assert!(first.get("agreed_version").is_none());
    let agreed = p.advocate.post(&format!("{theirs}/confirm"), json!({"version": 1})).await.expect(200);
    assert_eq!(agreed["agreed_version"], 1);
    // A proposal leaves the survivor's words alone, and counts once they agree.
    write_plan(&p.advocate, &theirs, 0, sections("at_home", "A new lock")).await.refused(412, "stale");
    let proposed = write_plan(&p.advocate, &theirs, 1, sections("at_home", "A new lock")).await.expect(200);
    assert_eq!((&proposed["version"], &proposed["agreed_version"]), (&json!(2), &json!(1)));
    let own = p.phone().get(OWN_PLAN).await.expect(200);
    let parts: Vec<_> =
        own["sections"].as_array().unwrap().iter().map(|row| (row["part"].as_str(), row["code"].as_str())).collect();
    assert_eq!(parts, [(Some("survivor"), Some("places_to_go")), (Some("staff"), Some("at_home"))]);
    let confirm = |version: i64| p.phone().post("/app/v1/safety-plan/confirm", json!({"version": version}));
    confirm(1).await.refused(409, "wrong_state");
    assert_eq!(confirm(2).await.expect(200)["agreed_version"], 2);
    assert_eq!(confirm(2).await.expect(200)["agreed_version"], 2);
    // The survivor writes again: the advocate's part stays.
    let third = write_plan(p.phone(), OWN_PLAN, 2, sections("people_to_ring", "Bea")).await.expect(200);
    let codes: Vec<_> = third["sections"].as_array().unwrap().iter().map(|row| row["code"].clone()).collect();
    assert_eq!(codes, ["at_home", "people_to_ring"]);
    let versions = p.advocate.list(&format!("{theirs}/versions")).await;
    assert_eq!(versions.iter().map(|row| row["version"].as_i64().unwrap()).collect::<Vec<_>>(), [3, 2, 1]);
    assert_eq!(versions[2]["sections"][0]["text"], "To Bea's");
    strangers_get_nothing(&p, "safety-plan").await;
    strangers_get_nothing(&p, "safety-plan/versions").await;
});

on_both!(a_plan_asks_for_a_pin_of_the_last_minutes, |app| async {
    let p = app.partnership().await;
    p.phone().get(OWN_PLAN).await.expect(200);
    let tokens = p.phone().tokens().await.unwrap();
    app.advance(16).await;
    let refreshed = json!({"refresh_token": tokens["refresh_token"]});
    let tokens = app.http.nobody().post("/app/v1/session/refresh", refreshed).await.expect(200);
    let bearer = format!("Bearer {}", text(&tokens, "access_token"));
    let headers = [("authorization", bearer.as_str()), ("if-match", "\"v0\"")];
    let body = sections("online", "New passwords");
    app.http.send(Method::GET, OWN_PLAN, &headers, None).await.refused(403, "pin_needed");
    app.http.send(Method::PUT, OWN_PLAN, &headers, Some(&body)).await.refused(403, "pin_needed");
    // The household does not.
    app.http.send(Method::GET, "/app/v1/household", &headers, None).await.expect(200);
});

on_both!(a_plan_is_looked_at_again_on_its_day_and_once, |app| async {
    let p = app.partnership().await;
    let theirs = below(&p, "safety-plan");
    let mut body = sections("at_home", "A new lock");
    body["review_by_on"] = json!("2026-11-20");
    let refused = write_plan(&p.advocate, &theirs, 0, body.clone()).await.refused(422, "invalid");
    assert_eq!(refused["errors"][0]["pointer"], "/review_by_on");
    body["review_by_on"] = json!("2026-11-24");
    write_plan(&p.advocate, &theirs, 0, body).await.expect(200);
    // The survivor's own change leaves the day as it is.
    let own = write_plan(p.phone(), OWN_PLAN, 1, sections("online", "New passwords")).await.expect(200);
    assert_eq!(own["review_by_on"], "2026-11-24");
    app.advance_to(instant("2026-11-24T08:59:59Z")).await;
    assert!(p.tasks("safety_review").await.is_empty());
    app.advance_to(instant("2026-11-24T09:00:00Z")).await;
    let tasks = p.tasks("safety_review").await;
    assert_eq!(tasks.len(), 1);
    assert_eq!(tasks[0]["detail"], json!({"what": "safety_plan", "review_by_on": "2026-11-24"}));
    app.advance(60 * 48).await;
    assert_eq!(p.tasks("safety_review").await.len(), 1);
});

on_both!(under_duress_nothing_of_it_shows_and_what_is_written_replaces_nothing, |app| async {
    let p = app.partnership().await;
    let (genuine, forced) = two_ways(app, &p).await;
    let plan = below(&p, "safety-plan");
    genuine.post("/app/v1/messages", json!({"body": "SECRET"})).await.expect(201);
    let sent = p.advocate.post(&below(&p, "messages"), json!({"body": "SECRET"})).await.expect(201);
    let robin = json!({"kind": "person", "relation": "child", "name": "SECRET"});
    genuine.post("/app/v1/household", robin).await.expect(201);
    write_plan(&genuine, OWN_PLAN, 0, sections("places_to_go", "SECRET")).await.expect(200);
    for path in ["/app/v1/messages", "/app/v1/household", OWN_PLAN] {
        let (real, decoy) = (genuine.get(path).await, forced.get(path).await);
        let names =
            |reply: &Reply| reply.headers.keys().map(ToString::to_string).collect::<std::collections::BTreeSet<_>>();
        assert_eq!((real.status, names(&real)), (decoy.status, names(&decoy)), "{path}");
        assert!(real.body.contains("SECRET") && !decoy.body.contains("SECRET"), "{path}: {}", decoy.body);
    }
    let id = text(&sent, "id");
    forced.put(&format!("/app/v1/messages/{id}/read"), json!({})).await.refused(404, "not_found");
    forced.post("/app/v1/safety-plan/confirm", json!({"version": 1})).await.refused(404, "not_found");
    // Written, and shown as done.
    let said = forced.post("/app/v1/messages", json!({"body": "FORCED"})).await.expect(201);
    assert_eq!(said["body"], "FORCED");
    let other = json!({"kind": "person", "relation": "friend", "name": "FORCED"});
    forced.post("/app/v1/household", other).await.expect(201);
    let shown = write_plan(&forced, OWN_PLAN, 0, sections("places_to_go", "FORCED")).await;
    assert_eq!((shown.expect(200)["version"].as_i64(), shown.header("etag")), (Some(1), Some("\"v1\"")));
    let agreed = forced.post("/app/v1/safety-plan/confirm", json!({"version": 1})).await.expect(200);
    assert_eq!(agreed["version"], 1);
    // Their own staff see it, marked; the survivor's own record is as it was.
    for path in ["messages", "household", "safety-plan/versions"] {
        let kept = p.advocate.get(&below(&p, path)).await.expect(200)["items"].clone();
        let marked: Vec<_> = kept.as_array().unwrap().iter().filter(|row| row["is_duress"] == true).collect();
        assert_eq!(marked.len(), 1, "{path}: {kept}");
        assert!(marked[0].to_string().contains("FORCED"));
    }
    assert!(p.advocate.list("/partner/v1/messages/unread").await.iter().any(|row| row["is_duress"] == true));
    for path in ["/app/v1/messages", "/app/v1/household", OWN_PLAN] {
        let real = genuine.get(path).await;
        assert!(real.body.contains("SECRET") && !real.body.contains("FORCED"), "{path}: {}", real.body);
    }
    let stands = p.advocate.get(&plan).await.expect(200);
    assert_eq!((&stands["version"], stands.get("agreed_version")), (&json!(1), None));
    app.leaves_retries();
});
