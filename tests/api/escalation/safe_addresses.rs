//! Where a survivor may be found: opened one at a time, by few, and never unseen.

use serde_json::{Value, json};

use super::on_duty::{colleague, on_duty};
use crate::harness::partnership::CODE_WORD;
use crate::harness::{Partnership, on_both, text};

const STREET: &str = "12 Marl Street, second floor";

fn path(p: &Partnership, below: &str) -> String {
    format!("/partner/v1/survivors/{}/safe-addresses{below}", p.survivor.id)
}

async fn kept(p: &Partnership) -> String {
    let body = json!({"kind": "home", "address": STREET, "confirmed_on": "2026-11-20"});
    text(&p.advocate.post(&path(p, ""), body).await.expect(201), "id")
}

fn why() -> Value {
    json!({"reason": "Calling 999 for you"})
}

on_both!(a_place_is_opened_by_duty_and_the_assigned_advocate_while_an_emergency_is_open, |app| async {
    let p = app.partnership().await;
    let (ben, idle) = (colleague(app, &p, "ben").await, colleague(app, &p, "ida").await);
    on_duty(&p, &ben.id).await;
    let id = kept(&p).await;
    let open = path(&p, &format!("/{id}/open"));
    let listed = p.advocate.get(&path(&p, "")).await.expect(200);
    assert_eq!(listed["items"], json!([{"id": id, "kind": "home", "confirmed_on": "2026-11-20"}]));
    p.advocate.post(&open, why()).await.refused(409, "wrong_state");
    ben.post(&open, why()).await.refused(404, "not_found");
    let alert = text(&p.help_now().await, "id");
    let opened = ben.post(&open, why()).await.expect(200);
    assert_eq!((&opened["address"], &opened["confirmed_on"]), (&json!(STREET), &json!("2026-11-20")));
    p.advocate.post(&open, why()).await.expect(200);
    for other in [&idle, &p.support_supervisor] {
        other.post(&open, why()).await.refused(404, "not_found");
    }
    p.practitioner.post(&open, why()).await.refused(403, "wrong_role");
    p.programme_supervisor.post(&open, why()).await.refused(404, "not_found");
    p.admin.post(&open, why()).await.refused(403, "wrong_role");
    // People hear of each at once, by name; the survivor reads that there was one, and not which.
    let told: Vec<String> = p.tasks("place_opened").await.iter().map(|task| text(task, "opened_by")).collect();
    assert_eq!(told.len(), 2);
    assert!(told.contains(&"ben Ashworth".to_owned()) && told.contains(&"asha Ashworth".to_owned()), "{told:?}");
    // The person on duty, who sees no supervisor's task, reads it with the alert.
    let seen = ben.get(&format!("/partner/v1/alerts/{alert}")).await.expect(200)["person"]["places_opened"].clone();
    let mut by: Vec<String> = seen.as_array().unwrap().iter().map(|one| text(one, "by")).collect();
    by.sort();
    assert_eq!(by, ["asha Ashworth", "ben Ashworth"], "{seen}");
    assert_eq!(seen[1]["what"], "safe_address", "{seen}");
    let disclosed = p.phone().list("/app/v1/disclosures").await;
    let opened: Vec<&Value> = disclosed.iter().filter(|line| line["what"] == json!(["safe_address"])).collect();
    assert_eq!(opened.len(), 2);
    assert!(!format!("{disclosed:?}").contains("Marl"));
    p.act(&alert, "resolve", json!({"note": "Safe.", "code_word": CODE_WORD})).await.expect(200);
    ben.post(&open, why()).await.refused(404, "not_found");
    app.settle().await;
});

on_both!(an_officer_opens_one_once_somebody_has_taken_the_emergency_up, |app| async {
    let p = app.partnership().await;
    p.consent(&["alert.police.help_now", "location.release_alert"]).await;
    let id = kept(&p).await;
    let alert = p.help_now().await;
    app.settle().await;
    let detail = format!("/police/v1/alerts/{}", text(&alert, "reference"));
    let open = format!("{detail}/safe-addresses/{id}/open");
    let officer = [("holdfast-officer", "pc.4417"), ("holdfast-reason", "Attending")];
    let call = async |method: &str, path: &str| {
        let body = (method == "POST").then(|| json!({}));
        p.police_system.send(method.parse().unwrap(), path, &officer, body.as_ref()).await
    };
    let read = call("GET", &detail).await.expect(200);
    assert_eq!((&read["person"]["preferred_name"], &read["safe_addresses"]), (&json!("Zephyrine"), &json!([])));
    call("POST", &open).await.refused(404, "not_found");
    p.act(&text(&alert, "id"), "acknowledge", json!({"note": "I have this."})).await.expect(200);
    let read = call("GET", &detail).await.expect(200);
    assert_eq!(read["safe_addresses"][0]["kind"], "home");
    assert!(!read.to_string().contains("Marl"), "{read}");
    assert_eq!(call("POST", &open).await.expect(200)["address"], STREET);
    let opened = p.tasks("place_opened").await;
    assert_eq!(opened[0]["opened_by"], "pc.4417 Ashworth", "{opened:?}");
    assert!(p.police.messages().iter().all(|message| !message.json().to_string().contains("Marl")));
    p.act(&text(&alert, "id"), "resolve", json!({"note": "Safe.", "code_word": CODE_WORD})).await.expect(200);
    call("POST", &open).await.refused(404, "not_found");
    app.settle().await;
});

