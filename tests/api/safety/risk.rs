//! Assessments of risk over HTTP: what raises a rating, who lowers it, and what speaks for a Marac.

use serde_json::{Value, json};

use crate::harness::{Partnership, TestApp, instant, on_both, text};

fn below(p: &Partnership, path: &str) -> String {
    format!("/partner/v1/survivors/{}{path}", p.survivor.id)
}

/// A tool as an organisation would load it: eight questions, of which the last is critical.
fn tool() -> Value {
    let items: Vec<Value> = (1..=8)
        .map(|number| json!({"code": format!("q0{number}"), "wording": format!("Question {number}"), "is_critical": number == 8}))
        .collect();
    json!({"code": "dash_2009", "version": 1, "tool": {"items": items, "is_scored": true, "medium_from": 3,
        "high_from": 6, "escalation_from": 3}})
}

async fn load(p: &Partnership) {
    p.support_supervisor.post("/partner/v1/risk-tools", tool()).await.expect(201);
}

/// An assessment with this many items answered yes.
fn answers(yeses: usize) -> Value {
    let items: Vec<Value> = (1..=yeses).map(|number| json!({"code": format!("q0{number}"), "answer": "yes"})).collect();
    json!({"tool_code": "dash_2009", "tool_version": 1, "answers": items})
}

fn with(mut body: Value, more: Value) -> Value {
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    body
}

async fn rating(p: &Partnership) -> String {
    text(&p.advocate.get(&below(p, "")).await.expect(200), "risk_rating")
}

on_both!(a_rating_rises_at_once_and_falls_only_by_a_person_who_says_why, |app| async {
    let p = app.partnership_with_risk("standard").await;
    load(&p).await;
    let assess = async |body: Value| p.advocate.post(&below(&p, "/risk-assessments"), body).await;
    let raised = assess(answers(6)).await.expect(201);
    assert_eq!(
        (&raised["score"], &raised["rating"], &raised["rating_after"]),
        (&json!(6), &json!("high"), &json!("high"))
    );
    assert_eq!(rating(&p).await, "high");
    // A lower one is kept, and lowers nothing by itself.
    let lower = assess(answers(3)).await.expect(201);
    assert_eq!((&lower["rating"], &lower["rating_after"]), (&json!("medium"), &json!("high")));
    assert_eq!(rating(&p).await, "high");
    let reason = json!({"lowering_reason": "They moved abroad"});
    assess(with(answers(3), reason.clone())).await.refused(403, "wrong_role");
    assert_eq!(rating(&p).await, "high");
    let by = &p.support_supervisor;
    let lowered = by.post(&below(&p, "/risk-assessments"), with(answers(3), reason)).await.expect(201);
    assert_eq!(
        (&lowered["rating_after"], &lowered["lowering_reason"]),
        (&json!("medium"), &json!("They moved abroad"))
    );
    assert_eq!(rating(&p).await, "medium");
    // What was refused is not kept; what was kept is never changed.
    let kept = p.advocate.list(&below(&p, "/risk-assessments")).await;
    assert_eq!(kept.len(), 3);
    assert_eq!(kept[2]["assessed_by"], json!(p.advocate.id));
    let changes = p.advocate.list(&below(&p, "/risk-changes")).await;
    let steps: Vec<_> =
        changes.iter().map(|row| (row["rating_before"].as_str(), row["rating_after"].as_str())).collect();
    assert_eq!(steps, [(Some("high"), Some("medium")), (Some("standard"), Some("high"))]);
    assert_eq!((&changes[0]["reason"], &changes[0]["changed_by"]), (&json!("They moved abroad"), &json!(by.id)));
    assert_eq!(changes[1]["assessment_id"], raised["id"]);
});

