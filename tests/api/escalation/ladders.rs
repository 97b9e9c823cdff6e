//! An organisation's own ladders: drafted, validated, simulated, published; never below the floor, and never changed
//! under an alert that climbs them.

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Partnership, instant, on_both, text};

/// Like the default for high risk, with the supervisor told at once.
fn body() -> Value {
    json!({"code": "high_risk", "steps": [{"wait_minutes": 0, "tell": ["advocate", "duty", "supervisor"]},
        {"wait_minutes": 20, "tell": ["police"]}],
        "repeat": {"every_minutes": 15, "tell": ["advocate", "supervisor", "police"]}})
}

async fn draft(p: &Partnership, body: Value) -> String {
    let made = p.support_supervisor.post("/partner/v1/ladders", body).await.expect(201);
    assert_eq!((&made["state"], &made["is_simulated"]), (&json!("draft"), &json!(false)));
    text(&made, "id")
}

fn path(id: &str, act: &str) -> String {
    format!("/partner/v1/ladders/{id}{act}")
}

async fn simulate(p: &Partnership, id: &str, body: Value) -> Value {
    p.support_supervisor.post(&path(id, "/simulate"), body).await.expect(200)
}

/// Publishes a ladder; that nobody plans a rota is known.
async fn publish(p: &Partnership, body: Value) -> Value {
    let id = draft(p, body).await;
    simulate(p, &id, json!({"at": "2026-11-21T20:00:00Z"})).await;
    p.support_supervisor.post(&path(&id, "/publish"), json!({"uncovered_acknowledged": true})).await.expect(200)
}

on_both!(alerts_climb_what_is_published_and_keep_what_they_started_on, |app| async {
    let p = app.partnership().await;
    p.schedule("14:00").await;
    app.advance_to(instant("2026-11-21T14:30:00Z")).await;
    let published = publish(&p, body()).await;
    assert_eq!((&published["version"], &published["state"]), (&json!(2), &json!("published")));
    app.advance_to(instant("2026-11-21T14:40:00Z")).await;
    let before = p.alerts().await[0].clone();
    // The alert that was under way goes on with the default: the second on duty after ten minutes.
    assert_eq!(before["steps"][1]["detail"]["told"][0]["audience"], "second_duty");

    let concern = json!({"status": "concern", "recorded_at": app.now_text()});
    p.phone().post("/app/v1/check-ins", concern).await.expect(201);
    let after = p.alerts().await[0].clone();
    let told: Vec<&Value> =
        after["steps"][0]["detail"]["told"].as_array().unwrap().iter().map(|line| &line["audience"]).collect();
    assert_eq!(told, ["advocate", "duty", "supervisor"]);
    assert_eq!(after["next_step_at"], "2026-11-21T15:00:00Z");
    let shown = p.phone().get("/app/v1/ladder").await.expect(200);
    assert_eq!(shown["missed_check_in"]["steps"][1], json!({"after_minutes": 20, "tells": ["police"]}));

    assert_eq!(publish(&p, body()).await["version"], 3);
    let all = p.advocate.get("/partner/v1/ladders").await.expect(200);
    let versions: Vec<&Value> = all["items"].as_array().unwrap().iter().map(|item| &item["version"]).collect();
    assert_eq!(versions, [3, 2]);
    assert_eq!(all["defaults"].as_array().unwrap().len(), 7);
});

on_both!(every_fault_of_a_draft_is_told_at_its_place, |app| async {
    let p = app.partnership().await;
    let wrong = json!({"code": "high_risk", "steps": [{"wait_minutes": 20000, "tell": ["police", "police"]},
        {"wait_minutes": 0, "tell": []}], "repeat": {"every_minutes": 0, "tell": ["advocate"]}});
    let id = draft(&p, wrong).await;
    let seen = p.support_supervisor.post(&path(&id, "/validate"), json!({})).await.expect(200);
    assert_eq!(seen["is_valid"], false);
    let faults: Vec<(&str, &str)> = seen["faults"]
        .as_array()
        .unwrap()
        .iter()
        .map(|fault| (fault["pointer"].as_str().unwrap(), fault["code"].as_str().unwrap()))
        .collect();
    for fault in [
        ("/steps/0/wait_minutes", "wait_too_long"),
        ("/steps/0/tell", "told_twice"),
        ("/steps/0/tell", "police_before_support"),
        ("/steps/1/tell", "tells_nobody"),
        ("/repeat/every_minutes", "repeat_interval"),
        ("/steps", "support_too_late"),
        ("/steps", "too_late"),
        ("/repeat/tell", "repeat_leaves_out"),
    ] {
        assert!(faults.contains(&fault), "{fault:?} in {faults:?}");
    }
    simulate(&p, &id, json!({"at": app.now_text()})).await;
    let refused = p.support_supervisor.post(&path(&id, "/publish"), json!({"uncovered_acknowledged": true})).await;
    assert!(refused.refused(422, "invalid")["errors"].as_array().unwrap().len() >= faults.len());
});

