//! What goes from one side of a case to the other by hand, and on to the survivor: notes, concerns, updates.

use serde_json::{Value, json};

use crate::harness::partnership::{self, PARTICIPANT_NAME, SURVIVOR_NAME};
use crate::harness::{Caller, Partnership, on_both, text};

fn below(p: &Partnership, path: &str) -> String {
    format!("/partner/v1/cases/{}/{path}", p.case)
}

async fn note(p: &Partnership, by: &Caller, audience: &str, words: &str) -> String {
    let body = json!({"audience": audience, "note": words});
    text(&by.post(&below(p, "notes"), body).await.expect(201), "id")
}

/// What a reader of notes finds: the words that are shown.
async fn notes(p: &Partnership, by: &Caller) -> Vec<String> {
    let page = by.get(&below(p, "notes")).await.expect(200);
    let items = page["items"].as_array().unwrap().iter();
    items.filter_map(|note| note["note"].as_str().map(str::to_owned)).collect()
}

on_both!(a_note_is_read_by_those_whom_it_is_for, |app| async {
    let p = app.partnership().await;
    note(&p, &p.advocate, "support_only", "Ours alone").await;
    note(&p, &p.practitioner, "programme_only", "Theirs alone").await;
    note(&p, &p.practitioner, "both", "Session moved to Tuesday").await;
    for (by, audience) in [(&p.advocate, "programme_only"), (&p.practitioner, "support_only")] {
        let body = json!({"audience": audience, "note": "For the others"});
        by.post(&below(&p, "notes"), body).await.refused(422, "invalid");
    }
    assert_eq!(notes(&p, &p.support_supervisor).await, ["Session moved to Tuesday", "Ours alone"]);
    assert_eq!(notes(&p, &p.programme_supervisor).await, ["Session moved to Tuesday", "Theirs alone"]);

    // After the end each side has its own.
    p.support_supervisor.post(&below(&p, "close"), json!({"reason": "over"})).await.expect(200);
    assert_eq!(notes(&p, &p.advocate).await, ["Ours alone"]);
    let body = json!({"audience": "both", "note": "Too late"});
    p.practitioner.post(&below(&p, "notes"), body).await.refused(409, "wrong_state");
});

on_both!(a_note_for_both_crosses_only_as_far_as_was_agreed, |app| async {
    let p = app.partnership().await;
    let body = |rests_on: Value| json!({"audience": "both", "note": "A third message came", "rests_on": rests_on});
    let write = |rests_on: Value| p.advocate.post(below(&p, "notes").leak(), body(rests_on));
    write(json!([])).await.refused(409, "not_agreed");
    p.consent(&["share.programme.status"]).await;
    write(json!(["incidents"])).await.refused(409, "not_agreed");
    write(json!(["survivor_identity"])).await.refused(422, "invalid");
    p.consent(&["share.programme.incident_summary"]).await;
    write(json!(["incidents"])).await.expect(201);
    assert_eq!(notes(&p, &p.practitioner).await, ["A third message came"]);
    let disclosed = p.phone().list("/app/v1/disclosures").await;
    let has = |scope: &str, what: &str| {
        disclosed
            .iter()
            .any(|line| line["agreement"] == scope && line["what"].as_array().unwrap().contains(&json!(what)))
    };
    assert!(has("share.programme.status", "case_notes") && has("share.programme.incident_summary", "incidents"));

    // Withdrawn, it is withheld from the next read on, and said why.
    p.decide("share.programme.incident_summary", false).await;
    let page = p.practitioner.get(&below(&p, "notes")).await.expect(200);
    let why = json!({"what": "case_notes", "reason": "no_agreement", "scope": "share.programme.incident_summary"});
    assert_eq!((&page["items"][0]["note"], &page["items"][0]["withheld"]), (&Value::Null, &why));
    p.decide("share.programme.status", false).await;
    let page = p.practitioner.get(&below(&p, "notes")).await.expect(200);
    let why = json!({"what": "case_notes", "reason": "no_agreement", "scope": "share.programme.status"});
    assert_eq!((page["items"].as_array().unwrap().len(), &page["redactions"][0]), (0, &why));
    assert_eq!(notes(&p, &p.advocate).await, ["A third message came"]);
});

