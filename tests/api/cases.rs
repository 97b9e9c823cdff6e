//! Cases: two sides, two approvals, nobody's data before both and none across after the end.

mod bridge;
pub mod case_view;
mod signals;

use serde_json::{Value, json};

use crate::harness::partnership::{case, organisation, participant, survivor};
use crate::harness::{on_both, text};

on_both!(a_case_is_active_once_each_side_has_approved, |app| async {
    let p = app.partnership().await;
    let (other, person) = (survivor(&app.http, &p.advocate, "high").await, participant(&p.practitioner).await);
    let (id, _) = case(&p.advocate, &other.reference, &person.1).await;
    let approve = format!("/partner/v1/cases/{id}/approve");
    for caller in [&p.advocate, &p.practitioner] {
        caller.post(&approve, json!({})).await.refused(403, "wrong_role");
    }
    let half = p.support_supervisor.post(&approve, json!({})).await.expect(200);
    assert_eq!(half["state"], "proposed");
    // Once more by the same side brings it no further.
    p.support_supervisor.post(&approve, json!({})).await;
    assert_eq!(p.advocate.get(&format!("/partner/v1/cases/{id}")).await.expect(200)["state"], "proposed");
    // Agreed to by the survivor, and still not shown: one side has not approved.
    let phone = &other.phone.session;
    let on = json!({"granted": true, "text_version": "1"});
    phone.put("/app/v1/consents/share.programme.status", on).await.expect(200);
    let answer = json!({"status": "safe", "recorded_at": app.now_text()});
    let check_in = text(&phone.post("/app/v1/check-ins", answer).await.expect(201), "id");
    let view = format!("/partner/v1/cases/{id}/view");
    assert!(!p.practitioner.get(&view).await.body.contains(&check_in));
    let whole = p.programme_supervisor.post(&approve, json!({})).await.expect(200);
    assert_eq!(whole["state"], "active");
    let shown = p.practitioner.get(&view).await;
    assert!(shown.body.contains(&check_in), "{}", shown.body);
});

on_both!(a_case_is_made_once_of_references_that_exist, |app| async {
    let p = app.partnership().await;
    let body = |survivor: &str, participant: &str| json!({"survivor_reference": survivor, "participant_reference": participant, "relationship": "stranger"});
    let again = body(&p.survivor.reference, &p.participant_reference);
    p.advocate.post("/partner/v1/cases", again).await.refused(409, "already_exists");
    for wrong in ["SV-0000-0000-0", "nonsense", &p.participant_reference] {
        let reply = p.advocate.post("/partner/v1/cases", body(wrong, &p.participant_reference)).await;
        assert!([404, 422].contains(&reply.status.as_u16()), "{wrong}: {}", reply.body);
    }
});

on_both!(an_incident_that_is_private_shows_to_nobody, |app| async {
    let p = app.partnership().await;
    p.consent(&["share.programme.status", "share.programme.incident_summary", "share.programme.incident_full"]).await;
    let incident = json!({"happened": {"precision": "unknown"}, "behaviours": ["message_text"], "account": "Xanthippe",
        "private_note": "Xanthippe", "fear": 1, "visibility": "private", "recorded_at": app.now_text()});
    let id = text(&p.phone().post("/app/v1/incidents", incident).await.expect(201), "id");
    for caller in [&p.advocate, &p.practitioner, &p.support_supervisor, &p.programme_supervisor] {
        for page in ["view", "timeline"] {
            let reply = caller.get(&format!("/partner/v1/cases/{}/{page}", p.case)).await;
            assert!(!reply.body.contains(&id) && !reply.body.contains("Xanthippe"), "{page}: {}", reply.body);
        }
    }
});

fn events(answer: &Value) -> Vec<String> {
    answer["actions"].as_array().unwrap().iter().map(|action| text(action, "event")).collect()
}

