//! A record goes on elsewhere: the people whom the survivor's side keeps out learn nothing of it, and nor does the side it left.

use serde_json::{Value, json};

use super::on_duty::colleague;
use crate::harness::partnership::{organisation, staff};
use crate::harness::{Partnership, Person, TestApp, on_both, text};

const TRANSFERS: &str = "/partner/v1/transfers";

/// Another support organisation.
pub struct Harbour {
    pub id: String,
    pub advocate: Person,
    pub manager: Person,
}

/// Another support organisation, whose advocate is on duty for a day.
pub async fn harbour(app: &TestApp, p: &Partnership) -> Harbour {
    let there = without_rota(app, p).await;
    shift(app, &there, 0).await;
    there
}

/// Puts its advocate on duty for a day, some hours from now.
async fn shift(app: &TestApp, there: &Harbour, in_hours: i64) {
    let from = app.now().plus_hours(in_hours);
    let body =
        json!({"staff_id": there.advocate.id, "place": "duty", "starts_at": from, "ends_at": from.plus_hours(24)});
    there.manager.post("/partner/v1/rota/shifts", body).await.expect(201);
}

async fn without_rota(app: &TestApp, p: &Partnership) -> Harbour {
    let id = organisation(&p.admin, json!({"kind": "survivor_support", "name": "Harbour"})).await;
    let advocate = staff(&app.http, &p.admin, &id, "harriet", &["advocate"]).await;
    let manager = staff(&app.http, &p.admin, &id, "maud", &["supervisor"]).await;
    Harbour { id, advocate, manager }
}

fn path(p: &Partnership, below: &str) -> String {
    format!("/partner/v1/survivors/{}{below}", p.survivor.id)
}

fn offer(to: &str) -> Value {
    json!({"organisation_id": to, "reason": "They move to your area.", "is_agreed_with_survivor": true})
}

/// The record is offered; answers the transfer's address.
pub async fn offered(p: &Partnership, to: &str) -> String {
    let made = p.support_supervisor.post(&path(p, "/transfers"), offer(to)).await.expect(201);
    format!("{TRANSFERS}/{}", text(&made, "id"))
}

/// The record is theirs from now on.
pub async fn moved(p: &Partnership, to: &Harbour) {
    let transfer = offered(p, &to.id).await;
    to.manager.post(&format!("{transfer}/accept"), json!({"staff_id": to.advocate.id})).await.expect(200);
}

async fn block(p: &Partnership, whom: Value) {
    p.advocate.post(&path(p, "/blocks"), whom).await.expect(201);
}

on_both!(transfers_are_found_by_their_state, |app| async {
    let p = app.partnership().await;
    let there = without_rota(app, &p).await;
    let transfer = offered(&p, &there.id).await;
    for by in [&p.support_supervisor, &there.manager] {
        assert_eq!(by.ids(&format!("{TRANSFERS}?state=offered")).await.len(), 1);
        assert!(by.ids(&format!("{TRANSFERS}?state=accepted")).await.is_empty());
    }
    there.manager.post(&format!("{transfer}/refuse"), json!({})).await.expect(200);
    assert!(p.support_supervisor.ids(&format!("{TRANSFERS}?state=offered")).await.is_empty());
    assert_eq!(p.support_supervisor.ids(&format!("{TRANSFERS}?state=declined")).await.len(), 1);
});

on_both!(whom_the_survivor_keeps_out_finds_no_transfer_and_decides_none, |app| async {
    let p = app.partnership().await;
    let there = harbour(app, &p).await;
    let sid = staff(&app.http, &p.admin, &p.support, "sid", &["supervisor"]).await;
    let mort = staff(&app.http, &p.admin, &there.id, "mort", &["supervisor"]).await;
    for person in [&sid, &mort] {
        block(&p, json!({"staff_id": person.id})).await;
    }
    let transfer = offered(&p, &there.id).await;
    for (person, act, body) in [
        (&sid, "refuse", json!({})),
        (&mort, "refuse", json!({})),
        (&mort, "accept", json!({"staff_id": there.advocate.id})),
    ] {
        assert!(person.list(TRANSFERS).await.is_empty(), "{}", person.username);
        person.post(&format!("{transfer}/{act}"), body).await.refused(404, "not_found");
    }
    for other in [&p.support_supervisor, &there.manager] {
        assert_eq!(other.list(TRANSFERS).await.len(), 1);
    }
    there.manager.post(&format!("{transfer}/accept"), json!({"staff_id": there.advocate.id})).await.expect(200);
    assert!(sid.list(TRANSFERS).await.is_empty());
    app.settle().await;
});

on_both!(an_organisation_that_is_kept_out_is_offered_nothing_and_takes_nothing, |app| async {
    let p = app.partnership().await;
    let there = harbour(app, &p).await;
    // Offered before it was kept out.
    let transfer = offered(&p, &there.id).await;
    block(&p, json!({"organisation_id": there.id})).await;
    assert!(there.manager.list(TRANSFERS).await.is_empty());
    let taken = json!({"staff_id": there.advocate.id});
    there.manager.post(&format!("{transfer}/accept"), taken).await.refused(404, "not_found");
    p.support_supervisor.post(&format!("{transfer}/refuse"), json!({})).await.expect(200);
    p.support_supervisor.post(&path(&p, "/transfers"), offer(&there.id)).await.refused(422, "invalid");
    // The record is where it was, and so are its alerts.
    let alert = p.help_now().await;
    assert!(p.alerts().await.iter().any(|seen| seen["id"] == alert["id"]));
    app.settle().await;
});

