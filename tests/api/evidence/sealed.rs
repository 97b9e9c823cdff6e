//! What is sealed for the police: by whom it is destroyed, what it is once it is unsealed, and what a phone shows of it.

use serde_json::{Value, json};

use super::taken_back::{WEEK, destroy, file, hold, spoke, state, take_back};
use super::{PATH, kinds, objects};
use crate::harness::partnership::{self, Person};
use crate::harness::{Partnership, TestApp, on_both, text};

const DAY: i64 = 24 * 60;

async fn another_supervisor(app: &TestApp, p: &Partnership) -> Person {
    partnership::staff(&app.http, &p.admin, &p.support, "sefa", &["supervisor"]).await
}

fn decided(decision: &str) -> Value {
    json!({"decision": decision, "note": "DS Okafor, crime 14/20231/26"})
}

fn note() -> Value {
    json!({"note": "The survivor said so on the telephone"})
}

/// A file as staff see it, without its custody, which goes on.
async fn seen(p: &Partnership, theirs: &str) -> Value {
    let mut seen = p.advocate.get(theirs).await.expect(200);
    seen.as_object_mut().unwrap().remove("custody");
    seen
}

async fn open_tasks(p: &Partnership, kind: &str) -> usize {
    p.tasks(kind).await.iter().filter(|task| task["state"] == "open").count()
}

on_both!(to_seal_a_file_and_have_it_destroyed_takes_two_people, |app| async {
    let p = app.partnership().await;
    let (_, theirs) = file(&p, json!({})).await;
    let (seal, decide) = (format!("{theirs}/seal"), format!("{theirs}/seal/decision"));
    p.support_supervisor.post(&seal, note()).await.expect(200);
    p.support_supervisor.post(&decide, decided("destroy")).await.refused(403, "second_person_needed");
    // Who sealed it before, or that somebody else did, changes nothing.
    p.support_supervisor.post(&decide, decided("unseal")).await.expect(200);
    p.advocate.post(&seal, note()).await.expect(200);
    p.support_supervisor.post(&decide, decided("unseal")).await.expect(200);
    p.support_supervisor.post(&seal, note()).await.expect(200);
    p.support_supervisor.post(&decide, decided("destroy")).await.refused(403, "second_person_needed");
    app.settle().await;
    assert_eq!((state(&p, &theirs).await, objects(app).len()), (json!("sealed"), 1));
    let other = another_supervisor(app, &p).await;
    assert_eq!(other.post(&decide, decided("destroy")).await.expect(200)["state"], "removed");
    app.settle().await;
    assert!(objects(app).is_empty());
});

on_both!(what_was_disclosed_or_is_held_is_not_destroyed_by_the_police_either, |app| async {
    let p = app.partnership().await;
    let (_, given) = file(&p, json!({})).await;
    let body = json!({"purpose": "survivor_request", "recipient_name": "A court", "agreed_with_survivor": true});
    p.advocate.post(&format!("/partner/v1/survivors/{}/bundles", p.survivor.id), body).await.expect(201);
    let (_, held) = file(&p, json!({})).await;
    p.support_supervisor.post(&format!("{held}/hold"), hold()).await.expect(201);
    for (theirs, code) in [(&given, "wrong_state"), (&held, "evidence_held")] {
        p.advocate.post(&format!("{theirs}/seal"), note()).await.expect(200);
        let decide = format!("{theirs}/seal/decision");
        p.support_supervisor.post(&decide, decided("destroy")).await.refused(409, code);
        assert_eq!(state(&p, theirs).await, "sealed");
    }
    // Nor is the hold lifted under the seal.
    p.support_supervisor.post(&format!("{held}/hold/release"), hold()).await.refused(409, "wrong_state");
    p.support_supervisor.post(&format!("{held}/seal/decision"), decided("unseal")).await.expect(200);
    let detail = p.advocate.get(&held).await.expect(200);
    assert_eq!((&detail["state"], &detail["holds"][0]["state"]), (&json!("held"), &json!("in_force")));
});

/// A file that is kept, held, taken back, taken back and held, or to be destroyed at once; its address for staff.
async fn one_that_is(p: &Partnership, what: &str) -> String {
    let (own, theirs) = file(p, json!({})).await;
    if matches!(what, "removing" | "locked") {
        take_back(p, &own).await;
    }
    if matches!(what, "held" | "locked") {
        p.support_supervisor.post(&format!("{theirs}/hold"), hold()).await.expect(201);
    }
    if what == "locked" {
        p.advocate.post(&format!("{theirs}/hold/approve"), json!({})).await.expect(200);
    }
    if what == "asked" {
        p.advocate.post(&format!("{theirs}/destruction"), destroy("intimate")).await.expect(201);
    }
    theirs
}

on_both!(a_file_that_is_unsealed_is_what_it_was_with_its_dates, |app| async {
    let p = app.partnership().await;
    for what in ["kept", "held", "removing", "locked", "asked"] {
        let theirs = one_that_is(&p, what).await;
        app.advance(2 * 60).await;
        let before = seen(&p, &theirs).await;
        p.advocate.post(&format!("{theirs}/seal"), note()).await.expect(200);
        let sealed = seen(&p, &theirs).await;
        assert_eq!((&sealed["state"], sealed.get("destroyed_from")), (&json!("sealed"), None));
        assert_eq!(sealed.get("taken_back_at"), before.get("taken_back_at"), "{what}");
        assert_eq!(open_tasks(&p, "evidence_taken_back").await, 0);
        app.advance(DAY).await;
        let decide = format!("{theirs}/seal/decision");
        p.support_supervisor.post(&decide, decided("unseal")).await.expect(200);
        app.settle().await;
        assert_eq!(seen(&p, &theirs).await, before, "{what}");
        // What waited about it waits again.
        let is_taken_back = !matches!(what, "kept" | "held");
        assert_eq!(open_tasks(&p, "evidence_taken_back").await, usize::from(is_taken_back), "{what}");
        assert_eq!(open_tasks(&p, "evidence_to_destroy").await, usize::from(what == "asked"), "{what}");
        if is_taken_back {
            p.advocate.post(&format!("{theirs}/restore"), spoke("They want it back")).await.expect(200);
        }
    }
    assert_eq!(objects(app).len(), 5);
});