on_both!(a_correction_stands_beside_what_it_corrects, |app| async {
    let p = app.partnership().await;
    let first = note(&p, &p.practitioner, "programme_only", "Came on time").await;
    let body = json!({"audience": "programme_only", "note": "Came ten minutes late", "corrects": first});
    p.programme_supervisor.post(&below(&p, "notes"), body.clone()).await.refused(422, "invalid");
    let second = text(&p.practitioner.post(&below(&p, "notes"), body.clone()).await.expect(201), "id");
    p.practitioner.post(&below(&p, "notes"), body).await.refused(409, "already_exists");
    let page = p.practitioner.get(&below(&p, "notes")).await.expect(200);
    assert_eq!((&page["items"][0]["corrects"], &page["items"][1]["corrected_by"]), (&json!(first), &json!(second)));
    assert_eq!(notes(&p, &p.practitioner).await, ["Came ten minutes late", "Came on time"]);
});

on_both!(words_for_the_other_side_name_nobody_and_no_place, |app| async {
    let p = app.partnership().await;
    p.consent(&["share.programme.status"]).await;
    let of_support = [SURVIVOR_NAME.to_lowercase(), "07700 900 123".into(), "S1 2HE".into(), "53.3811".into()];
    let of_programme = ["Quill".to_owned(), "p.quill@example.org".into()];
    let all = of_support
        .iter()
        .map(|told| (&p.advocate, told))
        .chain(of_programme.iter().map(|told| (&p.practitioner, told)));
    for (by, told) in all {
        let words = format!("They said: {told}, twice");
        let note = json!({"audience": "both", "note": words});
        let concern = json!({"kind": "question", "words": words});
        for (path, body) in [("notes", note), ("concerns", concern)] {
            let problem = by.post(&below(&p, path), body).await.refused(422, "invalid");
            assert_eq!(problem["errors"][0]["code"], "identifies");
            assert!(!problem.to_string().contains(told));
        }
        // For one's own side it may stand.
        let own = if std::ptr::eq(by, &p.advocate) { "support_only" } else { "programme_only" };
        by.post(&below(&p, "notes"), json!({"audience": own, "note": words})).await.expect(201);
    }
    let update = json!({"code": "programme_started", "words": format!("{PARTICIPANT_NAME} has begun")});
    p.practitioner.post(&below(&p, "updates"), update).await.refused(422, "invalid");
});

on_both!(a_concern_is_taken_up_and_answered_by_the_other_side, |app| async {
    let p = app.partnership().await;
    let ask = json!({"kind": "question", "words": "Is there a session this week?"});
    p.advocate.post(&below(&p, "concerns"), ask.clone()).await.refused(409, "not_agreed");
    p.consent(&["share.programme.status"]).await;
    let made = text(&p.advocate.post(&below(&p, "concerns"), ask).await.expect(201), "id");
    let act = |act: &str| below(&p, &format!("concerns/{made}/{act}"));
    p.support_supervisor.post(&act("acknowledge"), json!({})).await.refused(403, "wrong_role");
    let open = p.practitioner.get(&act("actions")).await.expect(200);
    assert_eq!(
        open["actions"],
        json!([{"event": "acknowledge", "to": "acknowledged"}, {"event": "answer", "to": "answered"}])
    );
    assert_eq!(p.advocate.get(&act("actions")).await.expect(200)["actions"], json!([]));
    let taken = p.practitioner.post(&act("acknowledge"), json!({})).await.expect(200);
    assert_eq!((&taken["state"], &taken["words"]), (&json!("acknowledged"), &json!("Is there a session this week?")));
    p.practitioner.post(&act("acknowledge"), json!({})).await.refused(409, "wrong_state");
    let answer = json!({"answer": "On Tuesday."});
    p.practitioner.post(&act("answer"), answer.clone()).await.expect(200);
    p.practitioner.post(&act("answer"), answer).await.refused(409, "wrong_state");
    let seen = p.advocate.get(&below(&p, "concerns")).await.expect(200);
    assert_eq!(seen["items"][0]["answer"], "On Tuesday.");

    // Withdrawn, the question does not exist for the other side any more.
    p.decide("share.programme.status", false).await;
    let seen = p.practitioner.get(&below(&p, "concerns")).await.expect(200);
    assert_eq!((seen["items"].as_array().unwrap().len(), &seen["redactions"][0]["what"]), (0, &json!("case_concerns")));
    p.practitioner.get(&act("actions")).await.refused(404, "not_found");
});