on_both!(no_organisation_can_publish_an_emergency_below_the_floor, |app| async {
    let p = app.partnership().await;
    let everybody = json!(["call_999", "duty", "advocate", "supervisor", "police"]);
    let steps = |first: &Value, second: u32| json!([{"wait_minutes": 0, "tell": first}, {"wait_minutes": second, "tell": ["next_police"]}]);
    let quiet = json!(["duty", "advocate", "supervisor", "police"]);
    let good = json!({"every_minutes": 5, "tell": everybody});
    for (steps, repeat) in [
        (steps(&quiet, 2), good.clone()),
        (steps(&everybody, 3), good.clone()),
        (steps(&everybody, 2), json!({"every_minutes": 6, "tell": everybody})),
        (steps(&everybody, 2), json!({"every_minutes": 5, "tell": quiet})),
        (steps(&everybody, 2), Value::Null),
        (json!([{"wait_minutes": 1, "tell": everybody}, {"wait_minutes": 1, "tell": ["next_police"]}]), good.clone()),
    ] {
        let id = draft(&p, json!({"code": "emergency", "steps": steps, "repeat": repeat})).await;
        simulate(&p, &id, json!({"at": app.now_text()})).await;
        let reply = p.support_supervisor.post(&path(&id, "/publish"), json!({"uncovered_acknowledged": true})).await;
        reply.refused(422, "invalid");
    }
    let id = draft(&p, json!({"code": "emergency", "steps": steps(&everybody, 2), "repeat": good})).await;
    simulate(&p, &id, json!({"at": app.now_text()})).await;
    p.support_supervisor.post(&path(&id, "/publish"), json!({"uncovered_acknowledged": true})).await.expect(200);
});

on_both!(only_what_was_simulated_as_it_stands_is_published_and_then_never_changes, |app| async {
    let p = app.partnership().await;
    let id = draft(&p, body()).await;
    let (publish, known) = (path(&id, "/publish"), json!({"uncovered_acknowledged": true}));
    p.support_supervisor.post(&publish, known.clone()).await.refused(409, "ladder_not_simulated");
    simulate(&p, &id, json!({"at": app.now_text()})).await;
    let seen = p.support_supervisor.get(&path(&id, "")).await;
    assert_eq!(seen.expect(200)["is_simulated"], true);
    let tag = seen.header("etag").unwrap().to_owned();
    let put = |tag: String, body: Value| {
        let (caller, at) = (&p.support_supervisor, path(&id, ""));
        async move { caller.send(Method::PUT, &at, &[("if-match", &tag)], Some(&body)).await }
    };
    let changed = put(tag.clone(), body()).await;
    assert_eq!(changed.expect(200)["is_simulated"], false);
    put(tag, body()).await.refused(412, "stale");
    p.support_supervisor.post(&publish, known.clone()).await.refused(409, "ladder_not_simulated");
    simulate(&p, &id, json!({"at": app.now_text()})).await;
    p.support_supervisor.post(&publish, known.clone()).await.expect(200);
    let tag = p.support_supervisor.get(&path(&id, "")).await.header("etag").unwrap().to_owned();
    put(tag, body()).await.refused(409, "wrong_state");
    p.support_supervisor.post(&publish, known).await.refused(409, "wrong_state");
});

