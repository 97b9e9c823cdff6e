//! The right force: each trigger goes to the force of its own place, else the home force; who holds an alert is sent what
//! follows; and what is said of it is no more than what is so.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::partnership::{self, CODE_WORD, FORCE};
use crate::harness::{Answer, Caller, Partnership, Police, TestApp, on_both, text};

const SETTING: &str = "alert.police.help_now";

/// A further force, with a receiver, a system and an officer of its own.
struct Force {
    id: String,
    police: Arc<Police>,
    endpoint: String,
    system: Caller,
    officer: String,
}

async fn force(app: &TestApp, p: &Partnership, force_id: &str) -> Force {
    let body = json!({"kind": "police_force", "name": format!("{force_id} police"), "force_id": force_id});
    let id = partnership::organisation(&p.admin, body).await;
    let police = app.police();
    let endpoint = partnership::endpoint(&p.admin, &id, &police).await;
    let system = partnership::police_system(&app.http, &p.admin, &id).await;
    let officer = format!("pc.{force_id}");
    partnership::staff(&app.http, &p.admin, &id, &officer, &["police"]).await;
    Force { id, police, endpoint, system, officer }
}

/// Reports a danger that is happening at a place; answers the alert.
async fn danger(app: &TestApp, p: &Partnership, place: Option<&str>, behaviours: &[&str]) -> Value {
    let mut body = json!({"happened": {"precision": "unknown"}, "behaviours": behaviours, "account": "Here.", "fear": 4,
        "visibility": "police", "happening_now": true, "recorded_at": app.now()});
    if let Some(place) = place {
        body["force_id"] = json!(place);
    }
    p.phone().post("/app/v1/incidents", body).await.expect(201)["alert"].clone()
}

/// Reports something that is no danger at this moment.
async fn report(app: &TestApp, p: &Partnership, change: Value) -> String {
    let mut body = json!({"happened": {"precision": "unknown"}, "behaviours": ["message_text"], "account": "It was them.",
        "fear": 1, "visibility": "police", "recorded_at": app.now_text()});
    body.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
    text(&p.phone().post("/app/v1/incidents", body).await.expect(201), "id")
}

async fn alert(p: &Partnership, id: &str) -> Value {
    p.advocate.get(&format!("/partner/v1/alerts/{id}")).await.expect(200)
}

/// How an alert stands with a force, as staff see it.
fn with<'a>(alert: &'a Value, force: &str) -> &'a Value {
    let found = alert["forces"].as_array().unwrap().iter().find(|row| row["force_id"] == force);
    found.unwrap_or_else(|| panic!("{force} is not among {}", alert["forces"]))
}

async fn set_disabled(p: &Partnership, endpoint: &str, is_disabled: bool) {
    let path = format!("/admin/v1/webhook-endpoints/{endpoint}");
    let tag = p.admin.get(&path).await.header("etag").unwrap().to_owned();
    let body = json!({"is_disabled": is_disabled});
    p.admin.send(Method::PATCH, &path, &[("if-match", &tag)], Some(&body)).await.expect(200);
}

async fn home_endpoint(p: &Partnership) -> String {
    let all = p.admin.list("/admin/v1/webhook-endpoints").await;
    text(all.iter().find(|endpoint| endpoint["organisation_id"] == p.force.as_str()).unwrap(), "id")
}

async fn block(p: &Partnership, organisation: &str) {
    p.block_force(organisation).await;
}

async fn read(system: &Caller, reference: &str, officer: &str) -> crate::harness::Reply {
    let headers = [("holdfast-officer", officer), ("holdfast-reason", "Attending")];
    system.send(Method::GET, &format!("/police/v1/alerts/{reference}"), &headers, None).await
}