on_both!(the_first_assessment_says_why_it_is_not_high_and_alerts_follow_it, |app| async {
    let p = app.partnership_with_risk("unassessed").await;
    load(&p).await;
    p.schedule("21:00").await;
    let assess = async |body: Value| p.advocate.post(&below(&p, "/risk-assessments"), body).await;
    let kept = assess(answers(1)).await.expect(201);
    assert_eq!((&kept["rating"], &kept["rating_after"]), (&json!("standard"), &json!("unassessed")));
    let told = with(answers(1), json!({"lowering_reason": "One call, nothing since"}));
    assert_eq!(assess(told).await.expect(201)["rating_after"], "standard");
    app.advance_to(instant("2026-11-21T21:30:00Z")).await;
    let alerts = p.alerts().await;
    assert_eq!((&alerts[0]["rule"], &alerts[0]["level"]), (&json!("missed_check_in"), &json!(2)));
    // From here on it takes a supervisor.
    assert_eq!(assess(answers(6)).await.expect(201)["rating_after"], "high");
    assess(with(answers(1), json!({"lowering_reason": "x"}))).await.refused(403, "wrong_role");
    app.leaves_retries();
});

on_both!(a_judgement_raises_what_the_tool_says_and_never_lowers_it, |app| async {
    let p = app.partnership_with_risk("standard").await;
    load(&p).await;
    let judged = async |yeses, word: &str| {
        let more = json!({"professional_judgement": word, "judgement_note": "They changed jobs to be near"});
        p.advocate.post(&below(&p, "/risk-assessments"), with(answers(yeses), more)).await
    };
    let high = judged(1, "high").await.expect(201);
    assert_eq!((&high["tool_rating"], &high["rating"]), (&json!("standard"), &json!("high")));
    assert_eq!((&high["marac_prompts"], &high["rating_after"]), (&json!(["professional_judgement"]), &json!("high")));
    let low = judged(6, "standard").await.expect(201);
    assert_eq!((&low["rating"], &low["marac_prompts"]), (&json!("high"), &json!(["visible_high_risk"])));
    let silent = with(answers(1), json!({"professional_judgement": "high"}));
    let problem = p.advocate.post(&below(&p, "/risk-assessments"), silent).await.refused(422, "invalid");
    assert_eq!(problem["errors"][0]["pointer"], "/judgement_note");
});

async fn report(app: &TestApp, p: &Partnership, count: usize) {
    for _ in 0..count {
        let body = json!({"happened": {"precision": "unknown"}, "behaviours": ["message_text"], "account": "Again",
            "fear": 1, "visibility": "advocate", "recorded_at": app.now_text()});
        p.phone().post("/app/v1/incidents", body).await.expect(201);
    }
}

on_both!(incidents_of_twelve_months_prompt_and_a_person_decides, |app| async {
    let p = app.partnership().await;
    load(&p).await;
    let assess = async |body: Value| p.advocate.post(&below(&p, "/risk-assessments"), body).await;
    report(app, &p, 2).await;
    assert_eq!(assess(answers(1)).await.expect(201)["marac_prompts"], json!([]));
    report(app, &p, 1).await;
    let critical = json!([{"code": "q08", "answer": "yes"}, {"code": "q01", "answer": "unknown"}]);
    let body = with(answers(0), json!({"answers": critical}));
    let made = assess(body).await.expect(201);
    assert_eq!(
        (&made["marac_prompts"], &made["incidents_12_months"]),
        (&json!(["escalation", "critical_answer"]), &json!(3))
    );
    assert_eq!(made["marac_decisions"], json!([]));
    let path = below(&p, &format!("/risk-assessments/{}/marac-decisions", text(&made, "id")));
    let decide =
        |word: &str| p.advocate.post(&path, json!({"decision": word, "reason": "As the local threshold has it"}));
    decide("perhaps").await.refused(422, "invalid");
    decide("not_referred").await.expect(201);
    decide("referred").await.expect(201);
    let kept = p.advocate.list(&below(&p, "/risk-assessments")).await;
    let words: Vec<_> =
        kept[0]["marac_decisions"].as_array().unwrap().iter().map(|row| row["decision"].clone()).collect();
    assert_eq!(words, ["not_referred", "referred"]);
    assert_eq!(kept[1]["marac_decisions"], json!([]));
    app.leaves_retries();
});

