//! What becomes of a file that is taken back, held, to be destroyed at once, or sealed.

use reqwest::Method;
use serde_json::{Value, json};

use super::{PATH, keep, kinds, objects, stated};
use crate::harness::partnership::{self, CODE_WORD};
use crate::harness::{Partnership, TestApp, on_both, text};

pub const WEEK: i64 = 7 * 24 * 60;

/// A file of words, and its addresses for the survivor and for staff.
pub async fn file(p: &Partnership, more: Value) -> (String, String) {
    let id = text(&keep(p.phone(), "text/plain", b"words", more).await, "id");
    (format!("{PATH}/{id}"), format!("/partner/v1/survivors/{}/evidence/{id}", p.survivor.id))
}

pub async fn take_back(p: &Partnership, own: &str) {
    p.phone().send(Method::DELETE, own, &[], None).await.expect(204);
}

pub fn spoke(note: &str) -> Value {
    json!({"spoke_to_survivor": true, "note": note})
}

pub fn destroy(because: &str) -> Value {
    json!({"because": because, "spoke_to_survivor": true, "code_word": CODE_WORD})
}

pub fn hold() -> Value {
    json!({"reason": "Asked for by the officer in the case"})
}

pub async fn state(p: &Partnership, theirs: &str) -> Value {
    p.advocate.get(theirs).await.expect(200)["state"].clone()
}

on_both!(a_file_that_is_taken_back_leaves_no_trace_on_the_phone_and_is_destroyed_after_a_week, |app| async {
    let p = app.partnership().await;
    let (own, theirs) = file(&p, json!({})).await;
    take_back(&p, &own).await;
    for path in ["", "/content", "/custody", "/actions"] {
        p.phone().get(&format!("{own}{path}")).await.refused(404, "not_found");
    }
    assert!(p.phone().list(PATH).await.is_empty());
    p.phone().send(Method::DELETE, &own, &[], None).await.refused(404, "not_found");
    // The advocate knows of it and opens it as little as anybody.
    let seen = p.advocate.get(&theirs).await.expect(200);
    assert_eq!((&seen["state"], &seen["taken_back_at"]), (&json!("removing"), &json!(app.now())));
    assert_eq!(seen["destroyed_from"], json!(app.now().plus_days(7)));
    p.advocate.get(&format!("{theirs}/content")).await.refused(409, "evidence_locked");
    assert_eq!(p.tasks("evidence_taken_back").await[0]["detail"]["evidence"], seen["reference"]);
    app.advance(WEEK - 1).await;
    assert_eq!(objects(app).len(), 1);
    assert_eq!(p.advocate.list("/partner/v1/alerts").await[0]["rule"], "unreviewed");
    app.advance(1).await;
    assert!(objects(app).is_empty());
    p.advocate.get(&theirs).await.refused(404, "not_found");
    assert_eq!(p.tasks("evidence_taken_back").await[0]["state"], "done");
});

on_both!(the_advocate_restores_what_the_survivor_did_not_take_back, |app| async {
    let p = app.partnership().await;
    let (own, theirs) = file(&p, json!({"visibility": "private"})).await;
    take_back(&p, &own).await;
    // A private file stays unseen, and can be given back all the same.
    p.advocate.get(&theirs).await.refused(404, "not_found");
    let restore = format!("{theirs}/restore");
    let unheard = json!({"spoke_to_survivor": false, "note": "No answer"});
    p.advocate.post(&restore, unheard).await.refused(422, "invalid");
    p.practitioner.post(&restore, spoke("Not them")).await.refused(403, "wrong_role");
    assert_eq!(p.advocate.post(&restore, spoke("It was not them")).await.expect(200)["state"], "kept");
    assert_eq!(p.phone().fetch(&format!("{own}/content")).await, b"words");
    let custody = p.phone().get(&format!("{own}/custody")).await.expect(200);
    assert_eq!(kinds(&custody), ["received", "verified", "removed", "restored", "read"]);
    p.advocate.post(&restore, spoke("Again")).await.refused(409, "wrong_state");
    app.advance(8 * 24 * 60).await;
    assert_eq!(objects(app).len(), 1);
    assert!(p.alerts().await.is_empty());
});

on_both!(what_was_disclosed_stays_locked, |app| async {
    let p = app.partnership().await;
    let (own, theirs) = file(&p, json!({})).await;
    let body = json!({"purpose": "survivor_request", "recipient_name": "A court", "agreed_with_survivor": true});
    p.advocate.post(&format!("/partner/v1/survivors/{}/bundles", p.survivor.id), body).await.expect(201);
    take_back(&p, &own).await;
    assert!(p.advocate.get(&theirs).await.expect(200).get("destroyed_from").is_none());
    p.advocate.post(&format!("{theirs}/destruction"), destroy("intimate")).await.refused(409, "wrong_state");
    app.advance(60 * 24 * 60).await;
    assert_eq!(state(&p, &theirs).await, "removing");
});

