//! Rules that hold at every address, made from the contract: who may call, what strangers learn, what is recorded.
//!
//! A new operation fails here until it says who may call it (`x-who`) and `samples` knows how to call it.

mod canaries;
mod samples;
mod tokens;
mod world;

use diesel::QueryDsl as _;
use diesel::RunQueryDsl as _;
use holdfast::db::schema::audit_entries;
use serde_json::{Value, json};
use uuid::Uuid;

use super::contract::{Operation, operations};
use super::contract_document::declares_headers;
use crate::harness::partnership::{enrol_unconfirmed, way};
use crate::harness::{Caller, Reply, TestApp, on_both};
use samples::{Sample, sample};
use world::World;

/// What is in the path of these is nobody's record: a scope, a report, an audience.
const NAME_NO_RECORD: [&str; 3] = ["put_consent", "get_report", "get_audience_contract"];

/// Every operation with a way to call it that is answered well.
async fn every(world: &World) -> Vec<(Operation, Sample)> {
    let mut all = Vec::new();
    for operation in operations() {
        assert!(!operation.who().is_empty(), "{} does not say who may call it: give it an x-who", operation.id());
        let sample = sample(world, operation.id()).await;
        let sample = sample.unwrap_or_else(|| panic!("{} is new: tell samples.rs how to call it", operation.id()));
        all.push((operation, sample));
    }
    let is_unnamed =
        |(operation, sample): &&(Operation, Sample)| operation.path.contains('{') && sample.names.is_none();
    let unnamed: Vec<&str> = all.iter().filter(is_unnamed).map(|(operation, _)| operation.id()).collect();
    assert_eq!(unnamed, NAME_NO_RECORD, "samples that do not say by `of` what in their path names the record");
    all
}

/// Calls an operation as somebody, with a fresh key.
async fn call(operation: &Operation, sample: &Sample, path: &str, caller: &Caller) -> Reply {
    let bearer = caller.token().await.map(|token| format!("Bearer {token}"));
    call_with(operation, sample, path, caller, bearer.as_deref()).await
}

async fn call_with(operation: &Operation, sample: &Sample, path: &str, caller: &Caller, bearer: Option<&str>) -> Reply {
    let key = Uuid::new_v4().to_string();
    let mut headers: Vec<(&str, &str)> = sample.headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
    if operation.method == "POST" {
        headers.push(("idempotency-key", &key));
    }
    if let Some(bearer) = bearer {
        headers.push(("authorization", bearer));
    }
    let method = operation.method.parse().unwrap();
    let reply = match &sample.raw {
        Some(bytes) => caller.http.send_bytes(method, path, &headers, bytes.clone()).await.unwrap().reply,
        None => caller.http.send(method, path, &headers, sample.body.as_ref()).await,
    };
    has_conventional_headers(operation, &reply);
    reply
}

#[track_caller]
fn has_conventional_headers(operation: &Operation, reply: &Reply) {
    let id = operation.id();
    // The contract alone may be kept, and is asked for again each time.
    let kept = if id.contains("contract") && reply.status.is_success() { "no-cache" } else { "no-store" };
    assert_eq!(reply.header("cache-control"), Some(kept), "{id}");
    declares_headers(id, reply);
    assert_eq!(reply.header("x-content-type-options"), Some("nosniff"), "{id}");
    assert_eq!(reply.header("content-security-policy"), Some("default-src 'none'; frame-ancestors 'none'"), "{id}");
    assert_eq!(reply.header("referrer-policy"), Some("no-referrer"), "{id}");
    assert!(reply.header("x-request-id").is_some_and(|id| id.len() == 36), "{id}");
    if reply.status.is_client_error() {
        assert_eq!(reply.header("content-type"), Some("application/problem+json"), "{id}");
        let problem = reply.json();
        assert_eq!(problem["status"], reply.status.as_u16(), "{id}");
        assert_eq!(problem["request_id"].as_str(), reply.header("x-request-id"), "{id}");
    }
}