on_both!(a_tool_is_the_organisations_own_and_its_versions_stay, |app| async {
    let p = app.partnership().await;
    assert!(p.advocate.list("/partner/v1/risk-tools").await.is_empty(), "none is shipped");
    p.advocate.post("/partner/v1/risk-tools", tool()).await.refused(403, "wrong_role");
    p.programme_supervisor.post("/partner/v1/risk-tools", tool()).await.refused(403, "wrong_role");
    load(&p).await;
    p.support_supervisor.post("/partner/v1/risk-tools", tool()).await.refused(409, "already_exists");
    p.support_supervisor.post("/partner/v1/risk-tools", with(tool(), json!({"version": 2}))).await.expect(201);
    assert_eq!(p.advocate.list("/partner/v1/risk-tools").await.len(), 2);
    assert!(p.programme_supervisor.list("/partner/v1/risk-tools").await.is_empty());
    let item = |code: &str| json!({"code": code, "wording": "…"});
    let wrong = [
        (json!({"items": []}), "/tool/items"),
        (json!({"items": [item("q1"), item("q1")]}), "/tool/items/1/code"),
        (json!({"items": [item("q1")], "is_scored": true}), "/tool/high_from"),
        (json!({"items": [item("q1")], "high_from": 3}), "/tool/is_scored"),
        (json!({"items": [item("q1")], "is_scored": true, "high_from": 3, "medium_from": 3}), "/tool/medium_from"),
    ];
    for (inner, pointer) in wrong {
        let body = json!({"code": "s_dash", "version": 1, "tool": inner});
        let problem = p.support_supervisor.post("/partner/v1/risk-tools", body).await.refused(422, "invalid");
        assert_eq!(problem["errors"][0]["pointer"], pointer, "{problem}");
    }
    let assess = async |body: Value| p.advocate.post(&below(&p, "/risk-assessments"), body).await;
    for (change, pointer) in [
        (json!({"tool_version": 3}), "/tool_code"),
        (json!({"answers": [{"code": "q99", "answer": "yes"}]}), "/answers/0/code"),
        (json!({"answers": [{"code": "q01", "answer": 3}]}), "/answers/0/answer"),
        (json!({"review_by_on": "2026-11-20"}), "/review_by_on"),
    ] {
        let problem = assess(with(answers(1), change)).await.refused(422, "invalid");
        assert_eq!(problem["errors"][0]["pointer"], pointer, "{problem}");
    }
});

on_both!(an_assessment_is_for_the_survivors_staff_alone_and_made_anew_on_its_day, |app| async {
    let p = app.partnership().await;
    load(&p).await;
    let body = with(answers(6), json!({"review_by_on": "2026-11-23"}));
    p.advocate.post(&below(&p, "/risk-assessments"), body).await.expect(201);
    for path in ["/risk-assessments", "/risk-changes"] {
        p.practitioner.get(&below(&p, path)).await.refused(403, "wrong_role");
        p.programme_supervisor.get(&below(&p, path)).await.refused(404, "not_found");
        p.officer.get(&below(&p, path)).await.refused(403, "wrong_role");
    }
    p.phone().get("/app/v1/risk-assessments").await.refused(404, "not_found");
    // What the programme is shown of the case says nothing of it either.
    let view = p.practitioner.get(&format!("/partner/v1/cases/{}/view", p.case)).await.expect(200).to_string();
    assert!(!view.contains("dash_2009") && !view.contains("risk_rating"), "{view}");
    app.advance_to(instant("2026-11-23T09:00:00Z")).await;
    let tasks = p.tasks("safety_review").await;
    assert_eq!((tasks.len(), &tasks[0]["detail"]["what"]), (1, &json!("risk")));
    // Without a day it is ninety days ahead.
    let next = p.advocate.post(&below(&p, "/risk-assessments"), answers(6)).await.expect(201);
    assert_eq!(next["review_by_on"], "2027-02-21");
});