on_both!(a_practitioners_question_needs_no_agreement_but_its_answer_does, |app| async {
    let p = app.partnership().await;
    let ask = json!({"kind": "question", "words": "Were there messages since Monday?"});
    let made = text(&p.practitioner.post(&below(&p, "concerns"), ask).await.expect(201), "id");
    let path = below(&p, &format!("concerns/{made}/answer"));
    let answer = json!({"answer": "Two.", "rests_on": ["incidents"]});
    p.advocate.post(&path, answer.clone()).await.refused(409, "not_agreed");
    p.consent(&["share.programme.status", "share.programme.incident_summary"]).await;
    p.advocate.post(&path, answer).await.expect(200);
    let answered = |page: Value| page["items"][0]["answer"].as_str().map(str::to_owned);
    assert_eq!(answered(p.practitioner.get(&below(&p, "concerns")).await.expect(200)).as_deref(), Some("Two."));
    p.decide("share.programme.incident_summary", false).await;
    let page = p.practitioner.get(&below(&p, "concerns")).await.expect(200);
    let why = json!({"what": "case_concerns", "reason": "no_agreement", "scope": "share.programme.incident_summary"});
    assert_eq!(
        (&page["items"][0]["words"], &page["items"][0]["withheld"][0]),
        (&json!("Were there messages since Monday?"), &why)
    );
    assert_eq!(answered(page), None);
});

on_both!(news_of_the_programme_is_checked_and_released_before_the_survivor_reads_it, |app| async {
    let p = app.partnership().await;
    let body = json!({"code": "programme_started", "words": "Sessions are weekly."});
    p.advocate.post(&below(&p, "updates"), body.clone()).await.refused(403, "wrong_role");
    let made = text(&p.practitioner.post(&below(&p, "updates"), body).await.expect(201), "id");
    let act = |act: &str| below(&p, &format!("updates/{made}/{act}"));
    // Before the check it does not exist for the survivor's side.
    p.advocate.post(&act("release"), json!({})).await.refused(404, "not_found");
    assert!(p.advocate.list(&below(&p, "updates")).await.is_empty());
    p.support_supervisor.post(&act("check"), json!({})).await.refused(404, "not_found");
    p.practitioner.post(&act("check"), json!({})).await.refused(403, "wrong_role");
    assert_eq!(p.programme_supervisor.post(&act("check"), json!({})).await.expect(200)["state"], "checked");
    p.programme_supervisor.post(&act("refuse"), json!({"reason": "late"})).await.refused(409, "wrong_state");
    // The survivor has not asked to hear of the programme.
    let open = p.advocate.get(&act("actions")).await.expect(200);
    assert_eq!(open["actions"][0], json!({"event": "release", "to": "released", "needs": "updates.programme"}));
    p.advocate.post(&act("release"), json!({})).await.refused(409, "guard_not_met");
    p.consent(&["updates.programme"]).await;
    assert!(p.phone().list("/app/v1/updates").await.is_empty());
    assert_eq!(p.advocate.post(&act("release"), json!({})).await.expect(200)["state"], "released");
    p.advocate.post(&act("decline"), json!({"reason": "late"})).await.refused(409, "wrong_state");
    let read = p.phone().list("/app/v1/updates").await;
    let expected = json!({"kind": "programme_update", "code": "programme_started", "words": "Sessions are weekly.",
        "in_words": "The programme has begun.", "at": app.now_text()});
    assert_eq!(read, [expected]);
    p.decide("updates.programme", false).await;
    assert!(p.phone().list("/app/v1/updates").await.is_empty());
});