on_both!(a_file_whose_week_went_by_under_the_seal_can_be_restored_before_it_is_destroyed, |app| async {
    let p = app.partnership().await;
    let (own, theirs) = file(&p, json!({})).await;
    take_back(&p, &own).await;
    let taken_back_at = app.now();
    p.advocate.post(&format!("{theirs}/seal"), note()).await.expect(200);
    app.advance(3 * WEEK).await;
    assert_eq!(objects(app).len(), 1);
    p.support_supervisor.post(&format!("{theirs}/seal/decision"), decided("unseal")).await.expect(200);
    app.settle().await;
    let back = seen(&p, &theirs).await;
    assert_eq!((&back["state"], &back["taken_back_at"]), (&json!("removing"), &json!(taken_back_at)));
    assert_eq!(back["destroyed_from"], json!(app.now().plus_days(4)));
    app.advance(4 * DAY - 1).await;
    assert_eq!(objects(app).len(), 1);
    app.advance(1).await;
    assert!(objects(app).is_empty());
});

on_both!(a_hold_goes_on_under_the_seal_and_is_asked_about_before_it_ends, |app| async {
    let p = app.partnership().await;
    let (_, theirs) = file(&p, json!({})).await;
    let at = format!("{theirs}/hold");
    p.support_supervisor.post(&at, hold()).await.expect(201);
    p.advocate.post(&format!("{theirs}/seal"), note()).await.expect(200);
    app.advance(27 * DAY).await;
    assert_eq!(open_tasks(&p, "evidence_hold_ending").await, 1);
    assert_eq!(p.support_supervisor.post(&format!("{at}/renew"), hold()).await.expect(200)["state"], "sealed");
    app.advance(10 * DAY).await;
    let decide = format!("{theirs}/seal/decision");
    assert_eq!(p.support_supervisor.post(&decide, decided("unseal")).await.expect(200)["state"], "held");
    app.settle().await;
    assert_eq!(state(&p, &theirs).await, "held");
    // One whose days are over by then is over.
    p.advocate.post(&format!("{theirs}/seal"), note()).await.expect(200);
    app.advance(30 * DAY).await;
    assert_eq!(state(&p, &theirs).await, "sealed");
    p.support_supervisor.post(&decide, decided("unseal")).await.expect(200);
    app.settle().await;
    let detail = p.advocate.get(&theirs).await.expect(200);
    assert_eq!((&detail["state"], &detail["holds"][0]["state"]), (&json!("kept"), &json!("over")));
});

on_both!(a_phone_shows_nothing_that_staff_wrote_of_a_file_nor_that_it_was_sealed, |app| async {
    let p = app.partnership().await;
    let (own, theirs) = file(&p, json!({})).await;
    let because = |word: &str| json!({"reason": word});
    p.support_supervisor.post(&format!("{theirs}/hold"), because("Xanthic")).await.expect(201);
    p.support_supervisor.post(&format!("{theirs}/hold/renew"), because("Xeric")).await.expect(200);
    p.support_supervisor.post(&format!("{theirs}/hold/release"), because("Xylic")).await.expect(200);
    take_back(&p, &own).await;
    p.advocate.post(&format!("{theirs}/restore"), spoke("Xenial")).await.expect(200);
    p.advocate.post(&format!("{theirs}/seal"), json!({"note": "Xiphoid"})).await.expect(200);
    let decision = json!({"decision": "unseal", "note": "Xystus"});
    p.support_supervisor.post(&format!("{theirs}/seal/decision"), decision).await.expect(200);
    let custody = p.phone().get(&format!("{own}/custody")).await.expect(200);
    assert_eq!(kinds(&custody), ["received", "verified", "held", "held", "released", "removed", "restored"]);
    assert_eq!(custody["is_whole"], true);
    let numbers: Vec<&Value> = custody["events"].as_array().unwrap().iter().map(|event| &event["sequence"]).collect();
    assert_eq!(json!(numbers), json!([1, 2, 3, 4, 5, 6, 7]));
    let mut shown = vec![custody.to_string()];
    for path in [PATH, own.as_str(), "/app/v1/access-log", "/app/v1/disclosures", "/app/v1/messages"] {
        shown.push(p.phone().get(path).await.expect(200).to_string());
    }
    shown.push(p.phone().get(&format!("{own}/actions")).await.expect(200).to_string());
    for text in shown {
        for word in ["Xanthic", "Xeric", "Xylic", "Xenial", "Xiphoid", "Xystus", "sealed"] {
            assert!(!text.contains(word), "{word}: {text}");
        }
    }
    // Their own side reads all of it.
    let detail = p.advocate.get(&theirs).await.expect(200);
    let events = detail["custody"]["events"].as_array().unwrap();
    let reasons: Vec<String> =
        events.iter().filter(|event| event["reason"].is_string()).map(|e| text(e, "reason")).collect();
    assert_eq!(reasons, ["Xanthic", "Xeric", "Xylic", "Xenial", "Xiphoid", "Xystus"]);
});
