//! Nothing of a decoy is in any answer to anybody but the phone, at whatever address.

use diesel::prelude::*;
use holdfast::db::schema::{alerts, check_ins, incidents, schedules, survivors, timers};
use holdfast::db::{AlertId, CheckInId, DbConn, IncidentId, ScheduleId, SurvivorId, TimerId};
use serde_json::{Value, json};

use super::samples::{Sample, sample};
use super::world::World;
use super::{call, operations};
use crate::harness::{Caller, TestApp, on_both};
use crate::identity::decoy::{decoys, phone_of};

/// The organisation of decoys.
const NOBODYS: &str = "00000000-0000-0000-0000-000000000001";
const DOORS: [&str; 4] = ["/partner/v1/", "/admin/v1/", "/police/v1/", "/oversight/v1/"];

/// What names a row of a decoy and nothing else.
async fn canaries(app: &TestApp, decoy: SurvivorId) -> Vec<String> {
    let read = move |conn: &mut DbConn| {
        let mut found = vec![decoy.to_string(), NOBODYS.to_owned()];
        found.push(survivors::table.find(decoy).select(survivors::reference).first(conn)?);
        let shown = alerts::table.filter(alerts::survivor_id.eq(decoy));
        for (id, reference) in shown.select((alerts::id, alerts::reference)).load::<(AlertId, String)>(conn)? {
            found.extend([id.to_string(), reference]);
        }
        let rows = check_ins::table.filter(check_ins::survivor_id.eq(decoy)).select(check_ins::id);
        found.extend(rows.load::<CheckInId>(conn)?.iter().map(ToString::to_string));
        let rows = schedules::table.filter(schedules::survivor_id.eq(decoy)).select(schedules::id);
        found.extend(rows.load::<ScheduleId>(conn)?.iter().map(ToString::to_string));
        let rows = timers::table.filter(timers::survivor_id.eq(decoy)).select(timers::id);
        found.extend(rows.load::<TimerId>(conn)?.iter().map(ToString::to_string));
        let rows = incidents::table.filter(incidents::survivor_id.eq(decoy)).select(incidents::id);
        found.extend(rows.load::<IncidentId>(conn)?.iter().map(ToString::to_string));
        Ok(found)
    };
    app.inner.db.read(read).await.unwrap()
}

/// Everything that a phone can leave on a decoy, some of it overdue.
async fn fill(app: &TestApp, world: &World) {
    let p = &world.p;
    p.schedule("12:30").await;
    let (_, forced) = phone_of(app, p, &p.survivor.id).await;
    let now = app.now_text();
    let told = json!({"happened": {"precision": "exact", "from": now}, "behaviours": ["follow_foot"],
        "account": "Words", "fear": 4, "visibility": "police", "recorded_at": now});
    for (path, body) in [
        ("check-ins", json!({"status": "concern", "recorded_at": now})),
        ("incidents", told),
        ("messages", json!({"body": "Hello"})),
        ("timers", json!({"minutes": 1})),
        ("help-now", json!({"recorded_at": now})),
    ] {
        forced.post(&format!("/app/v1/{path}"), body).await.expect(201);
    }
    app.advance(120).await;
}

fn assert_none(found: &[String], at: &str, body: &str) {
    let leaked: Vec<_> = found.iter().filter(|word| body.contains(word.as_str())).collect();
    assert!(leaked.is_empty(), "{at}: {leaked:?} in {body}");
}

/// Reads as somebody else who may, which need not find anything.
fn as_other(world: &World, sample: &Sample, caller: &Caller) -> Sample {
    let (path, headers) = (sample.path.clone(), sample.headers.clone());
    Sample { caller: world.again(caller), path, names: None, headers, body: None, raw: None }
}

on_both!(nothing_of_a_decoy_is_in_any_answer_to_staff, |app| async {
    let world = World::fresh(app).await;
    fill(app, &world).await;
    let found = canaries(app, decoys(app).await[0]).await;
    assert!(found.len() > 8, "{found:?}");
    for operation in operations() {
        let is_read = operation.method == "GET" && DOORS.iter().any(|door| operation.path.starts_with(door));
        if !is_read || operation.who() == ["second_factor"] {
            continue;
        }
        let one = sample(&world, operation.id()).await;
        let one = one.unwrap_or_else(|| panic!("{} is new: tell samples.rs how to call it", operation.id()));
        let reply = call(&operation, &one, &one.path, &one.caller).await;
        assert!(reply.status.is_success(), "{}: {} {}", operation.id(), reply.status, reply.body);
        assert_none(&found, operation.id(), &reply.body);
        for (role, caller) in world.roles() {
            if operation.who().iter().any(|name| name == role) {
                let other = as_other(&world, &one, caller);
                let reply = call(&operation, &other, &other.path, &other.caller).await;
                assert_none(&found, &format!("{} as {role}", operation.id()), &reply.body);
            }
        }
    }
    // Nor is anything found that is looked for by what names it.
    for word in &found {
        let reply = world.auditor.get(&format!("/oversight/v1/audit?subject={word}")).await;
        let answer = reply.json();
        // That somebody asked about it is an entry about any id, of whomever it is.
        let is_told = |entry: &Value| entry["subject_kind"] != "asked";
        let is_found = answer["items"].as_array().is_some_and(|items| items.iter().any(is_told));
        assert!(!is_found, "the audit about {word}: {}", reply.body);
        for path in ["/partner/v1/survivors/", "/partner/v1/alerts/", "/partner/v1/incidents/", "/police/v1/alerts/"] {
            let caller = if path.starts_with("/police") { &world.p.police_system } else { &world.p.advocate.caller };
            let reply = caller.get(&format!("{path}{word}")).await;
            assert!(reply.status.is_client_error(), "{path}{word}: {} {}", reply.status, reply.body);
        }
    }
    // What left for the police is of nobody but the survivor.
    for sent in world.p.police.received() {
        assert_none(&found, "a webhook", &sent.json().to_string());
    }
    app.leaves_retries();
});
