//! Somebody rings the duty line: the person on duty opens their record for an hour, and others hear of it.

use serde_json::{Value, json};

use super::on_duty::{colleague, on_duty};
use crate::harness::providers::Providers;
use crate::harness::{Caller, NOON, Partnership, Person, TestApp, instant, on_both, partnership, text};
use crate::notify::with_providers;

const DOOR: &str = "/partner/v1/break-glass";

fn path(p: &Partnership, below: &str) -> String {
    format!("/partner/v1/survivors/{}{below}", p.survivor.id)
}

fn by(what: &str, value: &str) -> Value {
    json!({what: value, "reason": "They rang and are afraid to go home."})
}

/// Ben is on duty, and assigned to nobody.
async fn ben(app: &TestApp, p: &Partnership) -> Person {
    let ben = colleague(app, p, "ben").await;
    on_duty(p, &ben.id).await;
    ben
}

/// What an open record shows, by its addresses.
async fn statuses(p: &Partnership, caller: &Caller) -> Vec<u16> {
    let mut found = Vec::new();
    for below in ["", "/safe-contact", "/safety-plan", "/risk-assessments", "/check-ins", "/incidents"] {
        found.push(caller.get(&path(p, below)).await.status.as_u16());
    }
    found
}

on_both!(whoever_is_on_duty_opens_the_record_of_a_caller_for_an_hour, |app| async {
    let p = app.partnership().await;
    let (ben, idle) = (ben(app, &p).await, colleague(app, &p, "ida").await);
    p.phone()
        .post("/app/v1/check-ins", json!({"status": "safe", "note": "Old", "recorded_at": app.now()}))
        .await
        .expect(201);
    let account = json!({"happened": {"precision": "exact", "from": app.now()}, "behaviours": ["message_text"],
        "account": "An old one", "private_note": "Ours alone", "fear": 1, "visibility": "advocate",
        "recorded_at": app.now()});
    p.phone().post("/app/v1/incidents", account).await.expect(201);
    app.advance(31 * 24 * 60).await;
    on_duty(&p, &ben.id).await;
    p.phone()
        .post("/app/v1/check-ins", json!({"status": "safe", "note": "New", "recorded_at": app.now()}))
        .await
        .expect(201);

    assert_eq!(statuses(&p, &ben).await, [404; 6]);
    idle.post(DOOR, by("reference", &p.survivor.reference)).await.refused(403, "not_on_duty");
    let opened = ben.post(DOOR, by("reference", &p.survivor.reference.to_lowercase())).await.expect(201);
    assert_eq!(
        (&opened["survivor_id"], &opened["expires_at"]),
        (&json!(p.survivor.id), &json!(app.now().plus_minutes(60)))
    );
    let seen = statuses(&p, &ben).await;
    assert!(seen.iter().enumerate().all(|(at, status)| *status == 200 || (at == 2 && *status == 404)), "{seen:?}");
    let notes: Vec<String> = ben.list(&path(&p, "/check-ins")).await.iter().map(|row| text(row, "note")).collect();
    assert_eq!(notes, ["New"]);
    assert!(ben.list(&path(&p, "/incidents")).await.is_empty());
    // Nothing of it may be changed, and neither files nor messages are open.
    for below in ["/evidence", "/messages", "/household", "/blocks", "/break-glass"] {
        ben.get(&path(&p, below)).await.refused(404, "not_found");
    }
    ben.put(&path(&p, "/safe-contact"), json!({"time_zone": "Europe/London"})).await.refused(404, "not_found");

    app.advance(59).await;
    let again = ben.post(&path(&p, "/break-glass"), json!({"reason": "Still on the telephone."})).await.expect(201);
    assert_eq!(again["expires_at"], json!(app.now().plus_minutes(60)));
    app.advance(59).await;
    ben.get(&path(&p, "")).await.expect(200);
    app.advance(1).await;
    assert_eq!(statuses(&p, &ben).await, [404; 6]);
    let listed = p.advocate.list(&path(&p, "/break-glass")).await;
    assert_eq!((listed.len(), &listed[0]["reason"]), (2, &json!("Still on the telephone.")), "{listed:?}");
    app.settle().await;
});