on_both!(news_that_was_refused_or_declined_never_reaches_the_survivor, |app| async {
    let p = app.partnership().await;
    p.consent(&["updates.programme"]).await;
    for (is_checked, act, by) in [(false, "refuse", &p.programme_supervisor), (true, "decline", &p.support_supervisor)]
    {
        let body = json!({"code": "programme_paused"});
        let made = text(&p.practitioner.post(&below(&p, "updates"), body).await.expect(201), "id");
        if is_checked {
            p.programme_supervisor.post(&below(&p, &format!("updates/{made}/check")), json!({})).await.expect(200);
        }
        let ended =
            by.post(&below(&p, &format!("updates/{made}/{act}")), json!({"reason": "not_now"})).await.expect(200);
        assert_eq!(ended["reason"], "not_now");
        p.advocate.post(&below(&p, &format!("updates/{made}/release")), json!({})).await;
    }
    assert!(p.phone().list("/app/v1/updates").await.is_empty());
    // Of the refused one the survivor's side never heard.
    assert_eq!(p.advocate.list(&below(&p, "updates")).await.len(), 1);
});

on_both!(the_advocate_reads_what_the_practitioner_fears_and_not_what_it_rests_on, |app| async {
    let p = app.partnership().await;
    let path = format!("/partner/v1/participants/{}/concerns", p.participant);
    let fear = |kind: &str, is_imminent: bool, words: &str| json!({"kind": kind, "is_imminent": is_imminent, "note": "Their sister rang", "words": words});
    for told in ["Quill means to come", "Ring 07700 900 123", "Will be at S1 2HE"] {
        let refused = p.practitioner.post(&path, fear("other", false, told)).await.refused(422, "invalid");
        assert_eq!(refused["errors"][0]["code"], "identifies", "{told}");
    }
    let other = text(&p.practitioner.post(&path, fear("other", false, "Stays in the town")).await.expect(201), "id");
    app.advance(1).await;
    // An emergency is not kept waiting for its wording.
    p.practitioner.post(&path, fear("intent_to_harm", true, "Quill left for the home now")).await.expect(201);
    app.settle().await;

    let alert = p.alerts().await.into_iter().find(|alert| alert["rule"] == "participant_concern").unwrap();
    assert_eq!(alert["level"], 4);
    let shown = p.advocate.get(&below(&p, "participant-concerns")).await.expect(200);
    let items = shown["items"].as_array().unwrap();
    assert_eq!(items.len(), 2);
    let expected = json!({"id": other, "kind": "other", "is_imminent": false, "words": "Stays in the town",
        "created_at": items[1]["created_at"]});
    assert_eq!(items[1], expected);
    assert_eq!(p.support_supervisor.list(&below(&p, "participant-concerns")).await.len(), 2);
    // What it rests on stays where it was written.
    assert!(!shown.to_string().contains("sister") && !shown.to_string().contains(&p.practitioner.id));
    assert_eq!(p.practitioner.list(&path).await[1]["note"], "Their sister rang");

    // Over, it is nobody's any more; and in a case made later only what is feared since then.
    p.support_supervisor.post(&below(&p, "close"), json!({"reason": "over"})).await.expect(200);
    p.advocate.get(&below(&p, "participant-concerns")).await.refused(404, "not_found");
    let later = partnership::survivor(&p.admin.http, &p.advocate, "high").await;
    let case = partnership::case(&p.advocate, &later.reference, &p.participant_reference).await.0;
    let theirs = format!("/partner/v1/cases/{case}/participant-concerns");
    p.advocate.get(&theirs).await.refused(404, "not_found");
    for supervisor in [&p.support_supervisor, &p.programme_supervisor] {
        app.advance(1).await;
        supervisor.post(&format!("/partner/v1/cases/{case}/approve"), json!({})).await.expect(200);
    }
    assert!(p.advocate.list(&theirs).await.is_empty());
    p.practitioner.post(&path, fear("other", false, "Asks where they live now")).await.expect(201);
    app.settle().await;
    assert_eq!(p.advocate.list(&theirs).await[0]["words"], "Asks where they live now");
});
