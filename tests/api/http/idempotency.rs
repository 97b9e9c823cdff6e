//! A repeat is harmless: one key, one act.

use diesel::{QueryDsl as _, RunQueryDsl as _};
use holdfast::db::schema::{idempotency_keys, survivors};
use serde_json::{Value, json};

use crate::harness::{TestApp, on_both, text};

async fn keys(app: &TestApp) -> i64 {
    app.inner.db.read(|conn| Ok(idempotency_keys::table.count().get_result(conn)?)).await.unwrap()
}

async fn records(app: &TestApp) -> i64 {
    app.inner.db.read(|conn| Ok(survivors::table.count().get_result(conn)?)).await.unwrap()
}

fn survivor(name: &str) -> Value {
    json!({"preferred_name": name, "home_force_id": "south-yorkshire"})
}

on_both!(a_repeat_gets_the_same_answer_and_does_nothing, |app| async {
    let p = app.partnership().await;
    let before = records(app).await;
    let first = p.advocate.post_keyed("/partner/v1/survivors", "one", &survivor("Ro")).await;
    first.expect(201);
    assert_eq!(first.header("idempotent-replayed"), None);
    for _ in 0..2 {
        let again = p.advocate.post_keyed("/partner/v1/survivors", "one", &survivor("Ro")).await;
        assert_eq!((again.expect(201), again.header("idempotent-replayed")), (first.json(), Some("true")));
    }
    assert_eq!(records(app).await, before + 1);
    // Six days later the phone may still be asking.
    app.advance(6 * 24 * 60).await;
    let again = p.advocate.post_keyed("/partner/v1/survivors", "one", &survivor("Ro")).await;
    assert_eq!(again.expect(201), first.json());
});

on_both!(a_key_used_for_something_else_is_refused, |app| async {
    let p = app.partnership().await;
    p.advocate.post_keyed("/partner/v1/survivors", "one", &survivor("Ro")).await.expect(201);
    let other = p.advocate.post_keyed("/partner/v1/survivors", "one", &survivor("Mo")).await;
    other.refused(422, "idempotency_key_reused");
    let elsewhere = p.advocate.post_keyed("/partner/v1/cases", "one", &survivor("Ro")).await;
    assert!(elsewhere.status.is_client_error(), "{}", elsewhere.body);
});

on_both!(a_key_belongs_to_its_caller, |app| async {
    let p = app.partnership().await;
    let (now, path) = (app.now_text(), "/app/v1/check-ins");
    let body = json!({"status": "safe", "recorded_at": now});
    let other = crate::harness::partnership::survivor(&app.http, &p.advocate, "high").await;
    let mine = p.phone().post_keyed(path, "one", &body).await;
    let theirs = other.phone.session.post_keyed(path, "one", &body).await;
    assert_ne!(text(&mine.expect(201), "id"), text(&theirs.expect(201), "id"));
    assert_eq!(theirs.header("idempotent-replayed"), None);
});

on_both!(a_secret_is_shown_once, |app| async {
    let p = app.partnership().await;
    let codes = format!("/partner/v1/survivors/{}/enrolment-codes", p.survivor.id);
    let staff = json!({"username": "new", "display_name": "New", "organisation_id": p.support, "roles": ["advocate"]});
    let client = json!({"organisation_id": p.force, "name": "Second"});
    let endpoint = json!({"organisation_id": p.force, "url": "https://alerts.example.org/in", "description": "Second"});
    let calls = [
        (&p.advocate.caller, codes.as_str(), json!({})),
        (&p.admin, "/admin/v1/staff", staff),
        (&p.admin, "/admin/v1/police-clients", client),
        (&p.admin, "/admin/v1/webhook-endpoints", endpoint),
    ];
    for (caller, path, body) in calls {
        caller.post_keyed(path, path, &body).await.expect(201);
        caller.post_keyed(path, path, &body).await.refused(409, "already_done");
    }
});