on_both!(hours_that_the_rota_leaves_uncovered_are_known_before_a_ladder_is_published, |app| async {
    let p = app.partnership().await;
    let shift = json!({"staff_id": p.advocate.id, "place": "duty", "starts_at": "2026-11-21T12:00:00Z",
        "ends_at": "2026-12-04T12:00:00Z"});
    p.support_supervisor.post("/partner/v1/rota/shifts", shift).await.expect(201);
    let id = draft(&p, body()).await;
    simulate(&p, &id, json!({"at": app.now_text()})).await;
    p.support_supervisor.post(&path(&id, "/publish"), json!({})).await.refused(409, "rota_uncovered");
    let last_day = json!({"staff_id": p.advocate.id, "place": "duty", "starts_at": "2026-12-04T18:00:00Z",
        "ends_at": "2026-12-06T12:00:00Z"});
    p.support_supervisor.post("/partner/v1/rota/shifts", last_day).await.expect(201);
    let known = json!({"uncovered_acknowledged": true});
    let published = p.support_supervisor.post(&path(&id, "/publish"), known).await.expect(200);
    assert_eq!(published["uncovered"], json!([{"from": "2026-12-04T12:00:00Z", "to": "2026-12-04T18:00:00Z"}]));
    let between = json!({"staff_id": p.advocate.id, "place": "duty", "starts_at": "2026-12-04T12:00:00Z",
        "ends_at": "2026-12-04T18:00:00Z"});
    p.support_supervisor.post("/partner/v1/rota/shifts", between).await.expect(201);
    let id = draft(&p, body()).await;
    simulate(&p, &id, json!({"at": app.now_text()})).await;
    let published = p.support_supervisor.post(&path(&id, "/publish"), json!({})).await.expect(200);
    assert_eq!(published["uncovered"], json!([]));
});

on_both!(a_simulation_tells_who_would_be_told_when_and_the_gaps_and_tells_nobody, |app| async {
    let p = app.partnership().await;
    let shift = json!({"staff_id": p.advocate.id, "place": "duty", "starts_at": "2026-11-21T12:00:00Z",
        "ends_at": "2026-11-21T20:10:00Z"});
    p.support_supervisor.post("/partner/v1/rota/shifts", shift).await.expect(201);
    let steps = json!([{"wait_minutes": 0, "tell": ["duty"]}, {"wait_minutes": 15, "tell": ["duty"]},
        {"wait_minutes": 5, "tell": ["supervisor"]}, {"wait_minutes": 10, "tell": ["police"]}]);
    let repeat = json!({"every_minutes": 15, "tell": ["supervisor", "police"]});
    let id = draft(&p, json!({"code": "high_risk", "steps": steps, "repeat": repeat})).await;
    let seen = simulate(&p, &id, json!({"at": "2026-11-21T20:00:00Z"})).await;
    let line = |step: &Value| (step["after_minutes"].as_i64().unwrap(), text(&step["told"][0], "outcome"));
    let lines: Vec<_> = seen["steps"].as_array().unwrap().iter().take(5).map(line).collect();
    let told = |minutes, outcome: &str| (minutes, outcome.to_owned());
    // At 20:15 nobody is on duty, so that the supervisor is told at once, and the police five minutes sooner.
    assert_eq!(lines, [told(0, "told"), told(15, "gap"), told(15, "told"), told(25, "if_allowed"), told(40, "told")]);
    assert_eq!((&seen["worst_case_minutes_to_police"], &seen["has_gaps"]), (&json!(25), &json!(true)));
    assert_eq!(seen["steps"][0]["told"][0]["staff"], json!([p.advocate.id]));

    let taken_up = simulate(&p, &id, json!({"at": "2026-11-21T20:00:00Z", "acknowledged_after_minutes": 5})).await;
    let minutes: Vec<i64> = taken_up["steps"].as_array().unwrap().iter().take(3).map(|step| line(step).0).collect();
    // Half an hour without progress, and it climbs again where it stood.
    assert_eq!(minutes, [0, 35, 35]);
    assert_eq!(taken_up["worst_case_minutes_to_police"], 25);
    assert_eq!(p.alerts().await, Vec::<Value>::new());
});

on_both!(ladders_are_the_survivors_sides_own_and_a_supervisors_to_write, |app| async {
    let p = app.partnership().await;
    p.advocate.post("/partner/v1/ladders", body()).await.refused(403, "wrong_role");
    p.programme_supervisor.post("/partner/v1/ladders", body()).await.refused(403, "wrong_role");
    let id = draft(&p, body()).await;
    p.programme_supervisor.post(&path(&id, "/publish"), json!({})).await.refused(404, "not_found");
    let misspelt = json!({"code": "high_risk", "steps": [{"wait_minutes": 0, "tell": ["neighbour"]}]});
    p.support_supervisor.post("/partner/v1/ladders", misspelt).await.refused(422, "invalid");
    let repeats = json!({"code": "high_risk", "steps": [], "repeats": null});
    p.support_supervisor.post("/partner/v1/ladders", repeats).await.refused(422, "invalid");
});
