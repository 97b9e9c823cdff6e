//! What the survivor's side does with an incident: judged, acted on and closed in the table's order, its severity decided
//! by people with reasons, and the survivor's words never touched.

use serde_json::{Value, json};

use crate::harness::partnership;
use crate::harness::{Partnership, Reply, TestApp, on_both, text};

const OWN: &str = "/app/v1/incidents";

fn body(app: &TestApp, change: Value) -> Value {
    let mut body = json!({"happened": {"precision": "unknown"}, "behaviours": ["message_text"], "account": "First words",
        "fear": 1, "visibility": "advocate", "recorded_at": app.now_text()});
    body.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
    body
}

async fn report(app: &TestApp, p: &Partnership, change: Value) -> String {
    text(&p.phone().post(OWN, body(app, change)).await.expect(201), "id")
}

fn staff(id: &str, act: &str) -> String {
    format!("/partner/v1/incidents/{id}{act}")
}

/// Tries an act by whoever may make it.
async fn attempt(app: &TestApp, p: &Partnership, id: &str, act: &str) -> Reply {
    match act {
        "triage" => p.advocate.post(&staff(id, "/triage"), json!({"priority": "today", "note": "Rang them"})).await,
        "act" => p.advocate.post(&staff(id, "/act"), json!({"action": "safety_plan_revised"})).await,
        "close" => p.support_supervisor.post(&staff(id, "/close"), json!({"reason": "done"})).await,
        "amend" => p.phone().post(&format!("{OWN}/{id}/amend"), body(app, json!({"reason": "remembered_more"}))).await,
        "withdraw" => p.phone().post(&format!("{OWN}/{id}/withdraw"), json!({})).await,
        other => panic!("{other} is no act"),
    }
}

/// The state after an act; none where it is not allowed.
fn after(state: &str, act: &str) -> Option<&'static str> {
    Some(match (state, act) {
        ("submitted", "triage") => "triaged",
        ("triaged" | "in_action", "act") => "in_action",
        ("in_action", "close") => "closed",
        ("submitted" | "closed", "amend") => "submitted",
        ("triaged", "amend") => "triaged",
        ("in_action", "amend") => "in_action",
        ("submitted" | "triaged" | "in_action" | "closed", "withdraw") => "withdrawn",
        _ => return None,
    })
}

on_both!(whatever_is_tried_in_whatever_order_only_the_table_is_followed, |app| async {
    let p = app.partnership().await;
    let acts = ["triage", "act", "close", "amend", "withdraw"];
    // A walk that nobody chose, the same each time; taking back comes rarely enough that the rest is reached.
    let mut seed: u32 = 20_261_125;
    for _ in 0..3 {
        let (id, mut state) = (report(app, &p, json!({})).await, "submitted");
        for step in 0..24 {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let most = if step < 16 { 4 } else { 5 };
            let act = acts[usize::try_from((seed >> 16) % most).unwrap()];
            let open = p.advocate.get(&staff(&id, "/actions")).await.expect(200);
            assert_eq!(open["state"], state);
            for action in open["actions"].as_array().unwrap() {
                assert_eq!(after(state, action["event"].as_str().unwrap()), action["to"].as_str());
            }
            let reply = attempt(app, &p, &id, act).await;
            match after(state, act) {
                Some(next) => {
                    assert_eq!(reply.expect(200)["state"], next, "{act} of {state}");
                    state = next;
                }
                None => drop(reply.refused(409, "wrong_state")),
            }
        }
    }
});