on_both!(a_case_that_ended_lets_nothing_cross_and_can_be_proposed_anew, |app| async {
    let p = app.partnership().await;
    p.consent(&["share.programme.status"]).await;
    let answer = json!({"status": "safe", "recorded_at": app.now_text()});
    let check_in = text(&p.phone().post("/app/v1/check-ins", answer).await.expect(201), "id");
    let (view, close) = (format!("/partner/v1/cases/{}/view", p.case), format!("/partner/v1/cases/{}/close", p.case));
    assert!(p.practitioner.get(&view).await.body.contains(&check_in));
    assert!(p.advocate.get(&view).await.body.contains(&p.goal));

    p.practitioner.post(&close, json!({"reason": "programme_ended"})).await.refused(403, "wrong_role");
    let closed = p.programme_supervisor.post(&close, json!({"reason": "programme_ended"})).await.expect(200);
    assert_eq!(closed["state"], "closed");
    let of_programme = p.practitioner.get(&view).await;
    assert!(!of_programme.body.contains(&check_in), "{}", of_programme.body);
    let withheld = json!({"what": "check_ins", "reason": "case_not_active"});
    assert!(of_programme.expect(200)["redactions"].as_array().unwrap().contains(&withheld));
    let of_support = p.advocate.get(&view).await;
    assert!(of_support.body.contains(&check_in) && !of_support.body.contains(&p.goal), "{}", of_support.body);
    assert_eq!(of_support.json()["case"]["end_reason"], "programme_ended");

    // Proposed anew it is the same case, and takes both approvals once more.
    let body = json!({"survivor_reference": p.survivor.reference, "participant_reference": p.participant_reference,
        "relationship": "former_partner"});
    let again = p.advocate.post("/partner/v1/cases", body).await.expect(201);
    assert_eq!((&again["id"], &again["state"]), (&json!(p.case), &json!("proposed")));
    let approve = format!("/partner/v1/cases/{}/approve", p.case);
    assert_eq!(p.support_supervisor.post(&approve, json!({})).await.expect(200)["state"], "proposed");
    assert!(!p.practitioner.get(&view).await.body.contains(&check_in));
    assert_eq!(p.programme_supervisor.post(&approve, json!({})).await.expect(200)["state"], "active");
    assert!(p.practitioner.get(&view).await.body.contains(&check_in));

    let done = p.advocate.list(&format!("/partner/v1/cases/{}/events", p.case)).await;
    let told: Vec<(String, String)> = done.iter().rev().map(|line| (text(line, "event"), text(line, "side"))).collect();
    let told: Vec<(&str, &str)> = told.iter().map(|(event, side)| (event.as_str(), side.as_str())).collect();
    let (ours, theirs) = ("support", "programme");
    let first = [("propose", ours), ("approve", ours), ("approve", theirs), ("close", theirs)];
    assert_eq!(told, [&first[..], &first[..3]].concat());
});

on_both!(whoever_leaves_the_service_shares_nothing, |app| async {
    let p = app.partnership().await;
    p.consent(&["share.programme.status"]).await;
    let answer = json!({"status": "safe", "recorded_at": app.now_text()});
    let check_in = text(&p.phone().post("/app/v1/check-ins", answer).await.expect(201), "id");
    let view = format!("/partner/v1/cases/{}/view", p.case);
    assert!(p.practitioner.get(&view).await.body.contains(&check_in));
    p.decide("service.core", false).await;
    let reply = p.practitioner.get(&view).await;
    assert!(!reply.body.contains(&check_in), "{}", reply.body);
    let withheld = json!({"what": "check_ins", "reason": "no_agreement", "scope": "service.core"});
    assert!(reply.json()["redactions"].as_array().unwrap().contains(&withheld));
});

/// Numbers that look like chance and are the same at every run.
fn chance(state: &mut u64) -> usize {
    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    usize::try_from(*state >> 33).unwrap()
}

on_both!(any_sequence_of_steps_outside_the_table_is_refused, |app| async {
    let p = app.partnership().await;
    let sides = [(&p.support_supervisor, &p.advocate), (&p.programme_supervisor, &p.practitioner)];
    for seed in 1..=3 {
        let other = survivor(&app.http, &p.advocate, "high").await;
        let (id, _) = case(&p.advocate, &other.reference, &p.participant_reference).await;
        let (mut state, mut approved, mut chosen) = ("proposed", [false, false], seed);
        for _ in 0..16 {
            let (side, act) = (chance(&mut chosen) % 2, chance(&mut chosen) % 4);
            let (supervisor, worker) = sides[side];
            let path = |act: &str| format!("/partner/v1/cases/{id}/{act}");
            // What the words of the design allow, apart from the code's own table.
            let allowed: &[&str] = match (state, approved[side]) {
                ("proposed", false) => &["approve", "refuse"],
                ("proposed", true) => &["refuse"],
                ("active", _) => &["close"],
                _ => &[],
            };
            let listed = supervisor.get(&path("actions")).await.expect(200);
            assert_eq!(
                (text(&listed, "state"), events(&listed)),
                (state.to_owned(), allowed.iter().map(|&act| act.to_owned()).collect())
            );
            let read = supervisor.get(&format!("/partner/v1/cases/{id}")).await.expect(200);
            assert_eq!(read["allowed_actions"], listed["actions"]);
            let again = json!({"survivor_reference": other.reference, "relationship": "stranger",
                "participant_reference": p.participant_reference});
            let (name, reply) = match act {
                0 => ("approve", supervisor.post(&path("approve"), json!({})).await),
                1 => ("refuse", supervisor.post(&path("refuse"), json!({"reason": "not_suitable"})).await),
                2 => ("close", supervisor.post(&path("close"), json!({"reason": "over"})).await),
                _ => ("propose", worker.post("/partner/v1/cases", again).await),
            };
            let has_ended = ["closed", "refused"].contains(&state);
            match name {
                "propose" if has_ended => {
                    assert_eq!(reply.expect(201)["id"], json!(id));
                    (state, approved) = ("proposed", [false, false]);
                }
                "propose" => drop(reply.refused(409, "already_exists")),
                _ if !allowed.contains(&name) => drop(reply.refused(409, "wrong_state")),
                "approve" => {
                    approved[side] = true;
                    state = if approved == [true, true] { "active" } else { "proposed" };
                    assert_eq!(reply.expect(200)["state"], state);
                }
                _ => {
                    state = if name == "close" { "closed" } else { "refused" };
                    assert_eq!(reply.expect(200)["state"], state);
                }
            }
        }
    }
});