on_both!(destroying_at_once_takes_the_code_word_and_two_people_at_any_hour, |app| async {
    let p = app.partnership().await;
    let (own, theirs) = file(&p, json!({})).await;
    let ask = format!("{theirs}/destruction");
    let wrong = json!({"because": "endangers", "spoke_to_survivor": true, "code_word": "attacker"});
    p.advocate.post(&ask, wrong).await.refused(409, "code_word_needed");
    let unheard = json!({"because": "endangers", "spoke_to_survivor": false, "code_word": CODE_WORD});
    p.advocate.post(&ask, unheard).await.refused(422, "invalid");
    p.support_supervisor.post(&format!("{ask}/approve"), json!({})).await.refused(409, "wrong_state");
    // The person who answers at night need not be assigned.
    let night = partnership::staff(&app.http, &p.admin, &p.support, "nadia", &["advocate"]).await;
    let asked = night.post(&ask, destroy("shows_child")).await.expect(201);
    assert_eq!((&asked["state"], &asked["destroy_because"]), (&json!("removing"), &json!("shows_child")));
    p.phone().get(&own).await.refused(404, "not_found");
    assert_eq!(p.tasks("evidence_to_destroy").await.len(), 1);
    night.post(&format!("{ask}/approve"), json!({})).await.refused(403, "second_person_needed");
    assert_eq!(objects(app).len(), 1);
    let done = p.support_supervisor.post(&format!("{ask}/approve"), json!({})).await.expect(200);
    assert_eq!(done["state"], "removed");
    app.settle().await;
    assert!(objects(app).is_empty());
    assert_eq!(p.tasks("evidence_to_destroy").await[0]["state"], "done");
});

on_both!(a_hold_keeps_a_file_for_thirty_days_and_can_be_renewed, |app| async {
    let p = app.partnership().await;
    let (own, theirs) = file(&p, json!({})).await;
    let at = format!("{theirs}/hold");
    p.advocate.post(&at, hold()).await.refused(403, "wrong_role");
    p.support_supervisor.post(&format!("{at}/release"), hold()).await.refused(409, "wrong_state");
    assert_eq!(p.support_supervisor.post(&at, hold()).await.expect(201)["state"], "held");
    p.support_supervisor.post(&at, hold()).await.refused(409, "wrong_state");
    p.phone().send(Method::DELETE, &own, &[], None).await.refused(409, "evidence_held");
    assert_eq!(p.phone().get(&format!("{own}/actions")).await.expect(200), json!({"state": "held", "actions": []}));
    p.advocate.post(&format!("{theirs}/destruction"), destroy("intimate")).await.refused(409, "evidence_held");
    app.advance(27 * 24 * 60).await;
    assert_eq!(p.tasks("evidence_hold_ending").await[0]["for_role"], "supervisor");
    p.support_supervisor.post(&format!("{at}/renew"), hold()).await.expect(200);
    assert_eq!(p.tasks("evidence_hold_ending").await[0]["state"], "done");
    app.advance(30 * 24 * 60 - 1).await;
    let detail = p.advocate.get(&theirs).await.expect(200);
    assert_eq!((&detail["state"], &detail["holds"][0]["state"]), (&json!("held"), &json!("in_force")));
    app.advance(1).await;
    let detail = p.advocate.get(&theirs).await.expect(200);
    assert_eq!((&detail["state"], &detail["holds"][0]["state"]), (&json!("kept"), &json!("over")));
    take_back(&p, &own).await;
});

on_both!(a_hold_against_the_survivors_wish_takes_a_second_person, |app| async {
    let p = app.partnership().await;
    let (own, theirs) = file(&p, json!({})).await;
    let at = format!("{theirs}/hold");
    take_back(&p, &own).await;
    assert_eq!(p.support_supervisor.post(&at, hold()).await.expect(201)["state"], "removing");
    assert_eq!(p.advocate.get(&theirs).await.expect(200)["holds"][0]["state"], "awaiting_second_person");
    assert_eq!(p.tasks("evidence_hold_to_approve").await.len(), 1);
    p.support_supervisor.post(&format!("{at}/approve"), json!({})).await.refused(403, "second_person_needed");
    assert_eq!(p.advocate.post(&format!("{at}/approve"), json!({})).await.expect(200)["state"], "locked");
    p.advocate.post(&format!("{at}/approve"), json!({})).await.refused(409, "wrong_state");
    app.advance(2 * WEEK).await;
    assert_eq!(objects(app).len(), 1);
    p.phone().get(&own).await.refused(404, "not_found");
    p.support_supervisor.post(&format!("{at}/renew"), hold()).await.refused(403, "second_person_needed");
    // Lifted, it has a week again.
    assert_eq!(p.support_supervisor.post(&format!("{at}/release"), hold()).await.expect(200)["state"], "removing");
    app.advance(WEEK).await;
    assert!(objects(app).is_empty());
    // One that is not taken back, and that they do not want held.
    let (_, theirs) = file(&p, json!({})).await;
    let unwanted = json!({"reason": "For the court", "is_against_wish": true});
    assert_eq!(p.support_supervisor.post(&format!("{theirs}/hold"), unwanted).await.expect(201)["state"], "kept");
    assert_eq!(p.advocate.post(&format!("{theirs}/hold/approve"), json!({})).await.expect(200)["state"], "held");
});