/// What the phone says of police in its ladder, its settings and the answer to help-now: all the same.
async fn promise(app: &TestApp, p: &Partnership) -> bool {
    let ladder = p.phone().get("/app/v1/ladder").await.expect(200);
    let promised = ladder["help_now"]["police_will_be_told"].as_bool().unwrap();
    let words = ladder["help_now"]["in_words"].as_array().unwrap().last().unwrap().as_str().unwrap().to_owned();
    assert_eq!(words.starts_with("The police are told too."), promised, "{words}");
    let own = p.phone().list("/app/v1/consents").await;
    let theirs = p.advocate.list(&format!("/partner/v1/survivors/{}/consents", p.survivor.id)).await;
    for consents in [own, theirs] {
        for consent in consents {
            let told = &consent["police_will_be_told"];
            let scope = consent["scope"].as_str().unwrap();
            assert_eq!(told.is_boolean(), scope.starts_with("alert.police."), "{consent}");
            assert!(scope != SETTING || *told == json!(promised), "{consent}");
        }
    }
    assert_eq!(p.decide(SETTING, true).await["police_will_be_told"], json!(promised));
    let pressed = p.help_now().await;
    assert_eq!(pressed["police_will_be_told"], json!(promised), "{pressed}");
    let id = text(&pressed, "id");
    p.act(&id, "stand-down", json!({"note": "Safe.", "code_word": CODE_WORD})).await.expect(200);
    app.settle().await;
    promised
}

on_both!(help_now_at_home_reaches_the_home_force_whatever_force_heard_before, |app| async {
    let p = app.partnership().await;
    let sussex = force(app, &p, "sussex").await;
    p.consent(&[SETTING]).await;
    let raised = danger(app, &p, Some("sussex"), &["attend_home"]).await;
    app.settle().await;
    assert_eq!((sussex.police.messages().len(), p.police.messages().len()), (1, 0));
    app.advance_seconds(5).await;
    let pressed = p.help_now().await;
    assert_eq!(pressed["id"], raised["id"]);
    app.settle().await;
    let (home, there) = (p.police.messages(), sussex.police.messages());
    assert_eq!((home.len(), there.len()), (1, 2));
    let first = home[0].json();
    assert_eq!((&first["type"], &first["data"]["sequence"]), (&json!("safety.alert.raised"), &json!(1)));
    assert_eq!((&first["data"]["force"], &first["data"]["refers_to"]), (&json!(FORCE), &Value::Null));
    let second = there[1].json();
    assert_eq!((&second["type"], &second["data"]["sequence"]), (&json!("safety.alert.updated"), &json!(2)));
    assert_eq!((&second["data"]["force"], &second["data"]["refers_to"]), (&json!("sussex"), &json!(there[0].id)));

    // Each reads and answers for itself.
    let reference = text(&pressed, "reference");
    assert_eq!(sussex.system.list("/police/v1/alerts").await.len(), 1);
    assert_eq!(p.police_system.list("/police/v1/alerts").await[0]["data"]["force"], FORCE);
    read(&sussex.system, &reference, &sussex.officer).await.expect(200);
    read(&p.police_system, &reference, &sussex.officer).await.expect(404);
    let strangers = force(app, &p, "kent").await;
    read(&strangers.system, &reference, &strangers.officer).await.expect(404);
    assert!(strangers.system.list("/police/v1/alerts").await.is_empty());

    let closing = json!({"note": "Spoke; safe.", "code_word": CODE_WORD});
    p.act(&text(&pressed, "id"), "stand-down", closing).await.expect(200);
    app.settle().await;
    for police in [&p.police, &sussex.police] {
        assert_eq!(police.messages().last().unwrap().json()["type"], "safety.alert.withdrawn");
    }
    assert!(strangers.police.messages().is_empty());
});