on_both!(a_refuge_is_its_night_number_and_whoever_answers_a_caller_may_open_it, |app| async {
    let p = app.partnership().await;
    let ben = colleague(app, &p, "ben").await;
    on_duty(&p, &ben.id).await;
    for wrong in [
        json!({"kind": "refuge", "address": STREET, "confirmed_on": "2026-11-20"}),
        json!({"kind": "refuge", "confirmed_on": "2026-11-20"}),
        json!({"kind": "work", "night_number": "0114 496 0001", "confirmed_on": "2026-11-20"}),
    ] {
        p.advocate.post(&path(&p, ""), wrong).await.refused(422, "invalid");
    }
    let refuge = json!({"kind": "refuge", "night_number": "0114 496 0001", "confirmed_on": "2026-11-20"});
    let id = text(&p.advocate.post(&path(&p, ""), refuge).await.expect(201), "id");
    let open = path(&p, &format!("/{id}/open"));
    ben.post(&open, why()).await.refused(404, "not_found");
    let caller = json!({"reference": p.survivor.reference, "reason": "They rang."});
    ben.post("/partner/v1/break-glass", caller).await.expect(201);
    let opened = ben.post(&open, why()).await.expect(200);
    assert_eq!((&opened["night_number"], &opened["address"]), (&json!("+441144960001"), &Value::Null));
    p.advocate.send("DELETE".parse().unwrap(), &path(&p, &format!("/{id}")), &[], None).await;
    ben.post(&open, why()).await.refused(404, "not_found");
    app.settle().await;
});

on_both!(staff_find_their_colleagues_by_name, |app| async {
    let p = app.partnership().await;
    let own = p.advocate.list("/partner/v1/staff").await;
    let names: Vec<&Value> = own.iter().map(|colleague| &colleague["name"]).collect();
    assert_eq!(names, ["sunniva Ashworth", "asha Ashworth"]);
    assert_eq!((&own[1]["roles"], &own[1]["is_active"]), (&json!(["advocate"]), &json!(true)));
    // Of a partner those who work on a case that both share.
    let partners = p.advocate.list(&format!("/partner/v1/staff?organisation={}", p.programme)).await;
    assert_eq!((partners.len(), &partners[0]["name"]), (1, &json!("pilar Ashworth")), "{partners:?}");
    assert!(p.advocate.list(&format!("/partner/v1/staff?organisation={}", p.force)).await.is_empty());
});

on_both!(an_opened_record_leads_to_no_place_without_a_shift_or_an_assignment, |app| async {
    let p = app.partnership().await;
    let ida = colleague(app, &p, "ida").await;
    let id = kept(&p).await;
    let open = path(&p, &format!("/{id}/open"));
    // Nobody has a shift: everybody may answer a caller, and where they live is opened to none of them for that.
    let caller = json!({"reference": p.survivor.reference, "reason": "They rang."});
    for person in [&ida, &p.support_supervisor] {
        person.post("/partner/v1/break-glass", caller.clone()).await.expect(201);
        person.post(&open, why()).await.refused(404, "not_found");
    }
    on_duty(&p, &ida.id).await;
    ida.post(&open, why()).await.expect(200);
    p.support_supervisor.post(&open, why()).await.refused(404, "not_found");
    app.settle().await;
});

on_both!(whoever_opened_a_place_does_not_look_at_that_themselves, |app| async {
    let p = app.partnership().await;
    on_duty(&p, &p.support_supervisor.id).await;
    let id = kept(&p).await;
    let open = path(&p, &format!("/{id}/open"));
    p.help_now().await;
    p.support_supervisor.post(&open, why()).await.expect(200);
    let task = p.tasks("place_opened").await.remove(0);
    assert_eq!(task["for_role"], "advocate", "the only supervisor is whom it is about: {task}");
    assert!(task["due_at"].is_string(), "{task}");
    let complete = format!("/partner/v1/tasks/{}/complete", text(&task, "id"));
    let done = json!({"note": "It was right."});
    p.support_supervisor.post(&complete, done.clone()).await.refused(403, "second_person_needed");
    p.advocate.post(&complete, done).await.expect(200);
    app.settle().await;
});