on_both!(a_call_that_failed_leaves_no_key, |app| async {
    let p = app.partnership().await;
    let path = format!("/partner/v1/survivors/{}/assignments", p.survivor.id);
    let before = keys(app).await;
    let nobody = json!({"staff_id": p.practitioner.id});
    p.advocate.post_keyed(&path, "one", &nobody).await.refused(422, "invalid");
    assert_eq!(keys(app).await, before);
    let colleague = json!({"staff_id": p.support_supervisor.id});
    p.advocate.post_keyed(&path, "one", &colleague).await.expect(201);
    assert_eq!(keys(app).await, before + 1);
});

on_both!(a_key_is_one_to_255_visible_characters, |app| async {
    let p = app.partnership().await;
    let body = json!({"status": "safe", "recorded_at": app.now_text()});
    for wrong in ["", "with space", &"k".repeat(256)] {
        let reply = p.phone().post_keyed("/app/v1/check-ins", wrong, &body).await;
        reply.refused(400, "idempotency_key_invalid");
    }
    p.phone().post_keyed("/app/v1/check-ins", &"k".repeat(255), &body).await.expect(201);
});

on_both!(a_repeat_of_what_would_be_refused_by_now_gets_the_same_answer, |app| async {
    let p = app.partnership().await;
    let path = "/app/v1/check-ins";
    p.schedule("12:30").await;
    let slot = p.phone().get("/app/v1/check-ins/next").await.expect(200);
    let body = json!({"status": "safe", "check_in_id": slot["id"], "recorded_at": app.now_text()});
    let first = p.phone().post_keyed(path, "one", &body).await.expect(201);
    let again = p.phone().post_keyed(path, "one", &body).await;
    assert_eq!((again.expect(201), again.header("idempotent-replayed")), (first, Some("true")));
    p.phone().post_keyed(path, "two", &body).await.refused(409, "wrong_state");
    let other = json!({"status": "safe", "check_in_id": slot["id"], "note": "Again.", "recorded_at": app.now_text()});
    p.phone().post_keyed(path, "one", &other).await.refused(422, "idempotency_key_reused");
    assert_eq!(p.phone().list(path).await.iter().filter(|row| row["state"] == "safe").count(), 1);
});

on_both!(two_calls_at_once_under_one_key_are_one_act, |app| async {
    let p = app.partnership().await;
    // Unlocks the phone.
    p.phone().list("/app/v1/check-ins").await;
    let (path, before) = ("/app/v1/check-ins", keys(app).await);
    for round in 0..5 {
        let (key, body) = (format!("round-{round}"), json!({"status": "safe", "recorded_at": app.now_text()}));
        let send = || p.phone().post_keyed(path, &key, &body);
        let (one, other) = tokio::join!(send(), send());
        assert_eq!(text(&one.expect(201), "id"), text(&other.expect(201), "id"));
        let is_replay = |reply: &crate::harness::Reply| reply.header("idempotent-replayed").is_some();
        assert_ne!(is_replay(&one), is_replay(&other), "one is the repeat of the other");
    }
    assert_eq!(keys(app).await, before + 5);
    assert_eq!(p.phone().list(path).await.len(), 5);
});

on_both!(a_repeated_cry_for_help_under_one_key_is_one_cry, |app| async {
    let p = app.partnership().await;
    p.consent(&["alert.police.help_now"]).await;
    let body = json!({"recorded_at": app.now_text()});
    let first = p.phone().post_keyed("/app/v1/help-now", "cry", &body).await.expect(201);
    let again = p.phone().post_keyed("/app/v1/help-now", "cry", &body).await.expect(201);
    assert_eq!(first, again);
    app.settle().await;
    assert_eq!(p.police.messages().len(), 1);
    p.phone().post_keyed("/app/v1/help-now", "second-cry", &body).await.expect(201);
    app.settle().await;
    assert_eq!(p.police.messages().len(), 2);
});