on_both!(an_acknowledgement_stops_the_retries_of_its_own_force_alone, |app| async {
    let p = app.partnership().await;
    let sussex = force(app, &p, "sussex").await;
    p.consent(&[SETTING]).await;
    for police in [&p.police, &sussex.police] {
        police.answers(Answer::Status(503));
    }
    danger(app, &p, Some("sussex"), &["attend_home"]).await;
    let pressed = p.help_now().await;
    app.settle().await;
    let (id, reference) = (text(&pressed, "id"), text(&pressed, "reference"));
    let path = format!("/police/v1/alerts/{reference}/acknowledge");
    let taken = sussex.system.post(&path, json!({"officer": sussex.officer})).await.expect(200);
    assert!(taken["acknowledged_at"].is_string());
    let before = (p.police.received().len(), sussex.police.received().len());
    app.advance_seconds(30).await;
    assert_eq!(sussex.police.received().len(), before.1);
    assert!(p.police.received().len() > before.0);
    let seen = alert(&p, &id).await;
    assert!(with(&seen, "sussex")["acknowledged_at"].is_string());
    assert_eq!(with(&seen, FORCE)["acknowledged_at"], Value::Null);
    assert_eq!(p.police_system.list("/police/v1/alerts").await[0]["acknowledged_at"], Value::Null);
    p.police.answers(Answer::Status(200));
    app.advance(2).await;
});

on_both!(that_the_force_of_a_place_cannot_be_reached_is_said_and_the_home_force_stands_in, |app| async {
    let p = app.partnership().await;
    let derbyshire = force(app, &p, "derbyshire").await;
    let sussex = force(app, &p, "sussex").await;
    p.consent(&[SETTING]).await;
    set_disabled(&p, &derbyshire.endpoint, true).await;
    block(&p, &sussex.id).await;
    let why = [("derbyshire", "no_endpoint"), ("sussex", "kept_out"), ("kent", "not_set_up")];
    let mut id = String::new();
    for (at, (place, _)) in why.iter().enumerate() {
        id = text(&danger(app, &p, Some(place), &["attend_home"]).await, "id");
        app.settle().await;
        app.advance_seconds(1).await;
        assert_eq!(p.police.messages().len(), at + 1, "{place}");
    }
    let seen = alert(&p, &id).await;
    for (place, why) in why {
        assert_eq!(with(&seen, place), &json!({"force_id": place, "unreachable": why}));
    }
    assert!(with(&seen, FORCE)["delivered_at"].is_string());
    assert!(derbyshire.police.received().is_empty() && sussex.police.received().is_empty());
    assert!(p.tasks("police_unreachable").await.is_empty());
    // The programme's side learns nothing of forces.
    p.consent(&["share.programme.status"]).await;
    assert_eq!(p.practitioner.list("/partner/v1/alerts").await[0]["forces"], json!([]));
});

on_both!(where_neither_the_force_of_the_place_nor_the_home_force_can_be_reached_people_ring, |app| async {
    let p = app.partnership().await;
    let sussex = force(app, &p, "sussex").await;
    p.consent(&[SETTING]).await;
    danger(app, &p, Some("sussex"), &["attend_home"]).await;
    app.settle().await;
    set_disabled(&p, &home_endpoint(&p).await, true).await;
    app.advance_seconds(1).await;
    let pressed = p.help_now().await;
    app.settle().await;
    assert_eq!(pressed["police_will_be_told"], json!(false), "the force that it is for is not told");
    assert_eq!(sussex.police.messages().len(), 2);
    assert_eq!((p.tasks("police_unreachable").await.len(), p.tasks("call_999").await.len()), (1, 1));
    assert_eq!(with(&alert(&p, &text(&pressed, "id")).await, FORCE)["unreachable"], "no_endpoint");
});

on_both!(the_phone_promises_police_only_where_they_can_be_told, |app| async {
    let p = app.partnership().await;
    p.consent(&[SETTING]).await;
    assert!(promise(app, &p).await);
    let endpoint = home_endpoint(&p).await;
    set_disabled(&p, &endpoint, true).await;
    assert!(!promise(app, &p).await);
    set_disabled(&p, &endpoint, false).await;
    assert!(promise(app, &p).await);
    block(&p, &p.force).await;
    assert!(!promise(app, &p).await);
});

/// By when the alert that is polled first is to be acknowledged.
async fn polled_by(p: &Partnership) -> Value {
    p.police_system.list("/police/v1/alerts").await[0]["data"]["acknowledge_by"].clone()
}