on_both!(what_may_show_a_child_is_sealed_until_the_police_decide, |app| async {
    let p = app.partnership().await;
    for (decision, comes_to) in [("unseal", "kept"), ("destroy", "removed")] {
        let (own, theirs) = file(&p, json!({})).await;
        let note = json!({"note": "The survivor said so on the telephone"});
        assert_eq!(p.advocate.post(&format!("{theirs}/seal"), note).await.expect(200)["state"], "sealed");
        let open: Vec<Value> = p.tasks("evidence_for_police").await;
        assert_eq!(open.iter().filter(|task| task["state"] == "open").count(), 1);
        p.support_supervisor.get(&format!("{theirs}/content")).await.refused(409, "evidence_locked");
        p.phone().get(&format!("{own}/content")).await.refused(404, "not_found");
        p.advocate.post(&format!("{theirs}/destruction"), destroy("shows_child")).await.refused(409, "wrong_state");
        let body = json!({"purpose": "survivor_request", "recipient_name": "A court", "agreed_with_survivor": true});
        let bundles = format!("/partner/v1/survivors/{}/bundles", p.survivor.id);
        assert!(!p.advocate.post(&bundles, body).await.status.is_success());
        app.advance(30 * 24 * 60).await;
        let decided = json!({"decision": decision, "note": "DS Okafor, crime 14/20231/26"});
        let decide = format!("{theirs}/seal/decision");
        p.advocate.post(&decide, decided.clone()).await.refused(403, "wrong_role");
        assert_eq!(p.support_supervisor.post(&decide, decided).await.expect(200)["state"], comes_to);
        assert!(p.tasks("evidence_for_police").await.iter().all(|task| task["state"] == "done"));
        if comes_to == "kept" {
            take_back(&p, &own).await;
            app.advance(WEEK).await;
        }
    }
    nothing_is_left(app).await;
});

async fn nothing_is_left(app: &TestApp) {
    app.settle().await;
    assert!(objects(app).is_empty());
}

on_both!(a_backup_holds_every_file_whose_bytes_are_stored, |app| async {
    let p = app.partnership().await;
    let mut files = Vec::new();
    for _ in 0..5 {
        files.push(file(&p, json!({})).await);
    }
    p.support_supervisor.post(&format!("{}/hold", files[1].1), hold()).await.expect(201);
    take_back(&p, &files[2].0).await;
    take_back(&p, &files[3].0).await;
    p.support_supervisor.post(&format!("{}/hold", files[3].1), hold()).await.expect(201);
    p.advocate.post(&format!("{}/hold/approve", files[3].1), json!({})).await.expect(200);
    p.advocate.post(&format!("{}/seal", files[4].1), json!({"note": "They said so"})).await.expect(200);
    let mut states = Vec::new();
    for (_, theirs) in &files {
        states.push(state(&p, theirs).await);
    }
    assert_eq!(states, ["kept", "held", "removing", "locked", "sealed"]);
    // A backup copies the objects that this names (`cli/backup.rs`).
    let named = app.inner.db.read(holdfast::evidence::list_objects).await.unwrap();
    let stored = objects(app);
    assert_eq!((named.len(), stored.len()), (5, 5));
    assert!(stored.iter().all(|path| named.iter().any(|name| path.ends_with(name))));
});

on_both!(what_is_taken_back_counts_toward_the_room_until_it_is_destroyed, |app| async {
    let p = app.partnership().await;
    let (own, _) = file(&p, json!({})).await;
    take_back(&p, &own).await;
    let mut large = stated("text/plain", b"words");
    large["bytes"] = json!(256_000_000);
    for _ in 0..31 {
        p.phone().post(PATH, large.clone()).await.expect(201);
    }
    p.phone().post(PATH, large.clone()).await.refused(413, "quota_exceeded");
    app.advance(WEEK).await;
    for _ in 0..32 {
        p.phone().post(PATH, large.clone()).await.expect(201);
    }
});