on_both!(what_was_done_is_kept_with_who_and_why_and_the_survivor_sees_that_it_was, |app| async {
    let p = app.partnership().await;
    let id = report(app, &p, json!({})).await;
    attempt(app, &p, &id, "triage").await.expect(200);
    attempt(app, &p, &id, "act").await.expect(200);
    attempt(app, &p, &id, "close").await.expect(200);
    let history = p.advocate.list(&staff(&id, "/history")).await;
    let kinds: Vec<&str> = history.iter().map(|line| line["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["closed", "acted", "triaged", "submitted"]);
    assert_eq!((&history[2]["reason"], &history[2]["note"]), (&json!("today"), &json!("Rang them")));
    assert_eq!(history[2]["actor_id"], json!(p.advocate.id));
    assert_eq!(history[0]["actor_id"], json!(p.support_supervisor.id));
    let own = p.phone().get(&format!("{OWN}/{id}")).await;
    let detail = own.expect(200);
    assert_eq!((&detail["state"], &detail["history"][0]["kind"]), (&json!("closed"), &json!("closed")));
    assert_eq!(detail["history"][0]["by"], "staff");
    assert!(!own.body.contains("Rang them"), "notes between staff are not shown");
    // Told anew, it waits to be looked at again, and nobody looking for a day is noticed.
    p.phone().post(&format!("{OWN}/{id}/amend"), body(app, json!({"account": "More words"}))).await.expect(200);
    app.advance(25 * 60).await;
    assert!(p.alerts().await.iter().any(|alert| alert["rule"] == "unreviewed"));
});

on_both!(people_raise_a_severity_with_a_reason_and_only_a_supervisor_lowers_it, |app| async {
    let p = app.partnership().await;
    let id = report(app, &p, json!({"fear": 2})).await;
    let path = staff(&id, "/severity");
    let rate =
        |severity: i32| json!({"severity": severity, "reason": "context_learned", "note": "The gate was forced"});
    assert_eq!(p.advocate.post(&path, rate(4)).await.expect(200)["severity"], 4);
    p.advocate.post(&path, rate(3)).await.refused(403, "wrong_role");
    p.advocate.post(&path, rate(4)).await.refused(409, "wrong_state");
    assert_eq!(p.advocate.post(&path, json!({"severity": 4, "reason": "x"})).await.status, 422);
    assert_eq!(p.support_supervisor.post(&path, rate(1)).await.expect(200)["severity"], 1);
    // Told anew in the same words, what the supervisor decided stands; told graver, software raises it.
    let amend = format!("{OWN}/{id}/amend");
    assert_eq!(p.phone().post(&amend, body(app, json!({"fear": 2}))).await.expect(200)["severity"], 1);
    assert_eq!(p.phone().post(&amend, body(app, json!({"fear": 0}))).await.expect(200)["severity"], 1);
    assert_eq!(p.phone().post(&amend, body(app, json!({"fear": 0, "impact": 3}))).await.expect(200)["severity"], 3);
    let decided: Vec<(Value, Value)> = p
        .advocate
        .list(&staff(&id, "/history"))
        .await
        .into_iter()
        .rev()
        .map(|line| (line["kind"].clone(), line["severity"].clone()))
        .collect();
    let line = |kind: &str, severity: i32| (json!(kind), json!(severity));
    let told = [line("amended", 1), line("amended", 1), line("amended", 3)];
    assert_eq!(decided[..3], [line("submitted", 2), line("severity_raised", 4), line("severity_lowered", 1)]);
    assert_eq!(decided[3..], told);
});

on_both!(all_that_is_told_reaches_their_own_side_and_only_what_may_reaches_the_programme, |app| async {
    let p = app.partnership().await;
    p.consent(&["share.programme.incident_summary", "share.programme.incident_full"]).await;
    let named = ["The neighbour Ottoline", "My sister Perpetua", "Log 812 of the 20th"];
    let told = json!({"impact": 3, "witnesses": named[0], "third_parties": named[1], "children_present": true,
        "police_reference": named[2], "reporting_wish": "talk_first", "visibility": "programme_full",
        "private_note": "Xanthippe", "place": "Division Street"});
    let id = report(app, &p, told.clone()).await;
    let seen = p.advocate.get(&staff(&id, "")).await;
    let incident = seen.expect(200);
    for field in ["impact", "witnesses", "third_parties", "children_present", "police_reference", "reporting_wish"] {
        assert_eq!(incident[field], told[field], "{field}");
    }
    assert!(!seen.body.contains("Xanthippe"));
    let own = p.phone().get(&format!("{OWN}/{id}")).await.expect(200);
    assert_eq!((&own["witnesses"], &own["reporting_wish"]), (&told["witnesses"], &told["reporting_wish"]));
    let view = p.practitioner.get(&format!("/partner/v1/cases/{}/view", p.case)).await;
    assert!(view.expect(200).to_string().contains("First words"));
    for name in named.iter().chain(&["Xanthippe", "Division Street"]) {
        assert!(!view.body.contains(name), "{name}");
    }
    p.practitioner.get(&staff(&id, "")).await.refused(403, "wrong_role");
});

on_both!(a_private_note_asks_for_the_pin_again, |app| async {
    let p = app.partnership().await;
    let id = report(app, &p, json!({"private_note": "Xanthippe"})).await;
    let (one, note) = (format!("{OWN}/{id}"), format!("{OWN}/{id}/private-note"));
    assert_eq!(p.phone().get(&note).await.expect(200)["private_note"], "Xanthippe");
    assert_eq!(p.phone().get(&one).await.expect(200)["private_note"], "Xanthippe");
    let tokens = p.phone().tokens().await.unwrap();
    app.advance(9).await;
    let refresh = json!({"refresh_token": tokens["refresh_token"]});
    let kept = app.http.nobody().post("/app/v1/session/refresh", refresh).await.expect(200);
    app.advance(8).await;
    let bearer = format!("Bearer {}", text(&kept, "access_token"));
    let stale = [("authorization", bearer.as_str())];
    let get = |path: String| async move { app.http.send(reqwest::Method::GET, &path, &stale, None).await };
    get(note).await.refused(403, "pin_needed");
    for path in [one, OWN.to_owned()] {
        let seen = get(path).await;
        seen.expect(200);
        assert!(!seen.body.contains("Xanthippe") && seen.body.contains("\"has_private_note\":true"), "{}", seen.body);
    }
});

on_both!(what_the_survivor_keeps_or_takes_back_is_not_there_for_staff, |app| async {
    let p = app.partnership().await;
    let kept = report(app, &p, json!({"visibility": "private"})).await;
    for act in ["", "/actions", "/versions", "/history"] {
        p.advocate.get(&staff(&kept, act)).await.refused(404, "not_found");
    }
    p.advocate.post(&staff(&kept, "/triage"), json!({})).await.refused(404, "not_found");
    // Opened by telling it anew: what was told before, for themselves alone, stays theirs.
    let words = json!({"account": "Second words", "reason": "ready_to_share"});
    p.phone().post(&format!("{OWN}/{kept}/amend"), body(app, words)).await.expect(200);
    let versions = p.advocate.list(&staff(&kept, "/versions")).await;
    assert_eq!(versions.len(), 1, "{versions:?}");
    let last = &versions[0];
    assert_eq!(
        (&last["version"], &last["told_by"], &last["reason"]),
        (&json!(2), &json!("survivor"), &json!("ready_to_share"))
    );
    p.phone().post(&format!("{OWN}/{kept}/withdraw"), json!({})).await.expect(200);
    for act in ["", "/versions", "/history"] {
        p.advocate.get(&staff(&kept, act)).await.refused(404, "not_found");
    }
});

on_both!(a_list_can_be_sifted, |app| async {
    let p = app.partnership().await;
    let mild = report(app, &p, json!({})).await;
    let grave = report(app, &p, json!({"fear": 4})).await;
    let exact =
        json!({"order_condition_id": p.condition, "happened": {"precision": "exact", "from": "2026-11-01T10:00:00Z"}});
    let breach = report(app, &p, exact).await;
    attempt(app, &p, &mild, "triage").await.expect(200);
    let path = format!("/partner/v1/survivors/{}/incidents", p.survivor.id);
    let found = |query: &'static str| {
        let (p, path) = (&p, &path);
        async move {
            let page = p.advocate.get(&format!("{path}?{query}")).await.expect(200);
            page["items"].as_array().unwrap().iter().map(|item| text(item, "id")).collect::<Vec<_>>()
        }
    };
    assert_eq!(found("state=triaged").await, std::slice::from_ref(&mild));
    assert_eq!(found("least_severity=4").await, std::slice::from_ref(&grave));
    assert_eq!(found("is_suspected_breach=true").await, std::slice::from_ref(&breach));
    assert_eq!(found("until=2026-11-02T00:00:00Z").await, std::slice::from_ref(&breach));
    assert_eq!(found("is_suspected_breach=false&limit=1").await, [grave]);
    // What may break an order is at least as grave as any other act that breaks one.
    assert_eq!(p.advocate.get(&staff(&breach, "")).await.expect(200)["severity"], 3);
});

on_both!(what_waits_is_listed_across_survivors_and_never_of_one_who_keeps_the_caller_out, |app| async {
    let p = app.partnership().await;
    let second = partnership::survivor(&app.http, &p.advocate, "standard").await;
    let colleague = partnership::staff(&app.http, &p.admin, &p.support, "blythe", &["advocate"]).await;
    let theirs = partnership::survivor(&app.http, &colleague, "standard").await;
    let first = report(app, &p, json!({})).await;
    report(app, &p, json!({"visibility": "private"})).await;
    let taken_back = report(app, &p, json!({})).await;
    p.phone().post(&format!("{OWN}/{taken_back}/withdraw"), json!({})).await.expect(200);
    let mut ids = vec![first.clone()];
    for survivor in [&second, &theirs] {
        app.advance(1).await;
        let told = survivor.phone.session.post(OWN, body(app, json!({"behaviours": ["attend_home"]}))).await;
        ids.push(text(&told.expect(201), "id"));
    }
    let listed = |items: Vec<Value>| items.iter().map(|item| text(&item["incident"], "id")).collect::<Vec<_>>();
    let list = "/partner/v1/incidents";
    assert_eq!(listed(p.advocate.list(list).await), [ids[1].clone(), ids[0].clone()]);
    assert_eq!(listed(p.support_supervisor.list(list).await), [ids[2].clone(), ids[1].clone(), ids[0].clone()]);
    // Page by page, nothing twice and nothing left out.
    let page = p.support_supervisor.get(&format!("{list}?limit=2")).await.expect(200);
    let next = p.support_supervisor.get(&format!("{list}?limit=2&cursor={}", text(&page, "next_cursor"))).await;
    let next = next.expect(200);
    assert_eq!((listed(next["items"].as_array().unwrap().clone()), &next["next_cursor"]), (vec![first], &json!(null)));
    let item = &p.advocate.list(list).await[1];
    assert_eq!((&item["survivor_id"], &item["incident"]["state"]), (&json!(p.survivor.id), &json!("submitted")));
    assert!(!item.to_string().contains("First words"));
    // What was judged waits no more.
    p.advocate.post(&staff(&ids[0], "/triage"), json!({})).await.expect(200);
    let waiting = p.advocate.get(&format!("{list}?state=submitted")).await.expect(200);
    assert_eq!(listed(waiting["items"].as_array().unwrap().clone()), [ids[1].clone()]);
    let by = async |query: &str| listed(p.support_supervisor.list(&format!("{list}?{query}")).await);
    assert_eq!(by(&format!("survivor_id={}", theirs.id)).await, [ids[2].clone()]);
    assert_eq!(by(&format!("since={}", app.now())).await, [ids[2].clone()]);
    assert_eq!(by(&format!("until={}", app.now())).await, [ids[1].clone(), ids[0].clone()]);
    assert_eq!(by("mine=true").await, Vec::<String>::new());
    assert!(p.advocate.list(&format!("{list}?survivor_id={}", theirs.id)).await.is_empty());
    assert_eq!(item["survivor_reference"], json!(p.survivor.reference));
    // The survivor sees who looked; whom they keep out finds nothing of theirs.
    let looked = p.phone().list("/app/v1/access-log").await;
    assert!(looked.iter().any(|line| line["action"] == "list_incidents_to_triage"), "{looked:?}");
    let path = format!("/partner/v1/survivors/{}/blocks", theirs.id);
    colleague.post(&path, json!({"staff_id": p.support_supervisor.id})).await.expect(201);
    assert_eq!(listed(p.support_supervisor.list(list).await), [ids[1].clone(), ids[0].clone()]);
    p.practitioner.get(list).await.refused(403, "wrong_role");
});