on_both!(the_time_to_acknowledge_is_fixed_and_no_read_moves_it, |app| async {
    let p = app.partnership().await;
    p.consent(&[SETTING]).await;
    let pressed = p.help_now().await;
    app.settle().await;
    let by = |at: &str| json!(crate::harness::instant(at).plus_minutes(5));
    let first = by(&app.now_text());
    assert_eq!(p.police.messages()[0].json()["data"]["acknowledge_by"], first);
    app.advance_seconds(20).await;
    assert_eq!(polled_by(&p).await, first);
    let detail = read(&p.police_system, &text(&pressed, "reference"), &p.officer.username).await.expect(200);
    assert_eq!(detail["data"]["acknowledge_by"], first);
    let again = by(&app.now_text());
    p.help_now().await;
    app.settle().await;
    assert_ne!(first, again);
    assert_eq!(p.police.messages()[1].json()["data"]["acknowledge_by"], again);
    app.advance_seconds(30).await;
    p.act(&text(&pressed, "id"), "stand-down", json!({"note": "Safe.", "code_word": CODE_WORD})).await.expect(200);
    app.settle().await;
    app.advance(60).await;
    assert_eq!(polled_by(&p).await, again);
});

on_both!(what_a_force_reads_by_itself_is_delivered, |app| async {
    let p = app.partnership().await;
    p.consent(&[SETTING]).await;
    p.police.answers(Answer::Status(503));
    let pressed = p.help_now().await;
    app.settle().await;
    let own = format!("/app/v1/alerts/{}", text(&pressed, "id"));
    assert_eq!(p.phone().get(&own).await.expect(200)["delivered_at"], Value::Null);
    app.advance_seconds(1).await;
    let at = app.now();
    p.police_system.list("/police/v1/alerts").await;
    assert_eq!(p.phone().get(&own).await.expect(200)["delivered_at"], json!(at));
    assert_eq!(with(&alert(&p, &text(&pressed, "id")).await, FORCE)["delivered_at"], json!(at));
    p.police.answers(Answer::Status(200));
    app.advance(2).await;
});

on_both!(a_later_message_drops_nothing_grave_that_an_earlier_one_held, |app| async {
    let p = app.partnership().await;
    p.consent(&[SETTING]).await;
    danger(app, &p, None, &["threat_violence"]).await;
    app.settle().await;
    app.advance_seconds(1).await;
    danger(app, &p, None, &["follow_foot"]).await;
    app.settle().await;
    app.advance_seconds(1).await;
    p.help_now().await;
    app.settle().await;
    let threats: Vec<Value> =
        p.police.messages().iter().map(|message| message.json()["data"]["facts"]["threat"].clone()).collect();
    let both = json!(["follow_foot", "threat_violence"]);
    assert_eq!(threats, [json!(["threat_violence"]), both.clone(), both]);
});

on_both!(help_now_carries_what_the_police_may_know_and_no_more, |app| async {
    let p = app.partnership().await;
    p.consent(&[SETTING]).await;
    let change = json!({"behaviours": ["threat_violence"], "fear": 3, "impact": 2, "children_present": true,
        "order_condition_id": p.condition});
    report(app, &p, change).await;
    report(app, &p, json!({"behaviours": ["loiter"], "fear": 2, "visibility": "advocate"})).await;
    report(app, &p, json!({"behaviours": ["attend_work_study"], "visibility": "private"})).await;
    let child = json!({"kind": "person", "relation": "daughter", "name": "Robin", "is_at_risk": true});
    p.advocate.post(&format!("/partner/v1/survivors/{}/household", p.survivor.id), child).await.expect(201);
    app.settle().await;
    app.advance_seconds(1).await;
    let facts = |p: &Partnership| p.police.messages().last().unwrap().json()["data"]["facts"].clone();
    p.help_now().await;
    app.settle().await;
    let before = facts(&p);
    assert_eq!((&before["threat"], &before["harm"]), (&json!("not_stated"), &json!("not_stated")));
    assert_eq!((&before["vulnerability"], &before["risk"]["incidents_7d"]), (&json!([]), &json!("not_stated")));
    p.consent(&["share.police.incident"]).await;
    app.advance_seconds(1).await;
    p.help_now().await;
    app.settle().await;
    let after = facts(&p);
    assert_eq!(after["threat"], json!(["threat_violence"]));
    assert_eq!(after["harm"], json!({"fear": 3, "impact": 2}));
    assert_eq!((&after["risk"]["incidents_7d"], &after["risk"]["trend"]), (&json!(1), &json!("rising")));
    let breach = json!([{"order": "spo", "condition": "approach_within_distance"}]);
    assert_eq!(after["investigation"]["possible_breach"], breach);
    assert_eq!(after["vulnerability"], json!(["children_present", "child_at_risk"]));
    assert!(!p.police.messages().last().unwrap().text().contains("Robin"));
});