on_both!(one_hit_or_none, |app| async {
    let p = app.partnership().await;
    let ben = ben(app, &p).await;
    let plan = json!({"time_zone": "Europe/London", "voice": {"allowed": true, "address": "07700 900123"}});
    p.advocate.put(&path(&p, "/safe-contact"), plan).await.expect(200);
    for right in ["07700900123", "+44 7700 900 123"] {
        ben.post(DOOR, by("phone", right)).await.expect(201);
    }
    ben.post(DOOR, by("name", " zephyrine ")).await.expect(201);
    for (what, wrong) in
        [("phone", "07700900124"), ("phone", "nonsense"), ("name", "Zephyr"), ("reference", "SV-0000-0000-0")]
    {
        ben.post(DOOR, by(what, wrong)).await.refused(404, "not_found");
    }
    ben.post(DOOR, json!({"reason": "Nobody named."})).await.refused(422, "invalid");
    ben.post(DOOR, json!({"name": "Zephyrine", "phone": "07700900123", "reason": "Both."}))
        .await
        .refused(422, "invalid");
    partnership::survivor(&app.http, &p.advocate, "high").await;
    ben.post(DOOR, by("name", "Zephyrine")).await.refused(404, "not_found");
    let block = json!({"staff_id": ben.id});
    p.advocate.post(&path(&p, "/blocks"), block).await.expect(201);
    ben.post(DOOR, by("phone", "07700900123")).await.refused(404, "not_found");
    ben.get(&path(&p, "")).await.refused(404, "not_found");
    p.practitioner.post(DOOR, by("name", "Zephyrine")).await.refused(403, "wrong_role");
    app.settle().await;
});

on_both!(another_person_reviews_it_and_the_survivor_is_told_in_person, |app| async {
    let p = app.partnership().await;
    let ben = ben(app, &p).await;
    let contact = json!({"email": "sunniva@example.org"});
    p.support_supervisor.put("/partner/v1/me/contact", contact).await.expect(200);
    ben.post(DOOR, by("reference", &p.survivor.reference)).await.expect(201);
    ben.post(&path(&p, "/break-glass"), json!({"reason": "Again."})).await.expect(201);
    let reviews = p.tasks("break_glass_review").await;
    assert_eq!(reviews.len(), 1, "{reviews:?}");
    // A Saturday: Monday is the next working day.
    assert_eq!(
        (&reviews[0]["for_role"], &reviews[0]["due_at"]),
        (&json!("supervisor"), &json!("2026-11-23T12:00:00Z"))
    );
    assert_eq!(reviews[0]["detail"]["staff_id"], ben.id.as_str());
    assert_eq!(p.tasks("break_glass_to_tell").await.len(), 1);
    let done = json!({"note": "They rang; it was right."});
    let review = format!("/partner/v1/tasks/{}/complete", text(&reviews[0], "id"));
    p.support_supervisor.post(&review, done.clone()).await.expect(200);
    // One who opened a record reviews nothing of it, supervisor or not; and a supervisor is on duty by the rota, like others.
    let other = partnership::survivor(&app.http, &p.advocate, "high").await;
    let own = format!("/partner/v1/survivors/{}/break-glass", other.id);
    p.support_supervisor.post(&own, json!({"reason": "They rang me."})).await.refused(403, "not_on_duty");
    on_duty(&p, &p.support_supervisor.id).await;
    p.support_supervisor.post(&own, json!({"reason": "They rang me."})).await.expect(201);
    let review = p.tasks("break_glass_review").await.into_iter().find(|task| task["state"] == "open").unwrap();
    let review_path = format!("/partner/v1/tasks/{}/complete", text(&review, "id"));
    p.support_supervisor.post(&review_path, done.clone()).await.refused(403, "second_person_needed");
    assert_eq!(review["for_role"], "advocate", "the only supervisor is whom it is about");
    p.advocate.post(&review_path, done).await.expect(200);
    // Nothing of it is sent to a phone.
    app.advance(10).await;
    app.settle().await;
});

on_both!(a_review_names_every_opening_and_whoever_opened_them_neither_reviews_nor_tells, |app| async {
    let p = app.partnership().await;
    let ben = ben(app, &p).await;
    ben.post(DOOR, by("reference", &p.survivor.reference)).await.expect(201);
    app.advance(120).await;
    let again = ben.post(&path(&p, "/break-glass"), json!({"reason": "They rang again."})).await.expect(201);
    for kind in ["break_glass_review", "break_glass_to_tell"] {
        let tasks = p.tasks(kind).await;
        assert_eq!(tasks.len(), 1, "{tasks:?}");
        assert_eq!(tasks[0]["detail"]["more_break_glass_ids"], json!([again["id"]]), "{tasks:?}");
    }
    let to_tell = text(&p.tasks("break_glass_to_tell").await[0], "id");
    let told = format!("/partner/v1/tasks/{to_tell}/complete");
    ben.post(&told, json!({"note": "Told."})).await.refused(403, "second_person_needed");
    // The holder of the phone does not learn that they rang, before somebody has said so to the survivor.
    let logged = async || {
        p.phone().forget_tokens().await;
        let log = p.phone().list("/app/v1/access-log").await;
        log.iter().filter(|line| text(line, "action").ends_with("break_glass")).count()
    };
    assert_eq!(logged().await, 0);
    p.advocate.post(&told, json!({"note": "Told in person."})).await.expect(200);
    assert_eq!(logged().await, 2);
    app.settle().await;
});