on_both!(the_side_that_a_survivor_left_does_not_learn_where_they_went, |app| async {
    let p = app.partnership().await;
    let there = harbour(app, &p).await;
    let transfer = offered(&p, &there.id).await;
    let before = p.support_supervisor.list(TRANSFERS).await.remove(0);
    assert_eq!(
        (&before["to_organisation_id"], &before["survivor_id"]),
        (&json!(there.id), &json!(p.survivor.id)),
        "{before}"
    );
    // One human with an account on both sides is no second person.
    let twin = json!({"username": "sunniva.h", "display_name": "Sunniva ASHWORTH", "organisation_id": there.id,
        "roles": ["supervisor"]});
    let made = p.admin.post("/admin/v1/staff", twin).await.expect(201);
    let password = crate::harness::PASSWORD;
    let setup = json!({"setup_code": made["setup_code"], "password": password});
    app.http.nobody().post("/partner/v1/setup", setup).await.expect(201);
    let twin = crate::harness::Caller::staff(&app.http, "sunniva.h", password);
    let taken = json!({"staff_id": there.advocate.id});
    twin.post(&format!("{transfer}/accept"), taken.clone()).await.refused(403, "second_person_needed");
    there.manager.post(&format!("{transfer}/accept"), taken).await.expect(200);

    let left = p.support_supervisor.list(TRANSFERS).await.remove(0);
    assert_eq!(left["state"], "accepted");
    for gone in ["survivor_id", "to_organisation_id", "reason"] {
        assert!(left.get(gone).is_none(), "{gone}: {left}");
    }
    let here = there.manager.list(TRANSFERS).await.remove(0);
    assert_eq!(here["reason"], "They move to your area.");
    app.settle().await;
});

on_both!(what_was_asked_of_people_goes_with_the_record_done_or_not, |app| async {
    let p = app.partnership().await;
    let there = harbour(app, &p).await;
    let ben = colleague(app, &p, "ben").await;
    let silence = json!({"survivor_id": p.survivor.id, "until": app.now().plus_hours(2), "reason": "phone_in_repair"});
    p.support_supervisor.post("/partner/v1/silences", silence).await.expect(201);
    let done = json!({"code_word": crate::harness::partnership::CODE_WORD, "note": "Safe."});
    let alert = text(&p.help_now().await, "id");
    app.settle().await;
    p.act(&alert, "resolve", done).await.expect(200);
    let before = p.tasks("police_not_allowed").await;
    assert!(!before.is_empty());
    moved(&p, &there).await;
    for left in [&p.advocate, &p.support_supervisor, &ben] {
        let tasks = left.list("/partner/v1/tasks").await;
        assert!(tasks.iter().all(|task| task["survivor_id"] != p.survivor.id.as_str()), "{tasks:?}");
    }
    // Nor does the side that they left go on naming them among its silences; and none goes on.
    assert!(p.support_supervisor.list("/partner/v1/silences").await.is_empty());
    let silences = there.manager.list("/partner/v1/silences").await;
    assert!(silences.len() == 1 && silences[0]["is_live"] == false, "{silences:?}");
    let tasks = there.manager.list("/partner/v1/tasks").await;
    assert!(tasks.iter().any(|task| task["id"] == before[0]["id"]), "{tasks:?}");
    app.settle().await;
});

on_both!(a_record_is_taken_only_where_somebody_is_on_duty_who_may_hear_of_the_survivor, |app| async {
    let p = app.partnership().await;
    let there = without_rota(app, &p).await;
    let transfer = offered(&p, &there.id).await;
    let other = staff(&app.http, &p.admin, &there.id, "hester", &["advocate"]).await;
    let taken = json!({"staff_id": other.id});
    let accept = format!("{transfer}/accept");
    // No rota at all; then one that covers tomorrow.
    there.manager.post(&accept, taken.clone()).await.refused(409, "guard_not_met");
    shift(app, &there, 12).await;
    there.manager.post(&accept, taken.clone()).await.refused(409, "guard_not_met");
    // The record, and what happens to it, is where it was.
    p.advocate.get(&path(&p, "")).await.expect(200);
    assert_eq!(there.manager.list(TRANSFERS).await[0]["state"], "offered");
    // Whom the survivor keeps out answers nothing.
    block(&p, json!({"staff_id": there.advocate.id})).await;
    app.advance(13 * 60).await;
    there.manager.post(&accept, taken.clone()).await.refused(409, "guard_not_met");
    let now = app.now();
    let body = json!({"staff_id": other.id, "place": "duty", "starts_at": now, "ends_at": now.plus_hours(12)});
    there.manager.post("/partner/v1/rota/shifts", body).await.expect(201);
    there.manager.post(&accept, taken).await.expect(200);
    app.settle().await;
});