on_both!(a_message_names_the_case_that_its_alert_is_about_and_none_where_there_is_none, |app| async {
    let p = app.partnership().await;
    p.consent(&[SETTING]).await;
    let other = partnership::participant(&p.practitioner).await;
    let (case, reference) = partnership::case(&p.advocate, &p.survivor.reference, &other.1).await;
    for supervisor in [&p.support_supervisor, &p.programme_supervisor] {
        supervisor.post(&format!("/partner/v1/cases/{case}/approve"), json!({})).await.expect(200);
    }
    let body = json!({"kind": "intent_to_contact", "is_imminent": true, "note": "Said so in the session."});
    p.practitioner.post(&format!("/partner/v1/participants/{}/concerns", other.0), body).await.expect(201);
    app.settle().await;
    assert_eq!(p.police.messages()[0].json()["data"]["case"], json!(reference));
    let alone = partnership::survivor(&app.http, &p.advocate, "high").await;
    let on = json!({"granted": true, "text_version": "1"});
    alone.phone.session.put(&format!("/app/v1/consents/{SETTING}"), on).await.expect(200);
    partnership::help_now(&alone.phone.session).await;
    app.settle().await;
    let data = p.police.messages().last().unwrap().json()["data"].clone();
    assert_eq!((&data["event"], data.get("case")), (&json!("help_now"), None));
});

/// What was disclosed of incidents in words.
async fn disclosed_incidents(p: &Partnership) -> Vec<Value> {
    let mut lines = p.phone().list("/app/v1/disclosures").await;
    lines.retain(|line| line["what"] == json!(["incident"]));
    lines
}

on_both!(an_officer_reads_the_account_of_what_was_made_visible_to_police, |app| async {
    let p = app.partnership().await;
    p.consent(&[SETTING]).await;
    let words = "He stood at the gate with a knife.";
    report(app, &p, json!({"behaviours": ["loiter"], "account": words})).await;
    report(app, &p, json!({"behaviours": ["loiter"], "account": "For my advocate.", "visibility": "advocate"})).await;
    let pressed = p.help_now().await;
    app.settle().await;
    let reference = text(&pressed, "reference");
    let detail = read(&p.police_system, &reference, &p.officer.username).await.expect(200);
    assert_eq!((&detail["incidents"], disclosed_incidents(&p).await.len()), (&json!([]), 0));
    p.consent(&["share.police.incident"]).await;
    for times in 1..=2 {
        let detail = read(&p.police_system, &reference, &p.officer.username).await.expect(200);
        let incidents = detail["incidents"].as_array().unwrap();
        assert_eq!((incidents.len(), &incidents[0]["account"]), (1, &json!(words)));
        assert_eq!((&incidents[0]["visibility"], &incidents[0]["is_duress"]), (&Value::Null, &Value::Null));
        let lines = disclosed_incidents(&p).await;
        assert_eq!((lines.len(), &lines[0]["agreement"]), (times, &json!("share.police.incident")));
    }
    // A webhook never holds her words.
    assert!(!p.police.messages()[0].text().contains(words));
});