/// A problem without what differs from request to request.
fn plain(reply: &Reply) -> Value {
    let mut problem = reply.json();
    problem.as_object_mut().unwrap().remove("request_id");
    problem
}

fn items(reply: &Reply) -> Vec<Value> {
    reply.expect(200)["items"].as_array().unwrap().clone()
}

on_both!(nobody_and_hostile_tokens_get_the_same_401, |app| async {
    let world = World::new(app).await;
    let expired = tokens::honest(&world).await;
    app.advance(11).await;
    let expected = plain(&app.http.nobody().get("/partner/v1/me").await);
    assert_eq!(expected["code"], "unauthenticated");
    for (operation, sample) in every(&world).await {
        if operation.who() == ["anyone"] {
            continue;
        }
        let mut bearers = tokens::hostile(&world, &operation.path).await;
        bearers.push(("expired", format!("Bearer {}", expired[tokens::door_of(&operation.path)])));
        for (kind, bearer) in bearers {
            let reply = call_with(&operation, &sample, &sample.path, &sample.caller, Some(&bearer)).await;
            let at = format!("{} with {kind}: {}", operation.id(), reply.body);
            assert_eq!((reply.status.as_u16(), plain(&reply)), (401, expected.clone()), "{at}");
            assert_eq!(reply.header("www-authenticate"), Some("Bearer"), "{at}");
        }
        let reply = call_with(&operation, &sample, &sample.path, &sample.caller, None).await;
        assert_eq!((reply.status.as_u16(), plain(&reply)), (401, expected.clone()), "{}", operation.id());
    }
});

on_both!(a_wrong_role_is_refused_everywhere, |app| async {
    let world = World::new(app).await;
    for (operation, sample) in every(&world).await {
        let who = operation.who();
        if who == ["anyone"] {
            continue;
        }
        for (role, caller) in world.roles() {
            if who.iter().any(|name| name == role) {
                continue;
            }
            let reply = call(&operation, &sample, &sample.path, caller).await;
            // A token of another door is no credential here at all.
            let own_door = tokens::door_of_role(role) == tokens::door_of(&operation.path) && role != "sos";
            let expected = if own_door { 403 } else { 401 };
            assert_eq!(reply.status.as_u16(), expected, "{} as {role}: {}", operation.id(), reply.body);
        }
    }
});

/// Lists in which everybody finds the same, beside what is their own.
const SHARED: [&str; 3] = ["list_consents", "list_programmes", "list_programme_providers"];

on_both!(a_stranger_learns_no_more_than_of_an_unknown_id, |app| async {
    let world = World::new(app).await;
    for (operation, sample) in every(&world).await {
        let who = operation.who();
        let strangers = world.strangers().into_iter().filter(|(role, _)| who.iter().any(|name| name == role));
        for (role, stranger) in strangers {
            let at = format!("{} as a stranger who is {role}", operation.id());
            if let Some(unknown) = sample.unknown_path() {
                let nothing = call(&operation, &sample, &unknown, stranger).await;
                let real = call(&operation, &sample, &sample.path, stranger).await;
                assert_eq!(nothing.status.as_u16(), 404, "{at}, unknown id: {}", nothing.body);
                assert_eq!((real.status.as_u16(), plain(&real)), (404, plain(&nothing)), "{at}: {}", real.body);
            } else if operation.id().starts_with("list_") && !SHARED.contains(&operation.id()) {
                let own = items(&call(&operation, &sample, &sample.path, &sample.caller).await);
                let theirs = items(&call(&operation, &sample, &sample.path, stranger).await);
                assert!(theirs.iter().all(|item| !own.contains(item)), "{at}: {theirs:?}");
            }
        }
        if let (Some(unknown), false) = (sample.unknown_path(), who == ["anyone"]) {
            let reply = call(&operation, &sample, &unknown, &sample.caller).await;
            assert_eq!(reply.status.as_u16(), 404, "{} with an unknown id: {}", operation.id(), reply.body);
        }
    }
});