on_both!(nobody_is_both_advocate_and_practitioner, |app| async {
    let p = app.partnership().await;
    for organisation in [&p.support, &p.programme] {
        let body = json!({"username": "both", "display_name": "Both Sides", "organisation_id": organisation,
            "roles": ["advocate", "practitioner"]});
        p.admin.post("/admin/v1/staff", body).await.refused(422, "invalid");
    }
    // One supervisor cannot approve for both sides: the second time it is their own side again.
    let other = survivor(&app.http, &p.advocate, "high").await;
    let (id, _) = case(&p.advocate, &other.reference, &p.participant_reference).await;
    let approve = format!("/partner/v1/cases/{id}/approve");
    p.support_supervisor.post(&approve, json!({})).await.expect(200);
    p.support_supervisor.post(&approve, json!({})).await.refused(409, "wrong_state");
});

/// What an organisation's staff see of a survivor when these scopes are on, by the words of the design.
fn expected(on: &[&str]) -> [bool; 4] {
    let is_on = |scope: &str| on.contains(&scope) && on.contains(&"service.core");
    let (status, summary) = (is_on("share.programme.status"), is_on("share.programme.incident_summary"));
    [status, status && is_on("share.programme.voice"), summary, summary && is_on("share.programme.incident_full")]
}

on_both!(any_order_of_grants_and_withdrawals_shows_what_the_ledger_says, |app| async {
    let p = app.partnership().await;
    let answer = json!({"status": "safe", "note": "Quiet words", "recorded_at": app.now_text()});
    let incident = json!({"happened": {"precision": "unknown"}, "behaviours": ["message_text"],
        "account": "Account words", "fear": 1, "visibility": "programme_full", "recorded_at": app.now_text()});
    let check_in = text(&p.phone().post("/app/v1/check-ins", answer).await.expect(201), "id");
    let incident = text(&p.phone().post("/app/v1/incidents", incident).await.expect(201), "id");
    let scopes = [
        "service.core",
        "share.programme.status",
        "share.programme.voice",
        "share.programme.incident_summary",
        "share.programme.incident_full",
    ];
    let body = json!({"kind": "programme_provider", "name": "New Leaf"});
    let other = organisation(&p.admin, body).await;
    let (mut on, mut chosen) = (vec!["service.core"], 7);
    for _ in 0..24 {
        let (scope, granted) = (scopes[chance(&mut chosen) % 5], !chance(&mut chosen).is_multiple_of(3));
        // Now and then for this organisation by name, now and then for another, which says nothing of this one.
        let recipient = [None, None, Some(&p.programme), Some(&other)][chance(&mut chosen) % 4];
        let mut body = json!({"granted": granted, "text_version": "1"});
        if let Some(recipient) = recipient {
            body["recipient_organisation_id"] = json!(recipient);
        }
        p.phone().put(&format!("/app/v1/consents/{scope}"), body).await.expect(200);
        if recipient != Some(&other) {
            on.retain(|known| *known != scope);
            if granted {
                on.push(scope);
            }
        }
        let view = p.practitioner.get(&format!("/partner/v1/cases/{}/view", p.case)).await;
        view.expect(200);
        let timeline = p.practitioner.get(&format!("/partner/v1/cases/{}/timeline", p.case)).await;
        timeline.expect(200);
        let shown = [check_in.as_str(), "Quiet words", &incident, "Account words"].map(|what| view.body.contains(what));
        assert_eq!(shown, expected(&on), "{on:?}: {}", view.body);
        assert_eq!([timeline.body.contains(&check_in), timeline.body.contains(&incident)], [shown[0], shown[2]]);
    }
});