on_both!(whoever_declares_a_conflict_of_interest_opens_nothing_on_duty_either, |app| async {
    let p = app.partnership().await;
    let ben = ben(app, &p).await;
    let declared = path(&p, "/conflict-of-interest");
    p.practitioner.post(&declared, json!({})).await.refused(403, "wrong_role");
    ben.post(DOOR, by("reference", &p.survivor.reference)).await.expect(201);
    let made = ben.post(&declared, json!({})).await.expect(201);
    assert_eq!(made["state"], "in_force");
    // What was open to them is not any more, and they are asked about no alert.
    assert_eq!(statuses(&p, &ben).await, [404; 6]);
    ben.post(DOOR, by("reference", &p.survivor.reference)).await.refused(404, "not_found");
    ben.post(&path(&p, "/break-glass"), json!({"reason": "Again."})).await.refused(404, "not_found");
    let alert = text(&p.help_now().await, "id");
    ben.get(&format!("/partner/v1/alerts/{alert}")).await.refused(404, "not_found");
    // It is a block, which the survivor's side sees, reviews and lifts; the person who declared it does not.
    let listed = p.advocate.list(&path(&p, "/blocks")).await;
    assert_eq!((&listed[0]["staff_id"], &listed[0]["created_by"]), (&json!(ben.id), &json!(ben.id)), "{listed:?}");
    assert_eq!(p.tasks("block_review").await.len(), 1);
    let lift = path(&p, &format!("/blocks/{}/lift", text(&made, "id")));
    ben.post(&lift, json!({"reason": "A slip."})).await.refused(404, "not_found");
    p.advocate.post(&lift, json!({"reason": "Another of the same name."})).await.expect(200);
    ben.post(DOOR, by("reference", &p.survivor.reference)).await.expect(201);
    app.settle().await;
});

on_both!(nobody_declares_the_last_one_out_who_could_work_with_a_survivor, |app| async {
    let p = app.partnership().await;
    let declared = path(&p, "/conflict-of-interest");
    p.advocate.post(&declared, json!({})).await.expect(201);
    p.support_supervisor.post(&declared, json!({})).await.refused(409, "guard_not_met");
    colleague(app, &p, "ben").await;
    p.support_supervisor.post(&declared, json!({})).await.expect(201);
    app.settle().await;
});

with_providers!(sent_again_with_its_key_it_opens_nothing_twice_and_tells_nobody_twice, |app, out| async {
    let p = app.partnership().await;
    let ben = ben(app, &p).await;
    for who in [&p.advocate, &p.support_supervisor] {
        let contact = json!({"email": format!("{}@support.example", who.username)});
        who.put("/partner/v1/me/contact", contact).await.expect(200);
    }
    let asked = by("reference", &p.survivor.reference);
    // What found nobody leaves no key behind.
    let nobody = by("name", "Zephyr");
    ben.post_keyed(DOOR, "call", &nobody).await.refused(404, "not_found");
    let first = ben.post_keyed(DOOR, "call", &asked).await;
    first.expect(201);
    app.advance(2).await;
    app.settle().await;
    let told = out.mail.mails().len();
    assert!(told > 0, "a supervisor hears of it");
    // The answer was lost, and the portal sends it again, also much later.
    for minutes in [1, 30, 90] {
        app.advance(minutes).await;
        let again = ben.post_keyed(DOOR, "call", &asked).await;
        assert_eq!((again.expect(201), again.header("idempotent-replayed")), (first.json(), Some("true")));
    }
    ben.post_keyed(DOOR, "call", &nobody).await.refused(422, "idempotency_key_reused");
    // It is open no longer than it was.
    ben.get(&path(&p, "")).await.refused(404, "not_found");
    assert_eq!(p.advocate.list(&path(&p, "/break-glass")).await.len(), 1);
    for kind in ["break_glass_review", "break_glass_to_tell"] {
        let tasks = p.tasks(kind).await;
        assert!(tasks.len() == 1 && tasks[0]["detail"].get("more_break_glass_ids").is_none(), "{tasks:?}");
    }
    app.settle().await;
    assert_eq!(out.mail.mails().len(), told);
});