on_both!(a_phone_needs_a_key_for_what_it_creates, |app| async {
    let world = World::new(app).await;
    for (operation, sample) in every(&world).await {
        let path = operation.path.as_str();
        let is_open = path == "/app/v1/enrol" || path.starts_with("/app/v1/session/");
        let is_cry = path == "/app/v1/help-now";
        if operation.method == "POST" && path.starts_with("/app/v1/") && !is_open && !is_cry {
            let body = sample.body.as_ref();
            let method = operation.method.parse().unwrap();
            let reply = sample.caller.send(method, &sample.path, &[], body).await;
            assert_eq!(reply.refused(400, "idempotency_key_missing")["status"], 400, "{}", operation.id());
        }
    }
});

/// What a phone sends in from its first second, confirmed or not.
const SENT_IN: [&str; 8] = [
    "confirm_session",
    "create_check_in",
    "create_help_now",
    "create_incident",
    "create_sync",
    "create_timer",
    "end_timer",
    "extend_timer",
];

on_both!(a_phone_that_nobody_has_confirmed_reads_closes_and_replaces_nothing, |app| async {
    let world = World::new(app).await;
    let (id, more) = (&world.p.survivor.id, (json!("no"), json!({"duress_pin": "7305"})));
    let enrolled = enrol_unconfirmed(&app.http, &world.p.advocate, id, more).await;
    let callers = ["4821", "7305"].map(|pin| Caller::new(&app.http, way(&enrolled, pin)));
    for (operation, sample) in every(&world).await {
        if !operation.path.starts_with("/app/v1/") || operation.who() == ["anyone"] {
            continue;
        }
        for caller in &callers {
            let reply = call(&operation, &sample, &sample.path, caller).await;
            let is_refused = reply.status == 403 && reply.json()["code"] == "phone_not_confirmed";
            assert_eq!(is_refused, !SENT_IN.contains(&operation.id()), "{}: {}", operation.id(), reply.body);
        }
    }
    app.leaves_retries();
});

/// What leaves no entry: what anybody may read, what the survivor reads of their own, and who one is.
fn is_unrecorded(operation: &Operation) -> bool {
    let (path, id) = (operation.path.as_str(), operation.id());
    operation.method == "GET" && (operation.who() == ["anyone"] || path.starts_with("/app/v1/") || id == "get_me")
}

async fn entries(app: &TestApp) -> i64 {
    app.inner.db.read(|conn| Ok(audit_entries::table.count().get_result(conn)?)).await.unwrap()
}

on_both!(every_write_and_every_read_of_a_record_is_in_the_audit, |app| async {
    let world = World::fresh(app).await;
    for operation in operations() {
        let decides = ["approve_", "refuse_"].iter().any(|verb| operation.id().starts_with(verb));
        let is_of_second = operation.who() == ["administrator", "supervisor"] && decides;
        if operation.who() == ["second_factor"] || is_of_second {
            // Only an installation that asks for second factors gives such a token, see identity.rs; and only one that asks
            // for two people has anything that waits for the second, see two_people.rs.
            continue;
        }
        // Made one by one: an act may end what the next would act on.
        let sample = sample(&world, operation.id()).await.unwrap();
        sample.caller.token().await;
        let before = entries(app).await;
        let reply = call(&operation, &sample, &sample.path, &sample.caller).await;
        // Here somebody has to look: nobody has proven the route to the force.
        let is_fine = reply.status.is_success() || operation.id() == "get_watch";
        assert!(is_fine, "{}: {} {}", operation.id(), reply.status, reply.body);
        let added = entries(app).await - before;
        assert_eq!(added > 0, !is_unrecorded(&operation), "{} added {added} entries", operation.id());
    }
    app.leaves_retries();
});