on_both!(the_outcome_that_is_released_carries_what_the_force_calls_it, |app| async {
    let p = app.partnership().await;
    p.consent(&[SETTING]).await;
    let pressed = p.help_now().await;
    app.settle().await;
    let (id, reference) = (text(&pressed, "id"), text(&pressed, "reference"));
    let path = format!("/police/v1/alerts/{reference}");
    let taken = json!({"officer": p.officer.username, "force_reference": "SYP-20261121-0812"});
    p.police_system.post(&format!("{path}/acknowledge"), taken).await.expect(200);
    let outcome = json!({"officer": p.officer.username, "outcome": "crime_recorded"});
    p.police_system.post(&format!("{path}/outcome"), outcome).await.expect(200);
    let own = format!("/app/v1/alerts/{id}");
    assert_eq!(p.phone().get(&own).await.expect(200)["force_reference"], Value::Null);
    p.act(&id, "release-outcome", json!({})).await.expect(200);
    assert_eq!(p.phone().get(&own).await.expect(200)["force_reference"], "SYP-20261121-0812");
    assert_eq!(p.phone().list("/app/v1/updates").await[0]["force_reference"], "SYP-20261121-0812");
});

/// What the rules say of a sequence: who holds the alert, who waits to hear of a trigger, and who takes messages.
struct Rules {
    reachable: BTreeMap<&'static str, bool>,
    holders: BTreeSet<&'static str>,
    waiting: BTreeSet<&'static str>,
    expected: BTreeMap<&'static str, usize>,
}

impl Rules {
    fn trigger(&mut self, place: Option<&'static str>) {
        self.waiting.insert(place.unwrap_or(FORCE));
        let mut heard: BTreeSet<&'static str> =
            self.holders.iter().copied().filter(|force| self.reachable[force]).collect();
        let mut still = BTreeSet::new();
        for force in std::mem::take(&mut self.waiting) {
            match (self.reachable[force], self.reachable[FORCE]) {
                (true, _) => heard.insert(force),
                (false, true) => heard.insert(FORCE),
                (false, false) => still.insert(force),
            };
        }
        self.waiting = still;
        for force in heard {
            *self.expected.get_mut(force).unwrap() += 1;
            self.holders.insert(force);
        }
    }
}

/// A fixed sequence of numbers that looks like any.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % most
    }
}

on_both!(any_sequence_of_triggers_and_endpoints_notifies_exactly_the_forces_that_the_rules_name, |app| async {
    let p = app.partnership().await;
    let others = [("derbyshire", force(app, &p, "derbyshire").await), ("sussex", force(app, &p, "sussex").await)];
    p.consent(&[SETTING]).await;
    let home = home_endpoint(&p).await;
    let endpoints = BTreeMap::from([
        (FORCE, (home.as_str(), &p.police)),
        ("derbyshire", (others[0].1.endpoint.as_str(), &others[0].1.police)),
        ("sussex", (others[1].1.endpoint.as_str(), &others[1].1.police)),
    ]);
    let names: Vec<&'static str> = vec!["derbyshire", FORCE, "sussex"];
    let mut rules = Rules {
        reachable: names.iter().map(|name| (*name, true)).collect(),
        holders: BTreeSet::new(),
        waiting: BTreeSet::new(),
        expected: names.iter().map(|name| (*name, 0)).collect(),
    };
    let mut numbers = Numbers(11);
    for step in 0..24 {
        match numbers.below(6) {
            0 | 1 => {
                let name = names[numbers.below(3)];
                let is_on = !rules.reachable[name];
                set_disabled(&p, endpoints[name].0, !is_on).await;
                rules.reachable.insert(name, is_on);
                continue;
            }
            2 => {
                p.help_now().await;
                rules.trigger(None);
            }
            _ => {
                let place = names[numbers.below(3)];
                danger(app, &p, Some(place), &["attend_home"]).await;
                rules.trigger(Some(place));
            }
        }
        app.settle().await;
        let found: BTreeMap<&str, usize> =
            endpoints.iter().map(|(name, (_, police))| (*name, police.messages().len())).collect();
        assert_eq!(found, rules.expected, "after step {step}");
        app.advance_seconds(1).await;
    }
    assert!(rules.expected.values().all(|count| *count > 1), "{:?}", rules.expected);
});
